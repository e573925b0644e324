"""The project's own questions on the real index: what was once found and answered stays so.

The floors are what was measured on 28 November 2026 less one or two questions. They catch a loss; they are not figures
to report.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import fmean

import pytest

from eval.bench.bench import Bench
from eval.bench.configurations import parse_configuration
from eval.datasets import drawn, open_dataset
from eval.results.run import Run
from indexer.embedding.model import open_embedding

ANSWERED = 40  # of the questions; all of them would take half a minute


def silent(done: int, total: int) -> None:
    """A progress that shows nothing."""


@pytest.fixture(scope="module")
def bench(sample_data: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = Bench(open_dataset("sample"), open_embedding(), sample_data(), tmp_path_factory.mktemp("runs"))
    yield bench
    bench.close()


def mean(run: Run, measure: str) -> float:
    return fmean(run.values(measure).values())


def test_the_right_articles_and_passages_are_found(bench: Bench) -> None:
    run = bench.retrieval(parse_configuration("full"), silent)
    assert mean(run, "Success@1") >= 0.82  # measured: .831 of 189 questions
    assert mean(run, "R@5") >= 0.925  # .937
    assert mean(run, "passage Success@1") >= 0.66  # .677
    assert mean(run, "passage R@10") >= 0.915  # .928


def test_answers_are_right_quote_exactly_and_abstain_when_they_should(bench: Bench) -> None:
    bench.dataset = drawn(bench.dataset, ANSWERED)
    run = bench.answers("quotes", None, silent)
    assert mean(run, "quotation exactness") == 1.0
    assert mean(run, "unsupported sentences") == 0.0
    assert mean(run, "accuracy") >= 0.68  # measured: 23 of 32
    assert mean(run, "citation recall") >= 0.7  # .75
    assert mean(run, "abstention precision") >= 0.7  # 3 of 4
    assert mean(run, "abstention recall") >= 0.35  # 3 of 8
    assert mean(run, "doubt with an answer") <= 0.35  # 10 of 32
