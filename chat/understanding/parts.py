"""Split a question that asks several things into the questions that it contains."""

import re

MOST_PARTS = 4

_QUESTION_WORD = r"(?:who|whom|whose|what|when|where|why|which|how(?: many| much| long| often)?)"
_HELPING_VERB = r"(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should)"
_SUBJECT = r"(?:the|an?|he|she|they|it|we|you|there|any|this|that|these|those|his|her|their|its|(?-i:[A-Z]))"
_SENTENCE_END = re.compile(r"(?<=[?!])\s+|(?<=[a-z]{3}\.|\d\d\d\.)\s+(?=[A-Z])")
_AND_ASKS = re.compile(
    rf",?\s+(?:and(?: also)?|but|or)\s+"
    rf"(?=(?:in |on |at |by |for |to )?(?:{_QUESTION_WORD}|{_HELPING_VERB}(?= {_SUBJECT}))\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"^\W*(?:(?:and|but|or|so|also|in|on|at|by|for|to|of|from)\s+)*(?:{_QUESTION_WORD}|{_HELPING_VERB})\b"
    r"|\?\W*$|^\W*(?:tell|show|explain|describe|list|compare|summari[sz]e)\b",
    re.IGNORECASE,
)
_SUBJECTLESS = re.compile(
    r"^(?:who|what|when|where|why|which|how)\W*$|^(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could"
    r"|should)\W*$",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:compar(?:e|es|ed|ing|ison)|versus|vs\.?|differ(?:s|ed|ent|ence|ences)?|contrast(?:s|ed|ing)?|each of"
    r"|both)\b",
    re.IGNORECASE,
)
_NAME = r"(?:[A-Z][\w\u2019'-]*(?: (?:of |de |al-)?[A-Z][\w\u2019'-]*){0,4})"
_PAIR = re.compile(
    rf"\b(?:between |both |of )?(?P<first>(?!(?:Compare|How|What|Which|Did|Do|Does|Is|Are|Were|Was|Who|Why|When"
    rf"|In)\b){_NAME})(?:['\u2019]s)?"
    rf"(?: and| with| to| versus| vs\.?| or)(?: the| with| that of)? (?P<second>{_NAME})\b"
)


def split_askings(text: str) -> tuple[str, ...]:
    """The questions in a text, each in its own words; empty when there is one or none.

    A statement before a question stays with it.
    """
    pieces: list[str] = []
    lead = ""
    for sentence in filter(None, map(str.strip, _SENTENCE_END.split(text))):
        if not _ASKS.search(sentence):
            lead = f"{lead} {sentence}".strip()
            continue
        first, *others = _coordinated(sentence)
        pieces += [f"{lead} {first}".strip(), *others]
        lead = ""
    if lead and pieces:
        pieces[-1] = f"{pieces[-1]} {lead}"
    return tuple(pieces) if 1 < len(pieces) <= MOST_PARTS else ()


def _coordinated(sentence: str) -> list[str]:
    """ "Who won, and when did they resign?" is two; "who and when" is one."""
    pieces = [piece.strip(" ,") for piece in _AND_ASKS.split(sentence)]
    whole = len(pieces) > 1 and _ASKS.search(pieces[0]) and all(len(piece.split()) > 2 for piece in pieces)
    return pieces if whole and not any(map(_SUBJECTLESS.match, pieces)) else [sentence]


def compares(text: str) -> bool:
    """Whether the text compares two things."""
    return bool(_COMPARES.search(text))


def split_names(text: str) -> tuple[str, ...]:
    """One text per name, where two are compared: "How do A and B differ?" gives "How do A differ?" and another."""
    pair = _PAIR.search(text) if compares(text) else None
    if pair is None or pair["first"] == pair["second"]:
        return ()
    return tuple(f"{text[: pair.start()]}{pair[side]}{text[pair.end() :]}" for side in ("first", "second"))
