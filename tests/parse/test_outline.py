"""The outline: ranks of numbering, run-in headings, annexes, and the notice that forwards a plan."""

from __future__ import annotations

import pytest

from pipeline.lexicons import load
from pipeline.model import BlockKind, Document, Section
from pipeline.parse import build
from pipeline.parse.outline import outline
from pipeline.raw import RawBlock, RawDocument

LEXICONS = load()


def outlined(*blocks: str | RawBlock) -> Document:
    raw = tuple(RawBlock(b) if isinstance(b, str) else b for b in blocks)
    return outline(build.build(RawDocument("txt", raw), "x.txt", "0" * 64), LEXICONS)


def shape(document: Document) -> list[tuple[str, str, int | None]]:
    """Number, heading and parent of each section."""
    return [(s.number, s.heading, s.parent) for s in document.sections]


@pytest.mark.parametrize(
    ("line", "number", "heading"),
    [
        ("第一编 总则", "第一编", "总则"),
        ("第三章 产业发展", "第三章", "产业发展"),
        ("第二节 培育主体", "第二节", "培育主体"),
        ("一、总体要求", "一、", "总体要求"),
        ("十二、保障措施", "十二、", "保障措施"),
        ("（一）指导思想", "(一)", "指导思想"),
        ("(十三)师资建设", "(十三)", "师资建设"),
        ("1.规划布局", "1.", "规划布局"),
        ("10、推进改革", "10、", "推进改革"),
        ("２．规划布局", "2.", "规划布局"),
        ("（1）加强宣传", "(1)", "加强宣传"),
        ("①开工建设", "①", "开工建设"),
        ("一是加强统筹", "一是", "加强统筹"),
        ("——创新能力增强", "——", "创新能力增强"),
        ("●突出重点", "●", "突出重点"),
    ],
)
def test_numbers(line: str, number: str, heading: str) -> None:
    document = outlined(line)
    assert shape(document) == [(number, heading, None)]
    assert document.blocks[0].kind is BlockKind.HEADING


@pytest.mark.parametrize(
    "line",
    [
        "3.5亿元用于建设", "2025年启动建设", "1+X证书试点", "12所学校", "一二三产业融合", "统一是基础", "（试行）",
        "（2020年）", "三个坚持", "第一编辑部", "第二节课后服务", "公章管理", "-5.2%", "加强统筹",
    ],
)  # fmt: skip
def test_no_numbers(line: str) -> None:
    document = outlined(line)
    assert document.sections == ()
    assert document.blocks[0].kind is BlockKind.PARAGRAPH


def test_nesting_follows_the_ranks() -> None:
    document = outlined(
        "第一章 总则", "一、要求", "（一）目标", "1.近期", "（1）措施", "①步骤", "（二）原则", "二、任务", "第二章 附则"
    )  # fmt: skip
    assert [(s.number, s.parent) for s in document.sections] == [
        ("第一章", None), ("一、", 0), ("(一)", 1), ("1.", 2), ("(1)", 3), ("①", 4), ("(二)", 1), ("二、", 0),
        ("第二章", None),
    ]  # fmt: skip
    levels = [s.level for s in document.sections[:6]]
    assert levels == sorted(set(levels))


def test_sections_end_where_the_next_of_their_rank_begins() -> None:
    document = outlined("一、任务", "（一）建设", "改造校舍。", "（二）培养", "选派骨干。", "二、保障", "落实经费。")
    texts = [document.text[s.start : s.end] for s in document.sections]
    assert texts == [
        "一、任务\n（一）建设\n改造校舍。\n（二）培养\n选派骨干。\n",
        "（一）建设\n改造校舍。\n",
        "（二）培养\n选派骨干。\n",
        "二、保障\n落实经费。",
    ]


def parts(document: Document, section: Section) -> tuple[str, str]:
    """The heading and the text behind it within its block."""
    block = next(b for b in document.blocks if b.start <= section.start < b.end)
    return (
        document.text[section.heading_start : section.heading_end],
        document.text[section.body_start : block.end],
    )


@pytest.mark.parametrize(
    ("line", "heading", "body", "run_in"),
    [
        ("（一）建设基地。改造校舍，更新设备。", "建设基地", "改造校舍，更新设备。", True),
        ("（一） 建设 基地。改造校舍。", "建设 基地", "改造校舍。", True),
        ("（一）建设基地。", "建设基地", "", False),
        ("（一）建设基地", "建设基地", "", False),
        ("（一）建设基地（责任单位：县教育局）", "建设基地", "（责任单位：县教育局）", False),
        ("（一）建设基地。（责任单位：县教育局）", "建设基地", "（责任单位：县教育局）", False),
        ("（一）建设基地（责任单位：县教育局）改造校舍。", "建设基地", "（责任单位：县教育局）改造校舍。", True),
        ("（一）建设基地（含改造）", "建设基地（含改造）", "", False),
    ],
)
def test_run_in_headings(line: str, heading: str, body: str, run_in: bool) -> None:
    document = outlined(line)
    (section,) = document.sections
    assert (*parts(document, section), section.run_in) == (heading, body, run_in)
    assert (document.blocks[0].kind is BlockKind.HEADING) is not run_in


def test_a_stage_stands_below_whatever_is_open() -> None:
    document = outlined("一、步骤", "第一阶段，启动。", "（一）建设", "第二阶段，推广。", "二、保障")
    assert [(s.number, s.parent) for s in document.sections] == [
        ("一、", None), ("第一阶段", 0), ("(一)", 1), ("第二阶段", 0), ("二、", None),
    ]  # fmt: skip


def test_a_heading_that_the_file_marks() -> None:
    document = outlined(RawBlock("发展基础", kind=BlockKind.HEADING, level=1), "一、现状", "基础较好。")
    assert shape(document) == [("", "发展基础", None), ("一、", "现状", 0)]


def test_cells_and_furniture_carry_no_headings() -> None:
    document = outlined(RawBlock("一、首页", kind=BlockKind.FURNITURE), "一、任务")
    assert shape(document) == [("一、", "任务", None)]


# --- parts -------------------------------------------------------------------------------------------------------

NOTICE = [
    "关于印发《云溪县产教融合实施方案》的通知",
    "各乡镇人民政府：",
    "现将《云溪县产教融合实施方案》印发给你们，请遵照执行。",
]


def test_a_notice_that_forwards_the_plan() -> None:
    document = outlined(*NOTICE, "云溪县产教融合实施方案", "一、任务", "（一）建设")
    assert document.text[document.body_start :].startswith("云溪县产教融合实施方案\n一、")
    assert {s.part for s in document.sections} == {"body"}


def test_headings_of_the_notice_are_told_apart() -> None:
    document = outlined(*NOTICE, "一、抓紧落实", "云溪县产教融合实施方案", "一、任务")
    assert [(s.heading, s.part) for s in document.sections] == [("抓紧落实", "notice"), ("任务", "body")]


def test_without_a_notice_the_body_is_all() -> None:
    assert outlined("云溪县产教融合实施方案", "根据《国家改革方案》，制定本方案。", "一、任务").body_start == 0


def test_annexes() -> None:
    document = outlined("一、任务", "抓好落实。", "附件1", "任务分解表", "1.建设基地", "附件2：名词解释", "一、基地")
    assert [(s.number, s.heading, s.parent, s.part) for s in document.sections] == [
        ("一、", "任务", None, "body"),
        ("附件1", "", None, "annex"),
        ("1.", "建设基地", 1, "annex"),
        ("附件2:", "名词解释", None, "annex"),
        ("一、", "基地", 3, "annex"),
    ]


def test_the_list_of_annexes_opens_none() -> None:
    document = outlined(
        "一、任务", "抓好落实。", "附件：1.任务分解表", "2.评价体系", "云溪县教育局", "附件1", "任务分解表", "一、分解"
    )  # fmt: skip
    annexes = [document.text[s.start : s.heading_end].split("\n")[0] for s in document.sections if s.level == 5]
    assert annexes == ["附件1"]
    assert [s.part for s in document.sections][-1] == "annex"


def test_an_annex_told_by_its_title_alone() -> None:
    document = outlined("一、任务", "抓好落实。", "附件：任务分解一览表", "云溪县教育局", "任务分解一览表", "一、分解")
    assert [(s.heading, s.part) for s in document.sections] == [
        ("任务", "body"), ("任务分解一览表", "annex"), ("分解", "annex"),
    ]  # fmt: skip


# --- order -------------------------------------------------------------------------------------------------------


def test_numbers_out_of_order_are_told_and_kept() -> None:
    document = outlined("一、甲", "二、乙", "四、丁", "三、丙")
    assert [s.number for s in document.sections] == ["一、", "二、", "四、", "三、"]
    assert [(i.code, i.detail, i.severity) for i in document.issues] == [
        ("numbering", "2 → 4", "info"),
        ("numbering", "4 → 3", "info"),
    ]
    issue = document.issues[0]
    assert issue.start is not None
    assert document.text[issue.start : issue.end] == "四、"


def test_numbers_that_begin_anew_are_in_order() -> None:
    assert outlined("一、甲", "1.子", "2.丑", "二、乙", "1.寅", "2.卯", "1.辰").issues == ()


def test_it_changes_neither_text_nor_blocks_but_for_their_kind() -> None:
    lines = ["云溪县方案", "一、任务", "（一）建设。改造校舍。"]
    document = outlined(*lines)
    assert document.text == "\n".join(lines)
    assert [document.text[b.start : b.end] for b in document.blocks] == lines
