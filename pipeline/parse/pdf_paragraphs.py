"""Lines to paragraphs: which line goes on in the next one, told by the margins, the indent and the line's own length.

A line goes on where it is full (what begins the next line would not have fit) and the next line is not set off by an
indent, a gap, another size or an item number. All distances are in em of the line's own size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.parse.pdf_lines import Line, join_lines
from pipeline.text import CHINESE_NUMERAL, parse_number

_SAME_PLACE = 0.7  # starts of lines nearer than this stand at the same indent
_INDENTED = 1.5  # the usual indent of a first line is 2 (GB/T 9704-2012 7.3.3); web pages have a little less
_RIGHT_PLACED = 4.5  # a line that begins further in than this is a signature, a date or part of a title
_SPARE = 0.6  # may be left on a full line, since justified text keeps no hair's breadth
_OTHER_SIZE = 0.12  # share by which sizes differ that are meant to differ
_OTHER_PITCH = 1.25  # a baseline distance that much over the usual one parts paragraphs
_CENTRED_SLACK = 1.2  # the two side gaps of a centred line differ by less
_CENTRED_GAP = 2.6  # and are wider than this, or a full first line with its indent would count
_HANGING = 4.5  # the widest number or label before a hanging paragraph
_HANGING_MARKS = frozenset("，。、,.")
_BRACKETS = frozenset("）)】]")
_SENTENCE_END = frozenset("。；！？：;!?:")

# The dots that lead to the page number of an entry of a table of contents.
_LEADER = re.compile(r"(?:(?:[.．·‥]\s?){4,}|(?:[…⋯]\s?){2,})\s*\W?\s*\w{1,5}\s*\W?$")

_N = f"[{CHINESE_NUMERAL}]{{1,3}}"
# 一、 （一） 1. 1、 (1) 1） ① ⑴ at the head of a line; 2.5 is a number, not the item 2.
_ITEM = re.compile(rf"\s*(?:{_N}、|[（(](?:{_N}|\d{{1,2}})[）)]|\d{{1,2}}(?:[、．）)]|\.(?!\d))|[①-⒛㈠-㈩])")


_NUMERAL = re.compile(rf"[{CHINESE_NUMERAL}]+|\d+")
# The same, or a short label with a colon, such as stands before the name of an annex.
_HANGS_OUT = re.compile(rf"{_ITEM.pattern}|.{{1,4}}[:：]")


def begins_item(text: str) -> bool:
    """Whether a line begins with the number of a heading or of a list item."""
    return _ITEM.match(text) is not None


def ends_sentence(text: str) -> bool:
    """Whether a line ends with a sentence mark, behind closing quotes and brackets too."""
    return text.rstrip("”’）》」』)\"' ")[-1:] in _SENTENCE_END


@dataclass(frozen=True)
class Margins:
    """Where the running text of pages of one size stands: x of its sides, its font size, its line pitch (in points)."""

    left: float
    right: float
    size: float
    pitch: float


@dataclass
class Paragraph:
    """Lines that are one paragraph."""

    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines joined without a break in words or numbers."""
        text = ""
        for line in self.lines:
            text = join_lines(text, line.text)
        return text


def measure(lines: Iterable[Line]) -> Margins:
    """The margins of the running text, from all lines of the pages of one size. Needs one line at least."""
    lines = list(lines)
    weight: Counter[float] = Counter()
    for line in lines:
        weight[round(line.size * 2) / 2] += len(line.text)
    size = max(weight, key=lambda s: (weight[s], s))
    body = [line for line in lines if abs(line.size - size) <= _OTHER_SIZE * size] or lines
    starts = Counter(round(line.x0 / 2) * 2 for line in body)
    enough = max(1, min(3, len(body) // 10), len(body) // 20)
    left = min(x for x, n in starts.items() if n >= enough)
    # Word processors let these marks hang out over the margin.
    ends = sorted((line.x1 for line in body if line.text[-1] not in _HANGING_MARKS), reverse=True)
    ends = ends or sorted((line.x1 for line in body), reverse=True)
    pairs = pairwise(body)
    steps = Counter(round((b.base - a.base) * 2) / 2 for a, b in pairs if a.page == b.page and b.base > a.base)
    common = [s for s, n in steps.items() if n * 5 >= max(steps.values()) and s >= size]
    return Margins(left, ends[len(ends) // 50], size, min(common, default=size * 2))


def is_centred(line: Line, margins: Margins) -> bool:
    """Whether a line stands in the middle between the margins, clear of both."""
    before, after = line.x0 - margins.left, margins.right - line.x1
    em = line.size
    return min(before, after) > _CENTRED_GAP * em and abs(before - after) < _CENTRED_SLACK * em


def goes_on(paragraph: Paragraph, line: Line, margins: Margins, here: Margins) -> bool:
    """Whether `line`, the next in reading order, belongs to the paragraph.

    `margins` are those of the paragraph's last line, `here` those of the line, which may stand in the next column.
    """
    last = paragraph.lines[-1]
    em = last.size
    if abs(line.size - last.size) > _OTHER_SIZE * em:
        return False
    if line.page == last.page and line.base - last.base > _OTHER_PITCH * _pitch(paragraph, margins):
        return False
    if margins.right - last.x1 >= line.unit + _SPARE * em:
        return False
    if _LEADER.search(last.text) or _LEADER.search(line.text):
        return False
    if _is_next_item(paragraph, line) or (line.is_parted and last.is_parted):
        return False
    if is_centred(line, here):
        # The second line of a title that fills the first; running text of normal size does not end centred.
        return last.size > (1 + _OTHER_SIZE) * margins.size and last.x0 - margins.left < _INDENTED * em
    return not _is_set_off(paragraph, line.x0 - here.left + margins.left, margins)


def _is_next_item(paragraph: Paragraph, line: Line) -> bool:
    """Whether a line begins the next item of a list: behind a sentence or a bracket, or counting on from this one."""
    mark = _ITEM.match(line.text)
    if mark is None:
        return False
    last, first = paragraph.lines[-1].text, _ITEM.match(paragraph.lines[0].text)
    if ends_sentence(last) or last.rstrip()[-1:] in _BRACKETS:
        return True
    return first is not None and _count(mark[0]) == _count(first[0]) + 1 and mark[0].strip()[-1] == first[0].strip()[-1]


def _count(mark: str) -> float:
    """The number in the mark of an item; -1 where it is a sign of its own (①)."""
    found = _NUMERAL.search(mark)
    return (parse_number(found[0]) or -1.0) if found else -1.0


def _pitch(paragraph: Paragraph, margins: Margins) -> float:
    lines = paragraph.lines
    if len(lines) > 1 and (lines[-1].page, lines[-1].column) == (lines[-2].page, lines[-2].column):
        return lines[-1].base - lines[-2].base
    scale = lines[-1].size / margins.size
    return margins.pitch * max(scale, 1.0)


def _is_set_off(paragraph: Paragraph, x0: float, margins: Margins) -> bool:
    """Whether a line that begins at `x0` begins a new paragraph by its indent."""
    first, last = paragraph.lines[0], paragraph.lines[-1]
    em = last.size
    if len(paragraph.lines) > 1:
        return x0 - last.x0 > _SAME_PLACE * em
    shift = x0 - first.x0
    indent = first.x0 - margins.left
    if indent > _RIGHT_PLACED * em:
        return True
    if shift > _SAME_PLACE * em:  # further in than the first line: only below a number or a label that hangs out
        return not (_HANGS_OUT.match(first.text) and shift <= _HANGING * em)
    return abs(shift) <= _SAME_PLACE * em and indent >= _INDENTED * em  # two first lines, each with its indent
