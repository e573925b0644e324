"""Who wrote an article, out of the line that says so."""

import re
from dataclasses import dataclass

_BY = re.compile(r"^\W*(?:by|from|written by|story by|reporting by)\b[\s:]*", re.IGNORECASE)
_FOR = re.compile(
    r"\s+(?:for|of)\s+(?:the\s+)?(?P<house>[^,;|]{2,60})$|\s*[,|/(-]\s*(?P<agency>[^,|/()]{2,40})\)?$", re.I
)
_BETWEEN = re.compile(r"\s*(?:[;,|&]|\band\b|\bwith\b)\s*", re.IGNORECASE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_AGENCIES = {
    "afp": "AFP",
    "agence france-presse": "AFP",
    "ap": "AP",
    "associated press": "AP",
    "the associated press": "AP",
    "reuters": "Reuters",
    "thomson reuters": "Reuters",
    "upi": "UPI",
    "dpa": "dpa",
    "efe": "EFE",
    "ansa": "ANSA",
    "tass": "TASS",
    "interfax": "Interfax",
    "ria novosti": "RIA Novosti",
    "xinhua": "Xinhua",
    "kyodo": "Kyodo",
    "kyodo news": "Kyodo",
    "yonhap": "Yonhap",
    "pti": "PTI",
    "ians": "IANS",
    "ani": "ANI",
    "pa media": "PA Media",
    "bloomberg": "Bloomberg",
    "anadolu": "Anadolu",
    "anadolu agency": "Anadolu",
}
_LONGEST = 300  # characters


@dataclass(frozen=True, slots=True)
class Byline:
    """The people who wrote an article and the agency that they wrote it for."""

    authors: tuple[str, ...] = ()
    agency: str | None = None


def read_byline(line: str) -> Byline:
    """`By [Jane Doe and John Roe for AFP](#)` is two people and an agency; an agency is never a person."""
    line = _BY.sub("", _LINK.sub(r"\1", line[:_LONGEST]).strip()).strip(" .")
    line, agency = _split_agency(line)
    names = [name.strip() for name in _BETWEEN.split(line) if name.strip()]
    agency = agency or next((known for name in names if (known := known_agency(name))), None)
    return Byline(tuple(name for name in names if not known_agency(name)), agency)


def known_agency(name: str) -> str | None:
    """The short name of a news agency, or None when the name is none of theirs."""
    return _AGENCIES.get(name.strip(" .()").casefold())


def _split_agency(line: str) -> tuple[str, str | None]:
    match = _FOR.search(line)
    if not match:
        return line, None
    house = match["house"] or match["agency"]
    agency = known_agency(house)
    if agency or match["house"]:
        return line[: match.start()], agency
    return line, None
