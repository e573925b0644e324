"""The common shape of evaluation sets: questions with gold over articles."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from corpus.article import Article, Unreadable, new_article
from corpus.readers import read_articles
from eval.errors import DatasetError


@dataclass(frozen=True, slots=True)
class Place:
    """The file and line that something was read from, for messages."""

    path: Path
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """One relevance judgement: an article and, where known, its sentence that answers."""

    article_id: str
    place: Place = field(compare=False)
    written: str = ""  # the id or address in the file
    version: int | None = None  # None: any version
    sentence: str | None = None  # verbatim
    part: int = 1  # sentences of one part are alternatives; every part is needed
    grade: int = 1  # 0: judged not relevant


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalQuestion:
    """A question with its gold and its accepted answers."""

    id: str
    text: str
    place: Place = field(compare=False)
    kind: str = ""
    as_of: datetime | None = None  # None: after the newest article
    earlier: tuple[tuple[str, str], ...] = ()  # question and answer, oldest first
    gold: tuple[Gold, ...] = ()
    answers: tuple[str, ...] = ()  # any one counts, unless `all_answers`
    all_answers: bool = False
    wrong: tuple[str, ...] = ()  # answers that would be mistakes
    choices: tuple[str, ...] = ()
    answerable: bool = True
    split: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Questions over articles, which are read only when `articles` is called."""

    name: str
    questions: tuple[EvalQuestion, ...]
    articles: Callable[[], Iterator[Article | Unreadable]]
    article_files: tuple[Path, ...]
    published_measures: bool = False  # MultiHop-RAG's own, beside the standard ones
    note: str = ""  # what to know about the set when reading its figures

    @property
    def content(self) -> str:
        """SHA-256, in hex, of the article files: the key of their index."""
        digest = hashlib.sha256()
        for path in self.article_files:
            digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()

    @property
    def questions_content(self) -> str:
        """SHA-256, in hex, of the questions with gold and answers."""
        lines = [repr(replace(question, place=_NOWHERE, gold=_unplaced(question.gold))) for question in self.questions]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


_NOWHERE = Place(Path(), None)


def _unplaced(gold: Iterable[Gold]) -> tuple[Gold, ...]:
    return tuple(replace(one, place=_NOWHERE) for one in gold)


def article_id(written: str) -> str:
    """The archive's id of an article that a file names by address or id."""
    if written.startswith(("http://", "https://")):
        return new_article(title="-", text="-", url=written).id
    return written


def files_of(path: Path) -> tuple[Path, ...]:
    """The files at a path, sorted."""
    return tuple(sorted(one for one in path.rglob("*") if one.is_file())) if path.is_dir() else (path,)


def own_articles(paths: Iterable[Path]) -> Callable[[], Iterator[Article | Unreadable]]:
    """Articles in any format that the project reads."""
    files = list(paths)
    return lambda: read_articles(files)


def check_questions(dataset: Dataset, path: Path) -> Dataset:
    """The dataset, if every question has a unique id and a text; raises DatasetError otherwise."""
    if not dataset.questions:
        raise DatasetError(path, None, "it has no questions")
    times = Counter(question.id for question in dataset.questions)
    for question in reversed(dataset.questions):
        place = question.place
        if times[question.id] > 1:
            raise DatasetError(place.path, place.line, f"question id {question.id!r} occurs twice; ids must be unique")
        if not question.id or question.id.split() != [question.id]:
            raise DatasetError(place.path, place.line, f"question id {question.id!r} must not be empty or have spaces")
        if not question.text.strip():
            raise DatasetError(place.path, place.line, f"question {question.id} has no text")
    return dataset


def check_gold(dataset: Dataset, known: Collection[str]) -> None:
    """Raises DatasetError for a judgement of an unknown article."""
    for question in dataset.questions:
        for one in question.gold:
            if one.article_id not in known:
                reason = f"question {question.id} names the article {one.written!r}, which is not among the articles"
                raise DatasetError(one.place.path, one.place.line, reason)
