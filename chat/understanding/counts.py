"""What a question wants counted, where reports keep a running count of it."""

import re
from enum import StrEnum


class CountedThing(StrEnum):
    """What reports of an event count, and count again as more is known."""

    DEAD = "died"
    MISSING = "missing"
    INJURED = "injured"
    MARCHERS = "marched"
    FLOODED_HOMES = "homes flooded"
    WITHOUT_POWER = "without power"
    ARRESTED = "arrested"


_WORDS = {
    CountedThing.DEAD: r"\b(?:die[ds]?|dead|deaths?|killed|kill|fatalities|perish(?:ed)?|lost their lives|toll"
    r"|body count)\b",
    CountedThing.MISSING: r"\b(?:missing|unaccounted)\b",
    CountedThing.INJURED: r"\b(?:injur\w+|hurt|wounded)\b",
    CountedThing.MARCHERS: r"\b(?:march\w*|protest\w*|demonstrat\w+|rall(?:y|ied))\b",
    CountedThing.FLOODED_HOMES: r"\b(?:homes|houses|households)\b.*\b(?:flooded|flood|under water|inundated)\b",
    CountedThing.WITHOUT_POWER: r"\bwithout (?:power|electricity)\b|\blost (?:their )?(?:power|electricity)\b",
    CountedThing.ARRESTED: r"\b(?:arrest\w*|detain\w*)\b",
}
_PATTERNS = {thing: re.compile(pattern, re.IGNORECASE) for thing, pattern in _WORDS.items()}


def counted_thing(question: str) -> CountedThing | None:
    """What a question wants counted; where it names several things, the first."""
    found = {thing: match.start() for thing, pattern in _PATTERNS.items() if (match := pattern.search(question))}
    return min(found, key=lambda thing: found[thing], default=None)


def without_counting_words(thing: CountedThing, text: str) -> str:
    """The text without the words that say what is counted."""
    return _PATTERNS[thing].sub(" ", text)
