// What the HTML of the tabs names by data attributes is done here, by delegation.
(() => {
  // The conversation is the first tab; a tab that has just been opened takes no focus yet.
  const ask = (question) => {
    document.querySelector("#tabs [role=tab]")?.click();
    requestAnimationFrame(() => fill("#question textarea", question).focus());
  };

  // Removing needs a second click.
  const remove = (button) => {
    if ("sure" in button.dataset) return request(button.dataset.box, button.dataset.remove);
    button.dataset.sure = "";
    const label = button.firstChild.textContent;
    button.firstChild.textContent = button.dataset.really;
    setTimeout(() => {
      delete button.dataset.sure;
      button.firstChild.textContent = label;
    }, 4000);
  };

  // A click leads to the top of the next page; the keyboard stays where it can turn on.
  const turn = (button, isClicked) => {
    request(button.closest("[data-box]").dataset.box, button.dataset.turn);
    if (isClicked) button.closest("#found, #archive-list").scrollIntoView();
  };

  // Gradio opens the files of its field by a click and by the space bar, and names it in English.
  const nameFiles = () => {
    const field = document.querySelector("#adding-files button.upload-container");
    const name = document.querySelector("#adding-files label")?.textContent.trim();
    if (field && name && field.ariaLabel !== name) field.ariaLabel = name;
  };
  new MutationObserver(nameFiles).observe(document, { childList: true, subtree: true });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.(".upload-container")) event.target.click();
  });

  let dragged = null; // the bar at which a range begins, and the one at which it ends

  const barAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest(".bar");

  const choose = (bars, first, last) => {
    const [from, to] = bars.dataset.range.split(" ");
    fill(`#${from} :is(input, textarea)`, first);
    request(to, last);
  };

  const mark = () => {
    const places = dragged.map((bar) => [...bar.parentElement.children].indexOf(bar)).sort((a, b) => a - b);
    [...dragged[0].parentElement.children].forEach((bar, at) => {
      bar.classList.toggle("is-chosen", at >= places[0] && at <= places[1]);
    });
  };

  document.addEventListener("pointerdown", (event) => {
    const bar = event.target.closest?.(".bar");
    if (!bar) return;
    event.preventDefault();
    dragged = [bar, bar];
    mark();
  });

  document.addEventListener("pointermove", (event) => {
    const bar = dragged && barAt(event);
    if (!bar || bar.parentElement !== dragged[0].parentElement) return;
    dragged[1] = bar;
    mark();
  });

  document.addEventListener("pointerup", () => {
    if (!dragged) return;
    const days = dragged.flatMap((bar) => [bar.dataset.first, bar.dataset.last]).sort();
    choose(dragged[0].parentElement, days[0], days.at(-1));
    dragged = null;
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    const data = button?.dataset ?? {};
    if (data.askAbout) ask(data.askAbout);
    else if (data.turn) turn(button, event.detail > 0);
    else if (data.remove) remove(button);
    else if ("everyDay" in data) choose(button.closest("figure").querySelector(".bars"), "", "");
  });
})();
