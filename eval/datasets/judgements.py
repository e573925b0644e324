"""Relevance judgements (qrels) in TREC's four columns or BEIR's three."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from eval.datasets.form import EvalQuestion, Gold, Place, article_id
from eval.datasets.records import integer, lines_of
from eval.errors import DatasetError


def read_judgements(path: Path) -> dict[str, tuple[Gold, ...]]:
    """Question id -> its judgements; a header line is skipped."""
    gold: dict[str, dict[str, Gold]] = defaultdict(dict)
    for place, line in lines_of(path):
        columns = line.split("\t") if "\t" in line else line.split()
        if columns[0].lower() in ("query-id", "query_id", "qid") and place.line == 1:
            continue
        question, written, grade = _columns(columns, place)
        if written in gold[question]:
            raise DatasetError(path, place.line, f"question {question} judges {written!r} twice")
        identity = article_id(written)
        gold[question][written] = Gold(article_id=identity, written=written, grade=grade, place=place)
    return {question: tuple(by_article.values()) for question, by_article in gold.items()}


def judged_questions(
    gold: Mapping[str, tuple[Gold, ...]], questions: Mapping[str, EvalQuestion]
) -> tuple[EvalQuestion, ...]:
    """The questions with judgements, in file order; raises DatasetError for an unknown question."""
    for question, judgements in gold.items():
        if question not in questions:
            place = judgements[0].place
            raise DatasetError(place.path, place.line, f"question {question!r} is not among the questions")
    return tuple(replace(one, gold=gold[one.id]) for one in questions.values() if one.id in gold)


def by_id(questions: list[EvalQuestion]) -> dict[str, EvalQuestion]:
    """Questions by id; raises DatasetError for a repeated id."""
    found: dict[str, EvalQuestion] = {}
    for question in questions:
        if question.id in found:
            place = question.place
            raise DatasetError(place.path, place.line, f"question id {question.id!r} occurs twice; ids must be unique")
        found[question.id] = question
    return found


def _columns(columns: list[str], place: Place) -> tuple[str, str, int]:
    if len(columns) == 4:
        question, _, article, grade = columns
    elif len(columns) == 3:
        question, article, grade = columns
    else:
        reason = f"{len(columns)} columns; expected question, [0,] article and grade"
        raise DatasetError(place.path, place.line, reason)
    return question, article, integer(grade, "the grade", place)
