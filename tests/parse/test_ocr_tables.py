"""Tables and headings of scans: what is a line, what is a seal, which way a page is turned, which head is repeated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from test_ocr_parts import FULL, blocks, line, page

from pipeline.parse import ocr_engine, ocr_page
from pipeline.parse.pdf_shapes import Edge

pytest.importorskip("cv2", reason="needs OpenCV, which comes with the OCR extra")


def test_a_table_of_thin_grey_lines_is_no_seal() -> None:
    from pipeline.parse.ocr_seal import remove_seals

    picture = np.full((900, 1200, 3), 255, np.uint8)
    for x in range(100, 1101, 250):
        picture[200:600, x - 2 : x + 3] = 150
    for y in range(200, 601, 100):
        picture[y - 2 : y + 3, 100:1101] = 150
    cleaned, count = remove_seals(picture, 200 / 25.4)
    assert count == 0 and cleaned is picture


def test_strokes_of_characters_in_a_cell_are_no_lines_of_the_table() -> None:
    from pipeline.parse.ocr_tables import ruling_lines

    picture = np.full((600, 1400, 3), 255, np.uint8)
    xs, ys = (100, 700, 1300), (100, 150, 400)
    for x in xs:
        picture[ys[0] : ys[-1], x - 1 : x + 2] = 0
    for y in ys:
        picture[y - 1 : y + 2, xs[0] : xs[-1]] = 0
    for i in range(12):  # in a row: upper strokes of neighbouring characters almost touch
        picture[112:115, 130 + 32 * i : 160 + 32 * i] = 0
        for x in (134, 144, 154):
            picture[112:138, x + 32 * i : x + 3 + 32 * i] = 0
    picture[220:330, 300:303] = 0  # in a column: upright strokes of characters one below the other
    found = {(e.is_vertical, 10 * round(e.at / 10)) for e in ruling_lines(picture, 200 / 25.4, 0.0)}
    assert found == {*((True, x) for x in xs), *((False, y) for y in ys)}


def test_a_head_that_is_read_otherwise_on_the_next_page_is_repeated() -> None:
    def with_head(number: int, last: str, row: str) -> Any:
        texts = [line(120, 120, "序号"), line(420, 120, last), line(120, 220, row), line(420, 220, "建设基地")]
        edges = [Edge(True, x, 100, 300) for x in (100, 400, 900)] + [Edge(False, y, 100, 900) for y in (100, 200, 300)]
        return page(*texts, edges=tuple(edges), number=number)

    rows = [b.text for b in blocks(with_head(1, "责任人员", "1"), with_head(2, "责员任人", "2")) if b.cell]
    assert rows == ["序号", "责任人员", "1", "建设基地", "2", "建设基地"]
    other = [b.text for b in blocks(with_head(1, "责任人员", "1"), with_head(2, "完成时限", "2")) if b.cell]
    assert len(other) == 8


def test_a_page_whose_lying_lines_can_be_read_is_not_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    lying = [np.asarray(line(200, 300 + 80 * i, FULL[:6]).quad) for i in range(3)]
    standing = [np.array([(x, 500.0), (x + 43, 500), (x + 43, 740), (x, 740)]) for x in range(100, 500, 100)]
    monkeypatch.setattr(ocr_page, "crop", lambda image, quad: image)
    for sure, few, expected in ((0.99, lying, True), (0.5, lying, False), (0.99, lying[:1], False)):
        read = ocr_engine.Reading(FULL[:6], tuple(i / 6 for i in range(6)), (sure,) * 6)
        monkeypatch.setattr(ocr_engine, "recognise", lambda crops, read=read: [read for _ in crops])
        assert ocr_page._has_lines(np.zeros((9, 9, 3), np.uint8), [*standing, *few]) is expected
