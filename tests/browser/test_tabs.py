"""Search, quotations, timelines and the archive in a real browser, over a real archive."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.tabs import CUT_SHORT, HOSTILE, UNDATED, VERSIONS, Reader, serving_tabs

# Every few events Gradio reckons up its queue with pandas, by names that pandas is going to drop.
WORDS = "#search-words :is(input, textarea)"
_PATIENCE_MS = 90_000  # on a machine that has other work
ARTICLES = 80  # of the sample and of tests.browser.tabs, in their latest versions


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_tabs(tmp_path_factory.mktemp("tabs") / "data") as address:
        yield address


@pytest.fixture(scope="module")
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    """One reader for all tests of this module, as loading the page takes the most time."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    expect.set_options(timeout=_PATIENCE_MS)
    errors: list[str] = []
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(address)
    page.wait_for_selector("#question textarea")
    yield Reader(page, errors, requests)
    context.close()


@pytest.fixture
def search(reader: Reader) -> Reader:
    """The reader at an empty search."""
    reader.page.keyboard.press("Escape")
    reader.open("Search")
    reader.page.wait_for_selector("#found .total")
    reader.page.fill(WORDS, "xyzzy")
    reader.shows('#found .total:has-text("No article")')
    if not reader.page.locator("#search-clear").is_visible():
        reader.page.click("#search-filters > button")
    reader.page.click("#search-clear")
    reader.shows(f'#found .total:text-is("{ARTICLES} articles")')
    return reader


def test_articles_are_found_as_one_types_with_the_sentence_the_source_and_the_day(search: Reader) -> None:
    search.type(WORDS, "grey petr")
    hit = search.shows("#found .hit:has(mark:text-is('Petrel'))").first
    assert hit.locator("h3").inner_text()
    assert "Grey Petrel" in hit.locator(".sentence").inner_text()
    assert hit.locator(".meta strong").inner_text() in ("Harbour Gazette", "The Ellery Courier", "Coastal Press Agency")
    assert hit.locator(".meta time").get_attribute("datetime")


def test_words_in_quotation_marks_stand_in_that_order(search: Reader) -> None:
    search.page.fill(WORDS, '"twenty cars waited"')
    search.shows('#found .total:text-is("1 article")')
    search.page.fill(WORDS, '"cars twenty waited"')
    search.shows('#found .total:has-text("No article has all these words")')


def test_a_hit_opens_the_whole_article_with_its_sentence_marked_and_escape_leads_back(search: Reader) -> None:
    search.page.fill(WORDS, "twenty cars")
    title = search.shows('#found .hit:has-text("Twenty cars waited") button.title').first
    title.press("Enter")
    search.shows("#reader[data-open] .pane mark")
    assert search.page.inner_text("#reader .pane mark") == "Twenty cars waited."
    assert search.page.locator("#reader .versions li").count() == len(VERSIONS)
    search.page.keyboard.press("Escape")
    expect(title).to_be_focused()


def test_filters_limit_the_articles_and_are_cleared_together(search: Reader) -> None:
    search.page.click("#search-source input")
    search.page.keyboard.type("zanzibar")
    search.page.keyboard.press("Enter")
    search.shows('#found .total:text-is("1 article")')
    search.page.click("#search-clear")
    search.shows(f'#found .total:text-is("{ARTICLES} articles")')
    expect(search.page.locator("#search-source .token")).to_have_count(0)
    search.page.check("#search-undated input")
    search.shows('#found .total:text-is("1 article")')
    assert search.page.inner_text("#found .hit h3") == UNDATED.title
    assert "undated" in search.page.inner_text("#found .hit .meta")


def test_articles_are_sorted_by_time(search: Reader) -> None:
    days = "all => all.map(one => one.dateTime)"
    found = search.page.locator("#found .hit time")
    for label, first in (("Oldest first", "17 January 2022"), ("Newest first", "14 December 2023")):
        search.page.check(f'#search-order label:has-text("{label}") input')
        expect(found.first).to_have_text(first)
        shown = found.evaluate_all(days)
        assert len(shown) > 10
        assert shown == sorted(shown, reverse=label == "Newest first")


def test_a_range_of_days_is_dragged_over_the_histogram(search: Reader) -> None:
    bars = search.shows("#found .bars .bar")
    first, last = bars.nth(2), bars.nth(8)
    search.page.mouse.move(*_middle(first))
    search.page.mouse.down()
    search.page.mouse.move(*_middle(last), steps=4)
    search.page.mouse.up()
    search.page.wait_for_selector("#found [data-every-day]")
    start, end = first.get_attribute("data-first"), last.get_attribute("data-last")
    assert search.page.input_value("#search-first :is(input, textarea)") == start
    assert search.page.input_value("#search-last :is(input, textarea)") == end
    days = search.page.locator("#found .hit time").evaluate_all("all => all.map(one => one.dateTime)")
    assert days
    assert all(str(start) <= day <= str(end) for day in days)
    search.page.click("#found [data-every-day]")
    search.shows(f'#found .total:text-is("{ARTICLES} articles")')


def _middle(element: object) -> tuple[float, float]:
    box = element.bounding_box()  # type: ignore[attr-defined]
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_day_that_is_none_is_complained_of(search: Reader) -> None:
    search.page.fill("#search-first :is(input, textarea)", "the day after never")
    search.page.press("#search-first :is(input, textarea)", "Enter")
    assert "is not a day" in search.shows("#found .complaint").inner_text()


def test_pages_lead_to_the_last_article(search: Reader) -> None:
    search.page.click('#found .turning button:text-is("Last")')
    search.shows('#found .turning:has(span:text-is("Page 4 of 4")) button:text-is("Next"):disabled')
    search.shows(f'.hits[start="61"] .hit:nth-child({ARTICLES - 60}):last-child')
    search.page.click('#found .turning button:text-is("Previous")')
    search.shows('#found .turning span:text-is("Page 3 of 4")')


def test_ask_about_these_takes_words_and_filters_to_the_question(search: Reader) -> None:
    search.page.fill(WORDS, "ferry")
    search.page.fill("#search-first :is(input, textarea)", "March 2023")
    search.page.press("#search-first :is(input, textarea)", "Enter")
    search.shows("#found [data-every-day]")
    search.page.click("#found [data-ask-about]")
    question = search.page.locator("#question textarea")
    expect(question).to_be_focused()
    assert question.input_value() == "ferry after:2023-03-01"


def test_words_that_no_article_has_lead_to_the_nearest_in_meaning(search: Reader) -> None:
    search.page.fill(WORDS, "ferry zyxwv")
    search.shows('#found .total:has-text("Nearest in meaning")')
    assert search.page.locator("#found .hit").count() > 0


def test_a_hostile_article_is_text_in_every_tab(search: Reader) -> None:
    foreign = "img, script, iframe, b, i, style, a[href^=javascript]"
    search.page.fill(WORDS, "zanzibar")
    search.shows('#found .total:text-is("1 article")')
    assert search.page.inner_text("#found .hit h3") == HOSTILE.title
    assert search.page.locator(f"#found :is({foreign})").count() == 0
    search.open("Find a quotation")
    search.page.fill("#quotation-words textarea", "walrus of Zanzibar was painted green")
    search.page.click("#quotation-words button")
    search.shows("#finding .hit")
    assert search.page.locator(f"#finding :is({foreign})").count() == 0
    search.open("Timeline")
    search.page.fill("#timeline-subject :is(input, textarea)", "walrus of Zanzibar")
    search.page.press("#timeline-subject :is(input, textarea)", "Enter")
    search.shows("#timeline .events li")
    assert search.page.locator(f"#timeline :is({foreign})").count() == 0
    search.open("Archive")
    search.shows("#archive-list .hit")
    assert search.page.locator(f"#archive-summary :is({foreign}), #archive-list :is({foreign})").count() == 0
    assert search.errors == []
    assert all(url.startswith(("http://127.0.0.1", "data:", "blob:")) for url in search.requests)


def test_a_misremembered_quotation_leads_to_the_article_that_published_it(reader: Reader) -> None:
    reader.open("Find a quotation")
    reader.page.fill("#quotation-words textarea", "The Corn Bridge was closed. Twenty cars were waiting")
    reader.page.press("#quotation-words textarea", "Shift+Enter")
    hit = reader.shows(f'#finding .hit:has(button.title:text-is("{VERSIONS[1].title}"))').first
    hit.locator("button.title").click()
    reader.shows("#reader[data-open] .pane mark")
    reader.page.keyboard.press("Escape")
    reader.page.fill("#quotation-words textarea", "xyzzy plugh frobnicate quux")
    reader.page.click("#quotation-words button")
    reader.shows('#finding .total:text-is("These words are not in the archive")')


def test_a_subject_becomes_a_timeline_with_a_picture_and_three_files(reader: Reader) -> None:
    reader.open("Timeline")
    reader.page.fill("#timeline-subject :is(input, textarea)", "Grey Petrel ferry fire")
    reader.page.press("#timeline-subject :is(input, textarea)", "Enter")
    events = reader.shows('#timeline section:has(.total:has-text("Grey Petrel")) .events li')
    assert events.count() >= reader.page.locator("#timeline .dot").count() > 2
    reader.page.locator("#timeline .dot").first.press("Enter")
    assert reader.page.evaluate("document.querySelector('#timeline li:target') !== null")
    for name, beginning in (("md", b"# Grey Petrel"), ("csv", b"date,last_date"), ("ics", b"BEGIN:VCALENDAR")):
        with reader.page.expect_download() as saved:
            reader.page.click(f'#timeline a[download="timeline.{name}"]')
        assert Path(saved.value.path()).read_bytes().startswith(beginning)


def test_the_archive_tab_counts_what_is_inside_and_lists_what_is_less_reliable(reader: Reader) -> None:
    reader.open("Archive")
    assert reader.shows("#archive-summary .numbers dd").first.inner_text() == str(ARTICLES)
    assert reader.page.locator("#archive-summary .sources li").count() > 3
    assert reader.page.locator("#archive-summary .bar").count() > 5
    reader.page.check('#archive-shown label:has-text("only a summary") input')
    reader.shows(f'#archive-list .hit .title:text-is("{CUT_SHORT.title}")')
    reader.page.check('#archive-shown label:has-text("undated") input')
    reader.shows(f'#archive-list .hit .title:text-is("{UNDATED.title}")')


def _masthead(reader: Reader) -> str:
    return reader.page.inner_text("#masthead p")


def turn_to(reader: Reader, shown: Locator) -> None:
    """Turn the list's pages to what is on the last; what was added redraws the list at its first page."""
    for _ in range(40):
        if shown.count():
            return
        reader.page.locator('#archive-list .turning button:text-is("Next")').click()
        reader.page.wait_for_timeout(500)


def test_dropped_files_are_checked_added_when_confirmed_and_removed_again(reader: Reader, tmp_path: Path) -> None:
    good, bad = tmp_path / "news.jsonl", tmp_path / "broken.jsonl"
    good.write_text(
        '{"title": "Quokka at the harbour", "text": "A quokka came ashore on Friday.", "source": "Ellery Courier", '
        '"date": "2023-05-20", "url": "https://courier.example/quokka"}\n',
        encoding="utf-8",
    )
    bad.write_text('{"title": "Only a title"}\n', encoding="utf-8")
    reader.open("Archive")
    reader.shows("#archive-list .hit")
    reader.page.click("#adding > button")
    reader.page.set_input_files("#adding-files input[type=file]", [good, bad])
    checked = reader.shows("#adding-result dl.facts")
    assert "Ellery Courier (1)" in checked.inner_text()
    assert "not read: broken.jsonl" in reader.page.inner_text("#adding-result .problems")
    assert str(tmp_path) not in reader.page.content()
    reader.page.click('#adding-add:text-is("Add 1 article")')
    reader.shows('#adding-result .total:has-text("1 added")')
    expect(reader.page.locator("#masthead p")).to_contain_text(f"{ARTICLES + 1} articles")
    reader.open("Search")
    reader.page.fill(WORDS, "quokka")
    reader.shows('#found .total:text-is("1 article")')
    reader.open("Archive")
    reader.page.check('#archive-shown label:has-text("All") input')
    button = reader.page.locator('#archive-list .hit:has(.title:text-is("Quokka at the harbour")) button.remove')
    turn_to(reader, button)
    button.click()
    assert button.inner_text().startswith("Really remove")
    button.click()
    expect(button).to_have_count(0)
    expect(reader.page.locator("#masthead p")).to_contain_text(f"{ARTICLES} articles")


def test_news_that_is_not_confirmed_is_not_added(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "news.md"
    path.write_text("# Emu in the park\n\n*Ellery Courier, 2 July 2023*\n\nAn emu ran through the park.", "utf-8")
    reader.open("Archive")
    if not reader.page.locator("#adding-files").is_visible():
        reader.page.click("#adding > button")
    reader.page.set_input_files("#adding-files input[type=file]", path)
    reader.shows("#adding-result dl.facts")
    reader.page.click("#adding-cancel")
    expect(reader.page.locator("#adding-add")).to_be_hidden()
    assert _masthead(reader).startswith(f"{ARTICLES} ")


def test_an_address_that_cannot_be_had_is_refused_with_the_reason(reader: Reader) -> None:
    reader.open("Archive")
    if not reader.page.locator("#adding-files").is_visible():
        reader.page.click("#adding > button")
    reader.page.fill("#adding-address :is(input, textarea)", "http://127.0.0.1:9/nothing")
    reader.page.press("#adding-address :is(input, textarea)", "Enter")
    assert "not read: " in reader.shows("#adding-result .problems").inner_text()
    expect(reader.page.locator("#adding-add")).to_be_hidden()


def test_two_runs_are_compared_with_intervals_and_the_questions_that_differ_worst_first(reader: Reader) -> None:
    reader.open("Evaluation")
    first = reader.shows("#evaluation-first input")
    expect(first).to_have_value(re.compile(r"(full|keywords) on mini, 4 questions"))
    for box, name in (("first", "full"), ("second", "keywords")):
        reader.page.click(f"#evaluation-{box} input")
        reader.page.click(f'#evaluation-{box} [role=option]:has-text("{name} on mini")')
    shown = reader.shows('#evaluation h3:text-is("keywords against full")')
    expect(shown).to_be_visible()
    differing = reader.page.locator('#evaluation h3:has-text("Questions that differ, worst first") + .wide tbody tr')
    expect(differing.locator("th")).to_have_text(["What of q0?", "What of q2?", "What of q3?"])
    assert differing.locator("td:last-child").all_inner_texts() == ["-0.800", "-0.100", "+0.700"]
    assert reader.page.locator("#evaluation .interval").count() == 2
    assert re.search(r"[+-]0\.\d{3} \[-0\.\d{3}, \+0\.\d{3}\]", reader.page.inner_text("#evaluation"))


def test_a_small_run_is_started_and_shown(reader: Reader) -> None:
    reader.open("Evaluation")
    reader.page.click("#evaluation-start")
    expect(reader.page.locator("#evaluation-first input")).to_have_value(re.compile("quotes on mini"))
    expect(reader.page.locator("#evaluation-start")).to_have_text("Start a small run")
    expect(reader.page.locator("#evaluation-start")).to_be_enabled()
    assert reader.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_tab_fits_a_phone(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    for tab, shown in (
        ("Search", "#found .hit"),
        ("Find a quotation", "#quotation-words"),
        ("Timeline", "#timeline-subject"),
        ("Archive", "#archive-list .hit"),
        ("Evaluation", "#evaluation table"),
    ):
        page.click(f'#tabs [role=tab]:text-is("{tab}")')
        page.wait_for_selector(shown)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, tab
    context.close()


def test_a_read_only_page_offers_no_change_and_takes_no_file(browser: Browser, tmp_path: Path) -> None:
    with serving_tabs(tmp_path / "data", read_only=True) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        page.click('#tabs [role=tab]:text-is("Archive")')
        page.wait_for_selector("#archive-list .hit")
        assert page.locator("#adding, .remove").count() == 0
        form: dict[str, Any] = {"files": {"name": "news.txt", "mimeType": "text/plain", "buffer": b"news"}}
        assert page.request.post(f"{address}/gradio_api/upload", multipart=form).status == 404
        context.close()
