"""An answer as Markdown, with numbered citations and a list of its sources."""

import re

from chat.answer import MAY_NOT_HOLD_IT, Answer, Evidence, Status
from chat.publishing.answer_text import day
from chat.publishing.cards import cited
from chat.publishing.links import address_of_words

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_AT_LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def markdown(question: str, answer: Answer) -> str:
    """A question, its answer and its sources; the words of others mean nothing to Markdown."""
    sentences = " ".join(
        escaped(sentence.text) + "".join(f" [{evidence.number}]" for evidence in sentence.citations)
        for sentence in answer.sentences
    )
    doubt = f"*{MAY_NOT_HOLD_IT}*" if answer.status is Status.UNCERTAIN else ""
    sources = "\n".join(map(_source_line, cited(answer.sentences)))
    parts = (f"## {escaped(question)}", doubt, sentences, escaped(answer.notice), sources and f"Sources:\n\n{sources}")
    return "\n\n".join(filter(None, parts))


def escaped(text: str) -> str:
    """Text on one line in which no character means anything to Markdown or HTML."""
    return _AT_LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", " ".join(text.split())))


def _source_line(evidence: Evidence) -> str:
    article = evidence.article
    address = address_of_words(article.url, (evidence.text,))
    title = f"[{escaped(article.title)}](<{address}>)" if address else escaped(article.title)
    return f"- [{evidence.number}] {title}, {escaped(article.source)}, {day(article.published_at)}"
