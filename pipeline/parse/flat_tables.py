"""Tables that came to us as plain text, back on their grid.

Three ways of flattening are known: a cell a line, each line beginning with a tab (a word processor's "save as text",
rows parted by blank lines); a row a line, cells parted by tabs; and art with `|` (Markdown, antiword). The number of
columns comes from the header row and the period of the blank lines, never from the words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pipeline.model import BlockKind, CellAt
from pipeline.raw import RawBlock, RawDocument, RawIssue

_MAX_HEADER = 40  # characters of a header cell; the longest seen has 17, and a tab-indented paragraph has more
_MIN_STEADY = 0.6  # share of rows that must have the header's number of cells, or it is indented text
_LOOK_AHEAD = 60  # groups looked at for the number of columns
_PAGE_NUMBER = re.compile(r"\W*\d{1,4}\W*")
_RULE = re.compile(r"[\s|+:=—─-]*[-=—─]{2,}[\s|+:=—─-]*")
_TAB = "\t"


@dataclass(slots=True)
class _Flat:
    """A table as read from the lines: rows of cell texts, the headers that were repeated, and where it ends."""

    rows: list[list[str]]
    width: int
    end: int
    furniture: list[str] = field(default_factory=list)


def recover(raw: RawDocument) -> RawDocument:
    """The document with its flattened tables as cells; lines outside tables stay as they are. Plain text only."""
    if raw.format != "txt":
        return raw
    blocks = raw.blocks
    out: list[RawBlock] = []
    moved: dict[int, int] = {}
    issues: list[RawIssue] = []
    number = 1 + max((b.cell.table for b in blocks if b.cell is not None), default=-1)
    at = 0
    while at < len(blocks):
        flat = _table_at(blocks, at)
        if flat is None:
            moved[at] = len(out)
            out.append(blocks[at])
            at += 1
            continue
        cells = list(_cells(flat, number, blocks[at].page))
        issues += _short_rows(flat, cells, len(out))
        out.extend(cells)
        number += 1
        at = flat.end
    kept = tuple(replace(i, block=None if i.block is None else moved.get(i.block)) for i in raw.issues)
    return replace(raw, blocks=tuple(out), issues=(*kept, *issues))


def _short_rows(flat: _Flat, cells: list[RawBlock], first: int) -> Iterator[RawIssue]:
    """An issue at the first cell of each row with fewer cells than its neighbours; a lone cell is a caption."""
    starts = {cell.cell.row: i for i, cell in reversed(list(enumerate(cells))) if cell.cell is not None}
    for number, row in enumerate(flat.rows):
        if 1 < len(row) < flat.width and number in starts:
            yield RawIssue("lost-cells", f"row {number + 1}: {len(row)} / {flat.width}", first + starts[number])


def _table_at(blocks: tuple[RawBlock, ...], at: int) -> _Flat | None:
    block = blocks[at]
    if block.kind is not BlockKind.PARAGRAPH or block.cell is not None:
        return None
    if block.text.startswith(_TAB) and block.text.count(_TAB) == 1:
        return _cell_a_line(blocks, at)
    if _TAB in block.text.strip():
        return _row_a_line(blocks, at)
    if block.text.lstrip().startswith(("|", "+-", "+=")):
        return _bars(blocks, at)
    return None


# --- a cell a line -------------------------------------------------------------------------------------------------


def _cell_a_line(blocks: tuple[RawBlock, ...], at: int) -> _Flat | None:
    width = _width(blocks, at)
    if width < 2:
        return None
    reader = _CellLines(blocks, at, width)
    reader.run()
    rows = reader.rows
    if len(rows) < 2 or any(len(cell) > _MAX_HEADER for cell in rows[0]):
        return None
    steady = sum(len(row) == width for row in rows)
    if steady < _MIN_STEADY * len(rows):
        return None
    return _without_repeats(_Flat(rows, width, reader.end))


def _width(blocks: tuple[RawBlock, ...], at: int) -> int:
    """How many columns: the size of the first group of tab lines if others have it too, else the commonest size."""
    sizes: list[int] = []
    size = 0
    cells: list[str] = []
    for block in blocks[at:]:
        if block.text.startswith(_TAB):
            size += 1
            cells.append(block.text.strip())
        elif not block.text.strip() and size:
            sizes.append(size)
            size = 0
            if len(sizes) >= _LOOK_AHEAD:
                break
    if size:
        sizes.append(size)
    if len(sizes) == 1:
        return _stride(cells)
    common = Counter(s for s in sizes if s > 1)
    if not common:
        return 0
    if common[sizes[0]] > 1 or sizes[0] == max(sizes):
        return sizes[0]
    return max(common, key=lambda s: (common[s], s))


def _stride(cells: list[str]) -> int:
    """Columns of a table without blank lines: the distance between the cells that count 1, 2, 3 …"""
    at = [cells.index(n) for n in ("1", "2", "3") if n in cells]
    steps = {b - a for a, b in pairwise(at)}
    return steps.pop() if len(at) >= 2 and len(steps) == 1 and at[0] in steps else 0


class _CellLines:
    """Reads lines into rows of at most `width` cells; `end` is the first line after the table."""

    def __init__(self, blocks: tuple[RawBlock, ...], at: int, width: int) -> None:
        self.blocks = blocks
        self.at = self.end = at
        self.width = width
        self.rows: list[list[str]] = [[]]

    def run(self) -> None:
        after_blank = False
        while self.at < len(self.blocks):
            block = self.blocks[self.at]
            text = block.text
            if text.startswith(_TAB):
                self._take(text.strip(), after_blank)
                after_blank = False
            elif not text.strip():
                after_blank = True
            elif self._continues(after_blank):
                self.rows[-1][-1] = f"{self.rows[-1][-1]}\n{text.strip()}".lstrip("\n")
                after_blank = False
            elif not self._page_number_between():
                break
            self.at += 1
            if text.strip(" \r\n"):
                self.end = self.at
        while self.rows and not any(self.rows[-1]):
            self.rows.pop()

    def _take(self, cell: str, after_blank: bool) -> None:
        row = self.rows[-1]
        # A row that is short although a whole row follows has lost its empty cells at the end.
        whole_row_follows = after_blank and row and self._group_size() >= self.width
        if len(row) == self.width or whole_row_follows:
            self.rows.append([cell])
        else:
            row.append(cell)

    def _group_size(self) -> int:
        size = 0
        for block in self.blocks[self.at :]:
            if not block.text.startswith(_TAB):
                if block.text.strip():
                    continue
                break
            size += 1
        return size

    def _continues(self, after_blank: bool) -> bool:
        """Whether a line without a tab is more of the last cell: the row is open, or more of the table follows it."""
        row = self.rows[-1]
        if not row:
            return False
        if len(row) < self.width:
            return self._tab_follows(self.at + 1) or not after_blank
        cut = row[-1].endswith(("、", "，", ",")) or row[-1].count("（") > row[-1].count("）")
        return (not after_blank or cut) and self._tab_follows(self.at + 1)

    def _tab_follows(self, at: int) -> bool:
        """Whether a tab line comes next, after lines of text that end the cell and blank lines, in this order."""
        blank = False
        for block in self.blocks[at:]:
            if block.text.startswith(_TAB):
                return True
            if not block.text.strip():
                blank = True
            elif blank:
                return False
        return False

    def _page_number_between(self) -> bool:
        return _PAGE_NUMBER.fullmatch(self.blocks[self.at].text) is not None and self._tab_follows(self.at + 1)


def _without_repeats(flat: _Flat) -> _Flat:
    """A table that runs over a page has its header again, and sometimes a row of nothing: neither is data."""
    header = flat.rows[0]
    kept = [header]
    for row in flat.rows[1:]:
        if row == header:
            flat.furniture.extend(row)
        elif any(row):
            kept.append(row)
    return replace(flat, rows=kept)


# --- a row a line --------------------------------------------------------------------------------------------------


def _row_a_line(blocks: tuple[RawBlock, ...], at: int) -> _Flat | None:
    lines: list[str] = []
    end = at
    for index in range(at, len(blocks)):
        text = blocks[index].text
        if not text.strip():
            continue
        if _TAB not in text.strip():
            break
        lines.append(text.rstrip("\r\n"))
        end = index + 1
    # A tab before every row is an indent; before some of them it stands for an empty first cell.
    indent = _TAB if all(line.startswith(_TAB) for line in lines) else ""
    rows = [[cell.strip() for cell in line.removeprefix(indent).split(_TAB)] for line in lines]
    width = max((len(row) for row in rows), default=0)
    steady = sum(len(row) == width for row in rows)
    if len(rows) < 2 or steady < max(2, _MIN_STEADY * len(rows)) or "" in rows[0]:
        return None
    if any(len(cell) > _MAX_HEADER for cell in rows[0]) or _is_contents(rows):
        return None
    return _without_repeats(_Flat(rows, width, end))


def _is_contents(rows: list[list[str]]) -> bool:
    """A table of contents: two columns, the second with page numbers that do not fall."""
    pages = [row[-1] for row in rows]
    if any(len(row) != 2 for row in rows) or not all(page.isdigit() for page in pages):
        return False
    return all(int(a) <= int(b) for a, b in pairwise(pages))


# --- bars ----------------------------------------------------------------------------------------------------------


def _bars(blocks: tuple[RawBlock, ...], at: int) -> _Flat | None:
    lines: list[str] = []
    end = at
    for index in range(at, len(blocks)):
        text = blocks[index].text.strip()
        if not text.startswith(("|", "+-", "+=")):
            break
        lines.append(text)
        end = index + 1
    rules = [i for i, line in enumerate(lines) if _RULE.fullmatch(line)]
    rows = list(_bar_rows(lines, joined=len(rules) > 2 or lines[0].startswith("+")))
    width = max((len(row) for row in rows), default=0)
    if width < 2 or len(rows) < 2:
        return None
    return _without_repeats(_Flat(rows, width, end))


def _bar_rows(lines: list[str], joined: bool) -> Iterator[list[str]]:
    """Rows of bar art; where rules part the rows (`joined`), the lines between two rules are one row."""
    row: list[str] = []
    for line in lines:
        if _RULE.fullmatch(line):
            if row:
                yield row
                row = []
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not joined:
            yield cells
        elif not row:
            row = cells
        else:
            row = [f"{a}\n{b}".strip("\n") for a, b in _padded(row, cells)]
    if row:
        yield row


def _padded(one: list[str], other: list[str]) -> Iterable[tuple[str, str]]:
    width = max(len(one), len(other))
    return zip(one + [""] * (width - len(one)), other + [""] * (width - len(other)), strict=True)


# --- the grid ------------------------------------------------------------------------------------------------------


def _cells(flat: _Flat, number: int, page: int | None) -> Iterator[RawBlock]:
    """The cells in order; empty cells of grouping columns are covered by the cell above them."""
    width = flat.width
    rows = [row + [""] * (width - len(row)) for row in flat.rows]
    lone = [len(row) == 1 and row[0] != "" and width > 2 for row in flat.rows]
    covered = _covered(rows, lone)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if covered[r][c] or (lone[r] and c):
                continue
            rowspan = 1
            while r + rowspan < len(rows) and covered[r + rowspan][c]:
                rowspan += 1
            yield RawBlock(text, BlockKind.CELL, page, CellAt(number, r, c, rowspan, width if lone[r] else 1))
    for text in flat.furniture:
        yield RawBlock(text, BlockKind.FURNITURE, page)


def _covered(rows: list[list[str]], lone: list[bool]) -> list[list[bool]]:
    """Which empty cells belong to the cell above: those of the leading columns that group the rows.

    A column groups if it has both empty and filled cells below the header and a later column is always filled; an
    empty cell in it is covered only where the grouping columns before it go on too. A serial number in every row may
    stand before the grouping columns.
    """
    covered = [[False] * len(row) for row in rows]
    body = [r for r in range(1, len(rows)) if not lone[r]]
    grouping = _grouping(rows, body)
    for r in body[1:]:
        if lone[r - 1]:
            continue
        for c in grouping:
            if rows[r][c] or not (rows[r - 1][c] or covered[r - 1][c]):
                break
            covered[r][c] = True
    return covered


def _grouping(rows: list[list[str]], body: list[int]) -> list[int]:
    filled = [sum(bool(rows[r][c]) for r in body) for c in range(len(rows[0]))]
    full = [n == len(body) for n in filled]
    first = 0
    if full[0] and all(rows[r][0].isdigit() for r in body):
        first = 1
    grouping: list[int] = []
    for c in range(first, len(full)):
        if not filled[c]:  # to be filled in by hand: it parts no groups
            continue
        if full[c] or not rows[body[0]][c]:
            break
        grouping.append(c)
    last = grouping[-1] if grouping else first
    return grouping if any(full[last + 1 :]) else []
