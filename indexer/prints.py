"""The other articles that print an article's story, as far as a scope lets them be seen."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.archive import Archive
    from indexer.scope import PassageTable, Scope

_LISTED = 8


@dataclass(frozen=True, slots=True)
class Print:
    """A version of an article, without its text."""

    article_id: str
    version: int
    title: str
    source: str
    published_at: datetime | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Prints:
    """The first prints of a story beside the one that stands for it, and how many more there are."""

    listed: tuple[Print, ...] = ()
    more: int = 0

    def __len__(self) -> int:
        return len(self.listed) + self.more


ALONE = Prints()


def other_prints(
    article_ids: Sequence[str], archive: "Archive", table: "PassageTable", scope: "Scope"
) -> dict[str, Prints]:
    """For each of the articles whose story others print too: these, as they stood, in the order of publication."""
    rows = archive.prints(article_ids)
    if not rows:
        return {}
    mask = table.allowed(scope)
    stories: dict[str, dict[str, Print]] = defaultdict(dict)
    for (cluster_id, _, one), row in zip(rows, table.rows_of([passage_id for _, passage_id, _ in rows]), strict=True):
        if row >= 0 and mask[row]:
            stories[cluster_id][one.article_id] = one
    wanted = set(article_ids)
    return {
        own: _prints(one for one in story.values() if one.article_id != own)
        for story in stories.values()
        for own in wanted.intersection(story)
    }


def _prints(others: Iterable[Print]) -> Prints:
    held = tuple(others)
    return Prints(held[:_LISTED], len(held[_LISTED:]))
