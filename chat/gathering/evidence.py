"""From passages to numbered evidence: the few sentences that bear on a question."""

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chat.answer import Evidence
from chat.english.days import blank_days
from chat.english.names import find_names
from chat.english.plain_text import plain
from chat.english.synonyms import in_other_words
from chat.gathering.agreement import agreement
from chat.gathering.retrieval import Hit, question_vector
from chat.understanding.answer_types import AnswerType, fit
from chat.understanding.question import Question
from corpus.article import Article
from corpus.sentences import Span, split_sentences
from indexer.archive import Archive, Vector
from indexer.keywords import KeywordIndex
from indexer.passage import text_hash

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

_LEANING = re.compile(
    r"[\"“'‘(]*(?:he|she|they|it|his|her|their|its|that|this|these|those|there|both|the (?:two|latter|former|pair))\b",
    re.IGNORECASE,
)
_KEPT_VECTORS = 20_000  # sentences; some 30 MB
_KEPT_QUESTIONS = 100  # some 1.5 MB
_TITLE = 0.5  # what a word is worth that only the title has: a sentence speaks of its subject without naming it
_SAME_WORD = 0.7
_NAME = 0.5  # what a name tells of one sentence of an article against another
_ALIKE = 4  # letters
_DATELINE_CHARACTERS = 40
_TELLING = "article story report account coverage version say tell write publish agree disagree differ compare"


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """How evidence is chosen, with the weight of each thing that speaks for a sentence.

    They lie between those that `python -m eval.evidence_choice` learns on encyclopaedia paragraphs and what news needs,
    where articles compete and questions use other words: more for similarity and for the words around.
    """

    passages: int = 8
    compared: int = 32  # sentences whose vectors are compared; the others have too few of the question's words
    sentences: int = 6
    similarity: float = 0.14
    apart: float = 0.20
    telling: float = 0.30
    shared: float = 0.16
    around: float = 0.26
    fit: float = 0.13
    sort: float = 0.09
    leaning: float = 0.08
    following: float = 0.05
    passage: float = 0.30  # the others' weights were learnt in single paragraphs, where it is the same for all
    agreed: float = 0.25  # as `passage`
    same: float = 0.92  # two sentences this similar say the same


class Bearing(NamedTuple):
    """What speaks for a sentence, each from 0 to 1."""

    similarity: float  # cosine to the question
    telling: float  # share of the question's words in it, weighed by how few other sentences have them; its root
    shared: float  # share of all words of the question, function words too
    around: float  # share of the question's words in it, the sentence before or the title, weighed by rarity
    fit: float  # whether it has the kind of thing that is asked for
    sort: float  # whether it has the noun of "which river"
    leaning: float  # how similar the sentence before is, if this one begins with a pronoun and goes on about it
    following: float  # whether it has what is asked for and the sentence before the question's words without it
    passage: float  # how its passage was ranked: 1 for the best
    agreed: float = 0.0  # how far it holds the names that the articles agree on, where a name is asked for
    apart: float = 0.0  # cosine to the question of what sets both apart from what all of the sentences say

    def score(self, settings: EvidenceSettings) -> float:
        """The weighted sum."""
        return float(sum(value * getattr(settings, name) for name, value in self._asdict().items()))


_NOTHING = Bearing(*(0.0 for _ in Bearing._fields))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may become evidence, the words around it, and what speaks for it."""

    article: Article
    span: Span
    before: str  # the sentence before it in its article; empty for the first
    bearing: Bearing
    score: float = 0.0

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.span.start : self.span.end]


class SentenceVectors:
    """Unit vectors of sentences, kept in memory so that a sentence is embedded once."""

    def __init__(self, embedding: "BaseEmbedding") -> None:
        self._embedding = embedding
        self._held: dict[bytes, Vector] = {}
        self._of_questions: dict[tuple[str, object], list[float]] = {}

    def of(self, texts: Sequence[str]) -> Vector:
        """One row a text; float32."""
        digests = [text_hash(text) for text in texts]
        missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in self._held}
        rows = {digest: self._held[digest] for digest in digests if digest in self._held}
        if missing:
            # A batch takes as long as its longest text: those of a length go together.
            order = sorted(missing, key=lambda digest: len(missing[digest]))
            told = self._embedding.get_text_embedding_batch([missing[digest] for digest in order])
            made = np.asarray(told, dtype=np.float32)
            made /= np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-12)
            rows.update(zip(order, made, strict=True))
            self._keep(dict(zip(order, made, strict=True)))
        return np.stack([rows[digest] for digest in digests])

    def of_question(self, question: Question) -> list[float]:
        """The direction of a question."""
        key = (question.search_text, question.follows)
        if key not in self._of_questions:
            if len(self._of_questions) >= _KEPT_QUESTIONS:
                self._of_questions.clear()
            self._of_questions[key] = question_vector(question, self._embedding)
        return self._of_questions[key]

    def _keep(self, made: Mapping[bytes, Vector]) -> None:
        if len(self._held) + len(made) > _KEPT_VECTORS:
            self._held.clear()
        self._held.update(made)


def gather_evidence(
    question: Question,
    hits: Sequence[Hit],
    archive: Archive,
    keywords: KeywordIndex,
    vectors: SentenceVectors,
    settings: EvidenceSettings = EvidenceSettings(),
) -> tuple[Evidence, ...]:
    """The sentences of the best passages that bear most on the question, best first, numbered from 1."""
    candidates = _candidates(_first_passages(hits, settings.passages), archive)
    bearings = bear(question, candidates, keywords)
    weighed = _sorted(candidates, bearings, settings)[: settings.compared]
    chosen = _without_repeats(_compared(question, weighed, vectors, settings), vectors, settings)
    best = {hit.passage.article_id: hit for hit in reversed(hits)}
    return tuple(
        Evidence(
            number,
            one.article,
            *_leaning_on_the_one_before(one),
            one.score,
            best[one.article.id].score,
            best[one.article.id].prints,
        )
        for number, one in enumerate(chosen[: settings.sentences], start=1)
    )


def wanted_words(question: Question, keywords: KeywordIndex) -> dict[str, float]:
    """The words that are searched for, weighed by how rare each is in the archive (inverse passage frequency).

    However many words came before, together they weigh no more than those of the question. Who is to tell, and that
    they do, is not searched for.
    """
    terms = keywords.terms(question.search_text)
    tellers = frozenset(keywords.terms(f"{question.said_by} {_TELLING}")) if question.said_by else frozenset[str]()
    own = {term: rarity(term, keywords) for term in terms if term not in tellers}
    lent: dict[str, float] = {}
    for earlier in question.follows:
        for term in keywords.terms(earlier.text):
            if term not in own:
                lent.setdefault(term, earlier.weight * rarity(term, keywords))
    share = min(1.0, sum(own.values()) / (sum(lent.values()) or 1.0)) if own else 1.0
    return own | {term: share * weight for term, weight in lent.items()}


def rarity(term: str, keywords: KeywordIndex) -> float:
    """The rarer a word, the more it says of what is asked (Robertson & Sparck Jones 1976); natural logarithm."""
    return math.log(1.0 + keywords.passages / (1.0 + keywords.frequency(term)))


def bear(question: Question, candidates: Sequence[Candidate], keywords: KeywordIndex) -> list[Bearing]:
    """What speaks for each of the sentences that compete, but for similarity, which costs most, and agreement."""
    if not candidates:
        return []
    wanted = wanted_words(question, keywords)
    rarities = np.array(list(wanted.values()), dtype=np.float32)
    names = _names_of(question, keywords)
    named = np.array([term in names for term in wanted], dtype=np.bool_)
    held, before, subject = _tables(list(wanted), names, candidates, keywords)
    holding = (held > _SAME_WORD).sum(axis=0)
    discerning = rarities * np.log((len(candidates) + 1.0) / (holding + 0.5)).clip(0.0) * np.where(named, _NAME, 1.0)
    around = np.maximum(held, np.maximum(before, subject))
    telling, near, earlier = (
        (table * weights).sum(axis=1) / (weights.sum() or 1.0)  # BLAS warns now and then of what it does not use
        for table, weights in ((held, discerning), (around, rarities), (before, rarities))
    )
    text = question.search_text
    words, asked = _words(text), question.analysis.answer_type
    nouns = [at for at, term in enumerate(wanted) if term in keywords.terms(asked.noun)]
    sorts = (held[:, nouns] == 1.0).any(axis=1)
    return [
        Bearing(
            similarity=0.0,
            telling=math.sqrt(telling[at]),
            shared=len(words & _words(one.text)) / (len(words) or 1),
            around=float(near[at]),
            fit=fit(asked, text, one.text),
            sort=float(sorts[at]),
            leaning=float(_LEANING.match(one.text) is not None),
            following=float(earlier[at]) * _what_the_one_before_lacks(asked, text, one),
            passage=one.bearing.passage,
        )
        for at, one in enumerate(candidates)
    ]


def compare(candidates: Sequence[Candidate], bearings: Sequence[Bearing], rows: Vector, asked: Vector) -> list[Bearing]:
    """The bearings with what the vectors tell: unit vectors, one row a sentence, one of the question.

    What all of the sentences have in common is their mean; a word that all have tells as little.
    """
    similarities, apart = rows @ asked, _unit(rows - rows.mean(axis=0)) @ _unit(asked - rows.mean(axis=0))
    of_text = {one.text: float(similarity) for one, similarity in zip(candidates, similarities, strict=True)}
    return [
        bearing._replace(
            similarity=of_text[one.text], apart=float(own), leaning=bearing.leaning * of_text.get(one.before, 0.0)
        )
        for one, bearing, own in zip(candidates, bearings, apart, strict=True)
    ]


def _unit(rows: Vector) -> Vector:
    unit: Vector = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-6)
    return unit


def _what_the_one_before_lacks(asked: AnswerType, question: str, candidate: Candidate) -> float:
    return fit(asked, question, candidate.text) * (1.0 - fit(asked, question, candidate.before))


def _names_of(question: Question, keywords: KeywordIndex) -> dict[str, str]:
    """The words of the question's names, by their stems."""
    text = plain(question.search_text)
    return {term: word for name in find_names(text) for word in name.words for term in keywords.terms(word)}


def _tables(
    terms: Sequence[str], names: Mapping[str, str], candidates: Sequence[Candidate], keywords: KeywordIndex
) -> tuple[Vector, Vector, Vector]:
    """How far each sentence, the sentence before it and its article's subject hold each word.

    The subject is in the title; a name is part of it wherever the article has it.
    """
    columns = tuple(zip(*((one.text, one.before, one.article.title) for one in candidates), strict=True))
    rows = _held(terms, frozenset().union(*columns), keywords)
    held, before, titled = (
        np.array([rows[text] for text in column], dtype=np.float32).reshape(len(column), len(terms))
        for column in columns
    )
    articles = {one.article.text for one in candidates}
    told = {text: [float(term in names and _has_word(names[term], text)) for term in terms] for text in articles}
    return held, before, np.maximum(_TITLE * titled, np.array([told[one.article.text] for one in candidates]))


def _has_word(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def _held(terms: Sequence[str], texts: Collection[str], keywords: KeywordIndex) -> dict[str, list[float]]:
    """For each text one number a stemmed word: 1 where the text has it, less for one that begins or means alike."""
    alike = {term[:_ALIKE] for term in terms if len(term) >= _ALIKE}
    rows: dict[str, list[float]] = {}
    for text in texts:
        found = frozenset(keywords.terms(text))
        near = [other for other in found if other[:_ALIKE] in alike]
        rows[text] = [max((in_other_words(term, found), *(likeness(term, other) for other in near))) for term in terms]
    return rows


@lru_cache(maxsize=65_536)
def likeness(term: str, other: str) -> float:
    """How much of the longer word the common beginning is, if it is half: "locat" is most of "location"."""
    common = 0
    while common < min(len(term), len(other)) and term[common] == other[common]:
        common += 1
    share = common / max(len(term), len(other))
    return share if common >= _ALIKE and share >= 0.5 else 0.0


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", text.lower()))


def _first_passages(hits: Sequence[Hit], limit: int) -> list[Hit]:
    """The best hits, until they hold so many passages: each sentence of them may have to be embedded."""
    held = accumulate(len(hit.passages) for hit in hits)
    return [hit for hit, passages in zip(hits, held, strict=True) if passages - len(hit.passages) < limit]


def _candidates(hits: Sequence[Hit], archive: Archive) -> list[Candidate]:
    """The sentences of the passages and the ones on either side, each once, with the rank of its best passage."""
    articles: dict[tuple[str, int], tuple[Article, tuple[Span, ...]]] = {}
    candidates: dict[tuple[str, int, Span], Candidate] = {}
    best = max((hit.score for hit in hits), default=1.0) or 1.0
    for hit in hits:
        key = (hit.passage.article_id, hit.passage.version)
        if key not in articles:
            article = archive.article(*key)
            articles[key] = (article, split_sentences(article.text))
        article, spans = articles[key]
        ranked = _NOTHING._replace(passage=hit.score / best)
        for before, span in _in_reach(hit, spans):
            if _is_a_dateline(article.text[span.start : span.end]):
                continue
            told = article.text[before.start : before.end] if before else ""
            candidates.setdefault((*key, span), Candidate(article, span, told, ranked))
    return list(candidates.values())


def _is_a_dateline(text: str) -> bool:
    """Whether a sentence is a date and nothing else, as many pages have it above the story."""
    return len(text) <= _DATELINE_CHARACTERS and not any(map(str.isalnum, blank_days(text)))


def _in_reach(hit: Hit, spans: Sequence[Span]) -> Iterator[tuple[Span | None, Span]]:
    """A passage's sentences and one more on either side, where it may just have been cut; each with the one before."""
    inside = [at for at, span in enumerate(spans) if span.end > hit.start and span.start < hit.end]
    for at in range(max(0, inside[0] - 1), min(len(spans), inside[-1] + 2)) if inside else ():
        yield (spans[at - 1] if at else None), spans[at]


def _compared(
    question: Question, candidates: Sequence[Candidate], vectors: SentenceVectors, settings: EvidenceSettings
) -> list[Candidate]:
    """The candidates with their similarity to the question, best first."""
    if not candidates:
        return []
    asked = np.asarray(vectors.of_question(question), np.float32)
    near = compare(candidates, [one.bearing for one in candidates], vectors.of([one.text for one in candidates]), asked)
    agreed = agreement(
        question,
        [(one.article.id, one.text) for one in candidates],
        [bearing.score(settings) for bearing in near],
    )
    bearings = [bearing._replace(agreed=share) for bearing, share in zip(near, agreed, strict=True)]
    return _sorted(candidates, bearings, settings)


def _sorted(
    candidates: Sequence[Candidate], bearings: Sequence[Bearing], settings: EvidenceSettings
) -> list[Candidate]:
    scored = [
        replace(one, bearing=bearing, score=bearing.score(settings))
        for one, bearing in zip(candidates, bearings, strict=True)
    ]
    return sorted(scored, key=lambda one: (-one.score, one.article.id, one.span))


def _without_repeats(
    scored: Sequence[Candidate], vectors: SentenceVectors, settings: EvidenceSettings
) -> list[Candidate]:
    """Drop sentences that say what a better one says: wire copy counts as one voice."""
    if not scored:
        return []
    rows = vectors.of([one.text for one in scored])
    kept: list[int] = []
    for at in range(len(scored)):
        if not kept or float(np.max(rows[kept] @ rows[at])) < settings.same:
            kept.append(at)
    return [scored[at] for at in kept]


def _leaning_on_the_one_before(candidate: Candidate) -> Span:
    """A sentence that begins with a pronoun brings along the sentence before, when it is in the same paragraph."""
    if not _LEANING.match(candidate.text):
        return candidate.span
    before = candidate.article.text[: candidate.span.start].rstrip(" ")
    paragraph = before.rfind("\n\n") + 2 if "\n\n" in before else 0
    earlier = split_sentences(before[paragraph:])
    if not earlier:
        return candidate.span
    return Span(paragraph + earlier[-1].start, candidate.span.end)
