"""The articles and the scripted answers of the page's tests; Port Ellery does not exist."""

from dataclasses import replace
from datetime import UTC, date, datetime

from chat.answer import Sentence, Status, Support
from chat.front.opening_page import Front
from chat.texts.days import Days
from chat.texts.notices import Notice, NoticeKind
from chat.understanding.question import Filter, FilterKey, FilterKind
from corpus.article import Article, new_article
from indexer.errors import ArchiveError
from indexer.storage.syndication import SyndicatedCopies, SyndicatedCopy
from tests.scripted_chatbot import Asked, Script, evidence

FERRY = replace(
    new_article(
        title="Nine dead after fire on Holm Island ferry",
        source="Ellery Courier",
        url="https://courier.example/2023/ferry-fire-nine-dead",
        authors=("Nell Averdine",),
        agency="Coast Wire",
        published_at=datetime(2023, 3, 16, 7, 30, tzinfo=UTC),
        correction="An earlier version gave the wrong age for the ship's engineer.",
        text="The ferry Grey Petrel had left Holm Island at 21.40 with 64 people on board.\n\n"
        "Nine people are known to have died in the fire, the harbour master said on Thursday. "
        'Two are still missing. "We have not stopped looking," said Ines Tolland, who leads the lifeboat crew.\n\n'
        "The cause of the fire is not yet known. Investigators went aboard at first light, "
        "and the wreck was towed to the Low Quay in the afternoon.\n\n"
        "A service will be held in St Bride's on Sunday.",
    ),
    version=2,
)
REPORT = new_article(
    title="A closed valve, and seventeen minutes without water",
    source="Port Ellery Observer",
    url="https://observer.example/2023/10/grey-petrel-report",
    authors=("Tomas Reyle", "Ada Quill"),
    published_at=datetime(2023, 10, 5, tzinfo=UTC),
    text="The Grey Petrel's sprinklers ran dry because a valve had been left closed after maintenance, "
    "the accident report says.\n\n"
    "It took the crew seventeen minutes to find it. By then the car deck was lost.\n\n"
    "The company said it accepted every finding.",
)
HOSTILE_TEXT = (
    "<img src=x onerror=alert(1)> and [click](javascript:alert(1)) stood in the text.\n\n"
    '<img src="http://outside.test/1.png"><picture><source srcset="http://outside.test/2.png"><img></picture>'
    '<video src="http://outside.test/3.mp4" poster="http://outside.test/4.png" autoplay></video>'
    '<audio src="http://outside.test/5.mp3" autoplay></audio><iframe src="http://outside.test/6"></iframe>'
    '<object data="http://outside.test/7"></object><embed src="http://outside.test/8">'
    '<link rel="stylesheet" href="http://outside.test/9.css"><style>@import "http://outside.test/10.css";</style>'
    '<div style="background:url(http://outside.test/11.png);position:fixed;inset:0">over everything</div>'
    '<svg><image href="http://outside.test/12.png"/></svg><input type="image" src="http://outside.test/13.png">'
    "</mark></details></section><script>alert(2)</script> ${alert(3)} {{alert(4)}} $$x$$\n\n"
    "```mermaid\ngraph TD; A[<img src=http://outside.test/14.png>]\n```\n\n![](http://outside.test/15.png)"
)
HOSTILE = new_article(
    title='<img src=x onerror=alert(5)> "title"',
    source="<script>alert(6)</script>",
    url="https://hostile.example/%22onmouseover=alert(7)",
    authors=("<b onclick=alert(8)>A. Writer</b>",),
    published_at=datetime(2023, 1, 1, tzinfo=UTC),
    text=HOSTILE_TEXT,
)
FERRY_COPIES = SyndicatedCopies(
    (
        SyndicatedCopy(
            "b1", 1, "Ferry fire", "<b>Bee</b>", datetime(2023, 3, 17, tzinfo=UTC), "https://bee.example/ferry"
        ),
        SyndicatedCopy("b2", 1, "Nine dead", "Holm Gazette", None, "javascript:alert(10)"),
    ),
    12,
)
FIRST_FERRY = replace(
    FERRY,
    version=1,
    title="Eight dead after fire on Holm Island ferry",
    text=FERRY.text.replace("Nine people are known", "Eight people are known"),
    correction=None,
)
COPY = replace(FERRY, id="copy-of-ferry", version=1, source="Holm Gazette", url=None, title="Ferry fire: nine dead")


class Shelves:
    """The articles of these stories as an archive holds them."""

    def __init__(self, *articles: Article) -> None:
        self._articles = {(one.id, one.version): one for one in articles}

    def article(self, article_id: str, version: int) -> Article:
        try:
            return self._articles[article_id, version]
        except KeyError:
            raise ArchiveError(f"no version {version} of article {article_id}") from None

    def fingerprints(self, article_id: str) -> dict[str, int]:
        return {one.fingerprint: one.version for one in self._articles.values() if one.id == article_id}

    def copies_of(self, article_id: str) -> list[Article]:
        return [COPY] if article_id == FERRY.id else []


SHELVES = Shelves(FERRY, FIRST_FERRY, REPORT, HOSTILE, COPY)
EXAMPLES = (
    "How many people died in the ferry fire?",
    "Why did the Grey Petrel's sprinklers run dry?",
    "What did Ines Tolland say about the search?",
    "Who won the by-election in Port Ellery?",
)
OPENING = Front(
    latest=(evidence(1, REPORT, "The company said it accepted every finding."),),
    on_this_day=(replace(evidence(1, FERRY, "Two are still missing."), copies=FERRY_COPIES),),
    subjects=(("the Grey Petrel died", 3),),
)
FURTHER = ("What did Ines Tolland say about Holm Island?", "And how many people were hurt on the Grey Petrel?")


def died(_: Asked) -> Script:
    toll = evidence(1, FERRY, "Nine people are known to have died in the fire, the harbour master said on Thursday.")
    valve = evidence(
        2,
        REPORT,
        "The Grey Petrel's sprinklers ran dry because a valve had been left closed after maintenance, "
        "the accident report says.",
    )
    search = evidence(3, FERRY, '"We have not stopped looking," said Ines Tolland, who leads the lifeboat crew.')
    return Script(
        (
            Sentence("Nine people were known to have died by 16 March 2023.", (toll,), Support.SUPPORTED),
            Sentence("The search for two others went on.", (search,), Support.WEAK),
            Sentence(
                "The accident report later found that a valve had been left closed after maintenance, "
                "so that the sprinklers ran dry.",
                (valve,),
                Support.SUPPORTED,
            ),
        ),
        (toll, valve, search),
    )


def quoted(_: Asked) -> Script:
    words = '"We have not stopped looking," said Ines Tolland, who leads the lifeboat crew.'
    item = replace(evidence(1, FERRY, words), copies=FERRY_COPIES)
    text = f"Ellery Courier, 16 March 2023: “{words}”"
    return Script((Sentence(text, (item,), Support.QUOTED),), (item,), notice="Quotations only: no model is set.")


def hostile(_: Asked) -> Script:
    first = evidence(1, HOSTILE, HOSTILE_TEXT[: HOSTILE_TEXT.index("\n\n")])
    second = evidence(2, HOSTILE, HOSTILE_TEXT[HOSTILE_TEXT.index("\n\n") + 2 :])
    return Script(
        tuple(Sentence(item.text, (item,), Support.QUOTED) for item in (first, second)),
        (first, second),
        notice=HOSTILE_TEXT,
        filters=(
            Filter(FilterKey(FilterKind.TIME, "<b>"), Notice(NoticeKind.PLAIN, "<img src=x onerror=alert(9)>"), "<b>"),
        ),
    )


def silent(_: Asked) -> Script:
    nearest = (evidence(1, REPORT, "The company said it accepted every finding."), evidence(2, FERRY, FERRY.text[:30]))
    return Script((), nearest, Status.NOT_IN_ARCHIVE)


def uncertain(_: Asked) -> Script:
    item = evidence(1, REPORT, "The company said it accepted every finding.")
    return Script((Sentence(item.text, (item,), Support.QUOTED),), (item,), Status.UNCERTAIN)


IN_MARCH = Days(date(2023, 3, 1), date(2023, 3, 31))
MARCH = FilterKey(FilterKind.TIME, "march 2023")


def dated(asked: Asked) -> Script:
    item = evidence(1, FERRY, "Two are still missing.")
    kept = "everything" if MARCH in asked.removed else "March 2023"
    return Script(
        (Sentence(f"Searched {kept}.", (item,), Support.SUPPORTED),),
        (item,),
        filters=(
            Filter(MARCH, Notice(NoticeKind.PUBLISHED, times=(IN_MARCH,)), "in March 2023"),
            Filter(
                FilterKey(FilterKind.SOURCE, "ellery courier"),
                Notice(NoticeKind.SOURCE, "Ellery Courier"),
                "the Courier",
            ),
        ),
    )


def followed(asked: Asked) -> Script:
    item = evidence(1, FERRY, "Two are still missing.")
    before = asked.conversation[-1].question.text if asked.conversation else "nothing"
    return Script((Sentence(f"This follows: {before}", (item,), Support.SUPPORTED),), (item,))


def endless(_: Asked) -> Script:
    item = evidence(1, FERRY, "Two are still missing.")
    return Script((Sentence("Two are missing.", (item,), Support.SUPPORTED),), (item,), endless=True)


SCRIPTS = {
    "And": followed,
    "died": died,
    "say": quoted,
    "hostile": hostile,
    "World Cup": silent,
    "owns": uncertain,
    "March": dated,
    "forever": endless,
}
