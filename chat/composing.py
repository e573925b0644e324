"""From evidence to the sentences of an answer, quoted without a model or written with one."""

import re
from collections.abc import Iterable, Iterator, Sequence

from chat.answer import Evidence, Sentence, Support
from chat.prompts import NOT_IN_THE_ARCHIVE
from chat.verifying import verify
from corpus.sentences import split_sentences

QUOTED_SENTENCES = 3
_ENOUGH = 0.75  # of the best one's score
_MARKS = re.compile(r"\s*\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
_WORD = re.compile(r"\w+")


def quote(evidence: Sequence[Evidence], limit: int = QUOTED_SENTENCES) -> tuple[Sentence, ...]:
    """The best evidence, verbatim, attributed and dated, in the order of its numbers."""
    if not evidence:
        return ()
    floor = evidence[0].score * _ENOUGH
    return tuple(quotation(one) for one in evidence[:limit] if one.score >= floor)


def quotation(evidence: Evidence) -> Sentence:
    """One piece of evidence as a sentence of an answer."""
    words = " ".join(evidence.text.split())
    return Sentence(f"“{words}” — {attribution(evidence)}", (evidence,), Support.QUOTED)


def attribution(evidence: Evidence) -> str:
    """Who published it, and when."""
    published = evidence.article.published_at
    return f"{evidence.article.source}, {published.day} {published:%B %Y}" if published else evidence.article.source


class Writing:
    """A model's words as they arrive, turned into checked sentences."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self._evidence = {one.number: one for one in evidence}
        self._text = ""
        self._used: set[int] = set()

    @property
    def draft(self) -> str:
        """The sentence that is being written, without citation marks."""
        return _MARKS.sub("", self._text).strip()

    def take(self, delta: str) -> Iterator[Sentence]:
        """Add what arrived; yields the sentences that this completes."""
        self._text += delta
        *whole, last = _written_sentences(self._text)
        if whole:
            self._text = last
        yield from self._checked(whole)

    def finish(self) -> Iterator[Sentence]:
        """The sentences that are left when nothing more arrives."""
        rest, self._text = _written_sentences(self._text), ""
        yield from self._checked(rest)

    def _checked(self, written: Iterable[str]) -> Iterator[Sentence]:
        for text in written:
            if sentence := self._check(text):
                yield sentence

    def _check(self, written: str) -> Sentence | None:
        """The sentence as it may be shown: as written, or the quotation that it should have been, or nothing."""
        text = _MARKS.sub("", written).strip()
        if not _WORD.search(text) or NOT_IN_THE_ARCHIVE.casefold() in text.casefold():
            return None
        cited = self._cited(written) or self._closest(text)
        verdict = verify(text, cited)
        if verdict.support is not Support.UNSUPPORTED:
            self._used.update(one.number for one in cited)
            return Sentence(verdict.text, cited, verdict.support)
        return self._replacement(cited)

    def _cited(self, written: str) -> tuple[Evidence, ...]:
        numbers = [int(number) for marks in _MARKS.findall(written) for number in re.findall(r"\d+", marks)]
        return tuple(self._evidence[number] for number in dict.fromkeys(numbers) if number in self._evidence)

    def _closest(self, text: str) -> tuple[Evidence, ...]:
        """The evidence that shares most words with a sentence that cites nothing."""
        words = set(_WORD.findall(text.casefold()))
        shared = {
            number: len(words & set(_WORD.findall(one.text.casefold()))) for number, one in self._evidence.items()
        }
        best = max(shared, key=lambda number: (shared[number], -number), default=None)
        return () if best is None or not shared[best] else (self._evidence[best],)

    def _replacement(self, cited: Sequence[Evidence]) -> Sentence | None:
        for one in (*cited, *self._evidence.values()):
            if one.number not in self._used:
                self._used.add(one.number)
                return quotation(one)
        return None


def _written_sentences(text: str) -> list[str]:
    """Sentences of a model's text, each with the citation marks that follow it; the last may be unfinished."""
    pieces: list[str] = []
    for span in split_sentences(text):
        piece = text[span.start : span.end]
        marks = re.match(r"(?:\s*\[[\d,;\s]*\])+[.!?]*\s*", piece)
        if marks and pieces:
            pieces[-1] += marks.group()
            piece = piece[marks.end() :]
        if piece.strip():
            pieces.append(piece)
    return pieces or [""]
