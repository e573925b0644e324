"""Exchanges as JSON and back; the whole articles stay in the archive."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from chat.answer import Answer, Evidence, Sentence, Status, Support
from chat.publishing.progress import Progress
from chat.publishing.receipts import MadeWith
from chat.texts.notices import Notice, NoticeKind, plain
from chat.understanding.question import FilterKey, Question
from corpus.article import Article
from indexer.errors import ArchiveError
from indexer.storage.syndication import SyndicatedCopies
from web.conversations.conversation import Exchange

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FindArticle = Callable[[str, int], Article]  # by id and version; raises ArchiveError when it is gone
_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class KeptEvidence:
    """Evidence without its article, of which it has what is needed to name it when the archive has it no longer."""

    number: int
    article: str
    version: int
    start: int
    end: int
    score: float
    retrieved: float
    copies: SyndicatedCopies
    text: str
    title: str
    source: str
    url: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    utc_offset_minutes: int


@dataclass(frozen=True, slots=True)
class KeptSentence:
    """A sentence and the numbers of the evidence that it cites."""

    text: str
    citations: tuple[int, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class KeptExchange:
    """An exchange as it is written."""

    question: str
    asked_at: datetime
    as_of: datetime | None
    understood: Question | None
    evidence: tuple[KeptEvidence, ...]
    sentences: tuple[KeptSentence, ...]
    answered_at: datetime | None  # None: there is no finished answer
    status: Status
    notice: str  # in English, as earlier versions wrote it alone
    failure: str
    uncertain: bool
    removed: tuple[FilterKey, ...]
    writer: str
    judged: bool
    suggestions: tuple[str, ...]
    made_with: MadeWith | None
    notices: tuple[Notice, ...] = ()


def to_json(exchange: Exchange) -> str:
    """An exchange as a line of JSON, and a line with its checksum."""
    content = _adapter().dump_json(_kept(exchange))
    return f"{content.decode()}\n{_checksum(content)}"


def from_json(number: int, record: str, find_article: FindArticle) -> Exchange:
    """The exchange that was written; raises ValueError when it is damaged, or another version of Dateline wrote it."""
    content, _, checksum = record.partition("\n")
    if checksum and checksum != _checksum(content.encode()):  # records of earlier versions have none
        raise ValueError("the record has changed since it was written")
    kept = _adapter().validate_json(_with_notices(content))
    evidence = _with_articles(kept.evidence, find_article)
    by_number = {one.number: one for one in evidence}
    sentences = tuple(
        Sentence(one.text, tuple(by_number[n] for n in one.citations if n in by_number), one.support)
        for one in kept.sentences
    )
    answer = (
        Answer(sentences, evidence, kept.status, kept.answered_at, kept.notices or plain(kept.notice))
        if kept.answered_at is not None
        else None
    )
    progress = Progress(
        kept.question,
        evidence if kept.understood else None,
        sentences,
        answer=answer,
        failure=kept.failure,
        uncertain=kept.uncertain,
        as_of=kept.as_of,
        understood=kept.understood,
    )
    removed = frozenset(kept.removed)
    return Exchange(
        number, progress, kept.asked_at, removed, kept.writer, kept.judged, kept.suggestions, kept.made_with
    )


def _with_notices(content: str) -> str:
    """The record with notices for the labels of its filters, which earlier versions wrote as words."""
    if '"label":' not in content:
        return content
    record = json.loads(content)
    for one in (record["understood"] or {}).get("filters", ()):
        if "label" in one:
            one["notice"] = {"kind": NoticeKind.PLAIN, "what": one["label"]}
    return json.dumps(record)


def _checksum(content: bytes) -> str:
    return sha256(content).hexdigest()


@cache
def _adapter() -> "TypeAdapter[KeptExchange]":
    from pydantic import TypeAdapter

    return TypeAdapter(KeptExchange)


def _kept(exchange: Exchange) -> KeptExchange:
    progress, answer = exchange.progress, exchange.progress.answer
    return KeptExchange(
        question=progress.question,
        asked_at=exchange.asked_at,
        as_of=progress.as_of,
        understood=progress.understood,
        evidence=tuple(map(_without_article, progress.evidence or ())),
        sentences=tuple(
            KeptSentence(one.text, tuple(cited.number for cited in one.citations), one.support)
            for one in progress.sentences
        ),
        answered_at=answer.asked_at if answer else None,
        status=answer.status if answer else Status.PARTIAL,
        notice=answer.notice if answer else "",
        notices=answer.notices if answer else (),
        failure=progress.failure,
        uncertain=progress.uncertain,
        removed=tuple(sorted(exchange.removed)),
        writer=exchange.writer,
        judged=exchange.judged,
        suggestions=exchange.suggestions,
        made_with=exchange.made_with,
    )


def _without_article(evidence: Evidence) -> KeptEvidence:
    article = evidence.article
    return KeptEvidence(
        number=evidence.number,
        article=article.id,
        version=article.version,
        start=evidence.start,
        end=evidence.end,
        score=evidence.score,
        retrieved=evidence.retrieved,
        copies=evidence.copies,
        text=evidence.text,
        title=article.title,
        source=article.source,
        url=article.url,
        authors=article.authors,
        published_at=article.published_at,
        utc_offset_minutes=article.utc_offset_minutes,
    )


def _with_articles(kept: Iterable[KeptEvidence], find_article: FindArticle) -> tuple[Evidence, ...]:
    by_article: dict[tuple[str, int], list[KeptEvidence]] = {}
    for one in kept:
        by_article.setdefault((one.article, one.version), []).append(one)
    found = [one for some in by_article.values() for one in _of_one_article(some, find_article)]
    return tuple(sorted(found, key=lambda one: one.number))


def _of_one_article(kept: list[KeptEvidence], find_article: FindArticle) -> Iterable[Evidence]:
    """With the archive's article, or with one that consists of the kept words where the archive has others or none."""
    try:
        article = find_article(kept[0].article, kept[0].version)
    except ArchiveError:
        return _of_kept_words(kept)
    if any(article.text[one.start : one.end] != one.text for one in kept):
        return _of_kept_words(kept)
    return [_evidence(one, article, one.start) for one in kept]


def _of_kept_words(kept: list[KeptEvidence]) -> Iterable[Evidence]:
    first, start = kept[0], 0
    article = Article(
        id=first.article,
        version=first.version,
        url=first.url,
        source=first.source,
        title=first.title,
        text=_GAP.join(one.text for one in kept),
        authors=first.authors,
        published_at=first.published_at,
        utc_offset_minutes=first.utc_offset_minutes,
    )
    for one in kept:
        yield _evidence(one, article, start)
        start += len(one.text) + len(_GAP)


def _evidence(kept: KeptEvidence, article: Article, start: int) -> Evidence:
    return Evidence(kept.number, article, start, start + len(kept.text), kept.score, kept.retrieved, kept.copies)
