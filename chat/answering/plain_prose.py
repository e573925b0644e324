"""A language model's words as plain prose: without links, markup and citation marks."""

import re
from collections.abc import Iterator

from chat.answering.quoting import visible

LONGEST_WRITTEN = 2000  # characters; no sentence is longer
_MARKS = re.compile(r"\s*\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])")
_REST_OF_A_LINK = re.compile(r"\]\([^()]*\)?")  # of a link whose text was split into sentences
_TAG = re.compile(r"<(?=[a-z/!?|])[^<>]*>?|‹(?=[/!?|])[^‹›]*›", re.IGNORECASE)
_FOREIGN_MARK = re.compile(
    r"\s*[\[［【〔〚](?:[^\w\[\]］】〕〛]|source|evidence|citation|ref|note)*\d(?:[^\w\[\]］】〕〛]|\d|source)*[\]］】〕〛]"
    r"|(?<![^\W\d_])[⁰¹²³⁴-⁹]+",
    re.IGNORECASE,
)
_MAY_BECOME_MARKUP = re.compile(r"!?[\[［【〔〚<‹]|\]\(|[#>|=]")
_YES_OR_NO = re.compile(r"(?:yes|no)\s*(?:[,.:;!]|\s[—–-]\s)\s*", re.IGNORECASE)
_FORMAT = re.compile(r"^(?:(?:#{1,6}|[>|=+•*-]+)\s+)+|[*`]+|__+|~~+")
_ADDRESS = re.compile(r"://|\bwww\.\w|\b(?:javascript|vbscript|data|mailto|file):\S|[\w.+-]@[\w-]+\.\w", re.IGNORECASE)


def without_markup(written: str) -> str:
    """A model's words without links, images, tags, formatting and citation marks, genuine or invented."""
    text, before = visible(written)[:LONGEST_WRITTEN], ""
    while text != before:  # markup may be nested
        before = text
        text = _REST_OF_A_LINK.sub("", _LINK.sub(r"\1", _MARKS.sub("", text)))
        text = _TAG.sub("", _FOREIGN_MARK.sub("", text))
        text = _FORMAT.sub("", text).strip()
    return " ".join(text.split())


def is_prose(text: str) -> bool:
    """Whether a text is one line that no markup parser could take for more than words, without an address."""
    return without_markup(text) == text and not has_address(text)


def has_address(text: str) -> bool:
    """Whether a text holds a web or mail address, or the beginning of one."""
    return _ADDRESS.search(text) is not None


def before_markup(text: str) -> str:
    """An unfinished text up to the first character that may become a citation mark, a link or a tag."""
    return _MAY_BECOME_MARKUP.split(text, maxsplit=1)[0].strip()


def without_yes_or_no(text: str) -> str:
    """A sentence without an opening yes or no: the evidence decides that, not the model."""
    if not _YES_OR_NO.match(text):
        return text
    rest = _YES_OR_NO.sub("", text, count=1)
    return rest[:1].upper() + rest[1:]


def cited_numbers(written: str) -> Iterator[int]:
    """The numbers in the citation marks of a text, each once, in order."""
    numbers = [int(number) for marks in _MARKS.findall(written) for number in re.findall(r"\d+", marks)]
    yield from dict.fromkeys(numbers)
