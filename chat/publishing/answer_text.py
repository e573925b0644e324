"""An answer as plain text, with citation marks and a list of sources."""

from collections.abc import Iterable
from datetime import date

from chat.answer import MAY_NOT_HOLD_IT, Answer, Evidence, Status
from chat.publishing.cards import cards, cited
from chat.publishing.links import web_address
from indexer.storage.syndication import SyndicatedCopies


def plain_text(question: str, answer: Answer) -> str:
    """A question, its answer with citation marks, and the list of sources, ready to be pasted elsewhere."""
    sentences = " ".join(
        sentence.text + "".join(f" [{evidence.number}]" for evidence in sentence.citations)
        for sentence in answer.sentences
    )
    doubt = MAY_NOT_HOLD_IT if answer.status is Status.UNCERTAIN else ""
    sources = _source_lines(cited(answer.sentences))
    return "\n\n".join(
        filter(None, (question, doubt, sentences, answer.notice, "\n".join(("Sources", *sources)) if sources else ""))
    )


def _source_lines(shown: tuple[Evidence, ...]) -> list[str]:
    copies = copies_lines(shown)
    return [_source_line(one) + (f"\n    {copies[one.number]}" if one.number in copies else "") for one in shown]


def _source_line(evidence: Evidence) -> str:
    article = evidence.article
    parts = [f"[{evidence.number}] {article.title}", article.source, day(article.published_day)]
    address = web_address(article.url)
    return ", ".join(parts) + (f", {address}" if address else "")


def copies_lines(evidence: Iterable[Evidence]) -> dict[int, str]:
    """The publishers of syndicated copies in words, under the first number of each article that has some."""
    return {card.evidence[0].number: _copies_line(card.copies) for card in cards(evidence) if card.copies}


def _copies_line(copies: SyndicatedCopies) -> str:
    names = [f"{one.source}, {day(one.published_at)}" for one in copies.listed]
    return f"also printed by {'; '.join(names)}{and_more(copies)}"


def and_more(copies: SyndicatedCopies) -> str:
    """How many syndicated copies there are beside those that are listed, in words."""
    return f"; and {copies.more} more" if copies.more else ""


def day(moment: date | None) -> str:
    """A date as a reader writes it: 24 June 2022."""
    return f"{moment.day} {moment:%B %Y}" if moment else "undated"
