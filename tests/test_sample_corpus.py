"""The sample corpus: it holds what it claims to, and extraction reaches its floors against the gold in `gold/`."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eval.scorer import LAYERS, Score, overall, score, total
from make_corpus import AS_PDF, SOURCES, docx

from pipeline.compare import ask
from pipeline.export.jsonl import documents
from pipeline.run import ingest
from pipeline.store import Store

HERE = Path(__file__).parent
CORPUS = HERE.parent / "corpus"
GOLD = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((HERE / "gold").glob("*.json"))}
FLOORS = tomllib.loads((HERE / "eval" / "floors.toml").read_text(encoding="utf-8"))["sample"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("sample") / "sample.db") as made:
        summary = ingest([CORPUS], made, workers=2)
        assert summary.count("read") == len(GOLD), summary.files
        yield made


@pytest.fixture(scope="module")
def exported(store: Store) -> dict[str, dict[str, Any]]:
    return {Path(d["source"]).stem: d for d in documents(store)}


@pytest.fixture(scope="module")
def scores(exported: dict[str, dict[str, Any]]) -> dict[str, dict[str, Score]]:
    return {name: score(gold, exported[name]) for name, gold in GOLD.items()}


def test_every_sample_has_gold_and_a_line_in_the_manifest() -> None:
    samples = {path.name for path in CORPUS.iterdir() if path.suffix not in {".csv", ".md"}}
    with (CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["file"] for row in rows} == samples == {gold["source"] for gold in GOLD.values()}
    assert len(samples) >= 9
    assert {Path(name).suffix for name in samples} == {".txt", ".html", ".docx", ".pdf"}


def test_samples_are_as_long_as_short_plans_are(store: Store) -> None:
    lengths = {row["source"]: row["n"] for row in store.rows("SELECT source, length(text) AS n FROM documents")}
    assert all(1400 <= n <= 4000 for n in lengths.values()), lengths


def test_gold_has_every_layer() -> None:
    for layer in ("references", "tasks", "targets", "milestones", "indicators"):
        assert any(gold[layer] for gold in GOLD.values()), layer
    roles = {a["role"] for gold in GOLD.values() for task in gold["tasks"] for a in task["agencies"]}
    assert roles == {"lead", "responsible", "support"}
    targets = [target for gold in GOLD.values() for target in gold["targets"]]
    assert {t["kind"] for t in targets} == {"goal", "norm"}
    assert {t["op"] for t in targets} == {"=", ">=", "<=", "~", "range"}
    assert any(t["per"] for t in targets)


def test_quotes_of_gold_stand_in_the_text(store: Store) -> None:
    from pipeline.text import normalise

    for row in store.rows("SELECT source, text FROM documents"):
        text = "".join(normalise(row["text"]).split())
        gold = GOLD[Path(row["source"]).stem]
        quotes = [r["quote"] for layer in ("targets", "milestones") for r in gold[layer]]
        lost = [q for q in quotes if "".join(q.split()) not in text]
        assert not lost, (row["source"], lost)


@pytest.mark.parametrize("layer", LAYERS)
def test_layer_reaches_its_floor(layer: str, scores: dict[str, dict[str, Score]]) -> None:
    reached = total(scores.values())[layer]
    assert reached.f1 is not None
    assert reached.f1 >= FLOORS["layers"][layer], "\n".join(reached.wrong)


@pytest.mark.parametrize("name", sorted(GOLD))
def test_document_reaches_its_floor(name: str, scores: dict[str, dict[str, Score]]) -> None:
    wrong = [line for layer in LAYERS for line in scores[name][layer].wrong]
    assert overall(scores[name]) >= FLOORS["documents"][name], "\n".join(wrong)


def test_ask_tells_promises_from_weights(store: Store) -> None:
    answer = ask(store, "双师型")
    shares = {(row.file, row.value) for row in answer.quantified if row.unit == "%"}
    assert shares == {("lanchuan-2021.html", "≥85%"), ("yanxi-2022.txt", "≥80%"), ("muhe-2023.docx", "≥90%")}
    assert {"shushi-2022.txt", "hetang-2025.txt"} <= {row.file for row in answer.without_number}
    weights = [(left.file, left.value) for left in answer.left_out if left.reason == "weight"]
    assert weights == [("linluo-2024.docx", "2%")]


def test_ask_takes_the_lead_from_the_annex(store: Store) -> None:
    row = next(r for r in ask(store, "双师型").quantified if r.file == "lanchuan-2021.html")
    assert (row.deadline, row.lead, row.count) == ("2025-12-31", "市教育局", 2)


def test_samples_are_what_their_sources_make() -> None:
    made = [path for path in sorted(SOURCES.glob("*.txt")) if path.stem not in AS_PDF]
    assert made
    for path in made:
        sample = (CORPUS / f"{path.stem}.docx").read_bytes()
        assert sample == docx(path.read_text(encoding="utf-8")), f"run tests/make_corpus.py: {path.stem} is stale"
