"""What a check of a sentence finds: the problems, and the support that is left."""

from dataclasses import dataclass
from enum import StrEnum

from chat.answer import Support


class ProblemKind(StrEnum):
    """Which part of a sentence its evidence does not support."""

    EVIDENCE = "evidence"
    QUOTATION = "quotation"
    SPEAKER = "speaker"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    ATTRIBUTION = "attribution"
    CONTRAST = "contrast"
    WORDING = "wording"
    ENTAILMENT = "entailment"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that the evidence does not support; `support` is the best that the sentence can still have."""

    kind: ProblemKind
    words: str  # of the sentence
    why: str  # for a reader
    support: Support


@dataclass(frozen=True, slots=True)
class Verification:
    """The result; `text` is the sentence without quotation marks around words that are no quotation."""

    support: Support
    problems: tuple[Problem, ...]
    text: str
