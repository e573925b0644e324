"""A visit: its tab, its browser, its address, its language, and what is said to the reader."""

from collections import OrderedDict
from typing import TypeVar

import gradio as gr

from chat.texts.table import Texts
from web.conversations.open_conversations import owner_of
from web.cookies import token_of
from web.faults import reason_of
from web.localized import texts_of

_MOST_TABS = 10_000

T = TypeVar("T")


class ByTab(OrderedDict[str, T]):
    """One value for each tab; the tab that was set longest ago is forgotten when there are too many."""

    def __setitem__(self, tab: str, value: T) -> None:
        super().__setitem__(tab, value)
        self.move_to_end(tab)
        if len(self) > _MOST_TABS:
            self.popitem(last=False)


def tab_of(request: gr.Request) -> str:
    """The name that Gradio gives this visit."""
    return str(request.session_hash)


def token_in(request: gr.Request) -> str:
    """The reader's cookie or, where the browser keeps none, the name of this visit."""
    return token_of(request.headers.get("cookie", "")) or f"visit:{request.session_hash}"


def owner_in(request: gr.Request) -> str:
    """Whose conversations this browser may see."""
    return owner_of(token_in(request))


def client_of(request: gr.Request) -> str:
    """The address that the request came from; empty where it is unknown."""
    return str(request.client.host) if request.client else ""


def texts_for(request: gr.Request) -> Texts:
    """The texts in the reader's language."""
    return texts_of(request.headers.get("cookie", ""), request.headers.get("accept-language", ""))


def warn(error: Exception, title: str, request: gr.Request) -> None:
    """Show the reason of an error in a corner of the page, after what it prevented; `title` is the key of a text."""
    texts = texts_for(request)
    gr.Warning(f"{texts(title)}: {reason_of(error, texts).rstrip('.')}.")
