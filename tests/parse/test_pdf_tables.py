"""Tables of PDF files written in the test: cells by their lines, what is no table, and tables over page breaks."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pdfplumber
import pytest
from pdf_helpers import FIRST, HEIGHT, LEFT, RIGHT, SECOND, XS, Page, cells, filled, read, texts, write

from pipeline.model import BlockKind
from pipeline.parse import pdf, pdf_rulings

YS = [300.0, 330.0, 360.0]
ROWS = [["1", "建设基地", "教育局"], ["2", "培训教师", "人社局"]]


def with_table(page: Page | None = None, ys: list[float] = YS) -> Page:
    """A table of two rows of three cells, and paragraphs above it."""
    page = filled(page)
    page.grid(XS, ys)
    page.cells(XS, ys, ROWS)
    return page


class TestTables:
    def test_merged_cells(self) -> None:
        ys = [300.0, 330.0, 360.0, 390.0]
        page = filled()
        page.grid(XS, ys, frozenset({("v", 1, 0), ("h", 2, 0)}))
        page.cells(XS, ys, [["重点任务", "", "单位"], ["1", "建设基地", "教育局"], ["", "培训教师", "人社局"]])
        page.paragraph(430, SECOND)
        document = read(page)
        assert cells(document) == {
            (0, 0, 1, 2): "重点任务",
            (0, 2, 1, 1): "单位",
            (1, 0, 2, 1): "1",
            (1, 1, 1, 1): "建设基地",
            (1, 2, 1, 1): "教育局",
            (2, 1, 1, 1): "培训教师",
            (2, 2, 1, 1): "人社局",
        }
        assert texts(document) == [FIRST, SECOND, SECOND]
        assert document.blocks[2].kind is BlockKind.CELL and document.blocks[-1].kind is BlockKind.PARAGRAPH

    def test_the_cells_are_those_that_pdfplumber_finds(self) -> None:
        ys = [300.0, 330.0, 360.0, 390.0]
        page = filled()
        page.grid(XS, ys, frozenset({("v", 2, 1), ("h", 1, 0)}))
        page.cells(XS, ys, [["甲乙丙", "丁", "戊"], ["", "己庚", ""], ["辛", "", "壬"]])
        data = write([page])
        with pdfplumber.open(io.BytesIO(data)) as other:
            rows = other.pages[0].find_tables()[0].extract()
        expected = sorted(text for row in rows for text in row if text is not None)
        assert sorted(cells(pdf.read(data, "x.pdf")).values()) == expected

    def test_borders_drawn_as_thin_filled_shapes(self) -> None:
        page = filled()
        for x in XS:
            page.fill(x, 300, x + 0.7, 360.7, 0)
        for y in (300, 330, 360):
            page.fill(XS[0], y, XS[-1] + 0.7, y + 0.7, 0)
        page.cells(XS, [300, 330, 360], [["1", "建设", "教育局"], ["2", "培训", "人社局"]])
        assert len(cells(read(page))) == 6

    def test_white_backgrounds_and_a_frame_round_text_are_no_tables(self) -> None:
        page = Page()
        for i in range(12):
            page.fill(LEFT, 100 + 25 * i, RIGHT, 125 + 25 * i, 1)
            page.fill(LEFT, 100 + 25 * i, 300, 125 + 25 * i, 1)
        filled(page)
        page.grid([80, 520], [90, 400])
        document = read(page)
        assert texts(document) == [FIRST, SECOND]
        assert texts(document, BlockKind.CELL) == []

    def test_wrapped_lines_in_a_cell_join_and_short_ones_stay_apart(self) -> None:
        page = filled()
        page.grid(XS, [300, 380, 410])
        text = "建设校企共建共享的公共实训基地\n三个\n6月底前\n完成"
        page.cells(XS, [300, 380, 410], [["1", text, "教育局"], ["2", "培训", "人社局"]])
        assert cells(read(page))[0, 1, 1, 1] == "建设校企共建共享的公共实训基地三个\n6月底前\n完成"

    def test_a_table_goes_on_with_its_head_repeated(self) -> None:
        ys = [100.0, 130.0, 160.0]
        head = ["序号", "任务", "单位"]
        first, second = filled(), Page()
        first.grid(XS, [740, 770, 800])
        first.cells(XS, [740, 770, 800], [head, ["1", "建设基地", "教育局"]])
        second.grid(XS, ys)
        second.cells(XS, ys, [head, ["2", "培训教师", "人社局"]])
        second.paragraph(200, SECOND)
        document = read(first, second)
        assert [t for (row, *_), t in cells(document).items() if row == 2] == ["2", "培训教师", "人社局"]
        assert len(cells(document)) == 9
        assert texts(document, BlockKind.FURNITURE) == ["序号 任务 单位"]
        assert [b.page for b in document.blocks if b.text in {"建设基地", "培训教师"}] == [1, 2]

    def test_tables_with_other_columns_or_text_between_are_two(self) -> None:
        first, second, third = filled(), Page(), Page()
        first.grid(XS, [740, 770, 800])
        first.cells(XS, [740, 770, 800], [["1", "建设", "局"], ["2", "培训", "局"]])
        for page, xs in ((second, [90.0, 300.0, 510.0]), (third, XS)):
            y = 100.0 if page is second else page.paragraph(100, SECOND)
            page.grid(xs, [y, y + 30, y + 60])
            page.cells(xs, [y, y + 30, y + 60], [["甲", "乙"], ["丙", "丁"]])
        document = read(first, second, third)
        # The second has fewer column lines, all of them but one where the first has none.
        assert {b.cell.table for b in document.blocks if b.cell} == {0, 1, 2}

    def test_a_row_cut_by_the_break_is_one_where_the_frame_is_open(self) -> None:
        first, second = filled(), Page()
        first.grid(XS, [740, 770, 800], frozenset({("h", 2, 0), ("h", 2, 1), ("h", 2, 2)}))
        first.cells(XS, [740, 770, 800], [["1", "建设基地", "教育局"], ["2", "培训教师每年不少于两百", "人社局"]])
        second.grid(XS, [60, 100, 130], frozenset({("h", 0, 0), ("h", 0, 1), ("h", 0, 2)}))
        second.cells(XS, [60, 100, 130], [["", "人次", ""], ["3", "评估", "督导室"]])
        found = cells(read(first, second))
        assert found[1, 1, 1, 1] == "培训教师每年不少于两百人次"
        assert found[2, 0, 1, 1] == "3"
        assert len(found) == 9

    def test_a_row_cut_by_the_break_is_one_where_the_frame_is_drawn(self) -> None:
        first, second = filled(), Page()
        first.grid(XS, [740, 770, 800])
        line = "建设校企共建共享的公共实训基地并"
        first.cells(XS, [740, 770, 800], [["1", "评估", "督导室"], ["2", line, "教育局"]])
        second.grid(XS, [60, 100, 130])
        second.cells(XS, [60, 100, 130], [["", "向社会开放。", ""], ["3", "评估", "督导室"]])
        found = cells(read(first, second))
        assert found[1, 1, 1, 1] == line + "向社会开放。"
        assert len(found) == 9

    def test_a_row_cut_by_the_break_below_a_repeated_head(self) -> None:
        head = ["序号", "任务", "单位"]
        below = frozenset({("h", 2, 0), ("h", 2, 1), ("h", 2, 2)})
        first, second = filled(), Page()
        first.grid(XS, [740, 770, 800], below)
        first.cells(XS, [740, 770, 800], [head, ["1", "培训教师每年不少于两百", "人社局"]])
        second.grid(XS, [60, 90, 120, 150])  # the head's lower line is drawn, so that only the page before is open
        second.cells(XS, [60, 90, 120, 150], [head, ["", "人次", ""], ["2", "评估", "督导室"]])
        document = read(first, second)
        assert cells(document)[1, 1, 1, 1] == "培训教师每年不少于两百人次"
        assert len(cells(document)) == 9 and texts(document, BlockKind.FURNITURE) == ["序号 任务 单位"]
        closed = filled()
        closed.grid(XS, [740, 770, 800])
        closed.cells(XS, [740, 770, 800], [head, ["1", "培训教师", "人社局"]])
        apart = cells(read(closed, second))
        assert apart[1, 0, 2, 1] == "1" and apart[2, 1, 1, 1] == "人次"  # a merged cell beside two rows

    def test_the_rest_of_a_row_with_text_in_one_cell_only(self) -> None:
        first, second = filled(), Page()
        first.grid(XS, [740, 770, 800])
        first.cells(XS, [740, 770, 800], [["1", "评估", "督导室"], ["2", "建设校企共建共享的公共实训基地并", "教育局"]])
        second.grid(XS, [60, 100])
        second.cells(XS, [60, 100], [["", "向社会开放。", ""]])
        second.paragraph(150, FIRST)
        document = read(first, second)
        assert cells(document)[1, 1, 1, 1] == "建设校企共建共享的公共实训基地并向社会开放。"
        assert len(cells(document)) == 6 and texts(document)[-1] == FIRST
        assert cells(read(second)) == {}  # alone it is a frame

    @pytest.mark.parametrize(("below", "is_one"), [("制。", True), ("制度。", False)])
    def test_a_row_is_cut_where_what_follows_did_not_fit(self, below: str, is_one: bool) -> None:
        first, second = filled(), Page()
        first.grid(XS, [740, 770, 800])
        line = "建设校企共建共享的公共实训机"  # 14 of the 16 characters that fit, and 制 may not part from its 。
        first.cells(XS, [740, 770, 800], [["1", "评估", "督导室"], ["2", line, "教育局"]])
        second.grid(XS, [60, 100, 130])
        second.cells(XS, [60, 100, 130], [["", below, ""], ["3", "评估", "督导室"]])
        assert (cells(read(first, second)).get((1, 1, 1, 1)) == line + below) is is_one

    def test_a_merged_cell_at_the_right_goes_on_with_the_one_at_the_left(self) -> None:
        first, second = filled(), Page()
        ys = [710.0, 740, 770, 800]
        first.grid(XS, ys, frozenset({("h", 2, 0), ("h", 2, 2)}))
        first.cells(XS, ys, [["序号", "任务", "时限"], ["一", "评估。", "长期"], ["", "建设基地。", ""]])
        second.grid(XS, [60, 90, 120], frozenset())
        second.cells(XS, [60, 90, 120], [["", "培训教师。", ""], ["二", "评估", "长期"]])
        found = cells(read(first, second))
        assert found[1, 0, 3, 1] == "一" and found[1, 2, 3, 1] == "长期"
        assert found[3, 1, 1, 1] == "培训教师。"

    def test_a_merged_cell_goes_on_where_the_next_row_is_new(self) -> None:
        first, second = filled(), Page()
        first.grid(XS, [740, 770, 800])
        first.cells(XS, [740, 770, 800], [["一", "评估", "督导室"], ["二", "建设基地。", "教育局"]])
        second.grid(XS, [60, 100, 130])
        second.cells(XS, [60, 100, 130], [["", "培训教师。", "人社局"], ["三", "评估", "督导室"]])
        found = cells(read(first, second))
        assert found[1, 0, 2, 1] == "二"
        assert found[2, 1, 1, 1] == "培训教师。"
        assert len(found) == 11

    @pytest.mark.parametrize(("rest", "is_one"), [("", True), ("督导室", False)])
    def test_a_row_without_what_every_row_has_is_the_rest_of_a_cut_one(self, rest: str, is_one: bool) -> None:
        first, second = filled(), Page()
        ys = [650.0, 680, 710, 740, 770, 800]
        first.grid(XS, ys)
        rows = [
            ["季度", "任务", "单位"],
            *([f"{n}季度", "评估。", "督导室"] for n in "123"),
            ["4季度", "总结。", "教育局"],
        ]
        first.cells(XS, ys, rows)
        second.grid(XS, [60, 100, 130])
        second.cells(XS, [60, 100, 130], [["5季度" if rest else "", "推广成果。", rest], ["6季度", "评估", "督导室"]])
        assert (cells(read(first, second))[4, 1, 1, 1] == "总结。推广成果。") is is_one

    def test_a_merged_cell_in_the_middle_goes_on_beside_numbered_rows(self) -> None:
        first, second = filled(), Page()
        ys = [620.0, 650, 680, 710, 740, 770, 800]
        first.grid(XS, ys, frozenset({("h", 2, 2), ("h", 4, 2)}))
        rows = [
            ["序号", "任务", "单位"],
            *([str(n), "评估。", "督导室" if n in {1, 3, 5} else ""] for n in range(1, 6)),
        ]
        first.cells(XS, ys, rows)
        second.grid(XS, [60, 100, 130])
        second.cells(XS, [60, 100, 130], [["6", "推广成果。", ""], ["7", "评估。", "教育局"]])
        found = cells(read(first, second))
        assert found[5, 2, 2, 1] == "督导室" and found[6, 1, 1, 1] == "推广成果。"

    def test_whole_sentences_on_both_sides_are_two_rows(self) -> None:
        first, second = filled(), Page()
        line = "建设校企共建共享的公共实训机。"
        first.grid(XS, [740, 770, 800])
        first.cells(XS, [740, 770, 800], [["1", "评估", "督导室"], ["2", line, "教育局和督导室等有关单位"]])
        second.grid(XS, [60, 100, 130])
        second.cells(XS, [60, 100, 130], [["3", line, "教育局和督导室等有关单位"], ["4", "评估", "督导室"]])
        assert len(cells(read(first, second))) == 12

    def test_a_blank_cell_in_a_numbered_row_is_not_joined(self) -> None:
        first, second = filled(), Page()
        first.grid(XS, [740, 770, 800])
        first.cells(XS, [740, 770, 800], [["1", "评估", "督导室"], ["2", "建设基地", "教育局"]])
        second.grid(XS, [60, 100, 130])
        second.cells(XS, [60, 100, 130], [["3", "培训教师", ""], ["4", "评估", "督导室"]])
        found = cells(read(first, second))
        assert found[2, 2, 1, 1] == "" and found[1, 2, 1, 1] == "教育局"

    @pytest.mark.parametrize(
        "skip", [{("h", 2, 1), ("v", 1, 2)}, {("h", 1, 0), ("v", 1, 0)}, {("h", 1, 0), ("v", 1, 0), ("h", 3, 1)}]
    )
    def test_lines_that_make_an_angle_cut_the_rest_at_all_lines(self, skip: set[tuple[str, int, int]]) -> None:
        xs, ys = XS[:1] + XS[2:], [300.0, 330.0, 360.0, 390.0]
        page = filled()
        page.grid(xs, ys, frozenset(skip))
        page.cells(xs, ys, [["甲", "乙"], ["丙", "丁"], ["戊", "己"]])
        assert cells(read(page)) == {(i // 2, i % 2, 1, 1): text for i, text in enumerate("甲乙丙丁戊己")}

    def test_a_line_that_ends_inside_a_cell_cuts_nothing(self) -> None:
        page = with_table()
        page.line(200, 300, 200, 315)
        assert list(cells(read(page)).values()) == [text for row in ROWS for text in row]

    def test_a_double_frame_is_one(self) -> None:
        page = with_table()
        page.grid([XS[0] - 3.5, XS[-1] + 3.5], [YS[0] - 3.5, YS[-1] + 3.5])
        assert list(cells(read(page)).values()) == [text for row in ROWS for text in row]


class TestRulings:
    """The lines that pdfplumber reads, against those that PDFium sees."""

    def test_pdfplumber_is_asked_only_where_lines_may_be_a_table(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[int] = []
        plain = pdf_rulings.Rulings.edges

        def edges(self: pdf_rulings.Rulings, content: Any) -> Any:
            asked.append(content.number)
            return plain(self, content)

        monkeypatch.setattr(pdf_rulings.Rulings, "edges", edges)
        underlined = filled().line(LEFT, 400, RIGHT, 400).line(LEFT, 403, RIGHT, 403)
        assert len(cells(read(filled(), underlined, with_table()))) == 6
        assert asked == [3]

    @pytest.mark.parametrize("kind", ["cannot be opened", "page fails", "page count differs", "nothing found"])
    def test_where_pdfplumber_fails_the_lines_are_those_of_pdfium(
        self, monkeypatch: pytest.MonkeyPatch, kind: str
    ) -> None:
        first, second = with_table(), with_table()
        expected = read(first, second)
        assert expected.issues == ()

        def fail(*_: object) -> Any:
            raise RecursionError

        replaced: dict[str, tuple[object, str, Callable[..., Any]]] = {
            "cannot be opened": (pdfplumber, "open", fail),
            "page fails": (pdf_rulings, "_lines", fail),
            "page count differs": (pdf_rulings.Rulings, "_open", lambda self: []),
            "nothing found": (pdf_rulings, "_lines", lambda page, frame: iter(())),
        }
        monkeypatch.setattr(*replaced[kind])
        document = read(first, second)
        assert document.blocks == expected.blocks
        assert [(i.code, i.severity, i.detail[:7]) for i in document.issues] == [
            ("table-lines", "info", "page 1:"),
            ("table-lines", "info", "page 2:"),
        ]

    def test_a_drawing_on_a_page_that_pdfplumber_cannot_read_is_no_trouble(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pdf_rulings.Rulings, "_open", lambda self: [])
        page = filled()
        page.grid([400, 420], [700, 720])
        assert read(page).issues == ()

    @pytest.mark.parametrize(
        ("operators", "is_seen"),
        [
            ("0 G", True),
            ("/Spot CS 1 SCN", True),
            ("0 0 0 1 K", True),
            ("1 G", False),
            ("/Spot CS 0 SCN", False),
            ("0 0 0 0 K", False),
            ("/Clear gs 0 G", False),
        ],
    )
    def test_lines_that_are_not_seen_make_no_table(self, operators: str, is_seen: bool) -> None:
        page = filled().raw(f"q {operators} 1 w")
        for y in YS:
            page.raw(f"{XS[0]} {HEIGHT - y} m {XS[-1]} {HEIGHT - y} l S")
        for x in XS:
            page.raw(f"{x} {HEIGHT - YS[0]} m {x} {HEIGHT - YS[-1]} l S")
        page.raw("Q").cells(XS, YS, ROWS)
        document = read(page)
        assert len(cells(document)) == (6 if is_seen else 0)
        assert document.issues == ()

    @pytest.mark.parametrize("corner", [(0, 0), (-30, 200)])
    @pytest.mark.parametrize("rotate", [0, 90, 180, 270])
    def test_a_page_turned_on_its_side_is_read_upright(self, rotate: int, corner: tuple[float, float]) -> None:
        page = Page(height=595 if rotate % 180 else HEIGHT)
        turned = {90: "0 1 -1 0 595 0 cm", 180: "-1 0 0 -1 595 842 cm", 270: "0 -1 1 0 0 842 cm"}
        page.raw(turned.get(rotate, ""))
        with_table(page)
        document = read(Page(rotate=rotate, corner=corner, stream=page.stream))
        assert texts(document) == [FIRST, SECOND]
        assert list(cells(document).values()) == [text for row in ROWS for text in row]
        assert document.issues == ()  # pdfplumber's lines are where PDFium's are
