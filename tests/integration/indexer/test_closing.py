"""An archive that is closed while other threads read it."""

import subprocess
import sys
from pathlib import Path

_READ_AND_CLOSE = """
import sys
import threading
from contextlib import suppress
from pathlib import Path
from sqlite3 import ProgrammingError

from indexer.storage.file import ArchiveFile

file = ArchiveFile(Path(sys.argv[1]) / "archive.sqlite", create=True)
SLOW = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 20000) SELECT sum(x) FROM n"


def read():
    for _ in range(100):
        with suppress(ProgrammingError):  # it is closed
            assert file.select(SLOW).fetchall() == [(200010000,)]


readers = [threading.Thread(target=read) for _ in range(4)]
for reader in readers:
    reader.start()
while any(reader.is_alive() for reader in readers):
    file.close()
"""


def test_an_archive_that_is_closed_under_its_readers_does_not_crash_the_process(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", _READ_AND_CLOSE, str(tmp_path)], capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
