"""The commands: what they print for a program, their exit codes, and both languages."""

from __future__ import annotations

import json
from pathlib import Path

import make
import openpyxl
import pytest
from click.testing import CliRunner, Result

from pipeline.cli import default_lang, main
from pipeline.messages import MESSAGES, say
from pipeline.store import Store


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "plans.db"
    with Store(path) as store:
        store.write_lexicons(make.lexicons(tmp_path / "lexicons"))
        store.save(*make.yunxi(), "plans/yunxi.txt", "words", "rules")
        store.save(*make.shilin(), "plans/shilin.txt", "words", "rules")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def test_ask_in_both_languages_and_for_programs(db: Path) -> None:
    chinese = run("ask", "双师", "--db", db, "--lang", "zh")
    assert chinese.exit_code == 0
    for word in ("云溪市", "≥85%", "2027-12-31", "市教育局", "石林县", "没有数字", "没有计入"):
        assert word in chinese.output
    assert "promised without a number" in run("ask", "双师", "--db", db, "--lang", "en").output
    answer = json.loads(run("ask", "双师", "--db", db, "--json").output)
    assert [r["region"] for r in answer["quantified"]] == ["云溪市"]
    assert len(answer["quantified"][0]["evidence"]) == 3


def test_compare_prints_and_writes(db: Path, tmp_path: Path) -> None:
    shown = run("compare", "双师型教师占比", "实训基地", "--db", db, "--lang", "zh")
    assert shown.exit_code == 0
    assert "≥85%" in shown.output
    assert "12个" in shown.output
    top = json.loads(run("compare", "--top", "2", "--db", db, "--json").output)
    assert [i["term"] for i in top["indicators"]] == ["实训基地", "双师型教师占比"]
    out = tmp_path / "new" / "table.xlsx"
    assert run("compare", "--db", db, "--out", out, "--lang", "zh").exit_code == 0
    assert openpyxl.load_workbook(out)["对照表"]["A2"].value == "云溪市"
    assert run("compare", "--db", db, "--out", tmp_path / "t.csv").exit_code == 0
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert run("compare", "--db", db, "--out", tmp_path / "t.docx").exit_code == 2


def test_show_and_ledger(db: Path) -> None:
    assert "建强教师队伍" in run("show", "yunxi", "--db", db).output
    assert "text" not in json.loads(run("show", "yunxi", "--db", db, "--json").output)["document"]
    assert "past" in run("ledger", "yunxi", "--db", db, "--all").output
    assert json.loads(run("ledger", "yunxi", "--db", db, "--json").output)["fates"] == {
        "target": 3, "past": 1, "weight": 1,
    }  # fmt: skip
    missing = run("show", "nobody", "--db", db, "--lang", "en")
    assert missing.exit_code == 2
    assert "there is no such document: nobody" in missing.output


def test_export_to_standard_output_and_file(db: Path, tmp_path: Path) -> None:
    lines = run("export", "--db", db, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["source"] for line in lines] == ["shilin.txt", "yunxi.txt"]
    out = tmp_path / "all.jsonl"
    assert run("export", "--db", db, "--out", out).exit_code == 0
    assert out.read_text(encoding="utf-8").splitlines() == lines
    assert run("export", "--db", db, "--format", "papyrus").exit_code == 2


def test_errors_have_their_exit_codes(tmp_path: Path) -> None:
    absent = tmp_path / "absent.db"
    failed = run("ask", "双师", "--db", absent, "--lang", "en")
    assert failed.exit_code == 5
    assert "run duibiao ingest first" in failed.output
    told = run("ask", "双师", "--db", absent, "--json")
    assert (told.exit_code, json.loads(told.output)["error"]) == (5, "store")
    assert not absent.exists()
    assert run("ask").exit_code == 2


def test_ingest_of_nothing_is_exit_code_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUIBIAO_LEXICONS", str(make.lexicons(tmp_path / "lexicons").folder))
    db = tmp_path / "new" / "x.db"
    ended = run("ingest", tmp_path / "gone", "--db", db, "--lang", "en")
    assert ended.exit_code == 1
    assert "there is no such file or folder" in ended.output
    assert "1 files: 0 read" in ended.output
    told = json.loads(run("ingest", tmp_path / "gone", "--db", db, "--json").output)
    assert told["files"][0]["outcome"] == "missing"
    assert run("ingest", tmp_path, "--manifest", tmp_path / "no.csv", "--db", db).exit_code == 2


def test_doctor_says_what_is_there(db: Path) -> None:
    told = run("doctor", "--db", db, "--json")
    findings = {f["part"]: f for f in json.loads(told.output)}
    assert findings["Python"]["state"] == "fine"
    assert findings["sqlite-utils"]["found"]
    assert findings["datasette"]["state"] in ("fine", "optional")
    assert findings[str(db)]["found"].startswith("2 ")
    assert told.exit_code == (3 if any(f["state"] == "missing" for f in findings.values()) else 0)


@pytest.mark.parametrize(
    ("locale", "lang"), [("zh_CN.UTF-8", "zh"), ("en_GB.UTF-8", "en"), ("C.UTF-8", "zh"), ("POSIX", "zh"), ("", "zh")]
)
def test_language_comes_from_the_locale(monkeypatch: pytest.MonkeyPatch, locale: str, lang: str) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", locale)
    assert default_lang() == lang


def test_messages_have_both_languages_with_the_same_places() -> None:
    import string

    for key, pair in MESSAGES.items():
        places = [{field for _, field, _, _ in string.Formatter().parse(text) if field} for text in pair]
        assert all(pair), key
        assert places[0] == places[1], key
    with pytest.raises(KeyError):
        say("no such key", "zh")
