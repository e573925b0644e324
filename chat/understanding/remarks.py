"""Remarks addressed to Dateline itself, which ask for no news: a greeting, thanks, what it is, what it holds."""

import re
from enum import StrEnum


class Remark(StrEnum):
    """What a remark is about."""

    GREETING = "greeting"
    THANKS = "thanks"
    DATELINE = "dateline"
    ARCHIVE = "archive"
    SOURCES = "sources"


_LONGEST = 120  # characters; a longer text is a question
_ARCHIVE = r"(?:(?:this|the|your) (?:news )?(?:archive|collection|database|corpus|data|library)|dateline)"
_HOLD = (
    rf"(?:(?:do|does|did) (?:you|{_ARCHIVE}) (?:have|hold|contain|know|cover|include|search|use)"
    rf"|(?:are|is) (?:there )?in {_ARCHIVE})"
)
_PUBLISHERS = r"(?:sources?|publishers?|newspapers?|papers?|outlets?|media|publications?)"
_ARTICLES = r"(?:articles?|stories|reports?|documents?|pieces|news)"
_MUCH = r"(?: (?:a lot|so much|very much|again|you|for (?:that|this|your help|the help)))*"
_PATTERNS = {
    Remark.GREETING: (
        r"(?:hi|hello|hey|hallo|hiya|good (?:morning|afternoon|evening|day))(?: (?:there|again|all|dateline))?",
        r"how are you(?: (?:doing|today))*",
    ),
    Remark.THANKS: (
        rf"(?:(?:ok|okay|great|perfect|good|no|super),? )?(?:thanks?|thank you|thx|cheers|many thanks){_MUCH}",
        r"(?:good ?)?bye(?: bye)?|see you(?: later)?|good night",
    ),
    Remark.DATELINE: (
        r"(?:who|what) (?:are|is) (?:you|this|dateline)|what (?:is|['’]s) your name|help(?: me)?",
        r"(?:what|how much) (?:can|do) (?:you|i) (?:do|ask(?: you)?|know)(?: (?:here|about|for me))*",
        r"(?:what|which)(?: kinds? of)? (?:questions?|things) (?:can|do|may|should) (?:i ask(?: you)?|you answer)",
        r"how (?:do|does|can|should) (?:you|this|it|dateline|i use (?:you|this|it))(?: work)?",
        r"are you (?:a )?(?:human|robot|bot|an? ai|real|chatgpt)",
    ),
    Remark.SOURCES: (
        rf"(?:what|which|how many)(?: news)? {_PUBLISHERS} {_HOLD}",
        rf"(?:what|which) (?:is|are) (?:the|your) {_PUBLISHERS}|list (?:(?:the|your|all) )*{_PUBLISHERS}",
    ),
    Remark.ARCHIVE: (
        rf"how (?:many|much) {_ARTICLES} {_HOLD}(?: in {_ARCHIVE})?",
        rf"what (?:is|['’]s|do you have|can i find) in {_ARCHIVE}|what (?:do|does) (?:you|it) (?:have|hold|cover)",
        rf"what(?: kind of)? (?:{_ARTICLES}|topics?|subjects?) {_HOLD}|what do you know(?: about)?",
        rf"(?:what|which) (?:(?:time )?period|dates?|years?|months|time) (?:{_HOLD}|(?:do|does) {_ARCHIVE} span)",
        rf"how (?:old|big|large|recent|up to date) is {_ARCHIVE}|how far back (?:do|does) (?:you|{_ARCHIVE}) go",
    ),
}
_REMARKS = tuple(
    (remark, re.compile(rf"\W*(?:{'|'.join(patterns)})\W*", re.IGNORECASE)) for remark, patterns in _PATTERNS.items()
)
_MENTIONING = re.compile(
    rf"\W*how many {_ARTICLES}"
    r"(?: (?:that|which|do you have|are there|are|does the archive|in the archive|ha(?:ve|s)|holds?))*"
    r" (?:mention|are about|about|on|cover|discuss|deal with|talk (?:about|of)|name|contain) (?P<subject>[^?!]{2,80}?)"
    r"(?: (?:are there|do you have|does the archive (?:have|hold)|(?:are )?in the archive))?\W*",
    re.IGNORECASE,
)


def remark_of(text: str) -> Remark | None:
    """The remark that a text makes, or None when it asks for news."""
    line = " ".join(text.split())
    if len(line) > _LONGEST:
        return None
    return next((remark for remark, pattern in _REMARKS if pattern.fullmatch(line)), None)


def subject_to_count(text: str) -> str:
    """What articles must mention to be counted, in "how many articles mention X"; empty for other questions."""
    line = " ".join(text.split())
    found = _MENTIONING.fullmatch(line) if len(line) <= _LONGEST else None
    return found["subject"] if found else ""
