"""One document: found by file name, title or id; its outline with the records in it; its ledger of numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pipeline.compare.terms import key
from pipeline.errors import UsageError
from pipeline.store import Store

Row = dict[str, Any]
LAYERS = ("tasks", "targets", "milestones", "actions", "indicators", "citations")
UNACCOUNTED = "unaccounted"


@dataclass
class Node:
    """A heading of the outline with the records that stand directly in it, in order of position."""

    number: str
    heading: str
    records: list[tuple[str, Row]] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Outline:
    """A document with its outline; `root` holds what stands outside any section. `counts` are records by layer,
    `versions` the rows of the view `copies` on it: of itself where it is not counted, and of those that it replaces."""

    document: Row
    root: Node
    counts: dict[str, int]
    issues: tuple[Row, ...]
    versions: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Ledger:
    """The numbers of a document in order, and how many have each fate, the most frequent first."""

    document: Row
    numbers: tuple[Row, ...]
    fates: tuple[tuple[str, int], ...]

    @property
    def unaccounted(self) -> int:
        """How many numbers have no known fate."""
        return dict(self.fates).get(UNACCOUNTED, 0)

    @property
    def share(self) -> float:
        """The share of numbers without a known fate, 0..1."""
        return self.unaccounted / len(self.numbers) if self.numbers else 0.0


def find_document(store: Store, name: str) -> Row:
    """The document of an id, a file name, or a part of file name or title.

    Raises UsageError where none fits, or where several do and none of them exactly.
    """
    rows = store.rows("SELECT * FROM documents ORDER BY source, id")
    wanted = key(name)
    exact = [r for r in rows if name in (r["id"], r["source"], r["path"], r["title"])]
    stem = [r for r in rows if wanted == key(r["source"].rpartition(".")[0])]
    part = [r for r in rows if wanted in key(r["source"]) or wanted in key(r["title"] or "")]
    for found in (exact, stem, part):
        if len(found) == 1:
            return found[0]
        if found:
            some = "、".join(f"{r['path']} ({r['id']})" for r in found[:5])
            raise UsageError(
                ("有几份文件都符合", "several documents fit"),
                some,
                ("请写完整文件名或编号", "give the full name or the id"),
            )
    some = "、".join(r["source"] for r in rows[:5])
    raise UsageError(("没有这份文件", "there is no such document"), name, (f"库中有：{some}", f"there are: {some}"))


def outline(store: Store, name: str) -> Outline:
    """The outline of a document with its records. Raises UsageError as `find_document` does."""
    document = find_document(store, name)
    root = Node("", document["title"] or document["source"])
    nodes: dict[str | None, Node] = {None: root}
    sections = store.rows("SELECT * FROM sections WHERE document = ? ORDER BY ordinal", [document["id"]])
    for section in sections:
        nodes[section["id"]] = Node(section["number"], section["heading"])
    for section in sections:
        nodes[section["parent_id"]].children.append(nodes[section["id"]])
    counts: dict[str, int] = {}
    placed: list[tuple[int, int, str, Row]] = []
    for order, layer in enumerate(LAYERS):
        rows = store.rows(f"SELECT * FROM {layer} WHERE document = ?", [document["id"]])
        counts[layer] = len(rows)
        placed += [(row["start"], order, layer, row) for row in rows]
    agencies: dict[str, list[Row]] = {}
    query = 'SELECT task_id, name, role FROM responsibilities WHERE document = ? ORDER BY "start"'
    for agency in store.rows(query, [document["id"]]):
        agencies.setdefault(agency["task_id"], []).append(agency)
    for _, _, layer, row in sorted(placed, key=lambda p: (p[0], p[1], p[3]["id"])):
        if layer == "tasks":
            row["agencies"] = agencies.get(row["id"], [])
        nodes[row["section_id"]].records.append((layer, row))
    issues = store.rows("SELECT * FROM issues WHERE document = ? ORDER BY ordinal", [document["id"]])
    query = "SELECT * FROM copies WHERE document = ? OR counted_document = ? ORDER BY path"
    versions = store.rows(query, [document["id"], document["id"]])
    return Outline(document, root, counts, tuple(issues), tuple(versions))


def ledger(store: Store, name: str) -> Ledger:
    """Every number of a document with its fate and 12 characters to each side. Raises UsageError as above."""
    document = find_document(store, name)
    numbers = store.rows('SELECT * FROM numbers WHERE document = ? ORDER BY "start", "end"', [document["id"]])
    text = document["text"]
    for row in numbers:
        row["context"] = text[max(0, row["start"] - 12) : row["end"] + 12]
    fates = Counter(row["fate"] for row in numbers)
    return Ledger(document, tuple(numbers), tuple(sorted(fates.items(), key=lambda f: (-f[1], f[0]))))
