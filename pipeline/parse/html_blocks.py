"""From a page's nodes to blocks: paragraphs, headings and table cells, and furniture for all outside the article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborNode

from pipeline.model import BlockKind, CellAt
from pipeline.parse.grid import place
from pipeline.parse.html_marks import Marks
from pipeline.raw import RawBlock

DROPPED = frozenset({"script", "style", "template", "svg", "head", "link", "meta", "-comment", "#comment", "iframe"})
# fmt: off
_BREAKING = frozenset({
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "legend", "li", "main", "nav", "noscript", "ol", "option", "p", "pre", "section", "select", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul", "br",
})
# fmt: on
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_CELLS = frozenset({"td", "th"})
_ICON = re.compile(r"\s*[\ue000-\uf8ff]+\s*")
_ICON_TAGS = frozenset({"i", "em", "span", "b", "a"})
_ASCII_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_LARGEST_SPAN = 1000  # the HTML standard's limit for colspan
# A cell with more than this is running text: the longest cells of real task tables have some 700 characters.
_LAYOUT_CELL = 1500
_LAYOUT_SHARE = 0.8
_WIDE, _WIDE_ROWS = 3, 2  # cells in a row and such rows: what stands at the foot of a page has fewer
_TITLE_SHARE = 0.6  # of the stated title of the page that a heading is which stands within it, behind 打印 or the like
_TITLE_LEVEL = 2  # h1 and h2
_TITLE_MIN = 6  # characters without blanks; a site's section names above the article are shorter


@dataclass(slots=True)
class _Line:
    """The block in the making: pieces of text, its heading level, whether line ends in the source count (pre)."""

    pieces: list[str] = field(default_factory=list)
    level: int | None = None


def blocks_of(body: LexborNode, articles: Sequence[LexborNode], titles: Sequence[str], marks: Marks) -> list[RawBlock]:
    """The blocks of the page in order. Inside the articles paragraphs, headings and cells; outside it furniture.

    A heading above the article that is the stated title of the page (`titles`) is a heading of level 0, unless the
    article says it again. Cells of a table outside the article come one by one, empty ones too, since a page head
    states label and value in neighbouring cells. What the page does not show comes last, as furniture.
    """
    inside = {node.mem_id for node in articles}
    blocks: list[RawBlock] = []
    table = 0
    for block in _walk(body, inside, marks):
        if isinstance(block, RawBlock):
            blocks.append(block)
            continue
        cells = _table_blocks(block, table, marks)
        table += any(b.cell is not None for b in cells)
        blocks.extend(cells)
    return [*_with_title(blocks, [_bare(t) for t in titles]), *_unseen(body, marks)]


def _unseen(body: LexborNode, marks: Marks) -> Iterator[RawBlock]:
    """The text of what is not shown."""
    node: LexborNode | None = body
    while node is not None:
        is_hidden = node.mem_id in marks.hidden
        if is_hidden and node.tag not in DROPPED:
            for block in _walk(node, set(), Marks(kept=marks.kept)):
                if isinstance(block, RawBlock) and block.text:
                    yield replace(block, level=None)
        if node.first_child is not None and not is_hidden:
            node = node.first_child
            continue
        while node is not None and node.mem_id != body.mem_id and node.next is None:
            node = node.parent
        node = None if node is None or node.mem_id == body.mem_id else node.next


def _walk(root: LexborNode, inside: set[int], marks: Marks) -> Iterator[RawBlock | LexborNode]:
    """Blocks in document order, and each data table inside an article as its node.

    No recursion: a page may nest deeper than Python can.
    """
    line = _Line()
    depth_in = 0  # how many open article nodes we are in
    keep = 0  # how many open pre elements
    node: LexborNode | None = root
    while node is not None:
        tag = node.tag or ""
        entered = False
        if tag == "-text":
            line.pieces.append(_source_text(node, keep > 0))
        elif tag not in DROPPED and node.mem_id not in marks.hidden:
            if tag in _BREAKING:
                yield from _close(line, depth_in > 0)
            depth_in += node.mem_id in inside
            if tag == "table" and depth_in and _is_data(node, marks):
                yield node
            else:
                line.level = _HEADINGS.get(tag, line.level)
                keep += node.mem_id in marks.kept
                entered = True
        if entered and node.first_child is not None:
            node = node.first_child
            continue
        while node is not None:
            if entered:
                if (node.tag or "") in _BREAKING:
                    yield from _close(line, depth_in > 0, blank=node.tag in _CELLS)
                keep -= node.mem_id in marks.kept
                if node.tag in _HEADINGS:
                    line.level = None
            if (node.tag or "") not in DROPPED and node.mem_id not in marks.hidden:
                depth_in -= node.mem_id in inside
            if node.mem_id == root.mem_id:
                yield from _close(line, depth_in > 0)  # what an inline root holds
                return
            if node.next is not None:
                node = node.next
                break
            node, entered = node.parent, True


def _source_text(node: LexborNode, keep: bool) -> str:
    text = node.text_content or ""
    if _ICON.fullmatch(text) and node.parent is not None and node.parent.tag in _ICON_TAGS:
        return ""  # a glyph of a symbol font, no character
    # In <pre> a line end is a line end; elsewhere it is white space. \v stands for the first until the block is cut.
    return text.replace("\r\n", "\n").replace("\n", "\v") if keep else text


def _close(line: _Line, in_article: bool, blank: bool = False) -> Iterator[RawBlock]:
    text = "".join(line.pieces)
    line.pieces.clear()
    found = False
    for part in text.split("\v"):
        if clean := _collapse(part):
            found = True
            yield _block(clean, line.level, in_article)
    if blank and not found and not in_article:
        yield RawBlock("", BlockKind.FURNITURE)


def _block(text: str, level: int | None, in_article: bool) -> RawBlock:
    if not in_article:
        return RawBlock(text, BlockKind.FURNITURE, level=level)
    return RawBlock(text, BlockKind.PARAGRAPH if level is None else BlockKind.HEADING, level=level)


def _collapse(text: str) -> str:
    """White space as a browser shows it; a line end of the source between two wide characters is nothing."""

    def shrink(gap: re.Match[str]) -> str:
        before, after = text[gap.start() - 1 : gap.start()], text[gap.end() : gap.end() + 1]
        return "" if "\n" in gap.group(0) and not before.isascii() and not after.isascii() else " "

    return _ASCII_SPACE.sub(shrink, text).strip()


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    rowspan: int
    colspan: int


def _rows(table: LexborNode, marks: Marks) -> list[list[_Cell]]:
    rows: list[list[_Cell]] = []
    for row in table.css("tr"):
        if row.mem_id not in marks.hidden:
            cells = (node for node in row.iter() if node.tag in _CELLS and node.mem_id not in marks.hidden)
            rows.append([_cell(node, marks) for node in cells])
    return rows


def _cell(node: LexborNode, marks: Marks) -> _Cell:
    lines = [b.text for b in _walk(node, {node.mem_id}, marks) if isinstance(b, RawBlock) and b.text]
    return _Cell("\n".join(lines), _span(node, "rowspan"), _span(node, "colspan"))


def _span(node: LexborNode, name: str) -> int:
    value = (node.attributes.get(name) or "").strip()
    return min(max(int(value), 1), _LARGEST_SPAN) if value.isascii() and value.isdigit() else 1


def is_wide_table(table: LexborNode) -> bool:
    """Whether a table looks like a list of tasks or figures: rows of three filled cells or more, no table in it."""
    if any(inner.mem_id != table.mem_id for inner in table.css("table")):
        return False
    rows = ([c for c in row if c.text] for row in _rows(table, Marks()))
    return sum(len(row) >= _WIDE for row in rows) >= _WIDE_ROWS


def _is_data(table: LexborNode, marks: Marks) -> bool:
    """Whether a table holds data. Tables that only lay out a page hold tables, one cell a row, or the whole article."""
    if any(inner.mem_id != table.mem_id for inner in table.css("table")):
        return False
    rows = [[c for c in row if c.text] for row in _rows(table, marks)]
    sizes = [len(c.text) for row in rows for c in row]
    if max((len(row) for row in rows), default=0) < 2:
        return False
    return not (max(sizes) > _LAYOUT_CELL and max(sizes) >= _LAYOUT_SHARE * sum(sizes))


def _table_blocks(table: LexborNode, number: int, marks: Marks) -> list[RawBlock]:
    """Cells with their places; a caption, and rows at the top and bottom that are one cell wide, as paragraphs."""
    before: list[RawBlock] = []
    for caption in table.css("caption"):
        before += [RawBlock(line) for line in _cell(caption, marks).text.split("\n") if line]
    rows = _rows(table, marks)
    width = max((sum(c.colspan for c in row) for row in rows), default=0)
    first, last = 0, len(rows)
    while first < last and _is_title_row(rows[first], width):
        before += [RawBlock(line) for line in rows[first][0].text.split("\n") if line]
        first += 1
    after: list[RawBlock] = []
    while last > first and _is_title_row(rows[last - 1], width):
        last -= 1
        after = [RawBlock(line) for line in rows[last][0].text.split("\n") if line] + after
    spans = [[(c.rowspan, c.colspan) for c in row] for row in rows[first:last]]
    cells = [
        RawBlock(cell.text, BlockKind.CELL, cell=CellAt(number, *at))
        for row, places in zip(rows[first:last], place(spans), strict=True)
        for cell, at in zip(row, places, strict=True)
    ]
    return before + cells + after


def _is_title_row(row: list[_Cell], width: int) -> bool:
    return len(row) == 1 and row[0].colspan >= width and row[0].rowspan == 1 and bool(row[0].text)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _is_titled(titles: list[str], heading: str, level: int) -> bool:
    """Whether a heading is what the page states as its title; where it states none, a heading of the first kinds."""
    if not titles:
        return level <= _TITLE_LEVEL
    return any(t.startswith(heading) or (heading in t and len(heading) >= _TITLE_SHARE * len(t)) for t in titles)


def _with_title(blocks: list[RawBlock], titles: list[str]) -> list[RawBlock]:
    first = next((i for i, b in enumerate(blocks) if b.kind is not BlockKind.FURNITURE), len(blocks))
    opening = _bare("".join(b.text for b in blocks[first : first + 8]))
    for index in range(first - 1, -1, -1):
        block = blocks[index]
        bare = _bare(block.text)
        if block.level is not None and len(bare) >= _TITLE_MIN and _is_titled(titles, bare, block.level):
            lines = [_bare(b.text) for b in blocks[first : first + 8]]
            said = any(line in bare for line in lines if len(line) * 5 > len(bare) * 4)
            if bare not in opening and not said:
                blocks[index] = replace(block, kind=BlockKind.HEADING, level=0)
            break
    return blocks
