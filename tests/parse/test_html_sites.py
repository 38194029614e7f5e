"""Pages of the families of government sites: the article whole, nothing else in it, what the page says around it."""

from __future__ import annotations

import time

import pytest
from gov_pages import (
    FAMILIES,
    FOOT,
    LINES,
    ROWS,
    STYLES,
    TITLE,
    central,
    indented,
    paragraphs,
    printed,
    table,
    trs,
    vsb,
)

from pipeline.errors import UnreadableError
from pipeline.model import BlockKind, Document
from pipeline.parse import parse


def read(page: str, encoding: str = "utf-8", name: str = "a.html") -> Document:
    return parse(page.encode(encoding), name)


def kept(document: Document, *kinds: BlockKind) -> list[str]:
    kinds = kinds or (BlockKind.PARAGRAPH, BlockKind.HEADING)
    return [document.text[b.start : b.end] for b in document.blocks if b.kind in kinds]


def outside(document: Document) -> str:
    return "\n".join(kept(document, BlockKind.FURNITURE))


def details(document: Document, code: str) -> list[str]:
    return [issue.detail for issue in document.issues if issue.code == code]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("family", FAMILIES)
def test_families_and_ways_of_writing(family: str, style: str) -> None:
    page = FAMILIES[family](STYLES[style]() + table())
    document = read(page, "gb18030" if "gb2312" in page else "utf-8")
    assert [line for line in kept(document) if line != TITLE] == list(LINES)
    assert kept(document, BlockKind.CELL) == [cell for row in ROWS for cell in row]
    assert [(t.rows, t.cols) for t in document.tables] == [(3, 3)]
    assert document.metadata.title == TITLE
    assert document.metadata.issue_date == "2024-03-05"
    assert document.metadata.issuers == ("云溪县教育局",)
    if family != "printed":
        assert "网站标识码" in outside(document)
    if "索引号" in page:
        assert document.metadata.doc_number == "云教字〔2024〕3号"


@pytest.mark.parametrize("charset", ["gb2312", "GBK", "gb18030"])
def test_old_charsets_with_characters_beyond_them(charset: str) -> None:
    line = "由镕基镇、堃州镇等承担，到2026年建成12个。"  # 镕 and 堃 are in GBK, not in GB 2312
    page = f"<html><head><meta http-equiv='Content-Type' content='text/html; charset={charset}'></head><body>"
    assert line in kept(read(page + paragraphs((*LINES, line)), "gb18030"))


@pytest.mark.parametrize("charset", ["iso-8859-1", "unicode_escape", "idna", "zlib", "utf-7", "no-such-charset"])
def test_charsets_that_are_declared_by_mistake(charset: str) -> None:
    page = f"<html><head><meta charset={charset}></head><body>{paragraphs()}</body></html>"
    for encoding in ("utf-8", "gb18030"):
        assert kept(read(page, encoding)) == list(LINES)


def test_text_in_pre_and_in_a_div_that_keeps_line_ends() -> None:
    text = "\n".join(f"　　{line}" for line in LINES)
    for page in (f"<pre>{text}</pre>", f"<div style='color:red; white-space: pre-wrap'>{text}</div>"):
        assert kept(read(f"<html><body><h1>{TITLE}</h1>{page}</body></html>")) == [TITLE, *LINES]
    folded = read(f"<html><body><div style='white-space: normal'>{text}</div></body></html>")
    assert kept(folded) != list(LINES)


def test_a_table_that_lays_out_text_is_no_table() -> None:
    rows = "".join(f"<tr><td>&nbsp;</td><td>{line}</td></tr>" for line in LINES)
    document = read(f"<html><body><table><tr><td><table>{rows}</table></td></tr></table></body></html>")
    assert kept(document) == list(LINES)
    assert document.tables == ()


def test_what_is_not_shown_is_no_text_of_the_plan() -> None:
    article = paragraphs(LINES[:4]) + (
        "<p style='display:none'>本段为隐藏文字，到2030年建成99个，不应取用。</p>"
        "<p>到2025年<span style='DISPLAY: none;'>干扰</span>建成8个，由县教育局牵头。</p>"
        "<div hidden><p>又一段隐藏文字，到2031年建成98个。</p></div>"
        "<p style='mso-hide:all'>标记</p>"
        "<table border=1><tr><td>甲</td><td style='display:none'>不见格</td><td>丙</td></tr>"
        "<tr style='display:none'><td>丁</td><td>戊</td></tr><tr><td>己</td><td>庚</td></tr></table>"
    )
    document = read(central(article))
    assert kept(document)[-2:] == [LINES[3], "到2025年建成8个，由县教育局牵头。"]
    assert kept(document, BlockKind.CELL) == ["甲", "丙", "己", "庚"]
    unseen = outside(document)
    for said in (
        "本段为隐藏文字，到2030年建成99个，不应取用。",
        "干扰",
        "又一段隐藏文字",
        "标记",
        "不见格",
        "丁",
        "戊",
    ):
        assert unseen.count(said) == 1


def test_a_page_that_scripts_would_have_shown_is_read() -> None:
    assert kept(read(f"<html><body><div style='display:none' id='zoom'>{paragraphs()}</div></body></html>")) == list(
        LINES
    )
    shown = (
        f"<html><body><div id='js_content' style='visibility: hidden; opacity: 0'>{paragraphs()}</div></body></html>"
    )
    assert kept(read(shown)) == list(LINES)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("<div class='page'><a href='t2024_1.html'>2</a> <a href='./t2024_1.html'>下一页</a></div>", "./t2024_1.html"),
        ("<div><a href='javascript:goPage(2)'>[下一页]</a></div>", "javascript:goPage(2)"),
        ("<script>createPageHTML(3, 0, 't2024', 'html');</script>", "1/3"),
        ("<script>createPageHTML(3,1,'t2024','html');</script>", "2/3"),
        ("<a href='all.html'>余下全文 &gt;&gt;</a>", "all.html"),
    ],
)
def test_further_pages_are_told(more: str, said: str) -> None:
    told = details(read(trs(paragraphs() + more)), "further-pages")
    assert told == [f"the text goes on on further pages, which are not read: {said}"]


@pytest.mark.parametrize(
    "more",
    [
        "<a href='javascript:void(0);'>下一页</a>",
        "<a>下一页</a>",
        "<a href='#'>下一页</a>",
        "<script>createPageHTML(1, 0, 't2024', 'html');</script>",
        "<script>createPageHTML(3, 2, 't2024', 'html');</script>",
        "<a href='t2.html'>下一篇</a>",
    ],
)
def test_pages_that_end_here(more: str) -> None:
    assert details(read(trs(paragraphs() + more)), "further-pages") == []


def test_annexes_to_fetch_are_listed() -> None:
    links = (
        "<p>附件：<a href='./P020240308.docx'>1.重点任务分工表</a></p>"
        "<p><a href='/system/_content/download.jsp?id=3'>附件2：考核指标.xlsx</a></p>"
        "<p><a href='/a/%E8%A1%A8.PDF?v=1'>附件3</a> <a href='/a/b.html'>相关网页</a></p>"
        "<p><a href='./P020240308.docx'>下载</a></p>"
    )
    document = read(vsb(paragraphs() + links))
    assert details(document, "annex-link") == [
        "1.重点任务分工表: ./P020240308.docx",
        "附件2：考核指标.xlsx: /system/_content/download.jsp?id=3",
        "附件3: /a/%E8%A1%A8.PDF?v=1",
    ]
    before = read(f"<html><body><a href='手册.pdf'>办事手册</a><div id='zoom'>{paragraphs()}</div></body></html>")
    assert details(before, "annex-link") == []
    after = (
        f"<html><body><div id='zoom'>{paragraphs()}</div><ul><li><a href='f.zip'>附件下载</a></li></ul></body></html>"
    )
    assert details(read(after), "annex-link") == ["附件下载: f.zip"]


def test_glyphs_of_symbol_fonts_are_no_text() -> None:
    line = "<p><i class='iconfont'>&#xe600;</i>到2027年<em>\ue601 </em>建成实训基地3个。</p>"
    document = read(trs(paragraphs() + line))
    assert kept(document)[-1] == "到2027年建成实训基地3个。"
    assert "\ue600" not in document.text
    bare = read(trs(paragraphs() + "<p>\ue001到2027年建成实训基地3个。</p>"))
    assert "\ue001" in bare.text  # a character that the plan itself has


def test_a_table_behind_the_article_is_its_annex() -> None:
    wide = table()
    frame = "<html><body><div class='x'><div class='text'>{}</div>{}</div>{}</body></html>"
    assert len(read(frame.format(paragraphs(), f"<div>{wide}</div>", FOOT)).tables) == 1
    links = "<table>" + "<tr><td><a>省政府</a></td><td><a>市政府</a></td><td><a>县政府</a></td></tr>" * 3 + "</table>"
    foot = "<table><tr><td>主办单位</td><td>云溪县人民政府</td></tr><tr><td>备案</td><td>00000</td></tr></table>"
    assert read(frame.format(paragraphs(), links, foot)).tables == ()


def test_the_print_page_has_its_title() -> None:
    assert kept(read(printed(indented())))[0] == TITLE


# --- counter-examples ------------------------------------------------------------------------------------------------


def test_html_under_other_names() -> None:
    for name in ("方案.doc", "方案.pdf", "方案.xls", "方案"):
        document = read(printed(paragraphs()), name=name)
        assert document.format == "html"
        assert kept(document)[1:] == list(LINES)


def test_an_error_page_under_the_name_of_a_pdf() -> None:
    with pytest.raises(UnreadableError) as caught:
        read("<html><head><title>404</title></head><body>404 Not Found 页面不存在</body></html>", name="方案.pdf")
    assert caught.value.what[1] == "named PDF but holds HTML, without Chinese text"


def test_time_does_not_explode_on_hostile_pages() -> None:
    hidden = "<div style='display:none'>" * 3000 + "x" + "</div>" * 3000
    tables = "<table><tr><td>" * 400 + "y" + "</td></tr></table>" * 400
    many = "<table><tr><td>甲</td><td>乙</td><td>丙</td></tr></table>" * 3000
    links = "<a href='a.pdf'>附件</a>" * 20_000
    start = time.perf_counter()
    for more in (hidden, tables, many, links):
        read(trs(paragraphs() + more))
        read(trs(paragraphs()).replace("</body>", more + "</body>"))
    assert time.perf_counter() - start < 60
