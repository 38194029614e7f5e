"""The gold plans of `../shared` with what the pipeline reads in them, each read once for all tests of a process."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from eval.scorer import Record, likeness

from pipeline.extract import extract
from pipeline.model import Document, Extraction, Target
from pipeline.parse import parse
from pipeline.text import normalise

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
GOLD = SHARED / "gold"
ABSENT = "the gold plans (../shared) are not here"
SAME_QUOTE = 0.6  # as in the scorer: quotes less alike are not one clause


def names() -> list[str]:
    """The names of all gold plans, those of `second` included; empty where there are none."""
    return sorted(path.stem for path in (*GOLD.glob("*.json"), *GOLD.glob("second/*.json")))


@cache
def gold(name: str) -> dict[str, Any]:
    """The gold of a plan."""
    path = next(p for p in (GOLD / f"{name}.json", GOLD / "second" / f"{name}.json") if p.exists())
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return made


@cache
def reading(name: str) -> tuple[Document, Extraction]:
    """The plan's document and extraction."""
    path = SHARED / "corpus" / gold(name)["source"]
    document = parse(path.read_bytes(), path.name)
    return document, extract(document)


def paired(name: str) -> dict[int, Target]:
    """The target found for each gold target, by the index of gold, one to one, the most alike first."""
    document, extraction = reading(name)
    wanted: list[Record] = gold(name)["targets"]
    scores = []
    for i, record in enumerate(wanted):
        for j, target in enumerate(extraction.targets):
            amount = (target.value, target.value_max, target.unit)
            if amount != (record["value"], record["value_max"], record["unit"]):
                continue
            quote = normalise(document.text[target.evidence.start : target.evidence.end])
            same = likeness(record["quote"], quote) + 0.1 * likeness(record["indicator"], target.indicator)
            if same >= SAME_QUOTE:
                scores.append((-same, abs(i - j), i, j))
    found: dict[int, Target] = {}
    taken: set[int] = set()
    for _, _, i, j in sorted(scores):
        if i not in found and j not in taken:
            found[i] = extraction.targets[j]
            taken.add(j)
    return found
