"""Tasks: the lowest numbered headings that carry work, and the rows of task tables, each with its agencies."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.extract.agencies import AgencyReader, Mention, in_order
from pipeline.extract.frame import Context, Frame
from pipeline.extract.tables import TableReading, TaskRow
from pipeline.lexicons import Lexicons
from pipeline.model import Evidence, Section, Task
from pipeline.parse.lookalikes import reading
from pipeline.text import normalise

# Bullets and 一是/二是 list points of a task; ①-items and stages are steps. Headings stand above this rank.
LOWEST_HEADING = 75
STAGE_STEP = 5
LONGEST_LABEL = 14
LONGEST_HEADING = 45  # headings of tasks seen run to 40 characters; longer ones with commas are sentences
COMMA = ","


@dataclass(slots=True)
class _Outline:
    """What the sections of a document are: which are steps of a schedule, which are points told in sentences."""

    steps: set[int] = field(default_factory=set)
    schedules: set[int] = field(default_factory=set)
    points: set[int] = field(default_factory=set)
    children: dict[int, list[Section]] = field(default_factory=dict)


class TaskMaker:
    """Makes the tasks of one document."""

    def __init__(self, lexicons: Lexicons, reader: AgencyReader) -> None:
        self._reader = reader
        self._not_tasks = lexicons.cues("not_task_heading")
        self._improving = lexicons.cues("heading_verb")
        self._safeguards = lexicons.cues("safeguard_heading")
        self._labels = lexicons.cues("schedule_label")
        self._work = lexicons.cues("work_heading")
        self._schedules = lexicons.cues("schedule_heading")
        self._stage = lexicons.pattern("number-stage")
        self._box = lexicons.pattern("number-box")
        self._ends = "".join(lexicons.cues("heading_end"))

    def make(self, context: Context, tables: TableReading) -> tuple[tuple[Task, ...], dict[int, int | None], set[int]]:
        """The tasks in order, the task index of each block, and the sections that are steps of a schedule."""
        outline = self._read_outline(context)
        by_section: dict[int, list[Frame]] = {}
        for frame in context.frames:
            if frame.section is not None and frame.block.cell is None:
                by_section.setdefault(frame.section.index, []).append(frame)
        self._reader.note_habit([f for f in context.frames if f.block.cell is None])
        tasks: list[Task] = []
        task_at: dict[int, int | None] = {}
        for section in context.document.sections:
            frames = self._own_frames(section, outline, by_section)
            mentions = self._mentions(frames, section) if self._may_carry(context, section, outline) else []
            if not self._is_task(context, section, outline, mentions):
                continue
            for frame in frames:
                task_at[frame.block.index] = len(tasks)
            tasks.append(self._body_task(context, section, frames, mentions))
        for row in tables.task_rows:
            for block_index in row.blocks:
                task_at[block_index] = len(tasks)
            tasks.append(self._table_task(row))
        return tuple(tasks), task_at, outline.steps

    def _read_outline(self, context: Context) -> _Outline:
        outline = _Outline()
        for section in context.document.sections:
            if section.parent is not None:
                outline.children.setdefault(section.parent, []).append(section)
        labels = [
            (f.section.index, f.block.start)
            for f in context.frames
            if f.section is not None and self.is_schedule_label(f)
        ]
        for section in context.document.sections:
            if section.heading.endswith(self._schedules) and not any(w in section.heading for w in self._work):
                outline.schedules.add(section.index)
                labels.append((section.index, section.start))
        for children in outline.children.values():
            if len(children) > 1 and all(self._is_sentence(c) for c in children):
                outline.points.update(c.index for c in children)
        for owner, start in labels:
            outline.steps.update(c.index for c in outline.children.get(owner, ()) if c.start > start)
        return outline

    def is_schedule_label(self, frame: Frame) -> bool:
        """Whether a paragraph only announces steps: 进度安排："""
        text = frame.text.rstrip(":")
        return len(text) <= LONGEST_LABEL and text.endswith(self._labels) and frame.content_from == 0

    def _own_frames(self, section: Section, outline: _Outline, by_section: dict[int, list[Frame]]) -> list[Frame]:
        """The paragraphs of a section and of the steps and list points below it."""
        frames = list(by_section.get(section.index, ()))
        for child in outline.children.get(section.index, ()):
            plain = self._is_box(child) and child.index not in outline.children
            if (
                plain
                or child.index in outline.points
                or child.level > LOWEST_HEADING
                or child.index in outline.steps
                or self._is_stage(child)
            ):
                frames.extend(self._own_frames(child, outline, by_section))
        return frames

    def _is_stage(self, section: Section) -> bool:
        return self._stage.match(section.number) is not None

    def _is_sentence(self, section: Section) -> bool:
        """Whether a numbered paragraph is a rule told in full and no heading: its number only counts points."""
        return len(section.heading) > LONGEST_HEADING and COMMA in section.heading

    def _is_box(self, section: Section) -> bool:
        """Whether a section is a box (专栏), which stands beside the work of the heading above it."""
        return self._box.match(section.number + section.heading) is not None

    def _may_carry(self, context: Context, section: Section, outline: _Outline) -> bool:
        if section.part != "body" or section.level > LOWEST_HEADING or self._is_stage(section):
            return False
        if self._is_box(section) or section.index in outline.points:
            return False
        chain = context.ancestors(section)
        if any(s.index in outline.steps for s in chain):
            return False
        return not any(self._leads_nowhere(s) for s in chain)

    def _leads_nowhere(self, section: Section) -> bool:
        """Whether a heading announces no work: 发展环境, but 优化发展环境 does."""
        head = section.heading.split(COMMA)[0]
        return head.endswith(self._not_tasks) and not any(verb in head for verb in self._improving)

    def _is_task(
        self, context: Context, section: Section, outline: _Outline, mentions: list[tuple[Frame, Mention]]
    ) -> bool:
        if not self._may_carry(context, section, outline):
            return False
        if section.index in outline.schedules and section.index in outline.children:
            return False
        below = [
            c
            for c in outline.children.get(section.index, ())
            if c.level <= LOWEST_HEADING
            and c.index not in outline.steps
            and not self._is_stage(c)
            and not self._is_box(c)
            and c.index not in outline.points
        ]
        if not below:
            stages = any(self._is_stage(c) for c in outline.children.get(section.index, ()))
            return not stages and bool(section.heading)
        return any(m.rule.startswith("agency-list") for _, m in mentions)

    def _mentions(self, frames: list[Frame], section: Section) -> list[tuple[Frame, Mention]]:
        found: list[tuple[Frame, Mention]] = []
        for frame in frames:
            explicit = self._reader.explicit(frame)
            found.extend((frame, m) for m in in_order([*explicit, *self._reader.running(frame, frame.content_from)]))
        return found

    def _body_task(
        self, context: Context, section: Section, frames: list[Frame], mentions: list[tuple[Frame, Mention]]
    ) -> Task:
        chain = context.ancestors(section)
        safeguard = any(s.heading.endswith(self._safeguards) for s in chain)
        body_end = max((f.block.end for f in frames), default=section.heading_end)
        written = reading(context.document)[section.heading_start : section.heading_end]
        confidence = 0.95 if section.parent is not None or frames else 0.8
        return Task(
            number=normalise(section.number),
            heading=normalise(written).rstrip(self._ends),
            path=tuple(normalise(h) for h in context.path(section)),
            source="body",
            evidence=Evidence(section.heading_start, section.heading_end, "task-heading", confidence, section.index),
            body_start=section.start,
            body_end=body_end,
            agencies=self._reader.records(mentions),
            optional=safeguard,
        )

    def _table_task(self, row: TaskRow) -> Task:
        start, end = row.frame.span(0, len(row.frame.text))
        mentions = [(frame, m) for role, frame in row.agencies for m in self._reader.cell(frame, role)]
        section = row.frame.section.index if row.frame.section else None
        return Task(
            number=normalise(row.number),
            heading=normalise(row.frame.text).rstrip(self._ends),
            path=(normalise(row.caption),) if row.caption else (),
            source="table",
            evidence=Evidence(start, end, "task-row", 0.97, section),
            body_start=row.frame.block.start,
            body_end=row.end,
            agencies=self._reader.records(mentions),
        )
