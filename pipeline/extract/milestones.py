"""Milestones: steps with a date, of schedules, stages, tables and running text."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.extract.deadlines import TimeMention
from pipeline.extract.frame import Context, Frame
from pipeline.extract.scope import DeadlineScope
from pipeline.extract.steps import Step, bracketed_times, labelled_time
from pipeline.extract.tables import TableReading
from pipeline.extract.tasks import TaskMaker
from pipeline.lexicons import Lexicons
from pipeline.model import Deadline, Evidence, Milestone, Section
from pipeline.segment.clauses import Sentence

SHORTEST = 4
MARKS = ",;:。、"
PARALLEL = ";"
SIGNATURE = "signature"  # the source that the metadata names for what stands in the signature


class MilestoneMaker:
    """Makes the milestones of one document."""

    def __init__(self, lexicons: Lexicons, context: Context, scope: DeadlineScope, tasks: TaskMaker) -> None:
        self._context = context
        self._scope = scope
        self._tasks = tasks
        self._schedule_headings = lexicons.cues("schedule_heading")
        self._stage = lexicons.pattern("number-stage")
        self._head = lexicons.pattern("time-head")
        self._copula = lexicons.pattern("time-copula")
        self._penalty = lexicons.pattern("penalty-head")
        self._benefit = lexicons.pattern("benefit-head")
        self._past = lexicons.cues("past_word")

    def make(
        self,
        tables: TableReading,
        task_at: dict[int, int | None],
        steps: set[int],
        target_clauses: Mapping[tuple[int, int], str],
    ) -> tuple[Milestone, ...]:
        """The milestones in order of the text.

        `task_at` gives the task of a block, `steps` the sections that are steps of a schedule, `target_clauses` the
        kind of target (goal, norm) of every clause that is one, by block and squeezed start.
        """
        found: list[Milestone] = []
        labels = {f.block.index for f in self._context.frames if self._tasks.is_schedule_label(f)}
        after_label: int | None = None
        for frame in self._context.frames:
            if frame.block.cell is not None:
                if tables.is_running(frame):
                    found.extend(self._running(frame, task_at.get(frame.block.index), target_clauses))
                continue
            if frame.part == "notice" or self._is_signature(frame) or self._context.is_title(frame):
                continue
            section = frame.section
            if self._context.tells_of_past(section):
                continue
            owner = section.index if section else None
            if frame.block.index in labels:
                after_label = owner
                continue
            if after_label is not None and owner != after_label and owner not in steps:
                after_label = None
            task = task_at.get(frame.block.index)
            if (label := labelled_time(frame)) is not None:
                found.append(self._item(frame, label.end + 1, self._scope.deadline(frame, label), task))
            elif self._is_step(frame, after_label, steps):
                found.append(self._step(frame, task))
            else:
                found.extend(self._running(frame, task, target_clauses))
        for step in [s for row in tables.task_rows for s in row.steps] + tables.loose_steps:
            found.extend(self._table_step(step, task_at.get(step.frame.block.index)))
        return tuple(sorted(found, key=lambda m: (m.evidence.start, m.evidence.end)))

    def _is_signature(self, frame: Frame) -> bool:
        return any(
            f.source == SIGNATURE and f.start is not None and frame.block.start <= f.start < frame.block.end
            for f in self._context.document.metadata.found
        )

    def _is_step(self, frame: Frame, after_label: int | None, steps: set[int]) -> bool:
        """Numbered steps count by their first paragraph; what comes below it comments on the whole."""
        owner = frame.section.index if frame.section else None
        return frame.content_from > 0 if owner in steps else after_label is not None

    def _record(
        self, frame: Frame, start: int, end: int, deadline: Deadline | None, task: int | None, rule: str, optional: bool
    ) -> Milestone:
        while end > start and frame.text[end - 1] in MARKS:
            end -= 1
        while start < end and frame.text[start] in MARKS:
            start += 1
        a, b = frame.span(start, end)
        section = frame.section.index if frame.section else None
        return Milestone(deadline, task, Evidence(a, b, rule, 0.7 if optional else 0.9, section), optional)

    def _item(self, frame: Frame, start: int, deadline: Deadline, task: int | None) -> Milestone:
        return self._record(frame, start, len(frame.text), deadline, task, "milestone-item", False)

    def _step(self, frame: Frame, task: int | None) -> Milestone:
        """A step of a schedule: dated by the first deadline inside it, else without a date."""
        times = [t for t in frame.times if self._scope.eligible(frame, t) and self._scope.at_head(frame, t)]
        times = times or bracketed_times(frame)
        deadline = self._scope.deadline(frame, times[0]) if times else None
        return self._record(
            frame, frame.content_from, len(frame.text), deadline, task, "milestone-step", deadline is None
        )

    def _table_step(self, step: Step, task: int | None) -> list[Milestone]:
        frame = step.frame
        found = [self._record(frame, step.start, step.end, step.deadline, task, "milestone-row", False)]
        times = [t for t in bracketed_times(frame) if step.start <= t.start < step.end]
        if len(times) > 1:
            for time in times:
                sentence = frame.sentence_at(time.start)
                if sentence is not None and time.start - 1 > sentence.start:
                    deadline = self._scope.deadline(frame, time)
                    found.append(
                        self._record(frame, sentence.start, time.start - 1, deadline, task, "milestone-month", True)
                    )
        return found

    def _running(
        self, frame: Frame, task: int | None, target_clauses: Mapping[tuple[int, int], str]
    ) -> list[Milestone]:
        found = []
        if self._is_stage(frame.section) and frame.content_from:
            found.append(self._record(frame, frame.content_from, len(frame.text), None, task, "milestone-stage", True))
        scheduled = self._in_schedule(frame.section)
        for sentence in frame.sentences:
            for part in self._parts(frame, sentence):
                milestone = self._part(frame, part, sentence, task, target_clauses, scheduled)
                if milestone is not None:
                    found.append(milestone)
        return found

    def _parts(self, frame: Frame, sentence: Sentence) -> list[tuple[int, int, TimeMention]]:
        """The stretches of a sentence that each stand under one deadline: a new one begins at each that leads a clause.

        Each is (start of its clauses, end, deadline); what stands before the first deadline belongs to it only where
        the deadline stands inside its clause.
        """
        times = [
            t
            for t in frame.times
            if sentence.start <= t.start < sentence.end
            and self._scope.eligible(frame, t)
            and self._scope.at_head(frame, t)
        ]
        parts: list[tuple[int, int, TimeMention]] = []
        for time in times:
            leads = self._leads(frame, time)
            if parts and not leads:
                continue
            start = time.end if leads else sentence.start
            if parts:
                clause = frame.clause_at(time.start)
                parts[-1] = (parts[-1][0], clause.start if clause else time.start, parts[-1][2])
            parts.append((start, sentence.end, time))
        return parts

    def _part(
        self,
        frame: Frame,
        part: tuple[int, int, TimeMention],
        sentence: Sentence,
        task: int | None,
        target_clauses: Mapping[tuple[int, int], str],
        scheduled: bool,
    ) -> Milestone | None:
        """The step of a stretch; a stretch with a target is none, but in a schedule (the guide: every sentence with a
        deadline and without a number)."""
        start, end, time = max(part[0], frame.content_from), part[1], part[2]
        if self._benefit.match(frame.text, sentence.start) or self._scope.is_over(time):
            return None
        if any(word in frame.text[sentence.start : end] for word in self._past) and not time.bounded:
            return None
        clauses = [c for c in sentence.clauses if c.end > start and c.start < end]
        taken = [c for c in clauses if (frame.block.index, c.start) in target_clauses]
        optional = time.until is None
        if taken and not scheduled:
            return None
        behind = frame.text[max(start, time.end) : end].lstrip(MARKS)
        if end - start < SHORTEST or self._penalty.match(behind) or self._copula.match(behind):
            return None
        return self._record(frame, start, end, self._scope.deadline(frame, time), task, "milestone-sentence", optional)

    def _leads(self, frame: Frame, time: TimeMention) -> bool:
        """Whether the step stands behind its time; else (各区于3个月内出台…) the time stands inside it."""
        clause = frame.clause_at(time.start)
        return clause is None or self._head.match(frame.text[clause.start : time.start]) is not None

    def _is_stage(self, section: Section | None) -> bool:
        return section is not None and self._stage.match(section.number) is not None

    def _in_schedule(self, section: Section | None) -> bool:
        return any(
            self._is_stage(a) or any(w in a.heading for w in self._schedule_headings)
            for a in self._context.ancestors(section)
        )
