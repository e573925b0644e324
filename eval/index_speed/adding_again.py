"""Measures `python -m indexer add` on articles that the archive has already."""

import json
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article
from corpus.readers import read_articles
from eval.index_speed.figure import Figure
from eval.index_speed.synthetic import ROOT, synthetic_articles, synthetic_vector
from indexer.embedding.model import EmbeddingModel, open_embedding
from indexer.sync import sync

_ARTICLE_WORDS = (400, 800)


def adding_again_figures(count: int) -> Iterator[Figure]:
    """The whole command, from start to exit, on an archive that was filled with synthetic vectors."""
    model = _synthetic_model()
    with tempfile.TemporaryDirectory() as own:
        file, data = Path(own) / "articles.jsonl", Path(own) / "data"
        lines = (_line(one) for one in synthetic_articles(count, _ARTICLE_WORDS))
        file.write_text("".join(lines), encoding="utf-8")
        sync(read_articles([file]), data, model)
        command = [sys.executable, "-m", "indexer", "add", str(file), "--data", str(data), "--json"]
        started = time.perf_counter()
        output = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
        seconds = time.perf_counter() - started
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        report = json.loads(output)
    if (report["kept"], report["embedded"]) != (count, 0):
        raise SystemExit(f"not everything was unchanged: {output}")
    yield Figure(f"{count} unchanged articles added again", seconds, "s", "<= 10 s")
    yield Figure("of that on a processor, whatever else ran", used.ru_utime + used.ru_stime, "s")


def _synthetic_model() -> EmbeddingModel:
    """The packaged model's name, fingerprint and tokenizer, with vectors that cost nothing."""
    from llama_index.core.base.embeddings.base import BaseEmbedding

    class SyntheticEmbedding(BaseEmbedding):
        def _get_text_embedding(self, text: str) -> list[float]:
            return list(synthetic_vector(zlib.crc32(text.encode())).astype(float))

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    real = open_embedding()
    return EmbeddingModel(real.name, real.fingerprint, SyntheticEmbedding, real.count_wordpieces)


def _line(article: Article) -> str:
    published = article.published_at.isoformat() if article.published_at else None
    record = {"url": article.url, "date": published, "title": article.title, "text": article.text}
    return json.dumps({**record, "source": article.source}) + "\n"
