"""Opening a DOCX package: the ZIP with its limits, the parts by their relations, the styles.

The parts are found through the relation files as ECMA-376 part 2 prescribes. Files in the Strict form of the format
are brought to the namespaces of the Transitional form on reading. A relation to a part that is not there is passed
over: broken converters leave such, and the text does not suffer.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import Any

from lxml import etree

from pipeline.errors import UnreadableError

MAX_UNPACKED = 200 * 2**20  # bytes of XML in one package; the longest plans seen unpack to 20 MB
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream that holds a DOCX with a password (MS-OFFCRYPTO 2.3.4)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R[1:-1].encode()),
)
_OFFICE_DOCUMENT = "/officeDocument"
_CORE = "/core-properties"
_CORE_FIELDS = (
    ("title", "{http://purl.org/dc/elements/1.1/}title"),
    ("creator", "{http://purl.org/dc/elements/1.1/}creator"),
    ("created", "{http://purl.org/dc/terms/}created"),
)

# What zipfile raises for a damaged or encrypted member, besides zlib's own error.
_ZIP_ERRORS = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)

Element = Any  # an lxml element; lxml ships no types


def refuse_other(data: bytes, name: str) -> None:
    """Raises UnreadableError, saying what it is, for bytes that are no ZIP: a password, an old DOC, something else."""
    if data.startswith(OLE2) and _ENCRYPTED in data:
        raise UnreadableError(
            ("文档设有打开密码", "the document needs a password"),
            name,
            ("请去掉密码后另存再导入", "save it without the password and ingest that"),
        )
    if data.startswith(OLE2):
        raise UnreadableError(
            ("这是旧版 Word 文档，只是扩展名为 .docx", "this is a document of old Word under the name of a DOCX"),
            name,
            ("请用 Word 或 WPS 另存为 DOCX 再导入", "save it as DOCX in Word, WPS or LibreOffice and ingest that"),
        )
    if not data.startswith(b"PK"):
        raise UnreadableError(
            ("不是 DOCX 文件", "not a DOCX file"), name, ("请找到原文件再导入", "find the original file")
        )


class Package:
    """The parts of a DOCX by name, parsed when asked for."""

    def __init__(self, data: bytes, name: str) -> None:
        """Raises UnreadableError where the bytes are no DOCX, a damaged one, or larger than MAX_UNPACKED unpacked."""
        refuse_other(data, name)
        self.name = name
        self._left = MAX_UNPACKED
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _ZIP_ERRORS as error:
            raise _damaged(name) from error
        self._names = {n.lower(): n for n in self._zip.namelist()}
        self.main = self._target("", _OFFICE_DOCUMENT) or "word/document.xml"
        self.relations = self._relations(self.main)

    def part(self, path: str) -> Element | None:
        """The root element of a part, None where the package has no such part. Raises UnreadableError if damaged."""
        member = self._names.get(path.lower())
        if member is None:
            return None
        self._left -= self._zip.getinfo(member).file_size
        if self._left < 0:
            raise UnreadableError(
                ("解压后过大，可能是恶意文件", "too large when unpacked, perhaps hostile"),
                self.name,
                ("确认来源后用 Word 另存再导入", "if you trust it, save it anew in Word and ingest that"),
            )
        try:
            xml = self._zip.read(member)
            for strict, transitional in _STRICT:
                xml = xml.replace(strict, transitional)
            return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
        except (*_ZIP_ERRORS, zlib.error, etree.XMLSyntaxError) as error:
            raise _damaged(self.name, path) from error

    def body(self) -> Element:
        """The `w:body` of the document. Raises UnreadableError where there is none."""
        root = self.part(self.main)
        body = None if root is None else root.find(W + "body")
        if body is None:
            raise UnreadableError(
                ("压缩包里没有 Word 正文", "the package holds no Word document"),
                self.name,
                ("请找到原文件再导入", "find the original file"),
            )
        return body

    def related(self, kind: str) -> Element | None:
        """The part that the document relates to by a kind (`styles`, `numbering`, `footnotes` …), None without."""
        for relation, target in self.relations.values():
            if relation.endswith("/" + kind):
                return self.part(target)
        return None

    def by_id(self, relation_id: str) -> Element | None:
        """The part with this relation id, None where the relation or the part is missing."""
        _, target = self.relations.get(relation_id, ("", ""))
        return self.part(target) if target else None

    def core_properties(self) -> tuple[tuple[str, str], ...]:
        """`title`, `creator` and `created` as far as the file states them."""
        target = self._target("", _CORE)
        root = self.part(target) if target else None
        if root is None:
            return ()
        found = ((key, (root.findtext(tag) or "").strip()) for key, tag in _CORE_FIELDS)
        return tuple((key, value) for key, value in found if value)

    def _target(self, source: str, kind: str) -> str | None:
        for relation, target in self._relations(source).values():
            if relation.endswith(kind):
                return target
        return None

    def _relations(self, source: str) -> dict[str, tuple[str, str]]:
        folder, file = posixpath.split(source)
        root = self.part(posixpath.join(folder, "_rels", file + ".rels"))
        found: dict[str, tuple[str, str]] = {}
        for node in () if root is None else root:
            if isinstance(node.tag, str) and node.get("TargetMode") != "External" and node.get("Target"):
                target = posixpath.normpath(posixpath.join("/" + folder, node.get("Target"))).lstrip("/")
                found[node.get("Id", "")] = (node.get("Type", ""), target)
        return found


def is_docx(data: bytes) -> bool:
    """Whether the bytes are a ZIP whose main part is a Word document."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {n.lower() for n in archive.namelist()}
            if "word/document.xml" in names:
                return True
            kinds = archive.read("[Content_Types].xml") if "[content_types].xml" in names else b""
            return b"wordprocessingml.document.main+xml" in kinds
    except (*_ZIP_ERRORS, KeyError, zlib.error):
        return False


def _damaged(name: str, part: str = "") -> UnreadableError:
    return UnreadableError(
        ("DOCX 文件已损坏", "the DOCX file is damaged"),
        f"{name} ({part})" if part else name,
        ("请重新下载，或用 Word、WPS 修复后另存", "download it again, or mend and save it in Word or WPS"),
    )


def value(parent: Element | None, child: str) -> str | None:
    """The `w:val` of a child element, None where either is missing."""
    node = None if parent is None else parent.find(W + child)
    return None if node is None else node.get(W + "val")


def is_on(parent: Element | None, child: str) -> bool | None:
    """A toggle property such as `w:vanish`: True, False, or None where it is not stated."""
    node = None if parent is None else parent.find(W + child)
    return None if node is None else node.get(W + "val", "true") not in {"0", "false", "off"}


class Styles:
    """What the styles say about paragraphs and runs: heading level, hidden text, list."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._default: str | None = None
        for style in () if root is None else root.iterchildren(W + "style"):
            style_id = style.get(W + "styleId", "")
            self._styles[style_id] = style
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in {"1", "true", "on"}:
                self._default = style_id

    def chain(self, style_id: str | None) -> list[Element]:
        """The style and those that it is based on, nearest first; the default paragraph style for None."""
        found: list[Element] = []
        style_id = style_id or self._default
        while style_id in self._styles and self._styles[style_id] not in found:
            found.append(self._styles[style_id])
            style_id = value(found[-1], "basedOn")
        return found

    def level(self, properties: Element | None) -> int | None:
        """The heading level of a paragraph: its own outline level, else its style's; 0 for the Title style."""
        own = value(properties, "outlineLvl")
        if own is not None:
            return _outline(own)
        for style in self.chain(value(properties, "pStyle")):
            # Word and WPS write the English name of a built-in style in whatever language they run.
            name = (value(style, "name") or "").lower()
            if name == "title":
                return 0
            if name.startswith("heading ") and name[8:].isdecimal():
                return int(name[8:])
            outline = value(style.find(W + "pPr"), "outlineLvl")
            if outline is not None:
                return _outline(outline)
        return None

    def is_hidden(self, run_properties: Element | None, paragraph_style: str | None) -> bool:
        """Whether a run is hidden text, by itself, its character style or its paragraph's style."""
        own = is_on(run_properties, "vanish")
        if own is not None:
            return own
        run_style = value(run_properties, "rStyle")
        for style in (*(self.chain(run_style) if run_style else ()), *self.chain(paragraph_style)):
            stated = is_on(style.find(W + "rPr"), "vanish")
            if stated is not None:
                return stated
        return False


def _outline(text: str) -> int | None:
    """Outline levels run from 0; 9 is body text (ECMA-376 part 1, 17.3.1.20)."""
    return int(text) + 1 if text.isdecimal() and int(text) < 9 else None
