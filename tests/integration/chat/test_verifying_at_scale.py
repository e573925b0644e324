"""Hundreds of true, altered and quoting sentences of the sample archive are told apart."""

import random
from collections import Counter
from time import process_time

import pytest

from chat.answer import Support
from chat.checking.verifying import verify
from tests.altered_sentences import (
    KINDS,
    Case,
    Spoken,
    altered_cases,
    mutated_quotation,
    real_quotation,
    sample_articles,
    spoken,
    true_cases,
    wikinews_articles,
)

GOOD = (Support.QUOTED, Support.SUPPORTED)


def is_flagged(case: Case) -> bool:
    return verify(case.text, [case.evidence]).support not in GOOD


@pytest.mark.parametrize("held_out", [False, True], ids=["development", "held out"])
def test_altered_sentences_are_told_from_true_paraphrases(held_out: bool, capsys: pytest.CaptureFixture[str]) -> None:
    true, altered = true_cases(150, held_out=held_out), altered_cases(150, held_out=held_out)
    assert (len(true), len(altered)) == (150, 150)
    flagged = [case for case in altered if is_flagged(case)]
    false = sum(map(is_flagged, true))
    precision, recall = len(flagged) / (len(flagged) + false), len(flagged) / len(altered)
    f1 = 2 * precision * recall / (precision + recall)
    by_kind = Counter(case.kind for case in flagged)
    kinds = ", ".join(f"{kind} {by_kind[kind]}/{len(altered) // len(KINDS)}" for kind in KINDS)
    half = "held out" if held_out else "development"
    with capsys.disabled():
        print(f"\nverifying, {half}: F1 {f1:.3f}, precision {precision:.3f}, recall {recall:.3f}; caught: {kinds}")
    assert f1 >= 0.85


@pytest.fixture(scope="module")
def everything_spoken() -> list[Spoken]:
    articles = [*sample_articles().values(), *wikinews_articles()]
    return [each for article in articles for each in spoken(article)]


def test_real_quotations_pass_and_mutated_ones_are_all_caught(
    everything_spoken: list[Spoken], capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(17)
    chosen = (everything_spoken * (500 // len(everything_spoken) + 1))[:500]
    real = [(real_quotation(each, rng), each) for each in chosen]
    mutated = [
        (mutated_quotation(each, everything_spoken, ("word", "spliced", "speaker")[number % 3], rng), each)
        for number, each in enumerate(chosen)
    ]
    flagged = [text for text, each in real if verify(text, [each.evidence]).support not in GOOD]
    missed = [text for text, each in mutated if verify(text, [each.evidence]).support in GOOD]
    with capsys.disabled():
        print(f"\nquotations: {len(everything_spoken)} different ones; {len(flagged)} of 500 real flagged, "
              f"{len(missed)} of 500 mutated missed")  # fmt: skip
    assert not missed
    assert len(flagged) <= 5, flagged


def test_a_sentence_is_checked_in_a_few_milliseconds(capsys: pytest.CaptureFixture[str]) -> None:
    cases = true_cases(150, held_out=False)
    milliseconds = min(_milliseconds(cases) for _ in range(5))  # the least, since other work slows the machine
    with capsys.disabled():
        print(f"\nverifying: {milliseconds:.2f} ms a sentence")
    assert milliseconds < 6  # 1.0 when the machine is idle, twice that and more when it is not


def _milliseconds(cases: list[Case]) -> float:
    started = process_time()
    for case in cases:
        verify(case.text, [case.evidence])
    return (process_time() - started) / len(cases) * 1000
