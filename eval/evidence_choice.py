"""Measures the choice of the sentence that answers: `python -m eval.evidence_choice ../shared/data/xquad_en_dev.json`.

Prints how often the best sentence of a paragraph is the one with the answer: with the shipped weights and, in ten-fold
cross-validation over titles, with fitted weights; then the weights fitted to all questions.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from chat.gathering.candidates import Candidate
from chat.gathering.evidence import EvidenceSettings
from chat.gathering.features import Features, features_of, with_vectors
from chat.understanding.question import Question
from chat.understanding.understand import understand
from corpus.article import Article, new_article
from corpus.sentences import Span, split_sentences
from indexer.search.keywords import KeywordIndex
from indexer.storage.archive import Archive
from indexer.storage.rows import Vector

_OF_SEVERAL_ARTICLES = ("passage", "agreed")
FEATURES = tuple(name for name in Features._fields if name not in _OF_SEVERAL_ARTICLES)
BASELINES = {
    "cosine": ("similarity",),
    "words around": ("context",),
    "cosine + words around": ("similarity", "context"),
}
_FOLDS = 10
_CROWD = 60  # sentences
_CROWDS = 40  # questions
_PENALTY = 0.01
_SETTINGS = EvidenceSettings()


@dataclass(frozen=True, slots=True)
class Choice:
    """A question, the sentences of its paragraph, and the index of the one with the answer."""

    fold: int
    question: Question
    candidates: tuple[Candidate, ...]
    gold: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path, help="questions in SQuAD format")
    parser.add_argument("--vectors", type=Path, help="an .npz file that keeps the vectors between runs")
    arguments = parser.parse_args()
    choices = read_choices(arguments.path)
    texts = {one.text for choice in choices for one in choice.candidates} | {one.question.text for one in choices}
    vectors = _vectors(sorted(texts), arguments.vectors)
    with tempfile.TemporaryDirectory() as folder:
        keywords = keywords_of({choice.candidates[0].article for choice in choices}, Path(folder))
        tables = [features(choice, keywords, vectors) for choice in choices]
        crowd_ms = [_cpu_ms(choice, keywords, vectors) for choice in crowded(choices)]
    golds = [choice.gold for choice in choices]
    for name, used in BASELINES.items():
        print(f"{name}: {_rate(right(tables, golds, np.array([float(one in used) for one in FEATURES])))}")
    shipped = np.array([float(getattr(_SETTINGS, name)) for name in FEATURES])
    print(f"shipped weights: {_rate(right(tables, golds, shipped))} (fitted to these questions)")
    print(f"cross-validated over titles: {_rate(cross_validated(choices, tables))}")
    learnt = learn(tables, golds)
    shown = learnt / learnt.sum() * shipped.sum()
    print("fitted to all: " + ", ".join(f"{name} {one:.2f}" for name, one in zip(FEATURES, shown, strict=True)))
    p50, p95 = np.percentile(crowd_ms, [50, 95])
    print(f"{p50:.1f} ms of CPU per question with {_CROWD} sentences (p95 {p95:.1f})")


def read_choices(path: Path) -> list[Choice]:
    """The questions of a SQuAD file; the questions of one title share a fold."""
    return [
        choice
        for at, subject in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"])
        for number, paragraph in enumerate(subject["paragraphs"])
        for choice in _choices_of(at % _FOLDS, f"{at}/{number}", subject["title"].replace("_", " "), paragraph)
    ]


def _choices_of(fold: int, key: str, title: str, paragraph: dict[str, Any]) -> Iterator[Choice]:
    article = new_article(title=title, text=paragraph["context"], url=f"https://paragraphs.example/{key}")
    spans, context = split_sentences(article.text), paragraph["context"]
    if article.text != context:
        return  # its offsets would be wrong
    texts = [context[span.start : span.end] for span in spans]
    candidates = tuple(Candidate(article, span, before) for span, before in zip(spans, ["", *texts[:-1]], strict=True))
    for one in paragraph["qas"]:
        start = one["answers"][0]["answer_start"]
        gold = next(at for at, span in enumerate(spans) if start < span.end)
        asked = understand(one["question"], as_of=datetime(2024, 1, 1, tzinfo=UTC))
        yield Choice(fold, asked, candidates, gold)


def crowded(choices: Sequence[Choice]) -> list[Choice]:
    """Some of the questions, each with as many candidate sentences as in an archive, also from other paragraphs."""
    found = []
    for at in range(0, len(choices) - 2 * _CROWD, len(choices) // _CROWDS):
        others = {one.text: one for choice in choices[at : at + 2 * _CROWD] for one in choice.candidates}
        found.append(replace(choices[at], candidates=tuple(others.values())[:_CROWD]))
    return found


def _cpu_ms(choice: Choice, keywords: KeywordIndex, vectors: dict[str, Vector]) -> float:
    started = time.process_time()
    features(choice, keywords, vectors)
    return 1000 * (time.process_time() - started)


def features(choice: Choice, keywords: KeywordIndex, vectors: dict[str, Vector]) -> Vector:
    """One row per sentence, one column per feature; float64."""
    by_words = features_of(choice.question, choice.candidates, keywords)
    rows = np.stack([vectors[one.text] for one in choice.candidates])
    complete = with_vectors(choice.candidates, by_words, rows, vectors[choice.question.text])
    return np.array([[getattr(row, name) for name in FEATURES] for row in complete])


def learn(tables: Sequence[Vector], golds: Sequence[int]) -> Vector:
    """Non-negative weights by conditional logit: each question chooses one of its sentences (McFadden 1974)."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    spread = np.vstack(tables).std(axis=0) + 1e-9
    better = [(table - table[gold]) / spread for table, gold in zip(tables, golds, strict=True)]
    ends = np.cumsum([len(one) for one in better])
    rows, starts = np.vstack(better), np.concatenate([[0], ends[:-1]])

    def loss(weights: Vector) -> tuple[float, Vector]:
        odds = np.exp(np.clip(rows @ weights, -50.0, 50.0))
        sums = np.add.reduceat(odds, starts)
        slope = np.add.reduceat(odds[:, None] * rows, starts) / sums[:, None]
        return float(np.log(sums).mean() + _PENALTY * weights @ weights / 2), slope.mean(axis=0) + _PENALTY * weights

    found = minimize(loss, np.zeros(len(spread)), jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(spread))
    weights: Vector = found.x / spread
    return weights


def right(tables: Sequence[Vector], golds: Sequence[int], weights: Vector) -> list[bool]:
    """Whether the best sentence is the right one, question by question."""
    return [bool((table @ weights).argmax() == gold) for table, gold in zip(tables, golds, strict=True)]


def cross_validated(choices: Sequence[Choice], tables: Sequence[Vector]) -> list[bool]:
    """As `right`, each title with weights fitted to other titles."""
    found: list[bool] = []
    for fold in range(_FOLDS):
        training = [at for at, one in enumerate(choices) if one.fold != fold]
        held_out = [at for at, one in enumerate(choices) if one.fold == fold]
        weights = learn([tables[at] for at in training], [choices[at].gold for at in training])
        found += right([tables[at] for at in held_out], [choices[at].gold for at in held_out], weights)
    return found


def _rate(outcomes: Sequence[bool]) -> str:
    share = float(np.mean(outcomes))
    margin = 1.96 * (share * (1 - share) / len(outcomes)) ** 0.5
    return f"{share:.3f} (95 % {share - margin:.3f}-{share + margin:.3f}, n={len(outcomes)})"


def keywords_of(articles: set[Article], folder: Path) -> KeywordIndex:
    """A keyword index of the paragraphs, which gives the rarity of words."""
    archive = Archive(folder / "archive.sqlite", create=True)
    for article in articles:
        archive.add(article, [(Span(0, len(article.text)), article.id.encode())], b"")
    keywords = KeywordIndex.create(folder / "keywords")
    keywords.catch_up(archive)
    archive.close()
    return keywords


def _vectors(texts: Sequence[str], kept: Path | None) -> dict[str, Vector]:
    vectors: dict[str, Vector] = {}
    if kept is not None and kept.exists():
        with np.load(kept) as file:
            vectors = dict(zip(file["texts"].tolist(), file["vectors"], strict=True))
    missing = sorted((text for text in texts if text not in vectors), key=len)
    if missing:
        from indexer.embedding.model import open_embedding

        vectors |= dict(
            zip(missing, map(_unit, open_embedding().embedding.get_text_embedding_batch(missing)), strict=True)
        )
        if kept is not None:
            np.savez(kept, texts=list(vectors), vectors=np.stack(list(vectors.values())))
    return vectors


def _unit(vector: Sequence[float]) -> Vector:
    row: Vector = np.asarray(vector, dtype=np.float32)
    return row / np.linalg.norm(row)


if __name__ == "__main__":
    main()
