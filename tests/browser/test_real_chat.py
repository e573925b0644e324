"""The whole of it in a real browser: what the indexer added, asked about on the page that `python app.py` serves."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Visit
from tests.served import free_port, served

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "corpus" / "sample"
HOSTILE = {
    "title": "Vandals deface the Zebulon lighthouse <script>alert(1)</script>",
    "text": "The Zebulon lighthouse was painted green overnight by <img src=x onerror=alert(1)> and "
    "[click](javascript:alert(1)), the keeper said.",
    "source": "Ellery Courier",
    "date": "2023-08-01",
    "url": "https://courier.example/zebulon",
}


@pytest.fixture(scope="module")
def address(sample_data: Callable[[], Path]) -> Iterator[str]:
    """The page over an archive of the sample and one hostile article, quoting without a model."""
    data = sample_data()
    hostile = data.parent / "hostile.jsonl"
    hostile.write_text(json.dumps(HOSTILE), encoding="utf-8")
    environment = {**os.environ, "DATELINE_DATA": str(data), "DATELINE_LLM": "quotes"}
    add = [sys.executable, "-m", "indexer", "add", str(hostile)]
    subprocess.run(add, cwd=ROOT, env=environment, check=True, timeout=300)
    serve = [sys.executable, "app.py", "--data", str(data)]
    with served(serve, cwd=ROOT, env=environment) as address:
        yield address


def test_an_address_that_is_taken_is_named_at_once_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        serve = [sys.executable, "app.py", "--data", str(tmp_path / "data"), "--port", str(port)]
        done = subprocess.run(serve, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: cannot listen at 127.0.0.1:{port} (")
    assert "--port" in done.stderr
    assert not (tmp_path / "data").exists()


def test_ctrl_c_right_after_opening_ends_the_page_in_silence(sample_data: Callable[[], Path]) -> None:
    serve = [sys.executable, "app.py", "--data", str(sample_data()), "--llm", "quotes", "--port", str(free_port())]
    server = subprocess.Popen(serve, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout is not None
    while "is open at" not in server.stdout.readline():
        assert server.poll() is None
    server.send_signal(signal.SIGINT)
    _, errors = server.communicate(timeout=120)
    assert (server.returncode, errors) == (0, "")


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Visit]:
    context = browser.new_context()
    yield Visit(context.new_page(), address)
    context.close()


def test_a_question_leads_to_the_exact_sentence_of_an_article(reader: Visit) -> None:
    reader.answered("How many people died in the Holm Island ferry fire?")
    reader.page.click(".is-latest .citation >> nth=0")
    mark = reader.page.inner_text("mark.is-current")
    assert mark
    assert any(mark in path.read_text(encoding="utf-8") for path in SAMPLE.rglob("*.md"))
    assert reader.page.locator(".card.is-current h3").inner_text()
    assert reader.errors == []
    assert reader.outside == []


def test_a_question_that_the_archive_cannot_answer_is_answered_with_silence(reader: Visit) -> None:
    reader.answered("Who won the 2026 World Cup?")
    assert reader.page.locator(".is-latest .missing").is_visible()
    assert reader.page.locator(".is-latest .citation").count() == 0


def test_a_hostile_article_is_quoted_as_text(reader: Visit) -> None:
    assert "<img src=x onerror=alert(1)>" in reader.answered("Who painted the Zebulon lighthouse green?")
    assert reader.page.locator("#latest .turn :is(img, script)").count() == 0
    reader.page.wait_for_timeout(300)
    assert reader.errors == []
    assert reader.outside == []


def test_every_example_question_is_answered(reader: Visit) -> None:
    examples = reader.page.locator("button.example").all_inner_texts()
    assert examples
    for question in examples:
        reader.answered(question)
        assert reader.page.locator(".is-latest .citation").count() > 0, question
