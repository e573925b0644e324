"""The HTML of an answer: escaped, linked by checked parts, marked at the exact words."""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import unquote

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.answer import MAY_NOT_HOLD_IT, Answer, Evidence, Sentence, Status, Support
from chat.events import Composed, Drafted, Finished, Gathered
from chat.publishing.answer_html import turn_html
from chat.publishing.answer_text import day, plain_text
from chat.publishing.cards import Card, cards, cited
from chat.publishing.progress import Progress
from chat.texts.notices import plain
from chat.texts.table import texts_in
from chat.understanding.understand import understand
from corpus.article import Article
from indexer.storage.syndication import SyndicatedCopies, SyndicatedCopy

NOW = datetime(2024, 1, 10, tzinfo=UTC)
URL = "https://bee.example/boats"
TEXT = "The tide came in.\n\nThe mayor spoke. Two boats sank. Nobody slept.\n\nThe tide went out.\n\nMorning came."


def _article(**changes: object) -> Article:
    known = Article(
        id="a1",
        source="Ellery Courier",
        title="Two boats sink",
        text=TEXT,
        url="https://courier.example/boats",
        published_at=datetime(2023, 3, 6, 23, tzinfo=UTC),
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def _evidence(number: int, words: str, article: Article | None = None) -> Evidence:
    article = article or _article()
    start = article.text.index(words)
    return Evidence(number, article, start, start + len(words))


def _finished(*sentences: Sentence, status: Status = Status.ANSWERED, question: str = "What sank?") -> Progress:
    return Progress(question).after(Finished(Answer(sentences, cited(sentences), status, NOW)))


class _Seen(HTMLParser):
    """What a browser makes of markup: its elements, their attributes, and the words within each kind of element."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words: dict[str, str] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.words[tag] = self.words.get(tag, "") + data

    def having(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.elements if attribute in attributes]


# fmt: off
_OURS = {"section", "div", "h2", "h3", "p", "span", "button", "details", "summary", "ol", "li", "strong", "time", "em",
         "mark", "a", "label", "input"}
_ATTRIBUTES = {
    "class", "id", "role", "title", "type", "datetime", "href", "target", "rel", "open", "tabindex",
    "aria-busy", "aria-label", "aria-hidden", "data-ask", "data-citation", "data-copy", "data-edit",
    "data-number", "data-show", "data-again-as-of", "data-copied", "lang",
}
# fmt: on
_any_text = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["<img src=x onerror=alert(1)>", "</mark>", "</section>", '"', "'", "&lt;", "\n\n", "```", "a", "]("]
    ),
    max_size=8,
).map("".join)


@settings(deadline=None)
@given(_any_text, _any_text, _any_text, _any_text, st.booleans())
def test_no_words_of_anybody_become_markup(title: str, body: str, source: str, said: str, latest: bool) -> None:
    article = _article(title=title, source=source, text=f"x{body}x", agency=source, authors=(title,), correction=said)
    copies = SyndicatedCopies(
        (SyndicatedCopy(said, 1, title, source, None, body), SyndicatedCopy(said, 1, title, source, NOW, URL + body)), 1
    )
    evidence = Evidence(1, article, 0, len(article.text), copies=copies)
    sentence = Sentence(said, (evidence,), Support.WEAK)
    progress = Progress(said).after(Finished(Answer((sentence,), (evidence,), Status.PARTIAL, NOW, plain(body))))
    for shown in (progress, Progress(said, (evidence,), (sentence,), draft=body), Progress(said, failure=body)):
        html = turn_html(1, shown, latest=latest)
        seen = _Seen(html)
        assert seen.open == []
        assert {tag for tag, _ in seen.elements} <= _OURS
        assert {name for _, attributes in seen.elements for name in attributes} <= _ATTRIBUTES
        assert "\n" not in html
        assert "\r" not in html


@settings(deadline=None)
@given(st.data())
def test_marks_cover_exactly_the_evidence(data: st.DataObject) -> None:
    text = data.draw(st.text("ab <&\n", min_size=1, max_size=80))
    spans = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), min_size=1, max_size=4))
    article = _article(text=text, title="-", source="-")
    evidence = tuple(
        Evidence(n, article, min(span), max(span)) for n, span in enumerate(spans, 1) if span[0] != span[1]
    )
    sentence = Sentence("s", evidence, Support.SUPPORTED)
    seen = _Seen(turn_html(1, _finished(sentence), latest=True))
    covered = {place for item in evidence for place in range(item.start, item.end)}
    expected = "".join(text[place] for place in sorted(covered))
    assert "".join(seen.words.get("mark", "").split()) == "".join(expected.split())


def test_every_citation_leads_to_a_mark_of_its_own_turn() -> None:
    first, second = _evidence(1, "Two boats sank."), _evidence(2, "boats sank. Nobody slept.")
    html = turn_html(7, _finished(Sentence("Boats sank.", (first, second), Support.SUPPORTED)), latest=True)
    seen = _Seen(html)
    assert seen.having("data-citation") == ["source-7-1", "source-7-2"]
    assert [one for one in seen.having("id") if one.startswith("source")] == ["source-7-1", "source-7-2"]
    assert seen.words["mark"] == "Two boats sank. Nobody slept."
    assert seen.having("data-number") == ["1, 2"]


def test_a_citation_is_labelled_with_its_number_source_and_day() -> None:
    sentence = Sentence("Boats sank.", (_evidence(1, "Two boats sank."),), Support.SUPPORTED)
    assert "Source 1: Ellery Courier, 6 March 2023" in _Seen(turn_html(1, _finished(sentence), latest=True)).having(
        "aria-label"
    )


def test_an_article_without_a_date_is_undated() -> None:
    article = _article(published_at=None)
    sentence = Sentence("Boats sank.", (_evidence(1, "Two boats sank.", article),), Support.SUPPORTED)
    html = turn_html(1, _finished(sentence), latest=True)
    assert "Source 1: Ellery Courier, undated" in html
    assert day(None) == "undated"


def test_evidence_of_one_article_shares_a_card_and_of_another_version_does_not() -> None:
    first, second, third = (
        _evidence(1, "The mayor spoke."),
        _evidence(2, "Two boats", _article(version=2)),
        _evidence(3, "Nobody slept."),
    )
    assert [[item.number for item in card.evidence] for card in cards((first, second, third))] == [[1, 3], [2]]


def test_a_corrected_version_says_so() -> None:
    article = _article(version=2, correction="Three boats were named.")
    html = turn_html(1, _finished(Sentence("s", (_evidence(1, "Two boats", article),), Support.QUOTED)), latest=True)
    assert "version 2, corrected" in html
    assert "Correction: Three boats were named." in html


def test_only_the_neighbouring_paragraphs_are_folded_beside_the_evidence() -> None:
    html = turn_html(1, _finished(Sentence("s", (_evidence(1, "Two boats sank."),), Support.QUOTED)), latest=True)
    assert html.count('<details class="beside">') == 2
    assert "Paragraph before</summary><p>The tide came in." in html
    assert "Paragraph after</summary><p>The tide went out." in html
    assert "Morning came." not in html


def test_the_link_carries_the_quoted_words_as_text_fragments() -> None:
    short, long = _evidence(1, "Two boats sank."), _evidence(2, TEXT.split("\n\n")[1])
    address = Card(_article(), (short, long)).original
    assert address is not None
    assert address.startswith("https://courier.example/boats#:~:text=Two%20boats%20sank.&text=The%20mayor")
    fragment = Card(_article(text="a-b, c & d"), (Evidence(1, _article(text="a-b, c & d"), 0, 10),)).original
    assert fragment == "https://courier.example/boats#:~:text=a%2Db%2C%20c%20%26%20d"


@settings(deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_a_text_fragment_reads_back_as_words_of_the_evidence(text: str) -> None:
    article = _article(text=text.encode(errors="ignore").decode())
    address = Card(article, (Evidence(1, article, 0, len(article.text)),)).original
    assert address is not None
    for part in address.partition("#:~:text=")[2].split(","):
        assert unquote(part) in " ".join(article.text.split())


def test_only_http_addresses_become_links() -> None:
    for url in (
        None,
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://courier.example/x",
        "//courier.example",
        "file:///x",
    ):
        article = _article(url=url)
        assert Card(article, (_evidence(1, "Two boats", article),)).original is None
        html = turn_html(
            1, _finished(Sentence("s", (_evidence(1, "Two boats", article),), Support.QUOTED)), latest=True
        )
        assert "href" not in html


def test_a_card_names_the_syndicated_copies_and_links_those_with_a_web_address() -> None:
    listed = (
        SyndicatedCopy("a2", 1, 'Boats "sink"', "The <Bee>", datetime(2023, 3, 7, tzinfo=UTC), URL),
        SyndicatedCopy("a3", 1, "Boats", "The Post", None, "javascript:alert(1)"),
    )
    evidence = replace(_evidence(1, "Two boats sank."), copies=SyndicatedCopies(listed, 3))
    again = replace(_evidence(2, "Nobody slept."), copies=SyndicatedCopies(listed, 3))
    html = turn_html(1, _finished(Sentence("s", (evidence, again), Support.SUPPORTED)), latest=True)
    assert html.count(">Also printed by") == 1
    assert (
        f'<p class="prints">Also printed by <a href="{URL}" target="_blank" rel="noopener noreferrer nofollow" '
        'title="Boats &quot;sink&quot;">The &lt;Bee&gt;<span class="unseen"> (opens in a new tab)</span></a>, '
        '7 March 2023; <span title="Boats">The Post</span>, undated; and 3 more</p>'
    ) in html


def test_an_article_without_syndicated_copies_says_nothing_of_them() -> None:
    sentence = Sentence("s", (_evidence(1, "Two boats sank."),), Support.SUPPORTED)
    assert "printed" not in turn_html(1, _finished(sentence), latest=True)


def test_doubtful_sentences_are_marked_and_explained() -> None:
    evidence = (_evidence(1, "Two boats sank."),)
    weak, unsupported = (Sentence("A.", evidence, Support.WEAK), Sentence("B.", (), Support.UNSUPPORTED))
    html = turn_html(1, _finished(weak, unsupported), latest=True)
    assert 'class="sentence weak" title="Close to what its source says' in html
    assert 'class="remark weak"' in html
    assert 'class="remark unsupported"' in html
    assert "remark" not in turn_html(1, _finished(Sentence("A.", evidence, Support.SUPPORTED)), latest=True)


def test_an_abstention_names_the_nearest_articles_without_numbers() -> None:
    progress = Progress("Who won?").after(
        Finished(Answer((), (_evidence(1, "Two boats"),), Status.NOT_IN_ARCHIVE, NOW))
    )
    html = turn_html(1, progress, latest=True)
    assert "The archive does not hold an answer to this." in html
    assert "Nearest articles" in html
    assert "data-number" not in html
    assert "citation" not in html


def test_an_uncertain_answer_says_so_before_its_sentences() -> None:
    question, evidence = understand("What sank?", as_of=NOW), (_evidence(1, "Two boats sank."),)
    progress = Progress("What sank?").after(Gathered(question, evidence, Status.UNCERTAIN))
    progress = progress.after(Composed(Sentence("Two boats sank.", evidence, Support.SUPPORTED)))
    html = turn_html(1, progress, latest=True)
    assert html.index(MAY_NOT_HOLD_IT) < html.index("Two boats sank.")
    answer = Answer(progress.sentences, evidence, Status.UNCERTAIN, NOW)
    assert MAY_NOT_HOLD_IT in turn_html(1, progress.after(Finished(answer)), latest=False)
    assert plain_text("What sank?", answer).startswith(f"What sank?\n\n{MAY_NOT_HOLD_IT}\n\nTwo boats sank. [1]")


def test_a_draft_follows_the_composed_sentences_and_gives_way_to_the_next() -> None:
    question, evidence = understand("What sank?", as_of=NOW), (_evidence(1, "Two boats sank."),)
    progress = Progress("What sank?")
    assert "Searching the archive" in turn_html(1, progress, latest=True)
    progress = progress.after(Gathered(question, evidence))
    assert "Reading 1 article<" in turn_html(1, progress, latest=True)
    progress = progress.after(Drafted("Two bo"))
    assert '<p class="draft">Two bo</p>' in turn_html(1, progress, latest=True)
    progress = progress.after(Composed(Sentence("Two boats sank.", evidence, Support.SUPPORTED)))
    assert "draft" not in turn_html(1, progress, latest=True)
    assert 'aria-busy="true"' in turn_html(1, progress, latest=True)


def test_an_answer_is_copied_with_its_marks_and_its_sources() -> None:
    first, second = (
        _evidence(1, "Two boats sank."),
        _evidence(2, "Nobody slept.", _article(url=None, published_at=None)),
    )
    sentences = (
        Sentence("Two boats sank.", (first,), Support.SUPPORTED),
        Sentence("Nobody slept.", (first, second), Support.QUOTED),
    )
    assert plain_text("What sank?", Answer(sentences, (first, second), Status.ANSWERED, NOW, plain("A note."))) == (
        "What sank?\n\nTwo boats sank. [1] Nobody slept. [1] [2]\n\nA note.\n\n"
        "Sources\n[1] Two boats sink, Ellery Courier, 6 March 2023, https://courier.example/boats\n"
        "[2] Two boats sink, Ellery Courier, undated"
    )


def test_a_copied_source_names_its_syndicated_copies_once_an_article() -> None:
    copies = SyndicatedCopies((SyndicatedCopy("a2", 1, "Boats", "The Bee", datetime(2023, 3, 7, tzinfo=UTC), URL),))
    first, second = (
        replace(_evidence(number, words), copies=copies)
        for number, words in ((1, "Two boats sank."), (2, "Nobody slept."))
    )
    sentences = (Sentence("Two boats sank.", (first, second), Support.SUPPORTED),)
    copied = plain_text("What sank?", Answer(sentences, (first, second), Status.ANSWERED, NOW))
    assert copied.splitlines()[-3:] == [
        "[1] Two boats sink, Ellery Courier, 6 March 2023, https://courier.example/boats",
        "    Also printed by The Bee, 7 March 2023",
        "[2] Two boats sink, Ellery Courier, 6 March 2023, https://courier.example/boats",
    ]


def test_an_answer_is_copied_in_the_language_of_its_reader() -> None:
    found = _evidence(1, "Two boats sank.")
    answer = Answer((Sentence("Two boats sank.", (found,), Support.SUPPORTED),), (found,), Status.UNCERTAIN, NOW)
    copied = plain_text("What sank?", answer, texts_in("de"))
    assert "Vielleicht enthält das Archiv keine Antwort." in copied
    assert copied.endswith("Quellen\n[1] Two boats sink, Ellery Courier, 6. März 2023, https://courier.example/boats")


def test_the_reply_to_a_remark_is_the_answer_and_not_a_notice_below_it() -> None:
    progress = Progress("hello").after(Finished(Answer((), (), Status.ASIDE, NOW, plain("Hello <b>there</b>."))))
    html = turn_html(1, progress, latest=True)
    assert '<div class="answer"><p>Hello &lt;b&gt;there&lt;/b&gt;.</p></div>' in html
    assert ("remark" in html, "sources" in html) == (False, False)
