"""Excerpts: the paragraphs of an article that hold evidence, with the evidence marked, and those beside them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chat.answer import Evidence
from corpus.sentences import Span, split_paragraphs


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and the evidence that covers it; nothing where it is not evidence."""

    text: str
    evidence: tuple[Evidence, ...] = ()
    starting: tuple[Evidence, ...] = ()  # the evidence that starts in this paragraph


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph in pieces; `place` is where it stands beside one that holds evidence, or empty for that itself."""

    pieces: tuple[Piece, ...]
    place: str = ""  # "before", "after"


def excerpt(text: str, evidence: Sequence[Evidence]) -> Iterator[Paragraph]:
    """The paragraphs that hold the evidence, and the ones right before and after them, in order."""
    spans = split_paragraphs(text)
    shown = {index for index, span in enumerate(spans) if any(_overlap(span, item) for item in evidence)}
    beside = {index + step for index in shown for step in (-1, 1)} & set(range(len(spans))) - shown
    for index in sorted(shown | beside):
        place = "" if index in shown else "before" if index + 1 in shown else "after"
        yield Paragraph(tuple(_pieces(text, spans[index], evidence)), place)


def _overlap(span: Span, evidence: Evidence) -> bool:
    return evidence.start < span.end and span.start < evidence.end


def _pieces(text: str, span: Span, evidence: Iterable[Evidence]) -> Iterator[Piece]:
    """A paragraph cut where evidence starts and ends; overlapping evidence shares one piece."""
    position = span.start
    for start, end, items in _merged(evidence, span):
        yield Piece(text[position:start])
        yield Piece(text[start:end], tuple(items), tuple(item for item in items if item.start >= span.start))
        position = end
    yield Piece(text[position : span.end])


def _merged(evidence: Iterable[Evidence], span: Span) -> list[tuple[int, int, list[Evidence]]]:
    """The parts of a span that evidence covers, in order, each with the evidence that covers it."""
    merged: list[tuple[int, int, list[Evidence]]] = []
    for item in sorted((one for one in evidence if _overlap(span, one)), key=lambda one: (one.start, one.number)):
        start, end = max(item.start, span.start), min(item.end, span.end)
        if merged and start < merged[-1][1]:
            first, last, items = merged[-1]
            merged[-1] = (first, max(last, end), [*items, item])
        else:
            merged.append((start, end, [item]))
    return merged
