"""Adds articles with Ray: processes on one or many machines read, cut and embed shards, and one process writes."""

import json
import logging
import os
import pickle
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.article import Article, Unreadable
from corpus.readers import files_under, read_articles
from indexer.adding import Report
from indexer.embedding.chunking import cut_passages
from indexer.embedding.model import EmbeddingModel, open_embedding
from indexer.errors import IndexerError
from indexer.storage.passage import embedded_text
from indexer.sync import sync

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

_ROOT = Path(__file__).parents[1]
_DONE = "shards.log"  # in the data folder: a line for each shard that was added
_RECORDS_A_BATCH = 32
_KEPT_TEXTS = 20_000  # with their vectors, until the writer takes them
_END = b""  # of a shard, in place of a record


def add_with_ray(
    paths: Iterable[Path],
    folder: Path,
    spec: str,
    *,
    workers: int = 2,
    mapping: Mapping[str, str] | None = None,
    zones: Mapping[str, tzinfo] | None = None,
    chroma: str | None = None,
    progress: Callable[[int], object] = lambda seen: None,
) -> Report:
    """Add every file under the paths as a shard; one that was added before and has not changed is left out.

    The result is that of `sync` on the same articles. After an interruption the same call goes on with the shard in
    which it stopped. `progress` is told how many shards are done. Raises IndexerError without Ray, and what `sync`
    raises.
    """
    found = list(files_under(paths))
    shards = [one for one in found if isinstance(one, Path)]
    done = _done(folder)
    waiting = [shard for shard in shards if _state(shard) not in done]
    report = Report(unreadable=tuple(one for one in found if isinstance(one, Unreadable)))
    model = open_embedding(spec, folder)
    progress(len(shards) - len(waiting))
    if not waiting:
        return report
    with _ray(workers) as ray:
        rows = _embedded_rows(ray, waiting, spec, _ShardReader(dict(mapping or {}), dict(zones or {})), workers)
        for count, (shard, some) in enumerate(groupby(rows, lambda row: str(row["shard"])), start=1):
            state = _state(Path(shard))
            vectors: OrderedDict[str, Sequence[float]] = OrderedDict()
            report += sync(_records(some, vectors), folder, _looked_up(model, vectors), chroma=chroma)
            _note_done(folder, state)
            progress(len(shards) - len(waiting) + count)
    return report


@contextmanager
def _ray(workers: int) -> Iterator[Any]:
    try:
        import ray
    except ImportError as error:
        raise IndexerError("--engine ray needs Ray; install it with: pip install -e '.[ray]'") from error
    ray.init(
        num_cpus=workers,
        include_dashboard=False,
        log_to_driver=False,
        logging_level=logging.ERROR,
        runtime_env={"env_vars": {"PYTHONPATH": str(_ROOT)}},
    )
    try:
        yield ray
    finally:
        ray.shutdown()


def _embedded_rows(
    ray: Any, shards: Sequence[Path], spec: str, read_shard: "_ShardReader", workers: int
) -> Iterator[Mapping[str, Any]]:
    """The records of the shards, in order, with their vectors; no more is read than the writer keeps up with."""
    import ray.data

    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    embedders = max(1, workers - 1)  # one processor reads
    read = ray.data.from_items([{"shard": str(shard)} for shard in shards], override_num_blocks=len(shards)).flat_map(
        read_shard, num_cpus=0.5
    )
    rows: Iterator[Mapping[str, Any]] = read.map_batches(
        _Embedder,
        fn_constructor_args=(spec,),
        batch_size=_RECORDS_A_BATCH,
        compute=ray.data.ActorPoolStrategy(size=embedders),
        num_cpus=0.5,
    ).iter_rows()
    return rows


class _ShardReader:
    """Reads a shard in a task of Ray."""

    def __init__(self, mapping: dict[str, str], zones: dict[str, tzinfo]) -> None:
        self._mapping, self._zones = mapping, zones

    def __call__(self, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        path = Path(row["shard"])
        try:
            for record in read_articles([path], mapping=self._mapping, zones=self._zones):
                yield {"shard": row["shard"], "record": pickle.dumps(record)}
        except Exception as error:  # the other shards go on
            yield {"shard": row["shard"], "record": pickle.dumps(Unreadable(path, f"{type(error).__name__}: {error}"))}
        yield {"shard": row["shard"], "record": _END}


class _Embedder:
    """Cuts and embeds records in an actor of Ray, which opens the model once."""

    def __init__(self, spec: str) -> None:
        self._model = open_embedding(spec)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        texts = [_texts(record, self._model) for record in batch["record"]]
        every = list(dict.fromkeys(text for some in texts for text in some))
        vectors = self._model.embedding.get_text_embedding_batch(every) if every else []
        by_text = dict(zip(every, vectors, strict=True))
        batch["vectors"] = np.array(
            [pickle.dumps({text: np.asarray(by_text[text], np.float32) for text in some}) for some in texts],
            dtype=object,
        )
        return batch


def _texts(packed: bytes, model: EmbeddingModel) -> list[str]:
    record = pickle.loads(packed) if packed != _END else None
    if not isinstance(record, Article) or record.is_withdrawn:
        return []
    spans = cut_passages(record, model.count_wordpieces)
    return [embedded_text(record, record.text[span.start : span.end]) for span in spans]


def _records(
    rows: Iterable[Mapping[str, Any]], vectors: "OrderedDict[str, Sequence[float]]"
) -> Iterator[Article | Unreadable]:
    """The records of a shard; before each, the vectors of its texts are put where the writer looks for them."""
    for row in rows:
        if row["record"] == _END:
            continue
        vectors.update(pickle.loads(row["vectors"]))
        while len(vectors) > _KEPT_TEXTS:  # of articles that the archive has already
            vectors.popitem(last=False)
        yield pickle.loads(row["record"])


def _looked_up(model: EmbeddingModel, vectors: "OrderedDict[str, Sequence[float]]") -> EmbeddingModel:
    """The model with the vectors that the actors have computed; it embeds what is not among them itself."""
    from llama_index.core.base.embeddings.base import BaseEmbedding

    class LookedUp(BaseEmbedding):
        def _get_text_embedding(self, text: str) -> list[float]:
            vector = vectors.pop(text, None)
            return model.embedding.get_text_embedding(text) if vector is None else list(vector)

        def _get_query_embedding(self, query: str) -> list[float]:
            return model.embedding.get_query_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    def load() -> "BaseEmbedding":
        return LookedUp()

    return EmbeddingModel(model.name, model.fingerprint, load, model.count_wordpieces)


def _state(shard: Path) -> tuple[str, int, int]:
    """What a shard is known by: a file that was written to since is another one."""
    try:
        state = shard.stat()
    except OSError:
        return str(shard.absolute()), -1, -1
    return str(shard.absolute()), state.st_size, state.st_mtime_ns


def _done(folder: Path) -> set[tuple[str, int, int]]:
    path = folder / _DONE
    if not path.is_file():
        return set()
    return {(shard, size, changed) for shard, size, changed in map(json.loads, path.open(encoding="utf-8"))}


def _note_done(folder: Path, state: tuple[str, int, int]) -> None:
    with (folder / _DONE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(state) + "\n")
        file.flush()
        os.fsync(file.fileno())
