"""Tasks, milestones, schemes and the tables that hold them, on small invented plans."""

from __future__ import annotations

import pytest
from extract_helpers import LEXICONS, extracted, with_table

from pipeline.extract import extract
from pipeline.model import Document, Extraction

END = "\n五、附则\n本方案自印发之日起施行。"


def tasks(body: str) -> list[tuple[str, str, tuple[str, ...], bool]]:
    return [(t.number, t.heading, t.path, t.optional) for t in extracted(body + END)[1].tasks]


Step = tuple[str, str | None, tuple[str | None, str | None] | None, bool]


def steps(document: Document, found: Extraction) -> list[Step]:
    """Quote, task, dates and whether optional, of each milestone."""
    return [
        (
            document.text[m.evidence.start : m.evidence.end],
            None if m.task is None else found.tasks[m.task].heading,
            None if m.deadline is None else (m.deadline.start, m.deadline.end),
            m.optional,
        )
        for m in found.milestones
    ]


def milestones(body: str) -> list[Step]:
    return steps(*extracted(body + END))


# --- tasks -------------------------------------------------------------------------------------------------------


def test_the_lowest_numbered_headings_are_tasks() -> None:
    body = "一、重点任务\n（一）建设基地。\n1.改造校舍。更新设备。\n2.购置设备。\n（二）培养教师。选派骨干。"
    assert tasks(body) == [
        ("1.", "改造校舍", ("重点任务", "建设基地"), False),
        ("2.", "购置设备", ("重点任务", "建设基地"), False),
        ("(二)", "培养教师", ("重点任务",), False),
    ]


def test_a_heading_that_groups_others_is_a_task_only_with_agencies() -> None:
    body = "一、重点任务\n（一）建设基地（责任单位：县教育局）\n1.改造校舍。更新设备。\n2.购置设备。"
    assert [t[1] for t in tasks(body)] == ["建设基地", "改造校舍", "购置设备"]


@pytest.mark.parametrize("heading", ["指导思想", "总体要求", "基本原则", "主要目标", "发展目标", "工作目标"])
def test_goals_and_principles_are_no_tasks(heading: str) -> None:
    assert tasks(f"一、{heading}\n（一）改革先行。大胆探索。\n二、重点任务\n（一）建设基地。加快推进。") == [
        ("(一)", "建设基地", ("重点任务",), False)
    ]


@pytest.mark.parametrize("heading", ["组织实施", "组织保障", "保障措施"])
def test_safeguards_are_optional(heading: str) -> None:
    assert tasks(f"一、重点任务\n（一）建设基地。加快推进。\n二、{heading}\n（一）加强领导。成立专班。") == [
        ("(一)", "建设基地", ("重点任务",), False),
        ("(一)", "加强领导", (heading,), True),
    ]


def test_list_points_belong_to_their_task() -> None:
    body = "一、重点任务\n（一）培养教师。选派骨干。\n①选拔教师。\n②组织培训。\n——完善考核。"
    document, found = extracted(body + END)
    assert [t.heading for t in found.tasks] == ["培养教师"]
    task = found.tasks[0]
    assert document.text[task.body_start : task.body_end] == body.split("\n", 1)[1]


def test_stages_are_no_tasks() -> None:
    body = "一、重点任务\n（一）分步推进。\n第一阶段，打好基础。开展调研。\n第二阶段，全面推进。加大投入。"
    assert tasks(body) == []


@pytest.mark.parametrize("heading", ["实施步骤", "进度安排", "时间安排"])
def test_the_steps_of_a_schedule_are_milestones_and_no_tasks(heading: str) -> None:
    body = f"一、{heading}\n（一）启动阶段（2023年9月）。制定方案。\n（二）总结阶段（2024年1月至3月）。组织验收。"
    assert tasks(body) == []
    assert milestones(body) == [
        ("启动阶段（2023年9月）。制定方案", None, ("2023-09-01", "2023-09-30"), False),
        ("总结阶段（2024年1月至3月）。组织验收", None, ("2024-01-01", "2024-03-31"), False),
    ]


def test_a_heading_that_names_tasks_and_schedule_holds_tasks() -> None:
    assert [t[1] for t in tasks("一、重点任务及进度安排\n（一）建设基地。加快推进。")] == ["建设基地"]


# --- milestones --------------------------------------------------------------------------------------------------

TASK = "一、重点任务\n（一）建设基地。"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5月底前完成方案编制。", [("完成方案编制", (None, "2023-05-31"))]),
        ("2024年6月底前完成方案编制。", [("完成方案编制", (None, "2024-06-30"))]),
        ("到2025年，形成发展新格局。", [("形成发展新格局", (None, "2025-12-31"))]),
        ("2024年，启动园区建设，完善机制。", [("启动园区建设，完善机制", ("2024-01-01", "2024-12-31"))]),
        # a clause that is a target is none again
        ("到2025年，建成基地3个。", []),
        # no date, or none that is due
        ("加快推进，完善机制。", []),
        ("与2020年相比，明显改善。", []),
        ("《云溪县行动计划（2022—2025年）》印发实施。", []),
        ("每年12月20日前报送总结。", []),
    ],
)
def test_dated_sentences(text: str, found: list[tuple[str, tuple[str | None, str | None]]]) -> None:
    assert milestones(TASK + text) == [(quote, "建设基地", dates, False) for quote, dates in found]


def test_items_of_a_schedule() -> None:
    body = TASK + "加快推进。\n进度安排：\n第二季度：开工建设\n第四季度：竣工验收\n10月底前完成总结\n组织回头看"
    assert milestones(body) == [
        ("开工建设", "建设基地", ("2023-04-01", "2023-06-30"), False),
        ("竣工验收", "建设基地", ("2023-10-01", "2023-12-31"), False),
        ("10月底前完成总结", "建设基地", (None, "2023-10-31"), False),
        ("组织回头看", "建设基地", None, True),
    ]


def test_in_a_schedule_a_step_with_a_target_is_both() -> None:
    document, found = extracted(TASK + "加快推进。\n进度安排：\n第二季度：建成基地2个" + END)
    assert steps(document, found) == [("建成基地2个", "建设基地", ("2023-04-01", "2023-06-30"), False)]
    assert [(t.indicator, t.value) for t in found.targets] == [("基地", 2)]


def test_the_signature_is_no_step() -> None:
    document, found = extracted(TASK + "加快推进。\n进度安排：\n第二季度：动工兴建。\n第三季度：竣工验收。")
    assert [s[0] for s in steps(document, found)] == ["动工兴建", "竣工验收"]


# --- tables ------------------------------------------------------------------------------------------------------

TASK_TABLE = [
    ["序号", "目标任务", "季度", "形象进度", "责任人员"],
    ["1", "建设实训基地2个", "1季度", "开工建设（3月）", "张三"],
    ["^", "^", "2季度", "竣工验收", "^"],
    ["2", "培养骨干教师20名", "3季度", "6月：组织选拔\n9月：集中培训", "李四 13800000000"],
]


def test_task_rows_with_dated_steps() -> None:
    document = with_table("云溪县任务分解表", TASK_TABLE)
    found = extract(document, LEXICONS)
    assert [(t.number, t.heading, t.path, t.source) for t in found.tasks] == [
        ("1", "建设实训基地2个", ("云溪县任务分解表",), "table"),
        ("2", "培养骨干教师20名", ("云溪县任务分解表",), "table"),
    ]
    assert steps(document, found) == [
        ("开工建设", "建设实训基地2个", ("2023-03-01", "2023-03-31"), False),
        ("竣工验收", "建设实训基地2个", ("2023-04-01", "2023-06-30"), False),
        ("组织选拔", "培养骨干教师20名", ("2023-06-01", "2023-06-30"), False),
        ("集中培训", "培养骨干教师20名", ("2023-09-01", "2023-09-30"), False),
    ]


def test_the_caption_gives_the_year_of_a_table() -> None:
    document = with_table("云溪县2021年任务分解表", TASK_TABLE)
    assert steps(document, extract(document, LEXICONS))[1][2] == ("2021-04-01", "2021-06-30")


def test_the_date_of_a_row_holds_for_its_numbers() -> None:
    document = with_table(
        "云溪县任务分解表",
        [
            ["序号", "重点任务", "完成时限", "责任单位"],
            ["1", "建设实训基地2个", "2024年6月底", "县教育局"],
            ["2", "培养骨干教师20名", "", "县人社局"],
        ],
    )
    dates = [t.deadline and (t.deadline.start, t.deadline.end) for t in extract(document, LEXICONS).targets]
    assert dates == [(None, "2024-06-30"), None]


def test_a_table_of_times_and_steps_is_a_schedule() -> None:
    document = with_table("工作进度表", [["时间", "工作内容"], ["2023年10月", "启动实施"], ["12月底前", "完成总结"]])
    found = extract(document, LEXICONS)
    assert found.tasks == ()
    assert steps(document, found) == [
        ("启动实施", None, ("2023-10-01", "2023-10-31"), False),
        ("完成总结", None, (None, "2023-12-31"), False),
    ]


def test_a_table_of_other_things_is_neither() -> None:
    document = with_table("校舍一览", [["学校", "地址"], ["一中", "东街12号"], ["二中", "西街3号"]])
    found = extract(document, LEXICONS)
    assert (found.tasks, found.milestones, found.targets, found.indicators) == ((), (), (), ())


def test_scheme_rows_are_filled_down() -> None:
    document = with_table(
        "评价指标体系",
        [
            ["一级指标", "二级指标", "三级指标", "权重"],
            ["组织保障（20%）", "领导机构（10%）", "工作专班", "5%"],
            ["^", "^", "联席会议次数（次）", "5"],
            ["师资队伍", "教师结构", "双师型教师比例（%）", "7.5分"],
        ],
    )
    found = extract(document, LEXICONS)
    assert [(r.path, r.unit, r.weight) for r in found.indicators] == [
        (("组织保障", "领导机构", "工作专班"), None, 5),
        (("组织保障", "领导机构", "联席会议次数"), "次", 5),
        (("师资队伍", "教师结构", "双师型教师比例"), "%", 7.5),
    ]
    assert (found.targets, found.tasks) == ((), ())
    assert [document.text[r.evidence.start : r.evidence.end] for r in found.indicators] == [
        "工作专班",
        "联席会议次数（次）",
        "双师型教师比例（%）",
    ]


def test_a_scheme_without_weights_has_none() -> None:
    document = with_table("评价指标体系", [["一级指标", "二级指标"], ["师资队伍", "生师比"], ["^", "教师学历"]])
    assert [(r.path, r.weight) for r in extract(document, LEXICONS).indicators] == [
        (("师资队伍", "生师比"), None),
        (("师资队伍", "教师学历"), None),
    ]


def test_a_title_and_what_a_year_is_are_no_steps() -> None:
    body = "2024年是规划的开局之年，做好各项工作至关重要。\n一、重点任务\n（一）建设基地。2024年底前完成验收。"
    document, found = extracted(body, title="2024—2026年云岭县校企合作实施方案")
    assert [document.text[m.evidence.start : m.evidence.end] for m in found.milestones] == ["完成验收"]
