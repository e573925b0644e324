"""Plain text: one spelling for marks, dashes and spaces, and the stems of its words, so that texts can be compared."""

import re
from functools import lru_cache

from corpus.english.function_words import is_function_word
from indexer.search.stemming import stem

__all__ = ["content_stems", "is_function_word", "plain", "stem", "words"]

_MARKS = str.maketrans(
    dict.fromkeys("“”„‟«»″＂", '"')
    | dict.fromkeys("‘’‚‛′ʼ`´", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"…": "...", "\u00ad": "", "\u200b": "", "\ufeff": ""}
)
_LONG_DASH = re.compile(r"\s*--+\s*|\s+-+\s+|\s*[—―]\s*")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_](?:[\w'.-]*[^\W_])?")


def plain(text: str) -> str:
    """The text with straight marks, short dashes and single spaces."""
    return _SPACE.sub(" ", _LONG_DASH.sub(" - ", text).translate(_MARKS)).strip()


def words(text: str) -> list[str]:
    """The words of a plain text, as they are written, without the genitive."""
    return [word.removesuffix("'s") for word in _WORD.findall(text)]


def content_stems(text: str) -> frozenset[str]:
    """The stems of the words of a plain text that carry content; compounds count by their parts."""
    return frozenset().union(*map(_content_stems_of_word, words(text)))


@lru_cache(maxsize=8192)
def _content_stems_of_word(word: str) -> frozenset[str]:
    parts = (part for part in word.split("-") if part and not part.isdigit())
    return frozenset(stem(part) for part in parts if not is_function_word(part))
