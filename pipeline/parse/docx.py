"""The reader for DOCX: python-docx opens the package, and a walk over its elements reads them in the order of the page.

List numbers that Word computes stand in front of their paragraphs; merged cells are one cell; a nested table comes
after the outer cell's text as a table of its own; text boxes come before the paragraph that they are anchored in;
footnotes and endnotes come at the end, each with `[n]` in front and no mark in the running text, where it would break
quotes. Documents that are embedded as text are read by their own readers. Page heads and feet, tables of contents,
hidden text and what Word hides below a merged cell are furniture. Word stores no pages, so `page` is None throughout.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace

from pipeline.errors import DuibiaoError, UnreadableError
from pipeline.lexicons import load
from pipeline.model import BlockKind, CellAt
from pipeline.parse.docx_numbering import Numbering
from pipeline.parse.docx_package import MC, Element, Package, R, Styles, W, is_docx
from pipeline.parse.docx_runs import RunReader, choice, unclosed
from pipeline.parse.docx_tables import Cell, grid, hidden_cells
from pipeline.raw import RawBlock, RawDocument, RawIssue

FORMAT = "docx"
SUFFIXES: tuple[str, ...] = (".docx", ".docm", ".dotx")

_BLOCKS = frozenset(W + name for name in ("p", "tbl", "altChunk"))
_WRAPPERS = frozenset(W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}graphicData"
_OLE = "{urn:schemas-microsoft-com:office:office}OLEObject"
_GALLERY = f"{W}sdtPr/{W}docPartObj/{W}docPartGallery"
_CONTENTS = "Table of Contents"  # the gallery that Word's own tables of contents come from, in every language
_DEEPEST = 2  # documents embedded in one another
_UNREAD = ("/chart", "/diagram", "/chartex")  # drawings whose text is in parts that are not read


def sniff(data: bytes, name: str) -> bool:
    """Whether the bytes are a package with a Word document in it; the name does not matter."""
    return is_docx(data)


def read(data: bytes, name: str) -> RawDocument:
    """The blocks of a DOCX in order, with its core properties as metadata (`title`, `creator`, `created`).

    Which style names mean a heading is told by the lexicons (`style-heading`).

    Raises UnreadableError for a damaged or hostile package.
    """
    return _read(data, name, 0)


def _read(data: bytes, name: str, depth: int) -> RawDocument:
    """As `read`, for a document that is embedded in `depth` others."""
    package = Package(data, name)
    body = package.body()
    walk = _Walk(package, Styles(package.related("styles"), load().pattern("style-heading")), unclosed(body), depth)
    heads, feet = _margins(package, body)
    for part in heads:
        walk.furniture(part)
    walk.blocks_of(body)
    walk.notes()
    for part in feet:
        walk.furniture(part)
    issues = (*_unread(body), *walk.issues())
    return RawDocument(FORMAT, tuple(walk.blocks), package.core_properties(), issues)


def _margins(package: Package, body: Element) -> tuple[list[Element], list[Element]]:
    """The page heads and the page feet that the sections use, each part once."""
    seen: set[str] = set()
    found: dict[str, list[Element]] = {"headerReference": [], "footerReference": []}
    for section in body.iter(W + "sectPr"):
        for reference in section:
            kind = str(reference.tag).removeprefix(W)
            relation = reference.get(R + "id", "")
            if kind in found and relation not in seen:
                seen.add(relation)
                part = package.by_id(relation)
                if part is not None:
                    found[kind].append(part)
    return found["headerReference"], found["footerReference"]


def _unread(body: Element) -> Iterator[RawIssue]:
    for drawn in body.iter(_DRAWN):
        if drawn.get("uri", "").endswith(_UNREAD):
            yield RawIssue("unread-drawing", f"text inside a drawing was not read: {drawn.get('uri', '')}")
    for thing in body.iter(_OLE):
        yield RawIssue("unread-object", f"an embedded object was not opened: {thing.get('ProgID', 'of unknown kind')}")
    for _ in body.iter(W + "subDoc"):
        yield RawIssue("unread-part", "a part of this document is another file (subDoc), which was not read")


class _Walk:
    """The state of one reading: the blocks so far, the lists' counters, open fields, notes met on the way."""

    def __init__(self, package: Package, styles: Styles, broken: Collection[Element], depth: int) -> None:
        """`broken` are marks that open a field which is never closed: they are passed over."""
        self.blocks: list[RawBlock] = []
        self._issues: list[RawIssue] = []
        self._told: Counter[str] = Counter({"unclosed-field": len(broken)})
        self._package = package
        self._styles = styles
        self._numbering = Numbering(package.related("numbering"), self._styles)
        self._runs = RunReader(self._styles, broken)
        self._notes: list[tuple[str, str]] = []
        self._tables = 0
        self._depth = depth
        self._carried = ""  # text of a paragraph whose mark is deleted: it belongs to the next paragraph

    def blocks_of(self, container: Element) -> None:
        """Adds the paragraphs and tables of a container."""
        for node in _content(container):
            self._add(node)

    def _add(self, node: Element) -> None:
        if node.tag == W + "tbl":
            self._table(node)
        elif node.tag == W + "sdt":
            self._told["contents"] += self.furniture(node)
        elif node.tag == W + "altChunk":
            self._embedded(node.get(R + "id", ""))
        else:
            self.blocks.extend(self._paragraph(node))

    def issues(self) -> Iterator[RawIssue]:
        """What was set aside, counted, and what could not be read."""
        yield from self._issues
        for code, detail in _TOLD.items():
            if self._told[code]:
                yield RawIssue(code, detail.format(self._told[code]), severity="info")

    def _embedded(self, relation_id: str) -> None:
        """Adds the blocks of a document that is embedded as part of the text (altChunk), read by its own reader."""
        try:
            inner = self._read_embedded(relation_id)
        except DuibiaoError as error:
            detail = f"an embedded document (altChunk) was not read: {error.message('en')}"
            self._issues.append(RawIssue("unread-part", detail))
            return
        first = self._tables
        for block in inner.blocks:
            cell = block.cell
            if cell is not None:
                cell = replace(cell, table=first + cell.table)
                self._tables = max(self._tables, cell.table + 1)
            self.blocks.append(replace(block, cell=cell, page=None))
        self._issues.extend(replace(issue, block=None) for issue in inner.issues)

    def _read_embedded(self, relation_id: str) -> RawDocument:
        from pipeline.parse.readers import choose  # which knows this reader too

        found = self._package.embedded(relation_id)
        if found is None or self._depth >= _DEEPEST:
            what = ("嵌入的文档缺失或嵌套过深", "the embedded document is missing or embedded too deeply")
            raise UnreadableError(what, self._package.name, ("请打开原文件另存", "open the file and save it anew"))
        name, data = f"{self._package.name}/{found[0]}", found[1]
        reader = choose(data, name)
        return _read(data, name, self._depth + 1) if reader.format == FORMAT else reader.read(data, name)

    def furniture(self, container: Element) -> int:
        """Adds everything in a container as furniture, table cells too; gives the number of blocks."""
        start, tables = len(self.blocks), self._tables
        self.blocks_of(container)
        texts = [b.text for b in self.blocks[start:] if b.text]
        self.blocks[start:] = [RawBlock(text, BlockKind.FURNITURE) for text in texts]
        self._tables = tables
        return len(texts)

    def notes(self) -> None:
        """Adds the foot- and endnotes that were referred to, in that order, numbered together from 1."""
        parts = {kind: self._package.related(kind + "s") for kind in ("footnote", "endnote")}
        done = 0
        while done < len(self._notes):
            kind, note_id = self._notes[done]
            done += 1
            root = parts[kind]
            for note in () if root is None else root.iterchildren(W + kind):
                if note.get(W + "id") == note_id:
                    tables = self._tables
                    text = "\n".join(block.text for block in self._box(note) if block.text)
                    self._tables = tables
                    self.blocks.append(RawBlock(f"[{done}] {text}"))

    def _paragraph(self, node: Element) -> Iterator[RawBlock]:
        properties = node.find(W + "pPr")
        found = self._runs.read(node)
        self._notes.extend(found.notes)
        for box in found.boxes:
            yield from self._box(box)
        text = self._carried + found.text
        if _is_mark_gone(properties):
            self._carried = text
            return
        self._carried = ""
        if found.in_contents:
            self._told["contents"] += 1
            yield RawBlock(text.strip(), BlockKind.FURNITURE)
            return
        if text.strip() or not found.hidden.strip():
            text = _numbered(self._numbering.number(properties), text.strip())
        if text.strip():
            level = self._styles.level(properties)
            kind = BlockKind.PARAGRAPH if level is None else BlockKind.HEADING
            yield RawBlock(text, kind, level=level)
        if found.hidden.strip():
            self._told["hidden-text"] += 1
            yield RawBlock(found.hidden.strip(), BlockKind.FURNITURE)

    def _box(self, box: Element) -> Iterator[RawBlock]:
        """The blocks of a text box; its tables keep their cells."""
        outer, self.blocks = self.blocks, []
        carried, self._carried = self._carried, ""
        self.blocks_of(box)
        inner, self.blocks = self.blocks, outer
        self._carried = carried
        yield from inner

    def _table(self, node: Element) -> None:
        cells, number = grid(node), self._tables
        self._tables += bool(cells)
        for cell in cells:
            self._cell(cell, number)
        for hidden in hidden_cells(node):
            self._told["hidden-text"] += self.furniture(hidden)

    def _cell(self, cell: Cell, table: int) -> None:
        """The cell's own text as one block, then the tables inside it, then what Word hides below a merged cell."""
        texts: list[str] = []
        after: list[RawBlock] = []
        for node in _content(cell.node):
            if node.tag != W + "p":
                after.extend(self._apart(node))
                continue
            for block in self._paragraph(node):
                if block.kind is BlockKind.FURNITURE or block.cell is not None:
                    after.append(block)
                else:
                    texts.append(block.text)
        at = CellAt(table, cell.row, cell.col, cell.rowspan, cell.colspan)
        self.blocks.append(RawBlock("\n".join(texts), BlockKind.CELL, cell=at))
        self.blocks.extend(after)
        for covered in cell.covered:
            self._told["covered-text"] += self.furniture(covered)

    def _apart(self, node: Element) -> list[RawBlock]:
        """The blocks of something in a cell that is no paragraph of it."""
        outer, self.blocks = self.blocks, []
        self._add(node)
        inner, self.blocks = self.blocks, outer
        return inner


_TOLD = {
    "contents": "{} lines are a table of contents and are not read as text",
    "hidden-text": "{} paragraphs or cells hold hidden text, which is kept aside",
    "covered-text": "{} cells hold text that is hidden below a merged cell, which is kept aside",
    "unclosed-field": "{} fields are not closed; what follows them is read as text",
}


def _content(container: Element) -> Iterator[Element]:
    """The paragraphs, tables and embedded documents of a container, looking through content controls and the like; of
    content controls only one that holds a table of contents."""
    for child in container:
        if child.tag == W + "sdt" and is_contents(child):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _content(child)
        elif child.tag == MC + "AlternateContent":
            if (chosen := choice(child)) is not None:
                yield from _content(chosen)
        elif child.tag in _BLOCKS:
            yield child


def is_contents(control: Element) -> bool:
    """Whether a content control holds a table of contents."""
    gallery = control.find(_GALLERY)
    return gallery is not None and gallery.get(W + "val") == _CONTENTS


def _numbered(number: str, text: str) -> str:
    """The text behind its number; a bullet without text is nothing, but a number alone is (a column of them)."""
    if not text and not any(c.isalnum() for c in number):
        return ""
    return (number + text).strip()


def _is_mark_gone(properties: Element | None) -> bool:
    """Whether the paragraph's mark is deleted or moved away in tracked changes, so that the next paragraph joins."""
    mark = None if properties is None else properties.find(W + "rPr")
    return mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None)
