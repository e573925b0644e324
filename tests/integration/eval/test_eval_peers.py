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
from eval.report import render_report
from eval.runs import read_run, write_run

FAKE = Peer("words", "tests.fake_peer")


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """A few questions of the sample; its articles are read once."""
    sample = open_dataset("sample")
    held = list(sample.articles())
    return replace(sample, questions=sample.questions[:12], articles=lambda: iter(held))


def silent(done: int, total: int) -> None:
    """A progress that nobody looks at."""


def test_a_peer_is_asked_in_a_process_of_its_own_then_measured_like_every_run(
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


def test_what_a_peer_handed_back_is_not_asked_for_again(tmp_path: Path, dataset: Dataset) -> None:
    job = job_of(dataset, drawn_articles(dataset, None), "no model")
    (first,) = run_peers(job, [FAKE], tmp_path, silent)
    assert run_peers(job, [FAKE], tmp_path, silent) == [first]


def test_no_peer_is_held_to_what_came_out_after_the_question(tmp_path: Path, dataset: Dataset) -> None:
    articles = drawn_articles(dataset, None)
    earliest = min(one.published_at for one in articles if one.published_at)
    early = replace(dataset, questions=tuple(replace(one, as_of=earliest) for one in dataset.questions))
    job = job_of(early, articles, "no model")
    run = run_of(early, job, run_peers(job, [FAKE], tmp_path, silent)[0])
    assert run is not None
    out = {one.id for one in articles if one.published_at is None or one.published_at <= earliest}
    assert all(set(result.ranking) <= out for result in run.results)


def test_a_part_of_the_articles_holds_the_judged_ones_and_is_drawn_the_same_every_time(dataset: Dataset) -> None:
    judged = {gold.article_id for question in dataset.questions for gold in question.gold}
    drawn = drawn_articles(dataset, len(judged) + 4)
    assert judged <= {one.id for one in drawn}
    assert len({one.id for one in drawn}) == len(judged) + 4
    assert drawn == drawn_articles(dataset, len(judged) + 4)
    assert {one.id for one in drawn_articles(dataset, 1)} == judged


def test_an_environment_sees_the_projects_packages_behind_its_own(tmp_path: Path) -> None:
    python = environment_for("empty", [], tmp_path)
    code = "import sys, ir_measures; print(sys.prefix, ir_measures.__file__)"
    told = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert Path(told[0]).parent == tmp_path
    assert not told[1].startswith(str(tmp_path))
    assert environment_for("empty", [], tmp_path) == python


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("ERROR: Could not find it\nERROR: No matching distribution\n\n", "No matching distribution"),
        ("", "pip said nothing"),
    ],
)
def test_pips_last_word_is_the_reason(told: str, reason: str) -> None:
    assert reason_in(told) == reason


def test_dateline_reads_the_articles_of_a_job_as_they_were(dataset: Dataset) -> None:
    articles = drawn_articles(dataset, None)
    job = json.loads(json.dumps(job_of(dataset, articles, "no model"), default=lambda moment: moment.isoformat()))
    read: list[Article] = [article_of(record) for record in job["articles"]]
    assert read == articles


def test_every_peer_has_a_script_of_its_own() -> None:
    root = Path(__file__).parents[3]
    scripts = {peer.module for peer in PEERS}
    assert len(scripts) == len(PEERS)
    assert all((root / f"{script.replace('.', '/')}.py").is_file() for script in scripts)
