"""The reader for PDF, with a text layer or scanned.

Characters come from PDFium and are put in order by position; tables come from the ruling lines that pdfplumber reads on
pages where PDFium sees any; lines outside tables are joined to paragraphs, over page breaks too. Pages whose fonts give
no characters, and pages that are pictures, go to text recognition one by one (`ocr_pdf`). Where that is not installed
they are reported; where most are such, the file is set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.errors import MissingPartError, UnreadableError
from pipeline.model import BlockKind, RawBlock, RawDocument, RawIssue
from pipeline.parse import ocr_engine, ocr_pdf
from pipeline.parse.ocr_layout import raw_lines
from pipeline.parse.ocr_page import ScanPage
from pipeline.parse.pdf_furniture import furniture
from pipeline.parse.pdf_grid import may_hold_table
from pipeline.parse.pdf_lines import Line, page_lines
from pipeline.parse.pdf_page import PageContent, open_document, read_page
from pipeline.parse.pdf_paragraphs import Margins, Paragraph, goes_on, measure
from pipeline.parse.pdf_rulings import Rulings
from pipeline.parse.pdf_tables import PdfTable, continue_table, page_tables

FORMAT = "pdf"
SUFFIXES: tuple[str, ...] = (".pdf",)

_HEAD = 1024  # PDF 32000-1, annex H: the mark may stand anywhere in the first 1024 bytes
_FEW = 20  # characters on a page whose text, if any, is a stamp or a page number on a scan
_JUDGED = 20  # characters besides digits that it takes to say whether a page's text is rubbish
_MIN_HAN = 0.3  # share of Chinese characters below which a page of a plan is not decoded right (DEPENDENCIES.md 4)
_MAX_UNMAPPED = 0.2  # share of characters without a Unicode value, or with a private one
_SCAN_GRAIN = 25  # points: scanned pages of one document differ by some in size, since scanners cut them one by one
_NEUTRAL = re.compile(r"[\s\d.,%+\-/()~=:]+")
_CREATED = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")
_OCR_ADVICE = (
    '请安装文字识别部件：pip install "duibiao[ocr]"，或改用该文件的 DOCX、网页版本',
    'install text recognition with pip install "duibiao[ocr]", or take the DOCX or web page of the same document',
)
_OTHER_COPY = (
    "请换更清晰的扫描件，或改用该文件的 DOCX、网页版本",
    "find a clearer scan, or take the DOCX or web page of the same document",
)


def sniff(data: bytes, name: str) -> bool:
    """Whether the bytes are a PDF; the name does not matter."""
    return b"%PDF-" in data[:_HEAD]


def read(data: bytes, name: str) -> RawDocument:
    """The blocks of a PDF in reading order with their pages, its `title`, `creator` and `created` as metadata.

    Raises UnreadableError for a password, a damaged file or more scanned pages than the limits allow. Where most pages
    have no text layer, or fonts that give no characters, and text recognition is not installed: MissingPartError.
    """
    document = _open(data, name)
    try:
        pages = [_page(document, i, name) for i in range(len(document))]
        unread = {p.number for p in pages if is_bare(p) or is_garbled(p)}
        pages = ocr_pdf.recognised(document, pages, unread, name)
        metadata = tuple(_metadata(document))
    finally:
        document.close()
    troubles = list(_troubles(pages, name))
    blocks, issues = lay_out(pages, Rulings(data, len(pages)))
    return RawDocument(FORMAT, blocks, metadata, (*troubles, *issues), page_count=len(pages))


def lay_out(pages: Sequence[PageContent], rulings: Rulings | None) -> tuple[tuple[RawBlock, ...], tuple[RawIssue, ...]]:
    """The blocks of pages with their characters, and what is to be noted; `rulings` is None where all are pictures."""
    laid_out = [_layout(page, rulings) for page in pages]
    return tuple(_blocks(laid_out)), (*ocr_pdf.notes(pages), *_unruled(laid_out))


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
    for key, field in (("title", "Title"), ("creator", "Author")):
        if value := stated.get(field, "").strip("\x00 \t\r\n"):
            yield key, value
    if (created := _CREATED.match(stated.get("CreationDate", ""))) is not None:
        yield "created", "-".join(part for part in created.groups() if part)


def _troubles(pages: list[PageContent], name: str) -> Iterator[RawIssue]:
    """An issue for each page that could not be read. Raises MissingPartError where they are more than half."""
    bare = [p.number for p in pages if is_bare(p)]
    garbled = [p.number for p in pages if p.number not in bare and is_garbled(p)]
    where = f"{name} ({len(bare) + len(garbled)}/{len(pages)})"
    can_read = ocr_engine.is_available()
    refusal, advice = (UnreadableError, _OTHER_COPY) if can_read else (MissingPartError, _OCR_ADVICE)
    if 2 * len(bare) > len(pages):
        raise refusal(
            ("PDF 没有文字层，多为扫描件", "the PDF has no text layer, most likely a scan")
            if not can_read
            else ("页面上没有认出文字", "no text was recognised on its pages"),
            where,
            advice,
        )
    if 2 * (len(bare) + len(garbled)) > len(pages):
        raise refusal(
            ("PDF 的字体无法还原成文字", "the fonts of the PDF do not give back its characters"), where, advice
        )
    for number in bare:
        yield RawIssue("page-without-text", f"page {number} has no text layer")
    for number in garbled:
        yield RawIssue("garbled-page", f"page {number}: its fonts do not give back its characters")


def is_bare(page: PageContent) -> bool:
    """Whether a page has no text layer: empty, or a picture with hardly more than a stamp or a page number."""
    return len(page.chars) < _FEW and not isinstance(page, ScanPage) and (page.has_picture or not page.chars)


def is_garbled(page: PageContent) -> bool:
    """Whether a page's characters are rubbish: no Unicode values, or hardly a Chinese character and no Latin words."""
    if isinstance(page, ScanPage):
        return False
    text = "".join(c.text for c in page.chars)
    odd = page.unmapped + sum("\ue000" <= c <= "\uf8ff" or c == "\ufffd" for c in text)
    if odd > _MAX_UNMAPPED * (len(text) + page.unmapped) or "(cid:" in text:
        return True
    judged = _NEUTRAL.sub("", text)
    if len(judged) < _JUDGED:
        return False
    han = sum("\u3400" <= c <= "\u9fff" or "\U00020000" <= c <= "\U0003ffff" or "\u2e80" <= c <= "\u2fdf" for c in text)
    return han < _MIN_HAN * len(judged) and not _is_latin(text)


def _is_latin(text: str) -> bool:
    """Whether most of the text is words of a Latin script: plain letters, with vowels, of the length of words."""
    words = re.findall(r"[A-Za-z]{3,}", text)
    likely = [w for w in words if len(w) <= 20 and re.search(r"[aeiouyAEIOUY]", w) and (w[1:].islower() or w.isupper())]
    return sum(map(len, likely)) > 0.5 * len(re.sub(r"\s", "", text))


@dataclass
class _Layout:
    """A page with its tables and the lines outside them; `is_ruled` says that PDFium did not stand in for pdfplumber
    in giving the tables' lines."""

    page: PageContent
    tables: list[PdfTable]
    lines: list[Line]
    is_ruled: bool


def _layout(page: PageContent, rulings: Rulings | None) -> _Layout:
    if isinstance(page, ScanPage) or rulings is None:
        tables, outside = page_tables(page)
        return _Layout(page, tables, page_lines(outside, page.number), is_ruled=True)
    edges = rulings.edges(page) if may_hold_table(page.edges) else ()
    if edges:
        page = replace(page, edges=edges)
    tables, outside = page_tables(page)
    return _Layout(page, tables, page_lines(outside, page.number), bool(edges))


def _unruled(layouts: list[_Layout]) -> Iterator[RawIssue]:
    """A note for each page with a table for which PDFium's lines stood in."""
    for layout in layouts:
        if layout.tables and not layout.is_ruled:
            detail = f"page {layout.page.number}: pdfplumber could not read its lines; the table is from PDFium's"
            yield RawIssue("table-lines", detail, severity="info")


def _blocks(layouts: list[_Layout]) -> Iterator[RawBlock]:
    """All pages in reading order; a paragraph or a table that goes on over a page break is one."""
    aside = furniture([(layout.page, layout.lines) for layout in layouts])
    margins = _margins(layouts, aside)
    pending: list[RawBlock] = []  # furniture that stands between the parts of what is open
    paragraph: Paragraph | None = None
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
        here = margins[_size(layout.page)]
        for item in _in_order(layout):
            if isinstance(item, PdfTable):
                if table is None or not continue_table(table, item):
                    yield from close()
                    table = item
            elif id(item) in aside:
                lines = raw_lines(item.text, item.chars)
                pending.append(RawBlock(item.text, BlockKind.FURNITURE, layout.page.number, lines=lines))
            elif paragraph is not None and goes_on(paragraph, item, here):
                paragraph.lines.append(item)
            else:
                yield from close()
                paragraph = Paragraph([item])
        if layout.page.oblique.strip():
            pending.append(RawBlock(layout.page.oblique.strip(), BlockKind.FURNITURE, layout.page.number))
    yield from close()


def _in_order(layout: _Layout) -> Iterator[Line | PdfTable]:
    """Lines in their reading order, each table before the first line below its upper edge."""
    tables = list(layout.tables)
    for line in layout.lines:
        while tables and tables[0].top < line.base - line.size / 2:
            yield tables.pop(0)
        yield line
    yield from tables


def _size(page: PageContent) -> tuple[int, int]:
    grain = _SCAN_GRAIN if isinstance(page, ScanPage) else 1
    return round(page.width / grain) * grain, round(page.height / grain) * grain


def _margins(layouts: list[_Layout], aside: set[int]) -> dict[tuple[int, int], Margins]:
    """The margins of the running text for each size of page."""
    by_size: dict[tuple[int, int], list[Line]] = {}
    for layout in layouts:
        lines = by_size.setdefault(_size(layout.page), [])
        lines.extend(line for line in layout.lines if id(line) not in aside)
    return {size: measure(lines) if lines else Margins(0, 0, 1, 1) for size, lines in by_size.items()}
