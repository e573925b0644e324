"""The questions about Wikinews articles say what their README says of them."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from eval.datasets.own import read
from eval.measures.rankings import holds_answer
from tests.altered_sentences import wikinews_articles

FILE = Path(__file__).parents[3] / "eval" / "questions" / "wikinews.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def test_they_are_read_as_questions_of_ones_own_and_all_are_for_development() -> None:
    questions = read(FILE, None).questions
    assert Counter(question.answerable for question in questions) == {True: 49, False: 14}
    assert {question.split for question in questions} == {"development"}


def test_every_answer_stands_in_some_article_where_these_are_at_hand() -> None:
    text = "\n".join(article.text for article in wikinews_articles())
    missing = [row["question"] for row in ROWS if text and not any(holds_answer(text, one) for one in row["answers"])]
    assert missing in ([], [row["question"] for row in ROWS if not row["answerable"]])
