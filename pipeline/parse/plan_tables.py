"""Whether a workbook is a plan: a table of tasks or indicators has no running text, and neither has a list of names."""

from __future__ import annotations

from pathlib import PurePath

from pipeline.lexicons import Lexicons
from pipeline.raw import RawBlock, RawDocument
from pipeline.text import Squeezed, fold

SHEET_FORMATS = frozenset({"xlsx", "xls", "xlsb", "ods", "excel-xml", "csv"})
_SHEET_NAMES = frozenset({".xls", ".xlsx", ".et", ".csv"})  # pages of HTML and texts go under these names too
# Columns that hold what is to be done or reached; a list of persons, schools or sums has none of them.
_PROMISING = (
    "column_task", "column_step", "column_value", "column_requirement", "column_level", "column_weight",
)  # fmt: skip
_KNOWN = (
    *_PROMISING, "column_number", "column_lead", "column_responsible", "column_support", "column_time", "column_unit",
    "column_status",
)  # fmt: skip
_HEADER_ROWS = 4  # a row of a title and one of merged super-headings may stand above the headings
MIN_HAN = 30  # Han characters of a table with such columns: the headings and one row
_SENTENCE = 12  # Han characters of a cell that reads like a sentence; names of bodies are shorter or have no mark
_MARKS = frozenset(",。;:、")


def is_sheet(raw: RawDocument, name: str) -> bool:
    """Whether a file is a workbook, or a page or text under the name of one."""
    return raw.format in SHEET_FORMATS or PurePath(name).suffix.lower() in _SHEET_NAMES


def promises(raw: RawDocument, lexicons: Lexicons) -> bool:
    """Whether a row near the top of a table has two known headings, one of which is of tasks, steps or values."""
    known = {cue: frozenset(lexicons.cues(cue)) for cue in _KNOWN}
    value = lexicons.pattern("column-value")
    rows: dict[tuple[int, int], set[str]] = {}
    for block in raw.blocks:
        if block.cell is not None and block.cell.row < _HEADER_ROWS:
            heading = Squeezed(block.text).text
            roles = {cue for cue, words in known.items() if heading in words}
            roles |= {"column_value"} if value.search(heading) else set()
            rows.setdefault((block.cell.table, block.cell.row), set()).update(roles)
    return any(len(roles) >= 2 and roles.intersection(_PROMISING) for roles in rows.values())


def sentence_han(blocks: tuple[RawBlock, ...]) -> int:
    """How many Han characters stand in cells and lines that read like sentences."""
    return sum(count for b in blocks if (count := _han(b.text)) >= _SENTENCE and _MARKS.intersection(fold(b.text)))


def _han(text: str) -> int:
    return sum("\u3400" <= char <= "\u9fff" for char in text)
