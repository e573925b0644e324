// What the server's HTML names by data attributes is done here, by delegation.
(() => {
  let current = null; // the id of the source that is shown
  let opener = null; // the button that opened the pane, where closing it leads back to
  let wanted = null; // what the pane is waiting for
  let latestTurn = null;
  let following = false; // a new turn is kept at the top until it is over or the reader scrolls

  const highlight = () => {
    document.querySelectorAll(".is-current").forEach((element) => element.classList.remove("is-current"));
    const anchor = current && document.getElementById(current);
    if (!anchor) return null;
    const mark = anchor.closest("mark");
    const card = anchor.closest(".card");
    [mark, card, document.querySelector(`[data-citation="${current}"]`)].forEach((element) => element?.classList.add("is-current"));
    return { mark, card };
  };

  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const scrollTo = (element, block) => element.scrollIntoView({ block, behavior: still() ? "auto" : "smooth" });

  const show = (citation) => {
    current = citation.dataset.citation;
    const shown = highlight();
    if (!shown) return;
    shown.card.closest("details.sources").open = true;
    shown.card.focus({ preventScroll: true });
    scrollTo(shown.mark, "center");
  };

  const copy = async (button) => {
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      // The clipboard is closed to pages without https; a selection is not.
      const area = document.body.appendChild(document.createElement("textarea"));
      area.value = button.dataset.copy;
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = label), 1500);
  };

  const fill = (selector, value) => {
    const field = document.querySelector(selector);
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return field;
  };

  const request = (box, text) => {
    const field = fill(`#${box} :is(input, textarea)`, text);
    // Gradio takes the value over first.
    setTimeout(() => field.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", bubbles: true, cancelable: true })));
  };

  const reader = () => document.getElementById("reader");
  const isOpen = () => reader()?.dataset.open !== undefined;

  const openPane = (button) => {
    if (!isOpen()) opener = button;
    delete reader().dataset.open;
    wanted = button.dataset.show;
    if (document.querySelector("#reader .pane")?.dataset.wanted === wanted) showPane();
    else request("show-request", wanted);
  };

  const closePane = () => {
    delete reader().dataset.open;
    opener?.focus();
  };

  const showPane = () => {
    const pane = wanted && document.querySelector("#reader .pane");
    if (pane?.dataset.wanted !== wanted) return;
    wanted = null;
    reader().dataset.open = "";
    pane.focus({ preventScroll: true });
    reader().scrollTop = 0;
    pane.querySelector("mark")?.scrollIntoView({ block: "center" });
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    const data = button?.dataset ?? {};
    if (data.citation) show(button);
    else if (data.copy) copy(button);
    else if (data.ask) request("ask-request", data.ask);
    else if (data.edit) fill("#question textarea", data.edit).focus();
    else if (data.show?.includes('"article"')) openPane(button);
    else if (data.show) request("show-request", data.show);
    else if ("close" in data) closePane();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-as-of-day]")) fill("#as-of :is(input, textarea)", event.target.value);
  });

  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    document.addEventListener(kind, () => (following = false), { passive: true });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (isOpen()) closePane();
    else if (event.target.closest?.(".card")) document.querySelector(`[data-citation="${current}"]`)?.focus();
  });

  const announce = (turn) => {
    let region = document.getElementById("announcement");
    if (!region) {
      region = document.body.appendChild(document.createElement("p"));
      Object.assign(region, { id: "announcement", className: "unseen", role: "status" });
    }
    const text = turn?.ariaBusy === "false" ? turn.querySelector(".answer").textContent : "";
    if (region.textContent !== text) region.textContent = text;
  };

  // A turn that is still being written is drawn anew again and again.
  new MutationObserver(() => {
    if (current) highlight();
    showPane();
    const turn = document.querySelector(".turn.is-latest");
    following ||= turn !== null && turn.id !== latestTurn;
    if (following) turn?.scrollIntoView();
    following &&= turn?.ariaBusy === "true";
    latestTurn = turn?.id ?? null;
    announce(turn);
  }).observe(document, { childList: true, subtree: true });
})();
