"""Standing questions over HTTP: saved, reported once, followed in a feed that is valid Atom, deleted."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import feedparser
import httpx
import pytest
from lxml import etree

from chat.chatbot import Chatbot
from chat.standing.asking import StandingQuestions
from chat.standing.store import StandingStore
from indexer.sync import sync
from tests.archive_server import open_small_archive, serving_chatbot
from tests.articles import article
from tests.atom_schema import faults_of
from tests.fakes import word_hash_model
from tests.scripted_chatbot import NOW
from web.api.access import Access

FIRE = "How many people died in the fire on the ferry Grey Petrel?"
TOKEN = "a-token-of-some-length"
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
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo
    (entry,) = parsed.entries
    assert "eleven" in entry.title.lower()
    assert b"<script" not in response.content
    again = served.client.get(saved["feed"], headers={"if-none-match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


WRONG = (
    (b"updated>", b"changed>"),
    (b'rel="self"', b'rel="via"'),
    (b"urn:uuid:", b"number "),
    (b"+00:00</updated>", b"</updated>"),
    (b"T", b" "),
    (b"<title>", b"<title/><title>"),
    (b"<author>", b"<writer>"),
    (b"<name>Dateline</name>", b""),
    (b'href="http', b'address="http'),
    (b"<content", b"<text"),
    (b'type="text"', b'type="plain"'),
)


def test_a_checker_of_feeds_that_finds_no_fault_has_looked(served: Served) -> None:
    saved = served.client.post("/api/standing", json={"question": FIRE}).json()
    served.add(HOSTILE, "2023-03-25")
    feed = served.client.get(saved["feed"]).content
    assert list(faults_of(feed)) == []
    for right, wrong in WRONG:
        assert right in feed
        try:
            assert list(faults_of(feed.replace(right, wrong))), wrong
        except etree.XMLSyntaxError:
            continue
    id = re.search(rb"<entry>.*?</entry>", feed, re.DOTALL)
    assert id
    assert "ids that are not unique" in list(faults_of(feed.replace(id[0], id[0] * 2)))


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
