"""The spaCy components that find mentions, in the order in which they run.

Each is made from the lexicons and fills the frames of the document (`Doc.user_data`), so that the record makers read
mentions and never search text for them again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind
from spacy.tokens import Doc

from pipeline.extract.deadlines import Calendar, TimeFinder
from pipeline.extract.frame import Context, Frame, Term, context_of
from pipeline.extract.masks import DOC_NUMBER, LIST_NUMBER, REFERENCE, MaskPipe
from pipeline.extract.quantities import QuantityFinder
from pipeline.lexicons import Lexicons
from pipeline.model import Metadata

_NEVER_TIMES = (REFERENCE, DOC_NUMBER, LIST_NUMBER, "code", "phone")
_YEAR = re.compile(r"(?:19|20)\d\d")


def calendar_of(metadata: Metadata) -> Calendar:
    """What dates without a year are read by: the plan's year, its issue date, its publishing year."""
    issued = date.fromisoformat(metadata.issue_date) if metadata.issue_date else None
    published = int(metadata.publish_date[:4]) if metadata.publish_date else metadata.year
    return Calendar(metadata.year, issued, published)


class TimePipe:
    """Fills `Frame.times`. A year in the caption of a table is the year of its cells."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._finder = TimeFinder(lexicons)

    def __call__(self, doc: Doc) -> Doc:
        """Find the time expressions of every frame."""
        context = context_of(doc)
        for frame in context.frames:
            found = self._finder.find(frame.text, self._calendar(context, frame))
            frame.times = [t for t in found if not frame.masked(t.start, t.end, *_NEVER_TIMES)]
        return doc

    def _calendar(self, context: Context, frame: Frame) -> Calendar:
        basis = context.calendar
        if frame.block.cell is not None:
            caption = context.document.tables[frame.block.cell.table].caption
            if (year := _YEAR.search(caption)) is not None:
                return Calendar(int(year.group(0)), basis.issued, basis.published_year)
        return basis


class QuantityPipe:
    """Fills `Frame.quantities` with those that no mask and no time expression claims."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._finder = QuantityFinder(lexicons)

    def __call__(self, doc: Doc) -> Doc:
        """Find the quantities of every frame."""
        for frame in context_of(doc).frames:
            frame.quantities = [
                q
                for q in self._finder.find(frame.text)
                if not frame.masked(q.start, q.end)
                and not any(t.start < q.end and q.start < t.end for t in frame.times)
            ]
        return doc


class TermPipe:
    """Fills `Frame.terms`: indicators of the lexicon by Aho-Corasick over characters, the longest first.

    Word-boundary matching loses hits even with a user dictionary, so the search runs on characters.
    """

    def __init__(self, lexicons: Lexicons) -> None:
        terms = {t: rows[0].id for t, rows in lexicons.get("indicators").terms.items() if len(t) >= 3}
        self._rows = list(terms.values())
        self._automaton = AhoCorasick(list(terms), matchkind=MatchKind.LeftmostLongest)
        self._negatives = {
            row.id: tuple(row.list("negatives")) for row in lexicons.get("indicators") if row.get("negatives")
        }

    def __call__(self, doc: Doc) -> Doc:
        """Find the indicator terms of every frame."""
        for frame in context_of(doc).frames:
            for pattern, start, end in self._automaton.find_matches_as_indexes(frame.text):
                row = self._rows[pattern]
                if frame.masked(start, end, REFERENCE) or self._negated(frame.text, start, end, row):
                    continue
                frame.terms.append(Term(start, end, row, frame.legible(start, end)))
        return doc

    def _negated(self, text: str, start: int, end: int, row: str) -> bool:
        return any(
            (at := text.find(negative, max(0, end - len(negative)), start + len(negative))) >= 0 and at <= start
            for negative in self._negatives.get(row, ())
        )


Pipe = Callable[[Doc], Doc]

# Name and maker, in order: masks claim names first, times next, quantities what is left.
PIPES: tuple[tuple[str, Callable[[Lexicons], Any]], ...] = (
    ("duibiao_masks", MaskPipe),
    ("duibiao_times", TimePipe),
    ("duibiao_quantities", QuantityPipe),
    ("duibiao_terms", TermPipe),
)
