"""The README says what is true of the project."""

import re

from eval.figures_table import figures_text
from eval.readme import FIGURES, PACKAGES, ROOT, modules, purpose, tour, with_section

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_tour_names_every_module_with_its_own_sentence() -> None:
    assert with_section(README, "tour", tour()) == README, "write it anew with: make readme"


def test_the_figures_are_those_that_the_commands_wrote() -> None:
    assert with_section(README, "figures", figures_text(FIGURES)) == README, "write them anew with: make readme"


def test_every_module_says_what_it_is_for() -> None:
    assert all(purpose(path) for package in PACKAGES for path in modules(package))


def test_every_file_that_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_that_the_readme_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`", README)) <= targets
