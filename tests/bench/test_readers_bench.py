"""The table of `make bench`: printed, with two sides that read the same. No time is tested: none is a promise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bench import readers as bench

from pipeline.parse.readers import READERS


def case(name: str) -> bench.Case:
    return next(one for one in bench.CASES if one.name == name)


def test_the_table_has_a_row_for_each_format(capsys: pytest.CaptureFixture[str]) -> None:
    bench.run(["txt", "csv"], repeats=1)
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["format", "files", "pages"]
    assert [(row.split()[0], row.split()[1], row.split("  ")[-1]) for row in rows] == [
        ("txt", "9", "bytes.decode"),
        ("csv", "5", "csv.reader"),
    ]


def test_times_are_for_one_page() -> None:
    row = bench.Row("pdf text", "pypdfium2 text", 2, 8, True, 0.4, 0.1)
    assert row.line().split() == ["pdf", "text", "2", "8", "p", "50.000", "12.500", "4.00", "pypdfium2", "text"]


def test_a_bare_call_that_reads_less_is_no_measure(tmp_path: Path) -> None:
    lazy = replace(case("txt"), bare=(("nothing", lambda data, folder: ""),))
    with pytest.raises(ValueError, match="nothing gave less than half"):
        bench.measure(lazy, bench.Samples(tmp_path), 1)


def test_what_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("invariance.programs.office", lambda: None)
    monkeypatch.setattr("pipeline.parse.ocr_engine.is_available", lambda: False)
    bench.run(["doc", "scan"], repeats=1)
    assert [line.split(" left out: ") for line in capsys.readouterr().out.splitlines()[1:]] == [
        ["doc         ", "needs LibreOffice"],
        ["scan        ", "needs duibiao[ocr]"],
    ]


def test_every_reader_is_measured() -> None:
    measured = {case.suffix for case in bench.CASES} | {"png"}
    assert {r.format for r in READERS if not {s.lstrip(".") for s in r.suffixes} & measured} == {
        "word-xml", "ods", "xlsb", "excel-xml",
    }  # fmt: skip # LibreOffice converts these as it does doc, odt and rtf
