"""Measures what storing vectors with fewer bits costs: `python -m eval.vector_precision --dataset FOLDER`.

Embeds every passage of the set's articles in float32 and compares the question with all of them, as they are and as
they are stored: float16, int8, and int8 with the best compared again in float16, as a search does.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from corpus.article import Article
from eval.bench.opening import Wanted, open_bench
from eval.datasets.form import Dataset
from eval.measures.rankings import first_each, measure
from eval.progress import progress_of
from indexer.embedding.model import EmbeddingModel
from indexer.search.matrix import Matrix
from indexer.storage.archive import Archive
from indexer.storage.passage import embedded_text
from indexer.storage.rows import Integers, Vector

_MEASURE = "nDCG@10"
_DEPTH = 100  # passages, as a question asks for
_ARTICLES = 50  # embedded at a time

Ranking = Callable[[Vector], Integers]  # of a unit vector: rows of passages, best first


@dataclass(frozen=True, slots=True)
class _Passages:
    """The float32 vectors of a set's passages, and the article of each."""

    article_ids: list[str]
    vectors: Vector


def main(
    dataset: Annotated[str, typer.Option(help="A set as `python -m eval retrieval` takes it.")] = "sample",
    split: Annotated[str | None, typer.Option(help="Only this part; for BEIR, the qrels to read.")] = None,
    data: Annotated[Path | None, typer.Option(help="The data folder, where the set's index is kept.")] = None,
) -> None:
    """Print nDCG@10 of the articles found by vectors alone, for each way of storing them, and the difference."""
    with open_bench(Wanted(dataset, split=split, data=data)) as bench, tempfile.TemporaryDirectory() as folder:
        passages = _embedded(bench.index.archive, bench.model)
        print(f"{len(passages.article_ids)} passages, {len(bench.dataset.questions)} questions")
        exact = None
        for name, ranking in _rankings(passages.vectors, Path(folder)).items():
            value = _measured(bench.dataset, bench.model, passages, ranking)
            exact = value if exact is None else exact
            print(f"{name:24} {_MEASURE} {value:.4f}  {value - exact:+.4f}", flush=True)


def _embedded(archive: Archive, model: EmbeddingModel) -> _Passages:
    articles = list(archive.articles())
    ids: list[str] = []
    parts: list[Vector] = []
    with progress_of("embedding", shown=True) as progress:
        for first in range(0, len(articles), _ARTICLES):
            texts = [(one.id, text) for one in articles[first : first + _ARTICLES] for text in _texts(archive, one)]
            ids += [article_id for article_id, _ in texts]
            embedded = model.embedding.get_text_embedding_batch([text for _, text in texts])
            parts.append(np.asarray(embedded, dtype=np.float32))
            progress(min(first + _ARTICLES, len(articles)), len(articles))
    return _Passages(ids, np.concatenate(parts))


def _texts(archive: Archive, article: Article) -> list[str]:
    return [embedded_text(article, one.text) for one in archive.passages_of(article.id, article.version)]


def _rankings(vectors: Vector, folder: Path) -> Mapping[str, Ranking]:
    rows = np.arange(len(vectors))
    Matrix.write(folder, [(rows.tolist(), vectors)])
    matrix = Matrix.open(folder)
    halves = vectors.astype(np.float16).astype(np.float32)
    codes = matrix.codes.astype(np.float32) * matrix.scales[:, None]
    return {
        "float32": lambda vector: _best(rows, vectors @ vector),
        "float16": lambda vector: _best(rows, halves @ vector),
        "int8": lambda vector: _best(rows, codes @ vector),
        "int8, then float16": lambda vector: _best(*matrix.nearest(vector, _DEPTH)),
    }


def _best(rows: Integers, scores: Vector) -> Integers:
    best: Integers = rows[np.argsort(-scores, kind="stable")[:_DEPTH]]
    return best


def _measured(dataset: Dataset, model: EmbeddingModel, passages: _Passages, ranking: Ranking) -> float:
    judged = {one.id: {gold.article_id: gold.grade for gold in one.gold} for one in dataset.questions if one.gold}
    found: dict[str, list[str]] = {}
    for question in dataset.questions:
        if question.id in judged:
            vector = np.asarray(model.embedding.get_query_embedding(question.text), dtype=np.float32)
            found[question.id] = first_each([passages.article_ids[row] for row in ranking(vector).tolist()])
    return float(np.mean([values[_MEASURE] for values in measure([_MEASURE], judged, found).values()]))


if __name__ == "__main__":
    typer.run(main)
