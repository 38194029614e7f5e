"""Bytes of a file in, Document out: the text with its blocks, tables, outline and metadata."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePath

from pipeline.errors import NotAPlanError, UnreadableError
from pipeline.lexicons import Lexicons, load
from pipeline.model import Document
from pipeline.parse import build as builder
from pipeline.parse import (
    contents,
    flat_tables,
    furniture,
    line_boxes,
    lines,
    lookalikes,
    metadata,
    mojibake,
    ocr_marks,
    outline,
    parts,
    plan_tables,
)
from pipeline.parse.readers import READERS, choose
from pipeline.raw import RawDocument

MIN_HAN = 80  # the shortest notices that carry a commitment have about twice as many Han characters
MIN_HAN_SHARE = 0.2  # of all letters; fonts that decode to rubbish stay below 0.1


def parse(
    data: bytes, name: str, manifest: Mapping[str, str] | None = None, lexicons: Lexicons | None = None
) -> Document:
    """The document in a file's bytes. `name` is the file's name, `manifest` its row in the user's manifest if any.

    Raises UnreadableError where no reader takes the bytes, NotAPlanError where there is no running Chinese text.
    """
    lexicons = lexicons or load()
    as_read = ocr_marks.as_printed(mojibake.mend_blocks(choose(data, name).read(data, name)), lexicons)
    raw = restructure(as_read, lexicons)
    _check_chinese(raw, name, lexicons)
    sources = parts.concatenate([part.document for part in raw.parts]) if raw.parts else as_read
    document = line_boxes.locate(builder.build(raw, name, hashlib.sha256(data).hexdigest()), sources.blocks)
    document = lookalikes.mend(document, lexicons)
    return metadata.describe(outline.outline(document, lexicons), lexicons, manifest)


def restructure(raw: RawDocument, lexicons: Lexicons) -> RawDocument:
    """The reader's blocks with furniture and contents marked, flat tables rebuilt, lost and broken lines mended.

    The files of an archive go this way one by one and are then joined to one text.
    """
    if raw.parts:
        return builder.tidy(parts.assemble(raw, lexicons, restructure))
    raw = contents.set_aside(furniture.mark(lines.split(raw, lexicons), lexicons), lexicons)
    raw = flat_tables.recover(raw)
    return builder.tidy(lines.join(raw, lexicons))


def _check_chinese(raw: RawDocument, name: str, lexicons: Lexicons) -> None:
    han = letters = 0
    for block in raw.blocks:
        for char in block.text:
            if char.isalpha():
                letters += 1
                han += "\u3400" <= char <= "\u9fff"
    least = MIN_HAN
    if plan_tables.is_sheet(raw, name):
        if plan_tables.promises(raw, lexicons):
            least = plan_tables.MIN_HAN
        elif han >= MIN_HAN and plan_tables.sentence_han(raw.blocks) < MIN_HAN:
            raise NotAPlanError(
                ("表中没有任务、目标或指标，像是名单或数据", "a list or data: no tasks, goals or indicators in it"),
                name,
                ("若是规划附表，请检查表头", "if it is the annex of a plan, check the headings of its columns"),
            )
    if han < least or han < MIN_HAN_SHARE * letters:
        suffix = PurePath(name).suffix.lower()
        own = next((r.suffixes for r in READERS if r.format == raw.format), ())
        if suffix not in own and any(suffix in r.suffixes for r in READERS):
            kind, real = suffix.lstrip(".").upper(), raw.format.upper()
            raise UnreadableError(
                (
                    f"文件名是 {kind}，内容却是 {real}，也没有成段的中文",
                    f"named {kind} but holds {real}, without Chinese text",
                ),
                name,
                ("请找到原文件再导入", "find the original file"),
            )
        raise NotAPlanError(
            ("没有成段的中文文本", "there is no running Chinese text in it"),
            f"{name} ({han}/{letters})",
            ("若是扫描件，请先做文字识别", "if it is a scan, run text recognition first"),
        )
