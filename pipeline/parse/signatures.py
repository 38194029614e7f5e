"""Signature and date lines: who issued a document and when (发文机关署名、成文日期; GB/T 9704-2012, 7.3.5).

A notice is signed before the plan that it forwards, a plan after its last paragraph and its list of annexes. The line
of the printing office (印发机关和印发日期, 7.4.3) is no signature.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.lexicons import Lexicons
from pipeline.parse.dates import PlainDate, find_dates, mend_date
from pipeline.parse.pieces import Piece
from pipeline.text import Squeezed

MOST_SIGNERS = 16  # lines: the widest joint notices have about that many departments
AFTER_SIGNATURE = 8  # pieces of page foot after a signature without a date
_BLANKS = re.compile(r"\s+|、")


@dataclass(frozen=True, slots=True)
class Signed:
    """A name or a date where it stands: `value` normalised, half-open span over the document."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Signature:
    """A date line with the names above it or beside it: pieces `first` to `last`; `mended` is a damaged date's raw."""

    issuers: tuple[Signed, ...]
    date: Signed | None
    first: int
    last: int
    mended: str | None = None


def split_names(view: Squeezed, source: str, lexicons: Lexicons) -> list[tuple[int, int]]:
    """The organisations that a line consists of, as spans over `source`; empty where it holds anything else.

    Names stand apart by blanks or 、; where blanks were lost, each repetition of the place that the line begins with
    starts a new name. A name with blanks between its letters is one.
    """
    organisation = lexicons.pattern("organisation")
    if not view.text:
        return []
    start, end = view.span(0, len(view))
    spans, at = [], start
    for gap in [*_BLANKS.finditer(source, start, end), None]:
        stop = gap.start() if gap else end
        if stop > at:
            spans.append((at, stop))
        at = gap.end() if gap else end
    if all(organisation.fullmatch(Squeezed(source, a, b).text) for a, b in spans):
        return [part for a, b in spans for part in _split_run(Squeezed(source, a, b), lexicons)]
    return _split_run(view, lexicons) if organisation.fullmatch(view.text) else []


def _split_run(view: Squeezed, lexicons: Lexicons) -> list[tuple[int, int]]:
    text = view.text
    place = lexicons.pattern("leading-place").match(text)
    cuts = [0]
    if place is not None:
        cuts += [m.start() for m in re.finditer(re.escape(place["place"]), text) if m.start() > place.start("place")]
    edges = [*cuts, len(text)]
    organisation = lexicons.pattern("organisation")
    parts = list(pairwise(edges))
    if not all(organisation.fullmatch(text[a:b]) for a, b in parts):
        parts = [(0, len(text))]
    return [view.span(a, b) for a, b in parts]


class SignatureFinder:
    """Signatures of one document. `known` are ISO dates that the page states: they settle a damaged date line."""

    def __init__(self, source: str, pieces: Sequence[Piece], lexicons: Lexicons, known: Collection[str] = ()) -> None:
        self.source = source
        self.pieces = pieces
        self.lexicons = lexicons
        self.known = known
        self.tail = lexicons.pattern("dateline-tail")
        self.closing = lexicons.pattern("annex-or-copy")
        self.page_number = lexicons.pattern("furniture-page")

    def dated(self, i: int) -> Signature | None:
        """The signature whose date stands in piece `i`; None where the piece is no date line."""
        piece = self.pieces[i]
        if not piece.is_text or not piece.is_line:
            return None
        date = self._date(piece)
        if date is None or self.tail.match(piece.text[date.end :]) is None:
            return None
        names: list[Signed] = []
        if date.start > 0:
            head = Squeezed(self.source, piece.start, piece.view.span(date.start - 1, date.start)[1])
            names = self._names(head)
            if not names:
                return None
        above, first = self._names_above(i)
        value = Signed(date.value, *piece.view.span(date.start, date.end))
        return Signature((*above, *names), value, first, i, date.raw if date.mended else None)

    def _date(self, piece: Piece) -> PlainDate | None:
        found = find_dates(piece.text, self.lexicons)
        if found:
            return found[0]
        return mend_date(piece.text, self.lexicons, self.known)

    def _names(self, view: Squeezed) -> list[Signed]:
        spans = split_names(view, self.source, self.lexicons)
        return [Signed(Squeezed(self.source, a, b).text, a, b) for a, b in spans]

    def _names_above(self, i: int) -> tuple[list[Signed], int]:
        """The names on the lines right above piece `i` and the index of the first of these lines."""
        names: list[Signed] = []
        first = i
        while first > 0 and i - first < MOST_SIGNERS:
            piece = self.pieces[first - 1]
            found = self._names(piece.view) if piece.is_text and piece.is_line else []
            if not found:
                break
            names = found + names
            first -= 1
        return names, first

    def in_notice(self, first: int, stop: int) -> Signature | None:
        """The first date line, or failing that the last line of names, between the notice's title and the plan's.

        A date before the notice's first full stop is the page's, not the signature's.
        """
        said = False
        for i in range(first, stop):
            signature = self.dated(i) if said else None
            if signature is not None:
                return signature
            said = said or "。" in self.pieces[i].text
        for i in range(stop - 1, first - 1, -1):
            if (signature := self._undated(i)) is not None:
                return signature
        return None

    def after_body(self, first: int) -> list[Signature]:
        """Signatures behind the body that begins at piece `first`, in order: after a full stop or a list of annexes.

        Where none is dated, the names that stand alone at the very end with nothing but the page's foot after them.
        """
        found = []
        for i in range(first + 1, len(self.pieces)):
            signature = self.dated(i)
            if signature is not None and self._closes(signature.first) and self._is_last(signature):
                found.append(signature)
        if found:
            return found
        for i in range(len(self.pieces) - 1, max(first, len(self.pieces) - AFTER_SIGNATURE - 1), -1):
            if (signature := self._undated(i)) is not None:
                return [signature]
            if self.pieces[i].is_sentence:
                break
        return []

    def _is_last(self, signature: Signature) -> bool:
        """Whether a date without names ends the text: no sentence and no numbered heading comes right after it."""
        if signature.issuers or signature.last + 1 >= len(self.pieces):
            return True
        following = self.pieces[signature.last + 1]
        numbered = self.lexicons.pattern("body-number").match(following.text)
        return not following.is_text or (numbered is None and "。" not in following.text)

    def _undated(self, i: int) -> Signature | None:
        piece = self.pieces[i]
        names = self._names(piece.view) if piece.is_text and piece.is_line else []
        if not names:
            return None
        above, first = self._names_above(i)
        return Signature((*above, *names), None, first, i) if self._closes(first) else None

    def _closes(self, i: int) -> bool:
        """Whether the text before piece `i` is over: it ends a sentence, or lists annexes. The number of a page may
        stand between them, since signatures are often pushed to the next one."""
        before = i - 1
        while before >= 0 and self.page_number.search(self.pieces[before].text):
            before -= 1
        return before >= 0 and self.pieces[before].is_text and self._ends(before)

    def _ends(self, j: int) -> bool:
        text = self.pieces[j].text
        if text.endswith(("。", ")", "”")) or self.closing.match(text):
            return True
        listed = self.lexicons.pattern("body-number").match(text)  # the second and later lines of a list of annexes
        return bool(listed) and j > 0 and self._ends_list(j - 1)

    def _ends_list(self, j: int) -> bool:
        number = self.lexicons.pattern("body-number")
        while j > 0 and number.match(self.pieces[j].text) and self.pieces[j].is_line:
            j -= 1
        return self.closing.match(self.pieces[j].text) is not None
