"""Taking articles out of an archive."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from corpus.addresses import normalise_address
from indexer.errors import IndexerError
from indexer.search.derived import bring_into_step, build_anew_without_removed
from indexer.storage.archive import Archive
from indexer.storage.browsing import article_ids
from indexer.storage.clusters import cluster_articles
from indexer.storage.file import FILE_NAME
from indexer.storage.lock import writing

_PURGE, _BEGUN = "purge", "begun"


def choose(
    archive: Archive,
    *,
    address: str | None = None,
    source: str | None = None,
    published_from: datetime | None = None,
    published_before: datetime | None = None,
) -> list[str]:
    """The ids of the articles that fit all that is given; raises IndexerError when nothing is given or none fits."""
    if not any((address, source, published_from, published_before)):
        raise IndexerError("nothing says which articles are meant; give --address, --source, --from or --before")
    found = article_ids(
        archive,
        url=normalise_address(address) or address if address else None,
        source=source,
        published_from=published_from,
        published_before=published_before,
    )
    if not found:
        raise IndexerError(f"no article in {archive.path} fits; see what it holds with: python -m indexer status")
    return found


def remove(folder: Path, chosen: Callable[[Archive], Sequence[str]], chroma: str | None = None) -> int:
    """Remove the chosen articles, and from the derived indexes what can be found of them; returns how many."""
    return _take_out(folder, chosen, partial(bring_into_step, chroma=chroma))


def purge(folder: Path, chosen: Callable[[Archive], Sequence[str]], chroma: str | None = None) -> int:
    """Remove the chosen articles so that no file under the folder holds a word of them; returns how many.

    What was interrupted is finished by any further purge, also by one that nothing fits, or by the doctor.
    """

    def begin(archive: Archive) -> Sequence[str]:
        try:
            article_ids = chosen(archive)
        except IndexerError:
            if not is_purge_unfinished(archive):
                raise
            return []
        archive.set_state(_PURGE, _BEGUN)
        return article_ids

    return _take_out(folder, begin, partial(finish_purge, chroma=chroma))


def is_purge_unfinished(archive: Archive) -> bool:
    """Whether files may still hold words of articles that were to be purged."""
    return archive.state(_PURGE) == _BEGUN


def finish_purge(folder: Path, archive: Archive, model: str, chroma: str | None = None) -> None:
    """Leave no word of removed articles in any file; for the writer. Raises ArchiveError while somebody reads them."""
    build_anew_without_removed(folder, archive, model, chroma)
    archive.erase_removed()
    archive.set_state(_PURGE, "")


def _take_out(
    folder: Path, chosen: Callable[[Archive], Sequence[str]], follow: Callable[[Path, Archive, str], None]
) -> int:
    with writing(folder):
        archive = Archive(folder / FILE_NAME)
        try:
            removed = archive.remove(chosen(archive))
            cluster_articles(archive)
            follow(folder, archive, archive.state("model_fingerprint") or "")
        finally:
            archive.close()
    return removed
