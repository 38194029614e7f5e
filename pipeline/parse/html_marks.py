"""What a page says beside its text: which elements are not shown, which keep their line ends, and where its links lead:
to annexes, and to the pages on which the text goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from pipeline.lexicons import Lexicons
from pipeline.raw import RawIssue
from pipeline.text import Squeezed

_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|mso-hide\s*:\s*all)", re.I)
_KEPT = re.compile(r"(?:^|;)\s*white-space\s*:\s*(?:pre|break-spaces)", re.I)
# Formats in which annexes are offered for download.
_DOCUMENTS = frozenset({
    "doc", "docx", "wps", "rtf", "xls", "xlsx", "et", "pdf", "ofd", "ppt", "pptx", "zip", "rar", "7z", "tif", "tiff",
})  # fmt: skip
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,5})\s*$")
_NOWHERE = re.compile(r"^(?:#.*|javascript:\s*(?:void\s*\(\s*0?\s*\)|;|//)?\s*;?)?$", re.I)
# TRS WCM writes the number of pages and the present one (from 0) into a call: createPageHTML(3, 0, "t2024", "html").
_PAGER = re.compile(r"createPageHTML\(\s*(\d{1,4})\s*,\s*(\d{1,4})\s*,")
_MOST_LINKS = 50  # annexes that are told; a list of forms may hold hundreds
_MOST_SCRIPT = 20_000  # characters of a script that are looked at: the call is short
_LONGEST_NEXT = 12  # characters of a link to the next page


@dataclass(frozen=True)
class Marks:
    """Elements by their node ids: those not shown, and those in which a line end is a line end."""

    hidden: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()


def marks_of(body: LexborNode) -> Marks:
    """What the elements say of themselves; style sheets are not looked at."""
    hidden = {node.mem_id for node in body.css("[hidden]")}
    kept = {node.mem_id for node in body.css("pre")}
    for node in body.css("[style]"):
        style = node.attributes.get("style") or ""
        if _HIDDEN.search(style):
            hidden.add(node.mem_id)
        if _KEPT.search(style):
            kept.add(node.mem_id)
    hidden.discard(body.mem_id)
    return Marks(frozenset(hidden), frozenset(kept))


def notes(body: LexborNode, articles: Sequence[LexborNode], lexicons: Lexicons) -> Iterator[RawIssue]:
    """An issue where the text goes on on other pages, and one for each annex that is to be fetched by itself."""
    further = _further(body, lexicons)
    if further:
        yield RawIssue("further-pages", f"the text goes on on further pages, which are not read: {further}")
    told: set[str] = set()
    for text, target in _annexes(body, articles):
        if target not in told and len(told) < _MOST_LINKS:
            told.add(target)
            yield RawIssue("annex-link", f"{text}: {target}" if text else target, severity="info")


def _further(body: LexborNode, lexicons: Lexicons) -> str:
    """Where the text goes on: the number of pages, or the link to the next one; "" where it does not."""
    for script in body.css("script"):
        found = _PAGER.search((script.text() or "")[:_MOST_SCRIPT])
        if found is not None and int(found.group(1)) > int(found.group(2)) + 1:
            return f"{int(found.group(2)) + 1}/{found.group(1)}"
    following = lexicons.pattern("page-next")
    for link in body.css("a[href]"):
        target = (link.attributes.get("href") or "").strip()
        text = Squeezed(link.text()).text
        if not _NOWHERE.match(target) and len(text) <= _LONGEST_NEXT and following.match(text):
            return target
    return ""


def _annexes(body: LexborNode, articles: Sequence[LexborNode]) -> Iterator[tuple[str, str]]:
    """Text and target of the links to documents in the article or behind it."""
    inside = {node.mem_id for node in articles}
    begun = False
    for node in body.traverse():
        begun = begun or node.mem_id in inside
        target = (node.attributes.get("href") or "").strip() if begun and node.tag == "a" else ""
        if target and not _NOWHERE.match(target):
            text = " ".join(node.text().split())
            if _suffix(text) in _DOCUMENTS or _suffix(unquote(_path(target))) in _DOCUMENTS:
                yield text, target


def _path(target: str) -> str:
    """The path of an address, the whole of it where it is malformed."""
    try:
        return urlsplit(target).path
    except ValueError:
        return target


def _suffix(text: str) -> str:
    found = _SUFFIX.search(text)
    return found.group(1).lower() if found else ""
