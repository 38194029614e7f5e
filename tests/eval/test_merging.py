"""One commitment in several places is one, and two that only look alike stay two.

`merged_pairs.tsv` lists by hand which targets of the gold plans are one commitment (`i`, `j`: 0-based positions in the
gold's targets); `open` pairs can be read either way and count neither way.
"""

from __future__ import annotations

import csv
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from eval import gold_plans
from extract.extract_helpers import extracted

FLOOR = 0.97
HEAD = "一、主要目标\n"
WORK = "二、重点任务\n（一）建设任务。"


def listed() -> dict[str, dict[tuple[int, int], str]]:
    """The pairs of `merged_pairs.tsv` by plan."""
    made: dict[str, dict[tuple[int, int], str]] = {}
    with (Path(__file__).parent / "merged_pairs.tsv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            made.setdefault(row["document"], {})[int(row["i"]), int(row["j"])] = row["same"]
    return made


def test_the_list_is_closed_under_being_one() -> None:
    for plan, pairs in listed().items():
        together = {pair for pair, same in pairs.items() if same == "yes"}
        for (a, b), (c, d) in combinations(sorted(together), 2):
            if a == c:
                assert (min(b, d), max(b, d)) in together, (plan, a, b, d)


@pytest.mark.shared
@pytest.mark.skipif(not gold_plans.GOLD.exists(), reason=gold_plans.ABSENT)
def test_the_gold_plans() -> None:
    right = missed = extra = 0
    wrong = []
    for plan in gold_plans.names():
        found = gold_plans.paired(plan)
        pairs = {p: same for p, same in listed().get(plan, {}).items() if p[0] in found and p[1] in found}
        for i, j in combinations(sorted(found), 2):
            one, wanted = found[i].group == found[j].group, pairs.get((i, j), "no")
            right += one and wanted == "yes"
            missed += not one and wanted == "yes"
            extra += one and wanted == "no"
            if wanted != "open" and one != (wanted == "yes"):
                wrong.append(f"{plan} {i} {found[i].indicator} / {j} {found[j].indicator}")
    f1 = 2 * right / (2 * right + missed + extra)
    print(f"merging: F1 {f1:.3f}, {right} right, {missed} missed, {extra} extra")
    assert f1 >= FLOOR, wrong
    assert extra == 0, wrong


@pytest.mark.shared
@pytest.mark.skipif(not gold_plans.GOLD.exists(), reason=gold_plans.ABSENT)
def test_nothing_that_differs_is_merged() -> None:
    for plan in gold_plans.names():
        targets = gold_plans.reading(plan)[1].targets
        for a, b in combinations(targets, 2):
            if a.group == b.group:
                assert (a.value, a.value_max, a.kind, a.per) == (b.value, b.value_max, b.kind, b.per)
                if a.deadline and b.deadline:
                    assert a.deadline.end == b.deadline.end


def groups(goals: str, work: str) -> list[tuple[str, float, int]]:
    return [(t.indicator, t.value, t.group) for t in extracted(HEAD + goals + "\n" + WORK + work)[1].targets]


@pytest.mark.parametrize(
    ("goals", "work"),
    [
        ("到2025年，建成产教融合实训基地3个。", "建成产教融合实训基地3个。"),
        ("到2025年，建成产教融合实训基地3个。", "2025年底前建设3个产教融合实训基地。"),
        ("到2025年，建成产教融合实训基地3个。", "建成不少于3个产教融合实训基地。"),
        ("到2025年，双师型教师占比达到60%。", "到2025年，职业学校双师型教师比例达到60%以上。"),
        ("培养产业工匠50人。", "培养产业工匠50名。"),
        ("建设15个职业体验示范基地。", "建设示范职业体验基地15个。"),
        ("出台产教融合支持政策2项。", "出台2项支持政策。"),
        ("教师每5年到企业实践不少于半年。", "教师每5年到企业实践不少于6个月。"),
    ],
)
def test_said_in_goals_and_in_a_task(goals: str, work: str) -> None:
    assert [group for _, _, group in groups(goals, work)] == [1, 1]


@pytest.mark.parametrize(
    ("goals", "work"),
    [
        ("到2025年，建成产教融合实训基地3个。", "到2025年，建成产教融合实训基地4个。"),
        ("到2025年，建成产教融合实训基地3个。", "到2027年，建成产教融合实训基地3个。"),
        ("建成产教融合实训基地3个。", "建成校外实训基地3个。"),
        ("建成省级实训基地3个。", "建成实训基地3个。"),
        ("建成省级实训基地3个。", "建成市级实训基地3个。"),
        ("双师型教师占比达到60%。", "兼职教师占比达到60%。"),
        ("双师型教师占比达到5%。", "双师型教师占比提高5个百分点。"),
        ("高技能人才占技能人才比例达到30%。", "高技能人才占从业人员比例达到30%。"),
        ("建成产业学院3个。", "每年建成产业学院3个。"),
        ("建成产业学院不少于3个。", "建成产业学院不超过3个。"),
        ("新增专业3个。", "撤销专业3个。"),
        ("与3家企业签订协议。", "培育产教融合型企业3家。"),
    ],
)
def test_two_that_only_look_alike(goals: str, work: str) -> None:
    found = groups(goals, work)
    assert len(found) == 2
    assert [group for _, _, group in found] == [1, 2]


def test_two_numbers_of_one_sentence_are_two() -> None:
    assert [g for _, _, g in groups("新增实训室20间，改造实训室20间。", "加强管理。")] == [1, 2]


def test_a_short_form_that_fits_two_joins_neither() -> None:
    found = groups("建设公共实训基地2个。建设校外实训基地2个。", "建设实训基地2个。")
    assert [g for _, _, g in found] == [1, 2, 3]


def test_one_group_has_all_its_evidence() -> None:
    work = WORK + "建成产业学院3个。\n（二）推进任务。建成产业学院3个。"
    document, found = extracted(HEAD + "建成产业学院3个。\n" + work)
    assert Counter(t.group for t in found.targets) == {1: 3}
    assert len({document.text[t.evidence.start : t.evidence.end] for t in found.targets}) == 1
    assert len({t.evidence.start for t in found.targets}) == 3
