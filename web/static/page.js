// Clicks on citations and copy buttons: what the server's HTML names by data attributes is done here, by delegation.
(() => {
  let current = null; // the id of the source that is shown
  let opener = null; // where Escape leads back to
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
    opener = current;
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

  document.addEventListener("click", (event) => {
    const citation = event.target.closest?.("button[data-citation]");
    const copied = event.target.closest?.("button[data-copy]");
    if (citation) show(citation);
    else if (copied) copy(copied);
  });

  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    document.addEventListener(kind, () => (following = false), { passive: true });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest?.(".card")) return;
    document.querySelector(`[data-citation="${opener}"]`)?.focus();
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
    const turn = document.querySelector(".turn.is-latest");
    following ||= turn !== null && turn.id !== latestTurn;
    if (following) turn?.scrollIntoView();
    following &&= turn?.ariaBusy === "true";
    latestTurn = turn?.id ?? null;
    announce(turn);
  }).observe(document, { childList: true, subtree: true });
})();
