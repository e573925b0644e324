"""Notices: what did not work, in a corner of the page."""

import gradio as gr

from web.visit import texts_for


def warn(error: Exception, title: str, request: gr.Request) -> None:
    """Show the reason of an error; `title` is the key of a text."""
    message = str(error)
    gr.Warning(f"{message[:1].upper()}{message[1:].rstrip('.')}.", title=texts_for(request)(title))
