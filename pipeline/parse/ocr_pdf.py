"""Pages of a PDF whose text is a picture, or rubbish: drawn, and read by text recognition."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.errors import UnreadableError
from pipeline.parse import ocr_engine
from pipeline.parse.ocr_engine import Image
from pipeline.parse.ocr_page import DPI, POINT, ScanPage, read_picture
from pipeline.parse.pdf_page import PageContent
from pipeline.raw import RawIssue

MAX_PAGES = 400  # to be recognised in one file: the longest scanned plan that was seen has 60, a yearbook more
MAX_PIXELS = 50_000_000  # of one page: A2 at 200 dpi has 15 million; what is larger is drawn smaller
MAX_SECONDS = 3600.0  # for one file: 400 pages at nine seconds each, thrice what a slow laptop takes


class SpentError(UnreadableError):
    """The pages or the time that text recognition may take for one file are used up."""


class Budget:
    """Counts the pages of one file that are recognised, and their time. Raises SpentError where it is used up.

    Pages that were done are in the cache, so that running the file again goes on where it stopped.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._pages = 0
        self._until = time.monotonic() + MAX_SECONDS

    def take(self, more: int = 0) -> None:
        """To be called before each page; `more` are those that are known to follow."""
        self._pages += 1
        if self._pages + more > MAX_PAGES:
            what = (f"需要识别的页超过 {MAX_PAGES} 页", f"more than {MAX_PAGES} pages need text recognition")
            raise SpentError(what, self._name, ("请拆分后再导入", "split the file and ingest the parts"))
        if time.monotonic() > self._until:
            what = ("文字识别超时", "text recognition took too long")
            advice = ("再次导入会从停下的地方继续", "ingest it again to go on where it stopped")
            raise SpentError(what, f"{self._name} (p. {self._pages})", advice)


def recognised(document: Any, pages: Sequence[PageContent], wanted: set[int], name: str) -> list[PageContent]:
    """The pages, those whose numbers are `wanted` as text recognition reads them where that gives more than they had.

    `document` is the open pypdfium2 document. All stay as they are where text recognition is not installed.
    """
    if not wanted or not ocr_engine.is_available():
        return list(pages)
    budget = Budget(name)
    found: list[PageContent] = []
    for page in pages:
        if page.number in wanted:
            budget.take()
            scan = read_picture(draw(document[page.number - 1]), page.number)
            found.append(scan if scan.chars else page)
        else:
            found.append(page)
    return found


def draw(page: Any) -> Image:
    """A pypdfium2 page as a picture at 200 dpi, less where that were more than MAX_PIXELS."""
    width, height = page.get_size()
    scale = min(DPI / POINT, math.sqrt(MAX_PIXELS / max(width * height, 1.0)))
    bitmap = page.render(scale=scale, rev_byteorder=False, fill_color=(255, 255, 255, 255))
    pixels = np.array(bitmap.to_numpy())
    bitmap.close()
    page.close()
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        pixels = np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2)
    return np.ascontiguousarray(pixels[:, :, :3])


def notes(pages: Sequence[PageContent]) -> list[RawIssue]:
    """What to know of pages that were recognised: which, by what, and where seals were taken off."""
    scans = [page for page in pages if isinstance(page, ScanPage)]
    if not scans:
        return []
    numbers = ", ".join(str(page.number) for page in scans)
    found = [RawIssue("recognised", f"pages {numbers}: read by {ocr_engine.engine_version()}", severity="info")]
    for page in scans:
        if page.seals:
            found.append(RawIssue("seal-removed", f"page {page.number}: {page.seals} seal(s)", severity="info"))
    return found
