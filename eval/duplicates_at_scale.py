"""Measures duplicate detection on synthetic articles: `python -m eval.duplicates_at_scale`.

Prints time, memory, precision, recall and F1. Two articles in ten are copies of an earlier one, trimmed or with words
added, and one in twenty is an update of one, with one other number, name or negation; the others are random words of
the sample, as long as a news article.
"""

import argparse
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

from corpus.duplicates import Clusters
from corpus.signatures import signature

_WORDS = (150, 600)
_COPIES = 0.2
_UPDATES = 0.05
_FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=Path, default=Path("corpus/sample"))
    arguments = parser.parse_args()
    words = [word for path in sorted(arguments.sample.rglob("*.md")) for word in path.read_text("utf-8").split()]
    if not words:
        parser.error(f"no Markdown articles below {arguments.sample}; name a folder with --sample")
    print(_measure(words, arguments.articles, arguments.seed))


def _measure(words: list[str], count: int, seed: int) -> str:
    clusters, originals, updates = Clusters(), list[int](), 0
    begun, signing, linking = time.perf_counter(), 0.0, 0.0
    for number, made in enumerate(_articles(words, count, seed)):
        started = time.process_time()
        signed = signature(made.text)
        signing += time.process_time() - started
        started = time.process_time()
        clusters.add(str(number), signed, _FIRST_DAY + timedelta(minutes=number))
        linking += time.process_time() - started
        originals.append(number if made.copy_of is None else made.copy_of)
        updates += made.is_update
    started = time.process_time()
    found = [cluster.article_ids for cluster in clusters]
    listing = time.process_time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{count} articles, {count - len(set(originals))} copies and {updates} updates planted; "
        f"{len(found)} clusters, largest {max(map(len, found), default=0)}; {_pairs_found(originals, found)}\n"
        f"CPU: signatures {signing:.0f} s, linking {linking:.0f} s, listing {listing:.1f} s; "
        f"{time.perf_counter() - begun:.0f} s in total including the generation of the texts; peak {memory:.0f} MiB"
    )


def _pairs_found(originals: Sequence[int], found: Sequence[Sequence[str]]) -> str:
    """Precision, recall and F1 over pairs of articles of one story."""
    planted = sum(size * (size - 1) // 2 for size in Counter(originals).values())
    pairs = [(int(one), int(other)) for ids in found for one, other in combinations(ids, 2)]
    right = sum(originals[one] == originals[other] for one, other in pairs)
    precision, recall = right / max(1, len(pairs)), right / max(1, planted)
    return f"pairs: precision {precision:.4f}, recall {recall:.4f}, F1 {2 * right / max(1, len(pairs) + planted):.4f}"


@dataclass(frozen=True, slots=True)
class _Made:
    text: str
    copy_of: int | None = None  # the number of the article that it copies
    is_update: bool = False


def _articles(words: list[str], count: int, seed: int) -> Iterator[_Made]:
    chance = random.Random(seed)
    recent: list[tuple[int, str]] = []
    for number in range(count):
        drawn = chance.random()
        if recent and drawn < _COPIES:
            original, text = chance.choice(recent)
            yield _Made(_copy(text, words, chance), original)
            continue
        if recent and drawn < _COPIES + _UPDATES:
            yield _Made(_update(chance.choice(recent)[1], chance), is_update=True)
            continue
        text = " ".join(chance.choices(words, k=chance.randint(*_WORDS)))
        recent = [*recent[-499:], (number, text)]
        yield _Made(text)


def _update(text: str, chance: random.Random) -> str:
    """The text with one word that is a number or a name replaced by another, or with a "not" in it."""
    words = text.split(" ")
    numbers = [at for at, word in enumerate(words) if word.isdigit()]
    names = [at for at, word in enumerate(words) if at and word.istitle() and words[at - 1].isalpha()]
    kind = chance.choice(["number", "name", "not"])
    if kind == "number" and numbers:
        words[chance.choice(numbers)] = str(chance.randint(10**6, 10**7))
    elif kind == "name" and names:
        words[chance.choice(names)] = "Quillon"
    else:
        words.insert(chance.randrange(5, len(words) - 5), "not")
    return " ".join(words)


def _copy(text: str, words: list[str], chance: random.Random) -> str:
    if chance.random() < 0.5:
        return text[: round(len(text) * 0.6)]
    return f"{text} {' '.join(chance.choices(words, k=60))}"


if __name__ == "__main__":
    main()
