"""An answer as Markdown, with numbered citations and a list of its sources."""

import re

from chat.answer import Answer, Evidence, Status
from chat.publishing.cards import cited
from chat.publishing.links import address_of_words
from chat.texts.notices import text_of
from chat.texts.table import ENGLISH, Texts

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_AT_LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def markdown(question: str, answer: Answer, texts: Texts = ENGLISH) -> str:
    """A question, its answer and its sources; the words of others mean nothing to Markdown."""
    sentences = " ".join(
        escaped(sentence.text) + "".join(f" [{evidence.number}]" for evidence in sentence.citations)
        for sentence in answer.sentences
    )
    doubt = f"*{texts('turn.uncertain')}*" if answer.status is Status.UNCERTAIN else ""
    lines = "\n".join(_source_line(one, texts) for one in cited(answer.sentences))
    sources = lines and f"{texts('turn.sources')}:\n\n{lines}"
    parts = (f"## {escaped(question)}", doubt, sentences, escaped(text_of(answer.notices, texts)), sources)
    return "\n\n".join(filter(None, parts))


def escaped(text: str) -> str:
    """Text on one line in which no character means anything to Markdown or HTML."""
    return _AT_LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", " ".join(text.split())))


def _source_line(evidence: Evidence, texts: Texts) -> str:
    article = evidence.article
    address = address_of_words(article.url, (evidence.text,))
    title = f"[{escaped(article.title)}](<{address}>)" if address else escaped(article.title)
    return f"- [{evidence.number}] {title}, {escaped(article.source)}, {texts.day(article.published_day)}"
