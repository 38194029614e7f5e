"""The reader for OFD, the page format of Chinese offices (GB/T 33190): text by its position on the page.

Characters, lines and tables go the way of PDF pages: the same code puts them in order, joins lines to paragraphs and
drawn lines to tables. Pages that are pictures are told; where most are such, the file needs text recognition.
Seals, signatures and annotations are not read, and that is told too.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import MissingPartError, UnreadableError
from pipeline.model import RawDocument, RawIssue
from pipeline.parse.archive import Archive
from pipeline.parse.ofd_package import ROOT, OfdDocument, OfdPackage, OfdPage, damaged
from pipeline.parse.ofd_page import page_content
from pipeline.parse.parts import concatenate
from pipeline.parse.pdf_fonts import is_rubbish
from pipeline.parse.pdf_layout import lay_out
from pipeline.parse.pdf_page import PageContent

FORMAT = "ofd"
SUFFIXES: tuple[str, ...] = (".ofd",)

_FEW = 20  # characters on a page whose text, if any, is a stamp or a page number on a scan; as for PDF pages
_OCR_ADVICE = (
    "请用 OFD 阅读器另存为 PDF，做文字识别后再导入，或改用该文件的 DOCX、网页版本",
    "save it as PDF in an OFD reader and run text recognition on it, or take the DOCX or web page of the document",
)


def sniff(data: bytes, name: str) -> bool:
    """Whether the bytes are a ZIP with the root of an OFD; the name does not matter."""
    try:
        return any(member.name.lower() == ROOT for member in Archive(data, name).members)
    except UnreadableError:
        return False


def read(data: bytes, name: str) -> RawDocument:
    """The blocks of all documents of the file in reading order with their pages; `title`, `creator` and `created` of
    the first as metadata.

    Raises UnreadableError for an encrypted or damaged file, MissingPartError where most pages are pictures.
    """
    documents = list(OfdPackage(data, name).documents())
    pages = sum(len(document.pages) for document in documents)
    if not pages:
        raise damaged(name)
    read_ = [_read(document) for document in documents]
    unread = sum(i.code in {"page-without-text", "garbled-page", "broken-page"} for raw in read_ for i in raw.issues)
    if 2 * unread > pages:
        broken = sum(i.code == "broken-page" for raw in read_ for i in raw.issues)
        if 2 * broken > pages:
            raise damaged(name, f"{broken}/{pages}")
        what = ("OFD 的页面是图片，没有文字", "the pages of the OFD are pictures without text")
        raise MissingPartError(what, f"{name} ({unread}/{pages})", _OCR_ADVICE)
    raw = concatenate(read_)
    return RawDocument(FORMAT, raw.blocks, read_[0].metadata, raw.issues, raw.page_count)


def _read(document: OfdDocument) -> RawDocument:
    broken = {i.detail.split()[1] for i in document.issues if i.code == "broken-page"}
    issues = list(document.issues)
    pages: list[PageContent] = []
    for page in document.pages:
        content, pictures = page_content(page.contents, page.number, page.box, document.resources)
        content = recognised(page, content, pictures)
        if str(page.number) not in broken:
            issues += _troubles(content)
        pages.append(content)
    blocks, told = lay_out(pages, None)
    return RawDocument(FORMAT, blocks, document.metadata, (*issues, *told), len(document.pages))


def recognised(page: OfdPage, content: PageContent, pictures: list[str]) -> PageContent:
    """The page with the characters that text recognition finds in its pictures (ids of resources), where there is
    such a part; the page as it is without. This is the one place where it is to be joined to this reader."""
    return content


def _troubles(page: PageContent) -> Iterator[RawIssue]:
    if len(page.chars) < _FEW and (page.has_picture or not page.chars):
        yield RawIssue("page-without-text", f"page {page.number} has no text")
    elif is_rubbish("".join(char.text for char in page.chars)):
        yield RawIssue("garbled-page", f"page {page.number}: its fonts do not give back its characters")
    if page.hidden.strip():
        detail = f"page {page.number}: {len(page.hidden)} characters are not seen on the paper and are kept aside"
        yield RawIssue("hidden-text", detail, severity="info")
