"""The sample plans as PDF, made here by the programs that people use, against the same plans read from their source."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from docx_helpers import pack, unpack

from pipeline.model import BlockKind
from pipeline.parse import docx, html, pdf
from pipeline.raw import RawBlock, RawDocument

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
DOCX = sorted(CORPUS.glob("*.docx"))
HTML = sorted(CORPUS.glob("*.html"))
_STYLE = (
    "<meta charset=utf-8><style>p{text-indent:2em;margin:0;line-height:1.8;text-align:justify}"
    "table{border-collapse:collapse}td{border:1px solid black}body{font-family:%s}</style>"
)


@pytest.fixture(scope="module")
def from_word(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what LibreOffice makes of the DOCX samples."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("needs LibreOffice (soffice)")
    folder = tmp_path_factory.mktemp("word")
    for source in DOCX:  # which would show what is deleted
        (folder / source.name).write_bytes(accepted(source.read_bytes()))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    command += [str(folder / source.name) for source in DOCX]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


def accepted(data: bytes) -> bytes:
    """A package with its tracked changes accepted."""
    files = unpack(data)
    text = re.sub(rb"<w:del [^>]*>.*?</w:del>", b"", files["word/document.xml"])
    files["word/document.xml"] = re.sub(rb"</?w:ins\b[^>]*>", b"", text)
    return pack(files)


def printed(source: Path, text: str) -> RawDocument:
    """What is read of a page that Chromium prints."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs Chromium (chromium)")
    page, made = source.with_suffix(".html"), source.with_suffix(".pdf")
    page.write_text(text, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={source.parent / 'profile'}"]
    command = [program, *options, "--no-pdf-header-footer", f"--print-to-pdf={made}", str(page)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return pdf.read(made.read_bytes(), made.name)


def squeezed(blocks: list[RawBlock]) -> str:
    return "".join("".join(b.text for b in blocks).split())


def shown(document: RawDocument) -> list[RawBlock]:
    return [b for b in document.blocks if b.kind is not BlockKind.FURNITURE and (b.text.strip() or b.cell is not None)]


def table_cells(blocks: list[RawBlock]) -> dict[object, str]:
    return {b.cell: "".join(b.text.split()) for b in blocks if b.cell is not None}


def paragraphs(blocks: list[RawBlock]) -> list[str]:
    return ["".join(b.text.split()) for b in blocks if b.cell is None]


@pytest.mark.parametrize("source", DOCX, ids=lambda path: path.stem)
def test_what_a_word_processor_exports(source: Path, from_word: Path) -> None:
    expected = shown(docx.read(source.read_bytes(), source.name))
    document = pdf.read((from_word / f"{source.stem}.pdf").read_bytes(), source.name)
    assert table_cells(shown(document)) == table_cells(expected)
    # A text box stands where it is drawn, and the marks of notes are written otherwise: the order of these may differ.
    bare = sorted(text.removeprefix("[1]").lstrip("1") for text in paragraphs(expected))
    assert sorted(text.lstrip("1") for text in paragraphs(shown(document))) == bare


@pytest.mark.parametrize("font", ["Noto Serif CJK SC", "WenQuanYi Zen Hei"])
@pytest.mark.parametrize("source", HTML, ids=lambda path: path.stem)
def test_what_a_browser_prints(source: Path, font: str, tmp_path: Path) -> None:
    expected = shown(html.read(source.read_bytes(), source.name))
    text, row = [_STYLE % font], (-1, -1)
    for block in expected:
        cell = block.cell
        if cell is None:
            text.append("</table>" * (row[0] >= 0) + f"<p>{block.text}</p>")
            row = (-1, -1)
            continue
        if cell.table != row[0]:
            text.append("</table>" * (row[0] >= 0) + "<table><tr>")
        elif cell.row != row[1]:
            text.append("</tr><tr>")
        row = (cell.table, cell.row)
        text.append(f"<td rowspan={cell.rowspan} colspan={cell.colspan}>{block.text}</td>")
    found = shown(printed(tmp_path / source.stem, "\n".join(text)))
    assert squeezed(found) == squeezed(expected)
    assert table_cells(found) == table_cells(expected)
    assert paragraphs(found) == paragraphs(expected)
