"""OFD whose pages are pictures: which pages are recognised, how their pictures are drawn, and what is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
import scan_helpers as scans
from ofd_writer import Document, Page, package

from pipeline.errors import MissingPartError, UnreadableError
from pipeline.model import BlockKind
from pipeline.parse import image, ocr_cache, ocr_engine, ocr_page, ocr_pdf, ofd, ofd_pictures, parse
from pipeline.parse.ocr_layout import OcrLine
from pipeline.parse.ofd_page import Matrix, Picture
from pipeline.raw import RawDocument

NEEDS_OCR = pytest.mark.skipif(not ocr_engine.is_available(), reason="needs the OCR extra: pip install 'duibiao[ocr]'")
TEXT = "云溪县建立产教融合联席会议制度，每季度召开一次会议，研究解决校企合作中的困难和问题。"
READ = "这是从图片里认出来的文字。"


def media(*names: str) -> str:
    items = (
        f'<ofd:MultiMedia ID="{9 + i}" Type="Image"><ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia>'
        for i, name in enumerate(names)
    )
    return f"<ofd:MultiMedias>{''.join(items)}</ofd:MultiMedias>"


def scanned(pages: Sequence[Page], **files: bytes) -> bytes:
    """An OFD with these pictures, numbered from 9 in their order."""
    parts = {f"Res/{name}": data for name, data in files.items()}
    return package(Document(pages, resources=media(*files), parts=dict(parts)))


def whole(resource: str = "9") -> Page:
    return Page().image(0, 0, 210, 297, resource)


def codes(raw: RawDocument) -> list[str]:
    return [issue.code for issue in raw.issues]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """A recogniser that reads one line on each page that is not white; yields the pictures that it was given."""
    pytest.importorskip("PIL", reason="needs Pillow, which comes with the OCR extra")
    given: list[Any] = []

    def read(picture: Any, number: int) -> ocr_page.ScanPage:
        given.append(picture)
        quad = ((200.0, 300.0), (640.0, 300.0), (640.0, 350.0), (200.0, 350.0))
        at = tuple((i + 0.5) / len(READ) for i in range(len(READ)))
        line = OcrLine(quad, READ, at, (1.0,) * len(READ))
        lines = (line,) if picture.min() < 128 else ()
        height, width = picture.shape[:2]
        return ocr_page._content(ocr_page.Recognised(0, width, height, 0.0, lines, (), 0), number)

    monkeypatch.setattr(ocr_engine, "is_available", lambda: True)
    monkeypatch.setattr(ocr_engine, "engine_version", lambda: "fake")
    monkeypatch.setattr(ofd_pictures, "read_picture", read)
    yield given


def dots(size: tuple[int, int], *black: tuple[int, int, int, int]) -> Any:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", size, "white")
    for box in black:
        ImageDraw.Draw(picture).rectangle(box, fill="black")
    return picture


class TestPages:
    def test_bare_pages_alone_are_recognised(self, fake: list[Any]) -> None:
        data = scans.encode(dots((420, 594), (50, 50, 90, 90)), "PNG")
        raw = ofd.read(scanned([Page().text(28, 60, TEXT[:28]), whole(), Page().text(28, 60, TEXT[:28])], p=data), "x")
        assert [(b.page, b.text) for b in raw.blocks] == [(1, TEXT[:28]), (2, READ), (3, TEXT[:28])]
        assert codes(raw) == ["recognised"]
        assert [p.shape for p in fake] == [(2339, 1654, 3)]
        assert [(line.page, line.text) for line in raw.blocks[1].lines] == [(2, READ)]

    def test_all_pages_may_be_pictures(self, fake: list[Any]) -> None:
        data = scans.encode(dots((420, 594), (50, 50, 90, 90)), "JPEG")
        raw = ofd.read(scanned([whole(), whole()], p=data), "x")
        assert raw.page_count == 2 and codes(raw) == ["recognised"]

    def test_what_the_page_holds_besides_stays_beside_the_text(self, fake: list[Any]) -> None:
        data = scans.encode(dots((420, 594), (50, 50, 90, 90)), "BMP")
        raw = ofd.read(scanned([whole().text(100, 280, "— 1 —")], p=data), "x")
        assert [(b.kind, b.text) for b in raw.blocks] == [
            (BlockKind.PARAGRAPH, READ),
            (BlockKind.FURNITURE, "— 1 —"),
        ]

    def test_rubbish_over_a_scan_goes_and_rubbish_over_a_background_stays(self, fake: list[Any]) -> None:
        rubbish = "\ue001\ue002\ue003\ue004"
        data = scans.encode(dots((420, 594), (50, 50, 90, 90)), "PNG")
        plain = [Page().text(28, 60, TEXT[:28])] * 2
        few = ofd.read(scanned([*plain, whole().text(28, 60, rubbish)], p=data), "x")
        assert codes(few) == ["recognised"]
        assert [b.text for b in few.blocks if b.page == 3] == [READ, rubbish]
        seen = ofd.read(scanned([*plain, whole().text(28, 60, rubbish * 10)], p=data), "x")
        assert codes(seen) == ["garbled-page"]
        assert "".join(b.text for b in seen.blocks).endswith(rubbish * 10)
        layer = whole().text(28, 60, rubbish * 5, more='Visible="false"')
        assert [b.text for b in ofd.read(scanned([*plain, layer], p=data), "x").blocks if b.page == 3] == [READ]

    def test_documents_of_one_file_count_on_and_share_the_limit(
        self, fake: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        data = scans.encode(dots((420, 594), (50, 50, 90, 90)), "PNG")
        one = Document([whole()], resources=media("p"), parts={"Res/p": data})
        raw = ofd.read(package(one, one), "x")
        assert [line.page for b in raw.blocks for line in b.lines] == [1, 2]
        monkeypatch.setattr(ocr_pdf, "MAX_PAGES", 1)
        with pytest.raises(UnreadableError, match="more than 1 pages"):
            ofd.read(package(one, one), "x")

    def test_resources_of_a_page(self, fake: list[Any]) -> None:
        data = scans.encode(dots((420, 594), (50, 50, 90, 90)), "PNG")
        page = whole()
        page.raw = page.xml().replace("<ofd:Content>", "<ofd:PageRes>PageRes.xml</ofd:PageRes><ofd:Content>")
        listed = f'<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016" BaseLoc="Res">{media("p")}</ofd:Res>'
        parts: dict[str, str | bytes] = {"Pages/Page_0/PageRes.xml": listed, "Pages/Page_0/p": data}
        raw = ofd.read(package(Document([page], parts=parts)), "x")
        assert [b.text for b in raw.blocks] == [READ]


class TestDrawing:
    def test_strips_are_put_together_where_they_lie(self, fake: list[Any]) -> None:
        strip = scans.encode(dots((210, 20), (10, 5, 19, 14)), "PNG")
        other = scans.encode(dots((210, 20), (190, 5, 199, 14)), "PNG")
        page = Page().image(0, 100, 210, 20, "9").image(0, 120, 210, 20, "10")
        ofd.read(scanned([page], a=strip, b=other), "x")
        (drawn,) = fake
        mm = drawn[
            [round(y * scans.MM) for y in (110, 130, 110, 130)], [round(x * scans.MM) for x in (15, 195, 195, 15)]
        ]
        assert mm[:, 0].tolist() == [0, 0, 255, 255]

    @pytest.mark.parametrize(
        "ctm", ["100 0 0 100 0 0", "0 100 -100 0 100 0", "-100 0 0 -100 100 100", "100 0 0 -100 0 100"]
    )
    def test_turned_and_mirrored(self, ctm: str) -> None:
        pytest.importorskip("PIL", reason="needs Pillow, which comes with the OCR extra")
        data = scans.encode(dots((100, 100), (10, 20, 19, 39)), "PNG")
        a, b, c, d, e, f = map(float, ctm.split())
        k = 72 / ocr_page.DPI
        matrix = Matrix(k * a, k * b, k * c, k * d, k * e, k * f)
        drawn = ofd_pictures._draw((100 * k, 100 * k), [Picture("9", matrix)], {"9": data}.get).image
        assert drawn is not None
        want = np.full((100, 100), 255)
        for x in range(10, 20):
            for y in range(20, 40):
                u, v = matrix.on((x + 0.5) / 100, (y + 0.5) / 100)
                want[int(v / k), int(u / k)] = 0
        assert (np.abs(drawn[:, :, 0].astype(int) - want) > 100).sum() == 0

    def test_a_picture_may_stand_beyond_the_page_or_be_nothing(self) -> None:
        pytest.importorskip("PIL", reason="needs Pillow, which comes with the OCR extra")
        data = scans.encode(dots((100, 100), (0, 0, 99, 99)), "PNG")
        for matrix in (
            Matrix(0, 0, 0, 0), Matrix(1e12, 0, 0, 1e12, -1e11, -1e11), Matrix(90, 0, 0, 90, 500, 500),
            Matrix(-1e9, 3, 5, 1e9, 7, 7), Matrix(1e-9, 0, 0, 1e-9), Matrix(50, 50, 50, 50), Matrix(1e300, 0, 0, 1e300),
        ):  # fmt: skip
            drawn = ofd_pictures._draw((100.0, 100.0), [Picture("9", matrix)], {"9": data}.get)
            assert drawn.missing == ()
            assert drawn.image is None or drawn.image.shape == (278, 278, 3)


class TestTold:
    def test_without_recognition_all_is_as_it_was(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ocr_engine, "is_available", lambda: False)
        raw = ofd.read(scanned([Page().text(28, 60, TEXT[:28]), whole()], p=b"JB2"), "x")
        assert codes(raw) == ["page-without-text"]
        with pytest.raises(MissingPartError) as caught:
            ofd.read(scanned([whole()], p=b"JB2"), "扫描.ofd")
        assert caught.value.advice == ocr_engine.INSTALL
        assert caught.value.where == "扫描.ofd (1/1)"

    def test_pictures_that_are_not_read(self, fake: list[Any]) -> None:
        good = scans.encode(dots((420, 594), (50, 50, 90, 90)), "PNG")
        pages = [whole("9"), whole("10"), whole("11"), whole("12"), whole("12"), whole("12"), whole("12")]
        raw = ofd.read(scanned(pages, a=b"\x97JB2\r\n\x1a\n", b=good[:60], gone=b"", good=good), "x")
        assert [(i.code, i.detail) for i in raw.issues[:6]] == [
            ("picture-unread", "page 1: picture 9: its format is not read"),
            ("page-without-text", "page 1 has no text"),
            ("picture-unread", "page 2: picture 10: the picture is damaged"),
            ("page-without-text", "page 2 has no text"),
            ("picture-unread", "page 3: picture 11: its format is not read"),
            ("page-without-text", "page 3 has no text"),
        ]
        with pytest.raises(UnreadableError) as caught:
            ofd.read(scanned([whole("77")], a=good), "x")
        assert not isinstance(caught.value, MissingPartError)
        assert caught.value.where == "x (1/1): page 1: picture 77: it is not in the file"

    def test_nothing_recognised_is_no_missing_part(self, fake: list[Any]) -> None:
        grey = scans.encode(dots((420, 594)).point(lambda v: 200), "PNG")
        with pytest.raises(UnreadableError, match="no text was recognised") as caught:
            ofd.read(scanned([whole()], p=grey), "x")
        assert not isinstance(caught.value, MissingPartError)
        assert len(fake) == 1

    def test_pixels_are_limited(self, fake: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(image, "MAX_DECODED", 1000)
        data = scans.encode(dots((30, 30), (5, 5, 9, 9)), "PNG")
        page = Page().image(0, 0, 210, 140).image(0, 140, 210, 140)
        raw = ofd.read(scanned([page], p=data), "x")
        assert raw.issues[0].detail == "page 1: its pictures have too many pixels together"
        assert [b.text for b in raw.blocks] == [READ]
        monkeypatch.setattr(image, "MAX_DECODED", 1_000_000)
        monkeypatch.setattr(ofd_pictures, "_LAYERS", 0.5)
        raw = ofd.read(scanned([page.image(0, 0, 210, 297)], p=data), "x")
        assert raw.issues[0].detail == "page 1: its pictures have too many pixels together"


@NEEDS_OCR
def test_a_scan_is_read(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ocr_cache.VARIABLE, str(tmp_path))
    texts = (scans.TITLE, *scans.PARAGRAPHS[:3])
    picture = scans.page(texts[1:])
    half = picture.size[1] // 2
    strips = [picture.crop((0, 0, picture.size[0], half)), picture.crop((0, half, *picture.size))]
    mm = 297 * half / picture.size[1]
    page = Page().image(0, 0, 210, mm, "9").image(0, mm, 210, 297 - mm, "10")
    files = {f"{i}.png": scans.encode(strip, "PNG") for i, strip in enumerate(strips)}
    document = parse(scanned([page], **files), "扫描.ofd")
    assert [document.text[b.start : b.end] for b in document.blocks] == list(texts)
    assert {b.page for b in document.lines} == {1}
    title = document.lines[0]
    left = (scans.SIZE[0] - 61 * len(scans.TITLE)) / 2 / scans.SIZE[0]
    assert (title.left, title.top, title.right) == pytest.approx((left, scans.TOP / scans.SIZE[1], 1 - left), abs=0.012)
