"""docs/formats.md lists every reader, warning and database export."""

from pathlib import Path

from corpus.article_warnings import ArticleWarning
from corpus.readers import FORMS

DOCS = (Path(__file__).parents[3] / "docs" / "formats.md").read_text(encoding="utf-8")
EXPORTS = Path(__file__).parents[3] / "corpus" / "readers" / "documents" / "exports"
NO_EXPORTS = {"__init__", "entry"}


def rows(heading: str) -> list[list[str]]:
    """The cells of the rows of the table below a heading."""
    section = DOCS.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def test_every_reader_is_listed_in_its_order_with_all_that_it_takes_and_reports() -> None:
    listed = rows("Readers, in order of precedence")
    modules = [form.__name__.rpartition(".")[2] for form in FORMS]  # type: ignore[attr-defined]
    assert [row[0].rpartition("(`")[2].removesuffix("`)") for row in listed] == modules
    assert all(len(row) == 7 and all(row) for row in listed)


def test_every_warning_is_listed() -> None:
    assert {row[0].strip("`") for row in rows("Warnings")} == {str(one) for one in ArticleWarning}


def test_every_database_whose_exports_are_read_is_listed() -> None:
    names = {path.stem for path in EXPORTS.glob("*.py")} - NO_EXPORTS
    (listed,) = (row[0].lower() for row in rows("Readers, in order of precedence") if "database_export" in row[0])
    assert names
    assert all(name in listed for name in names)
