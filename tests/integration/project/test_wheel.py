"""A wheel of the project, installed elsewhere, is complete: it needs no checkout."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.served import served

ROOT = Path(__file__).parents[3]
PACKAGED = ("corpus", "indexer", "chat", "web", "eval", "app.py", "pyproject.toml", "README.md", "LICENSE")
_PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but what the wheel installs; the dependencies are those of the running Python."""
    source, wheels, target = (tmp_path_factory.mktemp(name) for name in ("source", "wheels", "installed"))
    for name in PACKAGED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "runs"))
        else:
            shutil.copy(ROOT / name, source / name)
    build = [*_PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(source)]
    subprocess.run(build, check=True, timeout=120)
    wheel = next(wheels.glob("dateline-*.whl"))
    subprocess.run([*_PIP, "install", "--no-deps", "--target", str(target), str(wheel)], check=True, timeout=120)
    return target


@pytest.fixture(scope="module")
def address(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    environment = {**os.environ, "PYTHONPATH": str(installed), "DATELINE_LLM": "quotes", "DATELINE_DATA": "news"}
    with served([str(installed / "bin" / "dateline")], cwd=elsewhere, env=environment) as address:
        yield address


def test_the_page_of_an_installed_wheel_comes_with_its_style_and_its_script(address: str) -> None:
    with urlopen(address, timeout=30) as response:
        page = response.read().decode()
    assert "data-citation" in page
    assert "#composer" in page or "#composer" in _fetched(f"{address}/theme.css")


def test_the_page_of_an_installed_wheel_answers_from_the_sample(address: str) -> None:
    answer = _answer(address, "How many people died in the Holm Island ferry fire?")
    assert 'class="citation"' in answer
    assert "Grey Petrel" in answer


def _fetched(address: str) -> str:
    with urlopen(address, timeout=30) as response:
        text: str = response.read().decode()
        return text


def _answer(address: str, question: str) -> str:
    """All that the page is told until the answer is over, in the way of Gradio's own client in the browser."""
    config = json.loads(_fetched(f"{address}/config"))
    asking = next(one for one in config["dependencies"] if _submits_the_question(one, config))
    values = [question, *(None for _ in asking["inputs"][1:])]
    call = {"data": values, "fn_index": asking["id"], "session_hash": "wheel", "event_data": None}
    body = json.dumps(call).encode()
    headers = {"content-type": "application/json"}
    with urlopen(Request(f"{address}/gradio_api/queue/join", body, headers), timeout=30) as response:
        assert json.load(response)["event_id"]
    heard = []
    with urlopen(f"{address}/gradio_api/queue/data?session_hash=wheel", timeout=120) as stream:
        for line in stream:
            heard.append(line.decode())
            if '"process_completed"' in heard[-1]:
                break
    return "".join(heard).replace('\\"', '"')


def _submits_the_question(dependency: dict[str, Any], config: dict[str, Any]) -> bool:
    question = next(one["id"] for one in config["components"] if one["props"].get("elem_id") == "question")
    return [question, "submit"] in dependency["targets"]
