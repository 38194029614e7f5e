"""Quality grades: what gives which, at the limits, and that reasons say why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.messages import MESSAGES
from pipeline.store.grades import at_least, grade

Rows = dict[str, list[dict[str, Any]]]
SIZE = 4000
GOOD = {"text": "字" * SIZE, "title": "某行动计划", "region_name": "云溪市", "issue_date": "2025-01-01",
        "publish_date": None, "year": 2025}  # fmt: skip


def rows(**given: list[dict[str, Any]]) -> Rows:
    numbers = [{"fate": "target"}] * 100
    return {"blocks": [], "issues": [], "tables": [{"rows": 50}], "numbers": numbers, **given}


def issue(
    code: str, severity: str = "warning", mend: str | None = None, start: int = 0, end: int = 1
) -> dict[str, Any]:
    return {"code": code, "severity": severity, "mend": mend, "start": start, "end": end}


def graded(document: dict[str, Any] | None = None, **given: list[dict[str, Any]]) -> tuple[str, list[str]]:
    found = grade({**GOOD, **(document or {})}, rows(**given))
    return found.letter, [r.code for r in found.reasons]


def test_nothing_against_it_is_an_a() -> None:
    assert graded() == ("A", [])
    harmless = [issue("numbering", "info"), issue("lost-line-breaks", "info"), issue("damaged-bracket", "info")]
    assert graded(issues=harmless) == ("A", [])


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ({"title": None}, "B"), ({"region_name": None}, "B"), ({"issue_date": None}, "A"),
        ({"issue_date": None, "year": None}, "B"), ({"title": None, "region_name": None}, "C"),
    ],
)  # fmt: skip
def test_missing_metadata(missing: dict[str, Any], expected: str) -> None:
    assert graded(missing)[0] == expected


@pytest.mark.parametrize(("wide", "expected"), [(19, "A"), (21, "B"), (201, "C"), (801, "D")])
def test_doubtful_characters_count_once(wide: int, expected: str) -> None:
    low = [issue("low-confidence", "info", None, 0, wide), issue("low-confidence", "info", None, 0, wide // 2)]
    letter, codes = graded(issues=low)
    assert (letter, codes) == (expected, ["low-confidence"] if expected != "A" else [])


@pytest.mark.parametrize(("lost", "expected"), [(0, "A"), (1, "B"), (9, "C"), (41, "D")])
def test_lost_characters(lost: int, expected: str) -> None:
    assert graded({"text": "\ufffd" * lost + "字" * (SIZE - lost)})[0] == expected


@pytest.mark.parametrize(("count", "expected"), [(1, "B"), (2, "B"), (3, "C"), (20, "C"), (21, "D")])
def test_damage_that_nobody_mended(count: int, expected: str) -> None:
    assert graded(issues=[issue("lost-characters")] * count)[0] == expected


def test_damage_that_hits_numbers_weighs_more() -> None:
    assert graded(issues=[issue("lost-digits")] * 11) == ("D", ["lost-numbers", "damage"])
    assert graded(issues=[issue("lost-digits")] * 2) == ("B", ["damage"])  # two slips are no system


@pytest.mark.parametrize(("count", "expected"), [(2, "A"), (3, "B"), (5, "C")])
def test_mended_damage(count: int, expected: str) -> None:
    assert graded(issues=[issue("damaged-doc-number", "info", "云政发〔2025〕3号")] * count)[0] == expected


def test_tables_ledger_and_furniture() -> None:
    assert graded(issues=[issue("lost-cells")]) == ("B", ["tables"])
    assert graded(issues=[issue("lost-cells")] * 6) == ("C", ["tables"])
    some = [{"fate": "unaccounted"}] * 3
    assert graded(numbers=[*some, *[{"fate": "target"}] * 200]) == ("B", ["unaccounted"])
    assert graded(numbers=[*some, *[{"fate": "target"}] * 97]) == ("C", ["unaccounted"])
    assert graded(numbers=[*some, *[{"fate": "target"}] * 7]) == ("D", ["unaccounted"])
    block = {"kind": "furniture", "start": 0, "end": int(0.75 * SIZE)}
    assert graded(blocks=[block]) == ("B", ["furniture"])
    assert graded(blocks=[block | {"kind": "paragraph"}]) == ("A", [])


def test_three_small_reasons_make_a_c() -> None:
    assert graded({"title": None}, issues=[issue("lost-cells")]) == ("B", ["tables", "no-title"])
    assert graded({"title": None}, issues=[issue("lost-cells"), issue("date-conflict")])[0] == "C"


def test_reasons_are_stored_in_both_languages() -> None:
    found = grade({**GOOD, "title": None}, rows(issues=[issue("lost-digits")] * 11))
    stored = json.loads(found.to_json())
    assert [r["grade"] for r in stored] == ["D", "C", "B"]
    assert stored[0]["zh"] == "11 处数字或日期丢失、错乱，相当于全部数字的 11%"
    assert stored[0]["en"] == "11 numbers or dates lost or garbled, 11% of all numbers"
    assert all(f"grade.{r['code']}" in MESSAGES for r in stored)


def test_grades_that_are_good_enough() -> None:
    assert (at_least("A"), at_least("C"), at_least("D")) == (("A",), ("A", "B", "C"), ("A", "B", "C", "D"))
    with pytest.raises(ValueError, match="substring"):
        at_least("E")
