"""One configuration of answering over all questions of a set: right answers, citations, silence, time."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chat.answer import Answer, Evidence, Sentence, Status, Support
from chat.answering.prompts import estimated_tokens
from chat.answering.weighing import taking_turns
from chat.chatbot import AnswerSettings, Chatbot
from chat.events import Composed, Drafted, Finished, Gathered
from chat.publishing.plain_data import answer_data
from chat.understanding.question import Question
from eval.datasets.form import Dataset, EvalQuestion, Gold
from eval.measures import Values, chosen, exactly, holds_answer, holds_sentence, holds_words
from eval.progress import Progress
from eval.retrieval import last_moment
from eval.runs import QuestionResult
from indexer.embedding.model import EmbeddingModel
from indexer.search.index import Index
from indexer.storage.archive import Archive

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

_EVIDENCE_DEPTHS = (1, 3, 5)
_QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")
_QUOTED_WORDS = 3  # fewer are a name or a term rather than somebody's words


@dataclass(frozen=True, slots=True)
class Asked:
    """What a chatbot made of a question."""

    question: EvalQuestion
    understood: Question
    answer: Answer
    gathered: tuple[Evidence, ...]  # also where the answer is silence
    reached: tuple[Evidence, ...]  # from which that was selected
    times_ms: Mapping[str, float]
    tokens: Mapping[str, float]  # about how many

    @property
    def silent(self) -> bool:
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
    """Per-question results in the order of the set; the first question is asked once more than it is timed."""
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
    for event in chatbot.stream(
        question.text, conversation=chatbot.conversation_of(question.earlier, as_of), as_of=as_of
    ):
        if isinstance(event, Gathered):
            understood = event.question
        elif isinstance(event, Composed | Drafted) and first_s is None:
            first_s = time.perf_counter() - start
        elif isinstance(event, Finished):
            answer = event.answer
    last_s = time.perf_counter() - start
    silent = answer.status is Status.NOT_IN_ARCHIVE
    gathered = chatbot.evidence(understood) if silent else answer.evidence
    times_ms = {"first word": 1000 * (last_s if first_s is None else first_s), "last word": 1000 * last_s}
    reached = taking_turns([chatbot.search.in_reach(part) for part in understood.parts or (understood,)])
    return Asked(question, understood, answer, gathered, reached, times_ms, _tokens(chatbot, understood, answer))


def _tokens(chatbot: Chatbot, understood: Question, answer: Answer) -> Values:
    told = None if answer.status is Status.NOT_IN_ARCHIVE else chatbot.messages(understood, answer.evidence)
    read = {"tokens read": float(sum(estimated_tokens(str(one.content)) for one in told))} if told else {}
    return {**read, "tokens written": float(sum(estimated_tokens(one.text) for one in answer.sentences))}


def answer_values(asked: Asked, archive: Archive) -> Values:
    """Every measure that is defined for the question and its answer.

    Refusal recall is defined for questions without an answer, refusal precision for silences, so that the mean of
    each over the questions that have it is the rate. An answer is in doubt when it is told as what comes nearest, or
    not at all.
    """
    question, values = asked.question, Values(asked.tokens)
    if question.answerable:
        values.update(_accuracy(asked))
        values.update(_citations(asked))
    else:
        values["refusal recall"] = float(asked.silent)
    doubt = float(asked.silent or asked.answer.status is Status.UNCERTAIN)
    values["doubt with an answer" if question.answerable else "doubt without an answer"] = doubt
    if asked.silent:
        values["refusal precision"] = float(not question.answerable)
    sentences = asked.answer.sentences
    if sentences:
        for name, support in (("unsupported", Support.UNSUPPORTED), ("weak", Support.WEAK)):
            values[f"{name} sentences"] = sum(one.support is support for one in sentences) / len(sentences)
        exact = [exact_quotation(one, archive) for one in sentences]
        told = [one for one in exact if one is not None]
        if told:
            values["quotation exactness"] = sum(told) / len(told)
    return values


def accepted(question: EvalQuestion, text: str) -> bool:
    """Whether a text gives the answer: all that a list asks for, one for each part, or any one."""
    if question.all_answers:
        return all(holds_answer(text, answer) for answer in question.answers)
    parts: dict[int, list[str]] = {}
    for gold in question.gold:
        held = [answer for answer in question.answers if gold.sentence and holds_answer(gold.sentence, answer)]
        parts.setdefault(gold.part, []).extend(held)
    wanted = [answers for answers in parts.values() if answers] if len(parts) > 1 else [list(question.answers)]
    return all(any(holds_answer(text, answer) for answer in answers) for answers in wanted)


def chosen_right(question: EvalQuestion, text: str) -> bool:
    """Whether, of the choices offered, a text holds the right one and no other."""
    held = {choice for choice in question.choices if holds_answer(text, choice)}
    return bool(held) and held <= set(question.answers)


def exact_quotation(sentence: Sentence, archive: Archive) -> bool | None:
    """Whether what stands in quotation marks stands so in a cited article, read anew; None where nothing is quoted."""
    texts = [archive.article(one.article.id, one.article.version).text for one in sentence.citations]
    spaced = [" ".join(text.split()) for text in texts]
    if sentence.support is Support.QUOTED:
        words = sentence.text[sentence.text.find("“") + 1 : sentence.text.rfind("”")]
        return any(words in text for text in spaced)
    quoted = [words for words in _QUOTED.findall(sentence.text) if len(words.split()) >= _QUOTED_WORDS]
    return all(any(words.strip(" ,.") in text for text in spaced) for words in quoted) if quoted else None


def answer_text(answer: Answer) -> str:
    """What an answer says, without the attributions of quotations: a date of publication answers nothing."""
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
    held = (holds_words(text, answer) for answer in question.answers)
    return float(all(held) if question.all_answers else any(held))


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
    """By the sentence where it is known, otherwise by the article."""
    if evidence.article.id != gold.article_id:
        return False
    if gold.sentence is None:
        return gold.grade > 0
    return holds_sentence(evidence.text, gold.sentence) or holds_sentence(gold.sentence, evidence.text)


def _result(asked: Asked, archive: Archive) -> QuestionResult:
    question, told = asked.question, answer_data(asked.understood, asked.answer)
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
            "status": told["status"],
            "notice": told["notice"],
            "sentences": told["sentences"],
            "understood": told["understood"],
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
