"""Tables of contents: their lines repeat the headings and are neither headings nor tasks, so they become furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.lexicons import Lexicons
from pipeline.model import BlockKind
from pipeline.raw import RawBlock, RawDocument, RawIssue
from pipeline.text import Squeezed, fold

_FEWEST = 3  # lines that make a table of contents
_LONGEST = 90  # characters of an entry with its leader
_SEARCHED = 600  # blocks from the beginning in which a table of contents may stand
_NUMBER_BEHIND = re.compile(r"[\s.·…‥⋯_\-—–()]*(?:\d{1,4}|[ivxl]{1,6})[\s)\-—–]*$", re.IGNORECASE)
_PAGE = re.compile(r"\d+")


def set_aside(raw: RawDocument, lexicons: Lexicons) -> RawDocument:
    """The document with the lines of its table of contents as furniture; an issue tells where and how many.

    A table of contents is what follows its title as long as each line has a page number behind a leader or a blank, or
    is there again later on; or, without a title, lines with leaders whose page numbers never fall.
    """
    found = _titled(raw.blocks, lexicons) or _led(raw.blocks, lexicons)
    if not found:
        return raw
    blocks = list(raw.blocks)
    for index in found:
        blocks[index] = replace(blocks[index], kind=BlockKind.FURNITURE, level=None)
    detail = f"{len(found)} lines are a table of contents and are not read as text"
    return replace(raw, blocks=tuple(blocks), issues=(*raw.issues, RawIssue("contents", detail, found[0], "info")))


def _titled(blocks: Sequence[RawBlock], lexicons: Lexicons) -> list[int]:
    """The title of a table of contents with its lines, by index; none where too few follow."""
    title = lexicons.pattern("contents-title")
    for start, block in enumerate(blocks[:_SEARCHED]):
        if not _is_line(block) or not title.search(Squeezed(block.text).text):
            continue
        found: list[int] = []
        later = [Squeezed(b.text).text if _is_line(b) else "" for b in blocks]
        set_before = 0  # lines that the reader knew to be of a table of contents
        for index in range(start + 1, len(blocks)):
            if not blocks[index].text.strip() or blocks[index].kind is BlockKind.FURNITURE:
                set_before += not found and bool(blocks[index].text.strip())
                continue
            if not _is_entry(blocks, index, later, found, lexicons):
                break
            found.append(index)
        if len(found) + set_before >= _FEWEST:
            return [start, *found]
    return []


def _is_entry(
    blocks: Sequence[RawBlock], index: int, later: Sequence[str], found: Sequence[int], lexicons: Lexicons
) -> bool:
    """Whether a line goes on a table of contents of which `found` are the lines so far."""
    block = blocks[index]
    if not _is_line(block) or len(block.text) > _LONGEST:
        return False
    if any(lexicons.pattern(p).search(fold(block.text.strip())) for p in ("contents-leader", "contents-number")):
        return True
    name = _name(later[index])
    if not name or (found and name == _name(later[found[0]])):  # the text itself begins
        return False
    return any(text.startswith(name) for text in later[index + 1 :])


def _led(blocks: Sequence[RawBlock], lexicons: Lexicons) -> list[int]:
    """The longest of the runs of lines with leaders whose page numbers never fall; none where it is too short."""
    best: list[int] = []
    run: list[int] = []
    last = 0
    for index, block in enumerate(blocks[:_SEARCHED]):
        if block.kind is BlockKind.FURNITURE or not block.text.strip():
            continue
        text = fold(block.text.strip())
        is_led = _is_line(block) and len(text) <= _LONGEST and lexicons.pattern("contents-leader").search(text)
        numbers = _PAGE.findall(text[-6:]) if is_led else []
        page = int(numbers[-1]) if numbers else last
        if not is_led or page < last:
            best, run, last = max(best, run, key=len), [], 0
        if is_led:
            run.append(index)
            last = page
    best = max(best, run, key=len)
    return best if len(best) >= _FEWEST else []


def _is_line(block: RawBlock) -> bool:
    return block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)


def _name(line: str) -> str:
    """An entry without its leader and page number."""
    return _NUMBER_BEHIND.sub("", line)
