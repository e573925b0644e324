"""axe-core finds nothing serious or critical in any tab, light and dark, wide and narrow."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import faults
from tests.browser.tabs import Reader, serving_tabs

_PATIENCE_MS = 90_000  # on a machine that has other work


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_tabs(tmp_path_factory.mktemp("tabs") / "data") as address:
        yield address


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_no_tab_has_a_serious_fault(browser: Browser, address: str, scheme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    page.goto(address)
    page.wait_for_selector("#question textarea")
    found = dict(_visited(Reader(page, [], []), page))
    context.close()
    assert {state: some for state, some in found.items() if some} == {}


def _visited(reader: Reader, page: Page) -> Iterator[tuple[str, list[str]]]:
    """Each state of each tab, with its faults."""
    reader.open("Search")
    reader.shows("#found .bars .bar")
    yield "search", faults(page)
    page.click("#search-filters > button")
    page.fill("#search-words :is(input, textarea)", "ferry")
    reader.shows("#found .hit mark")
    yield "search, filters", faults(page)
    page.fill("#search-first :is(input, textarea)", "March 2023")
    page.press("#search-first :is(input, textarea)", "Enter")
    reader.shows("#found [data-every-day]")
    yield "search, days", faults(page)
    page.click("#search-source input")
    reader.shows("#search-source [role=option]")
    yield "search, sources", faults(page)
    page.keyboard.press("Escape")
    page.fill("#search-first :is(input, textarea)", "the day after never")
    page.press("#search-first :is(input, textarea)", "Enter")
    reader.shows("#found .complaint")
    yield "search, complaint", faults(page)
    reader.open("Find a quotation")
    page.fill("#quotation-words textarea", "The Corn Bridge was closed. Twenty cars were waiting")
    page.press("#quotation-words textarea", "Shift+Enter")
    reader.shows("#finding .hit")
    yield "quotation", faults(page)
    page.click("#finding .hit button.title >> nth=0")
    reader.shows("#reader[data-open] .pane")
    yield "article", faults(page, "#reader")
    page.keyboard.press("Escape")
    reader.open("Timeline")
    page.fill("#timeline-subject :is(input, textarea)", "Grey Petrel ferry fire")
    page.press("#timeline-subject :is(input, textarea)", "Enter")
    reader.shows("#timeline .events li")
    yield "timeline", faults(page)
    reader.open("Archive")
    reader.shows("#archive-list .hit")
    page.click("#adding > button")
    reader.shows("#adding-files")
    yield "archive", faults(page)
    page.fill("#adding-address :is(input, textarea)", "http://127.0.0.1:9/nothing")
    page.press("#adding-address :is(input, textarea)", "Enter")
    reader.shows("#adding-result .problems")
    yield "archive, not read", faults(page)
    reader.open("Evaluation")
    reader.shows("#evaluation table")
    yield "evaluation, a run", faults(page)
    page.click("#evaluation-second input")
    page.click('#evaluation-second [role=option]:has-text("keywords on mini")')
    reader.shows('#evaluation h3:has-text("against")')
    yield "evaluation, two runs", faults(page)
