"""Sentences and clauses: where a text is cut, and where brackets, quotes and numbers keep it whole."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.segment.clauses import sentences
from pipeline.text import Squeezed


def cut(text: str) -> list[list[str]]:
    """The clauses of each sentence, as text."""
    folded = Squeezed(text).text
    return [[folded[c.start : c.end] for c in s.clauses] for s in sentences(folded)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("。", []),
        ("。！？；，", []),
        ("建设基地", [["建设基地"]]),
        ("建设基地。", [["建设基地"]]),
        ("建设基地，培养教师。完善机制", [["建设基地", "培养教师"], ["完善机制"]]),
        ("怎么办？要落实！抓好。", [["怎么办"], ["要落实"], ["抓好"]]),
        ("建设基地；培养教师：一是引进，二是选派。", [["建设基地", "培养教师", "一是引进", "二是选派"]]),
        ("建设、改造、提升基地", [["建设、改造、提升基地"]]),  # 、 cuts no clause
        # brackets and quotes
        ("开展“千师进校，千人下厂”活动，取得成效", [["开展“千师进校,千人下厂”活动", "取得成效"]]),
        ("企业（含国企、民企；不含个体）参与。下一句", [["企业(含国企、民企;不含个体)参与"], ["下一句"]]),
        ("按照《办法。试行》执行，落实", [["按照《办法。试行》执行", "落实"]]),
        ("（责任单位：县教育局，县人社局）", [["(责任单位:县教育局,县人社局)"]]),
        ("「甲，乙」，丙", [["「甲,乙」", "丙"]]),
        ("“甲（乙，丙）丁，戊”，己", [["“甲(乙,丙)丁,戊”", "己"]]),
        # brackets that are never closed must swallow nothing
        ("建设（基地，培养教师。完善机制", [["建设(基地", "培养教师"], ["完善机制"]]),
        ("建设“基地，培养教师。", [["建设“基地", "培养教师"]]),
        ("建设）基地，培养”教师。", [["建设)基地", "培养”教师"]]),
        ("（" + "远" * 130 + "，近）。后", [["(" + "远" * 130, "近)"], ["后"]]),
        # numbers
        ("投入1,200万元，建成", [["投入1,200万元", "建成"]]),
        ("投入1，200，000元，建成", [["投入1,200,000元", "建成"]]),
        ("建成1,2号楼", [["建成1", "2号楼"]]),
        ("建成5,1000平方米", [["建成5", "1000平方米"]]),
        ("师生比1:15，达标", [["师生比1:15", "达标"]]),
        ("目标1：建成", [["目标1", "建成"]]),
        ("增长3.5%，达标", [["增长3.5%", "达标"]]),
    ],
)
def test_cuts(text: str, pieces: list[list[str]]) -> None:
    assert cut(text) == pieces


def test_marks_and_positions() -> None:
    text = "甲乙,丙。丁;戊"
    first, second = sentences(text)
    assert (first.start, first.end, first.mark) == (0, 4, "。")
    assert [(c.start, c.end, c.mark) for c in first.clauses] == [(0, 2, ","), (3, 4, "。")]
    assert (second.start, second.end, second.mark) == (5, 8, "")
    assert [(c.start, c.end, c.mark) for c in second.clauses] == [(5, 6, ";"), (7, 8, "")]


@given(st.text(st.sampled_from("甲乙12，,。;：:！?（()）《》“”〔〕[]「」【】、")))
def test_pieces_cover_the_text_in_order(text: str) -> None:
    """Only marks stand between pieces; pieces are in order and do not overlap; sentences hold their clauses."""
    folded = Squeezed(text).text
    found = sentences(folded)
    pieces = [c for s in found for c in s.clauses]
    at = 0
    for piece in pieces:
        assert at <= piece.start < piece.end <= len(folded)
        assert set(folded[at : piece.start]) <= set(",;:。!?")
        assert folded[piece.end : piece.end + 1] == piece.mark
        at = piece.end
    assert set(folded[at:]) <= set(",;:。!?")
    for sentence in found:
        assert sentence.start <= sentence.clauses[0].start
        assert sentence.end == sentence.clauses[-1].end
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(st.text(st.sampled_from("甲乙丙，；"), min_size=1))
def test_without_brackets_every_mark_cuts(text: str) -> None:
    folded = Squeezed(text).text
    words = [w for w in folded.replace(";", ",").split(",") if w]
    assert [folded[c.start : c.end] for s in sentences(folded) for c in s.clauses] == words
