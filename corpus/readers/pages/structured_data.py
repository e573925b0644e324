"""What a page states about itself for programs: schema.org in JSON-LD and microdata."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from corpus.readers.form import ReaderError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Story = Mapping[str, object]

_STORY_ENDINGS = ("Article", "BlogPosting", "LiveBlogPosting", "Report")
_OTHER_TYPES = frozenset(
    "Recipe Product ProductGroup JobPosting Event FAQPage QAPage HowTo Course Movie TVSeries Book SoftwareApplication "
    "SoftwareSourceCode ProfilePage SearchResultsPage CollectionPage Hotel Restaurant LodgingBusiness Invoice Order "
    "RealEstateListing Vehicle Dataset APIReference TechArticle".split()
)
_FIELDS = {
    "title": "headline",
    "authors": "author",
    "source": "publisher",
    "section": "articleSection",
    "keywords": "keywords",
    "language": "inLanguage",
}


def story_of(tree: "HtmlElement", titles: Iterable[str]) -> Story:
    """The article in the page's JSON-LD, the one with the page's own title where there are several; else empty.

    Raises ReaderError when the page says that it is something else, such as a recipe.
    """
    objects = list(_objects(tree))
    stories = [one for one in objects if any(map(_is_story_type, _types(one)))]
    others = {kind for one in objects for kind in _types(one) if kind in _OTHER_TYPES} | set(_microdata_types(tree))
    if others and not any(_is_news_type(kind) for one in stories for kind in _types(one)):
        raise ReaderError(f"a page of the type {min(others)}, not an article")
    own = {" ".join(title.split()).casefold() for title in titles}
    return next((one for one in stories if _headline(one) in own), next(iter(stories), {}))


def fields_of(story: Story) -> dict[str, object]:
    """The fields of a story under our names, without empty ones."""
    return {ours: value for ours, theirs in _FIELDS.items() if (value := story.get(theirs))}


def body_of(story: Story) -> str:
    """The text in a story's own data, which some pages show by script only."""
    body = story.get("articleBody")
    return body if isinstance(body, str) else ""


def is_paid(story: Story) -> bool:
    """Whether a story says that it is not accessible for free."""
    return str(story.get("isAccessibleForFree")).lower() == "false"


def _headline(story: Story) -> str:
    return " ".join(str(story.get("headline") or story.get("name") or "").split()).casefold()


def _objects(tree: "HtmlElement") -> Iterator[Story]:
    """The objects at the top of the page's JSON-LD, and in its graphs."""
    for script in tree.xpath("//script[contains(@type,'ld+json')]"):
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _flat(value if isinstance(value, list) else [value])


def _flat(values: Iterable[object]) -> Iterator[Story]:
    for value in values:
        if not isinstance(value, dict):
            continue
        yield value
        graph = value.get("@graph")
        inside = graph if isinstance(graph, list) else [value.get("mainEntity")]
        yield from (part for part in inside if isinstance(part, dict) and "@graph" not in part)


def _types(one: Story) -> list[str]:
    kinds = one.get("@type")
    return [str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]


def _is_story_type(kind: str) -> bool:
    return kind.endswith(_STORY_ENDINGS) and kind not in _OTHER_TYPES


def _is_news_type(kind: str) -> bool:
    """Whether a type is one that only news has: a recipe or a product page often is an `Article` as well."""
    return _is_story_type(kind) and kind not in ("Article", "BlogPosting")


def _microdata_types(tree: "HtmlElement") -> Iterator[str]:
    for value in tree.xpath("//body[@itemtype]/@itemtype|//body/*[@itemtype]/@itemtype|//main/@itemtype"):
        kind = str(value).rstrip("/").rpartition("/")[2]
        if kind in _OTHER_TYPES:
            yield kind
