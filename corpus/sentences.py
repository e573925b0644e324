"""Where the sentences and the paragraphs of a news text start and end."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from corpus.english.calendar import MONTHS, SHORT_MONTHS, WEEKDAYS
from corpus.english.speech_verbs import SPEECH


class Span(NamedTuple):
    """Two character offsets: `text[start:end]`."""

    start: int
    end: int


_BLANK_LINE = re.compile(r"\n\s*\n")
_CLOSERS = "\"'”’»›)\\]」』）"
# The look-behind keeps a long run of full stops linear. CJK marks end a sentence without a space after them.
_END = re.compile(rf"(?<![.!?…؟۔।])[.!?…؟۔।]+(?:[{_CLOSERS}]|[ \u00a0\u202f]»)*(?=\s)|[。！？｡]+[{_CLOSERS}]*")
_NEXT_WORD = re.compile(r"[^\w]*(\w[\w'’-]*)")
_LETTERS_WITH_STOPS = re.compile(r"(?:[^\W\d_]\.)+")
_LIST_NUMBER = re.compile(r"\(?\d{1,2}\.")
_LONGEST_CACHED = 100_000  # characters: the cache keeps its texts alive, and an article of news is shorter
_WORD_LENGTH = 40  # enough of the text before a full stop to know an abbreviation


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A name follows these, so a full stop after one never ends a sentence.
_TITLES = _words(
    "Mr Mrs Ms Dr Prof Gen Sen Rep Gov Reps Sens Govs Lt Col Sgt Capt Cpl Pvt Rev Hon Pres Adm Maj Cmdr Det Insp Supt "
    "Brig Messrs Fr Mme Mlle Amb Atty Dep Asst Cllr Mt Ft vs v cf e.g i.e approx"
)
_BEFORE_A_NUMBER = _words("No Nos Vol vol pp p Art Ch ch Fig fig Sec").union(SHORT_MONTHS)
# These can end a sentence as well: they do when a word that usually starts one follows.
_ABBREVIATIONS = _words(
    "St Jr Sr Inc Corp Co Ltd LLC Plc plc Bros Dept dept Est etc al Ave Blvd Rd Hwy Univ Assn Gov't Int'l Ph.D ed eds "
    "Mon Tue Tues Wed Thu Thurs Fri Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss "
    "Mo Mont Neb Nev Okla Ore Pa Tenn Tex Va Vt Wash Wis Wyo"
)
_STARTERS = _words(
    "The A An This That These Those He She It They We You I His Her Its Their Our My There Here In On At By For From "
    "With After Before During Since Until While When Where Why How What Who If As But And Or So Yet Then Also Both "
    "However Although Though Because Despite Under Over About Some Many Most Several All No Not One Two Three Such "
    "Meanwhile Earlier Later Now Still Only According Among Between Last Officials Police"
)
_FOLLOWS_THE_CLOCK = _words(
    "ET EST EDT CT CST CDT MT MST MDT PT PST PDT GMT UTC BST CET CEST IST JST AEST HKT Eastern Central Pacific"
).union(MONTHS, WEEKDAYS)
# '"Why?" Simonyan asked' is one sentence; '"Why?" The minister left' is two.
_ATTRIBUTION = re.compile(
    r"\s+(?!(?:The|A|An|In|On|At|But|And|He|She|They|It|We|I)\b)(?:[A-Z][\w'’.-]*\s+){1,4}"
    rf"(?:{SPEECH})\b"
)


def split_sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text, in order.

    They cover every character that is not a space exactly once, have no outer spaces, and never cross a blank line;
    a paragraph without a full stop, such as a heading, is one sentence. The last texts are cached.
    """
    return _cached_sentences(text) if len(text) <= _LONGEST_CACHED else _sentences(text)


def split_paragraphs(text: str) -> tuple[Span, ...]:
    """The paragraphs of a text, in order: what blank lines separate; a text without one is one paragraph."""
    return _cached_paragraphs(text) if len(text) <= _LONGEST_CACHED else _paragraphs(text)


def paragraph_at(text: str, start: int, end: int | None = None) -> Span:
    """The paragraph that holds the character at `start`; with `end`, all paragraphs that hold `text[start:end]`.

    A blank line belongs to the paragraph above it.
    """
    paragraphs = split_paragraphs(text)
    first = _paragraph_of(paragraphs, start)
    last = first if end is None else _paragraph_of(paragraphs, max(start, end - 1))
    return Span(first.start, last.end)


def _paragraph_of(paragraphs: tuple[Span, ...], offset: int) -> Span:
    return paragraphs[max(0, bisect_right(paragraphs, offset, key=attrgetter("start")) - 1)]


def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(span for start, end in split_paragraphs(text) for span in _split_paragraph(text, start, end))


def _paragraphs(text: str) -> tuple[Span, ...]:
    gaps = [gap.span() for gap in _BLANK_LINE.finditer(text)]
    starts = [0, *(end for _, end in gaps)]
    ends = [*(start for start, _ in gaps), len(text)]
    return tuple(map(Span, starts, ends))


_cached_sentences = lru_cache(maxsize=512)(_sentences)
_cached_paragraphs = lru_cache(maxsize=512)(_paragraphs)


def _split_paragraph(text: str, start: int, end: int) -> Iterator[Span]:
    for mark in _END.finditer(text, start, end):
        if _ends_sentence(text, start, mark, end):
            yield from _trimmed(text, start, mark.end())
            start = mark.end()
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    length = len(piece.strip())
    if length:
        yield Span(start, start + length)


def _ends_sentence(text: str, start: int, mark: re.Match[str], end: int) -> bool:
    following = _NEXT_WORD.match(text, mark.end(), end)
    if following is None or not text[mark.end()].isspace():
        return True
    word = following[1]
    if word[0].islower():
        return any(letter.isupper() for letter in word[1:])  # iPhone, eBay
    stop = mark[0]
    if stop == ".":
        return _full_stop_ends_sentence(text, start, mark.end(), word)
    return stop[-1] in ".!?…" or _ATTRIBUTION.match(text, mark.end(), end) is None or "." in stop


def _full_stop_ends_sentence(text: str, start: int, stop: int, following: str) -> bool:
    before = text[max(start, stop - _WORD_LENGTH) : stop].split()[-1].lstrip("\"'“‘«([")
    if _LIST_NUMBER.fullmatch(before):
        return bool(text[start : stop - len(before)].strip())
    name = before[:-1]
    if name in _TITLES:
        return False
    if name in _BEFORE_A_NUMBER:
        return not following[0].isdigit()
    if name.lower() in ("a.m", "p.m"):
        return following not in _FOLLOWS_THE_CLOCK
    if name in _ABBREVIATIONS or _LETTERS_WITH_STOPS.fullmatch(before):
        return following in _STARTERS
    return True
