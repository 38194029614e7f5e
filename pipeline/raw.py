"""What a reader finds in a file, before it is one text with offsets: blocks, their issues, recognised lines, parts."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import BlockKind, CellAt


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line of a picture, or what of it belongs to one block: its text and box as text recognition gave them.

    `box` is left, top, right, bottom in shares (0..1) of the width and height of page `page` as it is shown, with the
    origin at its upper left corner. `confidence` holds one value for each character of `text`, blanks left out.
    """

    text: str
    page: int
    box: tuple[float, float, float, float]
    confidence: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RawBlock:
    """One piece of text as a reader finds it, before it has offsets.

    `level` is the heading level that the format itself states (Heading 1 → 1), 0 for a title, None where it says
    nothing. Readers state only what the file states; what a line is by its words is found later. `lines` are those of
    the pictures that the text was recognised in, in its order, empty for text that the file itself holds.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    page: int | None = None
    cell: CellAt | None = None
    level: int | None = None
    lines: tuple[RawLine, ...] = ()


@dataclass(frozen=True, slots=True)
class RawIssue:
    """Trouble that a reader saw: `block` is the index of the block that it concerns, None for the whole file."""

    code: str
    detail: str
    block: int | None = None
    severity: str = "warning"


@dataclass(frozen=True, slots=True)
class RawDocument:
    """What a reader returns. `metadata` holds (key, value) pairs that the file states outside its text.

    A file that holds files (an archive, a mail) has no blocks of its own but `parts`, in any order.
    """

    format: str
    blocks: tuple[RawBlock, ...]
    metadata: tuple[tuple[str, str], ...] = ()
    issues: tuple[RawIssue, ...] = ()
    page_count: int | None = None
    parts: tuple[RawPart, ...] = ()


@dataclass(frozen=True, slots=True)
class RawPart:
    """A file inside a file: its path there and what its reader returned. `is_cover` is the mail around attachments."""

    name: str
    document: RawDocument
    is_cover: bool = False
