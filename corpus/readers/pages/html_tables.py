"""Tables of a story as paragraphs: one a row, each cell with its heading."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_ROWS = 300
_MOST_COLUMNS = 20
_LONGEST_CELL = 200  # characters; a longer cell is layout


def tables_to_paragraphs(tree: "HtmlElement") -> None:
    """Replace each table of data in the tree by a paragraph a row: `Candidate: Dora Lind; Votes: 4,312`."""
    for table in tree.xpath("//table[not(.//table)]"):
        rows = _rows(table)
        if table.getparent() is not None and _is_data(rows):
            _replace(table, _lines(table, rows))


def _rows(table: "HtmlElement") -> list[list[str]]:
    """The cells of each row, a cell repeated over the columns and rows that it spans."""
    spanning: dict[int, tuple[int, str]] = {}
    rows: list[list[str]] = []
    for row in table.xpath(".//tr")[:_MOST_ROWS]:
        cells: list[str] = []
        for cell in row.xpath("./td|./th")[:_MOST_COLUMNS]:
            _fill(cells, spanning)
            text = " ".join(cell.text_content().split())
            for _ in range(min(_number(cell.get("colspan")), _MOST_COLUMNS)):
                if (below := _number(cell.get("rowspan"))) > 1:
                    spanning[len(cells)] = (below - 1, text)
                cells.append(text)
        _fill(cells, spanning)
        if any(cells):
            rows.append(cells)
    return rows


def _fill(cells: list[str], spanning: dict[int, tuple[int, str]]) -> None:
    """Append the cells that span down from rows above."""
    while len(cells) in spanning:
        column = len(cells)
        left, text = spanning.pop(column)
        cells.append(text)
        if left > 1:
            spanning[column] = (left - 1, text)
            return


def _number(text: str | None) -> int:
    return max(1, int(text)) if text and text.isascii() and text.isdigit() and len(text) < 4 else 1


def _is_data(rows: list[list[str]]) -> bool:
    """Whether a table is one of data: at least two rows and columns, and no cell that holds text of the story."""
    widths = [len(row) for row in rows]
    return len(rows) >= 2 and max(widths) >= 2 and all(len(cell) <= _LONGEST_CELL for row in rows for cell in row)


def _lines(table: "HtmlElement", rows: list[list[str]]) -> list[str]:
    caption = [" ".join(tag.text_content().split()) for tag in table.xpath("./caption")]
    has_head = bool(table.xpath(".//thead//tr|(.//tr)[1][th][not(td)]"))
    head = rows[0] if has_head else []
    lines = [_line(head, row) for row in rows[1 if has_head else 0 :]]
    return [line for line in (*caption, *lines) if line]


def _line(head: list[str], row: list[str]) -> str:
    names = [*head, *[""] * (len(row) - len(head))]
    parts = [
        f"{name}: {cell}" if name and name != cell else cell for name, cell in zip(names, row, strict=False) if cell
    ]
    return "; ".join(dict.fromkeys(parts))


def _replace(table: "HtmlElement", lines: list[str]) -> None:
    from lxml.html import builder

    block = builder.DIV(*(builder.P(line) for line in lines))
    block.tail = table.tail
    table.getparent().replace(table, block)
