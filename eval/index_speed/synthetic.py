"""Synthetic articles, vectors and archives of any size."""

import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from corpus.article import Article, DateOrigin, new_article
from corpus.readers import read_articles
from corpus.sentences import Span
from corpus.signatures import signature
from indexer.embedding.model import open_embedding
from indexer.search.derived import bring_into_step
from indexer.search.index import Index
from indexer.search.scope import Scope
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.storage.passage import embedded_text, text_hash
from indexer.storage.rows import Vector

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "corpus" / "sample"
_DIMENSIONS = 384
_TOPICS = 500  # cluster centres of the vectors
_PASSAGES_AN_ARTICLE = 10
_PASSAGE_WORDS = 150
_PARAGRAPH_WORDS = 60
_FIRST_DAY = datetime(2015, 1, 1, tzinfo=UTC)
_DAYS = 3_000
TENTHS = tuple(
    Scope(published_from=_FIRST_DAY + timedelta(days=first), published_before=_FIRST_DAY + timedelta(days=first + 300))
    for first in range(0, _DAYS, _DAYS // 10)
)


def open_synthetic(folder: Path, passages: int) -> Index:
    """An archive of so many synthetic passages, built if it is not there."""
    place, fingerprint = folder / str(passages), open_embedding().fingerprint
    if not (place / "complete").is_file():
        with closing(Archive(place / FILE_NAME, create=True)) as archive:
            _fill(archive, fingerprint, passages)
            bring_into_step(place, archive, fingerprint)
        (place / "complete").touch()
    return Index(place, fingerprint)


def synthetic_articles(count: int, lengths: tuple[int, int]) -> Iterator[Article]:
    """So many articles; `lengths` are the fewest and the most words."""
    words, chance = vocabulary(), random.Random(1)
    for number in range(count):
        yield new_article(
            title=f"{' '.join(chance.choices(words, k=6))} {number}",
            text=_paragraphs(chance.choices(words, k=chance.randint(*lengths))),
            url=f"https://made-up.example/{number}",
            source=f"Paper {number % 20}",
            published_at=_FIRST_DAY + timedelta(days=number * _DAYS // max(1, count)),
            date_origin=DateOrigin.FIELD,
        )


def vocabulary() -> list[str]:
    """The words of the sample with their repetitions, so that frequencies are those of news."""
    texts = [one.text for one in read_articles([SAMPLE]) if isinstance(one, Article)]
    return [word for text in texts for word in text.split()]


def synthetic_vector(number: int) -> Vector:
    """A unit vector near one of the topics; the same number gives the same vector."""
    chance = np.random.default_rng(number)
    topic = np.random.default_rng(10**12 + int(chance.integers(_TOPICS))).standard_normal(_DIMENSIONS)
    vector = (topic + chance.standard_normal(_DIMENSIONS)).astype(np.float32)
    unit: Vector = vector / np.linalg.norm(vector)
    return unit


def _fill(archive: Archive, fingerprint: str, passages: int) -> None:
    archive.set_state("model_fingerprint", fingerprint)
    archive.set_state("model_name", open_embedding().name)
    empty_signature, number = signature("").pack(), 0
    words = _PASSAGES_AN_ARTICLE * _PASSAGE_WORDS
    for article in synthetic_articles(passages // _PASSAGES_AN_ARTICLE, (words, words)):
        spans = _even_spans(article.text, _PASSAGES_AN_ARTICLE)
        hashes = [text_hash(embedded_text(article, article.text[span.start : span.end])) for span in spans]
        archive.keep_vectors(fingerprint, {one: synthetic_vector(number + at) for at, one in enumerate(hashes)})
        archive.add(article, list(zip(spans, hashes, strict=True)), empty_signature)
        number += len(spans)


def _even_spans(text: str, parts: int) -> list[Span]:
    ends = [round(len(text) * part / parts) for part in range(parts + 1)]
    return [Span(start, end) for start, end in pairwise(ends)]


def _paragraphs(words: Sequence[str]) -> str:
    parts = (words[first : first + _PARAGRAPH_WORDS] for first in range(0, len(words), _PARAGRAPH_WORDS))
    return "\n\n".join(map(" ".join, parts))
