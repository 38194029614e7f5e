"""A small PDF writer for tests: Chinese text in a font that is not embedded, ruled tables, and files with faults.

Coordinates are points with the origin at the top left, y downward, as a person reads the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.model import BlockKind
from pipeline.parse import pdf
from pipeline.raw import RawDocument

WIDTH, HEIGHT = 595, 842
LEFT, RIGHT = 90, 510  # 28 characters of 15 points, so that wrapped lines fill the width exactly
SIZE = 15.0
# A spot colour, in which 1 is full ink, and a graphics state in which nothing is seen.
_SPOT = "<< /FunctionType 2 /Domain [0 1] /C0 [1] /C1 [0] /N 1 >>"
_PAINTS = f"/ColorSpace << /Spot [/Separation /Black /DeviceGray {_SPOT}] >> /ExtGState << /Clear << /CA 0 /ca 0 >> >>"

FIRST = "云溪县建立产教融合联席会议制度，每季度召开一次会议，研究解决校企合作中的困难和问题，到2027年建成实训基地12个。"
SECOND = "各乡镇要明确专人负责，按月报送进展情况，确保各项任务按时完成，逾期未完成的予以通报。"
XS = [90.0, 130.0, 330.0, 510.0]


def advance(char: str, size: float) -> float:
    """What the font of `Page.text` advances by: half a square for ASCII."""
    return size / 2 if char.isascii() else size


@dataclass
class Page:
    """The content stream of one page, drawn piece by piece."""

    height: float = HEIGHT
    width: float = WIDTH
    rotate: int = 0
    corner: tuple[float, float] = (0, 0)  # the lower left one in PDF coordinates
    stream: list[str] = field(default_factory=list)
    annotations: str = ""  # the array of them

    def text(self, x: float, y: float, text: str, size: float = SIZE, font: str = "F1") -> Page:
        """One line with its baseline at y."""
        code = text.encode("utf-16-be").hex()
        self.stream.append(f"BT /{font} {size} Tf 1 0 0 1 {x} {self.height - y} Tm <{code}> Tj ET")
        return self

    def raw(self, operators: str) -> Page:
        """Operators as they are, in PDF coordinates."""
        self.stream.append(operators)
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float) -> Page:
        """A stroked black line."""
        self.stream.append(f"0 G 0.5 w {x0} {self.height - y0} m {x1} {self.height - y1} l S")
        return self

    def fill(self, x0: float, y0: float, x1: float, y1: float, grey: float) -> Page:
        """A filled rectangle."""
        self.stream.append(f"{grey} g {x0} {self.height - y1} {x1 - x0} {y1 - y0} re f 0 g")
        return self

    def paragraph(self, y: float, text: str, indent: float = 2, pitch: float = 25, right: float = RIGHT) -> float:
        """A paragraph wrapped at the right margin with its first line indented by em; gives the next baseline."""
        x, line, start = LEFT + indent * SIZE, "", LEFT + indent * SIZE
        for char in text:
            if x + advance(char, SIZE) > right + 0.01:
                self.text(start, y, line)
                y, x, line, start = y + pitch, LEFT, "", LEFT
            line += char
            x += advance(char, SIZE)
        self.text(start, y, line)
        return y + pitch

    def centred(self, y: float, text: str, size: float = SIZE) -> None:
        """A line in the middle between the margins."""
        wide = sum(advance(c, size) for c in text)
        self.text((LEFT + RIGHT - wide) / 2, y, text, size)

    def grid(self, xs: list[float], ys: list[float], skip: frozenset[tuple[str, int, int]] = frozenset()) -> None:
        """Ruling lines piece by piece; `skip` has ("h" | "v", line, piece) that is not drawn."""
        for i, y in enumerate(ys):
            for j in range(len(xs) - 1):
                if ("h", i, j) not in skip:
                    self.line(xs[j], y, xs[j + 1], y)
        for i, x in enumerate(xs):
            for j in range(len(ys) - 1):
                if ("v", i, j) not in skip:
                    self.line(x, ys[j], x, ys[j + 1])

    def cells(self, xs: list[float], ys: list[float], texts: list[list[str]]) -> None:
        """Texts in the cells of a grid, lines parted by a line break, 3 points from the left border."""
        for i, row in enumerate(texts):
            for j, text in enumerate(row):
                for k, line in enumerate(text.split("\n")):
                    if line:
                        self.text(xs[j] + 3, ys[i] + 16 + 15 * k, line, 12)


def to_unicode(pairs: dict[int, str]) -> str:
    """A stream that says which characters the codes of a font stand for."""
    lines = "".join(f"<{code:04x}> <{text.encode('utf-16-be').hex()}>\n" for code, text in pairs.items())
    body = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        f"1 begincodespacerange <0000> <ffff> endcodespacerange {len(pairs)} beginbfchar\n{lines}endbfchar "
        "endcmap end end"
    )
    return f"<< /Length {len(body)} >>\nstream\n{body}\nendstream"


def write(
    pages: list[Page],
    info: str = "",
    trailer: str = "",
    extra: dict[int, str] | None = None,
    lock: Callable[[int, str], bytes] | None = None,
) -> bytes:
    """The bytes of a PDF with these pages.

    `extra` objects are added under their numbers (8, 9 and 13 to 19 are free; 13 is the stream `to_unicode` of font
    F4). `lock` encrypts the content stream of an object.
    """
    kids = " ".join(f"{20 + 2 * i} 0 R" for i in range(len(pages)))
    objects: dict[int, str] = {
        1: "<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        3: "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        4: "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500 814 939 500] "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 5 0 R >>",
        5: "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        6: "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
        7: f"<< {info} >>",
        # A font without a way back to characters: glyph numbers only, nothing embedded.
        10: "<< /Type /Font /Subtype /Type0 /BaseFont /Nowhere /Encoding /Identity-H /DescendantFonts [11 0 R] >>",
        11: "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Nowhere /DW 1000 /FontDescriptor 12 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        12: "<< /Type /FontDescriptor /FontName /Nowhere /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    }
    objects[14] = objects[10].replace("/Identity-H", "/Identity-H /ToUnicode 13 0 R")
    objects.update(extra or {})
    for i, page in enumerate(pages):
        x, y = page.corner
        box = f"{x} {y} {x + page.width} {y + page.height}"
        body = "\n".join([f"1 0 0 1 {x} {y} cm", *page.stream])
        objects[20 + 2 * i] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Rotate {page.rotate} "
            f"/Contents {21 + 2 * i} 0 R /Resources << /Font << /F1 3 0 R /F2 6 0 R /F3 10 0 R /F4 14 0 R >> "
            f"{_PAINTS} >> /Annots [{page.annotations}] >>"
        )
        objects[21 + 2 * i] = f"<< /Length {len(body)} >>\nstream\n{body}\nendstream"
    out = bytearray(b"%PDF-1.4\n")
    at: dict[int, int] = {}
    for number, text in sorted(objects.items()):
        at[number] = len(out)
        content = text.encode("latin-1")
        if lock is not None and number > 20 and "\nstream\n" in text:
            head, body = text.removesuffix("\nendstream").split("\nstream\n", 1)
            content = head.encode("latin-1") + b"\nstream\n" + lock(number, body) + b"\nendstream"
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    size = max(at) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    for number in range(1, size):
        out += (f"{at[number]:010d} 00000 n \n" if number in at else "0000000000 65535 f \n").encode()
    out += f"trailer\n<< /Size {size} /Root 1 0 R /Info 7 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def texts(document: RawDocument, kind: BlockKind = BlockKind.PARAGRAPH) -> list[str]:
    return [b.text for b in document.blocks if b.kind is kind]


def cells(document: RawDocument, table: int = 0) -> dict[tuple[int, int, int, int], str]:
    found = [b for b in document.blocks if b.cell is not None and b.cell.table == table]
    return {(b.cell.row, b.cell.col, b.cell.rowspan, b.cell.colspan): b.text for b in found if b.cell}


def read(*pages: Page) -> RawDocument:
    return pdf.read(write(list(pages)), "x.pdf")


def filled(page: Page | None = None, y: float = 120) -> Page:
    page = page or Page()
    page.paragraph(page.paragraph(y, FIRST), SECOND)
    return page
