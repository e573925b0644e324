"""Standing questions over HTTP: saved, reported once, followed in a feed that is valid Atom, deleted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import httpx
import pytest

from chat.chatbot import Chatbot
from chat.standing.asking import StandingQuestions
from chat.standing.store import StandingStore
from indexer.sync import sync
from tests.archive_server import open_small_archive, serving_chatbot
from tests.articles import article
from tests.fakes import word_hash_model
from tests.scripted_chatbot import NOW
from web.api.access import Access

FIRE = "How many people died in the fire on the ferry Grey Petrel?"
TOKEN = "a-token-of-some-length"
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = 'Eleven people died in the fire on the ferry Grey Petrel, <script>alert("1")</script> & ]]> said.'


@dataclass
class Served:
    client: httpx.Client
    standing: StandingQuestions
    add: Callable[[str, str], None]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with open_small_archive(tmp_path) as chatbot:
        standing = standing_of(chatbot, tmp_path)

        def add(text: str, day: str) -> None:
            sync([article(f"Ferry fire on {day}", text, day=day)], tmp_path, word_hash_model())
            standing.ask_again()

        with (
            serving_chatbot(chatbot, standing=standing) as address,
            httpx.Client(base_url=address, timeout=30) as client,
        ):
            yield Served(client, standing, add)


def standing_of(chatbot: Chatbot, folder: Path) -> StandingQuestions:
    return StandingQuestions(chatbot, StandingStore(folder), lambda: NOW)


def faults_of(feed: bytes) -> Iterator[str]:
    """What RFC 4287 forbids in a feed of ours."""
    root = ElementTree.fromstring(feed)
    if root.tag != f"{ATOM}feed":
        yield "not a feed"
    own = [one.get("href") for one in root.findall(f"{ATOM}link") if one.get("rel") == "self"]
    if len(own) != 1:
        yield "no address of its own"
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            found = element.findall(f"{ATOM}{name}")
            if len(found) != 1 or not (found[0].text or "").strip():
                yield f"{element.tag} has {len(found)} of {name}"
        if not element.findtext(f"{ATOM}updated", "").endswith(("Z", "+00:00")):
            yield "a moment without an offset"
    if root.findtext(f"{ATOM}author/{ATOM}name") is None:
        yield "no author"
    ids = [one.text for one in root.iter(f"{ATOM}id")]
    if len(set(ids)) != len(ids) or not all(one and one.startswith(("urn:uuid:", "http://")) for one in ids):
        yield f"ids are not URIs of their own: {ids}"
    known = {"feed", "entry", "id", "title", "updated", "author", "name", "link", "content"}
    if unknown := {one.tag.removeprefix(ATOM) for one in root.iter()} - known:
        yield f"unknown elements: {unknown}"
    if feedparser.parse(feed).bozo:
        yield "feedparser does not accept it"


def test_a_standing_question_is_saved_reported_followed_and_deleted(served: Served) -> None:
    client = served.client
    saved = client.post("/api/standing", json={"question": FIRE})
    assert (saved.status_code, saved.json()["changes"]) == (201, [])
    path = f"/api/standing/{saved.json()['id']}"
    assert client.post("/api/standing", json={"question": FIRE}).json()["id"] == saved.json()["id"]
    served.add("A walrus ate herring. The ferry sailed.", "2023-03-24")
    assert client.get(path).json()["changes"] == []
    served.add("Eleven people died in the fire on the ferry Grey Petrel, the fire service said.", "2023-03-25")
    (change,) = client.get(path).json()["changes"]
    assert [one["kind"] for one in change["reasons"]] == ["figure"]
    assert "eleven" in change["reasons"][0]["text"]
    assert change["answer"]["evidence"][0]["published_at"].startswith("2023-03-25")
    assert client.get("/api/standing").json()["standing_questions"] == [client.get(path).json()]
    assert client.delete(path).status_code == 204
    for gone in (client.get(path), client.delete(path), client.get(f"{path}/feed")):
        assert (gone.status_code, gone.json()["error"]["param"]) == (404, "id")
    assert client.get("/api/standing").json() == {"standing_questions": []}


def test_the_feed_is_valid_atom_whatever_an_article_holds(served: Served) -> None:
    saved = served.client.post("/api/standing", json={"question": f"{FIRE} <b>&amp;</b>"}).json()
    empty = served.client.get(saved["feed"])
    assert list(faults_of(empty.content)) == []
    served.add(HOSTILE, "2023-03-25")
    response = served.client.get(saved["feed"])
    assert response.headers["content-type"].startswith("application/atom+xml")
    assert list(faults_of(response.content)) == []
    (entry,) = feedparser.parse(response.content).entries
    assert "eleven" in entry.title.lower()
    assert b"<script" not in response.content
    again = served.client.get(saved["feed"], headers={"if-none-match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_checker_of_feeds_that_finds_no_fault_has_looked(served: Served) -> None:
    saved = served.client.post("/api/standing", json={"question": FIRE}).json()
    feed = served.client.get(saved["feed"]).content
    for wrong in (feed.replace(b"updated>", b"changed>"), feed.replace(b"self", b"via")):
        assert list(faults_of(wrong))


def test_a_feed_needs_no_token_and_everything_else_does(tmp_path: Path) -> None:
    with open_small_archive(tmp_path) as chatbot:
        standing = standing_of(chatbot, tmp_path)
        id = standing.save(FIRE).id
        with (
            serving_chatbot(chatbot, Access(TOKEN, is_local=False), standing) as address,
            httpx.Client(base_url=address) as client,
        ):
            assert client.get(f"/api/standing/{id}/feed").status_code == 200
            for path in ("/api/standing", f"/api/standing/{id}", "/api/standing/x/feed"):
                assert client.get(path).status_code == 401
            assert client.delete(f"/api/standing/{id}").status_code == 401
            foreign = client.delete(
                f"/api/standing/{id}", headers={"origin": "http://evil.example", "authorization": f"Bearer {TOKEN}"}
            )
            assert foreign.status_code in (403, 405)
            assert client.delete("/api/ask").status_code == 405


def test_a_readers_question_is_no_business_of_programs(served: Served) -> None:
    own = served.standing.save(FIRE, owner="a reader")
    assert served.client.get("/api/standing").json() == {"standing_questions": []}
    assert served.client.get(f"/api/standing/{own.id}").status_code == 404
    assert served.client.delete(f"/api/standing/{own.id}").status_code == 404


@pytest.mark.parametrize("question", ["Hello!", "Thank you"])
def test_what_asks_for_no_news_is_not_saved(served: Served, question: str) -> None:
    refused = served.client.post("/api/standing", json={"question": question})
    assert refused.status_code == 400
    assert "no news" in refused.json()["error"]["message"]


def test_a_look_back_cannot_stand(served: Served) -> None:
    refused = served.client.post("/api/standing", json={"question": FIRE, "as_of": "2023-03-16"})
    assert (refused.status_code, refused.json()["error"]["param"]) == (422, "as_of")
