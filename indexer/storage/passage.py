"""The passage: the piece of an article that is embedded and searched."""

import hashlib
from dataclasses import dataclass

from corpus.article import Article


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage; `text` is the article version's text[start:end]."""

    id: int  # never reused, so that a derived index can miss a passage but never return a wrong one
    article_id: str
    version: int
    start: int
    end: int
    text: str


def heading(article: Article) -> str:
    """The title, source and date of an article, which are embedded with each passage."""
    day = f", {article.published_at:%d %B %Y}" if article.published_at else ""
    return f"{article.title}\n{article.source}{day}"


def embedded_text(article: Article, text: str) -> str:
    """A passage as it is embedded."""
    return f"{heading(article)}\n{text}"


def text_hash(text: str) -> bytes:
    """The key under which the vector of a text is kept: its SHA-256."""
    return hashlib.sha256(text.encode()).digest()
