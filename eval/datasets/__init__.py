"""Evaluation sets: one reader per format, one common shape."""

import random
from dataclasses import replace
from pathlib import Path

from eval.datasets import beir, mtrag, multihop, own, realtimeqa, trec
from eval.datasets.form import Dataset, check_questions, files_of, own_articles
from eval.datasets.records import json_records
from eval.errors import DatasetError

SAMPLE = "sample"
_SEED = 3
_ROOT = Path(__file__).parents[2]


def open_dataset(name: str, *, articles: Path | None = None, split: str | None = None) -> Dataset:
    """The set at a path, or `sample`; raises DatasetError with file and line.

    `articles` replaces the set's own articles. `split` keeps the questions of one split; for BEIR it names the qrels.
    """
    path = _ROOT / "eval" / "questions" / "sample.jsonl" if name == SAMPLE else Path(name)
    if name == SAMPLE:
        articles = articles or _ROOT / "corpus" / "sample"
    dataset = _read(path, articles, split)
    if articles and not dataset.article_files:
        raise DatasetError(articles, None, "no article files there")
    if articles and path.is_dir():
        dataset = replace(dataset, articles=own_articles([articles]), article_files=files_of(articles))
    for missing in (file for file in dataset.article_files if not file.is_file()):
        raise DatasetError(missing, None, "no such file; put the articles there, or name others with --articles")
    return check_questions(dataset if beir.recognises(path) else _part(dataset, path, split), path)


def drawn(dataset: Dataset, limit: int | None) -> Dataset:
    """At most `limit` of the questions, drawn with a fixed seed."""
    if limit is None or limit >= len(dataset.questions):
        return dataset
    chosen = {one.id for one in random.Random(_SEED).sample(dataset.questions, limit)}
    return replace(dataset, questions=tuple(one for one in dataset.questions if one.id in chosen))


def _read(path: Path, articles: Path | None, split: str | None) -> Dataset:
    if path.is_file():
        first = next(json_records(path), None)
        if first and mtrag.recognises(first[1]):
            return mtrag.read(path)
        return own.read(path, articles)
    if beir.recognises(path):
        return beir.read(path, split)
    if realtimeqa.recognises(path):
        return realtimeqa.read(path)
    if multihop.recognises(path):
        return multihop.read(path)
    if trec.recognises(path):
        return trec.read(path)
    raise DatasetError(
        path,
        None,
        "not an evaluation set; give `sample`, a JSON Lines file of questions, or a folder of BEIR, RealTimeQA, "
        "MultiHop-RAG or TREC format (see eval/questions/README.md)",
    )


def _part(dataset: Dataset, path: Path, split: str | None) -> Dataset:
    if split is None:
        return dataset
    kept = tuple(question for question in dataset.questions if question.split == split)
    if not kept:
        splits = ", ".join(sorted({question.split for question in dataset.questions} - {""})) or "none"
        raise DatasetError(path, None, f"no questions in the split {split!r}; available: {splits}")
    return replace(dataset, questions=kept)
