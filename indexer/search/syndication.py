"""The syndicated copies of an article that a scope allows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from indexer.search.scope import PassageTable, Scope
from indexer.storage.archive import Archive
from indexer.storage.syndication import SyndicatedCopies, SyndicatedCopy

_LISTED = 8


def other_copies(
    article_ids: Sequence[str], archive: Archive, table: PassageTable, scope: Scope
) -> dict[str, SyndicatedCopies]:
    """For each article with syndicated copies: these, in the version that stood, in the order of publication."""
    rows = archive.syndicated_copies(article_ids)
    if not rows:
        return {}
    mask = table.allowed(scope)
    stories: dict[str, dict[str, SyndicatedCopy]] = defaultdict(dict)
    for (cluster_id, _, copy), row in zip(rows, table.rows_of([passage_id for _, passage_id, _ in rows]), strict=True):
        if row >= 0 and mask[row]:
            stories[cluster_id][copy.article_id] = copy
    wanted = set(article_ids)
    return {
        own: _first(copy for copy in story.values() if copy.article_id != own)
        for story in stories.values()
        for own in wanted.intersection(story)
    }


def _first(copies: Iterable[SyndicatedCopy]) -> SyndicatedCopies:
    found = tuple(copies)
    return SyndicatedCopies(found[:_LISTED], len(found[_LISTED:]))
