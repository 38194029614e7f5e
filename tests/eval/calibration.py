"""How far the confidence of targets is from how often they are right, on the gold plans and the sample corpus.

A target is right where a gold target of the same value pairs with it and comparator, period, kind and deadline agree.
The expected calibration error is the mean over bins of |share right - mean confidence|, weighted by their size.
"""

from __future__ import annotations

from collections import defaultdict

from eval import gold_plans

from pipeline.model import Target

BINS = 10


def _is_right(target: Target, record: dict[str, object]) -> bool:
    deadline = record["deadline"] if isinstance(record["deadline"], dict) else {}
    wanted = (deadline.get("start"), deadline.get("end"))
    found = (target.deadline.start, target.deadline.end) if target.deadline else (None, None)
    fields = (target.op, target.per, target.kind) == (record["op"], record["per"], record["kind"])
    return fields and found == wanted


def outcomes() -> list[tuple[str, float, bool]]:
    """For every target found in the gold plans: its rule, its confidence, and whether it is right."""
    made = []
    for plan in gold_plans.names():
        _, extraction = gold_plans.reading(plan)
        gold = gold_plans.gold(plan)["targets"]
        partner = {id(target): gold[i] for i, target in gold_plans.paired(plan).items()}
        for target in extraction.targets:
            record = partner.get(id(target))
            right = record is not None and _is_right(target, record)
            made.append((target.evidence.rule, target.evidence.confidence, right))
    return made


def expected_error(results: list[tuple[str, float, bool]]) -> float:
    """The expected calibration error of (rule, confidence, right) results, 0..1."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for _, confidence, right in results:
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    off = 0.0
    for entries in bins.values():
        mean = sum(c for c, _ in entries) / len(entries)
        off += abs(sum(r for _, r in entries) / len(entries) - mean) * len(entries)
    return off / len(results)
