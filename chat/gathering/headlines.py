"""The newest stories, for who asks for news and names no subject: "What is new?", "What happened last week?"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from chat.answer import Evidence
from chat.english.calendar_words import Interval
from chat.english.plain_text import content_stems, plain, stem
from chat.gathering.retrieval import scope_of
from chat.understanding.follow_ups import Link, link
from chat.understanding.kinds import QuestionKind, kind_of
from chat.understanding.question import Question
from corpus.article import Article
from corpus.sentences import Span, split_sentences
from indexer.search.index import Index
from indexer.search.scope import Scope
from indexer.search.syndication import other_copies
from indexer.storage.syndication import ALONE

HEADLINES = 6
_LEAD_WORDS = 6  # fewer are a dateline or a call, not a lead
_ASKING = re.compile(r"\b(?:news|headlines?|latest|new(?:est)?|happen(?:ed|s|ing)?|going on|stories|articles|events)\b")
_EMPTY = frozenset(
    map(
        stem,
        "news headline latest newest new recent recently happen going go stories story article articles report reports "
        "event events summary summarise summarize overview digest briefing brief round-up roundup top main important "
        "biggest major world current affairs give tell show list read day week month year update updates know hear "
        "there here morning evening published publish appear appeared write wrote written say said paper newspaper "
        "archive please want like see front page lately today something anything everything thing things".split(),
    )
)
_OTHER_KINDS = (QuestionKind.FIGURE, QuestionKind.COMPARISON)


def asks_for_headlines(question: Question) -> bool:
    """Whether a question wants to be told what there is, of a time or a source perhaps, and of no subject."""
    text = question.search_text
    if (
        question.follows
        or question.phrases
        or kind_of(text) in _OTHER_KINDS
        or link(text) in (Link.LEANS, Link.COMPLETES)
    ):
        return False
    for chip in question.understood:
        text = text.replace(chip.words, " ") if chip.words else text
    is_limited = any(chip.key.split(":", 1)[0] in ("time", "source", "section") for chip in question.understood)
    asks = bool(_ASKING.search(text.lower())) or (is_limited and re.search(r"\w", question.text) is not None)
    return asks and not re.search(r"\d", text) and content_stems(plain(text)) <= _EMPTY


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
    copies = other_copies([article_id for article_id, _ in found], index.archive, index.table, scope)
    articles = [index.archive.article(*one) for one in found]
    return tuple(
        Evidence(number, one, lead.start, lead.end, score=1.0, copies=copies.get(one.id, ALONE))
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
