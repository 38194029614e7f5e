"""Pages of an OFD that are pictures: drawn from these as they lie on the page, at the resolution of recognition.

Scans are cut in strips by some writers, so all pictures of a page are drawn, not the largest alone. Where they overlap
the darker one shows: what is printed is not hidden by a background, whichever comes first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pipeline.errors import UnreadableError
from pipeline.parse import image
from pipeline.parse.ocr_engine import Image
from pipeline.parse.ocr_page import DPI, POINT, read_picture
from pipeline.parse.ocr_pdf import MAX_PIXELS, Budget
from pipeline.parse.ofd_page import Matrix, Picture
from pipeline.parse.pdf_page import PageContent
from pipeline.raw import RawIssue

UNREAD = "picture-unread"
MAX_PICTURES = 500  # on one page: strips of a scan are some 10 to 50
_LAYERS = 50  # how often a page may be painted over: strips are one layer, slanting ones one each
_LEAST = 0.1  # pixels: a picture that is no more wide or high shows nothing
_SQUARE = 0.01  # of a side: how far a picture is off the axes to be more than pasted

Source = Callable[[str], bytes | None]


@dataclass(frozen=True)
class _Drawn:
    """The page's picture, None where nothing could be drawn, and why pictures are missing in it."""

    image: Image | None
    missing: tuple[str, ...]


def recognise(
    page: PageContent, pictures: Sequence[Picture], source: Source, budget: Budget
) -> tuple[PageContent, list[RawIssue]]:
    """The page as text recognition reads its pictures, as it is where that gives nothing; a note of each picture that
    could not be drawn.

    `source` gives the bytes of a picture by its number. Characters that the page itself holds (a stamp, a page number)
    stay beside the text. Raises UnreadableError where the limits of `budget` are reached.
    """
    turned = page.frame.turned % 2
    size = (page.height, page.width) if turned else (page.width, page.height)
    drawn = _draw(size, pictures[:MAX_PICTURES], source)
    missing = list(drawn.missing) + ["too many pictures"] * (len(pictures) > MAX_PICTURES)
    told = [RawIssue(UNREAD, f"page {page.number}: {why}") for why in dict.fromkeys(missing)]
    if drawn.image is None:
        return page, told
    budget.take()
    scan = read_picture(drawn.image, page.number)
    if not scan.chars:
        return page, told
    own = "".join(char.text for char in page.chars)
    return replace(scan, oblique="\n".join(filter(None, (own, page.oblique))), hidden=page.hidden), told


def _draw(size: tuple[float, float], pictures: Sequence[Picture], source: Source) -> _Drawn:
    """All pictures of a page of so many points on white paper."""
    import PIL.Image

    scale = min(DPI / POINT, math.sqrt(MAX_PIXELS / max(size[0] * size[1], 1.0)))
    paper = PIL.Image.new("RGB", (max(1, round(size[0] * scale)), max(1, round(size[1] * scale))), "white")
    missing: list[str] = []
    left, room = image.MAX_DECODED, _LAYERS * paper.width * paper.height
    for picture in pictures:
        try:
            pixels = _decoded(source(picture.resource), picture.resource)
        except UnreadableError as error:
            missing.append(f"picture {picture.resource}: {error.what[1]}")
            continue
        left -= pixels.width * pixels.height
        if left < 0 or room < 0:
            missing.append("its pictures have too many pixels together")
            break
        room -= _lay(paper, pixels, picture.matrix.then(Matrix(scale, 0, 0, scale)))
    values = np.ascontiguousarray(np.asarray(paper)[:, :, ::-1])
    return _Drawn(None if values.min() == 255 else values, tuple(missing))


def _decoded(data: bytes | None, number: str) -> Any:
    if data is None:
        raise UnreadableError(("文件里没有这张图片", "it is not in the file"), number)
    if not image.sniff(data, number):
        raise UnreadableError(("图片格式不支持", "its format is not read"), number)
    return image.first_frame(data, number)


def _lay(paper: Any, pixels: Any, matrix: Matrix) -> int:
    """A picture on the paper; `matrix` leads from its unit square to pixels of the paper. Returns how many it took."""
    import PIL.Image

    wide, high = math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
    if not (_LEAST < wide < math.inf and _LEAST < high < math.inf):
        return 0
    if abs(matrix.b) < _SQUARE * wide and abs(matrix.c) < _SQUARE * high and min(matrix.a, matrix.d) > 0:
        edges = [round(n) for n in (matrix.e, matrix.f, matrix.e + wide, matrix.f + high)]
        seen = [max(edges[0], 0), max(edges[1], 0), min(edges[2], paper.width), min(edges[3], paper.height)]
        if seen[0] >= seen[2] or seen[1] >= seen[3]:
            return 0
        across, down = pixels.width / (edges[2] - edges[0]), pixels.height / (edges[3] - edges[1])
        part = tuple(_part(seen, edges, across, down))
        laid = pixels.resize((seen[2] - seen[0], seen[3] - seen[1]), PIL.Image.Resampling.LANCZOS, box=part)
        _darken(paper, laid, seen)
        return int(laid.width * laid.height)
    turn = matrix.a * matrix.d - matrix.b * matrix.c
    if abs(turn) < _LEAST:
        return 0
    fit = tuple(min(max(1, round(n)), most) for n, most in ((wide, pixels.width), (high, pixels.height)))
    small = pixels.resize(fit, PIL.Image.Resampling.LANCZOS)
    inverse = (
        *(n * small.width / turn for n in (matrix.d, -matrix.c, matrix.c * matrix.f - matrix.d * matrix.e)),
        *(n * small.height / turn for n in (-matrix.b, matrix.a, matrix.b * matrix.e - matrix.a * matrix.f)),
    )
    laid = small.transform(
        paper.size, PIL.Image.Transform.AFFINE, inverse, PIL.Image.Resampling.BICUBIC, fillcolor="white"
    )
    _darken(paper, laid, [0, 0, *paper.size])
    return int(laid.width * laid.height)


def _part(seen: list[int], edges: list[int], across: float, down: float) -> Iterator[float]:
    """What of the picture, in its own pixels, lies on the paper."""
    yield (seen[0] - edges[0]) * across
    yield (seen[1] - edges[1]) * down
    yield (seen[2] - edges[0]) * across
    yield (seen[3] - edges[1]) * down


def _darken(paper: Any, laid: Any, place: list[int]) -> None:
    import PIL.ImageChops

    paper.paste(PIL.ImageChops.darker(paper.crop(tuple(place)), laid), (place[0], place[1]))
