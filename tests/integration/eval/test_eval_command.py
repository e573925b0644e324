import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main

ROOT = Path(__file__).parents[3]
QUESTIONS: list[dict[str, Any]] = [
    {
        "question_id": "q1",
        "question": "How many people died on the ferry?",
        "gold": [{"url": "https://harbour.example/ferry", "sentence": "Nine people died on board."}],
        "answers": ["Nine"],
        "as_of": "2023-12-31",
    },
    {
        "question_id": "q2",
        "question": "What do the tram drivers want?",
        "gold": [{"url": "https://courier.example/trams", "sentence": "The drivers want shorter shifts."}],
        "answers": ["shorter shifts"],
        "as_of": "2023-12-31",
    },
    {
        "question_id": "q3",
        "question": "Who won the chess championship in Oslo?",
        "answerable": False,
        "as_of": "2023-12-31",
    },
]
ARTICLES = [
    {
        "url": "https://harbour.example/ferry",
        "title": "Fire on the Holm ferry",
        "publish_date": "2023-03-15",
        "text": "A fire broke out on the ferry to Holm. Nine people died on board. The cause is not known.",
    },
    {
        "url": "https://courier.example/trams",
        "title": "Tram drivers stop work",
        "publish_date": "2023-06-19",
        "text": "Trams stood still on Monday. The drivers want shorter shifts. Talks go on.",
    },
    {
        "url": "https://courier.example/fish",
        "title": "Herring catch falls",
        "publish_date": "2023-07-02",
        "text": "The herring catch fell by a third. Boats stayed in the harbour for most of June.",
    },
]


@dataclass(frozen=True, slots=True)
class Done:
    """The exit status and output of a command."""

    returncode: int
    stdout: str
    stderr: str


Evaluate = Callable[..., Done]


@pytest.fixture
def evaluate(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Evaluate:
    """Runs the command in this process: another one would load torch again."""
    monkeypatch.chdir(ROOT)

    def run(*arguments: object) -> Done:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        output = capsys.readouterr()
        return Done(int(ended.value.code or 0), output.out, output.err)

    return run


def write_lines(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def asked(tmp_path: Path) -> list[object]:
    questions = write_lines(tmp_path / "mine.jsonl", QUESTIONS)
    articles = write_lines(tmp_path / "articles.jsonl", ARTICLES)
    return ["--dataset", questions, "--articles", articles, "--data", tmp_path / "data"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([*QUESTIONS, QUESTIONS[0]], "mine.jsonl:4: question id 'q1' occurs twice"),
        ([{**QUESTIONS[0], "answers": "Nine"}], "mine.jsonl:1: the field 'answers' must be a list of texts"),
        ([], "mine.jsonl: it has no questions"),
    ],
)
def test_bad_questions_exit_with_2_and_write_nothing(
    evaluate: Evaluate, tmp_path: Path, lines: list[dict[str, Any]], message: str
) -> None:
    questions = write_lines(tmp_path / "mine.jsonl", lines)
    done = evaluate("retrieval", "--dataset", questions, "--articles", ROOT / "corpus/sample", "--data", tmp_path / "d")
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "d").exists()


def test_a_judgement_of_an_unknown_article_exits_with_2_and_writes_nothing(evaluate: Evaluate, tmp_path: Path) -> None:
    unknown = {"question_id": "q9", "question": "Who?", "articles": ["https://nowhere.example/1"]}
    questions = write_lines(tmp_path / "mine.jsonl", [*QUESTIONS, unknown])
    articles = write_lines(tmp_path / "articles.jsonl", ARTICLES)
    done = evaluate("retrieval", "--dataset", questions, "--articles", articles, "--data", tmp_path / "data")
    assert done.returncode == 2
    assert "mine.jsonl:4: question q9 names the article 'https://nowhere.example/1'" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_folder_without_a_run_exits_with_2_and_writes_nothing(evaluate: Evaluate, tmp_path: Path) -> None:
    done = evaluate("report", tmp_path, "--out", tmp_path / "report.html")
    assert done.returncode == 2
    assert "no run in" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_sweep_over_all_of_the_sample_exits_with_2(evaluate: Evaluate, tmp_path: Path) -> None:
    done = evaluate("sweep", "--grid", "rank_constant=30,60", "--data", tmp_path / "data")
    assert done.returncode == 2
    assert "set apart for reporting" in done.stderr
    assert not list(tmp_path.iterdir())


def test_drafts_are_written_for_a_person_to_rephrase(evaluate: Evaluate, tmp_path: Path) -> None:
    done = evaluate("make", ROOT / "corpus/sample/port-ellery", "--count", 3, "--out", tmp_path / "drafts.jsonl")
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "drafts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["draft"] for line in lines] == [True] * 3
    again = evaluate("make", ROOT / "corpus/sample/port-ellery", "--count", 3, "--out", tmp_path / "drafts.jsonl")
    assert (again.returncode, "exists already" in again.stderr) == (2, True)


def test_retrieval_is_measured_compared_and_reported(evaluate: Evaluate, tmp_path: Path, asked: list[object]) -> None:
    page = tmp_path / "report.html"
    configurations = ["--config", "full", "--config", "keywords"]
    done = evaluate("retrieval", *asked, *configurations, "--report", page, "--json")
    assert done.returncode == 0, done.stderr
    assert "Nine people died on board." in page.read_text(encoding="utf-8")
    data = json.loads(done.stdout)
    first, second = data["runs"]
    assert first["measures"]["nDCG@10"]["mean"] == 1.0
    assert first["measures"]["passage Success@1"]["count"] == 2
    assert first["measures"]["answer in passage@4"] == {"mean": 1.0, "low": 1.0, "high": 1.0, "count": 2}
    assert first["index"]["articles"] == 3
    times = [f"{name} p{share}" for name in ("time", "embedding", "time without embedding") for share in (50, 95)]
    assert list(first["times_ms"]) == list(second["times_ms"]) == times
    assert 0 < first["times_ms"]["embedding p50"] < first["times_ms"]["time p50"]
    assert second["times_ms"]["embedding p95"] < 0.1  # keyword search embeds nothing
    assert {one["measure"] for one in data["comparisons"]} >= {"nDCG@10", "passage nDCG@10"}

    compared = evaluate("compare", first["run"], second["run"], "--json")
    assert compared.returncode == 0, compared.stderr
    assert json.loads(compared.stdout)["unlike"] == []

    again = evaluate("report", first["run"], second["run"], "--out", tmp_path / "again.html")
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "again.html").read_bytes() == page.read_bytes()


def test_a_report_that_could_not_be_written_is_refused_before_anything_is_measured(
    evaluate: Evaluate, tmp_path: Path
) -> None:
    done = evaluate("retrieval", "--report", tmp_path / "nowhere" / "report.html", "--data", tmp_path / "data")
    assert done.returncode == 2
    assert "no such folder" in done.stderr
    assert not list(tmp_path.iterdir())


def test_answers_are_measured(evaluate: Evaluate, asked: list[object]) -> None:
    done = evaluate("answers", *asked, "--json")
    assert done.returncode == 0, done.stderr
    measures = json.loads(done.stdout)["runs"][0]["measures"]
    assert measures["accuracy"]["count"] == 2
    assert measures["answer in evidence@3"]["mean"] == 1.0
    assert measures["quotation exactness"]["mean"] == 1.0
    assert measures["abstention recall"] == {"mean": 1.0, "low": 1.0, "high": 1.0, "count": 1}
    assert measures["doubt without an answer"] == measures["abstention recall"]
    assert measures["doubt with an answer"]["count"] == 2


def test_parts_are_switched_off_one_at_a_time_and_queries_are_embedded_once(
    evaluate: Evaluate, asked: list[object]
) -> None:
    done = evaluate("ablate", *asked, "--json")
    assert done.returncode == 0, done.stderr
    runs = json.loads(done.stdout)["runs"]
    names = [run["configuration"]["name"] for run in runs]
    assert not any(run["times_ms"] for run in runs)
    assert names[0] == "full"
    assert {"without keyword", "without vector", "without recency"} <= set(names)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom eval.__main__ import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit:\n    print({'numpy', 'pydantic_settings', 'torch', 'rich', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "retrieval", "--help"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert "--report" in done.stdout
    assert done.stdout.endswith("set()\n")


def test_the_command_exits_with_2_on_an_error_of_ours(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "eval", "report", str(tmp_path), "--out", str(tmp_path / "report.html")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr.startswith("error: no run in")) == (2, True)
