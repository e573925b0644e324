"""Records in the shapes of well-known interfaces, brought to plain names: Guardian, NYT, NewsAPI, AP, IPTC ninjs.

Sources: open-platform.theguardian.com, developer.nytimes.com, newsapi.org, iptc.org/standards/ninjs (1.x, 2.x, 3.x).
"""

from collections.abc import Iterable, Mapping

from corpus.readers.form import ReaderError

Record = Mapping[str, object]

EXCERPT = "only_excerpt"  # a field that we add: the text is a summary
WITHDRAWN = "is_withdrawn"
CORRECTION = "correction"
IDENTITY = "guid"  # of an item of a wire, the same for all its versions

_ENVELOPES = ("item", "_source", "document", "node", "article")
_KILLED = frozenset({"canceled", "cancelled", "withheld", "stat:canceled", "stat:withheld", "killed"})
_CORRECTED = ("correct", "clarif", "retract")
_SUMMARIES = ("lead_paragraph", "description", "summary", "abstract", "snippet", "excerpt", "trailText", "standfirst")


def plain_record(record: Record) -> Record:
    """The record with the names that `FIELD_NAMES` knows; one of an unknown shape stays as it is.

    Raises ReaderError for an item of a wire that is a picture or the like.
    """
    record = _without_envelope(record)
    names = {name.lower() for name in record}
    if "webtitle" in names or "webpublicationdate" in names:
        return _guardian(record)
    if "pub_date" in names and isinstance(record.get("headline"), Mapping):
        return _nyt(record)
    if names & {"versioncreated", "body_xhtml", "body_text", "body_nitf", "bodies", "headlines", "pubstatus"}:
        return _ninjs(record)
    return record


def summary_of(record: Record) -> str:
    """A summary where a record has no text."""
    return next((value for name in _SUMMARIES if isinstance(value := record.get(name), str) and value.strip()), "")


def _without_envelope(record: Record) -> Record:
    for name in _ENVELOPES:
        inner = record.get(name)
        if isinstance(inner, Mapping) and len(record) <= 8 and "title" not in record:
            return {str(key): value for key, value in inner.items()}
    return record


def _guardian(record: Record) -> Record:
    fields = _mapping(record.get("fields"))
    text = fields.get("bodyText") or fields.get("body")
    paragraphs = fields.get("body") if "<p" in str(fields.get("body")) else text
    return {
        "title": fields.get("headline") or record.get("webTitle"),
        "text": paragraphs or fields.get("trailText") or fields.get("standfirst"),
        "date": record.get("webPublicationDate") or fields.get("firstPublicationDate"),
        "updated": fields.get("lastModified"),
        "url": record.get("webUrl"),
        "author": fields.get("byline"),
        "section": record.get("sectionName"),
        "source": fields.get("publication"),
        "language": fields.get("lang"),
        "keywords": [tag.get("webTitle") for tag in _mappings(record.get("tags")) if tag.get("type") == "keyword"],
        EXCERPT: not text,
    }


def _nyt(record: Record) -> Record:
    byline = _mapping(record.get("byline"))
    return {
        "title": _mapping(record.get("headline")).get("main"),
        "text": record.get("body") or summary_of(record),
        "date": record.get("pub_date"),
        "url": record.get("web_url"),
        "author": byline.get("original"),
        "section": record.get("section_name"),
        "source": record.get("source"),
        "keywords": [one.get("value") for one in _mappings(record.get("keywords"))],
        EXCERPT: not record.get("body"),
    }


def _ninjs(record: Record) -> Record:
    fields = {name.replace("_", "").lower(): value for name, value in record.items()}
    kind = str(fields.get("type") or "text")
    text = _body(fields)
    if kind not in ("text", "composite", "story", "article") or (kind == "composite" and not text):
        raise ReaderError(f"an item of the type {kind[:20]}, not a story")
    first, version = fields.get("firstcreated") or fields.get("contentcreated"), fields.get("versioncreated")
    note = str(_first(fields, "ednote", "ednotes") or "")
    is_killed = str(fields.get("pubstatus")).lower() in _KILLED
    return {
        "title": _first(fields, "headline", "headlines", "title", "slugline"),
        "text": text
        or _first(fields, "descriptions", "descriptiontext")
        or (note or "Withdrawn." if is_killed else ""),
        "date": first or version,
        "updated": version if first and version != first else None,
        "url": _first(fields, "link", "url") or fields.get("uri"),
        "author": fields.get("byline")
        or fields.get("by")
        or [one.get("by") for one in _mappings(fields.get("bylines"))],
        "source": fields.get("copyrightholder") or _named(_first(fields, "infosources", "infosource", "source")),
        "language": fields.get("language"),
        "section": _named(fields.get("genre") or fields.get("genres")),
        "keywords": [one.get("name") for one in _mappings(fields.get("subject") or fields.get("subjects"))],
        EXCERPT: not text,
        WITHDRAWN: is_killed,
        IDENTITY: fields.get("uri") or fields.get("guid"),
        CORRECTION: note if any(word in note.lower() for word in _CORRECTED) else "",
    }


def _body(fields: Record) -> object:
    for name in ("bodyxhtml", "bodyhtml", "bodynitf", "bodytext"):
        if value := fields.get(name):
            return value
    return _of_role(fields.get("bodies"), "main") or _mapping(fields.get("story")).get("nitf") or fields.get("body")


def _of_role(values: object, role: str) -> object:
    """The value of a role in a list of ninjs 2 and 3, else the first one."""
    every = _mappings(values)
    own = [one for one in every if str(one.get("role") or "").rpartition(":")[2].lower() == role]
    return next((one.get("value") for one in (*own, *every) if one.get("value")), None)


def _first(fields: Record, *names: str) -> object:
    """The first field that is not empty; of a list by role, the main value."""
    values = (
        _of_role(value, "main") or value if isinstance(value := fields.get(name), list) else value for name in names
    )
    return next(filter(None, values), None)


def _named(value: object) -> object:
    """The name of the first object of a list, or the text that stands for it."""
    if isinstance(value, str):
        return value
    return next((one.get("name") for one in _mappings(value) if one.get("name")), None)


def _mapping(value: object) -> Record:
    return value if isinstance(value, Mapping) else {}


def _mappings(value: object) -> list[Record]:
    items: Iterable[object] = value if isinstance(value, list) else [value]
    return [one for one in items if isinstance(one, Mapping)]
