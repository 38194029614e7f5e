"""Whole ingests of invented files: versions, grades and encodings in the summary, the database and the commands."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "store"))
from version_helpers import body

from pipeline.cli import main
from pipeline.lexicons import load
from pipeline.run import Summary, ingest
from pipeline.store import Store

SIGNED = "\n云溪市人民政府\n2025年2月1日\n"


def page(text: str, source: str) -> str:
    lines = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return (
        f'<html><head><meta charset="utf-8"><meta name="SiteName" content="{source}"></head>'
        f'<body><div>首页</div><div id="zoom">{lines}</div></body></html>'
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data") / "plans"
    root.mkdir()
    final = body(sentences=30) + SIGNED
    files = {
        "final.txt": final.encode(),
        "twin.txt": final.encode(),
        "old-encoding.txt": final.encode("gb18030"),
        "spoilt.txt": final.encode("gb18030").decode("latin-1").encode(),
        "page.html": page(final, "云溪市人民政府").encode(),
        "news.html": page(final, "云溪新闻网").encode(),
        "draft.txt": body(sentences=30, value=15).replace("计划\n", "计划（征求意见稿）\n", 1).encode(),
        "copied.txt": (body("石榴县", sentences=30) + SIGNED.replace("云溪市", "石榴县")).encode(),
        "lost.txt": (body("石桥市", sentences=20, value=3) + "\n到0403年底前建成。" * 12).encode(),
    }
    for name, data in files.items():
        (root / name).write_bytes(data)
    elsewhere = {"copied.txt": "石榴县", "lost.txt": "石桥市"}
    rows = [f"{name},{elsewhere.get(name, '云溪市')}" for name in files]
    (root / "manifest.csv").write_text("file,region\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def read(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    db = tmp_path_factory.mktemp("db") / "plans.db"
    with Store(db) as store:
        return db, ingest([folder], store)


def test_the_summary_tells_versions_and_grades(read: tuple[Path, Summary]) -> None:
    files = {f.path.removeprefix("plans/"): f for f in read[1].files}
    counted = [name for name, f in files.items() if f.outcome == "read" and not f.counted_as]
    assert len(counted) == 3
    assert {"copied.txt", "lost.txt"} < set(counted)
    (chosen,) = set(counted) - {"copied.txt", "lost.txt"}
    assert files["draft.txt"].counted_as == f"plans/{chosen}"
    assert "征求意见稿" in files["draft.txt"].reason("zh")
    assert files["twin.txt"].outcome == "duplicate"
    assert files["lost.txt"].grade == "D"
    assert "lost or garbled" in files["lost.txt"].reason("en")
    assert dict(read[1].grades())["D"] == 1


def test_kinds_of_links(read: tuple[Path, Summary]) -> None:
    with Store(read[0]) as store:
        kinds = {r["path"].removeprefix("plans/"): r["kind"] for r in store.rows("SELECT path, kind FROM copies")}
    assert kinds.pop("draft.txt") == "version"
    assert kinds.pop("twin.txt") == "same-bytes"
    assert "copied.txt" not in kinds
    assert set(kinds.values()) <= {"same-text", "reprint"}
    assert len(kinds) == 4


def test_neither_order_nor_workers_nor_interruptions_show(folder: Path, read: tuple[Path, Summary]) -> None:
    with Store(read[0]) as store:
        expected = list(store.dump())
    with Store(None) as store:
        ingest([folder], store, workers=2)
        assert list(store.dump()) == expected
    tables = ("documents", "versions", "fingerprints", "files", "issues", "targets")
    with Store(read[0]) as store:
        rows = {t: store.rows(f"SELECT * FROM {t}") for t in tables}
    with Store(None) as store:
        for name in ("spoilt.txt", "draft.txt"):
            ingest([folder / name], store)
        ingest([folder], store)
        assert {t: store.rows(f"SELECT * FROM {t}") for t in tables} == rows
        before = list(store.dump())
        assert ingest([folder], store).changed == 0
        assert list(store.dump()) == before


def test_commands_count_once_and_tell_the_others(read: tuple[Path, Summary]) -> None:
    def run(*arguments: str) -> str:
        done = CliRunner().invoke(main, [*arguments, "--db", str(read[0]), "--lang", "zh"])
        assert done.exit_code == 0, done.output
        return done.output

    answer = json.loads(run("ask", "实训基地", "--json"))
    values = [(r["region"], r["value"]) for r in answer["quantified"] if r["value"] in ("12个", "15个", "3个")]
    assert set(values) == {("云溪市", "12个"), ("石榴县", "12个"), ("石桥市", "3个")}
    assert len(values) == 3
    assert "draft.txt" in {o["file"] for o in answer["others"]}
    text = run("ask", "实训基地")
    assert "同一规划的其他版本" in text
    assert "15个" in text
    good = json.loads(run("ask", "实训基地", "--json", "--min-grade", "B"))
    assert "石桥市" not in {r["region"] for r in good["quantified"]}
    assert good["low_grade"] == 1
    table = run("compare", "实训基地", "--min-grade", "B")
    assert "该地区的文件质量低于所要求的等级：lost.txt (D)" in table
    lines = [json.loads(line) for line in run("export").splitlines()]
    assert len(lines) == 8
    assert {d["source"]: d["grade"] for d in lines}["lost.txt"] == "D"
    (draft,) = [d for d in lines if d["source"] == "draft.txt"]
    assert draft["version"]["kind"] == "version"
    assert draft["version"]["of"] in {d["id"] for d in lines if d["version"] is None}
    assert len(run("export", "--min-grade", "C").splitlines()) == 7
    assert "质量 D" in run("show", "lost.txt")
    assert "征求意见稿" in run("show", "draft.txt")


def test_an_unknown_grade_is_refused(read: tuple[Path, Summary]) -> None:
    done = CliRunner().invoke(main, ["ask", "实训基地", "--min-grade", "E", "--db", str(read[0])])
    assert done.exit_code == 2


def test_the_lexicons_are_those_of_the_checkout() -> None:
    assert load().pattern("version-mark").search("(征求意见稿)")
