"""The page in another language: as the browser prefers, or as the reader chooses."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from chat.texts.table import ENGLISH, Entry, texts_in
from tests.browser.conftest import Visit
from tests.browser.tabs import serving_tabs

Visiting = Callable[..., Visit]
DIED = "How many people died?"
_SHOWN = """() => {
  const shown = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility());
  const own = (one) => [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data);
  const named = (one) => ["title", "placeholder", "aria-label"].map((name) => one.getAttribute(name) ?? "");
  return shown.flatMap((one) => [...own(one), ...named(one)]).map((text) => text.trim()).filter(Boolean);
}"""


def test_a_german_browser_meets_a_german_page(visit: Visiting) -> None:
    reader = visit(locale="de-DE")
    page = reader.page
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("[data-language]")).to_have_value("de")
    assert page.get_attribute("#question textarea", "placeholder") == "Fragen Sie nach den Nachrichten"
    assert page.inner_text("#new") == "Neuer Verlauf"
    expect(page.locator("#question .submit-button")).to_have_attribute("aria-label", "Frage stellen")
    assert page.inner_text("#opening h2 >> nth=0") == "Was möchten Sie wissen?"
    expect(page.locator(".masthead p")).to_contain_text("Artikel aus")
    reader.answered(DIED)
    assert page.inner_text(".is-latest .tools button >> nth=0") == "Kopieren"
    assert "März 2023" in page.inner_text(".is-latest .card .meta >> nth=0")
    assert page.get_attribute(".is-latest .sentence >> nth=0", "lang") == "en"
    page.click(".is-latest button.open >> nth=0")
    expect(page.locator("#reader .facts")).to_contain_text("Erschienen")
    assert "{text:" not in page.content()
    assert reader.errors == []


def test_why_a_question_is_not_asked_is_said_in_german(visit: Visiting) -> None:
    page = visit(locale="de-DE").page
    page.fill("#as-of :is(input, textarea)", "irgendwann")
    page.fill("#question textarea", DIED)
    page.press("#question textarea", "Enter")
    toast = page.locator(".toast-body")
    expect(toast).to_contain_text("Nicht gefragt: „irgendwann“ ist kein Tag bis heute")
    expect(toast.get_by_text("Warning")).to_be_hidden()


def test_a_reader_chooses_the_language_in_the_page_and_it_stays(visit: Visiting) -> None:
    reader = visit(locale="de-DE")
    page = reader.page
    expect(page.locator("[data-language]")).to_have_value("de")
    expect(page.locator(".masthead p")).to_contain_text("Artikel aus")  # after which the choice stands still
    page.select_option("[data-language]", "en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#new")).to_have_text("New conversation")
    expect(page.locator(".masthead p")).to_contain_text("articles from")
    page.reload()
    expect(page.locator("[data-language]")).to_have_value("en")
    expect(page.locator(".masthead p")).to_contain_text("articles from")
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.fixture(scope="module")
def tabs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_tabs(tmp_path_factory.mktemp("tabs") / "data") as address:
        yield address


def english_words(page: Page) -> set[str]:
    """The texts of the English table that a German reader sees or hears."""
    german = set(_forms(texts_in("de").table))
    return set(page.evaluate(_SHOWN)) & (set(_forms(ENGLISH.table)) - german)


def _forms(table: Mapping[str, Entry]) -> Iterator[str]:
    for entry in table.values():
        yield from (entry,) if isinstance(entry, str) else entry


def test_no_tab_shows_english_words_of_the_page_to_a_german_reader(browser: Browser, tabs: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    page = browser.new_context(locale="de-DE").new_page()
    page.set_default_timeout(90_000)
    page.goto(tabs)

    def open_tab(name: str, shown: str) -> None:
        page.click(f'#tabs [role=tab]:text-is("{name}")')
        page.wait_for_selector(shown)
        assert english_words(page) == set(), name

    page.wait_for_selector("#front")
    assert english_words(page) == set()
    open_tab("Suchen", "#found .hit")
    page.click("#search-filters > button")
    page.fill("#search-first :is(input, textarea)", "nie")
    page.press("#search-first :is(input, textarea)", "Enter")
    expect(page.locator("#found .complaint")).to_contain_text("„nie“ ist kein Tag")
    assert english_words(page) == set()
    open_tab("Zitat finden", "#quotation-words")
    open_tab("Zeitleiste", "#timeline-subject")
    open_tab("Auswertung", ".evaluation table")
    open_tab("Archiv", "#archive-list li")
    page.click("#adding > button")
    page.set_input_files("#adding-files input[type=file]", str(empty))
    expect(page.locator("#adding-result .problems")).to_contain_text("nicht gelesen: empty.txt: die Datei ist leer")
    assert english_words(page) == set()
    page.context.close()


def test_what_limits_an_answer_is_named_in_german(visit: Visiting) -> None:
    reader = visit(locale="de-DE")
    reader.answered("What happened in March 2023?")
    limits = reader.page.locator(".is-latest .limits")
    expect(limits).to_contain_text("erschienen 1.–31. März 2023")
    expect(limits.locator("button >> nth=0")).to_have_attribute(
        "aria-label", "Noch einmal fragen ohne: erschienen 1.–31. März 2023"
    )
    assert reader.page.inner_text(".is-latest .tools").count("Noch einmal mit: Zitate") == 1
