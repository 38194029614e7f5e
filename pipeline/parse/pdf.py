"""The reader for PDF with a text layer.

Characters come from PDFium and are put in order by position; tables come from the ruling lines that pdfplumber reads on
pages where PDFium sees any; lines outside tables are joined to paragraphs, over page breaks too. Footnotes come at the
end, and their marks are not in the running text, where they would break quotes and numbers. Watermarks, text that runs
another way and text that is not seen are furniture. Pages whose fonts give no characters, and pages that are pictures,
are reported; where most are such, the file needs text recognition.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.errors import MissingPartError, UnreadableError
from pipeline.model import BlockKind, RawBlock, RawDocument, RawIssue
from pipeline.parse.pdf_aside import sideways, take_struck, take_watermarks
from pipeline.parse.pdf_columns import gutters
from pipeline.parse.pdf_fonts import is_rubbish
from pipeline.parse.pdf_furniture import furniture
from pipeline.parse.pdf_grid import may_hold_table
from pipeline.parse.pdf_lines import Line, page_lines, rows_of
from pipeline.parse.pdf_notes import as_paragraphs, notes_of, without
from pipeline.parse.pdf_page import Char, PageContent, open_document, read_page
from pipeline.parse.pdf_paragraphs import Margins, Paragraph, goes_on, measure
from pipeline.parse.pdf_rulings import Rulings
from pipeline.parse.pdf_tables import PdfTable, continue_table, page_tables

FORMAT = "pdf"
SUFFIXES: tuple[str, ...] = (".pdf",)

_HEAD = 1024  # PDF 32000-1, annex H: the mark may stand anywhere in the first 1024 bytes
_FEW = 20  # characters on a page whose text, if any, is a stamp or a page number on a scan
_CREATED = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")
_OCR_ADVICE = (
    '请安装文字识别部件：pip install "duibiao[ocr]"，或改用该文件的 DOCX、网页版本',
    'install text recognition with pip install "duibiao[ocr]", or take the DOCX or web page of the same document',
)


def sniff(data: bytes, name: str) -> bool:
    """Whether the bytes are a PDF; the name does not matter."""
    return b"%PDF-" in data[:_HEAD]


def read(data: bytes, name: str) -> RawDocument:
    """The blocks of a PDF in reading order with their pages, its `title`, `creator` and `created` as metadata.

    Raises UnreadableError for a password or a damaged file, MissingPartError where most pages have no text layer or
    fonts that give no characters.
    """
    document = _open(data, name)
    try:
        pages = [_page(document, i, name) for i in range(len(document))]
        metadata = tuple(_metadata(document))
    finally:
        document.close()
    issues = list(_troubles(pages, name))
    blocks, told = lay_out(pages, Rulings(data, len(pages)))
    return RawDocument(FORMAT, blocks, metadata, (*issues, *told), page_count=len(pages))


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
    return tuple(_blocks(laid_out)), tuple(_told(laid_out))


def _open(data: bytes, name: str) -> pypdfium2.PdfDocument:
    try:
        document = open_document(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise UnreadableError(
                ("PDF 设有打开密码", "the PDF needs a password"),
                name,
                ("请去掉密码后另存再导入", "save it without the password and ingest that"),
            ) from error
        raise _damaged(name) from error
    if len(document) == 0:
        raise _damaged(name)
    return document


def _damaged(name: str) -> UnreadableError:
    return UnreadableError(("PDF 文件已损坏", "the PDF file is damaged"), name, ("请重新下载", "download it again"))


def _page(document: pypdfium2.PdfDocument, index: int, name: str) -> PageContent:
    try:
        page = document[index]
        content = read_page(page, index + 1)
        page.close()
    except pypdfium2.PdfiumError as error:
        raise _damaged(f"{name} (p. {index + 1})") from error
    return content


def _metadata(document: pypdfium2.PdfDocument) -> Iterator[tuple[str, str]]:
    stated = document.get_metadata_dict(skip_empty=True)
    for key, entry in (("title", "Title"), ("creator", "Author")):
        if value := stated.get(entry, "").strip("\x00 \t\r\n"):
            yield key, value
    if (created := _CREATED.match(stated.get("CreationDate", ""))) is not None:
        yield "created", "-".join(part for part in created.groups() if part)


def _troubles(pages: list[PageContent], name: str) -> Iterator[RawIssue]:
    """An issue for each page that could not be read. Raises MissingPartError where they are more than half."""
    bare = [p.number for p in pages if len(p.chars) < _FEW and (p.has_picture or not p.chars)]
    garbled = [p.number for p in pages if p.number not in bare and is_rubbish("".join(c.text for c in p.chars))]
    where = f"{name} ({len(bare) + len(garbled)}/{len(pages)})"
    if 2 * len(bare) > len(pages):
        raise MissingPartError(
            ("PDF 没有文字层，多为扫描件", "the PDF has no text layer, most likely a scan"), where, _OCR_ADVICE
        )
    if 2 * (len(bare) + len(garbled)) > len(pages):
        raise MissingPartError(
            ("PDF 的字体无法还原成文字", "the fonts of the PDF do not give back its characters"), where, _OCR_ADVICE
        )
    for number in bare:
        yield RawIssue("page-without-text", f"page {number} has no text layer")
    for number in garbled:
        yield RawIssue("garbled-page", f"page {number}: its fonts do not give back its characters")
    for page in pages:
        if page.unmapped and page.number not in garbled:
            detail = f"page {page.number}: {page.unmapped} characters have no value in their font and stand as \ufffd"
            yield RawIssue("unmapped-characters", detail)
        if page.hidden.strip():
            detail = f"page {page.number}: {len(page.hidden)} characters are not seen on the paper and are kept aside"
            yield RawIssue("hidden-text", detail, severity="info")
        for kind, count in sorted(Counter(page.annotations).items()):
            detail = f"page {page.number}: {count} × {kind} was laid over the page and is not read"
            yield RawIssue("annotation", detail, severity="info")


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
            yield RawBlock(paragraph.text, page=paragraph.lines[0].page)
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
                pending.append(RawBlock(item.text, BlockKind.FURNITURE, layout.page.number))
            elif paragraph is not None and goes_on(paragraph, item, before, margins[_place(layout, item)]):
                paragraph.lines.append(item)
                before = margins[_place(layout, item)]
            else:
                yield from close()
                paragraph, before = Paragraph([item]), margins[_place(layout, item)]
        pending.extend(RawBlock(text, BlockKind.FURNITURE, layout.page.number) for text in layout.beside)
    yield from close()
    for page, text in as_paragraphs(line for layout in layouts for line in layout.notes):
        yield RawBlock(text, page=page)


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
    return round(layout.page.width), round(layout.page.height), line.column


def _margins(layouts: list[_Layout], aside: set[int]) -> dict[_Place, Margins]:
    """The margins of the running text for each size of page and each column."""
    by_place: dict[_Place, list[Line]] = {}
    for layout in layouts:
        for line in layout.lines:
            by_place.setdefault(_place(layout, line), []).extend([] if id(line) in aside else [line])
    return {place: measure(lines) if lines else Margins(0, 0, 1, 1) for place, lines in by_place.items()}
