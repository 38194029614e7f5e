"""What PDFium finds on a page: characters and the lines that are seen, in reading coordinates.

Reading coordinates are points (1/72 inch) with the origin at the top left of the page as it is read, x to the right,
y downward. Pages whose text runs sideways are turned upright by the direction that most characters have, which also
covers pages with a rotation of their own.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.parse import pdf_fonts

_HYPHEN_AT_END = 0x02  # PDFium's sign for a hyphen at the end of a line
_OBLIQUE = 5.0  # degrees off the horizontal or vertical: a watermark across the page
_THIN = 3.0  # points: a filled shape not thicker than this is a drawn line
_STRAIGHT = 0.5  # points that a line may deviate from the horizontal or vertical
_INVISIBLE = 245  # of 255: paler lines and fills are not seen on white paper (row backgrounds, hidden grids)
MAX_SHAPES = 20_000  # a page with more is a map or a drawing, not a table

Turn = Callable[[float, float], tuple[float, float]]


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


@dataclass(frozen=True, slots=True)
class Char:
    """A character with its box; `base` is the y of its baseline, `size` the font size as drawn."""

    text: str
    x0: float
    x1: float
    base: float
    size: float

    @property
    def middle(self) -> tuple[float, float]:
        """A point inside the glyph: the middle of its width, a third of its size above the baseline."""
        return (self.x0 + self.x1) / 2, self.base - self.size / 3


@dataclass(frozen=True, slots=True)
class Edge:
    """A drawn line: at x=`at` from y=`low` to `high` when vertical, at y=`at` from x=`low` to `high` when not."""

    is_vertical: bool
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page: its number (1-based), its place, its size as read, the characters, those set obliquely, the lines.

    `unmapped` counts characters that the file gives no Unicode value for; `has_picture` says that an image covers
    most of the page.
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


def read_page(page: Any, number: int) -> PageContent:
    """The content of a pypdfium2 page, `number` counted from 1."""
    left, bottom, right, top = page.get_bbox()
    found = list(_characters(page))
    directions = Counter(round(angle / 90) % 4 for *_, angle in found if _off_axis(angle) <= _OBLIQUE)
    turned = directions.most_common(1)[0][0] if directions else 0
    frame = Frame(turned, left, bottom, right, top)
    turn = frame.turner()
    chars: list[Char] = []
    oblique: list[str] = []
    unmapped = 0
    for text, box, origin, size, angle in found:
        if not text:
            unmapped += 1
        elif _off_axis(angle) > _OBLIQUE:
            oblique.append(text)
        else:
            (xa, _), (xb, _) = turn(box[0], box[1]), turn(box[2], box[3])
            chars.append(Char(text, min(xa, xb), max(xa, xb), turn(*origin)[1], size))
    width, height = right - left, top - bottom
    if turned % 2:
        width, height = height, width
    has_picture = len(chars) < 50 and _is_covered(page, (right - left) * (top - bottom))
    edges = tuple(_edges(page, turn))
    return PageContent(number, frame, width, height, tuple(chars), "".join(oblique), edges, unmapped, has_picture)


def _off_axis(angle: float) -> float:
    return abs((angle + 45) % 90 - 45)


_Found = tuple[str, tuple[float, float, float, float], tuple[float, float], float, float]


def _characters(page: Any) -> Iterator[_Found]:
    """Text, box, origin, size and direction in degrees of each character that the file itself holds."""
    textpage = page.get_textpage()
    raw = textpage.raw
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    last: tuple[float, ...] = ()
    size = angle = 0.0
    for i in range(pdfium.FPDFText_CountChars(raw)):
        code = pdfium.FPDFText_GetUnicode(raw, i)
        if code <= 32 and pdfium.FPDFText_IsGenerated(raw, i) == 1:
            continue  # blanks and line ends that PDFium supposes
        pdfium.FPDFText_GetLooseCharBox(raw, i, box)
        pdfium.FPDFText_GetCharOrigin(raw, i, x, y)
        bounds = (box.left, box.bottom, box.right, box.top)
        place = (y.value, box.top - box.bottom, box.right - box.left)
        # A character on the baseline of the one before, as high and as wide, is set in the same way.
        if place != last:
            last = place
            pdfium.FPDFText_GetMatrix(raw, i, matrix)
            size = pdfium.FPDFText_GetFontSize(raw, i) * math.hypot(matrix.c, matrix.d)
            angle = math.degrees(math.atan2(matrix.b, matrix.a))
        yield _character(code), bounds, (x.value, y.value), size or 1.0, angle
    textpage.close()


def _character(code: int) -> str:
    """The character of a code as PDFium gives it, "" for one without a Unicode value."""
    if code == _HYPHEN_AT_END:
        return "-"
    if code in (9, 10, 13):
        return " "
    if code < 32 or 0x7F <= code < 0xA0 or code >= 0x110000 or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE:
        return ""
    return chr(code)


def _is_covered(page: Any, area: float) -> bool:
    for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) > area / 2:
            return True
    return False


def _edges(page: Any, turn: Turn) -> Iterator[Edge]:
    for count, shape in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=5)):
        if count > MAX_SHAPES:
            return
        fill, stroke = ctypes.c_int(), pdfium.FPDF_BOOL()
        pdfium.FPDFPath_GetDrawMode(shape.raw, fill, stroke)
        is_stroked = bool(stroke.value) and _is_seen(pdfium.FPDFPageObj_GetStrokeColor, shape.raw)
        is_filled = bool(fill.value) and _is_seen(pdfium.FPDFPageObj_GetFillColor, shape.raw)
        if is_stroked or is_filled:
            for points in _outlines(shape, turn):
                yield from stroked(points) if is_stroked else filled(points)


def _is_seen(get_colour: Callable[..., int], raw: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint(0) for _ in range(4))
    if not get_colour(raw, red, green, blue, alpha):
        return True
    return alpha.value > 0 and min(red.value, green.value, blue.value) < _INVISIBLE


def _outlines(shape: Any, turn: Turn) -> Iterator[list[tuple[float, float]]]:
    """The polygons of a path in reading coordinates, closed ones with their first point again at the end."""
    matrix = shape.get_matrix()
    container = shape.container
    while container is not None:
        matrix = matrix.multiply(container.get_matrix())
        container = container.container
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for i in range(pdfium.FPDFPath_CountSegments(shape.raw)):
        segment = pdfium.FPDFPath_GetPathSegment(shape.raw, i)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        points.append(turn(*matrix.on_point(x.value, y.value)))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points


def stroked(points: list[tuple[float, float]]) -> Iterator[Edge]:
    """The upright and level parts of a stroked line through these points."""
    for (xa, ya), (xb, yb) in pairwise(points):
        if abs(xa - xb) <= _STRAIGHT < abs(ya - yb):
            yield Edge(True, (xa + xb) / 2, min(ya, yb), max(ya, yb))
        elif abs(ya - yb) <= _STRAIGHT < abs(xa - xb):
            yield Edge(False, (ya + yb) / 2, min(xa, xb), max(xa, xb))


def filled(points: list[tuple[float, float]]) -> Iterator[Edge]:
    """A filled shape with these corners as the line that it is drawn for, nothing for a background."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    if right - left <= _THIN and right - left < bottom - top:
        yield Edge(True, (left + right) / 2, top, bottom)
    elif bottom - top <= _THIN and bottom - top < right - left:
        yield Edge(False, (top + bottom) / 2, left, right)


def open_document(data: bytes) -> Any:
    """A pypdfium2 document. Raises pypdfium2.PdfiumError, whose `err_code` tells a password from damage."""
    pdf_fonts.install()
    return pypdfium2.PdfDocument(data)
