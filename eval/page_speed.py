"""Measures how long a reader waits for the page, in Chromium: `python -m eval.page_speed`."""

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from eval.errors import ConfigurationError

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
_QUESTIONS = ROOT / "eval" / "questions" / "sample.jsonl"
_CHROMIUM = "/usr/bin/chromium"
_WORDS = ("ferry", "council", "storm", "harbour", "dredge", "flood wall", "strike", "election", "athletic", "bridge")
_PATIENCE_MS = 60_000
_RETRY_MS = 50
_PAINTS = "performance.getEntriesByName('first-contentful-paint')"
_PAINT = f"{_PAINTS}[0].startTime"
_BOX = "#search-words :is(input, textarea)"

# Notes the longest task of the page's own thread; what was noted before is forgotten.
_WATCH = """() => {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.longest = Math.max(window.longest, one.duration);
  }).observe({ type: "longtask" });
}"""
# Types words and waits until an article is drawn in which they are marked; milliseconds, null where there is none.
_SEARCH = """([selector, words]) => new Promise((resolve) => {
  const box = document.querySelector(selector);
  const began = performance.now();
  const watcher = new MutationObserver(() => {
    const marked = document.querySelector("#found .hit mark")?.textContent.toLowerCase();
    if (marked?.startsWith(words.split(" ")[0])) finish(performance.now() - began);
  });
  const giveUp = setTimeout(() => finish(null), 5000);
  const finish = (waited) => {
    watcher.disconnect();
    clearTimeout(giveUp);
    resolve(waited);
  };
  watcher.observe(document.querySelector("#found"), { childList: true, subtree: true, characterData: true });
  box.value = words;
  box.dispatchEvent(new Event("input", { bubbles: true }));
})"""
# Presses Enter in the question box and waits for the first sentence with a citation, or for the end; milliseconds.
_ASK = """(question) => new Promise((resolve) => {
  const box = document.querySelector("#question textarea");
  const began = performance.now();
  const watcher = new MutationObserver(() => {
    const turn = document.querySelector(".turn.is-latest");
    if (turn?.querySelector("h2")?.textContent !== question) return;
    const isQuoted = turn.querySelector(".answer .citation") !== null;
    if (!isQuoted && turn.ariaBusy === "true") return;
    watcher.disconnect();
    resolve(isQuoted ? performance.now() - began : null);
  });
  watcher.observe(document.body, { childList: true, subtree: true, attributes: true });
  box.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", bubbles: true, cancelable: true }));
})"""


def main(
    data: Annotated[Path | None, typer.Option(help="The data folder. [default: the sample, indexed for this]")] = None,
    questions: Annotated[int, typer.Option(help="How many questions to ask.")] = 20,
    chromium: Annotated[str, typer.Option(help="The browser.")] = _CHROMIUM,
) -> None:
    """Print first paint, typing to results, question to the first quoted line, and the longest task meanwhile."""
    from playwright.sync_api import sync_playwright

    rows = [row["question"] for row in map(json.loads, _QUESTIONS.open(encoding="utf-8")) if row["kind"] == "fact"]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as own:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with _started(data or Path(own)) as start, closing(browser.new_page()) as page:
            page.set_default_timeout(_PATIENCE_MS)
            painted_s = _first_paint(page, start.address) - start.at
            print(f"start of the process to paint: {painted_s:.1f} s", flush=True)
            start.wait_until_open()
            print(f"start of the process to open: {time.time() - start.at:.1f} s", flush=True)
            page.goto(start.address)
            page.wait_for_selector("#question textarea")
            print(f"first paint after opening:    {page.evaluate(_PAINT) / 1000:.2f} s", flush=True)
            _print("typing to results", _searched(page))
            page.evaluate(_WATCH)
            _print("question to quoted line", _asked(page, rows[: questions + 1]))
            print(f"longest task while answering: {page.evaluate('window.longest'):.0f} ms")
        browser.close()


@dataclass(frozen=True, slots=True)
class _Start:
    """A page that was started in a process of its own."""

    address: str
    at: float  # as time.time gives it
    lines: Iterator[str]  # what it prints
    command: str

    def wait_until_open(self) -> None:
        """Raises ConfigurationError when it does not open."""
        if not any(f"is open at {self.address}" in line for line in self.lines):
            raise ConfigurationError(f"the page did not open; see why with: {self.command}")


@contextmanager
def _started(data: Path) -> Iterator[_Start]:
    """The page in a process of its own; a folder without an archive is filled."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "app.py", "--data", str(data), "--llm", "quotes", "--port", str(port)]
    began = time.time()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield _Start(f"http://127.0.0.1:{port}", began, process.stdout, " ".join(command))
    finally:
        process.terminate()
        process.wait()


def _first_paint(page: "Page", address: str) -> float:
    """When something was painted of what answers first at an address, as time.time gives it."""
    from playwright.sync_api import Error

    for _ in range(_PATIENCE_MS // _RETRY_MS):
        try:
            page.goto(address, wait_until="commit")
            page.wait_for_function(f"{_PAINTS}.length > 0")
            return float(page.evaluate(f"performance.timeOrigin + {_PAINT}")) / 1000
        except Error:  # nothing listens yet
            page.wait_for_timeout(_RETRY_MS)
    raise ConfigurationError(f"nothing answers at {address}")


def _searched(page: "Page") -> list[float]:
    """Milliseconds for each of some words that an article has; the first are not counted."""
    page.locator("#tabs [role=tab]").nth(1).click()
    page.wait_for_selector("#found .total")
    waits: list[Any] = []
    for words in (_WORDS[-1], *_WORDS, *(word[:-2] for word in _WORDS)):
        waits.append(page.evaluate(_SEARCH, [_BOX, words]))
        page.wait_for_timeout(150)  # a reader reads
    return [one for one in waits[1:] if one is not None]


def _asked(page: "Page", questions: Sequence[str]) -> list[float]:
    """Milliseconds for each question that is answered; the first is not counted."""
    page.locator("#tabs [role=tab]").nth(0).click()
    waits: list[Any] = []
    for question in questions:
        page.fill("#question textarea", question)
        page.wait_for_timeout(150)  # Gradio takes the value over first
        waits.append(page.evaluate(_ASK, question))
        page.wait_for_selector(".turn.is-latest[aria-busy=false]")
        page.wait_for_selector("[data-testid=submit-button]")
    return [one for one in waits[1:] if one is not None]


def _print(what: str, waits: Sequence[float]) -> None:
    p50, p95 = np.percentile(waits, [50, 95]) if waits else (float("nan"),) * 2
    print(f"{what + ':':29} p50 {p50:.0f} ms  p95 {p95:.0f} ms  of {len(waits)}", flush=True)


if __name__ == "__main__":
    typer.run(main)
