"""Milliseconds per page of each reader, against the bare call of the library it stands on, on the same bytes.

    python tests/bench/readers.py                          # all formats, about four minutes
    python tests/bench/readers.py --formats txt,docx --repeats 9

Both sides run in turns on one core, and the fastest run of each file counts: what else the computer does can only make
a run slower. Files are those of corpus/ and what tests/invariance makes of them. Where a format has no pages, 1,000
characters count as one. Nothing is a floor here: times belong to a computer.
"""

from __future__ import annotations

import argparse
import csv
import io
import logging
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":  # run as a program, not by pytest, which has this in its settings
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from bench import bare_calls  # noqa: E402
from invariance import programs, write_html, write_ofd, write_scan, write_text  # noqa: E402
from invariance.formats import Files, Workshop  # noqa: E402
from invariance.plan_model import Plan, plan_of  # noqa: E402

from pipeline.lexicons import load  # noqa: E402
from pipeline.parse import ocr_cache, ocr_engine, parse, readers  # noqa: E402
from pipeline.raw import RawDocument  # noqa: E402

CORPUS = ROOT / "corpus"
PRINTED = "baixi-2023"  # the plan that is a PDF in corpus/: what is made of it needs no LibreOffice
FEW = ("lanchuan-2021", "luping-2023")  # with a table and without: for what takes seconds a file
REPEATS = 5
_SLOW_REPEATS = 3  # of text recognition, where a run takes many seconds
_PAGE = 1000  # characters
_LEAST = 0.5  # share of our characters that a bare call must give, else it has not read the same thing


class Samples:
    """The files by format, each made once from the plans of corpus/ in a working folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def plans(self) -> dict[str, Plan]:
        """The plans of corpus/ by name."""
        lexicons = load()
        paths = [path for path in sorted(CORPUS.iterdir()) if path.name != "manifest.csv"]
        return {p.stem: plan_of(p.stem, parse(p.read_bytes(), p.name, None, lexicons), lexicons) for p in paths}

    @cached_property
    def shop(self) -> Workshop:
        """What makes the formats of all plans."""
        return Workshop(list(self.plans.values()), self.folder)

    @cached_property
    def few(self) -> Workshop:
        """What makes the formats of FEW."""
        folder = self.folder / "few"
        folder.mkdir()
        return Workshop([self.plans[name] for name in FEW], folder)

    @property
    def printed(self) -> bytes:
        """The PDF of corpus/."""
        return (CORPUS / f"{PRINTED}.pdf").read_bytes()

    def pdf(self, tables: bool) -> Files:
        """The plans with tables, or those without, as LibreOffice saves them."""
        return {name: data for name, data in self.shop.office("pdf").items() if bool(self.plans[name].tables) is tables}

    def csv(self) -> Files:
        """The first table of each plan that has one."""
        made = {}
        for name, plan in self.plans.items():
            for grid in plan.tables[:1]:
                stream = io.StringIO()
                csv.writer(stream).writerows(
                    ["" if cell is None else cell.text for cell, _ in line] for line in grid.rows_of_cells()
                )
                made[name] = stream.getvalue().encode("utf-8")
        return made

    def xlsx(self) -> Files:
        """The tables of each plan that has any, as a workbook."""
        return self.shop.each(write_text.xlsx)

    def xls(self) -> Files:
        """The same workbooks as old Excel has them."""
        return programs.convert(self.xlsx(), "xlsx", "xls", self.folder)

    def mhtml(self) -> Files:
        """The plans as web pages inside a mail."""
        made = {}
        for name, plan in self.plans.items():
            message = EmailMessage()
            message["Subject"] = "page"
            message["Snapshot-Content-Location"] = "https://www.example.gov.cn/a.html"
            message.set_content(write_html.write(plan).decode("utf-8"), subtype="html", cte="quoted-printable")
            message.make_related()
            made[name] = message.as_bytes()
        return made

    def zip(self) -> Files:
        """A plan as DOCX with another as text, packed together."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("a.docx", self.shop.docx[FEW[0]])
            package.writestr("b.txt", write_text.txt(self.plans[FEW[1]]))
        return {"both": stream.getvalue()}

    def picture(self) -> Files:
        """The first page of the PDF of corpus/ at 200 dpi."""
        stream = io.BytesIO()
        page = write_scan._pictures(self.printed)[0]
        page.save(stream, "PNG", dpi=(write_scan.DPI, write_scan.DPI))
        return {PRINTED: stream.getvalue()}


@dataclass(frozen=True)
class Case:
    """A format: its name here, its suffix, its files, the bare calls it is measured against, and what they need."""

    name: str
    suffix: str
    make: Callable[[Samples], Files]
    bare: tuple[tuple[str, bare_calls.Call], ...]
    needs: tuple[str, ...] = ()
    slow: bool = False

    def missing(self) -> str | None:
        """The first of its needs that is not installed; None where all are."""
        have = {_OFFICE: lambda: programs.office() is not None, _OCR: ocr_engine.is_available}
        return next((need for need in self.needs if not have[need]()), None)


_OFFICE, _OCR = "LibreOffice", "duibiao[ocr]"
_PDFIUM = ("pypdfium2 text", bare_calls.pdfium)
_PLUMBER = ("pdfplumber extract_text", bare_calls.pdf_plumber)
_TABLES = ("pdfplumber text and tables", bare_calls.pdf_plumber_tables)


def _converted(suffix: str) -> Case:
    bare = (("soffice, warm profile", bare_calls.office(suffix)),)
    return Case(suffix, suffix, lambda s: s.few.office(suffix), bare, (_OFFICE,))


CASES: tuple[Case, ...] = (
    Case("txt", "txt", lambda s: s.shop.each(write_text.txt), (("bytes.decode", bare_calls.text),)),
    Case("html", "html", lambda s: s.shop.each(write_html.write), (("selectolax text", bare_calls.html),)),
    Case("docx", "docx", lambda s: s.shop.docx, (("python-docx", bare_calls.docx),)),
    Case("pdf text", "pdf", lambda s: s.pdf(tables=False), (_PLUMBER, _PDFIUM), (_OFFICE,)),
    Case("pdf tables", "pdf", lambda s: s.pdf(tables=True), (_TABLES, _PLUMBER, _PDFIUM), (_OFFICE,)),
    Case("ofd", "ofd", lambda s: {PRINTED: write_ofd.write(s.printed, "")}, (("zipfile, lxml", bare_calls.ofd),)),
    Case("xlsx", "xlsx", Samples.xlsx, (("openpyxl values", bare_calls.xlsx),)),
    Case("csv", "csv", Samples.csv, (("csv.reader", bare_calls.rows),)),
    Case("xls", "xls", Samples.xls, (("xlrd values", bare_calls.xls),), (_OFFICE,)),
    *map(_converted, ("doc", "odt", "rtf")),
    Case("mhtml", "mhtml", Samples.mhtml, (("email, selectolax", bare_calls.mhtml),)),
    Case("zip", "zip", Samples.zip, (("zipfile, python-docx", bare_calls.archive),)),
    Case(
        "scan", "pdf", lambda s: {PRINTED: write_scan.clean(s.printed)}, (("RapidOCR", bare_calls.scan),), (_OCR,), True
    ),
    Case("image", "png", Samples.picture, (("RapidOCR", bare_calls.picture),), (_OCR,), True),
)


@dataclass(frozen=True)
class Row:
    """A line of the table: how many files and pages (or 1,000 characters), and seconds for them all on both sides."""

    name: str
    bare: str
    files: int
    pages: float
    has_pages: bool
    ours_seconds: float
    bare_seconds: float

    def line(self) -> str:
        """The row as it is printed; times in milliseconds per page."""
        pages = f"{self.pages:.0f} p" if self.has_pages else f"{self.pages:.1f} k"
        ours, bare = (1000 * seconds / self.pages for seconds in (self.ours_seconds, self.bare_seconds))
        ratio = f"{self.ours_seconds / self.bare_seconds:.2f}"
        return f"{self.name:12}{self.files:>5}{pages:>9}{ours:>12.3f}{bare:>12.3f}{ratio:>9}  {self.bare}"


def measure(case: Case, samples: Samples, repeats: int) -> list[Row]:
    """The rows of a format, one for each bare call. Raises ValueError where the two sides have not read the same."""
    files = case.make(samples)
    if not files:
        raise ValueError(f"{case.name}: no file was made")
    ours, has_pages, pages = 0.0, False, 0.0
    bare = [0.0] * len(case.bare)
    for name, data in files.items():
        raw = readers.choose(data, f"{name}.{case.suffix}").read(data, f"{name}.{case.suffix}")
        length = sum(len("".join(text.split())) for text in _texts(raw))
        has_pages = raw.page_count is not None
        pages += raw.page_count or length / _PAGE
        best = _fastest(case, f"{name}.{case.suffix}", data, samples.folder, repeats, length)
        ours += best[0]
        bare = [a + b for a, b in zip(bare, best[1:], strict=True)]
    return [
        Row(case.name, said, len(files), pages, has_pages, ours, seconds)
        for (said, _), seconds in zip(case.bare, bare, strict=True)
    ]


def _texts(raw: RawDocument) -> Iterable[str]:
    for part in raw.parts:
        yield from _texts(part.document)
    yield from (block.text for block in raw.blocks)


def _fastest(case: Case, name: str, data: bytes, folder: Path, repeats: int, length: int) -> list[float]:
    """Seconds of the fastest run of ours and of each bare call, in turns."""
    reader = readers.choose(data, name)
    best = [float("inf")] * (1 + len(case.bare))
    for _ in range(repeats):
        for at, call in enumerate([None, *(call for _, call in case.bare)]):
            began = time.perf_counter()
            got = reader.read(data, name) if call is None else call(data, folder)
            best[at] = min(best[at], time.perf_counter() - began)
            if isinstance(got, str) and len("".join(got.split())) < _LEAST * length:
                raise ValueError(f"{case.bare[at - 1][0]} gave less than half of the characters of {name}")
    return best


def run(names: Sequence[str] = (), repeats: int | None = None) -> None:
    """Prints the table, row by row, for these formats or for all. Raises KeyError for a name that is none."""
    known = {case.name: case for case in CASES}
    print(f"{'format':12}{'files':>5}{'pages':>9}{'ours ms/p':>12}{'bare ms/p':>12}{'ratio':>9}  bare call")
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        samples = Samples(Path(folder))
        for case in [known[name] for name in names] or CASES:
            if (need := case.missing()) is not None:
                print(f"{case.name:12} left out: needs {need}")
                continue
            for row in measure(case, samples, repeats or (_SLOW_REPEATS if case.slow else REPEATS)):
                print(row.line(), flush=True)


def _on_one_core() -> str:
    """Keeps this process and those it starts on one core where the system can do that; says whether it does."""
    if not hasattr(os, "sched_setaffinity"):
        return "not bound to one core: the system cannot do that"
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    return "one core"


def main() -> None:
    """The table on standard output."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--formats", default="", help=f"of {', '.join(case.name for case in CASES)}; all by default")
    parser.add_argument("--repeats", type=int, help=f"runs of each side; {REPEATS} by default, {_SLOW_REPEATS} if slow")
    options = parser.parse_args()
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    os.environ[ocr_cache.VARIABLE] = ""  # a page that was recognised before would take no time
    print(f"{_on_one_core()}; p: pages, k: 1,000 characters, where a format has no pages; ms for one of them")
    run([name for name in options.formats.split(",") if name], options.repeats)


if __name__ == "__main__":
    main()
