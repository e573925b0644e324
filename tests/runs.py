"""Runs of an evaluation with made-up values."""

from typing import Any

from eval.results.run import QuestionResult, Run


def result(name: str, value: float, **changes: Any) -> QuestionResult:
    return QuestionResult(
        **{
            "id": name,
            "text": f"What of {name}?",
            "kind": "fact",
            "values": {"nDCG@10": value},
            "times_ms": {"time": 10.0},
            "ranking": ("a1", "a2"),
            "judgements": {"a1": 1},
            "expected": {"answers": ["Nine"], "articles": ["https://a.example/1"]},
            **changes,
        }
    )


def run(name: str, *results: QuestionResult, **changes: Any) -> Run:
    dataset = {"name": "mini", "questions": len(results), "questions_content": "abc", "note": ""}
    settings = {
        "command": "retrieval",
        "configuration": {"name": name},
        "dataset": dataset,
        "index": {"articles": 2, "passages": 3, "bytes": 1000},
        "started_at": "2023-03-15T00:00:00+00:00",
        "code": "c0de",
        "versions": {},
        "machine": {"load": [1.0]},
        **changes,
    }
    return Run(settings, results)


def scored(name: str, values: list[float], **changes: Any) -> Run:
    return run(name, *(result(f"q{at}", value) for at, value in enumerate(values)), **changes)
