"""Furniture of PDF pages: running heads and feet, and page numbers, found by what repeats from page to page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from pipeline.parse.pdf_lines import Line
from pipeline.parse.pdf_page import PageContent
from pipeline.text import CHINESE_NUMERAL, fold, parse_number

_ZONE = 0.13  # share of the page's height at its top and bottom where heads and feet stand (GB/T 9704: 37 mm of 297)
_OUTER_LINES = 3  # heads and feet are among so many lines from the edge
_SAME_HEIGHT = 4.0  # points that a head may move from page to page
_ENOUGH = 3  # pages with the same line; fewer only in shorter documents
# 3, 三, and iii alone on its line.
_COUNT = re.compile(rf"\d+|[{CHINESE_NUMERAL}]+|(?<![a-z])[ivxl]+(?![a-z])", re.IGNORECASE)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_APART = re.compile(r"[\s:]\S+\s*$")
_MARKS = re.compile(r"[\s\-—–―─_·.•~|/]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def furniture(pages: Sequence[tuple[PageContent, list[Line]]]) -> set[int]:
    """The `id` of each line that is a running head, a running foot or a page number.

    A line counts when it stands at the edge of the page and is there again, at the same height, on two more pages
    (one more in a document of two pages), either word for word or with a number that counts the pages. A number alone
    counts with dashes round it or if it is the page's own.
    """
    found: set[int] = set()
    groups: dict[tuple[str, bool], list[tuple[PageContent, Line]]] = defaultdict(list)
    for page, lines in pages:
        for line, is_top in _outer(page, lines):
            text = "".join(fold(line.text).split())
            if _is_page_number(text, page.number):
                found.add(id(line))
            else:
                groups[(_COUNT.sub("#", text), is_top)].append((page, line))
    enough = max(2, min(_ENOUGH, len(pages)))
    for (mask, is_top), members in groups.items():
        for member in members:
            same = [m for m in members if _is_level(m, member, is_top)]
            texts = {"".join(fold(line.text).split()) for _, line in same}
            if len({page.number for page, _ in same}) >= enough and (len(texts) == 1 or _counts(mask, same, is_top)):
                found.add(id(member[1]))
    return found


def _outer(page: PageContent, lines: list[Line]) -> list[tuple[Line, bool]]:
    """The lines at the page's edges, each with whether that is the top."""
    in_order = sorted(lines, key=lambda line: line.base)
    top = [(line, True) for line in in_order[:_OUTER_LINES] if line.base < _ZONE * page.height]
    bottom = [(line, False) for line in in_order[-_OUTER_LINES:] if line.base > (1 - _ZONE) * page.height]
    return top + bottom


def _is_level(one: tuple[PageContent, Line], other: tuple[PageContent, Line], is_top: bool) -> bool:
    """Whether two lines stand at the same height, measured from the nearer edge of pages that may differ in size."""

    def height(member: tuple[PageContent, Line]) -> float:
        return member[1].base if is_top else member[0].height - member[1].base

    return abs(height(one) - height(other)) <= _SAME_HEIGHT


def _is_page_number(text: str, page: int) -> bool:
    bare = _MARKS.sub("", text)
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 4):
        return False
    return int(bare) == page or (len(text) > len(bare) and text[0] != bare[0] and text[-1] != bare[-1])


def _counts(mask: str, members: list[tuple[PageContent, Line]], is_top: bool) -> bool:
    """Whether a number in the lines goes up with the pages, as in 3/9 or between two characters.

    A number at the end of Chinese words (as in a caption) is none of a page, even if it counts with the pages, but at
    the foot of the page, set apart by a blank, it is.
    """
    is_behind_words = _HAN.search(mask) and mask.endswith("#") and mask.count("#") == 1
    if is_behind_words and (is_top or not all(_APART.search(fold(line.text)) for _, line in members)):
        return False
    numbers = [[_value(n) for n in _COUNT.findall(fold(line.text))] for _, line in members]
    width = min(len(n) for n in numbers)
    for column in range(width):
        offsets = {n[column] - page.number for n, (page, _) in zip(numbers, members, strict=True)}
        if len(offsets) == 1:
            return True
    return False


def _value(numeral: str) -> float:
    """The value of a numeral of `_COUNT`; of a Roman one by its letters, a smaller one before a larger taken off."""
    if numeral[0].lower() not in _ROMAN:
        return parse_number(numeral) or 0.0
    values = [_ROMAN[letter] for letter in numeral.lower()]
    return sum(-v if v < following else v for v, following in zip(values, [*values[1:], 0], strict=True))
