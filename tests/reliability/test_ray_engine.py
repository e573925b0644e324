"""With Ray the same archive is made as without: from good shards and bad ones, with a worker that is killed."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from corpus.article import Article
from corpus.readers import read_articles
from indexer.embedding.model import PACKAGED_MODEL, open_embedding
from indexer.ray_engine import add_with_ray
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.sync import sync

pytest.importorskip("ray")
if "DATELINE_TORTURE" not in os.environ:
    pytest.skip("a cluster takes half a minute to start; make torture starts one", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ray", "ignore::ResourceWarning")
ROOT = Path(__file__).parents[2]
SHARDS = 6


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample in shards of JSON Lines, the last one of which is cut off in the middle of a record."""
    folder = tmp_path_factory.mktemp("shards")
    articles = [one for one in read_articles([ROOT / "corpus" / "sample"]) if isinstance(one, Article)]
    for number in range(SHARDS):
        lines = [line_of(one) for one in articles[number::SHARDS]]
        text = "\n".join(lines) + "\n"
        (folder / f"{number}.jsonl").write_text(text if number < SHARDS - 1 else text[:-60], encoding="utf-8")
    (folder / "broken.warc.gz").write_bytes(b"\x1f\x8b no archive of the web")
    return folder


def line_of(one: Article) -> str:
    published = one.published_at.isoformat() if one.published_at else None
    record = {"url": one.url, "date": published, "title": one.title, "text": one.text, "source": one.source}
    return json.dumps(record)


@pytest.fixture(scope="module")
def plain(shards: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plain")
    sync(read_articles([shards]), folder, open_embedding(data=folder))
    return folder


def content(folder: Path) -> tuple[object, dict[int, "np.typing.NDArray[np.float32]"]]:
    with closing(Archive(folder / FILE_NAME)) as archive:
        passages = archive.select(
            "SELECT article_id, version, start, end, hex(text_hash), source, published_at, language "
            "FROM passages JOIN articles USING (article_key) ORDER BY article_id, version, start"
        ).fetchall()
        clusters = archive.select("SELECT article_id, cluster_id FROM clusters ORDER BY article_id").fetchall()
        order = archive.select(
            "SELECT passage_id FROM passages JOIN articles USING (article_key) ORDER BY article_id, version, start"
        ).fetchall()
        model = archive.state("model_fingerprint") or ""
        found = archive.passage_vectors(model, [one for (one,) in order])
        vectors = {at: found[one] for at, (one,) in enumerate(order)}
    return (passages, clusters, model), vectors


def embedders() -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"ray::MapWorker" in path.read_bytes():
                yield int(path.parent.name)
        except OSError:
            continue


def test_with_a_killed_worker_and_a_bad_shard_ray_makes_the_archive_of_the_plain_run_and_goes_on_by_shards(
    shards: Path, plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")  # as the command does
    killed: list[int] = []

    def kill_one(done: int) -> None:
        if done == 1 and not killed:
            killed.extend(list(embedders())[:1])
            for process in killed:
                os.kill(process, signal.SIGKILL)

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    report = add_with_ray([str(shards)], tmp_path, PACKAGED_MODEL, workers=2, progress=kill_one)
    assert {one.path.name for one in report.unreadable} == {f"{SHARDS - 1}.jsonl", "broken.warc.gz"}, report.unreadable
    ours, vectors = content(tmp_path)
    theirs, expected = content(plain)
    assert ours == theirs
    assert max(float(np.abs(vectors[at] - expected[at]).max()) for at in expected) <= 1e-3
    again = add_with_ray([str(shards)], tmp_path, PACKAGED_MODEL, workers=2)
    assert (again.added, again.kept, again.embedded) == (0, 0, 0)
    print(f"{len(killed)} workers killed, {report.added} articles of {SHARDS + 1} shards")


def test_shards_at_an_address_make_the_same_archive_on_a_cluster_of_two_nodes(
    shards: Path, plain: Path, tmp_path: Path
) -> None:
    from ray.cluster_utils import Cluster

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    try:
        cluster.add_node(num_cpus=1)
        report = add_with_ray([f"file://{shards}"], tmp_path, PACKAGED_MODEL, workers=2, cluster=cluster.address)
    finally:
        cluster.shutdown()  # type: ignore[no-untyped-call]
    assert {one.path.name for one in report.unreadable} == {f"{SHARDS - 1}.jsonl", "broken.warc.gz"}, report.unreadable
    assert all("file://" in one.reason for one in report.unreadable)
    assert content(tmp_path)[0] == content(plain)[0]
