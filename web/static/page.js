// What the server's HTML names by data attributes is done here, by delegation.
(() => {
  let current = null; // the id of the source that is shown
  let opener = null; // the button that opened the pane, where closing it leads back to
  let wanted = null; // what the pane is waiting for
  let latestTurn = null;
  let languageField = null;
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

  const copyText = async (button, text) => {
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // The clipboard is closed to pages without https; a selection is not.
      const area = document.body.appendChild(document.createElement("textarea"));
      area.value = text;
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = button.dataset.copied;
    setTimeout(() => (button.textContent = label), 1500);
  };

  const reader = () => document.getElementById("reader");
  const isOpen = () => reader()?.dataset.open !== undefined;

  // Where a pane covers the whole window, nothing behind it takes the focus.
  const coverBehind = () => {
    const covered = [reader(), list()].some((pane) => pane.offsetWidth >= innerWidth);
    for (const id of ["masthead", "tabs"]) document.getElementById(id).inert = covered;
  };

  const openPane = (button) => {
    if (!isOpen()) opener = button;
    delete reader().dataset.open;
    wanted = button.dataset.show;
    if (document.querySelector("#reader .pane")?.dataset.wanted === wanted) showPane();
    else request("show-request", wanted);
  };

  const closePane = () => {
    delete reader().dataset.open;
    coverBehind();
    opener?.focus();
  };

  const showPane = () => {
    const pane = wanted && document.querySelector("#reader .pane");
    if (pane?.dataset.wanted !== wanted) return;
    wanted = null;
    reader().dataset.open = "";
    coverBehind();
    pane.focus({ preventScroll: true });
    reader().scrollTop = 0;
    pane.querySelector("mark")?.scrollIntoView({ block: "center" });
  };

  // The list of conversations, a pane beside the page.

  const list = () => document.getElementById("conversations");
  const isListOpen = () => list()?.dataset.open !== undefined;
  let listOpener = null;
  let searching = 0;

  const words = () => document.getElementById("conversations-search").value;
  const refreshList = () => request("show-request", JSON.stringify({ conversations: words() }));

  const openList = (button) => {
    listOpener = button;
    list().dataset.open = "";
    coverBehind();
    refreshList();
    document.getElementById("conversations-search").focus();
  };

  const closeList = () => {
    delete list().dataset.open;
    coverBehind();
    listOpener?.focus();
  };

  const rename = (element) => {
    const naming = element.closest("p");
    const id = naming.querySelector("[data-rename]").dataset.rename;
    const title = naming.querySelector("input").value;
    request("show-request", JSON.stringify({ rename: id, title, words: words() }));
  };

  // The first click asks, the second deletes.
  const deleteConversation = (button) => {
    if (button.dataset.sure === undefined) {
      button.dataset.sure = "";
      button.textContent = button.dataset.really;
      return;
    }
    button.closest("li").remove();
    request("show-request", button.dataset.delete);
  };

  const openConversation = (button) => {
    request("show-request", button.dataset.open);
    closeList();
    document.querySelector("#question textarea")?.focus();
  };

  // The address names the conversation, so that loading the page again shows the same one.
  const nameInAddress = () => {
    const shown = document.getElementById("shown");
    if (!shown) return;
    const address = new URL(location.href);
    if ((address.searchParams.get("conversation") ?? "") === shown.dataset.conversation) return;
    if (shown.dataset.conversation) address.searchParams.set("conversation", shown.dataset.conversation);
    else address.searchParams.delete("conversation");
    history.replaceState(null, "", address);
  };

  // Emptied here and not by the server, whose word comes when one may have begun to type.
  const begin = () => {
    fill("#as-of :is(input, textarea)", "");
    fill("#question textarea", "").focus();
  };

  // The server writes the page in this language from now on.
  const speak = (language) => {
    document.cookie = `language=${language}; path=/; max-age=31536000; samesite=strict`;
    location.reload();
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a.skip")) {
      event.preventDefault();
      document.querySelector("#question textarea").focus();
    }
    const button = event.target.closest?.("button");
    const data = button?.dataset ?? {};
    if (data.citation) show(button);
    else if (button?.id === "new") begin();
    else if (data.copy) copyText(button, data.copy);
    else if (data.ask) request("ask-request", data.ask);
    else if (data.edit) fill("#question textarea", data.edit).focus();
    else if (data.show?.includes('"article"')) openPane(button);
    else if (data.show) request("show-request", data.show);
    else if ("close" in data) closePane();
    else if ("conversations" in data) openList(button);
    else if ("closeConversations" in data) closeList();
    else if (data.open) openConversation(button);
    else if (data.list) request("show-request", data.list);
    else if (data.rename) rename(button);
    else if (data.delete) deleteConversation(button);
    else if (data.copyAddress) copyText(button, new URL(data.copyAddress, location.href).href);
  });

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches?.("[data-as-of-day]")) fill("#as-of :is(input, textarea)", field.value);
    else if (field.matches?.("[data-language]")) speak(field.value);
    else if (field.matches?.("[data-writer]")) fill("#writer :is(input, textarea)", field.value);
    else if (field.matches?.("[data-again-as-of]") && field.value) {
      request("ask-request", JSON.stringify({ without: "", as_of: field.value }));
    }
  });

  document.addEventListener("input", (event) => {
    if (event.target.id !== "conversations-search") return;
    clearTimeout(searching);
    searching = setTimeout(refreshList, 150);
  });

  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    document.addEventListener(kind, () => (following = false), { passive: true });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.(".naming input")) rename(event.target);
    if (event.key !== "Escape") return;
    if (isOpen()) closePane();
    else if (isListOpen()) closeList();
    else if (event.target.closest?.(".card")) document.querySelector(`[data-citation="${current}"]`)?.focus();
  });

  // Gradio names the language of the browser instead, though a reader may have chosen another one here.
  const nameLanguage = () => {
    const field = document.querySelector("[data-language]");
    if (!field) return;
    const language = field.dataset.language;
    if (document.documentElement.lang !== language) document.documentElement.lang = language;
    if (field !== languageField) field.value = language;
    languageField = field;
  };

  // Gradio's buttons beside the question have a picture and no name.
  const nameButtons = () => {
    const words = document.querySelector("[data-as-of-day]")?.dataset;
    if (!words) return;
    for (const [kind, name] of [["submit", words.send], ["stop", words.stop]]) {
      const button = document.querySelector(`#question .${kind}-button`);
      if (button && button.ariaLabel !== name) Object.assign(button, { ariaLabel: name, title: name });
    }
  };

  // A browser takes the focus into a list that scrolls, and loses it when the list closes.
  const skipLists = () => document.querySelectorAll("ul.option-list:not([tabindex])").forEach((list) => (list.tabIndex = -1));

  const announce = (turn) => {
    let region = document.getElementById("announcement");
    if (!region) {
      region = document.body.appendChild(document.createElement("p"));
      Object.assign(region, { id: "announcement", className: "unseen", role: "status" });
    }
    const said = turn?.ariaBusy === "false" ? [...turn.querySelectorAll(".answer, .failure")] : [];
    const text = said.map((one) => one.textContent).join(" ").trim();
    if (region.textContent !== text) region.textContent = text;
  };

  // What a reader typed while the server was getting ready, and whether they asked it.
  const takeEarlyQuestion = () => {
    const early = sessionStorage.getItem("early-question");
    const box = document.querySelector("#question textarea");
    if (!early || !box) return;
    sessionStorage.removeItem("early-question");
    const { text, asked } = JSON.parse(early);
    if (asked) request("ask-request", JSON.stringify({ ask: text }));
    else fill("#question textarea", text).focus();
  };

  // A turn that is still being written is drawn anew again and again.
  new MutationObserver(() => {
    if (current) highlight();
    showPane();
    nameInAddress();
    nameLanguage();
    takeEarlyQuestion();
    nameButtons();
    skipLists();
    const turn = document.querySelector(".turn.is-latest");
    following ||= turn !== null && turn.id !== latestTurn;
    if (following) turn?.scrollIntoView();
    following &&= turn?.ariaBusy === "true";
    latestTurn = turn?.id ?? null;
    announce(turn);
  }).observe(document, { childList: true, subtree: true });
  new MutationObserver(nameLanguage).observe(document.documentElement, { attributeFilter: ["lang"] });
})();
