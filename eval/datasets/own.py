"""Reads questions in the project's own format: JSON Lines with gold sentences, articles or answers."""

from pathlib import Path

from eval.datasets.form import Dataset, EvalQuestion, Gold, Place, article_id, files_of, own_articles
from eval.datasets.records import Record, json_records, moment_field, records_field, text_field, texts_field
from eval.errors import DatasetError


def read(path: Path, articles: Path | None) -> Dataset:
    """`articles` is a file or folder that the project reads, or None where an index is used instead."""
    return Dataset(
        name=path.stem,
        questions=tuple(_question(row, place) for place, row in json_records(path)),
        articles=own_articles([articles] if articles else []),
        article_files=files_of(articles) if articles else (),
    )


def _question(row: Record, place: Place) -> EvalQuestion:
    kind = str(row.get("kind") or "")
    if row.get("draft"):
        reason = "this is still a draft; rephrase it in your own words, then remove the field 'draft'"
        raise DatasetError(place.path, place.line, reason)
    question = EvalQuestion(
        id=text_field(row, "question_id", place),
        text=text_field(row, "question", place),
        place=place,
        kind=kind,
        as_of=moment_field(row, "as_of", place, end_of_day=True),
        earlier=tuple(
            (text_field(turn, "question", place), text_field(turn, "answer", place) if "answer" in turn else "")
            for turn in records_field(row, "earlier", place)
        ),
        gold=_gold(row, place),
        answers=texts_field(row, "answers", place),
        all_answers=kind == "list",
        wrong=texts_field(row, "wrong", place),
        choices=texts_field(row, "choices", place),
        answerable=_answerable(row, place),
        split=str(row.get("split") or ""),
    )
    if question.answerable and not question.gold and not question.answers:
        reason = f"question {question.id} has no gold, articles or answers; add one, or set answerable: false"
        raise DatasetError(place.path, place.line, reason)
    return question


def _answerable(row: Record, place: Place) -> bool:
    value = row.get("answerable", True)
    if not isinstance(value, bool):
        raise DatasetError(place.path, place.line, f"the field 'answerable' must be true or false, not {value!r:.60}")
    return value


def _gold(row: Record, place: Place) -> tuple[Gold, ...]:
    sentences = [_gold_sentence(one, place) for one in records_field(row, "gold", place)]
    articles = [
        Gold(article_id=article_id(one), written=one, place=place) for one in texts_field(row, "articles", place)
    ]
    return (*sentences, *articles)


def _gold_sentence(one: Record, place: Place) -> Gold:
    written = text_field(one, "url" if "url" in one else "article", place)
    version, part = one.get("version"), one.get("part", 1)
    if not isinstance(part, int) or not isinstance(version, int | None):
        raise DatasetError(place.path, place.line, "the version and the part of a gold sentence must be whole numbers")
    sentence = text_field(one, "sentence", place) if "sentence" in one else None
    return Gold(
        article_id=article_id(written), written=written, version=version, sentence=sentence, part=part, place=place
    )
