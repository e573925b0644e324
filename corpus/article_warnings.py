"""Warnings: why an article is less reliable than others, and how to tell from its text."""

import re
from enum import StrEnum


class ArticleWarning(StrEnum):
    """Why an article is less reliable than others; archives store the value."""

    EXCERPT = "excerpt"
    FUTURE_DATE = "future-date"
    UNREAD_DATE = "unread-date"
    DAMAGED_TEXT = "damaged-text"
    REPAIRED_TEXT = "repaired-text"
    UNSURE_FORM = "unsure-form"


DESCRIPTIONS = {
    ArticleWarning.EXCERPT: "only a summary or the start of the story",
    ArticleWarning.FUTURE_DATE: "dated in the future; read as undated",
    ArticleWarning.UNREAD_DATE: "the date was not understood; read as undated",
    ArticleWarning.DAMAGED_TEXT: "characters were lost in a wrong encoding",
    ArticleWarning.REPAIRED_TEXT: "characters had been read in a wrong encoding before, and were repaired",
    ArticleWarning.UNSURE_FORM: "may not be news: it does not say who published it and when",
}
_SHORT = 1500  # characters; a longer text that ends in three dots is a story with an open end
_LAST_LINE = 300  # characters
_COUNT = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\+\d+ (?:chars|characters|words|more)\]\s*$")
_DOTS = re.compile(r"(?:…|\.\.\.|\[\.\.\.\]|\[…\])$")
_MORE = re.compile(
    r"\b(?:(?:read|continue|see|keep)(?: more| reading| the full (?:story|article)| full (?:story|article))"
    r"|weiterlesen|lire la suite|leer más|seguir leyendo|leia mais|leggi tutto|lees verder|читать далее)\b"
    r"[^.!?\n]{0,80}[.!?:…»>→\s]*$",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"(?:^|[.!?:|»] *|\bplease +|\bor +)"
    r"(?:subscribe|sign (?:in|up)|log ?in|register|become a (?:member|subscriber)|start your (?:free )?trial)\b"
    r"[^.!?\n]{0,60}\b(?:to|for|and) (?:continue|keep|read|access|unlock|view|full)\b"
    r"|\b(?:article|story|content|report) is (?:only |exclusively )?(?:available |reserved )?(?:for|to) "
    r"(?:our |paying |digital )*(?:subscribers|members|registered)"
    r"|\balready a (?:subscriber|member)\b|\b(?:subscribers|members)[- ]only\b"
    r"|\bréservée? aux abonnés\b|\bdéjà abonné\b|\bnur für (?:abonnenten|mitglieder)\b|\bjetzt abonnieren\b"
    r"|\bsolo para suscriptores\b|\bexclusivo para suscriptores\b|\briservato agli abbonati\b",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"\W*(?:removed|deleted|null|none|n/a|no (?:content|description|text)|content unavailable|tbd)\W*", re.IGNORECASE
)


def is_placeholder(text: str) -> bool:
    """Whether a text stands for a missing one, such as `[Removed]`."""
    return len(text) < 40 and bool(_PLACEHOLDER.fullmatch(text))


def without_count(text: str) -> str:
    """The text without a final mark such as `[+2219 chars]`, which counts what was cut off."""
    return _COUNT.sub("…", text) if text.endswith("]") else text


def is_excerpt(text: str) -> bool:
    """Whether a text says at its end that it goes on elsewhere or for subscribers only."""
    last = text.rpartition("\n")[2]
    if len(last) > _LAST_LINE and len(text) > _SHORT:
        return False
    last = last[-_LAST_LINE:]
    return bool(_PAYWALL.search(last) or _MORE.search(last)) or (len(text) < _SHORT and bool(_DOTS.search(last)))


def is_damaged(text: str) -> bool:
    """Whether characters of a text were lost: some of it shows as replacement characters."""
    return "\N{REPLACEMENT CHARACTER}" in text
