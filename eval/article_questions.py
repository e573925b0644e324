"""Measures evidence for the questions that articles ask: `python -m eval.article_questions --dataset FOLDER`.

"How many flights did Southwest cancel?" is a heading in explanatory articles, and the sentence behind it replies. Such
headings, drawn with a fixed seed, are asked, and the reply is looked for in the evidence.
"""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from chat.answer import Evidence
from chat.chatbot import Chatbot
from corpus.article import Article
from corpus.sentences import split_sentences
from eval.bench.asking import last_moment
from eval.bench.opening import Wanted, open_bench
from eval.progress import progress_of

_HEADING = re.compile(r"(?:Who|What|When|Where|Why|How)\b(?=.* [A-Z])[^?\"“]{12,80}\?")  # with a name
_FIRST = 3  # pieces of evidence


@dataclass(frozen=True, slots=True)
class Heading:
    """A question in an article, and the sentence behind it."""

    text: str
    article_id: str
    reply: str


def headings_of(articles: Iterable[Article]) -> Iterator[Heading]:
    """The questions with a name in them that stand before a sentence that is none."""
    for article in articles:
        sentences = [article.text[span.start : span.end] for span in split_sentences(article.text)]
        for text, reply in pairwise(sentences):
            if _HEADING.fullmatch(text) and not reply.endswith("?"):
                yield Heading(text, article.id, reply)


def main(
    dataset: Annotated[str, typer.Option(help="A set as `python -m eval retrieval` takes it.")] = "sample",
    data: Annotated[Path | None, typer.Option(help="The data folder, where the set's index is kept.")] = None,
    limit: Annotated[int, typer.Option(help="So many headings.", min=1)] = 250,
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 1,
) -> None:
    """Print how often the reply is the first evidence or among the first three, and how often a question is."""
    with open_bench(Wanted(dataset, data=data)) as bench:
        as_of = last_moment(bench.index)
        chatbot = Chatbot(bench.index, bench.model, None, clock=lambda: as_of)
        headings = list({one.text: one for one in headings_of(bench.index.archive.articles())}.values())
        drawn = random.Random(seed).sample(headings, min(limit, len(headings)))
        found = []
        with progress_of("headings", shown=True) as progress:
            for done, one in enumerate(drawn, start=1):
                question = chatbot.understand(one.text, conversation=[], as_of=as_of)
                found.append(chatbot.evidence(question)[:_FIRST])
                progress(done, len(drawn))
    print(report_of(drawn, found))


def report_of(headings: Sequence[Heading], found: Sequence[Sequence[Evidence]]) -> str:
    """The counts, one a line; `found` has the first evidence for each heading."""
    first = sum(_has(one, evidence[:1]) for one, evidence in zip(headings, found, strict=True))
    among = sum(_has(one, evidence) for one, evidence in zip(headings, found, strict=True))
    asking = sum(any(each.text.endswith("?") for each in evidence) for evidence in found)
    return (
        f"{len(headings)} headings: the reply is the first evidence for {first}, among the first {_FIRST} for {among}; "
        f"a question is among them for {asking}"
    )


def _has(heading: Heading, evidence: Sequence[Evidence]) -> bool:
    return any(one.article.id == heading.article_id and heading.reply in one.text for one in evidence)


if __name__ == "__main__":
    typer.run(main)
