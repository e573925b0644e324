"""Whether the evidence holds an answer at all."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chat.answer import Evidence
from chat.evidence import wanted_words
from chat.question import Question
from corpus.article import Article
from indexer.keywords import KeywordIndex

# A name inside a question: what an answer can hardly do without.
_NAME = re.compile(r"(?<![.?!]\s)(?<!^)\b[A-Z][\w'’-]*")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class SilenceSettings:
    """The weights of a logistic model of whether there is an answer, learnt by `python -m eval.silence_calibration`."""

    threshold: float = 0.45  # below this probability an archive is said not to hold the answer
    constant: float = -3.8
    score: float = 1.8
    article: float = 2.5
    names: float = 0.3
    years: float = 1.2


class Signals(NamedTuple):
    """What tells that there is an answer, each from 0 to 1; words are weighed by rarity."""

    score: float  # of the best evidence, as evidence is scored
    article: float  # share of the question's words in the article that has most of them
    names: float  # share of the question's names in that article
    years: float  # share of the question's years that the article speaks of or was published in


def holds_an_answer(
    question: Question,
    evidence: Sequence[Evidence],
    keywords: KeywordIndex,
    settings: SilenceSettings = SilenceSettings(),
) -> bool:
    """Whether the evidence bears on what was asked, and not only on something like it."""
    return answerability(question, evidence, keywords, settings) >= settings.threshold


def answerability(
    question: Question,
    evidence: Sequence[Evidence],
    keywords: KeywordIndex,
    settings: SilenceSettings = SilenceSettings(),
) -> float:
    """The probability that the evidence holds an answer; 1 where a sentence has the very words asked for."""
    if not evidence:
        return 0.0
    if has_the_words(question, evidence, keywords):
        return 1.0
    told = signals(question, evidence, keywords)
    logit = settings.constant + sum(value * float(getattr(settings, name)) for name, value in told._asdict().items())
    return 0.5 * (1.0 + math.tanh(logit / 2.0))  # the logistic function, without overflow


def has_the_words(question: Question, evidence: Sequence[Evidence], keywords: KeywordIndex) -> bool:
    """Whether one piece of evidence has the quoted words as they stand, or every word that is searched for."""
    wanted = set(keywords.terms(question.search_text))
    for one in evidence:
        text = " ".join(one.text.split()).casefold()
        if question.phrases and all(" ".join(phrase.split()).casefold() in text for phrase in question.phrases):
            return True
        if wanted and wanted <= set(keywords.terms(one.text)):
            return True
    return False


def signals(question: Question, evidence: Sequence[Evidence], keywords: KeywordIndex) -> Signals:
    """What tells of an answer, of evidence that is not empty."""
    wanted = wanted_words(question, keywords)
    articles = {(one.article.id, one.article.version): one.article for one in evidence}
    held = {key: frozenset(keywords.terms(f"{one.title} {one.text}")) for key, one in articles.items()}
    best = max(held, key=lambda key: _share(wanted, held[key]))
    return Signals(
        score=evidence[0].score,
        article=_share(wanted, held[best]),
        names=_share_of_names(question, keywords, held[best]),
        years=_share_of_years(question, articles[best]),
    )


def _share(wanted: Mapping[str, float], held: Collection[str]) -> float:
    return sum(rarity for term, rarity in wanted.items() if term in held) / (sum(wanted.values()) or 1.0)


def _share_of_years(question: Question, article: Article) -> float:
    """News seldom writes the year that it is, so the year of publication counts."""
    asked = set(_YEAR.findall(question.search_text))
    published = {str(article.published_at.year)} if article.published_at else set()
    known = published | set(_YEAR.findall(f"{article.title} {article.text}"))
    return len(asked & known) / len(asked) if asked else 1.0


def _share_of_names(question: Question, keywords: KeywordIndex, held: Collection[str]) -> float:
    names = {term for match in _NAME.finditer(question.search_text) for term in keywords.terms(match.group())}
    return sum(name in held for name in names) / len(names) if names else 1.0
