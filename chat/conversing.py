"""Questions and answers in the terminal."""

import sys
from collections.abc import Sequence
from datetime import datetime

from chat.answer import Turn
from chat.chatbot import Chatbot
from chat.events import Composed, Finished, Gathered, Judged
from chat.publishing.terminal import closing_lines, explanation_lines, opening_lines, sentence_line
from chat.understanding.typed_text import typed_question


def typed_line(prompt: str) -> str:
    """What is typed, without blanks around it; empty at the end of the input and for Ctrl-C."""
    try:
        return input(prompt).strip()
    except (EOFError, KeyboardInterrupt):
        return ""


def print_answer(
    chatbot: Chatbot,
    text: str,
    conversation: Sequence[Turn],
    as_of: datetime | None,
    *,
    prints: bool,
    explain: bool = False,
) -> Turn:
    """Answer a question, at a moment or now; prints each sentence as soon as it is checked."""

    events = chatbot.stream(typed_question(text), conversation=conversation, as_of=as_of)
    for event in events:
        match event:
            case Gathered(question=question, status=status):
                if explain:
                    print("\n".join(explanation_lines(question)), file=sys.stderr)
                lines = list(opening_lines(status))
            case Judged(status):
                lines = list(opening_lines(status))
            case Composed(sentence):
                lines = [sentence_line(sentence)]
            case Finished(answer):
                lines = list(closing_lines(answer))
            case _:
                lines = []
        if prints and lines:
            print("\n".join(lines), flush=True)
    return Turn(question, answer)
