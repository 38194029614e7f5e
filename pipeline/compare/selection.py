"""Which documents a comparison counts: of the versions of a plan one, and none below the grade that is asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pipeline.errors import UsageError
from pipeline.store import GRADES, Store, at_least

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OtherVersion:
    """A document that is not counted since another version of its plan is.

    `file` is what stands aside and `counted` the file that counts; `kind` is same-text, reprint or version, `newer`
    the file that is newer (None where nothing tells), `why` the codes of the link; `values` what it says on the term.
    """

    region: str | None
    file: str
    counted: str
    kind: str
    newer: str | None
    why: tuple[str, ...]
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """Documents by what becomes of them, each list by region code, name, year and file: those that count, other
    versions (with what they are versions of), and those below the grade."""

    documents: tuple[Row, ...]
    others: tuple[tuple[Row, OtherVersion], ...]
    low_grade: tuple[Row, ...]


def grades_from(min_grade: str | None) -> tuple[str, ...]:
    """The grades that are good enough. Raises UsageError for what is no grade."""
    if min_grade is not None and min_grade not in tuple(GRADES):
        raise UsageError(("没有这个质量等级", "there is no such grade"), min_grade, ("A 到 D", "A to D"))
    return at_least(min_grade or GRADES[-1])


def select(store: Store, min_grade: str | None = None) -> Selection:
    """Sort the documents of a database. Raises UsageError for what is no grade."""
    good = grades_from(min_grade)
    rows = store.rows(
        """SELECT d.id, d.source, d.path, d.title, d.region_name, d.region_level, d.region_code, d.year, d.grade,
          v.kind, v.why, p.source AS counted, n.source AS newer
        FROM documents d LEFT JOIN versions v ON v.document = d.id LEFT JOIN documents p ON p.id = v.preferred
        LEFT JOIN documents n ON n.id = v.newer
        ORDER BY d.region_code IS NULL, d.region_code, d.region_name, d.year, d.source, d.id"""
    )
    counted: list[Row] = []
    others: list[tuple[Row, OtherVersion]] = []
    low: list[Row] = []
    for row in rows:
        kind, why, file, newer = (row.pop(name) for name in ("kind", "why", "counted", "newer"))
        if kind is not None:
            reasons = tuple(json.loads(why))
            others.append((row, OtherVersion(row["region_name"], row["source"], file, kind, newer, reasons)))
        elif (row["grade"] or GRADES[-1]) in good:
            counted.append(row)
        else:
            low.append(row)
    return Selection(tuple(counted), tuple(others), tuple(low))
