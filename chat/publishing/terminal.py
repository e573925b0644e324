"""Answers as they are shown in a terminal or to a program."""

from collections.abc import Iterator
from typing import Any

from chat.answer import Answer, Evidence, Sentence, Status
from chat.publishing.citing import also_printed
from chat.understanding.question import Question
from indexer.prints import Print

NOT_IN_ARCHIVE = "The archive does not hold an answer to this."


def sentence_line(sentence: Sentence) -> str:
    """A sentence with its citation marks."""
    return f"{sentence.text} {''.join(f'[{one.number}]' for one in sentence.citations)}".strip()


def source_lines(answer: Answer) -> Iterator[str]:
    """The cited sources or, beside silence, the nearest articles."""
    silent = answer.status is Status.NOT_IN_ARCHIVE
    cited = {one.number for sentence in answer.sentences for one in sentence.citations}
    shown = [one for one in answer.evidence if silent or one.number in cited]
    if shown:
        yield "Nearest articles:" if silent else "Sources:"
    others = also_printed(shown)
    for one in shown:
        article = one.article
        day = f"{article.published_at:%d %B %Y}" if article.published_at else "undated"
        yield f"  [{one.number}] {article.title} ({article.source}, {day}) {article.url or ''}".rstrip()
        if one.number in others:
            yield f"      {others[one.number]}"


def explained(question: Question) -> Iterator[str]:
    """What was understood, a line each."""
    yield f"searched for: {question.search_text}"
    yield f"as of: {question.as_of:%d %B %Y %H:%M} UTC"
    yield from (f"understood: {one.label}" for one in question.filters)


def as_data(question: Question, answer: Answer) -> dict[str, Any]:
    """An answer for programs, in plain JSON types."""
    return {
        "question": question.text,
        "understood": [one.label for one in question.filters],
        "status": str(answer.status),
        "notice": answer.notice,
        "asked_at": answer.asked_at.isoformat(),
        "sentences": [_sentence_data(sentence) for sentence in answer.sentences],
        "evidence": [_evidence_data(one) for one in answer.evidence],
    }


def _sentence_data(sentence: Sentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "support": str(sentence.support),
        "citations": [one.number for one in sentence.citations],
    }


def _evidence_data(evidence: Evidence) -> dict[str, Any]:
    article = evidence.article
    return {
        "number": evidence.number,
        "text": evidence.text,
        "start": evidence.start,
        "end": evidence.end,
        "article": article.id,
        "version": article.version,
        "title": article.title,
        "source": article.source,
        "authors": list(article.authors),
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "url": article.url,
        "score": round(evidence.score, 4),
        "also_printed_by": [_print_data(one) for one in evidence.prints.listed],
        "more_prints": evidence.prints.more,
    }


def _print_data(one: Print) -> dict[str, Any]:
    return {
        "article": one.article_id,
        "version": one.version,
        "title": one.title,
        "source": one.source,
        "published_at": one.published_at.isoformat() if one.published_at else None,
        "url": one.url,
    }
