"""Ingest with the reading faked: how files end, what changes, and that order and workers do not show."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import make
import pytest
from fakes import work

from pipeline.errors import LexiconError, UsageError
from pipeline.lexicons import Lexicons
from pipeline.run import Summary, ingest, pool
from pipeline.run import work as real_work
from pipeline.run.manifest import read_manifest
from pipeline.run.work import Failure, Job
from pipeline.store import Store

Run = Callable[..., Summary]


@pytest.fixture
def words(tmp_path: Path) -> Lexicons:
    return make.lexicons(tmp_path / "lexicons")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "plans"
    (root / "deep").mkdir(parents=True)
    (root / "a.txt").write_text("yunxi 1")
    (root / "b.txt").write_text("shilin 2")
    (root / "deep" / "twin.txt").write_text("yunxi 1")
    (root / "README.md").write_text("not a plan")
    (root / ".hidden").write_text("raise")
    return root


def outcomes(summary: Summary) -> dict[str, str]:
    return {f.path: f.outcome for f in summary.files}


def test_every_file_ends_and_a_second_run_changes_nothing(folder: Path, words: Lexicons) -> None:
    (folder / "c.txt").write_text("refuse")
    with Store(None) as store:
        first = ingest([folder, folder / "gone.txt"], store, lexicons=words, work_on=work)
        assert outcomes(first) == {
            "plans/a.txt": "read", "plans/b.txt": "read", "plans/c.txt": "set aside",
            "plans/deep/twin.txt": "duplicate", str(folder / "gone.txt"): "missing",
        }  # fmt: skip
        reasons = {f.path: f.reason("en") for f in first.files}
        assert reasons["plans/c.txt"] == "the file is empty. download it again"
        assert reasons["plans/deep/twin.txt"] == "same content as plans/a.txt"
        assert (first.changed, first.exit_code) == (4, 0)
        before = list(store.dump())
        second = ingest([folder], store, lexicons=words, work_on=work)
        assert outcomes(second) == {
            "plans/a.txt": "unchanged", "plans/b.txt": "unchanged", "plans/c.txt": "set aside",
            "plans/deep/twin.txt": "duplicate",
        }  # fmt: skip
        assert second.changed == 0
        assert second.files[2].reason("zh") == "文件是空的。请重新下载"
        assert list(store.dump()) == before
        assert store.value("SELECT count(*) FROM runs") == 1


def test_unchanged_files_are_not_worked_on_again(folder: Path, words: Lexicons) -> None:
    seen: list[str] = []

    def counting(job: Job) -> real_work.Result:
        seen.append(job.name)
        return work(job)

    with Store(None) as store:
        ingest([folder], store, lexicons=words, work_on=counting)
        assert seen == ["a.txt", "b.txt"]
        (folder / "b.txt").write_text("shilin 3")
        summary = ingest([folder], store, lexicons=words, work_on=counting)
        assert seen == ["a.txt", "b.txt", "b.txt"]
        assert summary.changed == 1
        assert store.value("SELECT count(*) FROM documents") == 2


def test_other_words_make_files_be_read_again(folder: Path, words: Lexicons) -> None:
    with Store(None) as store:
        ingest([folder], store, lexicons=words, work_on=work)
        regions = words.folder / "regions.tsv"
        more = "990102\t白岩县\t\t县\t990102\t990100\tmade up\n"
        regions.write_text(regions.read_text(encoding="utf-8") + more, encoding="utf-8")
        summary = ingest([folder], store, lexicons=Lexicons(words.folder), work_on=work)
        assert outcomes(summary)["plans/a.txt"] == "read"
        assert store.value("SELECT count(*) FROM regions") == 4


def test_order_and_workers_do_not_show(folder: Path, words: Lexicons) -> None:
    dumps = []
    for paths, workers in (
        ([folder], 1),
        ([folder / "deep", folder / "b.txt", folder / "a.txt"], 1),
        ([folder / "a.txt", folder / "b.txt", folder / "deep"], 1),
        ([folder], 3),
    ):
        with Store(None) as store:
            ingest(paths, store, workers, lexicons=words, work_on=work)
            dumps.append(list(store.dump()))
    assert dumps[0] == dumps[3]
    assert dumps[1] == dumps[2]


def test_adding_files_one_by_one_gives_the_same_documents(folder: Path, words: Lexicons) -> None:
    tables = []
    for steps in ([[folder]], [[folder / "b.txt"], [folder]]):
        with Store(None) as store:
            for paths in steps:
                ingest(paths, store, lexicons=words, work_on=work)
            tables.append([store.rows(f"SELECT * FROM {t}") for t in ("documents", "targets", "files", "numbers")])
    assert tables[0] == tables[1]


def test_a_file_that_fails_costs_itself_alone(folder: Path, words: Lexicons) -> None:
    (folder / "c.txt").write_text("raise")
    with Store(None) as store:
        summary = ingest([folder], store, lexicons=words, work_on=work)
        (failed,) = [f for f in summary.files if f.outcome == "set aside"]
        assert (failed.path, failed.code) == ("plans/c.txt", "crash")
        assert "ValueError: of no use" in failed.reason("en")
        assert summary.exit_code == 0


def test_nothing_readable_is_exit_code_one(tmp_path: Path, words: Lexicons) -> None:
    (tmp_path / "x.txt").write_text("refuse")
    with Store(None) as store:
        assert ingest([tmp_path / "x.txt"], store, lexicons=words, work_on=work).exit_code == 1
        assert ingest([tmp_path / "nowhere"], store, lexicons=words, work_on=work).exit_code == 1
        assert store.value("SELECT count(*) FROM documents") == 0


def test_twins_of_a_bad_file_have_its_reason(folder: Path, words: Lexicons) -> None:
    (folder / "c.txt").write_text("refuse")
    (folder / "d.txt").write_text("refuse")
    with Store(None) as store:
        for _ in range(2):
            summary = ingest([folder], store, lexicons=words, work_on=work)
            ended = {f.path: (f.outcome, f.code) for f in summary.files}
            assert ended["plans/c.txt"] == ended["plans/d.txt"] == ("set aside", "unreadable")
        assert summary.changed == 0


def test_a_large_file_is_not_opened(folder: Path, words: Lexicons, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.run.orchestrator.MAX_BYTES", 7)
    with Store(None) as store:
        summary = ingest([folder], store, lexicons=words, work_on=work)
    assert outcomes(summary)["plans/b.txt"] == "set aside"
    assert [f.code for f in summary.files if f.path == "plans/b.txt"] == ["too-large"]
    assert outcomes(summary)["plans/a.txt"] == "read"


def test_an_edited_file_replaces_its_document_and_a_twin_inherits(folder: Path, words: Lexicons) -> None:
    with Store(None) as store:
        ingest([folder], store, lexicons=words, work_on=work)
        (folder / "a.txt").write_text("yunxi bare")
        ingest([folder], store, lexicons=words, work_on=work)
        ingest([folder], store, lexicons=words, work_on=work)
        found = store.rows("SELECT path, source FROM documents ORDER BY path")
        assert [r["path"] for r in found] == ["plans/a.txt", "plans/b.txt", "plans/deep/twin.txt"]
        (folder / "b.txt").write_text("refuse")
        ingest([folder], store, lexicons=words, work_on=work)
        assert store.value("SELECT count(*) FROM documents WHERE path = 'plans/b.txt'") == 0
        before = list(store.dump())
        assert ingest([folder], store, lexicons=words, work_on=work).changed == 0
        assert list(store.dump()) == before


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_manifest_beside_the_files_overrides(folder: Path, words: Lexicons, encoding: str) -> None:
    manifest = folder / "manifest.csv"
    manifest.write_bytes("file,region,title\r\na.txt,云溪市,改过的标题\r\nnot-there.txt,,\r\n".encode(encoding))
    with Store(None) as store:
        summary = ingest([folder], store, lexicons=words, work_on=work)
        assert outcomes(summary)["not-there.txt"] == "missing"
        assert "plans/manifest.csv" not in outcomes(summary)
        assert store.value("SELECT title FROM documents WHERE path = 'plans/a.txt'") == "改过的标题"
        manifest.write_bytes("file,title\na.txt,再改\n".encode(encoding))
        again = ingest([folder], store, lexicons=words, work_on=work)
        assert again.changed == 1
        assert store.value("SELECT title FROM documents WHERE path = 'plans/a.txt'") == "再改"


def test_a_named_manifest_must_be_good(folder: Path, words: Lexicons, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("name,title\na,b\n")
    with Store(None) as store, pytest.raises(UsageError, match="no column file"):
        ingest([folder], store, manifest=bad, lexicons=words, work_on=work)
    with pytest.raises(UsageError):
        read_manifest(tmp_path / "absent.csv")
    (folder / "manifest.csv").write_bytes(b"\xff\xff\xff,\x80")
    with Store(None) as store:
        summary = ingest([folder], store, lexicons=words, work_on=work)
    assert outcomes(summary)["manifest.csv"] == "set aside"


def test_progress_is_told(folder: Path, words: Lexicons) -> None:
    told: list[tuple[int, int, str]] = []
    with Store(None) as store:
        ingest([folder], store, lexicons=words, work_on=work, progress=lambda d, t, r: told.append((d, t, r.path)))
    assert told == [(1, 3, "plans/a.txt"), (2, 3, "plans/b.txt"), (3, 3, "plans/deep/twin.txt")]


def jobs(folder: Path, *said: str) -> list[Job]:
    made = []
    for i, what in enumerate(said):
        file = folder / f"job{i}.txt"
        file.write_text(what)
        made.append(Job(file, file.name, None, folder))
    return made


def test_a_worker_that_dies_or_hangs_costs_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "WARM_UP", 8.0)  # a busy machine takes long to start a process
    start = time.monotonic()
    found = list(pool.run(work, jobs(tmp_path, "die", "hang", "yunxi", "unpicklable", "shilin"), 2, seconds=2.0))
    assert time.monotonic() - start < 60
    codes = [r.code if isinstance(r, Failure) else r[0].source for r in found]
    assert codes == ["crash", "timeout", "job2.txt", "crash", "job4.txt"]


def test_broken_lexicons_stop_the_run_from_any_process(tmp_path: Path) -> None:
    for workers in (1, 2):
        with pytest.raises(LexiconError, match="broken"):
            list(pool.run(work, jobs(tmp_path, "lexicon", "yunxi"), workers))


def test_the_real_work_turns_errors_into_reasons(tmp_path: Path) -> None:
    gone = real_work.work(Job(tmp_path / "gone.txt", "gone.txt", None, Lexicons(tmp_path).folder))
    assert isinstance(gone, Failure)
    assert gone.code == "unreadable"


def test_rules_version_is_stable() -> None:
    assert real_work.rules_version() == real_work.rules_version()
    assert len(real_work.rules_version()) == 16
