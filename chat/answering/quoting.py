"""Quotations: a piece of evidence in its own words, with its publisher and day."""

import re
from collections.abc import Sequence

from chat.answer import Evidence, Sentence, Support
from corpus.agencies import dateline_end
from corpus.quotation_marks import find_quoted
from corpus.sentences import Span

# Characters that a reader does not see or that reorder letters; the joiners that some scripts need are kept.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_DOUBLE_MARK = re.compile('["“”„‟«»″＂]')


def quotation(
    evidence: Evidence, *, label: str = "", also: Sequence[Evidence] = (), with_dateline: bool = False
) -> Sentence:
    """One piece of evidence, verbatim, attributed and dated; `also` says the same and is cited with it.

    The dateline of a wire report is left out, unless it may be what was asked for.
    """
    words = evidence.text if with_dateline else _without_dateline(evidence)
    quoted = f"{in_marks(visible(words))} — {attribution(evidence)}"
    return Sentence(f"{label}: {quoted}" if label else quoted, (evidence, *also), Support.QUOTED)


def _without_dateline(evidence: Evidence) -> str:
    opens_its_article = not evidence.article.text[: evidence.start].strip()
    return evidence.text[dateline_end(evidence.text) :] if opens_its_article else evidence.text


def in_marks(words: str) -> str:
    """Words as they are, in quotation marks that are not doubled.

    A sentence that is a quotation as a whole keeps its own marks alone; around one that has some within, single marks
    stand.
    """
    if not _DOUBLE_MARK.search(words):
        return f"“{words}”"
    first = next(find_quoted(words), None)
    is_whole = first is not None and first.outer == Span(0, len(words)) and _DOUBLE_MARK.match(words[-1])
    return words if is_whole else f"‘{words}’"


def attribution(evidence: Evidence) -> str:
    """The publisher and the day of publication."""
    published, source = evidence.article.published_day, visible(evidence.article.source)
    return f"{source}, {published.day} {published:%B %Y}" if published else source


def visible(text: str) -> str:
    """`text` on one line, without control characters and without characters that reorder letters."""
    return _INVISIBLE.sub("", " ".join(text.split()))
