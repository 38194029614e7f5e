"""Sheets become tables and lines, as the same annex would be in a document."""

from __future__ import annotations

import datetime as dt
import struct
from typing import Any

import pytest
from docx_helpers import p, tbl, tc
from docx_helpers import write as write_docx
from openpyxl import Workbook
from openpyxl.styles import NamedStyle
from sheet_helpers import HEADINGS, ROWS, TITLE, cells, patched, raw_sheet, shape, task_table, workbook

from pipeline.errors import NotAPlanError, UnreadableError
from pipeline.extract import extract
from pipeline.parse import parse, readers, sheet_layout, xlsx

SHEET = "xl/worksheets/sheet1.xml"


def read(data: bytes, name: str = "annex.xlsx") -> Any:
    return readers.choose(data, name).read(data, name)


def tasks(data: bytes, name: str) -> list[tuple[Any, ...]]:
    document = parse(data, name)
    return [
        (t.number, t.heading, t.path, t.source, [(a.name, a.role) for a in t.agencies])
        for t in extract(document).tasks
    ]  # fmt: skip


def test_title_notes_and_headings_of_an_annex() -> None:
    raw = read(workbook(task_table))
    assert raw.format == "xlsx"
    assert shape(raw)[:4] == [
        ("furniture", "Sheet1"), ("paragraph", "附件2"), ("paragraph", TITLE), ("paragraph", "填报单位：云溪县教育局"),
    ]  # fmt: skip
    assert shape(raw)[-1] == ("paragraph", "注：各单位于每季度末报送进展情况。")
    expected = {(0, r, c): (text, 1, 1) for r, row in enumerate((HEADINGS, *ROWS)) for c, text in enumerate(row)}
    assert cells(raw) == expected


def test_a_task_table_gives_the_rows_that_a_docx_gives() -> None:
    rows = ["".join(tc(text) for text in row) for row in (HEADINGS, *ROWS)]
    note = p("注：各单位于每季度末报送进展情况。")
    docx = write_docx(p("附件2") + p(TITLE) + p("填报单位：云溪县教育局") + tbl(*rows) + note)
    sheet = workbook(task_table)
    found = tasks(sheet, "annex.xlsx")
    assert found == tasks(docx, "annex.docx")
    assert found[0] == (
        "1", "建成产教融合实训基地12个以上", (TITLE,), "table",
        [("县教育局", "lead"), ("县财政局", "responsible"), ("县人社局", "responsible")],
    )  # fmt: skip
    one, other = parse(sheet, "annex.xlsx"), parse(docx, "annex.docx")
    assert one.tables[0].caption == other.tables[0].caption == TITLE
    assert one.metadata.title == TITLE
    assert all(one.text[b.start : b.end] for b in one.blocks if b.cell is None)


def test_merged_cells_and_cut_rows_and_columns() -> None:
    def fill(book: Workbook, sheet: Any) -> None:
        for at, text in {
            "B2": "类别", "D2": "重点任务", "F2": "目标", "B5": "师资", "D5": "教师培训", "F5": "100人",
            "D6": "名师引进", "F6": "5人", "B9": "基地", "D9": "建设基地", "F9": "2个",
        }.items():  # fmt: skip
            sheet[at] = text
        sheet.merge_cells("B5:C6")  # two rows; the column C holds nothing and goes
        sheet.merge_cells("F2:G2")
        sheet["XFD1048576"] = " "  # far away, and blank

    assert cells(read(workbook(fill))) == {
        (0, 0, 0): ("类别", 1, 1), (0, 0, 1): ("重点任务", 1, 1), (0, 0, 2): ("目标", 1, 1),
        (0, 1, 0): ("师资", 2, 1), (0, 1, 1): ("教师培训", 1, 1), (0, 1, 2): ("100人", 1, 1),
        (0, 2, 1): ("名师引进", 1, 1), (0, 2, 2): ("5人", 1, 1),
        (0, 3, 0): ("基地", 1, 1), (0, 3, 1): ("建设基地", 1, 1), (0, 3, 2): ("2个", 1, 1),
    }  # fmt: skip


def test_empty_cells_that_are_merged_to_be_filled_in_by_hand() -> None:
    def fill(book: Workbook, sheet: Any) -> None:
        for row in (["档次", "任务", "自评"], ["", "建设基地", ""], ["", "培训教师", ""], ["二", "引进企业", ""]):
            sheet.append(row)
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("C2:C40")  # as far as the table goes

    found = cells(read(workbook(fill)))
    assert found[0, 1, 0] == ("", 2, 1) and found[0, 1, 2] == ("", 3, 1)
    assert (0, 2, 0) not in found and len(found) == 9


@pytest.mark.parametrize(("name", "kind"), [("附件1", "furniture"), ("附表2 目标清单", "heading"), ("目标", "heading")])
def test_a_sheet_named_by_the_bare_label_of_an_annex_has_no_title(name: str, kind: str) -> None:
    def fill(book: Workbook, sheet: Any) -> None:
        sheet.title = name
        sheet.append(["指标", "2025年目标"])
        sheet.append(["订单培养学生", "600人"])

    assert shape(read(workbook(fill)))[0] == (kind, name)


def test_several_sheets_hidden_ones_too() -> None:
    def fill(book: Workbook, sheet: Any) -> None:
        sheet.title = "目标清单"
        sheet.append(["指标", "2025年目标"])
        sheet.append(["订单培养学生", "600人"])
        other = book.create_sheet("重点任务")
        other.sheet_state = "hidden"
        other.append(["序号", "任务"])
        for row in (["1", "建设基地"], ["2", "培训教师"], ["3", "引进企业"]):
            other.append(row)
        other.row_dimensions[3].hidden = True
        other.column_dimensions["B"].hidden = True
        book.create_sheet("空表")

    raw = read(workbook(fill))
    headings = [(b.text, b.level) for b in raw.blocks if b.kind.value == "heading"]
    assert headings == [("目标清单", 1), ("重点任务", 1)]
    assert [at for at in cells(raw) if at[1:] == (0, 0)] == [(0, 0, 0), (1, 0, 0)]
    at = next(i for i, b in enumerate(raw.blocks) if b.text == "重点任务")
    assert [(i.code, i.detail, i.block) for i in raw.issues] == [
        ("hidden-sheet", "sheet '重点任务' is hidden; it was read like the others", at),
        ("hidden-rows", "sheet '重点任务': hidden rows were read: 3", at),
        ("hidden-columns", "sheet '重点任务': hidden columns were read: B", at),
    ]


def test_a_sheet_with_a_title_of_its_own_needs_no_name() -> None:
    def fill(book: Workbook, sheet: Any) -> None:
        sheet.title = "重点任务"
        task_table(book, sheet)

    assert shape(read(workbook(fill)))[0] == ("furniture", "重点任务")


def test_two_tables_on_a_sheet_and_blank_rows_in_one() -> None:
    def fill(book: Workbook, sheet: Any) -> None:
        sheet.append(["附表1 任务"])
        for row in (["序号", "任务"], ["1", "建设基地"], [], ["2", "培训教师"], [], ["附表2 指标"], ["指标", "目标值"]):
            sheet.append(row)
        sheet.append(["实训基地", 12])

    raw = read(workbook(fill))
    assert cells(raw) == {
        (0, 0, 0): ("序号", 1, 1), (0, 0, 1): ("任务", 1, 1), (0, 1, 0): ("1", 1, 1), (0, 1, 1): ("建设基地", 1, 1),
        (0, 2, 0): ("2", 1, 1), (0, 2, 1): ("培训教师", 1, 1), (1, 0, 0): ("指标", 1, 1), (1, 0, 1): ("目标值", 1, 1),
        (1, 1, 0): ("实训基地", 1, 1), (1, 1, 1): ("12", 1, 1),
    }  # fmt: skip
    assert [b.text for b in raw.blocks if b.kind.value == "paragraph"] == ["附表1 任务", "附表2 指标"]


def test_numbers_dates_and_formulas_as_shown() -> None:
    def fill(book: Workbook, sheet: Any) -> None:
        sheet.append(["指标", "目标值", "期限"])
        sheet.append(["占比", 0.85, dt.date(2025, 12, 31)])
        sheet.append(["人数", 12000, dt.datetime(2025, 6, 30)])
        sheet.append(["合计", "=SUM(B3:B3)", True])
        sheet["B2"].number_format, sheet["C2"].number_format = "0%", 'yyyy"年"m"月"d"日"'
        sheet["B3"].number_format, sheet["C3"].number_format = '#,##0"人"', "yyyy/m"

    data = workbook(fill)
    raw = read(data)
    assert [cells(raw)[0, r, c][0] for r in (1, 2) for c in (1, 2)] == ["85%", "2025年12月31日", "12,000人", "2025/6"]
    assert cells(raw)[0, 3, 1][0] == ""
    assert cells(raw)[0, 3, 2][0] == "TRUE"
    (issue,) = raw.issues
    assert (issue.code, "B4" in issue.detail) == ("formula-without-value", True)
    valued = patched(
        data, SHEET, lambda xml: xml.replace("</f><v></v>", "</f><v>12000</v>").replace("</f><v />", "</f><v>12000</v>")
    )
    assert cells(read(valued))[0, 3, 1][0] == "12000"
    assert read(valued).issues == ()


def test_formats_that_are_named_by_number_alone() -> None:
    """A Chinese Excel writes 57 for 2025年12月 and no code; openpyxl shows such a cell as 45992."""

    def fill(book: Workbook, sheet: Any) -> None:
        sheet.append(["任务", "期限"])
        sheet.append(["建设基地", 45992])
        sheet["B2"].style = NamedStyle("month", number_format="yyyy")

    data = workbook(fill)
    change = lambda xml: xml.replace('numFmtId="164"', 'numFmtId="57"')  # noqa: E731
    styles = patched(data, "xl/styles.xml", lambda xml: change(xml).replace('formatCode="yyyy"', 'formatCode=""'))
    assert cells(read(styles))[0, 1, 1][0] == "2025年12月"


def test_cells_without_places_rich_text_and_reading_aids() -> None:
    strings = (
        "<si><r><t>重点</t></r><r><t>任务</t></r><rPh><t>zhong</t></rPh></si><si><t>第一行_x000D_\n第二行</t></si>"
    )
    xml = (
        '<sheetData><row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>目标</t></is></c></row>'
        '<row><c t="s"><v>1</v></c><c t="e"><v>#REF!</v></c></row><row r="3"><c r="B3"><v>3</v></c></row></sheetData>'
        "<headerFooter><oddFooter>&amp;C第 &amp;P 页</oddFooter></headerFooter>"
    )
    raw = read(raw_sheet(xml, strings))
    assert {at: text for at, (text, _, _) in cells(raw).items()} == {
        (0, 0, 0): "重点任务", (0, 0, 1): "目标", (0, 1, 0): "第一行\n第二行", (0, 1, 1): "#REF!",
        (0, 2, 0): "", (0, 2, 1): "3",
    }  # fmt: skip
    assert ("furniture", "第 页") in shape(raw)
    assert [(i.code, i.detail) for i in raw.issues] == [("cell-error", "sheet 'Sheet1': formulas with an error: B2")]


def test_text_under_a_merged_cell_is_not_lost() -> None:
    xml = (
        '<sheetData><row><c t="str"><v>甲</v></c><c t="str"><v>藏</v></c></row><row><c t="str"><v>乙</v></c>'
        '<c t="str"><v>丙</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    )
    raw = read(raw_sheet(xml))
    assert ("furniture", "藏") in shape(raw)
    assert "甲" in [b.text for b in raw.blocks]


def test_damaged_xml_is_read_and_told() -> None:
    xml = '<sheetData><row><c t="str"><v>任务</v></c><c t="str"><v>目标</v></c></row><row><c t="str"><v>基地</v></c>'
    raw = read(raw_sheet(xml))
    assert {text for text, _, _ in cells(raw).values()} >= {"任务", "目标"}
    assert [i.code for i in raw.issues] == ["damaged-part"]


# --- hostile -----------------------------------------------------------------------------------------------------


def test_a_merged_range_over_the_whole_sheet_costs_nothing() -> None:
    xml = (
        '<sheetData><row><c t="str"><v>甲</v></c></row><row r="3"><c t="str"><v>乙</v></c><c t="str"><v>丙</v></c>'
        '</row></sheetData><mergeCells><mergeCell ref="A1:XFD1"/><mergeCell ref="C3:XFD1048576"/></mergeCells>'
    )
    assert cells(read(raw_sheet(xml))) == {(0, 0, 0): ("乙", 1, 1), (0, 0, 1): ("丙", 1, 1)}


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = '<row><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row>'
    for n in range(2, 800):
        wide += f'<row r="{n}"><c r="{sheet_layout.column_letters(n)}{n}"><v>1</v></c></row>'
    with pytest.raises(UnreadableError, match="too large"):
        read(raw_sheet(f"<sheetData>{wide}</sheetData>"))
    shared = "<sheetData>" + '<row><c t="s"><v>0</v></c></row>' * 1100 + "</sheetData>"
    with pytest.raises(UnreadableError, match="too large"):  # ten thousand characters, shown eleven hundred times
        read(raw_sheet(shared, f"<si><t>{'长' * 10_000}</t></si>"))
    monkeypatch.setattr(sheet_layout, "MAX_CELLS", 3)
    with pytest.raises(UnreadableError, match="too large"):
        read(workbook(task_table))


def test_an_entity_is_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "AAAA"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    cell = '<c t="str"><v>任务&a;&f;</v></c>'
    data = raw_sheet(f"<sheetData><row>{cell}<c><v>1</v></c></row></sheetData>", before=bomb)
    texts = "".join(b.text for b in read(data).blocks)
    assert "AAAA" not in texts


def test_damaged_packages() -> None:
    data = workbook(task_table)
    for broken in (data[: len(data) // 2], data[:30] + b"\xff" * 200 + data[230:]):
        with pytest.raises(UnreadableError):
            read(broken)
    assert not xlsx.sniff(data[: len(data) // 2], "a.xlsx")


# --- text --------------------------------------------------------------------------------------------------------

CSV = "\r\n".join([TITLE, ",".join(HEADINGS), *(",".join(f'"{v}"' for v in row) for row in ROWS)])


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (CSV.encode(), "a.csv"),
        (CSV.encode("utf-8-sig"), "a.csv"),
        (CSV.encode("gb18030"), "a.csv"),
        (CSV.replace(",", "\t").encode("utf-16"), "a.csv"),
        (CSV.replace(",", "\t").encode(), "a.tsv"),
        (CSV.replace(",", ";").encode(), "a.csv"),
        (CSV.replace(",", "\t").encode("gb18030"), "a.xls"),  # a site's export of “Excel” that is text
    ],
)
def test_delimited_text(data: bytes, name: str) -> None:
    raw = read(data, name)
    assert raw.format == "csv"
    assert shape(raw)[0] == ("paragraph", TITLE)
    assert {at[1:]: text for at, (text, _, _) in cells(raw).items()} == {
        (r, c): text for r, row in enumerate((HEADINGS, *ROWS)) for c, text in enumerate(row)
    }


def test_fields_in_quotes_hold_delimiters_and_line_ends() -> None:
    raw = read('任务,目标\n"建设基地,\n引进企业","12个"\n'.encode(), "a.csv")
    assert cells(raw)[0, 1, 0][0] == "建设基地,\n引进企业"


def test_a_csv_that_is_prose_is_text() -> None:
    lines = [
        "云溪县产教融合方案",
        "为深化产教融合, 结合我县实际, 制定本方案.",
        "一, 总体要求, 建成基地, 引进企业, 培养人才",
    ]
    raw = read("\n".join([*lines, "到2026年，建成实训基地12个以上。", "各乡镇: 认真落实"]).encode(), "plan.csv")
    assert raw.format == "txt"
    assert [b.text for b in raw.blocks][:3] == lines


# --- HTML under the name of a workbook -----------------------------------------------------------------------------


def html_table(opening: str = "<table>") -> bytes:
    def row(values: tuple[str, ...]) -> str:
        return "<tr>" + "".join(f"<td>{v}</td>" for v in values) + "</tr>"

    title = (
        f"<tr><td>附件2</td><td></td></tr><tr><td colspan=5>{TITLE}</td></tr><tr><td>填报单位：云溪县教育局</td></tr>"
    )
    return (opening + title + "".join(row(r) for r in (HEADINGS, *ROWS)) + "</table>").encode("utf-8")


@pytest.mark.parametrize(
    ("opening", "name"),
    [
        ("<table>", "a.xls"),
        ("<html xmlns:x='urn:schemas-microsoft-com:office:excel'><body><table>", "a.htm"),
        ("<style>td{mso-number-format:'@'}</style><table border=1>", "a.et"),
    ],
)
def test_an_xls_that_is_html(opening: str, name: str) -> None:
    data = html_table(opening)
    raw = read(data, name)
    assert raw.format == "html"
    assert [text for kind, text in shape(raw) if kind == "paragraph"] == ["附件2", TITLE, "填报单位：云溪县教育局"]
    assert cells(raw)[0, 1, 1] == ("建成产教融合实训基地12个以上", 1, 1)
    assert tasks(data, name) == tasks(workbook(task_table), "annex.xlsx")


def test_a_page_with_a_table_stays_a_page() -> None:
    raw = read(b"<html><body>" + html_table() + b"</body></html>", "page.html")
    assert cells(raw)[0, 0, 0][0] == "附件2"  # what a page's table begins with is its business


# --- what is a plan ------------------------------------------------------------------------------------------------


def test_a_short_table_of_tasks_is_a_plan_and_a_list_of_names_is_none() -> None:
    def plan(book: Workbook, sheet: Any) -> None:
        sheet.append(["序号", "重点任务", "责任单位", "完成时限"])
        sheet.append([1, "建成产教融合实训基地十二个", "县教育局", "2025年底前"])

    def names(book: Workbook, sheet: Any) -> None:
        sheet.append(["云溪县职业教育工作联络员名单"])
        sheet.append(["序号", "姓名", "单位", "职务", "联系电话"])
        for n in range(20):
            sheet.append([n + 1, "某某某", "云溪县教育局职业教育科", "科长", 13800000000 + n])

    assert "建成产教融合实训基地十二个" in parse(workbook(plan), "plan.xlsx").text
    with pytest.raises(NotAPlanError, match="a list or data"):
        parse(workbook(names), "names.xlsx")


def test_paragraphs_in_a_workbook_are_a_plan() -> None:
    def fill(book: Workbook, sheet: Any) -> None:
        sheet.append(["云溪县产教融合实施方案"])
        for n in range(6):
            sheet.append([f"{n + 1}.深化校企合作，到2026年建成产教融合实训基地{n + 2}个，培训企业职工{n + 3}000人次。"])

    document = parse(workbook(fill), "plan.xlsx")
    assert document.tables == ()
    assert len(extract(document).targets) == 12


def test_a_locked_workbook_is_told() -> None:
    """A stream with the record FilePass ([MS-XLS] 2.4.117) behind its first record."""
    from pipeline.parse import xls

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    bof = record(0x809, struct.pack("<HHHHII", 0x600, 0x5, 0, 0, 0, 0))
    stream = bof + record(0x2F, struct.pack("<HHHH", 0, 0, 1, 2)) + record(0x0A, b"")
    with pytest.raises(UnreadableError, match="password"):
        xls.read(stream, "a.xls")
    with pytest.raises(UnreadableError, match="damaged"):
        xls.read(bof[:10], "a.xls")
