"""Answers, findings and search hits for programs, in plain JSON types."""

from typing import TYPE_CHECKING, Any

from chat.answer import Answer, Evidence, Sentence
from chat.understanding.question import Question
from indexer.storage.syndication import SyndicatedCopy

if TYPE_CHECKING:
    from chat.gathering.finding import Finding, Printing
    from chat.gathering.retrieval import Hit
    from corpus.article import Article
    from indexer.storage.archive import Archive


def answer_data(question: Question, answer: Answer) -> dict[str, Any]:
    """An answer with its evidence."""
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
        "also_printed_by": [_copy_data(one) for one in evidence.copies.listed],
        "more_prints": evidence.copies.more,
    }


def _copy_data(one: SyndicatedCopy) -> dict[str, Any]:
    return {
        "article": one.article_id,
        "version": one.version,
        "title": one.title,
        "source": one.source,
        "published_at": one.published_at.isoformat() if one.published_at else None,
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
        **_article_data(article),
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
        **_article_data(article),
        "also_printed_by": [_copy_data(one) for one in hit.copies.listed],
    }


def _article_data(article: "Article") -> dict[str, Any]:
    return {
        "article": article.id,
        "version": article.version,
        "title": article.title,
        "source": article.source,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "url": article.url,
    }
