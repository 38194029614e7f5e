"""The parts of an OFD file: its documents, their pages, templates and resources (GB/T 33190-2016, clause 7).

A path inside the file is relative to the part that it stands in, or to the root where it begins with a slash. Writers
differ in namespaces, in case and in what they leave out; what is missing or damaged is told and costs only itself.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.errors import UnreadableError
from pipeline.parse.archive import Archive, Member
from pipeline.parse.ofd_page import Element, Resources, child, children, local, numbers
from pipeline.raw import RawIssue

ROOT = "ofd.xml"  # lower case
MAX_PAGES = 3_000  # of one document; the longest plans seen have 300
A4 = (0.0, 0.0, 210.0, 297.0)  # mm, where a file states no page size
_TITLE_FIELDS = (("title", "Title"), ("creator", "Author"), ("created", "CreationDate"))
_ENCRYPTED = frozenset({"encryptions.xml", "decyptseed.dat", "entries.xml"})  # GM/T 0099-2020, encrypted packages


@dataclass(frozen=True)
class OfdPage:
    """A page: number counted from 1, box in mm (x, y, width, height), contents with those of its templates."""

    number: int
    box: tuple[float, float, float, float]
    contents: tuple[Element, ...]


@dataclass
class OfdDocument:
    """One document of the file: what it states about itself, its pages, and what was wrong."""

    metadata: tuple[tuple[str, str], ...]
    pages: list[OfdPage] = field(default_factory=list)
    resources: Resources = field(default_factory=Resources)
    issues: list[RawIssue] = field(default_factory=list)


class OfdPackage:
    """An OFD file in memory."""

    def __init__(self, data: bytes, name: str) -> None:
        """Raises UnreadableError where the bytes are no ZIP, beyond its limits, or encrypted."""
        self.name = name
        self._archive = Archive(data, name)
        self._by_name = {member.name.lower(): member for member in self._archive.members}
        bases = {posixpath.basename(n) for n in self._by_name}
        if any(m.is_encrypted for m in self._archive.members) or bases & _ENCRYPTED:
            raise UnreadableError(
                ("OFD 文件已加密", "the OFD file is encrypted"),
                name,
                ("请在 OFD 阅读器中去掉密码后另存再导入", "save it without the password in an OFD reader"),
            )

    def documents(self) -> Iterator[OfdDocument]:
        """The documents in order. Raises UnreadableError where the list of documents cannot be read."""
        root, _ = self._xml(self._member(ROOT))
        if root is None:
            raise damaged(self.name, "OFD.xml")
        for body in children(root, "DocBody"):
            info = child(body, "DocInfo")
            pairs = ((key, child(info, tag)) for key, tag in _TITLE_FIELDS)
            stated = tuple((k, v.text.strip()) for k, v in pairs if v is not None and v.text and v.text.strip())
            document = OfdDocument(stated)
            if child(body, "Signatures") is not None:
                document.issues.append(RawIssue("signatures", "signatures and seals are not checked", severity="info"))
            self._fill(document, child(body, "DocRoot"))
            yield document

    def _fill(self, document: OfdDocument, place: Element | None) -> None:
        path = _join("", (place.text or "").strip()) if place is not None else ""
        root, _ = self._xml(self._member(path))
        if root is None:
            document.issues.append(RawIssue("broken-part", f"the document {path} is missing or damaged"))
            return
        base = posixpath.dirname(path)
        common = child(root, "CommonData")
        box = _box(child(common, "PageArea")) or A4
        document.resources = self._resources(Resources(), base, children(common, "PublicRes", "DocumentRes"))
        templates = {t.get("ID", ""): _join(base, t.get("BaseLoc", "")) for t in children(common, "TemplatePage")}
        pages = list(children(child(root, "Pages"), "Page"))
        if len(pages) > MAX_PAGES:
            raise UnreadableError(
                ("页数太多", "too many pages"),
                f"{self.name} ({len(pages)} > {MAX_PAGES})",
                ("请拆分后再导入", "split it and ingest the parts"),
            )
        for number, page in enumerate(pages, 1):
            self._page(document, number, _join(base, page.get("BaseLoc", "")), box, templates)
        document.issues += self._left_out(root, base)

    def _page(
        self, document: OfdDocument, number: int, path: str, box: tuple[float, float, float, float],
        templates: dict[str, str],
    ) -> None:  # fmt: skip
        root, is_whole = self._xml(self._member(path))
        if not is_whole:
            rest = "is missing or damaged" if root is None else "is damaged: only what could be read of it is taken"
            document.issues.append(RawIssue("broken-page", f"page {number} ({path}) {rest}"))
        if own_resources := list(children(root, "PageRes")):
            document.resources = self._resources(document.resources, posixpath.dirname(path), own_resources)
        contents = list(children(root, "Content"))
        for template in children(root, "Template"):
            where = templates.get(template.get("TemplateID", ""), "")
            drawn, _ = self._xml(self._member(where))
            if drawn is None:
                document.issues.append(RawIssue("broken-part", f"page {number}: its template is missing or damaged"))
            contents += children(drawn, "Content")
        own = _box(child(root, "Area"))
        document.pages.append(OfdPage(number, own or box, tuple(contents)))

    def _left_out(self, root: Element, base: str) -> Iterator[RawIssue]:
        """What the document holds besides its pages."""
        for name, code, what in (
            ("Annotations", "annotations", "annotations and stamps on the pages are not read"),
            ("Attachments", "attachments", "files are attached and not read"),
        ):
            place = child(root, name)
            if place is None:
                continue
            listed, _ = self._xml(self._member(_join(base, (place.text or "").strip())))
            inside = [] if listed is None else list(children(listed, "Page", "Attachment"))
            if inside:
                names = ", ".join(filter(None, (e.get("Name") for e in inside)))
                severity = "warning" if code == "attachments" else "info"
                yield RawIssue(code, f"{what}: {names}" if names else what, severity=severity)

    def picture(self, resources: Resources, number: str) -> bytes | None:
        """The bytes of a picture by its number, None where the file does not hold it.

        Raises UnreadableError where it cannot be unpacked.
        """
        member = self._member(resources.pictures.get(number, ""))
        return None if member is None else self._archive.read(member)

    def _resources(self, known: Resources, base: str, places: Iterable[Element]) -> Resources:
        """The resources that are known with those of further lists; numbers are unique in a document (7.3)."""
        draw_params, composites = dict(known.draw_params), dict(known.composites)
        cmyk, pictures = set(known.cmyk), dict(known.pictures)
        for place in places:
            path = _join(base, (place.text or "").strip())
            root, _ = self._xml(self._member(path))
            if root is None:
                continue
            for group in root:
                for item in group if local(group) else ():
                    kind, key = local(item), item.get("ID", "") if local(item) else ""
                    if kind == "DrawParam":
                        draw_params[key] = item
                    elif kind == "CompositeGraphicUnit":
                        composites[key] = item
                    elif kind == "ColorSpace" and item.get("Type") == "CMYK":
                        cmyk.add(key)
                    elif kind == "MultiMedia":
                        pictures[key] = self._media(item, path, root.get("BaseLoc", ""))
        return Resources(draw_params, composites, frozenset(cmyk), pictures)

    def _media(self, item: Element, listed: str, folder: str) -> str:
        """The path of a media file: from the list's BaseLoc (7.9); some writers give it from the list itself."""
        place = child(item, "MediaFile")
        name = ("" if place is None else place.text or "").strip()
        near = posixpath.dirname(listed)
        paths = [_join(_join(near, folder), name), _join(near, name)]
        return next((path for path in paths if self._member(path) is not None), "")

    def _member(self, path: str) -> Member | None:
        return self._by_name.get(path.lower())

    def _xml(self, member: Member | None) -> tuple[Element | None, bool]:
        """The root of a part, and whether it could be read whole; None where it is missing or no XML at all."""
        if member is None:
            return None, False
        try:
            data = self._archive.read(member)
        except UnreadableError:
            return None, False
        for recover in (False, True):
            # Entities stay unresolved and nothing is loaded: the file is hostile until read.
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=recover)
            try:
                root = etree.fromstring(data, parser)
            except (etree.XMLSyntaxError, ValueError):
                continue
            return root, root is not None and not recover
        return None, False


def damaged(name: str, part: str = "") -> UnreadableError:
    """The error for a file of which nothing can be read; `part` is where."""
    return UnreadableError(
        ("OFD 文件已损坏", "the OFD file is damaged"),
        f"{name} ({part})" if part else name,
        ("请重新下载，或用 OFD 阅读器另存为 PDF 再导入", "download it again, or save it as PDF in an OFD reader"),
    )


def _join(base: str, path: str) -> str:
    """A path inside the file from the folder of the part in which it stands; it never leads out of the file."""
    path = path.replace("\\", "/")
    whole = posixpath.normpath("/" + (path if path.startswith("/") else f"{base}/{path}"))
    return whole.lstrip("/")


def _box(area: Element | None) -> tuple[float, float, float, float] | None:
    place = child(area, "PhysicalBox")
    found = numbers(None if place is None else place.text)
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 and min(found[2:]) > 0 else None
