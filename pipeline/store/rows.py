"""A Document and its Extraction as rows of the tables: ids, quotes, clause paths and pages are worked out here."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, TypeAlias

from pipeline.model import Agency, Block, Deadline, Document, Evidence, Extraction, Task
from pipeline.store.ids import RecordIds, document_id
from pipeline.text import normalise

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = dict[str, list[Row]]

CLAUSE_JOINT = " › "
ROLE_RANK = {"lead": 0, "responsible": 1, "support": 2}


def to_json(value: object) -> str:
    """Compact JSON with Chinese left readable; the one way in which lists stand in cells."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _Places:
    """Where things stand in a document: page, table cell and clause path of an offset or a section."""

    def __init__(self, document: Document, ids: RecordIds) -> None:
        self.document = document
        self._starts = [b.start for b in document.blocks]
        self.section_ids = [ids.new("section", s.start, s.end) for s in document.sections]
        self._by_index = {s.index: i for i, s in enumerate(document.sections)}
        self._captions = {t.index: t.caption for t in document.tables}
        self._task_numbers: dict[tuple[int, int], str] = {}

    def learn_tasks(self, tasks: Sequence[Task]) -> None:
        """Remember which table rows have a number of their own, since people cite rows by it."""
        for task in tasks:
            block = self.block(task.evidence.start)
            if task.source == "table" and task.number and block and block.cell:
                self._task_numbers[block.cell.table, block.cell.row] = normalise(task.number)

    def block(self, offset: int) -> Block | None:
        at = bisect_right(self._starts, offset) - 1
        return self.document.blocks[at] if at >= 0 else None

    def page(self, offset: int) -> int | None:
        block = self.block(offset)
        return block.page if block else None

    def section_id(self, section: int | None) -> str | None:
        return self.section_ids[self._by_index[section]] if section in self._by_index else None

    def path(self, section: int | None) -> list[str]:
        """Numbers with headings from the top down to the section."""
        parts: list[str] = []
        while section is not None and section in self._by_index:
            node = self.document.sections[self._by_index[section]]
            parts.append(normalise(node.number + node.heading))
            section = node.parent
        return parts[::-1]

    def clause(self, evidence: Evidence) -> str:
        """The path of headings; inside a table also its caption and the row: its own number, else R and a count."""
        parts = self.path(evidence.section)
        block = self.block(evidence.start)
        if block and block.cell:
            caption = normalise(self._captions.get(block.cell.table, ""))
            if caption and not any(caption in part for part in parts):
                parts.append(caption)
            row = self._task_numbers.get((block.cell.table, block.cell.row))
            parts.append(row or f"R{block.cell.row + 1}")
        return CLAUSE_JOINT.join(parts)


class RowMaker:
    """Makes the rows of one document."""

    def __init__(self, document: Document, extraction: Extraction) -> None:
        self.document = document
        self.extraction = extraction
        self.id = document_id(document.digest)
        self.ids = RecordIds(self.id)
        self.places = _Places(document, self.ids)
        self.task_ids: list[str] = []
        self.records: dict[tuple[str, int], str] = {}

    def rows(self) -> Rows:
        """Rows by table, parents before children; `documents` itself is made where its run is known."""
        self.places.learn_tasks(self.extraction.tasks)
        rows: Rows = {"metadata_found": self._metadata(), "blocks": self._blocks(), "pages": self._pages()}
        rows["sections"] = self._sections()
        rows["tables"] = self._tables()
        rows["tasks"], rows["responsibilities"] = self._tasks()
        rows["targets"], groups = self._targets()
        rows["milestones"] = self._milestones()
        rows["actions"] = self._actions()
        rows["indicators"] = self._scheme()
        rows["citations"] = self._citations()
        rows["commitment_agencies"] = self._commitment_agencies(groups)
        rows["numbers"] = self._numbers()
        rows["issues"] = self._issues()
        return rows

    def _evidence(self, evidence: Evidence) -> Row:
        return {
            "start": evidence.start,
            "end": evidence.end,
            "quote": self.document.text[evidence.start : evidence.end],
            "rule": evidence.rule,
            "confidence": evidence.confidence,
            "section_id": self.places.section_id(evidence.section),
            "clause": self.places.clause(evidence),
            "page": self.places.page(evidence.start),
        }

    def _record(self, layer: str, ordinal: int, evidence: Evidence) -> Row:
        record = self.ids.new(layer, evidence.start, evidence.end)
        self.records[layer, ordinal] = record
        return {"id": record, "document": self.id, "ordinal": ordinal, **self._evidence(evidence)}

    def _task_id(self, task: int | None) -> str | None:
        return None if task is None else self.task_ids[task]

    def _metadata(self) -> list[Row]:
        return [
            {"document": self.id, "ordinal": i, "name": f.name, "value": f.value, "source": f.source, "start": f.start,
             "end": f.end, "chosen": int(f.chosen)}
            for i, f in enumerate(self.document.metadata.found)
        ]  # fmt: skip

    def _blocks(self) -> list[Row]:
        rows = []
        for i, b in enumerate(self.document.blocks):
            cell = b.cell
            rows.append({
                "document": self.id, "ordinal": i, "start": b.start, "end": b.end, "kind": str(b.kind), "page": b.page,
                "level": b.level, "table_ordinal": cell.table if cell else None, "row": cell.row if cell else None,
                "col": cell.col if cell else None, "rowspan": cell.rowspan if cell else None,
                "colspan": cell.colspan if cell else None,
            })  # fmt: skip
        return rows

    def _pages(self) -> list[Row]:
        spans: dict[int, tuple[int, int]] = {}
        for b in self.document.blocks:
            if b.page is not None:
                first, last = spans.get(b.page, (b.start, b.end))
                spans[b.page] = (min(first, b.start), max(last, b.end))
        return [{"document": self.id, "page": p, "start": s, "end": e} for p, (s, e) in sorted(spans.items())]

    def _sections(self) -> list[Row]:
        return [
            {"id": self.places.section_ids[i], "document": self.id, "ordinal": i,
             "parent_id": self.places.section_id(s.parent), "level": s.level, "number": s.number, "heading": s.heading,
             "clause": CLAUSE_JOINT.join(self.places.path(s.index)), "start": s.start, "end": s.end,
             "heading_start": s.heading_start, "heading_end": s.heading_end, "body_start": s.body_start,
             "run_in": int(s.run_in), "part": s.part}
            for i, s in enumerate(self.document.sections)
        ]  # fmt: skip

    def _tables(self) -> list[Row]:
        return [
            {"id": self.ids.new("table", t.start, t.end), "document": self.id, "ordinal": t.index, "start": t.start,
             "end": t.end, "rows": t.rows, "cols": t.cols, "caption": t.caption}
            for t in self.document.tables
        ]  # fmt: skip

    def _tasks(self) -> tuple[list[Row], list[Row]]:
        tasks: list[Row] = []
        agencies: list[Row] = []
        for i, task in enumerate(self.extraction.tasks):
            row = self._record("tasks", i, task.evidence)
            self.task_ids.append(row["id"])
            tasks.append(row | {
                "number": task.number, "heading": task.heading, "path": to_json(task.path), "source": task.source,
                "body_start": task.body_start, "body_end": task.body_end, "optional": int(task.optional),
            })  # fmt: skip
            for agency in task.agencies:
                agencies.append(self._record("agencies", len(agencies), agency.evidence) | {
                    "task_id": row["id"], "name": agency.name, "role": agency.role, "agency_id": agency.agency_id,
                    "full_name": agency.full_name, "score": agency.score,
                })  # fmt: skip
        return tasks, agencies

    def _targets(self) -> tuple[list[Row], dict[str, list[int | None]]]:
        rows: list[Row] = []
        first: dict[int, str] = {}
        groups: dict[str, list[int | None]] = {}
        for i, t in enumerate(self.extraction.targets):
            row = self._record("targets", i, t.evidence)
            commitment = first.setdefault(t.group, row["id"])
            groups.setdefault(commitment, []).append(t.task)
            rows.append(row | {
                "commitment": commitment, "task_id": self._task_id(t.task), "indicator": t.indicator,
                "indicator_id": t.indicator_id, "indicator_variant": t.indicator_variant,
                "indicator_score": t.indicator_score, "op": t.op, "value": t.value,
                "value_max": t.value_max, "unit": t.unit, "per": t.per, "kind": t.kind, "strength": t.strength,
                "base_value": t.base_value, "base_value_max": t.base_value_max, "base_unit": t.base_unit,
                "number_start": t.number_start, "number_end": t.number_end, "optional": int(t.optional),
                **_deadline(t.deadline),
            })  # fmt: skip
        return rows, groups

    def _milestones(self) -> list[Row]:
        return [
            self._record("milestones", i, m.evidence)
            | {"task_id": self._task_id(m.task), "optional": int(m.optional), **_deadline(m.deadline)}
            for i, m in enumerate(self.extraction.milestones)
        ]

    def _actions(self) -> list[Row]:
        return [
            self._record("actions", i, a.evidence)
            | {"task_id": self._task_id(a.task), "indicator_id": a.indicator_id, "indicator": a.indicator,
               "strength": a.strength, "score": a.score, **_deadline(a.deadline)}
            for i, a in enumerate(self.extraction.actions)
        ]  # fmt: skip

    def _scheme(self) -> list[Row]:
        return [
            self._record("indicators", i, s.evidence)
            | {"table_ordinal": s.table, "path": to_json(s.path), "name": s.path[-1] if s.path else "",
               "unit": s.unit, "weight": s.weight}
            for i, s in enumerate(self.extraction.indicators)
        ]  # fmt: skip

    def _citations(self) -> list[Row]:
        return [
            self._record("references", i, r.evidence) | {"title": r.title, "doc_number": r.doc_number}
            for i, r in enumerate(self.extraction.references)
        ]

    def _commitment_agencies(self, groups: dict[str, list[int | None]]) -> list[Row]:
        for i, milestone in enumerate(self.extraction.milestones):
            groups[self.records["milestones", i]] = [milestone.task]
        for i, action in enumerate(self.extraction.actions):
            groups[self.records["actions", i]] = [action.task]
        rows: list[Row] = []
        for commitment, tasks in groups.items():
            for i, agency in enumerate(self._merged(tasks)):
                rows.append({
                    "document": self.id, "commitment": commitment, "ordinal": i, "name": agency.name,
                    "agency_id": agency.agency_id, "full_name": agency.full_name, "role": agency.role,
                })  # fmt: skip
        return rows

    def _merged(self, tasks: Sequence[int | None]) -> list[Agency]:
        """The agencies of several tasks, each once with its strongest role, strongest roles first."""
        best: dict[str, Agency] = {}
        for task in tasks:
            for agency in self.extraction.tasks[task].agencies if task is not None else ():
                key = normalise(agency.full_name or agency.name)
                if key not in best or ROLE_RANK[agency.role] < ROLE_RANK[best[key].role]:
                    best[key] = agency
        return sorted(best.values(), key=lambda a: ROLE_RANK[a.role])

    def _numbers(self) -> list[Row]:
        return [
            {"document": self.id, "start": n.start, "end": n.end, "text": n.text, "fate": n.fate,
             "record": self.records.get(n.record, f"{n.record[0]}:{n.record[1]}") if n.record else None}
            for n in self.extraction.numbers
        ]  # fmt: skip

    def _issues(self) -> list[Row]:
        return [
            {"document": self.id, "ordinal": i, "code": x.code, "detail": x.detail, "severity": x.severity,
             "start": x.start, "end": x.end, "mend": x.mend}
            for i, x in enumerate((*self.document.issues, *self.extraction.issues))
        ]  # fmt: skip


def _deadline(deadline: Deadline | None) -> Row:
    d = deadline
    return {
        "deadline_raw": d.raw if d else None,
        "deadline_start": d.start if d else None,
        "deadline_end": d.end if d else None,
        "deadline_approx": int(d.approx) if d else 0,
        "deadline_inherited": int(d.inherited) if d else 0,
        "deadline_start_at": d.start_at if d else None,
        "deadline_end_at": d.end_at if d else None,
    }
