import json
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from chat.gathering.retrieval import RetrievalSettings
from chat.texts.table import ENGLISH
from eval.bench.configurations import ablations, grid, named_configurations, parse_configuration
from eval.bench.tuning import cross_validate, refuse_test_questions
from eval.datasets import open_dataset
from eval.errors import ConfigurationError, EvalError, RunError
from eval.results.abstaining import abstention_data
from eval.results.browsing import describe_runs, list_runs
from eval.results.comparing import aa_rate, compare_runs
from eval.results.folders import read_run, write_run
from eval.results.report import question_differences, render_report
from eval.results.run import QuestionResult, differences, percentile
from eval.results.surroundings import surroundings
from tests.runs import result, run, scored
from web.html import page_html

MARKUP = "<script>alert(1)</script><img src=https://evil.example/x.png>\" onload='x'"


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    before = scored("full", [0.5, 1.0])
    folder = write_run(tmp_path / "runs", before)
    assert read_run(folder) == before
    assert (folder / "run.trec").read_text(encoding="utf-8").splitlines()[0] == "q0 Q0 a1 1 2 full"
    assert (folder / "qrels.trec").read_text(encoding="utf-8").splitlines()[0] == "q0 0 a1 1"


def test_a_run_is_named_by_its_content(tmp_path: Path) -> None:
    first, same = write_run(tmp_path, scored("full", [0.5])), write_run(tmp_path, scored("full", [0.5]))
    other = write_run(tmp_path, scored("full", [0.6]))
    assert first == same != other
    assert sorted(tmp_path.iterdir()) == sorted([first, other])


def test_a_run_that_was_changed_is_refused(tmp_path: Path) -> None:
    folder = write_run(tmp_path, scored("full", [0.5]))
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8")
    (folder / "questions.jsonl").write_text(lines.replace("0.5", "0.9"), encoding="utf-8")
    with pytest.raises(RunError, match="is not what its name says"):
        read_run(folder)


def test_an_empty_run_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="empty"):
        write_run(tmp_path / "runs", scored("full", []))
    assert not (tmp_path / "runs").exists()


def test_a_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=f"no run in {re.escape(str(tmp_path))}"):
        read_run(tmp_path)


def test_the_surroundings_of_a_run_are_plain_data() -> None:
    data = json.loads(json.dumps(surroundings()))
    assert data["versions"]["ir-measures"]
    assert data["machine"]["cores"]


def test_means_are_over_the_questions_for_which_the_measure_is_defined() -> None:
    made = run("full", result("q0", 0.5), result("q1", 1.0), result("q2", 0.0, values={}))
    assert (made.estimates()["nDCG@10"].mean, made.estimates()["nDCG@10"].count) == (0.75, 2)


def test_percentiles_are_measured_times() -> None:
    assert [percentile([3.0, 1.0, 2.0], share) for share in (50, 95)] == [2.0, 3.0]


def test_runs_are_compared_question_by_question() -> None:
    (pairing,) = compare_runs([scored("a", [0.0] * 20), scored("b", [1.0] * 20)], ["nDCG@10"])
    assert (pairing.first, pairing.second, pairing.comparison.difference) == ("a", "b", 1.0)
    assert pairing.comparison.p_value < 0.01


def test_a_question_that_one_run_lacks_counts_zero_there() -> None:
    (pairing,) = compare_runs([scored("a", [1.0, 1.0]), scored("b", [1.0])], ["nDCG@10"])
    assert pairing.comparison.difference == -0.5


def test_p_values_are_adjusted_for_the_number_of_configurations() -> None:
    other = [1.0] * 6 + [0.0] * 4
    runs = [scored("a", [0.0] * 10), scored("b", other), scored("c", other)]
    for pairing in compare_runs(runs, ["nDCG@10"]):
        assert pairing.holm_p_value == pytest.approx(2 * pairing.comparison.p_value)


def test_runs_over_different_questions_are_not_compared() -> None:
    other = {"name": "mini", "questions": 2, "questions_content": "other", "note": ""}
    with pytest.raises(RunError, match="different questions"):
        compare_runs([scored("a", [0.5, 1.0]), scored("b", [0.5, 1.0], dataset=other)], ["nDCG@10"])
    with pytest.raises(RunError, match="one run cannot be compared"):
        compare_runs([scored("a", [0.5, 1.0])], ["nDCG@10"])
    with pytest.raises(RunError, match="no question has the measure 'AP'"):
        compare_runs([scored("a", [0.5, 1.0]), scored("b", [0.5, 1.0])], ["AP"])


def test_differences_between_runs_are_listed_except_the_load() -> None:
    runs = [scored("a", [0.5]), scored("b", [0.5], code="other", machine={"load": [9.0]})]
    assert differences(runs) == ["code"]


def test_the_aa_test_of_a_comparison_is_near_its_level() -> None:
    runs = [scored("a", [at / 40 for at in range(40)]), scored("b", [(at * 7 % 40) / 40 for at in range(40)])]
    assert aa_rate(runs, "nDCG@10") < 0.1


def test_a_report_shows_the_worst_questions_first() -> None:
    runs = [scored("a", [0.5, 0.5, 0.5]), scored("b", [1.0, 0.0, 0.5])]
    assert [one.results[0].id for one in question_differences(runs, "nDCG@10")] == ["q1", "q2", "q0"]


def test_nothing_from_an_article_or_a_question_is_markup_in_a_report() -> None:
    shown = {"article": "a1", "title": MARKUP, "source": MARKUP, "published": MARKUP, "text": MARKUP}
    answer = {
        "status": MARKUP,
        "notice": MARKUP,
        "understood": [MARKUP],
        "sentences": [{"text": MARKUP, "citations": [1], "support": MARKUP}],
        "answerable": True,
        "answerability": 0.5,
        "would_be_right": True,
    }
    bad = result(
        "q1",
        0.5,
        text=MARKUP,
        kind=MARKUP,
        answer=answer,
        shown=({**shown, "why": [MARKUP], "relevant": False},),
        expected={"answers": [MARKUP], "articles": [MARKUP]},
    )
    dataset = {"name": MARKUP, "questions": 1, "questions_content": "abc", "note": MARKUP}
    page = render_report([run(MARKUP, bad, dataset=dataset), run(MARKUP, bad, dataset=dataset)])
    assert "alert(1)" in page
    assert "<script" not in page
    assert "<img" not in page
    assert not re.search(r"<[^>]*\sonload=", page)


def answered(name: str, answerability: float, *, answerable: bool, right: bool) -> QuestionResult:
    answer = {"answerability": answerability, "answerable": answerable, "would_be_right": right}
    return result(name, 1.0, answer=answer)


def test_a_run_of_answers_says_how_its_probability_ranks_the_questions() -> None:
    some = run(
        "local",
        answered("q1", 0.9, answerable=True, right=True),
        answered("q2", 0.6, answerable=False, right=False),
        answered("q3", 0.5, answerable=True, right=False),
        answered("q4", 0.1, answerable=False, right=False),
    )
    data = abstention_data(some)
    assert data is not None
    assert data["auc"] == 0.75
    assert data["risk_at_coverage"] == {"0.2": 0.0, "0.4": 0.5, "0.6": 2 / 3, "0.8": 0.75, "1.0": 0.75}


def test_without_both_sorts_of_question_or_probabilities_nothing_is_said_of_abstention() -> None:
    assert abstention_data(run("local", answered("q1", 0.9, answerable=True, right=True))) is None
    assert abstention_data(scored("kept before", [0.5, 1.0])) is None


def test_a_report_loads_nothing_from_outside() -> None:
    page = render_report([scored("a", [0.5, 1.0]), scored("b", [1.0, 0.5])])
    assert not re.search(r"(?:src|href|url|@import)\s*[=(]", page)
    assert "default-src 'none'" in page


def test_a_report_of_one_run_needs_no_other() -> None:
    assert "Against" not in render_report([scored("a", [0.5, 1.0])])


@pytest.mark.parametrize("name", ["keywords", "vectors", "fused"])
def test_a_bare_configuration_ignores_time(name: str) -> None:
    settings = named_configurations()[name]
    assert (settings.recency_boost, settings.strong_recency_power, settings.preference_boost) == (0.0, 0.0, 0.0)
    assert bool(settings.keyword_weight) == (name != "vectors")
    assert bool(settings.vector_weight) == (name != "keywords")


def test_a_configuration_can_be_changed_field_by_field() -> None:
    written = parse_configuration("full,rank_constant=30,title_weight=2")
    assert written.settings == replace(RetrievalSettings(), rank_constant=30, title_weight=2.0)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("best", "unknown configuration 'best'; choose one of: full"),
        ("full,speed=3", "unknown setting 'speed'; choose one of: candidates"),
        ("full,rank_constant=high", "rank_constant must be of type int, not 'high'"),
    ],
)
def test_an_unknown_configuration_is_named(written: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        parse_configuration(written)


def test_each_active_part_is_switched_off_once() -> None:
    full, *others = ablations()
    off = [
        {
            field.name
            for field in fields(RetrievalSettings)
            if getattr(one.settings, field.name) != getattr(full.settings, field.name)
        }
        for one in others
    ]
    assert {"recency_boost", "strong_recency_power"} in off
    assert {"keyword_weight"} in off
    assert len(set(map(frozenset, off))) == len(off)
    assert all(off)


def test_a_grid_holds_every_combination() -> None:
    points = grid(["rank_constant=20,60", "recency_boost=0,0.1,0.2"])
    assert len({point.settings for point in points}) == 6
    assert points[0].name == "rank_constant=20,recency_boost=0"
    with pytest.raises(ConfigurationError, match="not a grid axis"):
        grid(["rank_constant"])


def test_a_cross_validated_figure_is_not_the_luckiest_one() -> None:
    """All configurations are right by chance: the best one looks good, the cross-validated choice does not."""
    runs = [scored(f"c{luck}", [float((at * 31 + luck * 17) % 37 < 18) for at in range(60)]) for luck in range(30)]
    best = max(run.estimates()["nDCG@10"].mean for run in runs)
    sweep = cross_validate(runs, "nDCG@10")
    assert sweep.estimate.mean < best
    assert sweep.estimate.count == 60
    assert len(sweep.chosen_in_folds) == 5


def test_a_configuration_that_is_better_everywhere_is_chosen() -> None:
    sweep = cross_validate([scored("bad", [0.1] * 10), scored("good", [0.9] * 10)], "nDCG@10")
    assert set(sweep.chosen_in_folds) == {sweep.chosen} == {"good"}
    assert sweep.estimate.mean == pytest.approx(0.9)


def test_a_sweep_refuses_held_out_questions() -> None:
    with pytest.raises(EvalError, match="'held-out', which is set apart"):
        refuse_test_questions(open_dataset("sample"), None)
    with pytest.raises(EvalError, match="'test', which is set apart"):
        refuse_test_questions(open_dataset("sample", split="development"), "test")
    refuse_test_questions(open_dataset("sample", split="development"), "development")
    with pytest.raises(EvalError, match="folds need as many"):
        cross_validate([scored("a", [0.5])], "nDCG@10")


def test_the_runs_in_a_folder_are_described_for_a_page_and_compared_worst_first(tmp_path: Path) -> None:
    first = write_run(tmp_path, scored("full", [1.0, 0.5, 0.5, 0.2]))
    second = write_run(tmp_path, scored("keywords", [0.2, 0.5, 0.4, 0.9]))
    assert {one["folder"] for one in list_runs(tmp_path)} == {first.name, second.name}
    shown = describe_runs(tmp_path, [first.name, second.name])
    assert (shown["error"], shown["runs"]) == ("", ["full", "keywords"])
    assert [one["change"] for one in shown["questions"]] == sorted(one["change"] for one in shown["questions"])
    assert len(shown["questions"]) == 3  # one does not differ
    assert shown["comparisons"][0]["comparison"]["worse"] == 2
    html = page_html("evaluation", ENGLISH, shown=shown, is_empty=False)
    assert "keywords against full" in html


def test_a_run_that_is_none_or_was_changed_is_said_to_be_so(tmp_path: Path) -> None:
    folder = write_run(tmp_path, scored("full", [1.0]))
    assert describe_runs(tmp_path, ["../elsewhere"])["error"] == "no such run"
    (folder / "questions.jsonl").write_text("", encoding="utf-8")
    assert "make it again" in describe_runs(tmp_path, [folder.name])["error"]
