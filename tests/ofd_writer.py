"""A small OFD writer for tests (GB/T 33190-2016): wrapped paragraphs, ruled tables, and pages drawn piece by piece.

Coordinates are millimetres with the origin at the top left of the page, y downward, as OFD counts them.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

NS = "http://www.ofdspec.org/2016"
WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0  # the page of GB/T 9704-2012, 5.2
SIZE = 5.0  # of the running text
PITCH = 9.0  # from baseline to baseline
CELL_SIZE = 4.0
NOT_FIRST = frozenset("，。、；：？！）》〉〕】』」”’…—,.;:?!)]}%")  # may not begin a line (GB/T 15834-2011)

Row = Sequence[str]
Table = Sequence[Row]


def advance(char: str, size: float) -> float:
    """What a character takes: half a square for ASCII."""
    return size / 2 if char.isascii() else size


def width(text: str, size: float) -> float:
    """The length of a line of text."""
    return sum(advance(c, size) for c in text)


@dataclass
class Page:
    """The objects of one page (or template), drawn piece by piece."""

    box: tuple[float, float] | None = None  # width and height where they differ from the document's
    templates: tuple[int, ...] = ()
    objects: list[str] = field(default_factory=list)
    raw: str = ""  # the whole Content.xml instead, for pages with faults

    def text(
        self, x: float, y: float, text: str, size: float = SIZE, more: str = "", deltas: str | None = None
    ) -> Page:
        """One line with its baseline at y; `more` are further attributes of the text object."""
        steps = " ".join(f"{advance(c, size):g}" for c in text[:-1]) if deltas is None else deltas
        delta = f' DeltaX="{steps}"' if steps else ""
        self.objects.append(
            f'<ofd:TextObject ID="{len(self.objects) + 1}" Font="1" Size="{size:g}" {more} '
            f'Boundary="{x:g} {y - size:g} {width(text, size):g} {size * 1.2:g}">'
            f'<ofd:TextCode X="0" Y="{size:g}"{delta}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
        )
        return self

    def add(self, xml: str) -> Page:
        """An object as it is."""
        self.objects.append(xml)
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float, inner: str = "") -> Page:
        """A stroked line, black unless `inner` has a colour."""
        wide, high = x1 - x0, y1 - y0
        return self.add(
            f'<ofd:PathObject Boundary="{x0:g} {y0:g} {max(wide, 0.1):g} {max(high, 0.1):g}" LineWidth="0.2">{inner}'
            f"<ofd:AbbreviatedData>M 0 0 L {wide:g} {high:g}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def image(self, x: float, y: float, wide: float, high: float, resource: str = "9") -> Page:
        """A picture."""
        return self.add(
            f'<ofd:ImageObject ResourceID="{resource}" CTM="{wide:g} 0 0 {high:g} 0 0" '
            f'Boundary="{x:g} {y:g} {wide:g} {high:g}"/>'
        )

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> Page:
        """All lines of a grid, each from end to end."""
        for y in ys:
            self.line(xs[0], y, xs[-1], y)
        for x in xs:
            self.line(x, ys[0], x, ys[-1])
        return self

    def xml(self) -> str:
        """The Content.xml of the page."""
        if self.raw:
            return self.raw
        size = self.box or (0, 0)
        area = f"<ofd:Area><ofd:PhysicalBox>0 0 {size[0]:g} {size[1]:g}</ofd:PhysicalBox></ofd:Area>"
        used = "".join(f'<ofd:Template TemplateID="{n}" ZOrder="Background"/>' for n in self.templates)
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><ofd:Page xmlns:ofd="{NS}">{used}{area if self.box else ""}'
            f'<ofd:Content><ofd:Layer ID="1">{"".join(self.objects)}</ofd:Layer></ofd:Content></ofd:Page>'
        )


@dataclass
class Document:
    """One document of a file: its pages, its templates by number, what it states, and further XML and parts."""

    pages: Sequence[Page]
    templates: dict[int, Page] = field(default_factory=dict)
    title: str = ""
    resources: str = ""  # inside of Res
    more: str = ""  # inside of Document, after Pages
    parts: dict[str, str | bytes] = field(default_factory=dict)
    signed: bool = False


def package(*documents: Document) -> bytes:
    """The bytes of an OFD with these documents."""
    buffer = io.BytesIO()
    bodies = []
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(path: str, text: str | bytes) -> None:
            archive.writestr(zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)

        for number, document in enumerate(documents):
            folder = f"Doc_{number}"
            title = f"<ofd:Title>{escape(document.title)}</ofd:Title>" if document.title else ""
            signed = f"<ofd:Signatures>/{folder}/Signatures.xml</ofd:Signatures>" if document.signed else ""
            bodies.append(
                f"<ofd:DocBody><ofd:DocInfo><ofd:DocID>{number}</ofd:DocID>{title}</ofd:DocInfo>"
                f"<ofd:DocRoot>{folder}/Document.xml</ofd:DocRoot>{signed}</ofd:DocBody>"
            )
            places = (f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(document.pages)))
            drawn = (f'<ofd:TemplatePage ID="{n}" BaseLoc="Tpls/Tpl_{n}/Content.xml"/>' for n in document.templates)
            put(
                f"{folder}/Document.xml",
                f'<?xml version="1.0" encoding="UTF-8"?><ofd:Document xmlns:ofd="{NS}"><ofd:CommonData>'
                f"<ofd:PageArea><ofd:PhysicalBox>0 0 {WIDTH:g} {HEIGHT:g}</ofd:PhysicalBox></ofd:PageArea>"
                f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{''.join(drawn)}</ofd:CommonData>"
                f"<ofd:Pages>{''.join(places)}</ofd:Pages>{document.more}</ofd:Document>",
            )
            put(f"{folder}/PublicRes.xml", f'<ofd:Res xmlns:ofd="{NS}" BaseLoc="Res">{document.resources}</ofd:Res>')
            for i, page in enumerate(document.pages):
                put(f"{folder}/Pages/Page_{i}/Content.xml", page.xml())
            for n, page in document.templates.items():
                put(f"{folder}/Tpls/Tpl_{n}/Content.xml", page.xml())
            for path, text in document.parts.items():
                put(f"{folder}/{path}", text)
        put("OFD.xml", f'<ofd:OFD xmlns:ofd="{NS}" Version="1.0" DocType="OFD">{"".join(bodies)}</ofd:OFD>')
    return buffer.getvalue()


class Writer:
    """Sets paragraphs and tables on pages, as an office program does."""

    def __init__(self) -> None:
        self.pages = [Page()]
        self._y = TOP + SIZE

    def paragraph(self, text: str, indent: int = 2) -> None:
        """A paragraph wrapped at the right margin, its first line indented by so many characters."""
        for i, line in enumerate(wrap(text, RIGHT - LEFT, SIZE, indent)):
            self._room(PITCH)
            self.pages[-1].text(LEFT + (indent * SIZE if i == 0 else 0), self._y, line)
            self._y += PITCH

    def centred(self, text: str, size: float = SIZE) -> None:
        """A line in the middle between the margins."""
        self._room(PITCH)
        self.pages[-1].text((LEFT + RIGHT - width(text, size)) / 2, self._y, text, size)
        self._y += PITCH

    def table(self, rows: Table) -> None:
        """A ruled table over the width of the page, all columns alike; rows do not break over pages."""
        columns = len(rows[0])
        wide = (RIGHT - LEFT) / columns
        xs = [LEFT + i * wide for i in range(columns + 1)]
        drawn: list[float] = []  # y of the row lines on this page
        self._y -= SIZE  # from a baseline to the upper edge
        for row in rows:
            cells = [[*wrap(cell, wide - 2, CELL_SIZE, 0)] for cell in row]
            high = max(1, *map(len, cells)) * CELL_SIZE * 1.4 + 2
            if self._y + high > BOTTOM:
                if len(drawn) > 1:
                    self.pages[-1].grid(xs, drawn)
                self.pages.append(Page())
                self._y, drawn = TOP, []
            drawn = drawn or [self._y]
            for x, lines in zip(xs, cells, strict=False):
                for i, line in enumerate(lines):
                    self.pages[-1].text(x + 1, self._y + 1 + CELL_SIZE * (1 + 1.4 * i), line, CELL_SIZE)
            self._y += high
            drawn.append(self._y)
        self.pages[-1].grid(xs, drawn)
        self._y += PITCH + SIZE

    def numbered(self) -> None:
        """Page numbers at the foot of all pages, as GB/T 9704-2012 has them."""
        for i, page in enumerate(self.pages, 1):
            page.text(WIDTH / 2 - 5, BOTTOM + 7 + SIZE, f"— {i} —", SIZE)

    def _room(self, high: float) -> None:
        if self._y > BOTTOM:
            self.pages.append(Page())
            self._y = TOP + SIZE


def wrap(text: str, room: float, size: float, indent: int) -> Iterable[str]:
    """The lines of a paragraph; a mark that may not begin a line stands at the end of the one before."""
    line, used = "", indent * size
    for char in text:
        if used + advance(char, size) > room + 0.01 and char not in NOT_FIRST:
            yield line
            line, used = "", 0.0
        line += char
        used += advance(char, size)
    yield line


def write(pieces: Iterable[str | Table], title: str = "") -> bytes:
    """An OFD of paragraphs (strings) and tables (rows of cells), with page numbers."""
    writer = Writer()
    for piece in pieces:
        if isinstance(piece, str):
            writer.paragraph(piece)
        else:
            writer.table(piece)
    writer.numbered()
    return package(Document(writer.pages, title=title))
