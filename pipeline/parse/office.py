"""Office formats that other programs turn into one that is read here: DOC, WPS, RTF, ODT, ODS and their kin.

LibreOffice turns them into DOCX or XLSX (`soffice`), and the reader of that reads the result. For DOC, antiword steps
in where LibreOffice is missing or fails: it gives the text and the cells of tables, but no list numbers.
"""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.errors import MissingPartError, UnreadableError
from pipeline.model import BlockKind, CellAt
from pipeline.parse import soffice
from pipeline.raw import RawBlock, RawDocument, RawIssue
from pipeline.text import Squeezed

HEAD = 4096  # bytes by which a file is told from those that are certainly none of these
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ANTIWORD_SECONDS = 30.0  # it needs some hundredths for a long plan


@dataclass(frozen=True, slots=True)
class Kind:
    """A format by its content: its name, the suffix that LibreOffice expects, what it is turned into, its own name."""

    format: str
    suffix: str
    target: str
    said: tuple[str, str]


DOC = Kind("doc", ".doc", "docx", ("旧版 Word 文档（DOC、WPS）", "a document of old Word or WPS"))
RTF = Kind("rtf", ".rtf", "docx", ("RTF 文档", "an RTF document"))
ODT = Kind("odt", ".odt", "docx", ("ODT 文档", "an ODT document"))
FODT = Kind("odt", ".fodt", "docx", ("ODT 文档", "an ODT document"))
WORD_XML = Kind("word-xml", ".xml", "docx", ("Word 2003 XML 文档", "a Word 2003 XML document"))
ODS = Kind("ods", ".ods", "xlsx", ("ODS 工作簿", "an ODS workbook"))
FODS = Kind("ods", ".fods", "xlsx", ("ODS 工作簿", "an ODS workbook"))
XLSB = Kind("xlsb", ".xlsb", "xlsx", ("XLSB 工作簿", "an XLSB workbook"))
EXCEL_XML = Kind("excel-xml", ".xml", "xlsx", ("Excel 2003 XML 工作簿", "an Excel 2003 XML workbook"))

_SUFFIXES: dict[str, tuple[str, ...]] = {
    "doc": (".doc", ".wps", ".dot", ".wpt"),
    "rtf": (".rtf",),
    "odt": (".odt", ".ott", ".fodt"),
    "word-xml": (".xml",),
    "ods": (".ods", ".ots", ".fods"),
    "xlsb": (".xlsb",),
    "excel-xml": (".xml",),
}
FORMATS: tuple[str, ...] = tuple(_SUFFIXES)
_MIME = (("application/vnd.oasis.opendocument.text", ODT), ("application/vnd.oasis.opendocument.spreadsheet", ODS))
_XML = (
    (re.compile(rb'<\?mso-application\s+progid="Word\.Document"'), WORD_XML),
    (re.compile(rb"<w:wordDocument\b"), WORD_XML),
    (re.compile(rb'<\?mso-application\s+progid="Excel\.Sheet"'), EXCEL_XML),
    (re.compile(rb'<(?:\w+:)?Workbook\s[^>]*"urn:schemas-microsoft-com:office:spreadsheet"'), EXCEL_XML),
    (re.compile(rb'office:mimetype="application/vnd\.oasis\.opendocument\.text"'), FODT),
    (re.compile(rb'office:mimetype="application/vnd\.oasis\.opendocument\.spreadsheet"'), FODS),
)
_PICTURE = "[pic]"  # what antiword writes for a picture
_RULE = "-" * 23  # what it draws above notes and above heads and feet of pages
_NOTE_MARK = re.compile(r"^\[(\d+)\]")
_BIG = 200 * 2**20  # bytes unpacked, as for DOCX: LibreOffice has no limit of its own
_ZIP_ERRORS = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)
INSTALL_ANTIWORD = {"linux": "sudo apt install antiword"}  # by `sys.platform`
_SYSTEMS = (("linux", "Debian/Ubuntu"), ("darwin", "macOS"), ("win32", "Windows"))
_COMMANDS = [f"{system}: {soffice.INSTALL[platform]}" for platform, system in _SYSTEMS]
_INSTALL = (
    f"请安装 LibreOffice 再导入（{'；'.join(_COMMANDS)}），或用 Word、WPS 另存为 DOCX",
    f"install LibreOffice ({'; '.join(_COMMANDS)}) and ingest it again, or save it as DOCX in Word or WPS",
)


def suffixes(format_: str) -> tuple[str, ...]:
    """The suffixes that a format is usual under."""
    return _SUFFIXES[format_]


def kind(data: bytes) -> Kind | None:
    """Which of these formats the bytes are, by content alone; None for all others."""
    if data.startswith(_OLE2):
        return DOC if ole2_kind(data) == "doc" else None
    if data.startswith(b"{\\rtf"):
        return RTF
    if data.startswith(_ZIP):
        return _zip_kind(data)
    head = data[:HEAD]
    return next((found for pattern, found in _XML if pattern.search(head)), None)


def may_be(head: bytes) -> bool:
    """Whether a file that begins so may be one of these formats; `kind` tells it from the whole."""
    return head.startswith((_OLE2, _ZIP)) or kind(head) is not None


def ole2_kind(data: bytes) -> str:
    """What an OLE2 container holds: doc, xls, ppt, `password` for one that is encrypted, "" for anything else.

    Told by the streams of its root ([MS-DOC] 2.1, [MS-XLS] 2.1.2, [MS-PPT] 2.1, [MS-OFFCRYPTO] 2.3.4): a document may
    hold others inside it.
    """
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            if container.exists("EncryptedPackage"):
                return "password"
            if container.exists("WordDocument"):
                base = container.openstream("WordDocument").read(12)
                # [MS-DOC] 2.5.1: bit 8 of the flags at byte 10 of the FIB is fEncrypted.
                return "password" if len(base) == 12 and base[11] & 1 else "doc"
            if container.exists("Workbook") or container.exists("Book"):
                return "xls"
            return "ppt" if container.exists("PowerPoint Document") else ""
    except Exception:  # what a damaged container makes olefile raise
        return ""


def _zip_kind(data: bytes) -> Kind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "xl/workbook.bin" in names:
                return XLSB
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mime = archive.read("mimetype").decode("ascii", "replace").strip()
                return next((found for start, found in _MIME if mime.startswith(start)), None)
    except _ZIP_ERRORS:
        pass
    return None


def source(data: bytes) -> soffice.Source | None:
    """What LibreOffice is to be given for a file; None for one that it is not needed for."""
    found = kind(data)
    return None if found is None else soffice.Source(data, found.suffix, found.target)


def sniff(format_: str, data: bytes) -> bool:
    """Whether the bytes are a format; the name does not matter."""
    found = kind(data)
    return found is not None and found.format == format_


def read(data: bytes, name: str) -> RawDocument:
    """The blocks of a file of one of these formats, as the reader of DOCX or XLSX gives them for its conversion.

    Raises MissingPartError where no program is there that reads the format, UnreadableError where none can read this
    file, or it has a password.
    """
    found = kind(data)
    assert found is not None, name
    _check(data, name, found)
    made = soffice.converted(soffice.Source(data, found.suffix, found.target))
    if made is not None:
        raw = _read_made(made, name, found)
        return replace(raw, format=found.format)
    raw_text = _antiword(data) if found is DOC else None
    if raw_text is not None:
        return raw_text
    if soffice.program() is None:
        what = (f"{found.said[0]}需要 LibreOffice", f"{found.said[1]} needs LibreOffice")
        raise MissingPartError(what, name, _INSTALL)
    raise UnreadableError(
        (f"{found.said[0]}已损坏或有密码", f"{found.said[1]} that is damaged or has a password"),
        name,
        ("请用 Word 或 WPS 打开，另存为 DOCX 再导入", "open it in Word or WPS, save it as DOCX and ingest that"),
    )


def _read_made(made: bytes, name: str, found: Kind) -> RawDocument:
    if found.target == "docx":
        from pipeline.parse import docx

        return docx.read(made, name)
    from pipeline.parse import xlsx

    return xlsx.read(made, name)


def _check(data: bytes, name: str, found: Kind) -> None:
    """Refuse what would make LibreOffice unpack without end, or is locked."""
    if not data.startswith(_ZIP):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            manifest = "META-INF/manifest.xml"
            is_locked = any(m.filename == manifest and m.file_size < _BIG for m in members) and (
                b"encryption-data" in archive.read(manifest)
            )
    except _ZIP_ERRORS:
        return
    if is_locked:
        raise UnreadableError(
            (f"有密码的 {found.format.upper()} 文件", f"a {found.format.upper()} file with a password"),
            name,
            ("请去掉密码再导入", "take the password off and ingest it again"),
        )
    if sum(m.file_size for m in members) > _BIG:
        raise UnreadableError(
            ("解压后过大，可能是恶意文件", "too large when unpacked, perhaps hostile"),
            name,
            ("确认来源后另存再导入", "if you trust it, save it anew and ingest that"),
        )


def antiword() -> str | None:
    """The path of antiword, None where it is not installed."""
    return shutil.which("antiword")


def _antiword(data: bytes) -> RawDocument | None:
    """The text of a DOC by antiword, as DocBook: its plain text draws tables with | and breaks cells over lines.

    Notes stand in the plain text alone, below a rule of dashes: they come at the end.
    """
    program = antiword()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="duibiao-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "given.doc"
        file.write_bytes(data)
        call = [program, "-m", "UTF-8.txt"]
        docbook = soffice.run([*call, "-x", "db", str(file)], _ANTIWORD_SECONDS)
        plain = soffice.run([*call, "-w", "0", str(file)], _ANTIWORD_SECONDS)
    root = _root(docbook or b"")
    if root is None:
        return None
    blocks = list(_Docbook().blocks(root))
    known = Squeezed("".join(block.text for block in blocks)).text
    _, _, behind = (plain or b"").decode("utf-8", "replace").partition(f"\n{_RULE}\n")
    for line in behind.splitlines():
        text = _NOTE_MARK.sub(r"[\1] ", line.replace(_PICTURE, "").strip())
        bare = Squeezed(text).text
        if bare and text != _RULE and bare not in known:
            blocks.append(RawBlock(text))
    said = "read by antiword: list numbers that Word computes are missing, merged cells are split; install LibreOffice"
    return RawDocument(DOC.format, tuple(blocks), issues=(RawIssue("fallback-reader", said),))


def _root(docbook: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        return etree.fromstring(docbook, parser)
    except etree.XMLSyntaxError:
        return None


class _Docbook:
    """The blocks of what antiword writes: paragraphs and titles in order, tables with rows and entries."""

    def __init__(self) -> None:
        self._tables = 0

    def blocks(self, root: Any) -> Iterator[RawBlock]:
        for child in root:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag == "informaltable":
                yield from self._table(child)
            elif tag in ("para", "title", "subtitle"):
                if (text := _own_text(child)) and text != _RULE:
                    yield RawBlock(text)
                for table in child.iter("informaltable"):
                    yield from self._table(table)
            elif tag != "bookinfo":
                yield from self.blocks(child)

    def _table(self, table: Any) -> Iterator[RawBlock]:
        number = self._tables
        self._tables += 1
        for row, node in enumerate(table.iter("row")):
            for column, entry in enumerate(node.iter("entry")):
                lines = "".join(entry.itertext()).splitlines()
                text = "\n".join(line.strip() for line in lines if line.strip())
                yield RawBlock(text, BlockKind.CELL, cell=CellAt(number, row, column))


def _own_text(node: Any) -> str:
    """The text of a paragraph without that of a table inside it; the line ends that antiword adds are none."""
    parts = [node.text or ""]
    for child in node:
        if child.tag != "informaltable":
            parts.append(_own_text(child) if isinstance(child.tag, str) else "")
        parts.append(child.tail or "")
    return "".join(parts).replace("\n", "").replace(_PICTURE, "").strip()
