"""Near-duplicates: which articles of an archive are syndicated copies of one story.

Two texts are near-duplicates when most word shingles of the shorter one occur in the longer one (containment: Broder
1997, "On the resemblance and containment of documents"), and the numbers and names within the shared words agree. The
second rule separates stories written from one template: "At least 15 people died in Texas", "At least 16 people died in
California".
"""

import hashlib
import re
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.agencies import without_agency
from corpus.english.number_words import UP_TO_TWELVE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes32 = NDArray[np.uint32]
    Hashes64 = NDArray[np.uint64]

_FORMAT = 1  # of a packed signature; incremented when old and new signatures cannot be compared
_SHINGLE_WORDS = 5
_SKETCH = 256  # smallest shingle hashes kept: the standard error of a containment of .6 is .03
_KEYS = 16  # smallest hashes, by which candidates are looked up
SHARED_KEYS = 2
COMMON_KEY = 1000  # a key shared by more signatures is boilerplate
_FEWEST_SHINGLES = 16  # a stub of some twenty words is too short to compare
_CONTAINMENT = 0.6
_SHORTEST_COPY = 0.25  # of the longer text: a round-up that contains a brief is not a copy of it
_FACTS_PER_SLIP = 40  # one differing fact in this many is a typing error, and one is always allowed

_TOKEN = re.compile(r"\d[\d.,:]*\d|\d|[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TITLE_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w{4,}")
_SENTENCE_GAP = re.compile(r"[!?:;\n\"“”«»]")
_NUMBER_WORDS = {word: str(number) for word, number in UP_TO_TWELVE.items() if word != "one"}
_LONGEST_TITLE = 3  # Mr, Gen, Sen, St
_MASK = {"number": "\0number", "name": "\0name"}


@dataclass(frozen=True, slots=True)
class Signature:
    """A text reduced for comparison: sampled hashes of its word shingles and of its facts."""

    shingles: bytes  # little-endian uint32, ascending
    facts: bytes  # little-endian uint64, ascending: the hash of a fact's context, then of the fact

    def pack(self) -> bytes:
        """The signature as bytes; about 1.5 KB for an article of 400 words."""
        return struct.pack("<BH", _FORMAT, len(self.shingles)) + self.shingles + self.facts

    @classmethod
    def unpack(cls, packed: bytes) -> "Signature | None":
        """The packed signature, or None when another version of this module packed it."""
        if len(packed) < 3 or packed[0] != _FORMAT:
            return None
        (size,) = struct.unpack_from("<H", packed, 1)
        return cls(packed[3 : 3 + size], packed[3 + size :])

    @property
    def keys(self) -> tuple[int, ...]:
        """Hashes of which near-duplicates share at least two; empty for a text that is too short to compare."""
        if len(self.shingles) < 4 * _FEWEST_SHINGLES:
            return ()
        return struct.unpack_from(f"<{_KEYS}I", self.shingles)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Syndicated copies of one story, the earliest first; those without a date come last."""

    article_ids: tuple[str, ...]
    agency: str | None  # the first one named, from the earliest article on

    @property
    def id(self) -> str:
        """The earliest article's id, independent of the order in which the articles arrived."""
        return self.article_ids[0]


def signature(text: str, title: str = "") -> Signature:
    """The signature of a text: the same on every machine and in every run.

    A text that shares no word with its title is a stub (an invitation to subscribe, a notice). Like a text that is too
    short, it gets an empty signature and is never a copy.
    """
    import numpy as np

    if not _is_about(text, title):
        return Signature(b"", b"")
    tokens, masked, facts = _tokens_and_facts(without_agency(text))
    shingles = np.unique(_windows(_hashes(tokens), _SHINGLE_WORDS))[:_SKETCH]
    contexts = _windows(_hashes(["", "", *masked, "", ""]), 5)
    pairs = [(int(contexts[index]) << 32) | (_hash(fact) & 0xFFFFFFFF) for index, fact in facts]
    return Signature(
        shingles.astype("<u4").tobytes(), np.unique(np.array(pairs, dtype=np.uint64))[:_SKETCH].astype("<u8").tobytes()
    )


def _is_about(text: str, title: str) -> bool:
    words = set(_TITLE_WORD.findall(title.lower()))
    return not words or not words.isdisjoint(_TITLE_WORD.findall(text.lower()))


def is_duplicate(one: Signature, other: Signature) -> bool:
    """Whether two texts are copies of one story."""
    return bool(one.keys and other.keys) and _share_words(one, other) and not _differ_in_facts(one, other)


def _share_words(one: Signature, other: Signature) -> bool:
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
    """Whether too many facts differ in the same context."""
    first, second = _facts_by_context(one), _facts_by_context(other)
    common = first.keys() & second.keys()
    differing = {
        (frozenset(first[index]), frozenset(second[index])) for index in common if not first[index] & second[index]
    }
    return len(differing) > max(1, len(common) // _FACTS_PER_SLIP)


def _facts_by_context(one: Signature) -> dict[int, set[int]]:
    facts: dict[int, set[int]] = {}
    for pair in struct.unpack(f"<{len(one.facts) // 8}Q", one.facts):
        facts.setdefault(pair >> 32, set()).add(pair & 0xFFFFFFFF)
    return facts


class Clusters:
    """The clusters of an archive, kept up to date as articles come and go.

    A cluster is a connected component of the graph of near-duplicates, so it does not depend on the order in which
    articles arrive (except for keys so common that they count as boilerplate). Its id changes when an earlier article
    joins it.
    """

    def __init__(self) -> None:
        self._articles: dict[str, _Entry] = {}
        self._holders: dict[Signature, dict[str, None]] = {}  # identical texts are one node
        self._by_key: dict[int, list[Signature]] = {}
        self._neighbours: dict[Signature, set[Signature]] = {}

    def add(
        self, article_id: str, text: Signature, published_at: datetime | None = None, agency: str | None = None
    ) -> None:
        """Add an article, or replace it."""
        self.remove(article_id)
        self._articles[article_id] = _Entry(text, published_at or datetime.max.replace(tzinfo=UTC), agency)
        if text not in self._holders:
            self._link(text)
        self._holders.setdefault(text, {})[article_id] = None

    def remove(self, article_id: str) -> None:
        """Remove an article, if it was added."""
        entry = self._articles.pop(article_id, None)
        if entry is None:
            return
        del self._holders[entry.text][article_id]
        if not self._holders[entry.text]:
            self._unlink(entry.text)

    def cluster(self, article_id: str) -> Cluster:
        """The cluster of an article, possibly of that article alone; raises KeyError when it was not added."""
        entry = self._articles[article_id]
        if not entry.text.keys:
            return Cluster((article_id,), entry.agency)
        return self._cluster(self._connected(entry.text))

    def __iter__(self) -> Iterator[Cluster]:
        """Every cluster of two articles or more."""
        seen: set[Signature] = set()
        for text, holders in self._holders.items():
            if text in seen or not text.keys or (len(holders) < 2 and text not in self._neighbours):
                continue
            connected = self._connected(text)
            seen |= connected
            yield self._cluster(connected)

    def _link(self, text: Signature) -> None:
        for candidate in self._candidates(text):
            if is_duplicate(text, candidate):
                self._neighbours.setdefault(text, set()).add(candidate)
                self._neighbours.setdefault(candidate, set()).add(text)
        for key in text.keys:
            self._by_key.setdefault(key, []).append(text)

    def _candidates(self, text: Signature) -> list[Signature]:
        shared = Counter(
            candidate
            for key in text.keys
            if len(holders := self._by_key.get(key, ())) <= COMMON_KEY
            for candidate in holders
        )
        return [candidate for candidate, count in shared.items() if count >= SHARED_KEYS]

    def _unlink(self, text: Signature) -> None:
        del self._holders[text]
        for key in text.keys:
            self._by_key[key].remove(text)
        for neighbour in self._neighbours.pop(text, set()):
            self._neighbours[neighbour].discard(text)
            if not self._neighbours[neighbour]:
                del self._neighbours[neighbour]

    def _connected(self, text: Signature) -> set[Signature]:
        found, waiting = {text}, [text]
        while waiting:
            for neighbour in self._neighbours.get(waiting.pop(), ()):
                if neighbour not in found:
                    found.add(neighbour)
                    waiting.append(neighbour)
        return found

    def _cluster(self, texts: set[Signature]) -> Cluster:
        ids = [article_id for text in texts for article_id in self._holders[text]]
        ids.sort(key=lambda article_id: (self._articles[article_id].published_at, article_id))
        return Cluster(tuple(ids), next((agency for each in ids if (agency := self._articles[each].agency)), None))


@dataclass(frozen=True, slots=True)
class _Entry:
    text: Signature
    published_at: datetime
    agency: str | None


def _tokens_and_facts(text: str) -> tuple[list[str], list[str], list[tuple[int, str]]]:
    """The words in lower case; the same with numbers and names masked; each fact with its index in the masked list."""
    tokens: list[str] = []
    masked: list[str] = []
    facts: list[tuple[int, str]] = []
    end, before = 0, ""
    for match in _TOKEN.finditer(text):
        token, gap = match[0], text[end : match.start()]
        end = match.end()
        word = token.lower()
        word = _NUMBER_WORDS.get(word, word)
        kind = ""
        if word[0].isdigit():
            kind = "number"
        elif token[0].isupper() and tokens and (gap == " " or not _starts_sentence(gap, tokens[-1])):
            kind = "name"
        tokens.append(word)
        if kind == "name" == before and gap == " ":
            index, fact = facts[-1]
            facts[-1] = (index, f"{fact} {word}")
        elif kind:
            facts.append((len(masked), word))
            masked.append(_MASK[kind])
        else:
            masked.append(word)
        before = kind
    return tokens, masked, facts


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
