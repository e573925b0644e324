"""Answers, findings, search hits, articles and timelines for programs, in plain JSON types."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chat.answer import Answer, Evidence, Sentence
from chat.understanding.question import Question
from indexer.storage.syndication import SyndicatedCopy

if TYPE_CHECKING:
    from chat.answering.timeline import TimelineEvent
    from chat.gathering.finding import Finding, Printing
    from chat.gathering.retrieval import Hit
    from corpus.article import Article
    from indexer.storage.archive import Archive


def question_data(question: Question) -> dict[str, Any]:
    """A question as it was understood; `kind` and `value` of a filter are its key."""
    return {
        "question": question.text,
        "searched_for": question.search_text,
        "as_of": question.as_of.isoformat(),
        "filters": [{"kind": str(one.kind), "value": one.key.value, "label": one.label} for one in question.filters],
    }


def answer_data(question: Question, answer: Answer) -> dict[str, Any]:
    """An answer with its evidence."""
    return {
        "question": question.text,
        "understood": [one.label for one in question.filters],
        "status": str(answer.status),
        "notice": answer.notice,
        "asked_at": answer.asked_at.isoformat(),
        "sentences": [sentence_data(sentence) for sentence in answer.sentences],
        "evidence": [evidence_data(one) for one in answer.evidence],
    }


def sentence_data(sentence: Sentence) -> dict[str, Any]:
    """A sentence with the numbers of the evidence that it cites."""
    return {
        "text": sentence.text,
        "support": str(sentence.support),
        "citations": [one.number for one in sentence.citations],
    }


def evidence_data(evidence: Evidence) -> dict[str, Any]:
    """A numbered span with its article."""
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
        "published_at": _moment(article.published_at),
        "url": article.url,
        "score": round(evidence.score, 4),
        "also_printed_by": [_copy_data(one) for one in evidence.copies.listed],
        "more_prints": evidence.copies.more,
    }


def _copy_data(one: SyndicatedCopy) -> dict[str, Any]:
    return {
        "article": one.article_id,
        "version": one.version,
        "title": one.title,
        "source": one.source,
        "published_at": _moment(one.published_at),
        "url": one.url,
    }


def finding_data(finding: "Finding") -> dict[str, Any]:
    """Where words were found; `first` is None when they are not in the archive."""
    return {
        "first": _printing_data(finding.first) if finding.first else None,
        "later": [_printing_data(one) for one in finding.later],
    }


def _printing_data(printing: "Printing") -> dict[str, Any]:
    article = printing.article
    return {
        "text": printing.text,
        "start": printing.start,
        "end": printing.end,
        "likeness": round(printing.likeness, 4),
        **article_reference(article),
    }


def hit_data(hit: "Hit", archive: "Archive") -> dict[str, Any]:
    """A passage that a search found, with its score and what found it."""
    article = archive.article(hit.passage.article_id, hit.passage.version)
    return {
        "text": article.text[hit.start : hit.end],
        "start": hit.start,
        "end": hit.end,
        "score": round(hit.score, 4),
        "why": list(hit.why),
        **article_reference(article),
        "also_printed_by": [_copy_data(one) for one in hit.copies.listed],
    }


def article_data(
    article: "Article", versions: "Sequence[Article]" = (), copies: "Sequence[Article]" = ()
) -> dict[str, Any]:
    """An article with its text, its versions and its syndicated copies."""
    return {
        **article_reference(article),
        "text": article.text,
        "authors": list(article.authors),
        "agency": article.agency,
        "section": article.section,
        "language": article.language,
        "updated_at": _moment(article.updated_at),
        "correction": article.correction,
        "is_withdrawn": article.is_withdrawn,
        "warnings": [str(one) for one in article.warnings],
        "versions": [_version_data(one) for one in versions],
        "copies": [article_reference(one) for one in copies],
    }


def _version_data(article: "Article") -> dict[str, Any]:
    return {
        "version": article.version,
        "title": article.title,
        "published_at": _moment(article.published_at),
        "updated_at": _moment(article.updated_at),
    }


def timeline_data(events: "Sequence[TimelineEvent]") -> list[dict[str, Any]]:
    """The events of a timeline, each with its days and its evidence."""
    return [
        {
            "first": event.happened.first.isoformat(),
            "last": event.happened.last.isoformat(),
            "precision": str(event.happened.precision),
            "is_stated": event.is_stated,
            "words": event.happened.words,
            "text": event.text,
            "evidence": evidence_data(event.evidence),
        }
        for event in events
    ]


def article_reference(article: "Article") -> dict[str, Any]:
    """Which version of which article something is taken from."""
    return {
        "article": article.id,
        "version": article.version,
        "title": article.title,
        "source": article.source,
        "published_at": _moment(article.published_at),
        "url": article.url,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
