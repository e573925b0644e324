"""Checks of what a reader found in a file: no dates in the future, one report for each kind of warning."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from corpus.article import Article, DateOrigin, ReadWarning, Trouble, Unreadable
from corpus.article_warnings import DESCRIPTIONS, ArticleWarning
from corpus.readers.form import ReadOptions

_CLOCK_SLACK = timedelta(days=2)  # time zones, clocks that are wrong, stories dated for tomorrow's paper
_LONGEST_TITLE = 80  # characters of a title in a report


def checked(found: Iterable[Article | Unreadable], path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """What was found in a file, its dates checked, then a ReadWarning for each kind of warning in it."""
    titles: dict[ArticleWarning, list[str]] = {}
    articles = 0
    reported = False
    for one in found:
        if isinstance(one, Article):
            article = without_future_date(one, options)
            articles += 1
            for warning in article.warnings:
                titles.setdefault(warning, []).append(article.title)
            yield article
        else:
            reported = True
            if isinstance(one, ReadWarning) and ArticleWarning.EXCERPT in titles:
                del titles[ArticleWarning.EXCERPT]  # the reader of a feed says more
            yield one
    if not articles and not reported:
        yield Unreadable(path, "no articles in it", trouble=Trouble.NO_ARTICLES)
    for warning, those in titles.items():
        example = those[0][:_LONGEST_TITLE] if articles > 1 else ""
        which = f"{len(those)} of {articles} articles, such as {example!r}: " if example else ""
        yield ReadWarning(
            path,
            f"{which}{DESCRIPTIONS[warning]}",
            warning=warning,
            count=len(those),
            total=articles,
            example=example,
        )


def without_future_date(article: Article, options: ReadOptions) -> Article:
    """The article as undated, with a warning, when it is dated after the moment of reading."""
    if article.published_at is None or article.published_at <= options.now + _CLOCK_SLACK:
        return article
    return replace(
        article,
        published_at=None,
        utc_offset_minutes=0,
        date_origin=DateOrigin.UNKNOWN,
        warnings=(*article.warnings, ArticleWarning.FUTURE_DATE),
    )


def unsure(article: Article) -> Article:
    """The article with the warning that nothing says that it is news."""
    return replace(article, warnings=tuple(dict.fromkeys((*article.warnings, ArticleWarning.UNSURE_FORM))))
