"""The whole of it with real parts: MiniLM, Chroma, tantivy and the local language model, over real news."""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path

import pytest

from chat.answer import Answer, Status, Support
from chat.chatbot import Chatbot
from chat.opening import open_chatbot
from chat.settings import ChatSettings
from corpus.readers import read_articles
from indexer.embedding.model import open_embedding
from indexer.settings import settings_of
from indexer.sync import sync

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"
SEED = DATA / "seed_article.txt"
WIKINEWS_ARTICLES = 20  # of 295: embedding them all takes two minutes

QUESTIONS = [
    ("Who argued that the pipeline stoppages were political?", "Hess", "smelled of politics"),
    ("What did Tokayev refuse to recognize?", "quasi-state", "refusal to recognize"),
    ("How many people died in the January protests in Kazakhstan?", "200", "more than 200 people died"),
]

pytestmark = pytest.mark.skipif(not SEED.exists(), reason="the articles beside the project are not here")


@pytest.fixture(scope="module")
def folder(sample_data: Callable[[], Path], models_folder: Path) -> Path:
    data = sample_data()
    (data / "models").symlink_to(models_folder)
    others = islice(read_articles([DATA / "wikinews.jsonl"]), WIKINEWS_ARTICLES)
    report = sync(chain(read_articles([SEED]), others), data, open_embedding())
    assert (report.added, report.unreadable) == (1 + WIKINEWS_ARTICLES, ())
    return data


@pytest.fixture(scope="module", params=["quotes", "local"])
def chatbot(request: pytest.FixtureRequest, folder: Path) -> Iterator[Chatbot]:
    chatbot = open_chatbot(settings_of(ChatSettings, data=folder, llm=request.param))
    assert chatbot.notice == ""
    yield chatbot
    chatbot.index.close()


def shown(answer: Answer) -> str:
    return " ".join(sentence.text for sentence in answer.sentences)


@pytest.mark.parametrize(("question", "answer", "gold"), QUESTIONS)
def test_a_question_about_the_seed_article_is_answered_with_its_sentence(
    chatbot: Chatbot, question: str, answer: str, gold: str
) -> None:
    given = chatbot.ask(question)
    cited = [one for sentence in given.sentences for one in sentence.citations]
    assert given.status is Status.ANSWERED
    assert given.notice == ""
    assert answer in shown(given)
    assert any(gold in one.text and one.article.source == "The Moscow Times" for one in cited)
    assert all(sentence.support is not Support.UNSUPPORTED for sentence in given.sentences)


def test_a_question_that_no_article_answers_gets_silence(chatbot: Chatbot) -> None:
    answer = chatbot.ask("Who won the 2026 World Cup?")
    assert (answer.status, answer.sentences) == (Status.NOT_IN_ARCHIVE, ())


def test_a_model_that_nobody_knows_costs_a_notice_and_not_the_answer(folder: Path) -> None:
    chatbot = open_chatbot(settings_of(ChatSettings, data=folder, llm="no-such-model"))
    answer = chatbot.ask(QUESTIONS[0][0])
    chatbot.index.close()
    assert "no-such-model" in answer.notice
    assert "Hess" in shown(answer)
    assert answer.sentences[0].support is Support.QUOTED
