"""The page as a service: it asks nothing of the network, prints no secret, and leaves no temporary folder."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SECRETS = {
    "OPENAI_API_KEY": "sk-openai-3141592653",
    "ANTHROPIC_API_KEY": "sk-anthropic-2718281828",
    "DATELINE_TOKEN": "token-1618033988749894",
    "DATELINE_AUTH": "ada:password-1414213562",
}
# Serves the page, asks in it as a reader and as a program, and counts what the kernel could not send anywhere.
_VISIT = """
import json, os, socket, sys
from contextlib import suppress
from pathlib import Path

import httpx

from tests.page_calls import PageClient
from tests.served import served

def attempts():
    names, values = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Ip:")]
    return int(values[names.index("OutNoRoutes")])

question = "How many people died in the Holm Island ferry fire?"
serve = [sys.executable, "app.py", "--data", sys.argv[1], "--llm", "quotes"]
with served(serve, cwd=Path.cwd(), env=os.environ, answers=401) as address, httpx.Client(base_url=address) as client:
    name, _, password = os.environ["DATELINE_AUTH"].partition(":")
    client.post("/login", data={"name": name, "password": password})
    shown = PageClient(address, client).ask(question)
    headers = {"authorization": f"Bearer {os.environ['DATELINE_TOKEN']}"}
    asked = client.post("/api/ask", json={"question": question}, headers=headers, timeout=60)
    refused = client.post("/api/ask", json={"question": question})
    metrics = client.get("/metrics", headers=headers).text
before = attempts()
with suppress(OSError):
    socket.create_connection(("192.0.2.1", 80), timeout=1)
found = {"shown": shown, "asked": asked.json(), "refused": refused.status_code, "metrics": metrics}
print(json.dumps(found | {"before": before, "after one attempt": attempts()}))
"""
ISOLATED = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]


def can_be_isolated() -> bool:
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    return subprocess.run([*ISOLATED, "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_be_isolated(), reason="no network namespaces here")
def test_the_page_without_a_network_answers_asks_for_none_and_keeps_its_secrets(
    sample_data: Callable[[], Path], tmp_path: Path
) -> None:
    data, temporary = sample_data(), tmp_path / "tmp"
    temporary.mkdir()
    environment = {**os.environ, **SECRETS, "TMPDIR": str(temporary)}
    run = [*ISOLATED, sys.executable, "-c", _VISIT, str(data)]
    done = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert "Grey Petrel" in found["shown"] or "ferry" in found["shown"]
    assert (found["asked"]["status"], found["refused"]) == ("answered", 401)
    assert (found["before"], found["after one attempt"]) == (0, 1)
    logged = (data / "requests.jsonl").read_text(encoding="ascii")
    assert "/gradio_api/queue/join" in logged
    for secret in (*SECRETS.values(), SECRETS["DATELINE_AUTH"].partition(":")[2]):
        assert not [text for text in (done.stdout, done.stderr, logged) if secret in text]
    assert [path.name for path in temporary.iterdir() if path.name.startswith("dateline-")] == []
