"""Asks the questions of a set, with and without the articles that answer them, and keeps the abstention signals."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from chat.answer import Evidence
from chat.chatbot import Chatbot
from chat.gathering.abstention import Signals, has_the_words, lacks_a_name_or_year, signals
from chat.gathering.evidence import EvidenceSettings, gather_evidence
from chat.gathering.retrieval import Hit, retrieve
from chat.gathering.sentence_vectors import SentenceVectors
from chat.understanding.question import Question
from corpus.sentences import split_sentences
from eval.bench.asking import last_moment
from eval.datasets import SAMPLE, open_dataset
from eval.datasets.form import EvalQuestion, Gold, Place
from eval.measures.rankings import holds_answer, holds_sentence
from indexer.embedding.model import EmbeddingModel
from indexer.search.index import Index

OWN = "own"
_PASSAGES = 8
_PASSAGES_BEFORE_HIDING = 60
_EVIDENCE_READ = 5  # pieces in which an answer still counts when its articles are hidden
_OWN_ARTICLES = 60
_UNCLEAR = "underspecified"
_LABELLED = ("answerable", "partial")
_AS_SHOWN = replace(EvidenceSettings(), same=2.0)  # the chatbot drops no repetitions before it weighs the evidence


@dataclass(frozen=True, slots=True)
class Asking:
    """One question asked once, with the abstention signals of its evidence."""

    set_name: str
    hidden: bool  # whether the articles that answer were hidden
    answerable: bool
    signals: Signals
    certain: float | None  # the answerability where a rule decides it, whatever the signals are


def ask_set(name: str, folder: Path, model: EmbeddingModel, vectors: SentenceVectors) -> list[Asking]:
    """All askings of one set over the index in `folder`."""
    index = Index(folder, model.fingerprint)
    try:
        if name == OWN:
            return list(ask_all(f"{OWN} of {folder.name}", tuple(own_questions(index)), index, model, vectors))
        questions = open_dataset(name, split="development" if name == SAMPLE else None).questions
        return list(ask_all(Path(name).stem, questions, index, model, vectors))
    finally:
        index.close()


def own_questions(index: Index) -> Iterator[EvalQuestion]:
    """The titles and first sentences of some of the archive's articles, chosen by the hash of their ids."""
    drawn = sorted(index.archive.articles(), key=lambda one: hashlib.sha256(one.id.encode()).hexdigest())
    for article in drawn[:_OWN_ARTICLES]:
        lead = split_sentences(article.text)[0]
        for text in (article.title, article.text[lead.start : lead.end]):
            place = Place(Path(OWN), None)
            gold = Gold(article_id=article.id, place=place)
            yield EvalQuestion(id=article.id, text=text, place=place, gold=(gold,))


def ask_all(
    set_name: str,
    questions: Sequence[EvalQuestion],
    index: Index,
    model: EmbeddingModel,
    vectors: SentenceVectors,
) -> Iterator[Asking]:
    """Each question as it is and, where its articles are known, also with these hidden."""
    latest = last_moment(index)
    chatbot = Chatbot(index, model, None, clock=lambda: latest)
    for asked in questions:
        if asked.kind == _UNCLEAR:
            continue
        can_hide = asked.answerable and bool(asked.gold) and asked.kind not in _LABELLED
        question = _understood(asked, chatbot, asked.as_of or latest)
        parts = question.parts or (question,)
        hits = [
            retrieve(one, index, model.embedding, _PASSAGES_BEFORE_HIDING, vector=vectors.of_question(one))
            for one in parts
        ]
        for hidden in (False, True) if can_hide else (False,):
            evidence = [
                gather_evidence(
                    part,
                    (_without(asked.gold, some, index) if hidden else some)[:_PASSAGES],
                    index.archive,
                    index.keywords,
                    vectors,
                    _AS_SHOWN,
                )
                for part, some in zip(parts, hits, strict=True)
            ]
            answerable = asked.answerable and (not hidden or _answered_in(evidence, asked.answers))
            for part, some in zip(parts, evidence, strict=True):
                yield Asking(set_name, hidden, answerable, *_signals(part, some, index))


def _understood(asked: EvalQuestion, chatbot: Chatbot, as_of: datetime) -> Question:
    return chatbot.understand(asked.text, conversation=chatbot.conversation_of(asked.earlier, as_of), as_of=as_of)


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


def _signals(question: Question, evidence: Sequence[Evidence], index: Index) -> tuple[Signals, float | None]:
    if not evidence:
        return Signals(*(0.0 for _ in Signals._fields)), 0.0
    found = signals(question, evidence, index.keywords)
    if has_the_words(question, evidence, index.keywords):
        return found, 1.0
    return found, 0.0 if lacks_a_name_or_year(question, evidence) else None
