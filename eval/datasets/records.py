"""Records of JSON and tab-separated files, each with its line number."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from corpus.dates import parse_date
from eval.datasets.form import Place
from eval.errors import DatasetError

Record = Mapping[str, Any]

_NEXT_VALUE = re.compile(r"[\s,]*")


def lines_of(path: Path) -> Iterator[tuple[Place, str]]:
    """The non-blank lines; raises DatasetError for a file that is missing or not UTF-8."""
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if line.strip():
            yield Place(path, number), line.strip("\r")


def text_of(path: Path) -> str:
    """The text of a file; raises DatasetError when it is missing or, with the line, not UTF-8."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DatasetError(path, None, error.strerror or str(error)) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DatasetError(path, line, f"not UTF-8 ({error.reason}); save the file as UTF-8") from None


def json_records(path: Path) -> Iterator[tuple[Place, Record]]:
    """One JSON object per line."""
    for place, line in lines_of(path):
        try:
            record = json.loads(line)
        except ValueError as error:
            raise DatasetError(path, place.line, f"not JSON: {error}") from None
        yield place, _object(record, place)


def json_list(path: Path) -> Iterator[tuple[Place, Record]]:
    """The objects of a file that is one JSON list, each with its first line."""
    text = text_of(path)
    try:
        records = json.loads(text)
    except ValueError as error:
        raise DatasetError(path, getattr(error, "lineno", None), f"not JSON: {error}") from None
    if not isinstance(records, list):
        raise DatasetError(path, 1, "expected a JSON list")
    decoder, at, line, counted = json.JSONDecoder(), text.index("["), 1, 0
    for record in records:
        start = _NEXT_VALUE.match(text, at + 1).end()  # type: ignore[union-attr]  # it matches everywhere
        line, counted = line + text.count("\n", counted, start), start
        yield Place(path, line), _object(record, Place(path, line))
        at = decoder.raw_decode(text, start)[1] - 1


def text_field(record: Record, name: str, place: Place) -> str:
    """A required text or number."""
    value = record.get(name)
    if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
        raise DatasetError(place.path, place.line, f"the field {name!r} must be a text, not {value!r:.60}")
    return str(value)


def texts_field(record: Record, name: str, place: Place) -> tuple[str, ...]:
    """An optional list of texts."""
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise DatasetError(place.path, place.line, f"the field {name!r} must be a list of texts, not {value!r:.60}")
    return tuple(value)


def records_field(record: Record, name: str, place: Place) -> tuple[Record, ...]:
    """An optional list of objects."""
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise DatasetError(place.path, place.line, f"the field {name!r} must be a list of objects, not {value!r:.60}")
    return tuple(value)


def moment_field(record: Record, name: str, place: Place, *, end_of_day: bool = False) -> datetime | None:
    """An optional date; with `end_of_day` a date without a time means the end of that day."""
    value = record.get(name)
    if value in (None, ""):
        return None
    parsed = parse_date(str(value))
    if parsed is None:
        raise DatasetError(place.path, place.line, f"the field {name!r} is not a date: {value!r:.60}")
    if parsed.day_only and end_of_day:
        return datetime.combine(parsed.moment.date(), time(23, 59, 59), UTC)
    return parsed.moment


def integer(written: str, name: str, place: Place) -> int:
    """A whole number."""
    try:
        return int(written)
    except ValueError:
        raise DatasetError(place.path, place.line, f"{name} must be a whole number, not {written!r:.60}") from None


def _object(record: object, place: Place) -> Record:
    if not isinstance(record, dict):
        raise DatasetError(place.path, place.line, "expected an object with named fields")
    return record
