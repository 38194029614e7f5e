"""Scans and photographs from the picture to the document: the recogniser is started once for all of these."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scan_helpers as scans
from pdf_helpers import FIRST, Page, filled, write

from pipeline.extract import extract
from pipeline.extract.doubts import CEILING, DOUBTFUL_NUMBER
from pipeline.lexicons import load
from pipeline.model import BlockKind, Document
from pipeline.parse import image, ocr_cache, ocr_engine, ocr_marks, ocr_page, parse, pdf
from pipeline.progress import listen

pytestmark = pytest.mark.skipif(not ocr_engine.is_available(), reason="needs the OCR extra: pip install 'duibiao[ocr]'")

WILD = Path(__file__).resolve().parents[2] / "../shared/corpus/wild"
TEXTS = (scans.TITLE, *scans.PARAGRAPHS[:3])
WHOLE = "".join(TEXTS)


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ocr_cache.VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def clean() -> Any:
    """The upper half of a page: a title, two paragraphs and a heading."""
    return scans.page(TEXTS[1:]).crop((0, 0, scans.SIZE[0], 1150))


def texts(picture: Any) -> list[str]:
    return [block.text for block in image.read(scans.encode(picture, "PNG"), "x.png").blocks]


class TestPages:
    def test_a_clean_page_is_exact_in_paragraphs(self, clean: Any) -> None:
        assert texts(clean) == list(TEXTS)

    @pytest.mark.parametrize("name", ["bad", "red seal", "grey seal", "turned 90", "turned 180"])
    def test_a_bad_page_has_few_errors(self, clean: Any, name: str) -> None:
        place = (1000, 880)  # over the lines with the figures
        picture = {
            "bad": lambda: scans.jpeg(scans.noise(scans.blur(scans.skew(clean, 2)), 10), 40),
            "red seal": lambda: scans.jpeg(scans.seal(clean, *place), 60),
            "grey seal": lambda: scans.seal(clean, *place, colour=(110, 110, 110)),
            "turned 90": lambda: clean.rotate(90, expand=True),
            "turned 180": lambda: clean.rotate(180),
        }[name]()
        document = image.read(scans.encode(picture, "PNG"), "x.png")
        got = "".join(block.text for block in ocr_marks.as_printed(document, load()).blocks)
        assert scans.distance(WHOLE, got) <= 1  # 0.7 % of its characters is 1.4
        assert [i.code for i in document.issues] == ["recognised", *["seal-removed"] * ("seal" in name)]

    def test_a_ruled_table(self) -> None:
        rows = [
            ["序号", "任务", "目标", "牵头单位"],
            ["1", "培养“双师型”教师，支持教师到企业实践", "占比不低于62.5%", "县教育局"],
            ["", "引进高技能人才", "新增200名", "县委组织部"],
        ]
        picture = scans.table(rows, [110, 460, 300, 260], spans={(1, 0): 2})
        bad = scans.jpeg(scans.noise(scans.skew(picture, 1.5), 8), 60).crop((0, 0, scans.SIZE[0], 900))
        document = image.read(scans.encode(bad, "PNG"), "x.png")
        got = {(b.cell.row, b.cell.col, b.cell.rowspan): b.text for b in document.blocks if b.cell}
        want = {(r, c, 2 if (r, c) == (1, 0) else 1): t for r, row in enumerate(rows) for c, t in enumerate(row)}
        del want[2, 0, 1]
        assert got == want
        assert all(b.kind is BlockKind.CELL for b in document.blocks)


@pytest.fixture(scope="module")
def tiff() -> bytes:
    """Two pages, a paragraph going on from the one to the other."""
    first = scans.page((scans.PARAGRAPHS[0], scans.PARAGRAPHS[2]))
    lines = scans.wrap(scans.PARAGRAPHS[2])
    split = scans.TOP + 2 * scans.PITCH + (len(scans.wrap(scans.PARAGRAPHS[0])) + len(lines) - 1) * scans.PITCH
    array = np.array(first)
    array[split : split + scans.PITCH] = 255  # the last line stands on the second page
    second = scans.page((), title="")
    scans.draw_line(second, scans.LEFT, scans.TOP, lines[-1][1], scans.font())
    return scans.encode(scans.picture(array), "TIFF", save_all=True, append_images=[second], compression="tiff_lzw")


@pytest.fixture(scope="module")
def document(tiff: bytes) -> Document:
    return parse(tiff, "plan.tif")


class TestFiles:
    def test_a_tiff_of_two_pages(self, document: Document) -> None:
        found = [(b.kind, b.page, document.text[b.start : b.end]) for b in document.blocks]
        assert found == [
            (BlockKind.PARAGRAPH, 1, scans.TITLE),
            (BlockKind.PARAGRAPH, 1, scans.PARAGRAPHS[0]),
            (BlockKind.PARAGRAPH, 1, scans.PARAGRAPHS[2]),
        ]
        assert (document.format, document.page_count) == ("image", 2)

    def test_every_character_has_a_box_and_the_box_is_on_its_line(self, document: Document) -> None:
        assert "".join(document.text[b.start : b.end] for b in document.lines) == "".join(document.text.split())
        assert [b.page for b in document.lines] == [1] * (len(document.lines) - 1) + [2]
        title = document.lines[0]
        assert document.text[title.start : title.end] == scans.TITLE
        left = (scans.SIZE[0] - 61 * len(scans.TITLE)) / 2 / scans.SIZE[0]
        top = scans.TOP / scans.SIZE[1]
        assert (title.left, title.top, title.right) == pytest.approx((left, top, 1 - left), abs=0.012)
        assert title.confidence > 0.95

    def test_a_second_run_is_free(self, tiff: bytes, document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
        beats: list[int] = []
        monkeypatch.setattr(ocr_page, "recognise", lambda picture: pytest.fail("recognised again"))
        listen(lambda: beats.append(1))
        try:
            assert parse(tiff, "plan.tif") == document
        finally:
            listen(None)
        assert len(beats) == 2

    def test_pages_of_a_pdf_are_recognised_one_by_one(self, clean: Any) -> None:
        scan = pdf_of(clean)
        assert [b.text for b in pdf.read(scan, "scan.pdf").blocks] == list(TEXTS)  # the same pixels: from the cache
        document = pdf.read(write([filled(), Page(), filled()]), "x.pdf")
        assert [(i.code, i.detail) for i in document.issues] == [("page-without-text", "page 2 has no text layer")]
        assert document.blocks[0].text == FIRST and not any(b.lines for b in document.blocks)

    def test_a_figure_that_is_hardly_there_is_doubtful_and_never_a_silent_target(self) -> None:
        before, number = "到2025年，建成实训基地", "12个以上。"
        picture = scans.page((*scans.PARAGRAPHS[:2], before + number, *scans.PARAGRAPHS[3:4])).crop((0, 0, 1654, 1150))
        pixels = np.array(picture)
        x = scans.LEFT + 2 * scans.EM + round(sum(scans.advance(c, scans.EM) for c in before))
        y = scans.TOP + (3 + len(scans.wrap(scans.PARAGRAPHS[0]))) * scans.PITCH
        half = round(scans.advance("1", scans.EM))
        pixels[y + 8 : y + 52, x - 2 : x + half - 2] = 180  # a stain over the first of the two
        document = parse(scans.encode(scans.picture(pixels), "PNG"), "x.png")
        at = document.text.index("2个以上")
        doubts = [(i.start, i.end) for i in document.issues if i.code == "low-confidence"]
        assert any(start is not None and end is not None and start <= at < end for start, end in doubts)
        found = extract(document)
        assert [t.evidence.confidence for t in found.targets if t.number_start <= at < t.number_end] == [CEILING]
        told = [i.code for i in found.issues if i.start is not None and i.end is not None and i.start <= at < i.end]
        assert told == [DOUBTFUL_NUMBER]


def pdf_of(picture: Any) -> bytes:
    """A PDF whose only page is the picture, dot by dot at 200 dpi."""
    import zlib

    data = zlib.compress(picture.tobytes())
    width, height = picture.size
    w, h = width * 0.36, height * 0.36
    draw = f"q {w} 0 0 {h} 0 0 cm /I Do Q".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {w} {h}] /Contents 4 0 R ".encode()
        + b"/Resources << /XObject << /I 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(draw), draw),
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (width, height, len(data), data),
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer\n<< /Size 6 /Root 1 0 R >>\n"
    return out + b"startxref\n%d\n%%%%EOF\n" % start


@pytest.mark.shared
def test_a_real_scan() -> None:
    path = WILD / "pingshan-shiti-scan.pdf"
    if not path.is_file():
        pytest.skip("needs the corpus beside the project (../shared/corpus/wild)")
    document = parse(path.read_bytes(), path.name)
    assert document.page_count == 7
    articles = [s.number for s in document.sections if s.number.endswith("条")]
    assert len(articles) == 22
    furniture = [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.FURNITURE]
    assert ["".join(t.split()) for t in furniture] == [f"-{n}-" for n in range(2, 9)]
    paragraphs = [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.PARAGRAPH]
    assert all(t.endswith("。") for t in paragraphs[1:-1])
