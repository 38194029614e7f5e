"""The way of the text over PDF pages: columns, page numbers in all their forms, tables of contents."""

from __future__ import annotations

import pytest
from pdf_helpers import FIRST, LEFT, SECOND, SIZE, Page, advance, filled, read, texts

from pipeline.model import BlockKind

FURNITURE = BlockKind.FURNITURE


def columns(page: Page, y: float, lefts: list[float], width: int, paragraphs: list[str], lines: int = 10) -> None:
    """Sets paragraphs of 12 points in columns of `width` characters and `lines` lines, with an indent of two."""
    size, at = 12.0, 0
    for text in paragraphs:
        line, room = "", width - 2.0
        x = 2 * size
        for char in [*text, ""]:
            need = advance(char, size) / size if char else 99
            if need > room + 0.01:
                page.text(lefts[at // lines] + x, y + 18 * (at % lines), line, size)
                at, line, room, x = at + 1, "", float(width), 0.0
            line, room = line + char, room - need


SHORT = ["云溪县建立产教融合联席会议制度，到2027年建成实训基地12个，每季度召开一次会议。", "各乡镇要明确专人负责。"]


class TestColumns:
    @pytest.mark.parametrize(("lefts", "width"), [([90.0, 330.0], 15), ([90.0, 240.0, 390.0], 10)])
    def test_one_after_the_other_with_paragraphs_that_go_on(self, lefts: list[float], width: int) -> None:
        page = Page().text(LEFT, 80, "云溪县深化产教融合推进职业教育高质量发展实施方案")
        columns(page, 120, lefts, width, SHORT * 5, lines=13)
        page.paragraph(400, FIRST[:-2])
        document = read(page)
        assert texts(document) == ["云溪县深化产教融合推进职业教育高质量发展实施方案", *SHORT * 5, FIRST[:-2]]

    def test_baselines_that_do_not_meet(self) -> None:
        page = Page()
        columns(page, 120, [60.0], 18, SHORT * 2)
        columns(page, 129, [320.0], 18, SHORT * 2)
        assert texts(read(page)) == SHORT * 4

    def test_a_page_with_few_lines_has_the_columns_of_the_one_before(self) -> None:
        first, second = Page(), Page()
        columns(first, 120, [60.0, 320.0], 18, SHORT * 5)
        columns(second, 120, [60.0], 18, SHORT[:1])
        columns(second, 120, [320.0], 18, SHORT[:1])
        assert texts(read(first, second)) == [*SHORT * 5, SHORT[0], SHORT[0]]

    def test_a_list_with_values_is_read_row_by_row(self) -> None:
        page = Page()
        names = ["实训基地数量", "双师型教师占比", "企业数", "生均公用经费标准", "就业率", "学校数", "年培训人次数"]
        for i, name in enumerate(names):
            page.text(LEFT, 120 + 25 * i, name).text(380, 120 + 25 * i, f"{10 + i}个左右")
        assert texts(read(page)) == [f"{name} {10 + i}个左右" for i, name in enumerate(names)]


class TestPageNumbers:
    FORMS = ("{}", "— {} —", "- {} -", "第{}页 共9页", "第 {} 页", "{}/9", "Page {} of 9", "· {} ·", "[{}]")

    @pytest.mark.parametrize("form", [*FORMS, "云溪县教育局 {}", "页码：{}"])
    def test_at_the_foot_of_pages(self, form: str) -> None:
        pages = [filled() for _ in range(3)]
        for n, page in enumerate(pages, 4):  # the file may begin with the fourth page
            page.centred(800, form.format(n))
        document = read(*pages)
        assert texts(document, FURNITURE) == [form.format(n) for n in (4, 5, 6)]
        assert texts(document) == [FIRST, SECOND] * 3

    @pytest.mark.parametrize("numbers", [["i", "ii", "iii"], ["第三页", "第四页", "第五页"], ["IX", "X", "XI"]])
    def test_in_other_numerals(self, numbers: list[str]) -> None:
        pages = [filled() for _ in range(3)]
        for text, page in zip(numbers, pages, strict=True):
            page.centred(800, text)
        assert texts(read(*pages), FURNITURE) == numbers

    @pytest.mark.parametrize("lines", [["附件一", "附件二", "附件三"], ["表 1", "表 2", "表 3"]])
    def test_captions_at_the_top_that_count_are_text(self, lines: list[str]) -> None:
        pages = [filled(Page().text(LEFT, 90, line)) for line in lines]
        assert texts(read(*pages), FURNITURE) == []

    def test_numbers_that_do_not_count_the_pages_are_text(self) -> None:
        pages = [filled() for _ in range(3)]
        for n, page in zip((12, 7, 31), pages, strict=True):
            page.centred(800, f"达标{n}项")
        assert texts(read(*pages), FURNITURE) == []

    def test_running_heads_that_differ_on_left_and_right_pages(self) -> None:
        heads = ["云溪县教育局文件", "产教融合实施方案"]
        pages = [filled(Page().text(LEFT, 60, heads[n % 2])) for n in range(6)]
        assert texts(read(*pages), FURNITURE) == heads * 3


def test_sizes_of_the_helpers() -> None:
    """Twelve points set 18 characters in 216: the columns of these tests are full where they say so."""
    assert sum(advance(c, 12.0) for c in "云" * 18) == 216 and SIZE == 15
