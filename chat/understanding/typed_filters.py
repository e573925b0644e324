"""Read typed filters: source:"Moscow Times" author:.. section:.. after:2022-06-01 before:2022-07."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_FILTER = re.compile(
    r'(?<![\w:/])(?P<key>source|agency|author|section|after|before):(?: ?(?P<quoted>"[^"\n]+"'
    r'|\u201c[^\u201d\n]+\u201d)|(?P<word>[^\s"\u201c]+))',
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TypedFilter:
    """One filter as it was typed; its value is not checked yet."""

    start: int  # offsets into the question
    end: int
    key: str
    value: str


def find_filters(text: str) -> tuple[TypedFilter, ...]:
    """Every `key:value` with a known key, in their order; a value of several words stands in quotation marks."""
    return tuple(
        TypedFilter(found.start(), found.end(), found["key"].lower(), _value(found)) for found in _FILTER.finditer(text)
    )


def _value(found: re.Match[str]) -> str:
    if found["quoted"]:
        return found["quoted"].strip(' "\u201c\u201d')
    return found["word"].rstrip(",;?!").removesuffix(".")


def cut(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` without the spans, in single spaces."""
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return re.sub(r" (?=[,?.!])", "", " ".join(text.split()))
