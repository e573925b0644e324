"""The whole system with real parts (MiniLM, Chroma, tantivy, the local language model) on printed news pages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chat.answer import Answer, Status, Support
from chat.chatbot import Chatbot
from chat.opening import open_chatbot
from chat.settings import ChatSettings
from corpus.article import Article
from corpus.readers import read_articles
from indexer.embedding.model import open_embedding
from indexer.settings import settings_of
from indexer.sync import sync

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "tests" / "fixtures" / "printed_news_page.txt"
SEED = ROOT.parent / "shared" / "data" / "seed_article.txt"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one of the pages, with words of its answer and of the sentence that answers."""

    page: Path
    question: str
    answer: str
    sentence: str


QUESTIONS = [
    Asked(PAGE, "How much did the repair of the cable car in Tarnholm cost?", "14.6 million", "The repair cost"),
    Asked(PAGE, "Who said that every kilogram is counted?", "Renn", "nobody counted before"),
    Asked(PAGE, "What did the inspector find in July 2020?", "cracks", "two of its eleven pylons"),
    Asked(SEED, "Who argued that the pipeline stoppages were political?", "Hess", "smelled of politics"),
    Asked(SEED, "What did Tokayev refuse to recognize?", "quasi-state", "refusal to recognize"),
    Asked(SEED, "How many people died in the January protests in Kazakhstan?", "200", "more than 200 people died"),
]


@pytest.fixture(scope="module")
def folder(sample_data: Callable[[], Path], models_folder: Path) -> Path:
    data = sample_data()
    (data / "models").symlink_to(models_folder)
    pages = [page for page in (PAGE, SEED) if page.exists()]
    report = sync(read_articles(pages), data, open_embedding())
    assert (report.added, report.unreadable) == (len(pages), ())
    return data


@pytest.fixture(scope="module", params=["quotes", "local"])
def chatbot(request: pytest.FixtureRequest, folder: Path) -> Iterator[Chatbot]:
    chatbot = open_chatbot(settings_of(ChatSettings, data=folder, llm=request.param))
    assert chatbot.notices == ()
    yield chatbot
    chatbot.index.close()


def shown(answer: Answer) -> str:
    return " ".join(sentence.text for sentence in answer.sentences)


def test_a_printed_page_is_read_with_all_its_parts() -> None:
    (article,) = read_articles([PAGE])
    assert isinstance(article, Article)
    assert article.title == "Tarnholm's Cable Car Runs Again, With Half as Many Cabins"
    assert (article.authors, article.agency) == (("Ines Caldwell",), "AFP")
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == "2022-09-14"
    assert article.url is not None
    assert article.url.startswith("https://www.themoorlandpost.example/2022/09/14/")
    assert "that the company had filed her letters" in article.text
    for outside in ("Marek Soll", "Related article", "Original url", "](#)", "**"):
        assert outside not in article.text


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.question)
def test_a_question_about_a_printed_page_is_answered_with_its_sentence(chatbot: Chatbot, asked: Asked) -> None:
    if not asked.page.exists():
        pytest.skip("the article beside the project is not here")
    answer = chatbot.ask(asked.question)
    cited = [one for sentence in answer.sentences for one in sentence.citations]
    assert answer.status is Status.ANSWERED
    assert answer.notice == ""
    assert asked.answer in shown(answer)
    (page,) = read_articles([asked.page])
    assert isinstance(page, Article)
    assert any(asked.sentence in one.text and one.article.id == page.id for one in cited)
    assert all(sentence.support is not Support.UNSUPPORTED for sentence in answer.sentences)


def test_a_question_that_no_article_answers_gets_an_abstention(chatbot: Chatbot) -> None:
    answer = chatbot.ask("Who won the 2026 World Cup?")
    assert (answer.status, answer.sentences) == (Status.NOT_IN_ARCHIVE, ())


def test_an_unknown_model_costs_a_notice_and_not_the_answer(folder: Path) -> None:
    chatbot = open_chatbot(settings_of(ChatSettings, data=folder, llm="no-such-model"))
    answer = chatbot.ask(QUESTIONS[0].question)
    chatbot.index.close()
    assert "no-such-model" in answer.notice
    assert QUESTIONS[0].answer in shown(answer)
    assert answer.sentences[0].support is Support.QUOTED
