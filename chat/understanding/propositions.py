"""What a question takes to be so: the statement that "yes" affirms, or that it takes for granted."""

import re
from dataclasses import dataclass

from chat.english.plain_text import plain
from chat.understanding.kinds import bare_question
from corpus.english.function_words import is_function_word


@dataclass(frozen=True, slots=True)
class Proposition:
    """A statement, in the words of a question."""

    auxiliary: str  # lower case: "did", "was", "will"; "there" in "is there", "are there any"
    words: tuple[str, ...]  # as the question has them, without the auxiliary
    is_whole: bool = True  # False: without its adverbial part


_AUXILIARY = r"(?P<auxiliary>did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|must|may|might)"
_YES_NO = re.compile(rf"{_AUXILIARY}(?:n't)? (?P<rest>.+)", re.IGNORECASE)
_THERE = re.compile(r"(?:(?:is|are|was|were) there(?: any)?|any) (?P<rest>.+)", re.IGNORECASE)
_PRESUPPOSES = re.compile(
    r"(?:(?:on|in|at|by|for|from|until|since|to) )?(?:why|when|where|how(?: \w+)?|(?:what|which)(?: \w+){1,3}?)"
    rf" {_AUXILIARY} (?P<rest>.+)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W_](?:[\w'.-]*[^\W_])?|[,;:()]| - ")
_NEGATORS = frozenset("not never no neither nor nobody none".split())
_LONGEST = 40  # words of a question that states one proposition


def yes_or_no(question: str) -> Proposition | None:
    """The statement that a yes-or-no question asks about; None for other questions."""
    asked = _bare(question)
    if there := _THERE.fullmatch(asked):
        return _proposition(there["rest"], "there")
    return _proposition(found["rest"], found["auxiliary"]) if (found := _YES_NO.fullmatch(asked)) else None


def presupposed(question: str) -> Proposition | None:
    """What a question takes for granted: that he resigned, in "why did he resign?"."""
    found = _PRESUPPOSES.fullmatch(_bare(question))
    return _proposition(found["rest"], found["auxiliary"]) if found else None


def _bare(question: str) -> str:
    return bare_question(plain(question)).rstrip("?! .")


def _proposition(rest: str, auxiliary: str) -> Proposition | None:
    """None for a question that contains a negation: it is not clear what "yes" means then."""
    words = tuple(_TOKEN.findall(rest))
    if _NEGATORS.intersection(map(str.lower, words)) or not any(map(is_content, words)) or len(words) > _LONGEST:
        return None
    return Proposition(auxiliary.lower(), words)


def is_content(word: str) -> bool:
    """Whether a token carries content: a word that is not a function word, or a number."""
    return word[0].isalnum() and (not is_function_word(word) or word[0].isdigit())
