"""Texts that become scripts, requests or markup where nothing escapes them, and a page that is full of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from chat.answer import Sentence, Support
from chat.chatbot import Chatbot
from chat.front.opening_page import Front
from chat.listing.article_search import ArticleSearch
from chat.publishing.plain_data import evidence_data
from chat.standing.asking import StandingQuestions
from chat.standing.question import Change, Known, Reason, ReasonKind, StandingQuestion
from chat.standing.store import StandingStore, asked_record, saved_record
from chat.texts.notices import Notice, NoticeKind
from chat.understanding.question import Filter, FilterKey, FilterKind
from corpus.article import Article, new_article
from indexer.search.index import Index
from indexer.sync import sync
from tests.fakes import word_hash_model
from tests.open_conversations import open_conversations
from tests.scripted_chatbot import NOW, Asked, Script, ScriptedChatbot, evidence
from tests.served import serving
from web.conversations.open_conversations import OpenConversations
from web.conversations.routes import add_conversations
from web.page import build_page
from web.programs import add_programs
from web.tabs.archive import ArchiveTab
from web.tabs.evaluation import Evaluation, EvaluationTab
from web.tabs.quotation import QuotationTab
from web.tabs.search import SearchTab
from web.tabs.tab import Tab
from web.tabs.timeline import TimelineTab

# Each calls alert, loads something from outside.test, or leaves an element with the attribute `planted`.
_ATTACKS = (
    "<script planted>alert(1)</script>",
    "<script planted src=http://outside.test/1.js></script>",
    "<img planted src=x onerror=alert(1)>",
    "<img planted src=http://outside.test/2.png>",
    "<svg planted onload=alert(1)>",
    "<svg><image planted href=http://outside.test/3.png /></svg>",
    '<iframe planted src="javascript:parent.alert(1)"></iframe>',
    '<iframe planted srcdoc="<script>parent.alert(1)</script>"></iframe>',
    "<object planted data=http://outside.test/4></object>",
    "<embed planted src=http://outside.test/5>",
    "<video planted autoplay src=http://outside.test/6.mp4 onerror=alert(1)></video>",
    "<audio planted autoplay src=http://outside.test/7.mp3></audio>",
    "<link planted rel=stylesheet href=http://outside.test/8.css>",
    '<style planted>@import "http://outside.test/9.css";</style>',
    '<div planted style="background:url(http://outside.test/10.png);position:fixed;inset:0">over everything</div>',
    "<details planted open ontoggle=alert(1)><summary>x</summary></details>",
    "<input planted autofocus onfocus=alert(1)>",
    '<a planted href="javascript:alert(1)">x</a>',
    "<form planted action=http://outside.test/11><button>x</button></form>",
    '<meta planted http-equiv=refresh content="0;url=http://outside.test/12">',
    "<base planted href=http://outside.test/>",
    "<math planted><mtext><img src=x onerror=alert(1)></mtext></math>",
    "<x planted onmouseover=alert(1) style=position:fixed;inset:0>x</x>",
    "<picture planted><source srcset=http://outside.test/13.png><img></picture>",
    "<body planted onload=alert(1)>",
    "<select planted autofocus onfocus=alert(1)></select>",
    "<textarea planted autofocus onfocus=alert(1)></textarea>",
    '<button planted data-citation="source-1-1" autofocus onfocus=alert(1)>[1]</button>',
    "<mark planted>x</mark>",
    '<noscript planted><p title="</noscript><img planted src=x onerror=alert(1)>"></noscript>',
    ' autofocus onfocus=alert(1) onmouseover=alert(1) planted x="',
    "![x](http://outside.test/14.png)",
    "[x](javascript:alert(1)) <javascript:alert(1)> [y](http://outside.test/15)",
    "${alert(1)} {{constructor.constructor('alert(1)')()}} <%= alert(1) %>",
    "```mermaid\ngraph TD; A[<img planted src=http://outside.test/16.png>]\n```",
    "$$\\href{javascript:alert(1)}{x} \\includegraphics{http://outside.test/17.png}$$",
    '<?xml-stylesheet type="text/xsl" href="http://outside.test/18.xsl"?>',
    "&lt;img planted src=x onerror=alert(1)&gt;",
    "<!--><img planted src=x onerror=alert(1)>-->",
    '<a:script xmlns:a="http://www.w3.org/1999/xhtml" planted>alert(1)</a:script>',
)
# What the attack would have to break out of: attributes, raw text elements, comments, JSON in an attribute.
_BEFORE = (
    "",
    '">',
    "'>",
    "</textarea>",
    "</title></head>",
    "</style>",
    "</script>",
    "-->",
    "]]>",
    "</mark></p></details></section>",
    "</svg></math>",
    "\"}'>",
    "&#34;&#62;",
    "<",
    "javascript:/*--></title></style></textarea></script></xmp>*/",
)
PAYLOADS = tuple(before + attack for before in _BEFORE for attack in _ATTACKS)
TOGETHER = 5  # payloads of one subject, which one answer cites and one timeline shows
_SYLLABLES = "ba ce di fo gu ha ke li mo nu pa re si to vu wa ye zi bro cla".split()


def subject_of(number: int) -> str:
    """The word that the articles with payloads of one subject share."""
    group = number // TOGETHER
    return "".join(_SYLLABLES[group // 20**place % 20] for place in range(3)).title()


def article_of(number: int, payload: str) -> Article:
    """An article with the payload wherever an article has words; `n7n` in its title and text is its number."""
    sentence = f"The keeper of {subject_of(number)} counted n{number}n gulls {payload} on Monday."
    made = new_article(
        title=f"Gulls n{number}n",
        text=f"{sentence}\n\n“Nobody counts {payload} as we do,” said Ines {subject_of(number)}.",
        source="The Ellery Courier",
        url=f"https://courier.example/{number}",
        published_at=datetime(2021, 1, 1, tzinfo=UTC) + timedelta(days=number),
        language="en",
    )
    line = " ".join(payload.split())
    url = (f"javascript:alert({number})", f'https://courier.example/{number}"{line}', made.url)[number % 3]
    return replace(
        made,
        title=f"{made.title} {line}",
        source=f"Courier n{number}n {line}",
        authors=(f"A. Writer {line}",),
        agency=line,
        section=line,
        correction=line,
        keywords=(line,),
        url=url,
    )


@dataclass(frozen=True)
class Planted:
    """A page that is full of payloads, and what stands behind it."""

    address: str
    articles: Sequence[Article]
    payloads: Sequence[str]
    conversations: OpenConversations
    store: StandingStore

    def follow(self, owner: str, first: int, last: int) -> str:
        """Keep a standing question with a change for each of these payloads; returns its id."""
        question = StandingQuestion(id=f"planted-{owner}-{first}", text=self.payloads[first], since=NOW, owner=owner)
        with self.store.changing():
            self.store.append(saved_record(question))
            for number in range(first, last):
                change = _change(question, number, self.articles[number], self.payloads[number])
                self.store.append(asked_record(question.id, Known(number), change))
        return question.id


def _change(question: StandingQuestion, number: int, one: Article, payload: str) -> Change:
    item = evidence_data(evidence(1, one, one.text.partition("\n\n")[0]))
    return Change(
        id=f"00000000-0000-0000-0000-{number:012}",
        question_id=question.id,
        question=payload,
        noticed_at=NOW + timedelta(seconds=number),
        reasons=(Reason(ReasonKind.ANSWER, f"n{number}n {payload}"),),
        answer={
            "sentences": [{"text": one.text, "citations": [1], "support": "quoted"}],
            "evidence": [item],
            "notice": payload,
        },
    )


def _answer(articles: Sequence[Article]) -> Callable[[Asked], Script]:
    """Cites all articles whose subject the question names."""

    def answer(asked: Asked) -> Script:
        cited = [one for number, one in enumerate(articles) if subject_of(number) in asked.text]
        found = tuple(evidence(n, one, one.text.partition("\n\n")[0]) for n, one in enumerate(cited, start=1))
        sentences = [Sentence(one.text, (one,), Support.QUOTED) for one in found[::2]]
        sentences += [Sentence(f"So it says {one.text}", (one,), Support.WEAK) for one in found[1::2]]
        chips = tuple(
            Filter(FilterKey(FilterKind.SOURCE, one.source), Notice(NoticeKind.SOURCE, one.source), one.title)
            for one in cited
        )
        return Script(tuple(sentences), found, notice=cited[0].title if cited else "", filters=chips)

    return answer


def _evaluation(payloads: Sequence[str]) -> Evaluation:
    """Two runs whose every word is a payload."""
    estimate = {"mean": 0.5, "low": 0.4, "high": 0.6, "count": 3}
    named = [f"n{number}n {payload}" for number, payload in enumerate(payloads)]

    def runs() -> list[Mapping[str, Any]]:
        return [
            {"folder": str(n), "name": one, "dataset": one, "questions": 3, "started_at": one}
            for n, one in enumerate(named)
        ]

    def describe(folders: Sequence[str]) -> Mapping[str, Any]:
        return {
            "error": "",
            "runs": [named[int(one)] for one in folders],
            "measures": [(one, [estimate] * len(folders)) for one in named],
            "times": [(one, [1.0] * len(folders)) for one in named],
            "comparisons": [],
            "unlike": named,
            "measure": named[0],
            "questions": [{"text": one, "kind": one, "values": [0.0] * len(folders), "change": 0.0} for one in named],
        }

    return Evaluation(runs, describe)


@contextmanager
def serving_payloads(folder: Path, payloads: Sequence[str]) -> Iterator[Planted]:
    """Serve a page with every tab over an archive of one article for each payload."""
    model = word_hash_model()
    articles = [article_of(number, payload) for number, payload in enumerate(payloads)]
    sync(articles, folder, model)
    with closing(Index(folder, model.fingerprint)) as index:
        chatbot = Chatbot(index, model, None, clock=lambda: NOW)
        search = ArticleSearch(chatbot.search)
        front = [evidence(1, one, one.text.partition("\n\n")[0]) for one in articles]
        scripted = ScriptedChatbot(
            {"": _answer(articles)},
            tuple(payloads[:8]),
            further=tuple(payloads[8:12]),
            opening=Front(tuple(front[:10]), tuple(front[10:20]), tuple((one, 3) for one in payloads[:10])),
        )
        conversations = open_conversations({"Scripted": scripted}, index.archive.article)
        store = StandingStore(folder)
        standing = StandingQuestions(chatbot, store, lambda: NOW)

        def build() -> gr.Blocks:
            tabs: list[Tab] = [
                SearchTab(search),
                QuotationTab(index),
                TimelineTab(chatbot.search),
                ArchiveTab(index, search.lists),
                EvaluationTab(_evaluation(payloads)),
            ]
            return build_page(conversations, index.archive, lambda *judged: None, lambda: NOW, standing, tabs)

        def add_api(app: FastAPI) -> None:
            add_programs(app, chatbot, standing=standing)
            add_conversations(app, conversations, index.archive)

        with serving(build, add_api) as address:
            yield Planted(address, articles, payloads, conversations, store)
