"""The types that everything shares: frozen dataclasses with no behaviour beyond their invariants.

Offsets are code points into `Document.text`, half-open (`text[start:end]`). Pages are 1-based. Confidence is 0..1.
Values are plain numbers in the unit written, 万 and 亿 multiplied in (money in yuan where the unit is 元).
Field meanings follow the annotation guide that `duibiao export --format jsonl` is the contract of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is. A title is a heading of level 0."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CELL = "cell"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open interval of code points over `Document.text`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")


@dataclass(frozen=True, slots=True)
class CellAt:
    """Where a cell stands: table number in the document, 0-based row and column, rows and columns covered."""

    table: int
    row: int
    col: int
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A logical unit of the text: a paragraph, a heading, a table cell, or furniture of the page."""

    index: int
    start: int
    end: int
    kind: BlockKind
    page: int | None = None
    cell: CellAt | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class LineBox:
    """Where a recognised piece of the text stands on its page, to draw evidence on the page's picture.

    `start`..`end` are offsets into the text; left, top, right, bottom are shares (0..1) of the width and height of the
    page as it is shown, from its upper left corner; `confidence` is the mean over the characters, 0..1.
    """

    start: int
    end: int
    page: int
    left: float
    top: float
    right: float
    bottom: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its span, size, caption (the heading line above it) and the indexes of its cell blocks."""

    index: int
    start: int
    end: int
    rows: int
    cols: int
    cells: tuple[int, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A node of the outline: a numbered heading with all that stands below it.

    `start`..`end` is the whole section, `heading_start`..`heading_end` the heading without its number,
    `body_start` where its own text begins (inside the heading's block for a run-in heading).
    `level` orders the ways of numbering (1 is highest); `part` is `notice`, `body` or `annex`.
    """

    index: int
    parent: int | None
    level: int
    number: str
    heading: str
    start: int
    end: int
    heading_start: int
    heading_end: int
    body_start: int
    run_in: bool = False
    part: str = "body"


@dataclass(frozen=True, slots=True)
class Region:
    """An area: name in full, level (国家 省 市 县 兵团 师 乡 …) and GB/T 2260 code of six digits or None."""

    name: str
    level: str
    code: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A metadata value with where it was found: `source` names the rule or `manifest`; span None outside the text."""

    name: str
    value: str
    source: str
    start: int | None = None
    end: int | None = None
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the document is. Dates are ISO. `found` lists every candidate with its source, chosen or not."""

    title: str | None = None
    doc_number: str | None = None
    issuers: tuple[str, ...] = ()
    region: Region | None = None
    issue_date: str | None = None
    publish_date: str | None = None
    status: str = "正式"
    doc_type: str | None = None
    year: int | None = None
    url: str | None = None
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """Trouble that a person should know of: damage, conflict, a doubtful reading. `mend` is what was put instead."""

    code: str
    detail: str
    severity: str = "warning"
    start: int | None = None
    end: int | None = None
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One text with everything that was found about its shape. Blocks are in order and do not overlap.

    `body_start` is where the plan itself begins, after a notice that forwards it (0 where there is none). `lines` are
    the boxes of the text that was recognised in pictures, in order; text that the file itself holds has none.
    """

    source: str
    digest: str
    format: str
    text: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...] = ()
    sections: tuple[Section, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    issues: tuple[Issue, ...] = ()
    page_count: int | None = None
    page_head: tuple[tuple[str, str], ...] = ()
    body_start: int = 0
    lines: tuple[LineBox, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.body_start <= len(self.text):
            raise ValueError(f"body starts outside the text: {self.body_start}")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time by or in which something is due; ISO dates, None for an open end. `start_at`..`end_at` is where `raw`
    stands. `inherited` says that it was stated for a wider scope than the clause."""

    raw: str
    start: str | None
    end: str | None
    approx: bool = False
    start_at: int | None = None
    end_at: int | None = None
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What every record carries: its span, the rule that made it, how sure it is, and the outline node it is in."""

    start: int
    end: int
    rule: str
    confidence: float
    section: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end or not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"not evidence: {self.start}..{self.end}, confidence {self.confidence}")


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that a task names. `role` is lead, responsible or support; `agency_id` the lexicon's, with the score of
    the match (100 for exact); `full_name` with the plan's region where it is certain."""

    name: str
    role: str
    evidence: Evidence
    agency_id: str | None = None
    full_name: str | None = None
    score: float = 100.0


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document that this one names: its title inside 《》 and its 文号 if given."""

    title: str
    doc_number: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work: a lowest numbered heading, or a row of a task table. `path` are the headings above it."""

    number: str
    heading: str
    path: tuple[str, ...]
    source: str
    evidence: Evidence
    body_start: int
    body_end: int
    agencies: tuple[Agency, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A number that the plan commits to. `task` indexes `Extraction.tasks`; `indicator_id` is the lexicon's.

    `number_start`..`number_end` is the number with its unit inside the quote. `base_value` in `base_unit` makes
    values comparable (0.5 年 → 6 个月). `strength` is must, aim or encourage. `group` numbers the distinct
    commitments of a document: the same promise in body and annex has one group.
    """

    indicator: str
    op: str
    value: float
    value_max: float | None
    unit: str
    per: str | None
    kind: str
    deadline: Deadline | None
    task: int | None
    evidence: Evidence
    number_start: int
    number_end: int
    indicator_id: str | None = None
    indicator_variant: str = ""  # what parts it from other names of the same indicator: 省级, 新增
    indicator_score: float = 0.0
    strength: str = "must"
    base_value: float | None = None
    base_value_max: float | None = None
    base_unit: str | None = None
    group: int = 0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step with a date. `deadline` is None only for a step of a schedule that states no date."""

    deadline: Deadline | None
    task: int | None
    evidence: Evidence
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """An indicator promised without a number: the clause that names it, with its strength."""

    indicator_id: str
    indicator: str
    strength: str
    deadline: Deadline | None
    task: int | None
    evidence: Evidence
    score: float = 100.0


@dataclass(frozen=True, slots=True)
class SchemeRow:
    """A row of an evaluation scheme: path of levels, unit, weight in percent points (None where not weighted).

    `table` is the index of its table, -1 where the scheme is written as headings with weights: 第七条 蔬菜面积(8分).
    """

    path: tuple[str, ...]
    unit: str | None
    weight: float | None
    table: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Number:
    """One line of the ledger: a numeral with its single fate. `record` is (layer, index) of what it became."""

    start: int
    end: int
    text: str
    fate: str
    record: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything that was found in one document, in order of position."""

    references: tuple[Reference, ...] = ()
    tasks: tuple[Task, ...] = ()
    targets: tuple[Target, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    actions: tuple[Action, ...] = ()
    indicators: tuple[SchemeRow, ...] = ()
    numbers: tuple[Number, ...] = ()
    issues: tuple[Issue, ...] = ()
