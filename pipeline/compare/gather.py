"""Everything that the database knows on a term, document by document, sorted by what it is: the base of all answers.

A commitment belongs to a term where its indicator is one that the term stands for, or where the term itself stands
in its indicator or in one of its quotes. Other names of an indicator count as text only in records that belong to no
other indicator, so that `双师型教师培训` is not taken for the share of such teachers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipeline.compare.selection import select
from pipeline.compare.terms import Resolution, key
from pipeline.store import Hit, Store

Row = dict[str, Any]
# Issue codes of text that lost something; what was mended, or concerns a date or number of a document, is no loss here.
DAMAGE = ("damaged", "garbled", "lost")
_LOST = "\ufffd"
# Fates of numbers that count nothing, or that another rule explains: they are no values that were left out.
_NO_VALUE = frozenset({
    "deadline", "date", "list_number", "list_count", "ordinal", "doc_number", "reference", "name", "code", "phone",
    "furniture", "notice", "idiom", "vague", "per",
})  # fmt: skip
_STRENGTH_RANK = {"must": 0, "aim": 1, "encourage": 2}


@dataclass
class Findings:
    """What one document says on a term. Rows are those of the views; hits are places in the text."""

    document: Row
    targets: list[Row] = field(default_factory=list)
    norms: list[Row] = field(default_factory=list)
    promises: list[Row] = field(default_factory=list)
    weights: list[Row] = field(default_factory=list)
    numbers: list[Row] = field(default_factory=list)
    damage: list[Row] = field(default_factory=list)
    background: list[Hit] = field(default_factory=list)


class Corpus:
    """The records of a database by document, each table read when first asked for and kept for the next question."""

    def __init__(self, store: Store, min_grade: str | None = None) -> None:
        self.store = store
        self.selection = select(store, min_grade)
        self._rows: dict[tuple[str, str], list[Row]] = {}

    @property
    def documents(self) -> Sequence[Row]:
        """The documents that count, without their text, by region code (those without one last), year and file."""
        return self.selection.documents

    @cached_property
    def written_indicators(self) -> list[tuple[str, str]]:
        """Every (document, indicator as written) of the targets, the indicator in the form of `key`."""
        rows = self.store.rows("SELECT DISTINCT document, indicator FROM targets")
        return [(row["document"], key(row["indicator"])) for row in rows]

    def of(self, table: str, document: str) -> list[Row]:
        """The rows of a table or view for a document, in order of position."""
        if (table, document) not in self._rows:
            query = f'SELECT * FROM {table} WHERE document = ? ORDER BY "start", "end"'
            self._rows[table, document] = self.store.rows(query, [document])
        return self._rows[table, document]


class _Gatherer:
    """Sorts the records of one document."""

    def __init__(self, corpus: Corpus, resolution: Resolution, document: Row, hits: list[tuple[Hit, bool]]) -> None:
        self.corpus = corpus
        self.resolution = resolution
        self.own = [hit for hit, is_term in hits if is_term]
        self.all = [hit for hit, _ in hits]
        self.term = key(resolution.term)
        self.texts = tuple(key(t) for t in resolution.texts)
        self.found = Findings(document)

    def _of(self, table: str) -> list[Row]:
        return self.corpus.of(table, self.found.document["id"])

    def _speaks(self, row: Row) -> bool:
        """Whether an evidence row is about the term."""
        if row["indicator_id"] in self.resolution.ids:
            return True
        if row["layer"] == "targets" and self.resolution.ids and not self.resolution.broad:
            return False
        indicator = key(row["indicator"] or "")
        if self.term in indicator or overlaps(row, self.own):
            return True
        return row["indicator_id"] is None and (any(t in indicator for t in self.texts) or overlaps(row, self.all))

    def gather(self) -> Findings:
        evidence = self._of("evidence")
        wanted = {row["commitment"] for row in evidence if self._speaks(row)}
        covered = [row for row in evidence if row["commitment"] in wanted]
        promises: list[Row] = []
        lists = {"target": self.found.targets, "norm": self.found.norms}
        for row in self._of("commitments"):
            if row["id"] in wanted:
                pieces = [e for e in evidence if e["commitment"] == row["id"]]
                lists.get(row["kind"], promises).append(row | {"pieces": pieces})
        schemes = self._of("indicators")
        self.found.weights = [r for r in schemes if overlaps(r, self.all) or self.term in key(r["path"])]
        named = [*self._of("citations"), *self._of("responsibilities"), *self.found.weights]
        promises += self._promised_tasks([*covered, *named])
        self.found.promises = sorted(promises, key=self._rank)
        self._numbers([*covered, *self.found.weights])
        self._damage()
        return self.found

    def _rank(self, row: Row) -> tuple[object, ...]:
        kinds = ("action", "milestone", "task", "mention")
        by_id = row["indicator_id"] in self.resolution.ids and row["indicator_id"] is not None
        return not by_id, kinds.index(row["kind"]), _STRENGTH_RANK.get(row["strength"] or "", 3), row["start"]

    def _promised_tasks(self, covered: Iterable[Row]) -> list[Row]:
        """Places of the term that no record holds: in a task they are work without a number, else background."""
        covered = list(covered)
        tasks = self._of("tasks")
        rows: dict[str, Row] = {}
        for hit in self.all:
            if any(row["start"] <= hit.start < row["end"] for row in covered):
                continue
            task = next((t for t in reversed(tasks) if _holds(t, hit)), None)
            if task is None:
                self.found.background.append(hit)
            elif task["id"] not in rows:
                rows[task["id"]] = self._task_row(task, hit)
        return list(rows.values())

    def _task_row(self, task: Row, hit: Hit) -> Row:
        heading = task["start"] <= hit.start < task["end"]
        names: dict[str, list[str]] = {"lead": [], "responsible": [], "support": []}
        for r in self._of("responsibilities"):
            if r["task_id"] == task["id"]:
                names[r["role"]].append(r["name"])
        start, end = (task["start"], task["end"]) if heading else (hit.sentence_start, hit.sentence_end)
        return {
            "id": task["id"], "record": task["id"], "kind": "task" if heading else "mention", "indicator": None,
            "indicator_id": None, "strength": None, "deadline_raw": None, "deadline_start": None,
            "deadline_end": None, "deadline_approx": 0, "quote": task["quote"] if heading else hit.sentence,
            "start": start, "end": end, "clause": task["clause"], "page": task["page"], "pieces": [],
            **{role: "、".join(found) or None for role, found in names.items()},
        }  # fmt: skip

    def _numbers(self, covered: list[Row]) -> None:
        """Numbers of the ledger in the term's sentences that became no record."""
        sentences = {(h.sentence_start, h.sentence_end, h.sentence) for h in self.all}
        for number in self._of("numbers") if sentences else ():
            if number["record"] or number["fate"] in _NO_VALUE:
                continue
            if any(row["start"] <= number["start"] < row["end"] for row in covered):
                continue
            for start, end, sentence in sorted(sentences):
                if start <= number["start"] < end:
                    self.found.numbers.append(number | {"quote": sentence})
                    break

    def _damage(self) -> None:
        for hit in self.all:
            if _LOST in hit.sentence:
                self.found.damage.append({"detail": hit.sentence, "start": hit.start, "end": hit.end})
        for issue in self._of("issues") if self.all else ():
            if issue["mend"] or issue["severity"] == "info" or not issue["code"].startswith(DAMAGE):
                continue
            if issue["start"] is not None and any(
                issue["start"] < hit.sentence_end and hit.sentence_start < (issue["end"] or 0) for hit in self.all
            ):
                self.found.damage.append(issue)


def overlaps(row: Row, hits: list[Hit]) -> bool:
    """Whether one of the hits begins inside the row's span."""
    return any(row["start"] <= hit.start < row["end"] for hit in hits)


def _holds(task: Row, hit: Hit) -> bool:
    return bool(task["start"] <= hit.start < task["end"] or task["body_start"] <= hit.start < task["body_end"])


def gather(corpus: Corpus, resolution: Resolution, documents: Sequence[Row] | None = None) -> list[Findings]:
    """What the documents (default: all that count) say on the term, in their order; silent ones included."""
    store = corpus.store
    hits: dict[str, dict[int, tuple[Hit, bool]]] = {}
    for i, text in enumerate(resolution.texts):
        for hit in store.search(text):
            hits.setdefault(hit.document, {}).setdefault(hit.start, (hit, i == 0))
    ids = sorted(resolution.ids)
    marks = ", ".join("?" for _ in ids)
    by_id = store.rows(f"SELECT DISTINCT document FROM evidence WHERE indicator_id IN ({marks})", ids)
    term = key(resolution.term)
    # The subject of a target may stand in an earlier clause than its quote.
    touched = {document for document, indicator in corpus.written_indicators if term in indicator}
    touched |= {row["document"] for row in by_id} | set(hits)
    found = []
    for document in corpus.documents if documents is None else documents:
        of_document = [hit for _, hit in sorted(hits.get(document["id"], {}).items())]
        if document["id"] in touched:
            found.append(_Gatherer(corpus, resolution, document, of_document).gather())
        else:
            found.append(Findings(document))
    return found
