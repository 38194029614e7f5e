"""Lines that were lost, and lines that were broken.

A text that lost its line breaks is cut again where headings count up; a line that a converter broke is joined to the
next one, the break staying in the text as a line end inside the block. Both are conservative: a text that gives no
evidence stays as it is, and no character but white space at a cut goes away.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.lexicons import Lexicons
from pipeline.model import BlockKind
from pipeline.raw import RawBlock, RawDocument, RawIssue
from pipeline.text import Squeezed, fold, parse_number

_LOST_CHARS = 600  # a paragraph that long with headings inside has lost its line breaks (longest whole one seen: 860)
_LOST_HEADINGS = 3
_LOST_KINDS = ("lost-han", "lost-paren-han", "lost-arabic", "lost-article")
_RUN_ON = 40  # a heading without a mark after it is at most this long before the next number
_INDENT = re.compile(r"\s*\u3000\u3000\s*")
_GAP = re.compile(r"\s+")

_TITLE_CHARS = 45  # of a line of a broken title
_TITLE_BLOCKS = 30  # titles stand among the first blocks
_LONG_LINE = 40  # from here on a line with a comma or full stop in it is running text
_PAIR_TWICE = 2
_MIN_LINES = 20  # lines needed to tell a fixed width
_NEAR = 4  # columns by which lines of one width differ: a mark may not begin a line, so it moves
_ALONE = re.compile(r"\s*\d{1,3}\s*")
_FEWEST_PAGES = 3  # numbers alone on lines that make page numbers
_PAGES_APART = 2  # the number of a page with a picture or a table may be lost
_LINES_OF_A_PAGE = 8
_INDENT_COLUMNS = 4  # the first line of a paragraph is that much shorter where its indent was lost
_WRAPPED_SHARE = 0.35  # of lines at the width; texts with a paragraph a line stay below 0.15


# --- lost lines ----------------------------------------------------------------------------------------------------


def split(raw: RawDocument, lexicons: Lexicons) -> RawDocument:
    """The document with paragraphs that lost their line breaks cut into lines; an issue says how many were cut."""
    out: list[RawBlock] = []
    moved: dict[int, int] = {}
    cut = 0
    for index, block in enumerate(raw.blocks):
        moved[index] = len(out)
        pieces = [block.text]
        if block.kind is BlockKind.PARAGRAPH:
            pieces = list(_pieces(block.text, lexicons))
        cut += len(pieces) - 1
        out += [block] if len(pieces) == 1 else [replace(block, text=piece) for piece in pieces]
    if not cut:
        return raw
    issues = [replace(i, block=None if i.block is None else moved.get(i.block)) for i in raw.issues]
    issues.append(RawIssue("lost-line-breaks", f"{cut} line breaks were lost and are put back", severity="info"))
    return replace(raw, blocks=tuple(out), issues=tuple(issues))


def _pieces(text: str, lexicons: Lexicons) -> Iterator[str]:
    """The lines of a block. In a long one that lost several, blanks before the first heading and behind the last
    sentence stood for line breaks too: title, salutation, signature and date."""
    whole = [text] if len(text) > _LOST_CHARS else _at_chapters(text, lexicons)
    parts = [part for line in whole for part in _at_indents(line, lexicons)]
    lost = len(text) > _LOST_CHARS and len(parts) > _LOST_HEADINGS
    for at, part in enumerate(parts):
        if lost and at in (0, len(parts) - 1):
            yield from _at_blanks(part)
        else:
            yield from _at_headings(part, lexicons)


def _at_chapters(text: str, lexicons: Lexicons) -> Iterator[str]:
    """Cuts where the heading of a chapter stands behind a sentence on the same line."""
    last = 0
    for gap in lexicons.pattern("lost-inline").finditer(fold(text)):
        yield from _at_items(text[last : gap.start()], lexicons)
        last = gap.end()
    yield from _at_items(text[last:], lexicons)


def _at_items(text: str, lexicons: Lexicons) -> Iterator[str]:
    """Cuts before items that are glued to what stands before them: the first of a chapter, the next of a list."""
    folded = fold(text)
    last = 0
    glued = lexicons.pattern("lost-first-item").match(folded.lstrip())
    if glued is not None:
        last = len(folded) - len(folded.lstrip()) + glued.end()
        yield text[:last]
    own = lexicons.pattern("lost-arabic").match(folded[last:].lstrip())
    expected = parse_number(own.group("n")) if own is not None else None
    for item in lexicons.pattern("lost-next-item").finditer(folded, last) if expected is not None else ():
        if parse_number(item.group("n")) == (expected or 0) + 1:
            yield text[last : item.start()]
            last, expected = item.start(), (expected or 0) + 1
    yield text[last:]


def _at_blanks(text: str) -> Iterator[str]:
    """Cuts at the blanks that stand between characters outside ASCII, where Chinese has none."""
    yield from re.split(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", text)


def _at_indents(text: str, lexicons: Lexicons) -> Iterator[str]:
    """Cuts before the indent of a paragraph (two wide blanks) that stands in the middle of a line."""
    last = 0
    gaps = [g for g in _INDENT.finditer(text) if text[: g.start()].strip() and text[g.end() :].strip()]
    many = len(gaps) >= _LOST_HEADINGS and len(text) > _LOST_CHARS
    for gap in gaps:
        after_end = lexicons.pattern("lost-after").search(fold(text[last : gap.start()]).rstrip())
        following = fold(text[gap.end() : gap.end() + 12])
        if many or after_end or any(lexicons.pattern(kind).match(following) for kind in _LOST_KINDS):
            yield text[last : gap.start()]
            last = gap.end()
    yield text[last:]


def _at_headings(text: str, lexicons: Lexicons) -> Iterator[str]:
    cuts = _cuts(text, lexicons) if len(text) > _LOST_CHARS else []
    last = 0
    for cut in cuts:
        if text[last:cut].strip():
            yield text[last:cut].strip()
            last = cut
    yield text[last:].strip() if cuts else text


def _cuts(text: str, lexicons: Lexicons) -> list[int]:
    """Where lines begin: at headings that count up, and at the blanks that stand for line breaks."""
    folded = fold(text)
    after = lexicons.pattern("lost-after")
    found: dict[str, list[int]] = {kind: _counting(folded, kind, lexicons) for kind in _LOST_KINDS}
    if max(len(starts) for starts in found.values()) < _LOST_HEADINGS:
        return []
    cuts = {start for starts in found.values() if len(starts) > 1 for start in starts}
    cuts |= {m.start() for m in lexicons.pattern("lost-annex").finditer(folded) if _opens(folded, m.start(), after)}
    first, tail = min(cuts), _last_sentence(folded, after)
    for gap in _GAP.finditer(folded):
        before = folded[max(0, gap.start() - 1) : gap.start()]
        outside = (gap.start() < first or gap.start() >= tail) and not before.isascii()
        if outside or after.search(before):
            cuts.add(gap.end())
    return sorted(c for c in cuts if 0 < c < len(text))


def _last_sentence(folded: str, after: re.Pattern[str]) -> int:
    """Just behind the last mark that ends a sentence: what follows is signature, date and page."""
    for at in range(len(folded), 0, -1):
        if after.search(folded[at - 1 : at]):
            return at
    return 0


def _opens(folded: str, at: int, after: re.Pattern[str]) -> bool:
    before = folded[max(0, at - 1) : at]
    return not before or before.isspace() or after.search(before) is not None


def _counting(folded: str, kind: str, lexicons: Lexicons) -> list[int]:
    """Starts of the headings of one kind whose numbers go up by one, or begin again at one."""
    after = lexicons.pattern("lost-after")
    starts: list[int] = []
    expected = 1
    for match in lexicons.pattern(kind).finditer(folded):
        number = parse_number(match.group("n"))
        if number not in (1, expected, expected + 1):  # one may have been lost with its mark
            continue
        if _opens(folded, match.start(), after) or _runs_on(folded, match.start(), lexicons):
            starts.append(match.start())
            expected = int(number) + 1
    return starts


def _runs_on(folded: str, at: int, lexicons: Lexicons) -> bool:
    """Whether only a short heading of another kind stands between the last mark and here: `一、总体要求（一）…`."""
    before = folded[max(0, at - _RUN_ON) : at]
    heading = before[_last_sentence(before, lexicons.pattern("lost-after")) :].strip()
    return len(heading) < len(before) and any(lexicons.pattern(kind).match(heading) for kind in _LOST_KINDS)


# --- broken lines --------------------------------------------------------------------------------------------------


def join(raw: RawDocument, lexicons: Lexicons) -> RawDocument:
    """The document with broken lines joined; the line end stays inside the block's text.

    Titles broken over lines are joined in every format, running text in plain text alone: other formats say where a
    paragraph ends.
    """
    joiner = _Joiner(raw, lexicons)
    out: list[RawBlock] = []
    moved: dict[int, int] = {}
    last: int | None = None  # in `out`, the last block with text
    blanks = 0
    for index, block in enumerate(raw.blocks):
        if index in joiner.page_numbers:
            moved[index] = len(out)
            out.append(replace(block, kind=BlockKind.FURNITURE))
            continue
        if block.kind is BlockKind.PARAGRAPH and not block.text.strip():
            moved[index] = len(out)
            out.append(block)
            blanks += 1
            continue
        if last is not None and joiner.joins(out[last], block, blanks, len(out)):
            out[last] = replace(out[last], text=f"{out[last].text.rstrip()}\n{block.text.strip()}")
            out[last + 1 :] = [b for b in out[last + 1 :] if b.kind is BlockKind.FURNITURE]
            moved[index] = last
        else:
            moved[index] = last = len(out)
            out.append(block)
        blanks = 0
    issues = tuple(replace(i, block=None if i.block is None else moved.get(i.block)) for i in raw.issues)
    return replace(raw, blocks=tuple(out), issues=issues)


@dataclass(frozen=True, slots=True)
class _Width:
    """A text wrapped at a fixed width: the width in columns, and whether paragraphs are indented."""

    columns: int
    indents: bool


class _Joiner:
    def __init__(self, raw: RawDocument, lexicons: Lexicons) -> None:
        self._plain = raw.format == "txt"
        self._lexicons = lexicons
        # Every line squeezed, a line end between two: a string of characters that stands in it stands within a line.
        self._context = "\n".join(Squeezed(b.text).text for b in raw.blocks)
        self._width = _fixed_width(raw, lexicons) if self._plain else None
        self.page_numbers = _page_numbers(raw) if self._width is not None else frozenset()

    def joins(self, above: RawBlock, below: RawBlock, blanks: int, position: int) -> bool:
        """Whether the text of `below` goes on the line of `above`, with `blanks` blank lines between them."""
        if above.kind is not BlockKind.PARAGRAPH or below.kind is not BlockKind.PARAGRAPH or above.page != below.page:
            return False
        a, b = Squeezed(above.text).text, Squeezed(below.text).text
        if self._has("line-new-paragraph", b) or blanks > 2:
            return False
        if self._is_wrapped(above.text, below.text, blanks):
            return True
        if self._has("line-sentence-end", a) or self._is_indented(below.text) > self._is_indented(above.text):
            return False
        if _closes(a, b, "《》") or (self._plain and _closes(a, b, "()")):
            return True
        if self._has("line-cut-end", a) and (self._plain or len(a) <= _TITLE_CHARS):
            return True
        if self._plain and len(a) >= _LONG_LINE and re.search("[。,;]", a):
            return self._is_cut(a, b)
        return position < _TITLE_BLOCKS and self._is_broken_title(a, b)

    def _has(self, pattern: str, text: str) -> bool:
        return self._lexicons.pattern(pattern).search(text) is not None

    def _is_word(self, chars: str) -> bool:
        """Whether the characters at a break stand together somewhere within a line of this document."""
        return len(chars) > 2 and chars in self._context

    def _is_cut(self, a: str, b: str) -> bool:
        """Whether a break goes through a word: what stands across it stands together elsewhere in the document.

        Three characters once, or two characters twice where the lower part ends its sentence.
        """
        if not (a[-1].isalnum() and b[:1].isalnum()):
            return False
        if self._is_word(a[-2:] + b[:1]) or self._is_word(a[-1:] + b[:2]):
            return True
        return self._context.count(a[-1:] + b[:1]) >= _PAIR_TWICE and self._has("line-sentence-end", b)

    def _is_indented(self, text: str) -> bool:
        return text[:1].isspace()

    def _is_broken_title(self, a: str, b: str) -> bool:
        if max(len(a), len(b)) > _TITLE_CHARS or re.search("[。,;:]", a + b):
            return False
        if self._has("line-title-start", b) or self._has("line-new-paragraph", a):
            return False
        return len(a) > 3 and len(b) > 3 and self._is_word(a[-2:] + b[:2])

    def _is_wrapped(self, above: str, below: str, blanks: int) -> bool:
        if self._width is None or blanks:
            return False
        last = above.rstrip().rsplit("\n", 1)[-1]
        missing = self._width.columns - _columns(last)
        first = "\n" not in above.strip() and not self._width.indents and not self._has("line-sentence-end", last)
        if missing > _NEAR + (_INDENT_COLUMNS if first else 0) or self._is_indented(below):
            return False
        return self._width.indents or not self._has("line-sentence-end", Squeezed(last).text)


def _page_numbers(raw: RawDocument) -> frozenset[int]:
    """Blocks of a wrapped text that are the numbers of its pages: numbers alone on lines, each higher than the one
    before it by at most two, with a page of lines between them."""
    numbers = [(i, int(fold(b.text))) for i, b in enumerate(raw.blocks) if _ALONE.fullmatch(fold(b.text)) is not None]
    pairs = itertools.pairwise(numbers)
    rising = all(0 < b - a <= _PAGES_APART and j - i >= _LINES_OF_A_PAGE for (i, a), (j, b) in pairs)
    return frozenset(i for i, _ in numbers) if rising and len(numbers) >= _FEWEST_PAGES else frozenset()


def _closes(a: str, b: str, pair: str) -> bool:
    """Whether `a` leaves a bracket open that `b` closes."""
    opened, closed = pair[0], pair[1]
    return a.count(opened) > a.count(closed) and b.count(closed) > b.count(opened)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _fixed_width(raw: RawDocument, lexicons: Lexicons) -> _Width | None:
    """The width at which a text was wrapped: many lines near the longest, most of them cut in mid-sentence."""
    end = lexicons.pattern("line-sentence-end")
    lines = [b.text.rstrip() for b in raw.blocks if b.kind is BlockKind.PARAGRAPH and b.text.strip()]
    if len(lines) < _MIN_LINES:
        return None
    widths = Counter(_columns(line) for line in lines)
    columns = max(widths, key=lambda w: (sum(n for v, n in widths.items() if 0 <= w - v <= _NEAR), w))
    near = [line for line in lines if -_NEAR <= _columns(line) - columns <= _NEAR]
    cut = [line for line in near if not end.search(fold(line))]
    if len(near) < _WRAPPED_SHARE * len(lines) or len(cut) * 2 < len(near) or columns < _LONG_LINE:
        return None
    return _Width(columns, any(line[:1].isspace() for line in lines))
