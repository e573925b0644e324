"""The count that a question asks for, among the counts that reports give."""

from chat.answer import Evidence
from chat.answering.claims import claims_of
from chat.answering.running_counts import running_count
from corpus.article import Article
from corpus.sentences import split_sentences
from tests.articles import article

ASKED = "How many people died when the mill on Tern Row fell?"
MILL = article(
    "Mill on Tern Row falls",
    "A total of 39 are confirmed dead after the mill on Tern Row fell, officials said. "
    "Its owner was abroad. In a shooting that night three people died.",
)


def pieces(of: Article) -> list[Evidence]:
    spans = split_sentences(of.text)
    return [Evidence(number, of, span.start, span.end) for number, span in enumerate(spans, start=1)]


def figures(*evidence: Evidence, question: str = ASKED) -> list[str]:
    return [group[0].words for group in running_count("died", evidence, question)]


def test_the_figure_that_an_article_leads_with_is_the_one_asked_for_whatever_bears_more() -> None:
    first, second, third = pieces(MILL)
    assert figures(third, second, first) == ["39"]


def test_a_total_is_a_count_and_an_age_is_none() -> None:
    assert [claim.words for one in pieces(MILL)[:1] for claim in claims_of(one) if claim.about == "died"] == ["39"]
    aged = article("Fire", "A woman of 67 died.")
    assert not [claim for one in pieces(aged) for claim in claims_of(one) if claim.about == "died"]


def test_a_count_that_shares_no_word_with_the_question_is_of_something_else() -> None:
    virus = article("Virus spreads", "As of yesterday the virus had killed 813 people.")
    assert figures(*pieces(virus)) == []
    assert figures(*pieces(virus), question="How many people died?") == ["813"]
