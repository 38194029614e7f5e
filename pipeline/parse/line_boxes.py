"""From recognised lines to boxes over a document's text, and what was read with low confidence.

Between the reader's blocks and the document, blocks are cut, joined and renamed, but no character changes its place
among the others. So the n-th character that is no blank leads from the one to the other, however the blocks changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.model import Document, Issue, LineBox
from pipeline.raw import RawBlock, RawLine

LOW_CONFIDENCE = "low-confidence"
# Below this a character is doubtful. Measured on rendered pages in three fonts, clean and spoiled: 28 of 36 wrong ones
# lie below, of 17,400 right ones 1.4 %, mostly brackets.
DOUBTFUL = 0.8
_TWO_WIDTHS = frozenset("（）：；，？！():;,?!")  # nine tenths of the doubts on pages without an error were of these
_APART = 2  # doubtful characters with fewer sure ones between them are one place


def _bare(text: str) -> str:
    return "".join(text.split())


def locate(document: Document, blocks: Sequence[RawBlock]) -> Document:
    """The document with the boxes of its recognised text, and an issue `low-confidence` for each doubtful place.

    `blocks` are the reader's, as they were before anything was done to them. Where the characters are not the same ones
    in the same order any more, there are no boxes, but one issue says that doubtful places are not told.
    """
    if not any(block.lines for block in blocks):
        return document
    offsets = [i for i, char in enumerate(document.text) if not char.isspace()]
    if "".join(document.text[i] for i in offsets) != "".join(_bare(block.text) for block in blocks):
        lost = Issue(LOW_CONFIDENCE, "the places of recognised lines were lost: check every number on the page itself")
        return replace(document, issues=(*document.issues, lost))
    boxes: list[LineBox] = []
    issues: list[Issue] = []
    at = 0
    for block in blocks:
        here = at
        for line in block.lines:
            span = offsets[here : here + len(line.text)]
            mean = round(sum(line.confidence) / len(line.confidence), 3)
            boxes.append(LineBox(span[0], span[-1] + 1, line.page, *line.box, mean))
            issues.extend(_doubts(document.text, line, span))
            here += len(line.text)
        at += len(_bare(block.text))
    return replace(document, lines=tuple(boxes), issues=(*document.issues, *issues))


def _is_width_only(text: str, at: int) -> bool:
    """Whether a mark is one that the recogniser wavers about in its width alone; between figures it may be a point."""
    return text[at] in _TWO_WIDTHS and not (text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit())


def _doubts(text: str, line: RawLine, span: list[int]) -> Iterator[Issue]:
    """The doubtful places of one line, those close together as one."""
    weak = [i for i, sure in enumerate(line.confidence) if sure < DOUBTFUL and not _is_width_only(line.text, i)]
    while weak:
        count = 1
        while count < len(weak) and weak[count] - weak[count - 1] <= _APART:
            count += 1
        first, last = weak[0], weak[count - 1]
        least = min(line.confidence[i] for i in weak[:count])
        start, end = span[first], span[last] + 1
        yield Issue(LOW_CONFIDENCE, f"{text[start:end]} ({least:.2f}), page {line.page}", "warning", start, end)
        weak = weak[count:]
