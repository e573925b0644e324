"""What the opening page shows of an archive: its latest stories, those of this day, its subjects of the last week."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chat.answer import Evidence
from chat.front.examples import followed_subjects
from chat.listing.headlines import newest_in
from indexer.search.index import Index
from indexer.search.scope import Scope

LATEST, ON_THIS_DAY, SUBJECTS = 5, 4, 6
_YEARS_LOOKED_BACK = 30
_WEEK = timedelta(days=7)
_OF_THE_WEEK = 200  # stories


@dataclass(frozen=True, slots=True)
class Front:
    """Stories, as evidence for their first sentences, each with its syndicated copies, and subjects."""

    latest: tuple[Evidence, ...] = ()
    on_this_day: tuple[Evidence, ...] = ()  # of earlier years
    subjects: tuple[tuple[str, int], ...] = ()  # of the last seven days with reports, and of how many stories


def front_of(index: Index, now: datetime) -> Front:
    """The front as the archive has it now."""
    last = index.table.last_published
    if last is None:
        return Front()
    week = newest_in(Scope(as_of=now, published_from=last - _WEEK), index, _OF_THE_WEEK)
    subjects = followed_subjects([one.article for one in week])[:SUBJECTS]
    return Front(newest_in(Scope(as_of=now), index, LATEST), _on_this_day(index, now), tuple(subjects))


def _on_this_day(index: Index, now: datetime) -> tuple[Evidence, ...]:
    found: list[Evidence] = []
    for years in range(1, _YEARS_LOOKED_BACK + 1):
        day = _same_day(now, years)
        if day and len(found) < ON_THIS_DAY:
            scope = Scope(as_of=now, published_from=day, published_before=day + timedelta(days=1))
            found += newest_in(scope, index, ON_THIS_DAY - len(found))
    return tuple(found)


def _same_day(now: datetime, years: int) -> datetime | None:
    """The beginning of this day so many years ago; None for 29 February where there was none."""
    try:
        return now.replace(year=now.year - years, hour=0, minute=0, second=0, microsecond=0)
    except ValueError:
        return None
