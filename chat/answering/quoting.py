"""Quotations: a piece of evidence in its own words, with its publisher and day."""

import re
from collections.abc import Sequence

from chat.answer import Evidence, Sentence, Support

# Characters that a reader does not see or that reorder letters; the joiners that some scripts need are kept.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def quotation(evidence: Evidence, *, label: str = "", also: Sequence[Evidence] = ()) -> Sentence:
    """One piece of evidence, verbatim, attributed and dated; `also` says the same and is cited with it."""
    quoted = f"“{visible(evidence.text)}” — {attribution(evidence)}"
    return Sentence(f"{label}: {quoted}" if label else quoted, (evidence, *also), Support.QUOTED)


def attribution(evidence: Evidence) -> str:
    """The publisher and the day of publication."""
    published, source = evidence.article.published_day, visible(evidence.article.source)
    return f"{source}, {published.day} {published:%B %Y}" if published else source


def visible(text: str) -> str:
    """`text` on one line, without control characters and without characters that reorder letters."""
    return _INVISIBLE.sub("", " ".join(text.split()))
