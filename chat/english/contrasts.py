"""Negation and opposites: whether one plain sentence says the contrary of another."""

import re
from typing import NamedTuple

from chat.english.plain_text import content_stems
from corpus.english.function_words import is_function_word
from indexer.search.stemming import stem

_OPPOSITES = (
    ("rose rise risen rises rising increase increased increases grew grown climbed climb jumped soared gained surged",
     "fell fall fallen falls falling decrease decreased declined decline dropped drop slipped plunged shrank sank"),
    ("won win wins beat beating defeated victory", "lost lose loses losing defeat"),
    ("more over above exceeded", "fewer less under below"),
    ("most majority", "fewest minority"),
    ("accepted accept accepts agreed agree approved approve backed allowed permitted",
     "refused refuse rejected reject opposed declined barred banned forbade"),
    ("supported support backed favour", "opposed oppose against"),
    ("opened open reopened reopen opening", "closed close shut closing"),
    ("began begin begun begins started start starting starts launched",
     "ended end ends ending finished stopped stop stops ceased"),
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
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[,;:]")
_CLAUSE_ENDS = frozenset((",", ";", ":", "and", "but", "who", "which"))
_PHRASES = {"turned down": "refused", "voted down": "rejected", "ruled out": "denied", "have yet to": "not",
            "had yet to": "not", "has yet to": "not", "called off": "cancelled", "rather than": "not"}  # fmt: skip
_NEGATORS = frozenset(
    "not no never nobody none nothing neither nor without cannot hardly unable refused refuses refuse failed fails "
    "fail denied declined rejected lack lacked unlikely too unlike barred excluded".split()
)
_PLAIN_NEGATORS = frozenset("not no never nobody none nothing neither nor cannot hardly".split())
_SCOPE = 3  # content words after a negator that it may deny


_Denial = tuple[str, set[str]]  # a negator, and the stems that it may deny


class Contrast(NamedTuple):
    """The words of the sentence and of the evidence that cannot both be true."""

    sentence: str
    evidence: str


def find_contrast(sentence: str, evidence: str) -> Contrast | None:
    """The first opposition between two plain texts about the same thing, or none."""
    mine, theirs = _tokens(sentence), _tokens(evidence)
    return _opposites(mine, theirs) or _negation(mine, theirs) or _order(sentence, evidence)


def _tokens(text: str) -> list[str]:
    """Lower-case words, and the marks and words at which a denial ends."""
    text = text.lower()
    for phrase, word in _PHRASES.items():
        text = text.replace(phrase, word)
    return _TOKEN.findall(text)


def _is_negator(word: str) -> bool:
    return word in _NEGATORS or word.endswith("n't")


def _is_plain_negator(word: str) -> bool:
    return word in _PLAIN_NEGATORS or word.endswith("n't")


def _opposites(mine: list[str], theirs: list[str]) -> Contrast | None:
    here, there = set(mine), set(theirs)
    if sum(map(_is_plain_negator, mine)) % 2 != sum(map(_is_plain_negator, theirs)) % 2:
        return None
    for pair in _SIDES:
        for side, opposite in (pair, pair[::-1]):
            if here & side and there & opposite and not there & side and not here & opposite:
                return Contrast(min(here & side), min(there & opposite))
    return None


def _negation(mine: list[str], theirs: list[str]) -> Contrast | None:
    here, there = _denials(mine), _denials(theirs)
    said_here, said_there = {stem(word) for word in mine}, {stem(word) for word in theirs}
    if extra := _extra_denial(here, _about(there, said_here), said_there, plain_only=True):
        return Contrast(extra, "no such denial")
    if missing := _extra_denial(there, _about(here, said_there), said_here, plain_only=False):
        return Contrast("no such denial", missing)
    return None


def _about(denials: list[_Denial], said: set[str]) -> list[_Denial]:
    return [(negator, denied) for negator, denied in denials if denied & said]


def _extra_denial(here: list[_Denial], there: list[_Denial], said_there: set[str], *, plain_only: bool) -> str:
    """A denial of something that the other text has without denying it; empty when there is none."""
    denied_there = set().union(*(denied for _, denied in there))
    for negator, denied in here if len(here) > len(there) else ():
        if (_is_plain_negator(negator) or not plain_only) and denied & said_there and not denied & denied_there:
            return f"{negator} ... {min(denied & said_there)}"
    return ""


def _denials(tokens: list[str]) -> list[_Denial]:
    """Each negator, with the stems of the words after it that it may deny."""
    return [
        (negator, _scope(negator, tokens[place + 1 :])) for place, negator in enumerate(tokens) if _is_negator(negator)
    ]


def _scope(negator: str, after: list[str]) -> set[str]:
    until = next((place for place, word in enumerate(after) if word in _CLAUSE_ENDS), len(after))
    denied = [stem(word) for word in after[:until] if not is_function_word(word)][:_SCOPE]
    return {*denied, *(() if negator in _PLAIN_NEGATORS else (stem(negator),))}


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
