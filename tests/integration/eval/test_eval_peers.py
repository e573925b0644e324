import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.article import Article
from eval.datasets import open_dataset
from eval.datasets.form import Dataset
from eval.peers.dateline import article_of
from eval.peers.environments import environment_for, reason_in
from eval.peers.measuring import run_of
from eval.peers.running import PEERS, Peer, drawn_articles, job_of, judged_questions, run_peers
from eval.peers.table import data, print_peers
from eval.results.folders import read_run, write_run
from eval.results.report import render_report

FAKE = Peer("words", "tests.fake_peer")


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """A few questions of the sample, whose articles are read once."""
    sample = open_dataset("sample")
    articles = list(sample.articles())
    return replace(sample, questions=sample.questions[:12], articles=lambda: iter(articles))


def silent(done: int, total: int) -> None:
    """A progress that shows nothing."""


def test_a_peer_runs_in_its_own_process_and_is_measured_like_every_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], dataset: Dataset
) -> None:
    job = job_of(dataset, drawn_articles(dataset, None), "no model")
    missing = Peer("nowhere", "tests.no_such_peer")
    done = run_peers(job, [FAKE, missing], tmp_path, silent)
    run = run_of(dataset, job, done[0])
    assert run is not None
    assert run_of(dataset, job, done[1]) is None
    assert len(run.results) == len(judged_questions(dataset))
    assert 0.2 < run.estimates()["Success@10"].mean <= 1.0
    assert read_run(write_run(tmp_path / "runs", run)).estimates() == run.estimates()
    assert "words" in render_report([run, run])
    print_peers(done, [run])
    assert "nowhere: failed: " in capsys.readouterr().out
    assert json.loads(json.dumps(data(done, [run], [])))["missing"].keys() == {"nowhere"}


def test_a_finished_peer_is_not_run_again(tmp_path: Path, dataset: Dataset) -> None:
    job = job_of(dataset, drawn_articles(dataset, None), "no model")
    (first,) = run_peers(job, [FAKE], tmp_path, silent)
    assert run_peers(job, [FAKE], tmp_path, silent) == [first]


def test_articles_published_after_the_question_do_not_count_against_a_peer(tmp_path: Path, dataset: Dataset) -> None:
    articles = drawn_articles(dataset, None)
    earliest = min(one.published_at for one in articles if one.published_at)
    early = replace(dataset, questions=tuple(replace(one, as_of=earliest) for one in dataset.questions))
    job = job_of(early, articles, "no model")
    run = run_of(early, job, run_peers(job, [FAKE], tmp_path, silent)[0])
    assert run is not None
    out = {one.id for one in articles if one.published_at is None or one.published_at <= earliest}
    assert all(set(result.ranking) <= out for result in run.results)


def test_a_draw_of_articles_has_the_judged_ones_and_is_reproducible(dataset: Dataset) -> None:
    judged = {gold.article_id for question in dataset.questions for gold in question.gold}
    drawn = drawn_articles(dataset, len(judged) + 4)
    assert judged <= {one.id for one in drawn}
    assert len({one.id for one in drawn}) == len(judged) + 4
    assert drawn == drawn_articles(dataset, len(judged) + 4)
    assert {one.id for one in drawn_articles(dataset, 1)} == judged


def test_an_environment_sees_the_projects_packages_after_its_own(tmp_path: Path) -> None:
    python = environment_for("empty", [], tmp_path)
    code = "import sys, ir_measures; print(sys.prefix, ir_measures.__file__)"
    prefix, module = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert Path(prefix).parent == tmp_path
    assert not module.startswith(str(tmp_path))
    assert environment_for("empty", [], tmp_path) == python


@pytest.mark.parametrize(
    ("stderr", "reason"),
    [
        ("ERROR: Could not find it\nERROR: No matching distribution\n\n", "No matching distribution"),
        ("", "pip printed nothing"),
    ],
)
def test_the_last_line_of_pip_is_the_reason(stderr: str, reason: str) -> None:
    assert reason_in(stderr) == reason


def test_dateline_reads_the_articles_of_a_job_unchanged(dataset: Dataset) -> None:
    articles = drawn_articles(dataset, None)
    job = json.loads(json.dumps(job_of(dataset, articles, "no model"), default=lambda moment: moment.isoformat()))
    read: list[Article] = [article_of(record) for record in job["articles"]]
    assert read == articles


def test_every_peer_has_its_own_script() -> None:
    root = Path(__file__).parents[3]
    scripts = {peer.module for peer in PEERS}
    assert len(scripts) == len(PEERS)
    assert all((root / f"{script.replace('.', '/')}.py").is_file() for script in scripts)
