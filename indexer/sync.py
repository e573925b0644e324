"""Brings an archive into step with the articles given to it."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path

from corpus.article import Article, Unreadable
from indexer.adding import Report, add_articles
from indexer.embedding.canary import check_canary
from indexer.embedding.chunking import PASSAGE_RULE
from indexer.embedding.model import EmbeddingModel
from indexer.errors import IndexerError, ModelMismatchError
from indexer.search.derived import bring_into_step, keywords_in_step
from indexer.storage.archive import Archive
from indexer.storage.browsing import article_ids
from indexer.storage.clusters import keep_clusters
from indexer.storage.file import FILE_NAME
from indexer.storage.lock import writing


def sync(
    records: Iterable[Article | Unreadable],
    folder: Path,
    model: EmbeddingModel,
    *,
    prune: float = 0.0,
    chroma: str | None = None,
    progress: Callable[[int], object] = lambda seen: None,
) -> Report:
    """Add what is new and changed, then update the derived indexes; safe to interrupt and to run again.

    With `prune`, stored articles that are not among the records are removed, provided that every record was readable
    and that they are at most this share of the archive. With `chroma`, that server searches the vectors. `progress` is
    told how many records have been seen. Raises ArchiveBusyError, ArchiveError or ModelMismatchError before anything
    is changed.
    """
    incoming: set[str] = set()
    with writing(folder, create=True):
        archive = Archive(folder / FILE_NAME, create=True)
        try:
            _refuse_other_model(archive, model)
            _claim_rule(archive)
            keep_clusters(archive)
            keywords_in_step(folder, archive).finish()  # so that a page can be opened meanwhile
            claim = cache(partial(_claim, archive, model))
            report = add_articles(_noting(records, incoming), archive, model, claim, progress)
            if prune:
                report = _prune(archive, incoming, prune, report)
            bring_into_step(folder, archive, model.fingerprint, chroma)
        finally:
            archive.close()
    return report


def _noting(records: Iterable[Article | Unreadable], incoming: set[str]) -> Iterator[Article | Unreadable]:
    for record in records:
        if isinstance(record, Article):
            incoming.add(record.id)
        yield record


def _prune(archive: Archive, incoming: set[str], largest_share: float, report: Report) -> Report:
    stored = article_ids(archive)
    gone = [article_id for article_id in stored if article_id not in incoming]
    if report.unread:
        raise IndexerError(
            f"nothing was pruned: {report.unread} records could not be read, so it is not known which articles are "
            f"gone; the first is {report.unreadable[0]}"
        )
    if len(gone) > largest_share * len(stored):
        raise IndexerError(
            f"nothing was pruned: {len(gone)} of {len(stored)} articles are missing from the input; to remove them, "
            "add --yes"
        )
    return dataclasses.replace(report, removed=archive.remove(gone) if gone else 0)


def _refuse_other_model(archive: Archive, model: EmbeddingModel) -> None:
    made_with = archive.state("model_fingerprint")
    if made_with not in (None, model.fingerprint):
        raise ModelMismatchError(
            f"{archive.path} was embedded with {archive.state('model_name')} ({made_with}), not with {model.name} "
            f"({model.fingerprint}); add with --embedding {archive.state('model_name')}, or into another data folder"
        )


def _claim(archive: Archive, model: EmbeddingModel) -> None:
    """Record that the archive is this model's, once it is known to give the same vectors as before.

    Called only when something is embedded, because it loads the model.
    """
    check_canary(archive, model)
    archive.set_state("model_fingerprint", model.fingerprint)
    archive.set_state("model_name", model.name)


def _claim_rule(archive: Archive) -> None:
    stored = archive.state("passage_rule")
    if stored not in (None, PASSAGE_RULE):
        raise ModelMismatchError(
            f"{archive.path} was cut into passages by another rule ({stored}), not by {PASSAGE_RULE}; add with the "
            "Dateline that made it, or add everything again with: python -m indexer add PATH --data ANOTHER-FOLDER"
        )
    if stored is None:
        archive.set_state("passage_rule", PASSAGE_RULE)
