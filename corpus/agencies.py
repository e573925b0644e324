"""Wire agencies: which one a text or a byline credits."""

import re
from dataclasses import dataclass

_AGENCIES = {
    "AFP": ("AFP", "Agence France-Presse", "Agence France Presse"),
    "AP": ("AP", "The Associated Press", "Associated Press"),
    "Reuters": ("Reuters", "Thomson Reuters", "Reuters Staff"),
    "UPI": ("UPI", "United Press International"),
    "dpa": ("dpa", "DPA", "Deutsche Presse-Agentur"),
    "PA": ("PA", "PA Media", "Press Association", "PA news agency"),
    "EFE": ("EFE", "Agencia EFE"),
    "ANSA": ("ANSA",),
    "TASS": ("TASS", "ITAR-TASS", "Tass"),
    "Interfax": ("Interfax",),
    "RIA Novosti": ("RIA Novosti", "RIA"),
    "Ukrinform": ("Ukrinform",),
    "Xinhua": ("Xinhua", "Xinhua News Agency"),
    "Kyodo": ("Kyodo", "Kyodo News"),
    "Jiji": ("Jiji", "Jiji Press"),
    "Yonhap": ("Yonhap", "Yonhap News Agency"),
    "KCNA": ("KCNA",),
    "CNA": ("Central News Agency",),
    "PTI": ("PTI", "Press Trust of India"),
    "ANI": ("ANI", "Asian News International"),
    "IANS": ("IANS", "Indo-Asian News Service"),
    "Antara": ("Antara",),
    "Bernama": ("Bernama",),
    "AAP": ("AAP", "Australian Associated Press"),
    "The Canadian Press": ("The Canadian Press", "Canadian Press", "CP"),
    "Bloomberg": ("Bloomberg", "Bloomberg News"),
    "Anadolu": ("Anadolu", "Anadolu Agency", "AA"),
    "IRNA": ("IRNA",),
    "SPA": ("Saudi Press Agency",),
    "WAM": ("WAM", "Emirates News Agency"),
    "MENA": ("Middle East News Agency",),
    "APA": ("APA", "Austria Presse Agentur"),
    "Keystone-ATS": ("Keystone-ATS", "Keystone-SDA"),
    "Belga": ("Belga",),
    "ANP": ("ANP",),
    "NTB": ("NTB",),
    "Ritzau": ("Ritzau",),
    "PAP": ("PAP",),
    "CTK": ("CTK", "ČTK"),
    "MTI": ("MTI",),
    "Lusa": ("Lusa",),
    "CNS": ("Catholic News Service",),
}
_BY_SPELLING = {spelling: agency for agency, spellings in _AGENCIES.items() for spelling in spellings}
_SPELLING = "|".join(re.escape(spelling) for spelling in sorted(_BY_SPELLING, key=len, reverse=True))
_DASH = r"(?:--|[-–—])"
_PLACE = r"[^\W\d_a-z][^()\n:;\"“”]{1,60}?"
# Datelines such as PORT ELLERY (CPA) - and MOSCOW, June 24 (Reuters) —, then those such as PARIS, AFP –
_IN_BRACKETS = re.compile(rf"(?:{_PLACE}\s*)?\((?P<agency>{_SPELLING}|[A-Z]{{2,6}})\)\s*{_DASH}")
_BEFORE_A_DASH = re.compile(rf"(?:{_PLACE},\s*)?(?P<agency>{_SPELLING})\s*{_DASH}(?=\s)")
_CAPITALS = r"[A-Z][A-Z.'’-]{1,30}"
_PLACE_ALONE = re.compile(
    rf"{_CAPITALS}(?:[,/ ]{{1,3}}{_CAPITALS}){{0,4}}(?:,? [A-Z][A-Za-z.]{{1,20}})?"
    rf"(?:,? [A-Z][a-z]{{2,9}}\.? \d{{1,2}})?\s?{_DASH}\s"
)
_BYLINE_LINE = re.compile(r"By\b.{3,160}", re.IGNORECASE)
_FOOT_ALONE = re.compile(
    rf"(?:{_DASH}\s*|\(|\[)?(?:Sources?:\s*|Agencies:\s*|©\s*(?:\d{{4}}\s*)?)?(?P<agency>{_SPELLING})(?:\)|\])?\.?"
)
_NAMED = re.compile(rf"\b(?:{_SPELLING})\b(?:'s|’s)?")

_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\))?")
_LEAD = re.compile(r"\s*(?:(?:written|reported|reporting|story|text|words)\s+)?by\b:?\s*", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"(?:,?\s*(?:\band\b|&)?\s*(?:\bwith\b)?\s*\b(?:additional|further|extra)?\s*reporting\s+(?:by|from)\b:?)"
    r"|[;|·•/,()\n]|\s[-–—]+\s|\band\b|&|\bwith\b",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"[A-Z]\.")
_WORKS_FOR = re.compile(r"\s+(?:for|of|from|at|in|via)\s+(?:the\s+)?", re.IGNORECASE)
_AGENCY_WITH_A_ROLE = re.compile(rf"(?:the\s+)?(?P<agency>{_SPELLING})(?:\s+\w+){{0,3}}")
_NAME_THEN_AGENCY = re.compile(rf"(?P<name>.+?)\s+(?P<agency>{_SPELLING})")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NO_PERSON = _words(
    "staff writer writers correspondent correspondents reporter reporters editor editors editorial desk team bureau "
    "news newsroom service agencies agency press contributor contributors special updated published senior chief "
    "analyst columnist board media wire wires online digital report reports the a an"
)
_PARTICLES = _words("de da do dos del della di du la le el al van von der den ter ten bin bint ibn abu y e zu af av")
_LONGEST_NAME_IN_WORDS = 6
_LONGEST_BYLINE = 500  # characters


@dataclass(frozen=True, slots=True)
class Byline:
    """The people and the agency that a byline names."""

    authors: tuple[str, ...] = ()
    agency: str | None = None


def agency_of(text: str) -> str | None:
    """The agency that a text credits: in its dateline, in a byline on its first line, or on its last line.

    An agency that is only quoted ("told AFP") does not count. A dateline may name an agency that is not in our table
    ("PORT ELLERY (CPA) -").
    """
    head = text.lstrip()[:300]
    found = _IN_BRACKETS.match(head) or _BEFORE_A_DASH.match(head)
    if found:
        return _BY_SPELLING.get(found["agency"], found["agency"])
    line = head.partition("\n")[0]
    if _BYLINE_LINE.fullmatch(line):
        return split_byline(line).agency
    foot = _FOOT_ALONE.fullmatch(text.rstrip()[-200:].rpartition("\n")[2].strip())
    return _BY_SPELLING[foot["agency"]] if foot and "\n" in text.strip() else None


def dateline_end(text: str) -> int:
    """Where the story begins after the dateline at the start of a text, as an offset; 0 where there is none."""
    start = len(text) - len(text.lstrip())
    found = next(filter(None, (one.match(text, start) for one in (_IN_BRACKETS, _BEFORE_A_DASH, _PLACE_ALONE))), None)
    if found is None:
        return 0
    rest = text[found.end() :]
    return len(text) - len(rest.lstrip()) if rest.strip() else 0


def without_agency(text: str) -> str:
    """The text without its dateline and the names of agencies: what all syndicated copies share."""
    text = text.lstrip()
    in_brackets = _IN_BRACKETS.match(text)
    text = text[dateline_end(text) :]
    if in_brackets and in_brackets["agency"] not in _BY_SPELLING:
        text = re.sub(rf"\b{in_brackets['agency']}\b", " ", text)
    return _NAMED.sub(" ", text)


def split_byline(byline: str) -> Byline:
    """The people and the agency of a byline, without roles, places and dates."""
    authors: list[str] = []
    agency: str | None = None
    line = " ".join(byline[:_LONGEST_BYLINE].replace("\n", " ; ").split())
    for part in _SEPARATOR.split(_LEAD.sub("", _LINK.sub(r"\1", line), count=1)):
        author, written_for = _split_credit(part.strip(" .:*_"))
        agency = agency or written_for
        if author and author not in authors:
            authors.append(author)
    return Byline(tuple(authors), agency)


def _split_credit(credit: str) -> tuple[str | None, str | None]:
    """The person and the agency of one credit, such as 'Christopher Rickleton for AFP'."""
    whole = _AGENCY_WITH_A_ROLE.fullmatch(credit)
    if whole:
        return None, _BY_SPELLING[whole["agency"]]
    name, *places = _WORKS_FOR.split(credit)
    agency = next((_BY_SPELLING[place] for place in places if place in _BY_SPELLING), None)
    behind = _NAME_THEN_AGENCY.fullmatch(name)
    if behind:
        name, agency = behind["name"], agency or _BY_SPELLING[behind["agency"]]
    return (name if _is_a_person(name) else None), agency


def _is_a_person(name: str) -> bool:
    words = name.split()
    if not 1 <= len(words) <= _LONGEST_NAME_IN_WORDS or not any(word[0].isalpha() for word in words):
        return False
    return not any(
        (word.lower().rstrip(".") in _NO_PERSON and not _INITIAL.fullmatch(word))
        or not word.isprintable()
        or any(letter.isdigit() or letter in "@:<>#" for letter in word)
        or (word[0].islower() and word not in _PARTICLES and not any(letter.isupper() for letter in word))
        for word in words
    )
