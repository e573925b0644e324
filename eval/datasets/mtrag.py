"""Reads MTRAG tasks: conversations with the passages that answer their last turn (Katsis et al. 2025)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.article import Article, CorpusError, Unreadable, new_article
from eval.datasets.form import Dataset, EvalQuestion, Gold, Place
from eval.datasets.records import Record, json_records, records_field, text_field
from eval.errors import DatasetError

_TITLE_CHARACTERS = 80
_ANSWERABLE = ("ANSWERABLE", "PARTIAL")


def recognises(record: Record) -> bool:
    """Whether a record is an MTRAG task."""
    return "task_id" in record and "contexts" in record and "input" in record


def read(path: Path) -> Dataset:
    """The passages of all tasks are the articles; those of an answerable task are its gold."""
    return Dataset(
        name=path.stem,
        questions=tuple(_question(row, place) for place, row in json_records(path)),
        articles=lambda: _articles(path),
        article_files=(path,),
        note=(
            "The archive is the passages of the tasks, not MTRAG's full collections. Only ANSWERABLE and PARTIAL tasks "
            "count for retrieval; UNANSWERABLE and UNDERSPECIFIED ones call for abstention or a clarifying question."
        ),
    )


def _question(row: Record, place: Place) -> EvalQuestion:
    turns = records_field(row, "input", place)
    if not turns or turns[-1].get("speaker") != "user":
        raise DatasetError(place.path, place.line, "the field 'input' must end with a turn of the user")
    kind = str((row.get("answerability") or [""])[0])
    answerable = kind in _ANSWERABLE
    contexts = records_field(row, "contexts", place) if answerable else ()
    ids = dict.fromkeys(text_field(one, "document_id", place) for one in contexts)
    return EvalQuestion(
        id=text_field(row, "task_id", place),
        text=text_field(turns[-1], "text", place),
        place=place,
        kind=kind.lower(),
        earlier=_earlier(turns[:-1], place),
        gold=tuple(Gold(article_id=one, written=one, place=place) for one in ids),
        answerable=answerable,
    )


def _earlier(turns: Sequence[Record], place: Place) -> tuple[tuple[str, str], ...]:
    texts = [(turn.get("speaker"), text_field(turn, "text", place)) for turn in turns]
    pairs = zip(texts[::2], texts[1::2], strict=False)
    return tuple((asked, answered) for (_, asked), (_, answered) in pairs)


def _articles(path: Path) -> Iterator[Article | Unreadable]:
    seen: set[str] = set()
    for place, row in json_records(path):
        for one in records_field(row, "contexts", place):
            identity = text_field(one, "document_id", place)
            if identity not in seen:
                seen.add(identity)
                yield _article(identity, one, str(row.get("Collection") or "mtrag"), place)


def _article(identity: str, context: Record, collection: str, place: Place) -> Article | Unreadable:
    text = text_field(context, "text", place).strip()
    title = str(context.get("title") or "").strip() or text[:_TITLE_CHARACTERS]
    try:
        return replace(new_article(title=title, text=text, source=collection), id=identity)
    except CorpusError as error:
        return Unreadable(place.path, f"{identity}: {error}", place.line)
