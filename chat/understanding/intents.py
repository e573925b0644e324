"""What a reader wants done with a question: answer it, show the newest stories, find who printed words first."""

import re

from chat.english.plain_text import content_stems, plain
from chat.understanding.follow_ups import Link
from chat.understanding.kinds import QuestionKind
from chat.understanding.question import FilterKind, Question
from indexer.search.stemming import stem

_FEWEST_WORDS = 5  # of a quotation without a question; fewer words are a search
_PASTED_WORDS = 30  # a text of this length without a question mark was copied from somewhere
_OPENING, _CLOSING = "[\"“”„«‘']", "[\"“”»’']"
_QUOTATION_ALONE = re.compile(rf"\s*{_OPENING}(?P<words>.*\w.*){_CLOSING}[\s.?!]*", re.DOTALL)
_WHERE_SAID = re.compile(
    r"\s*(?:where|(?:in )?(?:which|what) (?:article|paper|newspaper|publisher|source|report)s?)\b[^\"“”„«:?]{0,60}"
    r"\b(?:said|says?|written|write|writes|print(?:ed|s)?|publish(?:ed|es)?|appear(?:ed|s)?|quote[ds]?|comes?|from)\b"
    rf"[^\"“”„«:?]{{0,40}}[:?]?\s*{_OPENING}(?P<words>.*\w.*){_CLOSING}[\s.?!]*",
    re.DOTALL | re.IGNORECASE,
)
_NEWS = re.compile(r"\b(?:news|headlines?|latest|new(?:est)?|happen(?:ed|s|ing)?|going on|stories|articles|events)\b")
_NO_SUBJECT = frozenset(
    map(
        stem,
        "news headline latest newest new recent recently happen going go stories story article articles report reports "
        "event events summary summarise summarize overview digest briefing brief round-up roundup top main important "
        "biggest major world current affairs give tell show list read day week month year update updates know hear "
        "there here morning evening published publish appear appeared write wrote written say said paper newspaper "
        "archive find search hold exist many please want like see front page lately today something anything "
        "everything thing things".split(),
    )
)
_NOT_HEADLINES = (QuestionKind.FIGURE, QuestionKind.COMPARISON)
_LIMITS = (
    FilterKind.TIME,
    FilterKind.SOURCE,
    FilterKind.SECTION,
    FilterKind.AUTHOR,
    FilterKind.AGENCY,
    FilterKind.AFTER,
    FilterKind.BEFORE,
)
_HOW_MANY_ARTICLES = re.compile(
    r"^\W*(?:and |so )?(?:count|how many|(?:what is )?(?:the )?number of)(?: the)? (?:articles|stories|reports)\b",
    re.IGNORECASE,
)
_ARTICLES_ABOUT = re.compile(
    r"\W*(?:(?:please|can you|could you|i want to|i need) )*"
    r"(?:(?:find|search(?: for)?|look (?:for|up)|show|list|give|get|any)(?: (?:me|us|all|the|some|any|every))* )?"
    r"(?:articles?|stories|reports|coverage)(?: (?:that|which|by|from|in))?,?\s+"
    r"(?:about|on|of|mention(?:s|ing)?|deal(?:s|ing)? with|covering|regarding|concerning|related to|containing)\s+"
    r"(?P<subject>[^?!]{2,120}?)[\s.?!]*",
    re.IGNORECASE,
)


def words_to_find(text: str) -> str:
    """The words whose first print is asked for; empty for other texts.

    They stand in quotation marks, alone or after "where was this said", or were pasted.
    """
    if asked := _WHERE_SAID.fullmatch(text):
        return asked["words"]
    alone = _QUOTATION_ALONE.fullmatch(text)
    if alone and len(alone["words"].split()) >= _FEWEST_WORDS and not re.search('["“”„«»]', alone["words"]):
        return alone["words"]
    return text if len(re.findall(r"\w+", text)) >= _PASTED_WORDS and "?" not in text else ""


def counts_articles(question: Question) -> bool:
    """Whether a question asks how many articles are from a time, a source or an author, and names no subject."""
    is_limited = any(one.kind in _LIMITS for one in question.filters)
    rest = _HOW_MANY_ARTICLES.sub("", _without_conditions(question))
    asks = is_limited and _HOW_MANY_ARTICLES.match(question.search_text)
    return bool(asks) and content_stems(plain(rest)) <= _NO_SUBJECT


def subject_to_list(question: Question) -> str:
    """What the articles are about that a reader wants to see, in "find articles about X"; empty for other questions."""
    asked = _ARTICLES_ABOUT.fullmatch(" ".join(_without_conditions(question).split()))
    return asked["subject"] if asked else ""


def _without_conditions(question: Question) -> str:
    rest = question.search_text
    for one in question.filters:
        rest = rest.replace(one.words, " ") if one.words else rest
    return rest


def asks_for_headlines(question: Question, link: Link) -> bool:
    """Whether a question asks for news, of a time or a source perhaps, and names no subject."""
    if question.follows or question.phrases or question.analysis.kind in _NOT_HEADLINES:
        return False
    if link in (Link.LEANS, Link.COMPLETES):
        return False
    rest = _without_conditions(question)
    is_limited = any(one.kind in _LIMITS for one in question.filters)
    asks = bool(_NEWS.search(rest.lower())) or (is_limited and re.search(r"\w", question.text) is not None)
    return asks and not re.search(r"\d", rest) and content_stems(plain(rest)) <= _NO_SUBJECT
