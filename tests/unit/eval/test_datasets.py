import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Article, Unreadable, new_article
from corpus.readers import read_articles
from eval.datasets import drawn, open_dataset
from eval.datasets.drafting import draft_questions
from eval.datasets.form import Dataset, check_gold
from eval.errors import DatasetError

ROOT = Path(__file__).parents[3]
SHARED = ROOT / "../shared/data"
FERRY = "https://harbour.example/2023/03/15/ferry-fire"
STRIKE = "https://courier.example/2023/06/19/strike"
ARTICLES = [
    {"url": FERRY, "title": "Ferry fire", "publish_date": "2023-03-15", "text": "A ferry burned. Nine people died."},
    {"url": STRIKE, "title": "Strike", "publish_date": "2023-06-19", "text": "Crews walked out. They want 9 per cent."},
]


def write_lines(path: Path, records: Sequence[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def beir_folder(path: Path, qrels: str = "query-id\tcorpus-id\tscore\nq1\td1\t1\n") -> Path:
    write_lines(
        path / "corpus.jsonl", [{"_id": "d1", "title": "Ferry", "text": "It burned."}, {"_id": "d2", "text": "x"}]
    )
    write_lines(path / "queries.jsonl", [{"_id": "q1", "text": "What burned?"}, {"_id": "q2", "text": "Unjudged?"}])
    (path / "qrels").mkdir()
    (path / "qrels/train.tsv").write_text(qrels, encoding="utf-8")
    return path


def realtimeqa_folder(path: Path, **changes: Any) -> Path:
    write_lines(path / "articles.jsonl", ARTICLES)
    question = {
        "question_id": "20230316_0",
        "question_date": "2023-03-16",
        "question": "How many people died?",
        "choices": ["Seven", "Nine"],
        "answer": ["Nine"],
        "gold_urls": [FERRY],
    }
    write_lines(path / "questions.jsonl", [question | changes])
    return path


def multihop_folder(path: Path) -> Path:
    path.mkdir()
    articles = [
        {**one, "body": one["text"], "published_at": f"{one['publish_date']}T10:00:00+00:00"} for one in ARTICLES
    ]
    evidence = [
        {"url": FERRY, "title": "Ferry fire", "fact": "Nine people died."},
        {"url": STRIKE, "title": "Strike", "fact": "They want 9 per cent."},
    ]
    questions = [
        {"query": "Which?", "answer": "Nine", "question_type": "inference_query", "evidence_list": evidence},
        {"query": "Why?", "answer": "Insufficient information.", "question_type": "null_query", "evidence_list": []},
    ]
    (path / "corpus.json").write_text(json.dumps(articles), encoding="utf-8")
    (path / "MultiHopRAG.json").write_text(json.dumps(questions), encoding="utf-8")
    return path


def mtrag_file(path: Path) -> Path:
    turns = [
        {"speaker": "user", "text": "Who wrote it?"},
        {"speaker": "agent", "text": "Mars did."},
        {"speaker": "user", "text": "When?"},
    ]
    contexts = [{"document_id": "p1", "title": "Song", "text": "\nIt came out in 2010."}]
    common = {"contexts": contexts, "Collection": "clapnq"}
    return write_lines(
        path,
        [
            {**common, "task_id": "t<::>2", "input": turns, "answerability": ["ANSWERABLE"]},
            {**common, "task_id": "t<::>3", "input": turns[:1], "answerability": ["UNDERSPECIFIED"]},
        ],
    )


def trec_folder(path: Path, topics: str) -> Path:
    write_lines(path / "articles.jsonl", [{**ARTICLES[0], "docno": "HG-1"}, ARTICLES[1]])
    (path / "topics.txt").write_text(topics, encoding="utf-8")
    (path / "qrels.txt").write_text(f"401 0 HG-1 2\n401 0 {STRIKE} 0\n", encoding="utf-8")
    return path


def own_file(path: Path, *records: dict[str, Any]) -> Path:
    held = records or ({"question_id": "q1", "question": "Who died?", "articles": [FERRY], "answers": ["Nine"]},)
    return write_lines(path, held)


def articles_of(dataset: Dataset) -> dict[str, Article]:
    return {one.id: one for one in dataset.articles() if isinstance(one, Article)}


def test_a_beir_folder_is_read_with_its_only_split(tmp_path: Path) -> None:
    dataset = open_dataset(str(beir_folder(tmp_path / "mini")))
    (question,) = dataset.questions
    assert (question.id, question.text, question.gold[0].article_id) == ("q1", "What burned?", "d1")
    held = articles_of(dataset)
    assert held["d1"].title == "Ferry"
    assert (held["d2"].title, held["d2"].text) == ("x", "x")
    check_gold(dataset, held)


def test_realtimeqa_is_asked_at_the_end_of_its_day(tmp_path: Path) -> None:
    dataset = open_dataset(str(realtimeqa_folder(tmp_path / "rtqa")))
    (question,) = dataset.questions
    assert question.as_of == datetime(2023, 3, 16, 23, 59, 59, tzinfo=UTC)
    assert (question.answers, question.choices) == (("Nine",), ("Seven", "Nine"))
    check_gold(dataset, articles_of(dataset))


def test_each_fact_of_multihop_rag_is_a_part_of_the_answer(tmp_path: Path) -> None:
    dataset = open_dataset(str(multihop_folder(tmp_path / "multihop")))
    first, second = dataset.questions
    assert [(gold.part, gold.sentence) for gold in first.gold] == [
        (1, "Nine people died."),
        (2, "They want 9 per cent."),
    ]
    assert not second.answerable
    check_gold(dataset, articles_of(dataset))


def test_the_turns_of_mtrag_are_a_conversation(tmp_path: Path) -> None:
    dataset = open_dataset(str(mtrag_file(tmp_path / "tasks.jsonl")))
    first, second = dataset.questions
    assert (first.text, first.earlier) == ("When?", (("Who wrote it?", "Mars did."),))
    assert (first.answerable, second.answerable) == (True, False)
    assert list(articles_of(dataset)) == ["p1"]
    check_gold(dataset, articles_of(dataset))


@pytest.mark.parametrize(
    "topics",
    ["401\tferry fire\n", "<top>\n<num> Number: 401\n<title> ferry\nfire\n<desc> Description: x\n</top>\n"],
    ids=["columns", "marked up"],
)
def test_trec_topics_are_read_in_both_forms(tmp_path: Path, topics: str) -> None:
    dataset = open_dataset(str(trec_folder(tmp_path / "trec", topics)))
    (question,) = dataset.questions
    assert (question.id, question.text) == ("401", "ferry fire")
    assert [gold.grade for gold in question.gold] == [2, 0]
    check_gold(dataset, articles_of(dataset))


def test_own_questions_can_name_articles_by_address(tmp_path: Path) -> None:
    articles = write_lines(tmp_path / "articles.jsonl", ARTICLES)
    dataset = open_dataset(str(own_file(tmp_path / "mine.jsonl")), articles=articles)
    assert dataset.questions[0].gold[0].article_id == new_article(title="t", text="t", url=FERRY).id
    check_gold(dataset, articles_of(dataset))


def test_the_samples_questions_name_sentences_of_its_articles() -> None:
    dataset = open_dataset("sample")
    assert len(dataset.questions) == 225
    assert sum(not question.answerable for question in dataset.questions) == 36
    held = articles_of(dataset)
    check_gold(dataset, held)
    assert all(gold.sentence for question in dataset.questions for gold in question.gold)


def test_a_split_keeps_its_own_questions() -> None:
    development = open_dataset("sample", split="development")
    assert {question.split for question in development.questions} == {"development"}
    with pytest.raises(DatasetError, match="available: development, held-out"):
        open_dataset("sample", split="test")


def test_questions_are_drawn_the_same_every_time() -> None:
    dataset = open_dataset("sample")
    assert drawn(dataset, 5).questions == drawn(dataset, 5).questions
    assert len(drawn(dataset, 5).questions) == 5


def test_a_judgement_of_an_unknown_article_is_reported_with_its_line(tmp_path: Path) -> None:
    dataset = open_dataset(str(beir_folder(tmp_path / "mini", "q1\td1\t1\nq1\td9\t1\n")))
    with pytest.raises(DatasetError, match=r"train\.tsv:2: question q1 names the article 'd9'"):
        check_gold(dataset, articles_of(dataset))


@pytest.mark.parametrize(
    ("qrels", "message"),
    [
        ("q1\td1\t1\nq9\td1\t1\n", r"train\.tsv:2: question 'q9' is not among the questions"),
        ("q1\td1\t1\nq1\td1\t0\n", r"train\.tsv:2: question q1 judges 'd1' twice"),
        ("q1\td1\tmuch\n", r"train\.tsv:1: the grade must be a whole number, not 'much'"),
        ("q1\td1\n", r"train\.tsv:1: 2 columns"),
        ("", r"it has no questions"),
    ],
)
def test_bad_judgements_are_reported_with_their_line(tmp_path: Path, qrels: str, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        open_dataset(str(beir_folder(tmp_path / "mini", qrels)))


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"question_id": "q1", "question": "Again?", "answers": ["x"]}, r"mine\.jsonl:2: question id 'q1' occurs"),
        ({"question_id": "q 2", "question": "Spaced?", "answers": ["x"]}, r"mine\.jsonl:2: .*empty or have spaces"),
        ({"question_id": "q2", "answers": ["x"]}, r"mine\.jsonl:2: the field 'question' must be a text"),
        ({"question_id": "q2", "question": "No gold?"}, r"mine\.jsonl:2: question q2 has no gold"),
        ({"question_id": "q2", "question": "When?", "answers": ["x"], "as_of": "soon"}, r"mine\.jsonl:2: .*not a date"),
        ({"question_id": "q2", "question": "x", "answers": "x"}, r"mine\.jsonl:2: .*'answers' must be a list of texts"),
        (
            {"question_id": "q2", "question": "x", "answers": ["x"], "draft": True},
            r"mine\.jsonl:2: this is still a draft",
        ),
    ],
)
def test_a_bad_question_is_reported_with_its_line(tmp_path: Path, second: dict[str, Any], message: str) -> None:
    first = {"question_id": "q1", "question": "Who?", "answers": ["x"]}
    with pytest.raises(DatasetError, match=message):
        open_dataset(str(own_file(tmp_path / "mine.jsonl", first, second)))


FORMS: dict[str, Callable[[Path], Path]] = {
    "beir": beir_folder,
    "realtimeqa": realtimeqa_folder,
    "multihop": multihop_folder,
    "mtrag": lambda path: mtrag_file(path.with_suffix(".jsonl")),
    "trec": lambda path: trec_folder(path, "401 ferry fire"),
    "own": lambda path: own_file(path.with_suffix(".jsonl")),
}
FILES = [
    *(("beir", name) for name in ("corpus.jsonl", "queries.jsonl", "qrels/train.tsv")),
    ("realtimeqa", "questions.jsonl"),
    *(("multihop", name) for name in ("corpus.json", "MultiHopRAG.json")),
    ("mtrag", ""),
    *(("trec", name) for name in ("articles.jsonl", "topics.txt", "qrels.txt")),
    ("own", ""),
]


@pytest.mark.parametrize(("form", "name"), FILES)
def test_a_file_that_is_not_utf_8_is_reported_with_its_line(tmp_path: Path, form: str, name: str) -> None:
    path = FORMS[form](tmp_path / "set")
    file = path / name if name else path
    line = file.read_bytes().count(b"\n") + 1
    file.write_bytes(file.read_bytes() + "Où?\n".encode("latin-1"))
    with pytest.raises(DatasetError, match=rf"{re.escape(file.name)}:{line}: not UTF-8"):
        articles_of(open_dataset(str(path)))


@pytest.mark.parametrize(
    ("form", "name"),
    [("beir", "queries.jsonl"), ("realtimeqa", "questions.jsonl"), ("mtrag", ""), ("trec", "topics.txt")],
)
def test_a_question_that_occurs_twice_is_reported_with_its_second_line(tmp_path: Path, form: str, name: str) -> None:
    path = FORMS[form](tmp_path / "set")
    file = path / name if name else path
    lines = file.read_text(encoding="utf-8").rstrip("\n").splitlines()
    file.write_text("\n".join([*lines, lines[0]]) + "\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=rf"{re.escape(file.name)}:{len(lines) + 1}: question id .* occurs twice"):
        open_dataset(str(path))


def test_a_judgement_of_an_unknown_article_is_reported_in_every_format(tmp_path: Path) -> None:
    unknown = "https://nowhere.example/1"
    realtimeqa = realtimeqa_folder(tmp_path / "rtqa", gold_urls=[FERRY, unknown])
    trec = trec_folder(tmp_path / "trec", "401 ferry fire")
    with (trec / "qrels.txt").open("a", encoding="utf-8") as file:
        file.write(f"401 0 {unknown} 1\n")
    for path, place in ((realtimeqa, r"questions\.jsonl:1"), (trec, r"qrels\.txt:3")):
        dataset = open_dataset(str(path))
        with pytest.raises(DatasetError, match=rf"{place}: question \S+ names the article 'https://nowhere"):
            check_gold(dataset, articles_of(dataset))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"question_date": "some day"}, "'question_date' is not a date"),
        ({"answer": "Nine"}, "'answer' must be a list of texts"),
        ({"question": ""}, "'question' must be a text"),
    ],
)
def test_a_bad_realtimeqa_question_is_reported_with_its_line(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(DatasetError, match=rf"questions\.jsonl:1: the field {message}"):
        open_dataset(str(realtimeqa_folder(tmp_path / "rtqa", **changes)))


def test_a_conversation_that_ends_with_an_answer_is_reported_with_its_line(tmp_path: Path) -> None:
    path = mtrag_file(tmp_path / "tasks.jsonl")
    first, second = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    write_lines(path, [first, {**second, "input": [*second["input"], {"speaker": "agent", "text": "In 2010."}]}])
    with pytest.raises(DatasetError, match=r"tasks\.jsonl:2: the field 'input' must end with a turn of the user"):
        open_dataset(str(path))


def test_an_empty_file_of_questions_is_reported(tmp_path: Path) -> None:
    path = own_file(tmp_path / "mine.jsonl")
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"mine\.jsonl: it has no questions"):
        open_dataset(str(path))


def test_json_that_breaks_off_is_reported_with_its_line(tmp_path: Path) -> None:
    path = own_file(tmp_path / "mine.jsonl")
    path.write_text(path.read_text(encoding="utf-8") + '{"question_id": ', encoding="utf-8")
    with pytest.raises(DatasetError, match=r"mine\.jsonl:2: not JSON"):
        open_dataset(str(path))


def test_a_record_of_a_json_list_is_reported_with_its_line(tmp_path: Path) -> None:
    folder = multihop_folder(tmp_path / "multihop")
    records = json.loads((folder / "MultiHopRAG.json").read_text(encoding="utf-8"))
    del records[1]["query"]
    written = "[\n\n" + ",\n".join(json.dumps(record) for record in records) + "\n]"
    (folder / "MultiHopRAG.json").write_text(written, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"MultiHopRAG\.json:4: the field 'query' must be a text"):
        open_dataset(str(folder))


def test_a_topic_without_a_number_is_reported_with_its_line(tmp_path: Path) -> None:
    topics = "<top>\n<num> 401\n<title> ferry\n</top>\n\n\n<top>\n<title> trams\n</top>\n"
    with pytest.raises(DatasetError, match=r"topics\.txt:7: a topic needs <num> and <title>"):
        open_dataset(str(trec_folder(tmp_path / "trec", topics)))


def test_a_set_without_its_articles_is_reported(tmp_path: Path) -> None:
    folder = trec_folder(tmp_path / "trec", "401 ferry fire")
    (folder / "articles.jsonl").unlink()
    with pytest.raises(DatasetError, match=r"articles\.jsonl: no such file"):
        open_dataset(str(folder))


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="not an evaluation set; give `sample`"):
        open_dataset(str(tmp_path))
    with pytest.raises(DatasetError, match="not an evaluation set"):
        open_dataset(str(tmp_path / "nothing"))


def test_the_content_of_the_articles_is_the_key_of_their_index(tmp_path: Path) -> None:
    folder = realtimeqa_folder(tmp_path / "rtqa")
    before = open_dataset(str(folder)).content
    assert open_dataset(str(folder)).content == before
    write_lines(folder / "articles.jsonl", ARTICLES[:1])
    assert open_dataset(str(folder)).content != before


def test_what_is_asked_does_not_depend_on_where_it_lies(tmp_path: Path) -> None:
    here, there = realtimeqa_folder(tmp_path / "here"), realtimeqa_folder(tmp_path / "there")
    assert open_dataset(str(here)).questions_content == open_dataset(str(there)).questions_content
    other = realtimeqa_folder(tmp_path / "other", answer=["Seven"])
    assert open_dataset(str(here)).questions_content != open_dataset(str(other)).questions_content


def test_a_draft_asks_for_what_its_sentence_holds() -> None:
    articles = [one for one in read_articles([ROOT / "corpus/sample/port-ellery"]) if isinstance(one, Article)]
    texts = {one.url: one.text for one in articles}
    drafts = list(draft_questions(articles, 20))
    assert len(drafts) == 20
    for draft in drafts:
        (gold,), (answer,) = draft["gold"], draft["answers"]
        assert answer in gold["sentence"]
        assert answer not in draft["question"]
        assert "____" in draft["question"]
        assert draft["draft"] is True
        assert any(gold["sentence"] in text for text in texts.values())
    assert drafts == list(draft_questions(articles, 20))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")
@pytest.mark.parametrize(("name", "questions"), [("scifact", 809), ("mtrag_un_dev.jsonl", 265)])
def test_the_shared_sets_are_read_whole(name: str, questions: int) -> None:
    dataset = open_dataset(str(SHARED / name))
    assert len(dataset.questions) == questions
    found = list(dataset.articles())
    assert not [one for one in found if isinstance(one, Unreadable)]
    check_gold(dataset, {one.id for one in found if isinstance(one, Article)})
