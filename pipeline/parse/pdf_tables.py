"""Tables of a PDF: the text of their cells, and tables that go on over page breaks as one table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline.model import BlockKind, CellAt
from pipeline.parse.ocr_layout import raw_lines
from pipeline.parse.pdf_grid import Grid, GridCell, grids
from pipeline.parse.pdf_lines import join_lines, lines_of
from pipeline.parse.pdf_page import Char, PageContent
from pipeline.parse.pdf_paragraphs import begins_item, ends_sentence
from pipeline.raw import RawBlock

_SAME_COLUMN = 4.0  # points: column lines on two pages nearer than this are the same line
_HABIT = 3  # cells of a column that show what it always has
_SAME_LETTERS = 80.0  # ratio of the letters of a head and of the same head read again
_MAX_PADDING = 10.0  # points between the cell's border and its text; more is an indent
_FULL = 0.6  # em that may be left on a full line besides what did not fit


@dataclass(frozen=True)
class TextCell:
    """A cell with its text; `page` is where it begins, `room` what is left on its last line, `need` what would have to
    fit there if its text went on from elsewhere: the width of the first piece of its first line. In points. `chars` are
    the text's characters in its order."""

    at: GridCell
    text: str
    page: int
    room: float = math.inf
    need: float = 0.0
    chars: tuple[Char, ...] = ()


@dataclass
class PdfTable:
    """A table: x of its column lines, its cells, and the heads that were repeated (row that follows, page, text)."""

    page: int
    last_page: int
    top: float
    xs: tuple[float, ...]
    rows: int
    cells: list[TextCell]
    heads: list[tuple[int, int, str]] = field(default_factory=list)

    def blocks(self, number: int) -> Iterator[RawBlock]:
        """The cells row by row as table `number`, heads repeated on later pages as furniture."""
        heads = list(self.heads)
        for cell in sorted(self.cells, key=lambda c: (c.at.row, c.at.col)):
            while heads and heads[0][0] <= cell.at.row:
                _, page, text = heads.pop(0)
                yield RawBlock(text, BlockKind.FURNITURE, page)
            at = CellAt(number, cell.at.row, cell.at.col, cell.at.rowspan, cell.at.colspan)
            yield RawBlock(cell.text, BlockKind.CELL, cell.page, at, lines=raw_lines(cell.text, cell.chars))
        for _, page, text in heads:
            yield RawBlock(text, BlockKind.FURNITURE, page)


def page_tables(
    content: PageContent, turned: Sequence[Char] = (), before: PdfTable | None = None
) -> tuple[list[PdfTable], list[Char]]:
    """The tables of one page, and the characters outside them.

    `turned` are lines that run another way, which belong to the cells that they stand in. `before` is the last table of
    the page before: its rest may be a row with text in one cell only.
    """
    found = grids(content.edges)
    inside: dict[tuple[int, int], list[Char]] = {}
    outside: list[Char] = []
    by_size = sorted(range(len(found)), key=lambda i: found[i].area)
    for char in (*content.chars, *turned):
        place = next(((i, at) for i in by_size if (at := found[i].cell_at(*char.middle)) is not None), None)
        if place is None:
            outside.append(char)
        else:
            inside.setdefault(place, []).append(char)
    tables: list[PdfTable] = []
    for i, grid in enumerate(found):
        cells = [_text_cell(grid, c, inside.get((i, k), []), content.number) for k, c in enumerate(grid.cells)]
        goes_on = i == 0 and before is not None and _common_columns(before.xs, grid.xs) is not None
        if sum(1 for cell in cells if cell.text) < (1 if goes_on else 2):  # a drawing, or a frame round running text
            outside.extend(char for k in range(len(cells)) for char in inside.get((i, k), []))
        else:
            table = PdfTable(content.number, content.number, grid.ys[0], grid.xs, len(grid.ys) - 1, cells)
            tables.append(_trimmed(table))
    return tables, outside


def _text_cell(grid: Grid, at: GridCell, chars: list[Char], page: int) -> TextCell:
    left, right = grid.xs[at.col], grid.xs[at.col + at.colspan]
    lines = lines_of(chars, page)
    if not lines:
        return TextCell(at, "", page)
    padding = min(max(min(line.x0 for line in lines) - left, 0.0), _MAX_PADDING)
    inner = right - padding
    text = lines[0].text
    for above, below in pairwise(lines):
        is_wrapped = inner - above.x1 < below.unit + _FULL * above.size
        if is_wrapped and not (begins_item(below.text) and ends_sentence(above.text)):
            text = join_lines(text, below.text)
        else:
            text += "\n" + below.text
    need = lines[0].unit + _FULL * lines[0].size
    return TextCell(at, text, page, inner - lines[-1].x1, need, tuple(char for line in lines for char in line.chars))


def _trimmed(table: PdfTable) -> PdfTable:
    """Without rows at the open ends of the frame that hold nothing: lines that run on a little beyond the table."""
    last = [c for c in table.cells if c.at.row + c.at.rowspan == table.rows]
    if table.rows > 1 and all(not c.text and c.at.is_open_below and c.at.rowspan == 1 for c in last):
        table.cells = [c for c in table.cells if c not in last]
        table.rows -= 1
    first = [c for c in table.cells if c.at.row == 0]
    if table.rows > 1 and all(not c.text and c.at.is_open_above and c.at.rowspan == 1 for c in first):
        table.cells = [_moved(c, -1) for c in table.cells if c not in first]
        table.rows -= 1
    return table


def _moved(cell: TextCell, rows: int) -> TextCell:
    return replace(cell, at=replace(cell.at, row=cell.at.row + rows))


def continue_table(upper: PdfTable, lower: PdfTable) -> bool:
    """Appends `lower`, the first thing on the next page, to `upper`, the last on its page, if it is the same table.

    The same table has the same outer columns, and one part's column lines are all among the other's. A head that is
    repeated goes to `upper.heads`; a row or a merged cell that the break cut is put together. False if it is another.
    """
    xs = _common_columns(upper.xs, lower.xs)
    if xs is None or lower.page != upper.last_page + 1:
        return False
    above = _recolumned(upper, xs)
    below = _recolumned(lower, xs)
    repeated = _repeated(above, below)
    head = " ".join(c.text for c in below if c.at.row < repeated and c.text)
    below = [_moved(c, -repeated) for c in below if c.at.row >= repeated]
    rows = lower.rows - repeated
    if head:
        upper.heads.append((upper.rows, lower.page, head.replace("\n", "")))
    is_cut, joined = _seam(above, upper.rows, below, is_below_head=bool(repeated))
    shift = upper.rows - (1 if is_cut else 0)
    upper.cells = _joined(above, below, joined, shift, 1 if is_cut else 0)
    upper.rows = shift + rows if rows else upper.rows
    upper.xs, upper.last_page = xs, lower.page
    return True


def _common_columns(first: tuple[float, ...], second: tuple[float, ...]) -> tuple[float, ...] | None:
    if abs(first[0] - second[0]) > _SAME_COLUMN or abs(first[-1] - second[-1]) > _SAME_COLUMN:
        return None
    more, fewer = (first, second) if len(first) >= len(second) else (second, first)
    if all(min(abs(x - y) for y in more) <= _SAME_COLUMN for x in fewer):
        return more
    return None


def _recolumned(table: PdfTable, xs: tuple[float, ...]) -> list[TextCell]:
    place = [min(range(len(xs)), key=lambda i: abs(xs[i] - x)) for x in table.xs]
    return [
        replace(
            c,
            at=replace(c.at, col=place[c.at.col], colspan=place[c.at.col + c.at.colspan] - place[c.at.col]),
        )
        for c in table.cells
    ]


def _repeated(above: list[TextCell], below: list[TextCell]) -> int:
    """How many rows at the top of the lower part repeat the head of the table."""

    count = 0
    while _is_again(*([c for c in cells if c.at.row == count] for cells in (above, below)), is_first=count == 0):
        count += 1
    while count and any(c.at.row < count < c.at.row + c.at.rowspan for c in below):
        count -= 1
    return count


def _is_again(first: list[TextCell], second: list[TextCell], *, is_first: bool) -> bool:
    """Whether two rows have the same cells with the same text. First rows that were recognised have about the same
    letters: narrow headings are set in several lines, of which recognition takes columns for rows."""
    places = [[(c.at.col, c.at.colspan, c.at.rowspan) for c in row] for row in (first, second)]
    texts = ["".join("".join(c.text.split()) for c in row) for row in (first, second)]
    if places[0] != places[1] or not texts[1]:
        return False
    if is_first and any(raw_lines(c.text, c.chars) for c in second):
        letters = ["".join(sorted(text)) for text in texts]
        return fuzz.ratio(*letters) >= _SAME_LETTERS
    return ["".join(c.text.split()) for c in first] == ["".join(c.text.split()) for c in second]


_Joint = dict[tuple[int, int], tuple[TextCell, TextCell]]


def _seam(above: list[TextCell], rows: int, below: list[TextCell], is_below_head: bool) -> tuple[bool, _Joint]:
    """Whether the break cut a row, and the cells (by column and span) that go on over it.

    Below a head that is repeated there is always a line, so that only the frame above the break tells.
    """
    lasts = {(c.at.col, c.at.colspan): c for c in above if c.at.row + c.at.rowspan == rows}
    firsts = {(c.at.col, c.at.colspan): c for c in below if c.at.row == 0}
    pairs = {key: (lasts[key], firsts[key]) for key in firsts if key in lasts}
    if not pairs or len(pairs) < len(firsts):
        return False, {}
    is_open = {k: u.at.is_open_below and (is_below_head or w.at.is_open_above) for k, (u, w) in pairs.items()}
    if all(is_open.values()):
        return True, pairs
    if any(is_open.values()):
        return False, {key: pair for key, pair in pairs.items() if is_open[key]}
    # The frame is drawn on both sides of the break, so only the text can tell.
    order = sorted(pairs)
    merging, single = _habits(above, rows, below)
    if pairs[order[0]][1].text:
        return False, {key: pair for key, pair in pairs.items() if key in merging and not pair[1].text}
    if any(not pairs[key][1].text for key in single & pairs.keys()):
        return True, pairs
    going_on = [(u, w) for u, w in pairs.values() if w.text and u.text]
    if going_on and all(u.room < w.need for u, w in going_on) and not any(ends_sentence(u.text) for u, _ in going_on):
        return True, pairs
    return False, _going_on(pairs)


def _habits(
    above: list[TextCell], rows: int, below: list[TextCell]
) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """The columns (with their span) that never have an empty cell away from head and break: those in which cells are
    merged over rows, and those in which none is. A row that lacks what every row has is the rest of a cut one."""
    cells: dict[tuple[int, int], list[TextCell]] = {}
    for cell in above:
        if cell.at.row and cell.at.row + cell.at.rowspan < rows:
            cells.setdefault((cell.at.col, cell.at.colspan), []).append(cell)
    for cell in below:
        if cell.at.row:
            cells.setdefault((cell.at.col, cell.at.colspan), []).append(cell)
    filled = {key for key, column in cells.items() if len(column) >= _HABIT and all(c.text for c in column)}
    merging = {key for key in filled if any(c.at.rowspan > 1 for c in cells[key])}
    return merging, filled - merging


def _going_on(pairs: _Joint) -> _Joint:
    """The merged cells that go on beside new rows: the blank ones before the first with text, and those behind it that
    reach over the same rows as the first of all."""
    order = sorted(pairs)
    texts = [at for at, key in enumerate(order) if pairs[key][1].text]
    leading = order[: texts[0]] if texts else []

    def rows(key: tuple[int, int]) -> tuple[int, int, int]:
        upper, lower = pairs[key]
        return upper.at.row, upper.at.rowspan, lower.at.rowspan

    is_merged = leading and max(rows(leading[0])[1:]) > 1
    behind = [k for k in order[len(leading) :] if is_merged and not pairs[k][1].text and rows(k) == rows(leading[0])]
    return {key: pairs[key] for key in leading + behind}


def _joined(above: list[TextCell], below: list[TextCell], joint: _Joint, shift: int, shared: int) -> list[TextCell]:
    """All cells, those of `joint` put together; `shared` is 1 where the last row above is the first row below."""
    uppers = {id(u): (u, w) for u, w in joint.values()}
    gone = {id(w) for _, w in joint.values()}
    cells: list[TextCell] = []
    for cell in above:
        if id(cell) in uppers:
            lower = uppers[id(cell)][1]
            at = replace(
                cell.at,
                rowspan=cell.at.rowspan + lower.at.rowspan - shared,
                is_open_below=lower.at.is_open_below,
            )
            text = cell.text + "\n" + lower.text if begins_item(lower.text) else join_lines(cell.text, lower.text)
            page, room = cell.page if cell.text else lower.page, lower.room if lower.text else cell.room
            need = cell.need if cell.text else lower.need
            cell = TextCell(at, text.strip("\n"), page, room, need, cell.chars + lower.chars)
        cells.append(cell)
    return cells + [_moved(c, shift) for c in below if id(c) not in gone]
