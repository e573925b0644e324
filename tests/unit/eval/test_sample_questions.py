import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from corpus.article import clean_text
from corpus.sentences import split_sentences

ROOT = Path(__file__).parents[3]
FIELDS = {"question_id", "kind", "question", "as_of", "earlier", "gold", "answers", "answerable", "split"}
EXTRA_FIELDS = {"yes_no": {"verdict"}, "unanswerable": {"missing"}}
AT_LEAST = {
    "fact": 40,
    "list": 10,
    "yes_no": 10,
    "comparison": 10,
    "what_changed": 10,
    "timeline": 10,
    "who_said_what": 10,
    "false_premise": 10,
    "time": 12,
    "source": 8,
    "follow_up": 30,
    "unanswerable": 30,
}
WORDS_THAT_MAY_RUN_TOGETHER = 4

Question = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a sample article, from the moment at which readers could see it."""

    url: str
    number: int
    seen_from: datetime
    sentences: frozenset[str]


def read_questions() -> list[Question]:
    lines = (ROOT / "eval/questions/sample.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read_versions() -> Iterator[Version]:
    for path in sorted((ROOT / "corpus/sample").glob("*/2*.md")):
        _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
        fields, text = yaml.safe_load(head), clean_text(body)
        updated_at = fields.get("updated_at")
        yield Version(
            url=fields["url"],
            number=2 if updated_at else 1,
            seen_from=updated_at or fields["published_at"],
            sentences=frozenset(text[start:end] for start, end in split_sentences(text)),
        )


def words_of(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.casefold())


def holds(text: str, answer: str) -> bool:
    return answer.casefold() in text.casefold()


QUESTIONS = read_questions()
ANSWERABLE = [question for question in QUESTIONS if question["answerable"]]
VERSIONS = list(read_versions())


@cache
def versions_seen_at(as_of: str) -> dict[str, Version]:
    """The newest version of each article that was out at the moment, by address."""
    moment = datetime.fromisoformat(as_of)
    out = sorted((version for version in VERSIONS if version.seen_from <= moment), key=lambda version: version.number)
    return {version.url: version for version in out}


def gold_sentences() -> Iterator[tuple[Question, dict[str, Any]]]:
    return ((question, gold) for question in ANSWERABLE for gold in question["gold"])


def all_words(question: Question) -> str:
    turns = [*(turn["question"] for turn in question["earlier"]), question["question"]]
    return " ".join(words_of(" ".join(turns)))


def test_there_are_enough_questions_of_every_kind() -> None:
    counts = Counter(question["kind"] for question in QUESTIONS)
    assert counts.keys() == AT_LEAST.keys()
    assert {kind: counts[kind] for kind in AT_LEAST if counts[kind] < AT_LEAST[kind]} == {}
    assert counts.total() >= 150


def test_every_question_has_an_id_of_its_own() -> None:
    counts = Counter(question["question_id"] for question in QUESTIONS)
    assert [question_id for question_id, count in counts.items() if count > 1] == []


def test_no_question_is_asked_twice_at_one_moment() -> None:
    counts = Counter((all_words(question), question["as_of"]) for question in QUESTIONS)
    assert [key for key, count in counts.items() if count > 1] == []


def test_a_question_has_the_fields_of_its_kind_and_a_moment_in_utc() -> None:
    for question in QUESTIONS:
        assert question.keys() == FIELDS | EXTRA_FIELDS.get(question["kind"], set()), question["question_id"]
        assert question["question"].strip(), question["question_id"]
        assert datetime.fromisoformat(question["as_of"]).tzinfo == UTC, question["question_id"]
        assert all(turn.keys() == {"question", "answer"} for turn in question["earlier"]), question["question_id"]


def test_every_gold_sentence_is_a_whole_sentence_of_the_version_of_then() -> None:
    for question, gold in gold_sentences():
        version = versions_seen_at(question["as_of"]).get(gold["url"])
        assert version is not None, gold["url"]
        assert gold["version"] == version.number, question["question_id"]
        assert gold["sentence"] in version.sentences, gold["sentence"]


def test_every_gold_sentence_holds_an_accepted_answer() -> None:
    for question, gold in gold_sentences():
        assert any(holds(gold["sentence"], answer) for answer in question["answers"]), gold["sentence"]


def test_every_item_of_a_list_stands_in_a_gold_sentence() -> None:
    for question in (question for question in ANSWERABLE if question["kind"] == "list"):
        for answer in question["answers"]:
            assert any(holds(gold["sentence"], answer) for gold in question["gold"]), answer


def test_wire_copies_of_a_gold_sentence_are_gold_as_well() -> None:
    for question in (question for question in ANSWERABLE if question["kind"] != "source"):
        seen = versions_seen_at(question["as_of"]).values()
        listed = {(gold["url"], gold["sentence"], gold["part"]) for gold in question["gold"]}
        for _, sentence, part in listed:
            copies = {(version.url, sentence, part) for version in seen if sentence in version.sentences}
            assert copies <= listed, question["question_id"]


def test_the_parts_of_an_answer_are_counted_from_one_and_needed_where_there_are_several() -> None:
    for question in ANSWERABLE:
        parts = {gold["part"] for gold in question["gold"]}
        needed = question["kind"] in ("list", "timeline") or len(parts) > 1
        assert parts == set(range(1, len(parts) + 1)), question["question_id"]
        assert all(gold["needed"] is needed for gold in question["gold"]), question["question_id"]


def test_a_question_is_not_lifted_from_its_gold_sentence() -> None:
    size = WORDS_THAT_MAY_RUN_TOGETHER + 1
    for question, gold in gold_sentences():
        words, sentence = words_of(question["question"]), " ".join(words_of(gold["sentence"]))
        runs = (" ".join(words[start : start + size]) for start in range(len(words) - size + 1))
        assert [run for run in runs if run in sentence] == []


def test_only_unanswerable_questions_have_no_gold() -> None:
    for question in QUESTIONS:
        unanswerable = question["kind"] == "unanswerable"
        assert question["answerable"] is not unanswerable
        assert (question["gold"] == []) is unanswerable
        assert (question["answers"] == []) is unanswerable


def test_half_of_the_unanswerable_ones_are_near_misses() -> None:
    missing = Counter(question["missing"] for question in QUESTIONS if question["kind"] == "unanswerable")
    assert missing.keys() == {"fact", "subject"}
    assert min(missing.values()) >= 15


def test_follow_ups_have_an_earlier_turn() -> None:
    assert all(question["earlier"] for question in QUESTIONS if question["kind"] == "follow_up")


def test_yes_no_questions_have_both_verdicts() -> None:
    verdicts = {question["verdict"] for question in QUESTIONS if question["kind"] == "yes_no"}
    assert verdicts == {"yes", "no"}


def test_some_questions_must_see_only_an_earlier_state() -> None:
    newest = max(question["as_of"] for question in QUESTIONS)
    assert sum(question["as_of"] < newest for question in QUESTIONS) >= 10


def test_half_of_every_kind_is_held_out() -> None:
    for kind in AT_LEAST:
        splits = Counter(question["split"] for question in QUESTIONS if question["kind"] == kind)
        assert splits.keys() == {"development", "held-out"}, kind
        assert abs(splits["development"] - splits["held-out"]) <= 1, kind
