"""Measures answers to all questions of a set: accuracy, citations, abstention, time."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chat.answer import Answer, Evidence, Sentence, Status, Support
from chat.answering.prompts import estimated_tokens
from chat.chatbot import AnswerSettings, Chatbot, taking_turns
from chat.events import Composed, Drafted, Finished, Gathered
from chat.publishing.terminal import as_data
from chat.understanding.question import Question
from eval.bench.asking import as_conversation, last_moment
from eval.datasets.form import Dataset, EvalQuestion, Gold
from eval.measures.rankings import Values, chosen, exactly, holds_answer, holds_sentence, holds_words
from eval.progress import Progress
from eval.results.run import QuestionResult
from indexer.archive import Archive
from indexer.embedding import EmbeddingModel
from indexer.index import Index

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

_EVIDENCE_DEPTHS = (1, 3, 5)
_QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")
_QUOTED_WORDS = 3  # fewer are a name or a term rather than a quotation


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the chatbot's answer to it."""

    question: EvalQuestion
    understood: Question
    answer: Answer
    gathered: tuple[Evidence, ...]  # also for an abstention
    reached: tuple[Evidence, ...]  # the candidates that the evidence was selected from
    times_ms: Mapping[str, float]
    tokens: Mapping[str, float]  # estimated

    @property
    def abstained(self) -> bool:
        """Whether the answer is that the archive does not hold one."""
        return self.answer.status is Status.NOT_IN_ARCHIVE


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


def ask(chatbot: Chatbot, question: EvalQuestion, latest: datetime) -> Asked:
    """Ask one question as its reader would have at its moment."""
    as_of = question.as_of or latest
    start, first_s = time.perf_counter(), None
    for event in chatbot.stream(question.text, conversation=as_conversation(question.earlier, as_of), as_of=as_of):
        if isinstance(event, Gathered):
            understood = event.question
        elif isinstance(event, Composed | Drafted) and first_s is None:
            first_s = time.perf_counter() - start
        elif isinstance(event, Finished):
            answer = event.answer
    last_s = time.perf_counter() - start
    abstained = answer.status is Status.NOT_IN_ARCHIVE
    gathered = chatbot.evidence(understood) if abstained else answer.evidence
    times_ms = {"first word": 1000 * (last_s if first_s is None else first_s), "last word": 1000 * last_s}
    reached = taking_turns([chatbot.in_reach(part) for part in understood.parts or (understood,)])
    return Asked(question, understood, answer, gathered, reached, times_ms, _tokens(chatbot, understood, answer))


def _tokens(chatbot: Chatbot, understood: Question, answer: Answer) -> Values:
    messages = None if answer.status is Status.NOT_IN_ARCHIVE else chatbot.messages(understood, answer.evidence)
    read = {"tokens read": float(sum(estimated_tokens(str(one.content)) for one in messages))} if messages else {}
    return {**read, "tokens written": float(sum(estimated_tokens(one.text) for one in answer.sentences))}


def answer_values(asked: Asked, archive: Archive) -> Values:
    """Every measure that is defined for the question and its answer.

    Abstention recall is defined for questions without an answer, abstention precision for abstentions, so that their
    means over the questions that have them are the rates. An answer is in doubt when its status is uncertain or it is
    an abstention.
    """
    question, values = asked.question, Values(asked.tokens)
    if question.answerable:
        values.update(_accuracy(asked))
        values.update(_citations(asked))
    else:
        values["abstention recall"] = float(asked.abstained)
    doubt = float(asked.abstained or asked.answer.status is Status.UNCERTAIN)
    values["doubt with an answer" if question.answerable else "doubt without an answer"] = doubt
    if asked.abstained:
        values["abstention precision"] = float(not question.answerable)
    sentences = asked.answer.sentences
    if sentences:
        for name, support in (("unsupported", Support.UNSUPPORTED), ("weak", Support.WEAK)):
            values[f"{name} sentences"] = sum(one.support is support for one in sentences) / len(sentences)
        exact = [exact_quotation(one, archive) for one in sentences]
        quoting = [one for one in exact if one is not None]
        if quoting:
            values["quotation exactness"] = sum(quoting) / len(quoting)
    return values


def accepted(question: EvalQuestion, text: str) -> bool:
    """Whether a text gives the answer: every item of a list, one accepted answer per part, or any accepted answer."""
    if question.all_answers:
        return all(holds_answer(text, answer) for answer in question.answers)
    parts: dict[int, list[str]] = {}
    for gold in question.gold:
        found = [answer for answer in question.answers if gold.sentence and holds_answer(gold.sentence, answer)]
        parts.setdefault(gold.part, []).extend(found)
    wanted = [answers for answers in parts.values() if answers] if len(parts) > 1 else [list(question.answers)]
    return all(any(holds_answer(text, answer) for answer in answers) for answers in wanted)


def chosen_right(question: EvalQuestion, text: str) -> bool:
    """Whether a text contains the right one of the choices and no other."""
    found = {choice for choice in question.choices if holds_answer(text, choice)}
    return bool(found) and found <= set(question.answers)


def exact_quotation(sentence: Sentence, archive: Archive) -> bool | None:
    """Whether the quoted words are in a cited article, read from the archive; None where nothing is quoted."""
    texts = [archive.article(one.article.id, one.article.version).text for one in sentence.citations]
    spaced = [" ".join(text.split()) for text in texts]
    if sentence.support is Support.QUOTED:
        words = sentence.text[sentence.text.find("“") + 1 : sentence.text.rfind("”")]
        return any(words in text for text in spaced)
    quoted = [words for words in _QUOTED.findall(sentence.text) if len(words.split()) >= _QUOTED_WORDS]
    return all(any(words.strip(" ,.") in text for text in spaced) for words in quoted) if quoted else None


def answer_text(answer: Answer) -> str:
    """The text of an answer without the labels of its quotations, whose dates would match accepted answers."""
    return "\n".join(
        "\n".join(cited.text for cited in one.citations) if one.support is Support.QUOTED else one.text
        for one in answer.sentences
    )


def _accuracy(asked: Asked) -> Values:
    question, text = asked.question, answer_text(asked.answer)
    if not question.answers:
        return {}
    written = [one.text for one in asked.answer.sentences if one.support is Support.SUPPORTED]
    values = {
        "accuracy": float(accepted(question, text)),
        **({"right where written": _holds_words(question, "\n".join(written))} if written else {}),
        "answer words": _holds_words(question, text),
        "exact match": float(exactly(text, question.answers)),
    }
    if question.choices:
        values["choice"] = float(chosen_right(question, text))
        best = chosen(question.choices, [one.text for one in asked.reached])
        values["choice by evidence"] = sum(one in question.answers for one in best) / len(best)
    for depth in _EVIDENCE_DEPTHS:
        gathered = "\n".join(one.text for one in asked.gathered[:depth])
        values[f"answer in evidence@{depth}"] = float(accepted(question, gathered))
        values[f"answer words in evidence@{depth}"] = _holds_words(question, gathered)
    return values


def _holds_words(question: EvalQuestion, text: str) -> float:
    found = (holds_words(text, answer) for answer in question.answers)
    return float(all(found) if question.all_answers else any(found))


def _citations(asked: Asked) -> Values:
    gold = asked.question.gold
    if not gold:
        return {}
    cited = {(one.article.id, one.start): one for sentence in asked.answer.sentences for one in sentence.citations}
    parts: dict[int, bool] = {}
    for judged in gold:
        covered = any(_is_gold(one, judged) for one in cited.values())
        parts[judged.part] = parts.get(judged.part, False) or covered
    values = {"citation recall": sum(parts.values()) / len(parts)}
    if cited:
        right = sum(any(_is_gold(one, judged) for judged in gold) for one in cited.values())
        values["citation precision"] = right / len(cited)
    return values


def _is_gold(evidence: Evidence, gold: Gold) -> bool:
    """Compares the sentence where the gold has one, otherwise the article."""
    if evidence.article.id != gold.article_id:
        return False
    if gold.sentence is None:
        return gold.grade > 0
    return holds_sentence(evidence.text, gold.sentence) or holds_sentence(gold.sentence, evidence.text)


def _result(asked: Asked, archive: Archive) -> QuestionResult:
    question, data = asked.question, as_data(asked.understood, asked.answer)
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
            "confidence": asked.gathered[0].score if asked.gathered else 0.0,
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
        "relevant": any(_is_gold(evidence, one) for one in gold),
    }
