"""A peer that finds articles by the words that they share with a question."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.peers.job import Build, Job, Search, run, titled


def prepare(job: Job) -> Build:
    """Nothing to load."""

    def build() -> Search:
        words = {name: set(titled(article).lower().split()) for name, article in job.latest.items()}

        def search(question: Mapping[str, Any]) -> Sequence[str]:
            asked = set(question["text"].lower().split())
            return sorted(words, key=lambda name: (-len(words[name] & asked), name))

        return search

    return build


if __name__ == "__main__":
    run(prepare, ["no-such-package"])
