"""Formats that LibreOffice turns into DOCX and XLSX; antiword in its place; and neither of them."""

from __future__ import annotations

import io
import os
import shutil
import stat
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from docx_helpers import level, lists, num, p, tbl, tc
from docx_helpers import write as write_docx
from sheet_helpers import HEADINGS, ROWS, task_table, workbook

from pipeline.errors import MissingPartError, UnreadableError
from pipeline.model import Document
from pipeline.parse import office, parse, readers, soffice

SHARED = Path(__file__).resolve().parents[2] / "../shared"
libreoffice = pytest.mark.skipif(soffice.program() is None, reason="needs LibreOffice (soffice)")
posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for the program")
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def plan() -> bytes:
    """Computed numbers, a heading style, merged cells, a deleted word, hidden text."""
    close = '<w:suff w:val="nothing"/>'
    numbers = lists(level(0, "chineseCounting", "%1、", close) + level(1, "chineseCounting", "（%2）", close))
    heading = '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    rows = [
        tc("序号") + tc("重点任务") + tc("牵头单位") + tc("完成时限"),
        tc("1") + tc("建成产教融合实训基地12个") + tc("县教育局", '<w:vMerge w:val="restart"/>') + tc("2026年底前"),
        tc("2") + tc("培训企业职工3000人次") + tc("", "<w:vMerge/>") + tc("2025年底前"),
        tc("注：按月报送。", '<w:gridSpan w:val="4"/>'),
    ]  # fmt: skip
    deleted = '<w:del w:id="1" w:author="a"><w:r><w:delText>75</w:delText></w:r></w:del><w:r><w:t>90%以上。</w:t></w:r>'
    body = (
        p("云溪县产教融合实施方案")
        + p("为深化产教融合，促进教育链与产业链衔接，结合我县实际，制定本方案。")
        + p("总体要求", '<w:pStyle w:val="1"/>' + num(1))
        + p("到2026年，职业学校双师型教师占比达到", inner=deleted)
        + p("主要任务", '<w:pStyle w:val="1"/>' + num(1))
        + p("建设实训基地。到2025年，建成县级实训基地6个。", num(1, 1))
        + p("开展职工培训。每年培训企业职工3000人次以上。", num(1, 1))
        + p("附件")
        + p("云溪县重点任务分解表")
        + tbl(*rows)
        + p()
    )
    return write_docx(body, numbering=numbers, styles=heading)


@cache
def converted(name: str, suffix: str) -> bytes:
    """The plan or the annex in another format, as LibreOffice writes it."""
    program = soffice.program()
    assert program is not None
    data = plan() if name == "plan.docx" else workbook(task_table)
    with TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(data)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        soffice.run([program, profile, "--headless", "--convert-to", suffix, "--outdir", folder, str(file)], 100)
        return file.with_suffix(f".{suffix}").read_bytes()


@pytest.fixture(scope="module")
def batch() -> Iterator[None]:
    """All files of these tests converted in two calls, as an ingest does."""
    made = [converted("plan.docx", "doc"), converted("plan.docx", "odt"), converted("annex.xlsx", "ods")]
    with soffice.shared_folder() as folder:
        sources = [found for data in (*made, PLAN_RTF, word_xml(), excel_xml()) if (found := office.source(data))]
        assert len(sources) == 6
        soffice.convert(sources, folder)
        assert {file.name for file in folder.iterdir()} == {s.made for s in sources}
        yield


def outline(document: Document) -> list[tuple[object, ...]]:
    """Every block without offsets but with text, place and level."""
    return [(b.kind.value, document.text[b.start : b.end], b.cell, b.level) for b in document.blocks]


# --- there and back ------------------------------------------------------------------------------------------------


@libreoffice
@pytest.mark.usefixtures("batch")
@pytest.mark.parametrize(("suffix", "name", "format_"), [("doc", "plan.doc", "doc"), ("odt", "plan.odt", "odt")])
def test_a_plan_reads_the_same(suffix: str, name: str, format_: str) -> None:
    document = parse(converted("plan.docx", suffix), name)
    assert document.format == format_
    original = parse(plan(), "plan.docx")
    assert "一、总体要求" in original.text
    assert "（二）开展职工培训" in original.text
    assert outline(document) == outline(original)


@libreoffice
@pytest.mark.usefixtures("batch")
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_an_annex_reads_the_same(suffix: str) -> None:
    original = parse(workbook(task_table), "annex.xlsx")
    document = parse(converted("annex.xlsx", suffix), f"annex.{suffix}")
    assert (document.format, original.format) == (suffix, "xlsx")
    assert outline(document) == outline(original)


@libreoffice
def test_a_doc_under_other_names() -> None:
    data = converted("plan.docx", "doc")
    for name in ("plan.docx", "plan.wps", "plan.dot", "plan", "plan.txt"):
        assert readers.choose(data, name).format == "doc"
    assert readers.choose(plan(), "plan.doc").format == "docx"
    assert readers.choose(converted("annex.xlsx", "xls"), "annex.et").format == "xls"
    assert readers.choose(workbook(task_table), "annex.et").format == "xlsx"


def rtf(*lines: str) -> bytes:
    """An RTF as a Chinese Word writes it: GBK bytes, a list of two levels, the text of its numbers not written out."""

    def coded(text: str) -> str:
        return "".join(c if c.isascii() else "".join(f"\\'{b:02x}" for b in c.encode("gbk")) for c in text)

    levels = (
        r"{\listlevel\levelnfc37\leveljc0\levelfollow2\levelstartat1{\leveltext\'02\'00\'a1\'a2;}{\levelnumbers\'01;}}"
        r"{\listlevel\levelnfc37\leveljc0\levelfollow2\levelstartat1{\leveltext\'03\'a3\'a8\'01\'a3\'a9;}"
        r"{\levelnumbers\'02;}}"
    )
    head = (
        r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}"
        rf"{{\*\listtable{{\list\listtemplateid1{levels}{{\listname ;}}\listid10}}}}"
        r"{\*\listoverridetable{\listoverride\listid10\listoverridecount0\ls1}}"
    )
    return "\n".join([head, *(coded(line) for line in lines), r"\pard\plain\f0 \par}"]).encode("ascii")


PLAN_RTF = rtf(
    r"\pard\plain\f0 云溪县产教融合实施方案\par",
    r"\pard\plain\ilvl0\ls1\f0 总体要求\par",
    r"\pard\plain\f0 为深化产教融合，促进教育链与产业链衔接，结合我县实际，制定本方案，请认真贯彻执行。\par",
    r"\pard\plain\ilvl0\ls1\f0 主要任务\par",
    r"\pard\plain\ilvl1\ls1\f0 建设实训基地。到\u50\'32025年，建成实训基地12个以上，培训企业职工3000人次以上。\par",
    r"\trowd\cellx2000\cellx6000\pard\plain\intbl\f0 任务\cell 目标\cell\row",
    r"\trowd\cellx2000\cellx6000\pard\plain\intbl\f0 基地\cell 12个\cell\row",
)


@libreoffice
@pytest.mark.usefixtures("batch")
@pytest.mark.parametrize("name", ["plan.rtf", "plan.doc"])  # a DOC that is RTF inside is the rule with some sites
def test_rtf(name: str) -> None:
    document = parse(PLAN_RTF, name)
    assert document.format == "rtf"
    texts = [document.text[b.start : b.end] for b in document.blocks]
    assert texts[1] == "一、总体要求"
    assert texts[3] == "二、主要任务"
    assert texts[4].startswith("（一）建设实训基地。到")
    assert texts[-4:] == ["任务", "目标", "基地", "12个"]
    assert len(document.tables) == 1


WORD_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Word.Document"?>\n'
    '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>{}</w:body></w:wordDocument>'
)


LINES = ["云溪县产教融合实施方案", "到2026年，建成实训基地12个以上，培训企业职工3000人次以上，" * 5 + "完成改造。"]


def word_xml() -> bytes:
    return WORD_XML.format("".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in LINES)).encode()


@libreoffice
@pytest.mark.usefixtures("batch")
def test_word_2003_xml() -> None:
    document = parse(word_xml(), "plan.doc")
    assert document.format == "word-xml"
    assert document.text == "\n".join(LINES)


EXCEL_XML = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Sheet1"><Table>{}</Table></Worksheet>'
    "</Workbook>"
)


def excel_xml() -> bytes:
    cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    rows = "".join("<Row>" + "".join(cell.format(v) for v in row) + "</Row>" for row in (HEADINGS, *ROWS))
    return EXCEL_XML.format(rows).encode()


@libreoffice
@pytest.mark.usefixtures("batch")
def test_an_xls_that_is_excel_2003_xml() -> None:
    document = parse(excel_xml(), "annex.xls")
    assert document.format == "excel-xml"
    assert [document.text[b.start : b.end] for b in document.blocks if b.cell] == [
        v for r in (HEADINGS, *ROWS) for v in r
    ]


def test_a_doc_that_is_html() -> None:
    page = "<html><body><p>云溪县产教融合实施方案</p><p>到2026年，建成实训基地12个以上。</p></body></html>".encode()
    assert readers.choose(page, "plan.doc").format == "html"
    assert readers.choose(page[len("<html><body>") :], "plan.wps").format == "html"
    assert readers.choose("一份文字<p>".encode(), "plan.doc").format == "txt"


# --- what stops it -------------------------------------------------------------------------------------------------


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def test_a_locked_odt() -> None:
    mime = "application/vnd.oasis.opendocument.text"
    data = zipped(mimetype=mime, **{"META-INF/manifest_xml": "<manifest:encryption-data/>"})
    assert office.kind(data) is office.ODT
    with pytest.raises(UnreadableError, match="password"):
        readers.choose(data, "plan.odt").read(data, "plan.odt")


@libreoffice
def test_a_locked_doc() -> None:
    """The bit fEncrypted of the file's base ([MS-DOC] 2.5.1)."""
    data = bytearray(converted("plan.docx", "doc"))
    base = data.find(b"\xec\xa5", 512)
    data[base + 11] |= 1
    with pytest.raises(UnreadableError, match="password"):
        readers.choose(bytes(data), "plan.doc")


def test_neither_program_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soffice, "program", lambda: None)
    monkeypatch.delenv(soffice.FOLDER, raising=False)
    monkeypatch.setattr(office, "antiword", lambda: None)
    with pytest.raises(MissingPartError) as caught:
        parse(PLAN_RTF, "plan.rtf")
    assert caught.value.what == ("RTF 文档需要 LibreOffice", "an RTF document needs LibreOffice")
    for command in ("apt install libreoffice-writer-nogui", "brew install --cask libreoffice", "winget install"):
        assert all(command in advice for advice in caught.value.advice)


@libreoffice
def test_a_damaged_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "antiword", lambda: None)
    data = b"PK\x03\x04" + zipped(mimetype="application/vnd.oasis.opendocument.text", content_xml="<broken")[4:]
    with pytest.raises(UnreadableError, match="damaged or has a password"):
        parse(data, "plan.odt")


@libreoffice
@pytest.mark.skipif(shutil.which("antiword") is None, reason="needs antiword")
def test_antiword_steps_in(monkeypatch: pytest.MonkeyPatch) -> None:
    data = converted("plan.docx", "doc")
    monkeypatch.setattr(soffice, "program", lambda: None)
    monkeypatch.delenv(soffice.FOLDER, raising=False)
    document = parse(data, "plan.doc")
    assert [i.code for i in document.issues][:1] == ["fallback-reader"]
    texts = [document.text[b.start : b.end] for b in document.blocks if b.cell is None]
    assert texts[:2] == ["云溪县产教融合实施方案", "为深化产教融合，促进教育链与产业链衔接，结合我县实际，制定本方案。"]
    assert "总体要求" in texts  # its number is gone: the issue says so
    cells = {(b.cell.row, b.cell.col): document.text[b.start : b.end] for b in document.blocks if b.cell}
    assert cells[1, 1] == "建成产教融合实训基地12个"
    assert cells[2, 2] == ""


# --- the call ------------------------------------------------------------------------------------------------------

FAKE = """#!{python}
import pathlib, sys, time
log = pathlib.Path({log!r})
out = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
files = [pathlib.Path(a) for a in sys.argv[sys.argv.index("--outdir") + 2:]]
with log.open("a") as stream:
    stream.write(f"{{len(files)}}\\n")
for file in files:
    if file.read_bytes() == b"hang":
        time.sleep(60)
    if file.read_bytes() != b"bad":
        (out / file.name).with_suffix(".docx").write_bytes(b"made of " + file.read_bytes())
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[int]]:
    """A program in LibreOffice's place; how many files each call of it was given."""
    log = tmp_path / "log"
    program = tmp_path / "soffice"
    program.write_text(FAKE.format(python=sys.executable, log=str(log)))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(soffice, "program", lambda: str(program))
    monkeypatch.delenv(soffice.FOLDER, raising=False)
    return lambda: [int(line) for line in log.read_text().split()] if log.exists() else []


def source(data: bytes) -> soffice.Source:
    return soffice.Source(data, ".doc", "docx")


@posix
def test_many_files_in_few_calls(
    fake: Callable[[], list[int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soffice, "BATCH", 3)
    folder = tmp_path / "made"
    folder.mkdir()
    given = [source(b"plan %d" % n) for n in range(4)] + [source(b"bad")]
    soffice.convert(given, folder)
    assert fake() == [3, 2]
    assert sorted(file.read_bytes() for file in folder.iterdir()) == [b"made of plan %d" % n for n in range(4)]
    soffice.convert(given[:4], folder)
    assert fake() == [3, 2]  # what is there is not made again


@posix
def test_a_reader_looks_into_the_folder_first(fake: Callable[[], list[int]]) -> None:
    with soffice.shared_folder() as folder:
        soffice.convert([source(b"one")], folder)
        assert soffice.converted(source(b"one")) == b"made of one"
        assert fake() == [1]
        assert soffice.converted(source(b"two")) == b"made of two"
        assert fake() == [1, 1]
    assert not folder.exists()
    assert soffice.FOLDER not in os.environ
    assert soffice.converted(source(b"bad")) is None


@posix
def test_a_call_that_hangs_is_ended(fake: Callable[[], list[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soffice, "SECONDS", 1.0)
    begun = time.monotonic()
    assert soffice.converted(source(b"hang")) is None
    assert time.monotonic() - begun < 20


@posix
def test_children_are_ended_too(tmp_path: Path) -> None:
    mark = tmp_path / "child"
    assert soffice.run(["sh", "-c", f"(sleep 3; touch {mark}) & sleep 30"], 0.5) is None
    time.sleep(3.5)
    assert not mark.exists()


def test_no_macros_and_no_links() -> None:
    settings = soffice._settings()
    for name, value in (("MacroSecurityLevel", "3"), ("DisableMacrosExecution", "true"), ("Link", "0")):
        assert f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value>' in settings
    assert "http_proxy" in soffice._environment(Path("/nowhere"))


# --- a real plan ---------------------------------------------------------------------------------------------------


@libreoffice
@pytest.mark.shared
def test_a_plan_as_doc_and_as_pdf_gives_the_same_records() -> None:
    """By the matching of the scorer; the PDF's exporter dropped the marks that hung over the right edge."""
    wild = SHARED / "corpus/wild"
    if not wild.is_dir():
        pytest.skip("needs the corpus beside the project (../shared/corpus/wild)")
    sys.path.insert(0, str(SHARED / "gold"))
    try:
        import score
    finally:
        sys.path.pop(0)
    from pipeline.export.jsonl import documents
    from pipeline.run import ingest
    from pipeline.store import Store

    with Store(None) as store:
        summary = ingest([wild / "hainan-nongji-2024.doc", wild / "hainan-nongji-2024.pdf"], store)
        assert [f.outcome for f in summary.files] == ["read", "read"]
        doc, pdf = documents(store)
    tallies = score.score_document(doc, pdf)
    assert [line for tally in tallies.values() for line in tally.lines] == []
    assert (tallies["tasks"].tp, tallies["targets"].tp, tallies["milestones"].tp) == (28, 45, 1)
