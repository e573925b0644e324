import json
from pathlib import Path

from eval.docs.figures import figures_text, main_figures_text
from eval.index_speed.__main__ import merged_figures
from eval.results.run import Run
from eval.results.tables import figures_text as figures_of_runs
from tests.runs import scored

MACHINE = {"processor": "a processor", "cores": 2, "load": [9.0]}
INDEX = {"articles": 12, "passages": 30, "bytes": 1000}


def run(name: str, values: list[float]) -> Run:
    dataset = {"name": "mini", "questions": len(values), "questions_content": "abc", "note": "", "splits": []}
    return scored(name, values, machine=MACHINE, index=INDEX, dataset=dataset)


def test_the_docs_show_what_a_command_wrote(tmp_path: Path) -> None:
    (tmp_path / "realtimeqa.json").write_text(figures_of_runs([run("full", [0.5, 1.0])], []), encoding="utf-8")
    text = figures_text(tmp_path)
    assert "2 quiz questions, 12 dated articles:" in text
    assert "| full | 0.750 [0.500, 1.000] | 10 / 10 ms |" in text.splitlines()


def test_a_table_has_as_many_cells_in_every_row(tmp_path: Path) -> None:
    waits = {"quoting": {"first_word_s": [0.18, 0.22], "first_sentence_s": [0.18, 0.22], "end_s": [0.18, 0.22]}}
    (tmp_path / "speed.json").write_text(json.dumps({"machine": MACHINE, "waits": waits}), encoding="utf-8")
    lines = figures_text(tmp_path).splitlines()
    assert lines[0] == "`make bench`, the sample archive, warm, on 2 cores of a processor:"
    assert {line.count("|") for line in lines[2:]} == {4}
    assert "0.18 s / 0.22 s" in lines[-1]


def test_the_speed_of_an_index_is_shown_beside_its_target(tmp_path: Path) -> None:
    figure = {"what": "5000 unchanged articles added again", "value": 4.321, "unit": "s", "asked": "<= 10 s"}
    figures = {"machine": MACHINE, "parts": {"unchanged": [figure]}}
    (tmp_path / "index_speed.json").write_text(json.dumps(figures), encoding="utf-8")
    assert figures_text(tmp_path).endswith("| 5000 unchanged articles added again | 4.32 s | <= 10 s |")


def test_measuring_one_part_keeps_the_others_of_the_same_machine(tmp_path: Path) -> None:
    path = tmp_path / "index_speed.json"
    path.write_text(json.dumps(merged_figures(path, {"memory": ["one"], "queries": ["two"]})), encoding="utf-8")
    merged = merged_figures(path, {"queries": ["three"]})
    assert merged["parts"] == {"queries": ["three"], "memory": ["one"]}
    path.write_text(json.dumps(merged | {"machine": MACHINE}), encoding="utf-8")
    assert merged_figures(path, {"queries": ["four"]})["parts"] == {"queries": ["four"]}


def test_the_figures_of_a_run_have_no_path_of_this_machine() -> None:
    figures = json.loads(figures_of_runs([run("a", [0.5, 1.0]), run("b", [1.0, 0.5])], []))
    assert figures["machine"] == {"processor": "a processor", "cores": 2}
    assert [one["name"] for one in figures["runs"]] == ["a", "b"]
    assert "run" not in figures["runs"][0]


def test_the_readme_has_only_the_figures_that_were_measured(tmp_path: Path) -> None:
    assert len(main_figures_text(tmp_path).splitlines()) == 2
    waits = {"quoting": {"first_word_s": [0.18, 0.22], "first_sentence_s": [0.18, 0.22], "end_s": [0.18, 0.22]}}
    (tmp_path / "speed.json").write_text(json.dumps({"machine": MACHINE, "waits": waits}), encoding="utf-8")
    assert main_figures_text(tmp_path).splitlines()[2:] == ["| first word, quoting, p95 | 0.22 s | `make bench` |"]
