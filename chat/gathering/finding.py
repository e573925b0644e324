"""From a quotation to the article of an archive that printed it first."""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from chat.errors import ChatError
from chat.gathering.aligning import Alignment, align, words_of
from corpus.article import Article
from indexer.search.index import Index
from indexer.search.keywords import KeywordIndex
from indexer.search.scope import Scope
from indexer.storage.passage import Passage

LEAST_LIKENESS = 0.75  # best sum of found and rightly declined on the development half of the quotations
_MOST_CHARACTERS = 3_000  # longer than a paragraph; only the beginning of a longer text is looked for
_RAREST_WORDS = 24  # searched for; other words say less about the source
_CANDIDATES = 12  # passages compared, from each kind of search
_FEW_WORDS = 16
_RUN_WORDS = 4
_MOST_COPIES = 50
_AS_GOOD = 0.05  # a likeness this close to the best is as good
_COMMON_WORD = 0.25  # weight of a word that is not worth searching for
_ELLIPSIS = re.compile(r"\.{3,}|…|\[\s*\.\.\.\s*\]|\[\s*…\s*\]")
_CUT_WORD = re.compile(r"[^\W_]+(?=\.{3}|…)")  # may be incomplete


@dataclass(frozen=True, slots=True)
class Printing:
    """Where an article prints the text."""

    article: Article
    start: int  # character offsets into article.text
    end: int
    likeness: float  # share of the words, weighed by rarity, that it has there; 1 for all of them in order

    @property
    def text(self) -> str:
        """The words as the article has them."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Finding:
    """Which article printed a text first and which later; none when it is not in the archive."""

    first: Printing | None
    later: tuple[Printing, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The text that is looked for: the words of each piece between ellipses."""

    pieces: tuple[tuple[str, ...], ...]
    weights: tuple[tuple[float, ...], ...]
    characters: int


def find_source_of(
    text: str, index: Index, *, as_of: datetime | None = None, least_likeness: float = LEAST_LIKENESS
) -> Finding:
    """Which article printed a quotation or a paragraph first, even if it is cut, misspelt or a word short here.

    Raises ChatError for a text without a word.
    """
    text = unicodedata.normalize("NFC", text[:_MOST_CHARACTERS])
    wanted = _wanted(text, index.keywords)
    if not wanted.pieces:
        raise ChatError("nothing to look for: the text has no words; give the words of a quotation")
    found = [
        printing
        for passage in _candidates(text, wanted, index, Scope(as_of=as_of))
        if (printing := _printing_near(passage, wanted, index, least_likeness))
    ]
    best = max((printing.likeness for printing in found), default=0.0)
    enough = max(least_likeness, best - _AS_GOOD)
    printings = _one_each([*found, *_copies(found, wanted, index, as_of)], enough)
    return Finding(printings[0], tuple(printings[1:])) if printings else Finding(None)


def _wanted(text: str, keywords: KeywordIndex) -> _Wanted:
    pieces = [tuple(word.text for word in words_of(piece)) for piece in _ELLIPSIS.split(text)]
    pieces = [piece for piece in pieces if piece]
    weights = {word: _weight(word, keywords) for piece in pieces for word in piece}
    weights |= dict.fromkeys(_CUT_WORD.findall(text.casefold()), _COMMON_WORD)
    return _Wanted(tuple(pieces), tuple(tuple(weights[word] for word in piece) for piece in pieces), len(text))


def _weight(word: str, keywords: KeywordIndex) -> float:
    """How much a word says about the source of a text: its inverse passage frequency."""
    terms = keywords.terms(word)
    if not terms:
        return _COMMON_WORD
    return 1.0 + math.log((1 + keywords.passages) / (1 + min(map(keywords.frequency, terms))))


def _candidates(text: str, wanted: _Wanted, index: Index, scope: Scope) -> Iterable[Passage]:
    """Passages that have the exact text, most of its rarest words or, of a short text, a run of its words."""
    hits = [*index.by_phrase(text, _CANDIDATES, scope), *_by_rarest_words(wanted, index, scope)]
    for run in _runs(wanted):
        hits += index.by_phrase(" ".join(run), _CANDIDATES // 2, scope)
    return index.archive.passages(list(dict(hits))).values()


def _runs(wanted: _Wanted) -> Iterator[tuple[str, ...]]:
    """Runs of words of a short text, whose words may all be common; some run is not misspelt."""
    if sum(map(len, wanted.pieces)) <= _FEW_WORDS:
        for piece in wanted.pieces:
            yield from (piece[at : at + _RUN_WORDS] for at in range(0, len(piece) - _RUN_WORDS + 1, _RUN_WORDS))


def _by_rarest_words(wanted: _Wanted, index: Index, scope: Scope) -> list[tuple[int, float]]:
    keywords = index.keywords
    weights = dict(zip(chain(*wanted.pieces), chain(*wanted.weights), strict=True))
    known = [word for word in weights if any(map(keywords.frequency, keywords.terms(word)))]
    rarest = sorted(known, key=lambda word: -weights[word])[:_RAREST_WORDS]
    return index.by_words(" ".join(rarest), _CANDIDATES, scope, title_weight=0.0)


def _printing_near(passage: Passage, wanted: _Wanted, index: Index, least: float) -> Printing | None:
    article = index.archive.article(passage.article_id, passage.version)
    beside = wanted.characters + wanted.characters // 4
    return _printing(article, wanted, max(0, passage.start - beside), passage.end + beside, least)


def _printing(article: Article, wanted: _Wanted, start: int, end: int, least: float) -> Printing | None:
    alignment = _align_pieces(article.text, wanted, start, end)
    if alignment is None or alignment.likeness < least:
        return None
    return Printing(article, alignment.start, alignment.end, alignment.likeness)


def _align_pieces(text: str, wanted: _Wanted, start: int, end: int) -> Alignment | None:
    """Where the pieces are, one after the other; each counts by the weight of its words."""
    words = words_of(text, start, end)
    found: list[tuple[Alignment, float]] = []
    for piece, weights in zip(wanted.pieces, wanted.weights, strict=True):
        rest = [word for word in words if word.start >= found[-1][0].end] if found else words
        alignment = align(piece, weights, rest)
        if alignment:
            found.append((alignment, sum(weights)))
    if not found:
        return None
    gained = sum(alignment.likeness * weight for alignment, weight in found)
    return Alignment(found[0][0].start, found[-1][0].end, gained / sum(map(sum, wanted.weights)))


def _copies(found: Sequence[Printing], wanted: _Wanted, index: Index, as_of: datetime | None) -> Iterator[Printing]:
    """The syndicated copies of the articles found that have the words; the earliest come first."""
    seen: set[str] = set()
    for printing in found:
        if printing.article.id in seen:
            continue
        copies = index.archive.copies_of(printing.article.id)
        seen |= {printing.article.id, *(copy.id for copy in copies)}
        for copy in copies[:_MOST_COPIES]:
            moment = copy.updated_at or copy.published_at
            if as_of is None or moment is None or moment <= as_of:
                again = _printing(copy, wanted, 0, len(copy.text), printing.likeness - _AS_GOOD)
                if again:
                    yield again


def _one_each(printings: Sequence[Printing], enough: float) -> list[Printing]:
    """The best place of each article, the earliest article first; those without a date come last."""
    best: dict[str, Printing] = {}
    for one in printings:
        known = best.get(one.article.id)
        if one.likeness >= enough and (known is None or one.likeness > known.likeness):
            best[one.article.id] = one
    return sorted(best.values(), key=_age)


def _age(printing: Printing) -> tuple[float, float, str]:
    published = printing.article.published_at
    return (published.timestamp() if published else math.inf, -printing.likeness, printing.article.id)
