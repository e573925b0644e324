"""The project's own questions, asked of the real index: what was once found and answered stays so.

The floors of retrieval are what was measured on 22 November 2026 less about five questions; those of answers leave more
room. They hold a regression off and are no figures to tell.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import fmean

import pytest

from eval.bench import Bench
from eval.configurations import parse_configuration
from eval.datasets import drawn, open_dataset
from eval.runs import Run
from indexer.embedding.model import open_embedding

ANSWERED = 40  # of the questions; all of them would take half a minute


def silent(done: int, total: int) -> None:
    """A progress that nobody looks at."""


@pytest.fixture(scope="module")
def bench(sample_data: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = Bench(open_dataset("sample"), open_embedding(), sample_data(), tmp_path_factory.mktemp("runs"))
    yield bench
    bench.close()


def mean(run: Run, measure: str) -> float:
    return fmean(run.values(measure).values())


def test_the_right_articles_are_found(bench: Bench) -> None:
    run = bench.retrieval(parse_configuration("full"), silent)
    assert mean(run, "R@5") >= 0.89
    assert mean(run, "passage R@10") >= 0.89


def test_answers_quote_exactly_are_right_and_know_when_to_be_silent(bench: Bench) -> None:
    bench.dataset = drawn(bench.dataset, ANSWERED)
    run = bench.answers("quotes", None, silent)
    assert mean(run, "quotation exactness") == 1.0
    assert mean(run, "accuracy") >= 0.3
    assert mean(run, "refusal recall") >= 0.3
    assert mean(run, "refusal precision") >= 0.1
