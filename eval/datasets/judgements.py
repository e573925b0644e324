"""Relevance judgements (qrels): the four columns of TREC or the three of BEIR."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from eval.datasets.form import EvalQuestion, Gold, Place, article_id
from eval.datasets.records import integer, lines_of
from eval.errors import DatasetError


def read_judgements(path: Path) -> dict[str, tuple[Gold, ...]]:
    """Question id -> its judgements; a heading line is passed over."""
    gold: dict[str, dict[str, Gold]] = defaultdict(dict)
    for place, line in lines_of(path):
        columns = line.split("\t") if "\t" in line else line.split()
        if columns[0].lower() in ("query-id", "query_id", "qid") and place.line == 1:
            continue
        question, written, grade = _columns(columns, place)
        if written in gold[question]:
            raise DatasetError(path, place.line, f"question {question} judges {written!r} a second time")
        identity = article_id(written)
        gold[question][written] = Gold(article_id=identity, written=written, grade=grade, place=place)
    return {question: tuple(by_article.values()) for question, by_article in gold.items()}


def judged_questions(
    gold: Mapping[str, tuple[Gold, ...]], questions: Mapping[str, EvalQuestion]
) -> tuple[EvalQuestion, ...]:
    """The questions that have judgements, in the order of their file; raises DatasetError for an unknown one."""
    for question, judgements in gold.items():
        if question not in questions:
            place = judgements[0].place
            raise DatasetError(place.path, place.line, f"question {question!r} is not among the questions")
    return tuple(replace(one, gold=gold[one.id]) for one in questions.values() if one.id in gold)


def by_id(questions: list[EvalQuestion]) -> dict[str, EvalQuestion]:
    """Questions under their ids; raises DatasetError for an id that comes twice."""
    held: dict[str, EvalQuestion] = {}
    for question in questions:
        if question.id in held:
            place = question.place
            raise DatasetError(place.path, place.line, f"question id {question.id!r} is there already; give it its own")
        held[question.id] = question
    return held


def _columns(columns: list[str], place: Place) -> tuple[str, str, int]:
    if len(columns) == 4:
        question, _, article, grade = columns
    elif len(columns) == 3:
        question, article, grade = columns
    else:
        reason = f"{len(columns)} columns; needed are question, [0,] article and grade"
        raise DatasetError(place.path, place.line, reason)
    return question, article, integer(grade, "the grade", place)
