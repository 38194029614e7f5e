"""ZIP archives and plans for the tests of files that come together. Regions and sentences are invented."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from docx_helpers import p, tbl, tc
from docx_helpers import write as write_docx

from pipeline.model import Document
from pipeline.parse import parse

PLAN = (
    "云溪县深化产教融合实施方案\n"
    "为贯彻落实市委、市政府部署，深化产教融合，促进教育链与产业链有机衔接，结合我县实际，制定本方案。\n"
    "一、工作目标\n到2026年，全县建成产教融合实训基地12个以上，双师型教师占比达到60%，校企合作企业达到50家。\n"
    "二、重点任务\n（一）建设产业学院。围绕主导产业建设产业学院3所，每所学校联系企业不少于10家。\n"
)
LISTED = PLAN + "附件：1.重点任务分工表\n2.考核指标\n云溪县教育局\n2024年3月5日\n"
TASKS = "重点任务分工表\n建设实训基地，到2025年底前完成8个，由县教育局牵头，县财政局配合。\n"
SCORES = "考核指标\n双师型教师占比达到60%的得10分，每低1个百分点扣1分，扣完为止。\n"
OTHER = (
    "澜川市推进养老服务体系建设行动计划\n"
    "为积极应对人口老龄化，推动养老服务高质量发展，结合我市实际，制定本行动计划。\n"
    "一、总体目标\n到2027年，全市养老机构床位达到5000张，护理型床位占比达到55%，社区养老服务设施覆盖率达到100%。\n"
)


def docx(text: str, rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A DOCX of the lines and, below them, a table."""
    table = tbl(*("".join(tc(cell) for cell in row) for row in rows)) if rows else ""
    return write_docx("".join(p(line) for line in text.strip().split("\n")) + table)


class _Gbk(zipfile.ZipInfo):
    """An entry whose name is in the encoding of Windows in Chinese, as its own packer writes it."""

    encoding = "gbk"

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode(self.encoding), self.flag_bits & ~0x800


class _Plain(_Gbk):
    """UTF-8 without the flag that says so, as macOS writes it."""

    encoding = "utf-8"


class _Extra(_Gbk):
    """A name without meaning, and the real one in the extra field of Info-ZIP."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return b"#U4e91.txt", self.flag_bits & ~0x800


NAMING = {"utf-8": zipfile.ZipInfo, "gbk": _Gbk, "plain": _Plain, "extra": _Extra}


def pack(members: Mapping[str, bytes | str], naming: str = "utf-8") -> bytes:
    """A ZIP of the members; `naming` is a key of NAMING."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            info = NAMING[naming](name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            if naming == "extra":
                body = b"\x01" + struct.pack("<I", zlib.crc32(b"#U4e91.txt")) + name.encode()
                info.extra = struct.pack("<HH", 0x7075, len(body)) + body
            archive.writestr(info, content)
    return buffer.getvalue()


def read(data: bytes, name: str = "方案.zip") -> Document:
    return parse(data, name)


def codes(document: Document, *severities: str) -> list[str]:
    """The codes of the issues that reading gave, those of `severities` if any."""
    return [i.code for i in document.issues if not severities or i.severity in severities]


def details(document: Document, code: str) -> list[str]:
    return [i.detail for i in document.issues if i.code == code]
