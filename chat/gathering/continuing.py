"""Whether a question continues the one before it, by where the archive answers it best.

A question that is asked alone finds its best passages either in the articles of the question before, which it then
continues, or in others: then it has a subject of its own. Scores of hits are comparable between questions.
"""

from collections.abc import Sequence

from chat.english.plain_text import content_stems, plain
from chat.gathering.search import EvidenceSearch
from chat.understanding.follow_ups import Link
from chat.understanding.parallels import Likeness
from chat.understanding.question import Question

_ARTICLES = 3  # of the question before, by rank
_SHARE_POINTING = 0.25  # the same for a question that seems to point back: "How did Macron react?"
_NEAR = 0.6  # of the best score, for an article to be one of them
_HITS = 60  # of the question asked alone
_SHARE = 0.45  # of the best score that the best passage of those articles must reach; from the development pairs


def continues(alone: Question, needs: Link, *, before: Question, search: EvidenceSearch) -> bool:
    """Whether a question, read alone, is answered by the articles of the question before it.

    `needs` is how much its words seem to refer back.
    """
    hits = search.hits(alone, _HITS)
    if not hits:
        return True
    own = _articles_of(before, search)
    best = max((hit.score for hit in hits if hit.passage.article_id in own), default=0.0)
    share = _SHARE_POINTING if needs is Link.LEANS else _SHARE
    return best >= share * hits[0].score


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


def _articles_of(question: Question, search: EvidenceSearch) -> frozenset[str]:
    """The articles that match a question nearly as well as the best one."""
    hits = search.hits(question, 2 * _ARTICLES)
    near = [hit.passage.article_id for hit in hits if hit.score >= _NEAR * hits[0].score]
    return frozenset(list(dict.fromkeys(near))[:_ARTICLES])
