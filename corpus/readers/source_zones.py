"""Times without an offset get the zone that a user sets for their source, or the one that its other dates show."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo

from corpus.article import Article, Unreadable, offset_minutes

_FEWEST_DATES = 3  # fewer are no habit
_SUMMER_TIME_MINUTES = 60
_YEAR_DAYS = 366
_MOST_HELD = 2_000  # articles that wait for the dates of others


def with_zones(found: Iterable[Article | Unreadable], zones: Mapping[str, tzinfo]) -> Iterator[Article | Unreadable]:
    """What was found, in its order, with the zones that a user set by source, or else those that other dates show.

    An article whose time came without an offset waits until 2,000 more were read, and everything behind it too.
    """
    shown: defaultdict[str, _Shown] = defaultdict(_Shown)
    held: deque[Article | Unreadable] = deque()
    for one in found:
        held.append(one)
        if isinstance(one, Article) and one.is_offset_stated:
            shown[one.source].note(one)
        while held and (len(held) > _MOST_HELD or not _waits(held[0], zones)):
            yield _in_zone_of_source(held.popleft(), zones, shown)
    yield from (_in_zone_of_source(one, zones, shown) for one in held)


@dataclass(slots=True)
class _Shown:
    """The offsets that the dates of one source came with, in minutes, by the day of the year."""

    by_day: defaultdict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def note(self, article: Article) -> None:
        """Count the date of an article, unless it is a day without a time."""
        local = article.published_locally
        if local and (article.utc_offset_minutes or local.time() != time()):
            self.by_day[local.timetuple().tm_yday][article.utc_offset_minutes] += 1

    def offset_at(self, moment: datetime) -> int:
        """The offset of the source at this time of the year; 0 where its dates show none, or several.

        UTC says nothing of a source whose other dates are hours away from it. Two offsets an hour apart are those of
        summer and winter.
        """
        every = sum(self.by_day.values(), Counter[int]())
        if any(abs(one) > _SUMMER_TIME_MINUTES for one in every):
            del every[0]
        if every.total() < _FEWEST_DATES or max(every) - min(every) > _SUMMER_TIME_MINUTES:
            return 0
        day = moment.timetuple().tm_yday
        nearest = min((one for one, seen in self.by_day.items() if seen & every), key=lambda one: _days_apart(one, day))
        return (self.by_day[nearest] & every).most_common(1)[0][0]


def _days_apart(one: int, other: int) -> int:
    return min((one - other) % _YEAR_DAYS, (other - one) % _YEAR_DAYS)


def _waits(one: Article | Unreadable, zones: Mapping[str, tzinfo]) -> bool:
    return isinstance(one, Article) and not one.is_offset_stated and one.source not in zones


def _in_zone_of_source(
    one: Article | Unreadable, zones: Mapping[str, tzinfo], shown: Mapping[str, _Shown]
) -> Article | Unreadable:
    if not isinstance(one, Article) or one.is_offset_stated or one.published_at is None:
        return one
    if zone := zones.get(one.source):
        return _in_zone(one, one.published_at, zone)
    offset = shown[one.source].offset_at(one.published_at) if one.source in shown else 0
    return _in_zone(one, one.published_at, timezone(timedelta(minutes=offset))) if offset else one


def _in_zone(article: Article, published_at: datetime, zone: tzinfo) -> Article:
    """The article with the offset of a zone; its id stays as it is."""
    published = published_at.replace(tzinfo=zone)
    updated = article.updated_at and article.updated_at.replace(tzinfo=zone)
    return replace(
        article,
        published_at=published.astimezone(UTC),
        updated_at=updated and updated.astimezone(UTC),
        utc_offset_minutes=offset_minutes(published),
    )
