"""The reader for XLSX: zipfile and lxml over the parts that hold text (ECMA-376 part 1, 18).

openpyxl was measured first and set aside: it refuses files for styles that no reader needs, shows formats that a
Chinese program names by number alone (27 to 36, 50 to 58) as bare day numbers, cannot tell a formula without a stored
value from an empty cell in one pass, and makes an object for every place of a merged range, a million for two bytes.
"""

from __future__ import annotations

import functools
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime

from pipeline.parse.sheet_formats import BUILTIN, GENERAL, show, show_text
from pipeline.parse.sheet_layout import Budget, Sheet, column_letters, lay_out, too_large
from pipeline.parse.xlsx_package import ZIP_ERRORS, Element, Package, damaged, local
from pipeline.raw import RawDocument, RawIssue

FORMAT = "xlsx"
SUFFIXES: tuple[str, ...] = (".xlsx", ".xlsm", ".xltx", ".et", ".ett")

_MAX_ROWS, _MAX_COLUMNS = 1_048_576, 16_384  # of a sheet
_MAX_TEXTS = 1_000_000  # shared texts; more than twice as many as cells are read
_WORKBOOK = "xl/workbook.xml"
_CELL = re.compile(r"^\$?([A-Za-z]{1,3})\$?(\d{1,7})$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # characters that XML cannot hold (18.4.12, ST_Xstring)
_MARGIN_CODE = re.compile(r'&(?:"[^"]*"|\d+|[A-Z]|K[0-9A-Fa-f]{6})')


def sniff(data: bytes, name: str) -> bool:
    """Whether the bytes are a package with a workbook in it; the name does not matter."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {n.lower().replace("\\", "/").lstrip("/") for n in archive.namelist()}
    except ZIP_ERRORS:
        return False
    return _WORKBOOK in names


def read(data: bytes, name: str) -> RawDocument:
    """The sheets in order as tables and lines, with the core properties as metadata.

    Formulas come as the value stored with them, numbers and dates as the sheet shows them. Raises UnreadableError for
    a damaged or hostile package, and beyond the limits of `sheet_layout`.
    """
    package = Package(data, name)
    book = _Book(package, name)
    blocks, issues = lay_out(list(book.sheets()), name)
    mended = [
        RawIssue("damaged-part", f"{part} is damaged: what could be read of it was")
        for part in sorted(set(package.mended))
    ]
    return RawDocument(FORMAT, blocks, tuple(package.core()), (*issues, *book.issues, *mended))


class _Book:
    """What the sheets share: texts, formats, the day that dates are counted from."""

    def __init__(self, package: Package, name: str) -> None:
        self.issues: list[RawIssue] = []
        self._package = package
        root = package.root(_WORKBOOK)
        if root is None:
            raise damaged(name, _WORKBOOK)
        self._root: Element = root
        self._relations = package.relations(_WORKBOOK)
        self._texts = self._shared()
        self._formats = list(self._cell_formats())
        settings = next((n for n in self._root.iter() if local(n) == "workbookPr"), None)
        self._from_1904 = settings is not None and settings.get("date1904") in ("1", "true")

    def _part(self, kind: str) -> Element | None:
        part = next((p for k, p in self._relations.values() if k == kind), "")
        return self._package.root(part) if part else None

    def _shared(self) -> list[str]:
        part = next((p for k, p in self._relations.values() if k == "sharedStrings"), "")
        return self._package.twice(part, lambda lenient: self._read_shared(part, lenient)) if part else []

    def _read_shared(self, part: str, lenient: bool) -> list[str]:
        found: list[str] = []
        if not self._package.has(part):
            return found
        for node in self._package.elements(part, lenient):
            if local(node) == "si":
                found.append(_text(node))
                node.clear()
                while node.getprevious() is not None:
                    del node.getparent()[0]
                if len(found) > _MAX_TEXTS:
                    raise too_large(self._package.name)
        return found

    def _cell_formats(self) -> Iterator[str]:
        root = self._part("styles")
        own: dict[str, str] = {}
        for node in () if root is None else root.iter():
            if local(node) == "numFmt":
                own[node.get("numFmtId", "")] = node.get("formatCode", GENERAL)
        for group in () if root is None else root:
            if local(group) == "cellXfs":
                for xf in group:
                    number = xf.get("numFmtId", "0")
                    yield own.get(number) or BUILTIN.get(int(number) if number.isdigit() else 0, GENERAL)

    def sheets(self) -> Iterator[Sheet]:
        """The worksheets in the order of the workbook; charts and macro sheets as issues."""
        for node in self._root.iter():
            if local(node) != "sheet":
                continue
            relation = next((v for k, v in node.attrib.items() if k.rsplit("}", 1)[-1] == "id"), "")
            kind, part = self._relations.get(relation, ("", ""))
            sheet = Sheet(node.get("name", ""), is_hidden=node.get("state", "visible") != "visible")
            if kind != "worksheet" or not self._package.has(part):
                what = f"sheet {sheet.name!r} was not read: {kind or 'its part is missing'}"
                self.issues.append(RawIssue("unread-part", what))
                continue
            read_part = functools.partial(self._read_sheet, sheet.name, sheet.is_hidden, part)
            yield self._package.twice(part, read_part)

    def _read_sheet(self, name: str, is_hidden: bool, part: str, lenient: bool) -> Sheet:
        sheet = Sheet(name, is_hidden=is_hidden)
        reading = _Reading(sheet, self._texts, self._formats, self._from_1904, Budget(self._package.name))
        for node in self._package.elements(part, lenient):
            reading.take(node)
        reading.close()
        for kind, other in self._package.relations(part).values():
            if kind == "drawing":
                sheet.texts.extend(_drawn(self._package.root(other)))
        return sheet


class _Reading:
    """The state of reading one sheet: takes its elements as they close and lets them go."""

    def __init__(self, sheet: Sheet, texts: list[str], formats: list[str], from_1904: bool, budget: Budget) -> None:
        self._sheet = sheet
        self._texts = texts
        self._formats = formats
        self._from_1904 = from_1904
        self._budget = budget
        self._row = -1
        self._column = -1
        self._unvalued: list[str] = []
        self._errors: list[str] = []

    def take(self, node: Element) -> None:
        """Note what an element says; its children were taken before it."""
        tag = local(node)
        if tag == "c":
            self._cell(node)
            node.clear()
        elif tag == "row":
            self._row = _place(node.get("r"), self._row + 1)
            self._column = -1
            if node.get("hidden") in ("1", "true"):
                self._sheet.hidden_rows.add(self._row)
            node.clear()
            while node.getprevious() is not None:
                del node.getparent()[0]
        elif tag == "col" and node.get("hidden") in ("1", "true"):
            self._sheet.hidden_columns.update(
                range(_int(node.get("min")) - 1, min(_int(node.get("max")), _MAX_COLUMNS))
            )
        elif tag == "mergeCell":
            top, left, bottom, right = _range(node.get("ref", ""))
            if bottom > top and right > left:
                self._sheet.merged.append((top, left, bottom, right))
        elif tag.endswith(("Header", "Footer")):
            text = " ".join(_MARGIN_CODE.sub(" ", node.text or "").split())
            if text:
                self._sheet.margins.append(text)

    def _cell(self, node: Element) -> None:
        """A cell where it says that it stands, else behind the one before it (18.3.1.4: `r` may be left out)."""
        parent = node.getparent()
        place = _CELL.match(node.get("r", ""))
        if place is not None:
            row, self._column = int(place[2]) - 1, _column(place[1])
        else:
            row = _place(None if parent is None else parent.get("r"), self._row + 1)
            self._column += 1
        if not (0 <= row < _MAX_ROWS and self._column < _MAX_COLUMNS):
            return
        text = self._shown(node, f"{column_letters(self._column)}{row + 1}")
        if text.strip():
            self._budget.take(text)
            self._sheet.cells[row, self._column] = text

    def _shown(self, node: Element, name: str) -> str:
        kind = node.get("t", "n")
        value = next((n.text for n in node if local(n) == "v"), None)
        if value is None and kind != "inlineStr":
            if any(local(n) == "f" for n in node):
                self._unvalued.append(name)
            return ""
        style = _int(node.get("s"))
        code = self._formats[style] if style < len(self._formats) else GENERAL
        if kind == "inlineStr":
            return show_text("".join(_text(n) for n in node if local(n) == "is"), code)
        if kind == "s":
            index = _int(value)
            return show_text(self._texts[index], code) if index < len(self._texts) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "e":
            self._errors.append(name)
            return value or ""
        if kind == "str":
            return show_text(_unescaped(value or ""), code)
        return self._number(value or "", code, kind)

    def _number(self, value: str, code: str, kind: str) -> str:
        try:
            if kind == "d":
                moment = datetime.fromisoformat(value).replace(tzinfo=None)
                since = moment - (datetime(1904, 1, 1) if self._from_1904 else datetime(1899, 12, 30))
                return show(since.total_seconds() / 86_400, code, self._from_1904)
            return show(float(value), code, self._from_1904)
        except (ValueError, OverflowError):
            return value

    def close(self) -> None:
        """Tell what could not be shown."""
        name = self._sheet.name
        if self._unvalued:
            some = ", ".join(self._unvalued[:5]) + (f" … ({len(self._unvalued)})" if len(self._unvalued) > 5 else "")
            what = f"sheet {name!r}: formulas without a stored value: {some}; open and save it in Excel or WPS"
            self._sheet.issues.append(("formula-without-value", what))
        if self._errors:
            some = ", ".join(self._errors[:5]) + (f" … ({len(self._errors)})" if len(self._errors) > 5 else "")
            self._sheet.issues.append(("cell-error", f"sheet {name!r}: formulas with an error: {some}"))


def _text(node: Element) -> str:
    """The text of a rich string, without the reading aids of East Asian text (rPh)."""
    parts: list[str] = []
    for child in node:
        if local(child) == "t":
            parts.append(child.text or "")
        elif local(child) == "r":
            parts.extend(t.text or "" for t in child if local(t) == "t")
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    """Characters written as `_x000D_`; line ends become one line feed, others that XML cannot hold vanish."""
    text = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c >= " " or c in "\t\n") if not text.isprintable() else text


def _drawn(root: Element | None) -> Iterator[str]:
    """The paragraphs of the text boxes in a drawing."""
    for paragraph in () if root is None else root.iter():
        if local(paragraph) == "p":
            text = "".join(n.text or "" for n in paragraph.iter() if local(n) == "t").strip()
            if text:
                yield text


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _range(ref: str) -> tuple[int, int, int, int]:
    """A range such as A1:C3, half-open; an empty one where it is none."""
    ends = [_CELL.match(end) for end in ref.split(":")]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return (0, 0, 0, 0)
    rows = [min(int(end[2]), _MAX_ROWS) for end in ends if end]
    columns = [min(_column(end[1]), _MAX_COLUMNS - 1) for end in ends if end]
    return (rows[0] - 1, columns[0], rows[1], columns[1] + 1)


def _place(number: str | None, other: int) -> int:
    """The 0-based index that a 1-based number states, `other` where it states none."""
    return _int(number) - 1 if 0 < _int(number) <= _MAX_ROWS else other


def _int(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 else 0
