"""The page by keyboard alone: everything is reached, the focus is seen, and no command loses it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit
from tests.browser.tabs import serving_tabs

Visiting = Callable[..., Visit]
DIED = "How many people died?"
QUESTION = "#question textarea"
LIST = "#conversations .conversation-list"
_PATIENCE_MS = 90_000  # on a machine that has other work


@pytest.fixture(scope="module")
def tabs_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_tabs(tmp_path_factory.mktemp("tabs") / "data") as address:
        yield address


@pytest.fixture
def tabs(browser: Browser, tabs_address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    page.goto(tabs_address)
    page.wait_for_selector(QUESTION)
    yield page
    context.close()


def press(page: Page, selector: str, key: str = "Enter") -> None:
    """Put the focus on an element, as Tab would, and press a key there."""
    page.keyboard.press("Shift")  # from now on the browser shows where the focus is
    page.locator(selector).first.focus()
    page.keyboard.press(key)


def open_tab(page: Page, name: str, shown: str) -> None:
    press(page, f'#tabs [role=tab]:text-is("{name}")')
    page.wait_for_selector(shown)


def test_what_is_asked_by_a_button_leaves_the_focus_at_the_question(visit: Visiting) -> None:
    reader = visit()
    page, question = reader.page, reader.page.locator(QUESTION)
    press(page, "button.example")
    page.wait_for_selector('.is-latest[aria-busy="false"] .tools')
    expect(question).to_be_focused()
    reader.answered("What happened in March 2023?")
    press(page, ".is-latest .limits button")
    page.wait_for_selector('.is-latest:not(:has-text("March 2023?")) , .is-latest .answer:has-text("everything")')
    expect(question).to_be_focused()
    reader.wait_for("What happened in March 2023?")
    press(page, '.is-latest .tools button:text-is("Ask again")')
    expect(question).to_be_focused()
    reader.wait_for("What happened in March 2023?")
    expect(question).to_be_focused()


def test_stopping_leaves_the_focus_at_the_question(visit: Visiting) -> None:
    reader = visit()
    reader.ask("Go on forever")
    reader.page.wait_for_selector(".is-latest .draft")
    press(reader.page, "#question .stop-button")
    reader.page.wait_for_selector('.is-latest :text-is("Stopped.")')
    expect(reader.page.locator(QUESTION)).to_be_focused()


def test_an_opinion_leaves_the_focus_under_the_answer(visit: Visiting) -> None:
    reader = visit()
    reader.answered(DIED)
    press(reader.page, '.is-latest .tools button:text-is("Good answer")')
    reader.page.wait_for_selector(".is-latest .thanks")
    expect(reader.page.locator(".is-latest .tools button").first).to_be_focused()


def test_conversations_are_renamed_shared_and_deleted_without_losing_the_focus(visit: Visiting) -> None:
    reader = visit()
    page = reader.page
    reader.answered(DIED)
    press(page, "button[data-conversations]")
    press(page, f"{LIST} summary")
    press(page, f"{LIST} .naming input", "Control+A")
    page.keyboard.type("The ferry fire")
    page.keyboard.press("Enter")
    expect(page.locator(f"{LIST} .title")).to_have_text(["The ferry fire"])
    expect(page.locator(f"{LIST} .naming input")).to_be_focused()
    press(page, f"{LIST} .sharing button")
    page.wait_for_selector(f"{LIST} .sharing a")
    expect(page.locator(f"{LIST} summary")).to_be_focused()
    press(page, f"{LIST} button.delete")
    page.keyboard.press("Enter")
    expect(page.locator(f"{LIST} li")).to_have_count(0)
    expect(page.locator("#conversations-search")).to_be_focused()


@pytest.mark.parametrize("size", [(1360, 900), (390, 844)])
def test_the_focus_never_hides_behind_the_composer(visit: Visiting, size: tuple[int, int]) -> None:
    reader = visit(viewport={"width": size[0], "height": size[1]})
    page = reader.page
    page.wait_for_selector("#front li")
    assert page.evaluate("scrollY") == 0  # though the question has the focus
    reader.answered(DIED)
    page.locator("[data-language]").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate_handle("document.activeElement").as_element()
        composer = page.query_selector("#composer")
        assert focused is not None
        assert composer is not None
        if composer.evaluate("(one, focused) => one.contains(focused)", focused):
            return
        at, below = focused.bounding_box(), composer.bounding_box()
        assert at is not None
        assert below is not None
        assert at["y"] + at["height"] <= below["y"] + 1, focused.evaluate("(one) => one.outerHTML")
    pytest.fail("the composer was not reached")


def test_behind_a_pane_that_covers_the_window_nothing_takes_the_focus(visit: Visiting) -> None:
    reader = visit(viewport={"width": 390, "height": 844})
    page = reader.page
    reader.answered(DIED)
    press(page, ".is-latest button.open")
    page.wait_for_selector("#reader[data-open] .pane")
    for key in ("Tab",) * 8 + ("Shift+Tab",) * 8:
        page.keyboard.press(key)
        assert page.locator("#masthead :focus, #tabs :focus").count() == 0
    page.keyboard.press("Escape")
    expect(page.locator(".is-latest button.open").first).to_be_focused()


def test_the_next_page_keeps_the_focus_and_a_click_leads_to_its_top(tabs: Page) -> None:
    open_tab(tabs, "Search", "#found .hit")
    following = tabs.locator('#found [data-turn]:text-is("Next")')
    press(tabs, '#found [data-turn]:text-is("Next")')
    expect(tabs.locator("#found")).to_contain_text("Page 2 of")
    expect(following).to_be_focused()
    following.click()
    expect(tabs.locator("#found")).to_contain_text("Page 3 of")
    assert tabs.locator("#found").bounding_box()["y"] >= -1  # type: ignore[index]


def test_every_field_shows_that_it_has_the_focus(tabs: Page) -> None:
    def has_ring(selector: str) -> bool:
        press(tabs, selector, "Shift")
        style = tabs.locator(selector).first.evaluate("(one) => getComputedStyle(one).outlineStyle")
        return bool(style == "solid")

    assert has_ring("#as-of :is(input, textarea)")
    open_tab(tabs, "Search", "#found .hit")
    press(tabs, "#search-filters > button")
    fields = ["words", "source", "first", "last", "undated", "order"]
    assert [name for name in fields if not has_ring(f"#search-{name} :is(input, textarea)")] == []
    open_tab(tabs, "Find a quotation", "#quotation-words textarea")
    assert has_ring("#quotation-words textarea")
    open_tab(tabs, "Timeline", "#timeline-subject :is(input, textarea)")
    assert has_ring("#timeline-subject :is(input, textarea)")
    assert has_ring("#timeline-as-of :is(input, textarea)")


def test_a_list_of_names_that_closes_does_not_lose_the_focus(tabs: Page) -> None:
    tabs.set_viewport_size({"width": 1360, "height": 500})  # in which the list of authors scrolls
    open_tab(tabs, "Search", "#found .hit")
    press(tabs, "#search-filters > button")
    press(tabs, "#search-author input", "Shift")
    tabs.wait_for_selector("#search-author [role=option]")
    tabs.keyboard.press("Tab")
    expect(tabs.locator("#search-section input")).to_be_focused()


def test_files_are_chosen_with_the_enter_key(tabs: Page) -> None:
    open_tab(tabs, "Archive", "#archive-list li")
    press(tabs, "#adding > button")
    field = tabs.locator("#adding-files button.upload-container")
    expect(field).to_have_attribute("aria-label", "Drop news files here")
    with tabs.expect_file_chooser():
        press(tabs, "#adding-files button.upload-container")
