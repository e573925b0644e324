"""Runs Chroma alone: a persistent collection of whole articles with its own sentence-transformers function."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from eval.peers.job import DEPTH, Build, Job, Search, run, titled


def prepare(job: Job) -> Build:
    """Load the model."""
    import chromadb
    from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

    embed: Any = SentenceTransformerEmbeddingFunction(model_name=job.model)

    def build() -> Search:
        client = chromadb.PersistentClient(str(job.folder / "chroma"))
        collection = client.create_collection("articles", embedding_function=embed)
        held = iter(job.latest.items())
        while batch := dict(islice(held, client.get_max_batch_size())):
            collection.add(ids=list(batch), documents=[titled(article) for article in batch.values()])

        def search(question: Mapping[str, Any]) -> Sequence[str]:
            count = min(DEPTH, len(job.latest))
            return collection.query(query_texts=[question["text"]], n_results=count)["ids"][0]

        return search

    return build


if __name__ == "__main__":
    run(prepare, ["chromadb", "sentence-transformers"])
