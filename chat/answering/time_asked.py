"""Whether what an answer cites is of the time that its question names, and what the reader is told where it is not."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from chat.answer import Answer, Evidence, Sentence, Status
from chat.answering.weighing import Asking
from chat.english.calendar_words import month_start
from chat.english.days import blank_days
from chat.english.event_dates import Precision, event_dates
from chat.english.intervals import Interval, contains, days_of, is_before, lies_in, overlap
from chat.english.plain_text import plain
from chat.english.synonyms import in_other_words
from chat.english.written_dates import find_written_dates
from chat.texts.days import Days
from chat.texts.notices import Notice, NoticeKind
from chat.understanding.kinds import QuestionKind
from chat.understanding.question import Question
from indexer.search.stemming import terms

_COARSE = (Precision.SEASON, Precision.YEAR)
_A_DAY = timedelta(days=1)


def cited_by(sentences: Sequence[Sentence]) -> tuple[Evidence, ...]:
    """The evidence that sentences cite, each piece once, in their order."""
    return tuple(dict.fromkeys(one for sentence in sentences for one in sentence.citations))


def judged_by_time(askings: Sequence[Asking], answer: Answer) -> Answer:
    """The answer, in doubt and with a notice where it cites nothing of a time that its question names."""
    if answer.status is Status.NOT_IN_ARCHIVE:
        return answer
    cited = cited_by(answer.sentences)
    notices = dict.fromkeys((*answer.notices, *(_notice(*missed) for missed in _missed(askings, cited))))
    status = status_by_time(answer.status, askings, cited)
    return replace(answer, status=status, notices=tuple(notices))


def status_by_time(status: Status, askings: Sequence[Asking], cited: Sequence[Evidence]) -> Status:
    """The status of an answer that cites this evidence: in doubt where none of it is of the time asked about."""
    missed = len(_missed(askings, cited))
    if not missed or status not in (Status.ANSWERED, Status.PARTIAL):
        return status
    return Status.UNCERTAIN if missed == len(askings) else Status.PARTIAL


def is_of_its_time(question: Question, evidence: Sequence[Evidence]) -> bool:
    """Whether some evidence was published in the time that a question names, or speaks of it.

    True for a question without a time that is certain and over.
    """
    return not names_a_past_time(question) or any(_is_from(question, one) for one in evidence)


def _missed(askings: Sequence[Asking], cited: Sequence[Evidence]) -> list[tuple[Interval, list[Evidence]]]:
    """The times of the parts whose cited evidence is of another time, with that evidence."""
    of_parts = [(one.question, [each for each in cited if each in one.evidence]) for one in askings]
    return [
        (question.named, evidence)
        for question, evidence in of_parts
        if question.named and evidence and not is_of_its_time(question, evidence)
    ]


def names_a_past_time(question: Question) -> bool:
    """Whether the question names a time that is certain and over, and reports from after it are searched too.

    The time of a comparison may be one end of it: "how did it change up to August 2023".
    """
    bound, named = question.published, question.named
    if question.analysis.kind in (QuestionKind.CHANGE, QuestionKind.COMPARISON):
        return False
    is_certain = bound is not None and bound.start is not None and bound.end is None
    return is_certain and named is not None and named.start is not None and is_before(named, question.as_of)


def _is_from(question: Question, one: Evidence) -> bool:
    """Whether a piece was published in the preferred time, or names a day of the time and a word of the question."""
    published = one.article.published_day
    if published and contains(question.preferred, _midnight(published)):
        return True
    return _is_on_the_subject(question, one.text) and any(
        overlap(time_named, question.named) if is_fine else lies_in(time_named, question.named)
        for time_named, is_fine in _times_in(one)
        if question.named
    )


def _is_on_the_subject(question: Question, text: str) -> bool:
    asked, found = terms(blank_days(plain(question.search_text))), frozenset(terms(text))
    return not question.analysis.has_subject or any(in_other_words(term, found) for term in asked)


def _times_in(one: Evidence) -> Iterator[tuple[Interval, bool]]:
    """The times that a piece names, each with whether it is a month, shorter, or a part of a year."""
    if one.article.published_at:
        for event in event_dates(one.text, one.article.published_at):
            yield event.interval, event.precision not in _COARSE
    for parts in (found.parts for found in find_written_dates(plain(one.text))):
        if parts.year:
            first, months = (parts.month, 1) if parts.month else (1, 12)
            is_fine = parts.month is not None or parts.portion != ""
            yield Interval(month_start(parts.year, first), month_start(parts.year, first + months)), is_fine


def _notice(named: Interval, evidence: Sequence[Evidence]) -> Notice:
    articles = {(one.article.id, one.article.version): one.article for one in evidence}
    days = sorted(day for article in articles.values() if (day := article.published_day))
    missed = days_of(named)
    if not days:
        return Notice(NoticeKind.NOT_OF_ITS_TIME, times=(missed,))
    found = Days(days[0], days[0])
    if days[0] != days[-1]:  # in whole months
        last = days[-1]
        found = days_of(Interval(month_start(days[0].year, days[0].month), month_start(last.year, last.month + 1)))
    return Notice(NoticeKind.NEAREST_OF, count=len(articles), times=(missed, found))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
