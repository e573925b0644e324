"""Search one archive for the evidence that may answer a question."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chat.answer import Evidence
from chat.gathering.abstention import AbstentionSettings, answerability
from chat.gathering.evidence import EvidenceSettings, gather_evidence
from chat.gathering.reranking import rerank
from chat.gathering.retrieval import Hit, RetrievalSettings, retrieve, unboosted_scores
from chat.gathering.sentence_vectors import SentenceVectors
from chat.understanding.question import Question

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

    from indexer.search.index import Index
    from indexer.storage.passage import Passage

RERANKED = 4  # times the passages that are kept
_COMPARED = 20  # hits: the best without boosts may not be the first with them
_NEVER = 2.0  # no cosine is this high: repeats are recognised by their words later


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How evidence is found and judged."""

    retrieval: RetrievalSettings = field(default_factory=RetrievalSettings)
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    abstention: AbstentionSettings = field(default_factory=AbstentionSettings)


class EvidenceSearch:
    """Finds evidence in one archive; holds no question, so that any number of readers may share it."""

    def __init__(
        self,
        index: "Index",
        embedding: "BaseEmbedding",
        settings: SearchSettings = SearchSettings(),
        reranker: "BaseNodePostprocessor | None" = None,
    ) -> None:
        self.index = index
        self._embedding = embedding
        self._settings = settings
        self._reranker = reranker
        self._vectors = SentenceVectors(embedding)

    def in_reach(self, question: Question, wider: EvidenceSettings | None = None) -> tuple[Evidence, ...]:
        """What may become evidence for a question without parts, best first; with `wider` settings more than usual.

        It is more than is shown, so that each kind of question finds what it needs.
        """
        settings, index = self._settings, self.index
        limits = wider or settings.evidence
        wanted = limits.passages * (RERANKED if self._reranker else 1)
        vector = self._vectors.of_question(question) if settings.retrieval.vector_weight else None
        hits = retrieve(question, index, self._embedding, wanted, settings.retrieval, vector)
        if self._reranker:
            hits = rerank(question, hits, self._reranker, index.archive)[: limits.passages]
        reach = replace(limits, sentences=limits.compared, same=_NEVER)
        return gather_evidence(question, hits, index.archive, index.keywords, self._vectors, reach)

    def hits(self, question: Question, limit: int) -> tuple[Hit, ...]:
        """The passages that match a question best, best first."""
        vector = self._vectors.of_question(question) if self._settings.retrieval.vector_weight else None
        return retrieve(question, self.index, self._embedding, limit, self._settings.retrieval, vector)

    def share_of_best(self, question: Question, passages: "Sequence[Passage]") -> float:
        """How well the best of some passages fits a question, as a share of the best of all; 1 where none fits."""
        best = {passage.id for hit in self.hits(question, _COMPARED) for passage in hit.passages}
        ids = sorted(best | {passage.id for passage in passages})
        vector = self._vectors.of_question(question)
        scores = unboosted_scores(question, ids, self.index, vector, self._settings.retrieval)
        highest = max(scores.values(), default=0.0)
        return max((scores[passage.id] for passage in passages), default=0.0) / highest if highest else 1.0

    def likeness(self, text: str, others: Sequence[str]) -> tuple[float, ...]:
        """The cosine of a text with each of the others, by their meaning as words."""
        wanted = self._embedding.get_query_embedding(text)
        return tuple(self._embedding.similarity(wanted, self._embedding.get_query_embedding(one)) for one in others)

    def answerability(self, question: Question, evidence: Sequence[Evidence]) -> float:
        """The probability that the evidence holds an answer."""
        return answerability(question, evidence, self.index.keywords, self._settings.abstention)
