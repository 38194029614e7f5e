"""Two readings of one plan side by side: records by the scorer's matching, characters, table cells, wrong numbers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from eval import scorer
from invariance.plan_model import Grid, Plan
from rapidfuzz.distance import Levenshtein

from pipeline.errors import DuibiaoError
from pipeline.export import jsonl
from pipeline.extract import extract
from pipeline.lexicons import Lexicons
from pipeline.model import BlockKind, Document, Extraction
from pipeline.parse import parse
from pipeline.store import Store
from pipeline.text import Squeezed

IN_TABLES = ("tasks", "targets", "milestones", "indicators", "references")
_SURER = 0.05  # a confidence that much below the original's tells the user to look
_AROUND = 12  # characters shown round a differing place
_SAME_LOOK = str.maketrans("“”‘’—–―─", "\"\"''----")  # marks that recognition cannot tell apart (DEPENDENCIES.md 3)


@dataclass(frozen=True)
class Reading:
    """A file as the pipeline reads it: document, extraction, and the record that its JSON Lines export has."""

    document: Document
    extraction: Extraction
    record: dict[str, Any]


@dataclass(frozen=True)
class NotRead:
    """Why a file was not read: the reader's own words, without the file's name."""

    reason: str


@dataclass
class Result:
    """How a rendering came back. `scores` by layer; characters, cells and numbers as (wrong, all)."""

    scores: dict[str, scorer.Score]
    characters: tuple[int, int] = (0, 0)
    cells: tuple[int, int] = (0, 0)
    numbers: tuple[int, int] = (0, 0)
    misses: list[str] = field(default_factory=list)

    @property
    def overall(self) -> float:
        """The mean F1 of the layers that had anything in them."""
        return scorer.overall(self.scores)


def read(data: bytes, name: str, lexicons: Lexicons, manifest: Mapping[str, str] | None = None) -> Reading | NotRead:
    """The bytes read, extracted and exported; NotRead where a reader refuses them. Other errors are faults and rise."""
    try:
        document = parse(data, name, manifest, lexicons)
    except DuibiaoError as error:
        return NotRead(f"{error.code}: {error.what[1]}; {error.advice[1]}")
    extraction = extract(document, lexicons)
    with Store(None) as store:
        store.save(document, extraction, name, lexicons.fingerprint, "")
        record = next(jsonl.documents(store))
    return Reading(document, extraction, json.loads(json.dumps(record)))


def manifest_of(original: Reading) -> dict[str, str]:
    """The row of a manifest that a user writes for tables taken out of a plan: its title and its date, since dates
    without a year stand in the tables alone."""
    metadata = original.document.metadata
    return {key: value for key, value in (("title", metadata.title), ("date", metadata.issue_date)) if value}


def compare(original: Reading, plan: Plan, found: Reading, tables_only: bool = False) -> Result:
    """What of the original's records, characters and cells the rendering gave back.

    `tables_only` compares the records that stand in tables, and the cells, and nothing else.
    """
    gold = _counted(original.record)
    if tables_only:
        gold = _of_tables(gold, original.document)
        found = Reading(found.document, found.extraction, found.record | {"references": []})
    scores = scorer.score(gold, _counted(found.record))
    if tables_only:
        scores["document"] = scores["references"] = scorer.Score()
    misses = [line for layer in scorer.LAYERS for line in scores[layer].wrong]
    result = Result(scores, misses=misses)
    if not tables_only:
        characters = plan.characters().translate(_SAME_LOOK)
        read_back = characters_of(found.document, plan).translate(_SAME_LOOK)
        result.characters = (Levenshtein.distance(characters, read_back), len(characters))
        result.misses += _differences(characters, read_back)
    wrong, told = _wrong_cells(plan.tables, tables_of(found.document))
    result.cells = (wrong, sum(len(grid.cells) for grid in plan.tables))
    result.misses += told
    unflagged = list(_wrong_numbers(gold, found))
    result.numbers = (len(unflagged), len(gold["targets"]))
    result.misses += unflagged
    return result


def _counted(record: dict[str, Any]) -> dict[str, Any]:
    """The record with every entry counted: nothing is a matter of taste where two readings of one text are compared."""
    made = dict(record)
    for key in ("tasks", "targets", "milestones", "references"):
        made[key] = [entry | {"optional": False} for entry in record.get(key) or []]
    return made


def _of_tables(record: dict[str, Any], document: Document) -> dict[str, Any]:
    spans = [(table.start, table.end) for table in document.tables]
    made = dict(record)
    for key in IN_TABLES:
        inside = [r for r in record.get(key) or [] if any(a <= r["start"] and r["end"] <= b for a, b in spans)]
        made[key] = inside if key != "references" else []
    return made


def characters_of(document: Document, plan: Plan) -> str:
    """The text that was read without white space, folded. Of furniture only the lines that the plan itself has: page
    numbers, running heads and repeated table heads are of the rendering."""
    heads = plan.head_lines()
    pieces = []
    for block in document.blocks:
        text = Squeezed(document.text, block.start, block.end).text
        if block.kind is not BlockKind.FURNITURE or text in heads:
            pieces.append(text)
    return "".join(pieces)


def _differences(wanted: str, got: str) -> Iterable[str]:
    for edit in Levenshtein.opcodes(wanted, got):
        if edit.tag != "equal":
            around = wanted[max(0, edit.src_start - _AROUND) : edit.src_start]
            after = wanted[edit.src_end : edit.src_end + _AROUND]
            was, now = wanted[edit.src_start : edit.src_end], got[edit.dest_start : edit.dest_end]
            yield f"characters: {around}[{was[:60]} → {now[:60]}]{after}"


_Place = tuple[int, int, int, int, str]


def tables_of(document: Document) -> list[list[_Place]]:
    """The cells of each table: row, column, spans and squeezed text."""
    made = []
    for table in document.tables:
        cells = []
        for index in table.cells:
            block = document.blocks[index]
            if block.cell is not None:
                at = block.cell
                text = Squeezed(document.text, block.start, block.end).text
                cells.append((at.row, at.col, at.rowspan, at.colspan, text))
        made.append(cells)
    return made


def _wrong_cells(wanted: list[Grid], got: list[list[_Place]]) -> tuple[int, list[str]]:
    """How many cells did not come back at their place with their spans and text, and a line for each.

    Each table is compared with the found one that shares most of its cells.
    """
    wrong = 0
    told = []
    left = list(range(len(got)))
    for number, grid in enumerate(wanted):
        cells = Counter(
            (c.at.row, c.at.col, c.at.rowspan, c.at.colspan, Squeezed(c.text).text.translate(_SAME_LOOK))
            for c in grid.cells
        )
        found = [Counter((*place[:4], place[4].translate(_SAME_LOOK)) for place in table) for table in got]
        best = max(left, key=lambda i: ((cells & found[i]).total(), -i), default=None)
        shared = Counter[_Place]() if best is None else cells & found[best]
        if best is not None and shared:
            left.remove(best)
        missed = cells - shared
        extra = Counter[_Place]() if best is None else found[best] - shared
        wrong += missed.total()
        told += [f"cell of table {number} missed: {cell}" for cell in missed]
        told += [f"cell of table {number} instead: {cell}" for cell in extra if missed]
    return wrong, told


def _wrong_numbers(gold: dict[str, Any], found: Reading) -> Iterable[str]:
    """Targets whose number came back as another one, without an issue there or a lower confidence.

    A target is another's misreading where the two are not paired as they stand, but would be with one amount.
    """
    amount = ("value", "value_max", "unit")
    pairs = scorer.match(gold["targets"], found.record["targets"], scorer._target)
    wanted = [g for g in gold["targets"] if all(g is not pair[0] for pair in pairs)]
    extra = [f for f in found.record["targets"] if all(f is not pair[1] for pair in pairs)]
    for one, other in scorer.match(wanted, extra, lambda g, f: scorer._target(g, f | {k: g[k] for k in amount})):
        if [one[k] for k in amount] == [other[k] for k in amount]:
            continue
        issues = (*found.document.issues, *found.extraction.issues)
        told = any(i.start is not None and i.start < other["end"] and other["start"] < (i.end or 0) for i in issues)
        if not told and other["confidence"] > one["confidence"] - _SURER:
            was, now = ([r[k] for k in amount] for r in (one, other))
            yield f"wrong number, not flagged: {now} for {was} in {other['quote']}"
