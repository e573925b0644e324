"""Find what a follow-up refers to in the turns before it.

Measured on the development tasks of MTRAG-UN (171 answerable tasks with an earlier turn, `python -m eval follow-ups`),
whose conversations keep to one subject: hit@1 .91 and reciprocal rank .94, against .83 and .87 for the last turn alone,
and .93 and .96 for the last two turns as one query. The weights were chosen on that set. After two turns on another
subject (`--after-another`, the sample's development questions) hit@1 is .84, as for the last turn alone; for the last
two turns as one query it is .38.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chat.english.names import find_names
from chat.english.plain_text import content_stems, plain
from chat.understanding.kinds import bare_question
from corpus.english.function_words import is_function_word
from indexer.search.stemming import stem

PREVIOUS_WEIGHT = 0.4  # of the question before
BEFORE_WEIGHT = 0.3  # of the question before that
ANSWER_WEIGHT = 0.2  # of the answer just given
_ANSWER_WORDS = 60  # the beginning of an answer says what it is about
_FRAGMENT_WORDS = 7
_SHARED_WEIGHT = 0.2  # of the words that a completed question shares with the one before it
_OF_NO_SUBJECT = frozenset(
    map(
        stem,
        "people person thing things happen happened say said many much long old new hurt injured killed dead die died "
        "anyone anybody someone somebody everyone cost cause "
        "caused name named reason result involved responsible charge "
        "blame time day year place else".split(),
    )
)  # "Who was in charge?", "How many were hurt?"
_FEW_STEMS = 4  # content words; a question this short is seldom complete
_MANY_STEMS = 8


class Link(StrEnum):
    """How much a turn needs the one before it."""

    NONE = "none"  # the first turn, or one that announces another subject
    STANDS = "stands"  # clear by itself: nothing is carried over, the earlier words weigh a little
    LEANS = "leans"  # refers back, mostly with a pronoun: dates and sources are carried over
    COMPLETES = "completes"  # part of a question: the question before it is searched for with it


@dataclass(frozen=True, slots=True)
class Earlier:
    """Words of earlier turns that are searched for with less weight than the question itself.

    With E the embedding and K the keyword scores, a follow-up is searched for by the direction of
    E(search_text) + sum(weight * E(text)) and by K(search_text) + sum(weight * K(text)).
    """

    text: str
    weight: float  # the question itself has 1


_CHANGED = re.compile(
    r"^\W*(?:(?:and|but|so|ok(?:ay)?|right|well|now|thanks?(?: you)?),? )*"
    r"(?:(?:a |an )?(?:new|another|different|unrelated) (?:topic|subject|question)|on (?:a|another) "
    r"(?:different |another )?"
    r"(?:topic|subject|note|matter)|chang(?:e|ing)(?: of)?(?: the)? (?:subject|topic)|forget (?:that|it|about "
    r"(?:that|it))|never ?mind"
    r"|something else|let['\u2019]?s (?:talk about|move on)|moving on|unrelated"
    r"|(?:leaving|putting|setting) [\w'\u2019 -]{1,40} aside|switching to)\b",
    re.IGNORECASE,
)
_ASSENT = re.compile(
    r"\W*(?>(?:yes|yeah|yep|okay|ok|sure|right|please|do|go on|go ahead|continue|tell me|more about (?:it|that|this)"
    r"|(?:any |what )?more details?|more|details|and|why not|thanks|thank you|of course|exactly|not really|no)\b\W*)++",
    re.IGNORECASE,
)  # atomic: a long chain of assent must not be read in every possible way
_BARE_ASKING = re.compile(
    r"\W*(?:(?:and|but|so|then) )*(?:since when|until when|by whom|to whom|with whom|what for"
    r"|how (?:so|many|much|long|often|far|come)|why|when|where|who|whose|which|how|what)"
    r"(?: (?:else|exactly|then|not|there|next|was that|is that))*\W*",
    re.IGNORECASE,
)
_WHAT_ABOUT = re.compile(
    r"^\W*(?:and |but |so |ok(?:ay)?,? |then )*(?:(?:what|how) about|i mean(?:t)?|no,|same for|the same for)\s+"
    r"(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_CONNECTED = re.compile(r"^\W*(?:and|but|or|also|only|then)\s+(?P<rest>.+)$", re.IGNORECASE | re.DOTALL)
_PREPOSITION = r"(?:in|at|on|for|by|from|to|with|under|near|around|outside|before|after|during|against)"
_SHORT_PHRASE = re.compile(
    rf"^\W*(?P<rest>(?:{_PREPOSITION}(?: the)?|the|an?)(?: [\w\u2019'-]+){{1,4}})\s*\?\W*$", re.IGNORECASE
)
_ASKING_PHRASE = re.compile(
    rf"^\W*(?:(?:and|but|so|then) )?(?P<rest>(?:how (?:much|many|long|often|far)|when|where|who|why) {_PREPOSITION}"
    r"(?: [\w\u2019'-]+){1,4})\s*\?\W*$",
    re.IGNORECASE,
)  # "And how much by ferry?"
_VERB = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might"
    r"|who|what|when|where|why|how|which|tell|show|find|give|list)\b",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"\b(?:it|its|this(?! (?:week|month|year|morning|afternoon|evening|spring|summer|autumn|winter)\b)|these|those"
    r"|ones|such|others|another one|else|at the time|back then"
    r"|the (?:same|other|latter|former)\b|the others\b|the (?:first|second) (?:ones?|day|week|year|person|time)\b"
    r"|(?:about|of|for|with|is|was|did|does|do|after|before|like|than|at|to|on|in|from) (?:that|there|then\b(?!-))"
    r"|the (?:next|following|previous) (?:day|week|month|year)"
    r"|that (?:day|week|month|year|time|period|same))\b"
    r"|^\W*(?:and |so |but )*(?:that|then)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|him|his|she|hers?|they|them|their|theirs)\b", re.IGNORECASE)
_NAMED_BEFORE = re.compile(
    r"(?<=[\w,] )[A-Z][\w\u2019'-]+"
    r"|\b(?:which|who|whose|how many) "
    r"(?!(?:is|was|did|does|do|are|were|has|have|about|will|would|if)\b)\w+"
)
_TO_WHAT = re.compile(
    r"\b(?:say|said|think|comment|respond|react|reply|answer|agree|disagree|object|refuse|accept|deny|confirm|apologi[sz]e"
    r"|comply|protest|approve)\W*$",
    re.IGNORECASE,
)  # "What did Hungary say?": about the subject of the last answer
_MORE = re.compile(
    r"\b(?:what|who|where|anything|something|anybody|anyone) else\b"
    r"|^\W*(?:(?:and|please|yes|ok(?:ay)?|tell me|give me|say|show me|know|any|some|is there|what) )*"
    r"(?:more|further details?|go on|continue)\b(?! than)",
    re.IGNORECASE,
)
_NEWS = re.compile(
    r"\b(?:(?:latest|newest|recent|today['\u2019]s|top|breaking|main) (?:news|headlines|stories)"
    r"|what(?:['\u2019]s| is) new)\W*$"
    r"|^\W*(?:the )?(?:news|headlines)\W*$",
    re.IGNORECASE,
)  # of anything
_OWN_OWNER = re.compile(r"\bthe [a-z]+ .*\b(?:their|his|her|its)\b")  # "Why did the lions kill their keeper?"
_GOES_ON = re.compile(
    r"^\W*(?:(?:and|but|so)\b|(?:(?:by|for|with|of|to) )?(?:how (?:many|much)|what|which) [\w-]+\W*$)"
    r"|^\W*what (?:is|was|are|were) the [a-z]+(?: of [a-z]+)?\W*$",
    re.IGNORECASE,
)  # "And who came third?", "How many flats?", "What was the turnout?"
_TRUE_IT = re.compile(r"\b(?:is|was) it (?:true|possible|likely|legal|illegal|safe)\b", re.IGNORECASE)


def link(text: str) -> Link:
    """How much `text`, which is not the first turn, needs the turns before it."""
    if _CHANGED.match(text) or _NEWS.search(text):
        return Link.NONE
    if fragment(text) is not None:
        return Link.COMPLETES
    if _TRUE_IT.search(text):
        return Link.STANDS
    person = _PERSON.search(text)
    if _POINTER.search(text) or _TO_WHAT.search(text) or (person and not _NAMED_BEFORE.search(text[: person.start()])):
        return Link.LEANS
    return Link.STANDS


def asks_for_more(text: str) -> bool:
    """Whether a turn wants what the answers have not given yet: "what else?", "tell me more"."""
    return _MORE.search(text) is not None


def leaves_open(text: str) -> bool:
    """Whether the words alone do not decide if a text, which is not the first turn, follows the turn before it.

    A short complete question, such as "What was the turnout?", may go on or begin another subject.
    """
    needs = link(text)
    is_open = needs is Link.STANDS or (needs is Link.LEANS and (_has_owner(text) or _names_a_speaker(text)))
    is_open = is_open and not _GOES_ON.match(text)
    return is_open and 0 < len(content_stems(plain(text)) - _OF_NO_SUBJECT) <= _FEW_STEMS


def _has_owner(text: str) -> bool:
    return _OWN_OWNER.search(text) is not None


def _names_a_speaker(text: str) -> bool:
    """ "What did the World Bank say?", which points back by nothing else."""
    points_back = _POINTER.search(text) or _PERSON.search(text)
    return not points_back and any(True for _ in find_names(plain(text)))


def names_no_subject(text: str) -> bool:
    """Whether a text has no content of its own: "What happened?"."""
    return content_stems(plain(text)) <= _OF_NO_SUBJECT


def has_its_own_subject(text: str, needs: Link, before: Sequence[str]) -> bool:
    """Whether a complete question is about something else than the texts before it, although it seems to refer back.

    It is when it names something that they do not, or has many words, unless it is short and refers back.
    """
    stems = len(content_stems(plain(text)))
    if needs is Link.LEANS and stems <= _FEW_STEMS:
        return False
    return stems > (_MANY_STEMS if needs is Link.LEANS else _FEW_STEMS) or _names_something_new(text, before)


def _names_something_new(text: str, before: Sequence[str]) -> bool:
    known = plain(" ".join(before)).lower()
    names = ([word.lower() for word in name.words if not is_function_word(word)] for name in find_names(plain(text)))
    return any(name and all(word not in known for word in name) for name in names)


def bare_asking(text: str) -> bool:
    """Whether a text is nothing but question words: "And when?"."""
    return _BARE_ASKING.fullmatch(text) is not None


def fragment(text: str) -> str | None:
    """What a partial question adds to the one before it ("" for "yes"); None for a complete question."""
    if not text.strip() or _ASSENT.fullmatch(text):
        return ""
    if _BARE_ASKING.fullmatch(text):
        return text.strip(" ?!.")
    about = _WHAT_ABOUT.match(text) or _CONNECTED.match(text)
    if about and len(about["rest"].split()) <= _FRAGMENT_WORDS and not _VERB.search(about["rest"]):
        return about["rest"].strip(" ?!.")
    if (asking := _ASKING_PHRASE.match(text)) and not _VERB.search(
        asking["rest"].split(" ", 1)[1].removeprefix("much ")
    ):
        return asking["rest"].strip()
    phrase = _SHORT_PHRASE.match(text)
    return phrase["rest"].strip() if phrase and not _VERB.search(phrase["rest"]) else None


def complete(piece: str, previous: str, answer: str = "") -> str:
    """The question that a part stands for; a bare "yes" also takes up what the last answer offered or asked."""
    offered = re.search(r"[^.?!\n]+\?\s*$", answer[-300:]) if not piece else None
    asked = bare_question(previous) or previous.strip()
    return " ".join(filter(None, (piece, asked, offered.group().strip() if offered else "")))


def weigh_shared(shared: str) -> tuple[Earlier, ...]:
    """The words that a question completed by a replacement shares with the one before it."""
    return (Earlier(shared, _SHARED_WEIGHT),)


def weigh(earlier: Sequence[str], answer: str = "") -> tuple[Earlier, ...]:
    """The earlier questions, oldest first, and the last answer ("" when nothing was answered), each with its weight."""
    opening = " ".join(answer.split()[:_ANSWER_WORDS])
    texts = (*reversed(earlier[-2:]), opening)
    weights = (*(PREVIOUS_WEIGHT, BEFORE_WEIGHT)[: len(earlier[-2:])], ANSWER_WEIGHT)
    return tuple(Earlier(text, weight) for text, weight in zip(texts, weights, strict=True) if text.strip())
