"""What the summary of an ingest tells of documents that were read: quality, and which of several versions counts."""

from __future__ import annotations

import json
from dataclasses import replace

from pipeline.messages import version_text
from pipeline.run.files import READ, UNCHANGED, FileResult
from pipeline.store import Store


class QualityNotes:
    """The notes on every document of a database, by path."""

    def __init__(self, store: Store) -> None:
        self._grades = {
            row["path"]: (row["grade"] or "", json.loads(row["grade_reasons"] or "[]"))
            for row in store.rows("SELECT path, grade, grade_reasons FROM documents")
        }
        self._versions = {row["path"]: row for row in store.rows("SELECT * FROM copies WHERE kind <> 'same-bytes'")}

    def add(self, result: FileResult) -> FileResult:
        """The result with the grade of its document, the reasons, and what it is a version of."""
        if result.outcome not in (READ, UNCHANGED) or result.path not in self._grades:
            return result
        grade, reasons = self._grades[result.path]
        notes = [(r["zh"], r["en"]) for r in reasons]
        if (row := self._versions.get(result.path)) is not None:
            why = json.loads(row["why"])
            notes.insert(0, (version_text(row["kind"], row["counted"], why, "zh"),
                             version_text(row["kind"], row["counted"], why, "en")))  # fmt: skip
        return replace(result, grade=grade, counted_as=row["counted"] if row else "", notes=tuple(notes))
