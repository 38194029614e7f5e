"""How far a deadline reaches. All rules of scope for time stand here, each with its sentence of the guide.

1. A deadline at the head of a clause holds from there to the end of its sentence, one inside a clause up to a ；.
2. A time behind the number holds for it where the clause or a closing bracket states it ((2025年底前), 完成时限：…).
3. In a section of goals the last deadline holds on through later sentences and list items until another or its end.
4. In a table the date of a row holds for every number of the row (see `tables`).
A year that something is compared with, a window inside a rule, or a time long past is no deadline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from pipeline.extract.deadlines import TimeMention
from pipeline.extract.frame import Context, Frame
from pipeline.lexicons import Lexicons
from pipeline.model import Deadline, Section
from pipeline.segment.clauses import Sentence

PARALLEL, ENUMERATION = ";", "、"
DURATION = "deadline-duration"
OF = "的"
HALF_YEAR = timedelta(days=183)  # plans for a year are issued well into it, reports on the last one before that


class DeadlineScope:
    """Answers which deadline holds at a place; made once for a document."""

    def __init__(self, context: Context, lexicons: Lexicons) -> None:
        self._context = context
        self._compared = lexicons.pattern("time-compared")
        self._compared_after = lexicons.pattern("time-compared-after")
        self._window = lexicons.pattern("aside-window")
        self._head = lexicons.pattern("time-head")
        self._procedure = lexicons.pattern("time-rule-window")
        self._day = lexicons.pattern("whole-date")
        self._attributive = lexicons.pattern("time-attributive")
        self._condition = lexicons.pattern("time-condition")
        self._condition_behind = lexicons.pattern("time-condition-behind")
        self._label = lexicons.pattern("time-limit-label")
        self._each = lexicons.pattern("each-in-turn")
        self._joints = frozenset({ENUMERATION, *lexicons.cues("agency_joint")})
        self._goal_words = lexicons.cues("goal_heading")
        self._aim_words = lexicons.cues("aim_heading")
        self._goal_label = lexicons.pattern("goal-label")
        self._carried: dict[tuple[int, int], Deadline] = {}
        self._carry()

    def eligible(self, frame: Frame, time: TimeMention) -> bool:
        """Whether a time expression can be the deadline of something."""
        before, after = frame.text[: time.start], frame.text[time.end : time.end + 6]
        if self._attributive.match(frame.text[time.end : time.end + 16]):
            return False
        if self._is_condition(frame, time):
            return False
        if self._procedure.search(before[-16:]) or (self._day.search(time.raw) and not time.bounded):
            return False
        if time.form == DURATION and self._window.search(frame.text[max(0, time.start - 8) : time.start]):
            return False
        if time.past or (time.since is None and time.until is None and not time.bounded):
            return False
        if time.bounded and after.startswith(OF):
            return True  # 提高到2025年的96%
        return not (self._compared.search(before[-3:]) and not time.bounded) and not self._compared_after.match(after)

    def _is_condition(self, frame: Frame, time: TimeMention) -> bool:
        """Whether the time belongs to a phrase that says who is supported (重点支持3月底前能够投产的企业)."""
        sentence = frame.sentence_at(time.start)
        if sentence is None:
            return False
        told = frame.text[sentence.start : time.start]
        told = told[told.rfind(PARALLEL) + 1 :]
        rest = frame.text[time.end : sentence.end]
        return self._condition.match(told) is not None and self._condition_behind.match(rest) is not None

    def is_over(self, time: TimeMention, at_once: bool = False) -> bool:
        """Whether what a time dates is told, not planned: it ended two calendar years or half a year before the plan.

        `at_once` asks for the mere fact that it ended before the plan was issued, for statements marked otherwise.
        """
        year, issued = self._context.calendar.year, self._context.calendar.issued
        if time.until is None or time.form == DURATION:
            return False
        last = date.fromisoformat(time.until)
        if year is not None and last.year < year - 1:
            return True
        if issued is None or time.bounded:
            return False
        if at_once:
            return last < issued
        return year is not None and last.year < year and issued - last > HALF_YEAR

    def at_head(self, frame: Frame, time: TimeMention) -> bool:
        """Whether the time stands at the head of its clause, or is marked by 到, 底前, 起 … anywhere in it."""
        if time.bounded:
            return True
        clause = frame.clause_at(time.start)
        return clause is not None and self._head.match(frame.text[clause.start : time.start]) is not None

    def deadline(self, frame: Frame, time: TimeMention, inherited: bool = False) -> Deadline:
        """The deadline that a time expression states."""
        start, end = frame.span(time.start, time.end)
        return Deadline(time.raw, time.since, time.until, time.approx, start, end, inherited)

    def at(self, frame: Frame, position: int) -> Deadline | None:
        """The deadline that holds for a number at a squeezed position; None where none does."""
        sentence = frame.sentence_at(position)
        if sentence is None:
            return None
        clause = frame.clause_at(position)
        times = [t for t in self._of(frame, sentence) if self.at_head(frame, t)]
        before = [t for t in times if t.end <= position and self._reaches(frame, t, position)]
        if before:
            return self.deadline(frame, self._respective(frame, sentence, before[-1], position))
        if clause is not None:
            behind = [t for t in times if t.bounded and position <= t.start < clause.end]
            if behind:
                return self.deadline(frame, behind[0])
        labelled = self.labelled(frame)
        if labelled is not None:
            return self.deadline(frame, labelled)
        return self._carried.get((frame.block.index, sentence.start))

    def _respective(self, frame: Frame, sentence: Sentence, head: TimeMention, position: int) -> TimeMention:
        """The time that heads a number, or its own where times and numbers stand in rows (2024年、2025年分别达到2万元、
        3万元)."""
        row = [head]
        for time in (t for t in self._of(frame, sentence) if t.start >= head.end):
            if frame.text[row[-1].end : time.start] not in self._joints:
                break
            row.append(time)
        behind = row[-1].end
        if len(row) == 1 or behind > position or self._each.match(frame.text, behind) is None:
            return head
        numbers = [q for q in frame.quantities if behind <= q.start <= position]
        return row[min(len(numbers), len(row)) - 1]

    def _reaches(self, frame: Frame, time: TimeMention, position: int) -> bool:
        """A time inside a clause holds to the next ; only; at the head of one it holds to the end of the sentence."""
        clause = frame.clause_at(time.start)
        if clause is None or self._head.match(frame.text[clause.start : time.start]):
            return True
        return PARALLEL not in frame.text[time.end : position]

    def labelled(self, frame: Frame) -> TimeMention | None:
        """A time that a label such as 完成时限： makes the deadline of the whole paragraph."""
        return next((t for t in frame.times if self._label.search(frame.text[: t.start])), None)

    def goal_section(self, section: Section | None) -> Section | None:
        """The outermost section of goals that a section belongs to."""
        found = None
        for ancestor in self._context.ancestors(section):
            if ancestor.heading.endswith(self._goal_words) or ancestor.heading.startswith(self._aim_words):
                found = ancestor
        return found

    def _goal_root(self, frame: Frame) -> tuple[str, int] | None:
        """What makes a paragraph one of goals: its section, or a label at its own head (具体指标：…)."""
        section = self.goal_section(frame.section)
        if section is not None:
            return "section", section.index
        labelled = self._goal_label.match(frame.text, frame.content_from)
        return ("paragraph", frame.block.index) if labelled else None

    def _of(self, frame: Frame, sentence: Sentence) -> Iterator[TimeMention]:
        return (
            t for t in frame.times if sentence.start <= t.start < sentence.end and self.eligible(frame, t)
        )  # fmt: skip

    def _carry(self) -> None:
        """Rule 3, filled once in reading order."""
        root: tuple[str, int] | None = None
        last: Deadline | None = None
        for frame in self._context.frames:
            found = self._goal_root(frame) if frame.block.cell is None else None
            if found != root:
                root, last = found, None
            if root is None:
                continue
            for sentence in frame.sentences:
                times = [t for t in self._of(frame, sentence) if self.at_head(frame, t) and t.until]
                if last is not None and not times:
                    self._carried[frame.block.index, sentence.start] = last
                if times:
                    last = replace(self.deadline(frame, times[-1]), inherited=True)
