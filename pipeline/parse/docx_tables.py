"""The grid of a Word table: which cell stands where, with merged cells as one (ECMA-376 part 1, 17.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.parse.docx_package import Element, W, is_on, value

_WRAPPERS = frozenset(W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"))
_MAX_SPAN = 1000  # a wider span is damage: Word has at most 63 columns


@dataclass
class Cell:
    """A cell with its place (0-based) and spans; `covered` are the cells that it was merged over downward."""

    node: Element
    row: int
    col: int
    colspan: int
    rowspan: int = 1
    covered: list[Element] = field(default_factory=list)


def grid(table: Element) -> list[Cell]:
    """The cells of a `w:tbl` row by row. Rows that are hidden or deleted in tracked changes are left out."""
    cells: list[Cell] = []
    above: dict[int, Cell] = {}  # by first column: the cell that a vMerge on the next row continues
    for row, node in enumerate(_rows(table)):
        current: dict[int, Cell] = {}
        col = _span(value(node.find(W + "trPr"), "gridBefore"), 0)
        last: Cell | None = None
        for tc in _parts(node, "tc"):
            properties = tc.find(W + "tcPr")
            span = _span(value(properties, "gridSpan"), 1)
            upper = above.get(col)
            if last is not None and _continues(properties, "hMerge"):
                last.colspan += span
            elif upper is not None and _continues(properties, "vMerge") and upper.colspan == span:
                upper.rowspan += 1
                upper.covered.append(tc)
                current[col] = upper
                last = None
            else:
                last = Cell(tc, row, col, span)
                cells.append(last)
                current[col] = last
            col += span
        above = current
    return cells


def hidden_cells(table: Element) -> list[Element]:
    """The cells of rows that Word does not show (`w:hidden`), apart from those deleted in tracked changes."""
    return [cell for row in _rows(table, are_hidden=True) for cell in _parts(row, "tc")]


def _rows(table: Element, *, are_hidden: bool = False) -> Iterator[Element]:
    for row in _parts(table, "tr"):
        properties = row.find(W + "trPr")
        is_there = properties is None or is_on(properties, "del") is None
        if is_there and bool(is_on(properties, "hidden")) is are_hidden:
            yield row


def _parts(container: Element, name: str) -> Iterator[Element]:
    for child in container:
        if child.tag == W + name:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _parts(child, name)


def _continues(properties: Element | None, kind: str) -> bool:
    """Whether `w:vMerge` or `w:hMerge` is there and does not start a new merged cell (no value means continue)."""
    node = None if properties is None else properties.find(W + kind)
    return node is not None and node.get(W + "val", "continue") != "restart"


def _span(text: str | None, default: int) -> int:
    try:
        return min(max(int(text), default), _MAX_SPAN) if text is not None else default
    except ValueError:
        return default
