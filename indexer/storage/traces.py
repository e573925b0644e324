"""Traces by which the words of an article are found in any file: hashes of runs of its words, its address and its id.

They are hashes so that the list of purged articles does not itself contain their words.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from corpus.article import Article
from corpus.sentences import split_sentences

_RUN = 8  # words; a shorter run is also in articles that have nothing to do with this one
_SHORTEST_SENTENCE = 5  # words
_SHORTEST_TITLE = 3  # words
_WORD = re.compile(r"\w+")
_NAME = re.compile(r"[^\s\"'<>(),\[\]{}\\]+")


@dataclass(frozen=True, slots=True)
class Traces:
    """Hashes of an article's names (id, address) and of runs of its words, by the length of the run."""

    names: frozenset[str]
    runs: frozenset[tuple[int, str]]

    @classmethod
    def of(cls, articles: Iterable[Article]) -> "Traces":
        """The traces of all these articles together."""
        names: set[str] = set()
        runs: set[tuple[int, str]] = set()
        for article in articles:
            names |= {hash_of(name) for name in (article.id, article.url) if name}
            runs |= set(_runs(article))
        return cls(frozenset(names), frozenset(runs))

    def are_in(self, text: str) -> bool:
        """Whether a text, JSON or plain, names an article or has a run of its words."""
        read = _strings(text)
        return any(hash_of(name) in self.names for name in _NAME.findall(read)) or any(
            (length, run) in self.runs
            for length in {length for length, _ in self.runs}
            for run in _hashed_runs(_words(read), length)
        )

    def packed(self) -> str:
        """As JSON."""
        return json.dumps([sorted(self.names), sorted(self.runs)])

    @classmethod
    def unpacked(cls, packed: Iterable[str]) -> "Traces":
        """All of what `packed` gave."""
        names: set[str] = set()
        runs: set[tuple[int, str]] = set()
        for one in packed:
            some_names, some_runs = json.loads(one)
            names.update(some_names)
            runs.update((length, run) for length, run in some_runs)
        return cls(frozenset(names), frozenset(runs))


def hash_of(text: str) -> str:
    """A short hash, in hex."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def _runs(article: Article) -> Iterator[tuple[int, str]]:
    title = _words(article.title)
    if len(title) >= _SHORTEST_TITLE:
        yield len(title), hash_of(" ".join(title))
    yield from ((_RUN, run) for run in _hashed_runs(_words(article.text), _RUN))
    for span in split_sentences(article.text):
        words = _words(article.text[span.start : span.end])
        if _SHORTEST_SENTENCE <= len(words) < _RUN:
            yield len(words), hash_of(" ".join(words))


def _hashed_runs(words: list[str], length: int) -> Iterator[str]:
    return (hash_of(" ".join(words[at : at + length])) for at in range(len(words) - length + 1))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _strings(text: str) -> str:
    """The strings of a JSON text, one a line, as they were before they were escaped; any other text as it is."""
    try:
        return "\n".join(_strings_in(json.loads(text)))
    except (ValueError, RecursionError):
        return text


def _strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (key, *_strings_in(one))
    elif isinstance(value, list):
        for one in value:
            yield from _strings_in(one)
