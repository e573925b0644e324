"""Which words of the question before a partial follow-up replaces."""

from collections.abc import Sequence

import pytest

from chat.understanding.parallels import replace_parallel

FARE = "How much does a single bus ticket cost in Elm Bay?"
ALIKE = [{"bus", "ferry", "tram"}, {"men", "women"}, {"company", "union", "strike"}, {"adults", "children"}]


def likeness(text: str, others: Sequence[str]) -> list[float]:
    """Words of one set are alike."""
    return [0.9 if any({text, other} <= one for one in ALIKE) else 0.1 for other in others]


@pytest.mark.parametrize(
    ("piece", "previous", "replaced"),
    [
        ("the ferry", FARE, "How much does a single ferry ticket cost in Elm Bay?"),
        ("the tram", FARE, "How much does a single tram ticket cost in Elm Bay?"),
        ("in Norhaven", FARE, "How much does a single bus ticket cost in Norhaven?"),
        ("Norhaven", FARE, "How much does a single bus ticket cost in Norhaven?"),
        ("Norhaven's", "What is Elm Bay's population?", "What is Norhaven's population?"),
        ("for children", "How much is the zoo for adults?", "How much is the zoo for children?"),
        ("that in Norhaven", FARE, "How much does a single bus ticket cost in Norhaven?"),
        (
            "that of the cooks",
            "How long did the strike of the bakers last?",
            "How long did the strike of the cooks last?",
        ),
        ("the strike of the cooks", "What ended the strike of the bakers?", "What ended the strike of the cooks?"),
        ("the mayor of Orm", "Who is the mayor of Gull Bay?", "Who is the mayor of Orm?"),
        ("the one for children", "How much is the ticket for adults?", "How much is the ticket for children?"),
        ("those of the men", "Who won the medals of the women?", "Who won the medals of the men?"),
        ("how much by ferry", "How much is it to Holm Island by bus?", "How much is it to Holm Island by ferry?"),
        ("how long by ferry", "How much is it by bus?", "how long How much is it by ferry?"),
        ("the women's", "Who won the men's World Cup?", "Who won the women's World Cup?"),
        ("the union", "What did the company say about the strike?", "What did the union say about the strike?"),
        ("Karl Ohm", "What did Ina Berg say?", "What did Karl Ohm say?"),
        ("Credit Suisse", "What happened to Silicon Valley Bank?", "What happened to Credit Suisse?"),
        ("Tom Reed", "What did Ina Berg say on 14 October 2022?", "What did Tom Reed say on 14 October 2022?"),
        ("in Orm", "Who won in Gull Bay in March?", "Who won in Orm in March?"),
        ("in Syria", "How many died in Turkey in the earthquake?", "How many died in Syria in the earthquake?"),
    ],
)
def test_a_part_replaces_what_it_is_parallel_to(piece: str, previous: str, replaced: str) -> None:
    found = replace_parallel(piece, previous, likeness)
    assert found is not None
    assert found.text == replaced


@pytest.mark.parametrize(
    "piece",
    ["his predecessor", "the weather", "for children", "2021", "at night", "that of his wife", "the price of the day"],
)
def test_a_part_without_a_parallel_replaces_nothing(piece: str) -> None:
    assert replace_parallel(piece, FARE, likeness) is None


@pytest.mark.parametrize("previous", ["Who was dismissed on 14 October 2022?", "What happened in May?"])
def test_a_date_is_no_parallel_of_a_name(previous: str) -> None:
    assert replace_parallel("Karl Ohm", previous, likeness) is None


def test_what_was_replaced_is_not_among_the_shared_words() -> None:
    found = replace_parallel("Norhaven", FARE, likeness)
    assert found is not None
    assert found.shared == "How much does a single bus ticket cost in ?"
