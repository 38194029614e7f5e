"""Holds the ledger against 300 numerals read by a person.

`ledger_truth.tsv` has a random sample (seed 20261123) of the numerals of every plan of `../shared/corpus` that can be
read, each with the fate that a reader gave it: document, offsets into its text, the numeral, the fate.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import MissingPartError
from pipeline.extract import extract
from pipeline.parse import parse

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A numeral of the sample: where it stands, the reader's fate for it and the ledger's (None: not in the ledger)."""

    document: str
    start: int
    text: str
    wanted: str
    found: str | None


def verdicts() -> list[Verdict]:
    """Every row of the sample with what the ledger says of it. A numeral may have grown or shrunk around its place."""
    made: list[Verdict] = []
    with (Path(__file__).parent / "ledger_truth.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    for name in sorted({row["document"] for row in rows}):
        path = next(CORPUS.rglob(name))
        numbers = extract(parse(path.read_bytes(), name)).numbers
        for row in (r for r in rows if r["document"] == name):
            start = int(row["start"])
            fate = next((n.fate for n in numbers if n.start <= start < n.end), None)
            made.append(Verdict(name, start, row["text"], row["fate"], fate))
    return made


def unaccounted() -> dict[str, tuple[int, int]]:
    """For each plan of the corpus: numerals without a fate, and all numerals. Files that need a program or an extra
    that is not installed are left out."""
    found = {}
    beside = {".md", ".tsv"}  # what the corpus says of itself
    for path in sorted(p for p in CORPUS.rglob("*.*") if p.suffix not in beside):
        try:
            document = parse(path.read_bytes(), path.name)
        except MissingPartError as error:
            print(f"ledger: {path.name} left out: {error.what[1]}")
            continue
        numbers = extract(document).numbers
        found[path.name] = (sum(n.fate == "unaccounted" for n in numbers), len(numbers))
    return found
