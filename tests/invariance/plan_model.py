"""What is rendered: a plan as lines and tables, taken from the Document that the pipeline reads in its original.

Only the looks are added here, as GB/T 9704-2012 has them: titles and numbers of documents in the middle, signatures to
the right, headings in another font. What a line is must be found again by its words and its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from pipeline.lexicons import Lexicons
from pipeline.model import Block, BlockKind, CellAt, Document
from pipeline.text import Squeezed, fold

_TITLE_CHARS = 70  # a longer block is running text, whatever it names
_COVERED = 0.6  # share of a block that a found title, signature or number takes up where the block is nothing else
_ANNEX_LEVEL = 5  # the outline's rank of annexes
_FIRST_LEVEL, _SECOND_LEVEL = 40, 50  # 一、 and （一）
_PAGE_NUMBER = "furniture-page"
_ICONS = re.compile("[\ue000-\uf8ff]")  # glyphs of a site's own font: no other font shows them
_PLACED = {  # what was found, by which rule → where GB/T 9704-2012 (7.2, 7.3) puts it
    ("title", "heading"): "title",
    ("issuer", "title"): "title",
    ("doc_number", "head"): "centre",
    ("status", "draft-mark"): "centre",
    ("issuer", "signature"): "right",
    ("issue_date", "signature"): "right",
}


class Look(StrEnum):
    """How a line is set."""

    TITLE = "title"
    CENTRE = "centre"
    RIGHT = "right"
    FIRST = "first"
    SECOND = "second"
    BODY = "body"
    HEAD = "head"  # a line of the page around the plan


_CAPTION_LOOKS = frozenset({Look.CENTRE, Look.TITLE, Look.FIRST})


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph: its text on one line, and the heading level that the original itself states (1 and up) or None."""

    text: str
    look: Look = Look.BODY
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell at its place; line ends in its text part its paragraphs."""

    text: str
    at: CellAt


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its size, its cells in order, how many rows are its head, and the lines of its caption."""

    rows: int
    cols: int
    cells: tuple[Cell, ...]
    head_rows: int
    caption: tuple[str, ...] = ()

    def rows_of_cells(self) -> list[list[tuple[Cell | None, CellAt]]]:
        """Row by row what stands in each place: the cell, or None where one from above goes on or nothing is."""
        taken: dict[tuple[int, int], Cell] = {}
        for cell in self.cells:
            for row in range(cell.at.row, cell.at.row + cell.at.rowspan):
                for col in range(cell.at.col, cell.at.col + cell.at.colspan):
                    taken.setdefault((row, col), cell)
        made: list[list[tuple[Cell | None, CellAt]]] = []
        for row in range(self.rows):
            line: list[tuple[Cell | None, CellAt]] = []
            col = 0
            while col < self.cols:
                owner = taken.get((row, col))
                if owner is None:
                    line.append((Cell("", CellAt(0, row, col)), CellAt(0, row, col)))
                    col += 1
                    continue
                line.append((owner if owner.at.row == row else None, owner.at))
                col = owner.at.col + owner.at.colspan
            made.append(line)
        return made

    def widths(self, total: int) -> list[int]:
        """Widths of the columns that add up to about `total`: more for those with more text, none too narrow."""
        load = [4.0] * self.cols
        for cell in self.cells:
            longest = max((len(line) for line in cell.text.split("\n")), default=0)
            for col in range(cell.at.col, cell.at.col + cell.at.colspan):
                load[col] = max(load[col], min(longest, 60) / cell.at.colspan)
        share = [n**0.6 for n in load]
        return [round(total * s / sum(share)) for s in share]


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan to render: its lines and tables in order. `title` is what a browser calls the page."""

    name: str
    title: str
    parts: tuple[Text | Grid, ...]

    @property
    def tables(self) -> list[Grid]:
        """The tables in order."""
        return [part for part in self.parts if isinstance(part, Grid)]

    def characters(self) -> str:
        """All text in order as it must come back, without white space and folded as the pipeline folds."""
        pieces: list[str] = []
        for part in self.parts:
            pieces += [part.text] if isinstance(part, Text) else [cell.text for cell in part.cells]
        return "".join(Squeezed(piece).text for piece in pieces)

    def head_lines(self) -> str:
        """The lines of the page around the plan, squeezed and joined."""
        return "".join(Squeezed(p.text).text for p in self.parts if isinstance(p, Text) and p.look is Look.HEAD)


def plan_of(name: str, document: Document, lexicons: Lexicons) -> Plan:
    """The plan in a document. Page numbers, running heads and repeated table heads are left out or come once, since
    each rendering brings its own."""
    looks = _looks(document)
    stated = _stated_outside(document, lexicons)
    page_number = lexicons.pattern(_PAGE_NUMBER)
    parts: list[Text | Grid] = [Text(f"{label}：{value}", Look.HEAD) for label, value in stated]
    tables = iter(document.tables)
    table = next(tables, None)
    heads = _table_heads(document)
    for block in document.blocks:
        text = document.text[block.start : block.end]
        if block.cell is not None:
            if table is not None and table.cells[0] == block.index:
                parts.append(_grid(document, table.cells, table.rows, table.cols, parts))
                table = next(tables, None)
        elif block.kind is BlockKind.FURNITURE:
            bare = Squeezed(text).text
            if bare not in heads and page_number.search(bare) is None:
                parts.append(Text(_ICONS.sub("", one_line(text)), Look.HEAD))
            if block.page is not None:
                heads.add(bare)
        elif text.strip():
            parts.append(Text(one_line(text), looks.get(block.index, Look.BODY), block.level or None))
    return Plan(name, document.metadata.title or "", tuple(parts))


def _table_heads(document: Document) -> set[str]:
    """What stands at the head of a table, cell by cell and the row together, squeezed."""
    made: set[str] = set()
    for table in document.tables:
        cells = [document.blocks[index] for index in table.cells]
        texts = [Squeezed(document.text, b.start, b.end).text for b in cells if b.cell is not None and b.cell.row == 0]
        made |= {*texts, "".join(texts)}
    return made


def one_line(text: str) -> str:
    """The lines of a broken paragraph as one, with a blank only between words of ASCII letters."""
    return re.sub(r"(?<=[A-Za-z])\s*\n\s*(?=[A-Za-z])", " ", text).replace("\n", "")


def _grid(document: Document, cells: tuple[int, ...], rows: int, cols: int, before: list[Text | Grid]) -> Grid:
    made = []
    for index in cells:
        block = document.blocks[index]
        assert block.cell is not None
        made.append(Cell(document.text[block.start : block.end], block.cell))
    head = max((c.at.rowspan for c in made if c.at.row == 0), default=1)
    caption: list[str] = []
    for part in reversed(before[-3:]):
        if isinstance(part, Grid) or len(part.text) > _TITLE_CHARS or part.look not in _CAPTION_LOOKS:
            break
        caption.insert(0, part.text)
    return Grid(rows, cols, tuple(made), head if head < rows else 1, tuple(caption))


def _looks(document: Document) -> dict[int, Look]:
    looks: dict[int, Look] = {}
    for section in document.sections:
        block = _block_at(document, section.start)
        if section.level == _ANNEX_LEVEL:
            looks[block.index] = Look.FIRST
            following = document.blocks[block.index + 1 : block.index + 2]
            if following and following[0].cell is None and _length(following[0]) <= _TITLE_CHARS:
                looks[following[0].index] = Look.CENTRE
        elif section.level <= _FIRST_LEVEL and not section.run_in:
            looks[block.index] = Look.FIRST
        elif section.level == _SECOND_LEVEL and not section.run_in:
            looks[block.index] = Look.SECOND
    for table in document.tables:
        before = document.blocks[table.cells[0] - 1] if table.cells[0] else None
        if before is not None and document.text[before.start : before.end] == table.caption:
            looks.setdefault(before.index, Look.CENTRE)
    for found in document.metadata.found:
        place = _PLACED.get((found.name, found.source))
        if place is None or found.start is None or found.end is None:
            continue
        for block in document.blocks:
            shared = min(block.end, found.end) - max(block.start, found.start)
            is_line = block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and _length(block) <= _TITLE_CHARS
            if is_line and shared >= _COVERED * _length(block):
                looks[block.index] = Look(place)
    return looks


def _length(block: Block) -> int:
    return block.end - block.start


def _block_at(document: Document, offset: int) -> Block:
    return next(b for b in document.blocks if b.start <= offset <= b.end)


def _stated_outside(document: Document, lexicons: Lexicons) -> list[tuple[str, str]]:
    """Label and value of what a page states about the plan in its markup alone, labelled as sites label it."""
    labels = lexicons.get("metadata_labels")
    text = fold(document.text)
    made = []
    for label, value in document.page_head:
        row = labels.exact(label)
        if row is not None and row.row.get("field") != "page_title" and fold(value.strip()) not in text:
            made.append((row.row.name, value.strip()))
    return made
