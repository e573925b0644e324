import pytest

from corpus.readers.child_process import output_of_child
from corpus.readers.form import ReaderError

LIMIT = "from corpus.readers.child_process import limit_this_process as limit; limit(1)\n"
SLEEP = "import time; time.sleep(60)"


def test_a_child_process_that_gets_no_time_says_so_and_not_that_the_file_is_too_large() -> None:
    with pytest.raises(ReaderError, match=r"^not read within 0 s; read it again"):
        output_of_child(
            ["-c", "import time; time.sleep(60)"], cpu_seconds=1, refusal="too large", wall_per_cpu_second=0.01
        )


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("while True: pass", "too large"),
        ("bytearray(10**9)", r"too large \(MemoryError\)"),
        ("raise ValueError('<b>quoted</b>')", r"too large \(ValueError\)"),
    ],
)
def test_a_child_process_that_breaks_off_gives_the_reason(program: str, reason: str) -> None:
    pytest.importorskip("resource")
    with pytest.raises(ReaderError, match=f"^{reason}$"):
        output_of_child(["-c", LIMIT + program], cpu_seconds=1, refusal="too large")
