"""The reader for ZIP archives whose files belong together: a plan with its annexes.

Each file goes to its own reader, in memory; nothing is written to the disk. Pictures in one folder are the pages of one
scan, in the order of the numbers in their names; those named as annexes are scans of their own. What cannot be read is
told with its reason, and what is no document is listed. Which file is the plan is found out in `pipeline.parse.parts`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline import lexicons
from pipeline.errors import MissingPartError, UnreadableError
from pipeline.parse import readers
from pipeline.parse.archive import MAX_UNPACKED, Archive
from pipeline.parse.ocr_pdf import Budget as Recognition
from pipeline.parse.parts import by_name, natural
from pipeline.raw import RawDocument, RawIssue, RawPart

FORMAT = "zip"
SUFFIXES: tuple[str, ...] = (".zip",)

MAX_DEPTH = 1  # archives in an archive; a third one inside is a quine or a bomb
MAX_DOCUMENTS = 200  # files to be read; a plan has at most some 30 annexes, more is somebody's whole folder
_MIN_HAN = 10  # Chinese characters; a file with less has nothing that could be found
_SHOWN = 3  # files named in an error

# What is no document by its ending or its place: system files of macOS and Windows, what belongs to web pages, and the
# table in which users describe their files.
_JUNK_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini", "manifest.csv"})
_JUNK_FOLDERS = frozenset({"__macosx"})
_NO_DOCUMENTS = frozenset({
    ".css", ".js", ".json", ".xml", ".woff", ".woff2", ".ttf", ".otf", ".svg", ".ico", ".url", ".lnk", ".ini", ".exe",
    ".dll", ".bat", ".mp3", ".mp4", ".wav", ".avi", ".mov", ".wmv", ".flv", ".dwg", ".psd", ".cdr",
})  # fmt: skip

Content = bytes | UnreadableError
Pictures = list[tuple[str, bytes]]


class TooManyError(UnreadableError):
    """A container with more files than MAX_DOCUMENTS: the whole of it is set aside."""


@dataclass
class _Left:
    """What the whole file may still take."""

    unpacked: int = MAX_UNPACKED  # bytes
    documents: int = MAX_DOCUMENTS
    recognition: Recognition = field(default_factory=lambda: Recognition(""))


@dataclass(frozen=True)
class Budget:
    """How deep in archives and mails we are, and what the whole file may still take."""

    depth: int = 0
    left: _Left = field(default_factory=_Left)

    def inner(self, name: str) -> Budget:
        """The budget of an archive or mail inside this one. Raises UnreadableError where that is too deep."""
        if self.depth >= MAX_DEPTH:
            what = ("压缩包或邮件嵌套超过一层", "archives or mails nested more than once")
            raise UnreadableError(what, name, ("请解压后再导入", "unpack it and ingest that"))
        return Budget(self.depth + 1, self.left)


@dataclass
class Gathered:
    """The files that were read, what is to be told of the others, and why those could not be read."""

    parts: list[RawPart] = field(default_factory=list)
    issues: list[RawIssue] = field(default_factory=list)
    failures: list[tuple[str, UnreadableError]] = field(default_factory=list)

    def tell(self, name: str, error: UnreadableError, others: int = 0) -> None:
        """Note a file that cannot be read, and so many others with it, with the reason and what to do."""
        self.failures += [(name, error)] * (1 + others)
        where = error.where.replace(name, "").replace(posixpath.basename(name), "").strip(" :()")
        reason = error.what[1] + (f" ({where})" if where else "")
        advice = f". {error.advice[1]}" if error.advice[1] else ""
        more = f" and {others} more pictures" if others else ""
        self.issues.append(RawIssue("member-unreadable", f"{name}{more}: {reason}{advice}"))


def read(data: bytes, name: str) -> RawDocument:
    """The files of the archive as parts, with issues for those that could not be read.

    Raises UnreadableError where the archive is damaged, hostile, or holds nothing that can be read; MissingPartError
    where all that it holds needs a part of duibiao that is not installed.
    """
    gathered = gather(unpack(data, name, budget := Budget()), budget)
    if not gathered.parts:
        raise nothing(gathered, name)
    return RawDocument(FORMAT, (), issues=tuple(gathered.issues), parts=tuple(gathered.parts))


def unpack(data: bytes, name: str, budget: Budget) -> Iterator[tuple[str, Content]]:
    """Each file of an archive with its bytes, or with why they cannot be had. Raises UnreadableError as `Archive`."""
    archive = Archive(data, name)
    for member in archive.members:
        if member.info.file_size > budget.left.unpacked:
            what = ("解压后过大，可能是恶意文件", "too large when unpacked, perhaps hostile")
            raise UnreadableError(what, name, ("确认来源后解压再导入", "if you trust it, unpack it and ingest that"))
        budget.left.unpacked -= member.info.file_size
        try:
            yield member.name, archive.read(member)
        except UnreadableError as error:
            yield member.name, error


def gather(files: Iterable[tuple[str, Content]], budget: Budget, into: Gathered | None = None) -> Gathered:
    """Reads each file by its own reader; archives and mails among them are opened once. Raises UnreadableError where
    there are too many, or where they are too large together."""
    found = into or Gathered()
    junk: list[str] = []
    pictures: Pictures = []
    for name, content in files:
        if _is_no_document(name) or content == b"":
            junk.append(name)
        elif isinstance(content, UnreadableError):
            found.tell(name, content)
        else:
            _take(name, content, budget, found, pictures)
    if pictures:
        _take_pictures(pictures, budget, found)
    if junk:
        shown = "、".join(junk[:20]) + ("…" if len(junk) > 20 else "")
        found.issues.append(RawIssue("no-documents", f"{len(junk)} files are no documents: {shown}", severity="info"))
    return found


def _take(name: str, data: bytes, budget: Budget, found: Gathered, pictures: Pictures) -> None:
    """Reads one file; a picture is put by for later."""
    budget.left.documents -= 1
    if budget.left.documents < 0:
        raise TooManyError(
            ("里面的文件太多", "it holds too many files"),
            f"> {MAX_DOCUMENTS}",
            ("请解压后把文件夹整个导入", "unpack it and ingest the folder"),
        )
    base = posixpath.basename(name)
    try:
        reader = readers.choose(data, base)
        if reader.format == "image":
            budget.left.documents += 1  # it is a page and counts as that
            pictures.append((name, data))
            return
        if reader.format == FORMAT:
            inner = budget.inner(name)
            folder = posixpath.splitext(name)[0]
            gather(((f"{folder}/{inside}", content) for inside, content in unpack(data, name, inner)), inner, found)
            return
        raw = _read_mail(data, base, budget) if reader.format == "mhtml" else reader.read(data, base)
    except TooManyError:
        raise
    except UnreadableError as error:
        found.tell(name, error)
        return
    for part in raw.parts or (RawPart(base, raw),):
        _add(posixpath.join(posixpath.dirname(name), part.name), part.document, found)
    found.issues += raw.issues if raw.parts else ()


def _scans(pictures: Pictures) -> Iterator[tuple[str, Pictures]]:
    """The pictures that are pages of one document, in their order, each time with a name for it: that of the first
    picture, or of the folder where it holds no other ones."""
    folders: dict[str, dict[tuple[bool, float | None], Pictures]] = {}
    for name, data in sorted(pictures, key=lambda p: natural(p[0])):
        is_annex, number, _ = by_name(name, lexicons.load())
        folders.setdefault(posixpath.dirname(name), {}).setdefault((is_annex, number), []).append((name, data))
    for folder, scans in folders.items():
        for pages in scans.values():
            is_all = len(scans) == 1 and len(pages) > 1 and folder
            yield f"{folder}/" if is_all else pages[0][0], pages


def _take_pictures(pictures: Pictures, budget: Budget, found: Gathered) -> None:
    from pipeline.parse import image

    for called, pages in _scans(pictures):
        try:
            raw, failures = image.read_pages(pages, budget.left.recognition)
        except MissingPartError as error:  # the same for all of them: told once
            found.tell(pages[0][0], error, len(pictures) - 1)
            return
        except UnreadableError as error:
            found.tell(pages[0][0], error, len(pages) - 1)
            continue
        for name, failure in failures:
            found.tell(name, failure)
        if raw.blocks:
            _add(called, raw, found)
        else:
            found.issues += raw.issues


def _read_mail(data: bytes, name: str, budget: Budget) -> RawDocument:
    from pipeline.parse import mail  # it gathers attachments by this module

    return mail.read_within(data, name, budget)


def _add(name: str, raw: RawDocument, found: Gathered) -> None:
    han = sum("\u3400" <= c <= "\u9fff" for block in raw.blocks for c in block.text)
    if han < _MIN_HAN:
        found.issues.append(RawIssue("no-documents", f"{name} holds no Chinese text", severity="info"))
        found.issues += (i for i in raw.issues if i.code == "no-documents")
    else:
        found.parts.append(RawPart(name, raw))


def _is_no_document(name: str) -> bool:
    folders = name.lower().split("/")
    base = folders[-1]
    is_junk = base in _JUNK_NAMES or base.startswith(("._", "~$")) or not _JUNK_FOLDERS.isdisjoint(folders)
    return is_junk or posixpath.splitext(base)[1] in _NO_DOCUMENTS


def nothing(gathered: Gathered, name: str) -> UnreadableError:
    """The error for a container of which no file can be read: their common reason, or the first few reasons."""
    failures = gathered.failures
    reasons = {error.what: error for _, error in failures}
    if len(reasons) == 1:
        error = next(iter(reasons.values()))
        what = (f"里面的文件读不了：{error.what[0]}", f"its files cannot be read: {error.what[1]}")
        return type(error)(what, f"{name} ({len(failures)})", error.advice)
    shown = "；".join(f"{posixpath.basename(n)} {error.what[0]}" for n, error in failures[:_SHOWN])
    what = ("里面没有能读的文件", "it holds no file that can be read")
    kind = (
        MissingPartError if failures and all(isinstance(e, MissingPartError) for _, e in failures) else UnreadableError
    )
    return kind(what, f"{name} ({shown})" if shown else name, ("请解压后查看", "unpack it and look"))
