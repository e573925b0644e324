"""Where a text has some words that are not quoted letter for letter."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
_SLIP = 0.75  # two words this similar are one word misspelt
_SLIP_LETTERS = 2  # lost or added; more make another word
_WORTH_READING = 0.35  # share of the wanted words that are found unchanged, before misspelt ones are looked for


class Word(NamedTuple):
    """A case-folded word and its offsets in the text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """A span of a text, and the share, by weight, of the wanted words that it has in order."""

    start: int
    end: int
    likeness: float


def words_of(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of text[start:end]; offsets are the text's."""
    found = _WORD.finditer(text, start, len(text) if end is None else end)
    return [Word(one[0].casefold(), one.start(), one.end()) for one in found]


def align(wanted: Sequence[str], weights: Sequence[float], text: Sequence[Word]) -> Alignment | None:
    """The stretch of a text's words that is most like the wanted words, or None when it has none of them.

    The stretch is where most of them, by weight, are at the wanted distances from each other.
    """
    first = _place(wanted, weights, text)
    if first is None:
        return None
    slack = 3 + len(wanted) // 8
    window = text[max(0, first - slack) : first + len(wanted) + slack]
    words = [word.text for word in window]
    changes = SequenceMatcher(None, wanted, words, autojunk=False).get_opcodes()
    pairs = [(i1 + by, j1 + by, 1.0) for tag, i1, i2, j1, _ in changes if tag == "equal" for by in range(i2 - i1)]
    if sum(weights[i] for i, _, _ in pairs) >= _WORTH_READING * sum(weights):
        replaced = ((range(i1, i2), range(j1, j2)) for tag, i1, i2, j1, j2 in changes if tag == "replace")
        pairs = sorted([*pairs, *(slip for places in replaced for slip in _slips(wanted, words, *places))])
    gained = sum(weights[i] * similarity for i, _, similarity in pairs)
    return Alignment(window[pairs[0][1]].start, window[pairs[-1][1]].end, gained / sum(weights))


def _place(wanted: Sequence[str], weights: Sequence[float], text: Sequence[Word]) -> int | None:
    """Where in a text the wanted words begin; a word dropped or inserted moves what follows by one."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(wanted):
        places[word].append(place)
    votes: Counter[int] = Counter()
    for at, one in enumerate(text):
        for place in places.get(one.text, ()):
            votes[at - place] += weights[place]  # type: ignore[assignment]  # a Counter also counts in fractions
    if not votes:
        return None
    return max(votes, key=lambda shift: (votes[shift], sum(votes[shift + by] for by in (-2, -1, 1, 2)), -shift))


def _slips(
    wanted: Sequence[str], found: Sequence[str], wanted_places: range, found_places: range
) -> Iterator[tuple[int, int, float]]:
    """The places of a wanted word and of what may be the same word misspelt, in order, with their similarity."""
    next_place = found_places.start
    for i in wanted_places:
        for j in range(next_place, found_places.stop):
            similarity = _similarity(wanted[i], found[j])
            if similarity >= _SLIP:
                yield i, j, similarity
                next_place = j + 1
                break


def _similarity(one: str, other: str) -> float:
    if abs(len(one) - len(other)) > _SLIP_LETTERS or not one.isalpha() or not other.isalpha():
        return 0.0  # 1984 is not a misspelt 1994
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
