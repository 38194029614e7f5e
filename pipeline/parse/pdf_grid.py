"""Ruling lines to tables: the grid that drawn lines make, with merged cells and with sides left open at a page break.

A table is a set of lines that touch. Its lines cut the plane into small rectangles; those with no line between them
are one cell. Where a table is cut by the end of the page its frame is open there: the frame is closed for reading, and
the cells at it know that they are open, which later tells a cut row from a finished one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.parse.pdf_page import Edge

_SNAP = 3.0  # points: lines nearer than this are one line, drawn twice or a hair apart (pdfplumber's tolerance too)
_SLIVER = 4.0  # points: rows and columns narrower than this are the two strokes of a double line
_MAX_EDGES = 4_000  # a page with more straight lines is a drawing
_MAX_CROSSINGS = 20_000  # and so is one whose lines make a finer grid: a full page of tiny cells has 5,000


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
    edges = list(edges)
    if len(edges) > _MAX_EDGES:
        return []
    found = (_grid(group) for group in _touching(_merged(edges)))
    return sorted((g for g in found if g is not None), key=lambda g: (g.ys[0], g.xs[0]))


def _merged(edges: list[Edge]) -> list[Edge]:
    """Lines that lie on one another or end where the next begins, as one."""
    merged: list[Edge] = []
    for is_vertical in (True, False):
        kind = sorted((e for e in edges if e.is_vertical == is_vertical), key=lambda e: e.at)
        clusters: list[list[Edge]] = []
        for edge in kind:
            if clusters and edge.at - clusters[-1][0].at <= _SNAP:
                clusters[-1].append(edge)
            else:
                clusters.append([edge])
        for cluster in clusters:
            at = sum(e.at for e in cluster) / len(cluster)
            parts: list[Edge] = []
            for edge in sorted(cluster, key=lambda e: e.low):
                if parts and edge.low <= parts[-1].high + _SNAP:
                    parts[-1] = replace(parts[-1], high=max(parts[-1].high, edge.high))
                else:
                    parts.append(replace(edge, at=at))
            merged.extend(parts)
    return [e for e in merged if e.high - e.low > _SNAP]


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
    upright = [e for e in edges if e.is_vertical]
    level = [e for e in edges if not e.is_vertical]
    if not upright or not level or len(upright) + len(level) < 4:
        return None
    # The frame reaches as far as the lines do, drawn or not.
    xs = _positions([*(e.at for e in upright), min(e.low for e in level), max(e.high for e in level)])
    ys = _positions([*(e.at for e in level), min(e.low for e in upright), max(e.high for e in upright)])
    if len(xs) < 2 or len(ys) < 2 or (len(xs) == 2 and len(ys) == 2):
        return None
    if len(xs) * len(ys) > _MAX_CROSSINGS:
        return None
    walls_x = [_walls(upright, x, ys) for x in xs]
    walls_y = [_walls(level, y, xs) for y in ys]
    cells = [
        replace(
            cell,
            is_open_above=not walls_y[cell.row][cell.col],
            is_open_below=not walls_y[cell.row + cell.rowspan][cell.col],
        )
        for cell in _cells(walls_x, walls_y)
    ]
    return None if len(cells) < 2 else Grid(tuple(xs), tuple(ys), tuple(cells))


def _positions(values: list[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _SLIVER:
            found.append(value)
    return found


def _walls(edges: list[Edge], at: float, stops: list[float]) -> list[bool]:
    """Whether a line is drawn at `at`, for each piece between two stops."""
    near = [e for e in edges if abs(e.at - at) <= _SLIVER]
    return [any(e.low <= (a + b) / 2 <= e.high for e in near) for a, b in pairwise(stops)]


def _cells(walls_x: list[list[bool]], walls_y: list[list[bool]]) -> list[GridCell]:
    """Small rectangles with no line between them, put together; each by itself where they make no rectangle."""
    rows, cols = len(walls_y) - 1, len(walls_x) - 1
    seen: set[tuple[int, int]] = set()
    found: list[GridCell] = []
    for row in range(rows):
        for col in range(cols):
            if (row, col) in seen:
                continue
            part = _flood(row, col, rows, cols, walls_x, walls_y)
            seen |= part
            height = max(r for r, _ in part) - row + 1
            left = min(c for _, c in part)
            width = max(c for _, c in part) - left + 1
            if left == col and height * width == len(part):
                found.append(GridCell(row, col, height, width))
            else:
                found.extend(GridCell(r, c, 1, 1) for r, c in sorted(part))
    return sorted(found, key=lambda c: (c.row, c.col))


def _flood(
    row: int, col: int, rows: int, cols: int, walls_x: list[list[bool]], walls_y: list[list[bool]]
) -> set[tuple[int, int]]:
    part = {(row, col)}
    todo = [(row, col)]
    while todo:
        r, c = todo.pop()
        steps = (
            (r, c - 1, c > 0 and not walls_x[c][r]),
            (r, c + 1, c < cols - 1 and not walls_x[c + 1][r]),
            (r - 1, c, r > 0 and not walls_y[r][c]),
            (r + 1, c, r < rows - 1 and not walls_y[r + 1][c]),
        )
        for to_row, to_col, is_free in steps:
            if is_free and (to_row, to_col) not in part:
                part.add((to_row, to_col))
                todo.append((to_row, to_col))
    return part
