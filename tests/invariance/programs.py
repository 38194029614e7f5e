"""The programs that render: LibreOffice for what offices save, Chromium for what browsers print.

Each runs with a profile of its own in the working folder, so that nothing of the user's is touched and two runs do not
wait for each other.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

OFFICE_NAMES = ("soffice", "libreoffice")
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_OFFICE_SECONDS = 300  # for all plans in one call; measured: 18 plans to PDF take 12 s
_BROWSER_SECONDS = 90
# What LibreOffice calls the format, where the suffix alone would not say it.
_FILTERS = {
    "doc": "doc:MS Word 97",
    "docx": "docx:MS Word 2007 XML",
    "odt": "odt",
    "rtf": "rtf:Rich Text Format",
    "pdf": "pdf:writer_pdf_Export",
    "xls": "xls:MS Excel 97",
}


def office() -> str | None:
    """The path of LibreOffice, None where it is not installed."""
    return _which(OFFICE_NAMES)


def browser() -> str | None:
    """The path of Chromium or a relative of it, None where none is installed."""
    return _which(BROWSER_NAMES)


def _which(names: tuple[str, ...]) -> str | None:
    return next((path for name in names if (path := shutil.which(name)) is not None), None)


def convert(packages: Mapping[str, bytes], source: str, target: str, folder: Path) -> dict[str, bytes]:
    """Each document by name, saved in another format (both told by suffix) by one call of LibreOffice; a name that
    failed is left out."""
    program = office()
    assert program is not None
    here, there = folder / f"{target}-from-{source}", folder / target
    for path in (here, there):
        path.mkdir(exist_ok=True)
    files = []
    for name, data in packages.items():
        files.append(here / f"{name}.{source}")
        files[-1].write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = [program, profile, "--headless", "--norestore", "--convert-to", _FILTERS[target], "--outdir", str(there)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=_OFFICE_SECONDS)
    made = {name: there / f"{name}.{target}" for name in packages}
    return {name: path.read_bytes() for name, path in made.items() if path.exists()}


def without_hanging(odt: bytes) -> bytes:
    """An ODT in which no mark hangs into the margin.

    LibreOffice 7.4 leaves some of those of justified lines out of the PDF altogether, on paper too, and it takes no
    notice of the DOCX property that forbids them (w:overflowPunct).
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(odt)) as package, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for member in package.infolist():
            data = package.read(member)
            if member.filename in ("styles.xml", "content.xml"):
                data = data.replace(b'punctuation-wrap="hanging"', b'punctuation-wrap="simple"')
            made.writestr(member, data)
    return stream.getvalue()


def print_page(name: str, page: bytes, folder: Path) -> bytes:
    """A page as Chromium prints it to PDF, with the head and foot that it adds: date, title, address, page number."""
    program = browser()
    assert program is not None
    source, target = folder / f"{name}.html", folder / f"{name}-printed.pdf"
    source.write_bytes(page)
    command = [program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'browser'}"]
    command += [f"--print-to-pdf={target}", source.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=_BROWSER_SECONDS)
    return target.read_bytes()
