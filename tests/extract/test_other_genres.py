"""What plans of other genres taught: each rule with a counter-example of the plan that would break it."""

from __future__ import annotations

import pytest
from extract_helpers import extracted
from test_targets import HEAD, amounts, targets

RULES = "云溪县职业教育考核实施细则"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        # what the work turns to is known and counted; what it builds is not
        ("围绕8条产业链和5个产业集群，建设实训基地3个。", [3]),
        ("建设实训基地8个，围绕产业链开设专业6个。", [8, 6]),
        # the level that a change starts from, whatever stands between
        ("返还比例由上年度实际缴费的50%提高到60%。", [60]),
        ("双师型教师占比从60%的基础上提高。", [60]),
        # kinds and passes are counted, not reached
        ("职业教育与普通教育是两种不同教育类型。", []),
        ("把好入口、出口两个关口。", []),
        ("新增教学模式2种。", [2]),
        # half as a share, where it is one
        ("实践课时占总课时一半以上。", [50]),
        ("把负担减去一半多。", []),
        # an order of magnitude is reached or describes
        ("产业规模达到800亿级。", [80_000_000_000]),
        ("建设千亿级园区2个。", [2]),
        ("推动E级(百亿亿次级)样机运行。", []),
        # points of a scheme, even capped
        ("每少1次扣0.5分，最多扣3分。", []),
        ("服务对象测评得分达到90分以上。", [90]),
    ],
)
def test_values(text: str, values: list[float]) -> None:
    assert [t.value for t in targets(text)] == values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("论文、专著40篇（部）。", [("论文、专著", "=", 40.0, "篇(部)", None, "goal")]),
        ("贷款利率下降30个基点。", [("贷款利率下降", "=", 30.0, "个基点", None, "norm")]),
        ("机架规模年均增速保持在20%左右。", [("机架规模年均增速", "~", 20.0, "%", None, "goal")]),
        (
            "90%的乡镇和70%的村建有活动室。",
            [("乡镇", "=", 90.0, "%", None, "goal"), ("村建有活动室", "=", 70.0, "%", None, "goal")],
        ),
    ],
)
def test_amounts(text: str, expected: list[tuple[str, str, float, str, str | None, str]]) -> None:
    assert amounts(text) == expected


def test_a_sum_over_the_years_ends_the_reach_of_every_year() -> None:
    assert [t.per for t in targets("每年实施技改项目100个，累计培育示范企业20家，供应商5家。")] == ["每年", None, None]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2025年初步建成示范基地3个。", "2025-12-31"),
        ("2025年5月初建成示范基地3个。", "2025-05-10"),
        ("返还标准按上年末参保人数的3个月确定。", None),
    ],
)
def test_deadline(text: str, end: str | None) -> None:
    deadline = targets(text)[0].deadline
    assert (deadline.end if deadline else None) == end


def test_who_is_supported_is_no_deadline() -> None:
    found = extracted(HEAD + "重点支持10月底前能够投产的企业，对其设备投资给予20%的补助。")[1]
    assert [t.deadline for t in found.targets] == [None]
    assert found.milestones == ()


def test_a_label_of_goals_carries_its_deadline_through_the_paragraph() -> None:
    body = HEAD + "\n具体指标：到2026年，建设高水平学校5所。建设基地3个。\n推动建设中心2个。"
    assert [t.deadline.end if t.deadline else None for t in extracted(body)[1].targets] == [
        "2026-12-31", "2026-12-31", None,
    ]  # fmt: skip


def test_the_background_of_a_plan_promises_nothing() -> None:
    body = "一、实施背景\n2017年，上级发布指导意见。选培试点学校20余所。\n二、重点任务\n（一）建设任务。建设基地3个。"
    found = extracted(body)[1]
    assert [t.value for t in found.targets] == [3]
    assert found.milestones == ()


def test_whole_year_results_are_past_in_a_report_alone() -> None:
    assert [t.value for t in targets("全年实现科研收入超过500万元。")] == [5_000_000]
    told = extracted("一、2022年工作回顾\n全年实现税收500万元。", title="云溪县政府工作报告")[1]
    assert told.targets == ()


def test_a_scheme_in_headings() -> None:
    body = (
        "第一章 办学条件\n第一条 校舍面积（8分）。达到标准得满分。\n第二条 实训设备（12分）。达到标准得满分。\n"
        "第二章 师资队伍\n第三条 双师比例（10分）。达到标准得满分。"
    )
    found = extracted(body, title=RULES)[1]
    assert [(row.path, row.weight, row.table) for row in found.indicators] == [
        (("办学条件", "校舍面积"), 8.0, -1),
        (("办学条件", "实训设备"), 12.0, -1),
        (("师资队伍", "双师比例"), 10.0, -1),
    ]
    two = extracted("第一条 校舍面积（8分）。达标。\n第二条 实训设备（12分）。达标。", title=RULES)[1]
    assert two.indicators == ()


def agencies(body: str) -> list[list[tuple[str, str]]]:
    return [[(a.name, a.role) for a in t.agencies] for t in extracted("一、重点任务\n" + body)[1].tasks]


def test_a_habit_of_closing_parentheses() -> None:
    body = (
        "（一）编写教材。抓好编写。（教研室、装备中心）\n（二）建设队伍。抓好培训。（教师处、各区市）\n"
        "（三）开展评价。抓好评价。（教研室）"
    )
    assert agencies(body) == [
        [("教研室", "responsible"), ("装备中心", "responsible")],
        [("教师处", "responsible"), ("各区市", "responsible")],
        [("教研室", "responsible")],
    ]
    assert agencies("（一）编写教材。抓好编写。（教研室、装备中心）") == [[]]


def test_a_lead_rule_inside_a_list_without_roles() -> None:
    body = (
        "（一）建设基地。抓好建设。（县教育局、县财政局，列首的为牵头单位，下同）\n"
        "（二）引进人才。抓好引进。（县人社局、县财政局）"
    )
    assert agencies(body) == [
        [("县教育局", "lead"), ("县财政局", "responsible")],
        [("县人社局", "lead"), ("县财政局", "responsible")],
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("运营单位作为管理主体，负责日常维护。", [("运营单位", "responsible")]),
        ("完善学校、行业、企业共同参与的评价机制。", []),
        ("建立县教育局、县人社局共同参与的协调机制。", [("县教育局", "support"), ("县人社局", "support")]),
        ("联合知名猎头机构，物色人才。", []),
        ("联合县人社局开展培训。", [("县人社局", "support")]),
    ],
)
def test_running_text(text: str, found: list[tuple[str, str]]) -> None:
    assert agencies("（一）建设基地。" + text) == [found]


def test_a_list_in_square_brackets_and_the_note_behind_it() -> None:
    body = (
        "（一）建设基地。抓好建设。〔责任单位：县教育局、县财政局，列首位的为牵头单位，下同。以下各项均涉及各乡镇、"
        "产业园区，不再列出〕\n（二）引进人才。抓好引进。〔责任单位：县人社局〕"
    )
    assert agencies(body) == [[("县教育局", "lead"), ("县财政局", "responsible")], [("县人社局", "lead")]]


def test_who_explains_a_plan_is_given_no_work() -> None:
    assert agencies("（一）建设基地。抓好建设。本方案由县教育局会同有关部门负责解释。") == [[]]


def test_two_roles_of_one_sentence() -> None:
    assert agencies("（一）建设基地。由乡镇（街道）负责、卫生院所配合。")[0][0] == ("乡镇(街道)", "responsible")


def test_improving_the_environment_is_work_and_describing_it_is_none() -> None:
    body = "一、发展环境\n形势良好。\n二、优化发展环境，提升服务能力\n（一）搭建平台。搭建平台2个。"
    found = extracted(body)[1]
    assert [t.heading for t in found.tasks] == ["搭建平台"]
    assert [t.value for t in found.targets] == [2]


def test_a_box_stands_beside_the_work_of_its_heading() -> None:
    body = (
        "一、重点任务\n（一）建设基地。抓好建设。\n专栏1 重点工程\n1.实训基地工程。建设基地3个。\n"
        "2.师资工程。培训教师20名。\n（二）引进人才。抓好引进。"
    )
    document, found = extracted(body)
    sections = document.sections
    assert [(t.heading, t.path) for t in found.tasks] == [
        ("建设基地", ("重点任务",)),
        ("实训基地工程", ("重点任务", "建设基地", "重点工程")),
        ("师资工程", ("重点任务", "建设基地", "重点工程")),
        ("引进人才", ("重点任务",)),
    ]
    assert [s.number for s in sections][:5] == ["一、", "(一)", "专栏1", "1.", "2."]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("带动产业规模超万亿元。", [1e12]),
        ("动员千家企业参与。", []),
        ("全县算力规模达到14EFLOPS(每秒百亿亿次运算)。", [14]),
        ("可按照不超过每人每天100元的标准发放误餐补助。", [100]),
    ],
)
def test_orders_of_magnitude(text: str, values: list[float]) -> None:
    assert [t.value for t in targets(text)] == values


def test_a_ceiling_before_the_people_it_is_paid_for() -> None:
    assert [t.op for t in targets("可按照不超过每人每天100元的标准发放误餐补助。")] == ["<="]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("以3个枢纽、5个数据中心为抓手，推进建设。", []),
        ("以建成5所学校为目标，推进建设。", [5]),
        ("成熟度分为五个等级。", []),
        ("加强二次污染防治。", []),
        ("开展二次培训。", [2]),
    ],
)
def test_what_leans_on_a_number_promises_none(text: str, values: list[float]) -> None:
    assert [t.value for t in targets(text)] == values


def test_times_and_numbers_in_rows() -> None:
    found = targets("2024年、2025年产值分别达到20亿元、30亿元。")
    assert [(t.value, t.deadline.end if t.deadline else None) for t in found] == [
        (2e9, "2024-12-31"),
        (3e9, "2025-12-31"),
    ]
    one = targets("2024年产值分别达到20亿元、30亿元。")
    assert [t.deadline.end if t.deadline else None for t in one] == ["2024-12-31", "2024-12-31"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("按实际发生服务费用的50%，给予企业资助。", ["norm"]),
        ("每年遴选不超过3个园区。", ["norm"]),
        ("每年建设不超过3个园区。", ["goal"]),
        ("租赁面积达到500平方米以上的，给予租金补贴。", ["norm"]),
        ("对租赁面积500平方米以上的企业，给予租金补贴。", []),
        ("市财政每年安排500万元用于园区建设。", ["goal"]),
    ],
)
def test_norm_or_goal(text: str, kinds: list[str]) -> None:
    assert [t.kind for t in targets(text)] == kinds


@pytest.mark.parametrize(
    ("text", "per", "indicator"),
    [
        ("单条产线奖励80万元。", "单条产线", "产线奖励"),
        ("给予单个企业年度最高20万元资助。", "单个企业年度", "企业资助"),
    ],
)
def test_per_single_thing(text: str, per: str, indicator: str) -> None:
    assert [(t.per, t.indicator) for t in targets(text)] == [(per, indicator)]


def test_articles_told_in_sentences_are_points_of_their_heading() -> None:
    point = (
        "对新建实训车间、购置实训设备并面向社会开放的企业，经县教育局认定，"
        "按照设备购置额的20%给予一次性补助，资金分两年拨付到位"
    )
    body = f"一、重点任务\n1.支持建设车间\n（1）{point}。\n（2）{point}。\n2.支持引进人才。抓好引进。"
    assert [t.heading for t in extracted(body)[1].tasks] == ["支持建设车间", "支持引进人才"]


def test_a_sentence_with_a_number_is_no_milestone_as_well() -> None:
    found = extracted(HEAD + "到2026年，建成基地5个，形成协同育人格局。到2027年，形成良好生态。")[1]
    assert [m.deadline.end for m in found.milestones if m.deadline] == ["2027-12-31"]
