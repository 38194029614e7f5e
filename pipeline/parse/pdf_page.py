"""What PDFium finds on a page: characters and the lines that are seen, in reading coordinates.

Reading coordinates are points (1/72 inch) with the origin at the top left of the page as it is read, x to the right,
y downward. Pages whose text runs sideways are turned upright by the direction that most characters have, which also
covers pages with a rotation of their own. What runs otherwise, and what is not seen on the paper, is kept apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.parse import pdf_fonts
from pipeline.parse.pdf_chars import Found, Ink, characters
from pipeline.parse.pdf_shapes import Box, Edge, Turn, read_shapes

_OBLIQUE = 5.0  # degrees off the horizontal or vertical: a watermark across the page
_FEW = 50  # characters on a page that may be a picture with a stamp or a page number


class Frame(NamedTuple):
    """The page in PDF coordinates (points, y upward), and how many times 90° leftward its text runs."""

    turned: int
    left: float
    bottom: float
    right: float
    top: float

    def turner(self) -> Turn:
        """The map from PDF coordinates to reading coordinates."""
        turned, left, bottom, right, top = self
        return (
            lambda x, y: (x - left, top - y),
            lambda x, y: (y - bottom, x - left),
            lambda x, y: (right - x, y - bottom),
            lambda x, y: (top - y, right - x),
        )[turned]

    def returner(self) -> Turn:
        """The map from reading coordinates to PDF coordinates."""
        turned, left, bottom, right, top = self
        return (
            lambda u, v: (u + left, top - v),
            lambda u, v: (v + left, u + bottom),
            lambda u, v: (right - u, v + bottom),
            lambda u, v: (right - v, top - u),
        )[turned]


@dataclass(frozen=True, slots=True)
class Char:
    """A character with its box; `base` is the y of its baseline, `size` the font size as drawn.

    `is_faint` says that it is so pale or transparent that one reads over it, as a watermark is.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    is_faint: bool = False

    @property
    def middle(self) -> tuple[float, float]:
        """A point inside the glyph: the middle of its width, a third of its size above the baseline."""
        return (self.x0 + self.x1) / 2, self.base - self.size / 3


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page: its number (1-based), its place, its size as read, the characters, those set obliquely, the lines.

    `unmapped` counts characters that the file gives no Unicode value for (in `chars` they are U+FFFD, for they have a
    place); `has_picture` says that an image covers most of the page. `hidden` is text that is not seen on the paper.
    `sideways` are the characters that run another way than most, each group by its own frame in its own coordinates.
    """

    number: int
    frame: Frame
    width: float
    height: float
    chars: tuple[Char, ...]
    oblique: str
    edges: tuple[Edge, ...]
    unmapped: int
    has_picture: bool
    hidden: str = ""
    sideways: tuple[tuple[Frame, tuple[Char, ...]], ...] = ()
    annotations: tuple[str, ...] = ()


def read_page(page: Any, number: int) -> PageContent:
    """The content of a pypdfium2 page, `number` counted from 1."""
    box = page.get_bbox()
    found = list(characters(page))
    directions = Counter(_direction(c.angle) for c in found if _off_axis(c.angle) <= _OBLIQUE)
    turned = directions.most_common(1)[0][0] if directions else 0
    frame = Frame(turned, *box)
    edges, fills = read_shapes(page, frame.turner())
    is_few = len(found) < _FEW or any(c.ink is Ink.NONE for c in found)
    is_covered = is_few and _is_covered(page, (box[2] - box[0]) * (box[3] - box[1]))
    turners = [frame._replace(turned=way).turner() for way in range(4)]
    by_frame: dict[int, list[Char]] = {}
    aside: dict[str, list[str]] = {"oblique": [], "hidden": []}
    for char in found:
        if _off_axis(char.angle) > _OBLIQUE:
            aside["oblique"].append(char.text)
            continue
        direction = _direction(char.angle)
        placed = _placed(char, turners[direction])
        if char.ink is not Ink.DARK and _is_unseen(char, placed, fills if direction == turned else [], is_covered):
            aside["hidden"].append(char.text)
        else:
            by_frame.setdefault(direction, []).append(placed)
    width, height = box[2] - box[0], box[3] - box[1]
    chars = tuple(by_frame.pop(turned, ()))
    return PageContent(
        number=number,
        frame=frame,
        width=height if turned % 2 else width,
        height=width if turned % 2 else height,
        chars=chars,
        oblique="".join(aside["oblique"]),
        edges=tuple(edges),
        unmapped=sum(c.text == "\ufffd" for c in chars),
        has_picture=is_covered and len(chars) < _FEW,
        hidden="".join(aside["hidden"]),
        sideways=tuple((frame._replace(turned=way), tuple(group)) for way, group in sorted(by_frame.items())),
        annotations=tuple(_annotations(page)),
    )


def _direction(angle: float) -> int:
    return round(angle / 90) % 4


def _off_axis(angle: float) -> float:
    return abs((angle + 45) % 90 - 45)


def _placed(char: Found, turn: Turn) -> Char:
    (xa, _), (xb, _) = turn(char.box[0], char.box[1]), turn(char.box[2], char.box[3])
    return Char(char.text, min(xa, xb), max(xa, xb), turn(*char.origin)[1], char.size, char.ink is Ink.FAINT)


def _is_unseen(char: Found, placed: Char, fills: list[Box], is_covered: bool) -> bool:
    """Whether a character does not show: white on white, or drawn without ink; the text under a scanned picture is
    drawn so and counts, and white on a coloured area shows."""
    if char.ink is Ink.NONE:
        return not is_covered
    x, y = placed.middle
    return char.ink is Ink.WHITE and not (
        is_covered or any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in fills)
    )


def _is_covered(page: Any, area: float) -> bool:
    for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) > area / 2:
            return True
    return False


_TOLD = {
    pdfium.FPDF_ANNOT_WIDGET: "form field",
    pdfium.FPDF_ANNOT_TEXT: "comment",
    pdfium.FPDF_ANNOT_FREETEXT: "comment",
    pdfium.FPDF_ANNOT_STAMP: "stamp",
}


def _annotations(page: Any) -> Iterator[str]:
    """The kinds of what was laid over the page and may hold words: form fields, comments, stamps."""
    for i in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, i)
        if annotation:
            kind = _TOLD.get(pdfium.FPDFAnnot_GetSubtype(annotation))
            pdfium.FPDFPage_CloseAnnot(annotation)
            if kind is not None:
                yield kind


def open_document(data: bytes) -> Any:
    """A pypdfium2 document. Raises pypdfium2.PdfiumError, whose `err_code` tells a password from damage."""
    pdf_fonts.install()
    return pypdfium2.PdfDocument(data)
