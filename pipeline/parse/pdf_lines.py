"""Characters to lines: by baseline and position, never by the order in which the file draws them.

Word processors draw quotes in another font and emit them out of order, so that only positions tell where they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.parse.pdf_columns import by_columns
from pipeline.parse.pdf_page import Char

# Shares of the font size (em). Set on pages of LibreOffice, Word and browser origin.
_SAME_LINE = 0.45  # baselines nearer than this are one line: a raised ² is off by 0.33, the next line by 1.0 or more
_WORD_GAP = 0.22  # between Latin letters: a blank of most fonts is 0.25 em
_WIDE_GAP = 0.45  # next to a Chinese character: layout puts up to 0.25 em between Chinese and Latin by itself
_UNEVEN = 1.3  # among digits that are set apart, a gap so many times the least one is still of one number
_MAX_SPREAD = 0.6  # digits further apart are two numbers: half-width digits on a full-width grid are 0.5 apart
_PARTED = 2.2  # two blanks of full width, which stand between names and after numbers, are 2
_ONE_GLYPH = 1.4  # a wider box is that of several characters: Noto CJK has one glyph of 2 em for ——
_TWICE = 0.2  # the same sign drawn again nearer than this is boldface by overprinting
# Punctuation that may not begin a line, and that which may not end one (GB/T 15834-2011, 5.1.9-5.1.11).
_CLOSING = frozenset("，。、；：？！）》〉〕】』」”’…—,.;:?!)]}%％℃")
_OPENING = frozenset("（《〈〔【『「“‘([{")
# Word processors that go by Unicode's rule part a quote from neither of its neighbours (UAX 14, LB19).
_QUOTES = frozenset("“”‘’\"'")


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
    is_parted: bool = False  # by a gap that no running text has: an entry and its value
    column: int | None = None  # counted from 0, None where the line has the width of the page to itself
    chars: tuple[Char, ...] = ()  # what `text` was made of, blanks left out

    @property
    def top(self) -> float:
        """The upper edge, as far as it matters for the order on the page."""
        return self.base - self.size


def lines_of(chars: Iterable[Char], page: int) -> list[Line]:
    """The lines of a region from top to bottom, blank ones left out."""
    made = (_line(row, page) for row in rows_of(chars))
    return [line for line in made if line is not None]


def page_lines(rows: Sequence[Sequence[Char]], page: int, gutters: Sequence[float] = ()) -> list[Line]:
    """The lines of a page in reading order: as `lines_of`, but columns one after the other."""
    made = (_line(list(row), page, column) for column, row in by_columns(rows, gutters))
    return [line for line in made if line is not None]


def rows_of(chars: Iterable[Char]) -> list[list[Char]]:
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


def _line(row: list[Char], page: int, column: int | None = None) -> Line | None:
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
    is_parted = any(b.x0 - a.x1 > _PARTED * size for a, b in pairwise(inked))
    right = max(c.x1 for c in row)
    unit = _first_unit(inked)
    return Line(_text(row), page, row[0].x0, right, main.base, size, unit, is_parted, column, tuple(inked))


def _without_doubles(row: list[Char]) -> list[Char]:
    kept: list[Char] = []
    for char in row:
        if char.x1 - char.x0 > _ONE_GLYPH * char.size:  # both dashes of —— are in the box of the one glyph for them
            kept.append(char)
            continue
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
    for this, following in pairwise(inked):
        is_in_word = is_word(this.text) and is_word(following.text) and not _is_gap(this, following)
        if not (
            is_in_word or this.text in _OPENING or following.text in _CLOSING or _QUOTES & {this.text, following.text}
        ):
            break
        end += 1
    return inked[end].x1 - inked[0].x0


def is_word(char: str) -> bool:
    """Whether the character belongs to a word of letters or digits that is not broken over lines."""
    return char.isascii() and char.isalnum()


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
