"""Archives of any size: the sentences of the sample with words exchanged, and synthetic vectors."""

import random
import time
import zlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from corpus.article import Article, DateOrigin, new_article
from corpus.readers import read_articles
from corpus.sentences import Span, split_sentences
from corpus.signatures import signature
from indexer.embedding.model import EmbeddingModel, open_embedding
from indexer.search.building import catch_up, compact
from indexer.search.derived import keywords_in_step, segment_place
from indexer.search.scope import Scope
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.storage.passage import embedded_text, text_hash
from indexer.storage.rows import Vector

SAMPLE = Path(__file__).parents[2] / "corpus" / "sample"
SOURCES = 20
_DIMENSIONS = 384
_TOPICS = 500  # cluster centres of the vectors
_PASSAGES_AN_ARTICLE = 10
_SENTENCES_A_PASSAGE = 5
_EXCHANGED = 0.15  # of the words, so that articles of the same sentences are no copies of one another
_COPIES = 0.05  # of the articles repeat an earlier one
_FIRST_DAY = datetime(2015, 1, 1, tzinfo=UTC)
_DAYS = 3_000
_COMPLETE = "complete"

PLAIN = Scope()
SCOPES = {
    "plain": PLAIN,
    "10 % of the days": Scope(
        published_from=_FIRST_DAY + timedelta(days=1_200), published_before=_FIRST_DAY + timedelta(days=1_500)
    ),
    "one week": Scope(
        published_from=_FIRST_DAY + timedelta(days=1_200), published_before=_FIRST_DAY + timedelta(days=1_207)
    ),
    "one source": Scope(sources=("Paper 3",)),
    "as of the middle": Scope(as_of=_FIRST_DAY + timedelta(days=1_500), looks_back=True),
}


def built(folder: Path, passages: int, *, with_graphs: bool) -> dict[str, float]:
    """Build the archive in a folder, unless it is complete; returns the seconds that each part took."""
    if (folder / _COMPLETE).is_file():
        return {}
    took: dict[str, float] = {}
    fingerprint = open_embedding().fingerprint
    with closing(Archive(folder / FILE_NAME, create=True)) as archive:
        archive.set_state("model_fingerprint", fingerprint)
        archive.set_state("model_name", open_embedding().name)
        with _timed(took, "articles"):
            _fill(archive, fingerprint, passages // _PASSAGES_AN_ARTICLE)
        with _timed(took, "keywords"):
            keywords_in_step(folder, archive).finish()
        with closing(segment_place(folder, archive)) as place:
            with _timed(took, "vectors"):
                catch_up(place, archive, fingerprint)
            if with_graphs:
                with _timed(took, "graphs"):
                    compact(place, archive, fingerprint)
    (folder / _COMPLETE).touch()
    return took


class _timed:  # noqa: N801  # reads as a statement
    def __init__(self, took: dict[str, float], name: str) -> None:
        self._took, self._name = took, name

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._took[self._name] = time.perf_counter() - self._started


def synthetic_model() -> EmbeddingModel:
    """The packaged model's name, fingerprint and tokenizer, with vectors that cost nothing."""
    from llama_index.core.base.embeddings.base import BaseEmbedding

    class SyntheticEmbedding(BaseEmbedding):
        def _get_text_embedding(self, text: str) -> list[float]:
            return list(vectors(zlib.crc32(text.encode()), 1)[0].astype(float))

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    real = open_embedding()
    return EmbeddingModel(real.name, real.fingerprint, SyntheticEmbedding, real.count_wordpieces)


def varied_article(number: int, of: int) -> Article:
    """One of `of` articles in the order of their days; the same number gives the same article."""
    chance = random.Random(number)
    told = number
    if number and chance.random() < _COPIES:  # under its own address and headline
        told = chance.randrange(number)
    return new_article(
        title=f"{_sentence(chance).rstrip('.')[:80]} ({number})",
        text=_text(told),
        url=f"https://made-up.example/{number}",
        source=f"Paper {number % SOURCES}",
        language="en",
        published_at=_FIRST_DAY + timedelta(days=number * _DAYS / max(1, of)),
        date_origin=DateOrigin.FIELD,
    )


def question(number: int) -> str:
    """Five words of a sentence."""
    chance = random.Random(f"question {number}")
    return " ".join(chance.sample(_sentence(chance).split(), 5))


def vectors(seed: int, count: int) -> Vector:
    """Unit vectors, each near one of the topics; the same seed gives the same vectors."""
    chance = np.random.default_rng(seed)
    topics = _topics()[chance.integers(_TOPICS, size=count)]
    found = topics + chance.standard_normal((count, _DIMENSIONS), dtype=np.float32)
    unit: Vector = found / np.linalg.norm(found, axis=1, keepdims=True)
    return unit


@cache
def _topics() -> Vector:
    return np.random.default_rng(10**12).standard_normal((_TOPICS, _DIMENSIONS), dtype=np.float32)


@cache
def _sentences() -> list[list[str]]:
    texts = [one.text for one in read_articles([SAMPLE]) if isinstance(one, Article)]
    sentences = (text[span.start : span.end].split() for text in texts for span in split_sentences(text))
    return [words for words in sentences if len(words) >= 12]


@cache
def _words() -> list[str]:
    return [word for words in _sentences() for word in words]


def _sentence(chance: random.Random) -> str:
    words = [chance.choice(_words()) if chance.random() < _EXCHANGED else word for word in chance.choice(_sentences())]
    return " ".join(words)


def _text(number: int) -> str:
    chance = random.Random(f"text {number}")
    passages = (" ".join(_sentence(chance) for _ in range(_SENTENCES_A_PASSAGE)) for _ in range(_PASSAGES_AN_ARTICLE))
    return "\n\n".join(passages)


def _fill(archive: Archive, fingerprint: str, count: int) -> None:
    for number in range(count):
        article = varied_article(number, count)
        spans = _even_spans(article.text, _PASSAGES_AN_ARTICLE)
        hashes = [text_hash(embedded_text(article, article.text[span.start : span.end])) for span in spans]
        archive.keep_vectors(fingerprint, dict(zip(hashes, vectors(number, len(spans)), strict=True)))
        archive.add(article, list(zip(spans, hashes, strict=True)), signature(article.text, article.title).pack())


def _even_spans(text: str, parts: int) -> list[Span]:
    ends = [round(len(text) * part / parts) for part in range(parts + 1)]
    return [Span(start, end) for start, end in pairwise(ends)]
