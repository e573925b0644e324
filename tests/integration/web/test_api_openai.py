"""OpenAI's own client against a served archive; it knows nothing of Dateline."""

import re
from collections.abc import Iterator

import openai
import pytest
from markdown_it import MarkdownIt
from openai.types.chat import ChatCompletionMessageParam

from tests.integration.web.conftest import Serve
from web.api.access import Access

FIRE = "How many people died in the ferry fire?"
TOKEN = "a-token-of-some-length"


@pytest.fixture
def client(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none is needed here", max_retries=0) as client:
        yield client


def user(text: str) -> ChatCompletionMessageParam:
    return {"role": "user", "content": text}


def test_an_answer_shows_its_citations_as_marks_as_annotations_and_as_a_list_of_sources(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(model="dateline", messages=[user(FIRE)])
    (choice,) = completion.choices
    text, annotations = choice.message.content or "", choice.message.annotations or []
    assert choice.finish_reason == "stop"
    assert "Nine people died" in text
    assert "Sources:\n- [1] Ferry fire (The Ellery Courier, 15 March 2023) https://courier.example/fire" in text
    assert annotations
    for one in annotations:
        cited = one.url_citation
        assert text[cited.start_index : cited.end_index].startswith("[")
        assert cited.title == "Ferry fire"
        assert cited.url.startswith("https://courier.example/fire#:~:text=")
    assert "text=Nine%20people%20died" in annotations[0].url_citation.url


def test_a_streamed_answer_is_the_same_as_one_that_comes_at_once(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="dateline", messages=[user(FIRE)]).choices[0].message
    stream = client.chat.completions.create(model="dateline", messages=[user(FIRE)], stream=True)
    deltas = [chunk.choices[0].delta for chunk in stream]
    assert "".join(delta.content or "" for delta in deltas) == whole.content
    annotations = [one for delta in deltas for one in (delta.model_extra or {}).get("annotations", ())]
    assert annotations == [one.model_dump() for one in whole.annotations or ()]
    assert len([delta for delta in deltas if delta.content]) > 1


def test_earlier_messages_are_the_conversation(client: openai.OpenAI) -> None:
    first = client.chat.completions.create(model="dateline", messages=[user(FIRE)]).choices[0].message.content
    answer = client.chat.completions.create(
        model="dateline",
        messages=[
            {"role": "system", "content": "Answer like a pirate."},
            user(FIRE),
            {"role": "assistant", "content": first},
            {"role": "user", "content": [{"type": "text", "text": "When was she built?"}]},
        ],
    )
    assert "1994" in (answer.choices[0].message.content or "")


def test_the_archive_can_be_asked_as_of_an_earlier_day(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="dateline", messages=[user(FIRE)], extra_body={"as_of": "2023-03-16"})
    assert "Four people died" in (answer.choices[0].message.content or "")


def test_an_abstention_is_said_in_words(client: openai.OpenAI) -> None:
    question = "Who won the chess olympiad in Budapest?"
    message = client.chat.completions.create(model="dateline", messages=[user(question)]).choices[0].message
    assert (message.content or "").startswith("The archive does not hold an answer to this.")
    assert not message.annotations


def test_no_article_sets_a_link_or_an_image_into_a_chat_client(client: openai.OpenAI) -> None:
    message = client.chat.completions.create(model="dateline", messages=[user("Who painted the lighthouse?")])
    text = message.choices[0].message.content or ""
    assert "lighthouse" in text
    html = MarkdownIt("commonmark").render(text)
    assert not re.findall("<(?:img|a|b)[ >]", html)
    assert "http://evil" not in text  # which many clients would make a link


def test_models_are_listed_and_another_one_is_refused(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["dateline"]
    assert client.models.retrieve("dateline").owned_by == "dateline"
    with pytest.raises(openai.NotFoundError, match="the only one is dateline"):
        client.chat.completions.create(model="gpt-4o", messages=[user(FIRE)])


def test_a_conversation_that_ends_with_no_question_is_refused(client: openai.OpenAI) -> None:
    answer: ChatCompletionMessageParam = {"role": "assistant", "content": "Nine."}
    for messages in ([user(" ")], [user(FIRE), answer]):
        with pytest.raises(openai.BadRequestError, match="the last message holds no question"):
            client.chat.completions.create(model="dateline", messages=messages)
    with pytest.raises(openai.BadRequestError, match="shorten it"):
        client.chat.completions.create(model="dateline", messages=[user("x" * 2001)])
    with pytest.raises(openai.UnprocessableEntityError, match="n: "):
        client.chat.completions.create(model="dateline", messages=[user(FIRE)], n=2)


def test_the_key_of_the_client_is_the_token(serve: Serve) -> None:
    with serve(Access(TOKEN)) as address:
        with openai.OpenAI(base_url=f"{address}/v1", api_key=TOKEN) as client:
            assert client.models.list().data
        with (
            openai.OpenAI(base_url=f"{address}/v1", api_key="wrong", max_retries=0) as client,
            pytest.raises(openai.AuthenticationError, match="token"),
        ):
            client.models.list()
