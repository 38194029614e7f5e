"""`matrix`: regions (or documents) against indicators, no cell just empty; `top`: the indicators worth a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.compare.gather import Corpus, Findings, gather
from pipeline.compare.selection import OtherVersion, grades_from
from pipeline.compare.terms import Resolution, by_id, resolve
from pipeline.compare.values import deadline_text, value_text
from pipeline.errors import UsageError
from pipeline.store import GRADES, Store


class State(StrEnum):
    """What a cell says: a number, a promise without one, something else, nothing, or why nothing can be known."""

    QUANTIFIED = "quantified"
    QUALITATIVE = "qualitative"
    OTHER = "other"
    SILENT = "silent"
    DAMAGED = "damaged"
    NO_DOCUMENT = "no document"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its state, the reason (a message key with its values), and for promises the values and their proof.

    `value` joins the values of several commitments; `number` is set where there is one value alone, for sorting.
    """

    state: State
    reason: str
    detail: str = ""
    count: int = 0
    value: str = ""
    number: float | None = None
    deadline: str = ""
    lead: str = ""
    quote: str = ""
    commitments: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the matrix: a region or a document, with a cell for every indicator."""

    label: str
    region: str | None
    code: str | None
    files: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The comparison: `indicators` head the columns; lines come by region code."""

    by: str
    indicators: tuple[Resolution, ...]
    lines: tuple[Line, ...]
    others: tuple[OtherVersion, ...] = ()


def matrix(
    store: Store, indicators: Sequence[str | Resolution], by: str = "region", min_grade: str | None = None
) -> Matrix:
    """Compare regions or documents (`by`) on indicators, given as terms or as what they were resolved to.

    Of several versions of a plan one counts; the `others` are named. Documents below `min_grade` do not count.

    Regions whose only files were set aside (as far as the manifest names them) come last, as `no document`.
    Raises UsageError for another `by`, or for what is no grade.
    """
    if by not in ("region", "document"):
        raise UsageError(("只能按 region 或 document 比较", "compare by region or by document"), by)
    columns = tuple(i if isinstance(i, Resolution) else resolve(store, i, broad=False) for i in indicators)
    corpus = Corpus(store, min_grade)
    every = corpus.documents
    groups: dict[object, list[int]] = {}
    for i, document in enumerate(every):
        region = (document["region_code"], document["region_name"]) if document["region_name"] else document["id"]
        groups.setdefault(region if by == "region" else document["id"], []).append(i)
    gathered = [gather(corpus, column) for column in columns]
    lines = []
    for members in groups.values():
        first = every[members[0]]
        label = (first["region_name"] if by == "region" else None) or first["title"] or first["source"]
        cells = tuple(_cell([found[i] for i in members]) for found in gathered)
        files = tuple(every[i]["source"] for i in members)
        lines.append(Line(label, first["region_name"], first["region_code"], files, cells))
    others = tuple(other for _, other in corpus.selection.others)
    low = _low_grade(corpus, by, {line.region for line in lines if line.region}, len(columns))
    return Matrix(by, columns, (*lines, *low, *_without_document(store, len(columns))), others)


def _low_grade(corpus: Corpus, by: str, regions: set[str], width: int) -> list[Line]:
    """A line for each region (or document) all of whose documents are below the grade that was asked for."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in corpus.selection.low_grade:
        if by == "document":
            groups[row["id"]] = [row]
        elif row["region_name"] not in regions:
            groups.setdefault(row["region_name"] or row["id"], []).append(row)
    lines = []
    for rows in groups.values():
        region, code = rows[0]["region_name"], rows[0]["region_code"]
        label = (region if by == "region" else None) or rows[0]["title"] or rows[0]["source"]
        detail = "、".join(f"{row['source']} ({row['grade']})" for row in rows)
        cell = Cell(State.NO_DOCUMENT, "low grade", detail)
        lines.append(Line(label, region, code, tuple(row["source"] for row in rows), (cell,) * width))
    return lines


def _without_document(store: Store, width: int) -> list[Line]:
    rows = store.rows(
        """SELECT path, region, code FROM files WHERE outcome = 'set aside' AND region <> ''
        AND region NOT IN (SELECT region_name FROM documents WHERE region_name IS NOT NULL) ORDER BY region, path"""
    )
    regions: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        regions.setdefault(row["region"], []).append(row)
    lines = []
    for region, files in regions.items():
        cell = Cell(State.NO_DOCUMENT, "set aside", "、".join(f"{f['path']} ({f['code']})" for f in files))
        lines.append(Line(region, region, None, tuple(f["path"] for f in files), (cell,) * width))
    return lines


def _cell(found: list[Findings]) -> Cell:
    targets = [row for f in found for row in f.targets]
    if targets:
        return _promise(State.QUANTIFIED, targets)
    promises = [row for f in found for row in f.promises]
    damage = [row for f in found for row in f.damage]
    if damage:
        return Cell(State.DAMAGED, "damaged", damage[0]["detail"], quote=promises[0]["quote"] if promises else "")
    if promises:
        return _promise(State.QUALITATIVE, promises)
    for reason, rows in (
        ("norm", [row for f in found for row in f.norms]),
        ("weight", [row for f in found for row in f.weights]),
        ("number", [row for f in found for row in f.numbers]),
    ):
        if rows:
            return Cell(State.OTHER, reason, count=len(rows), quote=rows[0]["quote"])
    background = [hit for f in found for hit in f.background]
    if background:
        return Cell(State.OTHER, "background", count=len(background), quote=background[0].sentence)
    return Cell(State.SILENT, "silent")


def _promise(state: State, rows: list[dict[str, Any]]) -> Cell:
    texts = list(dict.fromkeys(value_text(row) for row in rows))
    return Cell(
        state=state,
        reason=str(state),
        count=len(rows),
        value="；".join(t for t in texts if t),
        number=rows[0]["value"] if state is State.QUANTIFIED and len(rows) == 1 else None,
        deadline="；".join(dict.fromkeys(d for row in rows if (d := deadline_text(row)))),
        lead="；".join(dict.fromkeys(row["lead"] for row in rows if row["lead"])),
        quote=rows[0]["quote"],
        commitments=tuple(row["id"] for row in rows),
        evidence=tuple(piece["id"] for row in rows for piece in row["pieces"]),
    )


def top(store: Store, n: int, min_grade: str | None = None) -> list[Resolution]:
    """The n indicators that most regions promise; among equals those that more promise with a number, then by id.

    Counts the documents that `matrix` counts. Raises UsageError for what is no grade.
    """
    good = grades_from(min_grade)
    marks = ", ".join("?" for _ in good)
    rows = store.rows(
        f"""SELECT indicator_id, count(DISTINCT coalesce(region_code, region, document)) AS regions,
          count(DISTINCT CASE kind WHEN 'target' THEN coalesce(region_code, region, document) END) AS counted
        FROM commitments WHERE indicator_id IS NOT NULL AND kind <> 'norm'
          AND document NOT IN (SELECT document FROM versions)
          AND document IN (SELECT id FROM documents WHERE coalesce(grade, '{GRADES[-1]}') IN ({marks}))
        GROUP BY indicator_id ORDER BY regions DESC, counted DESC, indicator_id LIMIT ?""",
        [*good, n],
    )
    return [by_id(store, row["indicator_id"]) for row in rows]
