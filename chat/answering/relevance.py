"""Whether a text says what a question asks for."""

import re

from chat.english.figures import read_figures
from chat.english.irregular_forms import base_stem
from chat.english.plain_text import plain, words
from chat.understanding.answer_types import AnswerKind, AnswerType, fit
from chat.understanding.kinds import QuestionKind
from chat.understanding.question import Question
from corpus.english.calendar import WEEKDAY
from corpus.english.function_words import is_function_word

_ANYTHING_NEW = (AnswerKind.THING, AnswerKind.MANNER, AnswerKind.NAME)
_SAID_IT = re.compile(r"\b(?:said|says|stated|claimed) (?:it|so|this)(?=[.,;!]|$)")
_BARE_DAY = re.compile(rf"(?:(?:on|since|by|until) )?{WEEKDAY}\W*", re.IGNORECASE)
_ASKS_FOR_A_DAY = re.compile(r"\b(?:when|how long|days?|date|since|until)\b", re.IGNORECASE)
_A_NUMBER = 0.5  # of fit: more than a year has
_SOMETHING = 0.3


def answers(question: Question, said: str) -> bool:
    """Whether a text says something new, of the sort that the question asks for."""
    if only_repeats(said, question):
        return False
    asked, text = question.analysis.answer_type, question.search_text
    match asked.kind:
        case AnswerKind.NUMBER:
            return fit(asked, text, said) >= _A_NUMBER
        case AnswerKind.PLACE:
            return max(fit(asked, text, said), fit(AnswerType(AnswerKind.PERSON), text, said)) >= _SOMETHING
        case kind:
            return kind in _ANYTHING_NEW or fit(asked, text, said) >= _SOMETHING


def answers_exactly(question: Question, said: str) -> bool:
    """Whether a text answers and, where something is to be counted, counts just that."""
    asked = question.analysis.answer_type
    return answers(question, said) and (not asked.counted or fit(asked, question.search_text, said) == 1.0)


def only_repeats(said: str, question: Question) -> bool:
    """Whether a text is a question, or has only words of the question; to a yes-or-no question these are an answer.

    A bare day says nothing either, unless a day is asked for; nor does "she said it".
    """
    is_a_day = _BARE_DAY.fullmatch(said) and not _ASKS_FOR_A_DAY.search(question.search_text)
    if said.endswith("?") or _SAID_IT.search(said) or is_a_day:
        return True
    known = {base_stem(word) for word in words(plain(question.search_text).lower())}
    new = (base_stem(word) not in known and not _is_empty(word) for word in words(plain(said).lower()))
    return question.analysis.kind is not QuestionKind.YES_NO and not any(new)


def _is_empty(word: str) -> bool:
    return is_function_word(word) and not read_figures(word)
