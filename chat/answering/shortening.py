"""Whether a sentence only shortens another: its words in the same order, near each other, and nothing turned round.

A model of half a billion parameters joins the words of a question and those of its evidence however they belong
together; what is left of a sentence when words are left out is, with care, still what it says.
"""

import re
from itertools import pairwise
from typing import NamedTuple

from chat.english.attributions import attributes
from chat.english.figures import read_figures
from chat.english.plain_text import plain
from chat.english.quoting_marks import find_quotations
from corpus.english.calendar import WEEKDAY
from corpus.english.function_words import is_function_word
from indexer.search.stemming import stem

_WORD = re.compile(r"[^\W_](?:[\w'.]*[^\W_])?")
_NEAR = 5  # words that carry content: an apposition is left out, another statement is not
_SIDE_BY_SIDE = 2
_BEING = re.compile(r"\b(?:is|are|was|were|be|been|being|'s|'re)\b")
_TIME = re.compile(rf"{WEEKDAY}|today|yesterday", re.IGNORECASE)
# What has not happened, or not for certain; who leaves such a word out says something else.
_UNREALISED = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|propos\w+|pledg\w+|promis\w+|wants?|wanted|inten[dt]\w*|threat\w*|alleg\w+|accus\w+|"
    r"claim\w*|suspect\w*|fear\w*|hop(?:es?|ed|ing)|den(?:y|ie[sd])|reject\w*|fail\w*|refus\w+|would|could|might|may|if|"
    r"unless|(?:im)?possib\w+|believ\w+|expect\w*|consider\w*|attempt\w*|tr(?:y|ies|ied|ying)|not|never|nor|without|"
    r"almost|nearly|formerly|(?:un)?likely|call(?:s|ed|ing)? (?:for|on)|until)\b"
)


class _Word(NamedTuple):
    stem: str
    start: int
    end: int


def shortens(said: str, text: str) -> bool:
    """Whether a sentence says a part of what a text says; a quotation in the text stays somebody's words.

    The day may stand elsewhere in the sentence; where the text names several, it may be that of something else.
    """
    said, text = plain(said), plain(text)
    mine, theirs = _content(said), _content(text)
    days = {word.stem for word in theirs if _TIME.fullmatch(text[word.start : word.end])}
    telling = [word for word in mine if word.stem not in days]
    if len(telling) < 2 or (len(days) > 1 and len(telling) < len(mine)):
        return False
    return any(
        _is_as_certain(said, text, path) and _is_the_reporters(said, text, path) and _is_so(said, text, telling, path)
        for path in _paths(telling, theirs)
    )


def _content(text: str) -> list[_Word]:
    return [
        _Word(stem(found[0].removesuffix("'s")), *found.span())
        for found in _WORD.finditer(text)
        if not is_function_word(found[0]) or read_figures(found[0])
    ]


def _paths(mine: list[_Word], theirs: list[_Word]) -> list[list[_Word]]:
    """The ways in which the words stand in the text in order, each near the one before; one for each beginning."""
    places = [[at for at, other in enumerate(theirs) if other.stem == word.stem] for word in mine]
    found = []
    for start in places[0]:
        path = [start]
        for options in places[1:]:
            after = [at for at in options if path[-1] < at <= path[-1] + _NEAR]
            if not after:
                break
            path.append(after[0])
        else:
            found.append([theirs[at] for at in path])
    return found


def _is_as_certain(said: str, text: str, path: list[_Word]) -> bool:
    """Whether no word that makes the text less certain is left out, in the sentence from which the words are."""
    start = max(text.rfind(". ", 0, path[0].start), 0)
    end = text.find(". ", path[-1].end)
    told = text[start : end if end >= 0 else len(text)]
    mine = {found[0] for found in _UNREALISED.finditer(said)}
    return all(found[0] in mine for found in _UNREALISED.finditer(told))


def _is_the_reporters(said: str, text: str, path: list[_Word]) -> bool:
    quoted = any(one.start < path[-1].end and path[0].start < one.end for one in find_quotations(text))
    return not quoted or attributes(said) or bool(find_quotations(said))


def _is_so(said: str, text: str, mine: list[_Word], path: list[_Word]) -> bool:
    """Whether where the sentence says that one thing is another, the text does, or has one beside the other."""
    steps = zip(pairwise(mine), pairwise(path), strict=True)
    return all(
        _BEING.search(text[their_one.end : their_other.start])
        or not _BEING.search(said[one.end : other.start])
        or len(_content(text[their_one.end : their_other.start])) < _SIDE_BY_SIDE
        for (one, other), (their_one, their_other) in steps
    )
