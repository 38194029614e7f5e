"""Furniture: lines of the page around a plan, and what the page head states about the plan.

A saved page brings navigation before and after the text, and lines of labels with values (索引号, 成文日期 …), with or
without colons and even without blanks between. Such lines become furniture, and the pairs the document's page head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.lexicons import Lexicons, alternation
from pipeline.model import BlockKind
from pipeline.raw import RawBlock, RawDocument
from pipeline.text import Squeezed, fold

HEAD_BLOCKS = 40  # page heads seen have up to 15 lines before the text
TAIL_BLOCKS = 120  # "more articles" lists at the end of a page run to 80 lines
LONGEST_LINE = 160  # characters; furniture lines are short, and a paragraph that cites 来源 must stay
_RUNNING = 80  # a block of this length that ends a sentence is the plan's own text: the page head is over
_JUNK = " \t?\ufffd\xa0\u3000|｜"
_WIDE_GAP = re.compile(r"\s{3,}")  # what stands far off on the line is another item of the page, not the value
_ENTRY_ENDS = re.compile(r"[\s【】\[\]]+")
_PAGE_NUMBER = 20  # characters, blanks with it
_HEAD_CELLS = 3  # a table with this many label cells is the page head, not the plan's

# Field of a label → the pattern that its value must have where no colon says that it is a value.
_VALUE_OF = {
    "issue_date": "value-date",
    "publish_date": "value-date",
    "effective_date": "value-date",
    "expiry_date": "value-date",
    "doc_number": "value-doc-number",
    "index_number": "value-index",
    "counter": "value-counter",
    "url": "value-url",
}

Pair = tuple[str, str]


def mark(raw: RawDocument, lexicons: Lexicons) -> RawDocument:
    """The document with its furniture marked, and the pairs of its page head added to `metadata`."""
    marker = _Marker(raw, lexicons)
    marker.run()
    return replace(raw, blocks=tuple(marker.blocks), metadata=raw.metadata + tuple(marker.pairs))


class Labels:
    """Finds labelled values in a line of a page head."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._lexicons = lexicons
        self._fields: dict[str, str] = {}
        for row in lexicons.get("metadata_labels"):
            for term in (row.name, *row.aliases):
                self._fields.setdefault(fold(term).lower(), row.get("field"))
        words = alternation(list(self._fields))
        # Letters of a label may stand apart (来　源); the mark after it tells a label from a word of the text.
        label = rf"({words})(\s*[】\]])?\s*(:)?"
        self._label = re.compile(rf"(?:^|(?<=[\s?\ufffd|【\[(])){label}", re.IGNORECASE)
        self._glued = re.compile(label, re.IGNORECASE)

    def field(self, text: str) -> str | None:
        """The field that a text names if it is a label and nothing else (a colon and brackets may stand with it)."""
        bare = re.sub(r"\s+", "", fold(text)).strip(":【】[]()")
        return self._fields.get(bare.lower())

    def fits(self, field: str, value: str) -> bool:
        """Whether a value has the form of its field; fields of free text take every value."""
        pattern = _VALUE_OF.get(field)
        return pattern is None or self._lexicons.pattern(pattern).search(Squeezed(value).text) is not None

    def starts(self, line: str) -> bool:
        """Whether a line begins with a label that a mark shows to be one."""
        found = self._label.match(fold(line.strip()))
        return found is not None and bool(found.group(2) or found.group(3))

    def pairs(self, line: str) -> list[Pair]:
        """The pairs of a line that is made of labels and values; none where the line is anything else."""
        text = fold(line)
        found = list(self._label.finditer(text))
        if not found or text[: found[0].start()].strip(_JUNK + "【[("):
            return []
        found = list(self._with_glued(text, found))
        pairs: list[Pair] = []
        sure = len(found) > 1
        for mark, following in zip(found, [*found[1:], None], strict=True):
            value = line[mark.end() : following.start() if following else len(line)].strip(_JUNK).rstrip("【[")
            value = _WIDE_GAP.split(value)[0]
            field = self._fields.get(mark.group(1).lower(), "")
            stated = bool(mark.group(2) or mark.group(3))
            if stated or field in _VALUE_OF:
                if value and not self.fits(field, value):
                    return []
                sure = sure or stated or bool(value)
            pairs.append((mark.group(1), value))
        return pairs if sure else []

    def _with_glued(self, text: str, found: list[re.Match[str]]) -> Iterator[re.Match[str]]:
        """The labels with those that lost the blank before them, as pages do in print and in recognition: told by a
        colon, a date right behind, or the end of the line."""
        parted = {mark.start(1): mark for mark in found}
        at = found[0].start()
        while (mark := self._glued.search(text, at)) is not None:
            at = mark.end()
            if (known := parted.get(mark.start())) is not None:
                yield known
                continue
            is_date = _VALUE_OF.get(self._fields.get(mark.group(1).lower(), "")) == "value-date"
            if mark.group(3) or not text[at:].strip(_JUNK) or (is_date and self.fits("issue_date", text[at:])):
                yield mark


class _Marker:
    def __init__(self, raw: RawDocument, lexicons: Lexicons) -> None:
        self.blocks = list(raw.blocks)
        self.pairs: list[Pair] = []
        self._lexicons = lexicons
        self._labels = Labels(lexicons)
        self._lines, self._prefixes, self._parts = (_terms(lexicons, how) for how in ("line", "prefix", "contains"))
        self._page_head = any(b.kind is BlockKind.FURNITURE for b in raw.blocks)

    def run(self) -> None:
        self._head_tables()
        if self._page_head:
            self._stated_outside()
        filled = [i for i, b in enumerate(self.blocks) if b.text.strip() and b.kind is not BlockKind.CELL]
        head = list(self._head(filled))
        self._head_pairs(head, filled)
        self._between(filled)
        for index in {*head, *filled[-TAIL_BLOCKS:]}:
            if self._is_furniture(self.blocks[index].text):
                self._set(index)
        for index in filled:
            text = self.blocks[index].text
            if len(text) <= _PAGE_NUMBER and self._matches("furniture-page", text):
                self._set(index)
        self._tail(filled)

    def _set(self, index: int) -> None:
        if self.blocks[index].kind is BlockKind.PARAGRAPH:
            self.blocks[index] = replace(self.blocks[index], kind=BlockKind.FURNITURE)

    def _matches(self, pattern: str, text: str) -> bool:
        return len(text) <= LONGEST_LINE and bool(self._lexicons.pattern(pattern).search(Squeezed(text.strip()).text))

    def _is_furniture(self, text: str) -> bool:
        if len(text) > LONGEST_LINE:
            return False
        bare = Squeezed(text.strip(_JUNK)).text
        tokens = [Squeezed(part).text for part in _ENTRY_ENDS.split(text) if part]  # 【打印本页】【关闭窗口】
        if bare in self._lines or bare.strip(":") in self._lines or all(t in self._lines for t in tokens):
            return True
        if bare.startswith(self._prefixes) or any(part in bare for part in self._parts):
            return True
        return any(self._matches(p, text) for p in ("furniture-bar", "furniture-font"))

    def _head(self, filled: list[int]) -> Iterator[int]:
        """The blocks before the plan's own text begins: until a long block that ends as a sentence does."""
        for index in filled[:HEAD_BLOCKS]:
            text = self.blocks[index].text.strip()
            if len(text) >= _RUNNING and self._lexicons.pattern("line-sentence-end").search(fold(text)):
                return
            yield index

    def _head_pairs(self, head: list[int], filled: list[int]) -> None:
        values: set[int] = set()
        for at, index in enumerate(head):
            block = self.blocks[index]
            if index in values or block.kind is not BlockKind.PARAGRAPH or len(block.text) > LONGEST_LINE:
                continue
            pairs = self._labels.pairs(block.text.strip())
            if not pairs:
                if self._ends_in_label(block.text):
                    self._set(index)
                continue
            self._set(index)
            label, value = pairs[-1]
            following = filled[at + 1] if at + 1 < len(filled) else None
            if not value and following is not None and self._is_value(label, following):
                pairs[-1] = (label, self.blocks[following].text.strip())
                values.add(following)
                self._set(following)
            self.pairs += [pair for pair in pairs if pair[1]]

    def _between(self, filled: list[int]) -> None:
        """A labelled line between two lines of the page head belongs to it, whatever its value (`发文时间：未知`)."""
        for before, index, after in zip(filled, filled[1:], filled[2:HEAD_BLOCKS], strict=False):
            near = (self.blocks[before].kind, self.blocks[after].kind)
            if near == (BlockKind.FURNITURE, BlockKind.FURNITURE) and self._labels.starts(self.blocks[index].text):
                self._set(index)

    def _is_value(self, label: str, index: int) -> bool:
        """Whether the next line is the value of a label that ended its line."""
        field = self._labels.field(label) or ""
        text = self.blocks[index].text.strip()
        if field == "summary":  # a summary made by the site is the beginning of the text over again
            start = Squeezed(text).text[:20]
            rest = "".join(Squeezed(b.text).text for b in self.blocks[index + 1 : index + 12])
            return start in rest
        return field in _VALUE_OF and len(text) <= 60 and self._labels.fits(field, text)

    def _ends_in_label(self, text: str) -> bool:
        """A value that lost its label, with the next label after it: `yx-2020-000224 主题分类`."""
        words = text.split()
        if len(words) != 2 or self._labels.field(words[1]) is None:
            return False
        return self._labels.fits("index_number", words[0]) and words[0].isascii()

    def _stated_outside(self) -> None:
        """Pairs of a page's furniture: a label and its value in neighbouring blocks, or both in one block."""
        for index, block in enumerate(self.blocks):
            if block.kind is not BlockKind.FURNITURE or len(block.text) > LONGEST_LINE:
                continue
            if self._labels.field(block.text) is None:
                self.pairs += [pair for pair in self._labels.pairs(block.text) if pair[1]]
                continue
            value = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
            self._pair(block.text, value, BlockKind.FURNITURE)

    def _pair(self, label: str, value: RawBlock | None, kind: BlockKind) -> None:
        if value is None or value.kind is not kind or not value.text.strip():
            return
        field = self._labels.field(label) or ""
        if self._labels.field(value.text) is None and self._labels.fits(field, value.text):
            self.pairs.append((re.sub(r"\s+", "", fold(label)).strip(":【】[]()"), value.text.strip()))

    def _head_tables(self) -> None:
        """A table of labels and values is the page head, wherever it stands: its cells become furniture."""
        places: dict[int, list[int]] = {}
        for i, block in enumerate(self.blocks):
            if block.cell is not None:
                places.setdefault(block.cell.table, []).append(i)
        for _, where in sorted(places.items()):
            filled = [i for i in where if self.blocks[i].text.strip()]
            labels = [i for i in filled if self._labels.field(self.blocks[i].text) is not None]
            columns = {c.col for i in labels if (c := self.blocks[i].cell) is not None}
            if len(labels) < _HEAD_CELLS or len(labels) * 3 < len(filled) or len(columns) * 2 > len(labels) + 2:
                continue
            for i in where:
                if i in labels and i + 1 in where:
                    self._pair(self.blocks[i].text, self.blocks[i + 1], BlockKind.CELL)
            for i in where:
                self.blocks[i] = replace(self.blocks[i], kind=BlockKind.FURNITURE, cell=None)

    def _tail(self, filled: list[int]) -> None:
        """Lists of other articles behind the text: from their first heading to the end, if nothing there is running
        text. The text has more characters than what stands behind it."""
        sizes = [len(self.blocks[i].text) for i in filled]
        before = 0
        whole = sum(sizes)
        for at, index in enumerate(filled):
            if 2 * before > whole and self._matches("furniture-tail", self.blocks[index].text):
                if max(sizes[at:]) <= LONGEST_LINE:
                    for i in filled[at:]:
                        self._set(i)
                return
            before += sizes[at]


def _terms(lexicons: Lexicons, how: str) -> tuple[str, ...]:
    rows = [row for row in lexicons.get("furniture") if row.get("how") == how]
    return tuple(Squeezed(term).text for row in rows for term in (row.name, *row.aliases))
