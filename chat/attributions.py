"""Who is said to have said what: the words of attribution in a plain text."""

import re
from typing import NamedTuple

from chat.plain_text import words

# Verbs after which words are somebody's and not the reporter's.
_VERBS = (
    r"said|says?|saying|told|tells|asked|asks|added|adds|claim(?:s|ed|ing)?|argu(?:es?|ed|ing)|alleg(?:es?|ed)|"
    r"warn(?:s|ed|ing)?|suggest(?:s|ed|ing)?|insist(?:s|ed|ing)?|believ(?:es?|ed)|estimat(?:es?|ed)|report(?:s|ed)|"
    r"den(?:y|ies|ied)|acknowledg(?:es?|ed)|complain(?:s|ed|ing)?|replied|replies|wrote|writes|tweeted|posted|"
    r"predict(?:s|ed)|maintain(?:s|ed)|stat(?:es|ed)|reckon(?:s|ed)|describ(?:es?|ed)|conced(?:es?|ed)|recall(?:s|ed)|"
    r"testified|promis(?:es?|ed)|vow(?:s|ed)|pledg(?:es?|ed)|accus(?:es?|ed|ing)|blam(?:es?|ed)|attack(?:s|ed) the \w+ as|"
    r"explain(?:s|ed)|admit(?:s|ted)|not(?:es|ed) that|object(?:s|ed)|joked|shouted|continued|declared that|confirm(?:s|ed) that|"
    r"suspect(?:s|ed)|hop(?:es|ed)|fear(?:s|ed)|expect(?:s|ed)|thinks?|thought|announced that|informed"
)
_PHRASES = (
    r"according to|in the words of|reportedly|allegedly|accusation|in (?:a|his|her|their|the) (?:statement|letter|report|speech|"
    r"post|interview)|put the (?:\w+ ){1,4}at|put at|was put|are put|has put|have put|the statement|in (?:\w+ )?posts|is thought|"
    r"are thought|quoted|estimates|(?:by|in) (?:\w+'s )?(?:account|view|opinion)"
)
_ATTRIBUTES = re.compile(rf"\b(?:{_VERBS}|{_PHRASES})\b", re.IGNORECASE)
_NAME_WORD = r"[A-Z][\w'.-]*"
_NAME = rf"(?:{_NAME_WORD})(?:\s(?:(?:of|de|al|bin|van|von|der|the|and)\s)?{_NAME_WORD})*"
_SPOKE = rf"(?:has\s|have\s|had\s|also\s|later\s|then\s|once\s|repeatedly\s)*(?:{_VERBS})\b"
_SPEAKER_FIRST = re.compile(
    rf"\b({_NAME}|[Hh]e|[Ss]he|[Tt]hey)(?:,\s[^\"]{{1,90}}?,)?(?:\sof\s[^\",]{{1,60}})?\s{_SPOKE}"
)
_SPEAKER_LAST = re.compile(
    rf"(?:[,?!.-]\"|,|\")\s(?:said|says|added|asked|told|wrote|argued|warned)\s((?:[a-z'-]+\s|,\s)*?(?:{_NAME}|he|she))"
)
_ACCORDING = re.compile(rf"\b[Aa]ccording to\s((?:[a-z'-]+,?\s)*?{_NAME})")
_QUOTED = re.compile(r'"[^"]*"?')
_NO_NAMES = frozenset(
    "The A An In On At But And He She They It We I His Her Its Their This That As After Before When While Mr Mrs Ms Dr Sir "
    "Captain President Minister Prime Mayor Councillor Inspector Professor General Senator King Queen Prince Chief".split()
)


class Attribution(NamedTuple):
    """One "X said": the name, the role with the name, or the pronoun, and where it stands."""

    speaker: str
    start: int
    end: int

    @property
    def is_pronoun(self) -> bool:
        """Whether somebody named before is meant."""
        return self.speaker.lower() in ("he", "she", "they")

    @property
    def names(self) -> frozenset[str]:
        """The words of the speaker's name, lower-case."""
        return frozenset(word.lower() for word in words(self.speaker) if word[0].isupper() and word not in _NO_NAMES)


def find_attributions(text: str) -> list[Attribution]:
    """The speakers that a plain text names outside its quotation marks, in order."""
    narrated = _QUOTED.sub(lambda found: '"' + " " * (len(found[0]) - 2) + '"' if len(found[0]) > 1 else '"', text)
    found = [
        Attribution(match[1], *match.span())
        for pattern in (_SPEAKER_FIRST, _SPEAKER_LAST, _ACCORDING)
        for match in pattern.finditer(narrated)
    ]
    return sorted((one for one in found if one.is_pronoun or one.names), key=lambda one: one.start)


def attributes(text: str) -> bool:
    """Whether a plain text says that somebody says it."""
    return _ATTRIBUTES.search(text) is not None


def attributed_part(text: str) -> str:
    """The part of a plain sentence that is somebody's words; empty when it is all the reporter's."""
    found = _ATTRIBUTES.search(text)
    if found is None:
        return " ".join(quoted[0] for quoted in _QUOTED.finditer(text))
    trailing = re.search(rf",\"?\s(?:[^,]{{0,80}}\s)?(?:{_VERBS})(?:\s[^,]*)?\.?$", text)
    if (trailing and trailing.start() <= found.start()) or found[0].lower() == "according to":
        return text[: trailing.start()] if trailing and trailing.start() <= found.start() else text
    return text[found.end() :]
