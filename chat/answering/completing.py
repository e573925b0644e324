"""What of a small model's answer stands, and what follows where it leaves out what was asked."""

import re
from collections.abc import Sequence

from chat.answer import Sentence, Support
from chat.answering.shortening import shortens
from chat.english.figures import read_figures
from chat.english.irregular_forms import base_stem
from chat.english.plain_text import content_stems, plain, words
from chat.understanding.answer_types import AnswerKind, AnswerType, fit
from chat.understanding.kinds import QuestionKind
from chat.understanding.question import Question
from corpus.english.calendar import WEEKDAY
from corpus.english.function_words import is_function_word

_HOLDS = (Support.QUOTED, Support.SUPPORTED)
_ANYTHING_NEW = (AnswerKind.THING, AnswerKind.MANNER, AnswerKind.NAME)
_SAID_IT = re.compile(r"\b(?:said|says|stated|claimed) (?:it|so|this)(?=[.,;!]|$)")
_BARE_DAY = re.compile(rf"(?:(?:on|since|by|until) )?{WEEKDAY}\W*", re.IGNORECASE)
_ASKS_FOR_A_DAY = re.compile(r"\b(?:when|how long|days?|date|since|until)\b", re.IGNORECASE)
_NOBODY_KNOWS = re.compile(
    r"\b(?:(?:is|are|was|were|has|have) not (?:yet )?(?:been )?(?:known|clear|certain|established|disclosed|named|"
    r"released|identified|determined)|(?:un|not immediately )(?:known|clear)|not be drawn|did not say|"
    r"too (?:early|soon) to say|(?:declin|refus)\w+ to (?:say|comment|speculate)|gave no (?:reason|details|cause))\b"
)
_MOST = 0.5  # of the content words of a quotation
_A_NUMBER = 0.5  # of fit: more than a year has
_SOMETHING = 0.3


def completion(question: Question, written: Sequence[Sentence], quotations: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """What follows a written answer, so that what bears most on the question is told in any case.

    Where no sentence that holds tells what was asked, all quotations that are not told yet, those that tell it first.
    Where what is written rests on something else than what bears most on the question, these too, in their order: a
    small model chooses wrong as often. Otherwise the first quotation, when no written sentence tells most of it.
    """
    told = {cited.text for one in written if one.support is Support.QUOTED for cited in one.citations}
    said = [one.text if one.support is Support.SUPPORTED else _words(one) for one in written if one.support in _HOLDS]
    others = [one for one in quotations if told.isdisjoint(cited.text for cited in one.citations)]
    if not any(tells(question, each) for each in said):
        return tuple(sorted(others, key=lambda one: not tells(question, _words(one))))
    if not _rests_on(written, quotations[:1]):
        return tuple(others)
    best = (one for one in quotations[:1] if not any(_is_retold(_words(one), each) for each in said))
    return tuple(one for one in best if tells(question, _words(one)))


def _rests_on(written: Sequence[Sentence], quotations: Sequence[Sentence]) -> bool:
    """Whether some sentence that holds cites what one of the quotations does."""
    cited = {one.text for sentence in written if sentence.support in _HOLDS for one in sentence.citations}
    return any(one.text in cited for quotation in quotations for one in quotation.citations)


def is_borne_out(question: Question, sentence: Sentence) -> bool:
    """Whether a small model's sentence may stand: it tells what was asked and only shortens what it cites.

    Such a model answers with the words of the question and those of the evidence however they belong together; where it
    is right, the quotations say it too.
    """
    if sentence.support is Support.QUOTED:
        return tells(question, sentence.text)
    return (
        sentence.support is Support.SUPPORTED
        and tells(question, sentence.text)
        and _counts_what_is_counted(question, sentence.text)
        and any(shortens(sentence.text, one.text) for one in sentence.citations)
    )


def _counts_what_is_counted(question: Question, said: str) -> bool:
    asked = question.analysis.answer_type
    return not asked.counted or fit(asked, question.search_text, said) == 1.0


def _is_retold(words_quoted: str, said: str) -> bool:
    stems = content_stems(plain(words_quoted))
    return len(stems & content_stems(plain(said))) >= _MOST * len(stems)


def tells(question: Question, said: str) -> bool:
    """Whether a text says something that the question does not, and has the sort of thing that it asks for."""
    if only_repeats(said, question) or says_that_nobody_knows(said, question):
        return False
    asked, text = question.analysis.answer_type, question.search_text
    match asked.kind:
        case AnswerKind.NUMBER:
            return fit(asked, text, said) >= _A_NUMBER
        case AnswerKind.PLACE:
            return max(fit(asked, text, said), fit(AnswerType(AnswerKind.PERSON), text, said)) >= _SOMETHING
        case kind:
            return kind in _ANYTHING_NEW or fit(asked, text, said) >= _SOMETHING


def says_that_nobody_knows(said: str, question: Question) -> bool:
    """Whether a text tells no more than that something is not known; to "is it known?" that is an answer."""
    return question.analysis.kind is not QuestionKind.YES_NO and _NOBODY_KNOWS.search(said) is not None


def only_repeats(said: str, question: Question) -> bool:
    """Whether a text is a question, or has no word that the question has not; to "was it shut?" that is an answer.

    "On Thursday." tells nothing either, unless a day is asked for; nor does "she said it".
    """
    is_a_day = _BARE_DAY.fullmatch(said) and not _ASKS_FOR_A_DAY.search(question.search_text)
    if said.endswith("?") or _SAID_IT.search(said) or is_a_day:
        return True
    known = {base_stem(word) for word in words(plain(question.search_text).lower())}
    new = (base_stem(word) not in known and not _is_empty(word) for word in words(plain(said).lower()))
    return question.analysis.kind is not QuestionKind.YES_NO and not any(new)


def _is_empty(word: str) -> bool:
    return is_function_word(word) and not read_figures(word)


def _words(quotation: Sentence) -> str:
    return " ".join(cited.text for cited in quotation.citations)
