"""Where words were printed first, as an answer."""

from collections.abc import Sequence
from datetime import datetime

from chat.answer import Answer, Evidence, Sentence, Status, Support
from chat.answering.quoting import attribution, quotation, visible
from chat.gathering.finding import Finding, Printing

NOBODY = "No article in this archive prints these words."
_MOST_LATER = 5


def finding_answer(finding: Finding, asked_at: datetime, notice: str = "") -> Answer:
    """Who printed the words first, the words as printed there, and who printed them later."""
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
    article = f"“{visible(evidence.article.title)}” ({attribution(evidence)})"
    text = f"Of what this archive holds, {words} were printed first in {article}."
    return Sentence(text, (evidence,), Support.SUPPORTED)


def _later_prints(later: Sequence[Evidence], more: int) -> Sentence:
    printed = "; ".join(attribution(one) for one in later)
    others = f"; and {more} more" if more else ""
    return Sentence(f"Printed later by: {printed}{others}.", tuple(later), Support.SUPPORTED)
