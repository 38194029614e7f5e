"""Scores exported documents against gold, layer by layer, by the matching rules of the annotation guide.

Texts are compared by their letters and digits alone: 1 for equal, 0.95 where one holds the other, else the ratio of
the common sequence. Records are paired one to one, the most alike first. A record that gold calls optional counts
neither when it is found nor when it is missed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

Record = dict[str, Any]
Likeness = Callable[[Record, Record], float]

FIELDS = ("title", "doc_number", "issuers", "region", "issue_date", "publish_date", "status", "doc_type")
LAYERS = ("document", "references", "tasks", "agencies", "targets", "targets_exact", "milestones", "indicators")
OVERALL = tuple(layer for layer in LAYERS if layer != "targets")  # targets_exact holds what targets says, and more
HOLDS = 0.95  # the likeness of a text that holds the other, from HOLDS_MIN letters on
HOLDS_MIN = 3
SAME_TITLE = SAME_HEADING = 0.9
SAME_STEP = 0.7
SAME_CLAUSE = SAME_INDICATOR = 0.6


@dataclass
class Score:
    """Right, missed and extra records of a layer, with a line for each that is wrong."""

    right: int = 0
    missed: int = 0
    extra: int = 0
    wrong: list[str] = field(default_factory=list)

    def __iadd__(self, other: Score) -> Score:
        self.right += other.right
        self.missed += other.missed
        self.extra += other.extra
        self.wrong += other.wrong
        return self

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall, None where there was nothing to find and nothing found."""
        all_of_it = 2 * self.right + self.missed + self.extra
        return 2 * self.right / all_of_it if all_of_it else None


def letters(text: object) -> str:
    """What two readings of a text share: its letters and digits, folded, and the signs that change a value."""
    folded = unicodedata.normalize("NFKC", str(text or "")).casefold()
    return "".join(char for char in folded if char.isalnum() or char in "%+")


def likeness(one: object, other: object) -> float:
    """0..1 for two texts."""
    a, b = sorted((letters(one), letters(other)), key=len)
    if a == b:
        return 1.0
    if not a:
        return 0.0
    return HOLDS if len(a) >= HOLDS_MIN and a in b else SequenceMatcher(None, b, a, autojunk=False).ratio()


def match(gold: Sequence[Record], found: Sequence[Record], alike: Likeness) -> list[tuple[Record, Record]]:
    """One-to-one pairs of records that are alike at all, the most alike first; gold's order breaks ties."""
    scores = [(alike(g, f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found)]
    left, right = set(range(len(gold))), set(range(len(found)))
    pairs = []
    for score, i, j in sorted(scores, key=lambda s: (-s[0], s[1], s[2])):
        if score > 0 and i in left and j in right:
            left.remove(i)
            right.remove(j)
            pairs.append((gold[i], found[j]))
    return pairs


def score(gold: Record, found: Record) -> dict[str, Score]:
    """The scores of one document by layer."""
    made = {layer: Score() for layer in LAYERS}
    made["document"] = _fields(gold, found)
    _layer(made["references"], gold, found, "references", _reference)
    tasks = _layer(made["tasks"], gold, found, "tasks", _task)
    made["agencies"] = _agencies(gold, found, tasks)
    pairs = _layer(made["targets"], gold, found, "targets", _target)
    made["targets_exact"] = _exact(made["targets"], [pair for pair in pairs if not pair[0].get("optional")])
    _layer(made["milestones"], gold, found, "milestones", _milestone)
    _layer(made["indicators"], gold, found, "indicators", _scheme_row)
    return made


def total(scores: Iterable[dict[str, Score]]) -> dict[str, Score]:
    """The scores of several documents together."""
    made = {layer: Score() for layer in LAYERS}
    for one in scores:
        for layer in LAYERS:
            made[layer] += one[layer]
    return made


def overall(scores: dict[str, Score]) -> float:
    """The mean of the layers that had anything in them; 0 where none had."""
    known = [f1 for layer in OVERALL if (f1 := scores[layer].f1) is not None]
    return sum(known) / len(known) if known else 0.0


def _layer(into: Score, gold: Record, found: Record, name: str, alike: Likeness) -> list[tuple[Record, Record]]:
    wanted, got = gold.get(name) or [], found.get(name) or []
    pairs = match(wanted, got, alike)
    into.right += sum(not g.get("optional") for g, _ in pairs)
    missed = [g for g in wanted if not g.get("optional") and all(g is not pair[0] for pair in pairs)]
    extra = [f for f in got if all(f is not pair[1] for pair in pairs)]
    into.missed += len(missed)
    into.extra += len(extra)
    into.wrong += [f"{name} missed: {_name(g)}" for g in missed] + [f"{name} extra: {_name(f)}" for f in extra]
    return pairs


def _name(record: Record) -> str:
    return str(record.get("quote") or record.get("heading") or record.get("title") or record.get("path"))


def _fields(gold: Record, found: Record) -> Score:
    made = Score()
    for name in FIELDS:
        if _comparable(name, gold.get(name)) == _comparable(name, found.get(name)):
            made.right += 1
        else:
            made.missed += 1
            made.extra += 1
            made.wrong.append(f"document {name}: {found.get(name)!r} for {gold.get(name)!r}")
    return made


def _comparable(name: str, value: Any) -> object:
    if name == "issuers":
        return frozenset(map(letters, value or ()))
    if name == "region":
        return tuple(letters((value or {}).get(part)) for part in ("name", "level", "code"))
    return letters(value)


def _reference(gold: Record, found: Record) -> float:
    same = likeness(gold["title"], found.get("title"))
    return same if same >= SAME_TITLE and letters(gold["doc_number"]) == letters(found.get("doc_number")) else 0.0


def _task(gold: Record, found: Record) -> float:
    same = likeness(gold["heading"], found.get("heading"))
    if gold["source"] != found.get("source") or same < SAME_HEADING:
        return 0.0
    return same + 0.05 * (letters(gold["number"]) == letters(found.get("number")))


def _agencies(gold: Record, found: Record, pairs: list[tuple[Record, Record]]) -> Score:
    """Names with roles in the tasks that were paired; those of a missed task are missed, of an extra one extra."""
    made = Score()
    for task in gold.get("tasks") or []:
        partner = next((f for g, f in pairs if g is task), None)
        if partner is None and task.get("optional"):
            continue
        taste = {letters(a["name"]) for a in task["agencies"] if a.get("optional")}
        want = {(letters(a["name"]), a["role"]) for a in task["agencies"] if not a.get("optional")}
        got = {(letters(a["name"]), a["role"]) for a in (partner or {}).get("agencies", ())}
        got = {one for one in got if one[0] not in taste}
        made += Score(len(want & got), len(want - got), len(got - want))
        if want != got:
            made.wrong.append(f"agencies of {task['heading']}: {sorted(got - want)} for {sorted(want - got)}")
    paired = [f for _, f in pairs]
    for task in found.get("tasks") or []:
        if all(task is not f for f in paired) and task.get("agencies"):
            made += Score(0, 0, len(task["agencies"]), [f"agencies of an extra task: {task['heading']}"])
    return made


def _span(record: Record) -> tuple[object, object]:
    deadline = record.get("deadline") or {}
    return deadline.get("start"), deadline.get("end")


def _amount(record: Record) -> tuple[object, ...]:
    values = (None if record.get(k) is None else round(float(record[k]), 2) for k in ("value", "value_max"))
    return (*values, letters(record.get("unit")))


def _same_task(gold: Record, found: Record) -> bool:
    return likeness(gold.get("task"), found.get("task")) >= SAME_HEADING


def _target(gold: Record, found: Record) -> float:
    same = likeness(gold["quote"], found.get("quote")) if _amount(gold) == _amount(found) else 0.0
    if same < SAME_CLAUSE:
        return 0.0
    return same + 0.1 * _same_task(gold, found) + 0.1 * (_span(gold) == _span(found))


def _exact(targets: Score, pairs: list[tuple[Record, Record]]) -> Score:
    """Targets of which every field is right, not only the amount."""
    made = Score(0, targets.missed, targets.extra)
    for gold, found in pairs:
        symbols = [k for k in ("op", "per", "kind") if (gold.get(k) or "") != (found.get(k) or "")]
        checks = {
            "indicator": likeness(gold["indicator"], found.get("indicator")) >= SAME_INDICATOR,
            "deadline": _span(gold) == _span(found),
            "task": _same_task(gold, found),
        }
        wrong = symbols + [name for name, right in checks.items() if not right]
        made.right += not wrong
        made.missed += bool(wrong)
        made.extra += bool(wrong)
        if wrong:
            told = ", ".join(f"{k} {found.get(k)!r} for {gold.get(k)!r}" for k in wrong)
            made.wrong.append(f"target {gold['quote']}: {told}")
    return made


def _milestone(gold: Record, found: Record) -> float:
    same = likeness(gold["quote"], found.get("quote")) if _span(gold) == _span(found) else 0.0
    return same + 0.1 * _same_task(gold, found) if same >= SAME_STEP else 0.0


def _scheme_row(gold: Record, found: Record) -> float:
    paths = [letters(p) for p in gold["path"]] == [letters(p) for p in found.get("path") or []]
    return float(paths and gold.get("weight") == found.get("weight"))
