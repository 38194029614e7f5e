"""The parts of text recognition that need no recogniser: order, places, marks, boxes, seals, tables, the cache."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.errors import MissingPartError, UnreadableError
from pipeline.extract import extract
from pipeline.extract.doubts import CEILING, DOUBTFUL_NUMBER
from pipeline.lexicons import load
from pipeline.model import BlockKind, Issue
from pipeline.parse import (
    build,
    image,
    line_boxes,
    ocr_cache,
    ocr_engine,
    ocr_page,
    ocr_pdf,
    parse,
    pdf_layout,
    restructure,
)
from pipeline.parse.ocr_layout import OcrLine, Turner, cells, is_sideways, page_angle, sizes
from pipeline.parse.ocr_marks import as_printed, full_width
from pipeline.parse.ocr_page import Recognised
from pipeline.raw import RawBlock, RawDocument, RawLine

EM = 40.0
WIDTH, HEIGHT = 1654, 2339


def line(x: float, y: float, text: str, angle: float = 0.0, em: float = EM, sure: float = 1.0) -> OcrLine:
    """A line as a perfect recogniser gives it, its upper left corner at (x, y) of a page that is then turned."""
    size = len(text) * em
    quad = [(x, y), (x + size, y), (x + size, y + em / 0.93), (x, y + em / 0.93)]
    turner = Turner(-angle, WIDTH, HEIGHT)
    at = tuple((i + 0.5) / len(text) for i in range(len(text)))
    return OcrLine(tuple(turner.level(*p) for p in quad), text, at, (sure,) * len(text))


def page(*lines: OcrLine, angle: float = 0.0, turned: int = 0, edges: tuple[Any, ...] = (), number: int = 1) -> Any:
    return ocr_page._content(Recognised(turned, WIDTH, HEIGHT, angle, lines, edges, 0), number)


def blocks(*pages: Any) -> list[RawBlock]:
    return list(pdf_layout.lay_out(pages, None)[0])


FULL = "为深化产教融合提升职业教育服务能力根据县委要求结合实际制定本计划请认真执"  # 36 characters
LINES = ((300, "一" + FULL[:33]), (220, FULL[:36]), (220, "到此为止。"), (300, "二" + FULL[:20] + "。"))


class TestOrder:
    @pytest.mark.parametrize("angle", [0.0, 2.5, -2.5, 7.0])
    def test_lines_are_read_in_order_whatever_the_skew(self, angle: float) -> None:
        lines = [line(x, 300 + 75 * i, text, angle) for i, (x, text) in enumerate(LINES)]
        # Two pieces of one line far apart, the right one higher on the skewed picture than the left one of the next.
        lines += [
            line(220, 900, "左边的字", angle),
            line(1300, 900, "右边的字", angle),
            line(220, 1000, "下一行的字", angle),
        ]
        quads = [np.asarray(found.quad) for found in lines]
        assert page_angle(quads) == pytest.approx(angle, abs=0.01)
        got = [b.text for b in blocks(page(*reversed(lines), angle=angle))]
        assert got == [LINES[0][1] + LINES[1][1] + LINES[2][1], LINES[3][1], "左边的字 右边的字", "下一行的字"]

    def test_the_angle_is_that_of_the_long_lines(self) -> None:
        lines = [line(200, 300 + 80 * i, FULL, 1.0) for i in range(3)] + [
            line(200, 700 + 80 * i, "章", 20.0) for i in range(9)
        ]
        assert page_angle([np.asarray(found.quad) for found in lines]) == pytest.approx(1.0, abs=0.01)
        assert page_angle([]) == 0.0

    def test_sideways(self) -> None:
        lying = [np.asarray(line(200, 300 + 80 * i, FULL).quad) for i in range(3)]
        standing = [quad[:, ::-1] for quad in lying]
        assert not is_sideways(lying) and is_sideways(standing)
        assert is_sideways([*standing, lying[0]]) and not is_sideways([*lying, standing[0]])


class TestPlaces:
    def test_short_lines_take_the_size_of_the_text_and_titles_keep_theirs(self) -> None:
        lines = [line(220, 300, FULL), line(220, 380, "保障。", em=56), line(220, 100, "云溪县行动计划", em=60)]
        assert sizes(lines) == pytest.approx([EM, EM, 60.0])

    def test_a_wide_gap_is_a_blank_and_jitter_is_none(self) -> None:
        text = "第一条加大力度"
        middles = [20.0, 60, 100, 200, 233, 287, 320]  # two characters' room before the fourth, then 7 px to and fro
        found = OcrLine(((0, 0), (340, 0), (340, 43), (0, 43)), text, tuple(m / 340 for m in middles), (1.0,) * 7)
        places = cells(found, 0, 340, EM)
        gaps = [round(b[0] - a[1], 1) for a, b in pairwise(places)]
        assert gaps == [0, 0, 60.0, 0, 0, 0]
        assert blocks(page(found, line(0, 60, FULL)))[0].text == "第一条 加大力度"

    def test_a_mark_of_full_width_makes_no_blank(self) -> None:
        text = "县教育局，县财政局"
        middles = [(i + 0.5) * EM for i in range(len(text))]
        middles[4] -= 0.3 * EM  # the ink of a comma
        found = OcrLine(((0, 0), (360, 0), (360, 43), (0, 43)), text, tuple(m / 360 for m in middles), (1.0,) * 9)
        assert [b.text for b in blocks(page(found))] == [text]

    @pytest.mark.parametrize("turned", [0, 1, 2, 3])
    def test_boxes_are_those_of_the_page_as_it_is_shown(self, turned: int) -> None:
        (block,) = blocks(page(line(165.4, 233.9, FULL), turned=turned))
        (raw,) = block.lines
        x0, y0, x1, y1 = 0.1, 0.1, (165.4 + 36 * EM) / WIDTH, (233.9 + EM / 0.93) / HEIGHT
        shown = [(x0, y0, x1, y1), (y0, 1 - x1, y1, 1 - x0), (1 - x1, 1 - y1, 1 - x0, 1 - y0), (1 - y1, x0, 1 - y0, x1)]
        assert raw.box == pytest.approx(shown[turned], abs=2e-3)
        assert raw.text == FULL and raw.page == 1 and raw.confidence == (1.0,) * 36

    def test_a_paragraph_goes_on_over_the_page(self) -> None:
        first = page(*(line(300 if i == 0 else 220, 300 + 75 * i, FULL[: 34 if i == 0 else 36]) for i in range(4)))
        second = page(line(220, 300, FULL[:30] + "。"), line(300, 375, FULL[:34]), line(220, 450, FULL), number=2)
        got = blocks(first, second)
        assert [b.text for b in got] == [FULL[:34] + FULL * 3 + FULL[:30] + "。", FULL[:34] + FULL]
        assert [raw.page for raw in got[0].lines] == [1, 1, 1, 1, 2]


class TestMarks:
    @pytest.mark.parametrize(
        ("read", "printed"),
        [
            ("完成任务(责任单位：县教育局）", "完成任务（责任单位：县教育局）"),
            ("目标:到2025年,全县建成1,200个;比例1:1", "目标：到2025年，全县建成1,200个；比例1:1"),
            ("(1)建设基地", "（1）建设基地"),
            ("(二）完善", "（二）完善"),
            ("GB/T 9704(2012) at 8:30, see (a)", "GB/T 9704(2012) at 8:30, see (a)"),
            ("完成3.5%。", "完成3.5%。"),
        ],
    )
    def test_full_width_beside_chinese_alone(self, read: str, printed: str) -> None:
        assert full_width(read) == printed

    def test_a_dash_between_figures_and_nothing_in_text_that_the_file_holds(self) -> None:
        raw = RawBlock("新增3一5个,第一1期", lines=(RawLine("新增3一5个,第一1期", 1, (0, 0, 1, 1), (1.0,) * 11),))
        held = RawBlock("新增3一5个,")
        found = as_printed(RawDocument("pdf", (raw, held)), load()).blocks
        assert [b.text for b in found] == ["新增3—5个，第一1期", "新增3一5个,"]
        assert found[0].lines[0].text == found[0].text and found[1] is held


class TestBoxes:
    def test_places_hold_though_blocks_are_joined_and_doubtful_characters_are_told(self) -> None:
        title = ("云溪县深化产教融合", "校企合作三年行动计划")
        body = (
            "到2025年，建成实训基地12个以上，开展职工培训3800人次。"
            + "云溪县深化产教融合校企合作三年行动计划要落实。" * 4
        )
        sure = [1.0] * len(body)
        sure[body.index("12")], sure[body.index("3800") + 1], sure[body.index("，")] = 0.5, 0.99, 0.4
        lines = [
            RawLine(t, 1, (0.1, 0.1 * (i + 1), 0.9, 0.1 * (i + 1) + 0.02), (1.0,) * len(t)) for i, t in enumerate(title)
        ]
        as_read = [RawBlock(t, page=1, lines=(ln,)) for t, ln in zip(title, lines, strict=True)]
        as_read.append(RawBlock(body, page=2, lines=(RawLine(body, 2, (0.1, 0.5, 0.9, 0.6), tuple(sure)),)))
        raw = restructure(RawDocument("image", tuple(as_read)), load())
        document = line_boxes.locate(build.build(raw, "x.png", "0" * 64), as_read)
        assert len(document.blocks) == 2  # the title was joined
        assert [document.text[b.start : b.end] for b in document.lines] == [*title, body]
        assert [(b.page, b.left, b.top) for b in document.lines] == [(1, 0.1, 0.1), (1, 0.1, 0.2), (2, 0.1, 0.5)]
        (issue,) = document.issues
        assert (issue.code, issue.detail, issue.severity) == ("low-confidence", "1 (0.50), page 2", "warning")
        assert issue.start is not None and document.text[issue.start : issue.start + 2] == "12"

    def test_text_that_does_not_fit_has_no_boxes_and_says_so(self) -> None:
        as_read = [RawBlock("建成基地", lines=(RawLine("建成基地", 1, (0, 0, 1, 1), (0.1,) * 4),))]
        document = line_boxes.locate(build.build(RawDocument("image", (RawBlock("建戌基地"),)), "x.png", "0"), as_read)
        assert document.lines == () and [i.code for i in document.issues] == ["low-confidence"]

    def test_a_doubtful_number_is_no_silent_target(self) -> None:
        text = "云溪县产教融合实施方案\n" + "为贯彻上级要求，结合我县实际，坚持问题导向，制定本方案。" * 4
        text += "\n一、工作目标\n到2025年，建成实训基地12个，培训教师300人次。\n"
        document = parse(text.encode(), "x.txt")
        at = document.text.index("12")
        plain = extract(document)
        assert [t.value for t in plain.targets] == [12, 300]
        doubted = extract(_with(document, Issue("low-confidence", "", "warning", at + 1, at + 2)))
        assert [t.value for t in doubted.targets] == [12, 300]
        assert doubted.targets[0].evidence.confidence == CEILING < plain.targets[0].evidence.confidence
        assert doubted.targets[1] == plain.targets[1]
        told = [(i.code, document.text[i.start : i.end]) for i in doubted.issues if i not in plain.issues]
        assert told == [(DOUBTFUL_NUMBER, "12个")]


def _with(document: Any, issue: Issue) -> Any:
    from dataclasses import replace

    return replace(document, issues=(*document.issues, issue))


class TestSeals:
    @pytest.fixture(autouse=True)
    def _cv2(self) -> None:
        pytest.importorskip("cv2", reason="needs OpenCV, which comes with the OCR extra")

    def _paper(self) -> Any:
        return np.full((900, 1200, 3), 255, np.uint8)

    def _ring(self, picture: Any, colour: tuple[int, int, int]) -> None:
        y, x = np.ogrid[:900, :1200]
        distance = np.hypot(x - 600, y - 450)
        picture[(distance < 165) & (distance > 155)] = colour
        picture[distance < 50] = colour

    @pytest.mark.parametrize("colour", [(60, 50, 225), (125, 125, 125)])
    def test_a_seal_goes_and_the_text_below_it_stays(self, colour: tuple[int, int, int]) -> None:
        from pipeline.parse.ocr_seal import remove_seals

        picture = self._paper()
        self._ring(picture, colour)
        picture[444:456, 300:900] = 10  # a black bar right across
        cleaned, count = remove_seals(picture, 200 / 25.4)
        assert count == 1
        bar = np.zeros((900, 1200), bool)
        bar[444:456, 300:900] = True
        assert cleaned[bar].max() < 60
        assert cleaned[~bar].min() > 240

    def test_a_red_head_and_grey_shading_stay(self) -> None:
        from pipeline.parse.ocr_seal import remove_seals

        picture = self._paper()
        for i in range(8):  # characters of 15 mm in a row, and a rule below them
            picture[200:300:4, 100 + 125 * i : 200 + 125 * i] = (30, 30, 220)
        picture[330:336, 80:1120] = (30, 30, 220)
        picture[500:560, 100:1100] = 190  # the shaded head of a table
        cleaned, count = remove_seals(picture, 200 / 25.4)
        assert count == 0 and cleaned is picture


class TestTables:
    @pytest.fixture(autouse=True)
    def _cv2(self) -> None:
        pytest.importorskip("cv2", reason="needs OpenCV, which comes with the OCR extra")

    @pytest.mark.parametrize("angle", [0.0, 1.5])
    def test_lines_of_a_picture_are_a_grid(self, angle: float) -> None:
        import cv2

        from pipeline.parse.ocr_tables import ruling_lines

        picture = np.full((1000, 1400, 3), 255, np.uint8)
        xs, ys = (100, 400, 900, 1300), (100, 180, 260, 400)
        for x in xs:
            picture[ys[0] if x != 400 else ys[1] : ys[-1], x - 1 : x + 2] = 0  # the first row has a merged cell
        for y in ys:
            picture[y - 1 : y + 2, xs[0] : xs[-1]] = 0
        for i in range(12):  # strokes of characters
            picture[310:313, 130 + 20 * i : 145 + 20 * i] = 0
            picture[300:340, 137 + 20 * i : 140 + 20 * i] = 0
        turn = cv2.getRotationMatrix2D((699.5, 499.5), -angle, 1.0)
        skewed = cv2.warpAffine(picture, turn, (1400, 1000), borderValue=(255, 255, 255))
        edges = tuple(ruling_lines(np.asarray(skewed, np.uint8), 200 / 25.4, angle))
        texts = [
            line(x + 20, y + 20, t) for x, y, t in ((140, 100, "任务目标"), (920, 100, "单位"), (120, 180, "基地"))
        ]
        found = ocr_page._content(Recognised(0, 1400, 1000, 0.0, tuple(texts), edges, 0), 1)
        got = {
            (b.cell.row, b.cell.col, b.cell.rowspan, b.cell.colspan): b.text
            for b in blocks(found)
            if b.kind is BlockKind.CELL and b.cell
        }
        assert got == {
            (0, 0, 1, 2): "任务目标", (0, 2, 1, 1): "单位", (1, 0, 1, 1): "基地", (1, 1, 1, 1): "", (1, 2, 1, 1): "",
            (2, 0, 1, 1): "", (2, 1, 1, 1): "", (2, 2, 1, 1): "",
        }  # fmt: skip

    def test_a_page_of_text_has_no_lines(self) -> None:
        from pipeline.parse.ocr_tables import ruling_lines

        picture = np.full((600, 900, 3), 255, np.uint8)
        for row in range(5):
            for i in range(18):
                picture[60 + 80 * row : 63 + 80 * row, 60 + 44 * i : 100 + 44 * i] = 0
                picture[50 + 80 * row : 90 + 80 * row, 78 + 44 * i : 81 + 44 * i] = 0
        assert ruling_lines(picture, 200 / 25.4, 0.0) == []


class TestCache:
    def test_where_it_is(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv(ocr_cache.VARIABLE, str(tmp_path))
        assert ocr_cache.folder() == tmp_path / "ocr"
        monkeypatch.setenv(ocr_cache.VARIABLE, "")
        assert ocr_cache.folder() is None and ocr_cache.get("00") is None
        ocr_cache.put("00", 1)  # nowhere, without a word
        monkeypatch.delenv(ocr_cache.VARIABLE)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
        monkeypatch.setattr("sys.platform", "linux")
        assert ocr_cache.folder() == tmp_path / "c" / "duibiao" / "ocr"

    def test_values_come_back_and_rubbish_does_not(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv(ocr_cache.VARIABLE, str(tmp_path))
        name = ocr_cache.key(b"pixels", (1, 2, 3), "v1")
        assert len({name, ocr_cache.key(b"pixels", (1, 2, 3), "v2"), ocr_cache.key(b"pixels", (3, 2, 1), "v1")}) == 3
        found = Recognised(1, 10, 20, 0.5, (line(1, 2, "甲乙"),), (), 1)
        ocr_cache.put(name, ocr_page._to_json(found))
        assert ocr_page._from_json(ocr_cache.get(name)) == found
        (file,) = (tmp_path / "ocr").rglob("*.json")
        for rubbish in (
            "{",
            "[]",
            "null",
            json.dumps({"page": [0, 1, 1, 0, 0], "lines": [[[], "甲", [], []]], "edges": []}),
        ):
            file.write_text(rubbish)
            assert ocr_page._from_json(ocr_cache.get(name)) is None


def png(width: int, height: int) -> bytes:
    """A PNG whose head states a size, with a few pixels only."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


class TestPictures:
    def test_without_the_extra_the_command_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ocr_engine, "is_available", lambda: False)
        with pytest.raises(MissingPartError) as caught:
            parse(png(10, 10), "扫描.png")
        assert 'pip install "duibiao[ocr]"' in caught.value.message("zh")
        assert 'pip install "duibiao[ocr]"' in caught.value.message("en") and "扫描.png" in caught.value.message("en")

    @pytest.mark.parametrize("size", [(40_000, 25_000), (12_000, 12_000)])
    def test_a_bomb_is_refused_before_it_is_decoded(
        self, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
    ) -> None:
        pytest.importorskip("PIL")
        monkeypatch.setattr(ocr_engine, "is_available", lambda: True)
        monkeypatch.setattr(image, "_as_page", lambda frame: pytest.fail("decoded"))
        with pytest.raises(UnreadableError, match="too many pixels"):
            image.read(png(*size), "x.png")

    @pytest.mark.parametrize(
        "data", [png(50, 50)[:45], b"II*\x00\x08\x00\x00\x00", b"GIF89a" + b"\x00" * 9, b"\xff\xd8\xff\xe0"]
    )
    def test_damage(self, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
        pytest.importorskip("PIL")
        monkeypatch.setattr(ocr_engine, "is_available", lambda: True)
        monkeypatch.setattr(image, "read_picture", lambda picture, number: pytest.fail("read"))
        with pytest.raises(UnreadableError, match="damaged"):
            image.read(data, "x")

    def test_resolution_and_direction(self) -> None:
        pil = pytest.importorskip("PIL.Image")

        def shape(width: int, height: int, dpi: tuple[float, float] | None, orientation: int = 1) -> tuple[int, ...]:
            frame = pil.new("L", (width, height), 200)
            if dpi:
                frame.info["dpi"] = dpi
            frame.getexif()[0x0112] = orientation
            return image._as_page(frame).shape

        assert shape(2480, 3508, (300, 300)) == (2339, 1653, 3)
        assert shape(1728, 1145, (204, 98)) == (2337, 1694, 3)  # a fax
        assert shape(4000, 3000, (96, 96)) == (1800, 2400, 3)  # a camera that states nothing
        assert shape(4000, 3000, None, 6) == (2400, 1800, 3)
        assert shape(300, 200, None) == (200, 300, 3)

    def test_transparent_is_white(self) -> None:
        pil = pytest.importorskip("PIL.Image")
        assert image._as_page(pil.new("RGBA", (4, 4), (0, 0, 0, 0))).min() == 255
        assert image._as_page(pil.fromarray(np.full((4, 4), 65535, np.uint16))).min() == 255

    def test_pages_and_time_are_limited(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ocr_pdf, "MAX_PAGES", 2)
        budget = ocr_pdf.Budget("x.tif")
        budget.take()
        budget.take()
        with pytest.raises(UnreadableError, match="more than 2 pages"):
            budget.take()
        monkeypatch.setattr(ocr_pdf, "MAX_SECONDS", -math.inf)
        with pytest.raises(UnreadableError, match="too long"):
            ocr_pdf.Budget("x.tif").take()
