"""What the head of a page states about the document on it: labelled values with their fields and places."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.lexicons import Lexicons
from pipeline.model import BlockKind, Document
from pipeline.parse.dates import PlainDate, find_dates
from pipeline.text import Squeezed, fold


@dataclass(frozen=True, slots=True)
class Stated:
    """A value of the page head: label and text as found, half-open span over the document (None if not in it)."""

    label: str
    text: str
    start: int | None
    end: int | None

    def dates(self, lexicons: Lexicons) -> list[PlainDate]:
        """The full dates in the value; offsets are into the folded value."""
        found = find_dates(fold(self.text), lexicons) or find_dates(Squeezed(self.text).text, lexicons)
        return [d for d in found if d.is_full]


class PageHead:
    """Looks up the page head of a document by the fields of `metadata_labels.tsv`."""

    def __init__(self, document: Document, lexicons: Lexicons) -> None:
        self._document = document
        labels = lexicons.get("metadata_labels")
        self._values: dict[str, list[Stated]] = {}
        self._furniture = [b for b in document.blocks if b.kind is BlockKind.FURNITURE]
        for label, text in document.page_head:
            row = labels.exact(label)
            if row is not None and text.strip():
                start, end = self._place(label, text.strip())
                self._values.setdefault(row.row.get("field"), []).append(Stated(label, text.strip(), start, end))

    def values(self, field: str) -> list[Stated]:
        """The values of a field in order, empty where the page states none."""
        return self._values.get(field, [])

    def _place(self, label: str, text: str) -> tuple[int | None, int | None]:
        """Where the value stands: after its label if possible, else its first place in the page's furniture."""
        source = self._document.text
        loose: int | None = None
        for block in self._furniture:
            at = source.find(text, block.start, block.end)
            if at >= 0 and label in source[block.start : at]:
                return at, at + len(text)
            if at >= 0 and loose is None:
                loose = at
        return (None, None) if loose is None else (loose, loose + len(text))
