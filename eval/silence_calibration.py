"""When to be silent: `python -m eval.silence_calibration --data DIR`, DIR an index of corpus/sample.

The development questions of the sample are asked twice: as they are, and with every article that answers them hidden.
A logistic model is learnt over the named signals of chat.silence. Prints refusal precision and recall, by
cross-validation over questions and with the weights that Dateline has, the risk-coverage curve, and what is learnt.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chat.answer import Answer, Evidence, Sentence, Status, Support, Turn
from chat.chatbot import Chatbot
from chat.evidence import SentenceVectors, gather_evidence
from chat.question import Question
from chat.retrieval import retrieve
from chat.silence import Signals, SilenceSettings, has_the_words, signals
from indexer.embedding import EmbeddingModel, open_embedding
from indexer.index import Index

Floats = npt.NDArray[np.float64]

_QUESTIONS = Path(__file__).parent / "questions" / "sample.jsonl"
_FOLDS = 10
_PASSAGES = 8
_BEFORE_HIDING = 40  # passages
_NO_EVIDENCE = Signals(*(0.0 for _ in Signals._fields))


@dataclass(frozen=True, slots=True)
class Asked:
    """One asking of a question, with what is told of its evidence."""

    name: str  # of the set
    fold: int
    answerable: bool
    signals: Signals
    has_the_words: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the data folder of an index of corpus/sample")
    arguments = parser.parse_args()
    model = open_embedding()
    asked = list(ask_all(Index(arguments.data, model.fingerprint), model))
    settings = SilenceSettings()
    weights = np.array([float(getattr(settings, name)) for name in ("constant", *Signals._fields)])
    probabilities = cross_validated(asked)
    settled = predict(asked, weights)
    for name in ("as they are", "hidden"):
        part = np.array([one.name in (name, "as they are") for one in asked])
        for how, predicted in (("cross-validated", probabilities), ("Dateline's weights", settled)):
            print(f"{name}, {how}: {refusals(select(asked, part), predicted[part], settings.threshold)}")
    print("coverage  risk")
    for coverage, risk in risk_coverage(asked, probabilities):
        print(f"{coverage:8.1f}  {risk:.3f}")
    learnt = learn(asked)
    print(", ".join(f"{name} {one:.1f}" for name, one in zip(("constant", *Signals._fields), learnt, strict=True)))


def ask_all(index: Index, model: EmbeddingModel) -> Iterator[Asked]:
    """Each development question, as it is and, where it has an answer, with all that answers it hidden."""
    bot = Chatbot(index, model, None, clock=lambda: datetime.now(UTC))
    vectors = SentenceVectors(model.embedding)
    lines = _QUESTIONS.read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["split"] == "development"]
    for at, row in enumerate(rows):
        question = _understood(row, bot)
        for name, gold in (("as they are", []), ("hidden", row["gold"])):
            if name == "as they are" or gold:
                evidence = _evidence(question, gold, index, model, vectors)
                told = signals(question, evidence, index.keywords) if evidence else _NO_EVIDENCE
                words = has_the_words(question, evidence, index.keywords)
                yield Asked(name, at % _FOLDS, row["answerable"] and not gold, told, words)


def _understood(row: dict[str, Any], bot: Chatbot) -> Question:
    as_of = datetime.fromisoformat(row["as_of"])
    conversation = [
        Turn(
            one["question"],
            Answer((Sentence(one["answer"], (), Support.QUOTED),), (), Status.ANSWERED, as_of),
        )
        for one in row["earlier"]
    ]
    return bot.understand(row["question"], conversation=conversation, as_of=as_of)


def _evidence(
    question: Question, gold: Sequence[dict[str, Any]], index: Index, model: EmbeddingModel, vectors: SentenceVectors
) -> tuple[Evidence, ...]:
    """The evidence without the articles of the gold sentences and without all that print one of these."""
    hits = retrieve(question, index, model.embedding, _BEFORE_HIDING if gold else _PASSAGES)
    addresses, sentences = {one["url"] for one in gold}, [one["sentence"] for one in gold]
    shown = []
    for hit in hits:
        article = index.archive.article(hit.passage.article_id, hit.passage.version)
        if article.url not in addresses and not any(sentence in article.text for sentence in sentences):
            shown.append(hit)
    return gather_evidence(question, shown[:_PASSAGES], index.archive, index.keywords, vectors)


def select(asked: Sequence[Asked], part: npt.NDArray[np.bool_]) -> list[Asked]:
    """Those that are in the part."""
    return [one for one, is_in in zip(asked, part, strict=True) if is_in]


def learn(asked: Sequence[Asked]) -> Floats:
    """The constant and the weights, answerable and not counting the same."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=3.0, class_weight="balanced", max_iter=1000)
    model.fit(np.array([one.signals for one in asked]), [one.answerable for one in asked])
    return np.concatenate([model.intercept_, model.coef_[0]])


def predict(asked: Sequence[Asked], weights: Floats) -> Floats:
    """Answerability, one a question."""
    logits = np.array([one.signals for one in asked]) @ weights[1:] + weights[0]
    certain = np.array([one.has_the_words for one in asked])
    return np.where(certain, 1.0, 0.5 * (1.0 + np.tanh(logits / 2.0)))


def cross_validated(asked: Sequence[Asked]) -> Floats:
    """Answerability, each question's by a model that has seen neither of its two askings."""
    folds, found = np.array([one.fold for one in asked]), np.zeros(len(asked))
    for fold in range(_FOLDS):
        held = folds == fold
        found[held] = predict(select(asked, held), learn(select(asked, ~held)))
    return found


def refusals(asked: Sequence[Asked], probabilities: Floats, threshold: float) -> str:
    """Of what was refused, how much had no answer; of what had none, how much was refused."""
    refused, without = probabilities < threshold, np.array([not one.answerable for one in asked])
    both = int((refused & without).sum())
    precision, recall = both / max(1, int(refused.sum())), both / max(1, int(without.sum()))
    return f"refusal precision {precision:.2f}, recall {recall:.2f} ({without.sum()} of {len(asked)} without an answer)"


def risk_coverage(asked: Sequence[Asked], probabilities: Floats) -> Iterator[tuple[float, float]]:
    """For each tenth of the questions, surest first: the share of those answered that have no answer."""
    without = np.array([not one.answerable for one in asked])[np.argsort(-probabilities, kind="stable")]
    for tenth in range(1, 11):
        answered = round(len(asked) * tenth / 10)
        yield tenth / 10, float(without[:answered].mean())


if __name__ == "__main__":
    main()
