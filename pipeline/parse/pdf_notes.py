"""Footnotes of PDF pages: found at the foot, taken out of the running text together with their marks in it.

A sentence that runs on to the next page would otherwise be cut by the notes between, and a raised mark behind a number
would become one of its digits (90% with note 1: 901%).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.parse.pdf_lines import Line, join_lines, rows_of
from pipeline.parse.pdf_page import Char, PageContent
from pipeline.text import fold

_SMALL = 0.88  # of the size of the text: 小五 (9 pt) below 五号 (10.5), 四号 (14) below 三号 (16)
_RAISED_SIZE = 0.8  # of the size of its line: what word processors make a raised mark is 0.58 to 0.67
_RAISED = 0.15  # em of the line that a mark is raised by at least: 0.33 is usual
_FOOT = 0.4  # share of the page's height above which no footnote stands
_RULE = (0.08, 0.55)  # share of the page's width that the line above footnotes has
_RULE_GAP = 3.0  # em between that line and the first note
# ① [1] 〔1〕 （1） * at the head of a note, or a number that is none of a heading or of a quantity.
_MARK = re.compile(r"\s*(?:[①-⑳]|[\[〔【(（]\d{1,2}[\]〕】)）]|\*{1,3}|\d{1,2}(?![\d.．、,，:%％~\-—–/年月日]))")
_BRACKETS = re.compile(r"[\s\[\]〔〕【】()（）]+")


def notes_of(content: PageContent, lines: Sequence[Line], size: float) -> list[Line]:
    """The lines at the foot of a page that are its footnotes; `lines` are those of the running text in order, `size`
    is the size of the running text of such pages.

    They stand below a short line that is drawn for them, or begin with a mark that stands raised in the text, or are
    small and begin with a mark.
    """
    start = _below_rule(content, lines)
    if start is None:
        start = _called(content, lines)
    if start is None:
        start = len(lines)
        while start and lines[start - 1].size <= _SMALL * size and lines[start - 1].base > _FOOT * content.height:
            start -= 1
        while start < len(lines) and not _MARK.match(lines[start].text):
            start += 1
    is_below_text = start > 0 or bool(content.edges)
    return list(lines[start:]) if is_below_text else []


def _below_rule(content: PageContent, lines: Sequence[Line]) -> int | None:
    """The index of the first line below the rule of the notes, where what follows is a note."""
    low, high = (share * content.width for share in _RULE)
    rules = [e for e in content.edges if not e.is_vertical and low <= e.high - e.low <= high]
    for rule in sorted(rules, key=lambda e: -e.at):
        below = [i for i, line in enumerate(lines) if line.base > rule.at]
        if not below or below != list(range(below[0], len(lines))):
            continue
        first = lines[below[0]]
        is_near = first.base - first.size - rule.at < _RULE_GAP * first.size and rule.at > _FOOT * content.height
        if is_near and abs(first.x0 - rule.low) < _RULE_GAP * first.size and _MARK.match(first.text):
            return below[0]
    return None


def _called(content: PageContent, lines: Sequence[Line]) -> int | None:
    """The index of the first line that begins with a mark which stands raised in the text above it."""
    at_foot = [i for i, line in enumerate(lines) if line.base > _FOOT * content.height and _MARK.match(line.text)]
    if not at_foot:
        return None
    raised = {_bare(_text(run)): run[0].base for row in rows_of(content.chars) for run in _raised(row)}
    for i in at_foot:
        mark = _MARK.match(lines[i].text)
        if mark is not None and raised.get(_bare(mark[0]), lines[i].base) < lines[i].base - lines[i].size:
            return i
    return None


def as_paragraphs(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """Text and lines of each note: a line with a mark begins one."""
    notes: list[tuple[str, list[Line]]] = []
    for line in lines:
        if not notes or notes[-1][1][0].page != line.page or _MARK.match(line.text):
            notes.append((line.text, [line]))
        else:
            text, before = notes[-1]
            notes[-1] = (join_lines(text, line.text), [*before, line])
    return notes


def without(chars: Iterable[Char], notes: Sequence[Line]) -> list[Char]:
    """The characters of a page less those of its notes, and less the raised marks that refer to them."""
    left, right = min(n.x0 for n in notes) - 1, max(n.x1 for n in notes) + 1
    top = notes[0].base - notes[0].size
    bottom = notes[-1].base + notes[-1].size / 3
    rest = [c for c in chars if not (left <= c.x0 and c.x1 <= right and top < c.base <= bottom)]
    marks = {_bare(found.group()) for note in notes if (found := _MARK.match(note.text))}
    gone = {id(char) for row in rows_of(rest) for mark in _raised(row) if _bare(_text(mark)) in marks for char in mark}
    return [c for c in rest if id(c) not in gone]


def _raised(row: list[Char]) -> list[list[Char]]:
    """The runs of small raised characters in a row."""
    inked = [c for c in row if c.text.strip()]
    if not inked:
        return []
    size = max(c.size for c in inked)
    base = max(c.base for c in inked if c.size == size)
    runs: list[list[Char]] = [[]]
    for char in inked:
        if char.size <= _RAISED_SIZE * size and base - char.base >= _RAISED * size:
            runs[-1].append(char)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _text(chars: Iterable[Char]) -> str:
    return "".join(c.text for c in chars)


def _bare(mark: str) -> str:
    return _BRACKETS.sub("", fold(mark))
