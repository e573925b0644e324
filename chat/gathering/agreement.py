"""How far sentences hold the names on which the articles agree.

Where a name is asked for, one that several reports hold and the question does not is likelier the answer (Brill, Dumais
& Banko 2002, "An analysis of the AskMSR question-answering system"). Numbers have no say: reports of one event differ
in them, and the newest counts.
"""

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from chat.english.plain_text import is_function_word, stem
from chat.understanding.answer_types import AnswerKind
from chat.understanding.question import Question

_NAMED = re.compile(r"\b[A-Z]\w+")
_ASKING = frozenset({AnswerKind.PERSON, AnswerKind.PLACE, AnswerKind.NAME})
_MOST = 3  # of a sentence's names: a long one does not win by having many
_LEVELLING = 0.4  # of scores; the larger it is, the more a weak sentence has a say


def agreement(question: Question, sentences: Sequence[tuple[str, str]], scores: Sequence[float]) -> list[float]:
    """From 0 to 1 for each (article id, sentence); the better a sentence is already, the louder its voice.

    An article has one voice for a name, however often it has it. All are 0 where no name is asked for.
    """
    if question.analysis.answer_type.kind not in _ASKING:
        return [0.0] * len(sentences)
    known = frozenset(stem(word) for word in re.findall(r"\w+", question.search_text.lower()))
    told = [_names(text) - known for _, text in sentences]
    voices: dict[tuple[str, str], float] = {}
    for (article_id, _), held, score in zip(sentences, told, scores, strict=True):
        loud = math.exp((score - max(scores)) / _LEVELLING)
        voices.update({(one, article_id): max(voices.get((one, article_id), 0.0), loud) for one in held})
    votes: dict[str, float] = {}
    for (one, _), loud in voices.items():
        votes[one] = votes.get(one, 0.0) + loud
    most = max(votes.values(), default=1.0) or 1.0  # the voices of the weakest round to 0
    return [_best(votes[one] for one in held) / most for held in told]


def _best(votes: Iterable[float]) -> float:
    return sum(sorted(votes, reverse=True)[:_MOST]) / _MOST


@lru_cache(maxsize=16_384)
def _names(text: str) -> frozenset[str]:
    found = (word.lower() for word in _NAMED.findall(text))
    return frozenset(stem(word) for word in found if not is_function_word(word))
