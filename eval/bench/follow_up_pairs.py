"""Pairs of questions: how often the second is rightly read as a follow-up or as a new subject, and its first hit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from chat.chatbot import Chatbot
from eval.bench.asking import last_moment
from eval.bench.bench import Bench
from eval.datasets.form import article_id
from eval.datasets.records import json_records, text_field, texts_field
from eval.errors import DatasetError
from eval.progress import Progress


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions in a row about one archive."""

    id: str
    archive: str  # the name of the evaluation set whose articles they are about
    split: str
    before: str
    question: str
    chained: bool  # whether the second follows the first
    articles: frozenset[str]  # ids of those that answer the second; empty where none is known


@dataclass(frozen=True, slots=True)
class PairResult:
    """How the second question of a pair was understood, and whether its first hit is an article that answers."""

    pair: Pair
    chained: bool
    first_hit: bool | None  # None where no article is known

    @property
    def right(self) -> bool:
        """Whether it was rightly read as a follow-up, or as a new subject."""
        return self.chained == self.pair.chained


def read_pairs(path: Path, archive: str, split: str | None) -> tuple[Pair, ...]:
    """The pairs about one archive; raises DatasetError with file and line."""
    pairs = tuple(
        Pair(
            id=text_field(row, "pair_id", place),
            archive=text_field(row, "archive", place),
            split=text_field(row, "split", place),
            before=text_field(row, "before", place),
            question=text_field(row, "question", place),
            chained=row.get("chained") is True,
            articles=frozenset(map(article_id, texts_field(row, "articles", place))),
        )
        for place, row in json_records(path)
    )
    kept = tuple(one for one in pairs if one.archive == archive and split in (None, one.split))
    if not kept:
        raise DatasetError(
            path, None, f"no pairs about the archive {archive!r}{f' in the split {split!r}' if split else ''}"
        )
    return kept


def ask_pairs(pairs: Sequence[Pair], bench: Bench, progress: Progress) -> Iterator[PairResult]:
    """Each second question, asked after the answer to the first, the day after the newest article."""
    as_of = last_moment(bench.index)
    chatbot = Chatbot(bench.index, bench.model, None, clock=lambda: as_of)
    for done, pair in enumerate(pairs, start=1):
        yield ask_pair(pair, chatbot, as_of)
        progress(done, len(pairs))


def ask_pair(pair: Pair, chatbot: Chatbot, as_of: datetime) -> PairResult:
    """The second question, asked after the answer to the first."""
    turn = chatbot.turn(pair.before, as_of=as_of)
    question = chatbot.understand(pair.question, conversation=[turn], as_of=as_of)
    hits = chatbot.search.hits(question, 1) if pair.articles else ()
    found = any(hit.passage.article_id in pair.articles for hit in hits) if pair.articles else None
    return PairResult(pair, bool(question.follows), found)


def report_of(results: Sequence[PairResult]) -> str:
    """The share of right readings and of first hits, and the pairs that were misread, one a line."""
    lines = [
        f"misread as {'a follow-up' if one.chained else 'new'}: {one.pair.before} | {one.pair.question}"
        for one in results
        if not one.right
    ]
    for name, kept in (("follow-ups", True), ("new subjects", False)):
        part = [one for one in results if one.pair.chained is kept]
        hits = [one.first_hit for one in part if one.first_hit is not None]
        lines.append(f"{name}: {_share([one.right for one in part])} rightly read, hit@1 {_share(hits)}")
    return "\n".join([*lines, f"all pairs: {_share([one.right for one in results])} rightly read"])


def _share(values: Sequence[bool]) -> str:
    return f"{sum(values)} of {len(values)} ({sum(values) / len(values):.2f})" if values else "none"
