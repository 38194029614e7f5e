"""Agencies of the gold plans, those of explicit lists and those of running text counted apart.

A list is a parenthesis with a role, a paragraph that begins with a label, or a table column; all else is running text.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from eval import gold_plans
from eval.scorer import SAME_HEADING, Record, letters, likeness, match

from pipeline.lexicons import load
from pipeline.model import Document, Task
from pipeline.text import Squeezed

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not gold_plans.GOLD.exists(), reason=gold_plans.ABSENT),
]
FLOORS = {"explicit": 0.99, "running": 0.90}


def listed(document: Document, task: Task, name: str) -> bool:
    """Whether a name that was missed stands in a list of the task's text."""
    if task.source == "table":
        return True
    text = Squeezed(document.text, task.evidence.start, task.body_end).text
    spans = [m.group(0) for m in load().pattern("agency-parenthesis").finditer(text)]
    return any(name in span for span in spans)


def same_heading(gold: Record, found: Record) -> float:
    """The likeness of two headings of the same source, 0 where they are not one task."""
    same = likeness(gold["heading"], found["heading"])
    return same if gold["source"] == found["source"] and same >= SAME_HEADING else 0.0


@cache
def counts() -> dict[str, Counter[str]]:
    """Right, missed and extra agencies of all plans, by where they stand."""
    made = {kind: Counter[str]() for kind in FLOORS}
    for plan in gold_plans.names():
        document, extraction = gold_plans.reading(plan)
        wanted = [{"heading": t["heading"], "source": t["source"], "gold": t} for t in gold_plans.gold(plan)["tasks"]]
        got = [{"heading": t.heading, "source": t.source, "task": t} for t in extraction.tasks]
        alike = match(wanted, got, same_heading)
        for gold, found in alike:
            task: Task = found["task"]
            taste = {letters(a["name"]) for a in gold["gold"]["agencies"] if a.get("optional")}
            asked = [a for a in gold["gold"]["agencies"] if not a.get("optional")]
            want = {(letters(a["name"]), a["role"]): a["name"] for a in asked}
            have = {(letters(a.name), a.role): a for a in task.agencies if letters(a.name) not in taste}
            for key, agency in have.items():
                kind = "running" if agency.evidence.rule.startswith("agency-running") else "explicit"
                made[kind]["right" if key in want else "extra"] += 1
            for key, name in want.items():
                if key not in have:
                    made["explicit" if listed(document, task, name) else "running"]["missed"] += 1
    return made


@pytest.mark.parametrize("kind", sorted(FLOORS))
def test_agencies_are_read(kind: str) -> None:
    count = counts()[kind]
    f1 = 2 * count["right"] / (2 * count["right"] + count["missed"] + count["extra"])
    print(f"agencies, {kind}: F1 {f1:.3f}, {dict(count)}")
    assert f1 >= FLOORS[kind]


def test_full_names_begin_with_a_region_of_the_plan_and_collective_ones_have_none() -> None:
    seen = 0
    for plan in gold_plans.names():
        document, extraction = gold_plans.reading(plan)
        region = document.metadata.region
        for agency in (a for task in extraction.tasks for a in task.agencies):
            row = load().get("agencies").by_id.get(agency.agency_id or "")
            if row is not None and row.get("kind") == "collective":
                assert agency.full_name is None, agency.name
            if agency.full_name is not None and region is not None:
                seen += 1
                assert region.name in agency.full_name, agency.name
    assert seen >= 100
