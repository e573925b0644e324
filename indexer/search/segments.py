"""Where the segments of the vector index are stored: in local folders, or in collections on a Chroma server."""

import os
import shutil
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import numpy as np

from indexer.errors import ChromaServerError, IndexerError
from indexer.search.generation import Segment
from indexer.search.matrix import Matrix, read_passage_ids
from indexer.search.temporary import TemporaryFolder
from indexer.storage.checksums import Checksums, checksums, is_unchanged, is_whole, with_states
from indexer.storage.rows import Integers, Vector

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

_COLLECTION = "passages"
_SQLITE = "chroma.sqlite3"
_GRAPH = {"space": "cosine", "ef_construction": 128, "ef_search": 128, "max_neighbors": 24}
_LENGTH_BYTES = 4
_CONNECT_S = 2.0
_ANSWER_S = 10.0  # for a batch that is written; a query takes milliseconds
_PAGE = 100  # collections that are listed at a time
_IDS = 10_000  # of passages that are listed at a time

Batches = Iterable[tuple[Sequence[int], Vector]]  # ids of passages, ascending, and their vectors, a row each


class OpenSegment(Protocol):
    """A segment that can be searched."""

    @property
    def collection(self) -> "Collection | None":
        """The graph; None for a fresh segment in a folder."""
        ...

    @property
    def matrix(self) -> Matrix | None:
        """None where exact search takes the vectors from the archive."""
        ...

    def close(self) -> None: ...


class SegmentPlace(Protocol):
    """What the vector index needs of the place where its segments are stored."""

    manifest: Path
    batch: int  # passages that can be written at a time
    checked_at_once: int  # segments, by `is_whole`
    needs_graphs: bool  # a server makes a graph of whatever it is given

    def names(self) -> list[str]:
        """All stored segments, listed in a manifest or not."""
        ...

    def is_whole(self, segment: Segment) -> bool:
        """Whether it can be opened and has not changed since it was written."""
        ...

    def checked(self, segment: Segment) -> Segment | None:
        """The segment, where it is whole, for a writer, who does not open it: files are read once after each change."""
        ...

    def open(self, name: str) -> OpenSegment: ...

    def passage_ids(self, name: str) -> Integers:
        """The passages of a segment, ascending."""
        ...

    def write_fresh(self, name: str, batches: Batches) -> Integers:
        """Write a segment, which has no graph if it is in a local folder; returns the ids of its passages."""
        ...

    def writing_graph(self, name: str, passages: int) -> "AbstractContextManager[Collection]":
        """Add a graph to a segment in a local folder; complete and closed when the context ends."""
        ...

    def signed(self, name: str) -> Checksums:
        """The checksums of a segment's files."""
        ...

    def remove(self, name: str) -> None: ...

    def asking(self) -> AbstractContextManager[None]:
        """Turns errors of a segment's server into IndexerError."""
        ...

    def close(self) -> None: ...


class FolderSegments:
    """Each segment is a folder below the manifest's: a matrix and, unless it is fresh, a Chroma folder with a graph."""

    checked_at_once = os.cpu_count() or 1
    batch = 5_000  # Chroma takes at most 5,461 at a time
    needs_graphs = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.manifest = folder / "generation.json"

    def names(self) -> list[str]:
        return [path.name for path in self._folder.glob("segment-*")]

    def is_whole(self, segment: Segment) -> bool:
        return is_whole(self._folder / segment.folder, segment.files)

    def checked(self, segment: Segment) -> Segment | None:
        folder = self._folder / segment.folder
        if not is_unchanged(folder, segment.files):
            return None
        return replace(segment, files=with_states(folder, segment.files))

    def open(self, name: str) -> OpenSegment:
        folder = self._folder / name
        return _OpenFolder(folder) if (folder / _SQLITE).is_file() else _Fresh(Matrix.open(folder))

    def passage_ids(self, name: str) -> Integers:
        return read_passage_ids(self._folder / name)

    def write_fresh(self, name: str, batches: Batches) -> Integers:
        return Matrix.write(self._folder / name, batches)

    @contextmanager
    def writing_graph(self, name: str, passages: int) -> "Iterator[Collection]":
        folder = self._folder / name
        folder.mkdir(parents=True, exist_ok=True)
        # Chroma keeps fewer than two changes in its log, and its files would still change after they are closed.
        hnsw = {**_GRAPH, "batch_size": 2, "sync_threshold": max(2, passages)}
        with closing(_client_of_folder(folder)) as client:
            yield client.create_collection(_COLLECTION, configuration={"hnsw": hnsw}, embedding_function=None)
        # Its log of all vectors is empty now; vacuuming makes the file ten times smaller.
        with closing(sqlite3.connect(folder / _SQLITE, isolation_level=None)) as connection:
            connection.execute("VACUUM")
        for header in folder.glob("*/header.bin"):
            _clear_reserved(header)

    def signed(self, name: str) -> Checksums:
        folder = self._folder / name
        files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
        return checksums(folder, sorted(files))

    def remove(self, name: str) -> None:
        shutil.rmtree(self._folder / name, ignore_errors=True)

    def asking(self) -> AbstractContextManager[None]:
        return nullcontext()

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class _Fresh:
    matrix: Matrix
    collection: "Collection | None" = None

    def close(self) -> None:
        """Its files are mapped, not open."""


class _OpenFolder:
    """A segment opened through a temporary folder, because Chroma writes to its SQLite file even to read."""

    def __init__(self, folder: Path) -> None:
        self.matrix = Matrix.open(folder)
        with ExitStack() as closing_it:
            own = closing_it.enter_context(closing(TemporaryFolder()))
            for path in folder.iterdir():
                if path.is_dir():
                    (own.path / path.name).symlink_to(path.resolve())
            shutil.copyfile(folder / _SQLITE, own.path / _SQLITE)
            client = closing_it.enter_context(closing(_client_of_folder(own.path)))
            self.collection: Collection = client.get_collection(_COLLECTION, embedding_function=None)
            # Chroma opens its files at the first query, when a writer may have deleted them.
            self.collection.get(limit=1, include=["embeddings"])
            self.close = closing_it.pop_all().close


class ServerSegments:
    """Each segment is a collection of a Chroma server, named with the archive's identity: archives can share one."""

    checked_at_once = 1
    batch = 1_000  # a request may have 40 MB
    needs_graphs = False

    def __init__(self, url: str, identity: str, folder: Path) -> None:
        """`folder` has the manifest; the server is not contacted yet."""
        self._url = url
        self.prefix = f"dateline-{identity}-"
        self._connected: Any = None
        self.manifest = folder / "generation-on-server.json"

    @property
    def _client(self) -> Any:
        if self._connected is None:
            self._connected = _client_of_server(self._url)
        return self._connected

    def names(self) -> list[str]:
        names: list[str] = []
        with self.asking():
            while some := self._client.list_collections(limit=_PAGE, offset=len(names)):
                names += [collection.name for collection in some]
        return [name.removeprefix(self.prefix) for name in names if name.startswith(self.prefix)]

    def is_whole(self, segment: Segment) -> bool:
        from chromadb.errors import NotFoundError

        with self.asking():
            try:
                return int(self._collection(segment.folder).count()) == segment.passages
            except NotFoundError:
                return False

    def checked(self, segment: Segment) -> Segment | None:
        return segment if self.is_whole(segment) else None

    def open(self, name: str) -> OpenSegment:
        with self.asking():
            return _OnServer(self._collection(name))

    def passage_ids(self, name: str) -> Integers:
        ids: list[int] = []
        with self.asking():
            collection = self._collection(name)
            while some := collection.get(limit=_IDS, offset=len(ids), include=[])["ids"]:
                ids += map(int, some)
        return np.array(sorted(ids), dtype=np.int64)

    def write_fresh(self, name: str, batches: Batches) -> Integers:
        written: list[int] = []
        with self.asking():
            collection = self._client.create_collection(
                self.prefix + name, configuration={"hnsw": _GRAPH}, embedding_function=None
            )
            for ids, vectors in batches:
                upsert(collection, ids, vectors)
                written += ids
        return np.array(written, dtype=np.int64)

    def writing_graph(self, name: str, passages: int) -> "AbstractContextManager[Collection]":
        """Not asked for: see needs_graphs."""
        raise NotImplementedError

    def signed(self, name: str) -> Checksums:
        return {}

    def remove(self, name: str) -> None:
        with self.asking():
            self._client.delete_collection(self.prefix + name)

    @contextmanager
    def asking(self) -> Iterator[None]:
        try:
            yield
        except (IndexerError, sqlite3.Error):  # of the archive itself
            raise
        except Exception as error:  # Chroma's client raises anything, even a bare Exception
            self.close()
            raise ChromaServerError(
                f"the Chroma server at {self._url} does not answer as one ({type(error).__name__}: {error}); start it "
                "with: chroma run --path FOLDER --port PORT, or leave out --chroma and DATELINE_CHROMA"
            ) from error

    def close(self) -> None:
        connected, self._connected = self._connected, None
        if connected is not None:
            connected.close()
            for client in (connected, connected._admin_client):  # Chroma's own close leaves their connections open
                client._server._session.close()

    def _collection(self, name: str) -> "Collection":
        found: Collection = self._client.get_collection(self.prefix + name, embedding_function=None)
        return found


@dataclass(frozen=True, slots=True)
class _OnServer:
    collection: "Collection"
    matrix: Matrix | None = None

    def close(self) -> None:
        """The connection is shared by all segments."""


def upsert(collection: "Collection", ids: Sequence[int], vectors: Vector) -> None:
    """Write the vectors of passages into a collection."""
    collection.upsert(ids=list(map(str, ids)), embeddings=vectors)


def _clear_reserved(header: Path) -> None:
    """Overwrite the space reserved for more vectors: it has whatever was in memory, which may be purged words.

    A header of hnswlib: int32 version, then as uint64 an offset, the capacity, the count and the bytes of each vector.
    """
    capacity, count, width = struct.unpack_from("<3Q", header.read_bytes(), 12)
    for name, row_bytes in (("data_level0.bin", width), ("length.bin", _LENGTH_BYTES)):
        path = header.with_name(name)
        if path.stat().st_size == capacity * row_bytes:
            with path.open("r+b") as file:
                file.seek(count * row_bytes)
                file.write(bytes((capacity - count) * row_bytes))


def _client_of_folder(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))


def _client_of_server(url: str) -> Any:
    import httpx

    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port or 8000
    address = f"[{host}]" if ":" in host else host
    # Before Chroma's client, which asks at once and without a deadline.
    beat = httpx.get(f"{parts.scheme}://{address}:{port}/api/v2/heartbeat", timeout=_CONNECT_S)
    beat.raise_for_status()
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    client: Any = chromadb.HttpClient(host=host, port=port, ssl=parts.scheme == "https", settings=settings)
    for one in (client, client._admin_client):
        one._server._session.timeout = httpx.Timeout(_ANSWER_S, connect=_CONNECT_S)
    return client
