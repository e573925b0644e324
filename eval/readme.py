"""The parts of the README that are made from the project itself: `python -m eval.readme` writes them anew."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from eval.figures_table import figures_text

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "eval" / "figures"
PACKAGES = ("corpus", "indexer", "chat", "web", "eval")


def tour() -> str:
    """Every module with the sentence that it says of itself, a list for each package."""
    parts = [f"- `app.py`: {purpose(ROOT / 'app.py')}"]
    for package in PACKAGES:
        parts.append(f"\n**{package}/**: {purpose(ROOT / package / '__init__.py')}\n")
        parts += [f"- `{path.relative_to(ROOT)}`: {purpose(path)}" for path in modules(package)]
    return "\n".join(parts)


def modules(package: str) -> Iterator[Path]:
    """The modules of a package, in the order of their names."""
    return (path for path in sorted((ROOT / package).rglob("*.py")) if path.stem != "__init__")


def purpose(path: Path) -> str:
    """The first sentence of a module's docstring, as one line."""
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(told.split("\n\n")[0].split())


def with_section(text: str, name: str, content: str) -> str:
    """The text with what stands between a section's marks replaced; raises ValueError when it has none."""
    marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not marks.search(text):
        raise ValueError(f"the README has no section {name!r}; mark it with <!-- {name} --> and <!-- /{name} -->")
    return marks.sub(lambda match: f"{match[1]}{content}\n{match[2]}", text)


def main() -> None:
    """Write the sections anew."""
    readme = ROOT / "README.md"
    text = with_section(readme.read_text(encoding="utf-8"), "tour", tour())
    readme.write_text(with_section(text, "figures", figures_text(FIGURES)), encoding="utf-8")


if __name__ == "__main__":
    main()
