"""The page in a real browser, with a scripted chatbot."""

from collections.abc import Callable
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from chat.publishing.feedback import Reason, Thumb
from tests.browser.conftest import Visit
from tests.browser.stories import COPY, EXAMPLES, FERRY, HOSTILE, HOSTILE_TEXT, MARCH
from tests.scripted_chatbot import ScriptedChatbot

# Every few events Gradio reckons up its queue with pandas, by names that pandas is going to drop.
AS_OF = "#as-of :is(input, textarea)"
DIED = "How many people died in the ferry fire?"
PRESS_ENTER = (
    "document.querySelector('#question textarea').dispatchEvent("
    "new KeyboardEvent('keypress', { key: 'Enter', bubbles: true, cancelable: true }));"
)
Visiting = Callable[..., Visit]


def test_an_answer_arrives_word_by_word_and_ends_with_its_sources(visit: Visiting) -> None:
    reader = visit()
    reader.ask(DIED)
    reader.page.wait_for_selector(".is-latest .draft")
    early = reader.answer
    reader.wait_for(DIED)
    assert 0 < len(early) < len(reader.answer)
    assert reader.page.locator(".is-latest .draft").count() == 0
    assert reader.page.locator(".is-latest .card h3").all_inner_texts() == [
        "Nine dead after fire on Holm Island ferry",
        "A closed valve, and seventeen minutes without water",
    ]
    assert reader.errors == []
    assert reader.outside == []


def test_a_click_on_a_citation_shows_its_sentence_in_its_paragraph(visit: Visiting) -> None:
    reader = visit()
    reader.answered(DIED)
    reader.page.click('.is-latest .citation:text-is("[1]")')
    mark = reader.page.locator("mark.is-current")
    assert mark.inner_text() == FERRY.text.split("\n\n")[1].split(" Two")[0]
    assert mark.locator("xpath=..").inner_text() == FERRY.text.split("\n\n")[1]
    assert reader.page.locator(".card.is-current h3").inner_text() == FERRY.title
    assert reader.page.evaluate("document.activeElement.matches('.card.is-current')")
    reader.page.wait_for_function(
        "(() => { const box = document.querySelector('mark.is-current').getBoundingClientRect();"
        " return box.top >= 0 && box.bottom <= innerHeight })()"
    )


def test_the_paragraphs_around_a_sentence_unfold(visit: Visiting) -> None:
    reader = visit()
    reader.answered(DIED)
    folded = reader.page.locator(".card >> nth=0 >> details.beside >> nth=0")
    assert not folded.locator("p").is_visible()
    folded.locator("summary").click()
    assert folded.locator("p").inner_text() == FERRY.text.split("\n\n")[0]


def test_a_citation_is_reached_and_opened_with_the_keyboard_alone(visit: Visiting) -> None:
    reader = visit()
    reader.answered(DIED)
    page = reader.page
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.citation')"):
            break
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label == "Source 2: Port Ellery Observer, 5 October 2023"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.querySelector('h3').innerText").startswith("A closed valve")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == label


def test_the_link_to_the_original_points_at_the_quoted_words_and_gives_nothing_away(visit: Visiting) -> None:
    reader = visit()
    reader.answered("What did Ines Tolland say about the search?")
    link = reader.page.locator(".is-latest a.original")
    assert link.get_attribute("href") == (
        "https://courier.example/2023/ferry-fire-nine-dead"
        "#:~:text=%22We%20have%20not%20stopped%20looking%2C%22,who%20leads%20the%20lifeboat%20crew."
    )
    assert (link.get_attribute("rel"), link.get_attribute("target")) == ("noopener noreferrer nofollow", "_blank")
    assert "Quotations only" in reader.page.inner_text(".is-latest .notice")
    copies = reader.page.locator(".is-latest .card .prints")
    told = "Also printed by <b>Bee</b> (opens in a new tab), 17 March 2023; Holm Gazette, undated; and 12 more"
    assert copies.text_content() == told
    assert copies.locator("a").evaluate_all("all => all.map(one => one.href)") == ["https://bee.example/ferry"]


@pytest.mark.parametrize("question", ["hostile <img src=x onerror=alert(1)> **bold** [x](javascript:alert(1)) ${1}"])
def test_a_hostile_article_shows_as_text_runs_nothing_and_requests_nothing(visit: Visiting, question: str) -> None:
    reader = visit()
    reader.ask(question)
    reader.page.wait_for_selector('.is-latest[aria-busy="false"]')
    reader.page.wait_for_timeout(500)
    page = reader.page
    assert page.inner_text(".is-latest h2") == question
    first, rest = (HOSTILE_TEXT[: HOSTILE_TEXT.index("\n\n")], HOSTILE_TEXT[HOSTILE_TEXT.index("\n\n") + 2 :])
    assert page.locator(".is-latest .sentence").all_text_contents() == [first, rest]
    assert page.text_content(".is-latest mark >> nth=0") == first
    foreign = "img, picture, video, audio, iframe, object, embed, link, style, svg, script, b, .mermaid, [style]"
    foreign += ", input:not([data-again-as-of])"
    assert page.locator(f"#latest .turn :is({foreign})").count() == 0
    links = page.locator("#latest .turn a:not([download])").evaluate_all("all => all.map(one => one.protocol)")
    assert set(links) <= {"https:"}
    assert page.inner_text(".is-latest .limits span") == "<img src=x onerror=alert(9)>"
    page.click(".is-latest .citation >> nth=0")
    page.click(".is-latest [data-copy] >> nth=0")
    page.click(".is-latest button.open")
    page.wait_for_selector("#reader .pane")
    assert page.inner_text("#reader h2") == HOSTILE.title
    assert page.locator(f"#reader .pane :is({foreign})").count() == 0
    page.wait_for_timeout(300)
    assert reader.errors == []
    assert reader.outside == []


def test_a_hostile_turn_stays_text_when_it_is_no_longer_the_last(visit: Visiting) -> None:
    reader = visit()
    reader.answered("hostile")
    reader.answered(DIED)
    assert reader.page.locator("#earlier .turn").count() == 1
    assert reader.page.locator("#earlier .turn :is(img, script, iframe, style, a[href^=javascript])").count() == 0
    assert reader.page.locator("#earlier .sentence").all_text_contents()[0].startswith("<img src=x")
    assert reader.errors == []
    assert reader.outside == []


def test_a_follow_up_is_asked_with_the_conversation_before_it(visit: Visiting) -> None:
    reader = visit()
    reader.answered(DIED)
    assert reader.answered("And what did he say about it?") == f"This follows: {DIED}[1]"
    assert reader.page.locator("#earlier h2").all_inner_texts() == [DIED]
    reader.page.click("#earlier .citation >> nth=0")
    assert reader.page.locator("#earlier mark.is-current").is_visible()


def test_stop_ends_an_answer_and_tells_the_chatbot(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    reader.ask("Go on forever")
    reader.page.wait_for_selector(".is-latest .draft")
    closed = chatbot.closed
    reader.page.click("[data-testid=stop-button], .stop-button")
    reader.wait_for("Go on forever")
    assert reader.page.inner_text(".is-latest .failure") == "Stopped."
    assert chatbot.asked[-1].stop.is_set()
    assert chatbot.closed == closed + 1
    assert reader.answered(DIED).startswith("Nine people")


def test_a_question_asked_while_an_answer_is_written_takes_its_place(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    reader.ask("Go on forever")
    reader.page.wait_for_selector(".is-latest .draft")
    stopped = chatbot.asked[-1].stop
    assert reader.answered(DIED).startswith("Nine people")
    assert stopped.is_set()
    assert [turn.question.text for turn in chatbot.asked[-1].conversation] == ["Go on forever"]
    assert reader.page.inner_text("#earlier .failure") == "Stopped."
    assert reader.page.locator('.turn[aria-busy="true"]').count() == 0
    assert reader.page.is_visible('button:has-text("Good answer")')


def test_a_question_asked_the_moment_an_answer_is_over_is_not_lost(visit: Visiting) -> None:
    reader = visit()
    reader.ask(DIED)
    reader.page.wait_for_selector(".is-latest .draft")
    reader.page.fill("#question textarea", "And what did he say about it?")
    reader.page.evaluate(
        "new MutationObserver((_, watch) => { if (document.querySelector('.is-latest[aria-busy=\"false\"]')) "
        f"{{ watch.disconnect(); {PRESS_ENTER} }} }}).observe(document, {{ childList: true, subtree: true }})"
    )
    reader.wait_for("And what did he say about it?")
    assert reader.answer == f"This follows: {DIED}[1]"


def test_enter_pressed_twice_asks_once(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    before = len(chatbot.asked)
    reader.page.fill("#question textarea", DIED)
    reader.page.evaluate(f"{PRESS_ENTER} {PRESS_ENTER}")
    reader.wait_for(DIED)
    reader.page.wait_for_timeout(300)
    assert len(chatbot.asked) == before + 1
    assert reader.page.locator(".turn").count() == 1


def test_leaving_the_page_stops_the_chatbot(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    reader.ask("Go on forever")
    reader.page.wait_for_selector(".is-latest .draft")
    stop = chatbot.asked[-1].stop
    reader.page.close()
    assert stop.wait(timeout=10)


def test_what_was_understood_is_shown_and_can_be_taken_out(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    question = "What happened in March 2023?"
    reader.answered(question)
    chips = reader.page.locator(".is-latest .limits span")
    assert chips.all_inner_texts() == ["published 1-31 March 2023", "source Ellery Courier"]
    reader.page.click('button[aria-label="Ask again without: published 1-31 March 2023"]')
    reader.page.wait_for_selector('.is-latest:has-text("Searched everything.")')
    reader.wait_for(question)
    assert chatbot.asked[-1].removed == frozenset({MARCH})
    assert chatbot.asked[-1].conversation == ()
    assert chips.all_inner_texts() == ["source Ellery Courier"]
    assert reader.page.locator(".turn").count() == 1


def test_a_thumb_is_kept_with_the_answer_that_it_is_about_and_its_reason(
    visit: Visiting, judged: list[tuple[str, Thumb, Reason | None]]
) -> None:
    reader = visit()
    reader.answered(DIED)
    reader.page.click('summary:has-text("Bad answer")')
    reader.page.click('button:has-text("Something is missing")')
    reader.page.wait_for_selector('.is-latest .thanks:has-text("Thank you")')
    assert reader.page.locator('button:has-text("Good answer")').count() == 0
    reader.answered(DIED)
    reader.page.click('button:has-text("Good answer")')
    reader.page.wait_for_selector(".is-latest .thanks")
    assert judged == [(DIED, Thumb.DOWN, Reason.INCOMPLETE), (DIED, Thumb.UP, None)]
    assert reader.errors == []


def test_silence_is_said_calmly_and_names_the_nearest_articles(visit: Visiting) -> None:
    reader = visit()
    assert reader.answered("Who won the World Cup?") == "The archive does not hold an answer to this."
    assert reader.page.inner_text(".is-latest .sources summary").upper() == "NEAREST ARTICLES 2"
    assert reader.page.locator(".is-latest .citation").count() == 0


def test_what_comes_nearest_is_told_under_the_word_that_the_archive_may_not_hold_the_answer(visit: Visiting) -> None:
    reader = visit()
    reader.answered("Who owns the ferry?")
    told = reader.page.locator(".is-latest .answer p").all_inner_texts()
    assert told[0] == "The archive may not hold the answer. What comes nearest:"
    assert told[1].startswith("The company said it accepted every finding.")
    assert reader.page.locator(".is-latest .citation").count() == 1


@pytest.mark.parametrize("typed", ["2023-03-17", "17 March 2023", "March 17, 2023"])
def test_the_as_of_day_reaches_the_chatbot_and_stands_above_its_answer(
    visit: Visiting, chatbot: ScriptedChatbot, typed: str
) -> None:
    reader = visit()
    reader.page.fill(AS_OF, typed)
    reader.answered(DIED)
    assert chatbot.asked[-1].as_of == datetime(2023, 3, 17, 23, 59, 59, 999999, tzinfo=UTC)
    assert reader.page.inner_text(".is-latest .limits span") == "as of 17 March 2023"
    reader.page.click('button[aria-label="Ask again without: as of 17 March 2023"]')
    reader.page.wait_for_selector(".is-latest:not(:has(.limits))")
    reader.wait_for(DIED)
    assert chatbot.asked[-1].as_of is None


def test_an_as_of_text_that_names_no_day_is_refused_with_a_word(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    before = len(chatbot.asked)
    reader.page.fill(AS_OF, "when the moon was blue")
    reader.ask(DIED)
    reader.page.wait_for_selector("text=“when the moon was blue” is not a day up to today")
    assert reader.page.input_value("#question textarea") == DIED
    assert len(chatbot.asked) == before


@pytest.mark.parametrize("size", [(360, 740), (1280, 800)])
def test_the_browsers_own_calendar_fills_in_the_as_of_day(visit: Visiting, size: tuple[int, int]) -> None:
    reader = visit(viewport={"width": size[0], "height": size[1]})
    day = reader.page.locator("input[data-as-of-day]")
    box = day.bounding_box()
    assert box is not None
    assert (box["x"] + box["width"] <= size[0], box["y"] + box["height"] <= size[1]) == (True, True)
    day.fill("2023-03-17")
    assert reader.page.input_value(AS_OF) == "2023-03-17"


def test_a_new_conversation_clears_the_as_of_day(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    reader.page.fill(AS_OF, "last spring")
    reader.answered(DIED)
    reader.page.click("#new")
    expect(reader.page.locator(AS_OF)).to_have_value("")
    reader.answered(DIED)
    assert chatbot.asked[-1].as_of is None


def test_a_card_opens_the_whole_article_at_the_cited_sentence_and_back(visit: Visiting) -> None:
    reader = visit()
    reader.answered(DIED)
    page = reader.page
    page.locator(".is-latest button.open").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#reader .pane")
    assert page.evaluate("document.activeElement.matches('#reader .pane')")
    assert page.inner_text("#reader h2") == FERRY.title
    marked = "".join(page.locator("#reader mark").all_text_contents())
    assert marked == "".join(FERRY.text[one] for one in (slice(78, 162), slice(186, 264)))
    assert "".join(page.locator("#reader .text p").all_text_contents()) == FERRY.text.replace("\n\n", "")
    assert page.inner_text("#reader .quotations li >> nth=1") == "Ines Tolland: “We have not stopped looking”"
    page.keyboard.press("Escape")
    assert not page.is_visible("#reader")
    assert page.evaluate("document.activeElement.matches('.is-latest button.open')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#reader .pane")
    assert reader.errors == []


def test_the_pane_shows_other_versions_what_changed_and_syndicated_copies(visit: Visiting) -> None:
    reader = visit()
    reader.answered(DIED)
    page = reader.page
    page.click(".is-latest button.open >> nth=0")
    page.click('#reader button:text-is("What changed")')
    page.wait_for_selector('#reader del:has-text("Eight people are known")')
    page.wait_for_selector('#reader ins:has-text("Nine people are known")')
    page.click('#reader button:text-is("Version 1")')
    page.wait_for_selector('#reader h2:has-text("Eight dead")')
    page.click('#reader button:has-text("Holm Gazette")')
    page.wait_for_selector(f'#reader h2:text-is("{COPY.title}")')
    page.click("#reader [data-close]")
    assert not page.is_visible("#reader")


def test_a_page_that_is_loaded_again_shows_the_conversation(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    reader.answered("What happened in March 2023?")
    reader.answered(DIED)
    reader.page.reload()
    reader.page.wait_for_selector('.is-latest[aria-busy="false"]')
    assert reader.page.locator("h2.question").all_inner_texts() == ["What happened in March 2023?", DIED]
    assert reader.answered("And what did he say about it?") == f"This follows: {DIED}[1]"
    other = visit()
    assert other.page.locator(".turn").count() == 0


def test_an_answer_whose_page_is_loaded_again_is_finished(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    reader.ask(DIED)
    reader.page.wait_for_selector(".is-latest .draft")
    before = len(chatbot.asked)
    reader.page.reload()
    reader.wait_for(DIED)
    assert reader.answer.startswith("Nine people")
    assert len(chatbot.asked) == before


def test_the_question_is_asked_again_or_edited(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    reader.answered(DIED)
    before = len(chatbot.asked)
    reader.page.click('button:text-is("Ask again")')
    reader.page.wait_for_selector('.is-latest[aria-busy="true"]')
    reader.wait_for(DIED)
    assert (len(chatbot.asked), chatbot.asked[-1].conversation) == (before + 1, ())
    reader.page.click('button:text-is("Edit question")')
    assert reader.page.input_value("#question textarea") == DIED
    reader.page.press("#question textarea", "Enter")
    reader.page.wait_for_selector("#earlier .turn")
    reader.wait_for(DIED)
    assert reader.page.locator(".turn").count() == 2


def test_a_question_that_is_too_long_is_refused_and_not_lost(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    before = len(chatbot.asked)
    reader.ask("x" * 2001)
    reader.page.wait_for_selector("text=The question has 2,001 characters; shorten it: at most 2,000 are read.")
    assert reader.page.input_value("#question textarea") == "x" * 2001
    assert len(chatbot.asked) == before


def test_a_failure_of_the_chatbot_is_said_and_the_next_question_works(visit: Visiting) -> None:
    reader = visit()
    reader.ask("a question without a script")
    reader.page.wait_for_selector(".is-latest .failure")
    assert "no script" not in reader.page.content()
    reader.page.wait_for_selector("[data-testid=submit-button]")
    assert reader.answered(DIED).startswith("Nine people")


def test_an_example_is_asked_by_a_click_and_leaves_with_the_first_question(visit: Visiting) -> None:
    reader = visit()
    assert reader.page.locator("button.example").all_inner_texts() == list(EXAMPLES)
    reader.page.click("button.example >> nth=0")
    reader.wait_for(EXAMPLES[0])
    assert not reader.page.locator("button.example").first.is_visible()


def test_the_opening_page_leads_to_stories_and_subjects(visit: Visiting) -> None:
    reader = visit()
    page = reader.page
    page.wait_for_selector("#front .stories")
    assert page.locator("#front h2").all_text_contents() == [
        "Latest stories",
        "In the archive’s last week",
        "On this day",
    ]
    assert page.inner_text("#front .stories >> nth=1").endswith("Ellery Courier, 16 March 2023 · 14 syndicated copies")
    page.click("#front .stories button >> nth=0")
    page.wait_for_selector("#reader .pane")
    page.keyboard.press("Escape")
    page.click("#help summary")
    assert "source:" in page.inner_text("#help")
    page.click("#front .subjects button")
    reader.wait_for("What is the latest on the Grey Petrel died?")
    assert not page.is_visible("#front")


def test_a_new_conversation_begins_empty_on_the_server_too(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    reader.answered(DIED)
    reader.page.click("#new")
    reader.page.wait_for_selector("button.example")
    assert reader.page.locator(".turn").count() == 0
    reader.answered("And then?")
    assert chatbot.asked[-1].conversation == ()


def test_what_is_typed_right_after_a_new_conversation_begins_is_kept(visit: Visiting) -> None:
    reader = visit()
    reader.answered(DIED)
    reader.page.fill("#question textarea", "half a thought")
    reader.page.click("#new")
    assert reader.page.input_value("#question textarea") == ""
    reader.page.keyboard.type("And then?")
    reader.page.wait_for_selector("button.example")
    assert reader.page.input_value("#question textarea") == "And then?"


def test_a_new_conversation_ends_the_answer_that_is_under_way(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    reader.ask("Go on forever")
    reader.page.wait_for_selector(".is-latest .draft")
    reader.page.click("#new")
    reader.page.wait_for_selector("button.example")
    assert chatbot.asked[-1].stop.wait(timeout=10)
    reader.page.wait_for_timeout(500)
    assert reader.page.locator(".turn").count() == 0


def test_two_readers_do_not_see_each_others_conversation(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    one, other = visit(), visit()
    one.answered(DIED)
    assert other.page.locator(".turn").count() == 0
    assert other.answered("And what did he say?") == "This follows: nothing[1]"
    assert one.answered("And what did she say?") == f"This follows: {DIED}[1]"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_a_phone_without_scrolling_sideways(visit: Visiting, scheme: str) -> None:
    reader = visit(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    for question in (DIED, "hostile", "Who won the World Cup?"):
        reader.answered(question)
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= 360
    composer = reader.page.locator("#composer").bounding_box()
    assert composer is not None
    assert composer["height"] <= 740 / 4
    answer = reader.page.locator("#earlier .said").first.bounding_box()
    reader.page.click("#earlier .sources summary >> nth=0")
    sources = reader.page.locator("#earlier .sources").first.bounding_box()
    assert answer is not None
    assert sources is not None
    assert sources["y"] >= answer["y"] + answer["height"]


def test_on_a_wide_screen_the_sources_stand_beside_the_answer(visit: Visiting) -> None:
    reader = visit(viewport={"width": 1280, "height": 800})
    reader.answered(DIED)
    answer = reader.page.locator(".is-latest .said").bounding_box()
    sources = reader.page.locator(".is-latest .sources").bounding_box()
    assert answer is not None
    assert sources is not None
    assert sources["x"] >= answer["x"] + answer["width"]


def test_the_answer_is_copied_with_its_citations_and_sources(visit: Visiting) -> None:
    reader = visit(permissions=["clipboard-read", "clipboard-write"])
    reader.answered(DIED)
    reader.page.click("[data-copy] >> nth=1")
    reader.page.wait_for_selector('[data-copy]:text-is("Copied")')
    markdown = reader.page.evaluate("navigator.clipboard.readText()")
    assert "by 16 March 2023. [1]" in markdown
    assert "- [1] [Nine dead after fire on Holm Island ferry](<https://courier.example/" in markdown
    reader.page.click("[data-copy] >> nth=0")
    reader.page.wait_for_selector('[data-copy] >> nth=0 >> text="Copied"')
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{DIED}\n\nNine people were known to have died by 16 March 2023. [1]")
    assert "\n\nSources\n[1] Nine dead after fire on Holm Island ferry, Ellery Courier, 16 March 2023, https:" in copied


def _request(address: str, method: str, path: str, body: bytes | None = None) -> HTTPResponse:
    place = urlsplit(address)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=30)
    connection.request(method, path, body)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


@pytest.mark.parametrize("path", ["/", "/config", "/assets/absent.js", "/gradio_api/upload", "/docs"])
def test_every_response_carries_the_safety_headers(address: str, path: str) -> None:
    headers = _request(address, "GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "upload",
        "proxy=https://outside.test/",
        "file=/etc/passwd",
        "vibe-edit/",
        "call/ask",
        "run/predict",
        "api/predict",
    ],
)
def test_what_the_page_does_not_need_is_closed(address: str, path: str) -> None:
    for method in ("GET", "POST"):
        assert _request(address, method, f"/gradio_api/{path}", b"{}" if method == "POST" else None).status == 404


def test_a_request_that_is_too_large_is_turned_away(address: str) -> None:
    assert _request(address, "POST", "/gradio_api/queue/join", b"x" * 70_000).status == 413
