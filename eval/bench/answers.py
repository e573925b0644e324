"""Asks all questions of a set and measures the answers."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chat.answer import Evidence
from chat.chatbot import AnswerSettings, Chatbot
from chat.publishing.plain_data import answer_data
from eval.bench.answer_measures import accepted, answer_values, is_gold
from eval.bench.asking import Asked, ask, last_moment
from eval.datasets.form import Dataset, Gold
from eval.progress import Progress
from eval.results.run import QuestionResult
from indexer.embedding.model import EmbeddingModel
from indexer.search.index import Index
from indexer.storage.archive import Archive

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


def run_answers(
    dataset: Dataset,
    index: Index,
    model: EmbeddingModel,
    llm: "LLM | None",
    settings: AnswerSettings,
    progress: Progress,
) -> tuple[QuestionResult, ...]:
    """Per-question results in the order of the set; the first question is asked once before, to warm up."""
    latest = last_moment(index)
    chatbot = Chatbot(index, model, llm, clock=lambda: latest, settings=settings)
    ask(chatbot, dataset.questions[0], latest)
    results = []
    for number, question in enumerate(dataset.questions, start=1):
        results.append(_result(ask(chatbot, question, latest), index.archive))
        progress(number, len(dataset.questions))
    return tuple(results)


def _result(asked: Asked, archive: Archive) -> QuestionResult:
    question, data = asked.question, answer_data(asked.understood, asked.answer)
    gold = question.gold
    return QuestionResult(
        id=question.id,
        text=question.text,
        kind=question.kind,
        values=answer_values(asked, archive),
        times_ms=asked.times_ms,
        judgements={one.article_id: one.grade for one in gold},
        shown=tuple(_shown(one, gold) for one in asked.answer.evidence),
        expected={
            "answers": list(question.answers),
            "articles": [one.written for one in gold],
            "sentences": [one.sentence for one in gold if one.sentence],
        },
        answer={
            "status": data["status"],
            "notice": data["notice"],
            "sentences": data["sentences"],
            "understood": data["understood"],
            "words": sum(len(sentence.text.split()) for sentence in asked.answer.sentences),
            "answerable": question.answerable,
            "answerability": asked.answerability,
            "would_be_right": question.answerable
            and bool(question.answers)
            and accepted(question, "\n".join(one.text for one in asked.gathered[:3])),
        },
    )


def _shown(evidence: Evidence, gold: Sequence[Gold]) -> Mapping[str, Any]:
    article = evidence.article
    return {
        "article": article.id,
        "title": article.title,
        "source": article.source,
        "published": article.published_at.date().isoformat() if article.published_at else "undated",
        "text": evidence.text,
        "why": [f"score {evidence.score:.2f}"],
        "relevant": any(is_gold(evidence, one) for one in gold),
    }
