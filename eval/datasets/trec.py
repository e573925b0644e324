"""Reads TREC folders: topics.* (SGML or two columns), qrels.* and articles.jsonl."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from corpus.article import Article, CorpusError, Unreadable
from corpus.readers.form import ReadOptions
from corpus.readers.records.record import article_of_record
from eval.datasets.form import Dataset, EvalQuestion, Place
from eval.datasets.judgements import by_id, judged_questions, read_judgements
from eval.datasets.records import json_records, lines_of, text_of
from eval.errors import DatasetError

_ID_FIELDS = ("docno", "id", "_id")
_TOPIC = re.compile(r"<top>.*?</top>", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"<num>\s*(?:Number:)?\s*([^\s<]+)", re.IGNORECASE)
_TITLE = re.compile(r"<title>\s*(?:Topic:)?\s*(.*?)\s*(?=<|\Z)", re.DOTALL | re.IGNORECASE)
_OPTIONS = ReadOptions()


def recognises(path: Path) -> bool:
    """Whether a folder has topics and judgements."""
    return bool(_named(path, "topics")) and bool(_named(path, "qrels"))


def read(path: Path) -> Dataset:
    """Judgements name an article by `docno`, `id` or `_id`, or else by its address."""
    articles = path / "articles.jsonl"
    questions = by_id(list(_questions(_named(path, "topics")[0])))
    return Dataset(
        name=path.name,
        questions=judged_questions(read_judgements(_named(path, "qrels")[0]), questions),
        articles=lambda: _articles(articles),
        article_files=(articles,),
        note="Topics are asked by their titles, after the newest article.",
    )


def _named(path: Path, start: str) -> list[Path]:
    return sorted(one for one in path.glob(f"{start}*") if one.is_file())


def _questions(path: Path) -> Iterator[EvalQuestion]:
    text = text_of(path)
    if "<top>" in text.lower():
        yield from _marked_up(path, text)
        return
    for place, line in lines_of(path):
        columns = line.split(maxsplit=1)
        if len(columns) < 2:
            raise DatasetError(path, place.line, "a topic needs a number and its words")
        yield EvalQuestion(id=columns[0], text=columns[1], place=place)


def _marked_up(path: Path, text: str) -> Iterator[EvalQuestion]:
    for topic in _TOPIC.finditer(text):
        line = text.count("\n", 0, topic.start()) + 1
        number, title = _NUMBER.search(topic[0]), _TITLE.search(topic[0])
        if not number or not title:
            raise DatasetError(path, line, "a topic needs <num> and <title>")
        yield EvalQuestion(id=number[1], text=" ".join(title[1].split()), place=Place(path, line))


def _articles(path: Path) -> Iterator[Article | Unreadable]:
    for place, row in json_records(path):
        try:
            article = article_of_record(row, _OPTIONS)
        except CorpusError as error:
            yield Unreadable(path, str(error), place.line)
            continue
        own = next((str(row[name]) for name in _ID_FIELDS if row.get(name)), None)
        yield replace(article, id=own) if own else article
