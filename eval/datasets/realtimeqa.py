"""Reads the RealTimeQA folder: articles.jsonl and questions.jsonl (Kasai et al. 2023)."""

from pathlib import Path

from eval.datasets.form import Dataset, EvalQuestion, Gold, Place, article_id, own_articles
from eval.datasets.records import Record, json_records, moment_field, text_field, texts_field

NOTE = (
    "The as-of is the end (UTC) of the day of the quiz: its questions are about the days before, and the articles have "
    "a day but no hour, so that those of the same day are included."
)


def recognises(path: Path) -> bool:
    """Whether a folder has the two files."""
    return (path / "articles.jsonl").is_file() and (path / "questions.jsonl").is_file()


def read(path: Path) -> Dataset:
    """Every question with the articles that its authors linked to and the right choice."""
    articles = path / "articles.jsonl"
    return Dataset(
        name="realtimeqa",
        questions=tuple(_question(row, place) for place, row in json_records(path / "questions.jsonl")),
        articles=own_articles([articles]),
        article_files=(articles,),
        note=NOTE,
    )


def _question(row: Record, place: Place) -> EvalQuestion:
    return EvalQuestion(
        id=text_field(row, "question_id", place),
        text=text_field(row, "question", place),
        place=place,
        as_of=moment_field(row, "question_date", place, end_of_day=True),
        gold=tuple(
            Gold(article_id=article_id(url), written=url, place=place)
            for url in dict.fromkeys(texts_field(row, "gold_urls", place))
        ),
        answers=texts_field(row, "answer", place),
        choices=texts_field(row, "choices", place),
    )
