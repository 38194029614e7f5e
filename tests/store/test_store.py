"""The store: saving is idempotent and canonical, spans hold, search finds two characters, versions are checked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import make
import pytest

from pipeline.errors import StoreError
from pipeline.store import Store, document_id

LAYERS = ("tasks", "responsibilities", "targets", "milestones", "actions", "indicators", "citations")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(None) as opened:
        opened.write_lexicons(make.lexicons(tmp_path / "lexicons"))
        yield opened


def save(store: Store, *plans: str) -> None:
    for plan in plans:
        store.save(*getattr(make, plan)(), f"plans/{plan}.txt", "words", "rules")


def test_saving_twice_changes_nothing(store: Store) -> None:
    assert store.save(*make.yunxi(), "plans/yunxi.txt", "words", "rules") is True
    before = list(store.dump())
    assert store.save(*make.yunxi(), "plans/yunxi.txt", "words", "rules") is False
    assert list(store.dump()) == before


def test_a_changed_extraction_replaces_all_rows_and_the_index(store: Store) -> None:
    document, extraction = make.yunxi()
    store.save(document, replace(extraction, targets=extraction.targets[:2]), "plans/yunxi.txt", "words", "rules")
    assert store.value("SELECT count(*) FROM targets") == 2
    assert store.save(document, extraction, "plans/yunxi.txt", "words", "rules") is True
    assert store.value("SELECT count(*) FROM targets") == 5
    with Store(None) as fresh:
        fresh.db.table("regions").insert_all(store.rows("SELECT * FROM regions"))
        save(fresh, "yunxi")
        for table in (*LAYERS, "documents", "commitment_agencies", "search_pieces", "numbers"):
            assert store.rows(f"SELECT * FROM {table}") == fresh.rows(f"SELECT * FROM {table}"), table
    assert len(store.search("双师")) == 5


def test_order_of_saving_does_not_show_in_the_tables(store: Store) -> None:
    save(store, "yunxi", "shilin")
    with Store(None) as other:
        other.db.table("regions").insert_all(store.rows("SELECT * FROM regions"))
        save(other, "shilin", "yunxi")
        for table in (*LAYERS, "documents", "blocks", "sections", "numbers", "search_pieces"):
            assert store.rows(f"SELECT * FROM {table}") == other.rows(f"SELECT * FROM {table}"), table


def test_every_quote_is_its_span(store: Store) -> None:
    save(store, "yunxi", "shilin")
    seen = 0
    for table in LAYERS:
        for row in store.rows(f"SELECT r.*, d.text FROM {table} r JOIN documents d ON d.id = r.document"):
            assert row["text"][row["start"] : row["end"]] == row["quote"], table
            seen += 1
    assert seen == 3 + 4 + 5 + 1 + 1 + 1 + 1 + 2 + 1 + 1


def test_one_commitment_with_three_proofs_and_the_lead_of_the_annex(store: Store) -> None:
    save(store, "yunxi")
    (row,) = store.rows("SELECT * FROM commitments WHERE indicator = '双师型教师占比'")
    assert (row["value"], row["op"], row["deadline_end"], row["evidence_count"]) == (85.0, ">=", "2027-12-31", 3)
    assert (row["lead"], row["responsible"], row["support"]) == ("市教育局", "市人社局", None)
    assert row["region"] == "云溪市"
    assert row["review_state"] == "unreviewed"
    clauses = [r["clause"] for r in store.rows("SELECT clause FROM evidence WHERE kind = 'target' ORDER BY \"start\"")]
    assert clauses == ["一、总体目标", "一、总体目标", "二、重点任务 › (一)建强教师队伍", "附件2:任务分解表 › 1"]


def test_kinds_stay_apart_and_a_ledger_line_names_its_record(store: Store) -> None:
    save(store, "yunxi")
    kinds = store.rows("SELECT kind, count(*) AS n FROM commitments GROUP BY kind ORDER BY kind")
    assert {r["kind"]: r["n"] for r in kinds} == {"action": 1, "milestone": 1, "norm": 1, "target": 2}
    weight = store.rows("SELECT n.record, i.weight FROM numbers n JOIN indicators i ON i.id = n.record")
    assert [r["weight"] for r in weight] == [3.0]


def test_two_characters_one_character_and_odd_spacing_are_found(store: Store) -> None:
    document, extraction = make.shilin()
    text = document.text.replace("双师型", "双 师型").replace("5个", "５个")
    blocks = make.blocks(text)
    plain = replace(document, text=text, blocks=blocks, sections=(), digest="f" * 64)
    store.save(plain, type(extraction)(), "plans/odd.txt", "words", "rules")
    (hit,) = store.search("双师")
    assert text[hit.start : hit.end] == "双 师"
    assert hit.sentence == "加快建设双 师型教师队伍。"
    assert [text[h.start : h.end] for h in store.search("5个")] == ["５个"]
    assert len(store.search("师")) == text.count("师")
    assert store.search("不在文中") == []
    assert store.search(" ") == []


def test_a_dropped_document_leaves_no_row_and_no_hit(store: Store) -> None:
    save(store, "yunxi", "shilin")
    store.drop_document(document_id(make.yunxi()[0].digest))
    assert store.value("SELECT count(*) FROM documents") == 1
    assert {h.document for h in store.search("双师")} == {document_id(make.shilin()[0].digest)}
    assert store.value("SELECT count(*) FROM targets") == 1
    assert store.rows("PRAGMA foreign_key_check") == []


def test_region_is_found_in_the_lexicon_copy(store: Store) -> None:
    save(store, "yunxi")
    assert store.value("SELECT r.name FROM documents d JOIN regions r ON r.id = d.region_id") == "云溪市"


def test_a_failed_save_leaves_the_old_rows(store: Store) -> None:
    save(store, "yunxi")
    before = list(store.dump())
    document, extraction = make.yunxi()
    broken = replace(extraction, numbers=(*extraction.numbers, extraction.numbers[0]))
    with pytest.raises(sqlite3.IntegrityError):
        store.save(document, broken, "plans/yunxi.txt", "words", "rules")
    assert list(store.dump()) == before


def test_a_newer_foreign_damaged_or_absent_database_is_refused(tmp_path: Path) -> None:
    newer = tmp_path / "newer.db"
    with Store(newer) as opened:
        opened.db.execute("INSERT INTO migrations VALUES (99, 'from the future')")
    foreign = tmp_path / "foreign.db"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE recipes (id)")
    connection.close()
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"not a database at all, but long enough to be read as one" * 20)
    for path in (newer, foreign, damaged):
        with pytest.raises(StoreError) as caught:
            Store(path)
        assert caught.value.exit_code == 5
        assert path.name in str(caught.value) or caught.value.where
    with pytest.raises(StoreError):
        Store(tmp_path / "absent.db", create=False)
    assert not (tmp_path / "absent.db").exists()


def test_opening_again_applies_no_migration_twice(tmp_path: Path) -> None:
    path = tmp_path / "plans.db"
    with Store(path) as opened:
        save(opened, "yunxi")
        before = list(opened.dump())
    with Store(path) as opened:
        assert list(opened.dump()) == before
