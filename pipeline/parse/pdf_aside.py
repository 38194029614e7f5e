"""What stands on a PDF page beside its text: text that runs another way, watermarks, text that is struck out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pipeline.parse.pdf_lines import lines_of, rows_of
from pipeline.parse.pdf_page import Char, Frame, PageContent

_LARGE = 1.5  # times the size of the running text: titles reach it too, but stand in one place once
_STRUCK = 0.3  # em above the baseline: where word processors strike letters out
_NEAR = 5  # points, half a letter of the largest text
_MOST_LINES = 2_000  # a page with more is a drawing, or a table of a thousand cells
_LOOSE = 1.0  # points by which a line may be shorter than the letters that it strikes
_ENOUGH = 3  # pages with the same text in the same place; fewer only in shorter documents


def sideways(content: PageContent) -> list[Char]:
    """The lines that run another way than the page, each as one character at its place on the page."""
    return [
        _on_page(line.text, (line.x0, line.base - line.size, line.x1, line.base), line.size, frame, content.frame)
        for frame, chars in content.sideways
        for line in lines_of(chars, content.number)
    ]


def _on_page(text: str, box: tuple[float, float, float, float], size: float, own: Frame, page: Frame) -> Char:
    back, turn = own.returner(), page.turner()
    (xa, ya), (xb, yb) = turn(*back(box[0], box[1])), turn(*back(box[2], box[3]))
    return Char(text, min(xa, xb), max(xa, xb), (ya + yb) / 2 + size / 3, size)


def take_watermarks(pages: Sequence[PageContent]) -> tuple[list[PageContent], list[list[str]]]:
    """The pages without their watermarks, and the watermarks of each page.

    A watermark is larger than the text and so faint that one reads over it, or it is faint or large and there again at
    the same place on two more pages (one more in a document of two).
    """
    sizes = Counter(round(char.size * 2) / 2 for page in pages for char in page.chars)
    large = _LARGE * max(sizes, key=lambda s: (sizes[s], s), default=0.0)
    marks: list[list[tuple[tuple[str, int, int], list[Char]]]] = []
    seen: dict[tuple[str, int, int], set[int]] = defaultdict(set)
    for page in pages:
        rows = [r for kind in (True, False) for r in rows_of(_candidates(page, large, is_faint=kind)) if _is_inked(r)]
        marks.append([(_key(row), row) for row in rows])
        for key, _ in marks[-1]:
            seen[key].add(page.number)
    enough = max(2, min(_ENOUGH, len(pages)))
    cleared: list[PageContent] = []
    texts: list[list[str]] = []
    for page, found in zip(pages, marks, strict=True):
        rows = [row for key, row in found if len(seen[key]) >= enough or _is_pale_and_large(row, large)]
        gone = {id(char) for row in rows for char in row}
        cleared.append(replace(page, chars=tuple(c for c in page.chars if id(c) not in gone)) if gone else page)
        texts.append([line.text for row in rows for line in lines_of(row, page.number)])
    return cleared, texts


def _candidates(page: PageContent, large: float, *, is_faint: bool) -> list[Char]:
    return [c for c in page.chars if c.is_faint is is_faint and (is_faint or c.size >= large)]


def _is_inked(row: list[Char]) -> bool:
    return any(char.text.strip() for char in row)


def _key(row: list[Char]) -> tuple[str, int, int]:
    return "".join(c.text for c in row).strip(), round(row[0].x0), round(row[0].base)


def _is_pale_and_large(row: list[Char], large: float) -> bool:
    return all(c.is_faint and c.size >= large for c in row)


def take_struck(page: PageContent) -> tuple[PageContent, str]:
    """The page without the characters that a line strikes out, and these: what tracked changes have deleted.

    Such a line is drawn for its characters: it begins and ends with them, at half the height of the letters.
    """
    lines = [e for e in page.edges if not e.is_vertical]
    lines = lines if len(lines) <= _MOST_LINES else []
    by_height: dict[int, list[Char]] = defaultdict(list)
    for char in page.chars if lines else ():
        if char.text.strip():
            by_height[round(char.base - _STRUCK * char.size)].append(char)
    gone: set[int] = set()
    for line in lines:
        near = (c for y in range(-_NEAR, _NEAR + 1) for c in by_height.get(round(line.at) + y, ()))
        struck = [
            c for c in near if line.low - _LOOSE <= c.x0 and c.x1 <= line.high + _LOOSE and _is_through(line.at, c)
        ]
        if struck and _is_covered(line.low, line.high, struck):
            gone.update(id(char) for char in struck)
    if not gone:
        return page, ""
    kept = tuple(c for c in page.chars if id(c) not in gone)
    return replace(page, chars=kept), "".join(c.text for c in page.chars if id(c) in gone)


def _is_through(y: float, char: Char) -> bool:
    return 0.15 * char.size <= char.base - y <= 0.5 * char.size


def _is_covered(low: float, high: float, chars: list[Char]) -> bool:
    """Whether characters fill the length of a line, but for a letter's breadth at most."""
    slack = 0.6 * chars[0].size
    if min(c.x0 for c in chars) - low > slack or high - max(c.x1 for c in chars) > slack:
        return False
    return sum(c.x1 - c.x0 for c in chars) > 0.7 * (high - low)
