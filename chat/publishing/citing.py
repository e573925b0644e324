"""The HTML and plain text in which a reader sees an answer: every word escaped, every link built from checked parts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from html import escape as escape_html
from itertools import groupby
from urllib.parse import quote

from chat.answer import MAY_NOT_HOLD_IT, Answer, Evidence, Sentence, Status, Support
from chat.events import Composed, Drafted, Event, Finished, Gathered
from corpus.addresses import normalise_address
from corpus.article import Article
from indexer.storage.syndication import SyndicatedCopies, SyndicatedCopy

_BLANK_LINE = re.compile(r"\n\s*\n")
_FRAGMENT_WORDS = 5  # at each end of a long quotation: enough to be found once, short enough to survive an edit
_DOUBTS = {
    Support.WEAK: "Close to its source, but not the same: read the source.",
    Support.UNSUPPORTED: "Not found in the source: do not rely on it.",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """A question and its answer as far as it is."""

    question: str
    evidence: tuple[Evidence, ...] | None = None  # None while the archive is being searched
    sentences: tuple[Sentence, ...] = ()
    draft: str = ""
    answer: Answer | None = None
    failure: str = ""  # why there will be no answer
    uncertain: bool = False  # the archive may not hold the answer

    def after(self, event: Event) -> "Progress":
        """What is to be seen once this event has happened."""
        match event:
            case Gathered(evidence=evidence, status=status):
                return replace(self, evidence=evidence, uncertain=status is Status.UNCERTAIN)
            case Drafted(text):
                return replace(self, draft=text)
            case Composed(sentence):
                return replace(self, sentences=(*self.sentences, sentence), draft="")
            case Finished(answer):
                return replace(self, evidence=answer.evidence, sentences=answer.sentences, draft="", answer=answer)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.answer is not None or bool(self.failure)

    @property
    def missing(self) -> bool:
        """Whether the archive turned out not to hold the answer."""
        return self.answer is not None and self.answer.status is Status.NOT_IN_ARCHIVE


@dataclass(frozen=True, slots=True)
class Card:
    """One version of an article and the evidence that was taken from it, in the order of its numbers."""

    article: Article
    evidence: tuple[Evidence, ...]

    @property
    def copies(self) -> SyndicatedCopies:
        """Of the article's story by others."""
        return self.evidence[0].copies


def escape(text: str) -> str:
    """Text that means nothing to HTML, nor, being one line, to Markdown within a block of HTML."""
    return escape_html(text).replace("\r", "&#13;").replace("\n", "&#10;")


def cited(sentences: Iterable[Sentence]) -> tuple[Evidence, ...]:
    """The evidence that the sentences cite, each once, by number."""
    found = {evidence.number: evidence for sentence in sentences for evidence in sentence.citations}
    return tuple(found[number] for number in sorted(found))


def cards(evidence: Iterable[Evidence]) -> tuple[Card, ...]:
    """One card an article, in the order in which the articles first appear."""
    grouped: dict[tuple[str, int], list[Evidence]] = {}
    for item in evidence:
        grouped.setdefault((item.article.id, item.article.version), []).append(item)
    return tuple(Card(items[0].article, tuple(items)) for items in grouped.values())


def masthead_html(line: str) -> str:
    """The head of the page, with one line about the archive."""
    return f'<header class="masthead"><h1>Dateline</h1><p>{escape(line)}</p></header>'


def day(moment: date | None) -> str:
    """A date as a reader writes it: 24 June 2022."""
    return f"{moment.day} {moment:%B %Y}" if moment else "undated"


def original_address(card: Card) -> str | None:
    """The article's own address, pointing at the quoted words (https://wicg.github.io/scroll-to-text-fragment/).

    None when the article has no http(s) address.
    """
    address = _web_address(card.article.url)
    if address is None:
        return None
    directives = "&".join(f"text={_text_directive(item.text)}" for item in card.evidence if item.text.strip())
    return f"{address}#:~:{directives}" if directives else address


def _web_address(url: str | None) -> str | None:
    address = normalise_address(url) if url else None
    return address if address and address.startswith(("https://", "http://")) else None


def _text_directive(text: str) -> str:
    words = text.split()
    if len(words) <= 2 * _FRAGMENT_WORDS:
        return _fragment_part(words)
    return f"{_fragment_part(words[:_FRAGMENT_WORDS])},{_fragment_part(words[-_FRAGMENT_WORDS:])}"


def _fragment_part(words: list[str]) -> str:
    return quote(" ".join(words), safe="").replace("-", "%2D")


def plain_text(question: str, answer: Answer) -> str:
    """A question, its answer with citation marks, and the list of sources, as one copies them into a letter."""
    sentences = " ".join(
        sentence.text + "".join(f" [{evidence.number}]" for evidence in sentence.citations)
        for sentence in answer.sentences
    )
    doubt = MAY_NOT_HOLD_IT if answer.status is Status.UNCERTAIN else ""
    shown = cited(answer.sentences)
    others = also_printed(shown)
    sources = [_source_line(one) + (f"\n    {others[one.number]}" if one.number in others else "") for one in shown]
    return "\n\n".join(
        filter(None, (question, doubt, sentences, answer.notice, "\n".join(("Sources", *sources)) if sources else ""))
    )


def _source_line(evidence: Evidence) -> str:
    article = evidence.article
    parts = [f"[{evidence.number}] {article.title}", article.source, day(article.published_at)]
    address = normalise_address(article.url) if article.url else None
    return ", ".join(parts) + (f", {address}" if address else "")


def also_printed(evidence: Iterable[Evidence]) -> dict[int, str]:
    """Who else printed a story, in words, under the first number of each article whose story others print."""
    return {card.evidence[0].number: _copies_line(card.copies) for card in cards(evidence) if card.copies}


def _copies_line(copies: SyndicatedCopies) -> str:
    names = [f"{one.source}, {day(one.published_at)}" for one in copies.listed]
    return f"also printed by {'; '.join(names)}{_and_more(copies)}"


def _and_more(copies: SyndicatedCopies) -> str:
    return f"; and {copies.more} more" if copies.more else ""


def turn_html(number: int, progress: Progress, *, latest: bool) -> str:
    """One turn of a conversation; `number` tells its elements from those of the other turns on the page."""
    state = " is-latest" if latest else ""
    return (
        f'<section class="turn{state}" id="turn-{number}" aria-busy="{"false" if progress.is_over else "true"}">'
        f'<div class="said"><h2 class="question">{escape(progress.question)}</h2>{_answer_html(number, progress)}</div>'
        f"{_sources_html(number, progress, latest=latest)}</section>"
    )


def _answer_html(number: int, progress: Progress) -> str:
    body = "".join(_paragraphs_html(number, progress.sentences))
    if progress.draft:
        body += f'<p class="draft">{escape(progress.draft)}</p>'
    if progress.uncertain:
        body = f'<p class="uncertain">{escape(MAY_NOT_HOLD_IT)}</p>{body}'
    if progress.missing:
        body = (
            f'<div class="missing" role="status">{body or "<p>The archive does not hold an answer to this.</p>"}</div>'
        )
    if progress.answer and progress.answer.status is Status.ASIDE:
        body = f"<p>{escape(progress.answer.notice)}</p>"
    return f'<div class="answer">{body}</div>{_remarks_html(progress)}{_tools_html(progress)}'


def _paragraphs_html(number: int, sentences: tuple[Sentence, ...]) -> Iterator[str]:
    """Quotations stand alone; what was written runs on in one paragraph."""
    for quoted, run in groupby(sentences, lambda sentence: sentence.support is Support.QUOTED):
        shown = [_sentence_html(number, sentence) for sentence in run]
        yield "".join(f'<p class="quoted">{one}</p>' for one in shown) if quoted else f"<p>{' '.join(shown)}</p>"


def _sentence_html(number: int, sentence: Sentence) -> str:
    doubt = _DOUBTS.get(sentence.support)
    title = f' title="{escape(doubt)}"' if doubt else ""
    marks = "".join(_citation_html(number, evidence) for evidence in sentence.citations)
    return f'<span class="sentence {sentence.support.value}"{title}>{escape(sentence.text)}</span>{marks}'


def _citation_html(number: int, evidence: Evidence) -> str:
    article = evidence.article
    label = f"Source {evidence.number}: {article.source}, {day(article.published_at)}"
    return (
        f'<button type="button" class="citation" data-citation="{_source_id(number, evidence)}" '
        f'aria-label="{escape(label)}" title="{escape(label)}">[{evidence.number}]</button>'
    )


def _source_id(number: int, evidence: Evidence) -> str:
    return f"source-{number}-{evidence.number}"


def _remarks_html(progress: Progress) -> str:
    remarks = [
        f'<p class="remark {support.value}">{escape(doubt)}</p>'
        for support, doubt in _DOUBTS.items()
        if any(sentence.support is support for sentence in progress.sentences)
    ]
    if progress.answer is None and not progress.failure:
        remarks.append(f'<p class="remark working" role="status">{_working(progress)}</p>')
    if progress.answer and progress.answer.status is Status.PARTIAL:
        remarks.append('<p class="remark">The archive holds only a part of the answer.</p>')
    if progress.answer and progress.answer.notice and progress.answer.status is not Status.ASIDE:
        remarks.append(f'<p class="remark notice">{escape(progress.answer.notice)}</p>')
    if progress.failure:
        remarks.append(f'<p class="remark failure" role="alert">{escape(progress.failure)}</p>')
    return "".join(remarks)


def _working(progress: Progress) -> str:
    if progress.evidence is None:
        return "Searching the archive"
    articles = len(cards(progress.evidence))
    return f"Reading {articles} article{'' if articles == 1 else 's'}"


def _tools_html(progress: Progress) -> str:
    if progress.answer is None or not progress.answer.sentences:
        return ""
    text = escape(plain_text(progress.question, progress.answer))
    return f'<p class="tools"><button type="button" data-copy="{text}">Copy answer</button></p>'


def _sources_html(number: int, progress: Progress, *, latest: bool) -> str:
    heading = "Nearest articles" if progress.missing else "Sources"
    shown = cards((progress.evidence or ()) if progress.missing else cited(progress.sentences))
    if not shown:
        return ""
    items = "".join(_card_html(number, card, numbered=not progress.missing) for card in shown)
    return (
        f'<details class="sources"{" open" if latest else ""}><summary>{heading} '
        f'<span class="count">{len(shown)}</span></summary><ol class="cards">{items}</ol></details>'
    )


def _card_html(number: int, card: Card, *, numbered: bool) -> str:
    article = card.article
    numbers = "".join(f"<span>{item.number}</span>" for item in card.evidence) if numbered else ""
    correction = f'<p class="correction">Correction: {escape(article.correction)}</p>' if article.correction else ""
    return (
        f'<li class="card" tabindex="-1"><p class="numbers" aria-hidden="true">{numbers}</p>'
        f"<h3>{escape(article.title)}</h3>"
        f'<p class="meta">{_meta_html(article)}</p>{correction}{_copies_html(card.copies)}'
        f'<div class="excerpt">{_excerpt_html(number, card, numbered=numbered)}</div>{_original_html(card)}</li>'
    )


def _meta_html(article: Article) -> str:
    published = article.published_at
    date = f'<time datetime="{published.date().isoformat()}">{day(published)}</time>' if published else "undated"
    version = [f"version {article.version}"] if article.version > 1 else []
    if article.correction:
        version.append("corrected")
    parts = [f"<strong>{escape(article.source)}</strong>", date]
    parts += [f"By {escape(', '.join(article.authors))}"] if article.authors else []
    parts += [escape(article.agency)] if article.agency else []
    parts += [f'<em class="version">{", ".join(version)}</em>'] if version else []
    return "".join(f"<span>{part}</span>" for part in parts)


def _copies_html(copies: SyndicatedCopies) -> str:
    if not copies:
        return ""
    names = "; ".join(f"{_copy_html(one)}, {day(one.published_at)}" for one in copies.listed)
    return f'<p class="prints">Also printed by {names}{_and_more(copies)}</p>'


def _copy_html(one: SyndicatedCopy) -> str:
    address, said = _web_address(one.url), f'title="{escape(one.title)}">{escape(one.source)}'
    if address is None:
        return f"<span {said}</span>"
    return (
        f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer nofollow" {said}'
        '<span class="unseen"> (opens in a new tab)</span></a>'
    )


def _original_html(card: Card) -> str:
    address = original_address(card)
    if address is None:
        return ""
    return (
        f'<a class="original" href="{escape(address)}" target="_blank" rel="noopener noreferrer nofollow">'
        f'Read the original<span class="unseen">: {escape(card.article.title)} (opens in a new tab)</span></a>'
    )


def _excerpt_html(number: int, card: Card, *, numbered: bool) -> str:
    """The paragraphs that hold the evidence, and folded beside them the ones before and after."""
    spans = _paragraph_spans(card.article.text)
    shown = {index for index, span in enumerate(spans) if any(_overlap(span, item) for item in card.evidence)}
    folded = {beside for index in shown for beside in (index - 1, index + 1)} & set(range(len(spans))) - shown
    parts = []
    for index in sorted(shown | folded):
        paragraph = _marked_html(number, card, spans[index], numbered=numbered)
        if index in shown:
            parts.append(f"<p>{paragraph}</p>")
        else:
            place = "before" if index + 1 in shown else "after"
            parts.append(f'<details class="beside"><summary>Paragraph {place}</summary><p>{paragraph}</p></details>')
    return "".join(parts)


def _paragraph_spans(text: str) -> list[tuple[int, int]]:
    gaps = list(_BLANK_LINE.finditer(text))
    starts = [0, *(gap.end() for gap in gaps)]
    ends = [*(gap.start() for gap in gaps), len(text)]
    return list(zip(starts, ends, strict=True))


def _overlap(span: tuple[int, int], evidence: Evidence) -> bool:
    return evidence.start < span[1] and span[0] < evidence.end


def _marked_html(number: int, card: Card, span: tuple[int, int], *, numbered: bool) -> str:
    """A paragraph with its evidence marked; what overlaps shares a mark, and an anchor stands where each starts."""
    text, position, parts = card.article.text, span[0], []
    for start, end, items in _merged(card.evidence, span):
        anchors = "".join(f'<span id="{_source_id(number, item)}"></span>' for item in items if item.start >= span[0])
        numbers = ", ".join(str(item.number) for item in items)
        attribute = f' data-number="{numbers}"' if numbered else ""
        parts += [
            escape(text[position:start]),
            f"<mark{attribute}>{anchors}{escape(text[start:end])}</mark>",
        ]
        position = end
    return "".join((*parts, escape(text[position : span[1]])))


def _merged(evidence: Iterable[Evidence], span: tuple[int, int]) -> list[tuple[int, int, list[Evidence]]]:
    """The parts of a span that evidence covers, in order, each with the evidence that covers it."""
    merged: list[tuple[int, int, list[Evidence]]] = []
    for item in sorted((one for one in evidence if _overlap(span, one)), key=lambda one: (one.start, one.number)):
        start, end = max(item.start, span[0]), min(item.end, span[1])
        if merged and start < merged[-1][1]:
            first, last, items = merged[-1]
            merged[-1] = (first, max(last, end), [*items, item])
        else:
            merged.append((start, end, [item]))
    return merged
