"""Only a call that the page itself would make reaches Gradio."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.protection.calls import checked_call

INPUTS = {0: 2, 3: 0}
CALL = {"fn_index": 0, "data": ["Who died?", None], "session_hash": "abc123", "trigger_id": 7, "event_data": None}


def check(**changed: Any) -> dict[str, Any] | None:
    return checked_call(json.dumps({**CALL, **changed}).encode(), INPUTS)


def test_a_call_of_the_page_passes_with_what_it_needs() -> None:
    assert check() == {"fn_index": 0, "data": ["Who died?", None], "session_hash": "abc123", "trigger_id": 7}


@pytest.mark.parametrize(
    "changed",
    [
        {"fn_index": 9999},
        {"fn_index": -1},
        {"fn_index": None},
        {"fn_index": True},
        {"fn_index": "0"},
        {"data": None},
        {"data": []},
        {"data": [1, 2, 3]},
        {"session_hash": "../x"},
        {"session_hash": "x" * 65},
        {"session_hash": None},
        {"session_hash": "\ud800"},
    ],
)
def test_a_call_that_the_page_would_not_make_is_refused(changed: dict[str, Any]) -> None:
    assert check(**changed) is None


def test_text_is_made_valid_however_deep_it_stands() -> None:
    call = check(data=["a\ud800b\x00", {"k\ud800": ["\u202ec"]}])
    assert call is not None
    assert call["data"] == ["ab", {"k": ["c"]}]


@given(st.binary(max_size=200) | st.just(b"[" * 60_000) | st.just(b'{"data":' * 8_000))
def test_any_bytes_are_a_call_or_none(body: bytes) -> None:
    assert checked_call(body, INPUTS) is None
