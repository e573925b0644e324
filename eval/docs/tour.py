"""The tour of the code: every package and module with the sentence that its docstring begins with."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path


def tour_text(root: Path, packages: Sequence[str]) -> str:
    """A list of modules for each package; packages that do not exist are left out."""
    parts = [f"- `app.py`: {purpose(root / 'app.py')}"]
    for package in packages:
        if (root / package).is_dir():
            parts += _package_text(root, root / package)
    return "\n".join(parts)


def _package_text(root: Path, package: Path) -> Iterator[str]:
    yield f"\n**{package.relative_to(root)}/**: {purpose(package / '__init__.py')}\n"
    yield from (f"- `{path.relative_to(root)}`: {purpose(path)}" for path in modules(package))
    for room in sorted(path.parent for path in package.glob("*/__init__.py")):
        yield from _package_text(root, room)


def modules(package: Path) -> Iterator[Path]:
    """The modules directly in a package, by name."""
    return (path for path in sorted(package.glob("*.py")) if path.stem != "__init__")


def all_modules(package: Path) -> Iterator[Path]:
    """Every Python file of a package and its subpackages."""
    return iter(sorted(package.rglob("*.py")))


def purpose(path: Path) -> str:
    """The first paragraph of a module's docstring as one line; empty where there is none."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(docstring.split("\n\n")[0].split())
