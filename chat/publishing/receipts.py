"""Receipts: answers kept in files that can be checked against the archive later."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from chat.answer import Answer, Evidence
from chat.errors import ReceiptError
from chat.publishing.plain_data import answer_data
from chat.publishing.receipt_sentences import sentence_fault
from chat.understanding.question import Question
from chat.understanding.typed_text import valid_text
from chat.understanding.understand import understand
from corpus.article import Article
from indexer.errors import ArchiveError, DamagedArchiveError, IndexerError

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

    from indexer.storage.archive import Archive

FORM = "dateline receipt 1"
LARGEST_BYTES = 10_000_000
_SEALS = ("sha256", "signature")
_DETAILS = ("title", "source", "authors", "published_at", "url")
_NUMBERS = ("number", "version", "newest_version", "start", "end")
_TEXTS = ("article", "title", "text", "text_sha256", "article_sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeWith:
    """The models and the state of the archive with which an answer was made."""

    embedding: str
    embedding_fingerprint: str
    language_model: str | None = None  # None: the answer is quotations
    prompt_sha256: str | None = None
    nli_model: str | None = None  # None: written sentences were checked by rules alone
    archive_sequence: int = 0  # of the archive; the vector index may lag behind
    vectors_sequence: int = 0


class Fingerprints(Protocol):
    """What a receipt needs of an archive."""

    def fingerprints(self, article_id: str) -> dict[str, int]:
        """The fingerprint of each version of an article, with the version's number."""


class Outcome(StrEnum):
    """Whether a citation still holds, or what changed."""

    HOLDS = "holds"
    WORDS_CHANGED = "words changed"
    ARTICLE_CHANGED = "article changed"  # elsewhere than in the cited words
    DETAILS_CHANGED = "details changed"
    NEW_VERSION = "new version"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """One sentence of a receipt, checked against the evidence as the archive has it."""

    place: int  # counted from 1
    text: str
    fault: str = ""  # why it is not what its evidence says; empty when it is

    @property
    def holds(self) -> bool:
        """Whether its evidence leads to it."""
        return not self.fault


@dataclass(frozen=True, slots=True)
class Checked:
    """One citation of a receipt, checked against the archive."""

    number: int
    title: str  # as the receipt has it
    outcome: Outcome
    why: str = ""  # for a reader; empty when it holds

    @property
    def holds(self) -> bool:
        """Whether the article still has the cited words at the cited place, with the same details."""
        return self.outcome is Outcome.HOLDS


def prompt_sha256(messages: "Sequence[ChatMessage]") -> str:
    """The SHA-256, in hex, of the messages to a language model."""
    return _sha256(json.dumps([[str(message.role.value), str(message.content)] for message in messages]))


def receipt(question: Question, answer: Answer, made_with: MadeWith, archive: Fingerprints) -> dict[str, Any]:
    """The answer in plain JSON types, with hashes of every cited text and, under `sha256`, of the receipt itself."""
    data = answer_data(question, answer) | {
        "form": FORM,
        "searched_for": question.search_text,
        "as_of": question.as_of.isoformat(),
        "made_with": {name: getattr(made_with, name) for name in MadeWith.__slots__},
    }
    for entry, one in zip(data["evidence"], answer.evidence, strict=True):
        entry |= _hashes(one) | {"newest_version": _newest_version(archive, one.article.id)}
    return data | {"sha256": _seal(data)}


def _hashes(one: Evidence) -> dict[str, str]:
    return {"text_sha256": _sha256(one.text), "article_sha256": one.article.fingerprint}


def refuse_taken(path: Path) -> None:
    """Raise ReceiptError when a receipt cannot be saved there, before an answer is made."""
    if path.exists():
        raise ReceiptError(f"{path} exists already; give a new file to --save")
    if not path.parent.is_dir():
        raise ReceiptError(f"there is no folder {path.parent}; make it, or give another file to --save")


def save_receipt(data: Mapping[str, Any], path: Path) -> None:
    """Write a receipt as JSON; raises ReceiptError when the file exists already or cannot be written."""
    # A character that UTF-8 cannot encode, from a terminal in another encoding, becomes a JSON escape.
    content = json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise ReceiptError(f"{path} exists already; give a new file to --save") from error
    except OSError as error:
        raise ReceiptError(
            f"{path} cannot be written ({error.strerror or error}); give another file to --save"
        ) from error


def load_receipt(path: Path) -> Any:
    """The unchecked content of a receipt's file; raises ReceiptError when it is not JSON."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise ReceiptError(f"{path} cannot be read ({error.strerror or error}); give a file made by --save") from error
    if len(content) > LARGEST_BYTES:
        raise ReceiptError(f"{path} is larger than {LARGEST_BYTES // 10**6} MB; give a file made by --save")
    try:
        return json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ReceiptError(f"{path} is not JSON; give a file made by --save") from error


def verify_receipt(data: Any, archive: "Archive") -> tuple[Checked, ...]:
    """Check each citation of a receipt against the archive, by number.

    Raises ReceiptError when `data` is no receipt, or was altered since it was made.
    """
    cited = _cited(_sealed(data))
    return tuple(_check(entry, archive) for entry in cited)


def verify_sentences(data: Any, archive: "Archive") -> tuple[CheckedSentence, ...]:
    """Check each sentence of a receipt against the words that it cites, as the archive has them.

    The receipt's own hash does not protect it from somebody who makes that anew; this does. Raises ReceiptError as
    `verify_receipt` does.
    """
    entries = {entry["number"]: entry for entry in _cited(_sealed(data))}
    question = _question_of(data)
    return tuple(
        _check_sentence(at, one, entries, question, archive) for at, one in enumerate(data["sentences"], start=1)
    )


def _question_of(data: Mapping[str, Any]) -> Question:
    try:
        moment = datetime.fromisoformat(data["as_of"])
        return understand(valid_text(data["question"]), as_of=moment.replace(tzinfo=moment.tzinfo or UTC))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ReceiptError("the receipt is incomplete: its question is missing or invalid; make it again") from error


def _check_sentence(
    place: int, sentence: Any, entries: Mapping[int, Mapping[str, Any]], question: Question, archive: "Archive"
) -> CheckedSentence:
    text, support = sentence.get("text"), sentence.get("support")
    if not isinstance(text, str) or not isinstance(support, str):
        raise ReceiptError("the receipt is incomplete: a sentence is missing or invalid; make it again")
    try:
        cited = [_evidence_of(entries[number], archive) for number in sentence["citations"]]
    except (IndexerError, OverflowError, UnicodeEncodeError, sqlite3.Error, ValueError):
        return CheckedSentence(place, text, "its evidence cannot be read any more")
    return CheckedSentence(place, text, sentence_fault(text, support, cited, question))


def _evidence_of(entry: Mapping[str, Any], archive: "Archive") -> Evidence:
    """The cited span as the archive has it; raises ValueError where its words are others."""
    article = archive.article(entry["article"], entry["version"])
    evidence = Evidence(entry["number"], article, max(0, entry["start"]), max(0, entry["end"]))
    if evidence.text != entry["text"]:
        raise ValueError("other words")
    return evidence


def _sealed(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict) or not str(data.get("form", "")).startswith("dateline receipt "):
        raise ReceiptError("this is not a receipt; make one with: python -m chat ask QUESTION --save FILE")
    if data["form"] != FORM:
        raise ReceiptError(f"this receipt has the form {str(data['form'])[:40]!r}, not {FORM!r}; update Dateline")
    try:
        intact = data.get("sha256") == _seal({name: value for name, value in data.items() if name not in _SEALS})
    except (RecursionError, ValueError):
        intact = False
    if not intact:
        raise ReceiptError("the receipt was altered after it was made: its sha256 does not match; make it again")
    return data


def _cited(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        evidence = {one["number"]: one for one in data["evidence"] if _is_whole(one)}
        numbers = {number for sentence in data["sentences"] for number in sentence["citations"]}
        return [evidence[number] for number in sorted(numbers)]
    except (KeyError, TypeError) as error:
        raise ReceiptError(f"the receipt is incomplete: {error} is missing or invalid; make it again") from error


def _is_whole(one: Mapping[str, Any]) -> bool:
    """True for complete evidence; otherwise raises KeyError or TypeError, naming the field."""
    for names, kind in (_NUMBERS, int), (_TEXTS, str):
        for name in names:
            if type(one[name]) is not kind:
                raise TypeError(name)
    return True


def _check(entry: Mapping[str, Any], archive: "Archive") -> Checked:
    outcome, why = _compare(entry, archive)
    return Checked(entry["number"], entry["title"], outcome, why)


def _compare(entry: Mapping[str, Any], archive: "Archive") -> tuple[Outcome, str]:
    try:
        return _compare_article(entry, archive.article(entry["article"], entry["version"]), archive)
    except DamagedArchiveError:
        return Outcome.UNREADABLE, "the archive's copy of the article is damaged; run: python -m indexer doctor"
    except (ArchiveError, OverflowError, UnicodeEncodeError):
        return Outcome.MISSING, f"the archive does not hold version {entry['version']} of the article"
    except (sqlite3.Error, ValueError) as error:
        return Outcome.UNREADABLE, f"the archive cannot read the article: {error}"


def _compare_article(entry: Mapping[str, Any], article: Article, archive: "Archive") -> tuple[Outcome, str]:
    words = article.text[entry["start"] : entry["end"]] if 0 <= entry["start"] <= entry["end"] else ""
    if words != entry["text"] or _sha256(words) != entry["text_sha256"]:
        return Outcome.WORDS_CHANGED, "the text has other words at that place now"
    if article.fingerprint != entry["article_sha256"]:
        return Outcome.ARTICLE_CHANGED, "the cited words are unchanged, but the article around them was changed"
    if changed := [name for name in _DETAILS if _detail(article, name) != entry.get(name)]:
        return Outcome.DETAILS_CHANGED, f"the article has another {' and '.join(changed)} now"
    newest = _newest_version(archive, article.id)
    if newest > entry["newest_version"]:
        return Outcome.NEW_VERSION, _superseded(words, archive.article(article.id, newest))
    return Outcome.HOLDS, ""


def _superseded(words: str, later: Article) -> str:
    still = "still has the cited words" if words in later.text else "no longer has the cited words"
    corrected = f"; correction: {later.correction}" if later.correction else ""
    return f"version {later.version} {still}{corrected}"


def _detail(article: Article, name: str) -> Any:
    value = getattr(article, name)
    if name == "published_at":
        return value.isoformat() if value else None
    return list(value) if isinstance(value, tuple) else value


def _newest_version(archive: Fingerprints, article_id: str) -> int:
    return max(archive.fingerprints(article_id).values(), default=0)


def _seal(data: Mapping[str, Any]) -> str:
    try:
        return _sha256(json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False))
    except ValueError as error:
        raise ReceiptError("the receipt has a number that is not finite; save the answer again") from error


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
