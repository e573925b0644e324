"""Who is said to have said what: the words of attribution in a plain text."""

import re
from typing import NamedTuple

from chat.english.names import find_names
from chat.english.plain_text import words
from chat.english.quoting_marks import find_quotations
from corpus.attributions import find_attributions as find_speakers
from corpus.english.calendar import MONTHS, WEEKDAYS
from corpus.english.speech_verbs import SPEECH_ALONE, SPEECH_OR_ACTION, THOUGHT
from corpus.quotation_marks import find_quoted, mask_quoted
from corpus.sentences import split_sentences

# After one of these, words are somebody's and not the reporter's.
_VERBS = (
    rf"{SPEECH_ALONE}|{THOUGHT}|saying|(?:{SPEECH_OR_ACTION}) that"
    r"|ask(?:s|ed)? (?:whether|why|how|if|about|who|what|when|where)|accus(?:es?|ed)|blam(?:es?|ed)"
    r"|attack(?:s|ed) the \w+ as|informed"
)
_PHRASES = (
    r"according to|in the words of|reportedly|allegedly|accusation|in (?:a|his|her|their|the) "
    r"(?:statement|letter|report|speech|post|interview)|put the (?:\w+ ){1,4}at|put at|(?:was|are|has|have) put|"
    r"the statement|in (?:\w+ )?posts|is thought|are thought|quoted|"
    r"(?:by|in) (?:\w+'s )?(?:account|view|opinion)"
)
_ATTRIBUTES = re.compile(rf"\b(?:{_VERBS}|{_PHRASES})\b", re.IGNORECASE)
# Weaker words of attribution: enough in a sentence, no sign in the evidence.
_ALSO_ATTRIBUTES = re.compile(
    rf"\b(?:{SPEECH_OR_ACTION}|announcing|conceding|arguing|claiming|insisting|urged|called|accusing)\b", re.IGNORECASE
)
_TRAILING = re.compile(
    rf",\"?\s(?:[^,\"]{{2,60}}\s(?:{_VERBS})(?:\s(?:on|in|at)\s[^,\"]{{2,40}})?"
    r"|(?:said|says|added)\s(?:the\s|[A-Z])[^,]{0,40}(?:,[^,]*)?)\.?$"
)
_LEADING = re.compile(r"(?P<speaker>[A-Z][^,\"]{1,60}?) (?P<verb>said|says) ")
_ROLE = re.compile(r"(?:[Tt]he|[Aa]n?) ((?:[a-z'-]+ ){0,3}[a-z'-]+)")
_REPORTS = re.compile(r"\b(?:reports?|reporters?|articles?|papers?|newspapers?|stor(?:y|ies)|evidence|sources?|news)\Z")
_PRONOUNS = frozenset(("he", "she", "they"))
_NO_NAMES = frozenset(
    "The A An In On At But And He She They It We I His Her Its Their This That As After Before When While Mr Mrs Ms Dr "
    "Sir Captain President Minister Prime Mayor Councillor Inspector Professor General Senator King Queen Prince Chief "
    "Head According Acting Former".split()
).union(MONTHS, WEEKDAYS)


class Attribution(NamedTuple):
    """One "X said": the name, the role with the name, or the pronoun, and where it stands."""

    speaker: str
    start: int  # of the speaker
    end: int  # of the attribution

    @property
    def is_pronoun(self) -> bool:
        """Whether somebody named before is meant."""
        return self.speaker.lower() in _PRONOUNS

    @property
    def names(self) -> tuple[str, ...]:
        """The words of the speaker's name, without titles; empty for a role."""
        return tuple(word for word in words(self.speaker) if word[0].isupper() and word not in _NO_NAMES)


def find_attributions(text: str) -> list[Attribution]:
    """The speakers that a plain text names outside its quotation marks, in order."""
    return [one for one in _attributions(text) if one.is_pronoun or one.names]


def speaking_roles(text: str) -> list[str]:
    """The roles of those whom a plain text has say something without their names: "harbour master"."""
    found = (_ROLE.fullmatch(one.speaker) for one in _attributions(text))
    return [role[1] for role in found if role and not _REPORTS.search(role[1])]


def _attributions(text: str) -> list[Attribution]:
    masked = mask_quoted(text, list(find_quoted(text)))
    return [Attribution(masked[slice(*one.speaker)], one.speaker.start, one.end) for one in find_speakers(masked)]


def attributes(text: str) -> bool:
    """Whether a plain sentence gives what it says as somebody's words."""
    return _ATTRIBUTES.search(text) is not None or _ALSO_ATTRIBUTES.search(text) is not None


def attribution_clause(text: str) -> str:
    """What to add to somebody's words to give them as such: ", police said"; empty where a plain sentence names nobody.

    The words are those of the sentence, which begins or ends with them.
    """
    if trailing := _TRAILING.search(text):
        return trailing.group().replace('"', "").rstrip(".")
    leading = _LEADING.match(text)
    if leading is None or leading["speaker"].lower() in _PRONOUNS:
        return ""
    speaker = leading["speaker"]
    is_named = str(next(iter(find_names(speaker)), "")).startswith(speaker.split()[0])
    return f", {speaker if is_named else speaker[0].lower() + speaker[1:]} {leading['verb']}"


def attributed_part(text: str) -> str:
    """The part of a plain text that is somebody's words; empty when it is all the reporter's."""
    return " ".join(filter(None, (_attributed(text[one.start : one.end]) for one in split_sentences(text))))


def _attributed(text: str) -> str:
    """The part of one sentence; after `"...", said X` the reporter goes on about X."""
    found = _ATTRIBUTES.search(text)
    if found is None or text[: found.start()].rstrip().endswith('"'):
        return " ".join(quotation.words for quotation in find_quotations(text))
    if trailing := _TRAILING.search(text):
        return text[: trailing.start()]
    return text if found[0].lower() == "according to" else text[found.end() :]
