"""Whether a text says anything that its question does not."""

import re

from chat.english.figures import read_figures
from chat.english.irregular_forms import base_stem
from chat.english.plain_text import plain, words
from chat.understanding.kinds import QuestionKind
from chat.understanding.question import Question
from corpus.english.calendar import WEEKDAY
from corpus.english.function_words import is_function_word

_SAID_IT = re.compile(r"\b(?:said|says|stated|claimed) (?:it|so|this)(?=[.,;!]|$)")
_BARE_DAY = re.compile(rf"(?:(?:on|since|by|until) )?{WEEKDAY}\W*", re.IGNORECASE)
_ASKS_FOR_A_DAY = re.compile(r"\b(?:when|how long|days?|date|since|until)\b", re.IGNORECASE)


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
