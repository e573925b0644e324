"""Attributions: the places of a text that say who speaks."""

import re
from typing import NamedTuple

from corpus.english.calendar import WEEKDAYS
from corpus.english.speech_verbs import SPEECH
from corpus.quotation_marks import MASK
from corpus.sentences import Span

NOT_A_NAME = (
    "But|And|In|On|At|For|If|As|When|While|After|Before|Since|Meanwhile|However|Also|Then|Still|Speaking|Yet|Earlier|Later|"
    "Last|This|That|It|We|I|You|Asked|The|A|An|He|She|They|His|Her|Their|Its|So|Or|Not|What|Who|Why|How|Where|According|"
    f"{'|'.join(WEEKDAYS)}"
)
NAME_WORD = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|Rev|St|Adm|Maj|Jr|Sr)\.|(?:[A-Z]\.)+|[^\W\d_a-z][\w'’-]*)"
)
_NAME = (
    rf"(?!(?:{NOT_A_NAME})\b){NAME_WORD}"
    rf"(?:\s+(?:(?:of|the|de|da|di|van|von|der|bin|al|el|la|le|du|den)\s+){{0,2}}{NAME_WORD}){{0,6}}+"
)
_NO_ROLE = (
    r"(?:was|were|is|are|has|had|have|been|be|not|to|and|or|but|that|which|who|when|also|later|"
    rf"then|he|she|they|it|{SPEECH})\b"
)
_ROLE = (
    r"(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ne|[Aa]nother)\s|[Oo]fficials|[Pp]olice|[Rr]esidents|[Ww]itnesses"
    r"|[Pp]rosecutors|[Aa]uthorities|[Dd]octors|[Rr]escuers|[Ee]xperts|[Aa]nalysts)"
    rf"(?:\s*(?!{_NO_ROLE})(?:(?:[A-Z]\.)+|[\w'’-]+)){{0,6}}+"
)
PRONOUN = r"(?:[Hh]e|[Ss]he|[Tt]hey)\b"
_SPEAKER = rf"(?:{PRONOUN}|{_ROLE}|{_NAME})"
_ASIDE = (
    rf"(?:,\s(?:an?|the|who|whose|one|his|her|its|now|then|\d\d|head|chief|director|president)\b[^{MASK}]{{0,160}}?,)?"
)
_LISTENER = rf"(?:\s+(?:reporters|journalists|lawmakers|parliament|viewers|(?:the\s+)?{_NAME}|the\s+\w+(?:\s\w+)?))?"
_BEFORE_VERB = rf"{_ASIDE}\s+(?:(?:has|had|have|also|later|then|[a-z]+ly)\s+){{0,2}}"
_SUBJECT_VERB = re.compile(rf"\b(?P<speaker>{_SPEAKER}){_BEFORE_VERB}(?P<verb>{SPEECH})\b(?:(?<=told){_LISTENER})?")
_VERB_SUBJECT = re.compile(
    rf"[{MASK},]\s*(?!tol|tel)(?P<verb>{SPEECH})\s+(?P<speaker>{_NAME}|{_ROLE})(?=[,.;:!?\s]|\Z)"
)
_ACCORDING = re.compile(rf"\b[Aa]ccording\s+to\s+(?P<speaker>{_NAME}|{_ROLE})(?=[,.;]|\s(?:who|in|at|on)\b|\Z){_ASIDE}")
_SPEAKS = re.compile(rf"\b(?:{SPEECH}|[Aa]ccording\s+to)\b")


class Attribution(NamedTuple):
    """One "X said" or "according to X"; offsets into the text."""

    start: int
    end: int
    speaker: Span  # a name, a role or a pronoun
    verb: Span | None  # None for "according to"


def find_attributions(masked: str, within: Span | None = None) -> list[Attribution]:
    """The attributions in the reporter's own words, in order; `masked` has MASK for what is quoted."""
    start, end = within or (0, len(masked))
    if not _SPEAKS.search(masked, start, end):
        return []
    patterns = (_ACCORDING, _VERB_SUBJECT, _SUBJECT_VERB)
    found = (_attribution(match) for pattern in patterns for match in pattern.finditer(masked, start, end))
    return sorted(found, key=lambda one: one.start)


def _attribution(found: re.Match[str]) -> Attribution:
    speaker = Span(*found.span("speaker"))
    if found.re is _ACCORDING:
        return Attribution(found.start(), found.end(), speaker, None)
    verb = Span(*found.span("verb"))
    return Attribution(min(verb.start, speaker.start), found.end(), speaker, verb)
