"""Which targets are one commitment said in several places: the body and an annex row that repeats it.

Two targets are one only where value, range, unit, comparator, period and deadline agree (or one states no deadline) and
they name the same thing: the same indicator of the lexicon, or names that differ by word order and filler words alone.
"""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import fuzz

from pipeline.model import Target

# Of the characters in sorted order: 中小学生职业体验示范基地 and 示范中小学生职业体验基地 score 100.
SAME_NAME = 80.0


def group(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """The targets with `group` numbered from 1 in order of first mention; those of one commitment share it."""
    heads: list[Target] = []
    grouped = []
    for target in targets:
        number = next((i for i, head in enumerate(heads, 1) if same_commitment(head, target)), None)
        if number is None:
            heads.append(target)
            number = len(heads)
        elif heads[number - 1].deadline is None and target.deadline is not None:
            heads[number - 1] = replace(heads[number - 1], deadline=target.deadline)
        grouped.append(replace(target, group=number))
    return tuple(grouped)


def same_commitment(a: Target, b: Target) -> bool:
    """Whether two targets of one document are one commitment; a target is never merged with one of its own place."""
    if a.kind != b.kind or a.evidence.start == b.evidence.start:
        return False
    amounts = (a.value, a.value_max, a.unit, a.op, a.per) == (b.value, b.value_max, b.unit, b.op, b.per)
    if not amounts or not _dates_agree(a, b):
        return False
    if a.task is not None and a.task == b.task and a.indicator != b.indicator:
        return False
    return _same_name(a.indicator, b.indicator)


def _dates_agree(a: Target, b: Target) -> bool:
    if a.deadline is None or b.deadline is None:
        return True
    return (a.deadline.start, a.deadline.end) == (b.deadline.start, b.deadline.end)


def _same_name(a: str, b: str) -> bool:
    if not a or not b:
        return False
    spaced_a, spaced_b = " ".join(a), " ".join(b)
    return fuzz.token_sort_ratio(spaced_a, spaced_b) >= SAME_NAME and abs(len(a) - len(b)) <= 4
