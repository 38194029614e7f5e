"""Titles: the plan's own, the notice's that forwards it, and what each line of a broken title belongs to.

A title names the issuer, the matter and the kind of document (发文机关名称、事由、文种; GB/T 9704-2012, 7.3.1) and ends
in the kind. Where a notice forwards a plan, the plan's own heading is its title, and the notice says which lines are
part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.lexicons import Lexicons
from pipeline.parse.doc_numbers import normalise_doc_number
from pipeline.parse.pieces import Piece
from pipeline.text import normalise

MOST_LINES = 4  # of a title; the longest in use take three lines of print
SHORTEST_PART = 6  # a line broken off a title is longer; shorter ones are menu entries
SAME_PLAN = 60.0  # ratio of a plan's heading to its name in the notice: they differ by 关于, a region, a word or two
PLAN_WITHIN = 80  # pieces between a notice's title and the plan's own


@dataclass(frozen=True, slots=True)
class Title:
    """A title as found: text without book-title marks, span over the document, rule, first and last piece."""

    text: str
    start: int | None
    end: int | None
    rule: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Titles:
    """The plan's title, that of the notice before it, all other candidates, and whether a notice asks for comments."""

    plan: Title | None
    notice: Title | None
    others: tuple[Title, ...]
    is_draft: bool = False


def body_start(pieces: Sequence[Piece], lexicons: Lexicons, after: int = 0) -> int:
    """Index of the piece where numbered text or a long paragraph begins, from piece `after`; their number if none."""
    number = lexicons.pattern("body-number")
    for i in range(after, len(pieces)):
        piece = pieces[i]
        if piece.is_text and (piece.is_sentence or number.match(piece.text)):
            return i
    return len(pieces)


def find_titles(
    source: str, pieces: Sequence[Piece], lexicons: Lexicons, opens_with_place: Callable[[str], bool]
) -> Titles:
    """The titles at the head of a document; `source` is its text, `opens_with_place` whether a line begins with one."""
    finder = _Finder(source, pieces, lexicons, opens_with_place)
    limit = body_start(pieces, lexicons)
    runs = finder.runs(0, limit)
    if not runs:
        first = finder.first_line(limit)
        return Titles(first, None, ())
    head = runs[0]
    joined = finder.squeezed(head)
    consultation = lexicons.pattern("title-consultation").search(joined)
    forwarded = consultation or lexicons.pattern("title-notice").search(joined)
    if forwarded is None:
        return Titles(head, None, tuple(runs[1:]))
    group = "object" if consultation is None or consultation["object"] else "object2"
    named = finder.named(head, forwarded.start(group), forwarded.end(group))
    own = None
    if lexicons.pattern("title-several").search(forwarded[group]) is None:
        own = finder.plan_after(head, named)
    chosen = own or named
    others = tuple(t for t in (named, *runs[1:]) if t is not chosen)
    return Titles(chosen, head, others, consultation is not None)


class _Finder:
    def __init__(
        self, source: str, pieces: Sequence[Piece], lexicons: Lexicons, opens_with_place: Callable[[str], bool]
    ) -> None:
        self.source = source
        self.pieces = pieces
        self.lexicons = lexicons
        self.red_head = lexicons.pattern("red-head")
        self.opens_with_place = opens_with_place
        self.whole = lexicons.pattern("title-whole")
        self.notice_end = lexicons.pattern("title-notice-end")
        self.forwarding = lexicons.pattern("title-notice")
        self.starts = lexicons.pattern("title-start")
        self.after_issuer = lexicons.pattern("title-start-after-issuer")
        self.unfinished = lexicons.pattern("title-unfinished")
        self.matter = lexicons.pattern("title-matter")
        self.rest = lexicons.pattern("title-rest")
        self.bracket = lexicons.pattern("title-bracket")
        self.noise = lexicons.pattern("title-noise")
        self.draft = lexicons.pattern("draft-mark")
        self.organisation = lexicons.pattern("organisation")
        self.number_after = lexicons.pattern("title-number")
        self.number = lexicons.pattern("body-number")
        self.date = lexicons.pattern("date-full")

    def squeezed(self, title: Title) -> str:
        return self._join(title.first, title.last)

    def _join(self, first: int, last: int) -> str:
        text = "".join(p.text for p in self.pieces[first : last + 1])
        return self.number_after.sub("", self.draft.sub("", self.noise.sub("", text)))

    def runs(self, first: int, limit: int) -> list[Title]:
        """Every run of lines between the two pieces that makes a title, in order."""
        found: list[Title] = []
        last = first - 1
        for i in range(first, limit):
            if i <= last or not self._is_part(i):
                continue
            end = i
            start = self._start_of(i, last + 1)
            if not self.whole.match(self._join(start, end)) or self._goes_on(start, end, limit):
                continue
            if end + 1 < limit and self.bracket.match(self.pieces[end + 1].text):
                end += 1
            found.append(self._title(start, end, "heading"))
            last = end
        return found

    def _is_part(self, i: int) -> bool:
        piece = self.pieces[i]
        if not (piece.is_text or piece.first_row) or not (piece.is_line or self.whole.match(self._join(i, i))):
            return False
        if self.number.match(piece.text) or self.date.search(piece.text) or self.red_head.search(piece.text):
            return False
        return normalise_doc_number(piece.text, self.lexicons) is None

    def _start_of(self, end: int, floor: int) -> int:
        """The first line of the title that ends with piece `end`."""
        start = end
        while start > floor and end - start + 1 < MOST_LINES:
            before, joined = self.pieces[start - 1].text, self._join(start, end)
            if not self._is_part(start - 1) or self.pieces[start - 1].kind is not self.pieces[start].kind:
                break
            if not self._belongs(before, joined):
                break
            start -= 1
        return start

    def _belongs(self, before: str, joined: str) -> bool:
        """Whether the line before is the first half of the title whose second half is `joined`."""
        if self.rest.match(joined) or self.unfinished.search(before):
            return True
        if before.startswith("(") and before.endswith(")"):
            return False
        issuer = self.organisation.fullmatch(before) is not None
        if self.whole.match(before):
            return False
        if self.after_issuer.match(joined):
            return issuer
        if not issuer and self.matter.match(before):
            return True
        if self.starts.match(joined) or self.opens_with_place(joined):
            return False
        return issuer or len(before) >= SHORTEST_PART

    def _goes_on(self, start: int, end: int, limit: int) -> bool:
        """Whether the next line still belongs to the title: a bracket is open, or 的通知 follows."""
        if end + 1 >= limit or end - start + 1 >= MOST_LINES or not self._is_part(end + 1):
            return False
        joined = self._join(start, end)
        if any(joined.count(a) > joined.count(b) for a, b in ("《》", "()", "“”")):
            return True
        return self.rest.match(self.pieces[end + 1].text) is not None

    def _title(self, first: int, last: int, rule: str) -> Title:
        start, end = self.pieces[first].start, self.pieces[last].end
        return Title(self._clean(self.source[start:end]), start, end, rule, first, last)

    def _clean(self, text: str) -> str:
        text = normalise(text)
        text = self.number_after.sub("", self.draft.sub("", self.noise.sub("", text))).strip()
        if text.startswith("《") and text.endswith("》") and text.count("《") == 1:
            text = text[1:-1]
        return text

    def named(self, notice: Title, start: int, end: int) -> Title:
        """The title by which a notice names what it forwards; `start`..`end` into its squeezed lines."""
        offsets = [at for p in self.pieces[notice.first : notice.last + 1] for at in p.view.offsets]
        raw = "".join(p.text for p in self.pieces[notice.first : notice.last + 1])
        inner = self._join(notice.first, notice.last)[start:end]
        at = raw.find(inner)
        span = (offsets[at], offsets[at + len(inner) - 1] + 1) if at >= 0 else (notice.start, notice.end)
        text = inner.replace("》《", "、")
        text = self._clean(text) if text.count("《") == 1 else text.replace("《", "").replace("》", "")
        return Title(text, *span, "named-by-notice", notice.first, notice.last)

    def plan_after(self, notice: Title, named: Title) -> Title | None:
        """The plan's own heading after a notice: the lines most like the name that the notice gives it."""
        best: tuple[float, Title] | None = None
        said = self._join(notice.first, notice.last)
        for run in self.runs(notice.last + 1, min(len(self.pieces), notice.last + PLAN_WITHIN)):
            if self._join(run.first, run.last) == said:
                continue  # the notice's title once more, over other lines: the last of them alone is no title
            for first in range(run.first, run.last + 1):
                title = self._title(first, run.last, "heading")
                if self.whole.match(self._join(first, run.last)) is None:
                    continue
                if title.text == self._clean(self.source[notice.start : notice.end]):
                    continue
                joined = self._join(first, run.last)
                tail = self.notice_end.search(title.text) is not None and self.notice_end.search(named.text) is None
                if tail or self.forwarding.search(joined) is not None or joined.count("《") != joined.count("》"):
                    continue  # the notice's own title once more, or the end of it
                score = fuzz.ratio(title.text, named.text)
                if score >= SAME_PLAN and (best is None or score > best[0]):
                    best = (score, title)
            if best is not None:
                return best[1]
        return None

    def first_line(self, limit: int) -> Title | None:
        """Where no line ends like a title: the file's own title line, else a short line right before running text."""
        for i in range(min(limit, len(self.pieces))):
            if self.pieces[i].level == 0 and self._is_part(i):
                return self._title(i, i, "title-style")
        if limit == 1 and len(self.pieces) > 1 and self._is_part(0) and self.pieces[1].is_sentence:
            text = self.pieces[0].text
            if len(text) >= SHORTEST_PART and self.organisation.fullmatch(text) is None:
                return self._title(0, 0, "first-line")
        return None
