"""Features of a sentence that may become evidence: how well it fits a question, each from 0 to 1."""

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from chat.english.days import words_of_dates, words_of_dates_alone
from chat.english.names import find_names
from chat.english.plain_text import plain
from chat.gathering.candidates import Candidate
from chat.gathering.word_weights import wanted_words, word_rows
from chat.understanding.answer_types import AnswerType, fit
from chat.understanding.question import Question
from indexer.search.keywords import KeywordIndex
from indexer.storage.rows import Vector

_TITLE = 0.5  # weight of a word that only the title has: a sentence is about its subject without naming it
_SAME_WORD = 0.7  # a likeness from which a sentence has the word
_NAME = 0.5  # weight of a name, which tells sentences of one article apart less than other words


class Features(NamedTuple):
    """Why a sentence may be evidence; `chat.gathering.evidence.EvidenceSettings` has the weights."""

    similarity: float = 0.0  # cosine to the question
    rare_words: float = 0.0  # share of the question's words, weighed by how few other sentences have them; its root
    all_words: float = 0.0  # share of all words of the question, function words too
    context: float = 0.0  # share of the question's words in it, the sentence before or the title, weighed by rarity
    answer_type: float = 0.0  # whether it has the kind of thing that is asked for
    noun: float = 0.0  # whether it has the noun of "which river"
    pronoun: float = 0.0  # similarity of the sentence before, for one that opens with a pronoun
    following: float = 0.0  # whether it has what is asked for, and the sentence before only the question's words
    replies: float = 0.0  # share of the question's words in the sentence before, if that is a question
    passage: float = 0.0  # score of its passage; 1 for the best
    agreed: float = 0.0  # how far it has the names that the articles agree on, where a name is asked for
    distinct: float = 0.0  # cosine to the question after the mean of all sentences is taken off both


def features_of(question: Question, candidates: Sequence[Candidate], keywords: KeywordIndex) -> list[Features]:
    """The features of competing sentences but for those that need vectors, and for agreement."""
    if not candidates:
        return []
    wanted = wanted_words(question, keywords)
    words = _WordTables(question, wanted, candidates, keywords)
    text = question.search_text
    question_words, dates, asked = _words(text), words_of_dates_alone(text), question.analysis.answer_type
    nouns = [at for at, term in enumerate(wanted) if term in keywords.terms(asked.noun)]
    has_noun = (words.inside[:, nouns] == 1.0).any(axis=1)
    rare_words, context, before = words.shares()
    return [
        Features(
            rare_words=math.sqrt(rare_words[at]),
            all_words=len((question_words & _words(one.text)) - _missed(dates, one.text)) / (len(question_words) or 1),
            context=float(context[at]),
            answer_type=fit(asked, text, one.text),
            noun=float(has_noun[at]),
            pronoun=float(one.opens_with_pronoun),
            following=float(before[at]) * _only_here(asked, text, one),
            replies=float(before[at]) if one.before.endswith("?") else 0.0,
            passage=one.passage,
        )
        for at, one in enumerate(candidates)
    ]


def with_vectors(
    candidates: Sequence[Candidate], features: Sequence[Features], rows: Vector, asked: Vector
) -> list[Features]:
    """The features with those that need vectors: unit vectors, one row a sentence, and that of the question.

    What all sentences have in common is their mean; like a word that all have, it says little about one of them.
    """
    mean = rows.mean(axis=0)
    similarities, distinct = rows @ asked, _unit(rows - mean) @ _unit(asked - mean)
    of_text = {one.text: float(similarity) for one, similarity in zip(candidates, similarities, strict=True)}
    return [
        known._replace(
            similarity=of_text[one.text], distinct=float(own), pronoun=known.pronoun * of_text.get(one.before, 0.0)
        )
        for one, known, own in zip(candidates, features, distinct, strict=True)
    ]


def _unit(rows: Vector) -> Vector:
    unit: Vector = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-6)
    return unit


class _WordTables:
    """How far the sentences have each word of a question: one row a sentence, one column a word."""

    def __init__(
        self,
        question: Question,
        wanted: Mapping[str, float],
        candidates: Sequence[Candidate],
        keywords: KeywordIndex,
    ) -> None:
        names = _names_of(question, keywords)
        self._weights = np.array(list(wanted.values()), dtype=np.float32)
        self._is_name = np.array([term in names for term in wanted], dtype=np.bool_)
        columns = tuple(zip(*((one.text, one.before, one.article.title) for one in candidates), strict=True))
        rows = word_rows(list(wanted), frozenset().union(*columns), keywords)
        _drop_words_of_dates(rows, list(wanted), words_of_dates_alone(question.search_text))
        self.inside, self._before, titled = (
            np.array([rows[text] for text in column], dtype=np.float32).reshape(len(column), len(wanted))
            for column in columns
        )
        self._subject = np.maximum(_TITLE * titled, _named_in_articles(list(wanted), names, candidates))

    def shares(self) -> tuple[Vector, Vector, Vector]:
        """The weighed shares of the words: in the sentence, in it and around it, and in the sentence before."""
        sentences = len(self.inside)
        having = (self.inside > _SAME_WORD).sum(axis=0)
        few = np.log((sentences + 1.0) / (having + 0.5)).clip(0.0)
        discerning = self._weights * few * np.where(self._is_name, _NAME, 1.0)
        around = np.maximum(self.inside, np.maximum(self._before, self._subject))
        return (
            _share(self.inside, discerning),
            _share(around, self._weights),
            _share(self._before, self._weights),
        )


def _drop_words_of_dates(rows: Mapping[str, list[float]], terms: Sequence[str], dates: frozenset[str]) -> None:
    """A word of a date is found in dates only: "15 March" neither in "15 minutes" nor in "the march"."""
    places = [(at, term) for at, term in enumerate(terms) if term in dates]
    for text, row in rows.items():
        for at, term in places:
            if row[at] and term in _missed(dates, text):
                row[at] = 0.0


def _missed(dates: frozenset[str], text: str) -> frozenset[str]:
    """The words of the question's dates that no date of a text has."""
    return dates - words_of_dates(text) if dates else dates


def _share(table: Vector, weights: Vector) -> Vector:
    # Not a matrix product: BLAS may warn of values that it does not use.
    share: Vector = (table * weights).sum(axis=1) / (weights.sum() or 1.0)
    return share


def _names_of(question: Question, keywords: KeywordIndex) -> dict[str, str]:
    """The words of the question's names, by their stems."""
    text = plain(question.search_text)
    return {term: word for name in find_names(text) for word in name.words for term in keywords.terms(word)}


def _named_in_articles(terms: Sequence[str], names: Mapping[str, str], candidates: Sequence[Candidate]) -> Vector:
    """Whether each sentence's article names each word: a name anywhere in an article is part of its subject."""
    texts = {one.article.text for one in candidates}
    named = {text: [float(term in names and _has_word(names[term], text)) for term in terms] for text in texts}
    return np.array([named[one.article.text] for one in candidates])


def _has_word(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def _only_here(asked: AnswerType, question: str, candidate: Candidate) -> float:
    """How far a sentence has the kind of thing that is asked for and the sentence before has not."""
    return fit(asked, question, candidate.text) * (1.0 - fit(asked, question, candidate.before))


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", text.lower()))
