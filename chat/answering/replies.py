"""Replies to remarks addressed to Dateline itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from chat.texts.table import ENGLISH, Texts
from chat.understanding.remarks import Remark

_SOURCES_NAMED = 12


@dataclass(frozen=True, slots=True)
class ArchiveStatus:
    """What the archive holds, in counts."""

    articles: int
    first_day: date | None
    last_day: date | None
    sources: Mapping[str, int]  # the publisher and how many articles


def reply(remark: Remark, archive: ArchiveStatus, example: Callable[[], str]) -> str:
    """The reply to a remark; its only facts are the archive's counts."""
    match remark:
        case Remark.THANKS:
            return "You are welcome."
        case Remark.ARCHIVE:
            return f"{_held(archive)} {_sources(archive)}"
        case Remark.SOURCES:
            return _sources(archive)
        case Remark.GREETING:
            return f"Hello. Ask about the news. {_held(archive)}{_such_as(example())}"
        case Remark.DATELINE:
            what = (
                "Dateline answers questions about the news from an archive, with a numbered citation for every "
                "sentence, and says so when the archive does not hold the answer."
            )
            return f"{what} {_held(archive)}{_such_as(example())}"


def archive_line(archive: ArchiveStatus, texts: Texts = ENGLISH) -> str:
    """What the archive holds, in one line without a full stop."""
    if not archive.articles:
        return texts("masthead.empty")
    articles = texts("masthead.articles", archive.articles)
    sources = texts("masthead.sources", len(archive.sources))
    if not (archive.first_day and archive.last_day):
        return texts("masthead.held", articles=articles, sources=sources)
    first, last = texts.day(archive.first_day), texts.day(archive.last_day)
    return texts("masthead.held_between", articles=articles, sources=sources, first=first, last=last)


def _held(archive: ArchiveStatus) -> str:
    return f"The archive holds {archive_line(archive)}." if archive.articles else f"{archive_line(archive)}."


def _sources(archive: ArchiveStatus) -> str:
    """The publishers, those with most articles first."""
    ranked = sorted(archive.sources.items(), key=lambda one: (-one[1], one[0]))
    named = ", ".join(f"{name} ({count:,})" for name, count in ranked[:_SOURCES_NAMED])
    more = f" and {len(ranked) - _SOURCES_NAMED:,} more" if len(ranked) > _SOURCES_NAMED else ""
    return f"Sources, with their articles: {named}{more}." if named else "The archive holds no sources."


def _such_as(example: str) -> str:
    return f" For example: “{example}”" if example else ""
