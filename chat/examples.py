"""Example questions, made from what an archive holds."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from corpus.article import Article
from corpus.quotations import find_quotations
from indexer.archive import Archive

_ARTICLES_READ = 400
_OFFERED = 12
_PERSON = re.compile(r"[A-Z][\w'’-]+ [A-Z][\w'’-]+")
# Two to five capitalised words in a row; the first must not open a sentence, where any word is capitalised.
_SUBJECT = re.compile(r"(?<=[a-z,] )((?:[A-Z][a-z]+ ){1,4}[A-Z][a-z]+)\b")


def example_questions(archive: Archive) -> Iterator[str]:
    """Questions about the subjects that are named most and the people who speak most, in turn."""
    articles = archive.newest_articles(_ARTICLES_READ)
    speakers = _most_often(_speakers(articles))
    subjects = _most_often(subject for article in articles for subject in _subjects(article, speakers))
    for subject, speaker in zip(subjects, speakers, strict=False):
        the = "the " if _takes_an_article(subject, articles) else ""
        yield f"What is the latest on {the}{subject}?"
        yield f"What did {speaker} say?"


def _most_often(names: Iterable[str]) -> list[str]:
    """Names of several articles, most first."""
    return [name for name, count in Counter(names).most_common(_OFFERED) if count > 1]


def _speakers(articles: Iterable[Article]) -> Iterator[str]:
    for article in articles:
        names = {quotation.speaker_name for quotation in find_quotations(article.text)}
        yield from (name for name in names if name and _PERSON.fullmatch(name))


def _subjects(article: Article, people: Iterable[str]) -> set[str]:
    """What the title and the text of an article both name, when it is nobody's name."""
    named = {match[1] for match in _SUBJECT.finditer(article.text) if match[1] in article.title}
    surnames = {person.split()[-1] for person in people}
    return {name for name in named if surnames.isdisjoint(name.split())}


def _takes_an_article(subject: str, articles: Iterable[Article]) -> bool:
    text = " ".join(article.text for article in articles)
    return 4 * text.count(f"the {subject}") > text.count(subject)
