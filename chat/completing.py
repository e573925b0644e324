"""What of a small model's answer stands, and what follows where it leaves out what was asked."""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from chat.answer import Evidence, Sentence, Support
from chat.asked_for import AskedFor, Kind, asked_for, fit
from chat.figures import read_figures
from chat.kinds import QuestionKind, kind_of
from chat.plain_text import content_stems, is_function_word, plain, stem, words
from chat.question import Question

_HOLDS = (Support.QUOTED, Support.SUPPORTED)
_ANYTHING_NEW = (Kind.THING, Kind.MANNER, Kind.NAME)
_SAID_IT = re.compile(r"\b(?:said|says|stated|claimed) (?:it|so|this)(?=[.,;!]|$)")
_BARE_DAY = re.compile(r"(?:(?:on|since|by|until) )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\W*", re.IGNORECASE)
_ASKS_FOR_A_DAY = re.compile(r"\b(?:when|how long|days?|date|since|until)\b", re.IGNORECASE)
_MOST = 0.5  # of the content words of a quotation, or of the pairs of them
_NEAR = 3  # content words
_LENT = 1
_A_NUMBER = 0.5  # of fit: more than a year has
_SOMETHING = 0.3


def completion(question: Question, written: Sequence[Sentence], quotations: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """What follows a written answer, so that what bears most on the question is told in any case.

    Where no sentence that holds tells what was asked, all quotations that are not told yet, those that tell it first;
    otherwise the first quotation, when it tells it and no written sentence tells most of it.
    """
    text = question.search_text
    told = {cited.text for one in written if one.support is Support.QUOTED for cited in one.citations}
    said = [one.text if one.support is Support.SUPPORTED else _words(one) for one in written if one.support in _HOLDS]
    if any(tells(text, each) for each in said):
        best = (one for one in quotations[:1] if not any(_is_retold(_words(one), each) for each in said))
        return tuple(one for one in best if tells(text, _words(one)))
    others = [one for one in quotations if told.isdisjoint(cited.text for cited in one.citations)]
    return tuple(sorted(others, key=lambda one: not tells(text, _words(one))))


def is_borne_out(question: Question, sentence: Sentence) -> bool:
    """Whether a small model's sentence may stand: one piece of its evidence has its words, most of them side by side.

    One word may be the question's, where the article has it, unless yes or no is asked for. Such a model answers with
    the words of the question and those of the evidence however they belong together; where it is right, the quotations
    say it too.
    """
    if sentence.support is Support.QUOTED:
        return True
    asked = content_stems(plain(question.search_text))
    lent = frozenset[str]() if kind_of(question.search_text) is QuestionKind.YES_NO else asked
    return sentence.support is Support.SUPPORTED and any(
        _holds_the_words(one, sentence.text, lent) for one in sentence.citations
    )


def _holds_the_words(evidence: Evidence, said: str, lent: Collection[str]) -> bool:
    article = evidence.article
    missing = content_stems(plain(said)) - content_stems(plain(f"{article.title} {evidence.text}"))
    may_be_lent = len(missing) <= _LENT and missing <= content_stems(plain(article.text)) & frozenset(lent)
    return may_be_lent and _side_by_side(said, evidence.text, missing) > _MOST


def _side_by_side(said: str, text: str, left_out: Collection[str]) -> float:
    """The share of pairs of neighbouring content words that stand near each other in a text."""
    mine, theirs = [word for word in _content(said) if word not in left_out], _content(text)
    places = {word: [at for at, other in enumerate(theirs) if other == word] for word in set(mine)}
    near = [
        any(abs(here - there) <= _NEAR for here in places[one] for there in places[other])
        for one, other in pairwise(mine)
    ]
    return sum(near) / len(near) if near else 1.0


def _content(text: str) -> list[str]:
    parts = (part for word in words(plain(text)) for part in word.split("-"))
    return [stem(part) for part in parts if part and not is_function_word(part)]


def _is_retold(words_quoted: str, said: str) -> bool:
    stems = content_stems(plain(words_quoted))
    return len(stems & content_stems(plain(said))) >= _MOST * len(stems)


def tells(question: str, said: str) -> bool:
    """Whether a text says something that the question does not, and has the sort of thing that it asks for."""
    if only_repeats(said, question):
        return False
    asked = asked_for(question)
    match asked.kind:
        case Kind.NUMBER:
            return fit(asked, question, said) >= _A_NUMBER
        case Kind.PLACE:
            return max(fit(asked, question, said), fit(AskedFor(Kind.PERSON), question, said)) >= _SOMETHING
        case kind:
            return kind in _ANYTHING_NEW or fit(asked, question, said) >= _SOMETHING


def only_repeats(said: str, question: str) -> bool:
    """Whether a text is a question, or has no word that the question has not; to "was it shut?" that is an answer.

    "On Thursday." tells nothing either, unless a day is asked for; nor does "she said it".
    """
    is_a_day = _BARE_DAY.fullmatch(said) and not _ASKS_FOR_A_DAY.search(question)
    if said.endswith("?") or _SAID_IT.search(said) or is_a_day:
        return True
    known = {stem(word) for word in words(plain(question).lower())}
    new = (stem(word) not in known and not _is_empty(word) for word in words(plain(said).lower()))
    return kind_of(question) is not QuestionKind.YES_NO and not any(new)


def _is_empty(word: str) -> bool:
    return is_function_word(word) and not read_figures(word)


def _words(quotation: Sentence) -> str:
    return " ".join(cited.text for cited in quotation.citations)
