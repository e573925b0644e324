"""The timeline tab: the dated events of a subject, as a list, as a picture, and as files."""

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate, groupby, pairwise
from typing import TYPE_CHECKING

import gradio as gr
from gradio.events import Dependency

from chat.answering.timeline import TimelineEvent, timeline_of
from chat.errors import QuestionError
from chat.publishing.timeline_files import as_calendar, as_csv, as_markdown
from chat.texts.table import Texts
from chat.understanding.as_of import as_of_moment
from chat.understanding.typed_text import typed_question
from web.html import page_html
from web.html_block import html_block
from web.localized import text
from web.tabs.tab import LOOKUP
from web.visit import texts_for

if TYPE_CHECKING:
    from chat.gathering.search import EvidenceSearch

_LABEL_SHARE = 14.0  # of the width that the days under a dot take
_LATE = 85.0  # as in the template
_WIDTH_REM = 42.0  # has room for the labels; the picture scrolls
_GAP_REM = 1.75  # between two dots, so that each is a target of its own


@dataclass(frozen=True, slots=True)
class Dot:
    """The events of the same days in the picture."""

    first_number: int  # in the list
    place: float  # a percentage of the width
    events: tuple[TimelineEvent, ...]
    has_label: bool  # there is room under it for its days

    @property
    def is_stated(self) -> bool:
        """Whether one of its events says when it happened; otherwise the days are those of the reports."""
        return any(one.is_stated for one in self.events)


@dataclass(frozen=True, slots=True)
class File:
    """A timeline to be saved."""

    name: str
    label: str
    address: str  # a data URI


class TimelineTab:
    """The components of the tab and what happens when a reader names a subject."""

    name = "timeline"
    label = "timeline.tab"

    def __init__(self, search: "EvidenceSearch") -> None:
        self._search = search

    def add(self, tab: gr.Tab) -> list[Dependency]:
        """Add the components to the open tab; none of its events changes the archive."""
        with gr.Row(elem_id="timeline-asking"):
            subject = gr.Textbox(
                label=text("timeline.subject"),
                placeholder=text("timeline.placeholder"),
                max_lines=1,
                submit_btn=text("timeline.show"),
                elem_id="timeline-subject",
                scale=4,
            )
            as_of = gr.Textbox(
                label=text("ask.as_of"), placeholder=text("ask.today"), max_lines=1, elem_id="timeline-as-of", scale=1
            )
        shown = html_block("", "timeline")
        gr.on([subject.submit, as_of.submit], self._show, [subject, as_of], shown, **LOOKUP)
        return []

    def _show(self, typed: str, as_of: str, request: gr.Request) -> str:
        now, texts = datetime.now(UTC), texts_for(request)
        try:
            subject, moment = typed_question(typed or ""), as_of_moment(as_of or "", now)
        except QuestionError as error:
            return page_html(
                "timeline", texts, complaint=error.notice.text(texts), subject="", events=(), dots=(), width=0, files=()
            )
        if not subject:
            return ""
        self._search.index.refresh()
        events = timeline_of(subject, self._search, moment or now)
        dots = _dots(events)
        return page_html(
            "timeline",
            texts,
            complaint="",
            subject=subject,
            events=events,
            dots=dots,
            width=_width([one.place for one in dots]),
            files=_files(subject, events, now, texts),
        )


def _dots(events: Sequence[TimelineEvent]) -> list[Dot]:
    """A dot for the same days, in their order; the longer the time between two, the wider the gap, by its logarithm."""
    groups = [list(group) for _, group in groupby(events, lambda one: (one.happened.first, one.happened.last))]
    firsts = [group[0].happened.first for group in groups]
    gaps = [0.0, *(1 + math.log2(1 + (after - before).days) for before, after in pairwise(firsts))]
    places = [100 * place / (sum(gaps) or 1) for place in accumulate(gaps)]
    numbers = accumulate(map(len, groups), initial=1)
    dots: list[Dot] = []
    labelled = -100.0
    for number, place, group in zip(numbers, places, groups, strict=False):
        # A label near the end stands before its dot.
        has_label = place - labelled >= (2 * _LABEL_SHARE if place > _LATE else _LABEL_SHARE)
        labelled = place if has_label else labelled
        dots.append(Dot(number, place, tuple(group), has_label))
    return dots


def _width(places: Sequence[float]) -> float:
    """The least width of the picture in rem; no two dots overlap in it, and a single one fits anywhere."""
    smallest = min((after - before for before, after in pairwise(places)), default=None)
    return max(_WIDTH_REM, 100 * _GAP_REM / smallest) if smallest else 0.0


def _files(subject: str, events: Sequence[TimelineEvent], now: datetime, texts: Texts) -> list[File]:
    if not events:
        return []
    forms = (
        ("md", "Markdown", "text/markdown", as_markdown(subject, events)),
        ("csv", "CSV", "text/csv", as_csv(events)),
        ("ics", texts("timeline.calendar"), "text/calendar", as_calendar(subject, events, now)),
    )
    return [
        File(
            f"timeline.{end}", label, f"data:{kind};charset=utf-8;base64,{base64.b64encode(content.encode()).decode()}"
        )
        for end, label, kind, content in forms
    ]
