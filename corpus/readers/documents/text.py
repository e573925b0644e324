"""Articles in the text of a document: an export of a database, or a single article as it was printed."""

import re
from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article, Unreadable
from corpus.readers.checking import unsure
from corpus.readers.documents.exports import articles_of_export, is_export
from corpus.readers.documents.printed_page import article_of_printed_text
from corpus.readers.form import ReaderError, ReadOptions

_LONGEST_TITLE = 250  # characters
_LETTERS = 20
_CODE = re.compile(r"[{};]\s*$|^\s*(?:import|from|def|class|function|var|const|return|#include)\b", re.MULTILINE)
_CODE_SHARE = 0.2  # of the lines


def articles_of_text(text: str, path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """The articles of a document's text; raises CorpusError when it is none.

    A single article without a byline, an agency, a publisher or an address gets a warning: a contract or a CV has a
    title, a text and often a date as well.
    """
    text = text.strip().replace("\r\n", "\n").replace("\r", "\n")
    if is_export(text):
        yield from articles_of_export(text, path, options)
        return
    if sum(character.isalpha() for character in text[:2000]) < _LETTERS:
        raise ReaderError("no text of a story")
    if len(text.partition("\n")[0]) > _LONGEST_TITLE:
        raise ReaderError("no title; put one on the first line")
    lines = [line for line in text[:20_000].splitlines() if line.strip()]
    if len(_CODE.findall(text[:20_000])) > _CODE_SHARE * len(lines):
        raise ReaderError("program code, not an article")
    article = article_of_printed_text(text, options)
    yield article if _is_marked_as_news(article) else unsure(article)


def _is_marked_as_news(article: Article) -> bool:
    return bool(article.agency or article.url or article.authors) or article.source != "unknown source"
