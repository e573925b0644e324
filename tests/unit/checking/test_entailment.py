"""What the rules found supported is checked again, by a stand-in for the NLI model."""

from collections.abc import Sequence

import pytest

from chat.answer import Evidence, Sentence, Support
from chat.answering.running_text import Writing
from chat.checking.entailment import Reading, read_again
from chat.checking.problems import ProblemKind
from chat.checking.verifying import verify
from tests.articles import article

FIRE = "Four people died in the fire on the ferry Grey Petrel."
BUILT = "She was built in 1994."
PARAPHRASE = "The fire on the Grey Petrel killed four people."
ENTAILED, OPEN, DENIED = Reading(0.9, 0.08, 0.02), Reading(0.3, 0.6, 0.1), Reading(0.1, 0.2, 0.7)


class Reader:
    """Finds the same in every pair; remembers what it read."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.pairs: list[tuple[str, str]] = []

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        self.pairs += pairs
        return [self.reading] * len(pairs)


def evidence(*words: str) -> list[Evidence]:
    story = article("Ferry fire", " ".join(words))
    starts = [story.text.index(each) for each in words]
    return [
        Evidence(number, story, start, start + len(each))
        for number, (start, each) in enumerate(zip(starts, words, strict=True), start=1)
    ]


def written(text: str, reader: Reader | None) -> list[Sentence]:
    writing = Writing(dict(enumerate(evidence(FIRE, BUILT), start=1)), reader)
    return [*writing.take(text), *writing.finish()]


@pytest.mark.parametrize(
    ("reading", "support"),
    [
        (ENTAILED, Support.SUPPORTED),
        (OPEN, Support.WEAK),
        (DENIED, Support.UNSUPPORTED),
        (Reading(0.32, 0.2, 0.48), Support.WEAK),  # it leans to a denial
        (Reading(0.5, 0.0, 0.5), Support.WEAK),
        (Reading(float("nan"), float("nan"), float("nan")), Support.WEAK),
    ],
)
def test_a_supported_sentence_is_only_as_good_as_its_reading(reading: Reading, support: Support) -> None:
    cited = evidence(FIRE)
    rules = verify(PARAPHRASE, cited)
    assert rules.support is Support.SUPPORTED
    checked = read_again(rules, cited, Reader(reading))
    assert checked.support is support
    assert checked.text == PARAPHRASE
    assert [one.kind for one in checked.problems] == [ProblemKind.ENTAILMENT] * (support is not Support.SUPPORTED)


def test_the_premise_is_all_that_is_cited_in_its_order() -> None:
    reader, cited = Reader(ENTAILED), evidence(FIRE, BUILT)
    sentence = "The fire on the Grey Petrel, built in 1994, killed four people."
    read_again(verify(sentence, cited), cited, reader)
    assert reader.pairs == [(f"{FIRE} {BUILT}", sentence)]


@pytest.mark.parametrize("sentence", [FIRE, "Forty people died in the fire.", "Six nuns painted a chapel."])
def test_quotations_and_unsupported_sentences_are_not_read_again(sentence: str) -> None:
    reader, cited = Reader(ENTAILED), evidence(FIRE)
    rules = verify(sentence, cited)
    assert rules.support is not Support.SUPPORTED
    assert read_again(rules, cited, reader) is rules
    assert reader.pairs == []


def test_a_written_sentence_that_is_denied_becomes_the_quotation() -> None:
    [sentence] = written(f"{PARAPHRASE} [1]", Reader(DENIED))
    assert (sentence.text, sentence.support) == (
        f"“{FIRE}” — The Ellery Courier, 15 March 2023",
        Support.QUOTED,
    )


def test_a_written_sentence_that_is_left_open_is_shown_as_weak() -> None:
    [sentence] = written(f"{PARAPHRASE} [1]", Reader(OPEN))
    assert (sentence.text, sentence.support) == (PARAPHRASE, Support.WEAK)


def test_without_a_model_the_rules_decide_alone() -> None:
    [sentence] = written(f"{PARAPHRASE} [1]", None)
    assert (sentence.text, sentence.support) == (PARAPHRASE, Support.SUPPORTED)
