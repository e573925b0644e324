"""The newest stories, for questions without a subject: "What is new?", "What happened last week?"."""

from collections.abc import Sequence
from dataclasses import replace

from chat.answer import Evidence
from chat.english.calendar_words import Interval
from chat.gathering.retrieval import scope_of
from chat.understanding.question import Question
from corpus.article import Article
from corpus.sentences import Span, split_sentences
from indexer.index import Index
from indexer.prints import ALONE, other_prints
from indexer.scope import Scope

HEADLINES = 6
_LEAD_WORDS = 6  # fewer are a dateline or a call, not a lead


def headlines(question: Question, index: Index) -> tuple[Evidence, ...]:
    """The leads of the newest stories of the time and the sources that a question names, numbered from 1.

    The newest comes first, and a story that several print is told once.
    """
    return _newest(_limits(question), index)


def newest_then(question: Question, index: Index) -> tuple[Evidence, ...]:
    """The same, whatever the time and the sources: as of the question's moment."""
    return _newest(Scope(as_of=question.as_of), index)


def nothing_of_then(newest: Sequence[Evidence]) -> str:
    """What is said where no article is of the time and the source that were named."""
    published = next((one.article.published_at for one in newest), None)
    told = f" The newest article is of {published.day} {published:%B %Y}." if published else ""
    return f"No article in it matches that time and source.{told}"


def _newest(scope: Scope, index: Index) -> tuple[Evidence, ...]:
    found = index.table.newest_stories(index.table.allowed(scope), HEADLINES)
    prints = other_prints([article_id for article_id, _ in found], index.archive, index.table, scope)
    articles = [index.archive.article(*one) for one in found]
    return tuple(
        Evidence(number, one, lead.start, lead.end, score=1.0, prints=prints.get(one.id, ALONE))
        for number, one in enumerate(articles, start=1)
        for lead in [_lead(one)]
    )


def _limits(question: Question) -> Scope:
    """What is elsewhere only preferred is here all that is asked for."""
    scope, time = scope_of(question), question.named or question.preferred or Interval(None, None)
    return replace(
        scope,
        published_from=max(filter(None, (scope.published_from, time.start)), default=None),
        published_before=min(filter(None, (scope.published_before, time.end)), default=None),
        sources=scope.sources or (() if scope.agencies else question.preferred_sources),
    )


def _lead(article: Article) -> Span:
    spans = split_sentences(article.text)
    long = (span for span in spans if len(article.text[span.start : span.end].split()) >= _LEAD_WORDS)
    return next(long, spans[0])
