"""Turns the results of a peer into a run with the usual measures."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from eval.datasets.form import Dataset, EvalQuestion
from eval.measures.rankings import ARTICLE_MEASURES, Values, measure
from eval.peers.running import Done, judged_questions
from eval.results.run import QuestionResult, Run
from eval.results.surroundings import surroundings

_SHOWN = 5
_SHOWN_CHARACTERS = 300

Record = Mapping[str, Any]


def run_of(dataset: Dataset, job: Record, done: Done) -> Run | None:
    """The peer's run, without articles published after a question's as-of; None where the peer failed."""
    if done.results is None:
        return None
    found, questions = done.results, judged_questions(dataset)
    articles = {article["id"]: article for article in job["articles"]}
    rankings = {
        one.id: [name for name in found["rankings"][one.id] if _is_published(articles[name], one.as_of)]
        for one in questions
    }
    judgements = {one.id: {gold.article_id: gold.grade for gold in one.gold} for one in questions}
    values = measure(ARTICLE_MEASURES, judgements, rankings)
    results = [
        _result(one, values[one.id], [articles[name] for name in rankings[one.id]], found["times_ms"][one.id])
        for one in questions
    ]
    settings = {
        "command": "peers",
        "configuration": {"name": done.peer.name, "versions": found["versions"]},
        "dataset": {
            "name": dataset.name,
            "questions": len(questions),
            "questions_content": dataset.questions_content,
            "articles_content": hashlib.sha256("\n".join(sorted(articles)).encode()).hexdigest(),
            "note": dataset.note,
        },
        "index": {
            "articles": len(articles),
            "seconds": found["index_s"],
            "peak_bytes": found["peak_bytes"],
        },
        **surroundings(),
    }
    return Run(settings, tuple(results))


def _is_published(article: Record, as_of: datetime | None) -> bool:
    published: datetime | None = article["published_at"]
    return as_of is None or published is None or published <= as_of


def _result(question: EvalQuestion, values: Values, ranking: list[Record], time_ms: float) -> QuestionResult:
    grades = {gold.article_id: gold.grade for gold in question.gold}
    return QuestionResult(
        id=question.id,
        text=question.text,
        kind=question.kind,
        values=values,
        times_ms={"query": time_ms},
        ranking=tuple(article["id"] for article in ranking),
        judgements=grades,
        shown=tuple(_shown(article, grades.get(article["id"], 0) > 0) for article in ranking[:_SHOWN]),
        expected={"answers": list(question.answers), "articles": [gold.written for gold in question.gold]},
    )


def _shown(article: Record, relevant: bool) -> Record:
    return {
        "article": article["id"],
        "title": article["title"],
        "source": article["source"],
        "published": article["published_at"].date().isoformat() if article["published_at"] else "undated",
        "text": article["text"][:_SHOWN_CHARACTERS],
        "why": [],
        "relevant": relevant,
    }
