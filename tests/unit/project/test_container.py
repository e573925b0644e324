"""The container image has what the project needs, and its services keep to what they were given."""

import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]


def copied() -> set[str]:
    lines = [
        line.split()[1:-1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ") and "--from" not in line
    ]
    return {name for names in lines for name in names}


def test_the_image_is_given_every_package_and_no_more_than_the_build_context_has() -> None:
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    packages = {pattern.rstrip("*") for pattern in setuptools["packages"]["find"]["include"]}
    assert packages | {"app.py", "pyproject.toml", "constraints.txt"} <= copied()
    context = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert context[0] == "*"
    assert copied() <= {line.removeprefix("!") for line in context if line.startswith("!")}


def test_the_image_runs_as_a_user_without_rights_and_is_asked_whether_it_lives() -> None:
    assert "USER 10001" in DOCKERFILE.splitlines()
    assert "/healthz" in DOCKERFILE


def test_the_services_cannot_write_outside_their_volumes_and_have_limits() -> None:
    for service in SERVICES.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert {"mem_limit", "pids_limit", "tmpfs", "volumes"} <= service.keys()


def test_only_this_machine_reaches_the_page_and_nobody_the_vectors() -> None:
    assert SERVICES["page"]["ports"] == ["127.0.0.1:7860:7860"]
    assert "ports" not in SERVICES["chroma"]
    assert SERVICES["page"]["environment"]["DATELINE_CHROMA"] == "http://chroma:8000"
    assert SERVICES["page"]["depends_on"]["chroma"]["condition"] == "service_healthy"
