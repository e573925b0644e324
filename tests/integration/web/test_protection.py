"""The served page with its login, its bounded queue and its log, against clients that overdo it."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import gradio as gr
import httpx
import pytest

from chat.answer import Evidence
from chat.answering.quoting import quotation
from chat.errors import FeedbackError
from tests.articles import article
from tests.browser.stories import EXAMPLES, SHELVES
from tests.open_conversations import open_conversations
from tests.page_calls import PageClient
from tests.scripted_chatbot import Asked, Script, ScriptedChatbot
from tests.served import serving
from web.page import build_page
from web.protection.calls import busy_reason
from web.protection.login import Login
from web.protection.request_log import FILE_NAME, RequestLog
from web.server import Protection

HARBOUR = article()
SAID = quotation(Evidence(1, HARBOUR, 0, len(HARBOUR.text)))
READ_ONLY = "feedback.jsonl cannot be written (Read-only file system)"
QUICK_TO_FORGET = Protection(unread_s=0.3)


def answered(asked: Asked) -> Script:
    return Script((SAID,), SAID.citations)


def endless(asked: Asked) -> Script:
    return Script((), endless=True)


def refuse(*judged: object) -> None:
    raise FeedbackError(READ_ONLY)


def page() -> gr.Blocks:
    scripts = {"harbour": answered, "for ever": endless}
    chatbot = ScriptedChatbot(scripts, EXAMPLES, word_seconds=0.01)
    return build_page(open_conversations({"Scripted": chatbot}, SHELVES.article), SHELVES, refuse)


@pytest.fixture
def address() -> Iterator[str]:
    with serving(page) as address:
        yield address


@pytest.fixture
def reader(address: str) -> Iterator[PageClient]:
    with closing(PageClient(address)) as reader:
        yield reader


def test_only_who_logs_in_sees_the_page() -> None:
    protection = Protection(login=Login.of("ada:correct-horse"))
    with serving(page, protection=protection) as address, httpx.Client(base_url=address) as client:
        first = client.get("/")
        assert (first.status_code, "password" in first.text) == (401, True)
        for path in ("/config", "/gradio_api/queue/data?session_hash=x", "/assets/index.js"):
            assert client.get(path).status_code == 401
        assert client.post("/gradio_api/queue/join", content=b"{}").status_code == 401
        assert client.post("/login", data={"name": "ada", "password": "wrong-horse"}).status_code == 401
        given = client.post("/login", data={"name": "ada", "password": "correct-horse"})
        assert (given.status_code, given.headers["location"]) == (303, "/")
        assert all(word in given.headers["set-cookie"] for word in ("HttpOnly", "SameSite=Strict"))
        with closing(PageClient(address, client)) as reader:
            assert HARBOUR.text[:20] in reader.ask("What of the harbour?")
            client.get("/logout")
            assert client.get("/").status_code == 401


def test_a_password_cannot_be_guessed_for_long() -> None:
    with serving(page, protection=Protection(login=Login.of("ada:correct-horse"))) as address:
        wrong = {"name": "ada", "password": "wrong-horse"}
        statuses = [httpx.post(f"{address}/login", data=wrong).status_code for _ in range(8)]
        right = httpx.post(f"{address}/login", data={"name": "ada", "password": "correct-horse"})
    assert statuses[:5] == [401] * 5
    assert set(statuses[5:]) == {429}
    assert right.status_code == 429


def test_without_accounts_there_is_no_login(address: str) -> None:
    assert httpx.get(f"{address}/login").status_code == 404
    assert httpx.post(f"{address}/login", data={"name": "a"}).status_code == 404
    assert httpx.get(f"{address}/logout").status_code == 404


def test_what_nobody_reads_is_forgotten_and_what_is_read_is_not() -> None:
    built: list[gr.Blocks] = []

    def build() -> gr.Blocks:
        built.append(page())
        return built[0]

    with serving(build, protection=QUICK_TO_FORGET) as address, closing(PageClient(address)) as reader:
        queue = built[0]._queue
        question = reader.function("question")
        for number in range(20):
            while reader.join(question, reader.question("What of the harbour?"), f"unread{number}").status_code == 429:
                time.sleep(0.02)  # the questions before it still wait
        slow = PageClient(address, reader.http)
        slow.join(question, slow.question("Write for ever"))
        for at, message in enumerate(slow.messages()):
            if message["msg"] == "process_generating" and at > 60:  # half a second of an endless answer
                break
        httpx.get(address)
        assert list(queue.pending_messages_per_session) in ([], [slow.session])
        assert len(queue.pending_event_ids_session) <= 1
        assert HARBOUR.text[:20] in reader.ask("What of the harbour?")


def test_a_session_whose_results_nobody_reads_can_make_a_hundred_calls_until_they_are_read(reader: PageClient) -> None:
    show, request = reader.function("show-request"), [json.dumps({"article": "unknown"})]
    statuses = [reader.join(show, request).status_code for _ in range(120)]
    assert statuses == [200] * 100 + [429] * 20
    assert sum(message["msg"] == "process_completed" for message in reader.messages()) == 100
    assert reader.join(show, request).status_code == 200


def test_when_too_many_questions_wait_a_reader_is_told_at_once_how_many_and_can_still_stop(
    address: str, reader: PageClient
) -> None:
    question, stop = reader.function("question"), reader.function("question", "stop")
    reader.http.cookies.clear()  # each question is of a browser of its own
    waits, refusals = [], []
    for number in range(18):
        started = time.monotonic()
        response = reader.join(question, reader.question(f"Write for ever {number}"), f"reader{number}")
        waits.append(time.monotonic() - started)
        refusals += [(response, waits[-1])] if response.status_code != 200 else []
    assert len(refusals) == 18 - 12 - 2  # two are answered at a time
    assert {response.status_code for response, _ in refusals} == {429}
    assert "12 questions from your address are waiting" in refusals[0][0].json()["detail"]
    assert refusals[0][0].headers["retry-after"] == "10"
    assert min(seconds for _, seconds in refusals) < 0.2
    assert reader.join(stop, [], "reader0").status_code == 200


def test_one_address_fills_a_part_of_the_queue_and_all_of_them_no_more_than_it_holds() -> None:
    assert busy_reason(["a"] * 11, "a") == ""
    assert "12 questions from your address" in busy_reason(["a"] * 12, "a")
    assert busy_reason(["a"] * 12, "b") == ""
    assert "32 questions are waiting" in busy_reason(["a", "b", "c", "d"] * 8, "e")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/gradio_api/queue/data?session_hash=unknown", None),
        ("/gradio_api/queue/data", None),
        ("/gradio_api/cancel", {"session_hash": "unknown", "fn_index": 9999, "event_id": "unknown"}),
        ("/gradio_api/cancel", {"session_hash": 1}),
        ("/gradio_api/reset", {"event_id": "unknown"}),
        ("/gradio_api/queue/join", {"fn_index": 9999, "data": [], "session_hash": "x"}),
    ],
)
def test_what_nobody_knows_is_refused_without_a_traceback(
    address: str, path: str, body: object, capfd: pytest.CaptureFixture[str]
) -> None:
    response = httpx.get(f"{address}{path}") if body is None else httpx.post(f"{address}{path}", json=body)
    assert response.status_code < 500
    assert "Traceback" not in capfd.readouterr().err
    if path.endswith("=unknown"):
        assert response.status_code == 404


def test_a_thumb_that_cannot_be_kept_says_why(reader: PageClient) -> None:
    reader.ask("What of the harbour?")
    shown = json.dumps(reader.call(reader.function("show-request"), [json.dumps({"thumb": "up"})]))
    assert READ_ONLY.removeprefix("f") in shown


def test_an_answer_is_judged_once_however_often_a_thumb_is_sent() -> None:
    judged: list[object] = []

    def judging_page() -> gr.Blocks:
        chatbot = ScriptedChatbot({"harbour": answered}, EXAMPLES)
        conversations = open_conversations({"Scripted": chatbot}, SHELVES.article)
        return build_page(conversations, SHELVES, lambda *thumb: judged.append(thumb))

    with serving(judging_page) as address, closing(PageClient(address)) as reader:
        reader.ask("What of the harbour?")
        for thumb in ("up", "down", "up"):
            reader.call(reader.function("show-request"), [json.dumps({"thumb": thumb})])
    assert len(judged) == 1


def test_each_request_of_a_page_is_one_line_without_its_question(tmp_path: Path) -> None:
    protection = Protection(log=RequestLog(tmp_path))
    with serving(page, protection=protection) as address, closing(PageClient(address)) as reader:
        reader.ask("What of the harbour?")
    logged = (tmp_path / FILE_NAME).read_text(encoding="ascii")
    lines = [json.loads(line) for line in logged.splitlines()]
    assert ("POST", "/gradio_api/queue/join", 200) in [(one["method"], one["path"], one["status"]) for one in lines]
    assert "harbour" not in logged
    assert reader.session not in logged
