"""Sentences: where each one of a news text starts and ends."""

import re
from collections.abc import Iterator
from typing import NamedTuple


class Span(NamedTuple):
    """Two character offsets: `text[start:end]`."""

    start: int
    end: int


_BLANK_LINE = re.compile(r"\n\s*\n")
_CLOSERS = "\"'”’»›)\\]」』）"
# The look-behind keeps a long run of full stops linear. CJK marks end a sentence without a space after them.
_END = re.compile(rf"(?<![.!?…؟۔।])[.!?…؟۔।]+[{_CLOSERS}]*(?=\s)|[。！？｡]+[{_CLOSERS}]*")
_NEXT_WORD = re.compile(r"[^\w]*(\w[\w'’.-]*)")
_LETTERS_WITH_STOPS = re.compile(r"(?:[^\W\d_]\.)+")
_LIST_NUMBER = re.compile(r"\(?\d{1,2}\.")
_WORD_LENGTH = 40  # enough of the text before a full stop to know an abbreviation


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A name follows these, so a full stop after one never ends a sentence.
_TITLES = _words(
    "mr mrs ms dr prof gen sen rep reps sens gov lt col sgt capt cpl pvt rev hon pres adm maj cmdr det insp supt brig "
    "messrs fr sr.ª mme mlle amb atty sec dep vice-adm vice-pres asst cllr mt ft nos vs v cf e.g i.e approx op fig eq"
)
# These can end a sentence as well: they do when a word that usually starts one follows.
_ABBREVIATIONS = _words(
    "st no vol pp p art ch jr sr inc corp co ltd llc plc bros dept est etc al ave blvd rd hwy univ assn gov't int'l "
    "jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri sat sun "
    "ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa "
    "tenn tex va vt wash wis wyo ph.d u.n u.s u.k d.c a.m p.m sq min max ed eds trans"
)
_STARTERS = _words(
    "The A An This That These Those He She It They We You I His Her Its Their Our My There Here In On At By For From "
    "With After Before During Since Until While When Where Why How What Who If As But And Or So Yet Then Also Both "
    "However Although Though Because Despite Under Over About Some Many Most Several All No Not One Two Three Such "
    "Meanwhile Earlier Later Now Still Only According Among Between Last Officials Police"
)
_ENDS_THE_CLOCK = _words("ET EST EDT CT CST CDT MT MST MDT PT PST PDT GMT UTC BST CET CEST IST JST AEST HKT")
_DAYS = _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_MONTHS = _words("January February March April May June July August September October November December")
# '"Why?" Simonyan asked' is one sentence; '"Why?" The minister left' is two.
_ATTRIBUTION = re.compile(
    r"\s+(?!(?:The|A|An|In|On|At|But|And|He|She|They|It|We|I)\b)(?:[A-Z][\w'’.-]*\s+){1,4}"
    r"(?:said|says|asked|asks|added|adds|told|tweeted|wrote|writes|replied|shouted|recalled|cried|joked|declared|"
    r"exclaimed|wondered|continued|insisted|warned|threatened|posted|responded|chanted|explained|announced)\b"
)


def split_sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text, in order.

    They cover every character that is not a space exactly once, have no outer spaces, and never cross a blank line;
    a paragraph without a full stop, such as a heading, is one sentence.
    """
    return tuple(span for start, end in _paragraphs(text) for span in _split_paragraph(text, start, end))


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


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
    name = before[:-1].lower()
    if name in _TITLES:
        return False
    if name in ("a.m", "p.m"):
        return following not in _ENDS_THE_CLOCK and following not in _DAYS and following not in _MONTHS
    if name in _ABBREVIATIONS and not _is_a_plain_word(before) or _LETTERS_WITH_STOPS.fullmatch(before):
        return following in _STARTERS
    return True


def _is_a_plain_word(before: str) -> bool:
    """Whether an abbreviation is written as the word that it also is: 'no.', 'sat.', 'wash.'."""
    return before[:-1] in ("no", "sat", "sun", "wash", "mar", "max", "ill", "miss", "mass", "art", "trans", "ore", "co")
