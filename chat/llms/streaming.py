"""Read a language model's reply as it is written, within deadlines."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from queue import Empty, SimpleQueue
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chat.llms.connections import responses_closed_at_the_end
from chat.llms.model_faults import AbsurdReplyError, fault_of
from chat.texts.notices import NoticeKind

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

_ATTEMPTS = 3
_BACKOFF_S = 0.5  # doubled at each attempt
_STOP_CHECK_S = 0.05


def stream_within(
    llm: LLM,
    messages: Sequence[ChatMessage],
    *,
    first_token_s: float,
    total_s: float,
    stop: threading.Event,
    max_characters: int = 8000,
    options: Mapping[str, Any] = MappingProxyType({}),
) -> Generator[str, None, None]:
    """Yield the reply as the model writes it; ends early, without an error, once `stop` is set.

    A failed connection, a 429 or a 5xx is retried while nothing has been written. Every other fault raises
    LanguageModelError. `options` are passed to the model's `stream_chat`. Closing the iterator stops the model.
    """
    model, started = llm.metadata.model_name, time.monotonic()
    first_deadline, deadline = started + min(first_token_s, total_s), started + total_s
    for attempt in range(_ATTEMPTS):
        wrote = False
        try:
            for delta in _deltas(llm, messages, options, max_characters, first_deadline, deadline, stop):
                wrote = True
                yield delta
            return
        except Exception as error:
            fault = fault_of(error, model)
            delay_s = _BACKOFF_S * 2**attempt if fault.retry_after_s is None else fault.retry_after_s
            in_time = attempt + 1 < _ATTEMPTS and time.monotonic() + delay_s < first_deadline
            if wrote or not fault.retryable or not in_time:
                raise fault.error from error
        if stop.wait(delay_s):
            return


def _deltas(
    llm: LLM,
    messages: Sequence[ChatMessage],
    options: Mapping[str, Any],
    max_characters: int,
    first_deadline: float,
    deadline: float,
    stop: threading.Event,
) -> Iterator[str]:
    """One request, read in its own thread so that the deadlines hold; raises what the client raises."""
    events: SimpleQueue[str | Exception | None] = SimpleQueue()
    abandoned = threading.Event()
    # A daemon, because a socket that hangs must not keep the process alive.
    threading.Thread(
        target=_read, args=(llm, messages, options, max_characters, events, abandoned), name="reply", daemon=True
    ).start()
    wrote = False
    try:
        while (event := _next_event(events, deadline if wrote else first_deadline, stop)) is not None:
            if isinstance(event, Exception):
                raise event
            wrote = True
            yield event
        if not wrote and not stop.is_set():
            raise AbsurdReplyError(NoticeKind.WROTE_NOTHING)
    finally:
        abandoned.set()


def _next_event(
    events: SimpleQueue[str | Exception | None], deadline: float, stop: threading.Event
) -> str | Exception | None:
    """What the model wrote next; None at the end of the reply or once `stop` is set."""
    while not stop.is_set():
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        try:
            return events.get(timeout=min(left_s, _STOP_CHECK_S))
        except Empty:
            continue
    return None


def _read(
    llm: LLM,
    messages: Sequence[ChatMessage],
    options: Mapping[str, Any],
    max_characters: int,
    events: SimpleQueue[str | Exception | None],
    abandoned: threading.Event,
) -> None:
    characters, finished = 0, None
    try:
        with responses_closed_at_the_end(), closing(llm.stream_chat(messages, **options)) as replies:
            for reply in replies:
                if abandoned.is_set():
                    return
                characters += len(reply.delta or "")
                if characters > max_characters:
                    raise AbsurdReplyError(NoticeKind.WROTE_TOO_MUCH, max_characters)
                if reply.delta:
                    events.put(reply.delta)
                finished = finished or _says_finished(reply.raw)
        events.put(None if finished in (True, None) else AbsurdReplyError(NoticeKind.CUT_OFF))
    except Exception as error:
        events.put(error)


def _says_finished(raw: Any) -> bool | None:
    """Whether the server marked the reply as complete; None if its protocol has no such mark."""
    if isinstance(raw, Mapping):
        return bool(raw["done"]) if "done" in raw else None
    choices = getattr(raw, "choices", None)
    return choices[0].finish_reason is not None if choices else None
