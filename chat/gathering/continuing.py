"""Whether a question continues the one before it, by how well the articles of that one fit it.

A question that is asked alone is about the subject before it where the articles of that subject match it nearly as
well as the best passage of the archive does and have its words, the rare ones above all. In a small archive the first
decides; in a large one there is nearly always a passage that matches better by chance.
"""

from collections.abc import Sequence
from itertools import chain

from chat.english.plain_text import content_stems, plain
from chat.gathering.search import EvidenceSearch
from chat.gathering.word_weights import wanted_words, word_rows
from chat.understanding.parallels import Likeness
from chat.understanding.question import Question
from indexer.storage.passage import Passage

_ARTICLES = 3  # of the question before, by rank
_NEAR = 0.6  # of the best score, for an article to be one of them
# What the share of the best score and the share of the words must add up to. From the development pairs, in their own
# archives and among 4,865 other articles.
_FIT = 0.75


def continues(alone: Question, *, before: Question, search: EvidenceSearch) -> bool:
    """Whether a question, read alone, is about the subject of the question before it."""
    passages = _passages_of(before, search)
    return _share_of_words(alone, passages, search) + search.share_of_best(alone, passages) >= _FIT


def likeness_after(before: Question, search: EvidenceSearch) -> Likeness:
    """Compares words by their meaning; nothing is like what the best article of the question before mentions.

    "And the turnout?" asks for a part of the election that the article reports, and replaces nothing.
    """

    def likeness(text: str, others: Sequence[str]) -> Sequence[float]:
        hits = search.hits(before, 2 * _ARTICLES)
        texts = [hit.passage.text for hit in hits if hit.passage.article_id == hits[0].passage.article_id]
        is_part = content_stems(plain(text)) <= content_stems(plain(" ".join(texts)))
        return [0.0] * len(others) if is_part else search.likeness(text, others)

    return likeness


def _passages_of(question: Question, search: EvidenceSearch) -> list[Passage]:
    """All passages of the articles that match a question nearly as well as the best one."""
    hits = search.hits(question, 2 * _ARTICLES)
    near = ((hit.passage.article_id, hit.passage.version) for hit in hits if hit.score >= _NEAR * hits[0].score)
    archive = search.index.archive
    return list(chain.from_iterable(archive.passages_of(*one) for one in list(dict.fromkeys(near))[:_ARTICLES]))


def _share_of_words(question: Question, passages: Sequence[Passage], search: EvidenceSearch) -> float:
    """The share of the question's words, weighed by rarity, that the passages or their titles have."""
    keywords = search.index.keywords
    wanted = wanted_words(question, keywords)
    titles = search.index.archive.titles([passage.id for passage in passages])
    text = " ".join((*dict.fromkeys(titles.values()), *(passage.text for passage in passages)))
    found = word_rows(list(wanted), [text], keywords)[text]
    return sum(weight * one for weight, one in zip(wanted.values(), found, strict=True)) / (sum(wanted.values()) or 1.0)
