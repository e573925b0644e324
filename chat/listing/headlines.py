"""The newest stories, for questions without a subject: "What is new?", "What happened last week?"."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chat.answer import Evidence
from chat.english.intervals import Interval
from chat.gathering.retrieval import scope_of
from chat.texts.notices import Notice, NoticeKind
from chat.understanding.question import Question
from corpus.article import Article
from corpus.sentences import Span, split_sentences
from indexer.search.index import Index
from indexer.search.scope import Scope
from indexer.search.syndication import other_copies
from indexer.storage.syndication import ALONE

HEADLINES = 6
_LEAD_WORDS = 6  # fewer are a dateline or an appeal, not a lead


def headlines(question: Question, index: Index) -> tuple[Evidence, ...]:
    """The leads of the newest stories of the time and the sources that a question names, numbered from 1.

    The newest comes first; of a syndicated story there is one.
    """
    return newest_in(_limits(question), index)


def newest_then(question: Question, index: Index) -> tuple[Evidence, ...]:
    """The newest stories of any time and source, as of the question's moment."""
    return newest_in(Scope(as_of=question.as_of), index)


def nothing_of_then(newest: Sequence[Evidence]) -> Iterator[Notice]:
    """What is said where no article matches the time and the source."""
    yield Notice(NoticeKind.NOTHING_OF_THEN)
    if published := next((one.article.published_day for one in newest), None):
        yield Notice(NoticeKind.NEWEST_OF, days=(published,))


def newest_in(scope: Scope, index: Index, limit: int = HEADLINES) -> tuple[Evidence, ...]:
    """The leads of the newest stories of a scope, one of each story."""
    found = index.table.newest_stories(index.table.allowed(scope), limit)
    copies = other_copies([article_id for article_id, _ in found], index.archive, index.table, scope)
    articles = index.archive.whole_articles(found)
    return tuple(
        Evidence(number, one, lead.start, lead.end, score=1.0, copies=copies.get(one.id, ALONE))
        for number, one in enumerate(articles, start=1)
        for lead in [_lead(one)]
    )


def _limits(question: Question) -> Scope:
    """The question's scope, limited to the time and sources that a search would only prefer."""
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
