"""Flattened tables: the same cells come back, with their merges, whatever the converter did between them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicons import load
from pipeline.model import BlockKind
from pipeline.parse import build, restructure, txt
from pipeline.parse.flat_tables import recover
from pipeline.raw import RawBlock, RawDocument

CORPUS = Path(__file__).resolve().parents[2] / "../shared/corpus"
shared = pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the real plans in ../shared/corpus")

Grid = dict[tuple[int, int], tuple[str, int]]


def recovered(text: str) -> RawDocument:
    return recover(RawDocument("txt", tuple(RawBlock(line) for line in text.split("\n"))))


def grid(raw: RawDocument, table: int = 0) -> Grid:
    cells = [b for b in raw.blocks if b.cell is not None and b.cell.table == table]
    return {(b.cell.row, b.cell.col): (b.text, b.cell.rowspan) for b in cells if b.cell is not None}


def others(raw: RawDocument, kind: BlockKind = BlockKind.PARAGRAPH) -> list[str]:
    return [b.text for b in raw.blocks if b.kind is kind and b.text.strip()]


def flat(rows: list[list[str]]) -> str:
    return "\n\n".join("\n".join("\t" + cell for cell in row) for row in rows)


HEADER = ["序号", "任务", "时间", "进展"]


def test_quarters_under_merged_tasks() -> None:
    one = [["1", "建基地", "一季度", ""], ["", "", "二季度", ""]]
    two = [["2", "订方案", "一季度", ""], ["", "", "二季度", "完成"]]
    rows = [HEADER, *one, *two]
    raw = recovered("任务分解表\n" + flat(rows) + "\n\n说明：略\n")
    found = grid(raw)
    assert found[1, 0] == ("1", 2)
    assert found[1, 1] == ("建基地", 2)
    assert (2, 0) not in found
    assert found[2, 3] == ("", 1)
    assert found[4, 3] == ("完成", 1)
    assert others(raw) == ["任务分解表", "说明：略"]


def test_two_levels_of_grouping() -> None:
    header = ["一级", "二级", "三级", "权重"]
    first = [["甲", "子", "一", "2%"], ["", "", "二", "2%"], ["", "丑", "三", "3%"]]
    rows = [header, *first, ["乙", "寅", "四", "1%"]]
    found = grid(recovered(flat(rows)))
    assert found[1, 0] == ("甲", 3)
    assert found[1, 1] == ("子", 2)
    assert found[3, 1] == ("丑", 1)
    assert found[4, 0] == ("乙", 1)


def test_cell_broken_over_lines_and_blank_lines() -> None:
    broken = "\n\n\t1\n\t实施“三个一”\n\n工程\n\t一季度\n\t好\n\n\t2\n\t订方案\n（试行）\n\t二季度\n\t好\n"
    text = flat([HEADER]) + broken
    found = grid(recovered(text))
    assert found[1, 1] == ("实施“三个一”\n工程", 1)
    assert found[2, 1] == ("订方案\n（试行）", 1)
    assert found[2, 3] == ("好", 1)


def test_header_repeated_on_a_new_page_and_a_page_number() -> None:
    pages = [flat([HEADER, [n, "甲", "一月", "好"]]) for n in "12"]
    text = "\n\n- 2 -\n\n\n".join(pages) + "\n"
    raw = recovered(text)
    assert len({key[0] for key in grid(raw)}) == 3
    assert others(raw, BlockKind.FURNITURE)[-4:] == HEADER


def test_row_of_nothing_at_a_page_break_is_dropped() -> None:
    text = flat([HEADER, ["1", "甲", "一月", "好"], ["", "", "", ""], ["2", "乙", "二月", "好"]])
    assert grid(recovered(text))[2, 1] == ("乙", 1)


def test_row_cut_by_a_page_break_inside() -> None:
    text = flat([HEADER]) + "\n\n\t1\n\t甲\n\n\t一月\n\t好\n\n" + flat([["2", "乙", "二月", "好"]])
    found = grid(recovered(text))
    assert found[1, 2] == ("一月", 1)
    assert found[2, 0] == ("2", 1)


def test_last_row_without_its_empty_cells() -> None:
    text = flat([HEADER, ["1", "甲", "一月", "好"], ["2", "乙"]])
    found = grid(recovered(text))
    assert found[2, 1] == ("乙", 1)
    assert found[2, 3] == ("", 1)


def test_cells_truly_empty_stay_empty() -> None:
    rows = [HEADER, ["1", "甲", "", "好"], ["2", "乙", "二月", ""], ["3", "", "三月", ""]]
    found = grid(recovered(flat(rows)))
    assert {v for k, v in found.items() if k[0] > 0 and v[1] > 1} == set()
    assert found[3, 1] == ("", 1)


def test_tables_without_blank_lines_by_their_serial_numbers() -> None:
    lines = [*HEADER, "1", "甲", "一月", "好", "2", "乙", "二月", "好", "3", "丙", "三月", "好"]
    found = grid(recovered("\n".join("\t" + cell for cell in lines)))
    assert found[3, 1] == ("丙", 1)
    assert len(found) == 16


def test_rows_parted_by_tabs() -> None:
    raw = recovered("分工\n序号\t任务\t单位\n1\t建基地\t教育局\n2\t订方案\t\n完。")
    assert grid(raw)[1, 2] == ("教育局", 1)
    assert grid(raw)[2, 2] == ("", 1)
    assert others(raw) == ["分工", "完。"]


def test_rows_parted_by_tabs_whose_first_cell_is_empty() -> None:
    """Copied from a sheet with merged cells: the tab before such a row is a cell, not an indent."""
    rows = [HEADER, ["1", "建基地", "一季度", "开工"], ["", "", "二季度", "完工"], ["2", "订方案", "三季度", "报批"]]
    found = grid(recovered("\n".join("\t".join(row) for row in rows)))
    assert found[1, 0] == ("1", 2)
    assert found[2, 2] == ("二季度", 1)
    assert found[3, 1] == ("订方案", 1)
    indented = grid(recovered("\n".join("\t" + "\t".join(row) for row in (HEADER, rows[1], rows[3]))))
    assert indented[1, 0] == ("1", 1)
    assert indented[2, 3] == ("报批", 1)


def test_columns_to_be_filled_in_by_hand_part_no_groups() -> None:
    header = ["得分", "任务", "时间", "要点"]
    rows = [header, ["", "建基地", "3月", "选址"], ["", "", "5月", "开工"], ["", "订方案", "6月", "报批"]]
    found = grid(recovered("\n".join("\t".join(row) for row in rows)))
    assert found[1, 1] == ("建基地", 2)
    assert found[3, 1] == ("订方案", 1)
    assert found[2, 0] == ("", 1)


def test_markdown_and_ruled_art() -> None:
    plain = grid(recovered("| 序号 | 任务 |\n| --- | --- |\n| 1 | 建基地 |\n| 2 | 订方案 |"))
    assert plain[2, 1] == ("订方案", 1)
    ruled = grid(recovered("+----+----+\n|序号|任务|\n+----+----+\n|1   |建基|\n|    |地  |\n+----+----+"))
    assert ruled[1, 1] == ("建基\n地", 1)


@pytest.mark.parametrize(
    "text",
    [
        "\t为深化产教融合，促进教育链与产业链有机衔接，结合我县实际，现就有关工作制定如下方案，请认真执行。\n\n\t一、总体要求\n\n\t二、任务",
        "\t一、总体要求\n\t到2026年建成基地十二个以上，其中县级八个，校级四个，双师型教师比例达到百分之六十，服务全县发展。\n\n\t二、任务",
        "总体要求\t1\n重点任务\t2\n组织保障\t9",
        "云溪县教育局\t\t2026年1月5日",
        "没有表格。",
    ],
    ids=["paragraphs", "sections", "contents", "signature", "plain"],
)
def test_indented_text_and_contents_are_no_tables(text: str) -> None:
    raw = recovered(text)
    assert grid(raw) == {}
    assert [b.text for b in raw.blocks] == text.split("\n")


def test_other_formats_are_left_alone() -> None:
    raw = RawDocument("docx", (RawBlock("甲\t乙"), RawBlock("丙\t丁")))
    assert recover(raw) is raw


words = st.text(alphabet="建设基地方案教师企业学校一二三年月", min_size=1, max_size=12)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(3, 7))
    header = [f"栏{n}" for n in range(width)]
    count = draw(st.integers(2, 8))
    rows = [[draw(words) for _ in range(width)] for _ in range(count)]
    for row in rows:
        row[-1] = draw(st.sampled_from([row[-1], ""]))
    return [header, *rows]


@given(tables(), st.integers(1, 3))
def test_any_table_comes_back(rows: list[list[str]], blanks: int) -> None:
    text = ("\n" * (blanks + 1)).join("\n".join("\t" + cell for cell in row) for row in rows)
    found = grid(recovered("说明\n" + text + "\n\n结束。"))
    assert found == {(r, c): (cell, 1) for r, row in enumerate(rows) for c, cell in enumerate(row)}


@given(tables(), st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_merged_first_column_comes_back(rows: list[list[str]], sizes: list[int]) -> None:
    body = [[*row[:-1], "完"] for row in rows[1:]]
    firsts: dict[int, int] = {}
    at = 0
    for size in [*sizes, len(body)]:
        if at < len(body):
            firsts[at] = min(size, len(body) - at)
            at += size
    merged = [[row[0] if r in firsts else "", *row[1:]] for r, row in enumerate(body)]
    found = grid(recovered(flat([rows[0], *merged])))
    assert {r - 1: span for (r, c), (_, span) in found.items() if c == 0 and r} == firsts


@shared
@pytest.mark.shared
def test_real_flattened_tables() -> None:
    def read(name: str) -> RawDocument:
        return restructure(txt.read((CORPUS / name).read_bytes(), name), load())

    quarters = grid(read("shahe-2020.txt"))
    assert build.build(read("shahe-2020.txt"), "", "").tables[0].cols == 8
    assert [r for (r, c), cell in quarters.items() if c == 0 and cell[1] == 4] == [1, 5, 9, 13, 17, 21, 25]
    assert [r for (r, c), cell in quarters.items() if c == 1 and cell[1] == 4] == [1, 5, 9, 13, 17, 21, 25]
    assert sum(c == 2 and r > 0 for r, c in quarters) == 28

    scheme, tasks = build.build(read("shaoxing-2025plan.txt"), "", "").tables
    assert (scheme.rows, scheme.cols, tasks.rows, tasks.cols) == (45, 4, 21, 4)
    cells = grid(read("shaoxing-2025plan.txt"))
    assert sum(span for (r, c), (_, span) in cells.items() if c == 0 and r) == 44
    assert sum(span for (r, c), (_, span) in cells.items() if c == 1 and r) == 44
    assert all(text for (r, c), (text, _) in cells.items() if c < 4)
    assert grid(read("shaoxing-2025plan.txt"), 1)[20, 3] == ("", 1)
