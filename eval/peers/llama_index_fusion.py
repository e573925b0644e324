"""Runs llama-index's QueryFusionRetriever: vectors and BM25 fused by reciprocal rank, without query rewriting."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.peers.job import DEPTH, Build, Job, Search, run


def prepare(job: Job) -> Build:
    """Load the model."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.llms import MockLLM
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.retrievers.bm25 import BM25Retriever

    embedding = HuggingFaceEmbedding(model_name=job.model, device="cpu")

    def build() -> Search:
        documents = [
            Document(text=article["text"], doc_id=name, metadata={"title": article["title"]})
            for name, article in job.latest.items()
        ]
        nodes = SentenceSplitter(chunk_size=1024).get_nodes_from_documents(documents)
        index = VectorStoreIndex(nodes, embed_model=embedding)
        depth = min(DEPTH, len(nodes))
        retriever = QueryFusionRetriever(
            [
                index.as_retriever(similarity_top_k=depth),
                BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=depth),
            ],
            llm=MockLLM(),  # never called, but llama-index would fall back to OpenAI's
            mode=FUSION_MODES.RECIPROCAL_RANK,
            similarity_top_k=depth,
            num_queries=1,
            use_async=False,
        )

        def search(question: Mapping[str, Any]) -> Sequence[str]:
            return [str(found.node.ref_doc_id) for found in retriever.retrieve(question["text"])]

        return search

    return build


if __name__ == "__main__":
    run(prepare, ["llama-index-core", "llama-index-retrievers-bm25", "bm25s"])
