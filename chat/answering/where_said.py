"""Where words were said: told from a question that gives them, and the finding as an answer."""

import re
from collections.abc import Sequence
from datetime import datetime

from chat.answer import Answer, Evidence, Sentence, Status, Support
from chat.answering.quoting import attribution, quotation, visible
from chat.gathering.finding import Finding, Printing

NOBODY = "No article in this archive prints these words."
_FEWEST_WORDS = 5  # of a quotation that stands alone; fewer are words to search for
_PASTED_WORDS = 30  # a text of that length that asks nothing is one that somebody found elsewhere
_MOST_LATER = 5
_OPENING, _CLOSING = "[\"“”„«‘']", "[\"“”»’']"
_ALONE = re.compile(rf"\s*{_OPENING}(?P<words>.*\w.*){_CLOSING}[\s.?!]*", re.DOTALL)
_ASKED = re.compile(
    r"\s*(?:where|(?:in )?(?:which|what) (?:article|paper|newspaper|publisher|source|report)s?)\b[^\"“”„«:?]{0,60}"
    r"\b(?:said|says?|written|write|writes|print(?:ed|s)?|publish(?:ed|es)?|appear(?:ed|s)?|quote[ds]?|comes?|from)\b"
    rf"[^\"“”„«:?]{{0,40}}[:?]?\s*{_OPENING}(?P<words>.*\w.*){_CLOSING}[\s.?!]*",
    re.DOTALL | re.IGNORECASE,
)


def words_looked_for(text: str) -> str | None:
    """The words whose first print is asked for: in quotation marks, alone or after "where was this said"; pasted."""
    if asked := _ASKED.fullmatch(text):
        return asked["words"]
    alone = _ALONE.fullmatch(text)
    if alone and len(alone["words"].split()) >= _FEWEST_WORDS and not re.search('["“”„«»]', alone["words"]):
        return alone["words"]
    return text if len(re.findall(r"\w+", text)) >= _PASTED_WORDS and "?" not in text else None


def answer_of(finding: Finding, asked_at: datetime, notice: str = "") -> Answer:
    """Who printed the words first, the words as they stand there, and who printed them later."""
    if finding.first is None:
        return Answer((), (), Status.NOT_IN_ARCHIVE, asked_at, " ".join(filter(None, (notice, NOBODY))))
    printings = (finding.first, *finding.later[:_MOST_LATER])
    first, *later = (
        Evidence(number, one.article, one.start, one.end, one.likeness) for number, one in enumerate(printings, start=1)
    )
    sentences = [_first_print(first, finding.first), quotation(first)]
    if later:
        sentences.append(_later_prints(later, len(finding.later) - len(later)))
    return Answer(tuple(sentences), (first, *later), Status.ANSWERED, asked_at, notice)


def _first_print(evidence: Evidence, printing: Printing) -> Sentence:
    words = "these words" if printing.likeness == 1.0 else "words close to these"
    told = f"Of what this archive holds, {words} were printed first in “{visible(evidence.article.title)}”"
    return Sentence(f"{told} ({attribution(evidence)}).", (evidence,), Support.SUPPORTED)


def _later_prints(later: Sequence[Evidence], more: int) -> Sentence:
    printed = "; ".join(attribution(one) for one in later)
    others = f"; and {more} more" if more else ""
    return Sentence(f"Printed later by: {printed}{others}.", tuple(later), Support.SUPPORTED)
