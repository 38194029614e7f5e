"""Damage: what a text lost or garbled on its way, raised as issues so that nobody counts on what is not there.

Each issue has its place in `Document.text`, a severity, and `mend` where only one reading is left. Codes begin with
`lost` (something is missing), `garbled` (something stands there that cannot be meant) or `damaged` (a known form is
broken). What look-alike glyphs do is in `pipeline.parse.lookalikes` and `pipeline.extract.fuzzy_terms`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from pipeline.extract.columns import AGENCY_ROLES, ColumnReader
from pipeline.extract.frame import Context, Frame
from pipeline.lexicons import Lexicons
from pipeline.model import BlockKind, Document, Issue, Table
from pipeline.parse.doc_numbers import find_doc_numbers
from pipeline.text import Squeezed, fold

_LOST = re.compile("\ufffd+")
_RADICAL = re.compile("[\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5]+")
_DOUBLED = re.compile(r"(?:([\u4e00-\u9fff])\1){3,}")  # 高高兴兴 has two pairs; no word has three
_SPAN = re.compile(r"(20\d\d)年?(?:[-—–~至到]){1,2}(20\d\d)年")
_OPEN = {"(": ")", "〔": "〕", "《": "》", "【": "】", "「": "」", "“": "”"}
_CLOSE = {close: opened for opened, close in _OPEN.items()}
_NESTING = frozenset("(《")
_ENUMERATOR = re.compile(r"(?:^|[。;:,、)])\(?(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-zA-Z])$")
LEAD = "lead"
BRACKET = "damaged-bracket"
ENCODING = "garbled-encoding"  # see pipeline.parse.mojibake
_MIN_ROWS = 3  # rows below the heading from which on an empty cell among full ones is told
_FULL_SHARE = 0.75
_CELL_KINDS = (re.compile(r"\d{1,3}[.、]?|[一二三四五六七八九十]{1,3}[.、]?"), re.compile(r"\d{1,3}(?:\.\d+)?%"))
_KIND_SHARE = 0.4
_SERIAL_COLUMNS = 2  # 序号 stands first, or second behind a column of fields
_SERIALS = 5  # numbered rows from which on a gap in the numbers is told
_GAP_SHARE = 0.2
_LONGEST_PLAN = 5
_LONGEST_PAST = 1  # years: a report may look back on the year before its issue


class DamageFinder:
    """Finds damage; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._lexicons = lexicons
        self._patterns = [
            (lexicons.pattern(name), str(entry["code"]), str(entry.get("severity", "warning")))
            for name, entry in lexicons.patterns.items()
            if name.startswith("damage-")
        ]
        self._due = lexicons.pattern("due-lead")
        self._columns = ColumnReader(lexicons)

    def find(self, context: Context, known: Iterable[Issue]) -> tuple[Issue, ...]:
        """The issues in order of position; what `known` has already told of a place is not told again."""
        found = [*self._characters(context.document), *self._tables(context), *self._past(context)]
        for block in context.document.blocks:
            if block.kind is BlockKind.FURNITURE and block.end > block.start:
                view = Squeezed(context.document.text, block.start, block.end)
                claimed = [(start, end) for start, end, _ in find_doc_numbers(view.text, self._lexicons)]
                found += [*self._numbers(view, claimed), *_doubled(view)]
        for i, frame in enumerate(context.frames):
            found += self._in_frame(frame)
            before, following = (context.frames[k] if 0 <= k < len(context.frames) else None for k in (i - 1, i + 1))
            found += self._brackets(before, frame, following)
        told = [(k.start, k.end) for k in known if k.start is not None and k.end is not None and _is_damage(k)]
        fresh: list[Issue] = []
        for issue in sorted(found, key=lambda x: (x.start or 0, x.code)):
            start, end = issue.start or 0, issue.end or 0
            if issue.code == BRACKET:  # told of its whole sentence, but it is one character that may be told already
                opens = context.document.text[start] in _OPEN or fold(context.document.text[start]) in _OPEN
                start, end = (start, start + 1) if opens else (end - 1, end)
            if not any(a < end and start < b for a, b in told):
                fresh.append(issue)
                told.append((start, end))
        return tuple(fresh)

    def _characters(self, document: Document) -> Iterator[Issue]:
        """Characters that no decoding gave back, and radicals that stand for characters."""
        for block in document.blocks:
            for match in _LOST.finditer(document.text, block.start, block.end):
                yield Issue("lost-characters", f"{len(match[0])} × U+FFFD", "warning", *match.span())
            for match in _RADICAL.finditer(document.text, block.start, block.end):
                plain = fold(match[0])
                yield Issue("garbled-radical", f"{match[0]} → {plain}", "info", *match.span(), plain)

    def _in_frame(self, frame: Frame) -> Iterator[Issue]:
        numbers = find_doc_numbers(frame.text, self._lexicons)
        for start, end, number in numbers:
            if number.mended:
                yield Issue("damaged-doc-number", number.raw, "info", *frame.span(start, end), number.value)
        yield from _doubled(frame.view)
        for match in _SPAN.finditer(frame.text):
            if match[1] > match[2]:
                yield Issue("garbled-date", match[0], "warning", *frame.span(*match.span()))
        yield from self._numbers(frame.view, [(start, end) for start, end, _ in numbers])

    def _numbers(self, view: Squeezed, claimed: list[tuple[int, int]]) -> Iterator[Issue]:
        """What lost its digits, its unit or its brackets; whole 文号 are claimed and not looked at."""
        for pattern, code, severity in self._patterns:
            for match in pattern.finditer(view.text):
                start, end = match.span(match.lastgroup) if match.lastgroup else match.span()
                if not any(start < b and a < end for a, b in claimed):
                    around = view.text[max(0, start - 10) : end + 6]
                    yield Issue(code, around, severity, *view.span(start, end))

    def _brackets(self, before: Frame | None, frame: Frame, following: Frame | None) -> Iterator[Issue]:
        """Brackets and quotes without their mate, but for those that the next block closes (a broken line)."""
        opened: list[tuple[str, int]] = []
        for at, char in enumerate(frame.text):
            if char == '"':  # an ASCII mark may close what “ opened, but opens nothing
                if opened and opened[-1][0] == "“":
                    opened.pop()
            elif char in _OPEN:
                if opened and opened[-1][0] == char and char not in _NESTING:
                    yield self._unclosed(frame, opened.pop()[1])
                opened.append((char, at))
            elif char in _CLOSE:
                if opened and opened[-1][0] == _CLOSE[char]:
                    opened.pop()
                elif any(o == _CLOSE[char] for o, _ in opened):
                    while opened[-1][0] != _CLOSE[char]:
                        yield self._unclosed(frame, opened.pop()[1])
                    opened.pop()
                elif not (char == ")" and _ENUMERATOR.search(frame.text[:at])) and not (
                    before is not None and _opens(before.text, _CLOSE[char])
                ):
                    yield self._unclosed(frame, at)
        for char, at in opened:
            if following is None or not _closes(following.text, char):
                yield self._unclosed(frame, at)

    def _unclosed(self, frame: Frame, at: int) -> Issue:
        """The issue of a bracket: it spans its sentence from there on, or up to there, since its mate may be missing
        at any place of it."""
        sentence = frame.sentence_at(at)
        low, high = (sentence.start, sentence.end) if sentence is not None else (at, at + 1)
        span = (at, max(high, at + 1)) if frame.text[at] in _OPEN else (min(low, at), at + 1)
        return Issue(BRACKET, frame.text[max(0, at - 6) : at + 12], "info", *frame.span(*span))

    def _past(self, context: Context) -> Iterator[Issue]:
        """Times by which something is to be done (到2011年) that had passed when the plan was made."""
        due = [
            (frame, time, int(time.until[:4]))
            for frame in context.frames
            for time in frame.times
            if time.until is not None and not time.past and self._due.match(time.raw)
        ]
        calendar = context.calendar
        made = calendar.issued.year if calendar.issued else calendar.year or calendar.published_year
        if made is None and due:  # a plan without a date: its steps lie within some years of each other
            made = sorted(year for _, _, year in due)[len(due) // 2] - _LONGEST_PLAN
        for frame, time, year in due:
            if made is not None and year < made - _LONGEST_PAST:
                span = frame.span(time.start, time.end)
                yield Issue("damaged-date-order", f"{time.raw}: {time.until} < {made}", "warning", *span)

    def _tables(self, context: Context) -> Iterator[Issue]:
        for table in context.document.tables:
            yield from self._lost_cells(context.document, table)
            yield from self._empty_agencies(context, table)
            yield from _shifted(context.document, table)
            yield from _lost_rows(context.document, table)
            yield from self._lost_body(context.document, table)

    def _lost_body(self, document: Document, table: Table) -> Iterator[Issue]:
        """A table of which only the headings are there."""
        cells = [document.blocks[i] for i in table.cells]
        texts = [fold(document.text[b.start : b.end]).strip() for b in cells]
        if table.rows == 1 and len(texts) >= _MIN_ROWS and sum(bool(self._columns.role(t)) for t in texts) >= _MIN_ROWS:
            yield Issue("lost-table", f"{texts[0]} … {texts[-1]}", "warning", table.start, table.end)

    def _lost_cells(self, document: Document, table: Table) -> Iterator[Issue]:
        """Rows with fewer cells than the table has columns, merged cells counted in full."""
        widths: Counter[int] = Counter()
        places: dict[int, list[int]] = {}
        for index in table.cells:
            cell = document.blocks[index].cell
            if cell is None:
                continue
            places.setdefault(cell.row, []).append(index)
            for row in range(cell.row, cell.row + cell.rowspan):
                widths[row] += cell.colspan
        usual, rows = Counter(widths.values()).most_common(1)[0]
        if rows < _FULL_SHARE * len(widths) or len(widths) < _MIN_ROWS:
            return
        for row, width in sorted(widths.items()):
            if width < usual and row in places:
                start, end = document.blocks[places[row][0]].start, document.blocks[places[row][-1]].end
                yield Issue("lost-cells", f"row {row + 1}: {width} / {usual}", "warning", start, end)

    def _empty_agencies(self, context: Context, table: Table) -> Iterator[Issue]:
        """Empty cells of leading agencies amid full ones, and rows whose agencies are all empty amid such with some."""
        document = context.document
        grid: dict[int, dict[int, int]] = {}
        for index in table.cells:
            cell = document.blocks[index].cell
            if cell is not None:
                grid.setdefault(cell.col, {}).update(dict.fromkeys(range(cell.row, cell.row + cell.rowspan), index))
        texts = {i: fold(document.text[document.blocks[i].start : document.blocks[i].end]).strip() for i in table.cells}
        heads = {
            col: (row, role)
            for col, cells in grid.items()
            for row in sorted(cells)[:_MIN_ROWS]
            if (role := AGENCY_ROLES.get(self._columns.role(texts[cells[row]])))
        }
        for col, (head, role) in heads.items():
            below = {row: i for row, i in grid[col].items() if row > head}
            full = sum(bool(texts[i]) for i in below.values())
            if len(below) < _MIN_ROWS or full < _FULL_SHARE * len(below):
                continue
            for row, index in below.items():
                others = [texts[grid[c][row]] for c in heads if c != col and row in grid[c]]
                if not texts[index] and (role == LEAD or not any(others)):
                    at = document.blocks[index].start
                    detail = f"{texts[grid[col][head]]}: empty"
                    yield Issue("lost-cell", detail, "warning", at, document.blocks[index].end)


def _doubled(view: Squeezed) -> Iterator[Issue]:
    """Runs in which every character stands twice: overprinted bold type."""
    for match in _DOUBLED.finditer(view.text):
        if len(set(match[0])) > 1:
            plain = match[0][::2]
            yield Issue("garbled-doubled", f"{match[0]} → {plain}", "info", *view.span(*match.span()), plain)


def _closes(text: str, opened: str) -> bool:
    """Whether the first bracket of a kind in a text closes one that was opened before it."""
    return next((c == _OPEN[opened] for c in text if c in (opened, _OPEN[opened])), False)


def _opens(text: str, opened: str) -> bool:
    """Whether the last bracket of a kind in a text is still open."""
    return next((c == opened for c in reversed(text) if c in (opened, _OPEN[opened])), False)


def _shifted(document: Document, table: Table) -> Iterator[Issue]:
    """The first row of each run in which a column of numbers or shares holds something else: a cell before is lost."""
    columns: dict[int, list[tuple[int, int, str]]] = {}
    for index in table.cells:
        block = document.blocks[index]
        if block.cell is not None and block.cell.colspan == 1:
            text = fold(document.text[block.start : block.end]).strip()
            columns.setdefault(block.cell.col, []).append((block.cell.row, index, text))
    for cells in columns.values():
        body = [(row, index, text) for row, index, text in cells[1:] if text]
        for kind in _CELL_KINDS:
            wrong = [(row, index) for row, index, text in body if kind.fullmatch(text) is None]
            if len(body) - len(wrong) < max(_MIN_ROWS, _KIND_SHARE * len(body)):
                continue
            for i, (row, index) in enumerate(wrong):
                if i == 0 or wrong[i - 1][0] < row - 1:
                    block = document.blocks[index]
                    around = document.text[block.start : block.end][:20]
                    yield Issue("lost-cells", f"row {row + 1}: {around}", "warning", block.start, block.end)
            break


def _lost_rows(document: Document, table: Table) -> Iterator[Issue]:
    """Gaps in the numbers of the rows (1, 2, 3, 6) of a column that counts them without another jump or repeat; a
    column that begins anew with 1 counts on its own each time."""
    columns: dict[int, list[tuple[int, int]]] = {}
    for index in table.cells:
        block = document.blocks[index]
        if block.cell is not None and block.cell.col < _SERIAL_COLUMNS:
            text = fold(document.text[block.start : block.end]).strip().rstrip(".、")
            if text.isdecimal() and len(text) <= 3:
                columns.setdefault(block.cell.col, []).append((int(text), index))
    for numbered in columns.values():
        steps = [(b[0] - a[0], a, b) for a, b in pairwise(numbered) if b[0] != 1]
        gaps = [(step, before, after) for step, before, after in steps if step != 1]
        if len(numbered) < _SERIALS or not gaps or len(gaps) > max(1, _GAP_SHARE * len(steps)):
            continue
        if all(step > 1 for step, _, _ in gaps):  # a number that comes again or falls is no gap: it counts other things
            for _, before, after in gaps:
                block = document.blocks[after[1]]
                yield Issue("lost-rows", f"{before[0]} → {after[0]}", "warning", block.start, block.end)
            return


def _is_damage(issue: Issue) -> bool:
    # A line that was decoded anew may have other damage of its own.
    return issue.code.startswith(("damaged", "lost", "garbled")) and issue.code != ENCODING
