"""What a button asks for is read strictly: anything else is nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.publishing.feedback import Thumb
from web.requests import AskAgain, GiveThumb, OpenArticle, Request, read_request


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"without": "time:march 2023"}, AskAgain("time:march 2023")),
        ({"without": ""}, AskAgain()),
        ({"thumb": "down"}, GiveThumb(Thumb.DOWN)),
        ({"article": "a1", "version": 2}, OpenArticle("a1", 2)),
        (
            {"article": "a1", "version": 2, "marks": "3-9 12-20", "against": 1},
            OpenArticle("a1", 2, ((3, 9), (12, 20)), 1),
        ),
        (
            {"article": "a1", "version": 2, "marks": "x-9 -3 5- ²-9 9999999999-1 4-5", "against": "1"},
            OpenArticle("a1", 2, ((4, 5),)),
        ),
    ],
)
def test_a_request_of_the_page_is_read(sent: object, read: Request) -> None:
    assert read_request(json.dumps(sent)) == read


@pytest.mark.parametrize(
    "sent",
    [
        {},
        [],
        None,
        1,
        {"without": 1},
        {"without": "x" * 401},
        {"thumb": "sideways"},
        {"article": 1, "version": 1},
        {"article": "a1"},
    ],
)
def test_anything_else_is_no_request(sent: object) -> None:
    assert read_request(json.dumps(sent)) is None


@given(st.text(max_size=100) | st.just("[" * 60_000))
def test_any_text_is_a_request_or_none(text: str) -> None:
    assert read_request(text) is None
