"""The reader for web pages saved as one file (MHTML) and for mails with their attachments (RFC 5322, RFC 2557).

A saved page is read as the page that it is. A mail's own text is its cover; its attachments are parts, as the files
of an archive are.
"""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, field, replace
from email.errors import MessageError
from email.header import decode_header
from pathlib import PurePath

from pipeline.errors import UnreadableError
from pipeline.model import BlockKind
from pipeline.parse import html, txt
from pipeline.parse.archive import safe_name
from pipeline.parse.pack import Budget, Gathered, gather, nothing
from pipeline.raw import RawBlock, RawDocument, RawPart

MHTML, EML = "mhtml", "eml"
SUFFIXES: tuple[str, ...] = (".mht", ".mhtml", ".eml")

MAX_NODES = 5_000  # pieces of one message: pages with many pictures have some 300
_HEAD = 16_384
_HEADERS = re.compile(
    rb"^(from|to|cc|subject|date|mime-version|message-id|received|return-path|content-type|reply-to)[ \t]*:",
    re.I | re.M,
)
_ENOUGH = 3  # different header fields before the first blank line that make a message
_MULTIPART = re.compile(rb"^content-type[ \t]*:\s*multipart/", re.I | re.M)
_RUNNING = 40  # characters: a paragraph of that length is running text
_NAME = re.compile(r"""\bname\s*=\s*(?:"([^"]*)"|([^;\s]+))""", re.I)


def sniff(data: bytes, name: str) -> bool:
    """Whether the bytes begin with the header of a message: three of its fields, or two and a multipart type."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").replace(b"\r\n", b"\n")
    head = head.partition(b"\n\n")[0]
    if not re.match(rb"[A-Za-z-]+[ \t]*:|From ", head) or b"\x00" in head:
        return False
    fields = {m.group(1).lower() for m in _HEADERS.finditer(head)}
    named = PurePath(name).suffix.lower() in SUFFIXES
    return len(fields) >= _ENOUGH or (len(fields) >= 2 and (named or _MULTIPART.search(head) is not None))


def read(data: bytes, name: str) -> RawDocument:
    """The page with its address as metadata; or the mail's cover and attachments as parts, its subject as metadata.

    Raises UnreadableError where the message is damaged or holds nothing that can be read.
    """
    return read_within(data, name, None)


def read_within(data: bytes, name: str, outer: Budget | None) -> RawDocument:
    """As `read`, for a message inside an archive or a mail with that budget. Raises UnreadableError also where it has
    attachments and is nested too deep."""
    content = _Content()
    try:
        message = email.message_from_bytes(
            data.lstrip(b"\r\n"), policy=email.policy.compat32.clone(max_line_length=None)
        )
        _sort(message, content)
    except (MessageError, RecursionError, ValueError, LookupError) as error:
        raise _damaged(name) from error
    body = _body(content, name)
    if _is_page(message, content):
        if body is None:
            raise _damaged(name)
        address = str(message.get("Snapshot-Content-Location") or message.get("Content-Location") or "").strip()
        pairs = (("url", address),) if address.startswith(("http:", "https:")) else ()
        return replace(body, format=MHTML, metadata=body.metadata + pairs)
    gathered = Gathered()
    if content.attachments:
        gather(content.attachments, Budget() if outer is None else outer.inner(name), gathered)
    if body is None and not gathered.parts:
        raise nothing(gathered, name)
    return _mail(body, gathered, _decoded(_raw(message, "subject")))


def _mail(body: RawDocument | None, gathered: Gathered, subject: str) -> RawDocument:
    parts = list(gathered.parts)
    if body is not None:
        parts.insert(0, RawPart(subject or EML, body, is_cover=bool(parts)))
    head = (RawBlock(subject, BlockKind.FURNITURE),) if subject else ()
    if head:
        first = parts[0].document
        issues = tuple(replace(i, block=None if i.block is None else i.block + 1) for i in first.issues)
        parts[0] = replace(parts[0], document=replace(first, blocks=head + first.blocks, issues=issues))
    stated = (("page-title", subject),) if subject else ()
    return RawDocument(EML, (), stated, tuple(gathered.issues), parts=tuple(parts))


# --- the message -----------------------------------------------------------------------------------------------------


@dataclass
class _Content:
    """What a message holds: pages and plain texts of its own, attachments by name, whether its parts have addresses."""

    pages: list[bytes] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)
    attachments: list[tuple[str, bytes | UnreadableError]] = field(default_factory=list)
    has_addresses: bool = False


def _sort(message: object, content: _Content) -> None:
    """The pieces of a message; a message inside it is an attachment. No recursion of ours: it may nest deep."""
    waiting = [message]
    seen = 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if not isinstance(node, email.message.Message) or seen > MAX_NODES:
            continue
        kind = node.get_content_type()
        file_name = _file_name(node)
        if kind == "message/rfc822":
            inner = node.get_payload(0) if node.is_multipart() else None
            if isinstance(inner, email.message.Message):
                subject = _decoded(_raw(inner, "subject"))
                content.attachments.append((file_name or f"{subject or 'mail'}.eml", inner.as_bytes()))
        elif node.is_multipart():
            payload = node.get_payload()
            waiting += reversed(payload if isinstance(payload, list) else [])
        else:
            content.has_addresses |= "Content-Location" in node
            _leaf(node, kind, file_name, content)


def _leaf(node: email.message.Message, kind: str, file_name: str, content: _Content) -> None:
    payload = node.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    disposition = (node.get_content_disposition() or "").lower()
    if disposition == "attachment" or (file_name and "Content-Location" not in node and "Content-ID" not in node):
        content.attachments.append((safe_name(file_name) or "attachment", data))
    elif kind in {"text/html", "application/xhtml+xml"}:
        content.pages.append(_utf8(data, node))
    elif kind == "text/plain":
        content.texts.append(_utf8(data, node))


def _utf8(data: bytes, node: email.message.Message) -> bytes:
    """The text in UTF-8 with its mark, where the header states a charset that fits; else the bytes as they are."""
    encoding = html.CHARSETS.get((node.get_content_charset() or "").lower())
    try:
        return b"\xef\xbb\xbf" + data.decode(encoding).encode() if encoding else data
    except UnicodeDecodeError:
        return data


def _file_name(node: email.message.Message) -> str:
    """The name of an attachment: as the standards have it, else from the raw header, where some write GB 18030."""
    try:
        name = _decoded(node.get_filename("") or "")
    except (ValueError, LookupError):
        name = ""
    if name and "\ufffd" not in name:
        return name
    for field_ in ("content-disposition", "content-type"):
        raw = _raw(node, field_).replace("filename", "name")
        if (found := _NAME.search(raw)) is not None:
            return _decoded(found.group(1) or found.group(2))
    return name


def _raw(node: email.message.Message, field_: str) -> str:
    """A header as it stands, bytes outside ASCII as surrogates; "" without one."""
    return next((str(value) for name, value in node.raw_items() if name.lower() == field_), "")


def _decoded(header: object) -> str:
    """A header in characters: encoded words (RFC 2047), also where they should not be, and bytes that are GB 18030."""
    pieces: list[str] = []
    try:
        found = decode_header(str(header))
    except (MessageError, ValueError):
        found = [(str(header), None)]
    for text, charset in found:
        data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
        stated = html.CHARSETS.get((charset or "").lower(), "utf-8")
        for encoding in (stated, "utf-8", "gb18030"):
            try:
                pieces.append(data.decode(encoding))
                break
            except UnicodeDecodeError:
                continue
    return " ".join("".join(pieces).split())


def _is_page(message: email.message.Message, content: _Content) -> bool:
    """Whether the message is a saved page: it has the addresses of what it holds, and nobody that it was sent to."""
    saved = "Snapshot-Content-Location" in message or content.has_addresses or "Content-Location" in message
    return saved and "To" not in message and "Received" not in message and not content.attachments


def _body(content: _Content, name: str) -> RawDocument | None:
    """The message's own text: its page, or its plain text where it has none.

    Of several pages (frames) the one with the most running text; the others come as furniture, in their order.
    """
    pages = [html.read(page, name) for page in content.pages]
    if not pages:
        texts = [txt.read(text, name) for text in content.texts if text.strip()]
        if not texts:
            return None
        blocks = tuple(block for text in texts for block in text.blocks)
        return replace(texts[0], blocks=blocks, issues=tuple(i for t in texts for i in t.issues))
    main = max(pages, key=_running)
    blocks = tuple(
        block if page is main else replace(block, kind=BlockKind.FURNITURE, cell=None)
        for page in pages
        for block in page.blocks
    )
    offset = sum(len(page.blocks) for page in pages[: pages.index(main)])
    issues = tuple(replace(i, block=None if i.block is None else i.block + offset) for i in main.issues)
    return replace(main, blocks=blocks, issues=issues)


def _running(page: RawDocument) -> int:
    return sum(len(b.text) for b in page.blocks if b.kind is not BlockKind.FURNITURE and len(b.text) >= _RUNNING)


def _damaged(name: str) -> UnreadableError:
    return UnreadableError(
        ("网页存档或邮件已损坏", "the web archive or mail is damaged"),
        name,
        ("请重新保存，或另存为“网页，仅 HTML”再导入", "save it anew, or as “Web page, HTML only”, and ingest that"),
    )
