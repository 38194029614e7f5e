"""The ledger: one fate for each numeral of the universe, none twice, and what is unaccounted is said."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from extract_helpers import END_MATTER, FILLER, LEXICONS, extracted, with_table
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import extract
from pipeline.model import Block, BlockKind, Document

TASK = "一、重点任务\n（一）建设基地。"


def fates(text: str) -> list[tuple[str, str]]:
    """Text and fate of each numeral of the paragraph `text`."""
    document, found = extracted(TASK + text + END_MATTER)
    start = document.text.index(text)
    return [(n.text, n.fate) for n in found.numbers if start <= n.start < start + len(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("建成基地3个。", [("3", "target")]),
        ("建成三家企业。", [("三", "target")]),
        ("双师型教师占比达到百分之六十。", [("百分之六十", "target")]),
        ("占比达到三分之二。", [("三分之二", "target")]),
        ("培训1.2万人次。", [("1.2", "target")]),
        ("投入1,200万元。", [("1,200", "target")]),
        ("具有3年以上企业工作经历。", [("3", "norm")]),
        ("到2025年，建成基地3个。", [("2025", "deadline"), ("3", "target")]),
        ("2020年9月13日召开会议。", [("2020", "date"), ("9", "date"), ("13", "date")]),
        ("2021年，已建成基地3个。", [("2021", "date"), ("3", "past")]),
        ("坚持五个结合。", [("五", "list_count")]),
        ("开展1+X试点。", [("1", "name")]),
        ("执行云教字〔2020〕14号文件。", [("2020", "doc_number"), ("14", "doc_number")]),
        ("落实《行动计划（2020—2023年）》。", [("2020", "reference"), ("2023", "reference")]),
        ("电话：0312-5551234。", [("0312", "phone"), ("5551234", "phone")]),
        ("推广一批经验。", [("一", "vague")]),
        ("引进3至5家企业。", [("3", "target"), ("5", "target")]),
        ("教师每5年轮训。", [("5", "per")]),
        ("详见附件2。", [("2", "ordinal")]),
        # what no rule explains is said to be so
        ("代码37号。", [("37", "unaccounted")]),
        # outside the universe
        ("进一步统一思想，一心一意。", []),
    ],
)
def test_fates(text: str, found: list[tuple[str, str]]) -> None:
    assert fates(text) == found


def test_a_record_is_named() -> None:
    _, found = extracted(TASK + "建成基地3个，具有2年以上企业工作经历。" + END_MATTER)
    records = {n.text: n.record for n in found.numbers if n.fate in ("target", "norm")}
    assert records == {"3": ("targets", 0), "2": ("targets", 1)}
    assert [found.targets[i].value for _, i in filter(None, records.values())] == [3, 2]


def test_columns_give_fates() -> None:
    table = [["序号", "重点任务", "完成时限", "联系电话"], ["1", "建设基地2个", "2024年6月底", "13800000000"]]
    found = extract(with_table("任务分解表", table), LEXICONS)
    assert [(n.text, n.fate) for n in found.numbers] == [
        ("1", "list_number"),
        ("2", "target"),
        ("2024", "deadline"),
        ("6", "deadline"),
        ("13800000000", "phone"),
    ]


def test_furniture_is_in_the_ledger() -> None:
    lines = ["浏览次数：37", FILLER]
    text = "\n".join(lines)
    blocks = (
        Block(0, 0, len(lines[0]), BlockKind.FURNITURE),
        Block(1, len(lines[0]) + 1, len(text), BlockKind.PARAGRAPH),
    )
    found = extract(Document("x.txt", "0" * 64, "txt", text, blocks), LEXICONS)
    assert [(n.text, n.fate, n.start) for n in found.numbers] == [("37", "furniture", 5)]


PIECES = [
    "建成基地3个",
    "，",
    "。",
    "到2025年",
    "三家企业",
    "占百分之五",
    "第2批",
    "1+X证书",
    "《办法》",
    "（1）",
    "每5年",
    "37号",
    "；",
    "一批",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12))
def test_every_run_of_digits_is_there_once(pieces: list[str]) -> None:
    text = "，".join(pieces)
    document = Document("x.txt", "0" * 64, "txt", text, (Block(0, 0, len(text), BlockKind.PARAGRAPH),))
    numbers = extract(document, LEXICONS).numbers
    assert all(a.end <= b.start for a, b in pairwise(numbers))
    assert all(document.text[n.start : n.end] == n.text for n in numbers)
    covered = [n for n in numbers if n.text[0].isdigit()]
    assert [(n.start, n.end) for n in covered] == [m.span() for m in re.finditer(r"\d+", text)]
    assert [n.text for n in numbers if "百分之" in n.text] == re.findall("百分之五", text)
