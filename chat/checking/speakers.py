"""Who speaks in a piece of evidence, also where the sentence itself does not name them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from chat.answer import Evidence
from chat.english.attributions import attributes, find_attributions
from chat.english.names import find_names
from chat.english.plain_text import plain, words
from chat.english.quoting_marks import find_quotations as find_quoted
from chat.understanding.speaker import Speaker
from corpus.quotation_marks import find_quoted as find_quoted_spans
from corpus.quotations import Quotation, QuotationKind, find_quotations
from corpus.sentences import paragraph_at, split_sentences

_MARKS = frozenset("\"'“”„«»‘’")
_BESIDE_CHARACTERS = 200
_LONGEST_QUOTATION = 600  # characters that are quoted whole
_RUN_BEFORE = re.compile(r"(?<![\w'-])((?:[\w'-]{1,40},? ){1,7})\Z")
_APPOSITION = re.compile(r", ([^,.\n]{3,90})[,.]")
_PRONOUNS = frozenset(("he", "she", "they"))


def speakers(evidence: Evidence) -> tuple[str, ...]:
    """The names, or roles, of those whose words, in quotation marks or not, are in the evidence."""
    return tuple(dict.fromkeys(one.speaker_name for one in _inside(evidence) if one.speaker_name))


def speaker_left_out(evidence: Evidence) -> str:
    """Who says the quoted words of the evidence, when it does not say so itself; empty when nobody knows."""
    for one in () if _MARKS.isdisjoint(evidence.text) else _inside(evidence):
        if one.kind is QuotationKind.INDIRECT or _names_its_speaker(evidence, one):
            continue
        if one.speaker_name and one.speaker_name.split()[-1] not in evidence.text:
            return one.speaker_name
    return ""


def is_somebodys(evidence: Evidence) -> bool:
    """Whether all of the evidence stands within one pair of quotation marks, which may be sentences away."""
    text = evidence.article.text
    start, end = text.rfind("\n\n", 0, evidence.start) + 1, text.find("\n\n", evidence.end)
    paragraph, words = plain(text[start : end if end >= 0 else len(text)]), plain(evidence.text).strip('" ')
    at = paragraph.find(words)
    return at >= 0 and any(one.start <= at and at + len(words) <= one.end for one in find_quoted(paragraph))


def with_who_speaks(evidence: Evidence) -> Evidence:
    """The evidence with the sentence before, of the same paragraph, when that alone can tell who speaks."""
    if _MARKS.isdisjoint(evidence.text) or not any(_is_nobodys(evidence, one) for one in _inside(evidence)):
        return evidence
    start = evidence.article.text.rfind("\n\n", 0, evidence.start) + 1
    earlier = split_sentences(evidence.article.text[start : evidence.start])
    return replace(evidence, start=start + earlier[-1].start) if earlier else evidence


def with_whole_quotation(evidence: Evidence) -> Evidence:
    """The evidence widened to the sentences, of the same paragraph, of a quotation that it begins or ends within."""
    text = evidence.article.text
    first, last = paragraph_at(text, evidence.start, evidence.end)
    start, end = evidence.start, evidence.end
    for one in find_quoted_spans(text[first:last]):
        opens, closes = first + one.outer.start, first + one.outer.end
        if opens < end and start < closes and closes - opens <= _LONGEST_QUOTATION:
            start, end = min(start, opens), max(end, closes)
    if (start, end) == (evidence.start, evidence.end):
        return evidence
    spans = [(first + one.start, first + one.end) for one in split_sentences(text[first:last])]
    touched = [(begins, ends) for begins, ends in spans if begins < end and start < ends]
    return replace(evidence, start=touched[0][0], end=touched[-1][1])


def says(evidence: Evidence, speaker: Speaker | None) -> bool:
    """Whether the speaker, known by name or by office, says something in the evidence."""
    if speaker is None:
        return False
    return any(
        not speaker.names.isdisjoint(name.split())
        or (speaker.office and _holds(name, speaker.office, evidence.article.text))
        for name in (*speakers(evidence), *_who_says_something(plain(evidence.text)))
    )


def _who_says_something(text: str) -> Iterator[str]:
    """The names of those who say something in a plain text; for a pronoun, the name that stands before it."""
    for one in find_attributions(text):
        before = [str(name) for name in find_names(text[: one.start])] if one.is_pronoun else []
        yield from before[-1:] if one.is_pronoun else [" ".join(one.names)]


@lru_cache(maxsize=1024)
def _holds(name: str, office: str, text: str) -> bool:
    """Whether the words of an office are in a name, or beside it in an article: "Ana Berg, chief fire officer"."""
    called = [name]
    for found in re.finditer(rf"\b{re.escape(name.split()[-1])}\b", text):
        before = _RUN_BEFORE.search(text, max(0, found.start() - _BESIDE_CHARACTERS), found.start())
        after = _APPOSITION.match(text, found.end())
        called += [run[1] for run in (before, after) if run and not attributes(run[1])]
    return any(set(office.split()) <= set(words(one.lower())) for one in called)


def _is_nobodys(evidence: Evidence, one: Quotation) -> bool:
    return one.kind is not QuotationKind.INDIRECT and not one.speaker_name and not _names_its_speaker(evidence, one)


def _names_its_speaker(evidence: Evidence, one: Quotation) -> bool:
    if one.speaker is None or not evidence.start <= one.speaker.start < evidence.end:
        return False
    return evidence.article.text[one.speaker.start : one.speaker.end].lower() not in _PRONOUNS


def _inside(evidence: Evidence) -> Iterator[Quotation]:
    for one in _quotations(evidence.article.text):
        if one.words.start < evidence.end and evidence.start < one.words.end:
            yield one


@lru_cache(maxsize=128)
def _quotations(text: str) -> tuple[Quotation, ...]:
    return find_quotations(text)
