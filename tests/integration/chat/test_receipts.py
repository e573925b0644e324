"""Receipts of answers, held against an archive that may have changed since."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from chat.__main__ import app
from chat.answer import Answer, Evidence, Status
from chat.answering.quoting import quotation
from chat.chatbot import Chatbot
from chat.errors import ReceiptError
from chat.opening import open_chatbot
from chat.publishing.receipts import (
    MadeWith,
    Outcome,
    load_receipt,
    prompt_sha256,
    receipt,
    save_receipt,
    verify_receipt,
    verify_sentences,
)
from chat.publishing.signing import KEY_FILE, public_key, signed, signer_of
from chat.settings import ChatSettings
from chat.understanding.understand import understand
from corpus.sentences import split_sentences
from indexer.search.index import Index
from indexer.settings import settings_of
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.storage.syndication import SyndicatedCopies, SyndicatedCopy
from indexer.sync import sync
from tests.articles import article
from tests.fakes import ScriptedLLM, word_hash_model

ASKED = Path(__file__).parents[3] / "eval" / "questions" / "sample.jsonl"
NOW = datetime(2023, 6, 1, tzinfo=UTC)
MADE_WITH = MadeWith(embedding="word-hash", embedding_fingerprint="word-hash")
STORIES = [
    article("Ferry fire", "Four people died in the fire. “Nobody slept,” said Zoë Lund. The cause is not known."),
    article("Tram vote", "The council voted for the tram line by 17 to 14.\n\nWork begins in 2025."),
    article("Mobile library", "A walrus came ashore — he ate the herring of Bo Lund."),
    article("Bridge", "The bridge opened on Monday."),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("data")
    sync(STORIES, place, word_hash_model())
    return place


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    sync(STORIES, tmp_path, word_hash_model())
    return tmp_path


@contextmanager
def opened(folder: Path) -> Iterator[Archive]:
    archive = Archive(folder / FILE_NAME)
    yield archive
    archive.close()


def answer_of(archive: Archive) -> Answer:
    """One quotation of the first sentence of every article."""
    evidence = []
    for number, one in enumerate(archive.articles(), start=1):
        first = split_sentences(one.text)[0]
        evidence.append(Evidence(number, one, first.start, first.end, 1.0))
    return Answer(tuple(map(quotation, evidence)), tuple(evidence), Status.ANSWERED, NOW)


def receipt_of(folder: Path) -> dict[str, Any]:
    with opened(folder) as archive:
        data = receipt(understand("What happened?", as_of=NOW), answer_of(archive), MADE_WITH, archive)
    return json.loads(json.dumps(data))  # type: ignore[no-any-return]


def failing(data: Any, folder: Path) -> dict[int, Outcome]:
    with opened(folder) as archive:
        return {one.number: one.outcome for one in verify_receipt(data, archive) if not one.holds}


@contextmanager
def tampered(folder: Path, row: int, column: str, at: int, byte: int) -> Iterator[bool]:
    """One byte of one article changed in the file of the archive; yields whether that changes anything."""
    connection = sqlite3.connect(folder / FILE_NAME, isolation_level=None)
    where = f"WHERE article_key = (SELECT article_key FROM articles ORDER BY article_key LIMIT 1 OFFSET {row})"
    held = connection.execute(f"SELECT CAST({column} AS BLOB) FROM articles {where}").fetchone()[0]
    at %= len(held)
    changed = held[:at] + bytes([byte]) + held[at + 1 :]
    update = f"UPDATE articles SET {column} = CAST(? AS TEXT) {where}"
    connection.execute(update, (changed,))
    yield changed != held
    connection.execute(update, (held,))
    connection.close()


def seal_of(data: dict[str, Any]) -> str:
    """The checksum that anybody can give a receipt of their own: of its JSON, sorted and without spaces."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def resealed(data: dict[str, Any]) -> dict[str, Any]:
    """The receipt as a forger leaves it: altered, with a hash made anew."""
    data = {name: value for name, value in data.items() if name not in ("sha256", "signature")}
    return data | {"sha256": seal_of(data)}


def failing_sentences(data: Any, folder: Path) -> dict[int, str]:
    with opened(folder) as archive:
        return {one.place: one.fault for one in verify_sentences(data, archive) if not one.holds}


def test_every_citation_of_a_fresh_receipt_holds(folder: Path) -> None:
    data = receipt_of(folder)
    assert failing(data, folder) == {}
    with opened(folder) as archive:
        assert [one.number for one in verify_receipt(data, archive)] == [1, 2, 3, 4]


def test_a_receipt_lists_the_other_prints_and_one_from_before_they_were_listed_holds(folder: Path) -> None:
    with opened(folder) as archive:
        answer = answer_of(archive)
        copies = SyndicatedCopies((SyndicatedCopy("b", 1, "Fire", "The Bee", NOW, None),), 2)
        told = replace(answer, evidence=tuple(replace(one, copies=copies) for one in answer.evidence))
        data = json.loads(json.dumps(receipt(understand("What happened?", as_of=NOW), told, MADE_WITH, archive)))
    assert failing(data, folder) == {}
    assert [(one["also_printed_by"][0]["source"], one["more_prints"]) for one in data["evidence"]] == [
        ("The Bee", 2)
    ] * 4
    for one in data["evidence"]:
        del one["also_printed_by"], one["more_prints"]
    del data["sha256"]
    data["sha256"] = seal_of(data)
    assert failing(data, folder) == {}


@settings(max_examples=60, deadline=None)
@given(
    row=st.integers(0, 3),
    column=st.sampled_from(["text", "text", "text", "title", "source", "url"]),
    at=st.integers(0, 200),
    byte=st.integers(0, 255),
)
def test_one_changed_byte_in_one_article_makes_exactly_that_citation_fail(
    folder: Path, row: int, column: str, at: int, byte: int
) -> None:
    data = receipt_of(folder)
    with tampered(folder, row, column, at, byte) as is_changed:
        assert set(failing(data, folder)) == ({row + 1} if is_changed else set())
    assert failing(data, folder) == {}


def test_damage_in_the_archive_is_told_from_a_change(folder: Path) -> None:
    data = receipt_of(folder)
    with tampered(folder, 1, "text", 0, ord("X")):
        assert failing(data, folder) == {2: Outcome.UNREADABLE}


@pytest.mark.parametrize(
    ("text", "source", "outcome"),
    [
        ("The council voted for the bus line by 17 to 14.\n\nWork begins in 2025.", None, Outcome.WORDS_CHANGED),
        ("The council voted for the tram line by 17 to 14.\n\nWork begins in 2026.", None, Outcome.ARTICLE_CHANGED),
        (STORIES[1].text, "Another Paper", Outcome.DETAILS_CHANGED),
    ],
)
def test_a_change_beside_the_cited_words_is_told_from_one_in_them(
    folder: Path, tmp_path: Path, text: str, source: str | None, outcome: Outcome
) -> None:
    other = replace(STORIES[1], text=text, source=source or STORIES[1].source)
    sync([other if one is STORIES[1] else one for one in STORIES], tmp_path, word_hash_model())
    assert failing(receipt_of(folder), tmp_path) == {2: outcome}


def test_a_corrected_article_is_named_with_its_correction(own_folder: Path) -> None:
    data = receipt_of(own_folder)
    text = "The council voted for the tram line by 18 to 13.\n\nWork begins in 2025.\n\nCorrection: The vote was wrong."
    sync([article("Tram vote", text, updated="2023-03-16")], own_folder, word_hash_model())
    with opened(own_folder) as archive:
        found = [one for one in verify_receipt(data, archive) if not one.holds]
    assert [(one.number, one.outcome) for one in found] == [(2, Outcome.NEW_VERSION)]
    assert found[0].why == "version 2 no longer has the cited words; correction: The vote was wrong."


def test_a_receipt_of_an_earlier_version_holds_when_the_later_one_was_known(own_folder: Path) -> None:
    corrected = article("Tram vote", "The council voted by 18 to 13.", updated="2023-03-16")
    sync([corrected], own_folder, word_hash_model())
    assert failing(receipt_of(own_folder), own_folder) == {}


def test_an_article_that_is_gone_fails_its_citation_only(own_folder: Path) -> None:
    data = receipt_of(own_folder)
    with sqlite3.connect(own_folder / FILE_NAME) as connection:
        connection.execute("DELETE FROM articles WHERE title = 'Bridge'")
    connection.close()
    assert failing(data, own_folder) == {4: Outcome.MISSING}


def test_only_what_a_sentence_cites_is_checked(folder: Path) -> None:
    with opened(folder) as archive:
        answer = answer_of(archive)
        quiet = replace(answer, sentences=answer.sentences[1:2])
        data = receipt(understand("Vote?", as_of=NOW), quiet, MADE_WITH, archive)
        assert [one.number for one in verify_receipt(data, archive)] == [2]
        assert len(data["evidence"]) == 4


def test_a_receipt_says_what_was_asked_understood_and_with_what_it_was_answered(folder: Path) -> None:
    with opened(folder) as archive:
        made_with = MadeWith(embedding="e", embedding_fingerprint="f", language_model="local", prompt_sha256="0a")
        question = understand("What happened in March 2023?", as_of=NOW)
        data = receipt(question, answer_of(archive), made_with, archive)
    assert data["question"] == "What happened in March 2023?"
    assert data["understood"]
    assert data["made_with"]["prompt_sha256"] == "0a"
    assert data["sentences"][0]["support"] == "quoted"
    assert {"text_sha256", "article_sha256", "start", "end", "version"} <= set(data["evidence"][0])


def test_the_prompt_hash_depends_on_every_word_and_role() -> None:
    from llama_index.core.llms import ChatMessage, MessageRole

    said = [ChatMessage(role=MessageRole.USER, content="a")]
    assert prompt_sha256(said) == prompt_sha256(list(said))
    assert prompt_sha256(said) != prompt_sha256([ChatMessage(role=MessageRole.USER, content="b")])
    assert prompt_sha256(said) != prompt_sha256([ChatMessage(role=MessageRole.SYSTEM, content="a")])


@pytest.mark.parametrize(
    "alter",
    [
        lambda data: data | {"question": "Another?"},
        lambda data: data | {"sentences": []},
        lambda data: data | {"evidence": data["evidence"][1:]},
        lambda data: {name: value for name, value in data.items() if name != "sha256"},
        lambda data: data | {"sha256": None},
    ],
)
def test_a_receipt_that_was_altered_is_refused(folder: Path, alter: Any) -> None:
    with pytest.raises(ReceiptError, match="altered"):
        failing(alter(receipt_of(folder)), folder)


@pytest.mark.parametrize("data", [None, [], 3, "x", {}, {"form": "letter"}, {"form": None}, {"form": ["dateline"]}])
def test_what_is_no_receipt_is_refused(folder: Path, data: Any) -> None:
    with pytest.raises(ReceiptError, match="not a receipt"):
        failing(data, folder)


def test_a_receipt_of_a_later_form_asks_for_an_update(folder: Path) -> None:
    with pytest.raises(ReceiptError, match="update Dateline"):
        failing(receipt_of(folder) | {"form": "dateline receipt 2"}, folder)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=50, deadline=None)
@given(place=st.sampled_from(["number", "article", "version", "start", "end", "text", "newest_version"]), value=JSON)
def test_a_forged_receipt_raises_nothing_but_a_receipt_error(folder: Path, place: str, value: Any) -> None:
    data = receipt_of(folder)
    data["evidence"][2][place] = value
    del data["sha256"]
    with suppress(ReceiptError, ValueError):
        data["sha256"] = seal_of(data)
        assert set(failing(data, folder)) <= {3}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"[" * 100_000, b"[" + b"9" * 9000])
def test_a_file_that_is_not_json_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(content)
    with pytest.raises(ReceiptError, match=r"r\.json is not JSON"):
        load_receipt(path)


def test_files_that_cannot_be_read_or_written_are_named(tmp_path: Path) -> None:
    with pytest.raises(ReceiptError, match="cannot be read"):
        load_receipt(tmp_path / "none.json")
    with pytest.raises(ReceiptError, match="cannot be read"):
        load_receipt(tmp_path)
    large = tmp_path / "large.json"
    large.write_bytes(b" " * 10_000_001)
    with pytest.raises(ReceiptError, match="larger than 10 MB"):
        load_receipt(large)
    with pytest.raises(ReceiptError, match="exists already"):
        save_receipt({}, large)
    with pytest.raises(ReceiptError, match="cannot be written"):
        save_receipt({}, tmp_path / "none" / "r.json")


def test_a_question_in_broken_letters_is_saved_and_holds(folder: Path, tmp_path: Path) -> None:
    with opened(folder) as archive:
        data = receipt(understand("Vote \udcff?", as_of=NOW), answer_of(archive), MADE_WITH, archive)
    save_receipt(data, tmp_path / "r.json")
    assert failing(load_receipt(tmp_path / "r.json"), folder) == {}


def test_the_command_says_which_citation_no_longer_holds(own_folder: Path) -> None:
    path = own_folder / "r.json"
    save_receipt(receipt_of(own_folder), path)
    fine = CliRunner().invoke(app, ["verify", str(path), "--data", str(own_folder)])
    last = "4 of 4 citations and 4 of 4 sentences hold"
    assert (fine.exit_code, fine.output.splitlines()[-2:]) == (0, ["not signed", last])
    with tampered(own_folder, 0, "text", 3, ord("!")):
        broken = CliRunner().invoke(app, ["verify", str(path), "--data", str(own_folder)])
    assert broken.exit_code == 4
    assert broken.output.splitlines()[0] == (
        "[1] unreadable: Ferry fire (the archive's copy of the article is damaged; run: python -m indexer doctor)"
    )
    assert broken.output.splitlines()[-1] == "3 of 4 citations and 3 of 4 sentences hold"


def altered(place: int, **fields: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Changes one sentence of a receipt."""

    def alter(data: dict[str, Any]) -> dict[str, Any]:
        sentences = [one | (fields if at == place else {}) for at, one in enumerate(data["sentences"], start=1)]
        return data | {"sentences": sentences}

    return alter


@pytest.mark.parametrize(
    "alter",
    [
        altered(1, text="“Nine people died in the fire.” — The Ellery Courier, 15 March 2023"),
        altered(1, text="“Four people died in the fire.” — The Harbour Gazette, 15 March 2023"),
        altered(1, text="“Four people died in the fire.” — The Ellery Courier, 16 March 2023"),
        altered(1, text="The mayor lied: “Four people died in the fire.” — The Ellery Courier, 15 March 2023"),
        altered(1, text="Nine people died in the fire.", support="supported"),
        altered(1, text="Nine people died in the fire.", support="weak"),
        altered(1, text="Four people died in the fire, the mayor admitted.", support="quoted"),
        altered(1, citations=[2]),
        altered(1, citations=[]),
        altered(1, support="proved"),
    ],
)
def test_a_sentence_that_its_evidence_does_not_have_is_found_though_the_hash_was_made_anew(
    folder: Path, alter: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    data = resealed(alter(receipt_of(folder)))
    assert failing(data, folder) == {}
    assert set(failing_sentences(data, folder)) == {1}
    assert failing_sentences(receipt_of(folder), folder) == {}


@settings(max_examples=60, deadline=None)
@given(sentence=st.integers(0, 3), at=st.integers(0, 400), new=st.sampled_from("0123456789aeinotz X“”—."))
def test_one_changed_character_of_a_quotation_is_found(folder: Path, sentence: int, at: int, new: str) -> None:
    data = receipt_of(folder)
    text = data["sentences"][sentence]["text"]
    at %= len(text)
    changed = text[:at] + new + text[at + 1 :]
    data["sentences"][sentence]["text"] = changed
    assert set(failing_sentences(resealed(data), folder)) == ({sentence + 1} if changed != text else set())


@pytest.mark.parametrize("place", ["question", "as_of", "sentences"])
@pytest.mark.parametrize("value", [None, 3, [], [None], [{}], "x", {"a": 1}, "9999-12-31T23:59:59+00:00"])
def test_a_forged_question_or_sentence_raises_nothing_but_a_receipt_error(
    folder: Path, place: str, value: object
) -> None:
    with suppress(ReceiptError):
        failing_sentences(resealed(receipt_of(folder) | {place: value}), folder)


def test_the_sentences_of_every_answer_about_the_sample_hold(sample_data: Callable[[], Path]) -> None:
    data = sample_data()
    chatbot = open_chatbot(settings_of(ChatSettings, data=data, llm="quotes"))
    asked = [json.loads(line) for line in ASKED.read_text(encoding="utf-8").splitlines()]
    checked, faults = 0, []
    with closing(chatbot.index):
        for one in asked:
            turn = chatbot.turn(one["question"], as_of=datetime.fromisoformat(one["as_of"]))
            made = json.loads(json.dumps(receipt(turn.question, turn.answer, MADE_WITH, chatbot.index.archive)))
            found = verify_sentences(made, chatbot.index.archive)
            faults += [(one["question"], each.text, each.fault) for each in found if not each.holds]
            checked += len(found)
    assert faults == []
    assert checked > len(asked)


def test_what_a_model_wrote_holds_as_it_did_when_it_was_written(folder: Path) -> None:
    written = "Four people died in the fire [1]. The council voted for the tram line by 17 to 14 [1]."
    with closing(Index(folder, word_hash_model().fingerprint)) as index:
        llm = ScriptedLLM(replies=[written])
        turn = Chatbot(index, word_hash_model(), llm, clock=lambda: NOW).turn("How many died in the fire?")
        made = json.loads(json.dumps(receipt(turn.question, turn.answer, MADE_WITH, index.archive)))
    assert made["sentences"]
    assert failing_sentences(made, folder) == {}


def test_a_signed_receipt_names_the_archives_key_and_an_altered_one_does_not(own_folder: Path) -> None:
    data = signed(receipt_of(own_folder), own_folder)
    assert failing(data, own_folder) == {}
    assert signer_of(data) == public_key(own_folder)
    assert (own_folder / KEY_FILE).stat().st_mode & 0o777 == 0o600
    forged = resealed(altered(1, text="Nine people died.")(data)) | {"signature": data["signature"]}
    with pytest.raises(ReceiptError, match="the signature is not of this receipt"):
        signer_of(forged)


def test_a_signature_by_another_key_is_told_apart(own_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    path = own_folder / "r.json"
    save_receipt(signed(receipt_of(own_folder), other), path)
    arguments = ["verify", str(path), "--data", str(own_folder)]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert CliRunner().invoke(app, [*arguments, "--key", public_key(other)]).exit_code == 0
    own = CliRunner().invoke(app, ["key", "--data", str(own_folder)]).output.strip()
    refused = CliRunner().invoke(app, [*arguments, "--key", own])
    assert refused.exit_code == 4
    assert refused.output.splitlines()[-1] == "the signature is not by the key that was given"


def test_an_unsigned_receipt_is_not_signed_by_a_key_that_is_asked_for(own_folder: Path) -> None:
    path = own_folder / "r.json"
    save_receipt(receipt_of(own_folder), path)
    refused = CliRunner().invoke(app, ["verify", str(path), "--data", str(own_folder), "--key", public_key(own_folder)])
    assert refused.exit_code == 4


@pytest.mark.parametrize("content", ["", "no key", "00" * 31])
def test_a_key_that_cannot_be_used_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / KEY_FILE).write_text(content)
    with pytest.raises(ReceiptError, match=r"receipts\.key.*move it away"):
        public_key(tmp_path)
