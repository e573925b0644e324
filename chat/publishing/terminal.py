"""Answers and findings as lines for a terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chat.answer import Answer, Sentence, Status
from chat.publishing.answer_text import copies_lines
from chat.understanding.question import Question

if TYPE_CHECKING:
    from chat.gathering.finding import Finding, Printing

NOT_IN_ARCHIVE = "The archive does not hold an answer to this."
NOT_FOUND = "Not in this archive."
_SHOWN_CHARACTERS = 300


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
        article = one.article
        day = f"{article.published_at:%d %B %Y}" if article.published_at else "undated"
        yield f"  [{one.number}] {article.title} ({article.source}, {day}) {article.url or ''}".rstrip()
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
    words = " ".join(finding.first.text.split())
    shown = words if len(words) <= _SHOWN_CHARACTERS else words[:_SHOWN_CHARACTERS].rsplit(" ", 1)[0] + " …"
    lines = [f"“{shown}”", f"  {_printing_line(finding.first)}"]
    return [
        *lines,
        *(["Printed later by:"] if finding.later else []),
        *(f"  {_printing_line(one)}" for one in finding.later),
    ]


def _printing_line(printing: "Printing") -> str:
    article = printing.article
    day = f"{article.published_at:%d %B %Y}" if article.published_at else "undated"
    place = f"{printing.start}-{printing.end}"
    return f"{article.title} ({article.source}, {day}, characters {place}) {article.url or ''}".rstrip()
