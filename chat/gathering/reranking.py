"""An optional reranking of what was retrieved: the ranks of a cross-encoder fused with those of retrieval."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from chat.errors import ChatError
from chat.gathering.retrieval import Hit
from chat.understanding.question import Question
from indexer.embedding.places import HUB, place_of
from indexer.storage.archive import Archive

if TYPE_CHECKING:
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

_MOST_HITS = 1_000  # llama-index needs a limit; nothing is to be dropped
_RANK_CONSTANT = 60  # Cormack, Clarke & Buettcher 2009, reciprocal rank fusion


def open_reranker(spec: str) -> "BaseNodePostprocessor":
    """Open a cross-encoder from a local folder or, as `hub:OWNER/NAME`, with a download.

    Raises ChatError naming the spec and what to do. Code that comes with a model is never run.
    """
    from llama_index.core.postprocessor import SentenceTransformerRerank

    place = place_of(spec)
    try:
        if place is None:
            raise OSError("no such folder")
        if Path(place).is_dir() and not any(Path(place).glob("*.safetensors")):
            raise OSError("its weights are not in safetensors files; those of other forms can run code")
        return SentenceTransformerRerank(model=place, top_n=_MOST_HITS, device="cpu", trust_remote_code=False)
    except (OSError, ValueError) as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise ChatError(
            f"no reranker {spec!r}; give a folder or {HUB}OWNER/NAME of a cross-encoder, or unset DATELINE_RERANKER "
            f"({lines[0]})"
        ) from error


def rerank(
    question: Question, hits: Sequence[Hit], reranker: "BaseNodePostprocessor", archive: Archive
) -> tuple[Hit, ...]:
    """The hits in the order of both ranks together, because a cross-encoder knows nothing of dates.

    The scores are those of retrieval, reassigned from the best down; what the reranker drops is dropped.
    """
    from chat.gathering.archive_retriever import as_nodes

    ranked = reranker.postprocess_nodes(as_nodes(hits, archive), query_str=question.search_text)
    rank = {int(found.node.node_id): at for at, found in enumerate(ranked, start=1)}
    fused = sorted(
        ((-1 / (_RANK_CONSTANT + at) - 1 / (_RANK_CONSTANT + rank[hit.passage.id]), at, hit)
         for at, hit in enumerate(hits, start=1) if hit.passage.id in rank),
        key=lambda one: one[:2],
    )  # fmt: skip
    scores = sorted((hit.score for hit in hits), reverse=True)
    return tuple(
        replace(hit, score=score, why=(*hit.why, f"reranker rank {rank[hit.passage.id]}"))
        for (_, _, hit), score in zip(fused, scores, strict=False)
    )
