"""Makes the DOCX samples of `corpus/` from the plain texts in `corpus_sources/`, byte for byte the same each time.

    python tests/make_corpus.py            # writes corpus/*.docx
    python tests/make_corpus.py --pdf      # and corpus/*.pdf, where LibreOffice (soffice) is installed

A source is a text of directives, one a line: `@title`, `@para`, `@center`, `@right`, `@1` `@2` `@3` (numbered by the
word processor, no number in the text), `@box` (a text box), `@header`, `@pages` (page numbers in the footer), `@break`,
and `@table WIDTHS` … `@end` with rows `| a | b |`, where `^^` continues the cell above and `<<` the cell to the left.
Inside a paragraph `[+…+]` is a tracked insertion, `[-…-]` a tracked deletion and `[^…^]` a footnote.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

SOURCES = Path(__file__).parent / "corpus_sources"
CORPUS = Path(__file__).parent.parent / "corpus"
AS_PDF = frozenset({"baixi-2023"})  # this sample is kept as the PDF that a word processor makes of it

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NAMESPACES = f'xmlns:w="{MAIN}" xmlns:r="{RELATIONS}" xmlns:v="urn:schemas-microsoft-com:vml"'
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
PARTS = ("numbering", "footnotes", "header", "footer")
REVISION = 'w:id="{}" w:author="duibiao" w:date="2023-03-01T00:00:00Z"'
INLINE = re.compile(r"\[\+(?P<ins>.+?)\+\]|\[-(?P<del>.+?)-\]|\[\^(?P<note>.+?)\^\]")


class Writer:
    """Turns the directives of one source into the parts of a DOCX package."""

    def __init__(self) -> None:
        self.body: list[str] = []
        self.notes: list[str] = []
        self.header = ""
        self.pages = False
        self.revisions = 0

    def read(self, source: str) -> None:
        lines = iter(source.splitlines())
        for line in lines:
            if not line.strip():
                continue
            name, _, rest = line.partition(" ")
            match name:
                case "@title" | "@center" | "@right" | "@para":
                    self.body.append(self.paragraph(rest, name[1:]))
                case "@1" | "@2" | "@3":
                    numbering = f'<w:numPr><w:ilvl w:val="{int(name[1]) - 1}"/><w:numId w:val="1"/></w:numPr>'
                    self.body.append(self.paragraph(rest, "numbered", numbering))
                case "@box":
                    self.body.append(self.box(rest))
                case "@header":
                    self.header = rest
                case "@pages":
                    self.pages = True
                case "@break":
                    self.body.append('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
                case "@table":
                    rows = []
                    while (row := next(lines)) != "@end":
                        rows.append([cell.strip() for cell in row.strip().strip("|").split("|")])
                    self.body.append(self.table(rest.split(), rows))
                case _:
                    raise ValueError(f"unknown directive: {line}")

    def paragraph(self, text: str, kind: str, more: str = "") -> str:
        align = {"title": "center", "center": "center", "right": "right", "cell": "left"}.get(kind, "both")
        indent = '<w:ind w:firstLine="420"/>' if kind == "para" else '<w:ind w:left="0" w:firstLine="0"/>'
        style = '<w:b/><w:sz w:val="32"/>' if kind == "title" else ""
        return f'<w:p><w:pPr>{more}{indent}<w:jc w:val="{align}"/></w:pPr>{self.runs(text, style)}</w:p>'

    def runs(self, text: str, style: str = "") -> str:
        made, at = [], 0
        for match in INLINE.finditer(text):
            made.append(run(text[at : match.start()], style))
            at = match.end()
            self.revisions += 1
            mark = REVISION.format(self.revisions)
            if match["ins"]:
                made.append(f"<w:ins {mark}>{run(match['ins'], style)}</w:ins>")
            elif match["del"]:
                gone = run(match["del"], style).replace("w:t>", "w:delText>").replace("<w:t ", "<w:delText ")
                made.append(f"<w:del {mark}>{gone}</w:del>")
            else:
                self.notes.append(match["note"])
                made.append(f'<w:r><w:footnoteReference w:id="{len(self.notes)}"/></w:r>')
        return "".join(made) + run(text[at:], style)

    def box(self, text: str) -> str:
        inside = f"<w:txbxContent>{self.paragraph(text, 'center')}</w:txbxContent>"
        shape = f'<v:shape style="width:200pt;height:24pt"><v:textbox>{inside}</v:textbox></v:shape>'
        return f"<w:p><w:r><w:pict>{shape}</w:pict></w:r></w:p>"

    def table(self, widths: list[str], rows: list[list[str]]) -> str:
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        edges = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        made = []
        for at, row in enumerate(rows):
            cells, col = [], 0
            while col < len(row):
                span = 1
                while col + span < len(row) and row[col + span] == "<<":
                    span += 1
                goes_on = at + 1 < len(rows) and len(rows[at + 1]) > col and rows[at + 1][col] == "^^"
                merge = "<w:vMerge/>" if row[col] == "^^" else '<w:vMerge w:val="restart"/>' if goes_on else ""
                text = "" if row[col] == "^^" else row[col]
                width = f'<w:tcW w:w="{sum(map(int, widths[col : col + span]))}" w:type="dxa"/>'
                wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
                cells.append(f"<w:tc><w:tcPr>{width}{wide}{merge}</w:tcPr>{self.paragraph(text, 'cell')}</w:tc>")
                col += span
            made.append(f"<w:tr>{''.join(cells)}</w:tr>")
        layout = '<w:tblLayout w:type="fixed"/>'
        properties = f"<w:tblPr><w:tblBorders>{edges}</w:tblBorders>{layout}</w:tblPr>"
        return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(made)}</w:tbl><w:p/>"

    def parts(self) -> dict[str, str]:
        """The XML of each part but for the package's own lists."""
        section = '<w:sectPr><w:headerReference w:type="default" r:id="header"/>' if self.header else "<w:sectPr>"
        if self.pages:
            section += '<w:footerReference w:type="default" r:id="footer"/>'
        section += '<w:pgSz w:w="11906" w:h="16838"/>'
        section += '<w:pgMar w:top="1440" w:right="1080" w:bottom="1440" w:left="1080" w:header="851" w:footer="992"/>'
        page = '<w:r><w:t xml:space="preserve">— </w:t></w:r><w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r>'
        page += '</w:fldSimple><w:r><w:t xml:space="preserve"> —</w:t></w:r>'
        parts = {
            "document": f"<w:body>{''.join(self.body)}{section}</w:sectPr></w:body>",
            "numbering": numbering(),
            "footnotes": "".join(
                f'<w:footnote w:id="{i}">{self.paragraph(note, "note")}</w:footnote>'
                for i, note in enumerate(self.notes, 1)
            ),
            "header": self.paragraph(self.header, "center"),
            "footer": f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{page}</w:p>',
        }
        wanted = {"header": bool(self.header), "footer": self.pages, "footnotes": bool(self.notes)}
        return {name: text for name, text in parts.items() if wanted.get(name, True)}


def run(text: str, style: str = "") -> str:
    """A run of text, nothing for no text."""
    fonts = '<w:rFonts w:eastAsia="AR PL UMing CN" w:hint="eastAsia"/>'
    return f'<w:r><w:rPr>{fonts}{style}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def numbering() -> str:
    """The one list of three levels that `@1` `@2` `@3` belong to; lower levels begin anew below a higher one."""
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        for i, (form, text) in enumerate(LEVELS)
    )
    abstract = f'<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    return f'{abstract}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'


def docx(source: str) -> bytes:
    """The DOCX package of a source: the same bytes for the same text."""
    writer = Writer()
    writer.read(source)
    parts = writer.parts()
    tags, kinds = {"header": "hdr", "footer": "ftr"}, {"document": "document.main"}
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{WORD_TYPE}.{kinds.get(name, name)}+xml"/>'
        for name in parts
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": relations({"main": ("officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": relations({n: (n, f"{n}.xml") for n in PARTS if n in parts}),
    }
    files |= {
        f"word/{n}.xml": f"<w:{tags.get(n, n)} {NAMESPACES}>{text}</w:{tags.get(n, n)}>" for n, text in parts.items()
    }
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as package:
        for name, text in files.items():
            package.writestr(zipfile.ZipInfo(name, (2023, 1, 1, 0, 0, 0)), head + text)
    return stream.getvalue()


def relations(targets: dict[str, tuple[str, str]]) -> str:
    """A part of relationships: id → (kind, target)."""
    made = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{made}</Relationships>'


def main() -> None:
    """Write the samples; the PDF ones only when asked, since their bytes depend on the word processor's version."""
    for path in sorted(SOURCES.glob("*.txt")):
        data = docx(path.read_text(encoding="utf-8"))
        if path.stem not in AS_PDF:
            (CORPUS / f"{path.stem}.docx").write_bytes(data)
        elif "--pdf" in sys.argv[1:]:
            with tempfile.TemporaryDirectory() as folder:
                made = Path(folder) / f"{path.stem}.docx"
                made.write_bytes(data)
                command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(CORPUS), str(made)]
                subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
