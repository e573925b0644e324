"""How probable it is that the evidence answers a question, on which abstention depends."""

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chat.answer import Evidence
from chat.english.names import KnownNames, Name, find_names, is_title
from chat.english.plain_text import plain, words
from chat.english.synonyms import in_other_words
from chat.gathering.word_weights import likeness, wanted_words
from chat.understanding.question import Question
from corpus.article import Article
from corpus.english.function_words import is_function_word
from indexer.search.keywords import KeywordIndex

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BESIDE = 200  # characters on either side of a sentence
_SAME_NAME = 0.75  # "Zelensky" and "Zelenskyy"
_FEW_WORDS = 4
_EXTREME = 1e-6  # a probability nearer to 0 or 1 says nothing more


@dataclass(frozen=True, slots=True)
class AbstentionSettings:
    """The weights of a logistic model of whether there is an answer, and the thresholds.

    The weights follow what `python -m eval.abstention_calibration` learns, with more for the retrieval score, which
    ranks the questions of four of five sets best. They are for `Fusion.SCORES`, the default of retrieval.
    """

    threshold: float = 0.33  # below this probability the answer is an abstention
    sure: float = 0.5  # below this one the answer says that the archive may not hold it
    # From this one, by the words, a language model's abstention is doubted: it would refuse .05 of the answerable
    # development questions otherwise, and with it .04 of them; .72 of the unanswerable ones either way.
    strong: float = 0.7
    constant: float = -1.5
    beside: float = 2.0
    retrieved: float = 1.3
    reader_constant: float = 0.38
    reader: float = 1.9  # of the logit of a reading model's probability; the signals add nothing to it


class Signals(NamedTuple):
    """Signs of an answer, each from 0 to about 1; words are weighed by rarity."""

    beside: float  # share of the question's words in a piece of evidence, the text beside it or the title
    retrieved: float  # score of the best passage: by keywords, vector and recency


def answerability(
    question: Question,
    evidence: Sequence[Evidence],
    keywords: KeywordIndex,
    settings: AbstentionSettings = AbstentionSettings(),
) -> float:
    """The probability that the evidence holds an answer.

    It is 1 where a sentence has the exact words asked for; otherwise 0 where no article has a name or a year of the
    question.
    """
    if not evidence:
        return 0.0
    if has_the_words(question, evidence, keywords):
        return 1.0
    if lacks_a_name_or_year(question, evidence):
        return 0.0
    found = signals(question, evidence, keywords)
    return _logistic(
        settings.constant + sum(value * float(getattr(settings, name)) for name, value in found._asdict().items())
    )


def calibrated(reader: float, settings: AbstentionSettings = AbstentionSettings()) -> float:
    """The probability of an answer, from what a reading model gives for "the reports state it"."""
    return _logistic(settings.reader_constant + settings.reader * logit(reader))


def logit(probability: float) -> float:
    """The logarithm of the odds, bounded."""
    bounded = min(1.0 - _EXTREME, max(_EXTREME, probability))
    return math.log(bounded / (1.0 - bounded))


def _logistic(logit: float) -> float:
    return 0.5 * (1.0 + math.tanh(logit / 2.0))  # without overflow


def has_the_words(question: Question, evidence: Sequence[Evidence], keywords: KeywordIndex) -> bool:
    """Whether one piece of evidence has the exact quoted words, or every word that is searched for."""
    wanted = set(keywords.terms(question.search_text))
    for one in evidence:
        text = " ".join(one.text.split()).casefold()
        if question.phrases and all(" ".join(phrase.split()).casefold() in text for phrase in question.phrases):
            return True
        if wanted and wanted <= set(keywords.terms(one.text)):
            return True
    return False


def lacks_a_name_or_year(question: Question, evidence: Sequence[Evidence]) -> bool:
    """Whether none of the articles has a name or a year that the question depends on."""
    articles = list({(one.article.id, one.article.version): one.article for one in evidence}.values())
    years = set(_YEAR.findall(question.search_text))
    if not years <= set().union(*map(_years, articles)):
        return True
    names = list(_names(question))
    if not names:
        return False
    texts = [_whole_text(article) for article in articles]
    known = [KnownNames(text) for text in texts]
    return any(
        not any(_has(name, one) for one in known) and not any(_has_similar(name.words[-1], text) for text in texts)
        for name in names
    )


def signals(question: Question, evidence: Sequence[Evidence], keywords: KeywordIndex) -> Signals:
    """The signs of an answer in evidence that is not empty."""
    wanted = wanted_words(question, keywords)
    return Signals(
        beside=max(_share(wanted, keywords.terms(_beside(one))) for one in evidence),
        retrieved=max(one.retrieved for one in evidence),
    )


def _whole_text(article: Article) -> str:
    """Everything in an article, with its publisher and authors: a question may name these."""
    return plain(f"{article.title}. {article.text} {article.source} {' '.join(article.authors)}")


def _beside(evidence: Evidence) -> str:
    """The text around the evidence, with its title and day of publication: news seldom names the current day."""
    text, published = evidence.article.text, evidence.article.published_day
    day = f"{published.day} {published:%B %Y}" if published else ""
    return f"{evidence.article.title} {day} {text[max(0, evidence.start - _BESIDE) : evidence.end + _BESIDE]}"


def _share(wanted: Mapping[str, float], terms: Collection[str]) -> float:
    found = frozenset(terms)
    weight = sum(rarity * in_other_words(term, found) for term, rarity in wanted.items())
    return weight / (sum(wanted.values()) or 1.0)


def _years(article: Article) -> set[str]:
    """The years that an article names, and that of publication: news seldom names the current year."""
    published = {str(article.published_at.year)} if article.published_at else set()
    return published | set(_YEAR.findall(f"{article.title} {article.text}"))


def _names(question: Question) -> Iterator[Name]:
    """The names that a question asks about, without titles; none when all words are capitalised, as in headlines."""
    text, sources = plain(question.search_text), frozenset(words(plain(question.said_by)))
    content = [word for word in words(text) if not is_function_word(word)]
    if len(content) >= _FEW_WORDS and all(word[0].isupper() for word in content):
        return
    for name in find_names(text):
        own = tuple(word for word in name.words if not (is_title(word) or is_function_word(word) or word in sources))
        if own:
            yield Name(own, name.initial)


def _has(name: Name, known: KnownNames) -> bool:
    """Whether a text has the last word of a name and at least half of its words: "Joe Biden" for "Joseph Biden"."""
    found = sum(word in known for word in name.words)
    return (name.words[-1] in known and 2 * found >= len(name.words)) or known.has_initials_of(name)


def _has_similar(word: str, text: str) -> bool:
    return any(likeness(word.lower(), other.lower()) >= _SAME_NAME for other in set(words(text)) if other[:1].isupper())
