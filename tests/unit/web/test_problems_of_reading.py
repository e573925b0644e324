"""What was not read and what is less reliable, as the archive tab says it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from chat.texts.table import ENGLISH, texts_in
from corpus.article import Article, Trouble, Unreadable
from corpus.collecting.at_address import read_address
from corpus.fetching.errors import (
    AddressRefusedError,
    FetchError,
    FetchTimeoutError,
    RobotsRefusedError,
    StatusError,
    TooLargeError,
    UnreachableError,
)
from corpus.fetching.fetcher import Fetcher
from corpus.findings import summarise
from corpus.readers import read_articles
from web.tabs.adding import problems_of

GERMAN = texts_in("de")
STORY = '{"title": "Bridge opens", "text": "It opened on Monday.", "source": "Post", "date": "2023-03-01"}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "nothing.json").write_text("[]")
    (tmp_path / "news.jsonl").write_text(f'{STORY}\n{STORY.replace("It opened", "It ...")}\n{{"title": broken\n')
    (tmp_path / "short.jsonl").write_text(STORY.replace("on Monday.", "on ..."))
    return tmp_path


def said(found: Sequence[Article | Unreadable], language: str) -> list[str]:
    return sorted(problems_of(summarise(found), texts_in(language)))


def test_why_files_are_not_read_is_said_in_german(folder: Path) -> None:
    problems = said(list(read_articles([folder])), "de")
    for expected in (
        "nicht gelesen: empty.txt: die Datei ist leer",
        "nicht gelesen: noise.bin: keine lesbare Form von Nachrichten;",
        "nicht gelesen: nothing.json: enthält keine Artikel",
        "nicht gelesen: news.jsonl, Zeile 3: nicht lesbar, bitte die Datei prüfen. Meldung auf Englisch: not JSON",
        "Hinweis: short.jsonl: nur eine Zusammenfassung oder der Anfang des Artikels",
    ):
        assert any(one.startswith(expected) for one in problems), (expected, problems)


def test_a_warning_about_some_articles_says_of_how_many_it_is_true(tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_text(f"{STORY}\n{STORY.replace('on Monday.', 'on ...')}\n")
    found = list(read_articles([tmp_path]))
    warning = "only a summary or the start of the story"
    assert said(found, "en") == [f"warning: news.jsonl: 1 of 2 articles: {warning} (such as “Bridge opens”)"]
    assert said(found, "de")[0].startswith("Hinweis: news.jsonl: 1 von 2 Artikeln: nur eine Zusammenfassung")


@pytest.mark.parametrize(
    ("error", "german"),
    [
        (AddressRefusedError("http://a.test/", "not a URL"), "diese Adresse wird nicht abgerufen"),
        (RobotsRefusedError("http://a.test/", "robots.txt disallows it"), "der Herausgeber verbietet das Abrufen"),
        (FetchTimeoutError("http://a.test/", "took too long"), "der Herausgeber antwortete nicht rechtzeitig"),
        (TooLargeError("http://a.test/", "larger than 5 MB"), "zu groß"),
        (StatusError("http://a.test/", 404, "Not Found"), "der Herausgeber antwortete mit einem Fehler"),
        (UnreachableError("http://a.test/", "refused"), "keine Antwort; bitte Adresse und Netz prüfen"),
    ],
)
def test_why_an_address_cannot_be_had_is_said_in_german_with_the_address(error: FetchError, german: str) -> None:
    unreadable = Unreadable(Path("address"), str(error), trouble=error.trouble)
    [problem] = said([unreadable], "de")
    assert problem.startswith(f"nicht gelesen: {german}")
    assert problem.endswith(f"({error})")


def test_an_address_that_is_refused_keeps_its_kind_on_the_way() -> None:
    with pytest.raises(AddressRefusedError) as refused:
        list(read_address("ftp://a.test/", Fetcher()))
    assert refused.value.trouble is Trouble.ADDRESS_REFUSED
    assert ENGLISH("trouble.address_refused", reason=refused.value).startswith("ftp://a.test/: not http or https; give")
