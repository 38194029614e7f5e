"""Furniture and page heads of saved pages: navigation goes, values stay as pairs, the plan's own lines are left."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.lexicons import load
from pipeline.model import BlockKind, CellAt
from pipeline.parse import furniture, restructure, txt
from pipeline.raw import RawBlock, RawDocument

CORPUS = Path(__file__).resolve().parents[2] / "../shared/corpus"
shared = pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the real plans in ../shared/corpus")

OPENING = (
    "为深化产教融合，促进教育链与产业链有机衔接，提升人才培养质量，结合我县实际，经县人民政府同意，"
    "现制定本实施方案，请各乡镇、各部门、各学校认真贯彻执行，确保落到实处。"
)


def marked(*texts: str) -> RawDocument:
    return furniture.mark(RawDocument("txt", tuple(RawBlock(text) for text in texts)), load())


def gone(*texts: str) -> list[str]:
    return [b.text for b in marked(*texts).blocks if b.kind is BlockKind.FURNITURE]


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("索引号000077001/2026-7 成文日期2026-01-05", [("索引号", "000077001/2026-7"), ("成文日期", "2026-01-05")]),
        ("发文机关云溪县教育局 发布日期2026-01-06", [("发文机关", "云溪县教育局"), ("发布日期", "2026-01-06")]),
        ("发文字号云政办发〔2026〕4号 主题词", [("发文字号", "云政办发〔2026〕4号")]),
        ("公开日期 2026-01-06 点击数", [("公开日期", "2026-01-06")]),
        ("公开日期2026-01-06点击数", [("公开日期", "2026-01-06")]),
        ("来源云溪县人民政府作者", [("来源", "云溪县人民政府")]),
        ("发文机关云溪县教育局发布日期2026-01-06", [("发文机关", "云溪县教育局"), ("发布日期", "2026-01-06")]),
        (
            "来源：云溪县人民政府发布时间：2026-01-06浏览次数：318",
            [("来源", "云溪县人民政府"), ("发布时间", "2026-01-06"), ("浏览次数", "318")],
        ),
        ("来源 云溪县人民政府 作者", [("来源", "云溪县人民政府")]),
        (" 时间:2026-01-06       大    中    小      来源:云溪日报", [("时间", "2026-01-06"), ("来源", "云溪日报")]),
        ("【法宝引证码】 CLI.12.1", [("法宝引证码", "CLI.12.1")]),
        ("原文链接：https://example.gov.cn/1.html", [("原文链接", "https://example.gov.cn/1.html")]),
        ("标题：云溪县2026年工作报告", [("标题", "云溪县2026年工作报告")]),
        ("时间：2026-03-30????\t\t作者：云溪在线????\t\t阅读：", [("时间", "2026-03-30"), ("作者", "云溪在线")]),
    ],
)
def test_labelled_lines(line: str, pairs: list[tuple[str, str]]) -> None:
    found = marked(line, OPENING)
    assert list(found.metadata) == pairs
    assert found.blocks[0].kind is BlockKind.FURNITURE


@pytest.mark.parametrize(
    "line",
    [
        "今天是",
        "当前位置:首页>云溪县人民政府>政府信息公开",
        "字体大小:【大】 【中】 【小】",
        "保存为word 打印 关闭",
        "【打印本页】【关闭窗口】",
        "网站支持IPv6",
        "中央人民政府 | 云溪县人民政府",
        "扫一扫在手机打开当前页",
        "（责任编辑：某某）",
        "— 2 —",
        "第 3 页 共 10 页",
        "yx-2026-000224 主题分类",
    ],
)
def test_navigation_lines(line: str) -> None:
    assert gone(line, OPENING) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "云溪县教育局",
        "云教字〔2026〕3号",
        "各乡镇人民政府：",
        "来源于企业的教师比例达到60%",
        "来源于企业的教师自2026-01-06起计入",
        "时间安排由各单位自定，发布时间另行通知",
        "时间安排：第一季度",
        "主题：深化产教融合。" * 20,
        "（此件公开发布）",
        "2026年1月5日",
        "首页建设",
        "大中小企业融通发展",
        "附件：任务分解表",
        "云溪县深化产教融合实施方案",
    ],
)
def test_the_plans_own_lines_stay(line: str) -> None:
    assert gone(line, OPENING) == []


def test_labels_after_the_text_began_are_the_plans() -> None:
    assert gone(OPENING, "来源：企业", "发布日期：2026-01-05") == []


def test_value_on_the_next_line_and_summary() -> None:
    report = ["工作报告", "——2026年云溪县人民代表大会", OPENING]
    summary = "工 作 报 告——2026年云溪县人民代表大会......"
    found = marked("来源：官网 阅读：", "661", "", "内容摘要：", summary, *report)
    assert [b.text for b in found.blocks if b.kind is BlockKind.PARAGRAPH] == ["", *report]
    assert ("阅读", "661") in found.metadata


def test_labelled_line_without_a_fit_value_between_others() -> None:
    lines = ["标题：云溪县工作报告", "发文时间：未知", "来源URL：https://example.gov.cn/", "正文："]
    assert gone(*lines, OPENING) == lines


def test_lists_of_other_articles_at_the_end() -> None:
    tail = ["相关文章", "01-05", "云溪县2025年工作报告", "阅读排行", "云溪县统计公报"]
    assert gone(OPENING, OPENING, *tail) == tail
    assert gone(OPENING, OPENING, "相关文章", "这里又是正文。" * 40) == []


def test_page_head_table_becomes_pairs_and_a_task_table_stays() -> None:
    def table(*rows: tuple[str, ...]) -> RawDocument:
        placed = [(text, CellAt(0, r, c)) for r, row in enumerate(rows) for c, text in enumerate(row)]
        cells = [RawBlock(text, BlockKind.CELL, cell=at) for text, at in placed]
        return furniture.mark(RawDocument("docx", (*cells, RawBlock(OPENING))), load())

    rows = ("索引号：", "0001/2026-1", "主题分类：", ""), ("发文机关：", "云溪县教育局", "成文日期：", "2026年1月5日")
    head = table(*rows)
    assert head.metadata == (("索引号", "0001/2026-1"), ("发文机关", "云溪县教育局"), ("成文日期", "2026年1月5日"))
    assert not any(b.cell for b in head.blocks)
    tasks = table(("名称", "来源", "时间"), ("基地", "企业", "一季度"), ("教师", "学校", "二季度"))
    assert tasks.metadata == ()
    assert sum(b.cell is not None for b in tasks.blocks) == 9


@shared
@pytest.mark.shared
def test_real_page_heads() -> None:
    def read(name: str) -> RawDocument:
        return restructure(txt.read((CORPUS / name).read_bytes(), name), load())

    pairs = dict(read("pingshun-2025.txt").metadata)
    assert pairs["成文日期"] == "2025-08-18"
    assert pairs["时间"] == "2017-08-20"
    assert pairs["索引号"].endswith("-22247")
    assert dict(read("bingtuan12-2020.txt").metadata)["公开日期"] == "2020-08-09"
    last = read("wild/anguo-report-2022.txt").blocks[-1]
    assert last.kind is BlockKind.FURNITURE
