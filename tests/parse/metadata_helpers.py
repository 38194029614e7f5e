"""Described documents for the tests of metadata."""

from pipeline.lexicons import load
from pipeline.model import BlockKind, Document, Found, Issue, Region
from pipeline.parse.build import build, tidy
from pipeline.parse.metadata import describe
from pipeline.raw import RawBlock, RawDocument

PINGSHUN = Region("平顺县", "县", "140425")
BODY = ("一、总体要求", "到2025年，全县建成实训基地3个，各项任务按期完成。", "二、保障措施", "各单位抓好落实。")
NOTICE = "现将《平顺县校企合作行动计划》印发给你们，请认真组织实施。"


def read(
    *lines: str, head: tuple[tuple[str, str], ...] = (), furniture: int = 0, manifest: dict[str, str] | None = None
) -> Document:
    """A described document of these lines; the first `furniture` of them belong to the page around the text."""
    blocks = tuple(
        RawBlock(line, BlockKind.FURNITURE if i < furniture else BlockKind.PARAGRAPH) for i, line in enumerate(lines)
    )
    raw = tidy(RawDocument("txt", blocks, head))
    return describe(build(raw, "a.txt", "0" * 64), load(), manifest)


def chosen(document: Document, name: str) -> list[Found]:
    return [f for f in document.metadata.found if f.name == name and f.chosen]


def issues(document: Document, code: str) -> list[Issue]:
    return [i for i in document.issues if i.code == code]
