"""Removes articles from an archive, and purges them from every file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from corpus.addresses import normalise_address
from indexer.errors import IndexerError
from indexer.purging_files import purge_lines
from indexer.search.derived import bring_into_step, rebuild_without_removed
from indexer.storage.archive import Archive
from indexer.storage.browsing import article_ids
from indexer.storage.clusters import keep_clusters
from indexer.storage.file import FILE_NAME
from indexer.storage.lock import writing

_PURGE, _BEGUN = "purge", "begun"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles are meant: those that fit everything given."""

    address: str | None = None
    source: str | None = None
    published_from: datetime | None = None
    published_before: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is given."""
        return not any((self.address, self.source, self.published_from, self.published_before))

    @property
    def url(self) -> str | None:
        """The address as the archive has it."""
        return normalise_address(self.address) or self.address if self.address else None


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What a purge did."""

    articles: int
    files: tuple[Path, ...]  # with words of purged articles


Choose = Callable[[Archive], Sequence[str]]


def choose(archive: Archive, selection: Selection) -> list[str]:
    """The ids of the selected articles; raises IndexerError when nothing is given or nothing fits."""
    if selection.is_empty:
        raise IndexerError("no articles are selected; give --address, --source, --from or --before")
    found = article_ids(
        archive,
        url=selection.url,
        source=selection.source,
        published_from=selection.published_from,
        published_before=selection.published_before,
    )
    if not found:
        raise IndexerError(f"no article in {archive.path} fits; see what is in it with: python -m indexer status")
    return found


def _chosen(archive: Archive, selected: Selection | Choose) -> Sequence[str]:
    return choose(archive, selected) if isinstance(selected, Selection) else selected(archive)


def remove(folder: Path, selected: Selection | Choose, chroma: str | None = None) -> int:
    """Remove the selected articles from the archive and from search; returns how many."""
    with writing(folder):
        archive = Archive(folder / FILE_NAME)
        try:
            keep_clusters(archive)
            removed = archive.remove(_chosen(archive, selected))
            bring_into_step(folder, archive, archive.state("model_fingerprint") or "", chroma)
        finally:
            archive.close()
    return removed


def purge(
    folder: Path,
    selected: Selection | Choose,
    chroma: str | None = None,
    *,
    all_removed: bool = False,
    delete_files: bool = False,
) -> PurgeReport:
    """Erase the selected articles from every file under the folder.

    Articles removed earlier are purged too, those that fit or, with `all_removed`, all of them. A purge that was
    interrupted is finished by any further one, also by one that nothing fits, or by the doctor.
    """
    with writing(folder):
        archive = Archive(folder / FILE_NAME)
        try:
            keep_clusters(archive)
            count = _begin(archive, selected, all_removed=all_removed)
            model = archive.state("model_fingerprint") or ""
            files = finish_purge(folder, archive, model, chroma, delete_files=delete_files)
        finally:
            archive.close()
    return PurgeReport(count, files)


def _begin(archive: Archive, selected: Selection | Choose, *, all_removed: bool) -> int:
    """Mark and remove what is to be purged; returns how many articles."""
    was_unfinished = is_purge_unfinished(archive)
    archive.set_state(_PURGE, _BEGUN)
    earlier = 0
    if all_removed:
        earlier = archive.mark_removed_to_purge()
    elif isinstance(selected, Selection) and not selected.is_empty:
        earlier = archive.mark_removed_to_purge(
            url=selected.url,
            source=selected.source,
            published_from=selected.published_from,
            published_before=selected.published_before,
        )
    try:
        return earlier + archive.remove(_chosen(archive, selected), to_purge=True)
    except IndexerError:
        if earlier or was_unfinished or all_removed:
            return earlier
        archive.set_state(_PURGE, "")
        raise


def is_purge_unfinished(archive: Archive) -> bool:
    """Whether files may still have words of purged articles."""
    return archive.state(_PURGE) == _BEGUN


def finish_purge(
    folder: Path, archive: Archive, model: str, chroma: str | None = None, *, delete_files: bool = False
) -> tuple[Path, ...]:
    """Erase purged articles from every file, for the writer; returns the other files that still have their words.

    Raises ArchiveError while another process reads the archive.
    """
    rebuild_without_removed(folder, archive, model, chroma)
    archive.erase_removed()
    files = purge_lines(folder, archive.traces_to_purge())
    for path in files if delete_files else ():
        path.unlink()
    left = () if delete_files else tuple(files)
    if not left:
        archive.forget_purged()
        archive.erase_deleted()
        archive.set_state(_PURGE, "")
    return left
