"""Asks a question of an evaluation set as its reader would have: at its moment, after its earlier turns."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from chat.answer import Answer, Evidence, Status
from chat.answering.prompts import estimated_tokens
from chat.answering.weighing import taking_turns
from chat.chatbot import Chatbot
from chat.events import Composed, Drafted, Finished, Gathered, Judged
from chat.understanding.question import Question
from eval.datasets.form import EvalQuestion
from eval.measures.rankings import Values
from indexer.search.index import Index


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the chatbot's answer to it."""

    question: EvalQuestion
    understood: Question
    answer: Answer
    gathered: tuple[Evidence, ...]  # also for an abstention
    reached: tuple[Evidence, ...]  # the candidates that the evidence was selected from
    answerability: float  # the probability of an answer on which abstention depended
    times_ms: Mapping[str, float]
    tokens: Mapping[str, float]  # estimated

    @property
    def abstained(self) -> bool:
        """Whether the answer is that the archive does not hold one."""
        return self.answer.status is Status.NOT_IN_ARCHIVE


def last_moment(index: Index) -> datetime:
    """When the newest article was published, updated or fetched: the as-of of questions that have none."""
    moments = (
        moment
        for article in index.archive.articles()
        for moment in (article.published_at, article.updated_at, article.fetched_at)
        if moment
    )
    return max(moments, default=datetime(2000, 1, 1, tzinfo=UTC))


def ask(chatbot: Chatbot, question: EvalQuestion, latest: datetime) -> Asked:
    """Ask one question as its reader would have at its moment."""
    as_of = question.as_of or latest
    start, first_s = time.perf_counter(), None
    for event in chatbot.stream(
        question.text, conversation=chatbot.conversation_of(question.earlier, as_of), as_of=as_of
    ):
        if isinstance(event, Gathered):
            understood, answerability = event.question, event.answerability
        elif isinstance(event, Judged):
            answerability = event.answerability
        elif isinstance(event, Composed | Drafted) and first_s is None:
            first_s = time.perf_counter() - start
        elif isinstance(event, Finished):
            answer = event.answer
    last_s = time.perf_counter() - start
    abstained = answer.status is Status.NOT_IN_ARCHIVE
    gathered = chatbot.evidence(understood) if abstained else answer.evidence
    times_ms = {"first word": 1000 * (last_s if first_s is None else first_s), "last word": 1000 * last_s}
    reached = taking_turns([chatbot.search.in_reach(part) for part in understood.parts or (understood,)])
    return Asked(
        question,
        understood,
        answer,
        gathered,
        reached,
        float(not abstained) if answerability is None else answerability,
        times_ms,
        _tokens(chatbot, understood, answer),
    )


def _tokens(chatbot: Chatbot, understood: Question, answer: Answer) -> Values:
    messages = None if answer.status is Status.NOT_IN_ARCHIVE else chatbot.messages(understood, answer.evidence)
    read = {"tokens read": float(sum(estimated_tokens(str(one.content)) for one in messages))} if messages else {}
    return {**read, "tokens written": float(sum(estimated_tokens(one.text) for one in answer.sentences))}
