"""The container image has every part that a wheel needs, and runs without rights on a read-only file system."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.project.test_wheel import PACKAGED

ROOT = Path(__file__).parents[3]
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]


def test_the_image_is_built_from_what_the_wheel_is_built_from() -> None:
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    assert {name for line in copied for name in line.split()} == {*PACKAGED, "constraints.txt"} == sent


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_every_service_runs_without_rights_on_a_read_only_file_system(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert {"mem_limit", "pids_limit", "image"} <= set(service)
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_the_image_runs_as_a_user_of_its_own_and_says_whether_it_is_healthy() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE) == ["10001"]
    assert "/healthz" in dockerfile[dockerfile.index("HEALTHCHECK") :]
