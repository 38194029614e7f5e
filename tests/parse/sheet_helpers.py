"""Workbooks for tests: by openpyxl where it writes what is needed, from raw XML where it does not."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from docx_helpers import pack, unpack
from openpyxl import Workbook

from pipeline.raw import RawDocument

HEADINGS = ("序号", "重点任务", "牵头单位", "责任单位", "完成时限")
ROWS = (
    ("1", "建成产教融合实训基地12个以上", "县教育局", "县财政局、县人社局", "2026年12月底前"),
    ("2", "双师型教师占比达到85%", "县教育局", "县人社局", "2025年6月底前"),
)
TITLE = "云溪县产教融合重点任务分解表"


def workbook(fill: Callable[[Workbook, Any], None]) -> bytes:
    """The bytes of a workbook whose first sheet (Sheet1) `fill(book, sheet)` has filled."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sheet1"
    fill(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def task_table(book: Workbook, sheet: Any) -> None:
    """An annex as ministries write it: number of the annex, title over all columns, unit, headings, rows, a note."""
    sheet.append(["附件2"])
    sheet.append([TITLE])
    sheet.merge_cells("A2:E2")
    sheet.append(["填报单位：云溪县教育局"])
    sheet.append(HEADINGS)
    for row in ROWS:
        sheet.append(row)
    sheet.append(["注：各单位于每季度末报送进展情况。"])
    sheet.merge_cells("A7:E7")


def patched(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The package with a part changed."""
    files = unpack(data)
    return pack(files | {part: change(files[part].decode()).encode()})


_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def raw_sheet(xml: str, strings: str = "", before: str = "") -> bytes:
    """A workbook of one sheet: the inner XML of the sheet and of the shared texts, and what stands before the root."""
    kinds = {"sharedStrings": "sharedStrings.xml", "worksheet": "worksheets/sheet1.xml"}
    relations = "".join(f'<Relationship Id="{k}" Type="{_REL}/{k}" Target="{t}"/>' for k, t in kinds.items())
    book = f'<workbook xmlns:r="{_REL}"><sheets><sheet name="Sheet1" r:id="worksheet"/></sheets></workbook>'
    return pack({
        "xl/workbook.xml": book.encode(),
        "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>".encode(),
        "xl/sharedStrings.xml": f"<sst>{strings}</sst>".encode(),
        "xl/worksheets/sheet1.xml": f"{before}<worksheet>{xml}</worksheet>".encode(),
    })  # fmt: skip


def shape(raw: RawDocument) -> list[tuple[str, str]]:
    """Kind and text of every block."""
    return [(block.kind.value, block.text) for block in raw.blocks]


def cells(raw: RawDocument) -> dict[tuple[int, int, int], tuple[str, int, int]]:
    """(table, row, column) → (text, rows, columns)."""
    return {
        (c.table, c.row, c.col): (block.text, c.rowspan, c.colspan)
        for block in raw.blocks
        if (c := block.cell) is not None
    }
