"""Read typed filters: source:"Moscow Times" author:.. section:.. after:2022-06-01 before:2022-07."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from chat.english.intervals import Interval, days_of
from chat.english.written_dates import read_date
from chat.texts.notices import Notice, NoticeKind
from chat.understanding.conditions import Names, Reading, with_name
from chat.understanding.question import FilterKind
from chat.understanding.source_names import find_author, find_name

_UNKNOWN = {
    "source": NoticeKind.NO_SOURCE,
    "agency": NoticeKind.NO_AGENCY,
    "author": NoticeKind.NO_AUTHOR,
    "section": NoticeKind.NO_SECTION,
}
_FILTER = re.compile(
    r'(?<![\w:/])(?P<key>source|agency|author|section|after|before):(?: ?(?P<quoted>"[^"\n]+"'
    r'|\u201c[^\u201d\n]+\u201d)|(?P<word>[^\s"\u201c]+))',
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TypedFilter:
    """One filter as it was typed; its value is not checked yet."""

    start: int  # offsets into the question
    end: int
    key: str
    value: str


def find_filters(text: str) -> tuple[TypedFilter, ...]:
    """Every `key:value` with a known key, in their order; a value of several words stands in quotation marks."""
    return tuple(
        TypedFilter(found.start(), found.end(), found["key"].lower(), _value(found)) for found in _FILTER.finditer(text)
    )


def _value(found: re.Match[str]) -> str:
    if found["quoted"]:
        return found["quoted"].strip(' "\u201c\u201d')
    return found["word"].rstrip(",;?!").removesuffix(".")


def cut(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` without the spans, in single spaces."""
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return re.sub(r" (?=[,?.!])", "", " ".join(text.split()))


def read_typed_filters(reading: Reading, names: Names) -> None:
    """Read `source:"Moscow Times"` and its like; one that cannot be applied is shown as such."""
    for typed in find_filters(reading.unread):
        words = reading.text[typed.start : typed.end]
        label, change = _typed(reading, typed, names)
        if change is None:
            reading.apply(FilterKind.NOT_APPLIED, words, Notice(NoticeKind.NOT_APPLIED, reason=label), words)
        elif reading.apply(FilterKind(typed.key), typed.value, label, words):
            change()
            reading.cuts.append((typed.start, typed.end))
        reading.mark_read(typed.start, typed.end)


def _typed(reading: Reading, typed: TypedFilter, names: Names) -> tuple[Notice, Callable[[], None] | None]:
    """The label and the change to make; no change where the filter cannot be applied."""
    if typed.key in ("after", "before"):
        return _typed_date(reading, typed)
    of_kind = {"source": names.sources, "agency": names.agencies, "author": names.authors, "section": names.sections}
    known = of_kind[typed.key]
    name = find_author(typed.value, known) if typed.key == "author" else find_name(typed.value, known)
    if name is None:
        return Notice(_UNKNOWN[typed.key], typed.value), None

    def add() -> None:
        if typed.key == "section":
            reading.section = name
            return
        field_name = {"source": "sources", "agency": "agencies", "author": "authors"}[typed.key]
        setattr(reading, field_name, with_name(getattr(reading, field_name), name))

    return Notice(NoticeKind(typed.key), name), add


def _typed_date(reading: Reading, typed: TypedFilter) -> tuple[Notice, Callable[[], None] | None]:
    """`after:` includes its day, `before:` does not."""
    moment, so_far = read_date(typed.value), reading.published or Interval(None, None)
    if moment is None:
        return Notice(NoticeKind.NO_DATE, typed.value, reason=Notice(NoticeKind.PLAIN, typed.key)), None
    wanted = replace(so_far, start=moment) if typed.key == "after" else replace(so_far, end=moment)
    if wanted.start and wanted.end and wanted.start >= wanted.end:
        return Notice(NoticeKind.NO_TIME_LEFT, typed.value), None

    def bound() -> None:
        reading.published, reading.has_typed_dates = wanted, True

    one = Interval(moment, None) if typed.key == "after" else Interval(None, moment)
    return Notice(NoticeKind.PUBLISHED, times=(days_of(one),)), bound
