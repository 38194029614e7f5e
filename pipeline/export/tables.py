"""The tables that CSV and Excel share: columns and rows of plain values, made from the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.compare import Cell, Matrix, State, grades_from
from pipeline.messages import say
from pipeline.store import GRADES, Store

# The signs of cells without a value; `matrix.legend` explains them.
SIGNS = {
    State.QUANTIFIED: "●",
    State.QUALITATIVE: "○",
    State.OTHER: "·",
    State.SILENT: "–",
    State.DAMAGED: "×",
    State.NO_DOCUMENT: "?",
}


@dataclass(frozen=True)
class Table:
    """Columns with rows of the same width."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def _query(store: Store, columns: Sequence[str], rest: str) -> Table:
    names = ", ".join(f'"{c}"' for c in columns)
    rows = store.rows(f"SELECT {names} FROM {rest}")
    return Table(tuple(columns), tuple(tuple(row[c] for c in columns) for row in rows))


def _good(min_grade: str | None) -> str:
    """The grades that are good enough as a list for SQL; a document without a grade counts as the worst."""
    return ", ".join(f"'{letter}'" for letter in grades_from(min_grade))


def _graded(min_grade: str | None) -> str:
    """The documents that are good enough, with what each is a version of, for SQL."""
    return f"""(SELECT d.*, v.kind AS version_kind, p.source AS version_of FROM documents d
        LEFT JOIN versions v ON v.document = d.id LEFT JOIN documents p ON p.id = v.preferred
        WHERE coalesce(d.grade, '{GRADES[-1]}') IN ({_good(min_grade)}))"""


def commitments(store: Store, min_grade: str | None = None) -> Table:
    """One row per distinct commitment, by region code, file and place. `version_of` names the file that counts in
    comparisons where that is another version of the plan. Raises UsageError for what is no grade, as all here do."""
    columns = (
        "region", "level", "region_code", "year", "kind", "indicator", "op", "value", "value_max", "unit", "base_value",
        "base_value_max", "base_unit", "per", "deadline_start", "deadline_end", "deadline_raw", "strength", "lead",
        "responsible", "support", "quote", "clause", "page", "file", "confidence", "review_state", "evidence_count",
        "indicator_written", "indicator_id", "indicator_variant", "start", "end", "rule", "document", "id",
        "grade", "version_of",
    )  # fmt: skip
    return _query(
        store,
        columns,
        f"""(SELECT c.*, d.grade, d.version_of FROM commitments c JOIN {_graded(min_grade)} d ON d.id = c.document)
        ORDER BY region_code IS NULL, region_code, file, document, "start", id""",
    )


def evidence(store: Store, min_grade: str | None = None) -> Table:
    """One row per piece of evidence, in the order of the commitments."""
    columns = (
        "commitment", "file", "kind", "indicator", "op", "value", "value_max", "unit", "deadline_raw", "deadline_start",
        "deadline_end", "quote", "clause", "page", "start", "end", "rule", "confidence", "id",
    )  # fmt: skip
    return _query(
        store,
        columns,
        f"""(SELECT e.*, d.source AS file, d.region_code AS code
        FROM evidence e JOIN {_graded(min_grade)} d ON d.id = e.document)
        ORDER BY code IS NULL, code, file, document, "start", id""",
    )


def agencies(store: Store, min_grade: str | None = None) -> Table:
    """One row per agency and task."""
    columns = ("region", "file", "number", "task", "name", "role", "full_name", "agency_id", "score", "clause", "quote")
    return _query(
        store,
        columns,
        f"""(SELECT r.*, d.source AS file, d.region_name AS region, d.region_code AS code, t.number, t.heading AS task
        FROM responsibilities r JOIN {_graded(min_grade)} d ON d.id = r.document LEFT JOIN tasks t ON t.id = r.task_id)
        ORDER BY code IS NULL, code, file, document, ordinal""",
    )


def documents(store: Store, min_grade: str | None = None) -> Table:
    """One row per document."""
    columns = (
        "source", "title", "doc_number", "issuers", "region_name", "region_level", "region_code", "issue_date",
        "publish_date", "status", "doc_type", "year", "page_count", "format", "url", "digest", "id",
        "grade", "grade_reasons", "version_kind", "version_of",
    )  # fmt: skip
    return _query(store, columns, f"{_graded(min_grade)} ORDER BY region_code IS NULL, region_code, source, id")


def files(store: Store) -> Table:
    """One row per file that was ever ingested: how it ended and why, with the versions that read it."""
    columns = (
        "path", "outcome", "code", "reason_zh", "reason_en", "advice_zh", "advice_en", "digest", "lexicon_fingerprint",
        "rules_version",
    )  # fmt: skip
    return _query(store, columns, "files ORDER BY path")


def matrix_table(matrix: Matrix, lang: str) -> Table:
    """The matrix as texts: values with their deadline, else the reason why there is none."""
    head = say("region" if matrix.by == "region" else "document", lang)
    columns = (head, *(i.name for i in matrix.indicators))
    return Table(columns, tuple((line.label, *(cell_text(c, lang) for c in line.cells)) for line in matrix.lines))


def cell_text(cell: Cell, lang: str) -> str:
    """What a cell says in words: its values and deadline, or its state with the reason."""
    if cell.state is State.QUANTIFIED:
        return f"{cell.value} ({cell.deadline})" if cell.deadline else cell.value
    return f"{SIGNS[cell.state]} {reason_text(cell, lang)}"


def reason_text(cell: Cell, lang: str) -> str:
    """Why a cell says what it says, as a sentence."""
    return say(f"cell.{cell.reason}", lang, count=cell.count, detail=cell.detail)
