"""Saved pages: the article's blocks, tables with spans, the page around as furniture, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.lexicons import load
from pipeline.model import BlockKind, CellAt
from pipeline.parse import build, furniture, html, restructure
from pipeline.raw import RawBlock, RawDocument

CORPUS = Path(__file__).resolve().parents[2] / "../shared/corpus"
shared = pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the real plans in ../shared/corpus")

BODY = (
    "<p>各乡镇人民政府，县直有关部门：</p><p>为深化产教融合，促进教育链与产业链衔接，结合我县实际，制定本方案。</p>"
    "<p><b>一、</b><span>总体</span>要求</p><p>到2026年，建成实训基地12个以上，双师型教师比例达到60%，服务全县发展。</p>"
    "<p>二、重点任务</p><p>建设产业学院，推动职业学校与企业共建共享，形成长效机制，提升人才培养质量。</p>"
)
PAGE = f"""<html><head><meta charset="utf-8"><title>云溪县深化产教融合实施方案_云溪县人民政府</title>
<meta name="ArticleTitle" content="云溪县深化产教融合实施方案"><style>p{{color:red}}</style></head><body>
<script>var a = "不是文字";</script><!-- <p>注释掉的段落</p> -->
<div class="nav"><a>首页</a> <a>政务公开</a></div>
<table><tr><td>索引号：</td><td>0001/2026-1</td><td>分类：</td><td></td></tr>
<tr><td>发布机构：</td><td>云溪县教育局</td><td>成文日期：</td><td>2026年1月5日</td></tr>
<tr><td>文号：</td><td>云教字〔2026〕3号</td></tr></table>
<h1>云溪县深化产教融合实施方案</h1><div>发布日期：2026-01-08&nbsp;&nbsp;浏览次数：</div>
<div class="CLASS">{BODY}</div><div class="foot">版权所有：云溪县人民政府</div></body></html>"""


def read(page: str) -> RawDocument:
    return html.read(page.encode(), "a.html")


def kept(raw: RawDocument, kind: BlockKind) -> list[str]:
    return [b.text for b in raw.blocks if b.kind is kind and b.text]


@pytest.mark.parametrize("name", ["TRS_Editor", "article", "pages_content", "of-a-site-never-seen"])
def test_article_is_found_and_the_rest_is_furniture(name: str) -> None:
    raw = read(PAGE.replace("CLASS", name))
    assert kept(raw, BlockKind.PARAGRAPH)[0] == "各乡镇人民政府，县直有关部门："
    assert "一、总体要求" in kept(raw, BlockKind.PARAGRAPH)
    outside = kept(raw, BlockKind.FURNITURE)
    assert "首页 政务公开" in outside
    assert "版权所有：云溪县人民政府" in outside
    assert kept(raw, BlockKind.HEADING) == ["云溪县深化产教融合实施方案"]
    everything = "".join(b.text for b in raw.blocks)
    assert "不是文字" not in everything
    assert "注释" not in everything


def test_page_head_gives_pairs() -> None:
    pairs = dict(furniture.mark(read(PAGE), load()).metadata)
    assert pairs["索引号"] == "0001/2026-1"
    assert pairs["发布机构"] == "云溪县教育局"
    assert pairs["成文日期"] == "2026年1月5日"
    assert pairs["文号"] == "云教字〔2026〕3号"
    assert pairs["发布日期"] == "2026-01-08"
    assert "分类" not in pairs
    assert pairs["ArticleTitle"] == "云溪县深化产教融合实施方案"


def test_title_above_the_article_is_not_doubled() -> None:
    page = PAGE.replace("CLASS", "article").replace("<p>各乡镇", "<p>云溪县深化产教融合</p><p>实施方案</p><p>各乡镇")
    assert kept(read(page), BlockKind.HEADING) == []


def test_breaks_lists_headings_and_pre() -> None:
    raw = read(
        "<html><body><h2>一、目标</h2>甲方<br>乙方<ul><li>首先</li><li>其次</li></ul><pre>三行\n四行</pre>"
        "<p>教育\n      局 ABC\n  DEF</p></body></html>"
    )
    lines = ["一、目标", "甲方", "乙方", "首先", "其次", "三行", "四行", "教育局 ABC DEF"]
    assert [b.text for b in raw.blocks] == lines
    assert raw.blocks[0] == RawBlock("一、目标", BlockKind.HEADING, level=2)


def test_table_with_spans_caption_and_title_rows() -> None:
    raw = read(
        "<html><body><table><caption>任务表</caption><tr><td colspan=3><p>附件1</p><p>分工</p></td></tr>"
        "<tr><th>序号</th><th>任务</th><th>单位</th></tr><tr><td rowspan=2>1</td><td>建<br>设</td><td></td></tr>"
        "<tr><td colspan=2>改革</td></tr><tr><td colspan=3>注：略</td></tr></table></body></html>"
    )
    assert kept(raw, BlockKind.PARAGRAPH) == ["任务表", "附件1", "分工", "注：略"]
    cells = [(b.text, b.cell) for b in raw.blocks if b.kind is BlockKind.CELL]
    assert cells == [
        ("序号", CellAt(0, 0, 0)),
        ("任务", CellAt(0, 0, 1)),
        ("单位", CellAt(0, 0, 2)),
        ("1", CellAt(0, 1, 0, 2, 1)),
        ("建\n设", CellAt(0, 1, 1)),
        ("", CellAt(0, 1, 2)),
        ("改革", CellAt(0, 2, 1, 1, 2)),
    ]


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body><table><tr><td>{BODY}</td></tr><tr><td></td></tr></table></body></html>",
        f"<html><body><table><tr><td>导航</td><td>{BODY * 12}</td></tr></table></body></html>",
        f"<html><body><table><tr><td>{BODY}<table><tr><td>甲</td><td>乙</td></tr></table></td></tr></table></body></html>",
    ],
    ids=["one cell a row", "one cell has it all", "holds a table"],
)
def test_layout_tables_are_unwrapped(page: str) -> None:
    raw = read(page)
    assert "二、重点任务" in [b.text for b in raw.blocks if b.kind is BlockKind.PARAGRAPH]
    assert {b.cell.table for b in raw.blocks if b.cell is not None} <= {0}


@pytest.mark.parametrize("declared", ["gb2312", "gbk", "utf-8"])
def test_declared_encoding_and_a_wrong_one(declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body>{BODY}</body></html>'
    for encoding in ("gb18030", "utf-8"):
        assert "二、重点任务" in [b.text for b in html.read(page.encode(encoding), "a.html").blocks]


def test_deep_nesting_does_not_exhaust_the_stack() -> None:
    raw = read("<html><body>" + "<div>" * 5000 + BODY + "</div>" * 5000)
    assert "二、重点任务" in [b.text for b in raw.blocks]


@shared
@pytest.mark.shared
def test_real_pages() -> None:
    lexicons = load()

    def tables(name: str) -> list[tuple[int, int]]:
        raw = restructure(html.read((CORPUS / name).read_bytes(), name), lexicons)
        return [(t.rows, t.cols) for t in build.build(raw, name, "").tables]

    assert tables("guangzhou-jiating-2023.html")[0] == (20, 5)
    assert len(tables("guangzhou-jiating-2023.html")) == 2
    assert tables("czxx213-2017.html") == [(35, 9)]
    assert tables("wild/guowuyuan-nongji-2018.html") == []
    assert tables("wild/guangzhou-gongzufang-2024.html") == []
    assert tables("wild/shicheng-hezhang-2018.html") == [(46, 7)]
