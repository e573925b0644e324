"""One whole article as the reader pane shows it: marked sentences, versions, syndicated copies, quotations."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from chat.publishing.links import address_of_words
from chat.texts.table import Texts
from corpus.article import Article, DateOrigin
from corpus.article_warnings import ArticleWarning
from corpus.quotations import Quotation, QuotationKind, find_quotations
from corpus.sentences import Span, split_paragraphs, split_sentences
from indexer.errors import ArchiveError
from web.html import article_html
from web.requests import OpenArticle


class Library(Protocol):
    """What the reader pane needs of an archive."""

    def article(self, article_id: str, version: int) -> Article: ...

    def fingerprints(self, article_id: str) -> dict[str, int]: ...

    def copies_of(self, article_id: str) -> list[Article]: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: whether it is marked, and who is reported to have said it."""

    text: str
    marked: bool = False
    is_said: bool = False
    verbatim: bool = False  # quoted, not in the reporter's words
    speaker: str = ""  # empty where nobody is named


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that two versions share, or that one of them lacks."""

    text: str
    kind: str  # "same", "added", "removed"


@dataclass(frozen=True, slots=True)
class OpenedArticle:
    """All that the pane shows of an article."""

    article: Article
    paragraphs: tuple[tuple[Piece, ...], ...]
    versions: tuple[Article, ...]
    copies: tuple[Article, ...]
    quotations: tuple[Piece, ...]
    origin: str  # where the date was found: the key of a text
    address: str | None  # the publisher's page, at the marked words
    against: int | None = None
    changes: tuple[Change, ...] = ()  # since the version `against`
    earlier_title: str = ""  # of the version `against`, where it differs
    warnings: tuple[str, ...] = ()  # why the article is less reliable: keys of texts


def open_article(library: Library, wanted: OpenArticle, request: str, texts: Texts) -> str:
    """The HTML of the pane; it says so when the archive no longer holds the article. `request` is as it came."""
    try:
        article = library.article(wanted.article_id, wanted.version)
        against = library.article(wanted.article_id, wanted.against) if wanted.against else None
    except ArchiveError:
        return article_html(None, "", request, texts)
    marks = " ".join(f"{start}-{end}" for start, end in wanted.marks)
    return article_html(_opened(library, article, wanted, against), marks, request, texts)


def _opened(library: Library, article: Article, wanted: OpenArticle, against: Article | None) -> OpenedArticle:
    quotations = find_quotations(article.text)
    marks = [Span(max(start, 0), min(end, len(article.text))) for start, end in wanted.marks]
    versions = sorted(library.fingerprints(article.id).values())
    return OpenedArticle(
        article=article,
        paragraphs=tuple(
            tuple(_pieces(article.text, span, marks, quotations)) for span in split_paragraphs(article.text)
        ),
        versions=tuple(library.article(article.id, version) for version in versions) if len(versions) > 1 else (),
        copies=tuple(library.copies_of(article.id)),
        quotations=tuple(_said(article.text, one) for one in quotations),
        origin=_origin_key(article.date_origin),
        address=address_of_words(article.url, (article.text[slice(*mark)] for mark in marks)),
        against=against.version if against else None,
        changes=tuple(changes(against.text, article.text)) if against else (),
        earlier_title=against.title if against and against.title != article.title else "",
        warnings=tuple(map(warning_key, article.warnings)),
    )


def warning_key(warning: ArticleWarning) -> str:
    """The key of the text that says why an article is less reliable."""
    return f"warnings.{warning.replace('-', '_')}"


def _origin_key(origin: DateOrigin) -> str:
    return "" if origin is DateOrigin.UNKNOWN else f"origins.{origin.replace(' ', '_').replace('-', '_')}"


def _pieces(text: str, paragraph: Span, marks: Sequence[Span], quotations: Sequence[Quotation]) -> Iterator[Piece]:
    """A paragraph, cut wherever a mark or a quotation starts or ends."""
    spans = [*marks, *(one.words for one in quotations)]
    edges = {edge for span in spans for edge in span if paragraph.start < edge < paragraph.end}
    cuts = sorted({paragraph.start, *edges, paragraph.end})
    for start, end in pairwise(cuts):
        said = next((one for one in quotations if one.words.start <= start and end <= one.words.end), None)
        piece = _said(text, said) if said else Piece("")
        yield replace(piece, text=text[start:end], marked=any(m.start <= start and end <= m.end for m in marks))


def _said(text: str, said: Quotation) -> Piece:
    return Piece(
        text[slice(*said.words)],
        is_said=True,
        verbatim=said.kind is not QuotationKind.INDIRECT,
        speaker=said.speaker_name or "",
    )


def changes(before: str, after: str) -> Iterator[Change]:
    """The sentences of two texts in order, each with which of them holds it."""
    old, new = _sentences(before), _sentences(after)
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (Change(text, "same") for text in old[i:j])
        else:
            yield from (Change(text, "removed") for text in old[i:j])
            yield from (Change(text, "added") for text in new[k:m])


def _sentences(text: str) -> list[str]:
    return [text[slice(*span)] for span in split_sentences(text)]
