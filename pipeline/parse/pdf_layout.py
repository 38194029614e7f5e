"""From pages of characters and lines to blocks, for PDF, OFD and scans alike.

Characters are put in order by position; tables come from ruling lines; lines outside tables are joined to paragraphs,
over page breaks too. Footnotes come at the end, and their marks are not in the running text, where they would break
quotes and numbers. Watermarks, text that runs another way and text that is not seen are furniture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.model import BlockKind
from pipeline.parse import ocr_pdf
from pipeline.parse.ocr_layout import raw_lines
from pipeline.parse.ocr_page import ScanPage
from pipeline.parse.pdf_aside import sideways, take_struck, take_watermarks
from pipeline.parse.pdf_columns import gutters
from pipeline.parse.pdf_furniture import furniture
from pipeline.parse.pdf_grid import may_hold_table
from pipeline.parse.pdf_lines import Line, page_lines, rows_of
from pipeline.parse.pdf_notes import as_paragraphs, notes_of, without
from pipeline.parse.pdf_page import Char, PageContent
from pipeline.parse.pdf_paragraphs import Margins, Paragraph, goes_on, measure
from pipeline.parse.pdf_rulings import Rulings
from pipeline.parse.pdf_tables import PdfTable, continue_table, page_tables
from pipeline.raw import RawBlock, RawIssue

_SCAN_GRAIN = 25  # points: scanned pages of one document differ by some in size, since scanners cut them one by one


def lay_out(pages: Sequence[PageContent], rulings: Rulings | None) -> tuple[tuple[RawBlock, ...], tuple[RawIssue, ...]]:
    """The blocks of pages with their characters, and what is to be noted of them.

    `rulings` gives the lines of tables as pdfplumber reads them; None where the lines that the pages hold are all.
    """
    cleared, marks = take_watermarks(pages)
    laid_out: list[_Layout] = []
    for page, there in zip(cleared, marks, strict=True):
        before = laid_out[-1].tables[-1] if laid_out and laid_out[-1].tables else None
        laid_out.append(_layout(page, rulings, there, before))
    _set_lines(laid_out)
    _take_notes(laid_out)
    return tuple(_blocks(laid_out)), (*ocr_pdf.notes(pages), *_told(laid_out))


@dataclass
class _Layout:
    """A page with its tables, the characters outside them and their lines, its footnotes, and what stands beside all.

    `is_ruled` says that pdfplumber gave the tables' lines.
    """

    page: PageContent
    tables: list[PdfTable]
    outside: list[Char]
    is_ruled: bool
    beside: list[str]
    struck: str = ""
    gutters: tuple[float, ...] = ()
    lines: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)


def _layout(page: PageContent, rulings: Rulings | None, marks: list[str], before: PdfTable | None) -> _Layout:
    if isinstance(page, ScanPage):  # lines that strike letters out cannot be told from their strokes
        tables, outside = page_tables(page, (), before)
        beside = [*marks, *(text for text in (page.oblique, page.hidden) if text.strip())]
        return _Layout(page, tables, outside, is_ruled=True, beside=beside)
    edges = rulings.edges(page) if rulings is not None and may_hold_table(page.edges) else ()
    if edges:
        page = replace(page, edges=edges)
    page, struck = take_struck(page)
    turned = sideways(page)
    tables, outside = page_tables(page, turned, before)
    apart = {id(char) for char in turned}
    loose = [char.text for char in outside if id(char) in apart]
    outside = [char for char in outside if id(char) not in apart]
    beside = [text.strip() for text in (*marks, *loose, page.oblique, page.hidden, struck) if text.strip()]
    return _Layout(page, tables, outside, rulings is None or bool(edges), beside, struck)


def _set_lines(layouts: list[_Layout]) -> None:
    """Gives each page its lines; a page with few of them has its columns where its neighbour has them."""
    rows = [rows_of(layout.outside) for layout in layouts]
    for way in (range(len(layouts)), range(len(layouts) - 1, -1, -1)):
        known: tuple[float, ...] = ()
        for i in way:
            layouts[i].gutters = known = layouts[i].gutters or gutters(rows[i], known)
    for layout, its_rows in zip(layouts, rows, strict=True):
        layout.lines = page_lines(its_rows, layout.page.number, layout.gutters)


def _take_notes(layouts: list[_Layout]) -> None:
    """Takes the footnotes and their marks out of the running text of each page."""
    aside = _furniture(layouts)
    margins = _margins(layouts, aside)
    for layout in layouts:
        lines = [line for line in layout.lines if id(line) not in aside]
        if not lines:
            continue
        layout.notes = notes_of(layout.page, lines, margins[_place(layout, lines[0])].size)
        if layout.notes:
            layout.outside = without(layout.outside, layout.notes)
            layout.lines = page_lines(rows_of(layout.outside), layout.page.number, layout.gutters)


def _furniture(layouts: list[_Layout]) -> set[int]:
    return furniture([(layout.page, layout.lines) for layout in layouts])


def _told(layouts: list[_Layout]) -> Iterator[RawIssue]:
    """A note for each page with a table for which PDFium's lines stood in, or with text that is struck out."""
    for layout in layouts:
        if layout.struck:
            detail = f"page {layout.page.number}: {len(layout.struck)} characters are struck out and are kept aside"
            yield RawIssue("struck-text", detail)
        if layout.tables and not layout.is_ruled:
            detail = f"page {layout.page.number}: pdfplumber could not read its lines; the table is from PDFium's"
            yield RawIssue("table-lines", detail, severity="info")


def _blocks(layouts: list[_Layout]) -> Iterator[RawBlock]:
    """All pages in reading order, then the footnotes; what goes on over a page break is one paragraph or one table."""
    aside = _furniture(layouts)
    margins = _margins(layouts, aside)
    pending: list[RawBlock] = []  # furniture that stands between the parts of what is open
    paragraph: Paragraph | None = None
    before = Margins(0, 0, 1, 1)  # of the last line of the open paragraph
    table: PdfTable | None = None
    tables = 0

    def close() -> Iterator[RawBlock]:
        nonlocal paragraph, table, tables
        if paragraph is not None:
            chars = [char for line in paragraph.lines for char in line.chars]
            yield RawBlock(paragraph.text, page=paragraph.lines[0].page, lines=raw_lines(paragraph.text, chars))
        if table is not None:
            yield from table.blocks(tables)
            tables += 1
        paragraph = table = None
        yield from pending
        pending.clear()

    for layout in layouts:
        for item in _in_order(layout):
            if isinstance(item, PdfTable):
                if table is None or not continue_table(table, item):
                    yield from close()
                    table = item
            elif id(item) in aside:
                lines = raw_lines(item.text, item.chars)
                pending.append(RawBlock(item.text, BlockKind.FURNITURE, layout.page.number, lines=lines))
            elif paragraph is not None and goes_on(paragraph, item, before, margins[_place(layout, item)]):
                paragraph.lines.append(item)
                before = margins[_place(layout, item)]
            else:
                yield from close()
                paragraph, before = Paragraph([item]), margins[_place(layout, item)]
        pending.extend(RawBlock(text, BlockKind.FURNITURE, layout.page.number) for text in layout.beside)
    yield from close()
    for text, note in as_paragraphs(line for layout in layouts for line in layout.notes):
        yield RawBlock(text, page=note[0].page, lines=raw_lines(text, [char for line in note for char in line.chars]))


def _in_order(layout: _Layout) -> Iterator[Line | PdfTable]:
    """Lines in their reading order, each table before the first line below its upper edge."""
    tables = list(layout.tables)
    for line in layout.lines:
        while tables and tables[0].top < line.base - line.size / 2:
            yield tables.pop(0)
        yield line
    yield from tables


_Place = tuple[int, int, int | None]


def _place(layout: _Layout, line: Line) -> _Place:
    """What has margins of its own: a size of page, and in it a column."""
    grain = _SCAN_GRAIN if isinstance(layout.page, ScanPage) else 1
    return round(layout.page.width / grain), round(layout.page.height / grain), line.column


def _margins(layouts: list[_Layout], aside: set[int]) -> dict[_Place, Margins]:
    """The margins of the running text for each size of page and each column."""
    by_place: dict[_Place, list[Line]] = {}
    for layout in layouts:
        for line in layout.lines:
            by_place.setdefault(_place(layout, line), []).extend([] if id(line) in aside else [line])
    return {place: measure(lines) if lines else Margins(0, 0, 1, 1) for place, lines in by_place.items()}
