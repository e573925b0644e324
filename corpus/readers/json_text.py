"""One JSON value out of text that nobody vouches for."""

import json

from corpus.readers.form import ReaderError

_MOST_VALUES = 100_000  # an empty object costs 64 bytes of memory for the 3 that it takes in a file


def parse_json(content: str) -> object:
    """The value; raises ReaderError with the reason when it is no JSON or more than a record should be."""
    if content.count(",") + content.count("[") + content.count("{") > _MOST_VALUES * 2:
        raise ReaderError(f"more than {_MOST_VALUES} values in one record")
    try:
        return json.loads(content, strict=False)
    except RecursionError:
        raise ReaderError("JSON nested too deeply") from None
    except ValueError as error:
        raise ReaderError(f"not JSON: {error}") from None
