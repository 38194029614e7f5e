"""ZIP containers, read in memory: names as they were written, limits against bombs, nothing on the disk.

Both the reader for archives and those for formats that are ZIP files inside use it.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from pipeline.errors import UnreadableError

MAX_MEMBERS = 5_000  # the longest OFD seen has some 60 members; one with a page a file stays below 2,000
MAX_UNPACKED = 300 * 2**20  # bytes in all; a plan with its annexes and scans stays below 100 MB
MAX_RATIO = 200  # XML of page contents packs 1:10 to 1:40, flat bombs 1:1,000 (the limit of deflate is 1:1,032)
_SMALL = 10 * 2**20  # below that the ratio does not matter

_UTF8_FLAG = 0x800  # general purpose bit 11 (APPNOTE.TXT 4.4.4)
_ENCRYPTED_FLAG = 0x1
_UNICODE_PATH = 0x7075  # extra field of Info-ZIP (APPNOTE.TXT 4.6.9)
_DRIVE = re.compile(r"^[A-Za-z]:")

# What zipfile raises for a damaged or encrypted member.
ZIP_ERRORS = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the container: its path with `/`, without drive, leading slash, `.` and `..`; whether it needs a
    password; its bytes as zipfile finds them."""

    name: str
    is_encrypted: bool
    info: zipfile.ZipInfo

    @property
    def base(self) -> str:
        """The name without its folders."""
        return posixpath.basename(self.name)


class Archive:
    """A ZIP file in memory with its members in the order in which the file lists them, folders left out."""

    def __init__(self, data: bytes, name: str) -> None:
        """Raises UnreadableError where the bytes are no ZIP or go beyond one of the limits."""
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = [info for info in self._zip.infolist() if not info.is_dir()]
        except ZIP_ERRORS as error:
            raise UnreadableError(
                ("ZIP 文件已损坏", "the ZIP file is damaged"), name, ("请重新下载", "download it again")
            ) from error
        self._check(infos)
        names = _names(infos)
        self.members = tuple(
            Member(safe_name(n), bool(i.flag_bits & _ENCRYPTED_FLAG), i) for n, i in zip(names, infos, strict=True)
        )

    def _check(self, infos: list[zipfile.ZipInfo]) -> None:
        unpacked = sum(info.file_size for info in infos)
        packed = sum(info.compress_size for info in infos)
        advice = ("确认来源后解压，只导入需要的文件", "if you trust it, unpack it and ingest the files that you need")
        if len(infos) > MAX_MEMBERS:
            what = ("压缩包里的文件太多", "too many files in the archive")
            raise UnreadableError(what, f"{self.name} ({len(infos)} > {MAX_MEMBERS})", advice)
        if unpacked > MAX_UNPACKED:
            what = ("解压后过大，可能是恶意文件", "too large when unpacked, perhaps hostile")
            raise UnreadableError(what, f"{self.name} ({unpacked >> 20} MB > {MAX_UNPACKED >> 20} MB)", advice)
        if unpacked > _SMALL and unpacked > MAX_RATIO * max(packed, 1):
            what = ("压缩比异常，可能是恶意文件", "packed beyond reason, perhaps hostile")
            raise UnreadableError(what, f"{self.name} (1:{unpacked // max(packed, 1)})", advice)

    def read(self, member: Member) -> bytes:
        """The bytes of a member. Raises UnreadableError where it needs a password, is damaged or packed in an
        unknown way; `where` is the member's name."""
        if member.is_encrypted:
            raise UnreadableError(
                ("设有密码", "it needs a password"),
                member.name,
                ("请用密码解压后再导入", "unpack it with the password and ingest that"),
            )
        try:
            return self._zip.read(member.info)
        except NotImplementedError as error:
            raise UnreadableError(
                ("压缩方法不支持", "packed by a method that is not read"),
                member.name,
                ("请解压后再导入", "unpack it and ingest that"),
            ) from error
        except ZIP_ERRORS as error:
            raise UnreadableError(
                ("文件已损坏", "it is damaged"), member.name, ("请重新下载", "download it again")
            ) from error


def safe_name(name: str) -> str:
    """A member's path that leads nowhere else: `/` between folders, no drive, no root, no `.` or `..`."""
    bare = _DRIVE.sub("", name.replace("\\", "/"))
    return "/".join(part for part in bare.split("/") if part not in {"", ".", ".."})


def _names(infos: list[zipfile.ZipInfo]) -> list[str]:
    """The names as they were written.

    Bit 11 says UTF-8; else the extra field of Info-ZIP holds the name if its checksum is that of the plain one; else
    the bytes are UTF-8 where all of them are (macOS writes so without saying it), or GB 18030 (Windows in Chinese).
    """
    plain = [i.orig_filename.encode("cp437", "replace") for i in infos if not i.flag_bits & _UTF8_FLAG]
    encodings = ("utf-8", "gb18030")
    encoding = next((e for e in encodings if all(_decodes(raw, e) for raw in plain)), "cp437")
    found: list[str] = []
    for info in infos:
        if info.flag_bits & _UTF8_FLAG:
            found.append(info.orig_filename)
        else:
            raw = info.orig_filename.encode("cp437", "replace")
            found.append(_unicode_path(info.extra, raw) or raw.decode(encoding))
    return found


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The UTF-8 name of the extra field 0x7075: version 1, CRC-32 of the plain name, name."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(body) > 5 and body[0] == 1:
            if struct.unpack_from("<I", body, 1)[0] != zlib.crc32(raw):
                return None
            try:
                return body[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None
