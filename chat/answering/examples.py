"""Example questions made from the articles of an archive."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest

from chat.answer import Evidence
from chat.answering.claims import claims_of
from corpus.article import Article
from corpus.quotations import find_quotations
from indexer.storage.archive import Archive
from indexer.storage.browsing import newest_articles

_ARTICLES_READ = 400
_LEAD_CHARACTERS = 600
_PERSON = re.compile(r"[A-Z][\w'’-]+ [A-Z][\w'’-]+")
# Two to five capitalised words in a row; the first must not open a sentence, where any word is capitalised.
_SUBJECT = re.compile(r"(?<=[a-z,] )((?:[A-Z][a-z]+ ){1,4}[A-Z][a-z]+)\b")
_COUNTED = {
    "died": "how many people died?",
    "marched": "how many people marched?",
    "homes flooded": "how many homes were flooded?",
    "without power": "how many lost their electricity?",
    "arrested": "how many people were arrested?",
    "injured": "how many people were hurt?",
    "missing": "how many people were missing?",
}
_Stories = Mapping[str, Sequence[Article]]  # a subject, as it is named in a sentence, and its articles, newest first


def example_questions(archive: Archive) -> Iterator[str]:
    """Questions of several kinds about the stories with the most articles, the kinds in turn."""
    stories = _followed(newest_articles(archive, _ARTICLES_READ))
    makers: tuple[Callable[[str, Sequence[Article]], str], ...] = (_in_order, _said, _counted, _when)
    made = [[question for story in stories.items() if (question := make(*story))] for make in makers]
    # Each kind begins with another story, so that the first questions are about different ones.
    turned = [questions[turn:] + questions[:turn] for turn, questions in enumerate(made)]
    yield from dict.fromkeys(question for turn in zip_longest(*turned, fillvalue="") for question in turn if question)


def _followed(articles: Sequence[Article]) -> _Stories:
    """The subjects that several articles name in title and text, most often first, without names of people."""
    people = {name for article in articles for name in _speakers(article)}
    surnames = {person.split()[-1] for person in people}
    named: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        for name in dict.fromkeys(match[1] for match in _SUBJECT.finditer(article.text)):
            if name in article.title and surnames.isdisjoint(name.split()):
                named[name].append(article)
    text = " ".join(article.text for article in articles)
    most = sorted(named.items(), key=lambda story: (-len(story[1]), story[0]))
    return {_in_a_sentence(name, text): articles for name, articles in most if len(articles) > 1}


def _in_a_sentence(name: str, text: str) -> str:
    return f"the {name}" if 4 * text.count(f"the {name}") > text.count(name) else name


def _speakers(article: Article) -> list[str]:
    """Who is quoted, by first and last name, each once."""
    names = (quotation.speaker_name for quotation in find_quotations(article.text))
    return list(dict.fromkeys(name for name in names if name and _PERSON.fullmatch(name)))


def _in_order(subject: str, articles: Sequence[Article]) -> str:
    days = {article.published_day for article in articles if article.published_day}
    return f"What happened with {subject}, in order?" if len(days) > 1 else ""


def _said(subject: str, articles: Sequence[Article]) -> str:
    speaker = next((name for article in articles for name in _speakers(article)), "")
    return f"What did {speaker} say about {subject}?" if speaker else ""


def _counted(subject: str, articles: Sequence[Article]) -> str:
    for article in articles:
        lead = Evidence(1, article, 0, min(len(article.text), _LEAD_CHARACTERS))
        claims = [claim for claim in claims_of(lead) if claim.about in _COUNTED]
        about = next((claim.about for claim in claims if subject.removeprefix("the ") in claim.sentence), "")
        if about:
            return f"{subject[0].upper()}{subject[1:]}: {_COUNTED[about]}"
    return ""


def _when(subject: str, articles: Sequence[Article]) -> str:
    """A question about the month with the most reports."""
    months = Counter(f"{article.published_day:%B %Y}" for article in articles if article.published_day)
    return f"What was reported on {subject} in {months.most_common(1)[0][0]}?" if months else ""
