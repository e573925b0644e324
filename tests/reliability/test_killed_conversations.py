"""A process that keeps conversations is killed anywhere: what it kept is whole, and nothing that it kept is lost."""

import random
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.published import publish, so_many
from web.conversations.store import ConversationStore

KILLS = so_many(50, 4)
# Keeps questions and answers, and says after each answer how many it has kept.
_KEEP = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from web.conversations.store import ConversationStore, KeptTurn

store = ConversationStore(Path(sys.argv[1]))
first, now = int(sys.argv[2]), datetime(2023, 6, 1, tzinfo=UTC)
for number in range(first, first + 100_000):
    store.ask("one", "owner", f"client {first}", KeptTurn(number, now, f"question {number}"))
    store.answer("one", KeptTurn(number, now, f"question {number}", f"answer {number}", "{" * 500 + str(number)))
    print(number, flush=True)
"""


def test_what_a_killed_process_kept_of_conversations_is_whole(tmp_path: Path) -> None:
    chance, path = random.Random(3), tmp_path / "conversations.sqlite"
    last, said = 0, set[int]()
    for _ in range(KILLS):
        command = [sys.executable, "-c", _KEEP, str(path), str(last + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            said.add(int(process.stdout.readline()))  # it writes now
            time.sleep(chance.uniform(0.0, 0.05))
            process.kill()
            said |= {int(line) for line in process.stdout if line.endswith("\n")}
        with closing(ConversationStore(path)) as store:
            turns = {turn.number: turn for turn in store.turns("one")}
        assert turns.keys() >= said
        for number, turn in turns.items():
            whole = (f"question {number}", f"answer {number}", "{" * 500 + str(number))
            unanswered = (f"question {number}", "", None)
            found = (turn.question, turn.answer, turn.record)
            assert found == whole or (found == unanswered and number not in said)
        last = max(turns)
    publish("conversations, killed while they are kept", f"{KILLS} kills, {last:,} turns", "all whole, none lost")
