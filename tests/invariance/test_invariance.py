"""The harness itself, and a fast slice of what it holds: two sample plans in the formats that are quick to make.

The whole: `make invariance`.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from invariance import write_docx, write_html, write_ofd, write_scan, write_text
from invariance.comparison import NotRead, Reading, compare, manifest_of, read
from invariance.formats import FORMATS, Workshop, chosen
from invariance.plan_model import Cell, Grid, Look, Plan, Text, one_line, plan_of
from invariance.run import CORPUS, FLOORS, Column, run
from lxml import etree

from pipeline.lexicons import load
from pipeline.model import CellAt

LEXICONS = load()
SLICE = ["lanchuan-2021", "shuochuan-2021"]  # a notice with a task table, quarters under merged tasks
CELLS = (
    Cell("任务", CellAt(0, 0, 0)),
    Cell("时限\n要求", CellAt(0, 0, 1, 1, 2)),
    Cell("建基地", CellAt(0, 1, 0, 2, 1)),
    Cell("3月", CellAt(0, 1, 1)),
    Cell("85%", CellAt(0, 1, 2)),
    Cell("5月", CellAt(0, 2, 1)),
    Cell("12", CellAt(0, 2, 2)),
)
GRID = Grid(3, 3, CELLS, 1, ("任务分解表",))


@pytest.fixture(scope="module")
def original() -> Reading:
    reading = read((CORPUS / "lanchuan-2021.html").read_bytes(), "lanchuan-2021.html", LEXICONS)
    assert isinstance(reading, Reading)
    return reading


@pytest.fixture(scope="module")
def plan(original: Reading) -> Plan:
    return plan_of("lanchuan-2021", original.document, LEXICONS)


@pytest.fixture(scope="module")
def columns() -> dict[str, Column]:
    return {column.format.name: column for column in run(SLICE, chosen(["txt", "html", "docx", "pdf-office"]))}


@pytest.mark.parametrize("name", ["txt", "html", "docx", "pdf-office"])
def test_the_records_come_back(name: str, columns: dict[str, Column]) -> None:
    column = columns[name]
    if column.skipped is not None:
        pytest.skip(column.skipped)
    assert sorted(column.results) == SLICE
    assert column.below(whole=False) == []
    assert column.rate("characters") == column.rate("numbers") == 0


def test_every_format_has_its_floors() -> None:
    assert set(FLOORS["formats"]) == {one.name for one in FORMATS}


def test_a_format_that_is_not_read_says_why(original: Reading) -> None:
    refused = read(b"Rar!\x1a\x07\x00" + bytes(40), "plan.rar", LEXICONS)
    assert isinstance(refused, NotRead)
    assert "RAR" in refused.reason


def _again(plan: Plan, original: Reading) -> Column:
    column = Column(chosen(["docx"])[0])
    found = read(write_docx.write(plan), "x.docx", LEXICONS)
    assert isinstance(found, Reading)
    column.results[plan.name] = compare(original, plan_of(plan.name, original.document, LEXICONS), found)
    return column


def test_what_is_lost_is_below_the_floor(plan: Plan, original: Reading) -> None:
    assert _again(plan, original).below() == []
    goal = next(i for i, p in enumerate(plan.parts) if isinstance(p, Text) and p.text.startswith("到2025年"))
    without = replace(plan, parts=(*plan.parts[:goal], *plan.parts[goal + 1 :]))
    column = _again(without, original)
    assert {line.split(":")[0] for line in column.below()} >= {"docx", "docx lanchuan-2021", "docx characters"}
    assert any(line.startswith("targets missed") for line in column.results["lanchuan-2021"].misses)


def test_a_wrong_number_counts_unless_it_is_flagged(plan: Plan, original: Reading) -> None:
    parts = tuple(
        replace(p, text=p.text.replace("园区3个", "园区8个")) if isinstance(p, Text) else p for p in plan.parts
    )
    assert parts != plan.parts
    result = _again(replace(plan, parts=parts), original).results[plan.name]
    assert result.numbers[0] == 1
    assert result.characters[0] == 1
    assert any("wrong number" in line and "8" in line for line in result.misses)


def test_a_moved_cell_counts(plan: Plan, original: Reading) -> None:
    table = plan.tables[0]
    swapped = replace(table, cells=(replace(table.cells[0], text="编号"), *table.cells[1:]))
    parts = tuple(swapped if p is table else p for p in plan.parts)
    result = _again(replace(plan, parts=parts), original).results[plan.name]
    assert result.cells == (1, len(table.cells))


def test_tables_alone_are_compared_with_the_records_in_tables(plan: Plan, original: Reading) -> None:
    alone = replace(plan, parts=(*map(Text, plan.tables[0].caption), plan.tables[0]))
    found = read(write_docx.write(alone), "x.docx", LEXICONS, manifest_of(original))
    assert isinstance(found, Reading)
    result = compare(original, plan, found, tables_only=True)
    assert (result.overall, result.misses, result.cells[0]) == (1.0, [], 0)
    in_table = [t for t in original.record["tasks"] if t["source"] == "table"]
    assert result.scores["tasks"].right == len(in_table) > 0


def test_a_plan_has_the_looks_of_its_lines(plan: Plan) -> None:
    looks = {p.text: p.look for p in plan.parts if isinstance(p, Text)}
    assert looks["索引号："] is Look.HEAD
    assert looks["澜政办发〔2021〕17号"] is Look.CENTRE
    assert looks["一、工作目标"] is Look.FIRST
    assert looks["2021年4月26日"] is Look.RIGHT
    assert looks["澜川市深化产教融合行动计划"] is Look.TITLE
    assert plan.tables[0].caption[-1] == "澜川市深化产教融合重点任务清单"


def test_places_of_a_grid() -> None:
    rows = GRID.rows_of_cells()
    assert [[None if cell is None else cell.text for cell, _ in row] for row in rows] == [
        ["任务", "时限\n要求"],
        ["建基地", "3月", "85%"],
        [None, "5月", "12"],
    ]
    assert sum(GRID.widths(9000)) == pytest.approx(9000, abs=3)


def test_broken_lines_are_one() -> None:
    assert one_line("产教\n融合 New\nWorld") == "产教融合 New World"


def test_text_and_pages_state_the_table() -> None:
    small = Plan("x", "", (Text("一、总则", Look.FIRST), GRID))
    assert write_text.txt(small).decode().split("\n")[2:5] == ["任务\t时限要求\t", "建基地\t3月\t85%", "\t5月\t12"]
    page = write_html.write(small).decode()
    assert '<td colspan="2"><p>时限</p><p>要求</p></td>' in page
    assert '<td rowspan="2"><p>建基地</p></td>' in page


def test_workbooks_hold_numbers_as_numbers() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    made = write_text.xlsx(Plan("x", "", (GRID,)))
    assert made is not None
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    assert sheet["A1"].value == "任务分解表"
    assert (sheet["C3"].value, sheet["C3"].number_format, sheet["C4"].value) == (0.85, "0%", 12)
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:C1", "B2:C2", "A3:A4"}
    assert write_text.xlsx(Plan("x", "", (Text("一"),))) is None


def test_pages_of_pictures_and_of_ofd(tmp_path: Path) -> None:
    pypdfium2 = pytest.importorskip("pypdfium2")
    data = (CORPUS / "baixi-2023.pdf").read_bytes()
    document = pypdfium2.PdfDocument(data)
    first = document[0].get_textpage().get_text_range()
    scan = pypdfium2.PdfDocument(write_scan.clean(data))
    assert len(scan) == len(document)
    assert scan[0].get_textpage().count_chars() == 0
    assert scan[0].get_size() == pytest.approx(document[0].get_size(), abs=1)
    with zipfile.ZipFile(io.BytesIO(write_ofd.write(data, "柏溪"))) as package:
        page = etree.fromstring(package.read("Doc_0/Pages/Page_0/Content.xml"))
        assert etree.fromstring(package.read("OFD.xml")).tag.endswith("}OFD")
    runs = [code.text for code in page.iter("{http://www.ofdspec.org/2016}TextCode")]
    assert sorted("".join(runs)) == sorted("".join(first.split()))


def test_a_worn_page_is_the_same_each_time() -> None:
    pytest.importorskip("numpy")
    from PIL import Image

    page = Image.new("L", (400, 300), 255)
    page.paste(0, (100, 100, 300, 200))
    once, twice = (write_scan._worn(page, 1).tobytes() for _ in range(2))
    assert once == twice
    assert once != write_scan._worn(page, 2).tobytes()


def test_formats_without_their_program_are_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("invariance.programs.shutil.which", lambda name: None)
    assert chosen(["doc"])[0].missing() == "LibreOffice is not installed"
    assert chosen(["pdf-browser"])[0].missing() == "Chromium is not installed"
    assert chosen(["html"])[0].missing() is None
    assert set(Workshop([Plan("x", "", (Text("一"),))], tmp_path).docx) == {"x"}
