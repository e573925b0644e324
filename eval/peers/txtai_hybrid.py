"""Runs txtai's hybrid index: whole articles, sparse and dense with equal weights."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.peers.job import DEPTH, Build, Job, Search, run, titled


def prepare(job: Job) -> Build:
    """Load the model."""
    from txtai import Embeddings

    embeddings = Embeddings(path=job.model, hybrid=True)

    def build() -> Search:
        embeddings.index((name, titled(article), None) for name, article in job.latest.items())

        def search(question: Mapping[str, Any]) -> Sequence[str]:
            return [name for name, _ in embeddings.search(question["text"], DEPTH)]

        return search

    return build


if __name__ == "__main__":
    run(prepare, ["txtai", "faiss-cpu", "transformers"])
