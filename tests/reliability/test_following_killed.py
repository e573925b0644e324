"""Following is killed at aimed points, round after round; in the end every article is there once, with its versions."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from corpus.fetching.fetcher import Fetcher, Limits
from indexer.following.rounds import Following
from indexer.following.sources import Source
from indexer.following.state import FollowState
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from tests.fakes import word_hash_model
from tests.press_server import START, Clock, serving_press
from tests.reliability.killing import killed_at

EVERY = timedelta(minutes=30)
MANY = 20
# A function of the indexer, whether the process is killed as it begins or ends, and at the how manieth time.
POINTS = (
    ("put", "call", 1),
    ("put", "return", 1),
    ("_added", "call", 1),
    ("keep_vectors", "return", 1),
    ("add", "return", 1),
    ("keep_clusters", "return", 1),
    ("bring_into_step", "return", 1),
    ("sync", "return", 1),
    ("put", "call", 2),
    ("put", "return", 2),
)


def follow(folder: Path, feeds: list[str], hour: float, name: str, event: str, count: int) -> None:
    """One round at a simulated hour, killing this process at one point of it."""
    clock = Clock()
    clock.now += timedelta(hours=hour)
    limits = Limits(connect_seconds=1, silence_seconds=1, total_seconds=5)
    following = Following(
        folder=folder,
        sources=lambda: [Source(one) for one in feeds],
        model=word_hash_model(),
        fetcher=Fetcher(clock=clock, allow_private=True, delay_seconds=0, limits=limits),
        state=FollowState(folder),
        every=EVERY,
        wait=lambda seconds: True,
    )
    with killed_at(name, event, count):
        following.round()


def serve() -> None:
    """Fork a process for each line: modules are imported once, before there are threads."""
    import chromadb  # noqa: F401

    for line in sys.stdin:
        folder, *how = json.loads(line)
        child = os.fork()
        if not child:
            follow(Path(folder), *how)
            os._exit(0)
        print(os.waitpid(child, 0)[1], flush=True)


@contextmanager
def forking() -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", "from tests.reliability.test_following_killed import serve; serve()"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield server
        assert server.stdin
        server.stdin.close()


def run(server: "subprocess.Popen[str]", *how: object) -> int:
    """How a round ended: 0, or the signal that killed it."""
    assert server.stdin
    assert server.stdout
    server.stdin.write(json.dumps(how) + "\n")
    server.stdin.flush()
    return int(server.stdout.readline())


def test_a_kill_at_any_point_of_a_round_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    clock = Clock()
    with serving_press(clock, MANY) as press, forking() as server:
        feeds = [press.address + path for path in ("/growing", "/changing", "/withdrawing", "/many")]
        killed = 0
        for hour, point in enumerate(POINTS, start=5):
            clock.now = START + timedelta(hours=hour)
            killed += run(server, str(tmp_path), feeds, hour, *point) == signal.SIGKILL
            before = len(press.asked)
            run(server, str(tmp_path), feeds, hour + 0.1, "", "", 0)
            assert len(press.asked) == before or point == ("put", "call", 1)  # not asked again within the interval
        clock.now += timedelta(hours=1)
        assert run(server, str(tmp_path), feeds, len(POINTS) + 5, "", "", 0) == 0
    assert killed == len(POINTS)
    archive = Archive(tmp_path / FILE_NAME)
    held = dict(archive.select("SELECT url, count(*) FROM articles GROUP BY url").fetchall())
    archive.close()
    names = {url.rpartition("/")[2]: count for url, count in held.items()}
    grown = [f"g{number}" for number in range(len(POINTS) + 6)]
    expected = dict.fromkeys((*grown, *(f"m{number}" for number in range(MANY)), "stays"), 1)
    assert names == expected | {"changing": 2, "goes": 2}
