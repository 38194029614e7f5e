"""Where cells stand: from rows of spans to places on a grid."""

from __future__ import annotations

from collections.abc import Sequence

Place = tuple[int, int, int, int]  # row, column (0-based), rows covered, columns covered


def place(rows: Sequence[Sequence[tuple[int, int]]]) -> list[list[Place]]:
    """The place of each cell, given its (rowspan, colspan), as HTML lays them out: in the next free column of its row.

    A span over the last row is cut there.
    """
    taken: dict[int, int] = {}  # column → first row that is free again
    found: list[list[Place]] = []
    for row, spans in enumerate(rows):
        col = 0
        places: list[Place] = []
        for rowspan, colspan in spans:
            while taken.get(col, 0) > row:
                col += 1
            covered = min(rowspan, len(rows) - row)
            places.append((row, col, covered, colspan))
            for c in range(col, col + colspan):
                taken[c] = row + covered
            col += colspan
        found.append(places)
    return found
