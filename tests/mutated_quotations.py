"""Seeded quotations of articles as people pass them on: verbatim, misspelt, cut, in other marks, a word short."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.article import Article
from corpus.sentences import split_sentences

_FEWEST_WORDS = 7  # fewer are said by anybody
_QUOTED = re.compile(r"[\"“]([^\"“”\n]{40,400})[\"”]")


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words as they are passed on, and where they are from."""

    text: str
    article: Article
    start: int
    end: int
    kind: str


def quotations(articles: Sequence[Article], count: int, seed: int) -> list[Quoted]:
    """Quotations, sentences and paragraphs of the articles, as many of each kind of change."""
    rng = random.Random(seed)
    kinds = list(_CHANGES)
    quoted: list[Quoted] = []
    spans = [(article, by_form) for article in articles if (by_form := _spans(article))]
    while len(quoted) < count:
        article, by_form = spans[len(quoted) % len(spans)]
        start, end = rng.choice(rng.choice(by_form))
        kind = kinds[len(quoted) % len(kinds)]
        quoted.append(Quoted(_CHANGES[kind](article.text[start:end], rng), article, start, end, kind))
    return quoted


def stand_in(quoted: Sequence[Quoted], articles: Sequence[Article]) -> list[Quoted]:
    """Those of which, as they were before they were changed, half the runs of four words stand in the articles."""
    held = {run for article in articles for run in _runs(article.text)}
    return [one for one in quoted if _share(_runs(one.article.text[one.start : one.end]), held) >= 0.5]


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+", text.lower())
    return set(zip(*(words[by:] for by in range(4)), strict=False))


def _share(runs: set[tuple[str, ...]], held: set[tuple[str, ...]]) -> float:
    return len(runs & held) / max(1, len(runs))


def _spans(article: Article) -> list[list[tuple[int, int]]]:
    """What a reader may pass on, of each form that there is: sentences, words in quotation marks, paragraphs."""
    text = article.text
    sentences = [(span.start, span.end) for span in split_sentences(text)]
    spoken = [found.span(1) for found in _QUOTED.finditer(text)]
    paragraphs = [found.span() for found in re.finditer(r"[^\n]+", text)]
    long = [[span for span in spans if _is_long(text, span)] for spans in (sentences, spoken, paragraphs)]
    return [spans for spans in long if spans]


def _is_long(text: str, span: tuple[int, int]) -> bool:
    return len(text[span[0] : span[1]].split()) >= _FEWEST_WORDS


def _verbatim(text: str, rng: random.Random) -> str:
    return text


def _misspelt(text: str, rng: random.Random) -> str:
    """One word in eight with a letter lost, doubled or changed with the next, but at least one."""
    words = text.split()
    long = [at for at, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    for at in rng.sample(long, min(len(long), max(1, len(words) // 8))):
        word = words[at]
        place = rng.randrange(1, len(word) - 1)
        words[at] = rng.choice(
            (
                word[:place] + word[place + 1 :],
                word[:place] + word[place] + word[place:],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            )
        )
    return " ".join(words)


def _cut(text: str, rng: random.Random) -> str:
    """The first part, ending in the middle of a word and in dots, or the last part."""
    words = text.split()
    kept = max(_FEWEST_WORDS, round(len(words) * rng.uniform(0.5, 0.8)))
    return " ".join(words[-kept:]) if rng.random() < 0.5 else " ".join(words[:kept])[:-2] + "..."


def _in_other_marks(text: str, rng: random.Random) -> str:
    marks = rng.choice([("“", "”", "’"), ("«", "»", "’"), ("'", "'", "`")])
    text = text.replace("'", marks[2]).replace("’", marks[2])
    text = re.sub(r"[\"“”]", lambda _: rng.choice(marks[:2]), text)
    return f"{marks[0]}{text}{marks[1]}".replace(" – ", " -- ")


def _a_word_short(text: str, rng: random.Random) -> str:
    words = text.split()
    del words[rng.randrange(len(words))]
    return " ".join(words)


_CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "verbatim": _verbatim,
    "misspelt": _misspelt,
    "cut": _cut,
    "in other marks": _in_other_marks,
    "a word short": _a_word_short,
}
