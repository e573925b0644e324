"""The commands that run on, as they are started: what is written into a folder is noticed, and SIGTERM ends them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.press_server import Clock, serving_press

ROOT = Path(__file__).parents[3]
# A publisher that is slow holds a request for up to 60 s; a busy machine may need some of this time to start Python.
_ENDS_S = 30
STORY = "---\ntitle: {title}\nsource: Courier\npublished_at: 2023-04-30T08:00:00Z\n---\n{text}\n"


@contextmanager
def running(*command: str) -> Iterator["subprocess.Popen[str]"]:
    """A command that runs until it is stopped; its stdout can be read."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def stop(process: "subprocess.Popen[str]") -> int:
    """The exit status after SIGTERM."""
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=_ENDS_S)


def next_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline()


def test_what_is_written_into_a_followed_folder_is_reported_by_watch_and_both_end_when_told(tmp_path: Path) -> None:
    news, data = tmp_path / "news", str(tmp_path / "data")
    news.mkdir()
    (news / "tram.md").write_text(STORY.format(title="Tram vote", text="The council voted for the tram line."))
    follow = ("indexer", "follow", str(news), "--data", data, "--every", "1s", "--allow-private", "--json")
    with running(*follow) as following:
        assert json.loads(next_line(following))["report"]["added"] == 1
        question = "Who designed the Tern Point water tower?"
        saved = [sys.executable, "-m", "chat", "watch", question, "--once", "--data", data]
        assert subprocess.run(saved, cwd=ROOT, check=True, capture_output=True, text=True).stdout == ""
        with running("chat", "watch", "--data", data, "--json") as watching:
            text = "The Tern Point water tower was designed by Ada Brook, an engineer, in 1911."
            (news / "tower.md").write_text(STORY.format(title="Tern Point water tower", text=text))
            change = json.loads(next_line(watching))
            assert change["question"] == question
            assert "Ada Brook" in change["reasons"][0]["text"]
            assert stop(watching) == 0
        assert stop(following) == 0


def test_a_slow_publisher_does_not_keep_follow_from_ending(tmp_path: Path) -> None:
    clock = Clock()
    with serving_press(clock, 3) as press:
        feeds = (f"{press.address}/many", f"{press.address}/hanging")
        with running("indexer", "follow", *feeds, "--data", str(tmp_path), "--allow-private") as following:
            press.asked_hanging.wait(timeout=120)
            assert stop(following) == 0
