"""A page that is a picture: turned upright, seals taken off, recognised, and given the shape of a page with text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.parse import ocr_cache, ocr_engine
from pipeline.parse.ocr_engine import Image, Quad, Reading
from pipeline.parse.ocr_layout import BASELINE, OcrChar, OcrLine, Turner, cells, is_sideways, lengths, page_angle, sizes
from pipeline.parse.ocr_seal import remove_seals
from pipeline.parse.ocr_tables import ruling_lines, sharper_angle
from pipeline.parse.ocr_unread import with_doubts
from pipeline.parse.pdf_page import Frame, PageContent
from pipeline.parse.pdf_shapes import Edge
from pipeline.progress import beat

DPI = 200  # 300 gave the same character errors on all pages that were measured
POINT = 72  # to the inch
_MM = 25.4  # to the inch
_CODE = 4  # raise when the making of lines from a picture changes, so that the cache does not give the old ones
_SAMPLE = 6  # lines by which the two upright directions of a page are compared
_LYING = 1.5  # times longer than high
_ENOUGH = 0.5  # of the length of standing text: so much that lies is read before a page is turned
_DOUBTFUL = 0.9  # mean confidence below which a page may be upside down: upright noisy pages have 0.97, others 0.6


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a picture holds: times that it was turned by 90° clockwise to be upright, its size then in pixels, the
    angle by which its lines fall, its lines, the ruling lines of its level image, and how many seals were taken off."""

    turned: int
    width: int
    height: int
    angle: float
    lines: tuple[OcrLine, ...]
    edges: tuple[Edge, ...]
    seals: int


@dataclass(frozen=True, slots=True)
class ScanPage(PageContent):
    """A page that was recognised; `seals` counts those taken off it."""

    seals: int = 0


def read_picture(image: Image, number: int) -> ScanPage:
    """The content of a page from its picture at 200 dpi, `number` counted from 1.

    Raises MissingPartError without the extra. Says to whoever watches the time limit that work goes on.
    """
    name = ocr_cache.key(np.ascontiguousarray(image).tobytes(), image.shape, f"{_CODE} {ocr_engine.engine_version()}")
    found = _from_json(ocr_cache.get(name))
    if found is None:
        value = _to_json(recognise(image))
        ocr_cache.put(name, value)
        found = _from_json(value)  # rounded as the next run will have it
    assert found is not None
    beat()
    return _content(found, number)


def recognise(image: Image) -> Recognised:
    """The lines of a picture in no certain order, and its ruling lines. No cache."""
    image, seals = remove_seals(image, DPI / _MM)
    quads = ocr_engine.detect(image)
    turned = 0
    if is_sideways(quads) and not _has_lines(image, quads):
        turned, image = 1, np.ascontiguousarray(np.rot90(image, -1))
        quads = ocr_engine.detect(image)
    readings, upside_down = _read(image, quads, is_unsure=turned == 1)
    if upside_down:
        turned, image = turned + 2, np.ascontiguousarray(np.rot90(image, 2))
        quads = ocr_engine.detect(image)
        readings = ocr_engine.recognise([crop(image, q) for q in quads])
    angle = page_angle(quads)
    lines = tuple(_line(image, quad, r) for quad, r in zip(quads, readings, strict=True) if r.text)
    edges = tuple(ruling_lines(image, DPI / _MM, angle))
    # Boxes in the cells of a table may tell the angle so badly that no line is found by it.
    sharper = sharper_angle(image, angle)
    if sharper != angle and (found := tuple(ruling_lines(image, DPI / _MM, sharper))):
        angle, edges = sharper, found
    return Recognised(turned, image.shape[1], image.shape[0], round(angle, 3), lines, edges, seals)


def _line(image: Image, quad: Quad, reading: Reading) -> OcrLine:
    reading = with_doubts(crop(image, quad), reading)
    return OcrLine(tuple((float(x), float(y)) for x, y in quad), reading.text, reading.at, reading.confidence)


def _has_lines(image: Image, quads: Sequence[Quad]) -> bool:
    """Whether lines that lie can be read though most text stands: columns with standing headings, not a turned page."""
    lying = [q for q in quads if lengths(q)[0] > _LYING * lengths(q)[1]]
    standing = [q for q in quads if lengths(q)[1] > _LYING * lengths(q)[0]]
    if sum(lengths(q)[0] for q in lying) < _ENOUGH * sum(lengths(q)[1] for q in standing):
        return False
    longest = sorted(lying, key=lambda q: -lengths(q)[0])[:_SAMPLE]
    return _sureness(ocr_engine.recognise([crop(image, q) for q in longest])) >= _DOUBTFUL


def _read(image: Image, quads: Sequence[Quad], is_unsure: bool) -> tuple[list[Reading], bool]:
    """The readings of all lines, or, where a sample of them reads better the other way up, none and True."""
    if not quads:
        return [], False
    crops = [crop(image, q) for q in quads]
    by_length = sorted(range(len(quads)), key=lambda i: -lengths(quads[i])[0])[:_SAMPLE]
    sample = [crops[i] for i in by_length]
    readings: list[Reading] = []
    if not is_unsure:
        readings = ocr_engine.recognise(crops)
        upright = [readings[i] for i in by_length]
        if _sureness(upright) >= _DOUBTFUL:
            return readings, False
    else:
        upright = ocr_engine.recognise(sample)
    flipped = ocr_engine.recognise([np.ascontiguousarray(np.rot90(c, 2)) for c in sample])
    if _sureness(flipped) > _sureness(upright):
        return [], True
    return readings or ocr_engine.recognise(crops), False


def _sureness(readings: Sequence[Reading]) -> float:
    """The mean confidence of characters; 0 where nothing was read."""
    sure = [c for r in readings for c in r.confidence]
    return sum(sure) / len(sure) if sure else 0.0


def crop(image: Image, quad: Quad) -> Image:
    """The picture of one line, level; one much higher than wide is set on its side, as the recogniser expects."""
    import cv2

    width, height = (max(1, round(n)) for n in lengths(quad))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getPerspectiveTransform(quad.astype(np.float32), corners)
    cut = cv2.warpPerspective(
        image, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8)
    return np.ascontiguousarray(np.rot90(cut)) if height >= 1.5 * width else cut


def _content(found: Recognised, number: int) -> ScanPage:
    """The page in points and reading coordinates: level, with the origin at the upper left corner."""
    scale = POINT / DPI
    turner = Turner(found.angle, found.width, found.height)
    chars: list[OcrChar] = []
    for index, (line, size) in enumerate(zip(found.lines, sizes(found.lines), strict=True)):
        quad = line.quad
        left, ya = turner.level((quad[0][0] + quad[3][0]) / 2, (quad[0][1] + quad[3][1]) / 2)
        right, yb = turner.level((quad[1][0] + quad[2][0]) / 2, (quad[1][1] + quad[2][1]) / 2)
        base = ((ya + yb) / 2 + BASELINE * size) * scale
        places = cells(line, left, right, size)
        for char, at, sure, (low, high) in zip(line.text, line.at, line.confidence, places, strict=True):
            box = _shown(found, at, (high - low) / max(right - left, 1.0), quad)
            place = low * scale, high * scale, base, size * scale
            chars.append(OcrChar(char, *place, page=number, line=index, confidence=sure, box=box))
    width, height = found.width * scale, found.height * scale
    edges = tuple(Edge(e.is_vertical, e.at * scale, e.low * scale, e.high * scale) for e in found.edges)
    frame = Frame(0, 0.0, 0.0, width, height)
    return ScanPage(number, frame, width, height, tuple(chars), "", edges, 0, False, seals=found.seals)


def _shown(
    found: Recognised, at: float, share: float, quad: tuple[tuple[float, float], ...]
) -> tuple[float, float, float, float]:
    """The box of a character in shares of the page as it is shown, before it was turned upright."""
    points = []
    for t in (at - share / 2, at + share / 2):
        t = min(max(t, 0.0), 1.0)
        for a, b in ((quad[0], quad[1]), (quad[3], quad[2])):
            points.append(((a[0] + t * (b[0] - a[0])) / found.width, (a[1] + t * (b[1] - a[1])) / found.height))
    for _ in range(found.turned % 4):  # undo a turn by 90° clockwise: what is above was at the left
        points = [(y, 1.0 - x) for x, y in points]
    xs, ys = [min(max(p[0], 0.0), 1.0) for p in points], [min(max(p[1], 0.0), 1.0) for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _to_json(found: Recognised) -> Any:
    return {
        "page": [found.turned, found.width, found.height, found.angle, found.seals],
        "lines": [[line.quad, line.text, [round(a, 4) for a in line.at], line.confidence] for line in found.lines],
        "edges": [[e.is_vertical, e.at, e.low, e.high] for e in found.edges],
    }


def _from_json(value: Any) -> Recognised | None:
    """A value of the cache, None where it is not as `_to_json` makes it."""
    try:
        turned, width, height, angle, seals = value["page"]
        lines = tuple(
            OcrLine(
                tuple((float(x), float(y)) for x, y in quad), str(text), tuple(map(float, at)), tuple(map(float, c))
            )
            for quad, text, at, c in value["lines"]
        )
        edges = tuple(Edge(bool(v), float(at), float(low), float(high)) for v, at, low, high in value["edges"])
        found = Recognised(int(turned), int(width), int(height), float(angle), lines, edges, int(seals))
    except (TypeError, ValueError, KeyError):
        return None
    is_whole = all(len(n.quad) == 4 and len(n.text) == len(n.at) == len(n.confidence) and n.text for n in lines)
    return found if is_whole and found.width > 0 and found.height > 0 else None
