"""The index of an evaluation set: built once, kept under a hash of its articles, and reused."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpus.article import Article, Unreadable
from eval.datasets.form import Dataset, check_gold
from eval.errors import DatasetError
from eval.files import write_whole
from eval.progress import Progress
from indexer.embedding.model import EmbeddingModel
from indexer.search.index import Index
from indexer.storage.browsing import summary_of
from indexer.sync import sync

_COMPLETE = "complete.json"

Articles = list[Article | Unreadable]


def index_folder(dataset: Dataset, model: EmbeddingModel, root: Path) -> Path:
    """Where the set's index is kept; other articles or another model have another folder."""
    return root / f"{_folder_name(dataset)}-{model.fingerprint[:8]}"


def unreadable_in(folder: Path) -> list[str]:
    """The inputs that could not be read when the index in a folder was built."""
    path = folder / _COMPLETE
    return list(json.loads(path.read_text(encoding="utf-8"))["unreadable"]) if path.is_file() else []


def _folder_name(dataset: Dataset) -> str:
    return f"{dataset.name}-{dataset.content[:12]}"


def articles_to_index(dataset: Dataset, root: Path) -> Articles | None:
    """The set's articles, checked against its judgements; None where their index is complete already.

    Raises DatasetError for a judgement of an unknown article, before a model is opened or anything is written.
    """
    if not dataset.article_files:
        place = dataset.questions[0].place
        raise DatasetError(place.path, None, "these questions come without articles; name them with --articles PATH")
    if any(root.glob(f"{_folder_name(dataset)}-*/{_COMPLETE}")):
        return None
    found = list(dataset.articles())
    check_gold(dataset, {one.id for one in found if isinstance(one, Article)})
    return found


def prepare_index(
    dataset: Dataset, articles: Articles | None, model: EmbeddingModel, root: Path, progress: Progress
) -> Path:
    """The folder of the set's index, which is built or, after an interruption, completed."""
    folder = index_folder(dataset, model, root)
    if (folder / _COMPLETE).is_file():
        return folder
    found = list(dataset.articles()) if articles is None else articles
    report = sync(found, folder, model, progress=lambda seen: progress(seen, len(found)))
    unreadable = [str(one) for one in report.unreadable]
    write_whole(folder / _COMPLETE, json.dumps({"set": dataset.name, "unreadable": unreadable}))
    return folder


def open_index(dataset: Dataset, model: EmbeddingModel, folder: Path) -> Index:
    """The index in a folder, checked against the set's judgements; raises IndexerError or DatasetError."""
    index = Index(folder, model.fingerprint)
    try:
        check_gold(dataset, {article.article_id for article in index.table.articles})
    except DatasetError:
        index.close()
        raise
    return index


def manifest(index: Index, folder: Path, model: EmbeddingModel) -> dict[str, Any]:
    """The counts, dates, model and size on disk of an index, in plain JSON types."""
    summary = asdict(summary_of(index.archive))
    summary["sources"] = len(summary["sources"])
    return {
        **{name: str(value) if name.startswith(("first_", "last_")) else value for name, value in summary.items()},
        "model": model.name,
        "model_fingerprint": model.fingerprint,
        "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
    }
