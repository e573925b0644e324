"""Find the time expressions of a question, with what each of them asks of the moment of publication.

The date of an event is not the date of its report: what happened in June 2022 was not reported before June 2022, and
may have been reported in July. So a time expression is read in one of three ways:

- hard: words about publishing ("published in June 2022", "articles from last week") bound it at both ends;
- from then on: a calendar date whose year is given ("in June 2022", "between the 3rd and 9th of May 2022", "in 2014")
  is a hard bound below, because nothing was reported before it happened, and a preference for the time named and a
  while after it;
- preferred: everything relative or guessed ("last week", "on Tuesday", "in March", "the summer of 2022") only
  prefers. On a news quiz two in sixty questions about "this week" had their answer in articles that were months older.

A question that looks ahead ("what was planned for June 2022") has no hard bound. A time that is still to come, and a
time that the calendar does not know ("before the election"), is left alone. Ours rather than dateparser, whose search
reads "may" and "second" as dates, knows no ranges, and costs more than the whole question may.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chat.english.calendar_words import (
    ANY_FORM,
    FORMS,
    Asking,
    Stretch,
    days,
    month_start,
    read_stretch,
)
from chat.english.east_asian_dates import EAST_ASIAN, read_east_asian
from chat.english.intervals import Interval, around, days_of, overlap, shared
from chat.english.written_dates import MONTH, SEASON, unnamed
from chat.texts.notices import Notice, NoticeKind
from corpus.english.calendar import WEEKDAY


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words of a question that name a time, and what they ask of the moment of publication."""

    start: int  # offsets into the question
    end: int
    words: str
    named: Interval
    published: Interval | None  # hard
    preferred: Interval | None
    is_limit: bool = False  # its words limit what is searched, and are not themselves looked for
    is_last_of_archive: bool = False  # the last such time that the archive covers, not the last before the asking

    @property
    def notice(self) -> Notice:
        """For the reader: which times, with their years, and whether others are left out."""
        notice = Notice(self._reading, times=tuple(map(days_of, filter(None, [self.named, self.published]))))
        return Notice(NoticeKind.LAST_OF_ARCHIVE, reason=notice) if self.is_last_of_archive else notice

    @property
    def _reading(self) -> NoticeKind:
        if self.published is None:
            return NoticeKind.PREFERABLY_PUBLISHED
        if not self.preferred:
            return NoticeKind.PUBLISHED
        return NoticeKind.PUBLISHED_AROUND if self.published.end else NoticeKind.PUBLISHED_FROM_THEN


_ALONE = "(?:" + "|".join(unnamed(form.pattern) for form in FORMS if form.alone) + ")"
_BARE_WEEKDAY = rf"(?<=[a-z] ){WEEKDAY}(?! [A-Z])"

_BETWEEN = re.compile(
    rf"\b(?:between|from) (?P<first>{ANY_FORM}),? (?:and|to|until|till|through) (?P<last>{ANY_FORM})", re.I
)
_LIST = re.compile(rf"\b(?:in|on|during) (?P<first>{ANY_FORM}) (?:and|or) (?:in |on )?(?P<last>{ANY_FORM})", re.I)
_SIDES = {  # words before a time that make it a limit, by what they mean
    "since": r"since|starting (?:in|on|with)|(?:in|on) or after|(?:no|not) (?:earlier|older) than"
    r"|not (?:published )?before",
    "after": r"after|later than|newer than",
    "before": r"(?<!day )before|prior to|earlier than|older than",
    "until": r"until|till|up to(?: and including)?|by|(?:in|on) or before|(?:no|not) (?:later|newer) than"
    r"|not (?:published )?after",
}
_ONWARDS = r"onwards?|(?:and|or) (?:later|after)|on(?=[,.?!]|$)"
_BACKWARDS = r"(?:and|or) (?:earlier|before)"
_SIDE = {name: re.compile(words, re.I) for name, words in _SIDES.items()}
_OPEN = re.compile(rf"\b(?P<side>{'|'.join(_SIDES.values())}) (?P<words>{ANY_FORM})", re.I)
_OPEN_AFTER = re.compile(
    rf"\b(?:(?:from|in|since) )?(?P<words>{ANY_FORM}) (?:(?P<onwards>{_ONWARDS})|{_BACKWARDS})(?!\w)", re.I
)
_ANCHORED = re.compile(
    rf"\b(?:in|on|during|over|within|throughout|around|at|of the week of|as of)"
    rf" (?:the year )?(?P<words>{ANY_FORM})",
    re.I,
)
_BESIDE = re.compile(
    rf"(?:,? (?:and|or|versus|vs\.?|than(?: it was)?|(?:compared )?(?:to|with)|,))+ (?P<words>{ANY_FORM})", re.I
)
_FROM = re.compile(
    rf"\b(?:from|dated|published) (?P<words>{ANY_FORM})", re.I
)  # "articles from June 2022", but not "a card from 1952"
_WHOLE = re.compile(rf"(?P<words>{ANY_FORM})", re.I)
_EAST_ASIAN = re.compile(EAST_ASIAN)
_BARE = re.compile(rf"\b(?P<words>{_ALONE})|(?-i:\b(?P<weekday>{_BARE_WEEKDAY}))", re.I)

_PUBLISHING = re.compile(
    r"\b(?:published|posted|printed|filed|dated)(?:\W+\w+){0,2}\W+$"
    r"|\b(?:articles?|stories|story|reports|coverage|headlines|news|pieces?|columns?)"
    r"(?: (?:published|dated))?(?: from)?\W+$",
    re.I,
)
_PUBLISHED = re.compile(r"\b(?:(?:published|posted|printed|filed|dated) (?:(?:on|in|at) )?|from )$", re.I)
_LOOKS_AHEAD = re.compile(
    r"\b(?:will|would|plan(?:s|ned|ning)?|expect(?:s|ed)?|schedul(?:e|ed)|due|forecasts?|predict(?:s|ed|ions?)?"
    r"|upcoming|going to|set to)\b",
    re.I,
)
_NAME_OF_A_TIME = re.compile(rf"\b(?:{MONTH}|{SEASON})", re.I)
_COUNTED_FROM_TODAY = re.compile(r"\b(?:last|this|past|previous|current|year|ago)\b|\b(?:1[5-9]|20)\d\d\b", re.I)
_NAME_BEFORE = re.compile(r"\b(?:Black|Good|Super|Ash|Bloody|Cyber|Palm|Easter|Fat|Giving) $")


def find_times(text: str, as_of: datetime, context: Interval | None = None) -> tuple[TimeExpression, ...]:
    """The time expressions of `text` in their order; `context` is the time that an earlier question was about."""
    asking = Asking(as_of, context)
    found: list[TimeExpression] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            expression = read(match, asking)
            if expression is not None:
                found.append(expression)
    found += filter(None, [_beside_one(text, each, asking) for each in found])
    return tuple(sorted(found, key=lambda expression: expression.start))


def find_time_alone(text: str, part: str, as_of: datetime, context: Interval | None = None) -> TimeExpression | None:
    """The time that a part of `text` is and nothing else, a bare year too: the "2022" of "What about 2022?"."""
    start = text.find(part)
    match = _WHOLE.fullmatch(text, start, start + len(part)) if start >= 0 else None
    return _read_one(match, Asking(as_of, context)) if match else None


def find_times_covered(
    text: str, as_of: datetime, last_day: datetime | None, context: Interval | None = None
) -> tuple[TimeExpression, ...]:
    """As `find_times`; but "in May", which gives no year, means the last May before the archive's `last_day`."""
    found = find_times(text, as_of, context)
    if last_day is None or last_day >= as_of or not any(_is_beyond(each, last_day) for each in found):
        return found
    covered = {(each.start, each.end): each for each in find_times(text, last_day, context)}
    return tuple(
        replace(covered[each.start, each.end], is_last_of_archive=True)
        if _is_beyond(each, last_day) and (each.start, each.end) in covered
        else each
        for each in found
    )


def _is_beyond(one: TimeExpression, last_day: datetime) -> bool:
    """Whether a time without a year, which is not counted from today, begins after this moment."""
    has_name = _NAME_OF_A_TIME.search(one.words) and not _COUNTED_FROM_TODAY.search(one.words)
    return bool(has_name) and one.named.start is not None and one.named.start > last_day


def _beside_one(text: str, one: TimeExpression, asking: Asking) -> TimeExpression | None:
    """ "In 2021 versus 2022": what is set beside a time is one too."""
    match = _BESIDE.match(text, one.end)
    other = _read_one(match, asking) if match else None
    return replace(other, start=match.start("words"), words=match["words"]) if match and other else None


def _read_from(match: re.Match[str], asking: Asking) -> TimeExpression | None:
    return _read_one(match, asking) if _publishing(match) else None


def _read_range(match: re.Match[str], asking: Asking) -> TimeExpression | None:
    """ "Between A and B": B lends A its year, and both ends are included."""
    last = read_stretch(match["last"], asking)
    if last is None:
        return None
    first = read_stretch(match["first"], Asking(asking.as_of, Interval(last.start, last.end)))
    if first is None or first.start > last.start:
        first = read_stretch(match["first"], asking)
    if first is None or first.start > last.start:
        return None
    listed = match.re is _LIST  # "in June and July" is one time, "in June 2021 and in June 2022" are two
    if listed and first.end < last.start and re.search(r"\d{4}", match["first"]):
        return None
    return _expression(match, replace(last, start=first.start), asking)


def _read_one(match: re.Match[str], asking: Asking) -> TimeExpression | None:
    groups = match.groupdict()
    words = groups["words"] or groups["weekday"]
    if _is_a_name(match, words):
        return None
    stretch = read_stretch(words, asking)
    return _expression(match, stretch, asking) if stretch else None


def _is_a_name(match: re.Match[str], words: str) -> bool:
    """ "Black Friday", "the March 3 people", "may 3": words of the calendar that may mean something else."""
    if _NAME_BEFORE.search(match.string, 0, match.end() - len(words)):
        return True
    return match.group().startswith(("may ", "mar ", "march ", "second "))


def _read_open(match: re.Match[str], asking: Asking) -> TimeExpression | None:
    """ "Since A" and "until A" include A, "after A" and "before A" do not."""
    side = next(name for name in ("since", "until", "after", "before") if _SIDE[name].fullmatch(match["side"]))
    return _limit(match, read_stretch(match["words"], asking), side, asking)


def _read_open_after(match: re.Match[str], asking: Asking) -> TimeExpression | None:
    """ "From A onwards", "A or earlier"."""
    side = "since" if match["onwards"] else "until"
    return _limit(match, read_stretch(match["words"], asking), side, asking)


def _read_east_asian(match: re.Match[str], asking: Asking) -> TimeExpression | None:
    stretch = read_east_asian(match, asking)
    side = next((name for name in ("since", "until", "before") if match[name]), None)
    if side:
        return _limit(match, stretch, side, asking)
    return _expression(match, stretch, asking) if stretch else None


def _limit(match: re.Match[str], stretch: Stretch | None, side: str, asking: Asking) -> TimeExpression | None:
    if stretch is None or stretch.start > asking.as_of:
        return None
    if side in ("since", "after"):
        return _from_then_on(match, stretch, asking, side)
    if match.group().lower().startswith("by ") and not stretch.certain:
        return None  # "by Friday" is mostly a plan, "by May" a name
    named = Interval(None, stretch.start if side == "before" else min(stretch.end, asking.as_of))
    is_hard = _publishing(match) or _is_certain(match, stretch)
    start = _start_with_verb(match) if is_hard else match.start()
    words = match.string[start : match.end()]
    published, preferred = (named, None) if is_hard else (None, named)
    return TimeExpression(start, match.end(), words, named, published, preferred, is_limit=is_hard)


def _from_then_on(match: re.Match[str], stretch: Stretch, asking: Asking, side: str) -> TimeExpression | None:
    """ "After June 2022" begins when June is over; "after the 3rd of May" still has the reports of that day in it."""
    is_over = side == "after" and stretch.end - stretch.start > timedelta(days=3)
    begins = stretch.end if is_over else stretch.start
    if begins >= asking.as_of:
        return None
    expression = _expression(match, replace(stretch, start=begins, end=asking.as_of), asking)
    return replace(expression, is_limit=True) if expression else None


def _is_certain(match: re.Match[str], stretch: Stretch) -> bool:
    """Whether the year is given, of a time that the question does not look ahead to."""
    return stretch.certain and not _LOOKS_AHEAD.search(match.string)


def _start_with_verb(match: re.Match[str]) -> int:
    """Where a time starts with the verb before it: "published before 2023"."""
    verb = _PUBLISHED.search(match.string, 0, match.start())
    return verb.start() if verb else match.start()


def _publishing(match: re.Match[str]) -> bool:
    before = _PUBLISHING.search(match.string, max(0, match.start() - 60), match.start())
    return bool(before) or bool(
        match.group().lower().startswith("from ")
        and re.search(r"\b(?:articles?|stories|reports|coverage|headlines|news)\b", match.string[: match.start()], re.I)
    )


def _expression(match: re.Match[str], stretch: Stretch, asking: Asking) -> TimeExpression | None:
    """None for a time that is still to come."""
    if stretch.start > asking.as_of or stretch.start > stretch.end:
        return None
    named = Interval(stretch.start, min(stretch.end, asking.as_of))
    if _publishing(match):
        start, shown = _start_with_verb(match), Interval(stretch.start, stretch.end)
        return TimeExpression(start, match.end(), match.string[start : match.end()], shown, named, None, is_limit=True)
    published = Interval(stretch.start, None) if _is_certain(match, stretch) else None
    preferred = Interval(stretch.start, min(stretch.end + stretch.slack, asking.as_of))
    return TimeExpression(match.start(), match.end(), match.group(), named, published, preferred)


_READERS = (
    (_BETWEEN, _read_range),
    (_OPEN_AFTER, _read_open_after),
    (_LIST, _read_range),
    (_OPEN, _read_open),
    (_ANCHORED, _read_one),
    (_FROM, _read_from),
    (_BARE, _read_one),
    (_EAST_ASIAN, _read_east_asian),
)

_SHIFT = re.compile(r"\bthe (?P<which>next|following|previous) (?P<unit>day|week|month|year)\b", re.I)
_SAME = re.compile(r"\b(?:(?:that|the same) (?:day|week|month|year|time|period)|at the time|back then)\b", re.I)


def find_shift(text: str, context: Interval, as_of: datetime) -> TimeExpression | None:
    """ "The next day", "the following month": a time beside the one that an earlier question was about."""
    match = _SHIFT.search(text)
    if not match or context.start is None or context.end is None:
        return None
    forward = match["which"].lower() != "previous"
    unit = match["unit"].lower()
    anchor = context.end if forward else context.start
    try:
        stretch = _beside(anchor, unit, forward)
    except (ValueError, OverflowError):
        return None
    return _expression(match, stretch, Asking(as_of))


def _beside(anchor: datetime, unit: str, forward: bool) -> Stretch:
    if unit in ("day", "week"):
        count = 1 if unit == "day" else 7
        return days(anchor if forward else anchor - timedelta(days=count), count)
    count = 1 if unit == "month" else 12
    first = month_start(anchor.year, anchor.month if forward else anchor.month - count)
    return replace(days(first), end=month_start(first.year, first.month + count))


def same_time(text: str) -> bool:
    """Whether the words point back at the time of an earlier question."""
    return bool(_SAME.search(text))


def together(times: Sequence[TimeExpression]) -> tuple[Interval | None, Interval | None, Interval | None]:
    """The time that all expressions name, with its hard and its preferred interval.

    What they share ("on Tuesday last week"); all from the first to the last of them when they share nothing.
    """
    join = around if disjoint(times) else shared
    named: Interval | None = None
    published: Interval | None = None
    preferred: Interval | None = None
    for time in times:
        named = join(named, time.named)
        published = join(published, time.published)
        preferred = join(preferred, time.preferred)
    return named, published, preferred


def disjoint(times: Sequence[TimeExpression]) -> bool:
    """Whether two of the times share no moment."""
    return any(not overlap(one.named, other.named) for one in times for other in times)
