"""Which sections of which documents are generated, and how a document is rewritten."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from eval.docs.commands import commands_text
from eval.docs.figures import figures_text, main_figures_text
from eval.docs.hardening import hardening_text
from eval.docs.scale import scale_text
from eval.docs.settings import settings_text
from eval.docs.tour import tour_text
from eval.docs.weights import weights_text

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "eval" / "figures"
PACKAGES = ("corpus", "indexer", "chat", "web", "eval")
# Document -> section -> its text.
DOCUMENTS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "README.md": {"figures": lambda: main_figures_text(FIGURES)},
    "docs/architecture.md": {"tour": lambda: tour_text(ROOT, PACKAGES)},
    "docs/evaluation.md": {"figures": lambda: figures_text(FIGURES)},
    "docs/scale.md": {"scale": lambda: scale_text(FIGURES)},
    "docs/hardening.md": {"hardening": lambda: hardening_text(FIGURES / "hardening.json")},
    "docs/settings.md": {"settings": settings_text},
    "docs/cli.md": {"commands": commands_text},
    "docs/models.md": {"weights": weights_text},
}


def rewritten(name: str) -> str:
    """A document with all of its sections generated again; raises ValueError when a section is missing."""
    text = (ROOT / name).read_text(encoding="utf-8")
    for section, generate in DOCUMENTS[name].items():
        text = with_section(text, section, generate())
    return text


def with_section(text: str, name: str, content: str) -> str:
    """The text with the content between a section's marks replaced; raises ValueError when it has no such section."""
    marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not marks.search(text):
        raise ValueError(f"no section {name!r}; mark it with <!-- {name} --> and <!-- /{name} -->")
    return marks.sub(lambda match: f"{match[1]}{content}\n{match[2]}", text)
