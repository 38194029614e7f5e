"""Renders a plan as OFD (GB/T 33190-2016), from the pages that a word processor made of it.

Real OFD files come from printers and converters, so the layout is taken over as it is: each run of characters of one
size on a line is a text object with the advance of each character, each ruling line a path object.
"""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any
from xml.sax.saxutils import escape

_MM = 25.4 / 72  # millimetres in a point
_NAMES = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write(pdf: bytes, title: str) -> bytes:
    """The OFD package with the characters and lines of a PDF."""
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    files: dict[str, str] = {}
    pages = []
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        for number, page in enumerate(document.pages):
            counter = iter(range(100 + 100_000 * number, 10**9))
            objects = "".join([*_texts(page, counter), *_lines(page, counter)])
            area = f"<ofd:Area><ofd:PhysicalBox>0 0 {_mm(page.width)} {_mm(page.height)}</ofd:PhysicalBox></ofd:Area>"
            layer = f'<ofd:Layer ID="{next(counter)}" Type="Body">{objects}</ofd:Layer>'
            files[f"Doc_0/Pages/Page_{number}/Content.xml"] = _root("Page", f"{area}<ofd:Content>{layer}</ofd:Content>")
            pages.append(f'<ofd:Page ID="{10 + number}" BaseLoc="Pages/Page_{number}/Content.xml"/>')
    font = '<ofd:Fonts><ofd:Font ID="3" FontName="宋体" FamilyName="宋体"/></ofd:Fonts>'
    common = "<ofd:MaxUnitID>1000000000</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
    common += "</ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
    data = f"<ofd:CommonData>{common}</ofd:CommonData><ofd:Pages>{''.join(pages)}</ofd:Pages>"
    info = f"<ofd:DocInfo><ofd:Title>{escape(title)}</ofd:Title></ofd:DocInfo>"
    info += "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
    files["OFD.xml"] = _root("OFD", f"<ofd:DocBody>{info}</ofd:DocBody>", ' Version="1.0" DocType="OFD"')
    files["Doc_0/Document.xml"] = _root("Document", data)
    files["Doc_0/PublicRes.xml"] = _root("Res", font, ' BaseLoc="Res"')
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name in ("OFD.xml", *(n for n in files if n != "OFD.xml")):
            package.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), files[name])
    return stream.getvalue()


def _root(name: str, inner: str, more: str = "") -> str:
    return f"{_HEAD}<ofd:{name} {_NAMES}{more}>{inner}</ofd:{name}>"


def _mm(points: float) -> str:
    return f"{points * _MM:.3f}"


def _texts(page: Any, counter: Iterator[int]) -> Iterator[str]:
    """Text objects: characters of one baseline and size from left to right, cut where a gap is wider than one."""
    chars = [c for c in page.chars if c["text"].strip()]
    chars.sort(key=lambda c: (round(_base(c)), c["x0"]))
    for _, line in groupby(chars, key=lambda c: (round(_base(c)), round(c["size"], 1))):
        run: list[Any] = []
        for char in line:
            if run and char["x0"] - run[-1]["x1"] > char["size"]:
                yield _text(page, run, next(counter))
                run = []
            run.append(char)
        yield _text(page, run, next(counter))


def _base(char: Any) -> float:
    """The y of the baseline from the top of the page: a fifth of the size above the lower edge of the box."""
    return float(char["bottom"] - 0.12 * char["size"])


def _text(page: Any, run: list[Any], number: int) -> str:
    left, size = run[0]["x0"], run[0]["size"]
    top = _base(run[0]) - size
    steps = " ".join(_mm(b["x0"] - a["x0"]) for a, b in pairwise(run))
    box = f"{_mm(left)} {_mm(top)} {_mm(run[-1]['x1'] - left)} {_mm(size * 1.2)}"
    delta = f' DeltaX="{steps}"' if steps else ""
    words = escape("".join(c["text"] for c in run))
    code = f'<ofd:TextCode X="0" Y="{_mm(size)}"{delta}>{words}</ofd:TextCode>'
    return f'<ofd:TextObject ID="{number}" Boundary="{box}" Font="3" Size="{_mm(size)}">{code}</ofd:TextObject>'


def _lines(page: Any, counter: Iterator[int]) -> Iterator[str]:
    """Path objects of the ruling lines, each once."""
    seen: set[tuple[str, ...]] = set()
    for edge in page.edges:
        ends = tuple(map(_mm, (edge["x0"], edge["top"], edge["x1"], edge["bottom"])))
        if ends in seen or ends[:2] == ends[2:]:
            continue
        seen.add(ends)
        wide, high = _mm(edge["x1"] - edge["x0"] + 0.5), _mm(edge["bottom"] - edge["top"] + 0.5)
        path = f"M 0 0 L {_mm(edge['x1'] - edge['x0'])} {_mm(edge['bottom'] - edge['top'])}"
        yield (
            f'<ofd:PathObject ID="{next(counter)}" Boundary="{ends[0]} {ends[1]} {wide} {high}" LineWidth="0.18">'
            f"<ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>"
        )
