"""PDF files written in the test: paragraphs, furniture, tables over page breaks, and files that cannot be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_helpers import FIRST, LEFT, RIGHT, SECOND, SIZE, XS, Page, cells, filled, read, texts, write

from pipeline.errors import MissingPartError, UnreadableError
from pipeline.model import BlockKind
from pipeline.parse import ocr_engine, pdf
from pipeline.raw import RawBlock

WILD = Path(__file__).resolve().parents[2] / "../shared/corpus/wild"


@pytest.fixture(scope="module", autouse=True)
def _without_text_recognition() -> Iterator[None]:
    """Scans are the matter of test_scans.py; here it is what is said without the extra."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ocr_engine, "is_available", lambda: False)
        yield


class TestParagraphs:
    def test_lines_are_joined_without_breaking_words_and_numbers(self) -> None:
        document = read(filled())
        assert texts(document) == [FIRST, SECOND]
        assert document.page_count == 1
        assert {b.page for b in document.blocks} == {1}

    def test_a_paragraph_goes_on_over_the_page(self) -> None:
        first, second = Page(), Page()
        first.paragraph(first.paragraph(120, FIRST), SECOND * 2, right=RIGHT)
        lines = first.stream[-2:]
        first.stream = first.stream[:-2]
        second.stream = [line.replace(" 667", " 722").replace(" 642", " 697") for line in lines]
        document = read(first, second)
        assert texts(document) == [FIRST, SECOND * 2]
        assert [b.page for b in document.blocks] == [1, 1]

    def test_a_full_last_line_before_an_indent_ends_its_paragraph(self) -> None:
        text = "实" * 25 + "。" + "训" * 27 + "。"  # 26 characters after the indent, then 28: two full lines
        page = Page()
        page.paragraph(page.paragraph(120, text), SECOND)
        assert texts(read(page)) == [text, SECOND]

    def test_centred_lines_stand_alone_and_large_titles_over_the_whole_width_go_on(self) -> None:
        page = Page()
        page.text(LEFT, 90, "云溪县职业教育产教融合高质量发展三年行动", 21).centred(120, "计划（2025—2027年）", 21)
        page.centred(150, "云溪县教育局文件")
        filled(page, 200)
        title = "云溪县职业教育产教融合高质量发展三年行动计划（2025—2027年）"
        assert texts(read(page)) == [title, "云溪县教育局文件", FIRST, SECOND]

    def test_signature_and_date_are_two_paragraphs(self) -> None:
        page = filled()
        page.text(RIGHT - 6 * SIZE, 300, "云溪县教育局")
        page.text(RIGHT - 10 * SIZE, 325, "二〇二五年十二月三日")
        assert texts(read(page))[-2:] == ["云溪县教育局", "二〇二五年十二月三日"]

    def test_items_that_end_sentences_begin_paragraphs_even_without_an_indent(self) -> None:
        page = Page()
        page.paragraph(page.paragraph(120, "1." + "建" * 26 + "；", indent=0), "2." + "设" * 26 + "；", indent=0)
        assert texts(read(page)) == ["1." + "建" * 26 + "；", "2." + "设" * 26 + "；"]

    @pytest.mark.parametrize(("second", "is_one"), [("2.设", False), ("5.设", True), ("（二）设", True)])
    def test_items_that_count_on_begin_paragraphs_without_a_mark_before(self, second: str, is_one: bool) -> None:
        page = Page()
        page.paragraph(page.paragraph(120, "1." + "建" * 27, indent=0), second + "设" * 20, indent=0)
        assert (texts(read(page))[0] == "1." + "建" * 27 + second + "设" * 20) is is_one

    def test_quotes_in_another_font_drawn_last_stand_where_they_are_seen(self) -> None:
        page = filled(y=200)
        page.text(120, 120, "创").text(150, 120, "新").text(176, 120, "发展")
        page.raw(f"BT /F2 15 Tf 1 0 0 1 139 {842 - 120} Tm (\\223) Tj 1 0 0 1 166 {842 - 120.6} Tm (\\224) Tj ET")
        assert texts(read(page))[0] == "创“新”发展"

    def test_a_blank_is_kept_between_latin_words_only(self) -> None:
        page = filled(y=300)
        page.text(LEFT, 100, "推广" * 11 + "Industry").text(LEFT, 125, "Cloud平台20").text(LEFT, 175, "高" * 26 + "20")
        page.text(LEFT, 200, "27年")
        assert texts(read(page))[:2] == ["推广" * 11 + "Industry Cloud平台20", "高" * 26 + "2027年"]

    def test_digits_set_apart_like_han_are_one_number(self) -> None:
        page = filled(y=200).text(LEFT, 120, "到")
        for i, digit in enumerate("2027"):
            page.text(LEFT + 18 + 13.5 * i, 120, digit)
        page.text(LEFT + 72, 120, "年").text(LEFT, 150, "12").text(LEFT + 20, 150, "34")
        assert texts(read(page))[:2] == ["到2027年", "12 34"]

    def test_bold_by_overprinting_is_read_once(self) -> None:
        page = filled(y=200).text(120, 120, "一、总体要求").text(120.4, 120, "一、总体要求")
        assert texts(read(page))[0] == "一、总体要求"

    @given(st.lists(st.text("云溪县教育局组织实施，。“”《》AB 01234", min_size=1, max_size=90), min_size=1, max_size=6))
    @settings(max_examples=40, deadline=None)
    def test_nothing_is_lost_and_nothing_is_read_twice(self, paragraphs: list[str]) -> None:
        page = filled()
        y = 320.0
        for text in paragraphs:
            y = page.paragraph(y, text)
        document = read(page)
        read_back = Counter("".join("".join(b.text for b in document.blocks).split()))
        assert read_back == Counter("".join((FIRST + SECOND + "".join(paragraphs)).split()))


class TestFurniture:
    def test_running_heads_and_page_numbers(self) -> None:
        pages = [filled(Page().text(LEFT, 60, "云溪县教育局文件")) for _ in range(3)]
        for n, page in enumerate(pages, 1):
            page.centred(800, f"— {n} —")
        document = read(*pages)
        assert texts(document, BlockKind.FURNITURE) == [t for n in (1, 2, 3) for t in ("云溪县教育局文件", f"— {n} —")]
        assert texts(document) == [FIRST, SECOND] * 3

    def test_page_of_pages(self) -> None:
        pages = [filled() for _ in range(3)]
        for n, page in enumerate(pages, 1):
            page.centred(800, f"第{n}页 共3页")
        assert len(texts(read(*pages), BlockKind.FURNITURE)) == 3

    def test_a_lone_number_with_dashes_is_a_page_number_on_one_page(self) -> None:
        page = filled()
        page.centred(800, "- 7 -")
        assert texts(read(page), BlockKind.FURNITURE) == ["- 7 -"]

    def test_numbered_annexes_at_the_top_of_pages_are_text(self) -> None:
        pages = [filled(Page().text(LEFT, 90, f"附件{n}")) for n in (1, 2, 3)]
        assert [t for t in texts(read(*pages)) if t.startswith("附件")] == ["附件1", "附件2", "附件3"]

    def test_the_same_sentence_in_the_middle_of_pages_is_text(self) -> None:
        assert texts(read(*(filled() for _ in range(4))), BlockKind.FURNITURE) == []

    def test_a_watermark_across_the_page_is_furniture(self) -> None:
        code = "内部资料".encode("utf-16-be").hex()
        page = filled().raw(f"BT /F1 40 Tf 0.707 0.707 -0.707 0.707 150 300 Tm <{code}> Tj ET")
        document = read(page)
        assert texts(document) == [FIRST, SECOND]
        assert texts(document, BlockKind.FURNITURE) == ["内部资料"]


class TestFaults:
    def test_sniff_goes_by_content(self) -> None:
        assert pdf.sniff(b"\r\n" + write([filled()]), "x.txt")
        assert not pdf.sniff(b"PK\x03\x04", "x.pdf")

    def test_a_password(self) -> None:
        lock = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + "41" * 32 + "> /U <" + "42" * 32 + "> >> "
        data = write([filled()], trailer=lock + "/ID [<00112233445566778899aabbccddeeff> <00>]")
        with pytest.raises(UnreadableError, match="password") as caught:
            pdf.read(data, "锁.pdf")
        assert "密码" in caught.value.message("zh")

    @pytest.mark.parametrize("data", [b"%PDF-1.7\n" + b"junk " * 50, write([]), write([filled()])[:200]])
    def test_damage(self, data: bytes) -> None:
        with pytest.raises(UnreadableError, match="damaged"):
            pdf.read(data, "坏.pdf")

    def test_no_text_layer_names_the_part_that_is_missing(self) -> None:
        with pytest.raises(MissingPartError) as caught:
            read(Page().fill(0, 0, 595, 842, 0.5), Page())
        assert "duibiao[ocr]" in caught.value.message("zh") and "duibiao[ocr]" in caught.value.message("en")
        assert caught.value.exit_code == 3

    def test_one_page_without_text_among_others_is_reported(self) -> None:
        document = read(filled(), Page(), filled())
        assert [(i.code, i.detail) for i in document.issues] == [("page-without-text", "page 2 has no text layer")]

    def test_fonts_that_give_no_characters(self) -> None:
        def rubbish() -> Page:
            page = Page()
            for i in range(6):  # glyph numbers of a subset font, which mean nothing as characters
                page.text(LEFT, 120 + 25 * i, "".join(chr(0xC0 + 7 * k % 180) for k in range(20)), font="F3")
            return page

        with pytest.raises(MissingPartError, match="fonts"):
            read(rubbish(), rubbish(), filled())
        document = read(rubbish(), filled(), filled())
        assert [i.code for i in document.issues] == ["garbled-page"]

    def test_an_english_page_and_a_page_of_figures_are_not_rubbish(self) -> None:
        english, figures = Page(), Page()
        for i in range(8):
            english.text(LEFT, 120 + 25 * i, "The county will build twelve training bases by 2027.", 12)
            figures.text(LEFT, 120 + 25 * i, "12.5 330 48.7% 1,204 (2025) 98.1% 77/80", 12)
        assert read(english, figures, filled()).issues == ()

    def test_characters_set_one_by_one_in_a_font_that_is_nowhere(self) -> None:
        page = Page()
        for i, char in enumerate(FIRST[:27]):
            page.text(LEFT + SIZE * i, 120, char)
        assert texts(read(page)) == [FIRST[:27]]

    def test_metadata(self) -> None:
        info = "/Title <FEFF" + "云溪县实施方案".encode("utf-16-be").hex() + "> /CreationDate (D:20250612093000+08'00')"
        document = pdf.read(write([filled()], info=info), "x.pdf")
        assert document.metadata == (("title", "云溪县实施方案"), ("created", "2025-06-12"))
        assert read(filled()).metadata == ()


def wild(name: str) -> bytes:
    path = WILD / name
    if not path.is_file():
        pytest.skip("needs the corpus beside the project (../shared/corpus/wild)")
    return path.read_bytes()


@pytest.mark.shared
class TestRealFiles:
    def test_a_plan_with_white_backgrounds_has_paragraphs_and_no_table(self) -> None:
        document = pdf.read(wild("hainan-nongji-2024.pdf"), "hainan-nongji-2024.pdf")
        assert document.page_count == 11
        assert texts(document, BlockKind.CELL) == []
        paragraphs = texts(document)
        assert sum(len(t) for t in paragraphs) > 11_000
        # Every paragraph of the body ends as one does: none is broken in the middle.
        long = [t for t in paragraphs if len(t) > 60]
        assert len(long) > 40
        assert all(t[-1] in "。：；" for t in long)

    def test_a_table_over_four_pages_is_one(self) -> None:
        document = pdf.read(wild("shenzhen-ai-2026.pdf"), "shenzhen-ai-2026.pdf")
        found = cells(document, 1)
        rows = {row for row, *_ in found}
        assert rows == set(range(22))  # head and 21 scenes
        assert {key: t for key, t in found.items() if key[1] == 0 and t.isdigit()} == {
            (1, 0, 3, 1): "1",
            (4, 0, 7, 1): "2",
            (11, 0, 6, 1): "3",
            (17, 0, 3, 1): "4",
            (20, 0, 2, 1): "5",
        }
        assert all(t.endswith("。") for (row, col, *_), t in found.items() if col == 3 and row)
        assert {b.cell.table for b in document.blocks if b.cell} == {0, 1}

    def test_fonts_that_the_file_does_not_hold_are_read_without_them(self) -> None:
        document = pdf.read(wild("yunnan-15.pdf"), "yunnan-15.pdf")
        assert document.page_count == 28 and document.issues == ()
        text = "".join(texts(document))
        assert sum("\u4e00" <= c <= "\u9fff" for c in text) > 20_000
        numerals = "一二三四五六七八九十"
        chapters = {t[:3] for t in texts(document) if t.startswith("第") and t[2:3] == "章"}
        assert chapters == {f"第{n}章" for n in numerals}

    def test_a_scan_asks_for_text_recognition(self) -> None:
        with pytest.raises(MissingPartError, match="no text layer"):
            pdf.read(wild("pingshan-shiti-scan.pdf"), "pingshan-shiti-scan.pdf")


def test_blocks_are_in_reading_order() -> None:
    page = Page()
    y = page.paragraph(120, FIRST)
    page.grid(XS, [y, y + 30, y + 60])
    page.cells(XS, [y, y + 30, y + 60], [["1", "建设基地", "教育局"], ["2", "培训教师", "人社局"]])
    page.paragraph(y + 100, SECOND)
    blocks: tuple[RawBlock, ...] = read(page).blocks
    assert [b.text for b in blocks] == [FIRST, "1", "建设基地", "教育局", "2", "培训教师", "人社局", SECOND]
