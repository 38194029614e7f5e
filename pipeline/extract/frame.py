"""The working view of a document: one frame for each block that carries text, with what was found in it.

Frames use squeezed positions (no white space); `Frame.span` leads back to the document. The spaCy components of this
package fill them; the record makers read them.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from rapidfuzz import fuzz
from spacy.tokens import Doc

from pipeline.extract.deadlines import Calendar, TimeMention
from pipeline.extract.quantities import Quantity
from pipeline.lexicons import Lexicons
from pipeline.model import Block, BlockKind, Document, Section
from pipeline.parse.lookalikes import reading
from pipeline.segment.clauses import Piece, Sentence, sentences
from pipeline.text import Squeezed

CONTEXT = "duibiao"


@dataclass(frozen=True, slots=True)
class Mask:
    """An interval of squeezed positions whose numerals have a fate of their own (name, phone, reference …)."""

    start: int
    end: int
    fate: str


@dataclass(frozen=True, slots=True)
class Term:
    """An indicator of the lexicon found at squeezed positions; score 100 for an exact alias."""

    start: int
    end: int
    row_id: str
    score: float = 100.0


@dataclass(slots=True)
class Frame:
    """A block with text. `content_from` is the squeezed position after a heading number, `part` notice, body, annex.

    `written` is the squeezed text before look-alike glyphs were mended, empty where none was in the document.
    """

    block: Block
    view: Squeezed
    section: Section | None
    sentences: tuple[Sentence, ...]
    content_from: int = 0
    part: str = "body"
    masks: list[Mask] = field(default_factory=list)
    times: list[TimeMention] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    written: str = ""

    def legible(self, start: int, end: int) -> float:
        """How much of a squeezed interval stands in the file as it is read, 0..100: below 100 where a look-alike glyph
        was mended in it."""
        if not self.written or self.written[start:end] == self.text[start:end]:
            return 100.0
        return float(fuzz.ratio(self.written[start:end], self.text[start:end]))

    @property
    def text(self) -> str:
        """The folded text without white space."""
        return self.view.text

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Document offsets of a squeezed interval."""
        return self.view.span(start, end)

    def masked(self, start: int, end: int, *fates: str) -> bool:
        """Whether a mask (of one of the fates, if any are named) overlaps the interval."""
        return any(m.start < end and start < m.end and (not fates or m.fate in fates) for m in self.masks)

    def sentence_at(self, position: int) -> Sentence | None:
        """The sentence that holds a squeezed position."""
        return next((s for s in self.sentences if s.start <= position < max(s.end, s.start + 1)), None)

    def clause_at(self, position: int) -> Piece | None:
        """The clause that holds a squeezed position."""
        sentence = self.sentence_at(position)
        if sentence is None:
            return None
        return next((c for c in sentence.clauses if c.start <= position < c.end), None)


@dataclass(slots=True)
class Context:
    """Everything that the components share for one document; lives in `Doc.user_data[CONTEXT]`."""

    document: Document
    lexicons: Lexicons
    calendar: Calendar
    frames: list[Frame]
    past_sentences: frozenset[tuple[int, int]] = frozenset()

    def frame_of(self, block_index: int) -> Frame | None:
        """The frame of a block, None where it has no text."""
        return next((f for f in self.frames if f.block.index == block_index), None)

    def ancestors(self, section: Section | None) -> tuple[Section, ...]:
        """The section and those above it, from the innermost."""
        found = []
        while section is not None:
            found.append(section)
            section = self.document.sections[section.parent] if section.parent is not None else None
        return tuple(found)

    def is_title(self, frame: Frame) -> bool:
        """Whether the block is (a line of) the plan's own title, which promises and dates nothing yet."""
        return any(
            f.name == "title" and f.start is not None and f.start < frame.block.end and frame.block.start < (f.end or 0)
            for f in self.document.metadata.found
        )

    def tells_of_past(self, section: Section | None) -> bool:
        """Whether a section describes what was or is (发展基础, 实施背景); 夯实发展基础 is work."""
        told, improving = self.lexicons.cues("past_heading"), self.lexicons.cues("heading_verb")
        return any(a.heading.endswith(told) and not a.heading.startswith(improving) for a in self.ancestors(section))

    def path(self, section: Section | None) -> tuple[str, ...]:
        """Headings above a section, from the outermost, without its own."""
        return tuple(s.heading for s in reversed(self.ancestors(section)[1:]))


def context_of(doc: Doc) -> Context:
    """The context that a component works on."""
    found: Context = doc.user_data[CONTEXT]
    return found


def make_frames(document: Document) -> list[Frame]:
    """A frame for every block that is not furniture and holds text, in order of the text."""
    starts = [s.start for s in document.sections]
    text = reading(document)
    frames = []
    for block in document.blocks:
        if block.kind is BlockKind.FURNITURE or block.end <= block.start:
            continue
        view = Squeezed(text, block.start, block.end)
        if not len(view):
            continue
        section = _section_at(document, starts, view.offsets[0])
        content_from = 0
        if section is not None and section.start == view.offsets[0]:
            content_from = view.index(section.heading_start)
        part = section.part if section is not None else "body"
        if block.start < document.body_start:
            part = "notice"
        frame = Frame(block, view, section, sentences(view.text), content_from, part)
        if text is not document.text:
            frame.written = Squeezed(document.text, block.start, block.end).text
        frames.append(frame)
    return frames


def _section_at(document: Document, starts: list[int], offset: int) -> Section | None:
    """The innermost section that covers an offset."""
    at: int | None = bisect_right(starts, offset) - 1
    while at is not None and at >= 0:
        section = document.sections[at]
        if offset < section.end:
            return section
        at = section.parent
    return None
