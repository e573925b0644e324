"""README.md and docs/ say what is true of the project."""

import ast
import configparser
import re
from pathlib import Path

import pytest
import yaml

from chat.settings import ChatSettings
from eval.docs.sections import DOCUMENTS, PACKAGES, ROOT, rewritten
from eval.docs.tour import all_modules, purpose
from web.settings import ServerSettings

WRITTEN = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in WRITTEN}
README_LINES = 200
MAIN_DOCUMENTS = {"architecture.md", "cli.md", "evaluation.md", "models.md", "settings.md"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_generated_sections_are_up_to_date(name: str) -> None:
    assert rewritten(name) == TEXTS[name], "write them again with: make docs"


def test_every_module_says_what_it_is_for() -> None:
    packages = [ROOT / package for package in PACKAGES]
    assert [path for package in packages for path in all_modules(package) if not purpose(path)] == []


def test_the_readme_fits_in_two_hundred_lines_and_links_every_document() -> None:
    assert len(TEXTS["README.md"].splitlines()) <= README_LINES
    linked = set(re.findall(r"\]\(docs/([\w-]+\.md)", TEXTS["README.md"]))
    assert linked >= MAIN_DOCUMENTS


@pytest.mark.parametrize("name", TEXTS)
def test_every_linked_file_exists(name: str) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", TEXTS[name])
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_make_target_that_is_named_exists(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`", TEXTS[name])) <= targets


@pytest.mark.parametrize("name", TEXTS)
def test_every_path_and_module_that_is_named_exists(name: str) -> None:
    paths = re.findall(r"`((?:corpus|indexer|chat|web|eval|tests|docs)/[\w./-]*)`", TEXTS[name])
    assert [path for path in paths if not (ROOT / path).exists()] == []
    modules = re.findall(r"python -m ([a-z_.]+)", TEXTS[name])
    assert [module for module in modules if module.split(".")[0] in PACKAGES and not _can_run(module)] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_function_that_is_named_exists(name: str) -> None:
    """A function is written as `path/to/module.py: function` or `path/to/module.py: Class.method`."""
    named = re.findall(r"`([\w/]+\.py): ([\w.]+)`", TEXTS[name])
    assert [f"{path}: {function}" for path, function in named if not _defines(ROOT / path, function)] == []


def test_every_option_of_the_page_is_documented() -> None:
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    main = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "main")
    options = {f"`--{argument.arg.replace('_', '-')}`" for argument in main.args.args}
    assert {option for option in options if option not in TEXTS["docs/cli.md"]} == set()


def test_every_setting_is_explained() -> None:
    text, _, generated = TEXTS["docs/settings.md"].partition("<!-- settings -->")
    variables = re.findall(r"^\| `(\w+)` \|", generated, re.MULTILINE)
    assert len(variables) > 5
    server = [
        f"DATELINE_{name.upper()}" for name in ServerSettings.model_fields if name not in ChatSettings.model_fields
    ]
    assert [variable for variable in (*variables, *server) if f"| `{variable}` |" not in text] == []


def _can_run(module: str) -> bool:
    place = ROOT.joinpath(*module.split("."))
    return place.with_suffix(".py").is_file() or (place / "__main__.py").is_file()


def _defines(path: Path, function: str) -> bool:
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return all(re.search(rf"^\s*(?:async )?(?:def|class) {part}\b", text, re.MULTILINE) for part in function.split("."))


def test_the_units_and_services_of_the_docs_start_commands_that_exist() -> None:
    text = TEXTS["docs/running.md"]
    units = re.findall(r"```ini\n(.*?)```", text, re.DOTALL)
    started = [line.partition("=")[2] for unit in units for line in unit.splitlines() if line.startswith("ExecStart=")]
    assert ["app.py" in line or "-m indexer follow" in line for line in started] == [True, True]
    for unit in units:
        parser = configparser.ConfigParser(interpolation=None)
        parser.optionxform = str  # type: ignore[assignment, method-assign]
        parser.read_string(unit)
        assert set(parser.sections()) == {"Unit", "Service", "Install"}
        assert int(parser["Service"]["TimeoutStopSec"]) > 10
    (override,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    follow = yaml.safe_load(override)["services"]["follow"]
    assert follow["command"][:4] == ["python", "-m", "indexer", "follow"]
    assert follow["image"] == compose["services"]["page"]["image"]
    assert {one.partition(":")[0] for one in follow["volumes"]} - {"./feeds.opml"} <= set(compose["volumes"])
