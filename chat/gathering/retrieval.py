"""From a question to ranked passages: keyword and vector scores fused, weighed by time, syndicated copies collapsed."""

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from chat.english.intervals import Interval
from chat.gathering.ranking import (
    RankedPassage,
    best_first,
    lifted_by_second,
    no_source_alone,
    one_article_a_story,
    side_by_side,
)
from chat.understanding.question import Question, Recency
from indexer.search.index import Hits, Index
from indexer.search.scope import PassageTable, Scope
from indexer.search.syndication import other_copies
from indexer.storage.passage import Passage
from indexer.storage.syndication import ALONE, SyndicatedCopies

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

_DAY_S = 86_400


class Fusion(StrEnum):
    """How the keyword list and the vector list are fused."""

    SCORES = (
        "scores"  # weighted sum of the cosine and of BM25 as a share of the most that the question's words can score
    )
    RANKS = "ranks"  # reciprocal ranks


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """The parts of retrieval and their weights; 0 or False switches a part off."""

    candidates: int = 100  # taken from each list
    fusion: Fusion = Fusion.SCORES
    keyword_weight: float = 0.25
    vector_weight: float = 0.75
    similarity_floor: float = 0.2  # the cosine of any two news texts
    title_weight: float = 1.0  # of a word in a title, relative to one in the text
    rank_constant: int = 60  # of reciprocal rank fusion (Cormack, Clarke & Buettcher 2009)
    lead_boost: float = 0.05  # for the passage that opens an article
    article_boost: float = 0.1  # share of an article's second-best passage that is added to its best
    recency_boost: float = 0.8  # for an article of this moment
    recency_days: float = 20.0  # until the boost falls to a third
    strong_recency_power: float = 0.6  # for "latest": (1 + age / recency_days) ** -power
    phrase_boost: float = 1.0  # for a passage with the quoted words: doubles its score
    preference_boost: float = 0.5  # for the time or the sources that a question prefers
    collapse_copies: bool = True  # one article of each syndicated story
    source_cap: int = 3  # articles of one source, after which nearly as good ones of other sources come first
    merge_neighbours: bool = True  # adjacent passages are one hit


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, its score and why it was found."""

    passage: Passage
    score: float  # comparable between questions too, with Fusion.SCORES
    similarity: float | None  # cosine of passage and question, where vectors were searched
    why: tuple[str, ...]
    neighbours: tuple[Passage, ...] = ()  # found too, right before or after it, best first
    copies: SyndicatedCopies = ALONE  # syndicated copies within the scope of the question

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passage, then its neighbours: together one stretch of text."""
        return (self.passage, *self.neighbours)

    @property
    def start(self) -> int:
        """Where the stretch starts in the text of its article."""
        return min(passage.start for passage in self.passages)

    @property
    def end(self) -> int:
        """Where it ends."""
        return max(passage.end for passage in self.passages)


def retrieve(
    question: Question,
    index: Index,
    embedding: "BaseEmbedding",
    limit: int,
    settings: RetrievalSettings = RetrievalSettings(),
    vector: Sequence[float] | None = None,
) -> tuple[Hit, ...]:
    """The passages for a question, best first; nothing outside its scope.

    `vector` is that of the question, if known: embedding it takes as long as everything else.
    """
    table, scope = index.table, scope_of(question)
    lists = _lists(question, index, scope, settings, lambda: vector or question_vector(question, embedding))
    candidates = _fuse(lists, table, settings)
    if question.phrases:
        candidates = _with_phrases(question.phrases, index, scope, candidates, settings)
    weighed = [_weigh(candidate, question, table, settings) for candidate in candidates]
    ranked = lifted_by_second(best_first(weighed), table, settings.article_boost)
    if settings.collapse_copies:
        ranked = one_article_a_story(ranked, table)
    if settings.source_cap and not question.sources:
        ranked = no_source_alone(ranked, table, settings.source_cap)
    groups = side_by_side(ranked, table) if settings.merge_neighbours else [[one] for one in ranked]
    chosen = groups[:limit]
    passages = index.archive.passages([one.passage_id for group in chosen for one in group])
    article_ids = list({passage.article_id: None for passage in passages.values()})
    copies = other_copies(article_ids, index.archive, table, scope)
    return tuple(
        _hit(found[0][0], [passage for _, passage in found], copies)
        for group in chosen
        if (found := [(one, passages[one.passage_id]) for one in group if one.passage_id in passages])
    )


def unboosted_scores(
    question: Question, passage_ids: Sequence[int], index: Index, vector: Sequence[float], settings: RetrievalSettings
) -> dict[int, float]:
    """The fused scores of these passages for the words of a question and its vector, whatever their time and place."""
    if not passage_ids:
        return {}
    keywords, words = index.keywords, question.search_text
    worth = keywords.worth(words) or 1.0
    found = dict(keywords.search(words, len(passage_ids), title_weight=settings.title_weight, among=passage_ids))
    cosines = index.similarities(vector, passage_ids)
    return {
        one: settings.keyword_weight * found.get(one, 0.0) / worth
        + settings.vector_weight * max(0.0, cosines.get(one, 0.0) - settings.similarity_floor)
        for one in passage_ids
    }


def _hit(candidate: RankedPassage, passages: Sequence[Passage], copies: Mapping[str, SyndicatedCopies]) -> Hit:
    others = copies.get(passages[0].article_id, ALONE)
    why = (*candidate.why, f"syndicated copies: {len(others)}") if others else candidate.why
    return Hit(passages[0], candidate.score, candidate.similarity, why, tuple(passages[1:]), others)


def scope_of(question: Question) -> Scope:
    """The part of the archive that a question may be answered from."""
    published = question.published or Interval(None, None)
    return Scope(
        as_of=question.as_of,
        published_from=published.start,
        published_before=published.end,
        sources=question.sources,
        agencies=question.agencies,
        authors=question.authors,
        section=question.section,
        looks_back=question.looks_back,
    )


def question_vector(question: Question, embedding: "BaseEmbedding") -> list[float]:
    """The unit vector of a question: its own and, with less weight, those of the earlier questions that it follows."""
    vector = np.asarray(embedding.get_query_embedding(question.search_text))
    for earlier in question.follows:
        vector = vector + earlier.weight * np.asarray(embedding.get_query_embedding(earlier.text))
    unit: list[float] = (vector / max(float(np.linalg.norm(vector)), 1e-12)).tolist()
    return unit


@dataclass(frozen=True, slots=True)
class _Lists:
    """The keyword list and the vector list, with the scores of both kinds for every passage of either."""

    keyword: Hits
    vector: Hits
    strengths: Mapping[int, float]  # BM25 as a share of the most that the question's words can score
    similarities: Mapping[int, float]


def _lists(
    question: Question,
    index: Index,
    scope: Scope,
    settings: RetrievalSettings,
    embedded: Callable[[], Sequence[float]],
) -> _Lists:
    size = settings.candidates
    keyword: Hits = []
    strengths: dict[int, float] = {}
    if settings.keyword_weight:
        words = {earlier.text: earlier.weight for earlier in question.follows} | {question.search_text: 1.0}
        keyword = index.by_words(words, size, scope, title_weight=settings.title_weight)
        worth = index.keywords.worth(words)
        strengths = {passage_id: score / worth for passage_id, score in keyword}
    if not settings.vector_weight:
        return _Lists(keyword, [], strengths, {})
    vector = embedded()
    nearest = index.by_vector(vector, size, scope)
    similarities = dict(nearest)
    others = [passage_id for passage_id in strengths if passage_id not in similarities]
    return _Lists(keyword, nearest, strengths, similarities | index.similarities(vector, others))


def _fuse(lists: _Lists, table: PassageTable, settings: RetrievalSettings) -> list[RankedPassage]:
    scores: dict[int, float] = {}
    why: dict[int, list[str]] = {}
    for name, weight, hits, strengths in (
        ("keyword", settings.keyword_weight, lists.keyword, lists.strengths),
        ("vector", settings.vector_weight, lists.vector, lists.similarities),
    ):
        ranks = {passage_id: rank for rank, (passage_id, _) in enumerate(hits, start=1)}
        for passage_id, rank in ranks.items():
            why.setdefault(passage_id, []).append(f"{name} rank {rank}")
        if name == "vector":
            strengths = {key: max(0.0, cosine - settings.similarity_floor) for key, cosine in strengths.items()}
        by_ranks = {passage_id: 1.0 / (settings.rank_constant + rank) for passage_id, rank in ranks.items()}
        for passage_id, strength in (by_ranks if settings.fusion is Fusion.RANKS else strengths).items():
            scores[passage_id] = scores.get(passage_id, 0.0) + weight * strength
    rows = table.rows_of(list(scores))
    return [
        RankedPassage(passage_id, int(row), score, lists.similarities.get(passage_id), tuple(why[passage_id]))
        for (passage_id, score), row in zip(scores.items(), rows, strict=True)
        if row >= 0
    ]


def _with_phrases(
    phrases: Sequence[str],
    index: Index,
    scope: Scope,
    candidates: Iterable[RankedPassage],
    settings: RetrievalSettings,
) -> list[RankedPassage]:
    """Only passages with the exact quoted words; all candidates when there is none."""
    having = [dict(index.by_phrase(phrase, settings.candidates, scope)) for phrase in phrases]
    wanted = set.intersection(*(set(found) for found in having))
    known = {candidate.passage_id: candidate for candidate in candidates}
    if not wanted:
        return list(known.values())
    floor = min((candidate.score for candidate in known.values()), default=1.0 / settings.rank_constant)
    rows = index.table.rows_of(sorted(wanted))
    found = [
        known.get(passage_id, RankedPassage(passage_id, int(row), floor, None, ()))
        for passage_id, row in zip(sorted(wanted), rows, strict=True)
        if row >= 0
    ]
    return [_boosted(candidate, settings.phrase_boost, "has the quoted words") for candidate in found]


def _weigh(
    candidate: RankedPassage, question: Question, table: PassageTable, settings: RetrievalSettings
) -> RankedPassage:
    published_s = table.published_at(candidate.row)
    if published_s is not None and (weight := recency_weight(published_s, question, settings)) != 1.0:
        candidate = dataclasses.replace(
            candidate, score=candidate.score * weight, why=(*candidate.why, f"recency x{weight:.2f}")
        )
    if settings.lead_boost and table.opens_its_article(candidate.row):
        candidate = _boosted(candidate, settings.lead_boost, "opens its article")
    if published_s is not None and _within(published_s, question.preferred):
        candidate = _boosted(candidate, settings.preference_boost, "in the time asked about")
    if table.source_of(candidate.row) in question.preferred_sources:
        candidate = _boosted(candidate, settings.preference_boost, "from the source asked about")
    return candidate


def recency_weight(published_s: int, question: Question, settings: RetrievalSettings) -> float:
    """The factor by which an article's age changes its score.

    When a question says nothing about time, the news of the last days gains and all older news is equal, so that an
    old archive is not ranked by date. When it asks for the latest, every article ranks below a newer one by a power
    law, which still tells articles apart after a year but hardly after ten.
    """
    age_days = max(0.0, question.as_of.timestamp() - published_s) / _DAY_S
    if question.recency is Recency.STRONG and settings.strong_recency_power:
        return float((1.0 + age_days / settings.recency_days) ** -settings.strong_recency_power)
    if question.recency is Recency.GENTLE:
        return 1.0 + settings.recency_boost * math.exp(-age_days / settings.recency_days)
    return 1.0


def _within(published_s: int, interval: Interval | None) -> bool:
    if interval is None:
        return False
    after = interval.start is None or published_s >= interval.start.timestamp()
    return after and (interval.end is None or published_s < interval.end.timestamp())


def _boosted(candidate: RankedPassage, boost: float, reason: str) -> RankedPassage:
    return dataclasses.replace(candidate, score=candidate.score * (1.0 + boost), why=(*candidate.why, reason))
