"""A timeline: the dated events that evidence reports, the first to happen first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from chat.answer import Evidence
from chat.answering.selecting import select
from chat.english.event_dates import EventDate, Precision, event_date
from chat.gathering.asking import question_to
from chat.gathering.evidence import EvidenceSettings
from chat.gathering.search import EvidenceSearch
from chat.texts.table import ENGLISH, Texts
from chat.understanding.kinds import QuestionKind
from corpus.agencies import dateline_end
from corpus.sentences import paragraph_at, split_sentences

_WIDE = EvidenceSettings(passages=40, compared=120, sentences=30)
_RELEVANT = 0.6  # share of the best score from which a sentence is about the subject
_UNDATED = datetime.max.replace(tzinfo=UTC)  # sorts after every date


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One sentence of the evidence, and when what it reports happened."""

    happened: EventDate
    is_stated: bool  # the sentence says when; otherwise it is the day of publication
    text: str
    evidence: Evidence


def timeline_of(subject: str, search: EvidenceSearch, as_of: datetime) -> tuple[TimelineEvent, ...]:
    """The events that an archive reports of a subject, as it stood at a moment; none when it reports nothing."""
    question = question_to(search.index.table, subject, as_of=as_of)
    found = select(question, QuestionKind.FACT, search.in_reach(question, _WIDE), _WIDE.sentences)
    return timeline([one for one in found if one.score >= _RELEVANT * found[0].score])


def timeline(evidence: Sequence[Evidence]) -> tuple[TimelineEvent, ...]:
    """The events of the evidence, the first to happen first; undated articles have none."""
    order = list(Precision)
    events: dict[tuple[str, int, str], TimelineEvent] = {}
    for event in (event for one in evidence for event in _events(one)):
        article = event.evidence.article
        events.setdefault((article.id, article.version, event.text), event)  # evidence may overlap
    return tuple(
        sorted(
            events.values(),
            key=lambda one: (one.happened.first, order.index(one.happened.precision), one.evidence.number),
        )
    )


def _events(evidence: Evidence) -> Iterator[TimelineEvent]:
    published = evidence.article.published_locally
    if published is None:
        return
    for span in split_sentences(evidence.text):
        text = evidence.text[span.start : span.end]
        stated = event_date(text, published)
        day = published.date()
        opens = not evidence.article.text[: evidence.start + span.start].strip()
        shown = text[dateline_end(text) :] if opens else text
        yield TimelineEvent(stated or EventDate("", day, day, Precision.DAY), stated is not None, shown, evidence)


def when(evidence: Evidence) -> tuple[EventDate, bool]:
    """When what a piece of evidence reports happened, and whether it says so itself.

    A sentence without a date has that of the sentence before it in its paragraph, or else the day of publication.
    """
    article = evidence.article
    published = article.published_locally or _UNDATED
    if stated := event_date(evidence.text, published):
        return stated, True
    paragraph = article.text[paragraph_at(article.text, evidence.start).start : evidence.start]
    for span in reversed(split_sentences(paragraph)):
        if before := event_date(paragraph[span.start : span.end], published):
            return before, False
    return EventDate("", published.date(), published.date(), Precision.DAY), False


def describe_date(happened: EventDate, texts: Texts = ENGLISH) -> str:
    """A date or a range of dates for a reader: 14 March 2023, 6-12 March 2023, March 2023, autumn of 2023, 2023."""
    first, last = happened.first, happened.last
    if happened.precision is Precision.SEASON:
        return happened.words.lower().removeprefix("the ")
    if happened.precision is Precision.YEAR:
        return str(first.year)
    if happened.precision is Precision.MONTH and (first.year, first.month) == (last.year, last.month):
        return texts.month(first)
    ends = texts.day(last)
    if first == last:
        return ends
    same_month = (first.year, first.month) == (last.year, last.month)
    return texts("dates.days", first=first.day, last=ends) if same_month else f"{texts.day(first)} - {ends}"
