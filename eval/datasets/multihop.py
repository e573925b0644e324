"""Reads the MultiHop-RAG folder: corpus.json and MultiHopRAG.json (Tang & Yang 2024)."""

from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article, CorpusError, Unreadable
from corpus.readers.form import ReadOptions
from corpus.readers.records.record import article_of_record
from eval.datasets.form import Dataset, EvalQuestion, Gold, Place, article_id
from eval.datasets.records import Record, json_list, records_field, text_field

_NO_ANSWER = "null_query"
_OPTIONS = ReadOptions()


def recognises(path: Path) -> bool:
    """Whether a folder has the two files."""
    return (path / "corpus.json").is_file() and (path / "MultiHopRAG.json").is_file()


def read(path: Path) -> Dataset:
    """Each piece of a question's evidence, an article and the fact that it states, is one part of the answer."""
    corpus, questions = path / "corpus.json", path / "MultiHopRAG.json"
    return Dataset(
        name="multihop-rag",
        questions=tuple(
            _question(number, row, place) for number, (place, row) in enumerate(json_list(questions), start=1)
        ),
        articles=lambda: _articles(corpus),
        article_files=(corpus,),
        published_measures=True,
        note="Questions have no ids in the file and are numbered from 1. They are asked after the newest article.",
    )


def _question(number: int, row: Record, place: Place) -> EvalQuestion:
    kind = text_field(row, "question_type", place)
    answerable = kind != _NO_ANSWER
    return EvalQuestion(
        id=f"q{number}",
        text=text_field(row, "query", place),
        place=place,
        kind=kind,
        gold=tuple(_gold(part, one, place) for part, one in enumerate(records_field(row, "evidence_list", place), 1))
        if answerable
        else (),
        answers=(text_field(row, "answer", place),) if answerable else (),
        answerable=answerable,
    )


def _gold(part: int, evidence: Record, place: Place) -> Gold:
    url = text_field(evidence, "url", place)
    fact = text_field(evidence, "fact", place)
    return Gold(article_id=article_id(url), written=url, sentence=fact, part=part, place=place)


def _articles(corpus: Path) -> Iterator[Article | Unreadable]:
    for _, row in json_list(corpus):
        try:
            yield article_of_record(row, _OPTIONS)
        except CorpusError as error:
            yield Unreadable(corpus, f"{row.get('title')!r:.60}: {error}")
