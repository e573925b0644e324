"""The watch command: standing questions in the terminal, asked again after each addition."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event as StopSignal
from typing import TYPE_CHECKING

from chat.standing.lines import change_lines, question_line
from chat.standing.plain_data import change_data, question_data
from indexer.progress import StatusLine

if TYPE_CHECKING:
    from chat.settings import ChatSettings
    from chat.standing.asking import StandingQuestions
    from chat.standing.question import Change

TERMINAL = "terminal"  # the name under which the store remembers what was reported here
_EVERY_S = 2.0


@contextmanager
def open_standing(settings: "ChatSettings") -> Iterator["StandingQuestions"]:
    """The standing questions of a data folder; no language model is loaded. Raises IndexerError."""
    from chat.opening import open_chatbot
    from chat.standing.asking import StandingQuestions
    from chat.standing.store import StandingStore

    chatbot = open_chatbot(settings.model_copy(update={"llm": "quotes"}))
    try:
        yield StandingQuestions(chatbot, StandingStore(settings.data), lambda: datetime.now(UTC))
    finally:
        chatbot.index.close()


def print_questions(standing: "StandingQuestions", *, as_json: bool) -> None:
    """List all standing questions."""
    stored = standing.stored
    listed = [(one, stored.changes_of(one.id)) for one in standing.questions()]
    if as_json:
        print(json.dumps([question_data(*one) for one in listed], ensure_ascii=False, indent=1))
    else:
        print("\n".join(question_line(*one) for one in listed) or "no standing questions")


def watch_once(standing: "StandingQuestions", *, as_json: bool) -> None:
    """Ask again where something was added, and print the changes that were not printed before."""
    standing.ask_again()
    if changes := standing.unreported(TERMINAL):
        _print(changes, as_json=as_json)
        standing.mark_reported(changes, TERMINAL)


def watch_until(standing: "StandingQuestions", stop: StopSignal, *, as_json: bool) -> None:
    """As `watch_once`, again and again until stopped, with a status line."""
    with StatusLine() as status:
        while True:
            status.clear()
            watch_once(standing, as_json=as_json)
            status.show(f"watching {len(standing.questions())} questions; last looked {datetime.now(UTC):%H:%M:%S} UTC")
            if stop.wait(_EVERY_S):
                return


def _print(changes: "Sequence[Change]", *, as_json: bool) -> None:
    for change in changes:
        print(json.dumps(change_data(change), ensure_ascii=False) if as_json else "\n".join(change_lines(change)))
    sys.stdout.flush()
