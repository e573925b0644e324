import math
import random

import pytest
import pytrec_eval
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.measures.rankings import (
    ARTICLE_MEASURES,
    area_under_risk,
    area_under_roc,
    chosen,
    exactly,
    first_each,
    holds_answer,
    holds_sentence,
    holds_words,
    measure,
    multihop_measures,
    risk_coverage,
    subtopic_recall,
)

PYTREC_NAMES = {
    "nDCG@10": "ndcg_cut_10",
    "Success@1": "success_1",
    "Success@4": "success_4",
    "Success@10": "success_10",
    "R@5": "recall_5",
    "R@10": "recall_10",
    "AP": "map",
}
ARTICLES = st.sampled_from([f"a{number}" for number in range(30)])
JUDGED = st.dictionaries(ARTICLES, st.integers(0, 2), min_size=1, max_size=8)
RANKED = st.lists(ARTICLES, unique=True, max_size=25)
# What the script published with MultiHop-RAG prints for `published_case(0)`, `published_case(1)`, ...:
# Hits@4, Hits@10, MAP@10, MRR@10.
PUBLISHED: list[tuple[float, float, float, float]] = [
    (1.0, 1.0, 0.76190476, 1.0),
    (1.0, 1.0, 1.0, 1.0),
    (1.0, 1.0, 1.0, 1.0),
    (1.0, 1.0, 0.5, 1.0),
    (0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0),
    (1.0, 1.0, 0.25, 0.5),
    (0.0, 0.0, 0.0, 0.0),
    (1.0, 1.0, 0.83333333, 1.0),
    (0.0, 0.0, 0.0, 0.0),
    (1.0, 1.0, 0.63333333, 1.0),
    (1.0, 1.0, 0.57777778, 1.0),
    (1.0, 1.0, 0.66666667, 1.0),
    (1.0, 1.0, 1.0, 1.0),
    (1.0, 1.0, 0.58333333, 1.0),
    (1.0, 1.0, 0.33333333, 1.0),
    (1.0, 1.0, 0.875, 1.0),
    (1.0, 1.0, 1.0, 1.0),
    (1.0, 1.0, 1.0, 1.0),
    (1.0, 1.0, 0.66666667, 1.0),
    (1.0, 1.0, 0.15873016, 0.33333333),
    (1.0, 1.0, 1.0, 1.0),
    (1.0, 1.0, 0.5, 1.0),
]


def published_case(seed: int) -> tuple[list[str], list[str]]:
    source = random.Random(seed)

    def words(low: int, high: int) -> str:
        length = source.randint(low, high)
        return " ".join(source.choice(["ab", "b a", "c", "a\nc", "bb a", "cab"]) for _ in range(length))

    facts = [words(1, 2) for _ in range(source.randint(1, 12 if seed % 7 == 0 else 4))]
    return facts, [words(0, 9) for _ in range(source.randint(0, 14))]


def reciprocal_rank(judged: dict[str, int], ranked: list[str]) -> float:
    return next((1 / rank for rank, one in enumerate(ranked[:10], start=1) if judged.get(one, 0) > 0), 0.0)


@given(st.dictionaries(st.sampled_from(["q1", "q2", "q3"]), st.tuples(JUDGED, RANKED), min_size=1))
@settings(max_examples=60, deadline=None)
def test_measures_equal_pytrec_eval(cases: dict[str, tuple[dict[str, int], list[str]]]) -> None:
    judged = {question: qrels for question, (qrels, _) in cases.items()}
    ranked = {question: ranking for question, (_, ranking) in cases.items()}
    ours = measure(ARTICLE_MEASURES, judged, ranked)
    scored = {question: {one: -float(at) for at, one in enumerate(found)} for question, found in ranked.items()}
    theirs = pytrec_eval.RelevanceEvaluator(judged, set(PYTREC_NAMES.values())).evaluate(scored)
    for question, values in ours.items():
        for name, pytrec_name in PYTREC_NAMES.items():
            assert values[name] == pytest.approx(theirs.get(question, {}).get(pytrec_name, 0.0), abs=1e-6)
        expected = reciprocal_rank(judged[question], ranked[question])
        assert values["RR@10"] == pytest.approx(expected, abs=1e-6)


def test_a_question_that_is_missing_from_a_run_counts_zero() -> None:
    values = measure(ARTICLE_MEASURES, {"asked": {"a": 1}, "missing": {"a": 1}}, {"asked": ["a"]})
    assert set(values["asked"].values()) == {1.0}
    assert set(values["missing"].values()) == {0.0}


def test_articles_stand_at_their_best_passage() -> None:
    assert first_each(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]


@pytest.mark.parametrize(("seed", "expected"), list(enumerate(PUBLISHED)))
def test_multihop_measures_equal_the_published_script(seed: int, expected: tuple[float, ...]) -> None:
    assert tuple(multihop_measures(*published_case(seed)).values()) == pytest.approx(expected, abs=1e-6)


def test_part_of_an_answer_is_covered_by_any_of_its_passages() -> None:
    parts = {1: {"a", "b"}, 2: {"c"}}
    assert subtopic_recall(parts, ["b", "x", "c"], 2) == 0.5
    assert subtopic_recall(parts, ["b", "x", "c"], 3) == 1.0


@pytest.mark.parametrize(
    ("text", "answer", "held"),
    [
        ("The toll rose to 5.9 per cent.", "5.9", True),
        ("The toll rose to 15.9 per cent.", "5.9", False),
        ("The toll rose to 5.91 per cent.", "5.9", False),
        ("It costs $5, they said.", "$5", True),
        ("It costs $5.01, they said.", "$5", False),
        ("He watched Squid\nGame again.", "“Squid Game”", True),
        ("the white house said", "White House", True),
        ("Ukrainians", "Ukraine", False),
    ],
)
def test_an_answer_is_held_as_whole_words(text: str, answer: str, held: bool) -> None:
    assert holds_answer(text, answer) is held


def test_a_sentence_is_held_however_it_is_spaced() -> None:
    assert holds_sentence("Before. The  ferry\nburned. After.", "The ferry burned.")
    assert not holds_sentence("The ferry", "The ferry burned.")


@pytest.mark.parametrize(
    ("text", "exact"),
    [("The Squid Game.", True), ("squid game", True), ("Squid Game, they said", False), ("", False)],
)
def test_an_exact_match_says_the_answer_and_nothing_else(text: str, exact: bool) -> None:
    assert exactly(text, ["“Squid Game”", "Squid-Game!"]) is exact


@pytest.mark.parametrize(
    ("texts", "best"),
    [
        (["The ferry had 13 crew.", "Nine people died."], ["Nine people"]),
        (["The twelve were its crew.", "Nine people died."], ["Twelve crew"]),
        (["Nothing of it."], ["Nine people", "Twelve crew"]),
        ([], ["Nine people", "Twelve crew"]),
    ],
)
def test_the_choice_is_the_one_that_the_evidence_holds_best(texts: list[str], best: list[str]) -> None:
    assert chosen(["Nine people", "Twelve crew"], texts) == best


@pytest.mark.parametrize(
    ("text", "answer", "held"),
    [
        ("It rose by $400 million, she said.", "$400 million", True),
        ("Oregon, like New Jersey, forbids it.", "New Jersey & Oregon", True),
        ("Six months were added.", "6", True),
        ("Some 21,000 pages were seized.", "21,000", True),
        ("It cost $5.5", "$5", False),
        ("Argentina beat Croatia.", "Argentina and France", False),
        ("Anything", "the", False),
    ],
)
def test_an_answers_words_may_stand_in_any_order_and_form(text: str, answer: str, held: bool) -> None:
    assert holds_words(text, answer) is held


def test_a_choice_that_several_texts_hold_beats_one_that_stands_first() -> None:
    assert chosen(["Ferry", "Tram"], ["A ferry.", "A tram.", "The tram again."]) == ["Tram"]


def test_risk_grows_as_wrong_answers_are_let_in() -> None:
    curve = risk_coverage([0.9, 0.5, 0.5, 0.1], [True, True, False, False])
    assert curve == [(0.25, 0.0), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    assert area_under_risk(curve) == pytest.approx(0.5 / 3 + 0.25 * 0.5)


def test_the_area_under_roc_is_how_often_a_positive_scores_higher_ties_counting_half() -> None:
    assert area_under_roc([0.9, 0.5, 0.5, 0.1], [True, True, False, False]) == 0.875
    assert area_under_roc([0.1, 0.9], [True, False]) == 0.0
    assert math.isnan(area_under_roc([0.1, 0.9], [True, True]))


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.5, 0.9]), st.booleans()), min_size=1))
def test_the_order_of_equal_confidences_decides_nothing(answers: list[tuple[float, bool]]) -> None:
    def curve(some: list[tuple[float, bool]]) -> list[tuple[float, float]]:
        return risk_coverage([one for one, _ in some], [right for _, right in some])

    assert curve(answers) == curve(answers[::-1])
