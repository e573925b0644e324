"""One whole article as the reader pane shows it: marked sentences, versions, syndicated copies, quotations."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from chat.publishing.links import address_of_words
from corpus.article import Article, DateOrigin
from corpus.quotations import Quotation, find_quotations
from corpus.sentences import Span, split_paragraphs, split_sentences
from indexer.errors import ArchiveError
from web.html import article_html
from web.requests import OpenArticle

_ORIGINS = {
    DateOrigin.JSON_LD: "in the page's data for search engines",
    DateOrigin.META: "in the page's head",
    DateOrigin.TIME_TAG: "in a time element of the page",
    DateOrigin.FEED: "in the feed",
    DateOrigin.ADDRESS: "in the address",
    DateOrigin.TEXT: "in the text",
    DateOrigin.FIELD: "in a field of the file",
    DateOrigin.UNKNOWN: "",
}


class Library(Protocol):
    """What the reader pane needs of an archive."""

    def article(self, article_id: str, version: int) -> Article: ...

    def fingerprints(self, article_id: str) -> dict[str, int]: ...

    def copies_of(self, article_id: str) -> list[Article]: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph: whether it is marked, and who said it where it is a quotation."""

    text: str
    marked: bool = False
    quoted: bool = False
    speaker: str = ""


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
    quotations: tuple[tuple[str, str], ...]  # the speaker, if known, and the words
    origin: str  # where the date was found, in words
    address: str | None  # the publisher's page, at the marked words
    against: int | None = None
    changes: tuple[Change, ...] = ()  # since the version `against`


def open_article(library: Library, wanted: OpenArticle) -> str:
    """The HTML of the pane; it says so when the archive no longer holds the article."""
    try:
        article = library.article(wanted.article_id, wanted.version)
        against = library.article(wanted.article_id, wanted.against) if wanted.against else None
    except ArchiveError:
        return article_html(None, "")
    return article_html(_opened(library, article, wanted, against), " ".join(f"{a}-{b}" for a, b in wanted.marks))


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
        quotations=tuple((one.speaker_name or "", article.text[slice(*one.words)]) for one in quotations),
        origin=_ORIGINS[article.date_origin],
        address=address_of_words(article.url, (article.text[slice(*mark)] for mark in marks)),
        against=against.version if against else None,
        changes=tuple(changes(against.text, article.text)) if against else (),
    )


def _pieces(text: str, paragraph: Span, marks: Sequence[Span], quotations: Sequence[Quotation]) -> Iterator[Piece]:
    """A paragraph, cut wherever a mark or a quotation starts or ends."""
    spans = [*marks, *(one.words for one in quotations)]
    edges = {edge for span in spans for edge in span if paragraph.start < edge < paragraph.end}
    cuts = sorted({paragraph.start, *edges, paragraph.end})
    for start, end in zip(cuts, cuts[1:], strict=False):
        said = next((one for one in quotations if one.words.start <= start and end <= one.words.end), None)
        yield Piece(
            text[start:end],
            marked=any(mark.start <= start and end <= mark.end for mark in marks),
            quoted=said is not None,
            speaker=(said and said.speaker_name) or "",
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
