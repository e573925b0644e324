"""Measures retrieval for all questions of a set, by articles and by passages."""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chat.chatbot import AnswerSettings, Chatbot
from chat.gathering.retrieval import Hit, RetrievalSettings, question_vector, retrieve
from chat.gathering.search import SearchSettings
from eval.bench.asking import last_moment
from eval.datasets.form import Dataset, EvalQuestion
from eval.measures.rankings import (
    ARTICLE_MEASURES,
    PASSAGE_MEASURES,
    STORY_MEASURES,
    Values,
    first_each,
    holds_answer,
    holds_sentence,
    measure,
    multihop_measures,
    subtopic_recall,
)
from eval.progress import Progress
from eval.results.run import QuestionResult
from indexer.embedding.model import EmbeddingModel
from indexer.search.index import Index
from indexer.search.scope import Scope
from indexer.storage.passage import Passage

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

DEPTH = 100  # passages retrieved
_SHOWN = 5
_SHOWN_CHARACTERS = 600
_PARTS_DEPTHS = (4, 10)
_ANSWER_DEPTHS = (1, 4, 10)


@dataclass(frozen=True, slots=True)
class _Asked:
    question: EvalQuestion
    as_of: datetime
    hits: tuple[Hit, ...]
    times_ms: Mapping[str, float]


def run_retrieval(
    dataset: Dataset, index: Index, model: EmbeddingModel, settings: RetrievalSettings, progress: Progress
) -> tuple[QuestionResult, ...]:
    """Per-question results in the order of the set; the first question is asked once before, to warm up."""
    latest = last_moment(index)
    answering = AnswerSettings(SearchSettings(retrieval=settings))
    chatbot = Chatbot(index, model, None, clock=lambda: latest, settings=answering)
    _ask(chatbot, model, dataset.questions[0], settings, latest)
    asked = []
    for number, question in enumerate(dataset.questions, start=1):
        asked.append(_ask(chatbot, model, question, settings, latest))
        progress(number, len(dataset.questions))
    values = _measured(asked, index)
    if dataset.published_measures:
        _add_published(asked, values)
    return tuple(_result(one, values[one.question.id], index) for one in asked)


def _ask(
    chatbot: Chatbot, model: EmbeddingModel, question: EvalQuestion, settings: RetrievalSettings, latest: datetime
) -> _Asked:
    as_of = question.as_of or latest
    conversation = chatbot.conversation_of(question.earlier, as_of)
    with _cached(model.embedding):
        start = time.perf_counter()
        understood = chatbot.understand(question.text, conversation=conversation, as_of=as_of)
        understood_at = time.perf_counter()
        if settings.vector_weight:
            question_vector(understood, model.embedding)
        embedded_at = time.perf_counter()
        hits = retrieve(understood, chatbot.index, model.embedding, DEPTH, settings)
        all_ms, embedding_ms = 1000 * (time.perf_counter() - start), 1000 * (embedded_at - understood_at)
    times_ms = {"time": all_ms, "embedding": embedding_ms, "time without embedding": all_ms - embedding_ms}
    return _Asked(question, as_of, hits, times_ms)


@contextmanager
def _cached(embedding: "BaseEmbedding") -> Iterator[None]:
    """Lets retrieval reuse the question vector that was just computed and timed."""
    from llama_index.core.storage.kvstore import SimpleKVStore

    before = embedding.embeddings_cache
    embedding.embeddings_cache = before or SimpleKVStore()
    try:
        yield
    finally:
        embedding.embeddings_cache = before


def _measured(asked: Sequence[_Asked], index: Index) -> dict[str, Values]:
    """Every measure that is defined for a question; none for a question without an answer."""
    values: dict[str, Values] = {one.question.id: {} for one in asked}
    answerable = [one for one in asked if one.question.answerable]
    for prefix, measured in (
        ("", _at_articles(answerable)),
        ("story ", _at_stories(answerable)),
        ("passage ", _at_passages(answerable, index)),
        ("", _at_answers(answerable)),
    ):
        for question, found in measured.items():
            values[question].update({f"{prefix}{name}": value for name, value in found.items()})
    return values


def _at_articles(asked: Iterable[_Asked]) -> dict[str, Values]:
    judged = {
        one.question.id: {gold.article_id: gold.grade for gold in one.question.gold}
        for one in asked
        if any(gold.grade > 0 for gold in one.question.gold)
    }
    return measure(ARTICLE_MEASURES, judged, {one.question.id: article_ranking(one.hits) for one in asked})


def _at_stories(asked: Iterable[_Asked]) -> dict[str, Values]:
    """As `_at_articles`, but a hit also counts for the judged articles among its listed syndicated copies."""
    judged = {
        one.question.id: {gold.article_id: gold.grade for gold in one.question.gold if gold.grade > 0} for one in asked
    }
    judged = {question: grades for question, grades in judged.items() if grades}
    rankings = {one.question.id: _story_ranking(one.hits, judged.get(one.question.id, {})) for one in asked}
    return measure(STORY_MEASURES, judged, rankings)


def _story_ranking(hits: Sequence[Hit], judged: Collection[str]) -> list[str]:
    names = [[hit.passage.article_id, *(one.article_id for one in hit.copies.listed)] for hit in hits]
    return first_each([next((name for name in copies if name in judged), copies[0]) for copies in names])


def article_ranking(hits: Sequence[Hit]) -> list[str]:
    """The articles of the hits, each at the rank of its best passage."""
    return first_each([hit.passage.article_id for hit in hits])


def _at_passages(asked: Iterable[_Asked], index: Index) -> dict[str, Values]:
    by_sentences = [one for one in asked if any(gold.sentence for gold in one.question.gold)]
    parts = {one.question.id: gold_passages(one.question, one.as_of, index) for one in by_sentences}
    judged = {question: {key: 1 for keys in covering.values() for key in keys} for question, covering in parts.items()}
    rankings = {one.question.id: [passage_key(passage) for passage in passages_of(one.hits)] for one in by_sentences}
    values = measure(PASSAGE_MEASURES, judged, rankings)
    for one in by_sentences:
        question = one.question
        for depth in _PARTS_DEPTHS:
            recall = subtopic_recall(parts[question.id], rankings[question.id], depth)
            values[question.id][f"StRecall@{depth}"] = recall
    return values


def _add_published(asked: Iterable[_Asked], values: Mapping[str, Values]) -> None:
    for one in asked:
        facts = [gold.sentence for gold in one.question.gold if gold.sentence]
        if facts:
            values[one.question.id].update(
                multihop_measures(facts, [passage.text for passage in passages_of(one.hits)])
            )


def passages_of(hits: Sequence[Hit]) -> list[Passage]:
    """The passages of hits, each followed by the neighbours merged with it."""
    return [passage for hit in hits for passage in hit.passages]


def gold_passages(question: EvalQuestion, as_of: datetime, index: Index) -> dict[int, set[str]]:
    """Part -> the passages with one of its gold sentences, among those valid at that moment.

    Version numbers are not compared: an archive numbers versions in order of arrival.
    """
    table = index.table
    allowed = table.allowed(Scope(as_of))
    parts: dict[int, set[str]] = {}
    for gold in question.gold:
        covering = parts.setdefault(gold.part, set())
        for version in index.archive.fingerprints(gold.article_id).values():
            passages = index.archive.passages_of(gold.article_id, version)
            rows = table.rows_of([passage.id for passage in passages])
            covering.update(
                passage_key(passage)
                for passage, row in zip(passages, rows, strict=True)
                if row >= 0 and allowed[row] and gold.sentence and holds_sentence(passage.text, gold.sentence)
            )
    return parts


def passage_key(passage: Passage) -> str:
    """A passage's name in a run: its article, version and span."""
    return f"{passage.article_id}.{passage.version}:{passage.start}-{passage.end}"


def _at_answers(asked: Iterable[_Asked]) -> dict[str, Values]:
    """Whether a passage of any article contains an accepted answer (Karpukhin et al. 2020)."""
    values: dict[str, Values] = {}
    for one in asked:
        if accepted := one.question.answers:
            found = [
                any(holds_answer(passage.text, answer) for answer in accepted)
                for passage in passages_of(one.hits)[: max(_ANSWER_DEPTHS)]
            ]
            values[one.question.id] = {
                f"answer in passage@{depth}": float(any(found[:depth])) for depth in _ANSWER_DEPTHS
            }
    return values


def _result(one: _Asked, values: Values, index: Index) -> QuestionResult:
    gold = {judged.article_id for judged in one.question.gold if judged.grade > 0}
    return QuestionResult(
        id=one.question.id,
        text=one.question.text,
        kind=one.question.kind,
        values=values,
        times_ms=one.times_ms,
        ranking=tuple(article_ranking(one.hits)),
        judgements={judged.article_id: judged.grade for judged in one.question.gold},
        shown=tuple(_shown(hit, index, hit.passage.article_id in gold) for hit in one.hits[:_SHOWN]),
        expected={"answers": list(one.question.answers), "articles": [g.written for g in one.question.gold]},
    )


def _shown(hit: Hit, index: Index, relevant: bool) -> Mapping[str, Any]:
    article = index.archive.article(hit.passage.article_id, hit.passage.version)
    return {
        "article": article.id,
        "title": article.title,
        "source": article.source,
        "published": article.published_at.date().isoformat() if article.published_at else "undated",
        "text": hit.passage.text[:_SHOWN_CHARACTERS],
        "why": list(hit.why),
        "relevant": relevant,
    }
