"""Exports: the guide's shape, no formula in a cell, links that lead to the evidence, output that stays aligned."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import make
import openpyxl
import pytest
from rich.cells import cell_len

from pipeline.compare import ask, matrix, top
from pipeline.compare.document import ledger, outline
from pipeline.export import EXPORTS, terminal
from pipeline.export import csv as csv_export
from pipeline.export.cells import safe
from pipeline.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(None) as opened:
        opened.write_lexicons(make.lexicons(tmp_path / "lexicons"))
        opened.save(*make.yunxi(), "plans/yunxi.txt", "words", "rules")
        opened.save(*make.shilin(), "plans/shilin.txt", "words", "rules")
        yield opened


def written(store: Store, name: str) -> bytes:
    stream = io.BytesIO()
    next(e for e in EXPORTS if e.format == name).write(store, stream, "zh")
    return stream.getvalue()


def test_jsonl_has_the_shape_of_the_guide(store: Store) -> None:
    shilin, yunxi = (json.loads(line) for line in written(store, "jsonl").splitlines())
    assert (shilin["source"], yunxi["source"]) == ("shilin.txt", "yunxi.txt")
    assert yunxi["region"] == {"name": "云溪市", "level": "市", "code": "990100"}
    assert yunxi["issuers"] == ["云溪市人民政府"]
    assert [r["title"] for r in yunxi["references"]] == ["青岭省职业教育条例"]
    task = yunxi["tasks"][0]
    assert (task["number"], task["heading"], task["section"]) == ("(一)", "建强教师队伍", ["重点任务"])
    assert [(a["name"], a["role"]) for a in task["agencies"]] == [
        ("市教育局", "responsible"), ("市人社局", "responsible"),
    ]  # fmt: skip
    target = yunxi["targets"][2]
    assert {k: target[k] for k in ("quote", "op", "value", "value_max", "unit", "per", "kind", "task")} == {
        "quote": "双师型教师占比达到85%以上", "op": ">=", "value": 85, "value_max": None, "unit": "%", "per": None,
        "kind": "goal", "task": "建强教师队伍",
    }  # fmt: skip
    assert target["deadline"] == {"raw": "到2027年", "start": None, "end": "2027-12-31", "approx": False}
    assert yunxi["milestones"][0]["deadline"]["end"] == "2026-06-30"
    assert {k: yunxi["indicators"][0][k] for k in ("path", "unit", "weight")} == {
        "path": ["师资", "双师型教师占比"], "unit": "%", "weight": 3,
    }  # fmt: skip
    assert make.YUNXI[target["start"] : target["end"]] == target["quote"]


def test_jsonl_quotes_lose_their_last_mark(store: Store) -> None:
    document, extraction = make.shilin()
    longer = replace(extraction.targets[0], evidence=make.evidence(make.SHILIN, "建成实训基地5个。", 0, 1))
    store.save(document, replace(extraction, targets=(longer,)), "plans/shilin.txt", "words", "rules")
    assert json.loads(written(store, "jsonl").splitlines()[0])["targets"][0]["quote"] == "建成实训基地5个"


@pytest.mark.parametrize("attack", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", "\r=1"])
def test_text_is_never_a_formula(attack: str) -> None:
    assert str(safe(attack)).startswith("'")
    assert safe(attack.lstrip("\t\r"), False) == attack.lstrip("\t\r")


def test_numbers_and_plain_text_pass_unchanged() -> None:
    assert [safe(v) for v in (-3.5, 0, None, "≥90%", "=", "a=b")] == [-3.5, 0, None, "≥90%", "=", "a=b"]
    assert safe("a\x00b\x1bc") == "abc"
    assert len(str(safe("长" * 40_000))) < 32_767


def hostile(store: Store) -> None:
    document, extraction = make.shilin()
    evil = replace(extraction.targets[0], indicator='=HYPERLINK("http://x")', unit="@个")
    document = replace(document, metadata=replace(document.metadata, title="+石林县"))
    store.save(document, replace(extraction, targets=(evil,)), "plans/shilin.txt", "words", "rules")
    store.db.execute("UPDATE targets SET indicator_id = NULL WHERE unit = '@个'")


def test_csv_opens_in_excel_and_runs_nothing(store: Store) -> None:
    hostile(store)
    data = written(store, "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == store.value("SELECT count(*) FROM commitments")
    assert [r["indicator"] for r in rows if r["unit"] == "'@个"] == ['\'=HYPERLINK("http://x")']
    assert {r["value"] for r in rows if r["kind"] == "target"} == {"85.0", "12.0", "5.0"}


def test_xlsx_has_values_links_and_no_formula(store: Store) -> None:
    hostile(store)
    book = openpyxl.load_workbook(io.BytesIO(written(store, "xlsx")))
    assert book.sheetnames == ["对照表", "承诺", "原文依据", "单位", "文件", "运行记录"]
    for sheet in book:
        assert sheet.freeze_panes == "B2", sheet.title
        assert sheet.auto_filter.ref, sheet.title
        assert all(cell.data_type != "f" for row in sheet for cell in row), sheet.title
    commitments, evidence = book["承诺"], book["原文依据"]
    head = [cell.value for cell in commitments[1]]
    row = next(r for r in commitments.iter_rows(min_row=2) if r[head.index("value")].value == 85)
    link = row[head.index("quote")].hyperlink.location
    assert link.startswith("'原文依据'!A")
    proof = evidence[int(link.rpartition("A")[2])]
    assert proof[0].value == row[head.index("id")].value
    assert '=HYPERLINK("http://x")' in {r[head.index("indicator")].value for r in commitments.iter_rows(min_row=2)}
    assert book["对照表"]["B2"].hyperlink.location.startswith("'承诺'!A")


def test_exports_are_the_same_bytes_each_time(store: Store) -> None:
    for name in ("jsonl", "csv"):
        assert written(store, name) == written(store, name)


def test_matrix_to_csv(store: Store) -> None:
    stream = io.BytesIO()
    csv_export.write_matrix(store, matrix(store, ["双师型教师占比"]), stream, "zh")
    rows = list(csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline="")))
    assert rows[0] == ["地区", "双师型教师占比"]
    assert rows[1] == ["云溪市", "≥85% (2027-12-31)"]
    assert rows[2][1].startswith("○ ")


@pytest.mark.parametrize("width", [60, 80, 120, 160, None])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_terminal_keeps_width_and_quotes(
    store: Store, capsys: pytest.CaptureFixture[str], width: int | None, lang: str
) -> None:
    out = terminal.console(width)
    terminal.print_answer(ask(store, "双师型"), out, lang)
    terminal.print_matrix(matrix(store, top(store, 3)), out, lang)
    terminal.print_outline(outline(store, "yunxi"), out, lang)
    terminal.print_ledger(ledger(store, "yunxi"), out, lang, True)
    text = capsys.readouterr().out
    assert "双师型教师占比达到85%以上" in text
    assert "≥85%" in text
    assert "市教育局" in text
    if width:
        assert max(cell_len(line) for line in text.splitlines()) <= width
    else:
        assert not any(line != line.rstrip() for line in text.splitlines() if line.strip())


def test_columns_of_chinese_are_aligned(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.print_rows(terminal.console(80), ["地区", "value"], [("石林县", "x"), ("十二个字的很长的地区名称", "x")])
    lines = [line for line in capsys.readouterr().out.splitlines() if line.rstrip().endswith("x")]
    assert len({cell_len(line[: line.index("x")]) for line in lines}) == 1
