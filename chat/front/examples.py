"""Example questions made from the articles of an archive."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest

from chat.answer import Answer, Evidence
from chat.answering.claims import claims_of
from corpus.article import Article
from corpus.quotations import find_quotations
from indexer.search.index import Index

_ARTICLES_READ = 400
_LEAD_CHARACTERS = 600
_PERSON = re.compile(r"[A-Z][\w'’-]+ [A-Z][\w'’-]+")
# Two to five capitalised words in a row; the first must not open a sentence, where any word is capitalised.
_SUBJECT = re.compile(r"(?<=[a-z,] )((?:[A-Z][a-z]+ ){1,4}[A-Z][a-z]+)\b")
_COUNTED = {
    "died": "how many people died",
    "marched": "how many people marched",
    "homes flooded": "how many homes were flooded",
    "without power": "how many people lost their electricity",
    "arrested": "how many people were arrested",
    "injured": "how many people were hurt",
    "missing": "how many people were missing",
}
_PLACED = 5  # a subject has a place in a sentence where one in so many mentions has the same preposition before it
_Stories = Mapping[str, Sequence[Article]]  # a subject, as it is named in a sentence, and its articles, newest first
_Maker = Callable[[str, Sequence[Article]], str]


def example_questions(index: Index) -> Iterator[str]:
    """Questions of several kinds about the stories with the most articles, the kinds in turn."""
    stories = _followed(index.newest_articles(_ARTICLES_READ))
    return _in_turn(stories, (_in_order, _said, _counted, _when))


def further_questions(answer: Answer) -> Iterator[str]:
    """Questions of several kinds about the subjects of the articles that an answer cites, or else has found."""
    cited = [one for sentence in answer.sentences for one in sentence.citations] or answer.evidence
    articles = list({one.article.id: one.article for one in cited}.values())
    return _in_turn(_followed(articles, least=1), (_said, _counted, _in_order))


def followed_subjects(articles: Sequence[Article]) -> list[tuple[str, int]]:
    """What most of the articles are about, as it is named in a sentence, with how many are, most first."""
    found = _followed(articles) or _followed(articles, least=1)
    return [(subject, len(about)) for subject, about in found.items()]


def _in_turn(stories: _Stories, makers: Sequence[_Maker]) -> Iterator[str]:
    made = [[question for story in stories.items() if (question := make(*story))] for make in makers]
    # Each kind begins with another story, so that the first questions are about different ones.
    turned = [questions[turn:] + questions[:turn] for turn, questions in enumerate(made)]
    yield from dict.fromkeys(question for turn in zip_longest(*turned, fillvalue="") for question in turn if question)


def _followed(articles: Sequence[Article], least: int = 2) -> _Stories:
    """The subjects that so many articles name in title and text, most often first, without names of people."""
    people = {name for article in articles for name in _speakers(article)}
    surnames = {person.split()[-1] for person in people}
    named: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        for name in dict.fromkeys(match[1] for match in _SUBJECT.finditer(article.text)):
            if name in article.title and surnames.isdisjoint(name.split()):
                named[name].append(article)
    text = " ".join(article.text for article in articles)
    most = sorted(named.items(), key=lambda story: (-len(story[1]), story[0]))
    return {_in_a_sentence(name, text): articles for name, articles in most if len(articles) >= least}


def _in_a_sentence(name: str, text: str) -> str:
    # Not before a noun: "the Holm Island ferry" says nothing about Holm Island.
    behind = re.findall(rf"\b(?:in|on|at|to|from|of|by|for) (the )?{re.escape(name)}\b(?! [a-z])", text)
    if behind:
        return f"the {name}" if 2 * sum(map(bool, behind)) > len(behind) else name
    return f"the {name}" if 4 * text.count(f"the {name}") > text.count(name) else name


def _speakers(article: Article) -> list[str]:
    """Who is quoted, by first and last name, each once."""
    names = (quotation.speaker_name for quotation in find_quotations(article.text))
    return list(dict.fromkeys(name for name in names if name and _PERSON.fullmatch(name)))


def _placed(subject: str, articles: Sequence[Article]) -> str:
    """The subject behind the preposition that it most often has: "in Port Ellery", "on the Grey Petrel"; or nothing."""
    text = " ".join(article.text for article in articles)
    found = Counter(re.findall(rf"\b(in|on|at) {re.escape(subject)}\b", text)).most_common(1)
    mentions = text.count(subject)
    return f"{found[0][0]} {subject}" if found and _PLACED * found[0][1] >= mentions else ""


def _in_order(subject: str, articles: Sequence[Article]) -> str:
    days = {article.published_day for article in articles if article.published_day}
    if len(days) < 2:
        return ""
    place = _placed(subject, articles)
    return f"What has happened {place}?" if place.startswith("in ") else f"How did the story of {subject} unfold?"


def _said(subject: str, articles: Sequence[Article]) -> str:
    speaker = next((name for article in articles for name in _speakers(article)), "")
    return f"What did {speaker} say about {subject}?" if speaker else ""


def _counted(subject: str, articles: Sequence[Article]) -> str:
    place = _placed(subject, articles)
    for article in articles if place else ():
        lead = Evidence(1, article, 0, min(len(article.text), _LEAD_CHARACTERS))
        claims = [claim for claim in claims_of(lead) if claim.about in _COUNTED]
        about = next((claim.about for claim in claims if subject.removeprefix("the ") in claim.sentence), "")
        if about:
            return f"{_COUNTED[about].capitalize()} {place}?"
    return ""


def _when(subject: str, articles: Sequence[Article]) -> str:
    """A question about the month with the most reports."""
    months = Counter(f"{article.published_day:%B %Y}" for article in articles if article.published_day)
    if not months:
        return ""
    place, month = _placed(subject, articles), months.most_common(1)[0][0]
    return f"What happened {place} in {month}?" if place else f"What was reported about {subject} in {month}?"
