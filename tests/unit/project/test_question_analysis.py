"""A question is analysed once: chat/understanding/ reads its text, and everything later reads the `Question`."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
UNDERSTANDING = ROOT / "chat" / "understanding"
ENTRANCES = {"understand", "typed_question", "valid_text"}  # the last two only make text valid
QUESTION_TEXTS = {"text", "question"}


def analysers() -> set[str]:
    """The public functions of chat/understanding/ that read the text of a question."""
    return {
        node.name
        for path in UNDERSTANDING.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _reads_a_text(node)
    } - ENTRANCES


def calls_elsewhere(names: set[str]) -> Iterator[str]:
    """Every call of one of these functions outside of chat/understanding/, as `path:line name`."""
    packages = (path for package in ("chat", "web", "eval") for path in sorted((ROOT / package).rglob("*.py")))
    for path in (*packages, ROOT / "app.py"):
        if UNDERSTANDING not in path.parents:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            imported = _imported_from_understanding(tree)
            for node in ast.walk(tree):
                if isinstance(node, ast.Name) and node.id in names & imported and isinstance(node.ctx, ast.Load):
                    yield f"{path.relative_to(ROOT)}:{node.lineno} {node.id}"


def test_the_text_of_a_question_is_analysed_in_understanding_only() -> None:
    names = analysers()
    assert "kind_of" in names
    assert list(calls_elsewhere(names)) == []


def _reads_a_text(function: ast.FunctionDef) -> bool:
    first = function.args.args[:1]
    return bool(first) and first[0].arg in QUESTION_TEXTS and ast.unparse(first[0].annotation or first[0]) == "str"


def _imported_from_understanding(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chat.understanding")
        for alias in node.names
    }
