"""Whose words a question asks for."""

import re
from dataclasses import dataclass

from chat.english.names import find_names
from chat.english.plain_text import plain

_ASKED = re.compile(
    r"\b(?:did|does|do|has|have|had|would) ([^?,]{2,80}?) "
    r"(?:say|said|think|tell|told|claim|claimed|argue|argued|make of|made of|react|reply|replied|answer|answered)\b"
)
_OFFICE = re.compile(r"the ((?:[a-z][\w'-]* ){0,3}?[a-z][\w'-]*)(?: of .+)?")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody whose words are asked for, by name, by office or by both."""

    names: frozenset[str]  # words of names
    office: str  # "harbour master" of "the harbour master of Port Ellery"; empty without one
    is_asked_about: bool  # False: the names stand somewhere in the question


def speaker_asked_about(question: str) -> Speaker | None:
    """The speaker of "what did X say"; of other questions the names in it, one of whom may speak."""
    text = plain(question)
    asked = _ASKED.search(text)
    names = frozenset(word for name in find_names(f"did {asked[1]}" if asked else text) for word in name.words)
    office = _OFFICE.fullmatch(asked[1].lower()) if asked else None
    if not names and not office:
        return None
    return Speaker(names, office[1] if office else "", is_asked_about=asked is not None)
