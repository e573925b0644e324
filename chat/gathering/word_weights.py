"""How much each word of a question weighs, and how far a text has it."""

import math
from collections.abc import Collection, Sequence
from functools import lru_cache

from chat.english.synonyms import in_other_words
from chat.understanding.question import Question
from indexer.search.keywords import KeywordIndex

_PREFIX = 4  # letters that two words of similar form have in common at least
_REPORTING = "article story report account coverage version say tell write publish agree disagree differ compare"


def wanted_words(question: Question, keywords: KeywordIndex) -> dict[str, float]:
    """The stemmed words that are searched for, weighed by how rare each is in the archive (inverse passage frequency).

    However many words come from earlier turns, together they weigh no more than those of the question. A source that
    is asked what it reports, and the words for reporting, are not searched for.
    """
    terms = keywords.terms(question.search_text)
    ignored = frozenset(keywords.terms(f"{question.said_by} {_REPORTING}")) if question.said_by else frozenset[str]()
    own = {term: rarity(term, keywords) for term in terms if term not in ignored}
    earlier_words: dict[str, float] = {}
    for earlier in question.follows:
        for term in keywords.terms(earlier.text):
            if term not in own:
                earlier_words.setdefault(term, earlier.weight * rarity(term, keywords))
    share = min(1.0, sum(own.values()) / (sum(earlier_words.values()) or 1.0)) if own else 1.0
    return own | {term: share * weight for term, weight in earlier_words.items()}


def rarity(term: str, keywords: KeywordIndex) -> float:
    """Inverse passage frequency of a stemmed word (Robertson & Sparck Jones 1976); natural logarithm."""
    return math.log(1.0 + keywords.passages / (1.0 + keywords.frequency(term)))


def word_rows(terms: Sequence[str], texts: Collection[str], keywords: KeywordIndex) -> dict[str, list[float]]:
    """For each text a number per stemmed word: 1 where the text has it, less for a synonym or a similar form."""
    prefixes = {term[:_PREFIX] for term in terms if len(term) >= _PREFIX}
    rows: dict[str, list[float]] = {}
    for text in texts:
        found = frozenset(keywords.terms(text))
        near = [other for other in found if other[:_PREFIX] in prefixes]
        rows[text] = [max((in_other_words(term, found), *(likeness(term, other) for other in near))) for term in terms]
    return rows


@lru_cache(maxsize=65_536)
def likeness(term: str, other: str) -> float:
    """The share of the longer word that the common prefix covers, if it is at least half: "locat" and "location"."""
    common = 0
    while common < min(len(term), len(other)) and term[common] == other[common]:
        common += 1
    share = common / max(len(term), len(other))
    return share if common >= _PREFIX and share >= 0.5 else 0.0
