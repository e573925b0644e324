"""The REST interface of a served archive, asked with httpx."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from chat.chatbot import Chatbot
from chat.standing.asking import StandingQuestions
from chat.standing.store import StandingStore
from tests.archive_server import serving_chatbot
from tests.fakes import word_hash_model
from tests.integration.web.conftest import Serve
from tests.scripted_chatbot import NOW
from web.api.access import Access
from web.api.paths import FOLDERS, PATHS
from web.programs import OPENAPI_PATH, add_programs

FIRE = "How many people died in the ferry fire?"
TOKEN = "a-token-of-some-length"
EVENT_STREAM = {"accept": "text/event-stream"}


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30) as client:
        yield client


def events_of(response: httpx.Response) -> list[tuple[str, dict[str, object]]]:
    """The names and the data of server-sent events."""
    found = re.findall(r"event: (\w+)\ndata: (.*)\n", response.text)
    return [(name, json.loads(data)) for name, data in found]


def test_an_answer_cites_the_exact_span_of_an_article(client: httpx.Client) -> None:
    answer = client.post("/api/ask", json={"question": FIRE}).json()
    assert answer["status"] == "answered"
    number = answer["sentences"][0]["citations"][0]
    evidence = next(one for one in answer["evidence"] if one["number"] == number)
    article = client.get(f"/api/articles/{evidence['article']}", params={"version": evidence["version"]}).json()
    assert article["text"][evidence["start"] : evidence["end"]] == evidence["text"]
    assert "Nine people died" in answer["sentences"][0]["text"]


def test_a_stream_tells_what_was_understood_then_the_evidence_the_sentences_and_the_whole_answer(
    client: httpx.Client,
) -> None:
    response = client.post("/api/ask", json={"question": FIRE}, headers=EVENT_STREAM)
    assert response.headers["content-type"].startswith("text/event-stream")
    events = events_of(response)
    names = [name for name, _ in events]
    assert names[:2] == ["understood", "evidence"]
    assert set(names[2:-1]) == {"sentence"}
    assert names[-1] == "finished"
    sentences = [data for name, data in events if name == "sentence"]
    assert events[-1][1]["sentences"] == sentences


def test_an_archive_can_be_asked_as_it_stood_on_an_earlier_day(client: httpx.Client) -> None:
    for as_of, toll in (("2023-03-16", "Four"), ("2023-03-19T12:00:00Z", "Four"), ("2023-03-25", "Nine")):
        answer = client.post("/api/ask", json={"question": FIRE, "as_of": as_of}).json()
        assert f"{toll} people died" in answer["sentences"][0]["text"]


def test_a_question_without_an_answer_says_so(client: httpx.Client) -> None:
    answer = client.post("/api/ask", json={"question": "Who won the chess olympiad in Budapest?"}).json()
    assert answer["status"] == "not_in_archive"
    assert answer["sentences"] == []


def test_a_follow_up_is_understood_in_its_conversation(client: httpx.Client) -> None:
    alone = client.post("/api/ask", json={"question": "When was she built?"}).json()
    for earlier in (
        "What burnt on the ferry Grey Petrel?",
        {"question": "What burnt on the ferry?", "answer": "A fire."},
    ):
        wanted = {"question": "When was she built?", "conversation": [earlier]}
        answer = client.post("/api/ask", json=wanted).json()
        assert [one["kind"] for one in answer["filters"]] == ["follows"]
        assert "1994" in answer["sentences"][0]["text"]
    assert alone["filters"] == []


def test_conditions_filter_articles_and_a_filter_can_be_left_out(client: httpx.Client) -> None:
    wanted = {"question": "What did the council vote for?", "sources": ["Harbour Gazette"], "after": "2023-03-20"}
    answer = client.post("/api/ask", json=wanted).json()
    assert {one["kind"] for one in answer["filters"]} == {"source", "after"}
    assert {one["source"] for one in answer["evidence"]} == {"Harbour Gazette"}
    without = [{"kind": one["kind"], "value": one["value"]} for one in answer["filters"] if one["kind"] == "source"]
    again = client.post("/api/ask", json={**wanted, "without": without}).json()
    assert {one["kind"] for one in again["filters"]} == {"after"}


def test_a_search_returns_passages_with_scores_and_reasons(client: httpx.Client) -> None:
    by_get = client.get("/api/search", params={"question": "walrus herring", "limit": 1}).json()
    by_post = client.post("/api/search", json={"question": "walrus herring", "limit": 1}).json()
    assert by_get == by_post
    (hit,) = by_get["hits"]
    assert hit["title"] == "Mobile library"
    assert hit["why"]
    sources = client.get("/api/search", params={"question": "ferry tram", "sources": "Harbour Gazette"}).json()
    assert {hit["source"] for hit in sources["hits"]} == {"Harbour Gazette"}


def test_a_quotation_leads_to_the_article_that_has_it(client: httpx.Client) -> None:
    for found in (
        client.get("/api/find", params={"text": "ate the herring of Bo Lund"}),
        client.post("/api/find", json={"text": "ate the herring of Bo Lund"}),
    ):
        assert found.json()["first"]["title"] == "Mobile library"
    assert client.get("/api/find", params={"text": "never seen a tram in Holm"}).json() == {"first": None, "later": []}
    assert client.get("/api/find", params={"text": "?!"}).status_code == 400


def test_an_article_comes_with_its_versions(client: httpx.Client) -> None:
    article_id = client.get("/api/search", params={"question": "ferry fire"}).json()["hits"][0]["article"]
    newest = client.get(f"/api/articles/{article_id}").json()
    assert newest["version"] == 2
    assert [one["version"] for one in newest["versions"]] == [1, 2]
    assert "Four people" in client.get(f"/api/articles/{article_id}", params={"version": 1}).json()["text"]
    missing = client.get(f"/api/articles/{article_id}", params={"version": 3})
    assert (missing.status_code, missing.json()["error"]["message"]) == (404, "no version 3; the archive holds 1, 2")
    assert client.get("/api/articles/unknown").json()["error"]["param"] == "id"


@pytest.mark.parametrize(
    ("wanted", "media_type", "beginning"),
    [
        ("json", "application/json", "{"),
        ("markdown", "text/markdown", "# the ferry fire"),
        ("csv", "text/csv", "date,last_date"),
        ("ics", "text/calendar", "BEGIN:VCALENDAR"),
    ],
)
def test_a_timeline_comes_in_each_format(client: httpx.Client, wanted: str, media_type: str, beginning: str) -> None:
    query = {"subject": "the ferry fire", "format": wanted}
    for response in (client.get("/api/timeline", params=query), client.post("/api/timeline", json=query)):
        assert response.headers["content-type"].partition(";")[0] == media_type
        assert response.text.startswith(beginning)
    assert client.get("/api/timeline", params={"subject": "the ferry fire"}).json()["events"]


@pytest.mark.parametrize(
    ("path", "body", "status", "param"),
    [
        ("/api/ask", {}, 422, "question"),
        ("/api/ask", {"question": " \x00\u202e "}, 422, "question"),
        ("/api/ask", {"question": "x" * 2001}, 422, "question"),
        ("/api/ask", {"question": FIRE, "asof": "2023"}, 422, "asof"),
        ("/api/ask", {"question": FIRE, "as_of": "yesterday"}, 422, "as_of"),
        ("/api/ask", {"question": FIRE, "as_of": "0001-01-01T00:00+14:00"}, 422, "as_of"),
        ("/api/ask", {"question": FIRE, "as_of": 5}, 422, "as_of"),
        ("/api/ask", {"question": FIRE, "sources": ['a" after:2020-01-01']}, 422, "sources.0"),
        ("/api/ask", {"question": FIRE, "conversation": ["x"] * 101}, 422, "conversation"),
        ("/api/ask", [], 422, None),
        ("/api/search", {"question": FIRE, "limit": 101}, 422, "limit"),
        ("/api/find", {"text": "x" * 3001}, 422, "text"),
        ("/api/timeline", {"subject": FIRE, "format": "pdf"}, 422, "format"),
    ],
)
def test_an_error_names_the_field_and_never_repeats_what_was_sent(
    client: httpx.Client, path: str, body: object, status: int, param: str | None
) -> None:
    response = client.post(path, json=body)
    error = response.json()["error"]
    assert (response.status_code, error["param"]) == (status, param)
    assert error["message"].startswith(param or "the request")
    assert "xxx" not in error["message"]


def test_what_is_no_json_and_what_no_path_knows_is_an_error_in_json(client: httpx.Client) -> None:
    assert client.post("/api/ask", content=b"{").json()["error"]["code"] == "invalid_request"
    assert client.get("/api/unknown").json()["error"]["message"] == "not found"
    for wrong in (client.get("/api/ask"), client.post("/api/articles/x"), client.post("/v1/models")):
        assert (wrong.status_code, wrong.json()["error"]["type"]) == (405, "invalid_request_error")
    large = client.post("/api/ask", content=b" " * (1 << 20) + b"{}")
    assert (large.status_code, large.json()["error"]["message"]) == (413, "too large")


def test_a_fault_of_the_server_shows_nothing_of_itself(small_chatbot: Chatbot) -> None:
    def broken_clock() -> datetime:
        raise LookupError("a secret of the server")

    broken = Chatbot(small_chatbot.index, word_hash_model(), None, clock=broken_clock)
    with serving_chatbot(broken) as address:
        whole = httpx.post(f"{address}/api/ask", json={"question": FIRE})
        streamed = httpx.post(f"{address}/api/ask", json={"question": FIRE}, headers=EVENT_STREAM)
        assert (whole.status_code, whole.json()["error"]["code"]) == (500, "internal_error")
        assert events_of(streamed) == [("error", whole.json())]
        assert "secret" not in whole.text
        assert httpx.get(f"{address}/api/search", params={"question": FIRE}).status_code == 200


def test_lone_surrogates_and_control_characters_are_dropped_from_a_question(client: httpx.Client) -> None:
    body = rb'{"question": "Who died \ud800 in the \u0007ferry \u202efire?"}'
    answer = client.post("/api/ask", content=body, headers={"content-type": "application/json"}).json()
    assert answer["question"] == "Who died  in the ferry fire?"


def test_openapi_describes_every_route_and_is_valid(client: httpx.Client) -> None:
    from openapi_spec_validator import validate

    described = client.get(OPENAPI_PATH).json()
    validate(described)
    assert {"/api/ask", "/api/search", "/api/find", "/api/timeline", "/api/articles/{id}"} <= set(described["paths"])


def test_a_response_has_exactly_the_fields_that_openapi_describes(client: httpx.Client) -> None:
    schemas = client.get(OPENAPI_PATH).json()["components"]["schemas"]
    answer = client.post("/api/ask", json={"question": FIRE}).json()
    article = client.get(f"/api/articles/{answer['evidence'][0]['article']}").json()
    event = client.get("/api/timeline", params={"subject": "the ferry fire"}).json()["events"][0]
    hit = client.get("/api/search", params={"question": FIRE}).json()["hits"][0]
    printing = client.get("/api/find", params={"text": "ate the herring of Bo Lund"}).json()["first"]
    for name, value in {
        "Answer": answer,
        "Sentence": answer["sentences"][0],
        "Evidence": answer["evidence"][0],
        "Article": article,
        "Version": article["versions"][0],
        "TimelineEvent": event,
        "Hit": hit,
        "Printing": printing,
    }.items():
        assert set(value) == set(schemas[name]["properties"]), name


def test_health_and_metrics_tell_how_the_server_fares(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}
    client.post("/api/ask", json={"question": FIRE})
    metrics = client.get("/metrics").text
    assert 'dateline_requests_total{route="/api/ask",status="200"}' in metrics
    assert "dateline_requests_admitted 0.0" in metrics


def test_without_a_token_nobody_beyond_this_machine_can_ask(serve: Serve) -> None:
    with serve(Access(is_local=False)) as address:
        refused = httpx.post(f"{address}/api/ask", json={"question": FIRE})
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "no_token_set")
        assert "DATELINE_TOKEN" in refused.json()["error"]["message"]
        assert httpx.get(f"{address}/healthz").status_code == 200
        assert httpx.get(f"{address}/").status_code == 200  # the page is for readers


def test_with_a_token_only_programs_that_send_it_are_answered(serve: Serve) -> None:
    with serve(Access(TOKEN, is_local=False)) as address, httpx.Client(base_url=address, timeout=30) as client:
        for headers in ({}, {"authorization": f"Bearer {TOKEN}x"}, {"authorization": f"Basic {TOKEN}"}):
            refused = client.get("/v1/models", headers=headers)
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        answered = client.post("/api/ask", json={"question": FIRE}, headers={"authorization": f"Bearer {TOKEN}"})
        assert answered.json()["status"] == "answered"
        for path in sorted(PATHS - {"/healthz", "/readyz"}):
            assert client.get(path).status_code == 401


def test_foreign_hosts_and_pages_reach_no_route_of_programs(client: httpx.Client) -> None:
    for path in sorted(PATHS) + [f"{folder}x" for folder in FOLDERS]:
        assert client.get(path, headers={"host": "evil.example"}).status_code == 421
        assert client.post(path, json={}, headers={"origin": "http://evil.example"}).status_code == 403
        assert client.get(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_every_route_is_in_the_table_of_the_docs_and_open_in_the_wall(small_chatbot: Chatbot, tmp_path: Path) -> None:
    app = FastAPI(openapi_url=OPENAPI_PATH, docs_url=None, redoc_url=None)
    standing = StandingQuestions(small_chatbot, StandingStore(tmp_path), lambda: NOW)
    add_programs(app, small_chatbot, standing=standing)
    routed = set(app.openapi()["paths"]) | {OPENAPI_PATH, "/mcp"}
    table = Path(__file__).parents[3].joinpath("docs", "api.md").read_text(encoding="utf-8")
    documented = {
        path
        for line in table.splitlines()
        if line.startswith("| `")
        for path in re.findall(r"`[A-Z]+ (/\S+)`|`(/\S+)`", line)
        for path in path
        if path
    }
    assert routed == documented
    named = {str(getattr(route, "path", "")) for route in app.router.routes}
    assert {path for path in named if "{rest" not in path} <= routed | {""}
    assert {path.partition("{")[0] for path in routed} == PATHS | set(FOLDERS)
