"""Signatures: texts reduced to hashes by which syndicated copies of one story are recognised.

Two texts are near-duplicates when most word shingles of the shorter one occur in the longer one (containment: Broder
1997, "On the resemblance and containment of documents"), and the numbers, names, days and negations within the shared
words agree. The second rule separates stories written from one template ("At least 15 people died in Texas", "At
least 16 people died in California") and the update of a report from its copies ("Two were hurt", "Five were hurt").
"""

import hashlib
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.agencies import without_agency
from corpus.english.function_words import is_function_word
from corpus.english.number_words import BELOW_HUNDRED, ONES, TENS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes32 = NDArray[np.uint32]
    Hashes64 = NDArray[np.uint64]

_FORMAT = 2  # of a packed signature; incremented when old and new signatures cannot be compared
_SHINGLE_WORDS = 5
_SKETCH = 256  # smallest shingle hashes kept: the standard error of a containment of .6 is .03
_KEYS = 16  # smallest hashes, by which candidates are looked up
_FEWEST_SHINGLES = 16  # a stub of some twenty words is too short to compare
_CONTAINMENT = 0.6
_PRINTED = 0.7  # share of the trigrams of a sentence from which a text has it
_SHORTEST_COPY = 0.25  # of the longer text: a round-up that contains a brief is not a copy of it

_TOKEN = re.compile(r"\d[\d.,:]*\d|\d|[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TITLE_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w{4,}")
_BLANK_LINE = re.compile(r"\n\s*\n")
_EDGE = 2  # paragraphs
_SHORT = 20  # words
_BOILERPLATE = re.compile(
    r"\A\s*(?:by|from)\b(?=[^.]*\Z)|©|https?:|www\.|@|\b(?:copyright|all rights reserved|subscrib\w+|newsletters?"
    r"|readers of|edition|editor|e-?mail|follow us|sign up|(?:reporting|editing|writing) by)\b",
    re.IGNORECASE,
)
_SENTENCE_GAP = re.compile(r"[!?:;\n\"“”«»]")
_COMPOUNDS = {f"{ten}-{one}": n + m for ten, n in TENS.items() for one, m in ONES.items()}
_NUMBER_WORDS = {word: str(number) for word, number in (BELOW_HUNDRED | _COMPOUNDS | {"no": 0}).items()}
_LONGEST_TITLE = 3  # Mr, Gen, Sen, St
_MASK = {"number": "\0number", "name": "\0name"}
_NEGATIONS = frozenset(("not", "never"))
_NEGATED = {"cannot": "can", "won't": "will", "can't": "can", "shan't": "shall"}
_SAME_IN_CONTEXT = {"were": "was", "are": "is", "have": "has", "an": "a"}  # one was hurt, two were hurt
_OWN_SPELLING = 5  # letters of a name from which spellings such as Zelensky and Zelenskiy count as one


@dataclass(frozen=True, slots=True)
class Signature:
    """A text reduced for comparison: sampled hashes of its word shingles, its facts and its negations."""

    shingles: bytes  # little-endian uint32, ascending; of the words without negations
    facts: bytes  # little-endian uint64, ascending: the hash of a fact's context, then of the fact
    negations: bytes = b""  # as `shingles`: those in which a negation was left out

    def pack(self) -> bytes:
        """The signature as bytes; about 1.5 KB for an article of 400 words."""
        sizes = struct.pack("<BHH", _FORMAT, len(self.shingles), len(self.negations))
        return sizes + self.shingles + self.negations + self.facts

    @classmethod
    def unpack(cls, packed: bytes) -> "Signature | None":
        """The packed signature, or None when another version of this module packed it."""
        if len(packed) < 5 or packed[0] != _FORMAT:
            return None
        size, negations = struct.unpack_from("<HH", packed, 1)
        end = 5 + size + negations
        return cls(packed[5 : 5 + size], packed[end:], packed[5 + size : end])

    @property
    def keys(self) -> tuple[int, ...]:
        """Hashes of which near-duplicates share at least two; empty for a text that is too short to compare."""
        if len(self.shingles) < 4 * _FEWEST_SHINGLES:
            return ()
        return struct.unpack_from(f"<{_KEYS}I", self.shingles)


def signature(text: str, title: str = "") -> Signature:
    """The signature of a text: the same on every machine and in every run.

    A text that shares no word with its title is a stub (an invitation to subscribe, a notice). Like a text that is too
    short, it gets an empty signature and is never a copy.
    """
    import numpy as np

    if not _is_about(text, title):
        return Signature(b"", b"")
    read = _read(without_agency(_without_boilerplate(text)))
    windows = _windows(_hashes(read.tokens), _SHINGLE_WORDS)
    contexts = _windows(_hashes(["", "", *read.masked, "", ""]), 5)
    pairs = [(int(contexts[index]) << 32) | (_hash(fact) & 0xFFFFFFFF) for index, fact in read.facts]
    return Signature(
        np.unique(windows)[:_SKETCH].astype("<u4").tobytes(),
        np.unique(np.array(pairs, dtype=np.uint64))[:_SKETCH].astype("<u8").tobytes(),
        np.unique(_across(windows, read.negations))[:_SKETCH].astype("<u4").tobytes(),
    )


def _without_boilerplate(text: str) -> str:
    """The text without the paper's own short paragraphs at either end: a byline, its address, its edition."""
    paragraphs = _BLANK_LINE.split(text.strip())
    kept = [
        one
        for at, one in enumerate(paragraphs)
        if _EDGE <= at < len(paragraphs) - _EDGE or len(one.split()) > _SHORT or not _BOILERPLATE.search(one)
    ]
    return "\n\n".join(kept or paragraphs)


def _across(windows: "Hashes32", places: Sequence[int]) -> "Hashes32":
    """The windows with a word on either side of one of these places."""
    import numpy as np

    starts = {place - before for place in places for before in range(1, _SHINGLE_WORDS)}
    return windows[np.array(sorted(start for start in starts if 0 <= start < len(windows)), dtype=np.int64)]


def _is_about(text: str, title: str) -> bool:
    words = set(_TITLE_WORD.findall(title.lower()))
    return not words or not words.isdisjoint(_TITLE_WORD.findall(text.lower()))


def is_duplicate(one: Signature, other: Signature) -> bool:
    """Whether two texts are copies of one story."""
    return bool(one.keys and other.keys) and share_words(one, other) and not contradict(one, other)


def prints(text: str, words: str) -> bool:
    """Whether a text has these words, nearly as they are; datelines and agencies aside."""
    wanted = _trigrams(words)
    return len(wanted & _trigrams(text)) >= _PRINTED * len(wanted)


@lru_cache(maxsize=128)
def _trigrams(text: str) -> frozenset[tuple[str, ...]]:
    tokens = _read(without_agency(text)).tokens
    return frozenset(zip(tokens, tokens[1:], tokens[2:], strict=False))


def contradict(one: Signature, other: Signature) -> bool:
    """Whether a fact or a negation differs in the same words."""
    return _differ_in_facts(one, other) or _negates(one, other) or _negates(other, one)


def _negates(one: Signature, other: Signature) -> bool:
    """Whether the first text negates what the second one says."""
    shingles, negated = (struct.unpack(f"<{len(some) // 4}I", some) for some in (other.shingles, other.negations))
    own = struct.unpack(f"<{len(one.negations) // 4}I", one.negations)
    return bool(own) and not set(own).isdisjoint(set(shingles).difference(negated))


def share_words(one: Signature, other: Signature) -> bool:
    """Whether most shingles of the shorter text occur in the longer one."""
    import numpy as np

    first, second = (np.frombuffer(each.shingles, dtype="<u4") for each in (one, other))
    # Both sketches are complete below the smaller of their largest hashes, so there they can be compared.
    complete = min((each[-1] for each in (first, second) if len(each) == _SKETCH), default=0xFFFFFFFF)
    first, second = (each[: np.searchsorted(each, complete, side="right")] for each in (first, second))
    shorter, longer = sorted((len(first), len(second)))
    if shorter < _SHORTEST_COPY * longer:
        return False
    return len(np.intersect1d(first, second, assume_unique=True)) >= _CONTAINMENT * shorter


def _differ_in_facts(one: Signature, other: Signature) -> bool:
    """Whether a number or a name differs in the same context; "Berg" and "Ina Berg" do not."""
    first, second = _facts_by_context(one), _facts_by_context(other)
    return any(
        not (first[context] <= second[context] or second[context] <= first[context])
        for context in first.keys() & second.keys()
    )


def _facts_by_context(one: Signature) -> dict[int, set[int]]:
    facts: dict[int, set[int]] = {}
    for pair in struct.unpack(f"<{len(one.facts) // 8}Q", one.facts):
        facts.setdefault(pair >> 32, set()).add(pair & 0xFFFFFFFF)
    return facts


@dataclass(slots=True)
class _Text:
    """The words of a text in lower case, without negations, and the same words with numbers and names masked."""

    tokens: list[str] = field(default_factory=list)
    masked: list[str] = field(default_factory=list)
    facts: list[tuple[int, str]] = field(default_factory=list)  # each with its index in `masked`
    negations: list[int] = field(default_factory=list)  # indices of the tokens before which they stood

    def add(self, word: str, kind: str, *, continues: bool) -> None:
        """Add a word; a name that continues the name before it shares its place."""
        self.tokens.append(word)
        if not continues:
            self.masked.append(_MASK.get(kind) or _in_context(word))
        if kind:
            self.facts.append((len(self.masked) - 1, _name_key(word) if kind == "name" else word))


def _read(text: str) -> _Text:
    read = _Text()
    matches = list(_TOKEN.finditer(text))
    names = set(_names_inside(text, matches))
    end, kind = 0, ""
    for match in matches:
        word, is_negated = _positive(match[0].lower())
        gap, end, before = text[end : match.start()], match.end(), kind
        kind = "number" if word[:1].isdigit() else "name" if match[0] in names else ""
        if word:
            read.add(word, kind, continues=kind == "name" == before and gap == " ")
        if is_negated:
            read.negations.append(len(read.tokens))
    return read


def _names_inside(text: str, matches: Sequence[re.Match[str]]) -> Iterator[str]:
    """The capitalised words that stand somewhere within a sentence: at its start they are names as well."""
    for before, match in pairwise(matches):
        gap, word = text[before.end() : match.start()], match[0]
        if word[0].isupper() and not is_function_word(word) and (gap == " " or not _starts_sentence(gap, before[0])):
            yield word


@lru_cache(maxsize=1 << 16)
def _positive(word: str) -> tuple[str, bool]:
    """A word without its negation, and whether it has one; numbers as digits."""
    word = word.replace("’", "'")
    if word in _NEGATIONS:
        return "", True
    if word in _NEGATED or word.endswith("n't"):
        return _NEGATED.get(word, word[:-3]), True
    return _NUMBER_WORDS.get(word, word.replace(",", "") if word[0].isdigit() else word), False


def _in_context(word: str) -> str:
    """A word of a fact's context, the same in singular and plural."""
    return _SAME_IN_CONTEXT.get(word, word.removesuffix("s"))


@lru_cache(maxsize=1 << 16)
def _name_key(word: str) -> str:
    """A word of a name without its genitive; of longer ones the consonants, as their vowels vary with the paper."""
    word = word.removesuffix("'s")
    if len(word) < _OWN_SPELLING:
        return word
    return word[0] + re.sub(r"(.)\1+", r"\1", re.sub("[aeiouy]", "", word[1:]))


def _starts_sentence(gap: str, before: str) -> bool:
    """Whether a sentence starts after this gap; a full stop after a short word counts as an abbreviation."""
    return _SENTENCE_GAP.search(gap) is not None or ("." in gap and len(before) > _LONGEST_TITLE)


@lru_cache(maxsize=1 << 17)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(errors="replace"), digest_size=8).digest(), "little")


def _hashes(words: list[str]) -> "Hashes64":
    import numpy as np

    return np.fromiter(map(_hash, words), dtype=np.uint64, count=len(words))


def _windows(hashes: "Hashes64", length: int) -> "Hashes32":
    """A hash of every window of `length` words, in order; of all words when there are fewer."""
    import numpy as np

    length = min(length, len(hashes))
    if length == 0:
        return np.empty(0, dtype=np.uint32)
    count = len(hashes) - length + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for index in range(length):
        mixed = (mixed ^ hashes[index : index + count]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(32)).astype(np.uint32)
