"""Which reader takes a file: the explicit list of readers, and true reasons where none of them can.

What a file is, is told by its bytes; the name only decides between formats that share them (a ZIP, an OLE2 container).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from pipeline.errors import UnreadableError
from pipeline.parse import delimited, office, txt
from pipeline.raw import RawDocument

MAX_BYTES = 100 * 2**20  # a plan with scanned pages stays below 60 MB; what is larger is a bundle or an attack
_HEAD = 4096
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II", b"MM", b"BM", b"RIFF")
_ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream that holds the document (MS-OFFCRYPTO, 2.3.4)
_OF_CHARACTERS = frozenset({"html", "csv", "txt"})
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Reader:
    """One file format: `sniff(data, name)` tells whether the bytes are it, `read(data, name)` reads them."""

    format: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes, str], bool]
    read: Callable[[bytes, str], RawDocument]


# Readers that need a heavy library are imported when the first bytes call for them, so that start-up stays fast.
def _sniff_docx(data: bytes, name: str) -> bool:
    if not data.startswith(_ZIP):
        return False
    from pipeline.parse import docx

    return docx.sniff(data, name)


def _read_docx(data: bytes, name: str) -> RawDocument:
    from pipeline.parse import docx

    return docx.read(data, name)


def _sniff_pdf(data: bytes, name: str) -> bool:
    if b"%PDF-" not in data[:1024]:  # PDF 32000-1, annex H: the mark may stand anywhere in the first 1024 bytes
        return False
    from pipeline.parse import pdf

    return pdf.sniff(data, name)


def _read_pdf(data: bytes, name: str) -> RawDocument:
    from pipeline.parse import pdf

    return pdf.read(data, name)


def _sniff_ofd(data: bytes, name: str) -> bool:
    if not data.startswith(_ZIP):
        return False
    from pipeline.parse import ofd

    return ofd.sniff(data, name)


def _read_ofd(data: bytes, name: str) -> RawDocument:
    from pipeline.parse import ofd

    return ofd.read(data, name)


def _sniff_zip(data: bytes, name: str) -> bool:
    return data.startswith(_ZIP) and _zip_kind(data) is _ARCHIVE


def _read_zip(data: bytes, name: str) -> RawDocument:
    from pipeline.parse import pack

    return pack.read(data, name)


def _sniff_mail(data: bytes, name: str) -> bool:
    from pipeline.parse import mail

    return mail.sniff(data, name)


def _read_mail(data: bytes, name: str) -> RawDocument:
    from pipeline.parse import mail

    return mail.read(data, name)


def _sniff_image(data: bytes, name: str) -> bool:
    if not data.startswith(_PICTURES):
        return False
    from pipeline.parse import image

    return image.sniff(data, name)


def _read_image(data: bytes, name: str) -> RawDocument:
    from pipeline.parse import image

    return image.read(data, name)


def _sniff_html(data: bytes, name: str) -> bool:
    from pipeline.parse import html

    return html.sniff(data, name)


def _read_html(data: bytes, name: str) -> RawDocument:
    from pipeline.parse import html

    return html.read(data, name)


def _sniff_xlsx(data: bytes, name: str) -> bool:
    if not data.startswith(_ZIP):
        return False
    from pipeline.parse import xlsx

    return xlsx.sniff(data, name)


def _read_xlsx(data: bytes, name: str) -> RawDocument:
    from pipeline.parse import xlsx

    return xlsx.read(data, name)


def _sniff_xls(data: bytes, name: str) -> bool:
    return data.startswith(_OLE2) and office.ole2_kind(data) == "xls"


def _read_xls(data: bytes, name: str) -> RawDocument:
    from pipeline.parse import xls

    return xls.read(data, name)


def _office(format_: str) -> Reader:
    """The reader of a format that LibreOffice converts."""

    def sniff(data: bytes, name: str) -> bool:
        return office.sniff(format_, data)

    return Reader(format_, office.suffixes(format_), sniff, office.read)


READERS: tuple[Reader, ...] = (
    Reader("docx", (".docx",), _sniff_docx, _read_docx),
    Reader("xlsx", (".xlsx", ".xlsm", ".et"), _sniff_xlsx, _read_xlsx),
    Reader("xls", (".xls", ".et"), _sniff_xls, _read_xls),
    Reader("pdf", (".pdf",), _sniff_pdf, _read_pdf),
    Reader("image", (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif"), _sniff_image, _read_image),
    *(_office(format_) for format_ in office.FORMATS),
    Reader("ofd", (".ofd",), _sniff_ofd, _read_ofd),
    Reader("zip", (".zip",), _sniff_zip, _read_zip),
    Reader("mhtml", (".mht", ".mhtml", ".eml"), _sniff_mail, _read_mail),
    Reader("html", (".html", ".htm", ".shtml", ".xhtml"), _sniff_html, _read_html),
    Reader(delimited.FORMAT, delimited.SUFFIXES, delimited.sniff, delimited.read),
    Reader(txt.FORMAT, txt.SUFFIXES, txt.sniff, txt.read),
)

_CONVERT = (
    "本版本还不能读取这种格式，请先另存为 DOCX 或 PDF 再导入",
    "this version cannot read the format yet: save it as DOCX or PDF and ingest that",
)
_UNPACK = ("请解压后把其中的文件逐个导入", "unpack it and ingest the files inside")
_IMAGE = (
    "这是图片，没有文字可读；请先做文字识别并存为 PDF、DOCX 或 TXT",
    "a picture has no text: run text recognition on it and save PDF, DOCX or TXT",
)
_NOT_TEXT = ("这不是文档，请找到原文件再导入", "it is not a document: find the original file")
_PASSWORD = ("请去掉密码再导入", "take the password off and ingest it again")

_Verdict = tuple[tuple[str, str], tuple[str, str]]
_ARCHIVE: _Verdict = (("ZIP 压缩包", "a ZIP archive"), _UNPACK)

# First bytes → what the file is and what to do (signatures: the formats' own specifications, see also file(1)).
_SIGNATURES: tuple[tuple[bytes, _Verdict], ...] = (
    (b"\x89PNG", (("PNG 图片", "a PNG picture"), _IMAGE)),
    (b"\xff\xd8\xff", (("JPEG 图片", "a JPEG picture"), _IMAGE)),
    (b"GIF8", (("GIF 图片", "a GIF picture"), _IMAGE)),
    (b"BM", (("BMP 图片", "a BMP picture"), _IMAGE)),
    (b"II*\x00", (("TIFF 图片", "a TIFF picture"), _IMAGE)),
    (b"MM\x00*", (("TIFF 图片", "a TIFF picture"), _IMAGE)),
    (b"MZ", (("Windows 程序", "a Windows program"), _NOT_TEXT)),
    (b"\x7fELF", (("Linux 程序", "a Linux program"), _NOT_TEXT)),
    (b"\x1f\x8b", (("GZIP 压缩包", "a GZIP archive"), _UNPACK)),
    (b"PK\x05\x06", (("空的 ZIP 压缩包", "an empty ZIP archive"), _NOT_TEXT)),
    (b"Rar!", (("RAR 压缩包", "a RAR archive"), _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", (("7z 压缩包", "a 7z archive"), _UNPACK)),
    (b"SQLite format 3\x00", (("SQLite 数据库", "an SQLite database"), _NOT_TEXT)),
)
_TEXT_LIKE = frozenset({b"BM", b"MZ"})  # two letters may also begin a text: they count only with a NUL byte near
# A member of the ZIP → what it is.
_ZIP_KINDS: tuple[tuple[str, _Verdict], ...] = (
    ("xl/workbook.xml", (("XLSX 工作簿", "an XLSX workbook"), _CONVERT)),
    ("ppt/presentation.xml", (("PPTX 演示文稿", "a PPTX presentation"), _CONVERT)),
    ("content.xml", (("ODF 文档", "an ODF document"), _CONVERT)),
    ("META-INF/container.xml", (("EPUB 电子书", "an EPUB book"), _CONVERT)),
)
# What an OLE2 container holds → what it is and what to do; DOC and XLS have readers.
_OLE2_KINDS: dict[str, _Verdict] = {
    "password": (("有密码的 Office 文档", "an Office document with a password"), _PASSWORD),
    "ppt": (("旧版 PowerPoint 演示文稿（.ppt）", "a presentation of old PowerPoint (.ppt)"), _CONVERT),
}
_OLE2_OTHER = (
    ("不认得或已损坏的旧版 Office 文档（OLE2）", "an OLE2 document of unknown kind, or a damaged one"),
    ("请用 Word 或 WPS 打开，另存为 DOCX 再导入", "open it in Word or WPS, save it as DOCX and ingest that"),
)


def choose(data: bytes, name: str) -> Reader:
    """The reader for these bytes; `name` is the file's name (its suffix breaks ties).

    Raises UnreadableError, saying what the file really is and what to do, where no reader fits: empty, larger than
    MAX_BYTES, a format that is not read, a binary file under a text's name.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise UnreadableError(("文件是空的", "the file is empty"), name, ("请重新下载", "download it again"))
    if len(data) > MAX_BYTES:
        size = f"{name} ({len(data) / 2**20:.0f} MB)"
        limit = MAX_BYTES // 2**20
        advice = (f"上限为 {limit} MB，请拆分", f"the limit is {limit} MB: split it")
        raise UnreadableError(("文件太大", "the file is too large"), size, advice)
    foreign = _is_foreign(data)
    for reader in READERS:
        if not (foreign and reader.format in _OF_CHARACTERS) and reader.sniff(data, name):
            return reader
    raise _refusal(data, name)


def _is_foreign(data: bytes) -> bool:
    """Whether the bytes bear the mark of a format that is none of ours, though they may decode as characters."""
    return data.startswith((_ZIP, _OLE2)) or _signature(data) is not None


def _signature(data: bytes) -> _Verdict | None:
    start = data[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    for signature, verdict in _SIGNATURES:
        if start.startswith(signature) and (signature not in _TEXT_LIKE or b"\x00" in start):
            return verdict
    return None


def _refusal(data: bytes, name: str) -> UnreadableError:
    what, advice = _verdict(data, name)
    suffix = PurePath(name).suffix.lower()
    if suffix in txt.SUFFIXES:
        said = (f"文件名是文本，内容却是{what[0]}", f"named as text, but it is {what[1]}")
        return UnreadableError(said, name, advice)
    return UnreadableError((f"文件是{what[0]}", f"the file is {what[1]}"), name, advice)


def _verdict(data: bytes, name: str) -> _Verdict:
    if data.startswith(_ZIP):
        return _zip_kind(data)
    if data.startswith(_OLE2):
        # A container that is cut off may still show that it was encrypted.
        held = "password" if _ENCRYPTED in data else office.ole2_kind(data)
        return _OLE2_KINDS.get(held, _OLE2_OTHER)
    signed = _signature(data)
    if signed is not None:
        return signed
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ("WEBP 图片", "a WEBP picture"), _IMAGE
    if b"\x00" in data:
        return ("不认得的二进制文件", "a binary file of unknown kind"), _NOT_TEXT
    return ("编码不明的文本", "text in an unknown encoding"), (
        "请用编辑器另存为 UTF-8 编码的文本",
        "save it as UTF-8 text in an editor",
    )


def _zip_kind(data: bytes) -> _Verdict:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ("损坏的 ZIP 文件", "a damaged ZIP file"), ("请重新下载", "download it again")
    for member, verdict in _ZIP_KINDS:
        if member in names:
            return verdict
    return _ARCHIVE
