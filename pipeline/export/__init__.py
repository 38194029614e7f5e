"""A writer per output format. To add one, write its file and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.export import csv, jsonl, xlsx
from pipeline.store import Store


@dataclass(frozen=True)
class Exporter:
    """An output format: `write(store, stream, lang, min_grade)` writes the database to a binary stream, the documents
    below the grade left out (None: none is).

    `text` says whether it may go to the terminal.
    """

    format: str
    write: Callable[[Store, BinaryIO, str, str | None], None]
    text: bool


EXPORTS: tuple[Exporter, ...] = (
    Exporter("jsonl", jsonl.write, True),
    Exporter("csv", csv.write, True),
    Exporter("xlsx", xlsx.write, False),
)
