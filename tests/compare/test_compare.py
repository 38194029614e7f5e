"""Answers known by hand: ask, matrix, top, one document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import make
import pytest

from pipeline.compare import State, ask, matrix, resolve, top
from pipeline.compare.document import find_document, ledger, outline
from pipeline.compare.values import deadline_text, number_text, value_text
from pipeline.errors import UsageError
from pipeline.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(None) as opened:
        opened.write_lexicons(make.lexicons(tmp_path / "lexicons"))
        opened.save(*make.yunxi(), "plans/yunxi.txt", "words", "rules")
        opened.save(*make.shilin(), "plans/shilin.txt", "words", "rules")
        yield opened


@pytest.mark.parametrize("term", ["双师型", "双师", "双师型教师占比", "双师素质教师比例"])
def test_ask_gives_the_promise_once_with_all_its_proofs_and_never_the_weight(store: Store, term: str) -> None:
    answer = ask(store, term)
    (row,) = answer.quantified
    assert (row.region, row.value, row.deadline, row.lead) == ("云溪市", "≥85%", "2027-12-31", "市教育局")
    assert row.responsible == "市人社局"
    assert [p.page for p in row.evidence] == [1, 1, 2]
    assert [(r.region, r.kind, r.quote) for r in answer.without_number] == [
        ("石林县", "action", "加快建设双师型教师队伍")
    ]
    left = {(item.reason, item.fate, item.value) for item in answer.left_out}
    assert left == {("weight", None, "3%"), ("number", "past", "61")}


def test_ask_names_what_the_term_was_taken_for(store: Store) -> None:
    assert resolve(store, "双师型教师占比").how == "name"
    assert resolve(store, "双师型").how == "alias"
    part = resolve(store, "双师")
    assert (part.how, part.name, part.ids) == ("part", "双师", {"double-qualified-share"})
    fuzzy = resolve(store, "双师素质教师比列")
    assert (fuzzy.how, fuzzy.ids) == ("fuzzy", {"double-qualified-share"})
    assert 80 < fuzzy.score < 100
    assert resolve(store, "养老床位").how == "text"


def test_a_norm_is_left_out_and_silence_is_counted(store: Store) -> None:
    answer = ask(store, "企业实践")
    assert (answer.quantified, answer.without_number, answer.silent) == ((), (), 1)
    (norm,) = answer.left_out
    assert (norm.reason, norm.value) == ("norm", "每5年≥6个月")


def test_a_word_in_a_task_heading_alone_is_a_promise_without_a_number(store: Store) -> None:
    answer = ask(store, "教师队伍")
    assert [(r.region, r.kind) for r in answer.without_number] == [("云溪市", "task"), ("石林县", "action")]
    assert answer.without_number[0].responsible == "市教育局、市人社局"


def test_a_word_outside_tasks_is_a_mention(store: Store) -> None:
    answer = ask(store, "制定本计划")
    assert [(m.region, m.count) for m in answer.mentions] == [("云溪市", 1)]
    assert answer.without_number == ()


def test_matrix_explains_every_cell(store: Store) -> None:
    shown = matrix(store, ["双师型教师占比", "实训基地", "现代学徒制", "企业实践", "养老床位"])
    assert [line.label for line in shown.lines] == ["云溪市", "石林县"]
    states = [[cell.state for cell in line.cells] for line in shown.lines]
    q, w, o, s = State.QUANTIFIED, State.QUALITATIVE, State.OTHER, State.SILENT
    assert states == [[q, q, w, o, s], [w, q, s, s, s]]
    first = shown.lines[0].cells[0]
    assert (first.value, first.deadline, first.lead, len(first.evidence)) == ("≥85%", "2027-12-31", "市教育局", 3)
    assert shown.lines[0].cells[3].reason == "norm"
    assert [line.cells[1].number for line in shown.lines] == [12.0, 5.0]


def test_matrix_knows_damage_and_regions_without_a_document(store: Store) -> None:
    store.save(*make.shilin(damaged=True), "plans/shilin.txt", "words", "rules")
    store.record_file({
        "path": "plans/lost.pdf", "digest": "0" * 64, "document": None, "outcome": "set aside", "code": "unreadable",
        "reason_zh": "", "reason_en": "", "advice_zh": "", "advice_en": "", "region": "青岭省", "manifest_digest": "",
        "lexicon_fingerprint": "", "rules_version": "",
    })  # fmt: skip
    shown = matrix(store, ["双师型教师占比"])
    assert [(line.label, line.cells[0].state) for line in shown.lines] == [
        ("云溪市", State.QUANTIFIED), ("石林县", State.DAMAGED), ("青岭省", State.NO_DOCUMENT),
    ]  # fmt: skip
    assert "lost.pdf" in shown.lines[2].cells[0].detail


def test_matrix_by_document_and_by_nonsense(store: Store) -> None:
    assert [line.label for line in matrix(store, ["实训基地"], "document").lines] == [
        "云溪市职业教育产教融合行动计划",
        "石林县产教融合实施意见",
    ]
    with pytest.raises(UsageError):
        matrix(store, ["实训基地"], "colour")


def test_top_counts_regions_and_prefers_numbers(store: Store) -> None:
    assert [r.name for r in top(store, 9)] == ["实训基地", "双师型教师占比", "现代学徒制"]
    assert len(top(store, 1)) == 1


def test_find_document(store: Store) -> None:
    for name in ("yunxi.txt", "yunxi", "云溪市", "plans/yunxi.txt"):
        assert find_document(store, name)["source"] == "yunxi.txt"
    with pytest.raises(UsageError, match="several"):
        find_document(store, "产教融合")
    with pytest.raises(UsageError, match="no such"):
        find_document(store, "青岭")


def test_outline_puts_records_below_their_headings(store: Store) -> None:
    found = outline(store, "yunxi")
    assert found.counts == {
        "tasks": 3, "targets": 5, "milestones": 1, "actions": 1, "indicators": 1, "citations": 1,
    }  # fmt: skip
    assert [n.heading for n in found.root.children] == ["总体目标", "重点任务", "评价指标", "任务分解表"]
    teachers = found.root.children[1].children[0]
    assert [layer for layer, _ in teachers.records] == ["tasks", "targets", "targets"]
    assert [layer for layer, _ in found.root.records] == ["citations"]


def test_ledger_counts_fates(store: Store) -> None:
    found = ledger(store, "yunxi")
    assert found.fates == (("target", 3), ("past", 1), ("weight", 1))
    assert (found.unaccounted, found.share) == (0, 0.0)
    assert "占比为61%" in found.numbers[2]["context"]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"op": ">=", "value": 90.0, "unit": "%"}, "≥90%"),
        ({"op": "range", "value": 3.0, "value_max": 5.0, "unit": "个"}, "3–5个"),
        ({"op": "~", "value": 0.5, "unit": "年", "per": "每5年"}, "每5年≈0.5年"),
        ({"op": "=", "value": 12000.0, "unit": "人次"}, "1.2万人次"),
        ({"op": "<=", "value": 5e6, "unit": "元"}, "≤500万元"),
        ({"op": None, "value": None}, ""),
    ],
)
def test_value_text(row: dict[str, object], text: str) -> None:
    assert value_text(row) == text


def test_number_text_loses_nothing() -> None:
    assert [number_text(v) for v in (10001.0, 123456.0, 2e8, 66.67)] == ["1.0001万", "12.3456万", "2亿", "66.67"]
    assert number_text(1234567.5) == "1234567.5"


def test_deadline_text() -> None:
    assert deadline_text({"deadline_end": "2025-12-31", "deadline_approx": 1}) == "≈2025-12-31"
    assert deadline_text({"deadline_start": "2022-01-01"}) == "2022-01-01…"
    assert deadline_text({"deadline_start": "2022-01-01", "deadline_end": "2022-03-31"}) == "2022-01-01…2022-03-31"
    assert deadline_text({"deadline_raw": "近期"}) == "近期"


def test_a_column_holds_its_indicator_alone_but_ask_finds_all_that_speaks_of_it(store: Store) -> None:
    document, extraction = make.shilin()
    other = replace(
        extraction.targets[0],
        indicator="双师型教师实训基地",
        evidence=make.evidence(make.SHILIN, "建成实训基地5个", 0, 1),
    )
    store.save(document, replace(extraction, targets=(other,)), "plans/shilin.txt", "words", "rules")
    assert [r.value for r in ask(store, "双师型教师占比").quantified] == ["≥85%"]
    assert [r.value for r in ask(store, "双师型").quantified] == ["≥85%", "5个"]
    cells = [line.cells[0] for line in matrix(store, ["双师型教师占比"]).lines]
    assert [c.state for c in cells] == [State.QUANTIFIED, State.QUALITATIVE]
