"""Adds articles to an archive: new and changed ones are cut into passages, embedded and stored."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np

from corpus.article import Article, ReadWarning, Unreadable
from corpus.readers.languages import with_language
from corpus.sentences import Span
from corpus.signatures import signature
from indexer.embedding.chunking import cut_passages
from indexer.embedding.model import EmbeddingModel
from indexer.storage.archive import Archive
from indexer.storage.integrity import StoredVersion
from indexer.storage.passage import embedded_text, text_hash
from indexer.storage.rows import Vector

LISTED = 1_000  # problems of one file; further ones are only counted
_BATCH_PASSAGES = 256


class Decision(StrEnum):
    """What an incoming article is to the archive."""

    ADD = "add"
    NEW_VERSION = "new version"
    KEEP = "keep"
    MEND = "mend"


@dataclass(frozen=True, slots=True)
class Report:
    """What a sync did."""

    added: int = 0
    new_versions: int = 0
    kept: int = 0
    mended: int = 0  # damaged versions that were stored again
    passages: int = 0  # of the articles added
    embedded: int = 0  # how many of these had to be embedded
    removed: int = 0  # by pruning: articles that were not in the input
    unreadable: tuple[Unreadable, ...] = ()  # at most LISTED of one file
    not_listed: int = 0  # further unreadable records
    warnings: tuple[ReadWarning, ...] = ()  # at most LISTED

    def __add__(self, later: "Report") -> "Report":
        """What two syncs did, one after the other."""
        totals = {one.name: getattr(self, one.name) + getattr(later, one.name) for one in dataclasses.fields(self)}
        return Report(**totals)

    @property
    def unread(self) -> int:
        """How many records could not be read."""
        return len(self.unreadable) + self.not_listed


def decide(stored: Sequence[StoredVersion], article: Article) -> tuple[Decision, int, int | None]:
    """What to do with an article whose stored versions these are.

    Returns its version number too, and the key of the damaged version that it replaces.
    """
    for one in stored:
        if not one.is_damaged and one.fingerprint == article.fingerprint:
            return Decision.KEEP, one.version, None
    for one in stored:
        if one.is_damaged and one.is_replaced_by(article):
            return Decision.MEND, one.version, one.key
    if not stored:
        return Decision.ADD, 1, None
    return Decision.NEW_VERSION, max(one.version for one in stored) + 1, None


def add_articles(
    records: Iterable[Article | Unreadable],
    archive: Archive,
    model: EmbeddingModel,
    claim: Callable[[], object],
    progress: Callable[[int], object],
) -> Report:
    """Add what is new or changed; `claim` is called before the first text is embedded.

    `progress` is told how many records have been seen.
    """
    intake = _Intake(archive, model, claim)
    for seen, record in enumerate(records, start=1):
        intake.take(record)
        progress(seen)
    intake.write()
    return intake.report()


@dataclass(frozen=True, slots=True)
class _Pending:
    article: Article
    replaces: int | None  # the key of the damaged version whose place it takes
    passages: tuple[tuple[Span, bytes], ...]
    texts: tuple[str, ...]


@dataclass(slots=True)
class _Intake:
    """Articles collected into batches that are embedded together, and what has been done so far."""

    archive: Archive
    model: EmbeddingModel
    claim: Callable[[], object]
    pending: dict[str, _Pending] = field(default_factory=dict)
    decisions: Counter[Decision] = field(default_factory=Counter)
    passages: int = 0
    embedded: int = 0
    problems: list[Unreadable] = field(default_factory=list)
    warnings: list[ReadWarning] = field(default_factory=list)
    problems_by_file: Counter[Path] = field(default_factory=Counter)

    def take(self, record: Article | Unreadable) -> None:
        if isinstance(record, ReadWarning):
            self.warnings += [record] if len(self.warnings) < LISTED else []
            return
        if isinstance(record, Unreadable):
            self.problems_by_file[record.path] += 1
            if self.problems_by_file[record.path] <= LISTED:
                self.problems.append(record)
            return
        if record.id in self.pending:
            self.write()
        stored = list(self.archive.stored_versions("article_id = ?", (record.id,)))
        decision, version, replaces = decide(stored, record)
        self.decisions[decision] += 1
        if decision is not Decision.KEEP:
            article = dataclasses.replace(with_language(record), version=version)
            self.pending[record.id] = _prepare(article, replaces, self.model)
            if sum(len(one.texts) for one in self.pending.values()) >= _BATCH_PASSAGES:
                self.write()

    def write(self) -> None:
        """Vectors first, then each article in its own transaction: a passage in the archive always has its vector."""
        texts = (text for one in self.pending.values() for text in one.texts)
        self.embedded += embed_missing(texts, self.archive, self.model, self.claim)
        for one in self.pending.values():
            packed = signature(one.article.text, one.article.title).pack()
            if one.replaces is None:
                self.archive.add(one.article, one.passages, packed)
            else:
                self.archive.replace_damaged(one.replaces, one.article, one.passages, packed)
            self.passages += len(one.passages)
        self.pending.clear()

    def report(self) -> Report:
        return Report(
            added=self.decisions[Decision.ADD],
            new_versions=self.decisions[Decision.NEW_VERSION],
            kept=self.decisions[Decision.KEEP],
            mended=self.decisions[Decision.MEND],
            passages=self.passages,
            embedded=self.embedded,
            unreadable=tuple(self.problems),
            not_listed=self.problems_by_file.total() - len(self.problems),
            warnings=tuple(self.warnings),
        )


def _prepare(article: Article, replaces: int | None, model: EmbeddingModel) -> _Pending:
    # A withdrawn version has no passages: from its moment on there is nothing of the article to be found.
    spans = () if article.is_withdrawn else cut_passages(article, model.count_wordpieces)
    texts = tuple(embedded_text(article, article.text[span.start : span.end]) for span in spans)
    return _Pending(
        article, replaces, tuple((span, text_hash(text)) for span, text in zip(spans, texts, strict=True)), texts
    )


def embed_missing(
    texts: Iterable[str], archive: Archive, model: EmbeddingModel, claim: Callable[[], object] = lambda: None
) -> int:
    """Embed the texts whose vectors are not stored, after calling `claim`; returns how many there were."""
    by_hash = {text_hash(text): text for text in texts}
    missing = by_hash.keys() - archive.vectors(model.fingerprint, by_hash).keys()
    wanted = sorted(missing, key=lambda digest: (len(by_hash[digest]), digest))
    if wanted:
        claim()
    archive.keep_vectors(model.fingerprint, dict(zip(wanted, _unit_vectors(by_hash, wanted, model), strict=True)))
    return len(wanted)


def _unit_vectors(by_hash: Mapping[bytes, str], wanted: list[bytes], model: EmbeddingModel) -> Iterator[Vector]:
    if not wanted:
        return
    for vector in model.embedding.get_text_embedding_batch([by_hash[digest] for digest in wanted]):
        values = np.asarray(vector, dtype=np.float32)
        yield values / max(float(np.linalg.norm(values)), 1e-12)
