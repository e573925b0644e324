"""Measures reading and embedding of real articles against sentence-transformers alone."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np

from corpus.readers import read_articles
from eval.index_speed.figure import Figure
from eval.index_speed.synthetic import ROOT, SAMPLE
from indexer.embedding.model import open_embedding, packaged_folder
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.storage.passage import embedded_text, text_hash
from indexer.sync import sync

_REAL = ROOT.parent / "shared" / "data" / "wikinews.jsonl"


def embedding_figures(count: int) -> Iterator[Figure]:
    """From file to searchable against sentence-transformers' float32, both loaded and warm, on the same passages."""
    from sentence_transformers import SentenceTransformer

    place = _REAL if _REAL.is_file() else SAMPLE
    with tempfile.TemporaryDirectory() as own, tempfile.TemporaryDirectory() as other:
        model = open_embedding(data=Path(own))
        model.get_ready()
        sync(islice(read_articles([SAMPLE]), 1), Path(other), model)  # loads Chroma and other lazy imports
        started = time.perf_counter()
        report = sync(islice(read_articles([place]), count), Path(own), model)
        ours = report.embedded / (time.perf_counter() - started)
        with closing(Archive(Path(own) / FILE_NAME)) as archive:
            texts = _embedded_texts(archive)
            vectors = archive.vectors(model.fingerprint, map(text_hash, texts))
    plain = SentenceTransformer(str(packaged_folder()), device="cpu")
    plain.encode(texts[:2])
    started = time.perf_counter()
    expected = plain.encode(texts, batch_size=32, show_progress_bar=False)
    theirs = len(texts) / (time.perf_counter() - started)
    cosines = [float(vector @ vectors[text_hash(text)]) for text, vector in zip(texts, expected, strict=True)]
    yield Figure(f"read to searchable, {report.embedded} passages", ours, "passages/s")
    yield Figure("sentence-transformers float32, encode() alone", theirs, "passages/s")
    yield Figure("ratio", ours / theirs, "times", ">= 2.0")
    yield Figure("cosine to float32, mean", float(np.mean(cosines)), "", ">= .999")
    yield Figure("cosine to float32, least", min(cosines), "")


def _embedded_texts(archive: Archive) -> list[str]:
    texts = (
        embedded_text(one, passage.text)
        for one in archive.articles()
        for passage in archive.passages_of(one.id, one.version)
    )
    return list(dict.fromkeys(texts))
