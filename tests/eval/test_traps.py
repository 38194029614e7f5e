"""Traps: sentences whose number, date or body must not become a commitment, beside look-alikes that must.

`traps.tsv` is the data and grows by one row: the sentence, the heading that it stands under (`section`, by default
the one for key tasks), and as JSON what must be found: `targets`, `milestones`, `agencies`, `actions` (promises
without a number) as complete lists in the order of the text (an empty list: none), each entry with the keys that
matter alone; `fates` by numeral. Every row asserts besides that no numeral of its sentence is left without a fate.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.extract import extract
from pipeline.lexicons import load
from pipeline.model import Document, Extraction, Milestone, Target
from pipeline.parse import parse
from pipeline.text import normalise

TRAPS = Path(__file__).with_name("traps.tsv")
SECTION = "重点任务"
KEYS = {"targets", "milestones", "agencies", "actions", "fates"}
# A plan of an invented county; what stands around the sentence holds no number, body or indicator of its own.
BEFORE = """云溪县职业教育产教融合实施方案
{filler}
一、总体要求
{filler}
二、{section}
（一）有关事项
"""
AFTER = """
三、其他事项
{filler}
云溪县教育局
2023年9月13日
"""
FILLER = "为贯彻上级要求，结合我县实际，坚持问题导向，稳妥有序推进，抓好落实见效，营造良好氛围，制定本方案。"
FEWEST, FEWEST_TRUE = 320, 0.25


def rows() -> list[dict[str, str]]:
    with TRAPS.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def plan(sentence: str, section: str) -> str:
    head = BEFORE.format(filler=FILLER, section=section or SECTION)
    return head + sentence + AFTER.format(filler=FILLER)


def target_view(target: Target) -> dict[str, Any]:
    deadline = target.deadline
    return {
        "value": target.value,
        "value_max": target.value_max,
        "unit": target.unit,
        "op": target.op,
        "kind": target.kind,
        "per": target.per,
        "indicator": target.indicator,
        "deadline_start": deadline.start if deadline else None,
        "deadline_end": deadline.end if deadline else None,
    }


def milestone_view(milestone: Milestone) -> dict[str, Any]:
    deadline = milestone.deadline
    return {"start": deadline.start if deadline else None, "end": deadline.end if deadline else None}


def view(found: Extraction) -> dict[str, list[dict[str, Any]]]:
    return {
        "targets": [target_view(t) for t in found.targets],
        "milestones": [milestone_view(m) for m in found.milestones if not m.optional],
        "actions": [{"indicator": a.indicator} for a in found.actions],
        "agencies": [{"name": a.name, "role": a.role} for task in found.tasks for a in task.agencies],
    }


def shown(made: list[dict[str, Any]], expected: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was found, each record with the keys that are asked of it (all keys where nothing was expected there)."""
    wanted = [*expected, *({} for _ in made)]
    return [{k: v for k, v in one.items() if k in (keys or one)} for one, keys in zip(made, wanted, strict=False)]


def fates(document: Document, found: Extraction, sentence: str) -> list[tuple[str, str]]:
    """The fates of the numerals that stand in the sentence."""
    at = document.text.index(sentence)
    return [(normalise(n.text), n.fate) for n in found.numbers if at <= n.start < at + len(sentence)]


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row["id"]))
def test_trap(row: dict[str, str]) -> None:
    expected = json.loads(row["expect"])
    assert expected.keys() <= KEYS
    document = parse(plan(row["sentence"], row["section"]).encode(), "trap.txt", lexicons=load())
    found = extract(document, load())
    made = view(found)
    for key in ("targets", "milestones", "agencies", "actions"):
        if key in expected:
            assert shown(made[key], expected[key]) == expected[key], row["why"]
    ledger = fates(document, found, row["sentence"])
    assert [text for text, fate in ledger if fate == "unaccounted"] == []
    for text, fate in expected.get("fates", {}).items():
        assert (text, fate) in ledger, row["why"]


def test_rows_are_many_distinct_and_of_both_sorts() -> None:
    found = rows()
    true = [r for r in found if any(json.loads(r["expect"]).get(k) for k in ("targets", "milestones", "agencies"))]
    assert len(found) >= FEWEST
    assert len({r["id"] for r in found}) == len({(r["section"], r["sentence"]) for r in found}) == len(found)
    assert len(true) / len(found) >= FEWEST_TRUE
    assert all(r["trap"] and r["why"] for r in found)
