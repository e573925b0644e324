"""What is said to Dateline itself instead of asked of the news: a greeting, thanks, what it is, what it holds."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ArchiveStatus:
    """What a reader is told of the archive."""

    articles: int
    first_day: date | None
    last_day: date | None
    sources: Mapping[str, int]  # the publisher and how many articles


class Aside(StrEnum):
    """What such a remark is about."""

    GREETING = "greeting"
    THANKS = "thanks"
    DATELINE = "dateline"
    ARCHIVE = "archive"
    SOURCES = "sources"


_SOURCES_NAMED = 12
_LONGEST = 120  # characters; what is longer asks for something
_ARCHIVE = r"(?:(?:this|the|your) (?:news )?(?:archive|collection|database|corpus|data|library)|dateline)"
_HOLD = (
    rf"(?:(?:do|does|did) (?:you|{_ARCHIVE}) (?:have|hold|contain|know|cover|include|search|use)"
    rf"|(?:are|is) (?:there )?in {_ARCHIVE})"
)
_PUBLISHERS = r"(?:sources?|publishers?|newspapers?|papers?|outlets?|media|publications?)"
_ARTICLES = r"(?:articles?|stories|reports?|documents?|pieces|news)"
_MUCH = r"(?: (?:a lot|so much|very much|again|you|for (?:that|this|your help|the help)))*"
_PATTERNS = {
    Aside.GREETING: (
        r"(?:hi|hello|hey|hallo|hiya|good (?:morning|afternoon|evening|day))(?: (?:there|again|all|dateline))?",
        r"how are you(?: (?:doing|today))*",
    ),
    Aside.THANKS: (
        rf"(?:(?:ok|okay|great|perfect|good|no|super),? )?(?:thanks?|thank you|thx|cheers|many thanks){_MUCH}",
        r"(?:good ?)?bye(?: bye)?|see you(?: later)?|good night",
    ),
    Aside.DATELINE: (
        r"(?:who|what) (?:are|is) (?:you|this|dateline)|what (?:is|['’]s) your name|help(?: me)?",
        r"(?:what|how much) (?:can|do) (?:you|i) (?:do|ask(?: you)?|know)(?: (?:here|about|for me))*",
        r"(?:what|which)(?: kinds? of)? (?:questions?|things) (?:can|do|may|should) (?:i ask(?: you)?|you answer)",
        r"how (?:do|does|can|should) (?:you|this|it|dateline|i use (?:you|this|it))(?: work)?",
        r"are you (?:a )?(?:human|robot|bot|an? ai|real|chatgpt)",
    ),
    Aside.SOURCES: (
        rf"(?:what|which|how many)(?: news)? {_PUBLISHERS} {_HOLD}",
        rf"(?:what|which) (?:is|are) (?:the|your) {_PUBLISHERS}|list (?:(?:the|your|all) )*{_PUBLISHERS}",
    ),
    Aside.ARCHIVE: (
        rf"how (?:many|much) {_ARTICLES} {_HOLD}(?: in {_ARCHIVE})?",
        rf"what (?:is|['’]s|do you have|can i find) in {_ARCHIVE}|what (?:do|does) (?:you|it) (?:have|hold|cover)",
        rf"what(?: kind of)? (?:{_ARTICLES}|topics?|subjects?) {_HOLD}|what do you know(?: about)?",
        rf"(?:what|which) (?:(?:time )?period|dates?|years?|months|time) (?:{_HOLD}|(?:do|does) {_ARCHIVE} span)",
        rf"how (?:old|big|large|recent|up to date) is {_ARCHIVE}|how far back (?:do|does) (?:you|{_ARCHIVE}) go",
    ),
}
_ASIDES = tuple(
    (aside, re.compile(rf"\W*(?:{'|'.join(patterns)})\W*", re.IGNORECASE)) for aside, patterns in _PATTERNS.items()
)
_MENTIONING = re.compile(
    rf"\W*how many {_ARTICLES}"
    r"(?: (?:that|which|do you have|are there|are|does the archive|in the archive|ha(?:ve|s)|holds?))*"
    r" (?:mention|are about|about|on|cover|discuss|deal with|talk (?:about|of)|name|contain) (?P<subject>[^?!]{2,80}?)"
    r"(?: (?:are there|do you have|does the archive (?:have|hold)|(?:are )?in the archive))?\W*",
    re.IGNORECASE,
)


def aside_of(text: str) -> Aside | None:
    """What a text says to Dateline itself; None when it asks for news, as almost every text does."""
    said = " ".join(text.split())
    if len(said) > _LONGEST:
        return None
    return next((aside for aside, pattern in _ASIDES if pattern.fullmatch(said)), None)


def mentioned(text: str) -> str | None:
    """What the articles are to mention that a text asks to be counted; None when it asks for something else."""
    said = " ".join(text.split())
    found = _MENTIONING.fullmatch(said) if len(said) <= _LONGEST else None
    return found["subject"] if found else None


def reply(aside: Aside, archive: ArchiveStatus, example: Callable[[], str]) -> str:
    """What is said back; it tells of nothing but the archive's own counts."""
    match aside:
        case Aside.THANKS:
            return "You are welcome."
        case Aside.ARCHIVE:
            return f"{_held(archive)} {_sources(archive)}"
        case Aside.SOURCES:
            return _sources(archive)
        case Aside.GREETING:
            return f"Hello. Ask about the news. {_held(archive)}{_such_as(example())}"
        case Aside.DATELINE:
            what = (
                "Dateline answers questions about the news from an archive, with a numbered citation for every "
                "sentence, and says so when the archive does not hold the answer."
            )
            return f"{what} {_held(archive)}{_such_as(example())}"


def archive_line(archive: ArchiveStatus) -> str:
    """What the archive holds, in one line without a full stop."""
    if not archive.articles:
        return "The archive is empty. Add articles with: python -m indexer add PATH"
    line = f"{_counted(archive.articles, 'article')} from {_counted(len(archive.sources), 'source')}"
    days = [f"{day.day} {day:%B %Y}" for day in (archive.first_day, archive.last_day) if day]
    return f"{line}, {' to '.join(days)}" if len(days) == 2 else line


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


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
