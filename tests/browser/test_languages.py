"""The page in another language: as the browser prefers, or as the reader chooses."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visit

Visiting = Callable[..., Visit]
DIED = "How many people died?"


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
