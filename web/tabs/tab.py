"""What the page needs of a tab."""

from typing import Any, Protocol

import gradio as gr
from gradio.events import Dependency

# A call is queued only behind others of its kind, and shows no progress of Gradio's own.
LOOKUP: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "concurrency_id": "lookup",
    "concurrency_limit": 4,
}


class Tab(Protocol):
    """Adds its components where it is laid out, and connects their events."""

    @property
    def name(self) -> str:
        """Names its elements."""
        ...

    @property
    def label(self) -> str:
        """The key of the text that a reader sees."""
        ...

    def add(self, tab: gr.Tab) -> list[Dependency]:
        """Add the components to the tab, which is open; returns the events after which the archive has changed."""
        ...
