"""What stands on PDF pages besides the running text: notes, marks, text that is turned or not seen, odd fonts."""

from __future__ import annotations

import hashlib

import pytest
from pdf_helpers import (
    FIRST,
    HEIGHT,
    LEFT,
    RIGHT,
    SECOND,
    SIZE,
    WIDTH,
    XS,
    Page,
    cells,
    filled,
    read,
    texts,
    to_unicode,
    write,
)

from pipeline.model import BlockKind
from pipeline.parse import pdf
from pipeline.parse.pdf_fonts import is_rubbish

FURNITURE = BlockKind.FURNITURE
LONG = "云溪县职业学校与企业共建实训基地的具体办法由县教育局会同有关部门另行制定并向社会公布。"


def show(text: str, x: float, y: float, size: float, colour: str = "0 g", matrix: str = "1 0 0 1") -> str:
    """Operators that set a text in a colour, turned by a matrix."""
    code = text.encode("utf-16-be").hex()
    return f"q {colour} BT /F1 {size} Tf {matrix} {x} {HEIGHT - y} Tm <{code}> Tj ET Q"


class TestFootnotes:
    def page(self, size: float = 9, mark: str = "①", is_raised: bool = True) -> Page:
        """Two paragraphs, a raised mark behind a number in the second, a note at the foot and a page number."""
        page = Page()
        y = page.paragraph(page.paragraph(120, FIRST), "双师型教师比例达到90%")
        if is_raised:
            page.text(LEFT + 12.6 * SIZE, y - 25 - 5, mark, 8)
        cut = int((RIGHT - LEFT) / size) - 3
        page.text(LEFT, 740, f"{mark}{LONG[:cut]}", size).text(LEFT, 740 + 1.6 * size, LONG[cut:], size)
        page.centred(800, "— 1 —")
        return page

    @pytest.mark.parametrize("mark", ["①", "1", "[1]"])
    def test_notes_come_last_and_their_marks_are_not_in_the_text(self, mark: str) -> None:
        document = read(self.page(mark=mark), filled())
        assert texts(document) == [FIRST, "双师型教师比例达到90%", FIRST, SECOND, mark + LONG]
        assert document.blocks[-1].page == 1

    def test_a_sentence_over_the_page_break_is_whole_between_notes(self) -> None:
        first, second = Page(), Page()
        first.paragraph(first.paragraph(120, FIRST), SECOND * 2)
        cut = first.stream[-2:]
        first.stream = first.stream[:-2]
        first.text(LEFT, 740, "①" + LONG[:20], 9).centred(800, "— 1 —")
        second.stream = [line.replace(" 667", " 722").replace(" 642", " 697") for line in cut]
        document = read(first, second)
        assert texts(document) == [FIRST, SECOND * 2, "①" + LONG[:20]]

    def test_two_notes_are_two(self) -> None:
        page = filled()
        for i, mark in enumerate("①②"):
            page.text(LEFT, 740 + 14 * i, f"{mark}依据第{i}号文件。", 9)
        assert texts(read(page)) == [FIRST, SECOND, "①依据第0号文件。", "②依据第1号文件。"]

    def test_notes_of_the_size_of_the_text(self) -> None:
        pages = [self.page(SIZE, "①", False), self.page(SIZE, "②", True), self.page(SIZE, "③", False)]
        pages[0].line(LEFT, 720, LEFT + 120, 720)
        document = read(*pages)
        # The line above it or the raised mark tells; on the third page neither does, and the note stays in its place.
        assert [t[:2] for t in texts(document)] == ["云溪", "双师", "云溪", "双师", "云溪", "双师", "③云", "①云", "②云"]

    @pytest.mark.parametrize("line", ["注：数据为上年末数。", "2026年底前完成。", "1.建设基地。", "12家企业参加。"])
    def test_small_lines_at_the_foot_that_are_no_notes(self, line: str) -> None:
        page = filled().text(LEFT, 745, line, 9)
        document = read(page, filled())
        expected = [FIRST, SECOND, line, FIRST, SECOND]
        if line.startswith("12"):  # a number without a mark behind it may be a note's: it is not lost, but comes last
            expected = [FIRST, SECOND, FIRST, SECOND, line]
        assert texts(document) == expected

    def test_a_raised_number_that_no_note_belongs_to_stays(self) -> None:
        page = filled(y=200).text(LEFT, 120, "面积1000m").text(LEFT + 15 * 4.5, 115, "2", 8)
        page.text(LEFT, 745, "①" + LONG[:20], 9)
        assert texts(read(page))[0] == "面积1000m2"


class TestWatermarks:
    def test_a_pale_mark_over_the_text_is_furniture_and_breaks_no_line(self) -> None:
        page = filled().raw(show("内部资料", 150, 155, 60, "0.85 g"))
        document = read(page)
        assert texts(document) == [FIRST, SECOND]
        assert texts(document, FURNITURE) == ["内部资料"]

    def test_a_mark_at_the_same_place_on_each_page(self) -> None:
        pages = [filled().raw(show("云溪县", 200, 158, 12, "0.8 g")) for _ in range(3)]
        document = read(*pages)
        assert texts(document) == [FIRST, SECOND] * 3
        assert texts(document, FURNITURE) == ["云溪县"] * 3

    def test_pale_text_and_a_large_title_on_one_page_are_text(self) -> None:
        page = Page().raw(show("云溪县实施方案", 150, 80, 26)).raw(show("说明：供内部使用", LEFT, 400, SIZE, "0.7 g"))
        assert texts(read(filled(page))) == ["云溪县实施方案", FIRST, SECOND, "说明：供内部使用"]

    def test_transparent_ink_is_pale(self) -> None:
        half = {8: "<< /ca 0.2 >>"}
        page = filled().raw(f"/Half gs {show('内部资料', 150, 155, 60)}")
        data = write([page], extra=half).replace(b"/ExtGState <<", b"/ExtGState << /Half 8 0 R")
        data = data.replace(b"\n%%EOF", b"\n%%EOF\n")  # offsets in the cross references are off now: PDFium mends them
        document = pdf.read(data, "x.pdf")
        assert texts(document) == [FIRST, SECOND] and texts(document, FURNITURE) == ["内部资料"]


class TestStruck:
    def test_text_that_is_struck_out_is_kept_aside_and_told(self) -> None:
        page = filled(y=200).text(LEFT, 120, "双师型教师占比达到7590%")
        page.line(LEFT + 9 * SIZE, 120 - 0.3 * SIZE, LEFT + 10 * SIZE, 120 - 0.3 * SIZE)
        document = read(page)
        assert texts(document)[0] == "双师型教师占比达到 90%"  # a blank for the gap
        assert texts(document, FURNITURE) == ["75"]
        assert [(i.code, i.severity) for i in document.issues] == [("struck-text", "warning")]

    @pytest.mark.parametrize(
        ("low", "high", "up"), [(135, 150, -0.1), (90, 510, 0.3), (225, 240, 1.1), (100, 103, 0.3)]
    )
    def test_other_lines_strike_nothing(self, low: float, high: float, up: float) -> None:
        """An underline, a line over the whole width, a line above, a stroke inside one letter."""
        page = filled(y=200).text(LEFT, 120, "双师型教师占比达到75%")
        page.line(low, 120 - up * SIZE, high, 120 - up * SIZE)
        document = read(page)
        assert texts(document)[0] == "双师型教师占比达到75%" and document.issues == ()


class TestUnseen:
    def test_white_text_on_paper_is_furniture(self) -> None:
        page = filled().raw(show("隐藏的指标为99%。", LEFT, 300, SIZE, "1 g"))
        document = read(page)
        assert texts(document) == [FIRST, SECOND]
        assert texts(document, FURNITURE) == ["隐藏的指标为99%。"]
        assert [(i.code, i.severity) for i in document.issues] == [("hidden-text", "info")]

    def test_white_text_on_a_dark_head_of_a_table_is_seen(self) -> None:
        ys = [300.0, 330.0, 360.0]
        page = filled().fill(XS[0], 300, XS[-1], 330, 0.3)
        page.grid(XS, ys)
        for x, text in zip(XS, ["序号", "任务", "单位"], strict=False):
            page.raw(show(text, x + 3, 318, 12, "1 g"))
        page.cells(XS, ys, [["", "", ""], ["1", "建设基地", "教育局"]])
        assert list(cells(read(page)).values()) == ["序号", "任务", "单位", "1", "建设基地", "教育局"]

    def test_text_without_ink_is_hidden_but_not_under_a_scanned_picture(self) -> None:
        page = Page(stream=[f"3 Tr {line}" for line in filled().stream])
        page.raw("0 Tr").text(LEFT, 600, LONG[:20])
        document = read(page)
        assert texts(document) == [LONG[:20]]
        assert "".join(texts(document, FURNITURE)).startswith(FIRST[:20])
        scan = Page(stream=[f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID ", "\x80 EI Q", *page.stream])
        assert texts(read(scan)) == [FIRST, SECOND, LONG[:20]]

    def test_fields_and_comments_are_told_and_not_read(self) -> None:
        page = filled()
        page.annotations = (
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (88) /Rect [90 100 200 120] >> "
            "<< /Type /Annot /Subtype /Text /Contents (99) /Rect [300 100 320 120] >> "
            "<< /Type /Annot /Subtype /Link /Rect [90 700 200 720] >>"
        )
        document = read(page, filled())
        assert texts(document) == [FIRST, SECOND] * 2
        assert [(i.code, i.severity) for i in document.issues] == [("annotation", "info")] * 2
        assert {i.detail.split(": ")[1].split(" was")[0] for i in document.issues} == {"1 × comment", "1 × form field"}


class TestTurned:
    @pytest.mark.parametrize("rotate", [0, 90, 180, 270])
    def test_a_page_number_that_runs_another_way_is_one_piece(self, rotate: int) -> None:
        page = filled(Page(rotate=rotate)).raw(show("— 12 —", 560, 400, 12, matrix="0 1 -1 0"))
        document = read(page)
        assert texts(document) == [FIRST, SECOND]
        assert texts(document, FURNITURE) == ["— 12 —"]

    def test_turned_text_in_a_cell_belongs_to_it(self) -> None:
        ys = [300.0, 400.0, 430.0]
        page = filled()
        page.grid(XS, ys)
        page.cells(XS, ys, [["", "建设基地", "教育局"], ["2", "培训教师", "人社局"]])
        page.raw(show("重点任务", 115, 390, 12, matrix="0 1 -1 0"))
        assert list(cells(read(page)).values()) == ["重点任务", "建设基地", "教育局", "2", "培训教师", "人社局"]

    def test_a_table_on_its_side_on_an_upright_page(self) -> None:
        ys = [100.0, 130.0, 160.0]
        page = Page().raw("q 0 1 -1 0 595 0 cm")
        page.height = WIDTH
        page.grid(XS, ys)
        page.cells(XS, ys, [["序号", "建设基地", "教育局"], ["2", "培训教师", "人社局"]])
        page.paragraph(250, FIRST)
        page.raw("Q")
        page.height = HEIGHT
        page.centred(800, "— 3 —")
        document = read(page)
        assert list(cells(document).values()) == ["序号", "建设基地", "教育局", "2", "培训教师", "人社局"]
        assert texts(document) == [FIRST] and texts(document, FURNITURE) == ["— 3 —"]


class TestFonts:
    def test_radicals_that_a_font_states_are_read_as_characters(self) -> None:
        shown = "⼈⺠⻅⻔⻓⻋"  # Kangxi 人, and of the radicals supplement 民见门长车
        page = filled(y=200).raw(
            f"BT /F4 15 Tf 1 0 0 1 {LEFT} 722 Tm <{''.join(f'{i:04x}' for i in range(1, 7))}> Tj ET"
        )
        data = write([page], extra={13: to_unicode(dict(enumerate(shown, 1)))})
        assert texts(pdf.read(data, "x.pdf"))[0] == "人民见门长车"

    def test_numbers_in_a_font_without_values_are_told_and_keep_their_place(self) -> None:
        page = (
            filled(y=200).text(LEFT, 120, "到").text(LEFT + 15, 120, "\x13\x14", font="F3").text(LEFT + 45, 120, "年")
        )
        document = read(page)
        assert texts(document)[0] == "到\ufffd\ufffd年"
        assert [(i.code, i.detail[:20]) for i in document.issues] == [("unmapped-characters", "page 1: 2 characters")]

    @pytest.mark.parametrize(
        "text",
        [
            "ÓìíYÐÂ×ÛºÏ¸ÄÔØÒªÊÇ½ÌÓýºÍÑµÁ·",
            "(cid:211)(cid:87)(cid:1022)",
            "\ue123\ue124建设\ue125\ue126",
            "\ufffd\ufffd\ufffd建设",
            "屧峟峲尠夎奵姩媆嬣孊屭岝峗崨嵁嶑巀帗幒廘彽徻忦怑恀悷惾慱憏戁",
            "/g2AA9/g1B3C/g0F21/g11D2/g2AA9",
        ],
    )
    def test_rubbish(self, text: str) -> None:
        assert is_rubbish(text * 3)

    @pytest.mark.parametrize(
        "text",
        [
            FIRST,
            "12.5 330 48.7% 1,204 (2025) 98.1% 77/80",
            "The county will build twelve training bases by 2027.",
            "\uf06e建设实训基地，完善双师型教师培养机制",
            "臺灣地區職業學校與企業共同建立實訓基地之辦法由縣政府另定之",
            "",
        ],
    )
    def test_no_rubbish(self, text: str) -> None:
        assert not is_rubbish(text)


def rc4(key: bytes, data: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def test_a_file_that_is_locked_against_changes_only_is_read() -> None:
    """Encrypted with an empty user password (PDF 32000-1, 7.6.3, algorithms 1 to 4, revision 2)."""
    padding = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    owner = rc4(hashlib.md5(b"owner" + padding[:27]).digest()[:5], padding)
    document_id = bytes(range(16))
    key = hashlib.md5(padding + owner + (0xFFFFFFFC).to_bytes(4, "little") + document_id).digest()[:5]
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{owner.hex()}> /U <{rc4(key, padding).hex()}> >> "

    def encrypt(number: int, body: str) -> bytes:
        own = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
        return rc4(own, body.encode("latin-1"))

    page = filled()
    page.grid(XS, [300, 330, 360])
    page.cells(XS, [300, 330, 360], [["1", "建设", "局"], ["2", "培训", "局"]])
    data = write([page], trailer=f"{lock} /ID [<{document_id.hex()}> <{document_id.hex()}>]", lock=encrypt)
    assert "云溪".encode("utf-16-be").hex().encode() not in data
    document = pdf.read(data, "x.pdf")
    assert texts(document) == [FIRST, SECOND] and len(cells(document)) == 6
    assert document.issues == ()  # pdfplumber opens it too
