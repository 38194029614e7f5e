"""Files for LibreOffice are given to it together before the workers start; doctor says where it is missing."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from pipeline.parse import office, soffice
from pipeline.run.converting import converted
from pipeline.run.doctor import examine
from pipeline.run.work import Job

FAKE = """#!{python}
import pathlib, sys
at = sys.argv.index("--outdir")
out, files = pathlib.Path(sys.argv[at + 1]), [pathlib.Path(a) for a in sys.argv[at + 2:]]
pathlib.Path({log!r}).open("a").write(f"{{len(files)}}\\n")
for file in files:
    (out / file.name).with_suffix(".docx").write_bytes(b"made")
"""


def jobs(folder: Path, **files: bytes) -> list[Job]:
    made = []
    for name, content in files.items():
        file = folder / f"{name}.doc"
        file.write_bytes(content)
        made.append(Job(file, file.name, None, folder))
    return made


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for the program")
def test_several_files_in_one_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, program = tmp_path / "log", tmp_path / "soffice"
    program.write_text(FAKE.format(python=sys.executable, log=str(log)))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(soffice, "program", lambda: str(program))
    monkeypatch.delenv(soffice.FOLDER, raising=False)
    given = jobs(tmp_path, a=b"{\\rtf1 a}", b=b"{\\rtf1 b}", text="一份文字".encode(), zip=b"PK\x03\x04")
    given.append(Job(tmp_path / "gone.doc", "gone.doc", None, tmp_path))
    with converted(given) as count:
        assert count == 2
        assert soffice.converted(soffice.Source(b"{\\rtf1 b}", ".rtf", "docx")) == b"made"
        folder = Path(os.environ[soffice.FOLDER])
        assert folder.is_dir()
    assert log.read_text() == "2\n"
    assert not folder.exists()
    with converted(given[:1]) as count:  # a reader does as well alone
        assert count == 0
    with converted(given[2:]) as count:
        assert count == 0
    assert log.read_text() == "2\n"


def test_nothing_is_tried_without_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soffice, "program", lambda: None)
    with converted(jobs(tmp_path, a=b"{\\rtf1 a}", b=b"{\\rtf1 b}")) as count:
        assert count == 0


@pytest.mark.parametrize(
    ("platform", "command", "parts"),
    [
        ("linux", "sudo apt install libreoffice-writer-nogui libreoffice-calc-nogui", ["LibreOffice", "antiword"]),
        ("darwin", "brew install --cask libreoffice", ["LibreOffice"]),
        ("win32", "winget install TheDocumentFoundation.LibreOffice", ["LibreOffice"]),
    ],
)
def test_doctor_names_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, command: str, parts: list[str]
) -> None:
    monkeypatch.setattr("pipeline.run.doctor.sys.platform", platform)
    monkeypatch.setattr(soffice, "program", lambda: None)
    monkeypatch.setattr(office, "antiword", lambda: None)
    found = [f for f in examine(tmp_path / "none.db", "en") if f.part in ("LibreOffice", "antiword")]
    assert [(f.part, f.state) for f in found] == [(part, "optional") for part in parts]
    assert command in found[0].advice
    assert "DOC, WPS, RTF, ODT, ODS" in found[0].advice
    monkeypatch.setattr(soffice, "program", lambda: "/opt/soffice")
    there = next(f for f in examine(tmp_path / "none.db", "zh") if f.part == "LibreOffice")
    assert (there.state, there.found, there.advice) == ("fine", "/opt/soffice", "")
