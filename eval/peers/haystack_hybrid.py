"""Runs Haystack's hybrid retrieval in memory: BM25 and embeddings of 200-word pieces, fused by rank."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.peers.job import DEPTH, Build, Job, Search, run


def prepare(job: Job) -> Build:
    """Load the model."""
    from haystack import Document
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.components.retrievers import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    asker = SentenceTransformersTextEmbedder(model=job.model, progress_bar=False)
    embedder = SentenceTransformersDocumentEmbedder(model=job.model, meta_fields_to_embed=["title"], progress_bar=False)
    asker.warm_up()
    embedder.warm_up()

    def build() -> Search:
        documents = [
            Document(content=article["text"], meta={"title": article["title"], "article": name})
            for name, article in job.latest.items()
        ]
        splitter = DocumentSplitter()
        splitter.warm_up()
        store = InMemoryDocumentStore()
        store.write_documents(embedder.run(documents=splitter.run(documents=documents)["documents"])["documents"])
        by_words = InMemoryBM25Retriever(store, top_k=DEPTH)
        by_vectors = InMemoryEmbeddingRetriever(store, top_k=DEPTH)
        joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

        def search(question: Mapping[str, Any]) -> Sequence[str]:
            vector = asker.run(text=question["text"])["embedding"]
            lists = [
                by_words.run(query=question["text"])["documents"],
                by_vectors.run(query_embedding=vector)["documents"],
            ]
            return [found.meta["article"] for found in joiner.run(documents=lists)["documents"]]

        return search

    return build


if __name__ == "__main__":
    run(prepare, ["haystack-ai", "sentence-transformers-haystack", "sentence-transformers"])
