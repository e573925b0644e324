"""A block of our own HTML on the page."""

import gradio as gr


def html_block(content: str, name: str) -> gr.Markdown:
    """Shows HTML of our own; each of its blocks is one line, which Markdown leaves alone.

    gr.HTML compiles its template in the browser, which the content security policy forbids without 'unsafe-eval';
    gr.Chatbot repeats a message's markup in a label that is read aloud.
    """
    return gr.Markdown(content, elem_id=name, sanitize_html=False, latex_delimiters=[], container=False)
