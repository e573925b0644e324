"""How fast an archive is made and searched: `python -m eval.index_speed`, on real and on made-up articles."""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from corpus.article import Article, DateOrigin, new_article
from corpus.duplicates import signature
from corpus.readers import read_articles
from corpus.sentences import Span
from eval.runs import surroundings, write_whole
from indexer.embedding.model import EmbeddingModel, open_embedding, packaged_folder
from indexer.embedding.plain_sentences import PLAIN_SENTENCES
from indexer.search.derived import bring_into_step
from indexer.search.index import Index
from indexer.search.scope import Scope
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.storage.passage import embedded_text, text_hash
from indexer.storage.rows import Vector
from indexer.sync import sync

if TYPE_CHECKING:
    from indexer.search.index import Hits

ROOT = Path(__file__).parents[1]
_REAL = ROOT.parent / "shared" / "data" / "wikinews.jsonl"
_SAMPLE = ROOT / "corpus" / "sample"
_DIMENSIONS = 384
_TOPICS = 500  # around which made-up vectors lie
_PASSAGES_AN_ARTICLE = 10
_PASSAGE_WORDS = 150
_FIRST_DAY = datetime(2015, 1, 1, tzinfo=UTC)
_DAYS = 3_000
_TENTHS = tuple(
    Scope(published_from=_FIRST_DAY + timedelta(days=first), published_before=_FIRST_DAY + timedelta(days=first + 300))
    for first in range(0, _DAYS, _DAYS // 10)
)
_ARTICLE_WORDS = (400, 800)
_PARAGRAPH_WORDS = 60
_QUERIES = 200
_LIMIT = 100  # passages, as retrieval asks


class Part(StrEnum):
    """What is measured."""

    EMBEDDING = "embedding"
    UNCHANGED = "unchanged"
    QUERIES = "queries"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured, with what is asked of it."""

    what: str
    value: float
    unit: str
    asked: str = ""


def main(
    part: Annotated[list[Part] | None, typer.Option(help="What to measure. [default: all]")] = None,
    passages: Annotated[
        list[int] | None, typer.Option(help="Sizes at which queries are measured. [default: 35000 and 200000]")
    ] = None,
    articles: Annotated[int, typer.Option(help="How many real articles are embedded.")] = 200,
    unchanged: Annotated[int, typer.Option(help="How many made-up articles are added again.")] = 5_000,
    memory: Annotated[int, typer.Option(help="The passages at which memory is measured.")] = 100_000,
    folder: Annotated[Path | None, typer.Option(help="Keep the made-up archives here and use them again.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    figures: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file, for the README.")] = None,
) -> None:
    """Print a table of figures; 200,000 passages take some minutes to build, the rest less."""
    with tempfile.TemporaryDirectory() as own:
        place = folder or Path(own)
        measures: dict[Part, Callable[[], Iterator[Figure]]] = {
            Part.EMBEDDING: lambda: _embedding(articles),
            Part.UNCHANGED: lambda: _unchanged(unchanged),
            Part.QUERIES: lambda: (one for size in passages or (35_000, 200_000) for one in _queries(place, size)),
            Part.MEMORY: lambda: _memory(place, memory),
        }
        found = {one: list(_shown(measures[one](), quiet=as_json)) for one in part or list(Part)}
    told: dict[str, list[dict[str, object]]] = {one: [asdict(each) for each in some] for one, some in found.items()}
    if as_json:
        print(json.dumps([each for some in told.values() for each in some], indent=1))
    if figures:
        write_whole(figures, json.dumps(figures_beside(figures, told), indent=1) + "\n")


def figures_beside(path: Path, told: Mapping[str, object]) -> dict[str, object]:
    """What was measured, with the parts of the file that were measured on the same machine and not now."""
    machine = {name: surroundings()["machine"][name] for name in ("processor", "cores")}
    held = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    parts = (held["parts"] if held.get("machine") == machine else {}) | dict(told)
    return {"machine": machine, "parts": {part: parts[part] for part in Part if part in parts}}


def _shown(figures: Iterator[Figure], *, quiet: bool) -> Iterator[Figure]:
    for figure in figures:
        if not quiet:
            print(f"{figure.what:64}{figure.value:10.2f} {figure.unit:12}{figure.asked}", flush=True)
        yield figure


# Embedding -----------------------------------------------------------------------------------------------------------


def _embedding(count: int) -> Iterator[Figure]:
    """Read to searchable against sentence-transformers' own float32, both loaded and warm, on the same passages."""
    from sentence_transformers import SentenceTransformer

    place = _REAL if _REAL.is_file() else _SAMPLE
    with tempfile.TemporaryDirectory() as own, tempfile.TemporaryDirectory() as other:
        model = open_embedding(data=Path(own))
        model.embedding.get_text_embedding_batch(list(PLAIN_SENTENCES) * 8)  # enough for the precision to be chosen
        sync(islice(read_articles([_SAMPLE]), 1), Path(other), model)  # loads Chroma and all else that is loaded late
        started = time.perf_counter()
        report = sync(islice(read_articles([place]), count), Path(own), model)
        ours = report.embedded / (time.perf_counter() - started)
        with closing(Archive(Path(own) / FILE_NAME)) as archive:
            texts = _embedded_texts(archive)
            held = archive.vectors(model.fingerprint, map(text_hash, texts))
    plain = SentenceTransformer(str(packaged_folder()), device="cpu")
    plain.encode(texts[:2])
    started = time.perf_counter()
    wanted = plain.encode(texts, batch_size=32, show_progress_bar=False)
    theirs = len(texts) / (time.perf_counter() - started)
    cosines = [float(vector @ held[text_hash(text)]) for text, vector in zip(texts, wanted, strict=True)]
    yield Figure(f"read to searchable, {report.embedded} passages", ours, "passages/s")
    yield Figure("sentence-transformers float32, encode() alone", theirs, "passages/s")
    yield Figure("ratio", ours / theirs, "times", ">= 2.0")
    yield Figure("cosine to float32, mean", float(np.mean(cosines)), "", ">= .999")
    yield Figure("cosine to float32, least", min(cosines), "")


def _embedded_texts(archive: Archive) -> list[str]:
    found = (
        embedded_text(one, passage.text)
        for one in archive.articles()
        for passage in archive.passages_of(one.id, one.version)
    )
    return list(dict.fromkeys(found))


# Adding again --------------------------------------------------------------------------------------------------------


def _unchanged(count: int) -> Iterator[Figure]:
    """The command itself, from its start to its end; what it finds was filled in with made-up vectors."""
    model = _made_up_model()
    with tempfile.TemporaryDirectory() as own:
        file, data = Path(own) / "articles.jsonl", Path(own) / "data"
        file.write_text("".join(_line(one) for one in _articles(count, _ARTICLE_WORDS)), encoding="utf-8")
        sync(read_articles([file]), data, model)
        command = [sys.executable, "-m", "indexer", "add", str(file), "--data", str(data), "--json"]
        started = time.perf_counter()
        told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
        seconds = time.perf_counter() - started
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        report = json.loads(told)
    if (report["kept"], report["embedded"]) != (count, 0):
        raise SystemExit(f"not all was unchanged: {told}")
    yield Figure(f"{count} unchanged articles added again", seconds, "s", "<= 10 s")
    yield Figure("of that on a processor, whatever else ran", used.ru_utime + used.ru_stime, "s")


def _made_up_model() -> EmbeddingModel:
    """The packaged model's name, fingerprint and wordpieces, with vectors that cost nothing."""
    from llama_index.core.base.embeddings.base import BaseEmbedding

    class MadeUpEmbedding(BaseEmbedding):
        def _get_text_embedding(self, text: str) -> list[float]:
            return list(_vector(zlib.crc32(text.encode())).astype(float))

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    real = open_embedding()
    return EmbeddingModel(real.name, real.fingerprint, MadeUpEmbedding, real.count_wordpieces)


def _line(article: Article) -> str:
    published = article.published_at.isoformat() if article.published_at else None
    record = {"url": article.url, "date": published, "title": article.title, "text": article.text}
    return json.dumps({**record, "source": article.source}) + "\n"


# Searching -----------------------------------------------------------------------------------------------------------


def _queries(folder: Path, passages: int) -> Iterator[Figure]:
    with closing(_opened(folder, passages)) as index:
        words, chance = sorted(set(_vocabulary())), random.Random(3)
        texts = [" ".join(chance.choices(words, k=5)) for _ in range(_QUERIES)]
        vectors = [_vector(10**9 + n).tolist() for n in range(_QUERIES)]
        for name, scope in (("", Scope()), (", a tenth of the days", _TENTHS[4])):
            by_words = [lambda text=text, scope=scope: index.by_words(text, _LIMIT, scope) for text in texts]
            by_vector = [lambda one=one, scope=scope: index.by_vector(one, _LIMIT, scope) for one in vectors]
            yield from _waits(f"{passages} passages, by words{name}", by_words)
            yield from _waits(f"{passages} passages, by vector{name}", by_vector)


def _waits(what: str, searches: "Sequence[Callable[[], Hits]]") -> Iterator[Figure]:
    searches[0]()  # the first pays for what is loaded late
    waits_ms: list[float] = []
    found = 0
    for search in searches:
        started = time.perf_counter()
        found += bool(search())
        waits_ms.append(1_000 * (time.perf_counter() - started))
    if found < 0.9 * len(searches):
        raise SystemExit(f"{what}: only {found} of {len(searches)} searches found anything; the archive is too small")
    p50, p95 = np.percentile(waits_ms, [50, 95])
    yield Figure(f"{what}, p50", float(p50), "ms")
    yield Figure(f"{what}, p95", float(p95), "ms", "<= 60 ms")


def _memory(folder: Path, passages: int) -> Iterator[Figure]:
    """In a process of its own, which has opened the archive and the embedding model and has searched."""
    _opened(folder, passages).close()
    code = f"from eval.index_speed import print_memory; print_memory({str(folder / str(passages))!r})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    yield Figure(f"memory at {passages} passages, largest", float(told), "GB", "<= 1.5 GB")


def print_memory(folder: str) -> None:
    """Open an archive and the embedding model, search, and print the most memory that this process had, in GB."""
    model = open_embedding()
    with closing(Index(Path(folder), model.fingerprint)) as index:
        for text in _vocabulary()[:20]:
            index.by_words(text, _LIMIT)
            index.by_vector(model.embedding.get_query_embedding(text), _LIMIT)
        for scope in _TENTHS:
            index.by_vector(model.embedding.get_query_embedding("harbour"), _LIMIT, scope)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1_024) / 1e9)


# Made-up archives ----------------------------------------------------------------------------------------------------


def _opened(folder: Path, passages: int) -> Index:
    """An archive of so many made-up passages with made-up vectors; made if it is not there."""
    place, fingerprint = folder / str(passages), open_embedding().fingerprint
    if not (place / "complete").is_file():
        with closing(Archive(place / FILE_NAME, create=True)) as archive:
            _fill(archive, fingerprint, passages)
            bring_into_step(place, archive, fingerprint)
        (place / "complete").touch()
    return Index(place, fingerprint)


def _fill(archive: Archive, fingerprint: str, passages: int) -> None:
    archive.set_state("model_fingerprint", fingerprint)
    archive.set_state("model_name", open_embedding().name)
    unsigned, number = signature("").pack(), 0
    words = _PASSAGES_AN_ARTICLE * _PASSAGE_WORDS
    for article in _articles(passages // _PASSAGES_AN_ARTICLE, (words, words)):
        spans = _even_spans(article.text, _PASSAGES_AN_ARTICLE)
        hashes = [text_hash(embedded_text(article, article.text[span.start : span.end])) for span in spans]
        archive.keep_vectors(fingerprint, {one: _vector(number + at) for at, one in enumerate(hashes)})
        archive.add(article, list(zip(spans, hashes, strict=True)), unsigned)
        number += len(spans)


def _even_spans(text: str, parts: int) -> list[Span]:
    ends = [round(len(text) * part / parts) for part in range(parts + 1)]
    return [Span(start, end) for start, end in pairwise(ends)]


def _articles(count: int, lengths: tuple[int, int]) -> Iterator[Article]:
    """So many articles of fewest to most words."""
    words, chance = _vocabulary(), random.Random(1)
    for number in range(count):
        yield new_article(
            title=f"{' '.join(chance.choices(words, k=6))} {number}",
            text=_paragraphs(chance.choices(words, k=chance.randint(*lengths))),
            url=f"https://made-up.example/{number}",
            source=f"Paper {number % 20}",
            published_at=_FIRST_DAY + timedelta(days=number * _DAYS // max(1, count)),
            date_origin=DateOrigin.FIELD,
        )


def _paragraphs(words: Sequence[str]) -> str:
    parts = (words[first : first + _PARAGRAPH_WORDS] for first in range(0, len(words), _PARAGRAPH_WORDS))
    return "\n\n".join(map(" ".join, parts))


def _vocabulary() -> list[str]:
    """The words of the sample, each as often as it stands there, so that few are frequent and many are rare."""
    texts = [one.text for one in read_articles([_SAMPLE]) if isinstance(one, Article)]
    return [word for text in texts for word in text.split()]


def _vector(number: int) -> Vector:
    """A unit vector near one of the topics, the same for the same number."""
    chance = np.random.default_rng(number)
    topic = np.random.default_rng(10**12 + int(chance.integers(_TOPICS))).standard_normal(_DIMENSIONS)
    vector = (topic + chance.standard_normal(_DIMENSIONS)).astype(np.float32)
    unit: Vector = vector / np.linalg.norm(vector)
    return unit


if __name__ == "__main__":
    typer.run(main)
