"""Searches, findings, articles and timelines of one archive, asked by programs; every function here blocks."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from web.api.errors import ApiError
from web.api.requests import Find, Search, Timeline, TimelineFormat

if TYPE_CHECKING:
    from chat.answering.timeline import TimelineEvent
    from chat.chatbot import Chatbot

_MEDIA_TYPES = {
    TimelineFormat.MARKDOWN: "text/markdown",
    TimelineFormat.CSV: "text/csv",
    TimelineFormat.ICS: "text/calendar",
}


def search(chatbot: "Chatbot", wanted: Search) -> dict[str, Any]:
    """The passages that match best."""
    from chat.gathering.asking import question_to
    from chat.publishing.plain_data import hit_data

    chatbot.index.refresh()
    archive, table = chatbot.index.archive, chatbot.index.table
    question = question_to(table, wanted.typed(wanted.question), as_of=or_now(wanted.as_of))
    return {"hits": [hit_data(hit, archive) for hit in chatbot.search.hits(question, wanted.limit)]}


def find(chatbot: "Chatbot", wanted: Find) -> dict[str, Any]:
    """Which article published the words first; raises ChatError for a text without a word."""
    from chat.gathering.finding import find_source_of
    from chat.publishing.plain_data import finding_data

    chatbot.index.refresh()
    return finding_data(find_source_of(wanted.text, chatbot.index, as_of=or_now(wanted.as_of)))


def article(chatbot: "Chatbot", article_id: str, version: int | None = None) -> dict[str, Any]:
    """An article with its versions and copies: its latest version unless another is wanted. Raises ApiError."""
    from chat.publishing.plain_data import article_data

    archive = chatbot.index.archive
    numbers = sorted(archive.fingerprints(article_id).values())
    if not numbers:
        raise ApiError(
            404, "no such article; take the id from `article` of an evidence or a hit", code="not_found", param="id"
        )
    wanted = version or numbers[-1]
    if wanted not in numbers:
        held = ", ".join(map(str, numbers))
        raise ApiError(404, f"no version {wanted}; the archive holds {held}", code="not_found", param="version")
    versions = {number: archive.article(article_id, number) for number in numbers}
    return article_data(versions[wanted], list(versions.values()), archive.copies_of(article_id))


def timeline(chatbot: "Chatbot", wanted: Timeline) -> "tuple[TimelineEvent, ...]":
    """The events that the archive reports of a subject."""
    from chat.answering.timeline import timeline_of

    chatbot.index.refresh()
    return timeline_of(wanted.typed(wanted.subject), chatbot.search, or_now(wanted.as_of))


def timeline_json(wanted: Timeline, events: "tuple[TimelineEvent, ...]") -> dict[str, Any]:
    """A timeline in plain JSON types."""
    from chat.publishing.plain_data import timeline_data

    return {"subject": wanted.subject, "events": timeline_data(events)}


def timeline_file(wanted: Timeline, events: "tuple[TimelineEvent, ...]") -> tuple[str, str]:
    """A timeline as the text of a file, with its media type."""
    from chat.publishing.timeline_files import as_calendar, as_csv, as_markdown

    match wanted.format:
        case TimelineFormat.CSV:
            text = as_csv(events)
        case TimelineFormat.ICS:
            text = as_calendar(wanted.subject, events, datetime.now(UTC))
        case _:
            text = as_markdown(wanted.subject, events)
    return text, _MEDIA_TYPES[wanted.format]


def or_now(moment: datetime | None) -> datetime:
    """The moment, or the present one."""
    return moment or datetime.now(UTC)
