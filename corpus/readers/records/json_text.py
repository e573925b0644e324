"""Parsing of untrusted JSON."""

import json

from corpus.readers.form import ReaderError

_MOST_VALUES = 100_000  # an empty object takes 3 bytes in a file and 64 in memory


def parse_json(content: str) -> object:
    """The value; raises ReaderError when it is not JSON or has too many values for one record."""
    if content.count(",") + content.count("[") + content.count("{") > _MOST_VALUES * 2:
        raise ReaderError(f"more than {_MOST_VALUES} values in one record")
    try:
        return json.loads(content, strict=False)
    except RecursionError:
        raise ReaderError("JSON nested too deeply") from None
    except ValueError as error:
        raise ReaderError(f"not JSON: {error}") from None
