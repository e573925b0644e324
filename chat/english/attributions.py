"""Who is said to have said what: the words of attribution in a plain text."""

import re
from typing import NamedTuple

from chat.english.plain_text import words
from chat.english.quoting_marks import find_quotations
from corpus.english.calendar import MONTHS, WEEKDAYS

# Verbs after which words are somebody's and not the reporter's.
_VERBS = (
    r"said|says?|saying|told|tells|added|adds|claim(?:s|ed)|argu(?:es?|ed)|alleg(?:es?|ed)|"
    r"warn(?:s|ed)|suggest(?:s|ed)|insist(?:s|ed)|believ(?:es?|ed)|estimat(?:es?|ed)|report(?:s|ed)|"
    r"den(?:y|ies|ied)|acknowledg(?:es?|ed)|complain(?:s|ed)|replied|replies|wrote|writes|tweeted|posted|"
    r"predict(?:s|ed)|maintain(?:s|ed)|stat(?:es|ed)|reckon(?:s|ed)|describ(?:es?|ed)|conced(?:es?|ed)|recall(?:s|ed)|"
    r"testified|ask(?:s|ed) (?:whether|why|how|if|about|who|what|when|where)|accus(?:es?|ed)|blam(?:es?|ed)|"
    r"attack(?:s|ed) the \w+ as|explain(?:s|ed)|admit(?:s|ted)|not(?:es|ed) that|object(?:s|ed)|joked|shouted|"
    r"continued|declared that|"
    r"confirm(?:s|ed) that|hop(?:es|ed)|fear(?:s|ed)|expect(?:s|ed)|thinks?|thought|announced that|informed"
)
_PHRASES = (
    r"according to|in the words of|reportedly|allegedly|accusation|in (?:a|his|her|their|the) "
    r"(?:statement|letter|report|speech|post|interview)|put the (?:\w+ ){1,4}at|put at|(?:was|are|has|have) put|"
    r"the statement|in (?:\w+ )?posts|is thought|are thought|quoted|estimates|"
    r"(?:by|in) (?:\w+'s )?(?:account|view|opinion)"
)
_ATTRIBUTES = re.compile(rf"\b(?:{_VERBS}|{_PHRASES})\b", re.IGNORECASE)
# Weaker words of attribution: enough in a sentence, no sign in the evidence.
_ALSO_ATTRIBUTES = re.compile(
    r"\b(?:announced|announcing|declared|conceding|arguing|claiming|insisting|asked|urged|called|saying|accusing|"
    r"promised)\b",
    re.IGNORECASE,
)
_NAME_WORD = r"[A-Z][\w'.-]*"
_NAME = rf"{_NAME_WORD}(?:\s(?:(?:of|de|al|bin|van|von|der)\s)?{_NAME_WORD}){{0,6}}"
_SPOKE = rf"(?:(?:has|have|had|also|later|then|once|repeatedly)\s)*(?:{_VERBS})\b"
_SPEAKER_FIRST = re.compile(
    rf"\b({_NAME}|[Hh]e|[Ss]he|[Tt]hey)(?:\sof\s[^\",]{{1,60}}?)?(?:,\s[^\"]{{1,90}}?,)?\s{_SPOKE}"
)
_SPEAKER_LAST = re.compile(
    rf"(?:,\"?|[?!.-]\"|\")\s(?:said|says|added|asked|told|wrote|argued|warned)\s"
    rf"((?:(?:[a-z'-]+|[A-Z][\w'-]*'s|Dr|Mr|Mrs|Ms),?\s){{0,8}}?(?:{_NAME}|he\b|she\b))"
)
_ACCORDING = re.compile(rf"\b[Aa]ccording to\s((?:[a-z'-]+,?\s){{0,8}}?{_NAME})")
_ROLE = r"(?:[a-z'-]+\s){0,3}?[a-z'-]+"
_ROLE_SPEAKS = re.compile(rf"\b(?:[Tt]he|[Aa]n?)\s({_ROLE})\s{_SPOKE}|\b[Aa]ccording to the\s({_ROLE})(?=[,.]|$)")
_TELLS_NEWS = re.compile(
    r"\b(?:reports?|reporters?|articles?|papers?|newspapers?|stor(?:y|ies)|evidence|sources?|news)\Z"
)
_NO_SPEAKER_AFTER = re.compile(r"(?:\b(?:of|in|on|at|by|from|for|with|to)(?: the)?|[A-Z][\w'.-]*) $")
_TRAILING = re.compile(
    rf",\"?\s(?:[^,\"]{{2,60}}\s(?:{_VERBS})|(?:said|says|added)\s(?:the\s|[A-Z])[^,]{{0,40}}(?:,[^,]*)?)\.?$"
)
_NO_NAMES = frozenset(
    "The A An In On At But And He She They It We I His Her Its Their This That As After Before When While Mr Mrs Ms Dr "
    "Sir Captain President Minister Prime Mayor Councillor Inspector Professor General Senator King Queen Prince Chief "
    "Head According Acting Former".split()
).union(MONTHS, WEEKDAYS)


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
    def names(self) -> tuple[str, ...]:
        """The words of the speaker's name, without titles."""
        return tuple(word for word in words(self.speaker) if word[0].isupper() and word not in _NO_NAMES)


def find_attributions(text: str) -> list[Attribution]:
    """The speakers that a plain text names outside its quotation marks, in order."""
    narrated = _without_quotations(text)
    found = [
        Attribution(match[1], match.start(1), match.end())
        for pattern in (_SPEAKER_FIRST, _SPEAKER_LAST, _ACCORDING)
        for match in pattern.finditer(narrated)
        if pattern is not _SPEAKER_FIRST
        or not _NO_SPEAKER_AFTER.search(narrated[max(0, match.start() - 30) : match.start()])
    ]
    return sorted((one for one in found if one.is_pronoun or one.names), key=lambda one: one.start)


def speaking_roles(text: str) -> list[str]:
    """Those whom a plain text has say something by what they are, not by name: "harbour master"."""
    found = (match[1] or match[2] for match in _ROLE_SPEAKS.finditer(_without_quotations(text)))
    return [role for role in found if not _TELLS_NEWS.search(role)]


def _without_quotations(text: str) -> str:
    """The text with quoted words turned into spaces, offsets kept."""
    pieces, place = [], 0
    for quotation in find_quotations(text):
        pieces += [text[place : quotation.start], " " * len(quotation.words)]
        place = quotation.end
    return "".join((*pieces, text[place:]))


def attributes(text: str) -> bool:
    """Whether a plain sentence says that somebody says what it tells."""
    return _ATTRIBUTES.search(text) is not None or _ALSO_ATTRIBUTES.search(text) is not None


def attributed_part(text: str) -> str:
    """The part of a plain sentence that is somebody's words; empty when it is all the reporter's."""
    found = _ATTRIBUTES.search(text)
    if found is None:
        return " ".join(quotation.words for quotation in find_quotations(text))
    if trailing := _TRAILING.search(text):
        return text[: trailing.start()]
    return text if found[0].lower() == "according to" else text[found.end() :]
