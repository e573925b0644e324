"""Asks a question of an evaluation set as its reader would have: at its moment, after its earlier turns."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from chat.answer import Answer, Sentence, Status, Support, Turn
from indexer.index import Index


def last_moment(index: Index) -> datetime:
    """When the newest article was published, updated or fetched: the as-of of questions that have none."""
    moments = (
        moment
        for article in index.archive.articles()
        for moment in (article.published_at, article.updated_at, article.fetched_at)
        if moment
    )
    return max(moments, default=datetime(2000, 1, 1, tzinfo=UTC))


def as_conversation(earlier: Iterable[Sequence[str]], as_of: datetime) -> tuple[Turn, ...]:
    """Earlier questions with their answers as turns of a conversation."""
    return tuple(
        Turn(asked, Answer((Sentence(answer, (), Support.SUPPORTED),), (), Status.ANSWERED, as_of))
        for asked, answer in earlier
    )
