"""Recognised lines to characters with places, as if the page had a text layer: pure geometry, no picture.

Lines lie on the picture at an angle. Their middles are turned back by the median angle of the long ones before
anything is ordered: sorted by raw y, a page at 2.5 degrees gave 25 % character errors with every line read right.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from pipeline.parse.ocr_engine import Quad
from pipeline.parse.pdf_page import Char
from pipeline.raw import RawLine

_LONG = 3.0  # how many times longer than high a line must be to tell the angle of the page
_STEEP = 30.0  # degrees: a line that steep is turned otherwise than the page
EM_OF_HEIGHT = 0.93  # of a box that the detector draws round a line of Chinese: measured, three fonts, 200 dpi
_FEW_PITCHES = 3  # neighbouring Chinese characters needed to take the size from their distance
_SPACED = 1.3  # characters further apart than that many sizes are spaced out
# Share by which the sizes of two lines of one font come out different, taken from distances and from heights: boxes
# round one or two characters of a skewed page are up to 1.45 times as high as they should be.
_SAME_SIZE, _SAME_HEIGHT = 0.12, 0.5
_GAP = 0.5  # em between two characters from which there is a blank; nearer ones touch
_GAP_AT_MARK = 0.8  # the same where one of them is a mark, whose ink stands anywhere in its square
BASELINE = 0.38  # em from the middle of a line down to the baseline
_CLOSING = frozenset("，。、；：？！）》〉】〕」』”’")
_OPENING = frozenset("（《〈【〔「『“‘")


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A line as recognised: corners in pixels of the upright picture, text, and for each character the middle as a
    share of the line's length and the confidence."""

    quad: tuple[tuple[float, float], ...]
    text: str
    at: tuple[float, ...]
    confidence: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrChar(Char):
    """A recognised character: besides its place on the deskewed page, the page, the number of its line there, its
    confidence, and its box (left, top, right, bottom) in shares of the width and height of the page as it is shown."""

    page: int
    line: int
    confidence: float
    box: tuple[float, float, float, float]


def lengths(quad: Quad) -> tuple[float, float]:
    """Width along the line and height across it, in pixels."""
    width = max(math.dist(quad[0], quad[1]), math.dist(quad[3], quad[2]))
    return width, max(math.dist(quad[0], quad[3]), math.dist(quad[1], quad[2]))


def is_sideways(quads: Sequence[Quad]) -> bool:
    """Whether most of the text stands upright on the picture: a page turned by 90 or 270 degrees."""
    lying = standing = 0.0
    for quad in quads:
        across = np.ptp(quad[:, 0])
        down = np.ptp(quad[:, 1])
        if across > 1.5 * down:
            lying += across
        elif down > 1.5 * across:
            standing += down
    return standing > lying


def page_angle(quads: Sequence[Quad]) -> float:
    """By how many degrees the lines fall to the right: the median of the long ones, each counted by its length."""
    found: list[tuple[float, float]] = []
    for quad in quads:
        width, height = lengths(quad)
        left, right = (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
        angle = math.degrees(math.atan2(right[1] - left[1], right[0] - left[0]))
        if width > _LONG * height and abs(angle) <= _STEEP:
            found.append((angle, width))
    half = sum(w for _, w in found) / 2
    for angle, width in sorted(found):
        half -= width
        if half <= 0:
            return angle
    return 0.0


class Turner:
    """Turns points of a picture round its middle so that lines that fall by `angle` degrees become level."""

    def __init__(self, angle: float, width: float, height: float) -> None:
        self._cos, self._sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        self._x, self._y = (width - 1) / 2, (height - 1) / 2

    def level(self, x: float, y: float) -> tuple[float, float]:
        """A point of the picture on the level page."""
        dx, dy = x - self._x, y - self._y
        return self._x + dx * self._cos + dy * self._sin, self._y - dx * self._sin + dy * self._cos


def is_wide(char: str) -> bool:
    """Whether a character takes a full square in Chinese print: quotes, dashes and ellipses do, too."""
    return unicodedata.east_asian_width(char) in "WF" or char in "“”‘’…—·①②③④⑤⑥⑦⑧⑨⑩"


def sizes(lines: Sequence[OcrLine]) -> list[float]:
    """The font size of each line in pixels, lines of about the size of the running text given exactly that."""
    measured = [_size(line) for line in lines]
    found = [size for size, _ in measured]
    weights = [sum(map(is_wide, line.text)) + 1 for line in lines]
    half = sum(weights) / 2
    body = 0.0
    for size, weight in sorted(zip(found, weights, strict=True)):
        half -= weight
        if half <= 0:
            body = size
            break
    return [body if abs(size - body) <= tolerance * body else size for size, tolerance in measured]


def _size(line: OcrLine) -> tuple[float, float]:
    """The size of a line and how much it may be off: by the distance of its Chinese characters, else its height."""
    width, height = lengths(np.asarray(line.quad))
    by_height = EM_OF_HEIGHT * height
    steps = [
        (b - a) * width
        for (char, a), (following, b) in pairwise(zip(line.text, line.at, strict=True))
        if char.isalpha() and following.isalpha() and is_wide(char) and is_wide(following)
    ]
    if len(steps) < _FEW_PITCHES:
        return by_height, _SAME_HEIGHT
    middle = sorted(steps)[len(steps) // 2]
    near = [s for s in steps if abs(s - middle) <= 0.3 * middle]
    pitch = sum(near) / len(near)
    return (by_height, _SAME_HEIGHT) if pitch > _SPACED * by_height else (pitch, _SAME_SIZE)


def cells(line: OcrLine, left: float, right: float, size: float) -> list[tuple[float, float]]:
    """From where to where each character of a line reaches that stretches from x=`left` to `right`.

    Marks of full width have ink in one half of their square alone, so their squares are set off from their middles.
    Characters that are no blank apart are made to touch: the recogniser's places are true to a fifth of a size.
    """
    found: list[list[float]] = []
    for char, at in zip(line.text, line.at, strict=True):
        middle = left + at * (right - left)
        half = size / 2 if is_wide(char) else size / 4
        shift = 0.25 * size if char in _CLOSING else -0.25 * size if char in _OPENING else 0.0
        found.append([middle - half + shift, middle + half + shift])
    marks = [not char.isalnum() for char in line.text]
    for (before, after), is_at_mark in zip(pairwise(found), map(any, pairwise(marks)), strict=True):
        if after[0] - before[1] <= (_GAP_AT_MARK if is_at_mark else _GAP) * size:
            before[1] = after[0] = max((before[1] + after[0]) / 2, before[0])
    if found:
        found[0][0] = left - (size / 2 if line.text[0] in _OPENING else 0)
        found[-1][1] = right + (size / 2 if line.text[-1] in _CLOSING else 0)
        found[0][1] = max(found[0])
        found[-1][0] = min(found[-1])
    return [(low, high) for low, high in found]


def raw_lines(text: str, chars: Sequence[Char]) -> tuple[RawLine, ...]:
    """The lines of a block's text, made of these characters in this order; none where they are not recognised ones."""
    recognised = [c for c in chars if isinstance(c, OcrChar)]
    if not recognised or "".join(c.text for c in recognised) != "".join(text.split()):
        return ()
    return tuple(_raw_line(list(group)) for _, group in groupby(recognised, key=lambda c: (c.page, c.line)))


def _raw_line(chars: list[OcrChar]) -> RawLine:
    lefts, tops, rights, bottoms = zip(*(c.box for c in chars), strict=True)
    box = (round(min(lefts), 4), round(min(tops), 4), round(max(rights), 4), round(max(bottoms), 4))
    return RawLine("".join(c.text for c in chars), chars[0].page, box, tuple(c.confidence for c in chars))
