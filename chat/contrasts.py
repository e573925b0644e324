"""Negation and opposites: whether one plain sentence says the contrary of another."""

import re
from typing import NamedTuple

from chat.plain_text import content_stems, is_function_word, stem

_OPPOSITES = (
    ("rose rise risen rises rising increase increased increases grew grown climbed climb jumped soared gained surged up",
     "fell fall fallen falls falling decrease decreased declined decline dropped drop slipped plunged shrank sank down"),
    ("won win wins beat beating defeated victory", "lost lose loses losing defeat"),
    ("more over above exceeded", "fewer less under below"),
    ("most majority", "fewest minority"),
    ("accepted accept accepts agreed agree approved approve backed allowed permitted", "refused refuse rejected reject opposed declined barred banned forbade"),
    ("supported support backed favour", "opposed oppose against"),
    ("opened open reopened reopen opening", "closed close shut closing"),
    ("began begin begun started start starting launched", "ended end ending finished stopped ceased"),
    ("bought buy buys buying purchased purchase purchasing", "sold sell sells selling sale"),
    ("arrived arrive entered", "left leave departed"),
    ("higher highest", "lower lowest"),
    ("largest biggest larger bigger longest", "smallest smaller shortest"),
    ("first", "last"),
    ("earlier earliest", "later latest"),
    ("confirmed confirm", "denied deny"),
    ("alive survived survivors", "dead died killed"),
    ("strengthened strengthen", "weakened weaken"),
    ("joined join", "quit left"),
    ("hired hire appointed appoint", "fired dismissed sacked"),
    ("inside", "outside"),
    ("north northern", "south southern"),
    ("east eastern", "west western"),
    ("succeeded success", "failed failure"),
    ("better best", "worse worst"),
    ("raised raise", "cut cuts lowered lower reduced"),
    ("guilty", "innocent"),
    ("safe", "dangerous"),
    ("restored restore", "lost cut"),
    ("included include", "excluded exclude"),
    ("lifted lift", "imposed impose"),
    ("remained remain remains stayed stay stays kept", "resigned resign quit left"),
    ("with", "without"),
)  # fmt: skip
_SIDES = tuple((frozenset(one.split()), frozenset(other.split())) for one, other in _OPPOSITES)
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_NEGATORS = frozenset(
    "not no never nobody none nothing neither nor without cannot hardly unable refused refuses refuse failed fails fail "
    "denied declined rejected ruled lack lacked unlikely too unlike yet rather barred stopped excluded".split()
)
_PLAIN_NEGATORS = frozenset("not no never nobody none nothing neither nor cannot hardly".split())
_SCOPE = 3  # content words after a negator that it may deny


class Contrast(NamedTuple):
    """The words of the sentence and of the evidence that cannot both be true."""

    sentence: str
    evidence: str


def find_contrast(sentence: str, evidence: str) -> Contrast | None:
    """The first opposition between two plain texts about the same thing, or none."""
    mine, theirs = _tokens(sentence), _tokens(evidence)
    return _opposites(mine, theirs) or _negation(mine, theirs) or _order(sentence, evidence)


def _tokens(text: str) -> list[str]:
    return [word.lower() for word in _TOKEN.findall(text)]


def _is_negator(word: str) -> bool:
    return word in _NEGATORS or word.endswith("n't")


def _opposites(mine: list[str], theirs: list[str]) -> Contrast | None:
    here, there = set(mine), set(theirs)
    if _plain_negations(mine) % 2 != _plain_negations(theirs) % 2:
        return None
    for pair in _SIDES:
        for side, opposite in (pair, pair[::-1]):
            if here & side and there & opposite and not there & side and not here & opposite:
                return Contrast(min(here & side), min(there & opposite))
    return None


def _plain_negations(tokens: list[str]) -> int:
    return sum(word in _PLAIN_NEGATORS or word.endswith("n't") for word in tokens)


def _negation(mine: list[str], theirs: list[str]) -> Contrast | None:
    here, there = _denied(mine), _denied(theirs)
    if _plain_negations(mine) and not there:
        return Contrast(_negated_words(mine), "no negation")
    plain_here = {stem(word) for word in mine}
    for word, negator in there.items():
        if word in plain_here and not here:
            return Contrast("no negation", f"{negator} ... {word}")
    shared = {stem(word) for word in theirs}
    for word, negator in here.items():
        if word in shared and word not in there and negator in _PLAIN_NEGATORS and not there.keys() & here.keys():
            return Contrast(f"{negator} ... {word}", word)
    return None


def _negated_words(tokens: list[str]) -> str:
    place = next(i for i, word in enumerate(tokens) if word in _PLAIN_NEGATORS or word.endswith("n't"))
    return " ".join(tokens[max(0, place - 1) : place + 2])


def _denied(tokens: list[str]) -> dict[str, str]:
    """The stem of each word that a negator before it may deny, and that negator."""
    denied: dict[str, str] = {}
    for place, negator in enumerate(tokens):
        if _is_negator(negator):
            after = [word for word in tokens[place + 1 : place + 8] if not is_function_word(word)][:_SCOPE]
            denied.update((stem(word), negator) for word in after)
            denied.setdefault(stem(negator), negator)
    return denied


_ORDER = re.compile(r"\b(before|after)\b", re.IGNORECASE)


def _order(sentence: str, evidence: str) -> Contrast | None:
    """The contrast of "A before B" and "A after B", unless the two sides have changed places as well."""
    mine, theirs = _ORDER.search(sentence), _ORDER.search(evidence)
    if not mine or not theirs or mine[0].lower() == theirs[0].lower():
        return None
    if _ORDER.search(sentence, mine.end()) or _ORDER.search(evidence, theirs.end()):
        return None
    first, second = _sides(sentence, mine)
    other_first, other_second = _sides(evidence, theirs)
    straight = len(first & other_first) + len(second & other_second)
    crossed = len(first & other_second) + len(second & other_first)
    return Contrast(mine[0], theirs[0]) if straight > crossed else None


def _sides(text: str, connective: re.Match[str]) -> tuple[frozenset[str], frozenset[str]]:
    before, after = text[: connective.start()], text[connective.end() :]
    if not before.strip(' "') and "," in after:
        after, before = after.split(",", 1)
    return content_stems(before), content_stems(after)
