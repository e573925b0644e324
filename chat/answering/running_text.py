"""A language model's words as they arrive, turned into checked sentences."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations, combinations_with_replacement

from chat.answer import Evidence, Sentence, Support
from chat.answering.plain_prose import (
    LONGEST_WRITTEN,
    before_markup,
    cited_numbers,
    has_address,
    is_prose,
    without_markup,
    without_yes_or_no,
)
from chat.answering.prompts import NOT_IN_THE_ARCHIVE, Reports
from chat.answering.quoting import quotation, visible
from chat.answering.relevance import only_repeats
from chat.checking.entailment import ReadPairs, read_again
from chat.checking.problems import ProblemKind, Verification
from chat.checking.speaker_checks import with_attribution
from chat.checking.verifying import verify
from chat.english.plain_text import plain
from chat.understanding.question import Question
from corpus.sentences import split_sentences

_WORD = re.compile(r"\w+")
_TRAILING_MARKS = re.compile(r"(?:\s*\[[\d,;\s]*\])+[.!?]*\s*")
_SUPPORTED = (Support.QUOTED, Support.SUPPORTED)
_PAIRED = 3  # pieces of evidence of which two from one article may support a sentence together


class Writing:
    """The running text of one answer: takes what a model sends, gives checked sentences."""

    def __init__(
        self,
        reports: Reports,
        read: ReadPairs | None = None,
        *,
        question: Question | None = None,
        today: date | None = None,
        replaces: bool = True,
    ) -> None:
        """`reports` are the evidence by the numbers in the prompt.

        `read` is an entailment model that checks again what the rules found supported. A sentence that only repeats the
        `question` is left out; `today` is the day that "this week" refers to.
        Unless it `replaces`, a sentence that is not supported leaves no quotation in its place.
        """
        self._read = read
        self._question = question
        self._today = today
        self._replaces = replaces
        self._evidence = reports
        self._text = ""
        self._used: set[int] = set()
        self.abstains = False  # the model wrote that the evidence does not hold the answer

    @property
    def draft(self) -> str:
        """The sentence being written, up to what may become a mark or a link.

        Empty once it holds an address, and while it may become the model's abstention.
        """
        text = without_yes_or_no(without_markup(self._text))
        hidden = has_address(text) or NOT_IN_THE_ARCHIVE.startswith(text[: len(NOT_IN_THE_ARCHIVE)].upper())
        return "" if hidden else before_markup(text)

    def take(self, delta: str) -> Iterator[Sentence]:
        """Add what arrived; yields the sentences that this completes."""
        self._text += delta
        *whole, last = _written_sentences(self._text)
        if whole:
            self._text = last + self._text[len(self._text.rstrip()) :]  # the space before the next word
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
        """The sentence as it may be shown: as written, a quotation in its place, or nothing."""
        text = without_yes_or_no(without_markup(written))
        if NOT_IN_THE_ARCHIVE.casefold() in text.casefold():
            self.abstains = True
            return None
        if not _WORD.search(text) or self._is_the_question(text):
            return None
        cited = self._cited(written)
        if has_address(text) or len(written) > LONGEST_WRITTEN:
            return self._replacement(cited)
        cited, verification = self._supported(text, cited)
        # A model may repeat markup and orders of hostile evidence; of 12,635 sentences of real news 11 are no prose.
        if verification.support is not Support.UNSUPPORTED and all(is_prose(visible(one.text)) for one in cited):
            self._used.update(one.number for one in cited)
            exact = _original_words(text, cited) if verification.support is Support.QUOTED else ""
            return Sentence(visible(exact or verification.text), cited, verification.support)
        return self._replacement(cited)

    def _is_the_question(self, text: str) -> bool:
        return self._question is not None and only_repeats(text, self._question)

    def _verified(self, text: str, cited: Sequence[Evidence]) -> Verification:
        verification = self._by_rules(text, cited)
        if verification.problems and all(one.kind is ProblemKind.ATTRIBUTION for one in verification.problems):
            attributed = self._by_rules(with_attribution(text, cited), cited)
            verification = attributed if attributed.support is Support.SUPPORTED else verification
        return read_again(verification, cited, self._read) if self._read else verification

    def _by_rules(self, text: str, cited: Sequence[Evidence]) -> Verification:
        asked = self._question.search_text if self._question else ""
        return verify(text, cited, today=self._today, asked=asked)

    def _cited(self, written: str) -> tuple[Evidence, ...]:
        return tuple(self._evidence[number] for number in cited_numbers(written) if number in self._evidence)

    def _supported(self, text: str, cited: tuple[Evidence, ...]) -> tuple[tuple[Evidence, ...], Verification]:
        """What supports a sentence: what it cites or, where that does not, other evidence that does."""
        verification = self._verified(text, cited) if cited else None
        if verification and verification.support in _SUPPORTED:
            return cited, verification
        other, found = self._best_support(text)
        return (other, found) if verification is None or found.support in _SUPPORTED else (cited, verification)

    def _best_support(self, text: str) -> tuple[tuple[Evidence, ...], Verification]:
        """The evidence for a sentence that cites none: one piece, or two of one article; the most similar first."""
        similar = self._most_similar(text)
        pairs = [pair for pair in combinations(similar[:_PAIRED], 2) if pair[0].article.id == pair[1].article.id]
        tried: list[tuple[tuple[Evidence, ...], Verification]] = []
        for cited in (*((one,) for one in similar), *pairs):
            tried.append((cited, self._verified(text, cited)))
            if tried[-1][1].support in _SUPPORTED:
                return tried[-1]
        weak = next((each for each in tried if each[1].support is Support.WEAK), None)
        return weak or ((), verify(text, ()))

    def _most_similar(self, text: str) -> list[Evidence]:
        """The evidence that shares words with a text, the most first."""
        words = set(_WORD.findall(text.casefold()))
        shared = {
            number: len(words & set(_WORD.findall(one.text.casefold()))) for number, one in self._evidence.items()
        }
        numbers = sorted(filter(shared.__getitem__, shared), key=lambda number: (-shared[number], number))
        return [self._evidence[number] for number in numbers]

    def _replacement(self, cited: Sequence[Evidence]) -> Sentence | None:
        """A quotation of the first piece of evidence that is not used yet."""
        for one in (*cited, *self._evidence.values()) if self._replaces else ():
            if one.number not in self._used:
                self._used.add(one.number)
                return quotation(one)
        return None


def _original_words(text: str, cited: Sequence[Evidence]) -> str:
    """The sentences of the evidence that a text repeats but for quotation marks and spaces; empty where none are."""
    for one in cited:
        spans = split_sentences(one.text)
        for first, last in combinations_with_replacement(range(len(spans)), 2):
            words = visible(one.text[spans[first].start : spans[last].end])
            if plain(words) == plain(text) and is_prose(words):
                return words
    return ""


def _written_sentences(text: str) -> list[str]:
    """The sentences of a model's text, each with the citation marks that follow it; the last may be unfinished."""
    pieces: list[str] = []
    for span in split_sentences(text):
        piece = text[span.start : span.end]
        marks = _TRAILING_MARKS.match(piece)
        if marks and pieces:
            pieces[-1] += marks.group()
            piece = piece[marks.end() :]
        if piece.strip():
            pieces.append(piece)
    return pieces or [""]
