"""The text of one Word paragraph: runs in order, with what is inserted, without what is deleted.

Read: inserted and moved-to runs, links, content controls, smart tags, results of fields, formulas. Not read: deleted
and moved-from runs, field instructions, phonetic guides. Hidden text and text boxes are handed out apart.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.parse.docx_math import M, formula
from pipeline.parse.docx_package import MC, Element, Styles, W, value
from pipeline.parse.docx_symbols import in_font, symbol

_MATH = frozenset({M + "oMath", M + "oMathPara"})
_SKIPPED = frozenset(
    W + name for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "delText", "delInstrText", "rt")
)
_PLAIN = {W + "tab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-", W + "ptab": "\t"}
_TEXTPATH = "{urn:schemas-microsoft-com:vml}textpath"
_OF_TEXT = (W + "t", M + "t", W + "sym", _TEXTPATH)
_SOFT_HYPHEN = "\u00ad"
_CONTENTS = re.compile(r"\s*TOC\b", re.IGNORECASE)
# Word's field for a sign in a ring, which has no result: EQ \\o\\ac(○,11).
_RINGED = re.compile(r"\s*EQ\s*\\o\s*\\ac\s*\(\s*\S+?\s*,\s*(\w{1,2})\s*\)\s*", re.IGNORECASE)


@dataclass
class ParagraphText:
    """What a paragraph holds: its text, its hidden text, its text boxes, the notes that it refers to (kind, id).

    `in_contents` says that all its text is the result of a field that makes a table of contents.
    """

    text: str = ""
    hidden: str = ""
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    in_contents: bool = False


@dataclass
class _Field:
    """An open field: its instruction as far as read, and whether its result has begun."""

    code: str = ""
    has_result: bool = False


def unclosed(root: Element) -> set[Element]:
    """The field marks that open a field which never comes to its result or its end: damage that would hide the rest."""
    opened: list[tuple[Element, bool]] = []
    for mark in root.iter(W + "fldChar"):
        kind = mark.get(W + "fldCharType")
        if kind == "begin":
            opened.append((mark, False))
        elif kind == "separate" and opened:
            opened[-1] = (opened[-1][0], True)
        elif kind == "end" and opened:
            opened.pop()
    return {mark for mark, has_result in opened if not has_result}


class RunReader:
    """Reads paragraphs one after another; fields may span several of them, so it keeps where in a field it is."""

    def __init__(self, styles: Styles, ignored: Container[Element] = ()) -> None:
        """`ignored` are field marks to be passed over."""
        self._styles = styles
        self._ignored = ignored
        self._fields: list[_Field] = []

    def read(self, paragraph: Element) -> ParagraphText:
        """The content of a `w:p`, line breaks as "\\n", tabs as "\\t", outer white space kept."""
        found = ParagraphText()
        style = value(paragraph.find(W + "pPr"), "pStyle")
        is_outside = False
        for text, is_hidden in self._walk(paragraph, found, style, False):
            if is_hidden:
                found.hidden += text
            else:
                found.text += text
                is_outside = is_outside or (bool(text.strip()) and not self._is_in_contents())
        found.in_contents = bool(found.text.strip()) and not is_outside
        return found

    def _is_in_contents(self) -> bool:
        return any(_CONTENTS.match(field.code) for field in self._fields)

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
                if child not in self._ignored and (made := self._turn(child.get(W + "fldCharType"))):
                    yield made, is_hidden
            elif tag == W + "instrText":
                if self._fields and not self._fields[-1].has_result:
                    self._fields[-1].code += child.text or ""
            elif tag == W + "fldSimple":
                self._fields.append(_Field(child.get(W + "instr", ""), True))
                yield from self._walk(child, found, style, is_hidden)
                self._fields.pop()
            elif tag == MC + "AlternateContent":
                if (chosen := choice(child)) is not None:
                    yield from self._walk(chosen, found, style, is_hidden)
            elif tag == W + "txbxContent":
                found.boxes.append(child)
            elif tag == _TEXTPATH:
                found.boxes.append(_as_box(child.get("string", "")))
            elif not all(field.has_result for field in self._fields):
                continue  # inside the instruction of a field
            elif tag in {W + "footnoteReference", W + "endnoteReference"}:
                found.notes.append((tag.removeprefix(W).removesuffix("Reference"), child.get(W + "id", "")))
            elif (text := _text(child)) is not None:
                yield text, is_hidden
            else:
                yield from self._walk(child, found, style, is_hidden)

    def _turn(self, kind: str | None) -> str:
        """Goes on to the next part of a field. Gives the sign that a field without a result stands for."""
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].has_result = True
        elif kind == "end" and self._fields:
            closed = self._fields.pop()
            ringed = _RINGED.fullmatch(closed.code)
            if ringed is not None and not closed.has_result and all(field.has_result for field in self._fields):
                return _in_ring(ringed[1])
        return ""


def _in_ring(sign: str) -> str:
    return chr(ord("①") + int(sign) - 1) if sign.isdecimal() and 0 < int(sign) <= 20 else f"({sign})"


def _as_box(text: str) -> Element:
    """The text of a drawn lettering, as the red head of a document may be, in the form of a text box."""
    box = etree.Element(W + "txbxContent")
    run = etree.SubElement(etree.SubElement(box, W + "p"), W + "r")
    etree.SubElement(run, W + "t").text = text
    return box


def choice(alternate: Element) -> Element | None:
    """What is read of alternate content: the first choice that holds text, else the fallback if it does."""
    offers = [node for node in alternate if node.tag in {MC + "Choice", MC + "Fallback"}]
    with_text = (offer for offer in offers if next(offer.iter(*_OF_TEXT), None) is not None)
    return next(with_text, offers[0] if offers else None)


def _text(node: Element) -> str | None:
    """The text of a leaf of a run, None for a container that is to be walked."""
    tag = node.tag
    if tag == W + "t":
        return in_font((node.text or "").replace(_SOFT_HYPHEN, ""), node.getparent())
    if tag in _PLAIN:
        return _PLAIN[tag]
    if tag in _MATH:
        return formula(node)
    if tag == W + "br":
        return "\n"
    return symbol(node) if tag == W + "sym" else None
