"""The builder keeps every character and makes offsets that hold; parse refuses what is no plan."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import NotAPlanError, UnreadableError
from pipeline.lexicons import load
from pipeline.model import BlockKind, CellAt
from pipeline.parse import parse, restructure
from pipeline.parse.build import build, tidy
from pipeline.parse.readers import choose
from pipeline.raw import RawBlock, RawDocument, RawIssue

CORPUS = Path(__file__).resolve().parents[2] / "../shared/corpus"
shared = pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the real plans in ../shared/corpus")
REAL = sorted(p for p in CORPUS.rglob("*") if p.suffix in {".txt", ".html", ".docx"} and p.name != "README.md")

kinds = st.sampled_from([BlockKind.PARAGRAPH, BlockKind.FURNITURE, BlockKind.HEADING])
raw_blocks = st.builds(RawBlock, st.text(max_size=20), kinds)


@given(st.lists(raw_blocks, max_size=12))
def test_offsets_are_right_by_construction(blocks: list[RawBlock]) -> None:
    document = build(RawDocument("txt", tuple(blocks)), "a.txt", "d")
    assert [document.text[b.start : b.end] for b in document.blocks] == [b.text for b in blocks]
    assert [b.index for b in document.blocks] == list(range(len(blocks)))
    assert all(a.end + 1 == b.start for a, b in pairwise(document.blocks))


@given(st.lists(raw_blocks, max_size=12))
def test_tidy_drops_white_space_alone(blocks: list[RawBlock]) -> None:
    kept = tidy(RawDocument("txt", tuple(blocks)))
    assert all(b.text == b.text.strip() != "" for b in kept.blocks)
    assert "".join("".join(b.text.split()) for b in kept.blocks) == "".join("".join(b.text.split()) for b in blocks)


def cell(text: str, table: int, row: int, col: int, rowspan: int = 1, colspan: int = 1) -> RawBlock:
    return RawBlock(text, BlockKind.CELL, cell=CellAt(table, row, col, rowspan, colspan))


def test_tables_captions_issues_and_head() -> None:
    raw = RawDocument(
        "docx",
        (
            RawBlock("  云溪县任务分工表  "),
            RawBlock(""),
            RawBlock("填报单位：县教育局"),
            RawBlock("第 1 页", BlockKind.FURNITURE),
            cell("序号", 5, 0, 0),
            cell("", 5, 0, 1, 2),
            cell("1", 5, 1, 0),
            RawBlock("说明：" + "略" * 80),
            cell("甲", 7, 0, 0, 1, 3),
        ),
        metadata=(("文号", "云教字〔2026〕3号"),),
        issues=(RawIssue("x", "y", 2), RawIssue("z", "w")),
        page_count=3,
    )
    document = build(tidy(raw), "a.docx", "d")
    first, second = document.tables
    assert (first.index, first.rows, first.cols, first.caption) == (0, 2, 2, "云溪县任务分工表")
    assert (second.index, second.rows, second.cols, second.caption) == (1, 1, 3, "")
    assert document.text[first.start : first.end] == "序号\n\n1"
    assert [document.blocks[i].cell for i in first.cells] == [CellAt(0, 0, 0), CellAt(0, 0, 1, 2), CellAt(0, 1, 0)]
    marked, whole = document.issues
    assert document.text[marked.start : marked.end] == "填报单位：县教育局"
    assert (whole.start, whole.end) == (None, None)
    assert document.page_head == (("文号", "云教字〔2026〕3号"),)
    assert document.page_count == 3


@pytest.mark.parametrize("text", ["云溪县教育局通知。", "lorem ipsum dolor " * 40 + "云溪" * 50, "12345 " * 300])
def test_no_running_chinese_is_no_plan(text: str) -> None:
    with pytest.raises(NotAPlanError):
        parse(text.encode(), "a.txt")


def test_unreadable_is_told_before() -> None:
    with pytest.raises(UnreadableError, match="empty"):
        parse(b"", "a.txt")


def test_parse_is_the_whole_way() -> None:
    text = (
        "索引号：0001/2026-1 成文日期：2026-01-05\n云溪县深化产教融合实施方案\n\n各乡镇人民政府：\n"
        "为深化产教融合，促进教育链与产业链有机衔接，提升人才培养质量，结合我县实际，经县人民政府同意，现制定本实施方案，请认真贯彻执行。\n"
        "一、总体要求\n到2026年，建成实训基地12个以上，双师型教师比例达到60%，服务全县产业发展，形成长效机制。\n"
    )
    document = parse(text.encode(), "a.txt")
    assert document.format == "txt"
    assert len(document.digest) == 64
    assert ("索引号", "0001/2026-1") in document.page_head
    assert document.blocks[0].kind is BlockKind.FURNITURE
    assert [s.number for s in document.sections] == ["一、"]
    assert parse(text.encode(), "a.txt") == document


@shared
@pytest.mark.shared
@pytest.mark.parametrize("path", REAL, ids=[p.name for p in REAL])
def test_real_files_keep_their_characters(path: Path) -> None:
    data = path.read_bytes()
    raw = choose(data, path.name).read(data, path.name)
    shaped = restructure(raw, load())
    document = build(shaped, path.name, "")
    assert all(document.text[b.start : b.end] == r.text for b, r in zip(document.blocks, shaped.blocks, strict=True))
    source = sorted("".join("".join(b.text.split()) for b in raw.blocks))
    assert sorted("".join(document.text.split())) == source
    tables = {b.cell.table for b in document.blocks if b.cell is not None}
    assert tables == set(range(len(document.tables)))
