"""Opening a DOCX package with python-docx: the limit on its size, the parts by their relations, the styles.

python-docx reads the package and parses its parts; the reader walks over the elements. Files that python-docx refuses
are mended in memory and given to it again: the Strict form of the format, relations to parts that are not there, parts
that are damaged or have no content type. Broken converters leave such, and the text does not suffer.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Container
from contextlib import suppress
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.oxml.parser import parse_xml
from docx.package import Package as OpcPackage
from lxml import etree

from pipeline.errors import UnreadableError
from pipeline.text import Squeezed, parse_number

MAX_UNPACKED = 200 * 2**20  # bytes in one package with its pictures; the longest plans seen unpack to 20 MB

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# The names of the Strict form and what the Transitional form has for them (ECMA-376 part 1, annex A, and part 4).
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/"
_CONTENT_TYPES = "[Content_Types].xml"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_CORE_FIELDS = (
    ("title", "{http://purl.org/dc/elements/1.1/}title"),
    ("creator", "{http://purl.org/dc/elements/1.1/}creator"),
    ("created", "{http://purl.org/dc/terms/}created"),
)

# What zipfile raises for a damaged or encrypted member.
_ZIP_ERRORS = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error)

Element = Any  # an lxml element; lxml ships no types


class Package:
    """The parts of a DOCX that its main part relates to."""

    def __init__(self, data: bytes, name: str) -> None:
        """Raises UnreadableError where the bytes are no DOCX, a damaged one, or larger than MAX_UNPACKED unpacked."""
        self.name = name
        self._main = _open(data, name)

    def body(self) -> Element:
        """The `w:body` of the document. Raises UnreadableError where there is none."""
        body = self._root(self._main).find(W + "body")
        if body is None:
            raise UnreadableError(
                ("压缩包里没有 Word 正文", "the package holds no Word document"),
                self.name,
                ("请找到原文件再导入", "find the original file"),
            )
        return body

    def related(self, kind: str) -> Element | None:
        """The part that the document relates to by a kind (`styles`, `numbering`, `footnotes` …), None without."""
        return self._first(self._main, "/" + kind)

    def by_id(self, relation_id: str) -> Element | None:
        """The part with this relation id, None where the document has no such relation inside the package."""
        part = self._main.related_parts.get(relation_id)
        return None if part is None else self._root(part)

    def embedded(self, relation_id: str) -> tuple[str, bytes] | None:
        """The name and the bytes of a part that is a document of its own, None where it is not in the package."""
        part = self._main.related_parts.get(relation_id)
        return None if part is None else (str(part.partname).rsplit("/", 1)[-1], bytes(part.blob))

    def core_properties(self) -> tuple[tuple[str, str], ...]:
        """`title`, `creator` and `created` as far as the file states them; python-docx would supply its own."""
        root = self._first(self._main.package, "/core-properties")
        if root is None:
            return ()
        found = ((key, (root.findtext(tag) or "").strip()) for key, tag in _CORE_FIELDS)
        return tuple((key, value) for key, value in found if value)

    def _first(self, source: Any, kind: str) -> Element | None:
        relations = (r for r in source.rels.values() if r.reltype.endswith(kind) and not r.is_external)
        return next((self._root(relation.target_part) for relation in relations), None)

    def _root(self, part: Any) -> Element:
        """The root element of a part: python-docx has parsed some kinds and keeps others as bytes."""
        if hasattr(part, "element"):
            return part.element
        try:
            return parse_xml(part.blob)
        except etree.XMLSyntaxError as error:
            raise _damaged(self.name, str(part.partname)) from error


def _open(data: bytes, name: str) -> Any:
    """The main part, by python-docx. Raises UnreadableError as `Package` does."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except _ZIP_ERRORS as error:
        raise _damaged(name) from error
    if size > MAX_UNPACKED:
        raise UnreadableError(
            ("解压后过大，可能是恶意文件", "too large when unpacked, perhaps hostile"),
            name,
            ("确认来源后用 Word 另存再导入", "if you trust it, save it anew in Word and ingest that"),
        )
    try:
        return OpcPackage.open(io.BytesIO(data)).main_document_part
    except Exception:  # of many kinds: KeyError for a dangling relation, what lxml and zipfile raise, its own
        try:
            return OpcPackage.open(io.BytesIO(_mended(data))).main_document_part
        except Exception as error:
            raise _damaged(name) from error


def _mended(data: bytes) -> bytes:
    """A package that python-docx takes, with what can be read of this one.

    Strict names become Transitional ones. Relations lead to parts that are there, by names in small letters, since case
    does not count (ECMA-376 part 2). All parts are of an unknown type, so that python-docx parses none unasked.
    """
    members: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        for member in source.namelist():
            with suppress(*_ZIP_ERRORS):
                content = source.read(member)
                members[member.lower()] = _STRICT.sub(_TRANSITIONAL, content) if b"<" in content[:4] else content
    kinds = "".join(
        f'<Default Extension={quoteattr(extension)} ContentType="application/octet-stream"/>'
        for extension in sorted({posixpath.splitext(member)[1].lstrip(".") for member in members})
    )
    members[_CONTENT_TYPES] = f'<Types xmlns="{_TYPES}">{kinds}</Types>'.encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for member, content in members.items():
            target.writestr(member, _related(member, content, members) if member.endswith(".rels") else content)
    return out.getvalue()


def _related(member: str, content: bytes, parts: Container[str]) -> bytes:
    """A relation file without relations to parts that are not there."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    folder = "/" + posixpath.dirname(posixpath.dirname(member))
    for node in list(root):
        if node.get("TargetMode") == "External":
            continue
        target = posixpath.normpath(posixpath.join(folder, node.get("Target", ""))).lstrip("/").lower()
        if target in parts:
            node.set("Target", "/" + target)
        else:
            root.remove(node)
    return bytes(etree.tostring(root))


def is_docx(data: bytes) -> bool:
    """Whether the bytes are a ZIP whose main part is a Word document."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {n.lower() for n in archive.namelist()}
            if "word/document.xml" in names:
                return True
            kinds = archive.read("[Content_Types].xml") if "[content_types].xml" in names else b""
            return b"wordprocessingml.document.main+xml" in kinds
    except (*_ZIP_ERRORS, KeyError):
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
    """What the styles say about paragraphs and runs: heading level, hidden text, list.

    `heading` finds the names of heading styles, with their number as the group `level`.
    """

    def __init__(self, root: Element | None, heading: re.Pattern[str]) -> None:
        self._heading = heading
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
            # Word writes the English name of a built-in style in whatever language it runs; other programs do not.
            name = Squeezed(value(style, "name") or "").text
            if name.lower() == "title":
                return 0
            if (found := self._heading.search(name)) is not None:
                return int(parse_number(found["level"]) or 0)
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
