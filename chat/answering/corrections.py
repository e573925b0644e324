"""Corrections of the cited articles that an answer must report."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chat.answer import Answer, Evidence, Sentence
from chat.answering.disagreement import Difference, disagreement_sentence, find_disagreements
from chat.answering.quoting import quotation
from chat.english.figures import read_figures
from chat.english.plain_text import content_stems, plain
from corpus.article import Article
from corpus.sentences import Span, split_sentences
from indexer.storage.archive import Archive

_MOST = 2  # corrections in one answer
_ALIKE = 0.5  # share of the content words that a sentence and its earlier wording have in common
_SHARED = 4  # content words that a correction and a sentence have in common when it is about that sentence


def corrections(answer: Answer, archive: Archive) -> tuple[tuple[Sentence, ...], tuple[Evidence, ...]]:
    """What was corrected in the words that an answer cites, and the evidence for it, numbered after the answer's."""
    cited = list(dict.fromkeys(one for sentence in answer.sentences for one in sentence.citations))
    reported: dict[str, Sentence] = {}
    added: list[Evidence] = []
    for one in cited:
        number = len(answer.evidence) + len(added) + 1
        if one.article.id in reported or len(reported) == _MOST:
            continue
        if found := _correction(one, cited, number, archive):
            reported[one.article.id] = found
            added += [each for each in found.citations if each.number == number]
    return tuple(reported.values()), tuple(added)


def with_whole_note(one: Evidence) -> Evidence:
    """Evidence from a correction, widened to the whole correction: what was wrong and what is right."""
    note = _note(one.article)
    if note is None or one.end <= note.start or note.end <= one.start:
        return one
    return replace(one, start=min(one.start, note.start), end=max(one.end, note.end))


def _correction(one: Evidence, cited: Sequence[Evidence], number: int, archive: Archive) -> Sentence | None:
    article = one.article
    before = next(iter(archive.whole_articles([(article.id, article.version - 1)])), None)
    note = _note(article)
    if note and any(each.article == article and each.start < note.end and note.start < each.end for each in cited):
        return None  # the answer shows it already
    if before is not None and _spaced(one.text) in _spaced(before.text):
        return None  # something else was corrected
    if note and (before is not None or _is_about(article.text[note.start : note.end], one.text)):
        return quotation(Evidence(number, article, *note), label=_label(article, before))
    if before is not None and (old := _old_wording(one, before)):
        return _reported_change(replace(old, number=number), one)
    return None


def _label(article: Article, before: Article | None) -> str:
    """The label, with the day when the correction came with this version of the article."""
    day = article.updated_at
    is_new = before is not None and before.correction != article.correction
    return f"Corrected on {day.day} {day:%B %Y}" if day and is_new else "Corrected"


def _note(article: Article) -> Span | None:
    """Where the article prints its correction."""
    words = (article.correction or "").split()
    found = re.search(r"\s+".join(map(re.escape, words)), article.text) if words else None
    return Span(*found.span()) if found else None


def _is_about(note: str, sentence: str) -> bool:
    """Whether a correction may be about a sentence: it has one of its numbers or many of its words."""
    note, sentence = plain(note), plain(sentence)
    figures = {figure.value for figure in read_figures(note)} & {figure.value for figure in read_figures(sentence)}
    return bool(figures) or len(content_stems(note) & content_stems(sentence)) >= _SHARED


def _old_wording(one: Evidence, before: Article) -> Evidence | None:
    """The sentence of the earlier version that is most similar to the evidence."""
    stems = content_stems(plain(one.text))
    best = max(_likeness(stems, before), default=None)
    return Evidence(one.number, before, *best[1]) if best and best[0] >= _ALIKE else None


def _likeness(stems: frozenset[str], article: Article) -> Iterator[tuple[float, Span]]:
    for span in split_sentences(article.text):
        other = content_stems(plain(article.text[span.start : span.end]))
        yield len(stems & other) / (len(stems | other) or 1), span


def _reported_change(old: Evidence, new: Evidence) -> Sentence | None:
    found = [one for one in find_disagreements((old, new)) if one.difference is Difference.CORRECTION]
    return disagreement_sentence(found[0]) if found else None


def _spaced(text: str) -> str:
    return " ".join(text.split())
