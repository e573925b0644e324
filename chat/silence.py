"""Whether the evidence holds an answer at all."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

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
    """Below these, an archive is said not to hold the answer."""

    score: float = 0.75  # of the best evidence, as evidence is scored
    coverage: float = 0.45  # of the question's words, weighed by rarity, in the best evidence's article
    names: float = 0.5  # of the question's names, in the best evidence's article


def holds_an_answer(
    question: Question,
    evidence: Sequence[Evidence],
    keywords: KeywordIndex,
    settings: SilenceSettings = SilenceSettings(),
) -> bool:
    """Whether the best evidence bears on what was asked, and not only on something like it."""
    if not evidence or evidence[0].score < settings.score:
        return False
    best = evidence[0].article
    if not all(year in _years_of(best) for year in _YEAR.findall(question.search_text)):
        return False
    held = set(keywords.terms(f"{best.title} {best.text}"))
    wanted = wanted_words(question, keywords)
    covered = sum(rarity for term, rarity in wanted.items() if term in held) / (sum(wanted.values()) or 1.0)
    return covered >= settings.coverage and _share_of_names(question, keywords, held) >= settings.names


def _years_of(article: Article) -> set[str]:
    """The years that an article speaks of or was published in: news seldom writes the year that it is."""
    published = {str(article.published_at.year)} if article.published_at else set()
    return published | set(_YEAR.findall(f"{article.title} {article.text}"))


def _share_of_names(question: Question, keywords: KeywordIndex, held: Collection[str]) -> float:
    names = {term for match in _NAME.finditer(question.search_text) for term in keywords.terms(match.group())}
    return sum(name in held for name in names) / len(names) if names else 1.0
