"""Cuts an article into passages at the ends of its sentences."""

import math
from collections.abc import Callable, Iterator, Sequence

from corpus.article import Article
from corpus.sentences import Span, split_sentences
from indexer.storage.passage import heading

PASSAGE_WORDPIECES = 230
MODEL_WORDPIECES = 254  # MiniLM reads 256 with its two special tokens
HEADING_WORDPIECES = 90  # a longer title must not displace the passage
PASSAGE_RULE = f"sentences, {PASSAGE_WORDPIECES} of {MODEL_WORDPIECES} wordpieces, heading {HEADING_WORDPIECES}"

CountWordpieces = Callable[[Sequence[str]], list[int]]


def cut_passages(article: Article, count: CountWordpieces) -> tuple[Span, ...]:
    """Spans of the article's passages, in order, of about equal size, each within the model's window."""
    title = min(count([heading(article)])[0], HEADING_WORDPIECES)
    budget = min(PASSAGE_WORDPIECES, MODEL_WORDPIECES - title)
    pieces = list(_sentences_within(article.text, budget, count))
    target = _even_share(sum(size for _, size in pieces), budget)
    return tuple(_pack(article.text, pieces, budget, target))


def _even_share(total: int, budget: int) -> float:
    """The size at which all passages are about equally long, so that none is just a last sentence."""
    return total / max(1, math.ceil(total / budget))


def _pack(text: str, pieces: Sequence[tuple[Span, int]], budget: int, target: float) -> Iterator[Span]:
    start, end, size = 0, 0, 0
    for span, wordpieces in pieces:
        full = size + wordpieces > budget
        enough = size >= target * (0.75 if "\n\n" in text[end : span.start] else 0.95)
        if size and (full or enough):
            yield Span(start, end)
            size = 0
        start = span.start if not size else start
        end, size = span.end, size + wordpieces
    if size:
        yield Span(start, end)


def _sentences_within(text: str, budget: int, count: CountWordpieces) -> Iterator[tuple[Span, int]]:
    spans = split_sentences(text)
    for span, size in zip(spans, count([text[s.start : s.end] for s in spans]), strict=True):
        if size <= budget:
            yield span, size
        else:
            yield from _halves_within(text, span, budget, count)


def _halves_within(text: str, span: Span, budget: int, count: CountWordpieces) -> Iterator[tuple[Span, int]]:
    """A sentence longer than the budget, cut near its middle, at a space where it has one, until it fits."""
    size = count([text[span.start : span.end]])[0]
    if size <= budget or span.end - span.start < 2:
        yield span, min(size, budget)
        return
    middle = (span.start + span.end) // 2
    space = text.rfind(" ", span.start + 1, middle)
    cut = space + 1 if space > span.start else middle
    yield from _halves_within(text, Span(span.start, cut), budget, count)
    yield from _halves_within(text, Span(cut, span.end), budget, count)
