"""When the evidence does not answer a question."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.answer import Evidence
from chat.gathering.abstention import (
    AbstentionSettings,
    answerability,
    has_the_words,
    lacks_a_name_or_year,
    signals,
)
from chat.understanding.question import Question
from chat.understanding.understand import understand
from eval.evidence_choice import keywords_of
from indexer.search.keywords import KeywordIndex
from tests.articles import article

NOW = datetime(2023, 6, 1, tzinfo=UTC)
FIRE = article(
    "Ferry fire",
    "Four people died in the fire on the ferry Grey Petrel. She was built in 1994. Joe Ravenscar owns her; a Norwegian "
    "yard made her for the Marine Accident Bureau.",
)
ALL = Evidence(1, FIRE, 0, len(FIRE.text), 0.8)
NEVER_SURE = AbstentionSettings(constant=-1000.0)


@pytest.fixture(scope="module")
def keywords(tmp_path_factory: pytest.TempPathFactory) -> KeywordIndex:
    return keywords_of({FIRE}, tmp_path_factory.mktemp("keywords"))


def holds(
    question: Question, evidence: tuple[Evidence, ...], keywords: KeywordIndex, settings: AbstentionSettings
) -> bool:
    return answerability(question, evidence, keywords, settings) >= settings.threshold


def test_without_evidence_there_is_no_answer(keywords: KeywordIndex) -> None:
    assert answerability(understand("Who?", as_of=NOW), (), keywords) == 0.0


def test_a_sentence_with_every_word_asked_for_is_never_refused(keywords: KeywordIndex) -> None:
    question = understand("How many people died in the fire on the Grey Petrel?", as_of=NOW)
    question = replace(question, search_text="people died fire Grey Petrel")
    assert has_the_words(question, (ALL,), keywords)
    assert holds(question, (ALL,), keywords, NEVER_SURE)


def test_a_sentence_with_the_quoted_words_is_never_refused(keywords: KeywordIndex) -> None:
    question = understand('Who wrote "the ferry Grey Petrel" of the walrus?', as_of=NOW)
    assert holds(question, (ALL,), keywords, NEVER_SURE)
    other = understand('Who wrote "the Petrel ferry Grey" of the walrus?', as_of=NOW)
    assert not holds(other, (ALL,), keywords, NEVER_SURE)


@pytest.mark.parametrize(
    ("question", "lacks"),
    [
        ("Was the Grey Petrel built in 1994?", False),
        ("Was the Blue Walrus built in 1994?", True),
        ("Who owns the Petrel of Ellery University?", True),
        ("Was the Grey Petrel built in 1931?", True),
        ("What burned in 2023?", False),  # the year of publication
        ("Does Joseph Ravenscar own her?", False),
        ("Does Joe Cardigan own her?", True),
        ("Was she built in Norway?", False),
        ("What did the MAB say?", False),
        ("What does the Courier report?", False),  # its publisher
        ("Who saw the Grey Petrels?", False),
        ("Was it the Captain of the Petrel?", False),
        ("Who Owns The Blue Walrus Of The Coast?", False),  # written like a headline
        ("who owns the blue walrus?", False),
        ("Who did?", False),
    ],
)
def test_a_name_or_a_year_that_no_article_has_means_that_there_is_no_answer(question: str, lacks: bool) -> None:
    asked = understand(question, as_of=NOW)
    assert lacks_a_name_or_year(asked, (ALL,)) is lacks


def test_evidence_without_the_name_is_no_answer_even_with_all_other_words(keywords: KeywordIndex) -> None:
    sure = AbstentionSettings(constant=1000.0)
    assert holds(understand("How many died on the Petrel?", as_of=NOW), (ALL,), keywords, sure)
    assert not holds(understand("How many died on the Walrus?", as_of=NOW), (ALL,), keywords, sure)


def test_words_beside_the_sentence_and_in_the_title_count(keywords: KeywordIndex) -> None:
    one = replace(ALL, end=FIRE.text.index(" She"), retrieved=0.4)
    held = signals(understand("ferry fire, built", as_of=NOW), (one,), keywords)
    lacking = signals(understand("ferry fire, built yesteryear", as_of=NOW), (one,), keywords)
    assert held.retrieved == 0.4
    assert held.beside == pytest.approx(1.0)
    assert 0.0 < lacking.beside < 1.0


def test_the_day_of_publication_counts_as_words_beside_the_sentence(keywords: KeywordIndex) -> None:
    question = understand("What happened to the ferry on 5 March 2024?", as_of=datetime(2024, 6, 1, tzinfo=UTC))
    dated, other = (
        replace(FIRE, published_at=datetime(2024, 3, day, 23, 0, tzinfo=UTC), utc_offset_minutes=60) for day in (4, 20)
    )
    on_the_day, later = (signals(question, (replace(ALL, article=one),), keywords).beside for one in (dated, other))
    assert on_the_day > later


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(max_size=60))
def test_answerability_is_a_probability(keywords: KeywordIndex, text: str) -> None:
    assert 0.0 <= answerability(understand(text, as_of=NOW), (ALL,), keywords) <= 1.0
