"""How far a deadline reaches: the four rules one by one, each with what it must not do. Then strength and grouping."""

from __future__ import annotations

import pytest
from extract_helpers import LEXICONS, extracted, with_table

from pipeline.extract import extract
from pipeline.extract.grouping import group, same_commitment
from pipeline.model import Deadline, Evidence, Target

TASK = "一、重点任务\n（一）建设基地。"
END = "\n九、附则\n本方案自印发之日起施行。"
Dates = tuple[str | None, str | None] | None


def dates(body: str) -> list[Dates]:
    """Start and end of the deadline of each target."""
    found = extracted(body + END)[1]
    return [None if t.deadline is None else (t.deadline.start, t.deadline.end) for t in found.targets]


BY_2025: Dates = (None, "2025-12-31")


# --- 1. at the head of a sentence, for every clause of it -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("到2025年，建成基地3个，培养技师100人。", [BY_2025, BY_2025]),
        ("到2025年建成基地3个；培养技师100人。", [BY_2025, BY_2025]),
        ("力争到2025年，建成基地3个。", [BY_2025]),
        ("2024年，建成基地3个。", [("2024-01-01", "2024-12-31")]),
        ("2024年建成基地3个，2025年建成基地5个。", [("2024-01-01", "2024-12-31"), ("2025-01-01", "2025-12-31")]),
        ("到2025年，每年培养技师100人。", [BY_2025]),
        ("5月底前，建成基地3个。", [(None, "2023-05-31")]),
        ("用1年左右时间，建成基地3个。", [(None, "2024-09-13")]),
        # not beyond the sentence, nor backwards
        ("到2025年，建成基地3个。培养技师100人。", [BY_2025, None]),
        ("建成基地3个，到2025年，培养技师100人。", [None, BY_2025]),
        # no deadline
        ("建成基地3个。", [None]),
        ("比2020年新增基地3个。", [None]),
        ("每年培养技师100人。", [None]),
        ("按照《云溪县行动计划（2021—2025年）》，建成基地3个。", [None]),
        ("落实“十四五”规划纲要，建成基地3个。", [None]),
        ("每年12月20日前，报送案例3个。", [None]),
    ],
)
def test_rule_1(text: str, found: list[Dates]) -> None:
    assert dates(TASK + text) == found


# --- 2. behind the number -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("建成基地3个（2025年底前）。", [BY_2025]),
        ("建成基地3个并于2025年底前投用。", [BY_2025]),
        ("建成基地3个，培养技师100人。完成时限：2025年底前", [BY_2025, BY_2025]),
        ("建成基地3个（2020年立项）。", [None]),
        ("建成基地3个。2025年底前总结。", [None]),
    ],
)
def test_rule_2(text: str, found: list[Dates]) -> None:
    assert dates(TASK + text) == found


# --- 3. in a section of goals it holds on ---------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["主要目标", "发展目标", "具体目标", "工作目标"])
def test_rule_3(heading: str) -> None:
    body = (
        f"一、{heading}\n到2025年，建成基地3个。培养技师100人。\n——引进企业5家。\n到2030年，建成基地9个。\n新增学校2所。\n"
        "二、重点任务\n（一）建设校舍。改造校舍6间。"
    )
    assert dates(body) == [BY_2025, BY_2025, BY_2025, (None, "2030-12-31"), (None, "2030-12-31"), None]


def test_rule_3_says_that_the_deadline_is_inherited() -> None:
    found = extracted("一、主要目标\n到2025年，建成基地3个。\n培养技师100人。" + END)[1]
    assert [t.deadline is not None and t.deadline.inherited for t in found.targets] == [False, True]
    assert found.milestones == ()


def test_rule_3_does_not_hold_outside_goals() -> None:
    assert dates(TASK + "到2025年，建成基地3个。\n培养技师100人。") == [BY_2025, None]


# --- 4. in a table the date of the row ------------------------------------------------------------------------------


def test_rule_4() -> None:
    table = [
        ["序号", "重点任务", "工作措施", "完成时限"],
        ["1", "建设基地2个", "改造校舍6间", "2024年6月底"],
        ["2", "培养教师20名", "组织培训3期（2025年底前）", "2024年8月底"],
        ["3", "引进企业5家", "签约3家", "持续推进"],
    ]
    found = extract(with_table("任务分解表", table), LEXICONS)
    assert [(t.value, t.deadline and t.deadline.end) for t in found.targets] == [
        (2, "2024-06-30"),
        (6, "2024-06-30"),
        (20, "2024-08-31"),
        (3, "2025-12-31"),
        (5, None),
        (3, None),
    ]


def test_a_deadline_knows_where_it_stands() -> None:
    document, found = extracted(TASK + "到 2025 年，建成基地3个。")
    deadline = found.targets[0].deadline
    assert deadline is not None
    assert deadline.start_at is not None
    assert document.text[deadline.start_at : deadline.end_at] == "到 2025 年"
    assert (deadline.raw, deadline.approx) == ("到2025年", False)


# --- strength -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "strengths"),
    [
        ("建成基地3个。", ["must"]),
        ("必须建成基地3个。", ["must"]),
        ("确保建成基地3个。", ["must"]),
        ("力争建成基地3个。", ["aim"]),
        ("争取建成基地3个。", ["aim"]),
        ("鼓励企业建设基地3个。", ["encourage"]),
        ("支持企业建设基地3个。", ["encourage"]),
        ("探索建设基地3个。", ["encourage"]),
        # the nearest word before the number decides, and only within the sentence
        ("鼓励企业参与，确保建成基地3个。", ["must"]),
        ("力争建成基地3个，确保培养技师100人。", ["aim", "must"]),
        ("鼓励企业参与。建成基地3个。", ["must"]),
        ("建成基地3个，鼓励企业参与。", ["must"]),
    ],
)
def test_strength(text: str, strengths: list[str]) -> None:
    assert [t.strength for t in extracted(TASK + text + END)[1].targets] == strengths


# --- grouping -------------------------------------------------------------------------------------------------------


def a_target(
    at: int, name: str = "省级实训基地", value: float = 3, end: str | None = "2025-12-31", **more: object
) -> Target:
    fields: dict[str, object] = {"op": "=", "value_max": None, "unit": "个", "per": None, "kind": "goal", "task": None}
    fields |= more
    deadline = None if end is None else Deadline("到2025年", None, end)
    evidence = Evidence(at, at + 10, "target-noun-number", 0.95)
    return Target(name, value=value, deadline=deadline, evidence=evidence, number_start=at, number_end=at + 2, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (a_target(0), a_target(100)),
        (a_target(0), a_target(100, end=None)),
        (a_target(0, end=None), a_target(100)),
        (a_target(0, "中小学生职业体验示范基地"), a_target(100, "示范中小学生职业体验基地")),
        (a_target(0, task=1), a_target(100, task=4)),
    ],
)
def test_one_commitment_said_twice(first: Target, second: Target) -> None:
    assert same_commitment(first, second)
    assert [t.group for t in group((first, second))] == [1, 1]


@pytest.mark.parametrize(
    "second",
    [
        a_target(100, value=4),
        a_target(100, value_max=5.0),
        a_target(100, unit="家"),
        a_target(100, op="<="),
        a_target(100, per="每年"),
        a_target(100, kind="norm"),
        a_target(100, end="2030-12-31"),
        a_target(100, "省级产业学院"),
        a_target(100, "实训基地"),
        a_target(100, ""),
        a_target(0),
    ],
)
def test_other_commitments(second: Target) -> None:
    assert not same_commitment(a_target(0), second)
    assert [t.group for t in group((a_target(0), second))] == [1, 2]


def test_a_date_learned_later_parts_what_comes_after() -> None:
    said = (a_target(0, end=None), a_target(100), a_target(200, end="2030-12-31"))
    assert [t.group for t in group(said)] == [1, 1, 2]


def test_body_and_annex_of_one_plan() -> None:
    body = (
        "到2025年，建成省级实训基地3个，培养技师100人。",
        "附件：任务分解表",
        [
            ["序号", "重点任务", "完成时限"],
            ["1", "建成省级实训基地3个", "2025年底"],
            ["2", "培养技师200人", "2025年底"],
        ],
    )
    found = extract(with_table("一、主要目标", *body), LEXICONS)
    assert [(t.value, t.group) for t in found.targets] == [(3, 1), (100, 2), (3, 1), (200, 3)]
