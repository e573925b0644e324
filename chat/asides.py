"""Replies that weigh no evidence: who said words first, counts and remarks, lists of articles, headlines."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from chat.answer import Answer, Evidence, Status
from chat.answering.quoting import quotation
from chat.answering.replies import ArchiveStatus, reply
from chat.answering.weighing import NEAREST_ARTICLES
from chat.answering.where_said import finding_answer
from chat.events import Composed, Event, Finished, Gathered
from chat.gathering.coverage import (
    begins_later,
    count_sentence,
    coverage_notice,
    coverage_sentence,
    subject_coverage,
)
from chat.gathering.finding import find_source_of
from chat.gathering.search import EvidenceSearch
from chat.listing.headlines import headlines, newest_then, nothing_of_then
from chat.listing.subjects import articles_about
from chat.understanding.question import Question
from indexer.search.index import Index


def find_words(question: Question, blank: Answer, index: Index) -> Iterator[Event]:
    """The articles that have the words of a quotation, the first to print them first."""
    answer = finding_answer(find_source_of(question.subject, index, as_of=question.as_of), blank.asked_at, blank.notice)
    yield Gathered(question, answer.evidence)
    yield Finished(answer)


def reply_to(
    question: Question, blank: Answer, index: Index, status: Callable[[], ArchiveStatus], example: Callable[[], str]
) -> Iterator[Event]:
    """The reply to a remark, or how many articles a subject has."""
    yield Gathered(question, ())
    if question.remark:
        text = reply(question.remark, status(), example)
    else:
        coverage = subject_coverage(replace(question, search_text=question.subject), index)
        counted = coverage_sentence(coverage, "the archive") if coverage.words else count_sentence(coverage)
        text = begins_later(question, index) or counted
    yield Finished(replace(blank, status=Status.ASIDE, notice=text))


def list_articles(question: Question, blank: Answer, search: EvidenceSearch) -> Iterator[Event]:
    """The articles about a subject, with how many there are."""
    found = articles_about(question, search)
    notice = joined(blank.notice, coverage_notice(question, search.index, "the archive"))
    yield Gathered(question, found)
    if found:
        yield from _in_quotations(replace(blank, notice=notice), found)
    else:
        yield Finished(replace(blank, status=Status.NOT_IN_ARCHIVE, notice=notice))


def list_headlines(question: Question, blank: Answer, index: Index) -> Iterator[Event]:
    """The newest stories of a time and source."""
    newest = headlines(question, index)
    yield Gathered(question, newest)
    if newest:
        yield from _in_quotations(blank, newest)
        return
    others = newest_then(question, index)[:NEAREST_ARTICLES]
    notice = joined(blank.notice, nothing_of_then(others))
    yield Finished(replace(blank, evidence=others, status=Status.NOT_IN_ARCHIVE, notice=notice))


def joined(*notices: str) -> str:
    """Notices as one text."""
    return " ".join(filter(None, notices))


def _in_quotations(answer: Answer, evidence: Sequence[Evidence]) -> Iterator[Event]:
    sentences = tuple(map(quotation, evidence))
    yield from map(Composed, sentences)
    yield Finished(replace(answer, sentences=sentences, evidence=tuple(evidence)))
