"""One document of a database's export, and the lines that it is read from."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from corpus.agencies import Byline, split_byline
from corpus.article import DateOrigin
from corpus.dates import ParsedDate, parse_date
from corpus.readers.form import ReaderError
from corpus.readers.paragraphs import mend, paragraphs_of

_MOST_LINES = 20_000
_LAST_FIRST = re.compile(r"(?P<last>[^,;()]{2,40}), (?P<first>[^,;()]{1,40})")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b).*|all rights reserved\W*", re.IGNORECASE)
_DAY_NAME = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One document; `paragraphs` is its story."""

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    source: str | None = None
    published: ParsedDate | None = None
    byline: Byline = field(default_factory=Byline)
    section: str | None = None
    language: str = ""
    url: str | None = None
    date_origin: DateOrigin = DateOrigin.FIELD


def lines_of(part: str) -> list[str]:
    """The lines of one document without outer spaces; raises ReaderError for more than an article has."""
    if part.count("\n") > _MOST_LINES:
        raise ReaderError(f"more than {_MOST_LINES:,} lines in one document of the export")
    return [line.strip() for line in part.splitlines()]


def story(lines: Iterable[str]) -> tuple[str, ...]:
    """The paragraphs of lines, without copyright notices."""
    return tuple(mend(part for part in paragraphs_of("\n".join(lines)) if not is_copyright(part)))


def is_copyright(line: str) -> bool:
    """Whether a line is a copyright notice."""
    return len(line) < 200 and bool(_COPYRIGHT.fullmatch(line.strip()))


def date_in(line: str) -> ParsedDate | None:
    """The date of a line that has nothing else but a day of the week, an edition or a time."""
    line = " ".join(line.split())
    if len(line) > 80 or not any(map(str.isdigit, line)):
        return None
    return parse_date(line) or parse_date(_DAY_NAME.sub("", line).strip(" ,"))


def byline_of(text: str) -> Byline:
    """The people of a byline, whose names may be given as `Lind, Dora; Ohm, Karl`."""
    people = [person.strip() for person in text.split(";") if person.strip()]
    if people and all(_LAST_FIRST.fullmatch(person) for person in people):
        text = "; ".join(_LAST_FIRST.sub(r"\g<first> \g<last>", person) for person in people)
    return split_byline(text)


def first(fields: Mapping[str, list[str]], *names: str) -> str:
    """The first non-empty field, as one line."""
    return next((line for name in names if (line := " ".join(" ".join(fields.get(name, ())).split()))), "")
