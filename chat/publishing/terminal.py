"""Answers and findings as lines for a terminal."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chat.answer import MAY_NOT_HOLD_IT, Answer, Sentence, Status
from chat.answering.quoting import in_marks
from chat.publishing.answer_text import copies_lines
from chat.understanding.question import Question
from corpus.article import clean_line

if TYPE_CHECKING:
    from chat.gathering.finding import Finding, Printing
    from chat.gathering.retrieval import Hit
    from chat.publishing.receipts import Checked, CheckedSentence
    from corpus.article import Article
    from indexer.storage.archive import Archive

NOT_IN_ARCHIVE = "The archive does not hold an answer to this."
NOT_FOUND = "Not in this archive."
_SHOWN_CHARACTERS = 300


def opening_lines(status: Status) -> Iterator[str]:
    """What precedes the sentences of an answer."""
    if status is Status.UNCERTAIN:
        yield MAY_NOT_HOLD_IT


def closing_lines(answer: Answer) -> Iterator[str]:
    """What follows the sentences of an answer: whether it is missing, the notice, the sources."""
    if answer.status is Status.NOT_IN_ARCHIVE:
        yield NOT_IN_ARCHIVE
    if answer.notice:
        yield answer.notice if answer.status is Status.ASIDE else f"({answer.notice})"
    yield from source_lines(answer)


def sentence_line(sentence: Sentence) -> str:
    """A sentence with its citation marks."""
    return f"{sentence.text} {''.join(f'[{one.number}]' for one in sentence.citations)}".strip()


def source_lines(answer: Answer) -> Iterator[str]:
    """The cited sources or, when the archive holds no answer, the nearest articles."""
    missing = answer.status is Status.NOT_IN_ARCHIVE
    cited = {one.number for sentence in answer.sentences for one in sentence.citations}
    shown = [one for one in answer.evidence if missing or one.number in cited]
    if shown:
        yield "Nearest articles:" if missing else "Sources:"
    copies = copies_lines(shown)
    for one in shown:
        yield f"  [{one.number}] {_article_line(one.article)}"
        if one.number in copies:
            yield f"      {copies[one.number]}"


def explanation_lines(question: Question) -> Iterator[str]:
    """How the question was understood."""
    yield f"searched for: {question.search_text}"
    yield f"as of: {question.as_of:%d %B %Y %H:%M} UTC"
    yield from (f"understood: {one.label}" for one in question.filters)


def finding_lines(finding: "Finding") -> list[str]:
    """Where words were found, and the articles that printed them later."""
    if finding.first is None:
        return [NOT_FOUND]
    lines = [in_marks(_shortened(finding.first.text)), f"  {_printing_line(finding.first)}"]
    return [
        *lines,
        *(["Printed later by:"] if finding.later else []),
        *(f"  {_printing_line(one)}" for one in finding.later),
    ]


def checked_lines(
    citations: "Sequence[Checked]", sentences: "Sequence[CheckedSentence]", signer: str | None
) -> Iterator[str]:
    """The checks of a receipt: a line for each citation and each sentence that does not hold, and for the signature."""
    for one in citations:
        yield f"[{one.number}] {one.outcome}: {clean_line(one.title)}{f' ({one.why})' if one.why else ''}"
    for sentence in (one for one in sentences if not one.holds):
        yield f"sentence {sentence.place}, {_shortened(clean_line(sentence.text))!r}: {sentence.fault}"
    yield f"signed by {signer}" if signer else "not signed"
    holding = [sum(one.holds for one in some) for some in (citations, sentences)]
    yield f"{holding[0]} of {len(citations)} citations and {holding[1]} of {len(sentences)} sentences hold"


def hit_lines(hit: "Hit", archive: "Archive") -> Iterator[str]:
    """A passage that a search found, with its score and what found it."""
    article = archive.article(hit.passage.article_id, hit.passage.version)
    yield f"{hit.score:.3f}  {_article_line(article)}"
    yield f"       {', '.join(hit.why)}"
    yield f"       {_shortened(article.text[hit.start : hit.end])}"


def _printing_line(printing: "Printing") -> str:
    return _article_line(printing.article, f", characters {printing.start}-{printing.end}")


def _article_line(article: "Article", place: str = "") -> str:
    day = f"{article.published_locally:%d %B %Y}" if article.published_locally else "undated"
    return f"{article.title} ({article.source}, {day}{place}) {article.url or ''}".rstrip()


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN_CHARACTERS else words[:_SHOWN_CHARACTERS].rsplit(" ", 1)[0] + " …"
