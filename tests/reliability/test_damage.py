"""Every file of the derived indexes is damaged in every way; a subprocess looks, because Chroma may crash a process."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.compacting import compact
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model
from tests.published import TORTURE, publish

MODEL = word_hash_model()
WORDS = "walrus tram harbour ferry fog council bridge school market storm".split()
LOCKS = (".tantivy-meta.lock", ".tantivy-writer.lock")

# Opens every damaged folder, asks at once, asks again when the index says that it is mended.
_READER = """
import json, sys, time
from pathlib import Path
from indexer.search.index import Index
from tests.fakes import word_hash_model

model = word_hash_model()
for folder in map(Path, sys.argv[1:]):
    index = Index(folder, model.fingerprint)
    at_once = len(index.by_words("walrus", 50))
    deadline = time.monotonic() + 60
    while index.is_repairing and time.monotonic() < deadline:
        time.sleep(0.01)
    vector = model.embedding.get_query_embedding("walrus")
    print(json.dumps([folder.name, at_once, len(index.by_words("walrus", 50)), len(index.by_vector(vector, 100)),
                      len(index.vectors.damaged), len(model.embedding.embedded)]), flush=True)
    index.close()
"""


def delete(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)


def swell(path: Path) -> None:
    os.truncate(path, 4 * 2**40)


DAMAGES: tuple[Callable[[Path], None], ...] = (delete, truncate, zero, flip, swell)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "data"
    for some in (range(40), range(40, 45)):
        sync([article(f"{WORDS[n % 10]} {n}", f"A story of the {WORDS[n % 10]} {n}.") for n in some], folder, MODEL)
        compact(folder, graph_from=40)  # a segment with a graph and a fresh one
    return folder


def derived_files(folder: Path) -> list[Path]:
    found = (path for name in ("keywords", "vectors") for path in (folder / name).rglob("*") if path.is_file())
    return sorted(path for path in found if path.name not in LOCKS)


def damaged_copies(whole: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Each file by each damage that changes it; what swells is made in place, for a copy of it would be terabytes."""
    for number, path in enumerate(derived_files(whole)):
        for damage in DAMAGES if TORTURE else DAMAGES[number % 5 :][:1]:
            if path.stat().st_size == 0 and damage in (truncate, zero, flip):
                continue
            copy = folder / f"{len(list(folder.iterdir()))}"
            shutil.copytree(whole, copy)
            damage(copy / path.relative_to(whole))
            yield f"{damage.__name__} {path.name}", copy


def test_any_damage_is_found_before_serving_and_mended_without_embedding(whole: Path, tmp_path: Path) -> None:
    cases = {copy.name: (told, copy) for told, copy in damaged_copies(whole, tmp_path)}
    assert len(cases) > 20
    reader = subprocess.run(
        [sys.executable, "-c", _READER, *(str(copy) for _, copy in cases.values())],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    told = {name: rest for name, *rest in map(json.loads, reader.stdout.splitlines())}
    wrong = {what: told.get(name) for name, (what, _) in cases.items() if told.get(name) != [5, 5, 45, 0, 0]}
    publish(
        "derived files damaged in every way", f"{len(cases)} damages", f"{len(cases) - len(wrong)} found and mended"
    )
    assert not wrong, reader.stderr[-2000:]


def test_a_generation_that_is_gone_altogether_is_built_again_while_keywords_answer(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "data")
    shutil.rmtree(tmp_path / "data" / "vectors")
    index = Index(tmp_path / "data", MODEL.fingerprint)
    assert len(index.by_words("tram", 50)) == 5
    index.close()
    index = Index(tmp_path / "data", MODEL.fingerprint)
    assert len(index.by_vector(MODEL.embedding.get_query_embedding("tram"), 100)) == 45
    index.close()
