"""The drawn shapes of a PDF page: lines that are seen, from which tables are read, and areas that are filled."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

_THIN = 3.0  # points: a filled shape not thicker than this is a drawn line
_SIGN = 9.0  # points: a shape not larger either way is no line of a table but part of a drawn letter or a mark
_STRAIGHT = 0.5  # points that a line may deviate from the horizontal or vertical
INVISIBLE = 245  # of 255: paler lines, fills and letters are not seen on white paper (row backgrounds, hidden grids)
MAX_SHAPES = 20_000  # a page with more is a map or a drawing, not a table

Turn = Callable[[float, float], tuple[float, float]]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Edge:
    """A drawn line: at x=`at` from y=`low` to `high` when vertical, at y=`at` from x=`low` to `high` when not."""

    is_vertical: bool
    at: float
    low: float
    high: float


def read_shapes(page: Any, turn: Turn) -> tuple[list[Edge], list[Box]]:
    """The lines of a pypdfium2 page and the boxes of its filled areas that are seen, in reading coordinates."""
    edges: list[Edge] = []
    fills: list[Box] = []
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for count, shape in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=5)):
        if count > MAX_SHAPES:
            break
        if shape.container is None:  # else its bounds are in other units
            pdfium.FPDFPageObj_GetBounds(shape.raw, left, bottom, right, top)
            if _THIN < right.value - left.value < _SIGN and _THIN < top.value - bottom.value < _SIGN:
                continue
        fill, stroke = ctypes.c_int(), pdfium.FPDF_BOOL()
        pdfium.FPDFPath_GetDrawMode(shape.raw, fill, stroke)
        is_stroked = bool(stroke.value) and _is_seen(pdfium.FPDFPageObj_GetStrokeColor, shape.raw)
        is_filled = bool(fill.value) and _is_seen(pdfium.FPDFPageObj_GetFillColor, shape.raw)
        if is_stroked or is_filled:
            for points in _outlines(shape, turn):
                edges.extend(stroked(points) if is_stroked else filled(points))
                if is_filled:
                    xs, ys = [p[0] for p in points], [p[1] for p in points]
                    fills.append((min(xs), min(ys), max(xs), max(ys)))
    return edges, fills


def _is_seen(get_colour: Callable[..., int], raw: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint(0) for _ in range(4))
    if not get_colour(raw, red, green, blue, alpha):
        return True
    return alpha.value > 0 and min(red.value, green.value, blue.value) < INVISIBLE


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
