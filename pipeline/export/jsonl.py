"""JSON Lines, one document a line, in the shape of the annotation guide; keys beyond it only add to a record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from pipeline.compare import grades_from
from pipeline.store import GRADES, Store
from pipeline.text import normalise

Row = dict[str, Any]
_CUT = "。;,；， "  # an export's quote ends with its last word


def write(store: Store, stream: BinaryIO, lang: str, min_grade: str | None = None) -> None:
    """All documents (of the grade) by file name, as UTF-8. The same database gives the same bytes."""
    for document in documents(store, min_grade):
        line = json.dumps(document, ensure_ascii=False)
        stream.write(line.encode("utf-8", "surrogatepass") + b"\n")


def documents(store: Store, min_grade: str | None = None) -> Iterator[Row]:
    """The documents as dictionaries in the guide's shape. Raises UsageError for what is no grade."""
    good = grades_from(min_grade)
    query = """SELECT d.*, v.kind AS version_kind, v.preferred, v.newer, v.why FROM documents d
    LEFT JOIN versions v ON v.document = d.id ORDER BY d.source, d.path, d.id"""
    for row in store.rows(query):
        if (row["grade"] or GRADES[-1]) not in good:
            continue
        yield _Document(store, row).export()


def _text(value: str | None) -> str | None:
    return None if value is None else normalise(value)


def _number(value: float | None) -> float | int | None:
    """Whole numbers without a fraction, as people write them."""
    return int(value) if value is not None and value == int(value) else value


class _Document:
    def __init__(self, store: Store, row: Row) -> None:
        self.store = store
        self.row = row
        self.headings: dict[str, str] = {}

    def export(self) -> Row:
        r = self.row
        region = None
        if r["region_name"]:
            region = {"name": _text(r["region_name"]), "level": r["region_level"], "code": r["region_code"]}
        tasks = self._tasks()
        return {
            "source": r["source"], "title": _text(r["title"]), "doc_number": _text(r["doc_number"]),
            "issuers": [normalise(i) for i in json.loads(r["issuers"])], "region": region,
            "issue_date": r["issue_date"], "publish_date": r["publish_date"], "status": r["status"],
            "doc_type": _text(r["doc_type"]), "year": r["year"], "id": r["id"],
            "grade": r["grade"], "grade_reasons": json.loads(r["grade_reasons"] or "[]"), "version": self._version(),
            "references": [self._reference(c) for c in self._of("citations")],
            "tasks": tasks,
            "targets": [self._target(t) for t in self._of("targets")],
            "milestones": [self._milestone(m) for m in self._of("milestones")],
            "indicators": [self._scheme_row(i) for i in self._of("indicators")],
            "actions": [self._action(a) for a in self._of("actions")],
        }  # fmt: skip

    def _version(self) -> Row | None:
        """What the document is a version of, by id, where it is not the one that counts."""
        r = self.row
        if r["version_kind"] is None:
            return None
        return {"of": r["preferred"], "kind": r["version_kind"], "newer": r["newer"], "why": json.loads(r["why"])}

    def _of(self, table: str) -> list[Row]:
        return self.store.rows(f"SELECT * FROM {table} WHERE document = ? ORDER BY ordinal", [self.row["id"]])

    def _proof(self, row: Row) -> Row:
        keys = ("start", "end", "confidence", "rule", "clause", "page", "id")
        return {key: row[key] for key in keys}

    def _quote(self, row: Row) -> str:
        return normalise(row["quote"]).rstrip(_CUT)

    def _reference(self, row: Row) -> Row:
        return {"title": _text(row["title"]), "doc_number": _text(row["doc_number"]), **self._proof(row)}

    def _tasks(self) -> list[Row]:
        agencies: dict[str, list[Row]] = {}
        for agency in self._of("responsibilities"):
            agencies.setdefault(agency["task_id"], []).append(agency)
        tasks = []
        for row in self._of("tasks"):
            self.headings[row["id"]] = normalise(row["heading"])
            tasks.append({
                "number": _text(row["number"]), "heading": self.headings[row["id"]],
                "section": [normalise(h) for h in json.loads(row["path"])], "source": row["source"],
                "agencies": [
                    {"name": _text(a["name"]), "role": a["role"], "full_name": _text(a["full_name"]),
                     "start": a["start"], "end": a["end"], "rule": a["rule"]}
                    for a in agencies.get(row["id"], ())
                ],
                "optional": bool(row["optional"]), **self._proof(row),
            })  # fmt: skip
        return tasks

    def _deadline(self, row: Row) -> Row | None:
        if row["deadline_raw"] is None:
            return None
        return {
            "raw": _text(row["deadline_raw"]), "start": row["deadline_start"], "end": row["deadline_end"],
            "approx": bool(row["deadline_approx"]),
        }  # fmt: skip

    def _target(self, row: Row) -> Row:
        return {
            "quote": self._quote(row), "indicator": _text(row["indicator"]), "op": row["op"],
            "value": _number(row["value"]), "value_max": _number(row["value_max"]), "unit": _text(row["unit"]),
            "per": _text(row["per"]), "kind": row["kind"], "deadline": self._deadline(row),
            "task": self.headings.get(row["task_id"]), "optional": bool(row["optional"]),
            "indicator_id": row["indicator_id"], "indicator_variant": row["indicator_variant"],
            "strength": row["strength"], "commitment": row["commitment"],
            **self._proof(row),
        }  # fmt: skip

    def _milestone(self, row: Row) -> Row:
        return {
            "quote": self._quote(row), "deadline": self._deadline(row), "task": self.headings.get(row["task_id"]),
            "optional": bool(row["optional"]), **self._proof(row),
        }  # fmt: skip

    def _scheme_row(self, row: Row) -> Row:
        path = [normalise(p) for p in json.loads(row["path"])]
        return {"path": path, "unit": _text(row["unit"]), "weight": _number(row["weight"]), **self._proof(row)}

    def _action(self, row: Row) -> Row:
        return {
            "quote": self._quote(row), "indicator": _text(row["indicator"]), "indicator_id": row["indicator_id"],
            "strength": row["strength"], "deadline": self._deadline(row), "task": self.headings.get(row["task_id"]),
            **self._proof(row),
        }  # fmt: skip
