// What the keyboard is at is drawn anew by its own command; the focus goes to its successor, or to what is nearest.
(() => {
  // Each part of the page that is drawn anew, and where the focus goes in it when there is no successor.
  const PARTS = [
    ["#conversations-list", "details[open] summary"],
    ["#found", "button.title"],
    ["#archive-list", "button.title"],
    ["#adding", "button"],
    ["#standing", "button"],
    ["#latest", ".tools button"],
    ["#conversations", "input"],
    ["#tab-ask", "#question textarea"],
  ];

  let held = null; // the element that the keyboard is at, with its name and the parts that it is in

  const nameOf = (element) => element.ariaLabel || element.textContent.trim();
  const isOpen = (element) => element.checkVisibility() && !element.disabled;
  const firstOpen = (part, selector) => [...(part?.querySelectorAll(selector) ?? [])].find(isOpen);

  document.addEventListener("focusin", ({ target }) => {
    const parts = PARTS.filter(([part]) => target.closest(part));
    held = target.matches(":focus-visible") && parts.length ? { target, name: nameOf(target), parts } : null;
  });

  const successor = ({ target, name, parts }) => {
    const part = document.querySelector(parts[0][0]);
    const same = [...(part?.querySelectorAll(target.tagName) ?? [])].find((one) => nameOf(one) === name && isOpen(one));
    if (same) return same;
    for (const [selector, nearest] of parts) {
      const found = firstOpen(document.querySelector(selector), nearest);
      if (found) return found;
    }
    return null;
  };

  const keepFocus = () => {
    if (!held || isOpen(held.target)) return;
    const at = document.activeElement;
    if (at === document.body || at === held.target) successor(held)?.focus({ preventScroll: true });
    else held = null;
  };

  new MutationObserver(keepFocus).observe(document, { childList: true, subtree: true, attributeFilter: ["disabled"] });
})();
