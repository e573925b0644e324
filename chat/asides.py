"""Replies that weigh no evidence: who said words first, counts and remarks, lists of articles, headlines."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from chat.answer import Answer, Evidence, Status
from chat.answering.quoting import quotation
from chat.answering.replies import ArchiveStatus, reply
from chat.answering.weighing import NEAREST_ARTICLES
from chat.answering.where_said import finding_answer
from chat.events import Composed, Event, Finished, Gathered
from chat.gathering.coverage import begins_later, count_notice, coverage_notices, subject_coverage, subject_notices
from chat.gathering.finding import find_source_of
from chat.gathering.search import EvidenceSearch
from chat.listing.headlines import headlines, newest_then, nothing_of_then
from chat.listing.subjects import articles_about
from chat.understanding.question import Question
from indexer.search.index import Index


def find_words(question: Question, blank: Answer, index: Index) -> Iterator[Event]:
    """The articles that have the words of a quotation, the first to print them first."""
    answer = finding_answer(
        find_source_of(question.subject, index, as_of=question.as_of), blank.asked_at, blank.notices
    )
    yield Gathered(question, answer.evidence)
    yield Finished(answer)


def reply_to(
    question: Question, blank: Answer, index: Index, status: Callable[[], ArchiveStatus], example: Callable[[], str]
) -> Iterator[Event]:
    """The reply to a remark, or how many articles a subject has."""
    yield Gathered(question, ())
    if question.remark:
        replied = tuple(reply(question.remark, status(), example))
    else:
        coverage = subject_coverage(replace(question, search_text=question.subject), index)
        counted = coverage_notices(coverage) or (count_notice(coverage),)
        replied = begins_later(question, index) or counted
    yield Finished(replace(blank, status=Status.ASIDE, notices=replied))


def list_articles(question: Question, blank: Answer, search: EvidenceSearch) -> Iterator[Event]:
    """The articles about a subject, with how many there are."""
    found = articles_about(question, search)
    answer = replace(blank, notices=blank.notices + subject_notices(question, search.index))
    yield Gathered(question, found)
    if found:
        yield from _in_quotations(answer, found)
    else:
        yield Finished(replace(answer, status=Status.NOT_IN_ARCHIVE))


def list_headlines(question: Question, blank: Answer, index: Index) -> Iterator[Event]:
    """The newest stories of a time and source."""
    newest = headlines(question, index)
    yield Gathered(question, newest)
    if newest:
        yield from _in_quotations(blank, newest)
        return
    others = newest_then(question, index)[:NEAREST_ARTICLES]
    notices = (*blank.notices, *nothing_of_then(others))
    yield Finished(replace(blank, evidence=others, status=Status.NOT_IN_ARCHIVE, notices=notices))


def _in_quotations(answer: Answer, evidence: Sequence[Evidence]) -> Iterator[Event]:
    sentences = tuple(map(quotation, evidence))
    yield from map(Composed, sentences)
    yield Finished(replace(answer, sentences=sentences, evidence=tuple(evidence)))
