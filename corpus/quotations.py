"""Quotations: words that somebody is reported to have said, with who said them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.attributions import NAME_WORD, NOT_A_NAME, PRONOUN, Attribution, find_attributions
from corpus.quotation_marks import MASK, Quoted, find_quoted, mask_quoted
from corpus.sentences import Span, split_sentences


class QuotationKind(StrEnum):
    """How the words are reported."""

    DIRECT = "direct"  # all of them in quotation marks
    INDIRECT = "indirect"  # none of them
    MIXED = "mixed"  # some of them


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in a text, and the speaker that is named beside them; both are offsets into the text."""

    kind: QuotationKind
    words: Span  # without the quotation marks around them
    speaker: Span | None  # a name, a role or a pronoun; None for a quotation that goes on
    speaker_name: str | None  # the fullest name so far, or the role; None for a pronoun that could mean anybody


_LONGEST_SENTENCE = 4000  # characters; a longer "quotation" lacks its closing mark
_FEWEST_WORDS_ALONE = 3  # fewer words in marks without a speaker are titles and scare quotes

_WHEN = (
    r"(?:\s*(?:(?:on|in|at|during|late|early|earlier|last|this|after)\s(?:(?:an?|the|his|her|their|its)\s)?[^,:]{1,60}?"
    r"|yesterday|today|[a-z]+ly|[A-Z]\w+day)(?:\s(?:morning|afternoon|evening|night)\b)?)?"
)
_THAT = re.compile(rf"{_WHEN}\s*(?:,[^,]{{1,60}},)?\s*that\s+")
_WORDS_FOLLOW = re.compile(rf"{_WHEN}\s*[,:]?\s*(?={MASK})")
_CLAUSE_FOLLOWS = re.compile(
    rf"{_WHEN}\s+(?!(?:of|to|about|in|on|at|by|for|so|nothing|little|no|yes|as|and|or|with)\b)(?=\w)"
)
_SENTENCE_ENDS = re.compile(rf"{_WHEN}\s*(?:[.!?;]|\Z)")
_WITHOUT_THAT = frozenset(("said", "says", "told", "tells", "added", "insisted", "warned", "argued", "claimed"))
_FULL_NAME = re.compile(rf"{NAME_WORD}(?:\s(?:(?:de|da|van|von|der|bin|al|el|la|le)\s)?{NAME_WORD}){{1,4}}")
_POSSESSOR = re.compile(r"^.*['’]s\s")


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """The quotations of a news text, in order.

    Direct words without a speaker are told when they are a sentence of their own. English verbs of speech only.
    """
    quoted = list(_quoted(text))
    masked = mask_quoted(text, quoted)
    names = _full_names(masked)
    found: list[Quotation] = []
    for sentence, inside in _whole_sentences(text, quoted):
        attribution = _attribution(masked, sentence)
        if attribution is None:
            found.extend(_alone(text, masked, sentence, inside, found))
        else:
            speaker = attribution.speaker
            name = _speaker_name(masked, speaker, names, found)
            reported = _reported(masked, sentence, attribution, inside)
            found.extend(Quotation(kind, words, speaker, name) for kind, words in reported)
    return tuple(found)


def _quoted(text: str) -> Iterator[Quoted]:
    """What stands in quotation marks, without the spaces and commas at its ends."""
    for each in find_quoted(text):
        words = _strip(text, each.words, ",")
        if words.start < words.end:
            yield Quoted(each.outer, words)


def _strip(text: str, span: Span, marks: str) -> Span:
    """The span without spaces and these marks at its ends."""
    start, end = span
    while start < end and (text[start].isspace() or text[start] in marks):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in marks):
        end -= 1
    return Span(start, end)


def _whole_sentences(text: str, quoted: list[Quoted]) -> Iterator[tuple[Span, list[Quoted]]]:
    """Sentences, those that one pair of marks holds together joined to one, with what is quoted in each."""
    waiting, start, inside = 0, None, list[Quoted]()
    for sentence in split_sentences(text):
        start = sentence.start if start is None else start
        while waiting < len(quoted) and quoted[waiting].outer.start < sentence.end:
            inside.append(quoted[waiting])
            waiting += 1
        if not inside or inside[-1].outer.end <= sentence.end:
            yield Span(start, sentence.end), inside
            start, inside = None, []


def _attribution(masked: str, sentence: Span) -> Attribution | None:
    """The first place of a sentence that says who speaks."""
    if sentence.end - sentence.start > _LONGEST_SENTENCE:
        return None
    return next(iter(find_attributions(masked, sentence)), None)


def _reported(
    masked: str, sentence: Span, attribution: Attribution, inside: list[Quoted]
) -> Iterator[tuple[QuotationKind, Span]]:
    """What the speaker of an attribution is reported to have said in the same sentence."""
    start, end = attribution.start, attribution.end
    before = _strip(masked, Span(sentence.start, start), ",")
    after = _strip(masked, Span(end, sentence.end), ",")
    leads = not any(character.isalnum() or character == MASK for character in masked[before.start : before.end])
    if attribution.verb is None:
        yield from _words_of(masked, after if leads else before, inside)
        return
    previous = masked[sentence.start : start].rstrip()[-1:]
    if previous == MASK:
        yield from _words_of(masked, before, inside)
        yield from ((QuotationKind.DIRECT, each.words) for each in inside if each.outer.start >= end)
        return
    follows = _clause_start(masked, attribution, attribution.verb, sentence.end)
    if follows is not None:
        yield from _words_of(masked, Span(follows, sentence.end), inside)
    elif previous == "," and not leads and _SENTENCE_ENDS.match(masked, end, sentence.end):
        yield from _words_of(masked, before, inside)


def _clause_start(masked: str, attribution: Attribution, verb: Span, end: int) -> int | None:
    """Where the words start that follow "X said", if they do."""
    place, said = attribution.end, masked[verb.start : verb.end]
    found = _THAT.match(masked, place, end) or _WORDS_FOLLOW.match(masked, place, end)
    has_listener = said not in ("told", "tells") or place > verb.end
    if found is None and has_listener and said in _WITHOUT_THAT:
        found = _CLAUSE_FOLLOWS.match(masked, place, end)
    return found.end() if found else None


def _words_of(masked: str, span: Span, inside: list[Quoted]) -> Iterator[tuple[QuotationKind, Span]]:
    quotes = [each for each in inside if span.start <= each.outer.start and each.outer.end <= span.end]
    if quotes and not _reporters_words(masked, span):
        yield from ((QuotationKind.DIRECT, each.words) for each in quotes)
        return
    span = _strip(masked, span, ",.;:")
    if span.start < span.end:
        yield (QuotationKind.MIXED if quotes else QuotationKind.INDIRECT), span


def _reporters_words(masked: str, span: Span) -> bool:
    return any(character.isalnum() for character in masked[span.start : span.end])


def _alone(
    text: str, masked: str, sentence: Span, inside: list[Quoted], before: list[Quotation]
) -> Iterator[Quotation]:
    """Quoted words that no attribution stands beside: of the last speaker when they go on in one paragraph."""
    if not inside or _reporters_words(masked, sentence):
        return
    goes_on = bool(before) and "\n\n" not in text[before[-1].words.end : sentence.start]
    name = before[-1].speaker_name if goes_on else None
    for each in inside:
        if len(text[each.words.start : each.words.end].split()) >= _FEWEST_WORDS_ALONE:
            yield Quotation(QuotationKind.DIRECT, each.words, None, name)


def _full_names(masked: str) -> dict[str, tuple[int, str]]:
    """By its last word, the first full name in the reporter's words that ends so, with its place."""
    names: dict[str, tuple[int, str]] = {}
    for match in _FULL_NAME.finditer(masked):
        name = _POSSESSOR.sub("", " ".join(match[0].split()))
        first, _, rest = name.partition(" ")
        name = rest if first in NOT_A_NAME.split("|") else name
        if " " in name:
            names.setdefault(name.rpartition(" ")[2], (match.start(), name))
    return names


def _speaker_name(masked: str, speaker: Span, names: dict[str, tuple[int, str]], before: list[Quotation]) -> str | None:
    said = " ".join(masked[speaker.start : speaker.end].split())
    if re.fullmatch(PRONOUN, said):
        return _antecedent(masked, speaker, before)
    place, name = names.get(said.rpartition(" ")[2], (speaker.start, said))
    return name if place < speaker.start and name.endswith(said) else _POSSESSOR.sub("", said)


def _antecedent(masked: str, speaker: Span, before: list[Quotation]) -> str | None:
    """The last speaker, when it is near and nobody else was named since."""
    if not before:
        return None
    between = masked[before[-1].words.end : speaker.start]
    near = between.count("\n\n") <= 1 and _FULL_NAME.search(between) is None
    return before[-1].speaker_name if near else None
