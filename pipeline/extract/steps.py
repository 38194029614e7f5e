"""Dated steps: labels (第二季度：…), dates in brackets (…（5月）), and the cells of tables that hold several steps."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.extract.deadlines import TimeMention
from pipeline.extract.frame import Frame
from pipeline.model import Deadline

LABEL_MARKS = ":,、"


@dataclass(frozen=True, slots=True)
class Step:
    """A dated step of a table: squeezed positions in its cell and what dates it."""

    frame: Frame
    start: int
    end: int
    deadline: Deadline | None


def stated(frame: Frame, time: TimeMention) -> Deadline:
    """The deadline that a time expression states, with its place."""
    start, end = frame.span(time.start, time.end)
    return Deadline(time.raw, time.since, time.until, time.approx, start, end)


def bracketed_times(frame: Frame) -> list[TimeMention]:
    """Times that stand alone in brackets: （5月）."""
    text = frame.text
    return [t for t in frame.times if text[t.start - 1 : t.start] == "(" and text[t.end : t.end + 1] == ")"]


def labelled_time(frame: Frame) -> TimeMention | None:
    """The time that labels a step at the head of a paragraph: 第二季度：…, 3月：…."""
    first = frame.times[0] if frame.times else None
    if first is None or first.start > frame.content_from:
        return None
    return first if frame.text[first.end : first.end + 1] == ":" else None


def labels(frame: Frame) -> list[TimeMention]:
    """The times that head the lines of a cell, with or without a colon: 3月：…, 4月初启动…."""
    found = []
    for time in frame.times:
        heads_line = time.start == 0 or frame.view.offsets[time.start] - frame.view.offsets[time.start - 1] > 1
        labelled = frame.text[time.end : time.end + 1] == ":"
        if time.start == 0 or (heads_line and labelled):
            found.append(time)
    return found


def cell_steps(frame: Frame, row_deadline: Deadline | None) -> list[Step]:
    """The steps in a cell: one for each label, else the whole cell, dated by its bracket or by its row.

    A month in a cell goes before the quarter of its row, where it dates the whole cell.
    """
    heads = labels(frame)
    end = len(frame.text)
    if heads:
        steps = []
        for i, time in enumerate(heads):
            stop = heads[i + 1].start if i + 1 < len(heads) else end
            start = time.end
            while start < stop and frame.text[start] in LABEL_MARKS:
                start += 1
            if start < stop:
                steps.append(Step(frame, start, stop, stated(frame, time)))
        return steps
    times = bracketed_times(frame)
    if len(times) == 1 and times[0].end >= end - 2:
        return [Step(frame, 0, times[0].start - 1, stated(frame, times[0]))]
    return [Step(frame, 0, end, row_deadline)]
