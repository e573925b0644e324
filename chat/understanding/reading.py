"""Read the conditions of a question one after the other, each from the words that none before it has taken."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from chat.english.calendar_words import Interval
from chat.english.time_expressions import (
    TimeExpression,
    describe,
    find_shift,
    find_times,
    read_date,
    same_time,
    together,
)
from chat.understanding.follow_ups import Link, link
from chat.understanding.source_names import Mention, find_author, find_authors, find_name, find_sources
from chat.understanding.typed_filters import TypedFilter, find_filters
from chat.understanding.understood import Question, Recency, Understood

READ_CHARACTERS = 500  # what is longer is a pasted text: its end is searched for, not understood
FOLLOWS = "follows:the question before"  # the key by which a reader may say that it does not
TELLERS = ("source", "agency", "author")  # what the keys begin with of who is to tell
_PAST = timedelta(days=31)  # what ended longer ago is read as history: newer is not better
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
_AS_OF_DAY = re.compile(r"[,;]?\s*\bas of (?P<day>\d{4}-\d\d-\d\d)\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:and|but|or|so|also|only|the|by|in|on|at|from|for|according to|as reported by|per|both|either|articles?"
    r"|stories|reports?|please|just|instead|what about|how about)\b",
    re.IGNORECASE,
)  # what is left of a turn that only sets a date or a source
_WORD = re.compile(r"\w")
_YEAR_OF_A_THING = re.compile(r"(?:\b(?:the|of|a)|['\u2019]s) ((?:19|20)\d\d)\b", re.IGNORECASE)
_SECTION = re.compile(
    r"\b(?:in|from|under) (?:the |its )?(?P<name>[\w &/-]{2,40}?) (?:section|pages|category)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Names:
    """The archive's own names."""

    sources: Sequence[str]
    authors: Sequence[str]
    sections: Sequence[str]
    agencies: Sequence[str]


@dataclass(slots=True)
class Reading:
    """A question while it is being read."""

    text: str
    as_of: datetime
    removed: frozenset[str]
    masked: str  # what is still to be read: the length of the text, with blanks where something was understood
    chips: list[Understood] = field(default_factory=list)
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
    told_apart: tuple[Mention, ...] = ()  # sources that are each asked on their own
    typed_dates: bool = False

    def apply(self, key: str, label: str, words: str) -> bool:
        """Whether what was understood is to be applied; shows it to the reader if so."""
        key = f"{key.split(':', 1)[0]}:{' '.join(key.split(':', 1)[1].lower().split())}"
        if key in self.removed:
            return False
        if all(chip.key != key for chip in self.chips):
            self.chips.append(Understood(key, label, words))
        return True

    def mask(self, start: int, end: int) -> None:
        """Let no later reader see these words: a line end, which no pattern of words crosses."""
        self.masked = self.masked[:start] + "\n" * len(self.masked[start:end]) + self.masked[end:]

    def has(self, kind: str) -> bool:
        """Whether this turn itself named something of the kind."""
        return any(chip.key.startswith(f"{kind}:") and chip.words for chip in self.chips)


def read_as_of(reading: Reading, last_day: datetime | None) -> None:
    """An as-of moment only ever moves back: what is published after the moment of asking is never evidence."""
    match = _AS_OF_LAST_DAY.search(reading.masked) if last_day else None
    moment = last_day
    if match is None:
        match = _AS_OF_DAY.search(reading.masked)
        day = read_date(match["day"]) if match else None
        moment = day + timedelta(days=1, microseconds=-1) if day else None
    if match is None or moment is None or moment > reading.as_of:
        return
    words = match.group().strip(" ,;")
    if reading.apply(f"as-of:{words}", f"as of {moment.day} {moment:%B %Y}", words):
        reading.as_of = moment
        reading.cuts.append(match.span())
        reading.mask(*match.span())


def read_typed_filters(reading: Reading, names: Names) -> None:
    for typed in find_filters(reading.masked):
        words = reading.text[typed.start : typed.end]
        label, change = _typed(reading, typed, names)
        if change is None:
            reading.apply(f"filter:{words}", f"not applied: {label}", words)
        elif reading.apply(f"{typed.key}:{typed.value}", label, words):
            change()
            reading.cuts.append((typed.start, typed.end))
        reading.mask(typed.start, typed.end)


def _typed(reading: Reading, typed: TypedFilter, names: Names) -> tuple[str, Callable[[], None] | None]:
    """For the reader, and what to do; None when the filter cannot be applied."""
    if typed.key in ("after", "before"):
        return _typed_date(reading, typed)
    of_kind = {"source": names.sources, "agency": names.agencies, "author": names.authors, "section": names.sections}
    known = of_kind[typed.key]
    name = find_author(typed.value, known) if typed.key == "author" else find_name(typed.value, known)
    if name is None:
        return f"the archive has no {typed.key} {typed.value}", None

    def add() -> None:
        if typed.key == "section":
            reading.section = name
            return
        kind = {"source": "sources", "agency": "agencies", "author": "authors"}[typed.key]
        setattr(reading, kind, _with(getattr(reading, kind), name))

    return f"{typed.key} {name}", add


def _typed_date(reading: Reading, typed: TypedFilter) -> tuple[str, Callable[[], None] | None]:
    """after: has its day in it, before: has not."""
    moment, so_far = read_date(typed.value), reading.published or Interval(None, None)
    if moment is None:
        return f"{typed.value} is no date; write {typed.key}:2022-06-24", None
    wanted = replace(so_far, start=moment) if typed.key == "after" else replace(so_far, end=moment)
    if wanted.start and wanted.end and wanted.start >= wanted.end:
        return f"no time is left between after: and before:{typed.value}", None

    def bound() -> None:
        reading.published, reading.typed_dates = wanted, True

    one = Interval(moment, None) if typed.key == "after" else Interval(None, moment)
    return f"published {describe(one)}", bound


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)


def read_quotations(reading: Reading) -> None:
    """Two quoted words and more must occur as they stand; one word only where it is said to be meant exactly.

    A nickname inside a name (Dwayne "The Rock" Johnson) is no quotation.
    """
    for match in _QUOTED.finditer(reading.masked):
        phrase = " ".join((match[1] or match[2]).strip(" ,.;:?!").split())
        cue = _WORD_CUE.search(reading.masked, 0, match.start())
        wanted = len(phrase.split()) > 1 or bool(phrase and cue)
        if (
            wanted
            and not _is_nickname(reading.text, match)
            and reading.apply(f"phrase:{phrase}", f"\u201c{phrase}\u201d, word for word", match.group())
        ):
            reading.phrases = _with(reading.phrases, phrase)
        reading.mask(*match.span())


def _is_nickname(text: str, match: re.Match[str]) -> bool:
    return bool(re.search(r"\b[A-Z][\w.]+ $", text[: match.start()]) and re.match(r" [A-Z]", text[match.end() :]))


def read_link(reading: Reading, earlier: Sequence[Question]) -> Link:
    if not earlier:
        return Link.NONE
    follows = link(reading.masked)
    about = " ".join(earlier[-1].text.split())
    shown = f"follows “{about[:60]}…”" if len(about) > 60 else f"follows “{about}”"
    wanted = follows is not Link.NONE and reading.apply(FOLLOWS, shown, "")
    return follows if wanted else Link.NONE


def read_times(reading: Reading, previous: Question | None, follows: Link) -> None:
    """Several time expressions are taken together; typed dates stand above a hard range in words."""
    piece = follows is not Link.STANDS or len(reading.text.split()) < 5
    lent = previous.named if previous and piece else None
    found = find_times(reading.masked, reading.as_of, lent)
    shifted = find_shift(reading.masked, lent, reading.as_of) if lent and not found else None
    reading.times = tuple(
        each
        for each in (*found, *filter(None, [shifted]))
        if reading.apply(f"time:{each.words}", each.label, each.words)
    )
    reading.named, published, reading.preferred = together(reading.times)
    if not reading.typed_dates:
        reading.published = published
    if published and is_past(reading.named, reading.as_of):
        reading.recency = Recency.NONE
    for each in reading.times:
        reading.mask(each.start, each.end)
    if previous and same_time(reading.masked) and not reading.times:
        _carry_time(reading, previous)
    elif not reading.times:
        _prefer_the_year(reading)


def _prefer_the_year(reading: Reading) -> None:
    """What is told apart by its year, "the 2022 World Cup", was mostly reported in that year."""
    years = {int(year): year for year in _YEAR_OF_A_THING.findall(reading.masked)}
    year = min(years, default=0)
    told = len(years) == 1 and year <= reading.as_of.year
    if told and reading.apply(f"time:{year}", f"preferably published in {year}", years[year]):
        reading.preferred = Interval(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))


def is_past(named: Interval | None, as_of: datetime) -> bool:
    """Whether a named time is so long over that newer articles tell no more of it."""
    return named is not None and named.end is not None and named.end < as_of - _PAST


def is_condition_only(reading: Reading) -> bool:
    """Whether nothing is left of the turn but dates, sources and the small words around them."""
    return not _WORD.search(_CONDITION.sub(" ", reading.masked))


def read_sources(reading: Reading, names: Names) -> None:
    """A name that tells filters; one that is only mentioned is preferred."""
    for mention in find_sources(reading.masked, tuple(dict.fromkeys((*names.sources, *names.agencies)))):
        words = reading.text[mention.start : mention.end]
        label = f"source {mention.name}" if mention.firm else f"preferably source {mention.name}"
        if not reading.apply(f"source:{mention.name}", label, words):
            continue
        if not mention.firm:
            reading.preferred_sources = _with(reading.preferred_sources, mention.name)
            continue
        reading.told_apart = (*reading.told_apart, mention)
        reading.mask(mention.start, mention.end)
        if mention.name in names.sources:
            reading.sources = _with(reading.sources, mention.name)
        if mention.name in names.agencies:
            reading.agencies = _with(reading.agencies, mention.name)


def read_authors(reading: Reading, names: Names) -> None:
    for author in find_authors(reading.masked, names.authors):
        words = reading.text[author.start : author.end]
        if reading.apply(f"author:{author.name}", f"by {author.name}", words):
            reading.authors = _with(reading.authors, author.name)


def read_section(reading: Reading, names: Names) -> None:
    section = _SECTION.search(reading.masked)
    name = find_name(section["name"], names.sections) if section else None
    if section and name and reading.apply(f"section:{name}", f"section {name}", section.group()):
        reading.section = name


def read_recency(reading: Reading) -> None:
    newest, oldest = _NEWEST.search(reading.masked), _OLDEST.search(reading.masked)
    if newest and reading.recency is Recency.GENTLE:
        if reading.apply(f"recency:{newest.group()}", "newest first", newest.group()):
            reading.recency = Recency.STRONG
    elif oldest and reading.apply(f"recency:{oldest.group()}", "old and new alike", oldest.group()):
        reading.recency = Recency.NONE


def carry(reading: Reading, previous: Question) -> None:
    """Keep the moment, dates, sources, authors and section of the question before, each unless this one has its own."""
    if previous.as_of < reading.as_of and _carried(reading, previous, "as-of"):
        reading.as_of = previous.as_of
    if not (reading.times or reading.typed_dates or reading.has("recency")):
        _carry_time(reading, previous)
    if not (reading.sources or reading.agencies) and _carried(reading, previous, "source", "agency"):
        reading.sources, reading.agencies = previous.sources, previous.agencies
        reading.preferred_sources = reading.preferred_sources or previous.preferred_sources
    if not reading.authors and _carried(reading, previous, "author"):
        reading.authors = previous.authors
    if not reading.section and _carried(reading, previous, "section"):
        reading.section = previous.section


def _carry_time(reading: Reading, previous: Question) -> None:
    if _carried(reading, previous, "time", "after", "before", "recency"):
        reading.named, reading.published, reading.preferred = previous.named, previous.published, previous.preferred
        reading.recency = previous.recency


def _carried(reading: Reading, previous: Question, *kinds: str) -> bool:
    """Show what the question before had of these kinds; false when that was nothing, or a part of it is removed."""
    chips = [chip for chip in previous.understood if chip.key.split(":", 1)[0] in kinds]
    if any(chip.key in reading.removed for chip in chips):
        return False
    for chip in chips:
        label = chip.label if not chip.words else f"{chip.label} (as before)"
        reading.apply(chip.key, label, "")
    return bool(chips)
