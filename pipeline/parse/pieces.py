"""The lines of a document as its metadata rules see them: pieces of blocks, squeezed, with their place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.model import Block, BlockKind, Document
from pipeline.parse.lookalikes import reading
from pipeline.text import Squeezed

LONG_BLOCK = 200  # a longer block with blanks between its Chinese words is a flattened page, not a spaced-out line
SHORT_PIECE = 60  # a title of two lines in print has about 50 characters; a longer piece with a full stop is text
_GAP = re.compile(r"(?<=[^\x00-\x7f])[^\S\n]+(?=[^\x00-\x7f])|\n")
_LINE = re.compile(r"\n")
STOPS = frozenset("。;!?:")  # folded: what a title, a date line or a signature never holds


@dataclass(frozen=True, slots=True)
class Piece:
    """A line: its squeezed view, offsets into the document's text, kind and heading level of its block."""

    view: Squeezed
    start: int
    end: int
    kind: BlockKind
    level: int | None
    first_row: bool = False

    @property
    def text(self) -> str:
        """Folded text without white space."""
        return self.view.text

    @property
    def is_text(self) -> bool:
        """Whether it belongs to the running text: no table cell, no furniture."""
        return self.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)

    @property
    def is_line(self) -> bool:
        """Whether it is short and holds no mark that ends a sentence."""
        return len(self.text) <= SHORT_PIECE and not STOPS.intersection(self.text)

    @property
    def is_sentence(self) -> bool:
        """Whether it is running text: long, with a full stop."""
        return len(self.text) > SHORT_PIECE and "。" in self.text


def _is_title_row(document: Document, block: Block) -> bool:
    """Whether a cell is the first row of its table from side to side, where a title may stand."""
    cell = block.cell
    return cell is not None and cell.row == 0 and cell.col == 0 and cell.colspan >= document.tables[cell.table].cols


def pieces(document: Document) -> list[Piece]:
    """The document's lines in order, without blank ones. A page that came as one long line is cut at its blanks."""
    found: list[Piece] = []
    text = reading(document)
    for block in document.blocks:
        if block.end == block.start:
            continue
        cut = _GAP if block.end - block.start > LONG_BLOCK and block.kind is not BlockKind.CELL else _LINE
        at = block.start
        edges = [(m.start(), m.end()) for m in cut.finditer(document.text, block.start, block.end)]
        for stop, following in [*edges, (block.end, block.end)]:
            view = Squeezed(text, at, stop)
            if len(view):
                start, end = view.span(0, len(view))
                first_row = _is_title_row(document, block)
                found.append(Piece(view, start, end, block.kind, block.level, first_row))
            at = following
    return found
