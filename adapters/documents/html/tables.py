"""Tables as Markdown, cells that span several repeated in each."""

from bs4.element import Tag

from adapters.documents.html.inline import line_of
from adapters.documents.html.measure import Measures
from adapters.documents.outline import UnreadableError

MOST_CELLS = 50_000
WIDEST = 60
TALLEST = 500


def is_layout(table: Tag, measures: Measures) -> bool:
    """Whether a table only places things: it holds headings, code, another table, or a single cell in each row."""
    measure = measures.of(table)
    if measure.headings or measure.code or measure.tables:
        return True
    return all(len(_cells(row)) < 2 for row in table.find_all("tr"))


def caption_of(table: Tag) -> str:
    """What stands above it."""
    caption = table.find("caption")
    return line_of(caption.children) if isinstance(caption, Tag) else ""


def markdown_table(table: Tag) -> str:
    """The table in lines of cells between bars; the first row is its head. Empty columns are left out."""
    rows = _grid(table)
    width = max(map(len, rows), default=0)
    full = [row + [""] * (width - len(row)) for row in rows if any(row)]
    kept = [n for n in range(width) if any(row[n] for row in full)]
    if not full or not kept:
        return ""
    lines = ["| " + " | ".join(row[n] for n in kept) + " |" for row in full]
    lines.insert(1, "|" + " --- |" * len(kept))
    return "\n".join(lines)


def _grid(table: Tag) -> list[list[str]]:
    """Every cell's text where it is seen; ``below`` are texts that reach into the next rows, by column."""
    rows: list[list[str]] = []
    below: dict[int, tuple[str, int]] = {}
    cells = 0
    for tr in table.find_all("tr"):
        row: list[str] = []
        _carry(row, below)
        for cell in _cells(tr):
            text, across, down = _text(cell), _span(cell, "colspan", WIDEST), _span(cell, "rowspan", TALLEST)
            for _ in range(across):
                if down > 1:
                    below[len(row)] = (text, down - 1)
                row.append(text)
                _carry(row, below)
        cells += len(row)
        if cells > MOST_CELLS:
            raise UnreadableError("it has a table that is too big")
        rows.append(row)
    return rows


def _carry(row: list[str], below: dict[int, tuple[str, int]]) -> None:
    """Add what reaches down from above to where the row has come."""
    while len(row) in below:
        text, left = below.pop(len(row))
        if left > 1:
            below[len(row)] = (text, left - 1)
        row.append(text)


def _cells(row: Tag) -> list[Tag]:
    return list(row.find_all(["td", "th"], recursive=False))


def _text(cell: Tag) -> str:
    return _joined(cell).replace("\n", " ").replace("|", "\\|")


def _joined(cell: Tag) -> str:
    """A cell's blocks in one line."""
    if cell.find(_PARTS, recursive=False) is None:
        return line_of(cell.children)
    return " ".join(filter(None, (_part(child) for child in cell.children)))


_PARTS = "p div ul ol dl blockquote".split()


def _part(child: object) -> str:
    if isinstance(child, Tag) and child.name in ("ul", "ol", "dl"):
        items = [line_of(item.children) for item in child.find_all(["li", "dt", "dd"])]
        return "; ".join(filter(None, items))
    return line_of([child]) if isinstance(child, Tag) else " ".join(str(child).split())


def _span(cell: Tag, name: str, most: int) -> int:
    text = str(cell.get(name, "1")).strip()[:4]
    return max(1, min(int(text), most)) if text.isdecimal() and text.isascii() else 1
