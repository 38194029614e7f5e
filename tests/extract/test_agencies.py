"""Agencies and their roles: explicit lists, the lead rule, running text, and who is no responsible body."""

from __future__ import annotations

import pytest
from extract_helpers import LEXICONS, extracted, frame, with_table

from pipeline.extract import extract
from pipeline.extract.agencies import AgencyReader

HEAD = "一、重点任务\n"
LEAD, RESPONSIBLE, SUPPORT = "lead", "responsible", "support"


def agencies(body: str) -> list[list[tuple[str, str]]]:
    """Name and role of the agencies of each task."""
    return [[(a.name, a.role) for a in task.agencies] for task in extracted(HEAD + body)[1].tasks]


@pytest.mark.parametrize(
    ("parenthesis", "found"),
    [
        ("责任单位：县教育局", [("县教育局", RESPONSIBLE)]),
        ("责任部门：县教育局、县人社局", [("县教育局", RESPONSIBLE), ("县人社局", RESPONSIBLE)]),
        ("负责单位：县教育局", [("县教育局", RESPONSIBLE)]),
        ("牵头单位：县教育局", [("县教育局", LEAD)]),
        ("牵头部门：县教育局", [("县教育局", LEAD)]),
        ("配合单位：县教育局", [("县教育局", SUPPORT)]),
        ("参与单位：县教育局", [("县教育局", SUPPORT)]),
        ("牵头单位：县教育局；责任单位：县人社局", [("县教育局", LEAD), ("县人社局", RESPONSIBLE)]),
        (
            "牵头单位：县教育局，配合单位：县人社局、县财政局",
            [("县教育局", LEAD), ("县人社局", SUPPORT), ("县财政局", SUPPORT)],
        ),
        ("县教育局牵头，县人社局配合", [("县教育局", LEAD), ("县人社局", SUPPORT)]),
        ("县教育局牵头，县人社局参与", [("县教育局", LEAD), ("县人社局", SUPPORT)]),
        ("县教育局牵头，县人社局按职责分工负责", [("县教育局", LEAD), ("县人社局", RESPONSIBLE)]),
        ("县委宣传部、县教育局牵头，有关部门配合", [("县委宣传部", LEAD), ("县教育局", LEAD), ("有关部门", SUPPORT)]),
        ("县教育局负责", [("县教育局", RESPONSIBLE)]),
        ("由县教育局牵头负责", [("县教育局", LEAD)]),
        ("县教育局、县财政局按职责分工负责", [("县教育局", RESPONSIBLE), ("县财政局", RESPONSIBLE)]),
        # collective names and names with 和 in them
        ("责任单位：各区、县〔市〕政府，市教育局", [("各区、县〔市〕政府", RESPONSIBLE), ("市教育局", RESPONSIBLE)]),
        ("责任单位：各县（市、区）人民政府", [("各县(市、区)人民政府", RESPONSIBLE)]),
        ("责任单位：各乡镇人民政府、街道办事处", [("各乡镇人民政府", RESPONSIBLE), ("街道办事处", RESPONSIBLE)]),
        ("责任单位：县自然资源和规划局", [("县自然资源和规划局", RESPONSIBLE)]),
        ("责任单位：县住房和城乡建设局", [("县住房和城乡建设局", RESPONSIBLE)]),
        ("责任单位：县教育局和县人社局", [("县教育局", RESPONSIBLE), ("县人社局", RESPONSIBLE)]),
        (
            "责任单位：县委组织部、团县委、县妇联",
            [("县委组织部", RESPONSIBLE), ("团县委", RESPONSIBLE), ("县妇联", RESPONSIBLE)],
        ),
        ("责任单位：教务处、学生处", [("教务处", RESPONSIBLE), ("学生处", RESPONSIBLE)]),
        # blanks part bodies, but not a name broken over them
        (
            "责任单位：县教育局 县人社局 县财政局",
            [("县教育局", RESPONSIBLE), ("县人社局", RESPONSIBLE), ("县财政局", RESPONSIBLE)],
        ),
        ("责任单位：县教 育局、县人社局", [("县教育局", RESPONSIBLE), ("县人社局", RESPONSIBLE)]),
        # notes are no agencies
        ("责任单位：县教育局等相关单位", [("县教育局", RESPONSIBLE)]),
        ("责任单位：县教育局；完成时限：2025年12月", [("县教育局", RESPONSIBLE)]),
        ("责任单位：县教育局，均涉及各乡镇", [("县教育局", RESPONSIBLE)]),
        ("责任单位：县教育局；责任人：李四", [("县教育局", RESPONSIBLE)]),
        ("责任领导：张三；责任单位：县教育局", [("县教育局", RESPONSIBLE)]),
        ("责任单位：县教育局，下同", [("县教育局", RESPONSIBLE)]),
        # bodies alone in the closing parenthesis
        ("县教育局、县人社局", [("县教育局", RESPONSIBLE), ("县人社局", RESPONSIBLE)]),
        # no agencies
        ("试行", []),
        ("含民办学校", []),
        ("以合同为准", []),
    ],
)
def test_parenthesis(parenthesis: str, found: list[tuple[str, str]]) -> None:
    assert agencies(f"（一）建设基地。加快推进。（{parenthesis}）") == [found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("由县教育局牵头，制定办法。", [("县教育局", LEAD)]),
        ("由县教育局、县人社局共同牵头，制定办法。", [("县教育局", LEAD), ("县人社局", LEAD)]),
        ("教育局牵头，与人社、工信等研究讨论。", [("教育局", LEAD), ("人社", SUPPORT), ("工信", SUPPORT)]),
        ("以县职教中心为牵头单位，组建联盟。", [("县职教中心", LEAD)]),
        ("由县教育局负责实施。", [("县教育局", RESPONSIBLE)]),
        ("由行业协会具体承担评价工作。", [("行业协会", RESPONSIBLE)]),
        (
            "由县教育局会同县人社局、县财政局制定办法。",
            [("县教育局", RESPONSIBLE), ("县人社局", SUPPORT), ("县财政局", SUPPORT)],
        ),
        ("由校企办牵头，教导处、招生办配合。", [("校企办", LEAD), ("教导处", SUPPORT), ("招生办", SUPPORT)]),
        (
            "商会、科研院所、职业中专等多方参与。",
            [("商会", SUPPORT), ("科研院所", SUPPORT), ("职业中专", SUPPORT)],
        ),
        # encouraged, attending, signing, or merely named
        ("支持科研机构牵头申请项目。", []),
        ("鼓励企业、学校、行业组织参与建设。", []),
        ("引导社会力量参与。", []),
        ("吸引企业、学校、协会配合。", []),
        ("县教育局召开会议，各学校参加会议。", []),
        ("县教育局与县人社局签订协议。", []),
        ("成立由县长任组长的领导小组。", []),
        ("明确牵头单位，落实负责人。", []),
        ("提高学生参与率。", []),
    ],
)
def test_running_text(text: str, found: list[tuple[str, str]]) -> None:
    assert agencies("（一）建设基地。" + text) == [found]


def test_a_parenthesis_that_closes_the_heading() -> None:
    assert agencies("（一）建设基地（责任单位：县教育局）\n加快推进。") == [[("县教育局", RESPONSIBLE)]]


def test_labelled_paragraphs() -> None:
    assert agencies("（一）建设基地。\n牵头单位：县教育局\n配合单位：县人社局、县财政局") == [
        [("县教育局", LEAD), ("县人社局", SUPPORT), ("县财政局", SUPPORT)]
    ]


@pytest.mark.parametrize(
    "rule", ["排在第一位的为牵头单位，下同", "列第一位的为牵头单位", "排首位的单位为牵头单位，下同"]
)
def test_the_lead_rule_holds_for_its_own_list_and_every_later_one(rule: str) -> None:
    body = (
        "（一）建设基地。（责任单位：县财政局、县教育局）\n"
        f"（二）培养教师。（责任单位：县教育局、县人社局，{rule}）\n"
        "（三）引进企业。（责任单位：县工信局、县教育局）\n"
        "（四）加强管理。（牵头单位：县教育局；责任单位：县工信局）"
    )
    assert agencies(body) == [
        [("县财政局", RESPONSIBLE), ("县教育局", RESPONSIBLE)],
        [("县教育局", LEAD), ("县人社局", RESPONSIBLE)],
        [("县工信局", LEAD), ("县教育局", RESPONSIBLE)],
        [("县教育局", LEAD), ("县工信局", RESPONSIBLE)],
    ]


def test_the_lead_rule_of_one_document_is_not_that_of_the_next() -> None:
    agencies("（一）建设基地。（责任单位：县教育局、县人社局，排在第一位的为牵头单位，下同）")
    assert agencies("（一）培训工人。（责任单位：县教育局、县人社局）") == [
        [("县教育局", RESPONSIBLE), ("县人社局", RESPONSIBLE)]
    ]


def test_two_roles_give_the_stronger_once() -> None:
    assert agencies("（一）建设基地。由县教育局牵头推进。（责任单位：县财政局、县教育局）") == [
        [("县教育局", LEAD), ("县财政局", RESPONSIBLE)]
    ]


def test_roles_of_table_columns() -> None:
    document = with_table(
        "附件：重点任务分解表",
        [
            ["序号", "重点任务", "牵头单位", "责任单位", "配合单位"],
            ["1", "建设实训基地", "县教育局", "县人社局\n县财政局", "县工信局、各乡镇人民政府"],
        ],
    )
    (task,) = extract(document, LEXICONS).tasks
    assert [(a.name, a.role) for a in task.agencies] == [
        ("县教育局", LEAD),
        ("县人社局", RESPONSIBLE),
        ("县财政局", RESPONSIBLE),
        ("县工信局", SUPPORT),
        ("各乡镇人民政府", SUPPORT),
    ]
    assert all(document.text[a.evidence.start : a.evidence.end] == a.name for a in task.agencies)


def test_evidence_leads_back_to_the_name() -> None:
    document, found = extracted(HEAD + "（一）建设基地。加快推进。（责任单位：县 教育局、县人社局）")
    spans = [document.text[a.evidence.start : a.evidence.end] for a in found.tasks[0].agencies]
    assert spans == ["县 教育局", "县人社局"]


@pytest.mark.parametrize(
    ("name", "same"),
    [("县教育局", "教育局"), ("云溪县教育局", "教育局"), ("县发展改革局", "县发改局")],
)
def test_names_by_level_are_one_department(name: str, same: str) -> None:
    reader = AgencyReader(LEXICONS)
    found, score = reader.canonical(name)
    assert found is not None
    assert (found, score) == reader.canonical(same)


def test_an_unknown_body_has_no_canonical_name() -> None:
    assert AgencyReader(LEXICONS).canonical("云溪蓝天文化传播股份有限公司筹备处") == (None, 0.0)


def test_explicit_looks_between_the_positions_given() -> None:
    view = frame("（责任单位：县教育局）推进。（责任单位：县人社局）")
    reader = AgencyReader(LEXICONS)
    assert [view.text[m.start : m.end] for m in reader.explicit(view, 12)] == ["县人社局"]
    assert [view.text[m.start : m.end] for m in reader.explicit(view, 0, 12)] == ["县教育局"]
