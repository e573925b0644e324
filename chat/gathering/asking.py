"""A question as it is understood in view of what one archive holds."""

from collections.abc import Sequence
from datetime import datetime

from chat.understanding.question import FilterKey, Question
from chat.understanding.understand import understand
from indexer.search.scope import PassageTable


def question_to(
    table: PassageTable,
    text: str,
    *,
    as_of: datetime,
    earlier: Sequence[Question] = (),
    earlier_answers: Sequence[str] = (),
    removed: frozenset[FilterKey] = frozenset(),
) -> Question:
    """What a question asks an archive for: its sources, agencies, authors and sections are those of the table."""
    return understand(
        text,
        as_of=as_of,
        sources=table.names("source"),
        agencies=table.names("agency"),
        authors=table.names("author"),
        sections=table.names("section"),
        last_day=table.last_published,
        earlier=earlier,
        earlier_answers=earlier_answers,
        removed=removed,
    )
