"""docs/api.md: each of its examples runs against a server over the sample, with the real client."""

import contextlib
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

DOCS = Path(__file__).parents[3] / "docs" / "api.md"
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
EXAMPLES = [code for language, code in BLOCKS if language == "python"]
PRINTED = (  # by each example in turn
    ("answered", "Grey Petrel"),
    ("source Harbour Gazette", "Nine people", "Harbour Gazette, 16 March 2023", "power cable"),
    ("tram",),
    ("trike", "Coastal Press Agency", "[1", "# the ferry fire"),
    ("How many people died", "application/atom+xml", "204"),
    ("Sources:", "#:~:text="),
    ("Sources:", "answered"),
    ("dateline",),
)


def test_every_example_has_its_expectation() -> None:
    assert len(EXAMPLES) == len(PRINTED)
    assert {language for language, _ in BLOCKS} == {"python", "json"}


@pytest.mark.parametrize(("code", "printed"), list(zip(EXAMPLES, PRINTED, strict=True)))
def test_an_example_prints_what_it_should(code: str, printed: tuple[str, ...], sample_address: str) -> None:
    shown = io.StringIO()
    example = compile(code.replace("http://127.0.0.1:7860", sample_address), str(DOCS), "exec")
    with contextlib.redirect_stdout(shown), ThreadPoolExecutor(1) as beside_a_browser:
        beside_a_browser.submit(exec, example, {}).result()
    for words in printed:
        assert words in shown.getvalue()


def test_the_error_of_the_docs_is_the_one_that_comes(sample_address: str) -> None:
    documented = next(json.loads(code) for language, code in BLOCKS if language == "json" and "error" in code)
    assert httpx.post(f"{sample_address}/api/ask", json={}).json() == documented


def test_the_settings_for_assistants_start_a_command_that_exists() -> None:
    settings = next(json.loads(code) for language, code in BLOCKS if language == "json" and "mcpServers" in code)
    assert settings["mcpServers"]["dateline"]["args"][:2] == ["-m", "web.mcp"]
    assert (DOCS.parents[1] / "web" / "mcp" / "__main__.py").exists()
