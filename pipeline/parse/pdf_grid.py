"""Ruling lines to tables: the grid that drawn lines make, with merged cells and with sides left open at a page break.

A table is a set of lines that touch; its cells are the rectangles that pdfplumber finds between them. Where a table is
cut by the end of the page its frame is open there: the frame is closed for reading, and the cells at it know that they
are open, which later tells a cut row from a finished one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipeline.parse.pdf_shapes import Edge

# Points: lines nearer than this are one line, drawn twice or a hair apart. pdfplumber takes 3; the two strokes of a
# double line are up to 4 apart, and no row or column is as narrow as that.
_SNAP = 4.0
_SHORT = 3.0  # points: what is left of a line after joining must be longer (pdfplumber's edge_min_length)
_MAX_EDGES = 8_000  # a page with more straight lines is a drawing; tables are often drawn cell by cell
_MAX_LINES = 1_500  # and so is one that has more of them after joining: a full page of small cells has 300
_MAX_CROSSINGS = 3_000  # and one whose lines make a finer grid: a full page of small cells has 1,000


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a page's table: 0-based place and spans; whether its upper and lower sides have no drawn line."""

    row: int
    col: int
    rowspan: int
    colspan: int
    is_open_above: bool = False
    is_open_below: bool = False


@dataclass(frozen=True)
class Grid:
    """A table on one page: x of its column lines, y of its row lines, in points, and its cells in order."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]

    @property
    def area(self) -> float:
        """In square points; of two tables around a point the smaller one is nested in the other."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def cell_at(self, x: float, y: float) -> int | None:
        """The index of the cell at a point, None outside the table."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]):
            return None
        row = min(bisect_right(self.ys, y), len(self.ys) - 1) - 1
        col = min(bisect_right(self.xs, x), len(self.xs) - 1) - 1
        for index, cell in enumerate(self.cells):
            if cell.row <= row < cell.row + cell.rowspan and cell.col <= col < cell.col + cell.colspan:
                return index
        return None


def grids(edges: Iterable[Edge]) -> list[Grid]:
    """The tables that the lines of a page make, from top to bottom; frames of a single cell are none."""
    found = (_grid(group) for group in _groups(list(edges)))
    return sorted((g for g in found if g is not None), key=lambda g: (g.ys[0], g.xs[0]))


def may_hold_table(edges: Iterable[Edge]) -> bool:
    """Whether some lines of a page touch so that they may be a table: cheap, and never False where `grids` has one."""
    return bool(_groups(list(edges)))


def _groups(edges: list[Edge]) -> list[list[Edge]]:
    """Lines that touch, where there are enough of both directions for two cells."""
    if not _are_enough(edges) or len(edges) > _MAX_EDGES:
        return []
    lines = _merged(edges)
    return [group for group in _touching(lines) if _are_enough(group)] if len(lines) <= _MAX_LINES else []


def _are_enough(edges: list[Edge]) -> bool:
    upright = sum(e.is_vertical for e in edges)
    return len(edges) >= 4 and 0 < upright < len(edges)


def _merged(edges: list[Edge]) -> list[Edge]:
    """Lines that lie on one another or end where the next begins, as one."""
    found = (
        Edge(True, line["x0"], line["top"], line["bottom"])
        if line["orientation"] == "v"
        else Edge(False, line["top"], line["x0"], line["x1"])
        for line in _snapped(edges)
    )
    return [edge for edge in found if edge.high - edge.low > _SHORT]


def _snapped(edges: Iterable[Edge]) -> list[dict[str, Any]]:
    """The lines as pdfplumber has them, brought together by its rules."""
    from pdfplumber.table import merge_edges  # a heavy import, for files with lines only

    return merge_edges([_as_object(edge) for edge in edges], _SNAP, _SNAP, _SNAP, _SNAP)


def _as_object(edge: Edge) -> dict[str, Any]:
    low, high, at = edge.low, edge.high, edge.at
    if edge.is_vertical:
        return {"orientation": "v", "x0": at, "x1": at, "top": low, "bottom": high, "width": 0, "height": high - low}
    return {"orientation": "h", "x0": low, "x1": high, "top": at, "bottom": at, "width": high - low, "height": 0}


def _touching(edges: list[Edge]) -> list[list[Edge]]:
    """Groups of lines that cross or meet, directly or through others."""
    group = list(range(len(edges)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    upright = [i for i, e in enumerate(edges) if e.is_vertical]
    level = [i for i, e in enumerate(edges) if not e.is_vertical]
    for i in upright:
        v = edges[i]
        for j in level:
            h = edges[j]
            if v.low - _SNAP <= h.at <= v.high + _SNAP and h.low - _SNAP <= v.at <= h.high + _SNAP:
                group[root(i)] = root(j)
    found: dict[int, list[Edge]] = {}
    for i, edge in enumerate(edges):
        found.setdefault(root(i), []).append(edge)
    return list(found.values())


def _grid(edges: list[Edge]) -> Grid | None:
    frame, *boxes = _boxes(edges)
    xs = sorted({x for box in (frame, *boxes) for x in (box[0], box[2])})
    ys = sorted({y for box in (frame, *boxes) for y in (box[1], box[3])})
    if len(xs) * len(ys) < 6:
        return None
    level = [e for e in edges if not e.is_vertical]

    def is_open(side: int, col: int) -> bool:
        middle = (xs[col] + xs[col + 1]) / 2
        return not any(abs(e.at - ys[side]) <= _SNAP and e.low <= middle <= e.high for e in level)

    cells = [
        GridCell(row, col, height, width, is_open(row, col), is_open(row + height, col))
        for row, col, height, width in _places(boxes, xs, ys)
    ]
    return Grid(tuple(xs), tuple(ys), tuple(cells))


_Box = tuple[float, float, float, float]


def _boxes(edges: list[Edge]) -> list[_Box]:
    """The frame round all lines, as far as they reach, and the rectangles (left, top, right, bottom) between them."""
    from pdfplumber.table import edges_to_intersections, intersections_to_cells

    upright = [e for e in edges if e.is_vertical]
    level = [e for e in edges if not e.is_vertical]
    left = min(*(e.at for e in upright), *(e.low for e in level))
    right = max(*(e.at for e in upright), *(e.high for e in level))
    top = min(*(e.at for e in level), *(e.low for e in upright))
    bottom = max(*(e.at for e in level), *(e.high for e in upright))
    frame = [Edge(True, x, top, bottom) for x in (left, right)] + [Edge(False, y, left, right) for y in (top, bottom)]
    crossings = edges_to_intersections(_snapped([*edges, *frame]), _SNAP, _SNAP)
    (left, top), (right, bottom) = min(crossings), max(crossings)
    found = intersections_to_cells(crossings) if len(crossings) <= _MAX_CROSSINGS else []
    return [(left, top, right, bottom), *found]


def _places(boxes: list[_Box], xs: list[float], ys: list[float]) -> list[tuple[int, int, int, int]]:
    """Row, column and spans of each cell in order.

    A box round others, as there is where lines make an angle, is none; what no cell covers is cut at all lines.
    """
    found: list[tuple[int, int, int, int]] = []
    taken: set[tuple[int, int]] = set()
    column, line = {x: i for i, x in enumerate(xs)}, {y: i for i, y in enumerate(ys)}
    for left, top, right, bottom in sorted(boxes, key=lambda b: ((b[2] - b[0]) * (b[3] - b[1]), b)):
        row, col = line[top], column[left]
        height, width = line[bottom] - row, column[right] - col
        covered = {(r, c) for r in range(row, row + height) for c in range(col, col + width)}
        if taken.isdisjoint(covered):
            taken |= covered
            found.append((row, col, height, width))
    free = ((r, c, 1, 1) for r in range(len(ys) - 1) for c in range(len(xs) - 1) if (r, c) not in taken)
    return sorted([*found, *free])
