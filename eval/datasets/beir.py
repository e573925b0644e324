"""Reads BEIR folders: corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv (Thakur et al. 2021)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from corpus.article import Article, CorpusError, Unreadable, new_article
from eval.datasets.form import Dataset, EvalQuestion
from eval.datasets.judgements import by_id, judged_questions, read_judgements
from eval.datasets.records import json_records, text_field
from eval.errors import DatasetError

_TITLE_CHARACTERS = 80


def recognises(path: Path) -> bool:
    """Whether a folder has the three parts of a BEIR set."""
    return (path / "corpus.jsonl").is_file() and (path / "queries.jsonl").is_file() and (path / "qrels").is_dir()


def read(path: Path, split: str | None) -> Dataset:
    """`split` names the file of judgements; the default is `test`, or the only file."""
    gold = read_judgements(_judgements_file(path, split))
    questions = by_id(
        [
            EvalQuestion(id=text_field(row, "_id", place), text=text_field(row, "text", place), place=place)
            for place, row in json_records(path / "queries.jsonl")
        ]
    )
    corpus = path / "corpus.jsonl"
    return Dataset(
        name=path.name,
        questions=judged_questions(gold, questions),
        articles=lambda: _articles(corpus, path.name),
        article_files=(corpus,),
        note=f"Judgements: qrels/{_judgements_file(path, split).name}. The articles have no dates.",
    )


def _judgements_file(path: Path, split: str | None) -> Path:
    found = {file.stem: file for file in sorted((path / "qrels").glob("*.tsv"))}
    wanted = split or ("test" if "test" in found else next(iter(found)) if len(found) == 1 else None)
    if wanted not in found:
        raise DatasetError(path / "qrels", None, f"no split {wanted!r}; choose with --split: {', '.join(found)}")
    return found[wanted]


def _articles(corpus: Path, source: str) -> Iterator[Article | Unreadable]:
    for place, row in json_records(corpus):
        title, text = str(row.get("title") or "").strip(), str(row.get("text") or "").strip()
        try:
            article = new_article(title=title or text[:_TITLE_CHARACTERS], text=text or title, source=source)
        except CorpusError as error:
            yield Unreadable(corpus, str(error), place.line)
        else:
            yield replace(article, id=text_field(row, "_id", place))
