"""The reader for saved web pages: the encoding, where the article is, and the page head that states what it is.

Text outside the article comes out as furniture, so that nothing of the page is lost; markup, scripts and comments are
no text. Blocks, tables and white space are the business of `pipeline.parse.html_blocks`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.lexicons import load
from pipeline.parse import mojibake, txt
from pipeline.parse.html_blocks import DROPPED, blocks_of, is_wide_table
from pipeline.parse.html_marks import marks_of, notes
from pipeline.parse.sheet_layout import lay_out_again
from pipeline.raw import RawDocument, RawIssue

FORMAT = "html"
SUFFIXES: tuple[str, ...] = (".html", ".htm", ".shtml", ".xhtml")
# Government sites export pages and tables of HTML under these names, often without an opening of their own.
_BORROWED = frozenset({".xls", ".xlsx", ".et", ".doc", ".docx", ".wps"})
_WORKBOOKS = frozenset({".xls", ".xlsx", ".et"})
_EXCEL = re.compile(rb"""urn:schemas-microsoft-com:office:excel|content\s*=\s*["']?Excel\.Sheet""", re.I)
_EXCEL_WITHIN = 2_048  # Excel writes both into the first lines; further down it is a table pasted into a page
_OPENING = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body)\b", re.I | re.S
)
_TAGS = re.compile(rb"<(?:html|body|table|div|p|br|td|span|h[1-6])\b[^>]*>", re.I)
_SNIFFED = 65_536
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""", re.I)
_CHARSET_WITHIN = 8_192  # the HTML standard asks for 1024; scripts before the declaration push it further down
# The charsets in which Chinese pages are; others (iso-8859-1 of old servers) are declared by mistake.
CHARSETS: dict[str, str] = {
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs"), "big5hkscs"),
}
# Where the publishing systems of government sites keep the article, the particular before the general: id and class
# names of TRS WCM, UCAP, Jpage/Hanweb and the sites of provinces that were looked at.
CONTAINERS: tuple[str, ...] = (
    "#UCAP-CONTENT",
    ".TRS_UEDITOR",
    ".TRS_Editor",
    ".TRS_PreAppend",
    "#zoom",
    "#Zoom",
    "#zoomcon",
    "#ucapcontent",
    ".ucapcontent",
    "#fontzoom",
    ".article-content",
    ".article_content",
    ".articleContent",
    ".pages_content",
    ".content_text",
    ".xxgk_content",
    "[id^=vsb_content]",
    ".v_news_content",
    ".wp_articlecontent",
    ".bt_content",
    ".bt-content",
    ".entry-content",
    ".pages-content",
    ".trs_editor_view",
    "#NewsContent",
    "#articlecontent",
    "#js_content",
    "article",
    ".article",
    "#article",
    ".view",
    ".news_content",
    ".detail-content",
    "#content",
)
# Page labels that government sites must carry (国办发〔2017〕47号, annex on page labels), lower case.
_STATED = frozenset({"articletitle", "pubdate", "contentsource", "url", "sitename", "publishdate"})
_MIN_ARTICLE = 60  # Han characters: a container with less is an empty shell for another template
_MIN_SHARE = 0.5  # of the page's running text: below it the name of the container means something else on this site
_NARROW = 0.9  # a child with this share of the running text is looked into; title and signature are short, so 0.9
_SENTENCE = 15  # Han characters; navigation entries are shorter or have no sentence mark
_STOPS = frozenset("，。；：、")
_UNCOUNTED = DROPPED | {"a"}
_NO_TEXT = frozenset({"-text", "-comment", "script", "style"})
_NOT_ENTERED = frozenset({"p", "span", "font", "table", "tbody", "tr", "ul", "ol", "pre"})


def sniff(data: bytes, name: str) -> bool:
    """Whether the bytes are HTML: they begin as a page does, or are named as one and hold tags."""
    head = data[:_SNIFFED]
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        head = head.decode("utf-16", errors="ignore").encode()
    head = head.removeprefix(codecs.BOM_UTF8)
    if b"multipart/related" in head[:2048].lower():
        return False
    if _OPENING.match(head):
        return True
    suffix = PurePath(name).suffix.lower()
    is_named = suffix in SUFFIXES or (suffix in _BORROWED and head.lstrip().startswith(b"<"))
    return is_named and _TAGS.search(head) is not None and b"\x00" not in head


def read(data: bytes, name: str) -> RawDocument:
    """The page's blocks in order, all outside the article as furniture; what its head states as metadata.

    Raises UnreadableError where the bytes are in no known encoding.
    """
    text, issues = _decode(data, name)
    tree = LexborHTMLParser(text)
    body = tree.body
    if body is None:
        return RawDocument(FORMAT, (), issues=issues)
    stated = tuple(_stated(tree))
    marks = marks_of(body)
    running = _running_text(body, marks.hidden)
    if running[body.mem_id] < _MIN_SHARE * _running_text(body, frozenset())[body.mem_id]:
        marks = replace(marks, hidden=frozenset())  # what scripts would have shown
        running = _running_text(body, marks.hidden)
    articles = _articles(body, running, marks.hidden)
    titles = [value for label, value in stated if label.lower().endswith("title")]
    blocks = blocks_of(body, articles, titles, marks)
    issues += tuple(notes(body, articles, load()))
    raw = RawDocument(FORMAT, tuple(blocks), stated, issues)
    is_workbook = PurePath(name).suffix.lower() in _WORKBOOKS or _EXCEL.search(data[:_EXCEL_WITHIN]) is not None
    return lay_out_again(raw, name) if is_workbook else raw


def _decode(data: bytes, name: str) -> tuple[str, tuple[RawIssue, ...]]:
    declared = _CHARSET.search(data[:_CHARSET_WITHIN])
    if declared is not None and not data.startswith(tuple(mark for mark, _ in txt.BOMS)):
        label = declared.group(1).decode("ascii").lower()
        try:
            mended = mojibake.mend(data.decode(CHARSETS[label]))
            return mended.text, tuple(mojibake.summary(mended.repairs))
        except (UnicodeDecodeError, KeyError):
            pass  # the declaration is often wrong or a few bytes are damaged: judge by the bytes
    return txt.decode(data, name)


def _stated(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for meta in tree.css("meta[name]"):
        label, value = meta.attributes.get("name") or "", (meta.attributes.get("content") or "").strip()
        if label.lower() in _STATED and value:
            yield label, value
    title = tree.css_first("title")
    if title is not None and (value := title.text().strip()):
        yield "page-title", value


def _articles(body: LexborNode, running: dict[int, int], hidden: frozenset[int]) -> list[LexborNode]:
    """The nodes that hold the article: a known container, else the narrowest node with the running text, else body;
    and the tables behind it, which are its annexes."""
    found = _main_nodes(body, running, hidden)
    return [*found, *_tables_after(found[-1], body, hidden)]


def _tables_after(node: LexborNode, body: LexborNode, hidden: frozenset[int]) -> Iterator[LexborNode]:
    """Tables of data, not of links, that come after a node."""
    while node.mem_id != body.mem_id and node.parent is not None:
        sibling = node.next
        while sibling is not None:
            for table in sibling.css("table") if sibling.tag not in _NO_TEXT else ():
                linked = sum(_han(link) for link in table.css("a"))
                if table.mem_id not in hidden and 2 * linked < _han(table) and is_wide_table(table):
                    yield table
            sibling = sibling.next
        node = node.parent


def _main_nodes(body: LexborNode, running: dict[int, int], hidden: frozenset[int]) -> list[LexborNode]:
    whole = running[body.mem_id]
    for selector in CONTAINERS:
        found = [n for n in body.css(selector) if _han(n) >= _MIN_ARTICLE and n.mem_id not in hidden]
        found = [n for n in found if not any(_is_within(n, other) for other in found)]
        if found and sum(running.get(n.mem_id, 0) for n in found) >= _MIN_SHARE * whole:
            return found
    node = body
    while whole >= _MIN_ARTICLE:
        inner = [child for child in node.iter() if running.get(child.mem_id, 0) >= _NARROW * whole]
        if not inner or inner[0].tag in _NOT_ENTERED:
            break
        node = inner[0]
    return [node]


def _is_within(node: LexborNode, other: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id == other.mem_id:
            return True
        parent = parent.parent
    return False


def _han(node: LexborNode) -> int:
    return sum("\u4e00" <= c <= "\u9fff" for c in node.text())


def _running_text(body: LexborNode, hidden: frozenset[int]) -> dict[int, int]:
    """For each node that has any, how many Han characters stand in runs that read like sentences, are no links and not
    inside the hidden nodes."""
    found: dict[int, int] = {body.mem_id: 0}
    for node in body.traverse(include_text=True):
        text = (node.text_content or "") if node.tag == "-text" else ""
        han = sum("\u4e00" <= c <= "\u9fff" for c in text)
        if han < _SENTENCE or _STOPS.isdisjoint(text):
            continue
        above: list[int] = []
        parent = node.parent
        while parent is not None and parent.tag not in _UNCOUNTED and parent.mem_id not in hidden:
            above.append(parent.mem_id)
            if parent.mem_id == body.mem_id:
                for key in above:
                    found[key] = found.get(key, 0) + han
            parent = parent.parent
    return found
