"""What a page of an OFD holds: characters, drawn lines and pictures, in the reading coordinates of the PDF reader.

OFD counts in millimetres from the top left corner (GB/T 33190-2016, 8.1); all that comes out is in points, so that the
code that makes lines, paragraphs and tables of PDF pages works on these too.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, NamedTuple

from pipeline.parse.pdf_page import Char, Frame, PageContent
from pipeline.parse.pdf_shapes import MAX_SHAPES, Edge, Turn, filled, stroked

POINTS = 72 / 25.4  # in a millimetre
_MAX_DEPTH = 16  # of blocks and composite objects in one another
_OBLIQUE = 5.0  # degrees off the axes: a watermark, as in PDF pages
_INVISIBLE = 245  # of 255, as in PDF pages
_NARROW = 0.5  # em: the width of a letter where the file does not say how far it advances
_MEANT = 1.0  # em: an advance up to that is the letter's own width, a longer one holds a gap
_FEW = 20  # characters: a page of a scan whose text layer is not shown has no more that are
_COVERED = 0.5  # share of the page that pictures cover, to speak of a scanned page

# Path operators (GB/T 33190-2016, table 35) and how many numbers each takes.
_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_TOKEN = re.compile(r"[SMLQBAC]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")

Element = Any  # an lxml element; lxml ships no types


class Matrix(NamedTuple):
    """x' = a·x + c·y + e, y' = b·x + d·y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def on(self, x: float, y: float) -> tuple[float, float]:
        """The point after the transformation."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, outer: Matrix) -> Matrix:
        """This transformation, and after it the outer one."""
        e, f = outer.on(self.e, self.f)
        return Matrix(
            outer.a * self.a + outer.c * self.b,
            outer.b * self.a + outer.d * self.b,
            outer.a * self.c + outer.c * self.d,
            outer.b * self.c + outer.d * self.d,
            e,
            f,
        )


@dataclass(frozen=True)
class Resources:
    """What pages refer to by number: drawing parameters, composite objects, pictures, CMYK colour spaces."""

    draw_params: Mapping[str, Element] = field(default_factory=dict)
    composites: Mapping[str, Element] = field(default_factory=dict)
    cmyk: frozenset[str] = frozenset()
    pictures: Mapping[str, str] = field(default_factory=dict)  # paths in the file


class Picture(NamedTuple):
    """A picture's number, and the map from its square (1 × 1, y downward) to the page in points."""

    resource: str
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A character (or a short column of them) at its origin, in page coordinates in points; `angle` is clockwise."""

    text: str
    start: tuple[float, float]
    end: tuple[float, float]
    size: float
    angle: float
    is_shown: bool


def local(element: Element) -> str:
    """The name of an element without its namespace, "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """The child elements of these names, whatever their namespace: writers differ in it."""
    for child in () if element is None else element:
        if local(child) in names:
            yield child


def child(element: Element | None, name: str) -> Element | None:
    """The first child element of a name."""
    return next(children(element, name), None)


def numbers(text: str | None) -> list[float]:
    """The numbers of an attribute, none where it is damaged."""
    try:
        found = [float(part) for part in (text or "").split()]
    except ValueError:
        return []
    return found if all(math.isfinite(n) for n in found) else []


def page_content(
    contents: Sequence[Element], number: int, box: tuple[float, float, float, float], resources: Resources
) -> tuple[PageContent, list[Picture]]:
    """The content of a page from its `Content` elements (its own and its templates'), and its pictures as they lie.

    `box` is the page's x, y, width and height in millimetres, `number` its number counted from 1.
    """
    left, top, width, height = (POINTS * n for n in box)
    collector = _Collector(resources)
    for content in contents:
        collector.walk(content, Matrix(POINTS, 0, 0, POINTS, -left, -top), 0)
    shown = [run for run in collector.runs if run[0].is_shown]
    covered = collector.covered > _COVERED * width * height
    takes_all = covered and sum(map(len, shown)) < _FEW
    runs = collector.runs if takes_all else shown
    turned = _direction(runs)
    turn = _turner(turned, width, height)
    chars: list[Char] = []
    hidden = ["".join(g.text for g in run) for run in collector.runs if not (takes_all or run[0].is_shown)]
    oblique: list[str] = []
    for run in runs:
        if _off_axis(run[0].angle) > _OBLIQUE:
            oblique.append("".join(g.text for g in run))
        else:
            is_other = _quarter(run[0].angle) != turned or _is_column(run)
            chars += (_char(glyph, turn) for glyph in ([_column(run)] if is_other else run))
    edges = tuple(_turned(edge, turn) for edge in collector.edges)
    frame = Frame(turned, 0, 0, width, height)
    if turned % 2:
        width, height = height, width
    aside = "\n".join(oblique), "\n".join(hidden)
    content = PageContent(number, frame, width, height, tuple(chars), aside[0], edges, 0, covered, aside[1])
    return content, collector.pictures


def _char(glyph: _Glyph, turn: Turn) -> Char:
    (xa, base), (xb, _) = turn(*glyph.start), turn(*glyph.end)
    return Char(glyph.text, min(xa, xb), max(xa, xb), base, glyph.size)


def _off_axis(angle: float) -> float:
    return abs((angle + 45) % 90 - 45)


def _quarter(angle: float) -> int:
    return round(angle / 90) % 4


def _direction(runs: Sequence[Sequence[_Glyph]]) -> int:
    """How many quarter turns clockwise most of the page's text runs."""
    counted: Counter[int] = Counter()
    for run in runs:
        if _off_axis(run[0].angle) <= _OBLIQUE:
            counted[_quarter(run[0].angle)] += len(run)
    return counted.most_common(1)[0][0] if counted else 0


def _turner(turned: int, width: float, height: float) -> Turn:
    return (
        lambda x, y: (x, y),
        lambda x, y: (y, width - x),
        lambda x, y: (width - x, height - y),
        lambda x, y: (height - y, x),
    )[turned]


def _turned(edge: Edge, turn: Turn) -> Edge:
    ends = (
        [(edge.at, edge.low), (edge.at, edge.high)] if edge.is_vertical else [(edge.low, edge.at), (edge.high, edge.at)]
    )
    (xa, ya), (xb, yb) = (turn(*end) for end in ends)
    if abs(xa - xb) < abs(ya - yb):
        return Edge(True, xa, min(ya, yb), max(ya, yb))
    return Edge(False, ya, min(xa, xb), max(xa, xb))


class _Collector:
    """Walks the objects of a page."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._shapes = 0
        self.runs: list[list[_Glyph]] = []  # of one way of running
        self.edges: list[Edge] = []
        self.pictures: list[Picture] = []
        self.covered = 0.0  # square points under pictures

    def walk(self, parent: Element, matrix: Matrix, depth: int) -> None:
        if depth > _MAX_DEPTH:
            return
        for item in parent:
            kind = local(item)
            if kind in {"Layer", "PageBlock", "Content"}:
                self.walk(item, matrix, depth + 1)
            elif kind == "TextObject":
                self._text(item, self._placed(item, matrix))
            elif kind == "PathObject":
                self._path(item, self._placed(item, matrix))
            elif kind == "ImageObject":
                self._image(item, matrix)
            elif kind == "CompositeObject":
                unit = self._resources.composites.get(item.get("ResourceID", ""))
                if unit is not None:
                    self.walk(unit, self._placed(item, matrix), depth + 1)

    @staticmethod
    def _placed(item: Element, matrix: Matrix) -> Matrix:
        """The object's own coordinates on the page: its CTM, then the corner of its boundary (8.5)."""
        corner = numbers(item.get("Boundary"))
        if len(corner) == 4:
            matrix = Matrix(e=corner[0], f=corner[1]).then(matrix)
        own = numbers(item.get("CTM"))
        return Matrix(*own).then(matrix) if len(own) == 6 else matrix

    def _image(self, item: Element, matrix: Matrix) -> None:
        boundary = numbers(item.get("Boundary"))
        if len(boundary) == 4 and _is_shown(item):
            self.covered += abs(boundary[2] * boundary[3] * (matrix.a * matrix.d - matrix.b * matrix.c))
            own = Matrix() if item.get("CTM") else Matrix(boundary[2], 0, 0, boundary[3])  # else it fills its boundary
            self.pictures.append(Picture(item.get("ResourceID", ""), own.then(self._placed(item, matrix))))

    # text

    def _text(self, item: Element, matrix: Matrix) -> None:
        size = next(iter(numbers(item.get("Size"))), 0.0)
        scale = next(iter(numbers(item.get("HScale"))), 1.0) or 1.0
        facing = next(iter(numbers(item.get("CharDirection"))), 0.0)
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) + facing
        drawn = size * math.hypot(matrix.c, matrix.d)
        if drawn <= 0:
            return
        shown = _is_shown(item) and _alpha(child(item, "FillColor")) > 0
        x = y = 0.0
        for code in children(item, "TextCode"):
            x = next(iter(numbers(code.get("X"))), x)
            y = next(iter(numbers(code.get("Y"))), y)
            text = "".join(c for c in "".join(code.itertext()) if c not in "\r\n")
            run = list(_run(text, x, y, size * scale, code, facing))
            made = [
                _Glyph(char, matrix.on(*start), matrix.on(*end), drawn, angle, shown)
                for char, start, end in run
                if unicodedata.category(char) not in {"Cc", "Cn", "Cs"}
            ]
            if made:
                self.runs.append(made)

    # lines

    def _path(self, item: Element, matrix: Matrix) -> None:
        self._shapes += 1
        if self._shapes > MAX_SHAPES or not _is_shown(item):
            return
        strokes = item.get("Stroke", "true") != "false" and self._is_seen(item, "StrokeColor", missing=True)
        fills = item.get("Fill", "false") == "true" and self._is_seen(item, "FillColor", missing=False)
        if not strokes and not fills:
            return
        data = child(item, "AbbreviatedData")
        for points in _outlines("" if data is None else data.text or ""):
            placed = [matrix.on(x, y) for x, y in points]
            self.edges += stroked(placed) if strokes else filled(placed)

    def _is_seen(self, item: Element, name: str, missing: bool) -> bool:
        """Whether a stroke or fill shows on white paper; `missing` is the answer where no colour is given."""
        colour = child(item, name)
        if colour is None:
            colour = child(self._resources.draw_params.get(item.get("DrawParam", "")), name)
        if colour is None:
            return missing
        if _alpha(colour) == 0:
            return False
        values = [_component(part) for part in (colour.get("Value") or "").split()]
        if not values:
            return True  # a pattern, or an entry of a palette
        if colour.get("ColorSpace", "") in self._resources.cmyk or len(values) == 4:
            return max(values) > 255 - _INVISIBLE
        return min(values) < _INVISIBLE


def _is_shown(item: Element) -> bool:
    return bool(item.get("Visible", "true") != "false" and item.get("Alpha", "255").strip() != "0")


def _alpha(colour: Element | None) -> float:
    return 255.0 if colour is None else next(iter(numbers(colour.get("Alpha"))), 255.0)


def _component(text: str) -> float:
    """A value of a colour, written in decimal or as #1F (GB/T 33190-2016, 7.3)."""
    try:
        return float(int(text[1:], 16)) if text.startswith("#") else float(text)
    except ValueError:
        return 0.0


def _deltas(text: str | None, count: int) -> list[float]:
    """Advances from character to character; `g n v` stands for v, n times (GB/T 33190-2016, 11.3)."""
    parts = (text or "").split()
    found: list[float] = []
    at = 0
    try:
        while at < len(parts) and len(found) < count:
            if parts[at] == "g":
                found += [float(parts[at + 2])] * min(int(parts[at + 1]), count)
                at += 3
            else:
                found.append(float(parts[at]))
                at += 1
    except (ValueError, IndexError):
        return []
    return found[:count] if all(math.isfinite(n) for n in found) else []


def _run(
    text: str, x: float, y: float, em: float, code: Element, facing: float
) -> Iterator[tuple[str, tuple[float, float], tuple[float, float]]]:
    """Each character with the start and the end of its baseline, in the object's coordinates."""
    across, down = _deltas(code.get("DeltaX"), len(text)), _deltas(code.get("DeltaY"), len(text))
    sine, cosine = math.sin(math.radians(facing)), math.cos(math.radians(facing))
    for i, char in enumerate(text):
        natural = em if unicodedata.east_asian_width(char) in "WF" else _NARROW * em
        dx = across[i] if i < len(across) else (0.0 if down else natural)
        dy = down[i] if i < len(down) else 0.0
        advance = math.hypot(dx, dy)
        is_wide = unicodedata.east_asian_width(char) in "WF"
        width = min(advance, natural) if is_wide and advance else natural
        if not is_wide and 0 < advance <= _MEANT * em:
            width = advance
        if abs(dy * cosine - dx * sine) > abs(dx * cosine + dy * sine):  # the run goes across the way letters face
            width = natural
        yield char, (x, y), (x + width * cosine, y + width * sine)
        x, y = x + dx, y + dy


def _is_column(glyphs: Sequence[_Glyph]) -> bool:
    """Whether upright characters stand below one another, as the head of a narrow column does."""
    if len(glyphs) < 2:
        return False
    steps = [(b.start[0] - a.start[0], b.start[1] - a.start[1]) for a, b in pairwise(glyphs)]
    sine, cosine = math.sin(math.radians(glyphs[0].angle)), math.cos(math.radians(glyphs[0].angle))
    return all(
        abs(dx * cosine + dy * sine) < 0.1 * glyphs[0].size < 0.5 * abs(dy * cosine - dx * sine) for dx, dy in steps
    )


def _column(glyphs: Sequence[_Glyph]) -> _Glyph:
    """The column as one piece in the place of its middle character, upright and one character wide."""
    middle = glyphs[len(glyphs) // 2]
    (x, y), size = middle.start, middle.size
    text = "".join(g.text for g in glyphs)
    if _is_column(glyphs):
        return replace(middle, text=text)
    (xb, yb) = middle.end
    x, y = (x + xb) / 2, (y + yb) / 2
    return _Glyph(text, (x - size / 2, y), (x + size / 2, y), size, 0.0, middle.is_shown)


def _outlines(data: str) -> Iterator[list[tuple[float, float]]]:
    """The polygons of abbreviated path data, curves by their end points, closed ones with their first point again."""
    tokens = _TOKEN.findall(data)
    points: list[tuple[float, float]] = []
    at = 0
    while at < len(tokens):
        operator = tokens[at]
        count = _ARGUMENTS.get(operator)
        if count is None or len(tokens) - at <= count:
            break  # damaged: what was drawn so far counts
        try:
            values = [float(n) for n in tokens[at + 1 : at + 1 + count]]
        except ValueError:
            break
        at += 1 + count
        if operator in "SM" and points:
            yield points
            points = []
        if count:
            points.append((values[-2], values[-1]))
        elif points:
            points.append(points[0])
    if points:
        yield points
