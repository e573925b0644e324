"""Pairs of texts made from articles with a seed: syndicated copies, and reports of other events in the same words.

What a report is changed into is drawn from the other articles, so that no word of it was chosen by hand.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.article import Article
from corpus.english.function_words import is_function_word

_HOUSE_STYLE = {"per cent": "percent", "“": '"', "”": '"', " kilometres": " km", " million": " mn", "Mr ": ""}
_THING = re.compile(r"\b(?:the|an?) ([a-z]{4,})\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}")
_SMALL_NUMBER = re.compile(r"\b[1-9]\d?\b")
_KEPT = 0.7  # of the paragraphs of a report that was cut


@dataclass(frozen=True, slots=True)
class Pair:
    """An article and a text made from it."""

    kind: str
    article: Article
    text: str
    title: str


def copies(articles: Sequence[Article]) -> Iterator[Pair]:
    """Each article as other papers print it: cut, with another headline and a dateline, in another house style."""
    for one in articles:
        yield Pair("cut", one, _cut(one.text), one.title)
        headline = " ".join(reversed(one.title.split()))
        yield Pair("headline", one, f"NORTH POINT, March 3 (CPA) - {one.text}", headline)
        yield Pair("house style", one, _in_another_style(one.text), one.title)
        yield Pair("cut and house style", one, _cut(_in_another_style(one.text)), one.title)


def other_events(articles: Sequence[Article], seed: int = 5) -> Iterator[Pair]:
    """Each article with its commonest thing or name replaced by that of another article, or with other numbers."""
    drawn = random.Random(seed)
    for one in articles:
        other = drawn.choice([each for each in articles if each is not one])
        for kind, pattern in (("thing", _THING), ("name", _NAME)):
            old, new = _commonest(pattern, one.text), _commonest(pattern, other.text, absent_from=one.text)
            if old and new:
                changed = [re.sub(rf"\b{old}\b", new, text) for text in (one.text, one.title)]
                yield Pair(kind, one, changed[0], changed[1])
        numbers = _SMALL_NUMBER.sub(lambda found: str(int(found[0]) + drawn.randint(1, 9)), one.text)
        if numbers != one.text:
            yield Pair("number", one, numbers, one.title)


def _cut(text: str) -> str:
    paragraphs = text.split("\n\n")
    return "\n\n".join(paragraphs[: max(2, int(len(paragraphs) * _KEPT))])


def _in_another_style(text: str) -> str:
    for old, new in _HOUSE_STYLE.items():
        text = text.replace(old, new)
    return text


def _commonest(pattern: re.Pattern[str], text: str, absent_from: str = "") -> str:
    found = Counter(match[match.re.groups] for match in pattern.finditer(text))
    words = [word for word, _ in found.most_common() if not is_function_word(word) and word not in absent_from]
    return next(iter(words), "")
