"""An answer as plain text, with citation marks and a list of sources."""

from collections.abc import Iterable
from datetime import date

from chat.answer import Answer, Evidence, Status
from chat.publishing.cards import cards, cited
from chat.publishing.links import web_address
from chat.texts.notices import text_of
from chat.texts.table import ENGLISH, Texts
from indexer.storage.syndication import SyndicatedCopies


def plain_text(question: str, answer: Answer, texts: Texts = ENGLISH) -> str:
    """A question, its answer with citation marks, and the list of sources, ready to be pasted elsewhere."""
    sentences = " ".join(
        sentence.text + "".join(f" [{evidence.number}]" for evidence in sentence.citations)
        for sentence in answer.sentences
    )
    doubt = texts("turn.uncertain") if answer.status is Status.UNCERTAIN else ""
    lines = _source_lines(cited(answer.sentences), texts)
    sources = "\n".join((texts("turn.sources"), *lines)) if lines else ""
    return "\n\n".join(filter(None, (question, doubt, sentences, text_of(answer.notices, texts), sources)))


def _source_lines(shown: tuple[Evidence, ...], texts: Texts) -> list[str]:
    copies = copies_lines(shown, texts)
    return [_source_line(one, texts) + (f"\n    {copies[one.number]}" if one.number in copies else "") for one in shown]


def _source_line(evidence: Evidence, texts: Texts) -> str:
    article = evidence.article
    parts = [f"[{evidence.number}] {article.title}", article.source, texts.day(article.published_day)]
    address = web_address(article.url)
    return ", ".join(parts) + (f", {address}" if address else "")


def copies_lines(evidence: Iterable[Evidence], texts: Texts = ENGLISH) -> dict[int, str]:
    """The publishers of syndicated copies in words, under the first number of each article that has some."""
    return {card.evidence[0].number: _copies_line(card.copies, texts) for card in cards(evidence) if card.copies}


def _copies_line(copies: SyndicatedCopies, texts: Texts) -> str:
    names = "; ".join(f"{one.source}, {texts.day(one.published_at)}" for one in copies.listed)
    more = texts("turn.copies_more", copies.more) if copies.more else ""
    return f"{texts('turn.copies')} {names}{more}"


def day(moment: date | None) -> str:
    """A date as a reader writes it: 24 June 2022."""
    return f"{moment.day} {moment:%B %Y}" if moment else "undated"
