"""Renders a plan as DOCX with the measures of GB/T 9704-2012: the same bytes for the same plan.

A4 with margins of 37, 35, 28 and 26 mm, 28 characters of 16 points a line, 22 lines a page, page numbers `— 1 —`.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

from invariance.plan_model import Grid, Look, Plan, Text

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TEXT_WIDTH = 8845  # twentieths of a point: 156 mm
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no XML 1.0 document may hold them
SONG, HEI = "Noto Serif CJK SC", "Noto Sans CJK SC"  # free faces in place of 仿宋 and 黑体

# Look → paragraph alignment, first line in characters, half points of the size, face.
_SET: dict[Look, tuple[str, float, int, str]] = {
    Look.TITLE: ("center", 0, 44, SONG),
    Look.CENTRE: ("center", 0, 32, SONG),
    Look.RIGHT: ("right", 0, 32, SONG),
    Look.FIRST: ("both", 2, 32, HEI),
    Look.SECOND: ("both", 2, 32, SONG),
    Look.BODY: ("both", 2, 32, SONG),
    Look.HEAD: ("left", 0, 21, SONG),
}
_CHINESE = '<w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
_CELL_SIZE = 21  # half points: 10.5 pt, what tables of annexes are set in


def write(plan: Plan) -> bytes:
    """The package of a plan."""
    body = "".join(_table(part) if isinstance(part, Grid) else _paragraph(part) for part in plan.parts)
    section = '<w:sectPr><w:footerReference w:type="default" r:id="footer"/><w:pgSz w:w="11906" w:h="16838"/>'
    section += '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="992"/>'
    before, number, after = (_run(text, 28, SONG) for text in ("— ", "1", " —"))
    page = f'{before}<w:fldSimple w:instr="PAGE">{number}</w:fldSimple>{after}'
    names = f'xmlns:w="{MAIN}" xmlns:r="{RELATIONS}"'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    files = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(("main", "officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _relations(
            ("styles", "styles", "styles.xml"), ("footer", "footer", "footer.xml")
        ),
        "word/document.xml": f"<w:document {names}><w:body>{body}{section}</w:sectPr></w:body></w:document>",
        "word/styles.xml": f"<w:styles {names}>{_styles()}</w:styles>",
        "word/footer.xml": f'<w:ftr {names}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>{page}</w:p></w:ftr>',
    }
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), head + text)
    return stream.getvalue()


def _paragraph(line: Text) -> str:
    align, indent, size, face = _SET[line.look]
    style = f'<w:pStyle w:val="Heading{min(line.level, 9)}"/>' if line.level else ""
    first = f'<w:ind w:firstLine="{int(indent * size * 10)}"/>' if indent else ""
    pitch = 560 if size <= 32 else 720
    spacing = f'<w:spacing w:before="0" w:after="0" w:line="{pitch}" w:lineRule="exact"/>'
    return f'<w:p><w:pPr>{style}{spacing}{first}<w:jc w:val="{align}"/></w:pPr>{_run(line.text, size, face)}</w:p>'


def _run(text: str, size: int, face: str) -> str:
    fonts = f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}" w:hint="eastAsia"/>'
    style = f'<w:rPr>{fonts}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>{_CHINESE}</w:rPr>'
    pieces = _FORBIDDEN.sub("", text).split("\t")
    inner = "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in pieces)
    return f"<w:r>{style}{inner}</w:r>"


def _table(grid: Grid) -> str:
    widths = grid.widths(TEXT_WIDTH)
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    rows = []
    for number, line in enumerate(grid.rows_of_cells()):
        cells = []
        for cell, at in line:
            merge = "" if at.rowspan == 1 else "<w:vMerge/>" if cell is None else '<w:vMerge w:val="restart"/>'
            span = f'<w:gridSpan w:val="{at.colspan}"/>' if at.colspan > 1 else ""
            width = f'<w:tcW w:w="{sum(widths[at.col : at.col + at.colspan])}" w:type="dxa"/>'
            content = "".join(_cell_line(text) for text in (cell.text.split("\n") if cell else [""]))
            cells.append(f"<w:tc><w:tcPr>{width}{span}{merge}</w:tcPr>{content}</w:tc>")
        head = "<w:tblHeader/>" if number < grid.head_rows else ""
        rows.append(f"<w:tr><w:trPr>{head}</w:trPr>{''.join(cells)}</w:tr>")
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    properties = f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
    properties += '<w:tblLayout w:type="fixed"/>'
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl><w:p/>"


def _cell_line(text: str) -> str:
    return f'<w:p><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr>{_run(text, _CELL_SIZE, SONG)}</w:p>'


def _styles() -> str:
    headings = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/>'
        f'<w:pPr><w:outlineLvl w:val="{n - 1}"/></w:pPr></w:style>'
        for n in range(1, 10)
    )
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    return normal + headings


def _types() -> str:
    parts = (("document", "document.main"), ("styles", "styles"), ("footer", "footer"))
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{CONTENT}.{kind}+xml"/>' for name, kind in parts
    )
    relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{PACKAGE}/content-types">{relations}{overrides}</Types>'


def _relations(*targets: tuple[str, str, str]) -> str:
    made = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{target}"/>' for key, kind, target in targets
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{made}</Relationships>'
