"""The reader for OFD, the page format of Chinese offices (GB/T 33190): text by its position on the page.

Characters, lines and tables go the way of PDF pages: the same code puts them in order, joins lines to paragraphs and
drawn lines to tables. Pages that are pictures, and those whose fonts give rubbish over a picture, go to text
recognition one by one; where that is not installed they are told, and where most are such, the file is set aside.
Seals, signatures and annotations are not read, and that is told too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.errors import MissingPartError, UnreadableError
from pipeline.parse import ocr_engine
from pipeline.parse.archive import Archive
from pipeline.parse.ocr_page import ScanPage
from pipeline.parse.ocr_pdf import Budget
from pipeline.parse.ofd_package import ROOT, OfdDocument, OfdPackage, damaged
from pipeline.parse.ofd_page import Picture, page_content
from pipeline.parse.ofd_pictures import UNREAD, Source, recognise
from pipeline.parse.parts import concatenate
from pipeline.parse.pdf_fonts import is_rubbish
from pipeline.parse.pdf_layout import lay_out
from pipeline.parse.pdf_page import PageContent
from pipeline.raw import RawDocument, RawIssue

FORMAT = "ofd"
SUFFIXES: tuple[str, ...] = (".ofd",)

_FEW = 20  # characters on a page whose text, if any, is a stamp or a page number on a scan; as for PDF pages
_OTHER_COPY = (
    "请换更清晰的扫描件，或用 OFD 阅读器另存为 PDF 再导入，或改用该文件的 DOCX、网页版本",
    "find a clearer scan, save it as PDF in an OFD reader, or take the DOCX or web page of the document",
)
_UNREAD = frozenset({"page-without-text", "garbled-page", "broken-page"})


def sniff(data: bytes, name: str) -> bool:
    """Whether the bytes are a ZIP with the root of an OFD; the name does not matter."""
    try:
        return any(member.name.lower() == ROOT for member in Archive(data, name).members)
    except UnreadableError:
        return False


def read(data: bytes, name: str) -> RawDocument:
    """The blocks of all documents of the file in reading order with their pages; `title`, `creator` and `created` of
    the first as metadata.

    Raises UnreadableError for an encrypted or damaged file, for more pictures than the limits allow, and where most
    pages give no text; that is a MissingPartError where text recognition is not installed.
    """
    package, budget = OfdPackage(data, name), Budget(name)
    documents = list(package.documents())
    pages = sum(len(document.pages) for document in documents)
    if not pages:
        raise damaged(name)
    read_ = [_read(document, package, budget) for document in documents]
    _check([issue for raw in read_ for issue in raw.issues], pages, name)
    raw = concatenate(read_)
    return RawDocument(FORMAT, raw.blocks, read_[0].metadata, raw.issues, raw.page_count)


def _check(issues: Sequence[RawIssue], pages: int, name: str) -> None:
    """Raises UnreadableError where more than half of the pages gave no text."""
    unread = sum(issue.code in _UNREAD for issue in issues)
    broken = sum(issue.code == "broken-page" for issue in issues)
    if 2 * broken > pages:
        raise damaged(name, f"{broken}/{pages}")
    if 2 * unread <= pages:
        return
    where = f"{name} ({unread}/{pages})"
    if not ocr_engine.is_available():
        what = ("OFD 的页面是图片，没有文字", "the pages of the OFD are pictures without text")
        raise MissingPartError(what, where, ocr_engine.INSTALL)
    lost = next((issue.detail for issue in issues if issue.code == UNREAD), "")
    what = ("页面上没有认出文字", "no text was recognised on its pages")
    raise UnreadableError(what, f"{where}: {lost}" if lost else where, _OTHER_COPY)


def _read(document: OfdDocument, package: OfdPackage, budget: Budget) -> RawDocument:
    broken = {i.detail.split()[1] for i in document.issues if i.code == "broken-page"}
    issues = list(document.issues)
    pages: list[PageContent] = []
    for page in document.pages:
        content, pictures = page_content(page.contents, page.number, page.box, document.resources)
        content, told = recognised(content, pictures, lambda n: package.picture(document.resources, n), budget)
        issues += told
        if str(page.number) not in broken:
            issues += _troubles(content)
        pages.append(content)
    blocks, noted = lay_out(pages, None)
    return RawDocument(FORMAT, blocks, document.metadata, (*issues, *noted), len(document.pages))


def recognised(
    page: PageContent, pictures: Sequence[Picture], source: Source, budget: Budget
) -> tuple[PageContent, list[RawIssue]]:
    """The page as text recognition reads its pictures where it has no text of its own or rubbish, and what was left
    out; the page as it is without pictures, or where recognition is not installed."""
    is_bare, is_garbled = _is_bare(page), _is_garbled(page)
    if not pictures or not (is_bare or (is_garbled and page.has_picture)) or not ocr_engine.is_available():
        return page, []
    scan, told = recognise(page, pictures, source, budget)
    if not is_bare and scan is not page:
        # Rubbish that is seen over a mere background is not in its picture: then there is less in that.
        scan = replace(scan, oblique="") if 2 * len(scan.chars) >= len(page.chars) else page
    return scan, told


def _is_bare(page: PageContent) -> bool:
    return not isinstance(page, ScanPage) and len(page.chars) < _FEW and (page.has_picture or not page.chars)


def _is_garbled(page: PageContent) -> bool:
    return not isinstance(page, ScanPage) and is_rubbish("".join(char.text for char in page.chars))


def _troubles(page: PageContent) -> Iterator[RawIssue]:
    if _is_bare(page):
        yield RawIssue("page-without-text", f"page {page.number} has no text")
    elif _is_garbled(page):
        yield RawIssue("garbled-page", f"page {page.number}: its fonts do not give back its characters")
    if page.hidden.strip():
        detail = f"page {page.number}: {len(page.hidden)} characters are not seen on the paper and are kept aside"
        yield RawIssue("hidden-text", detail, severity="info")
