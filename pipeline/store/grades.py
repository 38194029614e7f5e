"""The quality grade of a document: how far what was extracted from it can be relied on before looking at the source.

A: nothing known against it. B: use it, small gaps are told. C: check each number against the source before citing it.
D: too much is lost to count with. The grade is the worst that any reason gives; three reasons of B make a C.

How the limits were set: on thirty real plans, by their counts of issues, so that texts in order get A, single gaps (a
row that lost a cell, no date) B, systematic loss (every 文号 without its brackets) C, a text whose years were replaced
D. The grades were then held against the head, the end and two stretches of each text; no other plans were kept apart
to test them on, and nobody read the thirty through. A grade knows only damage that is found: an A is no proof of
soundness. The limits for what those plans do not show (OCR, lost characters, furniture, the ledger) are judgement:
with 1 % of wrong characters extraction loses 0.03 F1 (make eval), so 0.5 % of doubtful ones are a B and 5 % a C.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.messages import say

Row = Mapping[str, Any]
GRADES = "ABCD"
# Shares from which on a measure gives B, C and D; None for a grade that it alone does not give.
Limits = tuple[float | None, float | None, float | None]
FURNITURE: Limits = (0.7, 0.9, None)  # of all characters; saved pages that were read well have up to 0.05
DOUBTFUL: Limits = (0.005, 0.05, 0.2)  # of all characters: recognised with low confidence
LOST: Limits = (0.0001, 0.002, 0.01)  # of all characters: places of characters that are gone (U+FFFD)
DAMAGE: Limits = (0.0, 0.5, 5.0)  # places that nobody mended, in a thousand characters
LOST_NUMBERS: Limits = (None, 0.03, 0.1)  # such places where a number is lost or garbled, by the numerals of the text
MENDED: Limits = (0.0, 1.0, None)  # places that were mended, or doubtful in form, in a thousand characters
TABLES: Limits = (0.0, 0.1, None)  # rows that lost cells, of all rows
UNACCOUNTED: Limits = (0.0, 0.02, 0.1)  # of all numerals (the ledger)
_FEW = 3  # a C or D for damage, tables or the ledger needs as many places: one slip in a short notice is no system
_FEW_MENDED = (3, 5)  # and mended places count from three on, as a C from five on
_SEVERAL = 3  # reasons of B that together make a C
_METADATA = 2  # missing of title, region and date that make a C

DAMAGE_CODES = ("damaged", "lost", "garbled")
_DOUBTFUL = "low-confidence"
_TABLE_CODES = frozenset({"lost-cell", "lost-cells", "lost-rows", "lost-table"})
_NUMBER_CODES = frozenset({"lost-digits", "lost-number", "lost-unit", "garbled-date", "damaged-date-order"})
_NO_PLACE = frozenset({"lost-line-breaks"})  # about form alone
_CONFLICTS = ("-conflict", "published-before-issue")
_LOST_CHARACTER = "\ufffd"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a document has no better grade: the grade that it gives, a code, and a sentence in Chinese and English."""

    grade: str
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade with its reasons, the gravest first."""

    letter: str
    reasons: tuple[Reason, ...]

    def to_json(self) -> str:
        """The reasons as they are stored: a list of objects with grade, code, zh and en."""
        found = [{"grade": r.grade, "code": r.code, "zh": r.zh, "en": r.en} for r in self.reasons]
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def grade(document: Row, rows: Mapping[str, Sequence[Row]]) -> Grade:
    """The grade of a document from its row and its rows of blocks, issues, numbers and tables (columns of the schema).

    Depends on nothing else, so that a database made before grades were kept gets the same ones.
    """
    issues = rows["issues"]
    text: str = document["text"]
    size = max(1, len(text))
    reasons: list[Reason] = []

    def judge(code: str, limits: Limits, value: float, count: int, few: int = 0, **told: object) -> None:
        if count and (letter := _letter(limits, value, count, few)) is not None:
            words = {"count": count, "share": value, **told}
            reasons.append(
                Reason(letter, code, say(f"grade.{code}", "zh", **words), say(f"grade.{code}", "en", **words))
            )

    furniture = sum(b["end"] - b["start"] for b in rows["blocks"] if b["kind"] == "furniture")
    judge("furniture", FURNITURE, furniture / size, furniture)
    doubtful = _covered([i for i in issues if i["code"] == _DOUBTFUL])
    judge("low-confidence", DOUBTFUL, doubtful / size, doubtful)
    lost = text.count(_LOST_CHARACTER)
    judge("lost-characters", LOST, lost / size, lost)

    damage = [i for i in issues if i["code"].startswith(DAMAGE_CODES) and i["code"] not in _NO_PLACE]
    tables = [i for i in damage if i["code"] in _TABLE_CODES]
    open_ones = [i for i in damage if i["severity"] != "info" and not i["mend"] and i not in tables]
    mended = [i for i in damage if i not in open_ones and i not in tables]
    numbers = rows["numbers"]
    judge("damage", DAMAGE, 1000 * len(open_ones) / size, len(open_ones), _FEW)
    wrong = [i for i in open_ones if i["code"] in _NUMBER_CODES]
    judge("lost-numbers", LOST_NUMBERS, len(wrong) / max(1, len(numbers)), len(wrong), _FEW)
    if len(mended) >= _FEW_MENDED[0]:
        judge("mended", MENDED, 1000 * len(mended) / size, len(mended), _FEW_MENDED[1])
    judge("tables", TABLES, len(tables) / max(1, sum(t["rows"] for t in rows["tables"])), len(tables), _FEW)
    unknown = sum(n["fate"] == "unaccounted" for n in numbers)
    judge("unaccounted", UNACCOUNTED, unknown / max(1, len(numbers)), unknown, _FEW, total=len(numbers))
    reasons += _metadata(document, issues)
    return _together(reasons)


def _letter(limits: Limits, value: float, count: int, few: int) -> str | None:
    """The worst grade whose limit the value passes; fewer places than `few` give no more than a B."""
    for letter, limit in reversed(list(zip("BCD", limits, strict=True))):
        if limit is not None and value > limit and (letter == "B" or count >= few):
            return letter
    return None


def _metadata(document: Row, issues: Sequence[Row]) -> list[Reason]:
    absent = [
        name
        for name, there in (
            ("title", document["title"]),
            ("region", document["region_name"]),
            ("date", document["issue_date"] or document["publish_date"] or document["year"]),
        )
        if not there
    ]
    letter = "C" if len(absent) >= _METADATA else "B"
    found = [Reason(letter, f"no-{n}", say(f"grade.no-{n}", "zh"), say(f"grade.no-{n}", "en")) for n in absent]
    conflicts = [i for i in issues if i["severity"] == "warning" and i["code"].endswith(_CONFLICTS)]
    if conflicts:
        words = {"count": len(conflicts)}
        found.append(
            Reason("B", "conflict", say("grade.conflict", "zh", **words), say("grade.conflict", "en", **words))
        )
    return found


def _together(reasons: list[Reason]) -> Grade:
    ordered = sorted(reasons, key=lambda r: r.grade, reverse=True)
    letter = ordered[0].grade if ordered else "A"
    if letter == "B" and len(ordered) >= _SEVERAL:
        letter = "C"
    return Grade(letter, tuple(ordered))


def _covered(issues: Sequence[Row]) -> int:
    """How many characters the spans of issues cover, each once."""
    covered, reached = 0, 0
    for start, end in sorted((i["start"], i["end"]) for i in issues if i["start"] is not None):
        covered += max(0, end - max(start, reached))
        reached = max(reached, end)
    return covered


def at_least(letter: str) -> tuple[str, ...]:
    """The grades that are no worse than this one. Raises ValueError for what is no grade."""
    return tuple(GRADES[: GRADES.index(letter) + 1])
