"""The tests use what other code may use, and a slow machine fails none of them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
OURS = ("app", "chat", "corpus", "eval", "indexer", "web")
CLOCKS = {"monotonic", "perf_counter", "time"}
FILES = sorted((ROOT / "tests").rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_test_imports_a_private_name_or_judges_by_the_wall_clock(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [*_private_imports(tree), *_asserted_clocks(tree)] == []


def _private_imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OURS:
            yield from (
                f"{node.lineno}: {alias.name} of {node.module}"
                for alias in node.names
                if alias.name.startswith("_") and not alias.name.startswith("__")
            )


def _asserted_clocks(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield from (f"{node.lineno}: {ast.unparse(call)}" for call in ast.walk(node.test) if _reads_a_clock(call))


def _reads_a_clock(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "time"
    )
