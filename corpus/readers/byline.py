"""Who wrote an article, out of the line that says so."""

import re
from dataclasses import dataclass

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_LEAD = re.compile(r"^\W*(?:written |story |reporting )?by\b[\s:]*", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[;,|&/]|\band\b|\bwith\b|\bfor\b)\s*", re.IGNORECASE)
_AGENCIES = {
    "afp": "AFP",
    "agence france-presse": "AFP",
    "ap": "AP",
    "associated press": "AP",
    "the associated press": "AP",
    "reuters": "Reuters",
    "tass": "TASS",
    "xinhua": "Xinhua",
}
_LONGEST = 300  # characters


@dataclass(frozen=True, slots=True)
class Byline:
    """Who a byline names: people, apart from the agency that they wrote for."""

    authors: tuple[str, ...] = ()
    agency: str | None = None


def split_byline(byline: str) -> Byline:
    """The people and the agency of a byline such as `By [Jane Doe and John Roe for AFP](#)`."""
    line = _LEAD.sub("", _LINK.sub(r"\1", byline[:_LONGEST]).strip()).strip(" .")
    names = [name.strip(" .()") for name in _BETWEEN.split(line) if name.strip(" .()")]
    agency = next((_AGENCIES[name.casefold()] for name in names if name.casefold() in _AGENCIES), None)
    return Byline(tuple(name for name in names if name.casefold() not in _AGENCIES), agency)
