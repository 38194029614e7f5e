"""Opening an XLSX package (ECMA-376 part 2): the limit on its size, its parts, their relations, its core properties.

Parts that are no sound XML are read leniently, and noted: broken exporters leave such, and the rest is still there.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from lxml import etree

from pipeline.errors import UnreadableError
from pipeline.parse.sheet_layout import too_large

MAX_UNPACKED = 200 * 2**20  # bytes in one package, as for DOCX
_MAX_TREE = 50 * 2**20  # bytes of a part that is parsed as a whole: styles and relations of real files have below 1 MB
ZIP_ERRORS = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error)
_CORE = "docProps/core.xml"
_CORE_FIELDS = ("title", "creator", "created")
T = TypeVar("T")

Element = Any  # an lxml element; lxml ships no types


class Package:
    """The members of the ZIP by their names in small letters, since case does not count (ECMA-376 part 2)."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.mended: list[str] = []
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except ZIP_ERRORS as error:
            raise damaged(name) from error
        members = self._archive.infolist()
        if sum(member.file_size for member in members) > MAX_UNPACKED:
            raise UnreadableError(
                ("解压后过大，可能是恶意文件", "too large when unpacked, perhaps hostile"),
                name,
                (
                    "确认来源后用 Excel 或 WPS 另存再导入",
                    "if you trust it, save it anew in Excel or WPS and ingest that",
                ),
            )
        self._members = {m.filename.lower().replace("\\", "/").lstrip("/"): m for m in members}

    def has(self, part: str) -> bool:
        return part.lower() in self._members

    def bytes_of(self, part: str) -> bytes:
        """The content of a part, empty where there is none. Raises UnreadableError where it is damaged."""
        member = self._members.get(part.lower())
        if member is None:
            return b""
        try:
            return self._archive.read(member)
        except ZIP_ERRORS as error:
            raise damaged(self.name, part) from error

    def root(self, part: str) -> Element | None:
        """The root element of a part, None without one."""
        content = self.bytes_of(part)
        if not content:
            return None
        if len(content) > _MAX_TREE:
            raise too_large(self.name)
        return self.twice(part, lambda lenient: etree.fromstring(content, _parser(lenient)))

    def elements(self, part: str, lenient: bool) -> Iterator[Element]:
        """The elements of a large part as they close."""
        # huge_tree stays off: lxml then refuses texts and nesting beyond its limits.
        stream = io.BytesIO(self.bytes_of(part))
        for _, node in etree.iterparse(stream, resolve_entities=False, no_network=True, recover=lenient):
            yield node

    def twice(self, part: str, read_part: Callable[[bool], T]) -> T:
        """What `read_part` gives, called strictly first and leniently where the XML is damaged (which is noted)."""
        for lenient in (False, True):
            try:
                return read_part(lenient)
            except etree.XMLSyntaxError:
                self.mended.append(part)
        raise damaged(self.name, part)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The relations of a part inside the package: id → (kind, part)."""
        folder, base = posixpath.split(part)
        root = self.root(f"{folder}/_rels/{base}.rels")
        found: dict[str, tuple[str, str]] = {}
        for node in () if root is None else root:
            if isinstance(node.tag, str) and node.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/" + folder, node.get("Target", "").replace("\\", "/")))
                kind = node.get("Type", "").rsplit("/", 1)[-1]
                found[node.get("Id", "")] = (kind, target.lstrip("/"))
        return found

    def core(self) -> Iterator[tuple[str, str]]:
        """The core properties that are stated: title, creator, created."""
        root = self.root(_CORE)
        for node in () if root is None else root:
            key, value = local(node), (node.text or "").strip()
            if key in _CORE_FIELDS and value:
                yield key, value


def _parser(lenient: bool) -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, recover=lenient)


def local(node: Element) -> str:
    """The name of an element without its namespace (Strict and Transitional differ in it); "" for a comment."""
    return str(node.tag).rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""


def damaged(name: str, part: str = "") -> UnreadableError:
    return UnreadableError(
        ("工作簿已损坏", "the workbook is damaged"),
        f"{name} ({part})" if part else name,
        ("请重新下载，或用 Excel、WPS 修复后另存", "download it again, or mend and save it in Excel or WPS"),
    )
