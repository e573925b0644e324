"""axe-core finds nothing serious or critical in any state of the page, light and dark, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import Visit

Visiting = Callable[..., Visit]
DIED = "How many people died?"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_no_state_of_the_page_has_a_serious_fault(visit: Visiting, scheme: str, width: int) -> None:
    reader = visit(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = reader.page
    found = {"opening": faults(page)}
    reader.answered(DIED)
    page.wait_for_selector(".is-latest .suggestions")
    page.click(".is-latest .citation >> nth=0")
    page.click(".is-latest .reasons summary")
    found["answer"] = faults(page)
    page.click(".is-latest button.open >> nth=0")
    page.wait_for_selector("#reader .pane")
    found["article"] = faults(page, "#reader")
    page.keyboard.press("Escape")
    reader.answered("Who won the World Cup?")
    found["abstention"] = faults(page)
    page.evaluate("scrollTo(0, 0)")
    page.click("button[data-conversations]")
    page.click(".conversation-list summary")
    found["conversations"] = faults(page, "#conversations")
    assert {state: some for state, some in found.items() if some} == {}


def test_a_reader_with_a_keyboard_skips_to_the_question(visit: Visiting) -> None:
    reader = visit()
    reader.page.evaluate("document.activeElement.blur()")
    reader.page.focus("a.skip")
    expect(reader.page.locator("a.skip")).to_be_in_viewport()
    reader.page.keyboard.press("Enter")
    assert reader.page.evaluate("document.activeElement.matches('#question textarea')")


def test_what_is_stopped_is_said_to_a_reader_who_listens(visit: Visiting) -> None:
    reader = visit()
    reader.ask("Go on forever")
    reader.page.wait_for_selector(".is-latest .draft")
    reader.page.click("[data-testid=stop-button], .stop-button")
    expect(reader.page.locator("#announcement")).to_contain_text("Stopped.")
    reader.answered(DIED)
    expect(reader.page.locator("#announcement")).to_contain_text("Nine people were known to have died")
