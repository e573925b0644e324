"""Adds articles with Ray: processes on one or many machines read, cut and embed shards, and one process writes."""

import dataclasses
import logging
import pickle
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.article import Article, Unreadable
from corpus.readers import read_articles
from indexer.adding import Report
from indexer.embedding.chunking import cut_passages
from indexer.embedding.model import EmbeddingModel, open_embedding
from indexer.errors import IndexerError
from indexer.shards import Shard, done_shards, is_address, note_done, shards_at
from indexer.storage.passage import embedded_text
from indexer.sync import sync

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

_ROOT = Path(__file__).parents[1]
_RECORDS_A_BATCH = 32
_KEPT_TEXTS = 20_000  # with their vectors, until the writer takes them
_END = b""  # of a shard, in place of a record


def add_with_ray(
    places: Iterable[str],
    folder: Path,
    spec: str,
    *,
    workers: int = 2,
    cluster: str | None = None,
    mapping: Mapping[str, str] | None = None,
    zones: Mapping[str, tzinfo] | None = None,
    chroma: str | None = None,
    progress: Callable[[int], object] = lambda seen: None,
) -> Report:
    """Add every file at the places as a shard; one that was added before and has not changed is left out.

    A place is a local path or an address that fsspec reads. `cluster` is the address of a Ray cluster; without one,
    Ray is started on this machine with so many processors as there are workers. The result is that of `sync` on the
    same articles. After an interruption the same call goes on with the shard in which it stopped. `progress` is told
    how many shards are done. Raises IndexerError without Ray, and what `sync` raises.
    """
    found = list(shards_at(places))
    shards = [one for one in found if isinstance(one, Shard)]
    done = done_shards(folder)
    waiting = {one.place: one for one in shards if one.state not in done}
    report = Report(unreadable=tuple(one for one in found if isinstance(one, Unreadable)))
    model = open_embedding(spec, folder)
    progress(len(shards) - len(waiting))
    if not waiting:
        return report
    with _ray(workers, cluster) as ray:
        read = _ShardReader(dict(mapping or {}), dict(zones or {}))
        rows = _embedded_rows(ray, list(waiting.values()), spec, read, workers)
        for count, (place, some) in enumerate(groupby(rows, lambda row: str(row["place"])), start=1):
            vectors: OrderedDict[str, Sequence[float]] = OrderedDict()
            report += sync(_records(some, vectors), folder, _looked_up(model, vectors), chroma=chroma)
            note_done(folder, waiting[place])
            progress(len(shards) - len(waiting) + count)
    return report


@contextmanager
def _ray(workers: int, cluster: str | None) -> Iterator[Any]:
    try:
        import ray
    except ImportError as error:
        raise IndexerError("--engine ray needs Ray; install it with: pip install -e '.[ray]'") from error
    where: dict[str, Any] = {"address": cluster} if cluster else {"num_cpus": workers, "include_dashboard": False}
    try:
        ray.init(
            log_to_driver=False,
            logging_level=logging.ERROR,
            runtime_env={"env_vars": {"PYTHONPATH": str(_ROOT)}},
            **where,
        )
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise IndexerError(f"Ray cannot be reached at {cluster or 'this machine'}: {error}") from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _embedded_rows(
    ray: Any, shards: Sequence[Shard], spec: str, read_shard: "_ShardReader", workers: int
) -> Iterator[Mapping[str, Any]]:
    """The records of the shards, in order, with their vectors; no more is read than the writer keeps up with."""
    import ray.data

    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    embedders = max(1, workers - 1)  # one processor reads
    items = ray.data.from_items([{"place": one.place} for one in shards], override_num_blocks=len(shards))
    read = items.flat_map(read_shard, num_cpus=0.5)
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
        place = str(row["place"])
        try:
            with Shard(place, ()).as_file() as file:
                for record in read_articles([file], mapping=self._mapping, zones=self._zones):
                    yield {"place": place, "record": pickle.dumps(_found_at(place, record))}
        except Exception as error:  # the other shards go on
            lost = Unreadable(Path(PurePosixPath(place).name), f"{type(error).__name__}: {error}")
            yield {"place": place, "record": pickle.dumps(_found_at(place, lost))}
        yield {"place": place, "record": _END}


def _found_at(place: str, record: Article | Unreadable) -> Article | Unreadable:
    """A record of the copy of what is at an address, which names the address instead of the copy."""
    if isinstance(record, Article) or not is_address(place):
        return record
    return dataclasses.replace(record, path=Path(PurePosixPath(place).name), reason=f"{record.reason} ({place})")


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
