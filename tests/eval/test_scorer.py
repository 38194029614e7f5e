"""The scorer itself: what counts as the same, what as missed, what as extra."""

from __future__ import annotations

import copy
from typing import Any

from eval.scorer import LAYERS, likeness, match, overall, score, total

GOLD: dict[str, Any] = {
    "source": "a.txt", "title": "云溪县实施方案", "doc_number": "云政发〔2023〕1号", "issuers": ["云溪县人民政府"],
    "region": {"name": "云溪县", "level": "县", "code": None}, "issue_date": "2023-01-02", "publish_date": None,
    "status": "正式", "doc_type": "实施方案",
    "references": [{"title": "职业教育条例", "doc_number": None}],
    "tasks": [
        {"number": "(一)", "heading": "建设基地", "section": [], "source": "body", "agencies": [
            {"name": "县教育局", "role": "lead"}, {"name": "县财政局", "role": "support", "optional": True}]},
        {"number": "(二)", "heading": "加强领导", "section": [], "source": "body", "agencies": [], "optional": True},
    ],
    "targets": [{"quote": "建成实训基地5个", "indicator": "实训基地", "op": "=", "value": 5, "value_max": None,
                 "unit": "个", "per": None, "kind": "goal", "task": "建设基地",
                 "deadline": {"raw": "到2025年", "start": None, "end": "2025-12-31", "approx": False}}],
    "milestones": [{"quote": "完成方案编制", "task": None,
                    "deadline": {"raw": "5月底前", "start": None, "end": "2023-05-31", "approx": False}}],
    "indicators": [{"path": ["师资", "双师型教师比例"], "unit": "%", "weight": 2}],
}  # fmt: skip


def changed(**fields: Any) -> dict[str, Any]:
    found = copy.deepcopy(GOLD)
    found.update(fields)
    return found


def target(**fields: Any) -> dict[str, Any]:
    return changed(targets=[{**GOLD["targets"][0], **fields}])


def test_gold_against_itself_is_perfect() -> None:
    made = score(GOLD, copy.deepcopy(GOLD))
    assert {layer: made[layer].f1 for layer in LAYERS} == dict.fromkeys(LAYERS, 1.0)
    assert overall(made) == 1.0
    assert not any(made[layer].wrong for layer in LAYERS)


def test_nothing_found_scores_nothing() -> None:
    made = score(GOLD, {"source": "a.txt"})
    assert made["targets"].f1 == 0.0
    assert made["document"].right == 1  # publish_date is empty on both sides
    assert overall(made) < 0.03


def test_likeness() -> None:
    assert likeness("（一）建设基地。", "(一)建设基地") == 1.0
    assert likeness("建设实训基地", "实训基地") == 0.95
    assert likeness("甲", "") == 0.0
    assert likeness("90%", "90") < 1.0
    assert 0.4 < likeness("建设基地", "建设学校") < 0.6


def test_records_pair_once_and_the_most_alike_first() -> None:
    gold = [{"x": "abcd"}, {"x": "abcf"}]
    found = [{"x": "abcf"}, {"x": "abcf"}, {"x": "zzzz"}]
    pairs = match(gold, found, lambda g, f: likeness(g["x"], f["x"]))
    assert [(g["x"], f is found[0]) for g, f in pairs] == [("abcf", True), ("abcd", False)]


def test_a_wrong_amount_is_another_target() -> None:
    made = score(GOLD, target(value=6))
    assert (made["targets"].right, made["targets"].missed, made["targets"].extra) == (0, 1, 1)


def test_a_wrong_field_costs_exactness_alone() -> None:
    wrong = {"op": ">=", "kind": "norm", "per": "每年", "deadline": None, "task": None, "indicator": "学校"}
    for name, value in wrong.items():
        made = score(GOLD, target(**{name: value}))
        assert made["targets"].f1 == 1.0
        assert made["targets_exact"].f1 == 0.0, name


def test_optional_records_count_neither_way() -> None:
    without = changed(tasks=GOLD["tasks"][:1])
    assert score(GOLD, without)["tasks"].f1 == 1.0
    assert score(GOLD, copy.deepcopy(GOLD))["tasks"].right == 1


def test_optional_agencies_may_have_any_role() -> None:
    named = [{"name": "县教育局", "role": "lead"}, {"name": "县财政局", "role": "lead"}]
    task = {**GOLD["tasks"][0], "agencies": named}
    assert score(GOLD, changed(tasks=[task]))["agencies"].f1 == 1.0
    task["agencies"] = [{"name": "县教育局", "role": "responsible"}]
    made = score(GOLD, changed(tasks=[task]))["agencies"]
    assert (made.right, made.missed, made.extra) == (0, 1, 1)


def test_agencies_of_an_extra_task_are_extra() -> None:
    extra = {"number": "1", "heading": "修路", "source": "body", "agencies": [{"name": "县交通局", "role": "lead"}]}
    made = score(GOLD, changed(tasks=[*GOLD["tasks"], extra]))
    assert (made["tasks"].extra, made["agencies"].extra) == (1, 1)


def test_a_milestone_of_another_date_is_another_milestone() -> None:
    step = {**GOLD["milestones"][0], "deadline": None}
    made = score(GOLD, changed(milestones=[step]))["milestones"]
    assert (made.right, made.missed, made.extra) == (0, 1, 1)


def test_a_weight_must_be_right() -> None:
    row = {**GOLD["indicators"][0], "weight": 3}
    assert score(GOLD, changed(indicators=[row]))["indicators"].f1 == 0.0


def test_totals_add_up() -> None:
    both = total([score(GOLD, copy.deepcopy(GOLD)), score(GOLD, {"source": "a.txt"})])
    assert (both["targets"].right, both["targets"].missed) == (1, 1)
    assert both["targets"].f1 == 2 / 3
