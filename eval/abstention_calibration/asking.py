"""Asks the questions of a set, with and without the articles that answer them, and keeps the abstention signals."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chat.answer import Evidence
from chat.answering.selecting import select
from chat.chatbot import Chatbot
from chat.gathering.abstention import Signals, has_the_words, lacks_a_name_or_year, signals
from chat.gathering.evidence import gather_evidence
from chat.gathering.retrieval import Hit, retrieve
from chat.gathering.sentence_vectors import SentenceVectors
from chat.opening import answer_settings
from chat.understanding.question import Question
from corpus.sentences import split_sentences
from eval.bench.asking import last_moment
from eval.datasets import SAMPLE, drawn, open_dataset
from eval.datasets.form import EvalQuestion, Gold, Place
from eval.measures.rankings import holds_answer, holds_sentence
from indexer.embedding.model import EmbeddingModel
from indexer.search.index import Index

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

OWN = "own"
_PASSAGES_BEFORE_HIDING = 60
_EVIDENCE_READ = 5  # pieces in which an answer still counts when its articles are hidden
_OWN_ARTICLES = 60
_UNCLEAR = "underspecified"
_LABELLED = ("answerable", "partial")
_NO_REPEATS_DROPPED = 2.0  # a cosine; the chatbot drops none before it weighs the evidence


@dataclass(frozen=True, slots=True)
class Asking:
    """One question asked once, with the abstention signals of its evidence."""

    set_name: str
    hidden: bool  # whether the articles that answer were hidden
    answerable: bool
    signals: Signals
    certain: float | None  # the answerability where a rule decides it, whatever the signals are
    read: float | None = None  # a reading model's probability; None where a rule decides, or without a model


def ask_set(
    name: str,
    folder: Path,
    model: EmbeddingModel,
    vectors: SentenceVectors,
    llm: "LLM | None" = None,
    limit: int | None = None,
) -> list[Asking]:
    """All askings of one set, or of `limit` of its questions, over the index in `folder`; `llm` reads them."""
    index = Index(folder, model.fingerprint)
    try:
        own = name == OWN
        questions = tuple(own_questions(index)) if own else _questions_of(name, limit)
        asker = Asker(f"{OWN} of {folder.name}" if own else Path(name).stem, index, model, vectors, llm)
        return [asking for asked in questions if asked.kind != _UNCLEAR for asking in asker.ask(asked)]
    finally:
        index.close()


def _questions_of(name: str, limit: int | None) -> Sequence[EvalQuestion]:
    return drawn(open_dataset(name, split="development" if name == SAMPLE else None), limit).questions


def own_questions(index: Index) -> Iterator[EvalQuestion]:
    """The titles and first sentences of some of the archive's articles, chosen by the hash of their ids."""
    drawn = sorted(index.archive.articles(), key=lambda one: hashlib.sha256(one.id.encode()).hexdigest())
    for article in drawn[:_OWN_ARTICLES]:
        lead = split_sentences(article.text)[0]
        for text in (article.title, article.text[lead.start : lead.end]):
            place = Place(Path(OWN), None)
            gold = Gold(article_id=article.id, place=place)
            yield EvalQuestion(id=article.id, text=text, place=place, gold=(gold,))


class Asker:
    """Asks the questions of one set, each as it is and, where its articles are known, also with these hidden."""

    def __init__(
        self,
        set_name: str,
        index: Index,
        model: EmbeddingModel,
        vectors: SentenceVectors,
        llm: "LLM | None" = None,
    ) -> None:
        self._set_name, self._index, self._model, self._vectors = set_name, index, model, vectors
        self._latest = last_moment(index)
        self._settings = answer_settings("local" if llm else "quotes")
        self._chatbot = Chatbot(index, model, llm, clock=lambda: self._latest, settings=self._settings)

    def ask(self, asked: EvalQuestion) -> Iterator[Asking]:
        """One asking for each part of the question, as it is and with the gold hidden."""
        as_of = asked.as_of or self._latest
        conversation = self._chatbot.conversation_of(asked.earlier, as_of)
        question = self._chatbot.understand(asked.text, conversation=conversation, as_of=as_of)
        parts = question.parts or (question,)
        can_hide = asked.answerable and bool(asked.gold) and asked.kind not in _LABELLED
        for hidden in (False, True) if can_hide else (False,):
            found = [self._reached(part, asked.gold if hidden else ()) for part in parts]
            answerable = asked.answerable and (not hidden or _answered_in(found, asked.answers))
            for part, evidence in zip(parts, found, strict=True):
                signals_found, certain = self._signals(part, evidence)
                read = self._read(part, evidence) if certain is None and len(parts) == 1 else None
                yield Asking(self._set_name, hidden, answerable, signals_found, certain, read)

    def _reached(self, question: Question, hidden: Sequence[Gold]) -> tuple[Evidence, ...]:
        """What the chatbot would have in reach, best first, without the hidden articles."""
        limits = self._settings.search.evidence
        wanted = _PASSAGES_BEFORE_HIDING if hidden else limits.passages
        vector = self._vectors.of_question(question)
        hits: Sequence[Hit] = retrieve(question, self._index, self._model.embedding, wanted, vector=vector)
        if hidden:
            hits = _without(hidden, hits, self._index)[: limits.passages]
        reach = replace(limits, sentences=limits.compared, same=_NO_REPEATS_DROPPED)
        index = self._index
        return gather_evidence(question, hits, index.archive, index.keywords, self._vectors, reach)

    def _signals(self, question: Question, evidence: Sequence[Evidence]) -> tuple[Signals, float | None]:
        if not evidence:
            return Signals(*(0.0 for _ in Signals._fields)), 0.0
        first, keywords = evidence[: self._settings.search.evidence.sentences], self._index.keywords
        found = signals(question, first, keywords)
        if has_the_words(question, first, keywords):
            return found, 1.0
        return found, 0.0 if lacks_a_name_or_year(question, first) else None

    def _read(self, question: Question, evidence: Sequence[Evidence]) -> float | None:
        usual = self._settings.search.evidence.sentences
        return self._chatbot.writer.read(question, select(question, question.analysis.kind, evidence, usual))


def _without(hidden: Sequence[Gold], hits: Sequence[Hit], index: Index) -> list[Hit]:
    """The hits except the hidden articles, their syndicated copies and articles with the same gold sentence."""
    ids = {gold.article_id for gold in hidden}
    ids |= {copy.id for article_id in ids for copy in index.archive.copies_of(article_id)}
    sentences = [gold.sentence for gold in hidden if gold.sentence]
    return [hit for hit in hits if hit.passage.article_id not in ids and not _has_any(sentences, hit, index)]


def _has_any(sentences: Sequence[str], hit: Hit, index: Index) -> bool:
    text = index.archive.article(hit.passage.article_id, hit.passage.version).text if sentences else ""
    return any(holds_sentence(text, sentence) for sentence in sentences)


def _answered_in(evidence: Sequence[Sequence[Evidence]], answers: Sequence[str]) -> bool:
    text = "\n".join(one.text for some in evidence for one in some[:_EVIDENCE_READ])
    return any(holds_answer(text, answer) for answer in answers)
