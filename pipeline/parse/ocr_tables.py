"""The ruling lines of a table in a picture: long straight strokes, found by opening with long thin kernels.

Kernels take what is as long as themselves. Long strokes are lines of a table; shorter ones only where both ends are at
lines of the other direction, which strokes of characters are not. What the lines make is told by `pdf_grid`, as for
drawn lines.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.parse.ocr_engine import Image
from pipeline.parse.pdf_shapes import Edge

# Millimetres.
_LONG = 25.0  # longer than strokes of characters that stand in one line with one another, which reach 14
_SHORT = 3.6  # the side of the smallest cell: lower than any row of 9 point print
_THICK = 1.3  # a thicker stroke is a bar or a picture
_TOUCH = 1.2  # how far the end of a short line may be from the line that it meets
_SMALL = 1000  # pixels: the long side at which angles are compared
_ANGLE_STEPS = ((0.1, 4), (0.02, 4))  # degrees, and how many steps to either side
_LEVEL = 0.05  # degrees: less is a pixel or two across a page
_SIDE = 0.5  # millimetres beside a line that are blank, if it is one; strokes of characters are never alone there
_CROWDED = 0.12  # share of ink beside a line from which it may be strokes of characters in a row
_WHOLE = 0.97  # share of its length that a line is drawn on; strokes of neighbouring characters reach 0.93
_DARKER = 18  # of 255, than the mean of the surroundings
_BREAK = 5  # pixels of a break in a line that is closed
_MOST = 4_000  # lines of a page; more of them are a photograph or a raster


def ruling_lines(image: Image, dots_per_mm: float, angle: float) -> list[Edge]:
    """The level and upright lines of a page in pixels of the page when turned by -`angle` degrees round its middle.

    Upright means along the sides of the text, `angle` being that by which its lines fall to the right.
    """
    grey = np.asarray(image.min(axis=2), np.uint8)  # lines in colour count
    ink = _dark(_turned(grey, angle, 255) if abs(angle) > _LEVEL else grey)
    long = max(8, round(_LONG * dots_per_mm))
    short = max(6, round(_SHORT * dots_per_mm))
    thick = max(3, round(_THICK * dots_per_mm))
    side = max(2, round(_SIDE * dots_per_mm))
    level = [e for e in _strokes(ink, long, thick, is_vertical=False) if _is_drawn(e, ink, side)]
    upright = [e for e in _strokes(ink, long, thick, is_vertical=True) if _is_drawn(e, ink, side)]
    if len(level) + len(upright) > _MOST:
        return []
    touch = _TOUCH * dots_per_mm
    pieces_up = _strokes(ink, short, thick, is_vertical=True)
    pieces_level = _strokes(ink, short, thick, is_vertical=False)
    upright += [e for e in pieces_up if _is_held(e, level, touch)]
    level += [e for e in pieces_level if _is_held(e, upright, touch)]
    upright += [e for e in pieces_up if _is_held(e, level, touch)]  # those that end at short ones
    return level + upright if level and upright and len(level) + len(upright) <= _MOST else []


def sharper_angle(image: Image, angle: float) -> float:
    """The angle near `angle` at which the rows of a page with ruling lines part best from the white between them.

    Boxes of short lines in cells tell it to 0.2 degrees only, by which a line across the page leaves its row.
    """
    import cv2

    factor = min(1.0, _SMALL / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ink = _dark(np.asarray(small.min(axis=2), np.uint8))

    def sharpness(candidate: float) -> float:
        rows = _turned(ink, candidate, 0).sum(axis=1, dtype=np.float64)
        return float((np.diff(rows) ** 2).sum())

    for step, reach in _ANGLE_STEPS:
        angle = max((angle + i * step for i in range(-reach, reach + 1)), key=sharpness)
    return angle


def _turned(grey: NDArray[np.uint8], angle: float, border: int) -> NDArray[np.uint8]:
    import cv2

    height, width = grey.shape
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0)
    return np.asarray(cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=border), np.uint8)


def _dark(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What is darker than its surroundings, as 255."""
    import cv2

    window = max(15, min(grey.shape) // 40 | 1)
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    threshold = cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, _DARKER)
    return np.asarray(threshold, np.uint8)


def _strokes(ink: NDArray[np.uint8], length: int, thick: int, is_vertical: bool) -> list[Edge]:
    """Strokes of at least that length in one direction, in pixels."""
    import cv2

    def along(pixels: int) -> NDArray[np.uint8]:
        return np.ones((pixels, 1) if is_vertical else (1, pixels), np.uint8)

    # A line that falls by a pixel on its way stays one: it is made three pixels thick before the long kernel.
    solid = cv2.dilate(ink, along(3).T)
    solid = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, along(_BREAK))
    opened = cv2.morphologyEx(solid, cv2.MORPH_OPEN, along(length))
    count, _, stats, centres = cv2.connectedComponentsWithStats(opened)
    found: list[Edge] = []
    for i in range(1, count):
        left, top, width, height, _ = (int(v) for v in stats[i])
        size, reach = (height, width) if is_vertical else (width, height)
        if reach > thick + 2 or size < length:
            continue
        at = float(centres[i][0] if is_vertical else centres[i][1])
        low = top if is_vertical else left
        found.append(Edge(is_vertical, at, float(low), float(low + size)))
    return found


def _is_drawn(edge: Edge, ink: NDArray[np.uint8], side: int) -> bool:
    """Whether a long stroke is a line and not the strokes of neighbouring characters: blank beside it, or unbroken."""
    along = (ink.T if edge.is_vertical else ink)[:, round(edge.low) : round(edge.high)] > 0
    at = round(edge.at)
    near = along[max(0, at - side) : at + side + 1]
    inked = near.mean(axis=1)
    half = int((inked > 0.5).sum()) // 2 + 1  # the line's own breadth
    strips = along[max(0, at - half - side) : max(0, at - half)], along[at + half + 1 : at + half + side + 1]
    if max((float(strip.mean()) for strip in strips if strip.size), default=0.0) < _CROWDED:
        return True
    return float(along[max(0, at - half) : at + half + 1].any(axis=0).mean()) >= _WHOLE


def _is_held(edge: Edge, others: list[Edge], touch: float) -> bool:
    """Whether both ends of a short line are at (or beyond) lines of the other direction."""

    def meets(end: float) -> bool:
        return any(abs(o.at - end) <= touch and o.low - touch <= edge.at <= o.high + touch for o in others)

    return meets(edge.low) and meets(edge.high)
