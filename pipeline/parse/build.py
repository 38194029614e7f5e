"""The one maker of Documents: joins a reader's blocks to one text and gives them their offsets.

Steps that mend the shape of a document (flattened tables, broken or lost lines, page furniture) work on the reader's
blocks before the text is joined, so that offsets are right by construction.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.model import Block, BlockKind, Document, Issue, Table
from pipeline.raw import RawBlock, RawDocument
from pipeline.text import fold

JOINT = "\n"
CAPTION_CHARS = 60  # a longer line above a table is running text, not its caption
CAPTION_LINES = 6  # blocks above a table in which its caption may stand


def tidy(raw: RawDocument) -> RawDocument:
    """The blocks without outer white space and without blank ones; cells stay, empty or not. Nothing else goes.

    Tables are numbered anew in order of appearance, since a step before may have taken one out or put one in.
    """
    kept: list[RawBlock] = []
    moved: dict[int, int] = {}
    numbers: dict[int, int] = {}
    for index, block in enumerate(raw.blocks):
        text = block.text.strip()
        if text or block.kind is BlockKind.CELL:
            moved[index] = len(kept)
            cell = block.cell
            if cell is not None:
                cell = replace(cell, table=numbers.setdefault(cell.table, len(numbers)))
            kept.append(replace(block, text=text, cell=cell))
    issues = tuple(replace(i, block=None if i.block is None else moved.get(i.block)) for i in raw.issues)
    return replace(raw, blocks=tuple(kept), issues=issues)


def build(raw: RawDocument, source: str, digest: str) -> Document:
    """The document of a reader's blocks: texts joined by line breaks, exactly as given; blocks, tables, page head.

    `source` is the file's name, `digest` the hash of its bytes. `text[b.start:b.end]` is the text of block b for every
    block, in order, and between two blocks stands one line break.
    """
    blocks: list[Block] = []
    at = 0
    for index, piece in enumerate(raw.blocks):
        end = at + len(piece.text)
        blocks.append(Block(index, at, end, piece.kind, piece.page, piece.cell, piece.level))
        at = end + len(JOINT)
    text = JOINT.join(piece.text for piece in raw.blocks)
    return Document(
        source=source,
        digest=digest,
        format=raw.format,
        text=text,
        blocks=tuple(blocks),
        tables=_tables(text, blocks),
        issues=tuple(_issue(i.code, i.detail, i.severity, i.block, blocks) for i in raw.issues),
        page_count=raw.page_count,
        page_head=raw.metadata,
    )


def _issue(code: str, detail: str, severity: str, at: int | None, blocks: list[Block]) -> Issue:
    if at is None or at >= len(blocks):
        return Issue(code, detail, severity)
    return Issue(code, detail, severity, blocks[at].start, blocks[at].end)


def _tables(text: str, blocks: list[Block]) -> tuple[Table, ...]:
    by_table: dict[int, list[Block]] = {}
    for block in blocks:
        if block.cell is not None:
            by_table.setdefault(block.cell.table, []).append(block)
    tables: list[Table] = []
    for number in sorted(by_table):
        cells = by_table[number]
        tables.append(
            Table(
                index=number,
                start=cells[0].start,
                end=cells[-1].end,
                rows=max(b.cell.row + b.cell.rowspan for b in cells if b.cell),
                cols=max(b.cell.col + b.cell.colspan for b in cells if b.cell),
                cells=tuple(b.index for b in cells),
                caption=_caption(text, blocks, cells[0].index),
            )
        )
    return tuple(tables)


def _caption(text: str, blocks: list[Block], first_cell: int) -> str:
    """The line above the table, empty where a paragraph or a table stands there.

    Furniture is passed over, and so are lines to be filled in (`填报单位：…`, told by their colon) if a title is near.
    """
    nearest = ""
    for block in reversed(blocks[max(0, first_cell - CAPTION_LINES) : first_cell]):
        if block.kind is BlockKind.FURNITURE:
            continue
        line = text[block.start : block.end]
        if block.kind is BlockKind.CELL or len(line) > CAPTION_CHARS:
            break
        if ":" not in fold(line):
            return line
        nearest = nearest or line
    return nearest
