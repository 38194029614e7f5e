"""Characters to lines: by baseline and position, never by the order in which the file draws them.

Word processors draw quotes in another font and emit them out of order, so that only positions tell where they stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from pipeline.parse.pdf_page import Char

# Shares of the font size (em). Set on pages of LibreOffice, Word and browser origin.
_SAME_LINE = 0.45  # baselines nearer than this are one line: a raised ² is off by 0.33, the next line by 1.0 or more
_WORD_GAP = 0.22  # between Latin letters: a blank of most fonts is 0.25 em
_WIDE_GAP = 0.45  # next to a Chinese character: layout puts up to 0.25 em between Chinese and Latin by itself
_UNEVEN = 1.3  # among digits that are set apart, a gap so many times the least one is still of one number
_MAX_SPREAD = 0.6  # digits further apart are two numbers: half-width digits on a full-width grid are 0.5 apart
_COLUMN_GAP = 1.6  # a gap that may part two columns of text
_TWICE = 0.2  # the same sign drawn again nearer than this is boldface by overprinting
_MIN_COLUMN_LINES = 6  # rows with text on both sides of the gap, to speak of columns
# Punctuation that may not begin a line, and that which may not end one (GB/T 15834-2011, 5.1.9-5.1.11).
_CLOSING = frozenset("，。、；：？！）》〉〕】』」”’…—,.;:?!)]}%％℃")
_OPENING = frozenset("（《〈〔【『「“‘([{")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on a page: its characters from left to right with their extent, in points."""

    text: str
    page: int
    x0: float
    x1: float
    base: float
    size: float
    unit: float  # width of the first piece that cannot be parted: what would have to fit on the line before
    chars: tuple[Char, ...] = ()  # what `text` was made of, blanks left out

    @property
    def top(self) -> float:
        """The upper edge, as far as it matters for the order on the page."""
        return self.base - self.size


def lines_of(chars: Iterable[Char], page: int) -> list[Line]:
    """The lines of a region from top to bottom, blank ones left out."""
    made = (_line(row, page) for row in _rows(chars))
    return [line for line in made if line is not None]


def page_lines(chars: Iterable[Char], page: int) -> list[Line]:
    """The lines of a page in reading order: as `lines_of`, but two columns one after the other."""
    rows = _rows(chars)
    gutter = _gutter(rows)
    if gutter is None:
        return [line for row in rows if (line := _line(row, page)) is not None]
    found: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for row in rows:
        if any(c.x0 < gutter < c.x1 for c in row if c.text.strip()):
            found += left + right
            left, right = [], []
            parts: list[tuple[list[Line], list[Char]]] = [(found, row)]
        else:
            parts = [(left, [c for c in row if c.x1 <= gutter]), (right, [c for c in row if c.x0 >= gutter])]
        for target, part in parts:
            if part and (line := _line(part, page)) is not None:
                target.append(line)
    return found + left + right


def _rows(chars: Iterable[Char]) -> list[list[Char]]:
    """Characters by common baseline, top row first, each row from left to right."""
    rows: list[list[Char]] = []
    base = size = 0.0
    for char in sorted(chars, key=lambda c: (c.base, c.x0)):
        if rows and char.base - base <= _SAME_LINE * max(size, char.size):
            rows[-1].append(char)
            if char.size > size:
                base, size = char.base, char.size
        else:
            rows.append([char])
            base, size = char.base, char.size
    for row in rows:
        row.sort(key=lambda c: c.x0)
    return rows


def _line(row: list[Char], page: int) -> Line | None:
    row = _without_doubles(row)
    while row and not row[0].text.strip():
        row = row[1:]
    while row and not row[-1].text.strip():
        row = row[:-1]
    if not row:
        return None
    inked = [c for c in row if c.text.strip()]
    sizes = sorted(c.size for c in inked)
    size = sizes[len(sizes) // 2]
    main = next(c for c in inked if c.size == size)
    right = max(c.x1 for c in row)
    return Line(_text(row), page, row[0].x0, right, main.base, size, _first_unit(inked), tuple(inked))


def _without_doubles(row: list[Char]) -> list[Char]:
    kept: list[Char] = []
    for char in row:
        twins = (k for k in kept[-2:] if k.text == char.text and abs(k.x0 - char.x0) < _TWICE * char.size)
        if next(twins, None) is None:
            kept.append(char)
    return kept


def _text(row: list[Char]) -> str:
    pieces: list[str] = []
    spread = _digit_gap(row)
    last: Char | None = None
    for char in row:
        if not char.text.strip():
            if pieces and pieces[-1] != " ":
                pieces.append(" ")
        else:
            if last is not None and pieces[-1] != " " and _is_gap(last, char, spread):
                pieces.append(" ")
            pieces.append(char.text)
        last = char
    return "".join(pieces)


def _digit_gap(row: list[Char]) -> float:
    """The gap (in em) up to which two digits are one number: 0 unless the row sets all digits apart, like Han."""
    pairs = [(a, b) for a, b in pairwise(row) if a.text.isdecimal() and b.text.isdecimal()]
    gaps = [(b.x0 - a.x1) / a.size for a, b in pairs]
    least = min(gaps, default=0.0)
    return min(_UNEVEN * least, _MAX_SPREAD) if least > _WORD_GAP else 0.0


def _is_gap(left: Char, right: Char, spread: float = 0.0) -> bool:
    gap = right.x0 - left.x1
    if left.text.isdecimal() and right.text.isdecimal() and gap <= spread * left.size:
        return False
    is_latin = left.text.isascii() and right.text.isascii()
    return gap > (_WORD_GAP if is_latin else _WIDE_GAP) * min(left.size, right.size)


def _first_unit(inked: list[Char]) -> float:
    """Width of the shortest head of the line that a line break may not part."""
    end = 0
    while end < len(inked) - 1 and inked[end].text in _OPENING:
        end += 1
    if is_word(inked[end].text):
        while end < len(inked) - 1 and is_word(inked[end + 1].text) and not _is_gap(inked[end], inked[end + 1]):
            end += 1
    while end < len(inked) - 1 and inked[end + 1].text in _CLOSING:
        end += 1
    return inked[end].x1 - inked[0].x0


def is_word(char: str) -> bool:
    """Whether the character belongs to a word of letters or digits that is not broken over lines."""
    return char.isascii() and char.isalnum()


def _gutter(rows: list[list[Char]]) -> float | None:
    """The x of a gap that runs down a page of two columns, None for one column.

    A row with a gap near the middle votes for it; the gap must be common to most rows that reach across the middle.
    """
    inked = [[c for c in row if c.text.strip()] for row in rows]
    inked = [row for row in inked if row]
    if len(inked) < _MIN_COLUMN_LINES:
        return None
    left, right = min(row[0].x0 for row in inked), max(row[-1].x1 for row in inked)
    low, high = left + (right - left) * 0.4, left + (right - left) * 0.6
    gaps: list[tuple[float, float]] = []
    crossed = 0
    for row in inked:
        wide = [(a.x1, b.x0) for a, b in pairwise(row) if b.x0 - a.x1 > _COLUMN_GAP * a.size]
        wide = [gap for gap in wide if gap[0] < high and gap[1] > low]
        if wide:
            gaps.append(wide[0])
        elif row[0].x0 < low and row[-1].x1 > high:
            crossed += 1
    if len(gaps) < _MIN_COLUMN_LINES or crossed > len(gaps):
        return None
    start, end = max(g[0] for g in gaps), min(g[1] for g in gaps)
    return (start + end) / 2 if start < end else None


def join_lines(above: str, below: str) -> str:
    """Two parts of one paragraph together: a blank only between Latin words, none within Chinese or numbers."""
    above, below = above.rstrip(), below.lstrip()
    if not above or not below:
        return above + below
    if above[-1] == "\u00ad":
        return above[:-1] + below
    is_between_words = is_word(above[-1]) and is_word(below[0]) and not (above[-1].isdigit() and below[0].isdigit())
    # After a sentence mark of Latin text there is a blank; after a hyphen, a slash or a dot in a number there is none.
    is_after_mark = above[-1] in ",;:" and below[0].isascii() and below[0].isalpha()
    return above + (" " if is_between_words or is_after_mark else "") + below
