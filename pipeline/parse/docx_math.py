"""Formulas of Word (Office Math, ECMA-376 part 1, 22.1) as text on one line: a fraction as 1/2, not as 12."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.parse.docx_package import Element, W

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SKIPPED = frozenset(W + name for name in ("del", "moveFrom", "rPr", "delText", "instrText"))


def formula(node: Element) -> str:
    """The text of a formula or of a part of it, without what is deleted in tracked changes."""
    pieces: list[str] = []
    for child in node:
        tag = child.tag
        if not isinstance(tag, str) or tag in _SKIPPED or tag.endswith("Pr"):
            continue
        if tag in {M + "t", W + "t"}:
            pieces.append(child.text or "")
        elif tag in _WRITTEN:
            pieces.append(_WRITTEN[tag](child))
        else:
            pieces.append(formula(child))
    return "".join(pieces)


def _part(node: Element, name: str) -> str:
    found = node.find(M + name)
    return "" if found is None else formula(found)


def _grouped(text: str) -> str:
    """In brackets where an operator after it would take it apart."""
    return text if text.isalnum() or len(text) < 2 or _is_number(text) else f"({text})"


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("%", "", 1).isdecimal()


def _fraction(node: Element) -> str:
    return f"{_grouped(_part(node, 'num'))}/{_grouped(_part(node, 'den'))}"


def _scripts(node: Element) -> str:
    above = _part(node, "sup")
    return _part(node, "e") + _part(node, "sub") + (f"^{_grouped(above)}" if above else "")


def _root(node: Element) -> str:
    return f"{_part(node, 'deg')}√{_grouped(_part(node, 'e'))}"


def _setting(node: Element, properties: str, name: str, default: str) -> str:
    found = node.find(f"{M}{properties}/{M}{name}")
    return default if found is None else found.get(M + "val", "")


def _delimited(node: Element) -> str:
    inner = _setting(node, "dPr", "sepChr", "|").join(formula(e) for e in node.iterchildren(M + "e"))
    return _setting(node, "dPr", "begChr", "(") + inner + _setting(node, "dPr", "endChr", ")")


def _sum(node: Element) -> str:
    low, high = _part(node, "sub"), _part(node, "sup")
    limits = (f"_{_grouped(low)}" if low else "") + (f"^{_grouped(high)}" if high else "")
    return _setting(node, "naryPr", "chr", "∫") + limits + _part(node, "e")


def _limit(node: Element) -> str:
    return f"{_part(node, 'e')}({_part(node, 'lim')})"


def _rows(name: str) -> Callable[[Element], str]:
    return lambda node: "; ".join(formula(row) for row in node.iterchildren(M + name))


_WRITTEN: dict[str, Callable[[Element], str]] = {
    M + "f": _fraction,
    M + "sSup": _scripts,
    M + "sSubSup": _scripts,
    M + "rad": _root,
    M + "d": _delimited,
    M + "nary": _sum,
    M + "limLow": _limit,
    M + "limUpp": _limit,
    M + "eqArr": _rows("e"),
    M + "m": _rows("mr"),
}
