"""Automatic list numbers of Word: computed from `numbering.xml`, since they are not in the text.

Counters belong to the abstract list: two list instances of it go on counting together, unless an instance states its
own start (ECMA-376 part 1, 17.9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pipeline.parse.docx_formats import format_number
from pipeline.parse.docx_package import MC, Element, Styles, W, is_on, value

BULLET = "•"
_PLACE = re.compile(r"%([1-9])")
_MAX_LEVEL = 9


@dataclass(frozen=True)
class Level:
    """One level of a list: first number, format, text with %1…%9, after which level it starts anew, what follows."""

    start: int = 1
    number_format: str = "decimal"
    text: str = ""
    restart: int | None = None
    suffix: str = "tab"
    style: str | None = None
    is_legal: bool = False


@dataclass
class _List:
    """A list instance: the abstract list that it counts with, its levels, and the starts that it overrides."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)
    is_begun: bool = False


class Numbering:
    """The lists of a document, with their counters; paragraphs are to be asked for in the order of the document."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, dict[int, int]] = {}
        if root is not None:
            self._read(root)

    def _read(self, root: Element) -> None:
        abstracts = {a.get(W + "abstractNumId", ""): a for a in root.iterchildren(W + "abstractNum")}
        linked = {value(a, "styleLink"): key for key, a in abstracts.items() if value(a, "styleLink")}
        for node in root.iterchildren(W + "num"):
            key = value(node, "abstractNumId") or ""
            # A list that only names a numbering style takes its levels from the list that the style is linked to.
            link = value(abstracts.get(key), "numStyleLink")
            key = linked.get(link, key) if link else key
            found = _List(key, _levels(abstracts.get(key)))
            for override in node.iterchildren(W + "lvlOverride"):
                self._override(found, override)
            self._lists[node.get(W + "numId", "")] = found

    @staticmethod
    def _override(found: _List, override: Element) -> None:
        at = _number(override.get(W + "ilvl"), 0)
        own = override.find(W + "lvl")
        if own is not None:
            found.levels[at] = _level(own)
        start = value(override, "startOverride")
        if start is not None:
            found.starts[at] = _number(start, 1)
            found.levels[at] = replace(found.levels.get(at, Level()), start=found.starts[at])

    def number(self, properties: Element | None) -> str:
        """The number of the next paragraph with what follows it, "" for one outside any list. It counts on."""
        num_id, at = self._place(properties)
        found = self._lists.get(num_id or "")
        if found is None or at not in found.levels:
            return ""
        counters = self._counters.setdefault(found.abstract, {})
        if not found.is_begun:
            found.is_begun = True
            for overridden in found.starts:
                counters.pop(overridden, None)
        level = found.levels[at]
        counters[at] = counters[at] + 1 if at in counters else level.start
        for deeper in [d for d in counters if d > at]:
            restart = found.levels.get(deeper, Level()).restart
            if restart is None or at < restart:
                del counters[deeper]
        return _spaced(self._write(found, at, counters), level.suffix)

    def _place(self, properties: Element | None) -> tuple[str | None, int]:
        """List id and level (0-based) of a paragraph: its own properties first, then those of its style."""
        own = None if properties is None else properties.find(W + "numPr")
        num_id, at = value(own, "numId"), value(own, "ilvl")
        if num_id is not None and at is not None:
            return num_id, _number(at, 0)
        for style in self._styles.chain(value(properties, "pStyle")):
            from_style = style.find(W + "pPr/" + W + "numPr")
            if num_id is None and value(from_style, "numId") is not None:
                num_id = value(from_style, "numId")
                at = at if at is not None else self._linked_level(num_id, style.get(W + "styleId"))
            at = at if at is not None else value(from_style, "ilvl")
        return num_id, _number(at, 0)

    def _linked_level(self, num_id: str | None, style_id: str | None) -> str | None:
        found = self._lists.get(num_id or "")
        for at, level in () if found is None else found.levels.items():
            if level.style is not None and level.style == style_id:
                return str(at)
        return None

    @staticmethod
    def _write(found: _List, at: int, counters: dict[int, int]) -> str:
        level = found.levels[at]
        if level.number_format == "bullet":
            # Bullets of symbol fonts stand in the private use area and mean nothing without the font.
            return BULLET if not level.text or "\ue000" <= level.text[0] <= "\uf8ff" else level.text

        def fill(place: re.Match[str]) -> str:
            which = int(place.group(1)) - 1
            other = found.levels.get(which, Level())
            if which > at:
                return ""
            as_digits = level.is_legal and which != at
            return format_number(counters.get(which, other.start), "decimal" if as_digits else other.number_format)

        return _PLACE.sub(fill, level.text)


def _spaced(number: str, suffix: str) -> str:
    """A blank for Word's tab or space, which keeps `1.` apart from `5G`; none after a full-width mark such as 、."""
    return number + (" " if number and suffix != "nothing" and number[-1].isascii() else "")


def _levels(abstract: Element | None) -> dict[int, Level]:
    if abstract is None:
        return {}
    nodes = abstract.iterchildren(W + "lvl")
    return {_number(n.get(W + "ilvl"), 0): _level(n) for n in nodes if _number(n.get(W + "ilvl"), 0) < _MAX_LEVEL}


def _level(node: Element) -> Level:
    restart = value(node, "lvlRestart")
    return Level(
        start=_number(value(node, "start"), 0),  # the standard's default, 17.9.25
        number_format=_format(node),
        text=value(node, "lvlText") or "",
        restart=None if restart is None else _number(restart, 0),
        suffix=value(node, "suff") or "tab",
        style=value(node, "pStyle"),
        is_legal=bool(is_on(node, "isLgl")),
    )


def _format(node: Element) -> str:
    """The format's name; where Word wraps one of its own (001, 002 …) into alternate content, the fallback's."""
    fallback = node.find(f"{MC}AlternateContent/{MC}Fallback")
    return value(node, "numFmt") or value(fallback, "numFmt") or "decimal"


def _number(text: str | None, default: int) -> int:
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default
