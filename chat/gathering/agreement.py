"""How far sentences have the names on which the articles agree.

Where a name is asked for, one that several reports have and the question does not is likelier the answer (Brill, Dumais
& Banko 2002, "An analysis of the AskMSR question-answering system"). Numbers are ignored: reports of one event differ
in them, and the newest counts.
"""

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from chat.understanding.answer_types import AnswerKind
from chat.understanding.question import Question
from corpus.english.function_words import is_function_word
from indexer.search.stemming import stem

_NAMED = re.compile(r"\b[A-Z]\w+")
_ASKING = frozenset({AnswerKind.PERSON, AnswerKind.PLACE, AnswerKind.NAME})
_NAMES_COUNTED = 3  # of a sentence, so that a long one does not win by having many
_TEMPERATURE = 0.4  # of scores; the larger it is, the more the weaker sentences count


def agreement(question: Question, sentences: Sequence[tuple[str, str]], scores: Sequence[float]) -> list[float]:
    """A number from 0 to 1 for each (article id, sentence); a sentence votes for its names by its score.

    An article has one vote for a name, however often it has it. All are 0 where no name is asked for.
    """
    if question.analysis.answer_type.kind not in _ASKING:
        return [0.0] * len(sentences)
    asked = frozenset(stem(word) for word in re.findall(r"\w+", question.search_text.lower()))
    names = [_names(text) - asked for _, text in sentences]
    by_article: dict[tuple[str, str], float] = {}
    for (article_id, _), found, score in zip(sentences, names, scores, strict=True):
        weight = math.exp((score - max(scores)) / _TEMPERATURE)
        by_article.update({(one, article_id): max(by_article.get((one, article_id), 0.0), weight) for one in found})
    votes: dict[str, float] = {}
    for (one, _), weight in by_article.items():
        votes[one] = votes.get(one, 0.0) + weight
    most = max(votes.values(), default=1.0) or 1.0  # the weights of very weak sentences round to 0
    return [_mean_of_best(votes[one] for one in found) / most for found in names]


def _mean_of_best(votes: Iterable[float]) -> float:
    return sum(sorted(votes, reverse=True)[:_NAMES_COUNTED]) / _NAMES_COUNTED


@lru_cache(maxsize=16_384)
def _names(text: str) -> frozenset[str]:
    found = (word.lower() for word in _NAMED.findall(text))
    return frozenset(stem(word) for word in found if not is_function_word(word))
