"""From a page's nodes to blocks: paragraphs, headings and table cells, and furniture for all outside the article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborNode

from pipeline.model import BlockKind, CellAt, RawBlock
from pipeline.parse.grid import place

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
_ASCII_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_LARGEST_SPAN = 1000  # the HTML standard's limit for colspan
# A cell with more than this is running text: the longest cells of real task tables have some 700 characters.
_LAYOUT_CELL = 1500
_LAYOUT_SHARE = 0.8
_TITLE_MIN = 6  # characters without blanks; a site's section names above the article are shorter


@dataclass(slots=True)
class _Line:
    """The block in the making: pieces of text, its heading level, whether line ends in the source count (pre)."""

    pieces: list[str] = field(default_factory=list)
    level: int | None = None


def blocks_of(body: LexborNode, articles: Sequence[LexborNode], titles: Sequence[str]) -> list[RawBlock]:
    """The blocks of the page in order. Inside the articles paragraphs, headings and cells; outside it furniture.

    A heading above the article that is the stated title of the page (`titles`) is a heading of level 0, unless the
    article says it again. Cells of a table outside the article come one by one, empty ones too, since a page head
    states label and value in neighbouring cells.
    """
    inside = {node.mem_id for node in articles}
    blocks: list[RawBlock] = []
    table = 0
    for block in _walk(body, inside):
        if isinstance(block, RawBlock):
            blocks.append(block)
            continue
        cells = _table_blocks(block, table)
        table += any(b.cell is not None for b in cells)
        blocks.extend(cells)
    return _with_title(blocks, [_bare(t) for t in titles])


def _walk(root: LexborNode, inside: set[int]) -> Iterator[RawBlock | LexborNode]:
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
            line.pieces.append(_source_text(node.text_content or "", keep > 0))
        elif tag not in DROPPED:
            if tag in _BREAKING:
                yield from _close(line, depth_in > 0)
            depth_in += node.mem_id in inside
            if tag == "table" and depth_in and _is_data(node):
                yield node
            else:
                line.level = _HEADINGS.get(tag, line.level)
                keep += tag == "pre"
                entered = True
        if entered and node.first_child is not None:
            node = node.first_child
            continue
        while node is not None:
            if entered:
                if (node.tag or "") in _BREAKING:
                    yield from _close(line, depth_in > 0, blank=node.tag in _CELLS)
                keep -= node.tag == "pre"
                if node.tag in _HEADINGS:
                    line.level = None
            if (node.tag or "") not in DROPPED:
                depth_in -= node.mem_id in inside
            if node.mem_id == root.mem_id:
                return
            if node.next is not None:
                node = node.next
                break
            node, entered = node.parent, True


def _source_text(text: str, keep: bool) -> str:
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


def _rows(table: LexborNode) -> list[list[_Cell]]:
    rows: list[list[_Cell]] = []
    for row in table.css("tr"):
        rows.append([_cell(node) for node in row.iter() if node.tag in _CELLS])
    return rows


def _cell(node: LexborNode) -> _Cell:
    lines = [b.text for b in _walk(node, {node.mem_id}) if isinstance(b, RawBlock) and b.text]
    return _Cell("\n".join(lines), _span(node, "rowspan"), _span(node, "colspan"))


def _span(node: LexborNode, name: str) -> int:
    value = (node.attributes.get(name) or "").strip()
    return min(max(int(value), 1), _LARGEST_SPAN) if value.isascii() and value.isdigit() else 1


def _is_data(table: LexborNode) -> bool:
    """Whether a table holds data. Tables that only lay out a page hold tables, one cell a row, or the whole article."""
    if table.css_first("table table") is not None:
        return False
    rows = [[c for c in row if c.text] for row in _rows(table)]
    sizes = [len(c.text) for row in rows for c in row]
    if max((len(row) for row in rows), default=0) < 2:
        return False
    return not (max(sizes) > _LAYOUT_CELL and max(sizes) >= _LAYOUT_SHARE * sum(sizes))


def _table_blocks(table: LexborNode, number: int) -> list[RawBlock]:
    """Cells with their places; a caption, and rows at the top and bottom that are one cell wide, as paragraphs."""
    before: list[RawBlock] = []
    for caption in table.css("caption"):
        before += [RawBlock(line) for line in _cell(caption).text.split("\n") if line]
    rows = _rows(table)
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


def _with_title(blocks: list[RawBlock], titles: list[str]) -> list[RawBlock]:
    first = next((i for i, b in enumerate(blocks) if b.kind is not BlockKind.FURNITURE), len(blocks))
    opening = _bare("".join(b.text for b in blocks[first : first + 8]))
    for index in range(first - 1, -1, -1):
        block = blocks[index]
        bare = _bare(block.text)
        if block.level is not None and len(bare) >= _TITLE_MIN and any(t.startswith(bare) for t in titles):
            lines = [_bare(b.text) for b in blocks[first : first + 8]]
            said = any(line in bare for line in lines if len(line) * 5 > len(bare) * 4)
            if bare not in opening and not said:
                blocks[index] = replace(block, kind=BlockKind.HEADING, level=0)
            break
    return blocks
