"""From a question to ranked passages: keyword and vector scores fused, weighed by time, copies collapsed."""

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from chat.english.calendar_words import Interval
from chat.understanding.question import Question, Recency
from indexer.index import Hits, Index
from indexer.passage import Passage
from indexer.prints import ALONE, Prints, other_prints
from indexer.scope import PassageTable, Scope

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

_DAY_S = 86_400
_NEARLY = 0.9  # of a score, which is as good as the whole when it comes from elsewhere
_LONGEST = 3  # passages in one hit


class Fusion(StrEnum):
    """How the keyword list and the vector list become one."""

    SCORES = "scores"  # the weighted sum of the cosine and of BM25 as a share of what a question's words are worth
    RANKS = "ranks"  # reciprocal ranks


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """Each part of retrieval, with its size; 0 or False switches a part off."""

    candidates: int = 100  # taken from each list
    fusion: Fusion = Fusion.SCORES
    keyword_weight: float = 0.25
    vector_weight: float = 0.75
    similarity_floor: float = 0.2  # a cosine that any two news texts have
    title_weight: float = 1.0  # of a word in a title against one in the text
    rank_constant: int = 60  # of reciprocal rank fusion (Cormack, Clarke & Buettcher 2009)
    lead_boost: float = 0.05  # for the passage that opens an article
    article_boost: float = 0.1  # of an article's second passage, to its first
    recency_boost: float = 0.8  # what the news of this very moment gains
    recency_days: float = 20.0  # in which the gain falls to a third
    strong_recency_power: float = 0.6  # for "latest": (1 + age / recency_days) ** -power
    phrase_boost: float = 1.0  # quoted words as they stand double a passage's score
    preference_boost: float = 0.5  # for the range or the sources that a question leans to
    collapse_copies: bool = True  # one article stands for all that print its story
    source_cap: int = 3  # articles of one publisher, after which those of others go first if they are nearly as good
    merge_neighbours: bool = True  # passages that stand side by side are one hit


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, how well it bears on the question, and what found it."""

    passage: Passage
    score: float  # comparable between questions too, where scores are fused by strength
    similarity: float | None  # cosine of passage and question, where vectors were searched
    why: tuple[str, ...]
    neighbours: tuple[Passage, ...] = ()  # that were found too and stand right before or after it, best first
    prints: Prints = ALONE  # of the same story by others, as the question may see them

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passage, then its neighbours: one stretch of one text."""
        return (self.passage, *self.neighbours)

    @property
    def start(self) -> int:
        """Where the stretch starts in the text of its article."""
        return min(passage.start for passage in self.passages)

    @property
    def end(self) -> int:
        """Where it ends."""
        return max(passage.end for passage in self.passages)


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage_id: int
    row: int
    score: float
    similarity: float | None
    why: tuple[str, ...]


def retrieve(
    question: Question,
    index: Index,
    embedding: "BaseEmbedding",
    limit: int,
    settings: RetrievalSettings = RetrievalSettings(),
    vector: Sequence[float] | None = None,
) -> tuple[Hit, ...]:
    """The passages that bear on a question, best first; nothing outside its scope.

    `vector` is the question's, where it is known already: to embed a question takes as long as all the rest.
    """
    table = index.table
    lists = _lists(question, index, settings, lambda: vector or question_vector(question, embedding))
    candidates = _fuse(lists, table, settings)
    if question.phrases:
        candidates = _with_phrases(question, index, table, candidates, settings)
    weighed = [_weigh(candidate, question, table, settings) for candidate in candidates]
    ranked = _with_their_articles(_sorted(weighed), table, settings.article_boost)
    if settings.collapse_copies:
        ranked = _one_article_a_story(ranked, table)
    if settings.source_cap and not question.sources:
        ranked = _no_source_alone(ranked, table, settings.source_cap)
    groups = _side_by_side(ranked, table) if settings.merge_neighbours else [[one] for one in ranked]
    chosen = groups[:limit]
    passages = index.archive.passages([one.passage_id for group in chosen for one in group])
    article_ids = list({passage.article_id: None for passage in passages.values()})
    prints = other_prints(article_ids, index.archive, table, scope_of(question))
    return tuple(
        _hit(held[0][0], [passage for _, passage in held], prints)
        for group in chosen
        if (held := [(one, passages[one.passage_id]) for one in group if one.passage_id in passages])
    )


def _hit(candidate: _Candidate, passages: Sequence[Passage], prints: Mapping[str, Prints]) -> Hit:
    others = prints.get(passages[0].article_id, ALONE)
    why = (*candidate.why, f"also printed by others: {len(others)}") if others else candidate.why
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
    )


def question_vector(question: Question, embedding: "BaseEmbedding") -> list[float]:
    """The direction of a question: its own, and with less weight those of the earlier words that it follows."""
    vector = np.asarray(embedding.get_query_embedding(question.search_text))
    for earlier in question.follows:
        vector = vector + earlier.weight * np.asarray(embedding.get_query_embedding(earlier.text))
    unit: list[float] = (vector / max(float(np.linalg.norm(vector)), 1e-12)).tolist()
    return unit


@dataclass(frozen=True, slots=True)
class _Lists:
    """What was found by words and by meaning, each with what its scores are worth for every passage of both."""

    keyword: Hits
    vector: Hits
    strengths: Mapping[int, float]  # BM25 as a share of what the words of the question are worth
    similarities: Mapping[int, float]


def _lists(
    question: Question, index: Index, settings: RetrievalSettings, embedded: Callable[[], Sequence[float]]
) -> _Lists:
    scope, size = scope_of(question), settings.candidates
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


def _fuse(lists: _Lists, table: PassageTable, settings: RetrievalSettings) -> list[_Candidate]:
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
        _Candidate(passage_id, int(row), score, lists.similarities.get(passage_id), tuple(why[passage_id]))
        for (passage_id, score), row in zip(scores.items(), rows, strict=True)
        if row >= 0
    ]


def _with_phrases(
    question: Question,
    index: Index,
    table: PassageTable,
    candidates: Iterable[_Candidate],
    settings: RetrievalSettings,
) -> list[_Candidate]:
    """Quoted words must occur as they stand; when they do nowhere, the question is searched without them."""
    scope = scope_of(question)
    holding = [dict(index.by_phrase(phrase, settings.candidates, scope)) for phrase in question.phrases]
    wanted = set.intersection(*(set(found) for found in holding))
    held = {candidate.passage_id: candidate for candidate in candidates}
    if not wanted:
        return list(held.values())
    floor = min((candidate.score for candidate in held.values()), default=1.0 / settings.rank_constant)
    rows = table.rows_of(sorted(wanted))
    found = [
        held.get(passage_id, _Candidate(passage_id, int(row), floor, None, ()))
        for passage_id, row in zip(sorted(wanted), rows, strict=True)
        if row >= 0
    ]
    return [_boosted(candidate, settings.phrase_boost, "holds the quoted words") for candidate in found]


def _weigh(candidate: _Candidate, question: Question, table: PassageTable, settings: RetrievalSettings) -> _Candidate:
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
    """What an article's age does to its score.

    Without a word on time, the news of the last days gains and all older news is alike, so that an old archive is not
    ranked by date. Asked for the latest, every article yields to a newer one, by a power law: that neither forgets
    what is a year old nor tells apart what is ten.
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


def _boosted(candidate: _Candidate, boost: float, reason: str) -> _Candidate:
    return dataclasses.replace(candidate, score=candidate.score * (1.0 + boost), why=(*candidate.why, reason))


def _with_their_articles(ranked: Sequence[_Candidate], table: PassageTable, boost: float) -> list[_Candidate]:
    """The best passage of each article gains by the second: an article on the subject says so more than once."""
    by_article: dict[tuple[str, int], list[_Candidate]] = {}
    for candidate in ranked:
        by_article.setdefault(table.article_of(candidate.row), []).append(candidate)
    return _sorted(
        one
        for first, *others in by_article.values()
        for one in (
            dataclasses.replace(first, score=first.score + boost * others[0].score) if others else first,
            *others,
        )
    )


def _sorted(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.passage_id))


def _one_article_a_story(ranked: Sequence[_Candidate], table: PassageTable) -> list[_Candidate]:
    """Of the articles that print one story only the earliest found is kept, at the rank of the best of them.

    A wire story in twenty papers is one voice, and its first print is the one to cite.
    """
    earliest: dict[str, tuple[float, str]] = {}
    for candidate in ranked:
        article_id, _ = table.article_of(candidate.row)
        published_s = table.published_at(candidate.row)
        key = (math.inf if published_s is None else published_s, article_id)
        cluster = table.cluster_of(candidate.row)
        earliest[cluster] = min(earliest.get(cluster, key), key)
    kept: list[_Candidate] = []
    best: dict[str, float] = {}
    for candidate in ranked:
        cluster, (article_id, _) = table.cluster_of(candidate.row), table.article_of(candidate.row)
        best.setdefault(cluster, candidate.score)
        if earliest[cluster][1] == article_id:
            kept.append(candidate)
    return _lifted(kept, best, table)


def _lifted(kept: Sequence[_Candidate], best: Mapping[str, float], table: PassageTable) -> list[_Candidate]:
    """The first passage of each story at the score of the story's best passage, in whichever article that was."""
    lifted: list[_Candidate] = []
    seen: set[str] = set()
    for candidate in kept:
        cluster = table.cluster_of(candidate.row)
        score = candidate.score if cluster in seen else best[cluster]
        seen.add(cluster)
        lifted.append(dataclasses.replace(candidate, score=score))
    return _sorted(lifted)


def _no_source_alone(ranked: Sequence[_Candidate], table: PassageTable, cap: int) -> list[_Candidate]:
    """From the publisher's article after the capped ones on, others that score nearly as well go first."""
    articles: dict[str, dict[str, None]] = {}
    lowered = []
    for candidate in ranked:
        own = articles.setdefault(table.source_of(candidate.row), {})
        own.setdefault(table.article_of(candidate.row)[0])
        over = list(own).index(table.article_of(candidate.row)[0]) >= cap
        lowered.append(dataclasses.replace(candidate, score=candidate.score * (_NEARLY if over else 1.0)))
    return sorted(lowered, key=lambda candidate: (-candidate.score, candidate.passage_id))


def _side_by_side(ranked: Sequence[_Candidate], table: PassageTable) -> list[list[_Candidate]]:
    """Candidates in groups that stand in one text one after the other, each group at the rank of its best."""
    groups: list[list[_Candidate]] = []
    by_row: dict[int, list[_Candidate]] = {}
    for candidate in ranked:
        group = next((by_row[row] for row in (candidate.row - 1, candidate.row + 1) if row in by_row), None)
        if group and len(group) < _LONGEST and table.article_of(group[0].row) == table.article_of(candidate.row):
            group.append(candidate)
        else:
            groups.append(group := [candidate])
        by_row[candidate.row] = group
    return groups
