"""An archive offered to llama-index's own engines as a retriever."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from chat.gathering.asking import question_to
from chat.gathering.retrieval import Hit, RetrievalSettings, retrieve
from indexer.search.index import Index
from indexer.storage.archive import Archive

_FOR_PROGRAMS = ["url", "start", "end", "also_printed_by"]  # hidden from a model that embeds or writes


class ArchiveRetriever(BaseRetriever):
    """Retrieves the passages of an archive for a question, understood and ranked as Dateline does it.

    Times and sources that a question names are limits, as they are in a conversation.

    ```python
    from llama_index.core.query_engine import RetrieverQueryEngine

    from chat.gathering.archive_retriever import ArchiveRetriever

    retriever = ArchiveRetriever(index, model.embedding, limit=6)
    engine = RetrieverQueryEngine.from_args(retriever, llm=llm, streaming=True)
    answer = engine.query("How many people died in the ferry fire?")
    print(answer)
    for node in answer.source_nodes:
        print(node.metadata["source"], node.metadata["published_at"], node.metadata["url"])
    ```
    """

    def __init__(
        self,
        index: Index,
        embedding: BaseEmbedding,
        *,
        limit: int = 8,
        as_of: datetime | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        settings: RetrievalSettings = RetrievalSettings(),
    ) -> None:
        """`as_of` is the moment from which the archive is looked at; without one, the moment of asking."""
        super().__init__()
        self._index = index
        self._embedding = embedding
        self._limit = limit
        self._as_of = as_of
        self._clock = clock
        self._settings = settings

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        self._index.refresh()
        moment = self._as_of or self._clock()
        question = question_to(self._index.table, query_bundle.query_str, as_of=moment)
        hits = retrieve(question, self._index, self._embedding, self._limit, self._settings)
        return as_nodes(hits, self._index.archive)


def as_nodes(hits: Iterable[Hit], archive: Archive) -> list[NodeWithScore]:
    """Hits as llama-index has them; the offsets are those of the article's text."""
    return [NodeWithScore(node=_node(hit, archive), score=hit.score) for hit in hits]


def _node(hit: Hit, archive: Archive) -> TextNode:
    passage = hit.passage
    article = archive.article(passage.article_id, passage.version)
    return TextNode(
        id_=str(passage.id),
        text=article.text[hit.start : hit.end],
        metadata={
            "title": article.title,
            "source": article.source,
            "published_at": article.published_at.isoformat() if article.published_at else None,
            "url": article.url,
            "start": hit.start,
            "end": hit.end,
            "also_printed_by": [one.source for one in hit.copies.listed],
        },
        excluded_embed_metadata_keys=_FOR_PROGRAMS,
        excluded_llm_metadata_keys=_FOR_PROGRAMS,
        start_char_idx=hit.start,
        end_char_idx=hit.end,
    )
