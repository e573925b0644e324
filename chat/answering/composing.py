"""From evidence to the sentences of an answer, quoted without a model or written with one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations, combinations_with_replacement

from chat.answer import Evidence, Sentence, Support
from chat.answering.completing import only_repeats
from chat.answering.prompts import NOT_IN_THE_ARCHIVE
from chat.checking.entailment import ReadPairs, read_again
from chat.checking.verifying import Verdict, verify
from chat.english.plain_text import plain
from chat.understanding.question import Question
from corpus.sentences import split_sentences

_MARKS = re.compile(r"\s*\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
_WORD = re.compile(r"\w+")
_TOGETHER = 3  # pieces of evidence, of which two of one article may hold a sentence together
_LONGEST_WRITTEN = 2000  # characters; more is no sentence

# What a reader does not see, or sees as another order of letters; joiners that scripts need are kept.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])")
_REST_OF_A_LINK = re.compile(r"\]\([^()]*\)?")  # where a sentence ended inside its words
_TAG = re.compile(r"<(?=[a-z/!?|])[^<>]*>?|‹(?=[/!?|])[^‹›]*›", re.IGNORECASE)
_FOREIGN_MARK = re.compile(
    r"\s*[\[［【〔〚](?:[^\w\[\]］】〕〛]|source|evidence|citation|ref|note)*\d(?:[^\w\[\]］】〕〛]|\d|source)*[\]］】〕〛]"
    r"|(?<![^\W\d_])[⁰¹²³⁴-⁹]+",
    re.IGNORECASE,
)
_MAY_BECOME_MARKUP = re.compile(r"!?[\[［【〔〚<‹]|\]\(|[#>|=]")
_VERDICT = re.compile(r"(?:yes|no)\s*(?:[,.:;!]|\s[—–-]\s)\s*", re.IGNORECASE)
_FORMAT = re.compile(r"^(?:(?:#{1,6}|[>|=+•*-]+)\s+)+|[*`]+|__+|~~+")
_ADDRESS = re.compile(r"://|\bwww\.\w|\b(?:javascript|vbscript|data|mailto|file):\S|[\w.+-]@[\w-]+\.\w", re.IGNORECASE)


def quotation(evidence: Evidence, *, label: str = "", also: Sequence[Evidence] = ()) -> Sentence:
    """One piece of evidence, verbatim, attributed and dated; `also` says the same and is cited with it."""
    told = f"“{visible(evidence.text)}” — {attribution(evidence)}"
    return Sentence(f"{label}: {told}" if label else told, (evidence, *also), Support.QUOTED)


def attribution(evidence: Evidence) -> str:
    """Who published it, and when."""
    published, source = evidence.article.published_at, visible(evidence.article.source)
    return f"{source}, {published.day} {published:%B %Y}" if published else source


def visible(text: str) -> str:
    """One line of `text` without control characters and without what turns the order of letters around."""
    return _INVISIBLE.sub("", " ".join(text.split()))


def without_markup(written: str) -> str:
    """A model's words as plain prose: no links, images, tags, formatting or citation marks, ours or made up."""
    text, before = visible(written)[:_LONGEST_WRITTEN], ""
    while text != before:  # one may be inside another
        before = text
        text = _REST_OF_A_LINK.sub("", _LINK.sub(r"\1", _MARKS.sub("", text)))
        text = _TAG.sub("", _FOREIGN_MARK.sub("", text))
        text = _FORMAT.sub("", text).strip()
    return " ".join(text.split())


def is_prose(text: str) -> bool:
    """Whether a text is one line that no reader of markup could take for more than words, and no address."""
    return without_markup(text) == text and not _ADDRESS.search(text)


def without_verdict(text: str) -> str:
    """A sentence without the yes or no that it opens with: whether it is so is for evidence to say, not for a model."""
    said = _VERDICT.sub("", text, count=1) if _VERDICT.match(text) else text
    return said[:1].upper() + said[1:] if said is not text else text


class Writing:
    """A model's words as they arrive, turned into checked sentences."""

    def __init__(
        self,
        evidence: Sequence[Evidence],
        read: ReadPairs | None = None,
        *,
        question: Question | None = None,
        today: date | None = None,
    ) -> None:
        """`read` is asked again about what the rules found supported; `today` is what "this week" is counted from.

        A sentence that only repeats the `question` is left out.
        """
        self._read = read
        self._question = question
        self._today = today
        self._evidence = {one.number: one for one in evidence}
        self._text = ""
        self._used: set[int] = set()

    @property
    def draft(self) -> str:
        """The sentence that is being written, up to what may become a mark or a link; empty after an address."""
        text = without_verdict(without_markup(self._text))
        return "" if _ADDRESS.search(text) else _MAY_BECOME_MARKUP.split(text, maxsplit=1)[0].strip()

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
        """The sentence as it may be shown: as written, or the quotation that it should have been, or nothing."""
        text = without_verdict(without_markup(written))
        if not _WORD.search(text) or NOT_IN_THE_ARCHIVE.casefold() in text.casefold() or self._is_the_question(text):
            return None
        cited = self._cited(written)
        if _ADDRESS.search(text) or len(written) > _LONGEST_WRITTEN:
            return self._replacement(cited)
        cited, verdict = (cited, self._verdict(text, cited)) if cited else self._best_held(text)
        if verdict.support is not Support.UNSUPPORTED:
            self._used.update(one.number for one in cited)
            exact = _own_words(text, cited) if verdict.support is Support.QUOTED else ""
            return Sentence(visible(exact or verdict.text), cited, verdict.support)
        return self._replacement(cited)

    def _is_the_question(self, text: str) -> bool:
        return self._question is not None and only_repeats(text, self._question)

    def _verdict(self, text: str, cited: Sequence[Evidence]) -> Verdict:
        verdict = verify(text, cited, today=self._today)
        return read_again(verdict, cited, self._read) if self._read else verdict

    def _cited(self, written: str) -> tuple[Evidence, ...]:
        numbers = [int(number) for marks in _MARKS.findall(written) for number in re.findall(r"\d+", marks)]
        return tuple(self._evidence[number] for number in dict.fromkeys(numbers) if number in self._evidence)

    def _best_held(self, text: str) -> tuple[tuple[Evidence, ...], Verdict]:
        """What holds a sentence that cites nothing: the piece that does, or two of one article; the likest first."""
        likest = self._likest(text)
        together = [pair for pair in combinations(likest[:_TOGETHER], 2) if pair[0].article.id == pair[1].article.id]
        candidates = [*((one,) for one in likest), *together]
        verdicts: list[tuple[tuple[Evidence, ...], Verdict]] = []
        for cited in candidates:
            verdicts.append((cited, self._verdict(text, cited)))
            if verdicts[-1][1].support in (Support.QUOTED, Support.SUPPORTED):
                return verdicts[-1]
        held = next((each for each in verdicts if each[1].support is Support.WEAK), None)
        return held or ((), verify(text, ()))

    def _likest(self, text: str) -> list[Evidence]:
        """The evidence that shares words with a text, the most first."""
        words = set(_WORD.findall(text.casefold()))
        shared = {
            number: len(words & set(_WORD.findall(one.text.casefold()))) for number, one in self._evidence.items()
        }
        numbers = sorted(filter(shared.__getitem__, shared), key=lambda number: (-shared[number], number))
        return [self._evidence[number] for number in numbers]

    def _replacement(self, cited: Sequence[Evidence]) -> Sentence | None:
        for one in (*cited, *self._evidence.values()):
            if one.number not in self._used:
                self._used.add(one.number)
                return quotation(one)
        return None


def _own_words(text: str, cited: Sequence[Evidence]) -> str:
    """The very letters of the sentences that a text repeats but for its marks and spaces; empty where none are."""
    for one in cited:
        spans = split_sentences(one.text)
        for first, last in combinations_with_replacement(range(len(spans)), 2):
            words = visible(one.text[spans[first].start : spans[last].end])
            if plain(words) == plain(text) and is_prose(words):
                return words
    return ""


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
