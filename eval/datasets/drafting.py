"""Drafts of questions from your own articles, for a person to turn into questions."""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus.article import Article
from corpus.readers import read_articles
from corpus.sentences import split_sentences
from eval.errors import EvalError

_SEED = 11
_GAP = "____"
# What a question can ask for: a figure, or a name of two words or more.
_ASKED_FOR = re.compile(r"(?<![\w.,])\d[\d,.]*\d(?![\w])|(?<!^)\b[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+")
_WORDS = range(8, 40)


def drafts_from(paths: Sequence[Path], count: int) -> list[dict[str, Any]]:
    """Drafts from files and folders; raises EvalError where no sentence qualifies."""
    found = (one for one in read_articles(paths) if isinstance(one, Article))
    drafts = list(draft_questions(found, count))
    if not drafts:
        raise EvalError("no sentence has a figure or a name to ask for; name more articles")
    return drafts


def draft_questions(articles: Iterable[Article], count: int) -> Iterator[dict[str, Any]]:
    """At most one draft per article, drawn with a fixed seed: a sentence with a gap, its article, and the gap's words.

    A draft has the field `draft`, and no evaluation accepts it before a person has rephrased the question and removed
    the field.
    """
    drawn = list(articles)
    random.Random(_SEED).shuffle(drawn)
    drafts = filter(None, map(_draft, drawn))
    for number, draft in zip(range(1, count + 1), drafts, strict=False):
        yield {"question_id": f"draft-{number:03d}", **draft}


def _draft(article: Article) -> dict[str, Any] | None:
    found = list(_askable(article))
    if not found:
        return None
    sentence, answer = random.Random(article.id).choice(found)
    return {
        "question": sentence.replace(answer, _GAP),
        "draft": True,
        "kind": "fact",
        "about": article.title,
        "gold": [{"url" if article.url else "article": article.url or article.id, "sentence": sentence}],
        "answers": [answer],
        "answerable": True,
    }


def _askable(article: Article) -> Iterator[tuple[str, str]]:
    for span in split_sentences(article.text):
        sentence = article.text[span.start : span.end]
        if len(sentence.split()) in _WORDS:
            for match in _ASKED_FOR.finditer(sentence):
                if match[0] not in article.title:
                    yield sentence, match[0]
