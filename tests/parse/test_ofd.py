"""OFD: text by position, tables by their lines, templates, several documents, faults. The files are written here."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ofd_writer import RIGHT, Document, Page, Writer, package, write

from pipeline.errors import MissingPartError, UnreadableError
from pipeline.lexicons import load
from pipeline.model import BlockKind, CellAt
from pipeline.parse import ocr_engine, ofd, parse, readers
from pipeline.parse.ofd_page import POINTS, Resources, page_content
from pipeline.raw import RawDocument

WILD = Path(__file__).resolve().parents[2] / "../shared/corpus/wild"

FIRST = "云溪县建立产教融合联席会议制度，每季度召开一次会议，研究解决校企合作中的困难和问题，到2027年建成实训基地12个。"
SECOND = "各乡镇要明确专人负责，按月报送进展情况，确保各项任务按时完成，逾期未完成的予以通报。"
TABLE = [
    ["序号", "重点任务", "责任单位"],
    ["1", "建设产业学院3所，每所学校联系的企业不少于十家，形成长效机制", "县教育局"],
    ["2", "培养“双师型”教师", "县人社局"],
]


EDGE = "右" * 14  # reaches the right margin, so that the short lines below it are seen to be short


def sheet(**more: Any) -> Page:
    """A page with a line that shows where the right margin is; `texts` leaves it out."""
    return Page(**more).text(RIGHT - 70, 40, EDGE)


def read(*pages: Page, **more: Any) -> RawDocument:
    return ofd.read(package(Document(pages, **more)), "x.ofd")


def texts(raw: RawDocument, kind: BlockKind = BlockKind.PARAGRAPH) -> list[str]:
    return [b.text for b in raw.blocks if b.kind is kind and b.text != EDGE]


def codes(raw: RawDocument) -> list[str]:
    return [issue.code for issue in raw.issues]


def test_golden_file_gives_back_paragraphs_and_tables() -> None:
    raw = ofd.read(write(["云溪县产教融合实施方案", FIRST, SECOND, TABLE, SECOND], "方案标题"), "x.ofd")
    assert texts(raw) == ["云溪县产教融合实施方案", FIRST, SECOND, SECOND]
    cells = [(b.cell, b.text) for b in raw.blocks if b.kind is BlockKind.CELL]
    assert cells == [(CellAt(0, r, c), text) for r, row in enumerate(TABLE) for c, text in enumerate(row)]
    assert texts(raw, BlockKind.FURNITURE) == ["— 1 —"]
    assert raw.metadata == (("title", "方案标题"),)
    assert raw.page_count == 1
    assert raw.issues == ()


def test_paragraphs_and_tables_over_page_breaks() -> None:
    rows = [["序号", "任务"], *([str(i), "任务" * 20 + str(i)] for i in range(1, 40))]
    raw = ofd.read(write([*[FIRST + SECOND] * 8, rows, SECOND]), "x.ofd")
    assert texts(raw) == [*[FIRST + SECOND] * 8, SECOND]
    cells = [b for b in raw.blocks if b.cell is not None]
    assert [c.text for c in cells] == [text for row in rows for text in row]
    assert {c.cell.table for c in cells if c.cell} == {0}
    assert raw.page_count == 5
    assert {b.page for b in raw.blocks} == {1, 2, 3, 4, 5}
    assert texts(raw, BlockKind.FURNITURE) == [f"— {n} —" for n in range(1, 6)]


def test_order_is_by_position_not_by_the_file() -> None:
    page = sheet().text(60, 60, "”学校").text(28, 80, "下一行。").text(28, 60, "建设“双师型")
    assert texts(read(page)) == ["建设“双师型”学校", "下一行。"]


@pytest.mark.parametrize(
    ("deltas", "inner"),
    [("g 3 5", "产教融合"), ("5 g 2 5", "产教融合"), ("5 5 5 5", "产教融合"), ("", "产教融合"), ("x 5", "产教融合")],
)
def test_advances(deltas: str, inner: str) -> None:
    assert texts(read(Page().text(28, 60, inner, deltas=deltas))) == [inner]


def test_advances_tell_gaps() -> None:
    far = sheet().text(28, 60, "张三李四", deltas="5 20 5").text(28, 80, "AB CD2025", deltas="3 3 1 3 2.5 2.5 2.5 2.5")
    assert texts(read(far)) == ["张三 李四", "AB CD2025"]


def test_scale_and_transformation() -> None:
    page = Page(box=(100, 100))
    page.text(10, 20, "甲乙", size=10, more='HScale="0.5"', deltas="5")
    page.add(
        '<ofd:TextObject Font="1" Size="2" CTM="2 0 0 2 1 1" Boundary="30 30 40 10">'
        '<ofd:TextCode X="1" Y="3" DeltaX="2">丙丁</ofd:TextCode></ofd:TextObject>'
    )
    from lxml import etree

    content = etree.fromstring(page.xml().encode()).find("{*}Content")
    found, pictures = page_content([content], 1, (0, 0, 100, 100), Resources())
    places = [
        (c.text, round(c.x0 / POINTS, 3), round(c.x1 / POINTS, 3), round(c.base / POINTS, 3)) for c in found.chars
    ]
    assert places == [("甲", 10, 15, 20), ("乙", 15, 20, 20), ("丙", 33, 37, 37), ("丁", 37, 41, 37)]
    assert [round(c.size / POINTS, 3) for c in found.chars] == [10, 10, 4, 4]
    assert (round(found.width, 1), round(found.height, 1)) == (283.5, 283.5)
    assert pictures == []


def test_a_page_that_lies_on_its_side_is_read_upright() -> None:
    page = Page(box=(210, 297))
    for i, line in enumerate(["第一行文字", "第二行文字", "长" * 24]):
        page.add(  # running downward, its head to the right: a quarter turn clockwise
            f'<ofd:TextObject Font="1" Size="5" CTM="0 1 -1 0 0 0" Boundary="{200 - 10 * i} 30 10 100">'
            f'<ofd:TextCode X="0" Y="0" DeltaX="g {len(line) - 1} 5">{line}</ofd:TextCode></ofd:TextObject>'
        )
    for x in (100, 140, 160):
        page.line(x, 30, x, 150)
    for y in (30, 90, 150):
        page.line(100, y, 160, y)
    for x, y, text in ((150, 32, "甲"), (150, 92, "乙"), (120, 32, "丙"), (120, 92, "丁")):
        page.add(
            f'<ofd:TextObject Font="1" Size="5" CTM="0 1 -1 0 0 0" Boundary="{x} {y} 10 10">'
            f'<ofd:TextCode X="0" Y="0">{text}</ofd:TextCode></ofd:TextObject>'
        )
    raw = read(page)
    assert texts(raw) == ["第一行文字", "第二行文字", "长" * 24]
    cells = {(b.cell.row, b.cell.col): b.text for b in raw.blocks if b.cell}
    assert cells == {(0, 0): "甲", (0, 1): "乙", (1, 0): "丙", (1, 1): "丁"}


def test_upright_column_and_watermark() -> None:
    page = sheet().text(28, 50, FIRST[:20]).text(28, 60, SECOND[:20])
    page.add(
        '<ofd:TextObject Font="1" Size="4" Boundary="30 80 5 30">'
        '<ofd:TextCode X="0" Y="4" DeltaX="0 0 0" DeltaY="5 5 5">责任单位</ofd:TextCode></ofd:TextObject>'
    )
    page.add(
        '<ofd:TextObject Font="1" Size="9" CTM="0.7 0.7 -0.7 0.7 0 0" Boundary="60 90 90 90">'
        '<ofd:TextCode X="0" Y="9" DeltaX="g 3 9">内部资料</ofd:TextCode></ofd:TextObject>'
    )
    raw = read(page)
    assert texts(raw) == [FIRST[:20], SECOND[:20], "责任单位"]
    assert texts(raw, BlockKind.FURNITURE) == ["内部资料"]


def test_text_turned_in_a_cell_is_one_piece() -> None:
    page = sheet().grid((30, 45, 120), (50, 90)).text(47, 60, "建设实训基地十二个", 4).text(47, 70, "按时完成", 4)
    page.add(  # upward, its head to the left
        '<ofd:TextObject Font="1" Size="5" CTM="0 -1 1 0 0 0" Boundary="40 85 5 30">'
        '<ofd:TextCode X="0" Y="0" DeltaX="g 3 5">责任单位</ofd:TextCode></ofd:TextObject>'
    )
    assert [b.text for b in read(page).blocks if b.cell] == ["责任单位", "建设实训基地十二个\n按时完成"]


def test_merged_cells_and_lines_that_are_not_seen() -> None:
    page = Page()
    xs, ys = (30.0, 60.0, 90.0, 120.0), (50.0, 60.0, 70.0)
    for y in ys:
        page.line(xs[0], y, xs[-1], y)
    for x in (xs[0], xs[-1]):
        page.line(x, ys[0], x, ys[-1])
    for x in xs[1:3]:
        page.line(x, ys[1], x, ys[-1])
    white = '<ofd:StrokeColor Value="255 255 255"/>'
    page.line(75, 50, 75, 70, white)
    page.line(76, 50, 76, 70, '<ofd:StrokeColor Value="0 0 0" Alpha="0"/>')
    page.line(77, 50, 77, 70, '<ofd:StrokeColor Value="0 0 0 0" ColorSpace="4"/>')
    page.text(32, 57, "合并的表头", 4).text(32, 67, "甲", 4).text(62, 67, "乙", 4).text(92, 67, "丙", 4)
    raw = read(page, resources='<ofd:ColorSpaces><ofd:ColorSpace ID="4" Type="CMYK"/></ofd:ColorSpaces>')
    cells = [(b.cell, b.text) for b in raw.blocks if b.cell]
    assert cells == [
        (CellAt(0, 0, 0, 1, 3), "合并的表头"),
        (CellAt(0, 1, 0), "甲"),
        (CellAt(0, 1, 1), "乙"),
        (CellAt(0, 1, 2), "丙"),
    ]


def test_rectangles_and_thin_fills_are_lines_too() -> None:
    page = Page().add(
        '<ofd:PathObject Boundary="30 50 60 20"><ofd:AbbreviatedData>'
        "M 0 0 L 60 0 L 60 20 L 0 20 C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    page.add(
        '<ofd:PathObject Boundary="60 50 0.3 20" Stroke="false" Fill="true"><ofd:FillColor Value="#00 #00 #00"/>'
        "<ofd:AbbreviatedData>M 0 0 L 0.3 0 L 0.3 20 L 0 20 C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    page.text(32, 57, "甲", 4).text(62, 57, "乙", 4)
    assert [(b.cell, b.text) for b in read(page).blocks] == [(CellAt(0, 0, 0), "甲"), (CellAt(0, 0, 1), "乙")]


def test_templates_composites_and_blocks_within_blocks() -> None:
    head = Page().text(28, 20, "云溪县教育局文件")
    writer = Writer()
    for _ in range(20):
        writer.paragraph(FIRST + SECOND)
    for page in writer.pages:
        page.templates = (7,)
    writer.pages[0].add('<ofd:PageBlock><ofd:CompositeObject ResourceID="3" Boundary="28 230 10 10"/></ofd:PageBlock>')
    unit = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="3" Width="50" Height="10"><ofd:Content>'
        '<ofd:TextObject Font="1" Size="5" Boundary="0 0 50 10"><ofd:TextCode X="0" Y="5" DeltaX="5 5 5">'
        "组合图元</ofd:TextCode></ofd:TextObject></ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    raw = read(*writer.pages, templates={7: head}, resources=unit)
    assert len(writer.pages) > 2
    assert texts(raw, BlockKind.FURNITURE) == ["云溪县教育局文件"] * len(writer.pages)
    assert "".join(texts(raw)).count("组合图元") == 1


def test_several_documents_in_one_file() -> None:
    one = Document([sheet().text(28, 60, "通知正文。"), sheet().text(28, 60, "第二页。")], title="通知")
    two = Document([Page().grid((30, 60, 90), (50, 60, 70)).text(32, 57, "甲", 4).text(62, 57, "乙", 4)], title="附件")
    raw = ofd.read(package(one, two, two), "x.ofd")
    assert raw.page_count == 4
    assert raw.metadata == (("title", "通知"),)
    assert [(b.page, b.cell.table if b.cell else None) for b in raw.blocks if b.text != EDGE] == [
        (1, None), (2, None), (3, 0), (3, 0), (3, 0), (3, 0), (4, 1), (4, 1), (4, 1), (4, 1),
    ]  # fmt: skip


# --- faults ----------------------------------------------------------------------------------------------------------


def test_a_broken_page_costs_itself_alone() -> None:
    broken = sheet().text(28, 60, FIRST[:20]).xml()[:-40]
    first, last = sheet().text(28, 60, "第一页。"), sheet().text(28, 60, "后页。")
    raw = read(first, Page(raw=broken), Page(raw="no xml"), last, last, last)
    assert texts(raw) == ["第一页。", FIRST[:20], "后页。", "后页。", "后页。"]
    assert [b.page for b in raw.blocks if b.text != EDGE] == [1, 2, 4, 5, 6]
    assert codes(raw) == ["broken-page", "broken-page"]
    assert "page 2" in raw.issues[0].detail
    assert "only what could be read" in raw.issues[0].detail
    assert raw.issues[1].detail == "page 3 (Doc_0/Pages/Page_2/Content.xml) is missing or damaged"


def test_mostly_broken_is_damaged() -> None:
    with pytest.raises(UnreadableError, match="damaged"):
        read(Page(raw="x"), Page(raw="y"), Page().text(28, 60, "第一页。"))


def test_pages_that_are_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_engine, "is_available", lambda: False)
    scan = Page().image(0, 0, 210, 297)
    raw = read(Page().text(28, 60, FIRST[:25]), scan, Page().text(28, 60, SECOND[:25]).image(0, 0, 210, 200))
    assert codes(raw) == ["page-without-text"]
    assert raw.issues[0].detail == "page 2 has no text"
    with pytest.raises(MissingPartError) as caught:
        read(Page().text(28, 60, FIRST[:25]), scan, scan)
    assert caught.value.where == "x.ofd (2/3)"


def test_text_that_is_not_shown_counts_on_a_scan_alone() -> None:
    hidden = 'Visible="false"'
    layer = Page().image(0, 0, 210, 297).text(28, 60, FIRST[:25], more=hidden)
    assert texts(read(layer)) == [FIRST[:25]]
    raw = read(Page().text(28, 60, FIRST[:25]).text(28, 80, "看不见", more=hidden))
    assert texts(raw) == [FIRST[:25]]
    assert texts(raw, BlockKind.FURNITURE) == ["看不见"]


def test_what_is_left_out_is_told() -> None:
    page = Page().text(28, 60, FIRST[:25])
    more = "<ofd:Annotations>Annotations.xml</ofd:Annotations><ofd:Attachments>Attachments.xml</ofd:Attachments>"
    parts = {
        "Annotations.xml": '<a xmlns="x"><Page PageID="1"/></a>',
        "Attachments.xml": '<a xmlns="x"><Attachment Name="附件1.xlsx"/></a>',
    }
    raw = read(page, more=more, parts=parts, signed=True)
    assert codes(raw) == ["signatures", "annotations", "attachments"]
    assert raw.issues[2].detail == "files are attached and not read: 附件1.xlsx"
    assert raw.issues[2].severity == "warning"


def test_garbled_fonts_are_told() -> None:
    rubbish = Page().text(28, 60, "\ue001\ue002\ue003\ue004" * 6)
    raw = read(*[Page().text(28, 60, FIRST[:25])] * 2, rubbish)
    assert codes(raw) == ["garbled-page"]


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密内容", encoding="utf-8")
    xml = Page().text(28, 60, "甲&e;乙&x;丙").xml().replace("&amp;", "&")
    bomb = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{secret.as_uri()}"><!ENTITY x "膨胀"><!ENTITY y "&x;&x;">]>'
    raw = read(Page(raw=xml.replace("?>", "?>" + bomb, 1)))
    text = "".join(b.text for b in raw.blocks)
    assert "机密" not in text
    assert {"甲", "乙", "丙"} <= set(text)


def archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"OFD.xml": b"rubbish"}, "damaged"),
        ({"OFD.xml": b"<OFD/>"}, "damaged"),
        ({"OFD.xml": b"<OFD><DocBody><DocRoot>../../etc/passwd</DocRoot></DocBody></OFD>"}, "damaged"),
        ({"OFD.xml": b"<OFD/>", "Encryptions.xml": b"<x/>"}, "encrypted"),
        ({"OFD.xml": b"<OFD/>", "bomb": bytes(30 * 2**20)}, "hostile"),
    ],
)
def test_refused_with_a_reason(members: dict[str, bytes], said: str) -> None:
    with pytest.raises(UnreadableError, match=said) as caught:
        ofd.read(archive(members), "x.ofd")
    assert all(caught.value.advice)


def test_any_cut_of_a_file_is_read_or_refused() -> None:
    data = write(["云溪县产教融合实施方案", FIRST, SECOND, TABLE])
    for end in range(0, len(data), 97):  # a cut ZIP has no directory
        with pytest.raises(UnreadableError) as caught:
            ofd.read(data[:end], "x.ofd")
        assert caught.value.where.startswith("x.ofd")


def test_chosen_by_content() -> None:
    assert readers.choose(write([FIRST]), "x.zip").format == "ofd"


def test_a_signature_alone_on_the_last_page_is_found() -> None:
    writer = Writer()
    writer.centred("云溪县教育局关于深化产教融合的实施意见", 7)
    for _ in range(7):
        writer.paragraph(FIRST + SECOND)
    writer.pages.append(Page().text(130, 60, "云溪县教育局").text(133, 70, "2024年3月5日"))
    writer.numbered()
    metadata = parse(package(Document(writer.pages)), "x.ofd").metadata
    assert (metadata.issue_date, metadata.issuers) == ("2024-03-05", ("云溪县教育局",))


@pytest.mark.shared
@pytest.mark.skipif(not WILD.is_dir(), reason="needs the real plans in ../shared/corpus/wild")
def test_a_real_file() -> None:
    document = parse((WILD / "luqiao-weifa-2011.ofd").read_bytes(), "luqiao-weifa-2011.ofd", lexicons=load())
    assert document.page_count == 2
    assert document.metadata.doc_number == "路卫发〔2011〕76号"
    assert document.metadata.issue_date == "2011-03-10"
    assert [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.FURNITURE] == [
        "— 1 —",
        "— 2 —",
    ]
    assert len(document.blocks) == 12
