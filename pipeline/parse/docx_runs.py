"""The text of one Word paragraph: runs in order, with what is inserted, without what is deleted.

Read: inserted and moved-to runs, links, content controls, smart tags, results of fields, formulas. Not read: deleted
and moved-from runs, field instructions, phonetic guides. Hidden text and text boxes are handed out apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.parse.docx_package import MC, Element, Styles, W, value

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SKIPPED = frozenset(
    W + name
    for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "instrText", "delText", "delInstrText", "rt")
)
_PLAIN = {W + "tab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-", W + "ptab": "\t"}
# Signs of the Wingdings fonts that forms and lists use; the code points are those of the private use area.
_WINGDINGS = {0xF0FE: "☑", 0xF052: "☑", 0xF0A8: "□", 0xF06F: "□", 0xF0A3: "□", 0xF0FC: "✓", 0xF06C: "●", 0xF06E: "■",
              0xF075: "◆", 0xF0D8: "➢", 0xF0B7: "•", 0xF09F: "•"}  # fmt: skip


@dataclass
class ParagraphText:
    """What a paragraph holds: its text, its hidden text, its text boxes, the notes that it refers to (kind, id)."""

    text: str = ""
    hidden: str = ""
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


class RunReader:
    """Reads paragraphs one after another; fields may span several of them, so it keeps where in a field it is."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._fields: list[bool] = []  # of each open field: whether its result has begun

    def read(self, paragraph: Element) -> ParagraphText:
        """The content of a `w:p`, line breaks as "\\n", tabs as "\\t", outer white space kept."""
        found = ParagraphText()
        style = value(paragraph.find(W + "pPr"), "pStyle")
        for text, is_hidden in self._walk(paragraph, found, style, False):
            if is_hidden:
                found.hidden += text
            else:
                found.text += text
        return found

    def _walk(
        self, node: Element, found: ParagraphText, style: str | None, is_hidden: bool
    ) -> Iterator[tuple[str, bool]]:
        for child in node:
            tag = child.tag
            if not isinstance(tag, str) or tag in _SKIPPED:
                continue
            if tag == W + "r":
                hidden = self._styles.is_hidden(child.find(W + "rPr"), style)
                yield from self._walk(child, found, style, hidden)
            elif tag == W + "fldChar":
                self._turn(child.get(W + "fldCharType"))
            elif tag == MC + "AlternateContent":
                chosen = child.find(MC + "Choice")
                chosen = child.find(MC + "Fallback") if chosen is None else chosen
                if chosen is not None:
                    yield from self._walk(chosen, found, style, is_hidden)
            elif tag == W + "txbxContent":
                found.boxes.append(child)
            elif not all(self._fields):
                continue  # inside the instruction of a field
            elif tag in {W + "footnoteReference", W + "endnoteReference"}:
                found.notes.append((tag.removeprefix(W).removesuffix("Reference"), child.get(W + "id", "")))
            elif (text := _text(child)) is not None:
                yield text, is_hidden
            else:
                yield from self._walk(child, found, style, is_hidden)

    def _turn(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()


def _text(node: Element) -> str | None:
    """The text of a leaf of a run, None for a container that is to be walked."""
    tag = node.tag
    if tag in {W + "t", _MATH + "t"}:
        return node.text or ""
    if tag in _PLAIN:
        return _PLAIN[tag]
    if tag == W + "br":
        return "\n"
    if tag == W + "sym":
        try:
            code = int(node.get(W + "char", ""), 16)
        except ValueError:
            return ""
        return _WINGDINGS.get(code) or (chr(code) if 0 < code < 0xD800 or 0xE000 <= code < 0x110000 else "")
    return None
