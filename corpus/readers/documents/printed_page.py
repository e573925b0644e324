"""A news page as text, printed or saved: title, byline, date, caption, story, address."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from corpus.agencies import Byline, split_byline
from corpus.article import Article, DateOrigin, new_article
from corpus.dates import ParsedDate, date_of_address, parse_date
from corpus.readers.form import ReadOptions
from corpus.readers.paragraphs import mend, paragraphs_of, without_markup

_HEAD_PARAGRAPHS = 8  # a byline or a date is among the first
_LONGEST_HEAD_LINE = 160  # characters
_LINKED_BYLINE = re.compile(r"By:? \[[^\]\n]+\]\([^)\n]*\)\s*$")
_NAME = r"(?:[^\W\d_a-z][\w.'’-]*|(?:de|del|della|van|von|der|den|al|el|bin|ibn|la|le|and|for|the|of|in)\b|[&,|/])"
_PLAIN_BYLINE = re.compile(rf"By:? {_NAME}(?:,? {_NAME}){{1,14}}$")
_RELATED = re.compile(
    r"(?:related(?: articles?| stor(?:y|ies))?|(?:read|see) (?:more|also)|also read):? *(?:\[.*)?|related articles?:.*",
    re.IGNORECASE,
)
_ADDRESS_LABEL = re.compile(r"(?:Original|Source) url:?\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]]+", re.IGNORECASE)
_CREDIT = re.compile(r"\S.*\s\*\*(?P<name>[^*\n]{2,80})\*\*$", re.DOTALL)
_PHOTOGRAPHED = re.compile(r"\s/\s|\b(?:photos?|pictures?|images?|getty|handout|courtesy|via)\b", re.IGNORECASE)
_SOURCE = re.compile(  # of a newspaper on a line of its own between title and date
    r"(?:The |Le |La |El |Die |Der |Das )?(?:[^\W\d_a-z][\w.'’-]*\s+|of\s+|the\s+){0,5}"
    r"(?:News|Times|Post|Courier|Herald|Gazette"
    r"|Tribune|Journal|Press|Daily|Echo|Mail|Observer|Guardian|Telegraph|Star|Sun|Standard|Chronicle|Examiner|Independent"
    r"|Mirror|Express|Call|Record|Register|Review|Advertiser|Argus|Bulletin|Dispatch|Globe|Leader|Mercury|Monitor|World"
    r"|Zeitung|Monde|Figaro|País|Mundo|Presse|Reuters|AFP|AP)(?:\s*\([^()]{2,40}\))?",
)
_UPDATED = re.compile(r"\W*(?:last )?(?:updated|modified)\b", re.IGNORECASE)
_DATE_PARTS = re.compile(r"\s*[|·•]\s*")


@dataclass(slots=True)
class _Page:
    title: str = ""
    byline: Byline = field(default_factory=Byline)
    source: str = ""
    published: ParsedDate | None = None
    updated: ParsedDate | None = None
    url: str | None = None
    body: list[str] = field(default_factory=list)


def article_of_printed_text(text: str, options: ReadOptions, *, title: str = "") -> Article:
    """The article of a page; its first paragraph is the title, unless one is given."""
    page = _parse(f"{title}\n\n{text}" if title else text, options.fetched_at)
    found = page.published or (date_of_address(page.url) if page.url else None)
    return new_article(
        title=page.title,
        text="\n\n".join(mend(page.body)),
        source=page.source,
        url=page.url,
        authors=page.byline.authors,
        agency=page.byline.agency,
        published_at=found.moment if found else None,
        updated_at=page.updated.moment if page.updated else None,
        date_origin=DateOrigin.TEXT if page.published else DateOrigin.ADDRESS,
        fetched_at=options.fetched_at,
    )


def looks_printed(text: str) -> bool:
    """Whether a text has a byline on a line near the top, or names its address or related articles."""
    paragraphs = paragraphs_of(text)
    return any(map(_is_byline, paragraphs[1:_HEAD_PARAGRAPHS])) or any(
        _RELATED.fullmatch(line) or _ADDRESS_LABEL.match(line) for line in paragraphs[1:]
    )


def is_head_line(line: str) -> bool:
    """Whether a line is a byline or a date and nothing else."""
    return _is_byline(line) or bool(_dates(line, None))


def _parse(text: str, fetched_at: datetime | None) -> _Page:
    page = _Page()
    paragraphs = paragraphs_of(text)
    for number, paragraph in enumerate(paragraphs):
        if label := _ADDRESS_LABEL.fullmatch(paragraph):
            page.url = _address(label["rest"] or " ".join(paragraphs[number + 1 : number + 2]))
            break
        if number == 0:
            page.title = without_markup(paragraph.lstrip("# "))
        elif number < _HEAD_PARAGRAPHS and _store_head_line(page, paragraph, fetched_at):
            if page.published and not page.source and len(page.body) == 1 and _SOURCE.fullmatch(page.body[0]):
                page.source = page.body.pop()
        elif not (_RELATED.fullmatch(paragraph) or _is_caption(paragraph, above_the_story=not page.body)):
            page.body.append(without_markup(paragraph))
    return page


def _store_head_line(page: _Page, line: str, fetched_at: datetime | None) -> bool:
    """Store a byline or a date; whether the line was one."""
    if not page.byline.authors and _is_byline(line):
        page.byline = split_byline(line)
        return True
    dates = _dates(line, fetched_at)
    for updated, date in dates:
        if updated:
            page.updated = page.updated or date
        else:
            page.published = page.published or date
    return bool(dates)


def _dates(line: str, fetched_at: datetime | None) -> list[tuple[bool, ParsedDate]]:
    """The dates of a line that has nothing else, each with whether it is that of an update."""
    if len(line) > _LONGEST_HEAD_LINE or not any(character.isdigit() for character in line):
        return []
    parts = _DATE_PARTS.split(line)
    dates = [(bool(_UPDATED.match(part)), date) for part in parts if (date := parse_date(part, fetched_at=fetched_at))]
    return dates if len(dates) == len(parts) else []


def _is_byline(line: str) -> bool:
    if len(line) > _LONGEST_HEAD_LINE:
        return False
    return bool(_LINKED_BYLINE.match(line) or _PLAIN_BYLINE.match(line))


def _is_caption(paragraph: str, *, above_the_story: bool) -> bool:
    """Whether a paragraph is a caption: it ends in a bold credit, which inside the story must look like one."""
    credit = _CREDIT.fullmatch(paragraph)
    return credit is not None and (above_the_story or bool(_PHOTOGRAPHED.search(credit["name"])))


def _address(text: str) -> str | None:
    match = _ADDRESS.search(text)
    return match[0] if match else None
