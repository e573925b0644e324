"""Measures duplicate detection on synthetic articles: `python -m eval.duplicates_at_scale`.

Prints time, memory and recall. Two articles in ten are copies of an earlier one, trimmed or with words added; the
others are random words of the sample, as long as a news article.
"""

import argparse
import random
import resource
import time
from collections.abc import Iterator
from pathlib import Path

from corpus.duplicates import Clusters, signature

_WORDS = (150, 600)
_COPIES = 0.2


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
    clusters, copies = Clusters(), []
    begun, signing, linking = time.perf_counter(), 0.0, 0.0
    for number, (text, original) in enumerate(_articles(words, count, seed)):
        started = time.process_time()
        signed = signature(text)
        signing += time.process_time() - started
        started = time.process_time()
        clusters.add(str(number), signed)
        linking += time.process_time() - started
        if original is not None:
            copies.append((str(number), str(original)))
    started = time.process_time()
    sizes = [len(cluster.article_ids) for cluster in clusters]
    listing = time.process_time() - started
    found = sum(original in clusters.cluster(copy).article_ids for copy, original in copies)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{count} articles, {len(copies)} copies planted, {found} of them in their original's cluster, "
        f"{len(sizes)} clusters, largest {max(sizes, default=0)}\n"
        f"CPU: signatures {signing:.0f} s, linking {linking:.0f} s, listing {listing:.1f} s; "
        f"{time.perf_counter() - begun:.0f} s in total including the generation of the texts; peak {memory:.0f} MiB"
    )


def _articles(words: list[str], count: int, seed: int) -> Iterator[tuple[str, int | None]]:
    """Texts, each with the number of the article that it copies, or None."""
    chance = random.Random(seed)
    recent: list[tuple[int, str]] = []
    for number in range(count):
        if recent and chance.random() < _COPIES:
            original, text = chance.choice(recent)
            yield _copy(text, words, chance), original
            continue
        text = " ".join(chance.choices(words, k=chance.randint(*_WORDS)))
        recent = [*recent[-499:], (number, text)]
        yield text, None


def _copy(text: str, words: list[str], chance: random.Random) -> str:
    if chance.random() < 0.5:
        return text[: round(len(text) * 0.6)]
    return f"{text} {' '.join(chance.choices(words, k=60))}"


if __name__ == "__main__":
    main()
