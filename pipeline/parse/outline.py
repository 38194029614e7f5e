"""The outline: numbered headings and what stands below them, annexes, and the notice that forwards a plan.

Ranks follow GB/T 9704-2012 (一、 → （一） → 1. → （1）); numbers are kept as written even where they restart or skip.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from pipeline.lexicons import Lexicons
from pipeline.model import Block, BlockKind, Document, Issue, Section
from pipeline.parse.lookalikes import reading
from pipeline.text import Squeezed, parse_number

# Pattern id and rank, in the order of trying; the smaller rank is the higher heading.
NUMBER_KINDS = (
    ("number-part", 10),
    ("number-chapter", 20),
    ("number-section", 25),
    ("number-article", 30),
    ("number-han", 40),
    ("number-paren-han", 50),
    ("number-arabic", 60),
    ("number-paren-arabic", 70),
    ("number-circled", 80),
    ("number-first-is", 85),
    ("number-bullet", 90),
)
ANNEX_RANK = 5
STYLED_RANK = 30  # an unnumbered heading of level n that the file itself marks stands above 一、
STAGE_STEP = 5  # the first stage stands just below whatever heading is open, later ones beside it
BOX_STEP = 3  # a box (专栏) stands below the heading that is open when it comes, its items inside it
NOTICE_BLOCKS = 20  # a forwarding notice names what it forwards in its title or first sentences
SAME_TITLE = 82.0  # a plan's own title differs from the notice's by 关于, a region or brackets, not by more
LONGEST_TITLE = 70


@dataclass(frozen=True, slots=True)
class _Head:
    """A heading as found: offsets into the text."""

    rank: int
    number: str
    heading: str
    start: int
    heading_start: int
    heading_end: int
    body_start: int
    run_in: bool
    part: str
    ordinal: float | None


def outline(document: Document, lexicons: Lexicons) -> Document:
    """The document with `sections`, heading blocks marked, and an issue for each number out of order."""
    text = reading(document)
    views = {b.index: Squeezed(text, b.start, b.end) for b in document.blocks if _is_text(b)}
    body_start, parts = _parts(document, views, lexicons)
    finder = _HeadFinder(lexicons)
    heads: list[_Head] = []
    open_ranks: list[int] = []
    stages: set[int] = set()
    boxes: set[int] = set()
    whole: set[int] = set()
    for block in document.blocks:
        if block.index not in parts:
            continue
        stage = next((rank for rank in open_ranks if rank in stages), (open_ranks or [0])[-1] + STAGE_STEP)
        box = next((rank for rank in open_ranks if rank in boxes), (open_ranks or [0])[-1] + BOX_STEP)
        head = finder.find(block, views[block.index], parts[block.index], stage, box)
        if head is None:
            continue
        boxes = {rank for rank in boxes if rank < head.rank} | ({head.rank} if finder.is_box(head) else set())
        stages = {rank for rank in stages if rank < head.rank} | ({head.rank} if finder.is_stage(head) else set())
        while open_ranks and open_ranks[-1] >= head.rank:
            open_ranks.pop()
        open_ranks.append(head.rank)
        heads.append(head)
        if not head.run_in:
            whole.add(block.index)
    sections = _nest(heads, len(document.text))
    blocks = tuple(replace(b, kind=BlockKind.HEADING) if b.index in whole else b for b in document.blocks)
    issues = (*document.issues, *_out_of_order(sections, [h.ordinal for h in heads]))
    return replace(document, blocks=blocks, sections=sections, issues=issues, body_start=body_start)


def _is_text(block: Block) -> bool:
    return block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and block.end > block.start


class _HeadFinder:
    def __init__(self, lexicons: Lexicons) -> None:
        self._kinds = [(lexicons.pattern(name), rank) for name, rank in NUMBER_KINDS]
        self._stage = lexicons.pattern("number-stage")
        self._box = lexicons.pattern("number-box")
        self._agencies = lexicons.pattern("agency-parenthesis")
        self._annex = lexicons.pattern("annex-label")
        self._full_stop = lexicons.cues("sentence_end")

    def find(
        self, block: Block, view: Squeezed, part: tuple[str, bool], stage_rank: int, box_rank: int
    ) -> _Head | None:
        text = view.text
        if not text:
            return None
        if part[1]:
            label = self._annex.match(text)
            cut = label.start("title") if label else 0
            return self._head(view, ANNEX_RANK, text[:cut], cut, len(text), len(text), part[0])
        for pattern, rank in self._kinds:
            if (number := pattern.match(text)) is not None:
                written = number.groupdict().get("n")
                return self._numbered(view, rank, number.end(), part[0], parse_number(written) if written else None)
        if (box := self._box.match(text)) is not None:
            return self._numbered(view, box_rank, box.end(), part[0], None)
        if (stage := self._stage.match(text)) is not None:
            return self._numbered(view, stage_rank, stage.end(), part[0], None)
        if block.level is not None and block.level > 0 and len(text) <= LONGEST_TITLE:
            return self._head(view, STYLED_RANK + min(block.level, 9), "", 0, len(text), len(text), part[0])
        return None

    def is_stage(self, head: _Head) -> bool:
        """Whether a heading is 第一阶段 or the like."""
        return self._stage.match(head.number) is not None

    def is_box(self, head: _Head) -> bool:
        """Whether a heading is that of a box: 专栏1."""
        return self._box.match(head.number + head.heading) is not None

    def _numbered(self, view: Squeezed, rank: int, after: int, part: str, ordinal: float | None) -> _Head:
        text = view.text
        stops = [at for mark in self._full_stop if (at := text.find(mark, after)) >= 0]
        end = min(stops, default=len(text))
        body = min(end + 1, len(text))
        agencies = self._agencies.search(text, after)
        if agencies is not None and agencies.start() < end and agencies.start() > after:
            end, body = agencies.start(), agencies.start()
        return self._head(view, rank, text[:after], after, end, body, part, ordinal)

    def _head(
        self, view: Squeezed, rank: int, number: str, start: int, end: int, body: int, part: str,
        ordinal: float | None = None,
    ) -> _Head:  # fmt: skip
        text = view.text
        heading_start, heading_end = view.span(start, end)
        body_start = view.span(body, len(text))[0] if body < len(text) else view.span(0, len(text))[1]
        rest = text[body:]
        run_in = bool(rest) and self._agencies.fullmatch(rest.rstrip("".join(self._full_stop))) is None
        return _Head(
            rank,
            number,
            text[start:end],
            view.span(0, 1)[0],
            heading_start,
            heading_end,
            body_start,
            run_in,
            part,
            ordinal,
        )


def _nest(heads: list[_Head], length: int) -> tuple[Section, ...]:
    """Sections with parents and ends: each ends where the next of its rank or above begins."""
    parents: list[int | None] = []
    ends = [length] * len(heads)
    stack: list[int] = []
    for i, head in enumerate(heads):
        while stack and (heads[stack[-1]].rank >= head.rank or heads[stack[-1]].part != head.part):
            ends[stack.pop()] = head.start
        parents.append(stack[-1] if stack else None)
        stack.append(i)
    return tuple(
        Section(i, parents[i], h.rank, h.number, h.heading, h.start, ends[i], h.heading_start, h.heading_end,
                h.body_start, h.run_in, h.part)
        for i, h in enumerate(heads)
    )  # fmt: skip


def _out_of_order(sections: tuple[Section, ...], values: list[float | None]) -> list[Issue]:
    """One issue for each number that does not follow its elder sibling (…5. 4.): numbers are kept as written."""
    last: dict[tuple[int | None, int], float] = {}
    found = []
    for section in sections:
        value = values[section.index]
        if value is None:
            continue
        key = (section.parent, section.level)
        before = last.get(key)
        if before is not None and value not in (before + 1, 1):
            found.append(
                Issue("numbering", f"{before:.0f} → {value:.0f}", "info", section.start, section.heading_start)
            )
        last[key] = value
    return found


def _parts(
    document: Document, views: dict[int, Squeezed], lexicons: Lexicons
) -> tuple[int, dict[int, tuple[str, bool]]]:
    """Where the plan begins, and for each text block its part (notice, body, annex) and whether it opens an annex.

    The lines of the list of annexes before the signature are left out: they are no headings.
    """
    order = [b.index for b in document.blocks if b.index in views]
    body_from = _body_from(order, views, lexicons)
    annexes, listing = _annex_starts(order, views, body_from, lexicons)
    parts = {}
    part = "notice" if body_from else "body"
    for position, index in enumerate(order):
        if position == body_from:
            part = "body"
        if index in annexes:
            part = "annex"
        if index not in listing:
            parts[index] = (part, index in annexes)
    return (document.blocks[order[body_from]].start if body_from else 0), parts


def _body_from(order: list[int], views: dict[int, Squeezed], lexicons: Lexicons) -> int:
    """Position of the plan's own title after a notice that forwards it; 0 where there is no notice."""
    pattern = lexicons.pattern("forwarded-title")
    titles: list[str] = []
    for position, index in enumerate(order[:NOTICE_BLOCKS]):
        text = views[index].text
        if titles and len(text) <= LONGEST_TITLE and pattern.search(text) is None:
            for title in titles:
                if fuzz.ratio(text, title) >= SAME_TITLE or (len(text) >= 8 and text in title):
                    return position
        titles += [title for m in pattern.finditer(text) if (title := m.group("title") or m.group("bare"))]
    return 0


def _annex_starts(
    order: list[int], views: dict[int, Squeezed], body_from: int, lexicons: Lexicons
) -> tuple[set[int], set[int]]:
    """Blocks at which an annex begins (its label, or a title that the list of annexes names), and that list's lines.

    A label with a title is only a line of that list where the same label or the title comes again further down.
    """
    label, item = lexicons.pattern("annex-label"), lexicons.pattern("annex-item")
    starts: set[int] = set()
    lines: set[int] = set()
    listed: list[str] = []
    after_list = False
    for position, index in enumerate(order):
        text = views[index].text
        found = label.match(text) if position > body_from else None
        if found is not None:
            title = found.group("title")
            first = item.match(title)
            title = first.group("title") if first else title
            later = [views[i].text for i in order[position + 1 :]]
            after_list = bool(title) and any(
                _same_title(t, title) or _is_label(label.match(t), found.group("number")) for t in later
            )
            if after_list:
                listed.append(title)
                lines.add(index)
            else:
                starts.add(index)
        elif after_list and (entry := item.match(text)) is not None:
            listed.append(entry.group("title"))
            lines.add(index)
        else:
            after_list = False
            if any(_same_title(text, title) for title in listed) and order[position - 1] not in starts:
                starts.add(index)
    return starts, lines


def _is_label(found: re.Match[str] | None, number: str) -> bool:
    return found is not None and found.group("number") == number


def _same_title(text: str, title: str) -> bool:
    return abs(len(text) - len(title)) <= 4 and len(text) >= 4 and fuzz.ratio(text, title) >= 95
