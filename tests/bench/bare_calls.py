"""What a person would write without duibiao to get the characters of a file: the bare call of each format's library.

Each takes the bytes of a file and a folder to work in, and gives the characters (LibreOffice: the converted file).
"""

from __future__ import annotations

import csv
import email
import email.policy
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from invariance import programs

Call = Callable[[bytes, Path], str | bytes]


def text(data: bytes, _: Path) -> str:
    """bytes.decode."""
    return data.decode("utf-8")


def rows(data: bytes, _: Path) -> str:
    """csv.reader."""
    return _joined(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


def html(data: bytes, _: Path) -> str:
    """selectolax: parse, then the text of the root."""
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(data).text()


def docx(data: bytes, _: Path) -> str:
    """python-docx: paragraphs, and the cells of tables."""
    import docx as python_docx

    document = python_docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def pdf_plumber(data: bytes, _: Path) -> str:
    """pdfplumber: the text of each page."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def pdf_plumber_tables(data: bytes, _: Path) -> str:
    """pdfplumber: the text and the tables of each page."""
    import pdfplumber

    found: list[str] = []
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            found += [page.extract_text(), *(_joined(table) for table in page.extract_tables())]
    return "\n".join(found)


def pdfium(data: bytes, _: Path) -> str:
    """pypdfium2: the text of each page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(document[i].get_textpage().get_text_range() for i in range(len(document)))
    finally:
        document.close()


def ofd(data: bytes, _: Path) -> str:
    """zipfile and lxml: the text codes of each page."""
    from lxml import etree

    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.endswith("Content.xml"):
                found += [code.text or "" for code in etree.fromstring(package.read(name)).iter("{*}TextCode")]
    return "\n".join(found)


def xlsx(data: bytes, _: Path) -> str:
    """openpyxl: the values of each sheet."""
    import openpyxl

    return "\n".join(_joined(sheet.values) for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets)


def xls(data: bytes, _: Path) -> str:
    """xlrd: the values of each sheet."""
    import xlrd

    return "\n".join(
        _joined(map(sheet.row_values, range(sheet.nrows))) for sheet in xlrd.open_workbook(file_contents=data)
    )


def office(suffix: str) -> Call:
    """The call that converts files of a suffix to DOCX: LibreOffice with a profile that it has started with before."""

    def convert(data: bytes, folder: Path) -> bytes:
        return programs.convert({"bare": data}, suffix, "docx", folder)["bare"]

    return convert


def mhtml(data: bytes, folder: Path) -> str:
    """email and selectolax: the text of each page."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    parts = (part for part in message.walk() if part.get_content_type() == "text/html")
    return "\n".join(html(part.get_content().encode("utf-8"), folder) for part in parts)


def archive(data: bytes, folder: Path) -> str:
    """zipfile, and the bare call for each of its files, DOCX or TXT."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    return "\n".join(
        docx(inner, folder) if name.endswith(".docx") else text(inner, folder) for name, inner in files.items()
    )


def scan(data: bytes, _: Path) -> str:
    """The recogniser on each page drawn at 200 dpi: lines found, then read."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(_recognised(document[i].render(scale=200 / 72).to_numpy()) for i in range(len(document)))
    finally:
        document.close()


def picture(data: bytes, _: Path) -> str:
    """The recogniser on a picture: lines found, then read."""
    import numpy
    from PIL import Image

    return _recognised(numpy.asarray(Image.open(io.BytesIO(data)).convert("RGB"))[:, :, ::-1])


def _recognised(pixels: Any) -> str:
    """RapidOCR with the reader's own models and settings, so that only what is around it differs."""
    import numpy

    from pipeline.parse import ocr_engine

    found = ocr_engine._engine()(numpy.ascontiguousarray(pixels), use_det=True, use_cls=False, use_rec=True)
    return "\n".join(found.txts or ())


def _joined(table: Any) -> str:
    return "\n".join("\t".join(_values(row)) for row in table)


def _values(row: Any) -> Iterator[str]:
    return ("" if value is None else str(value) for value in row)
