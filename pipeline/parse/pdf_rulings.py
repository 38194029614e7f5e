"""The ruling lines of PDF pages as pdfplumber reads them, of those lines that are seen on the page.

pdfplumber gives every shape, also those drawn in white or transparent, and its colours are numbers without their
colour space: 1.0 is white in one and black ink in another. PDFium resolves them, so its lines say which ones are seen.
That both find a line at the same place also guards against a page box or a rotation that they understand differently.
"""

from __future__ import annotations

import io
import logging
import math
from collections.abc import Iterator
from typing import Any

from pipeline.parse.pdf_page import Frame, PageContent
from pipeline.parse.pdf_shapes import Edge, filled, stroked

_SAME = 0.5  # points by which the places that the two libraries give for one line may differ

_Seen = dict[tuple[bool, int], list[Edge]]


class Rulings:
    """The lines of one file's pages. pdfplumber opens the file when the first page is asked for."""

    def __init__(self, data: bytes, page_count: int) -> None:
        self._data = data
        self._page_count = page_count
        self._pages: list[Any] | None = None

    def edges(self, content: PageContent) -> tuple[Edge, ...]:
        """The lines of a page, in reading coordinates, as far as `content.edges` has them too.

        Empty where pdfplumber cannot read the file or the page, or finds none of the lines.
        """
        seen: _Seen = {}
        for edge in content.edges:
            seen.setdefault((edge.is_vertical, math.floor(edge.at)), []).append(edge)
        try:
            if self._pages is None:
                self._pages = self._open()
            if len(self._pages) != self._page_count:
                return ()
            page = self._pages[content.number - 1]
            found = tuple(edge for edge in _lines(page, content.frame) if _is_seen(edge, seen))
            page.close()
        except Exception:  # pdfminer raises whatever its code stumbles over in a file that is not as it should be
            return ()
        return found

    def _open(self) -> list[Any]:
        import pdfplumber  # a heavy import, for files with tables only

        # pdfminer warns hundreds of times of fonts whose text is not taken from it.
        logging.getLogger("pdfminer").setLevel(logging.ERROR)
        self._pages = []  # what cannot be opened is not tried again
        opened = pdfplumber.open(io.BytesIO(self._data))
        opened.rsrcmgr = _without_fonts()
        return list(opened.pages)


def _without_fonts() -> Any:
    """A resource manager of pdfminer that reads no font: half of the time that a page takes, for text not taken."""
    from pdfminer.pdfinterp import PDFResourceManager

    class Blank:
        def decode(self, data: bytes) -> tuple[int, ...]:
            return ()

        def is_multibyte(self) -> bool:
            return False

        def is_vertical(self) -> bool:
            return False

    class Fontless(PDFResourceManager):
        def get_font(self, objid: object, spec: object) -> Any:
            return Blank()

    return Fontless()


def _lines(page: Any, frame: Frame) -> Iterator[Edge]:
    """Every line, seen or not, that the shapes of a pdfplumber page draw."""
    turn = frame.turner()
    # Not page.lines, page.rects and page.curves, which describe each character too: a third of the time.
    for shape in page.iter_layout_objects(list(_shapes(page.layout))):
        points = [turn(*_in_file(page, x, y)) for x, y in shape["pts"]]
        if shape["stroke"]:
            is_closed = shape["object_type"] == "rect" or shape["path"][-1][0] == "h"
            yield from stroked([*points, points[0]] if is_closed else points)
        if shape["fill"]:
            yield from filled(points)


def _shapes(container: Any) -> Iterator[Any]:
    from pdfminer.layout import LTContainer, LTCurve  # lines and rectangles are kinds of curves there

    for item in container:
        if isinstance(item, LTContainer):
            yield from _shapes(item)
        elif isinstance(item, LTCurve):
            yield item


def _in_file(page: Any, x: float, y: float) -> tuple[float, float]:
    """A point of a pdfplumber page, which is turned by `/Rotate` and has its corner at the top left, in the file."""
    left, bottom, right, top = page.page_obj.mediabox
    across, up = x - page.mediabox[0], page.mediabox[1] + page.height - y
    if page.rotation == 90:
        return right - up, bottom + across
    if page.rotation == 180:
        return right - across, top - up
    if page.rotation == 270:
        return left + up, top - across
    return left + across, bottom + up


def _is_seen(edge: Edge, seen: _Seen) -> bool:
    near = math.floor(edge.at)
    return any(
        abs(other.at - edge.at) <= _SAME and other.low - _SAME <= edge.low and edge.high <= other.high + _SAME
        for at in (near - 1, near, near + 1)
        for other in seen.get((edge.is_vertical, at), ())
    )
