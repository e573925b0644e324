"""Where words were printed first, as an answer."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from chat.answer import Answer, Evidence, Sentence, Status, Support
from chat.answering.quoting import attribution, in_marks, quotation, visible
from chat.gathering.finding import Finding
from chat.texts.notices import Notice, NoticeKind

NOBODY = Notice(NoticeKind.NOBODY_PRINTS)
_MOST_LATER = 5
_MOST_COUNTED = 200  # of those that are counted and not named


def finding_answer(finding: Finding, asked_at: datetime, notices: tuple[Notice, ...] = ()) -> Answer:
    """Who printed the words first, the words as printed there, and who printed them later."""
    if finding.first is None:
        return Answer((), (), Status.NOT_IN_ARCHIVE, asked_at, (*notices, NOBODY))
    printings = (finding.first, *finding.later[:_MOST_LATER])
    first, *later = (
        Evidence(number, one.article, one.start, one.end, one.likeness) for number, one in enumerate(printings, start=1)
    )
    sentences = [_first_print(first, is_exact=finding.first.likeness == 1.0), quotation(first)]
    if later:
        sentences.append(_later_prints(later, len(finding.later) - len(later)))
    return Answer(tuple(sentences), (first, *later), Status.ANSWERED, asked_at, notices)


def printing_sentences(cited: Sequence[Evidence]) -> Iterator[str]:
    """What such an answer may say beside the quotation, for the same evidence."""
    yield from (_first_print(cited[0], is_exact=is_exact).text for is_exact in (True, False))
    yield from (_later_prints(cited, more).text for more in range(_MOST_COUNTED))


def _first_print(evidence: Evidence, *, is_exact: bool) -> Sentence:
    words = "these words" if is_exact else "words close to these"
    article = f"{in_marks(visible(evidence.article.title))} ({attribution(evidence)})"
    text = f"Of what this archive holds, {words} were printed first in {article}."
    return Sentence(text, (evidence,), Support.SUPPORTED)


def _later_prints(later: Sequence[Evidence], more: int) -> Sentence:
    printed = "; ".join(attribution(one) for one in later)
    others = f"; and {more} more" if more else ""
    return Sentence(f"Printed later by: {printed}{others}.", tuple(later), Support.SUPPORTED)
