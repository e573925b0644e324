"""Runs llama-index as in its starter example: SentenceSplitter and an in-memory VectorStoreIndex."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.peers.job import DEPTH, Build, Job, Search, run


def prepare(job: Job) -> Build:
    """Load the model."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    embedding = HuggingFaceEmbedding(model_name=job.model, device="cpu")

    def build() -> Search:
        documents = [
            Document(text=article["text"], doc_id=name, metadata={"title": article["title"]})
            for name, article in job.latest.items()
        ]
        index = VectorStoreIndex.from_documents(
            documents, embed_model=embedding, transformations=[SentenceSplitter(chunk_size=1024)]
        )
        retriever = index.as_retriever(similarity_top_k=DEPTH)

        def search(question: Mapping[str, Any]) -> Sequence[str]:
            return [str(found.node.ref_doc_id) for found in retriever.retrieve(question["text"])]

        return search

    return build


if __name__ == "__main__":
    run(prepare, ["llama-index-core", "sentence-transformers"])
