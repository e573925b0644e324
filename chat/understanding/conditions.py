"""Read the conditions of a question one after the other; each reader sees only the words that none before it used."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chat.english.intervals import Interval, days_of, is_before, is_history
from chat.english.time_expressions import (
    TimeExpression,
    find_shift,
    find_time_alone,
    find_times_covered,
    same_time,
    together,
)
from chat.texts.notices import Notice, NoticeKind
from chat.understanding.as_of import as_of_within
from chat.understanding.follow_ups import Link, fragment, link
from chat.understanding.kinds import words_of_now
from chat.understanding.question import Filter, FilterKey, FilterKind, Question, Recency
from chat.understanding.source_names import Mention, find_authors, find_name, find_sources

READ_CHARACTERS = 500  # a longer text was pasted: its end is searched for, its conditions are not read
FOLLOWS = FilterKey(FilterKind.FOLLOWS, "the question before")  # removed by a reader who starts a new subject
SPEAKERS = (FilterKind.SOURCE, FilterKind.AGENCY, FilterKind.AUTHOR)  # filters on who says it
_RECENT = timedelta(days=2)  # "today" and "this week" are now
_QUOTED = re.compile(r'"([^"\n]{2,300})"|\u201c([^\u201d\n]{2,300})\u201d')
_WORD_CUE = re.compile(
    r"\b(?:exact(?:ly)?|words?|phrases?|terms?|expression|verbatim)(?: of| was| is)? $", re.IGNORECASE
)
_NEWEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|recent(?:ly)?|breaking|up[- ]to[- ]date|just now|right now|lately)\b",
    re.IGNORECASE,
)
_OLDEST = re.compile(
    r"\b(?:earliest|oldest|for the first time|first (?:reported|mentioned|article|report))\b", re.IGNORECASE
)
_AS_OF_LAST_DAY = re.compile(
    r"[,;]?\s*\b(?:as of|as at|as seen from|on|at|until) (?:the )?"
    r"(?:archive['\u2019]s (?:last|latest|final) (?:day|date)"
    r"|(?:last|latest|final) (?:day|date) (?:of|in) the archive|end of the archive)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:and|but|or|so|also|only|the|by|in|on|at|from|for|according to|as reported by|per|both|either|articles?"
    r"|stories|reports?|please|just|instead|what about|how about)\b",
    re.IGNORECASE,
)  # words without content in a turn that only sets a date or a source
_WORD = re.compile(r"\w")
_YEAR_OF_A_THING = re.compile(r"(?:\b(?:the|of|a)|['\u2019]s) ((?:19|20)\d\d)\b", re.IGNORECASE)
_SECTION = re.compile(
    r"\b(?:in|from|under) (?:the |its )?(?P<name>[\w &/-]{2,40}?) (?:section|pages|category)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Names:
    """The archive's own names."""

    sources: Sequence[str] = ()
    authors: Sequence[str] = ()
    sections: Sequence[str] = ()
    agencies: Sequence[str] = ()


@dataclass(slots=True)
class Reading:
    """A question while it is being read."""

    text: str
    as_of: datetime
    removed: frozenset[FilterKey]
    unread: str  # as long as the text, with line ends in place of the words that were read
    filters: list[Filter] = field(default_factory=list)
    cuts: list[tuple[int, int]] = field(default_factory=list)  # spans that are not searched for
    times: tuple[TimeExpression, ...] = ()
    named: Interval | None = None
    published: Interval | None = None
    preferred: Interval | None = None
    sources: tuple[str, ...] = ()
    preferred_sources: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    section: str | None = None
    phrases: tuple[str, ...] = ()
    recency: Recency = Recency.GENTLE
    asks_for_now: bool = False
    named_speakers: tuple[Mention, ...] = ()  # sources named as those who report, each searched on its own
    has_typed_dates: bool = False

    def apply(self, kind: FilterKind, value: str, label: Notice, words: str) -> bool:
        """Add a filter, unless the reader removed it; returns whether it applies."""
        return self._add(Filter(FilterKey(kind, " ".join(value.lower().split())), label, words))

    def keep(self, earlier: Filter) -> bool:
        """Add a filter of an earlier turn, unless the reader removed it; returns whether it applies."""
        label = Notice(NoticeKind.AS_BEFORE, reason=earlier.notice) if earlier.words else earlier.notice
        return self._add(Filter(earlier.key, label, ""))

    def _add(self, one: Filter) -> bool:
        if one.key in self.removed:
            return False
        if all(other.key != one.key for other in self.filters):
            self.filters.append(one)
        return True

    def mark_read(self, start: int, end: int) -> None:
        """Hide a span from later readers; no pattern of words crosses a line end."""
        self.unread = self.unread[:start] + "\n" * len(self.unread[start:end]) + self.unread[end:]

    def sets(self, kind: FilterKind) -> bool:
        """Whether this turn itself set a filter of the kind."""
        return any(one.kind is kind and one.words for one in self.filters)


def read_as_of(reading: Reading, last_day: datetime | None) -> None:
    """Read an as-of moment, which may only be earlier than the moment of asking."""
    at_end = _AS_OF_LAST_DAY.search(reading.unread) if last_day else None
    found = (*at_end.span(), last_day) if at_end and last_day else as_of_within(reading.unread, reading.as_of)
    if found is None or found[2] > reading.as_of:
        return
    start, end, moment = found
    words = reading.unread[start:end].strip(" ,;")
    if reading.apply(FilterKind.AS_OF, words, Notice(NoticeKind.AS_OF, days=(moment.date(),)), words):
        reading.as_of = moment
        reading.cuts.append((start, end))
        reading.mark_read(start, end)


def with_name(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The names, with this one unless it is among them."""
    return names if name in names else (*names, name)


def read_quotations(reading: Reading) -> None:
    """Two or more quoted words must occur verbatim; one word only where the question says that it means the word.

    A nickname inside a name (Dwayne "The Rock" Johnson) is not a quotation.
    """
    for match in _QUOTED.finditer(reading.unread):
        phrase = " ".join((match[1] or match[2]).strip(" ,.;:?!").split())
        cue = _WORD_CUE.search(reading.unread, 0, match.start())
        wanted = len(phrase.split()) > 1 or bool(phrase and cue)
        if (
            wanted
            and not _is_nickname(reading.text, match)
            and reading.apply(
                FilterKind.PHRASE, phrase, Notice(NoticeKind.WORD_FOR_WORD, words=(phrase,)), match.group()
            )
        ):
            reading.phrases = with_name(reading.phrases, phrase)
        reading.mark_read(*match.span())


def _is_nickname(text: str, match: re.Match[str]) -> bool:
    return bool(re.search(r"\b[A-Z][\w.]+ $", text[: match.start()]) and re.match(r" [A-Z]", text[match.end() :]))


def read_link(reading: Reading, earlier: Sequence[Question]) -> Link:
    """How much the question depends on the one before it."""
    if not earlier:
        return Link.NONE
    found = link(reading.unread)
    about = " ".join(earlier[-1].text.split())
    shown = f"{about[:60]}…" if len(about) > 60 else about
    label = Notice(NoticeKind.FOLLOWS, words=(shown,))
    wanted = found is not Link.NONE and reading.apply(*FOLLOWS, label, "")
    return found if wanted else Link.NONE


def read_times(reading: Reading, previous: Question | None, follows: Link, last_day: datetime | None = None) -> None:
    """Several time expressions are combined; typed dates override a hard range in words.

    A time without a year is the last one that the archive, which ends on `last_day`, covers.
    """
    depends = follows is not Link.STANDS or len(reading.text.split()) < 5
    context = previous.named if previous and depends else None
    found = find_times_covered(reading.unread, reading.as_of, last_day, context)
    part = fragment(reading.unread) if follows is Link.COMPLETES and not found else None
    alone = find_time_alone(reading.unread, part, reading.as_of, context) if part else None
    shifted = find_shift(reading.unread, context, reading.as_of) if context and not found else None
    reading.times = tuple(
        each
        for each in (*found, *filter(None, [alone or shifted]))
        if reading.apply(FilterKind.TIME, each.words, each.notice, each.words)
    )
    reading.named, published, reading.preferred = together(reading.times)
    if not reading.has_typed_dates:
        reading.published = published
    if published and is_history(reading.named, reading.as_of):
        reading.recency = Recency.NONE
    for each in reading.times:
        reading.mark_read(each.start, each.end)
        if each.is_limit:
            comma = 1 if each.start == 0 and reading.text[each.end : each.end + 1] in (",", ":") else 0
            reading.cuts.append((each.start, each.end + comma))
    if previous and same_time(reading.unread) and not reading.times:
        _carry_time(reading, previous)
    elif not reading.times:
        _prefer_the_year(reading)


def _prefer_the_year(reading: Reading) -> None:
    """What is identified by its year, "the 2022 World Cup", was mostly reported in that year."""
    years = {int(year): year for year in _YEAR_OF_A_THING.findall(reading.unread)}
    year = min(years, default=0)
    if len(years) != 1 or year > reading.as_of.year:
        return
    whole = Interval(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))
    label = Notice(NoticeKind.PREFERABLY_IN, times=(days_of(whole),))
    if reading.apply(FilterKind.TIME, str(year), label, years[year]):
        reading.preferred = whole


def is_condition_only(reading: Reading) -> bool:
    """Whether nothing is left of the turn but dates, sources and the small words around them."""
    return not _WORD.search(_CONDITION.sub(" ", reading.unread))


def read_sources(reading: Reading, names: Names) -> None:
    """A source named as the one that reports is a filter; one that is only mentioned is preferred."""
    for mention in find_sources(reading.unread, tuple(dict.fromkeys((*names.sources, *names.agencies)))):
        words = reading.text[mention.start : mention.end]
        label = Notice(NoticeKind.SOURCE if mention.firm else NoticeKind.PREFERRED_SOURCE, mention.name)
        if not reading.apply(FilterKind.SOURCE, mention.name, label, words):
            continue
        if not mention.firm:
            reading.preferred_sources = with_name(reading.preferred_sources, mention.name)
            continue
        reading.named_speakers = (*reading.named_speakers, mention)
        reading.mark_read(mention.start, mention.end)
        if mention.name in names.sources:
            reading.sources = with_name(reading.sources, mention.name)
        if mention.name in names.agencies:
            reading.agencies = with_name(reading.agencies, mention.name)


def read_authors(reading: Reading, names: Names) -> None:
    """Read "articles by ..."."""
    for author in find_authors(reading.unread, names.authors):
        words = reading.text[author.start : author.end]
        if reading.apply(FilterKind.AUTHOR, author.name, Notice(NoticeKind.AUTHOR, author.name), words):
            reading.authors = with_name(reading.authors, author.name)


def read_section(reading: Reading, names: Names) -> None:
    """Read "in the sports section"."""
    section = _SECTION.search(reading.unread)
    name = find_name(section["name"], names.sections) if section else None
    if section and name and reading.apply(FilterKind.SECTION, name, Notice(NoticeKind.SECTION, name), section.group()):
        reading.section = name


def read_now(reading: Reading) -> None:
    """Read "what is the state of ..." and "is it still ...": asked of no other time, they mean the newest report."""
    spans = words_of_now(reading.unread)
    if spans is None or reading.recency is not Recency.GENTLE or is_before(reading.named, reading.as_of - _RECENT):
        return
    words = " ".join(reading.text[start:end] for start, end in spans)
    if reading.apply(FilterKind.RECENCY, words or "now", Notice(NoticeKind.NEWEST_FIRST), words or reading.text):
        reading.recency, reading.asks_for_now = Recency.STRONG, True
        reading.cuts += spans


def read_recency(reading: Reading) -> None:
    """Read "latest" and "earliest"."""
    newest, oldest = _NEWEST.search(reading.unread), _OLDEST.search(reading.unread)
    if newest and reading.recency is Recency.GENTLE:
        if reading.apply(FilterKind.RECENCY, newest.group(), Notice(NoticeKind.NEWEST_FIRST), newest.group()):
            reading.recency = Recency.STRONG
    elif oldest and reading.apply(FilterKind.RECENCY, oldest.group(), Notice(NoticeKind.OLD_AND_NEW), oldest.group()):
        reading.recency = Recency.NONE


def carry(reading: Reading, previous: Question) -> None:
    """Keep the as-of, dates, sources, authors and section of the question before, where this one sets none."""
    if previous.as_of < reading.as_of and _carried(reading, previous, FilterKind.AS_OF):
        reading.as_of = previous.as_of
    if not (reading.times or reading.has_typed_dates or reading.sets(FilterKind.RECENCY)):
        _carry_time(reading, previous)
    if not (reading.sources or reading.agencies) and _carried(reading, previous, FilterKind.SOURCE, FilterKind.AGENCY):
        reading.sources, reading.agencies = previous.sources, previous.agencies
        reading.preferred_sources = reading.preferred_sources or previous.preferred_sources
    if not reading.authors and _carried(reading, previous, FilterKind.AUTHOR):
        reading.authors = previous.authors
    if not reading.section and _carried(reading, previous, FilterKind.SECTION):
        reading.section = previous.section


def _carry_time(reading: Reading, previous: Question) -> None:
    if _carried(reading, previous, FilterKind.TIME, FilterKind.AFTER, FilterKind.BEFORE, FilterKind.RECENCY):
        reading.named, reading.published, reading.preferred = previous.named, previous.published, previous.preferred
        reading.recency, reading.asks_for_now = previous.recency, previous.asks_for_now


def _carried(reading: Reading, previous: Question, *kinds: FilterKind) -> bool:
    """Keep the earlier filters of these kinds; false where there are none, or the reader removed one of them."""
    found = [one for one in previous.filters if one.kind in kinds]
    if any(one.key in reading.removed for one in found):
        return False
    for one in found:
        reading.keep(one)
    return bool(found)
