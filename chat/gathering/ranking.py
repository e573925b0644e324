"""Ranked passages rearranged: an article's passages together, syndicated copies collapsed, no source alone."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.search.scope import PassageTable

_NEARLY = 0.9  # a passage of another source with this share of the score is preferred
_LONGEST = 3  # passages of one hit


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage by id and row of the table, its score and why it was found."""

    passage_id: int
    row: int
    score: float
    similarity: float | None
    why: tuple[str, ...]


def lifted_by_second(ranked: Sequence[RankedPassage], table: PassageTable, boost: float) -> list[RankedPassage]:
    """Add to the best passage of each article a share of the second: an article on the subject has several."""
    by_article: dict[tuple[str, int], list[RankedPassage]] = {}
    for candidate in ranked:
        by_article.setdefault(table.article_of(candidate.row), []).append(candidate)
    return best_first(
        one
        for first, *others in by_article.values()
        for one in (
            replace(first, score=first.score + boost * others[0].score) if others else first,
            *others,
        )
    )


def best_first(candidates: Iterable[RankedPassage]) -> list[RankedPassage]:
    """By score; equal scores by passage id."""
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.passage_id))


def one_article_a_story(ranked: Sequence[RankedPassage], table: PassageTable) -> list[RankedPassage]:
    """Of a syndicated story only the earliest article found is kept, at the rank of the best.

    A wire story in twenty papers is one source, and the first to print it is the one to cite.
    """
    earliest: dict[str, tuple[float, str]] = {}
    for candidate in ranked:
        article_id, _ = table.article_of(candidate.row)
        published_s = table.published_at(candidate.row)
        key = (math.inf if published_s is None else published_s, article_id)
        cluster = table.cluster_of(candidate.row)
        earliest[cluster] = min(earliest.get(cluster, key), key)
    kept: list[RankedPassage] = []
    best: dict[str, float] = {}
    for candidate in ranked:
        cluster, (article_id, _) = table.cluster_of(candidate.row), table.article_of(candidate.row)
        best.setdefault(cluster, candidate.score)
        if earliest[cluster][1] == article_id:
            kept.append(candidate)
    return _lifted(kept, best, table)


def _lifted(kept: Sequence[RankedPassage], best: Mapping[str, float], table: PassageTable) -> list[RankedPassage]:
    """The first passage of each story, at the score of the best passage of any of its articles."""
    lifted: list[RankedPassage] = []
    seen: set[str] = set()
    for candidate in kept:
        cluster = table.cluster_of(candidate.row)
        score = candidate.score if cluster in seen else best[cluster]
        seen.add(cluster)
        lifted.append(replace(candidate, score=score))
    return best_first(lifted)


def no_source_alone(ranked: Sequence[RankedPassage], table: PassageTable, cap: int) -> list[RankedPassage]:
    """After `cap` articles of a source, passages of others that score nearly as well come first."""
    articles: dict[str, dict[str, None]] = {}
    lowered = []
    for candidate in ranked:
        own = articles.setdefault(table.source_of(candidate.row), {})
        own.setdefault(table.article_of(candidate.row)[0])
        over = list(own).index(table.article_of(candidate.row)[0]) >= cap
        lowered.append(replace(candidate, score=candidate.score * (_NEARLY if over else 1.0)))
    return sorted(lowered, key=lambda candidate: (-candidate.score, candidate.passage_id))


def side_by_side(ranked: Sequence[RankedPassage], table: PassageTable) -> list[list[RankedPassage]]:
    """Groups of adjacent passages of one text, each at the rank of its best."""
    groups: list[list[RankedPassage]] = []
    by_row: dict[int, list[RankedPassage]] = {}
    for candidate in ranked:
        group = next((by_row[row] for row in (candidate.row - 1, candidate.row + 1) if row in by_row), None)
        if group and len(group) < _LONGEST and table.article_of(group[0].row) == table.article_of(candidate.row):
            group.append(candidate)
        else:
            groups.append(group := [candidate])
        by_row[candidate.row] = group
    return groups
