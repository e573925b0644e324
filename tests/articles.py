"""Short articles for tests."""

from datetime import UTC, datetime

from corpus.article import Article, DateOrigin, new_article


def article(
    title: str = "Harbour opens",
    text: str = "The harbour opened on Monday. Ships came in at noon.",
    *,
    url: str | None = None,
    source: str = "The Ellery Courier",
    day: str = "2023-03-15",
    updated: str | None = None,
    language: str | None = "en",
) -> Article:
    """An article of one day; its address is made from the title unless one is given."""
    published = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return new_article(
        title=title,
        text=text,
        url=url or f"https://courier.example/{'-'.join(title.lower().split())}",
        source=source,
        language=language,
        published_at=published,
        updated_at=datetime.fromisoformat(updated).replace(tzinfo=UTC) if updated else None,
        date_origin=DateOrigin.FIELD,
    )
