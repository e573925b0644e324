"""When the evidence holds no answer."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.answer import Evidence
from chat.question import understand
from chat.silence import SilenceSettings, answerability, has_the_words, holds_an_answer, signals
from indexer.keywords import KeywordIndex
from tests.articles import article

NOW = datetime(2023, 6, 1, tzinfo=UTC)
FIRE = article("Ferry fire", "Four people died in the fire on the ferry Grey Petrel. She was built in 1994.")
ALL = Evidence(1, FIRE, 0, len(FIRE.text), 0.8)
SILENT = SilenceSettings(constant=-1000.0)


@pytest.fixture(scope="module")
def keywords(tmp_path_factory: pytest.TempPathFactory) -> KeywordIndex:
    folder: Path = tmp_path_factory.mktemp("keywords")
    return KeywordIndex.anew(folder)


def test_without_evidence_there_is_no_answer(keywords: KeywordIndex) -> None:
    assert answerability(understand("Who?", as_of=NOW), (), keywords) == 0.0


def test_a_sentence_with_every_word_asked_for_is_never_refused(keywords: KeywordIndex) -> None:
    question = understand("How many people died in the fire on the Grey Petrel?", as_of=NOW)
    question = replace(question, search_text="people died fire Grey Petrel")
    assert has_the_words(question, (ALL,), keywords)
    assert holds_an_answer(question, (ALL,), keywords, SILENT)


def test_a_sentence_with_the_quoted_words_is_never_refused(keywords: KeywordIndex) -> None:
    question = understand('Who wrote "the ferry Grey Petrel" of the walrus?', as_of=NOW)
    assert holds_an_answer(question, (ALL,), keywords, SILENT)
    other = understand('Who wrote "the Petrel ferry Grey" of the walrus?', as_of=NOW)
    assert not holds_an_answer(other, (ALL,), keywords, SILENT)


def test_a_name_and_a_year_that_the_article_lacks_tell_against_an_answer(keywords: KeywordIndex) -> None:
    held = signals(understand("Was the Grey Petrel built in 1994?", as_of=NOW), (ALL,), keywords)
    lacking = signals(understand("Was the Blue Walrus built in 1931?", as_of=NOW), (ALL,), keywords)
    assert (held.names, held.years) == (1.0, 1.0)
    assert (lacking.names, lacking.years) == (0.0, 0.0)


def test_the_year_of_publication_counts_as_told(keywords: KeywordIndex) -> None:
    assert signals(understand("the fire of 2023", as_of=NOW), (ALL,), keywords).years == 1.0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(max_size=60))
def test_answerability_is_a_probability(keywords: KeywordIndex, text: str) -> None:
    assert 0.0 <= answerability(understand(text, as_of=NOW), (ALL,), keywords) <= 1.0
