"""Checks that an answer and its page consist of trusted parts only: citations, links, elements, plain prose."""

import json
import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser

from chat.answer import Answer
from chat.answering.quoting import quotation
from chat.publishing.answer_html import turn_html
from chat.publishing.cards import cards, cited
from chat.publishing.feedback import Reason
from chat.publishing.progress import Progress


class _Page(HTMLParser):
    """The elements and texts of a page as a browser parses them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.sentences: list[str] = []
        self._inside = False
        self.others: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "span" and (dict(attrs).get("class") or "").startswith("sentence "):
            self._inside = True
            self.sentences.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.sentences[-1] += data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)


_TAGS = frozenset(
    "section div h2 p span button details summary ol li h3 strong em time a mark label input".split()
)  # those that chat/publishing/templates/turn.html.jinja writes; none of them loads, runs or submits anything
_NAMES = frozenset(
    "class id lang aria-busy aria-hidden aria-label title type data-again-as-of data-ask data-citation data-copied "
    "data-copy data-edit data-number data-show tabindex datetime href target rel role open".split()
)
_DOWN = {("down", str(reason)) for reason in Reason}
_ADDRESS = re.compile(r"://|\bwww\.\w|\b(?:javascript|vbscript|data|mailto|file):\S|[\w.+-]@[\w-]+\.\w", re.IGNORECASE)
_MARK = re.compile(
    r"[\[［【]\W*(?:source )?\d[\d\W]*[\]］】]|\]\(|!\[|(?<![^\W\d_])[²³¹]|<[a-zA-Z/!|]|\*\*|__|~~|`|^[#>|]"
)


_BIDIRECTIONAL = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\x00-\x1f]")


def has_direction_controls(text: str) -> bool:
    """Whether a text has a bidirectional override or a control character."""
    return _BIDIRECTIONAL.search(text) is not None


def is_plain(text: str) -> bool:
    """Whether a text is one line of prose without addresses, marks, links, tags, formatting or invisible characters."""
    invisible = any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in text)
    return not (invisible or _ADDRESS.search(text) or _MARK.search(text) or "  " in text)


def structure_faults(question: str, answer: Answer, publisher: str) -> Iterator[str]:
    """The parts of an answer or its page that do not come from the archive's checked data.

    All legitimate links begin with `publisher`.
    """
    numbers = {one.number: one for one in answer.evidence}
    if [one.number for one in answer.evidence] != list(range(1, len(numbers) + 1)):
        yield "evidence is not numbered from 1"
    for sentence in answer.sentences:
        if not sentence.citations or any(numbers.get(one.number) != one for one in sentence.citations):
            yield f"foreign citation: {sentence}"
        quoted = [quotation(one).text for one in sentence.citations]
        label = next((sentence.text.removesuffix(one) for one in quoted if sentence.text.endswith(one)), sentence.text)
        if label and not is_plain(label.removesuffix(": ")):
            yield f"not prose: {sentence.text!r}"
    yield from _page_faults(question, answer, publisher)


def _page_faults(question: str, answer: Answer, publisher: str) -> Iterator[str]:
    progress = Progress(question, answer.evidence, answer.sentences, "", answer)
    page = _Page(turn_html(1, progress, latest=True))
    shown = cards(answer.evidence if progress.missing else cited(answer.sentences))
    links = [address for card in shown if (address := card.original)]
    ids = {f"source-1-{one.number}" for one in answer.evidence}
    if page.others or set(page.tags) - _TAGS:
        yield f"elements: {set(page.tags) - _TAGS} {page.others}"
    if {name for _, name, _ in page.attributes} - _NAMES:
        yield f"attributes: {page.attributes}"
    if [value for tag, name, value in page.attributes if name == "href"] != links:
        yield "links are not those of the cards"
    if not all(link.startswith(publisher) for link in links):
        yield f"links lead elsewhere: {links}"
    pointed = [value for _, name, value in page.attributes if name == "data-citation"]
    if pointed != [f"source-1-{one.number}" for sentence in answer.sentences for one in sentence.citations]:
        yield "citation marks are not those of the sentences"
    yield from _call_faults(page, answer)
    if not {value for _, name, value in page.attributes if name == "id"} <= ids | {"turn-1"}:
        yield "foreign ids"
    if page.sentences != [sentence.text for sentence in answer.sentences]:
        yield "the page shows other sentences"


def _call_faults(page: _Page, answer: Answer) -> Iterator[str]:
    """What the buttons ask for: to open cited articles, to judge the answer, to keep, undo or repeat the question."""
    articles = {(one.article.id, one.article.version) for one in answer.evidence}
    for call in (json.loads(value) for _, name, value in page.attributes if name in ("data-ask", "data-show")):
        opens = call.keys() == {"article", "version", "marks"} and (call["article"], call["version"]) in articles
        judges = call == {"thumb": "up"} or (call.get("thumb"), call.get("reason")) in _DOWN
        keeps = call in ({"standing": "save"}, {"undo": True})
        if not (opens or judges or keeps or call.keys() == {"without"}):
            yield f"foreign call: {call}"
