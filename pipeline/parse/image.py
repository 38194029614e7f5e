"""The reader for pictures: PNG, JPEG, TIFF of many pages, BMP, WEBP and GIF, each frame a page for text recognition."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from pipeline.errors import MissingPartError, UnreadableError
from pipeline.parse import ocr_engine
from pipeline.parse.ocr_engine import Image
from pipeline.parse.ocr_page import DPI, ScanPage, read_picture
from pipeline.parse.ocr_pdf import MAX_PIXELS, Budget, SpentError
from pipeline.raw import RawDocument, RawIssue

FORMAT = "image"
SUFFIXES: tuple[str, ...] = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif")

# By the formats' specifications. BMP has only two letters: the reserved bytes that follow its size are zero.
_SIGNATURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\x00",
    b"MM\x00*",
    b"II+\x00",
    b"MM\x00+",
)
_KINDS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")  # the only decoders that are tried
MAX_DECODED = 100_000_000  # pixels of one page, told before it is decoded: A4 at 1,000 dpi has 97 million
_LEAST_DPI = 90  # a lower resolution is a default that nobody set, as 72 is of cameras; faxes have 98 at the least
_INCHES = (3.0, 25.0)  # long side of a page as scanned, a card to A2; a photograph that states 96 dpi is 40 long
_LONG_SIDE = 2400  # pixels of a page whose size is not known: A4 at 200 dpi has 2,339
_LOGO_SIDE = 288.0  # points, 800 pixels: pictures of pages are larger, logos and icons of web pages smaller
_LOGO_HAN = 10  # Chinese characters: what is read in a logo is a name

# Exif 2.32, 4.6.4 A: how a picture is to be turned to be seen upright.
_ORIENTATION = 0x0112
_ORIENTATIONS = {
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE",
    6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90",
}  # fmt: skip


def sniff(data: bytes, name: str) -> bool:
    """Whether the bytes begin as a picture does; the name does not matter."""
    if data.startswith(_SIGNATURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return True
    return data[:2] == b"BM" and data[6:10] == bytes(4)


def read(data: bytes, name: str) -> RawDocument:
    """The blocks of a picture, each frame a page, as text recognition reads it.

    Raises MissingPartError without the OCR extra, UnreadableError for damage, for more pages than are allowed, and for
    a page of more than MAX_DECODED pixels, which is told by the file's head before anything is decoded.
    """
    document, failures = read_pages([(name, data)], Budget(name), keeps_all=True)
    for _, error in failures:
        raise error
    return document


def read_pages(
    pictures: Sequence[tuple[str, bytes]], budget: Budget, keeps_all: bool = False
) -> tuple[RawDocument, list[tuple[str, UnreadableError]]]:
    """Pictures with their names, the pages of one document in this order, as one; and those that cannot be read.

    Pictures without text, and small ones with hardly any, are no pages unless `keeps_all`: an issue tells each with
    what was read. Raises MissingPartError without the OCR extra, SpentError where the limits of `budget` are reached.
    """
    if not ocr_engine.is_available():
        name = pictures[0][0]
        raise MissingPartError(("图片需要文字识别", "a picture needs text recognition"), name, ocr_engine.INSTALL)
    from pipeline.parse import pdf_layout

    pages: list[ScanPage] = []
    names: list[str] = []
    issues: list[RawIssue] = []
    failures: list[tuple[str, UnreadableError]] = []
    for at, (name, data) in enumerate(pictures, 1):
        try:
            for frame in _frames(data, name, _as_page):
                budget.take(len(pictures) - at)
                page = read_picture(frame, len(pages) + 1)
                if keeps_all or _is_page(page):
                    pages.append(page)
                    names.append(name)
                else:
                    issues.append(_no_page(page, name))
        except SpentError:
            raise
        except UnreadableError as error:
            failures.append((name, error))
    if len(pictures) > 1 and pages:
        shown = ", ".join(f"{number} = {name}" for number, name in enumerate(names, 1))
        issues.append(RawIssue("picture-pages", f"pages of pictures: {shown}", severity="info"))
    blocks, told = pdf_layout.lay_out(pages, None)
    return RawDocument(FORMAT, blocks, issues=(*told, *issues), page_count=len(pages)), failures


def _is_page(page: ScanPage) -> bool:
    """Whether a picture among others is a page: with text, and on a small one with more than a logo has."""
    han = sum("\u3400" <= char.text <= "\u9fff" for char in page.chars)
    return bool(page.chars) and (han >= _LOGO_HAN or max(page.width, page.height) >= _LOGO_SIDE)


def _no_page(page: ScanPage, name: str) -> RawIssue:
    read_ = "".join(char.text for char in page.chars)
    what = f"a small picture with hardly any text: {read_}" if read_ else "no text was recognised in it"
    return RawIssue("no-documents", f"{name}: {what}", severity="info")


def first_frame(data: bytes, name: str) -> Any:
    """The first frame of a picture as a Pillow image in three colours on white paper, in its own pixels.

    Raises UnreadableError for damage and for more than MAX_DECODED pixels. Needs Pillow, as the OCR extra has it.
    """
    return next(_frames(data, name, _on_paper))


def _frames(data: bytes, name: str, make: Callable[[Any], Any]) -> Iterator[Any]:
    """What `make` makes of each frame; it may decode, for damage is found out there."""
    import PIL.Image

    number = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of bombs Pillow warns from 90 million pixels; ours is the limit below
            with PIL.Image.open(io.BytesIO(data), formats=_KINDS) as opened:
                count = getattr(opened, "n_frames", 1) if opened.format == "TIFF" else 1  # other frames are animation
                for number in range(count):
                    opened.seek(number)
                    _check_size(opened.size, f"{name} (p. {number + 1})")
                    yield make(opened)
    except UnreadableError:
        raise
    except PIL.Image.DecompressionBombError as error:
        raise _too_large(f"{name} (p. {number + 1})") from error
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, OverflowError) as error:
        what = ("图片文件已损坏", "the picture is damaged")
        advice = ("请重新扫描或下载", "scan it or download it again")
        raise UnreadableError(what, f"{name} (p. {number + 1})", advice) from error


def _check_size(size: tuple[int, int], where: str) -> None:
    if size[0] * size[1] > MAX_DECODED:
        raise _too_large(f"{where}: {size[0]} x {size[1]}")


def _too_large(where: str) -> UnreadableError:
    what = ("图片的像素太多", "the picture has too many pixels")
    return UnreadableError(what, where, ("请以 200–300 dpi 重新扫描", "scan it again at 200 to 300 dpi"))


def _as_page(frame: Any) -> Image:
    """Pixels of a frame as blue green red on white paper, at about 200 dpi, turned as the camera says."""
    import PIL.Image

    across, down = _scales(frame)
    size = max(1, round(frame.width * across)), max(1, round(frame.height * down))
    picture = _on_paper(frame)
    if size != picture.size:
        picture = picture.resize(size, PIL.Image.Resampling.LANCZOS)
    if (turn := _ORIENTATIONS.get(frame.getexif().get(_ORIENTATION, 1))) is not None:
        picture = picture.transpose(PIL.Image.Transpose[turn])
    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])


def _on_paper(frame: Any) -> Any:
    """A frame of any mode in three colours, white where it is transparent."""
    import PIL.Image

    if frame.mode.startswith(("I", "F")):  # grey of 16 or 32 bits
        values = np.asarray(frame).astype(np.float64)
        top = 255.0 if values.max() <= 255 else max(65535.0, float(values.max()))
        return PIL.Image.fromarray(np.clip(values * (255.0 / top), 0, 255).astype(np.uint8)).convert("RGB")
    if "A" in frame.mode or "transparency" in frame.info:
        over = frame.convert("RGBA")
        return PIL.Image.alpha_composite(PIL.Image.new("RGBA", over.size, "white"), over).convert("RGB")
    return frame.convert("RGB")


def _scales(frame: Any) -> tuple[float, float]:
    """The factors for width and height: to 200 dpi where a frame states a likely resolution, else to a page's size.

    Faxes have 204 by 98 dpi, so the two may differ. What states no size is made smaller, never larger.
    """
    stated = frame.info.get("dpi", (0, 0))
    across, down = float(stated[0]), float(stated[1])
    width, height = frame.size
    if min(across, down) >= _LEAST_DPI and _INCHES[0] <= max(width / across, height / down) <= _INCHES[1]:
        scales = DPI / across, DPI / down
    else:
        scales = (min(1.0, _LONG_SIDE / max(width, height)),) * 2
    fit = math.sqrt(MAX_PIXELS / max(width * scales[0] * height * scales[1], 1.0))
    return scales[0] * min(1.0, fit), scales[1] * min(1.0, fit)
