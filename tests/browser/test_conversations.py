"""Conversations in a real browser: listed, searched, renamed, shared, saved, and there after whatever happens."""

import io
import json
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visit
from tests.browser.stories import SCRIPTS, SHELVES
from tests.open_conversations import open_conversations
from tests.scripted_chatbot import ScriptedChatbot
from tests.served import serving
from web.conversations.routes import add_conversations
from web.page import build_page

Visiting = Callable[..., Visit]
# Every few events Gradio reckons up its queue with pandas, by names that pandas is going to drop.
DIED, SAY = "How many people died?", "What did Ines Tolland say?"
LIST = "#conversations .conversation-list"


def open_list(reader: Visit) -> None:
    reader.page.click("button[data-conversations]")
    reader.page.wait_for_selector(f"{LIST} li")


def begin(reader: Visit) -> None:
    reader.page.click("#new")
    reader.page.wait_for_selector("button.example")


def test_conversations_are_listed_searched_opened_renamed_and_deleted(visit: Visiting) -> None:
    reader = visit()
    page = reader.page
    reader.answered(DIED)
    begin(reader)
    reader.answered(SAY)
    open_list(reader)
    titles = page.locator(f"{LIST} .title")
    expect(titles).to_have_text([SAY, DIED])
    assert page.evaluate("document.activeElement.id") == "conversations-search"
    page.fill("#conversations-search", "valve")
    expect(titles).to_have_text([DIED])
    page.click(f"{LIST} summary")
    page.fill(f"{LIST} .naming input", "The ferry fire")
    page.click(f"{LIST} [data-rename]")
    expect(titles).to_have_text(["The ferry fire"])
    page.click(f"{LIST} button.name")
    page.wait_for_selector(f'.is-latest h2:text-is("{DIED}")')
    assert not page.is_visible("#conversations")
    assert page.locator(".turn").count() == 1
    assert reader.answered("And what did he say about it?") == f"This follows: {DIED}[1]"
    open_list(reader)
    page.fill("#conversations-search", "")
    expect(titles).to_have_text(["The ferry fire", SAY])
    page.click(f"{LIST} li >> nth=1 >> summary")
    page.click(f"{LIST} li >> nth=1 >> button.delete")
    page.click(f'{LIST} button.delete:text-is("Delete for good?")')
    expect(titles).to_have_text(["The ferry fire"])
    page.keyboard.press("Escape")
    assert not page.is_visible("#conversations")
    assert page.evaluate("document.activeElement.matches('[data-conversations]')")
    assert reader.errors == []
    page.reload()
    page.wait_for_selector(f'#earlier h2:text-is("{DIED}")')
    open_list(reader)
    expect(titles).to_have_text(["The ferry fire"])


def test_each_tab_keeps_its_own_conversation_when_it_is_loaded_again(visit: Visiting) -> None:
    reader = visit()
    reader.answered(DIED)
    other = Visit(reader.page.context.new_page(), reader.address)
    other.page.wait_for_selector(f'.is-latest h2:text-is("{DIED}")')
    begin(other)
    other.answered(SAY)
    reader.page.reload()
    reader.page.wait_for_selector(f'.is-latest h2:text-is("{DIED}")')
    assert reader.answered("And what did he say about it?") == f"This follows: {DIED}[1]"
    assert other.answered("And what did she say about it?") == f"This follows: {SAY}[1]"


def test_two_browsers_never_see_each_others_conversations(visit: Visiting) -> None:
    one, other = visit(), visit()
    one.answered("And the canary of the first?")
    other.answered("And the canary of the second?")
    conversation = one.page.url.partition("conversation=")[2]
    for reader, own in ((one, "first"), (other, "second")):
        open_list(reader)
        expect(reader.page.locator(f"{LIST} .title")).to_have_text([f"And the canary of the {own}?"])
    other.page.goto(f"{other.address}/?conversation={conversation}")
    other.page.wait_for_selector(".is-latest")
    assert "canary of the first" not in other.page.content()
    for name in ("conversation.md", "conversation.json", "receipts.zip", "receipt-1.json"):
        path = f"{one.address}/conversations/{conversation}/{name}"
        assert one.page.request.get(path).status == 200
        assert other.page.request.get(path).status == 404


def test_a_conversation_is_saved_in_every_form(visit: Visiting) -> None:
    reader = visit()
    reader.answered(DIED)
    reader.answered("hostile")
    get = reader.page.request.get
    base = f"{reader.address}/conversations/{reader.page.url.partition('conversation=')[2]}"
    markdown = get(f"{base}/conversation.md").text()
    assert markdown.startswith("# How many people died?\n\n10 January 2024\n\n## How many people died?\n\nNine people")
    assert "- [1] [Nine dead after fire on Holm Island ferry](<https://courier.example/" in markdown
    assert "\\<img src=x onerror=alert(1)\\>" in markdown
    page = get(f"{base}/conversation.html").text()
    assert 'id="source-1-2" value="2"' in page
    assert "<img src" not in page
    data = json.loads(get(f"{base}/conversation.json").text())
    assert [one["answer"]["status"] for one in data["exchanges"]] == ["answered", "answered"]
    with zipfile.ZipFile(io.BytesIO(get(f"{base}/conversation.docx").body())) as word:
        footnotes = word.read("word/footnotes.xml").decode()
    assert "Nine people are known to have died in the fire" in footnotes
    with zipfile.ZipFile(io.BytesIO(get(f"{base}/receipts.zip").body())) as receipts:
        assert receipts.namelist() == ["receipt-1.json", "receipt-2.json"]
        assert json.loads(receipts.read("receipt-1.json"))["form"] == "dateline receipt 1"
    with reader.page.expect_download() as download:
        reader.page.click(".is-latest a[download]")
    assert download.value.suggested_filename == "receipt-2.json"


def test_a_conversation_is_read_by_its_link_while_its_owner_shares_it(visit: Visiting) -> None:
    reader, stranger = visit(), visit()
    reader.answered(DIED)
    open_list(reader)
    reader.page.click(f"{LIST} summary")
    reader.page.click(f'{LIST} button:text-is("Share a read-only link")')
    link = reader.page.get_attribute(f"{LIST} .sharing a", "href")
    assert link is not None
    stranger.page.goto(stranger.address + link)
    assert stranger.page.inner_text("h2") == DIED
    assert stranger.page.locator("button, input, textarea, form, script").count() == 0
    reader.page.click(f'{LIST} button:text-is("Stop sharing")')
    reader.page.wait_for_selector(f'{LIST} button:text-is("Share a read-only link")')
    assert stranger.page.reload().status == 404  # type: ignore[union-attr]


def test_a_lost_connection_in_the_middle_of_an_answer_loses_nothing(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    reader.ask(DIED)
    reader.page.wait_for_selector(".is-latest .draft")
    reader.page.context.set_offline(True)
    reader.page.wait_for_timeout(300)
    reader.page.context.set_offline(False)
    reader.page.reload()
    reader.wait_for(DIED)
    assert reader.answer.startswith("Nine people")


def test_a_server_restarted_in_the_middle_of_an_answer_has_the_conversation(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context()
    for restarted in (False, True):
        chatbot = ScriptedChatbot(SCRIPTS, word_seconds=0.02)
        conversations = open_conversations({"Scripted": chatbot}, SHELVES.article, tmp_path / "conversations.sqlite")
        page = partial(build_page, conversations, SHELVES, lambda turns, thumb, reason, as_of: None)
        with serving(page, partial(add_conversations, conversations=conversations, archive=SHELVES)) as address:
            reader = Visit(context.new_page(), address)
            if restarted:
                reader.page.wait_for_selector('.is-latest .failure:text-is("Stopped.")')
                assert reader.page.locator("h2.question").all_inner_texts() == [DIED, "Go on forever"]
                assert reader.answered("And then?").startswith("This follows:")
            else:
                reader.answered(DIED)
                reader.ask("Go on forever")
                reader.page.wait_for_selector(".is-latest .draft")
    context.close()


def test_a_question_is_answered_again_by_another_writer_and_at_another_moment(
    visit: Visiting, chatbot: ScriptedChatbot, quoting: ScriptedChatbot
) -> None:
    reader = visit()
    reader.answered(DIED)
    reader.page.click('button:text-is("Ask again with: Quotations")')
    reader.page.wait_for_selector(".is-latest .sentence.quoted")
    assert quoting.asked[-1].text == DIED
    reader.page.fill("[data-again-as-of]", "2023-03-17")
    reader.page.wait_for_selector('.is-latest .limits:has-text("as of 17 March 2023")')
    reader.wait_for(DIED)
    assert reader.page.locator(".turn").count() == 1
    reader.page.click('button:text-is("Undo")')
    reader.page.wait_for_selector("button.example")
    reader.page.select_option("[data-writer]", "Quotations")
    before = len(quoting.asked)
    reader.answered(DIED)
    assert len(quoting.asked) == before + 1


def test_the_questions_offered_under_an_answer_are_asked_by_a_click(visit: Visiting, chatbot: ScriptedChatbot) -> None:
    reader = visit()
    reader.answered(DIED)
    reader.page.click(".is-latest .suggestions button >> nth=1")
    reader.page.wait_for_selector("#earlier .turn")
    reader.wait_for("And how many people were hurt on the Grey Petrel?")
    assert [turn.question.text for turn in chatbot.asked[-1].conversation] == [DIED]
