"""The questions about Wikinews articles are as their README describes them."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Article
from corpus.readers import read_articles
from corpus.sentences import split_sentences
from eval.datasets.form import article_id
from eval.datasets.own import read
from eval.measures.rankings import holds_answer
from tests.altered_sentences import WIKINEWS

FILE = Path(__file__).parents[3] / "eval" / "questions" / "wikinews.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
ANSWERABLE = [row for row in ROWS if row["answerable"]]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    if not WIKINEWS.exists():
        pytest.skip("the Wikinews articles are not here")
    return {one.id: one.text for one in read_articles([WIKINEWS]) if isinstance(one, Article)}


def articles_of(row: dict[str, Any]) -> set[str]:
    urls = [*row.get("articles", ()), *row.get("about", ()), *(one["url"] for one in row.get("gold", ()))]
    return {article_id(url) for url in urls}


def test_half_of_them_are_held_out() -> None:
    questions = read(FILE, None).questions
    assert len(questions) == 150
    assert Counter(question.split for question in questions) == {"development": 75, "held-out": 75}
    assert Counter(question.answerable for question in questions) == {True: 113, False: 37}


def test_no_article_serves_both_halves() -> None:
    halves = [
        {url for row in ROWS if row["split"] == split for url in articles_of(row)}
        for split in ("development", "held-out")
    ]
    assert halves[0].isdisjoint(halves[1])


def test_the_readme_counts_the_kinds() -> None:
    readme = FILE.with_name("README.md").read_text(encoding="utf-8").partition("## Questions about real news")[2]
    counted = {kind: int(count) for kind, count in re.findall(r"^\| `(\w+)` \| (\d+) \|", readme, re.MULTILINE)}
    assert counted == Counter(row["kind"] for row in ROWS)
    assert sum(row.get("missing") == "fact" for row in ROWS) == 33


def test_every_answer_is_in_an_article_that_the_question_names(texts: dict[str, str]) -> None:
    missing = []
    for row in ANSWERABLE:
        text = "\n".join(texts[url] for url in articles_of(row))
        wanted = [holds_answer(text, answer) for answer in row["answers"]]
        if not (all(wanted) if row["kind"] == "list" else any(wanted)):
            missing.append(row["question"])
    assert missing == []


def test_every_gold_sentence_is_one_sentence_of_its_article(texts: dict[str, str]) -> None:
    for gold in (gold for row in ROWS for gold in row.get("gold", ())):
        text = texts[article_id(gold["url"])]
        assert gold["sentence"] in {text[span.start : span.end] for span in split_sentences(text)}


def test_wrong_answers_are_in_the_same_article_and_are_not_accepted(texts: dict[str, str]) -> None:
    for row in ANSWERABLE:
        text = "\n".join(texts[url] for url in articles_of(row))
        for wrong in row.get("wrong", ()):
            assert holds_answer(text, wrong), (row["question"], wrong)
            assert not any(holds_answer(wrong, answer) for answer in row["answers"]), (row["question"], wrong)


def test_unanswerable_questions_say_what_is_missing(texts: dict[str, str]) -> None:
    for row in ROWS:
        if not row["answerable"]:
            assert (row["answers"], row["missing"] in ("fact", "subject")) == ([], True)
            assert bool(row["about"]) == (row["missing"] == "fact")
            assert articles_of(row) <= texts.keys()
