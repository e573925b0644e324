"""The HTML in which a reader sees an answer: every word escaped, every link built from checked parts."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from chat.answer import Evidence, Sentence, Status, Support
from chat.publishing.answer_text import plain_text
from chat.publishing.cards import cards, cited
from chat.publishing.excerpts import excerpt
from chat.publishing.feedback import Reason
from chat.publishing.html_templates import html_templates
from chat.publishing.links import web_address
from chat.publishing.markdown import markdown
from chat.publishing.progress import Progress, filter_id
from chat.texts.notices import text_of
from chat.texts.table import ENGLISH, Texts

if TYPE_CHECKING:
    from jinja2 import Environment

_DOUBTS = {Support.WEAK: "turn.weak", Support.UNSUPPORTED: "turn.unsupported"}
_REASONS = {one: f"reasons.{one.replace(' ', '_')}" for one in Reason}


class Remark(NamedTuple):
    """A line below an answer; the class and the role of its element, and the text."""

    kind: str
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Tools:
    """What is offered under an answer."""

    judged: bool = False  # the reader has said what the answer is worth
    suggestions: tuple[str, ...] = ()  # further questions
    receipt: str = ""  # where the receipt is
    other_writers: Mapping[str, str] = field(default_factory=dict)  # by whom it can be answered again: names, labels


def turn_html(number: int, progress: Progress, *, latest: bool, tools: Tools = Tools(), texts: Texts = ENGLISH) -> str:
    """One turn of a conversation; `number` sets the ids of its elements apart from those of other turns."""
    shown = (progress.evidence or ()) if progress.missing else cited(progress.sentences)
    answer = progress.answer
    return (
        _templates()
        .get_template("turn.html.jinja")
        .render(
            t=texts,
            number=number,
            progress=progress,
            is_latest=latest,
            is_aside=answer is not None and answer.status is Status.ASIDE,
            reply=text_of(answer.notices, texts) if answer else "",
            paragraphs=list(_paragraphs(progress.sentences)),
            remarks=list(_remarks(progress, texts)),
            copied=plain_text(progress.question, answer, texts) if answer and answer.sentences else "",
            copied_markdown=markdown(progress.question, answer, texts) if answer and answer.sentences else "",
            tools=tools,
            reasons=_REASONS,
            cards=cards(shown),
        )
    )


@lru_cache(maxsize=1)
def _templates() -> "Environment":
    templates = html_templates("chat.publishing")
    templates.globals |= {"doubts": _DOUBTS, "quoted": Support.QUOTED}
    templates.filters |= {
        "json": json.dumps,
        "excerpt": excerpt,
        "filter_id": filter_id,
        "marks": _marks,
        "web_address": web_address,
    }
    return templates


def _paragraphs(sentences: tuple[Sentence, ...]) -> Iterator[tuple[bool, list[Sentence]]]:
    """The sentences by paragraph: each quotation alone, written sentences together; whether it is a quotation."""
    for is_quoted, run in groupby(sentences, lambda sentence: sentence.support is Support.QUOTED):
        if is_quoted:
            yield from ((True, [sentence]) for sentence in run)
        else:
            yield False, list(run)


def _marks(evidence: tuple[Evidence, ...]) -> str:
    """The spans of the evidence, as the page sends them to open the article: "10-25 40-60"."""
    return " ".join(f"{item.start}-{item.end}" for item in evidence)


def _remarks(progress: Progress, texts: Texts) -> Iterator[Remark]:
    answer = progress.answer
    for support, doubt in _DOUBTS.items():
        if any(sentence.support is support for sentence in progress.sentences):
            yield Remark(support.value, "", texts(doubt))
    if not progress.is_over:
        yield Remark("working", "status", _working(progress, texts))
    if answer and answer.status is Status.PARTIAL:
        yield Remark("", "", texts("turn.partial"))
    if answer and answer.notices and answer.status is not Status.ASIDE:
        yield Remark("notice", "", text_of(answer.notices, texts))
    if progress.failure:
        yield Remark("failure", "alert", progress.failure)


def _working(progress: Progress, texts: Texts) -> str:
    if progress.evidence is None:
        return texts("turn.searching")
    return texts("turn.reading", len(cards(progress.evidence)))
