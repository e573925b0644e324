"""Bringing an archive into step with the articles that come in."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from pathlib import Path

import numpy as np

from corpus.article import Article, Unreadable
from corpus.duplicates import signature
from corpus.readers.languages import with_language
from corpus.sentences import Span
from indexer.embedding.canary import check_canary
from indexer.embedding.chunking import PASSAGE_RULE, cut_passages
from indexer.embedding.model import EmbeddingModel
from indexer.errors import IndexerError, ModelMismatchError
from indexer.search.derived import bring_into_step, keywords_in_step
from indexer.storage.archive import Archive
from indexer.storage.browsing import article_ids
from indexer.storage.clusters import cluster_articles
from indexer.storage.file import FILE_NAME
from indexer.storage.lock import writing
from indexer.storage.passage import embedded_text, text_hash
from indexer.storage.rows import Vector

_BATCH_PASSAGES = 256


class Decision(StrEnum):
    """What an incoming article is to the archive."""

    ADD = "add"
    NEW_VERSION = "new version"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Report:
    """What a sync did."""

    added: int = 0
    new_versions: int = 0
    kept: int = 0
    passages: int = 0  # cut from what was added
    embedded: int = 0  # of these, how many had to be embedded
    removed: int = 0  # by pruning: articles that did not come in
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def seen(self) -> int:
        """How many records came in, readable or not."""
        return self.added + self.new_versions + self.kept + len(self.unreadable)


@dataclass(frozen=True, slots=True)
class _Pending:
    article: Article
    passages: tuple[tuple[Span, bytes], ...]
    texts: tuple[str, ...]


def decide(held: Mapping[str, int], article: Article) -> tuple[Decision, int]:
    """What to do with an article, given the fingerprints and numbers of its versions; with the version's number."""
    if (number := held.get(article.fingerprint)) is not None:
        return Decision.KEEP, number
    if not held:
        return Decision.ADD, 1
    return Decision.NEW_VERSION, max(held.values()) + 1


def sync(
    articles: Iterable[Article | Unreadable],
    folder: Path,
    model: EmbeddingModel,
    *,
    prune: float = 0.0,
    chroma: str | None = None,
    progress: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Add what is new and changed, then bring the derived indexes into step; safe to interrupt and to run again.

    With `prune`, articles that did not come in are removed, if all that came was readable and they are at most this
    share of what is held. With `chroma`, that server searches the vectors. Raises ArchiveBusyError, ArchiveError or
    ModelMismatchError before anything is changed.
    """
    came: set[str] = set()
    with writing(folder, create=True):
        archive = Archive(folder / FILE_NAME, create=True)
        try:
            _refuse_other_model(archive, model)
            _claim_rule(archive)
            keywords_in_step(folder, archive)  # so that a page can be opened while this goes on
            ready = cache(partial(_claim, archive, model))
            report = _take_in(_noting(articles, came), archive, model, ready, progress)
            if prune:
                report = _prune(archive, came, prune, report)
            if report.added or report.new_versions or report.removed:
                cluster_articles(archive)
            bring_into_step(folder, archive, model.fingerprint, chroma)
        finally:
            archive.close()
    return report


def _noting(articles: Iterable[Article | Unreadable], came: set[str]) -> Iterator[Article | Unreadable]:
    for one in articles:
        if isinstance(one, Article):
            came.add(one.id)
        yield one


def _prune(archive: Archive, came: set[str], largest_share: float, report: Report) -> Report:
    held = article_ids(archive)
    gone = [article_id for article_id in held if article_id not in came]
    if report.unreadable:
        raise IndexerError(
            f"nothing was pruned: {len(report.unreadable)} records could not be read, so that what is gone is not "
            f"known; the first is {report.unreadable[0]}"
        )
    if len(gone) > largest_share * len(held):
        raise IndexerError(
            f"nothing was pruned: {len(gone)} of {len(held)} articles did not come in; if they are to go, add --yes"
        )
    return dataclasses.replace(report, removed=archive.remove(gone) if gone else 0)


def _refuse_other_model(archive: Archive, model: EmbeddingModel) -> None:
    held = archive.state("model_fingerprint")
    if held not in (None, model.fingerprint):
        raise ModelMismatchError(
            f"{archive.path} was embedded with {archive.state('model_name')} ({held}), not with {model.name} "
            f"({model.fingerprint}); add with --embedding {archive.state('model_name')}, or into another data folder"
        )


def _claim(archive: Archive, model: EmbeddingModel) -> None:
    """The archive is this model's, once it is known to embed as before; where nothing is embedded, it is not loaded."""
    check_canary(archive, model)
    archive.set_state("model_fingerprint", model.fingerprint)
    archive.set_state("model_name", model.name)


def _claim_rule(archive: Archive) -> None:
    held = archive.state("passage_rule")
    if held not in (None, PASSAGE_RULE):
        raise ModelMismatchError(
            f"{archive.path} was cut into passages by another rule ({held}), not by {PASSAGE_RULE}; add with the "
            "Dateline that made it, or add all anew with: python -m indexer add PATH --data ANOTHER-FOLDER"
        )
    if held is None:
        archive.set_state("passage_rule", PASSAGE_RULE)


def _take_in(
    articles: Iterable[Article | Unreadable],
    archive: Archive,
    model: EmbeddingModel,
    ready: Callable[[], None],
    progress: Callable[[Report], None],
) -> Report:
    report = Report()
    pending: dict[str, _Pending] = {}
    for came in articles:
        if isinstance(came, Article) and came.id in pending:
            report = _write(pending, archive, model, ready, report)
        report = _weigh(came, archive, model, pending, report)
        if sum(len(one.texts) for one in pending.values()) >= _BATCH_PASSAGES:
            report = _write(pending, archive, model, ready, report)
        progress(report)
    report = _write(pending, archive, model, ready, report)
    progress(report)
    return report


def _weigh(
    came: Article | Unreadable, archive: Archive, model: EmbeddingModel, pending: dict[str, _Pending], report: Report
) -> Report:
    if isinstance(came, Unreadable):
        return dataclasses.replace(report, unreadable=(*report.unreadable, came))
    decision, version = decide(archive.fingerprints(came.id), came)
    if decision is Decision.KEEP:
        return dataclasses.replace(report, kept=report.kept + 1)
    pending[came.id] = _prepare(dataclasses.replace(with_language(came), version=version), model)
    if decision is Decision.ADD:
        return dataclasses.replace(report, added=report.added + 1)
    return dataclasses.replace(report, new_versions=report.new_versions + 1)


def _prepare(article: Article, model: EmbeddingModel) -> _Pending:
    spans = cut_passages(article, model.count_wordpieces)
    texts = tuple(embedded_text(article, article.text[span.start : span.end]) for span in spans)
    return _Pending(article, tuple((span, text_hash(text)) for span, text in zip(spans, texts, strict=True)), texts)


def _write(
    pending: dict[str, _Pending], archive: Archive, model: EmbeddingModel, ready: Callable[[], None], report: Report
) -> Report:
    """Vectors first, then each article in a transaction of its own: a passage in the archive always has its vector."""
    embedded = keep_vectors_of((text for one in pending.values() for text in one.texts), archive, model, ready)
    for one in pending.values():
        archive.add(one.article, one.passages, signature(one.article.text, one.article.title).pack())
    passages = sum(len(one.passages) for one in pending.values())
    pending.clear()
    return dataclasses.replace(report, passages=report.passages + passages, embedded=report.embedded + embedded)


def keep_vectors_of(
    texts: Iterable[str], archive: Archive, model: EmbeddingModel, ready: Callable[[], object] = lambda: None
) -> int:
    """Embed those of the texts whose vectors the archive does not hold, once `ready`; returns how many."""
    by_hash = {text_hash(text): text for text in texts}
    missing = by_hash.keys() - archive.vectors(model.fingerprint, by_hash).keys()
    wanted = sorted(missing, key=lambda digest: (len(by_hash[digest]), digest))
    if wanted:
        ready()
    archive.keep_vectors(model.fingerprint, dict(zip(wanted, _unit_vectors(by_hash, wanted, model), strict=True)))
    return len(wanted)


def _unit_vectors(by_hash: Mapping[bytes, str], wanted: list[bytes], model: EmbeddingModel) -> Iterator[Vector]:
    if not wanted:
        return
    for vector in model.embedding.get_text_embedding_batch([by_hash[digest] for digest in wanted]):
        values = np.asarray(vector, dtype=np.float32)
        yield values / max(float(np.linalg.norm(values)), 1e-12)
