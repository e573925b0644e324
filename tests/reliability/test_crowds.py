"""Many readers at once: none sees another's conversation, what is too much is refused, and nothing of them is left."""

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from statistics import median

import gradio as gr
import httpx
import pytest

from tests.browser.stories import SHELVES
from tests.open_conversations import open_conversations
from tests.page_calls import PageClient
from tests.published import TORTURE, publish, so_many
from tests.scripted_chatbot import Script, ScriptedChatbot
from tests.served import served, serving
from web.page import build_page
from web.server import Protection

ROOT = Path(__file__).parents[2]
READERS, TURNS = so_many(200, 6), so_many(10, 3)
ARRIVALS = so_many(2_000, 60)
ADDRESSES = 50  # of the arrivals: each makes fewer calls than an address may, so that only the queue refuses any
RECOVERED_S = 5 if TORTURE else 60  # the suite runs beside other work
AT_ONCE = 64
SOAK_S = 60 * float(os.environ.get("DATELINE_SOAK_MINUTES", "30"))
PAUSE_S = 2.0  # between two visits of the soak, which is about time, not load


def page() -> gr.Blocks:
    chatbot = ScriptedChatbot({"": lambda asked: Script(())}, word_seconds=0.0)
    return build_page(open_conversations({"Scripted": chatbot}, SHELVES.article), SHELVES, lambda *judged: None)


@pytest.fixture
def address() -> Iterator[str]:
    with serving(page) as address:
        yield address


def reader_from(address: str, number: int) -> PageClient:
    """A reader with an address of their own, as a proxy on this machine names it."""
    client = httpx.Client(
        base_url=address, timeout=120, headers={"x-forwarded-for": f"10.1.{number // 250}.{number % 250}"}
    )
    return PageClient(address, client)


def test_no_reader_sees_what_another_one_asked(address: str) -> None:
    def talk(number: int) -> int:
        with closing(reader_from(address, number)) as reader:
            shown = [reader.ask(f"canary-{number}-end of turn {turn}") for turn in range(TURNS)]
        assert all(f"canary-{number}-end" in one for one in shown)
        return sum("canary-" in one.replace(f"canary-{number}-end", "") for one in shown)

    with ThreadPoolExecutor(min(READERS, AT_ONCE)) as pool:
        leaks = sum(pool.map(talk, range(READERS)))
    publish("conversations at once, with canaries", f"{READERS} of {TURNS} turns", f"{leaks} leaks, 0 errors")
    assert leaks == 0


def test_a_crowd_is_answered_or_told_that_it_is_too_much_and_the_next_reader_is_answered(address: str) -> None:
    def arrive(number: int) -> int:
        with closing(reader_from(address, number % ADDRESSES)) as reader:
            return reader.join(reader.function("question"), reader.question(f"What of {number}?")).status_code

    arrive(0)
    before = size_of(Path("/proc/self"))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = Counter(pool.map(arrive, range(ARRIVALS)))
    after = size_of(Path("/proc/self"))
    started = time.monotonic()
    with closing(reader_from(address, 777)) as reader:
        reader.ask("What of the harbour?")
    seconds = time.monotonic() - started
    answered = ", ".join(f"{count} with {status}" for status, count in sorted(statuses.items()))
    publish(
        "arrivals that do not wait for their answers",
        f"{ARRIVALS:,}",
        f"{answered}; the next reader in {seconds:.1f} s; {after[0] - before[0]:+} MB and {after[1] - before[1]:+} "
        "descriptors of the server and its visitors, which are one process",
    )
    assert set(statuses) <= {200, 429}
    assert seconds < RECOVERED_S
    assert after[0] < before[0] + 300
    assert after[1] < before[1] + 2 * AT_ONCE


def test_readers_who_come_and_go_leave_nothing_behind() -> None:
    built: list[gr.Blocks] = []

    def build() -> gr.Blocks:
        built.append(page())
        return built[0]

    def visits(address: str) -> tuple[int, int, int]:
        for number in range(15):
            with closing(reader_from(address, number)) as reader:
                reader.ask("What of the harbour?")
                reader.join(reader.function("question"), reader.question("And?"), f"unread{number}")
        time.sleep(0.6)
        httpx.get(address)
        queue = built[0]._queue
        return (
            threading.active_count(),
            len(list(Path("/proc/self/fd").iterdir())),
            len(queue.pending_event_ids_session),
        )

    with serving(build, protection=Protection(unread_s=0.5)) as address:
        visits(address)
        first, second = visits(address), visits(address)
    assert second[0] <= first[0] + 2
    assert second[1] <= first[1] + 3
    assert second[2] <= 1


@pytest.mark.skipif(not TORTURE, reason="takes half an hour")
def test_a_page_that_is_visited_for_half_an_hour_stays_as_large_as_it_was(
    sample_data: Callable[[], Path], tmp_path: Path
) -> None:
    (tmp_path / "tmp").mkdir()
    serve = [sys.executable, "app.py", "--data", str(sample_data()), "--llm", "quotes"]
    with served(serve, cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path / "tmp")}) as address:
        process = child_with("app.py")
        sizes: list[tuple[int, int, int]] = []
        visits, ends = 0, time.monotonic() + SOAK_S
        while time.monotonic() < ends:
            with closing(reader_from(address, visits % 5_000)) as reader:
                reader.ask("How many people died in the Holm Island ferry fire?")
                reader.join(reader.function("question"), reader.question("And the tram?"), f"unread{visits}")
            visits += 1
            time.sleep(PAUSE_S)
            if visits % 5 == 0:
                sizes.append(size_of(process))
    third = len(sizes) // 3
    before, after = (
        [median(one[part] for one in some) for part in range(3)] for some in (sizes[third : 2 * third], sizes[-third:])
    )
    left = [path.name for path in (tmp_path / "tmp").iterdir()]
    publish(
        f"a soak of {SOAK_S / 60:.0f} minutes with unread calls",
        f"{visits:,} visits",
        f"{before[0]:.0f} MB, then {after[0]:.0f} MB; {after[1] - before[1]:+.0f} descriptors, "
        f"{after[2] - before[2]:+.0f} threads, {len(left)} temporary folders left",
    )
    assert after[0] < 1.05 * before[0] + 10
    assert after[1] <= before[1] + 5
    assert after[2] <= before[2] + 5
    assert [name for name in left if name.startswith("dateline-")] == []


def child_with(words: str) -> Path:
    """Where Linux describes the child process whose command has these words."""
    mine = str(os.getpid())
    for place in Path("/proc").glob("[0-9]*"):
        status = (place / "stat").read_text().rpartition(")")[2].split()
        if status[1] == mine and words in (place / "cmdline").read_text():
            return place
    raise LookupError(words)


def size_of(process: Path) -> tuple[int, int, int]:
    """Resident megabytes, open files and threads."""
    resident = next(line for line in (process / "status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]) // 1024, len([*(process / "fd").iterdir()]), len([*(process / "task").iterdir()])
