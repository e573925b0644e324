"""Vectors on a Chroma server: a real one on loopback, started and ended here."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from indexer.doctor import examine
from indexer.errors import ChromaServerError
from indexer.removing import Selection, purge
from indexer.search.index import Index
from indexer.search.segments import ServerSegments
from indexer.settings import IndexSettings, settings_of
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
TRAM = MODEL.embedding.get_query_embedding("tram")


class Server:
    """`chroma run` on a free port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        chroma = shutil.which("chroma", path=str(Path(sys.executable).parent)) or "chroma"
        command = [chroma, "run", "--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        pytest.fail("chroma run does not answer")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


def filled(folder: Path, server: Server) -> Path:
    sync([article(f"Tram {n}", f"The tram line {n} opened.") for n in range(12)], folder, MODEL, chroma=server.url)
    sync([article("Fog", "Fog came in from the sea.")], folder, MODEL, chroma=server.url)
    return folder


@contextmanager
def on_server(server: Server, folder: Path) -> Iterator[ServerSegments]:
    archive = Archive(folder / FILE_NAME)
    with closing(ServerSegments(server.url, str(archive.state("identity")), folder)) as place:
        yield place
    archive.close()


def collections(server: Server, folder: Path) -> set[str]:
    with on_server(server, folder) as place:
        return {f"{place.prefix}{name}" for name in place.names()}


def test_the_same_is_found_as_in_this_process(server: Server, tmp_path: Path) -> None:
    filled(tmp_path, server)
    there = Index(tmp_path, MODEL.fingerprint, server.url)
    here = Index(tmp_path, MODEL.fingerprint)
    while here.is_repairing:
        time.sleep(0.01)
    found, wanted = there.by_vector(TRAM, 20), here.by_vector(TRAM, 20)
    assert len(wanted) == 13
    assert dict(found) == pytest.approx(dict(wanted), abs=1e-4)
    there.close()
    here.close()


def test_each_archive_has_its_own_collections_and_old_ones_go(server: Server, tmp_path: Path) -> None:
    one, two = filled(tmp_path / "one", server), filled(tmp_path / "two", server)
    assert not collections(server, one) & collections(server, two)
    for n in range(8):
        sync([article(f"Ferry {n}", f"The ferry {n} came.")], one, MODEL, chroma=server.url)
    index = Index(one, MODEL.fingerprint, server.url)
    assert len(index.by_vector(TRAM, 50)) == 21
    segments = index.vectors.generation.segments
    assert len(collections(server, one)) <= 2 * len(segments) + 2
    index.close()
    assert [finding.what for finding in examine(one, server.url) if finding.advice] == []


def test_what_is_purged_leaves_the_server(server: Server, tmp_path: Path) -> None:
    filled(tmp_path, server)
    before = collections(server, tmp_path)
    purge(tmp_path, Selection(address="https://courier.example/tram-3"), server.url)
    index = Index(tmp_path, MODEL.fingerprint, server.url)
    assert len(index.by_vector(TRAM, 50)) == 12
    assert not before & collections(server, tmp_path)  # what had it, and what was merged with that
    index.close()


def test_a_lost_collection_is_made_again_without_embedding(server: Server, tmp_path: Path) -> None:
    filled(tmp_path, server)
    with on_server(server, tmp_path) as place:
        for name in place.names():
            place.remove(name)
    assert sync([], tmp_path, MODEL, chroma=server.url).embedded == 0
    index = Index(tmp_path, MODEL.fingerprint, server.url)
    assert len(index.by_vector(TRAM, 50)) == 13
    index.close()


def test_while_the_server_is_away_words_are_searched_and_a_notice_says_so(tmp_path: Path) -> None:
    server = Server(tmp_path / "server")
    index = Index(filled(tmp_path / "data", server), MODEL.fingerprint, server.url)
    assert len(index.by_vector(TRAM, 50)) == 13
    assert index.vectors.trouble == ""
    server.stop()
    assert index.by_vector(TRAM, 50) == []
    assert server.url in index.vectors.trouble
    index.refresh()
    assert len(index.by_words("tram", 50)) == 12
    assert index.by_vector(TRAM, 50) == []
    with pytest.raises(ChromaServerError, match="chroma run"):
        sync([article("Late", "A late tram.")], tmp_path / "data", MODEL, chroma=server.url)
    server.start()
    assert sync([], tmp_path / "data", MODEL, chroma=server.url).embedded == 0
    ends = time.monotonic() + 60
    while index.vectors.trouble and time.monotonic() < ends:  # a server that was away is not asked again at once
        time.sleep(0.1)
        index.refresh()
    assert index.vectors.trouble == ""
    assert len(index.by_vector(TRAM, 50)) == 14
    index.close()
    server.stop()


def test_a_server_that_was_started_again_is_asked_again_within_the_same_question(tmp_path: Path) -> None:
    server = Server(tmp_path / "server")
    index = Index(filled(tmp_path / "data", server), MODEL.fingerprint, server.url)
    server.stop()
    server.start()
    assert len(index.by_vector(TRAM, 50)) == 13
    assert index.vectors.trouble == ""
    index.close()
    server.stop()


def test_while_a_server_accepts_and_never_answers_words_are_searched(server: Server, tmp_path: Path) -> None:
    filled(tmp_path, server)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        index = Index(tmp_path, MODEL.fingerprint, url)
        index.refresh()
        assert index.by_vector(TRAM, 50) == []
        assert len(index.by_words("tram", 50)) == 12
        assert url in index.vectors.trouble
        index.close()


def test_what_answers_and_is_no_chroma_server_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        url = f"http://127.0.0.1:{other.getsockname()[1]}"
    with pytest.raises(ChromaServerError, match=url):
        sync([article()], tmp_path, MODEL, chroma=url)


@pytest.mark.parametrize("given", ["localhost:8000", "ftp://a.example", "http://", "http://a.example:none"])
def test_an_address_that_is_none_is_named(given: str) -> None:
    with pytest.raises(ChromaServerError, match="is not the address of a Chroma server"):
        settings_of(IndexSettings, chroma=given)
