"""Pages set in columns: where the gutters run, and the rows of such a page column by column.

A gutter is told by a left edge that many pieces of rows share and that no row runs over, with wide and mostly full
lines on both sides. Rows that run over it (a title, a part in one column) stand by themselves, and what is above one
of them comes before it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.parse.pdf_page import Char

Rows = Sequence[Sequence[Char]]

_GAP = 0.8  # em: the narrowest gutter; word processors set 2 by default
_LEAST = 6  # lines on both sides of a gutter, one below the other, to speak of columns
_NARROWEST = 8.0  # em: a narrower column is one of a table without lines
_FULL_SHARE = (
    0.35  # of the lines left of a gutter that reach it; in running text only the last ones of paragraphs do not
)
_RAGGED = 1.5  # em by which a full line may be shorter
_INDENT = 2.5  # em: first lines of paragraphs begin two in
_SAME_EDGE = 2.0  # points


class _Row:
    """A row as the extents of its pieces, which stand a gutter's width or more apart."""

    def __init__(self, chars: Sequence[Char]) -> None:
        inked = [c for c in chars if c.text.strip()]
        self.size = max((c.size for c in inked), default=0.0)
        self.pieces: list[tuple[float, float]] = []
        start = inked[0].x0 if inked else 0.0
        for last, char in pairwise(inked):
            if char.x0 - last.x1 > _GAP * self.size:
                self.pieces.append((start, last.x1))
                start = char.x0
        if inked:
            self.pieces.append((start, inked[-1].x1))


def gutters(rows: Rows, known: Sequence[float] = ()) -> tuple[float, ...]:
    """The x of each gutter of a page, from left to right. Those of the page before (`known`) hold with fewer lines."""
    made = [row for row in map(_Row, rows) if row.pieces]
    if not made:
        return ()
    size = sorted(row.size for row in made)[len(made) // 2]
    left, right = min(r.pieces[0][0] for r in made), max(r.pieces[-1][1] for r in made)
    found: list[float] = []
    for edge in _edges(made, size):
        is_wide = edge - (found[-1] if found else left) >= _NARROWEST * size and right - edge >= _NARROWEST * size
        if is_wide and _holds(made, edge, size, _LEAST):
            found.append(edge - _GAP * size / 2)
    if not found and known and all(_holds(made, x + _GAP * size / 2, size, 1) for x in known):
        return tuple(known)
    return tuple(found)


def _edges(rows: Sequence[_Row], size: float) -> list[float]:
    """Left edges at which, or at an indent from which, enough pieces of rows begin."""
    starts = sorted(x0 for row in rows for x0, _ in row.pieces)
    width, last = _INDENT * size, float("-inf")
    found: list[float] = []
    for i, x in enumerate(starts):
        if x - last > _SAME_EDGE / 2 and bisect_right(starts, x + width) - i >= _LEAST:
            found.append(x)
            last = x
    return found


def _holds(rows: Sequence[_Row], edge: float, size: float, least: int) -> bool:
    """Whether some rows one below the other keep clear of the strip before an edge, with lines on both sides."""
    strip = edge - _GAP * size
    ends: list[float] = []
    after = 0

    def is_enough() -> bool:
        if min(len(ends), after) < least:
            return False
        full = sum(max(ends) - x <= _RAGGED * size for x in ends)
        return full >= _FULL_SHARE * len(ends)

    for row in rows:
        if any(x0 < edge - _SAME_EDGE and x1 > strip for x0, x1 in row.pieces):
            if is_enough():
                return True
            ends, after = [], 0
            continue
        before = [x1 for _, x1 in row.pieces if x1 <= strip]
        ends += before[-1:]
        after += any(x0 >= edge - _SAME_EDGE for x0, _ in row.pieces)
    return is_enough()


def by_columns(rows: Rows, at: Sequence[float]) -> Iterator[tuple[int | None, Sequence[Char]]]:
    """The rows in reading order, each with its column (counted from 0): None in a page without, and for a row that
    runs over a gutter."""
    if not at:
        yield from ((None, row) for row in rows)
        return
    columns: list[list[list[Char]]] = [[] for _ in range(len(at) + 1)]
    for row in rows:
        if any(c.x0 < x < c.x1 for c in row if c.text.strip() for x in at) or _spans(row, at):
            for number, column in enumerate(columns):
                yield from ((number, part) for part in column)
                column.clear()
            yield None, row
            continue
        for number, column in enumerate(columns):
            low = at[number - 1] if number else float("-inf")
            high = at[number] if number < len(at) else float("inf")
            if part := [c for c in row if low <= (c.x0 + c.x1) / 2 < high]:
                column.append(part)
    for number, column in enumerate(columns):
        yield from ((number, part) for part in column)


def _spans(row: Sequence[Char], at: Sequence[float]) -> bool:
    """Whether a piece of a row lies on both sides of a gutter that happens to run between two of its characters."""
    return any(x0 < x < x1 for x0, x1 in _Row(row).pieces for x in at)
