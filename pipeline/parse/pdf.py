"""The reader for PDF, with a text layer or scanned.

Characters come from PDFium; `pdf_layout` puts them in order and makes paragraphs and tables of them. Pages whose fonts
give no characters, and pages that are pictures, go to text recognition one by one (`ocr_pdf`). Where that is not
installed they are reported; where most are such, the file is set aside.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.errors import MissingPartError, UnreadableError
from pipeline.parse import ocr_engine, ocr_pdf
from pipeline.parse.ocr_page import ScanPage
from pipeline.parse.pdf_fonts import is_rubbish
from pipeline.parse.pdf_layout import lay_out
from pipeline.parse.pdf_page import PageContent, open_document, read_page
from pipeline.parse.pdf_rulings import Rulings
from pipeline.raw import RawDocument, RawIssue

FORMAT = "pdf"
SUFFIXES: tuple[str, ...] = (".pdf",)

_HEAD = 1024  # PDF 32000-1, annex H: the mark may stand anywhere in the first 1024 bytes
_FEW = 20  # characters on a page whose text, if any, is a stamp or a page number on a scan
_CREATED = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")
_OCR_ADVICE = (
    '请安装文字识别部件：在 duibiao 的文件夹里运行 make ocr，或 pip install "duibiao[ocr]"；也可改用 DOCX、网页版本',
    'install text recognition: make ocr in the folder of duibiao, or pip install "duibiao[ocr]"; or take its DOCX',
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
    issues = list(_troubles(pages, name))
    blocks, told = lay_out(pages, Rulings(data, len(pages)))
    return RawDocument(FORMAT, blocks, metadata, (*issues, *told), page_count=len(pages))


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


def is_bare(page: PageContent) -> bool:
    """Whether a page has no text layer: empty, or a picture with hardly more than a stamp or a page number."""
    return len(page.chars) < _FEW and not isinstance(page, ScanPage) and (page.has_picture or not page.chars)


def is_garbled(page: PageContent) -> bool:
    """Whether a page's characters are rubbish (`pdf_fonts.is_rubbish`); what was recognised is not judged."""
    return not isinstance(page, ScanPage) and is_rubbish("".join(char.text for char in page.chars))
