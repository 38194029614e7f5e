"""What tables say: the role of each column, task rows with their agencies and dated steps, evaluation schemes.

What a column is for is read off its heading (see `columns`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.extract.columns import AGENCY_ROLES, ColumnReader
from pipeline.extract.frame import Context, Frame
from pipeline.extract.quantities import Quantity
from pipeline.extract.steps import Step, bracketed_times, cell_steps, labels, stated
from pipeline.lexicons import Lexicons
from pipeline.model import CellAt, Deadline, Table

HEADER_ROWS = 3  # a caption row or a row of merged super-headings may stand above the headings
STEP_ROLES = frozenset({"column_step", "column_task"})
SCHEDULE_ROLES = frozenset({"column_task", "column_time", "column_status"})  # of nothing else: dated steps, no tasks
RUNNING_TEXT = 20  # a shorter cell is a name or a value
FIXED_FATES = {
    "column_number": "list_number",
    "column_personal": "personal",
    "column_weight": "weight",
    "column_time": "deadline",
    "column_status": "remark",
    "header": "header",
}


@dataclass(slots=True)
class TaskRow:
    """A row (or merged rows) of a task table."""

    number: str
    frame: Frame
    caption: str
    end: int
    agencies: list[tuple[str, Frame]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SchemeLine:
    """A row of an evaluation scheme: the frames of its levels, filled down, and its weight and unit cells."""

    table: int
    levels: tuple[Frame, ...]
    weight: Frame | None
    unit: Frame | None


class TableReading:
    """The tables of one document, read once."""

    def __init__(self, context: Context, lexicons: Lexicons) -> None:
        self._context = context
        self._columns = ColumnReader(lexicons)
        self._note = lexicons.pattern("table-note")
        self._number = lexicons.pattern("number-arabic")
        self._frames = {f.block.index: f for f in context.frames if f.block.cell is not None}
        self._roles: dict[int, str] = {}
        self._row_deadline: dict[tuple[int, int], Deadline] = {}
        self._row_names: dict[tuple[int, int], str] = {}
        self._kinds: dict[int, str] = {}
        self.task_rows: list[TaskRow] = []
        self.scheme_lines: list[SchemeLine] = []
        self.loose_steps: list[Step] = []
        for table in context.document.tables:
            self._read(table)

    def fate(self, frame: Frame) -> str | None:
        """The fate of all numbers in a cell whose column is not about amounts; None where each must be judged."""
        if frame.block.cell is None:
            return None
        role = self._roles.get(frame.block.index, "")
        if self._kinds.get(frame.block.cell.table) == "scheme" and role not in ("column_weight", "column_value"):
            return FIXED_FATES.get(role, "scheme")
        return FIXED_FATES.get(role)

    def is_target_value(self, frame: Frame) -> bool:
        """Whether the cell states the value that the indicator of its row is to reach."""
        return self._roles.get(frame.block.index) == "column_value"

    def is_running(self, frame: Frame) -> bool:
        """Whether a cell holds running text of its own, such as the content column of a task table."""
        role = self._roles.get(frame.block.index, "")
        if role in ("column_step", "column_value") or len(frame.text) < RUNNING_TEXT:
            return False
        return self.fate(frame) is None

    def kind(self, table: int) -> str:
        """scheme, tasks, schedule or other."""
        return self._kinds.get(table, "other")

    def deadline(self, frame: Frame, quantity: Quantity) -> Deadline | None:
        """The deadline of a number in a table: a date in brackets behind its sentence, else the date of its row."""
        cell = frame.block.cell
        if cell is None:
            return None
        heads = [t for t in labels(frame) if t.end <= quantity.start]
        if heads:
            return stated(frame, heads[-1])
        sentence = frame.sentence_at(quantity.start)
        if sentence is not None:
            for time in bracketed_times(frame):
                behind = sentence.start < time.start and sentence.end <= time.start <= sentence.end + 2
                if behind or quantity.end <= time.start < sentence.end:
                    return stated(frame, time)
            if any(sentence.start <= t.start and t.end <= quantity.start for t in frame.times):
                return None
        dates = {self._row_deadline.get((cell.table, row)) for row in range(cell.row, cell.row + cell.rowspan)}
        return dates.pop() if len(dates) == 1 else None

    def row_name(self, frame: Frame) -> str:
        """What the row of a cell is about: its lowest level or its task, without number; "" outside named rows."""
        cell = frame.block.cell
        if cell is None:
            return ""
        name = self._row_names.get((cell.table, cell.row), "")
        number = self._number.match(name)
        return name[number.end() :] if number else name

    def _read(self, table: Table) -> None:
        header, columns = self._header(table)
        if header is None:
            self._kinds[table.index] = "other"
            return
        for block_index in table.cells:
            cell = self._cell(block_index)
            self._roles[block_index] = "header" if cell.row <= header else columns.get(cell.col, "")
        roles = set(columns.values())
        if "column_time" in roles and "column_step" not in roles:
            # 时间 | 重点工作 | 工作内容: of several task columns in a dated table the later ones say the steps.
            for col in sorted(c for c, role in columns.items() if role == "column_task")[1:]:
                columns[col] = "column_step"
        levels = sorted(col for col, role in columns.items() if role == "column_level")
        named = [self._frames[b].text for b in table.cells if self._cell(b).row == header and b in self._frames]
        if levels and ("column_weight" in roles or any(self._columns.is_first_level(name) for name in named)):
            self._kinds[table.index] = "scheme"
            self._read_scheme(table, header, columns, levels)
        elif "column_task" in roles and not (roles <= SCHEDULE_ROLES and "column_time" in roles):
            self._kinds[table.index] = "tasks"
            self._read_tasks(table, header, columns)
        elif "column_time" in roles and roles & STEP_ROLES:
            self._kinds[table.index] = "schedule"
            self._dates(table, header, columns)
            self.loose_steps.extend(self._steps(table, columns, range(header + 1, table.rows), STEP_ROLES))
        else:
            self._kinds[table.index] = "other"

    def _cell(self, block_index: int) -> CellAt:
        cell = self._context.document.blocks[block_index].cell
        if cell is None:
            raise ValueError(f"block {block_index} of a table is no cell")
        return cell

    def _header(self, table: Table) -> tuple[int | None, dict[int, str]]:
        best: tuple[int | None, dict[int, str]] = (None, {})
        for row in range(min(HEADER_ROWS, table.rows)):
            columns = {}
            for block_index in table.cells:
                cell = self._cell(block_index)
                frame = self._frames.get(block_index)
                if cell.row == row and frame is not None and (role := self._columns.role(frame.text)):
                    columns.update(dict.fromkeys(range(cell.col, cell.col + cell.colspan), role))
            if len(columns) >= 2 and len(columns) > len(best[1]):
                best = (row, columns)
        return best

    def _grid(self, table: Table, col: int) -> dict[int, Frame]:
        """The frame that covers each row in a column, merged cells filled down."""
        found = {}
        for block_index in table.cells:
            cell = self._cell(block_index)
            frame = self._frames.get(block_index)
            if frame is not None and cell.col <= col < cell.col + cell.colspan:
                for row in range(cell.row, cell.row + cell.rowspan):
                    found[row] = frame
        return found

    def _read_scheme(self, table: Table, header: int, columns: dict[int, str], levels: list[int]) -> None:
        grids = [self._grid(table, col) for col in levels]
        weights = self._grid(table, next((c for c, r in columns.items() if r == "column_weight"), -1))
        units = self._grid(table, next((c for c, r in columns.items() if r == "column_unit"), -1))
        for row in range(header + 1, table.rows):
            path = tuple(grid[row] for grid in grids if row in grid)
            for frame in path[-1:]:
                self._row_names[table.index, row] = frame.text
            if path and path[-1] is grids[-1].get(row):
                self.scheme_lines.append(SchemeLine(table.index, path, weights.get(row), units.get(row)))

    def _read_tasks(self, table: Table, header: int, columns: dict[int, str]) -> None:
        self._dates(table, header, columns)
        task_col = min(c for c, r in columns.items() if r == "column_task")
        numbers = self._grid(table, next((c for c, r in columns.items() if r == "column_number"), -1))
        by_agency = [(role, self._grid(table, c)) for c, r in columns.items() if (role := AGENCY_ROLES.get(r))]
        for row, frame in sorted(self._grid(table, task_col).items()):
            if row <= header or self._note.match(frame.text):
                continue
            if not self.task_rows or self.task_rows[-1].frame is not frame:
                number = numbers[row].text if row in numbers else ""
                self.task_rows.append(TaskRow(number, frame, table.caption, frame.block.end))
            task = self.task_rows[-1]
            for role, grid in by_agency:
                agency = grid.get(row)
                if agency is not None and all(agency is not seen for _, seen in task.agencies):
                    task.agencies.append((role, agency))
            task.steps.extend(self._steps(table, columns, range(row, row + 1)))
            for block_index in table.cells:
                cell = self._cell(block_index)
                if cell.row <= row < cell.row + cell.rowspan:
                    task.blocks.append(block_index)
                    task.end = max(task.end, self._context.document.blocks[block_index].end)

    def _dates(self, table: Table, header: int, columns: dict[int, str]) -> None:
        """The date of each row: of its time column, else of a step cell with a single label."""
        for role in ("column_step", "column_time"):
            for col in (c for c, r in columns.items() if r == role):
                for row, frame in self._grid(table, col).items():
                    times = labels(frame) if role == "column_step" else frame.times[:1]
                    if row > header and len(times) == 1:
                        self._row_deadline[table.index, row] = stated(frame, times[0])

    def _steps(
        self, table: Table, columns: dict[int, str], rows: range, roles: frozenset[str] = frozenset({"column_step"})
    ) -> list[Step]:
        steps = []
        for col in sorted(c for c, r in columns.items() if r in roles):
            for row, frame in sorted(self._grid(table, col).items()):
                if row in rows and frame.block.cell is not None and frame.block.cell.row == row:
                    steps.extend(cell_steps(frame, self._row_deadline.get((table.index, row))))
        return steps
