"""The passage: the piece of an article that is embedded and searched."""

import hashlib
from dataclasses import dataclass

from corpus.article import Article


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage; `text` is the article version's text[start:end]."""

    id: int  # never used twice, so that a derived index can only miss a passage, never show a wrong one
    article_id: str
    version: int
    start: int
    end: int
    text: str


def heading(article: Article) -> str:
    """What the embedder is told of an article beside each passage: title, source and date."""
    day = f", {article.published_at:%d %B %Y}" if article.published_at else ""
    return f"{article.title}\n{article.source}{day}"


def embedded_text(article: Article, text: str) -> str:
    """A passage as the embedder reads it."""
    return f"{heading(article)}\n{text}"


def text_hash(text: str) -> bytes:
    """The key under which the vector of a text is kept: its SHA-256."""
    return hashlib.sha256(text.encode()).digest()
