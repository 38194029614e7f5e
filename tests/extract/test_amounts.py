"""Numbers of any text: numerals alone, amounts with chatty units, and what is no number at all."""

from __future__ import annotations

from itertools import pairwise

import pytest
from extract_helpers import LEXICONS
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.amounts import AmountFinder
from pipeline.extract.numerals import NumeralFinder
from pipeline.extract.quantities import QuantityFinder, lower_end
from pipeline.text import Squeezed, parse_number

NUMERALS = NumeralFinder(LEXICONS)
AMOUNTS = AmountFinder(LEXICONS)
PLAN = QuantityFinder(LEXICONS)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("负十二", -12), ("负3.5", -3.5), ("三分之一", 1 / 3), ("负二又四分之一", -2.25), ("卅六", 36), ("一半", 0.5),
        ("20万万", 2_000_000_000), ("8分之3", 0.375),
    ],
)  # fmt: skip
def test_signs_and_fractions(text: str, value: float) -> None:
    assert parse_number(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["负", "分之三", "三分之", "零分之一", "二又", "又三分之一", "万万", "亿亿"])
def test_half_a_fraction_is_no_number(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("河长共四百零二名，巡河一千六百次", [402, 1600]),
        ("名次在前三，得票负五点二", [3, -5.2]),
        ("第十八条和第200条", [18, 200]),
        ("五分之二和3/4", [0.4, 0.75]),
        ("大陆、半岛、登陆、一切、十足", []),
        ("云溪县“十三五”规划", []),
    ],
)
def test_numerals(text: str, values: list[float]) -> None:
    assert [n.value for n in NUMERALS.find(Squeezed(text).text)] == values


@pytest.mark.parametrize(
    ("text", "value", "value_max", "unit", "op"),
    [
        ("大于等于四十", 40, None, "", ">="),
        ("超过了600", 600, None, "", ">"),
        ("不满80", 80, None, "", "<"),
        ("25以内", 25, None, "", "<="),
        ("十八斤半", 18.5, None, "斤", "="),
        ("四斤二两", 4.2, None, "斤", "="),
        ("二十六元三角五分", 26.35, None, "元", "="),
        ("港币五百元", 500, None, "港元", "="),
        ("￥28.5", 28.5, None, "元", "="),
        ("六十五千克", 65, None, "公斤", "="),
        ("八十两", 80, None, "两", "="),
        ("零下七摄氏度", -7, None, "摄氏度", "="),
        ("三到五万日元", 30000, 50000, "日元", "range"),
        ("六十至九十万韩元", 600_000, 900_000, "韩元", "range"),
        ("14~29", 14, 29, "", "range"),
        ("六七公斤", 6, 7, "公斤", "range"),
        ("五分之一升", 0.2, None, "升", "="),
    ],
)
def test_amounts(text: str, value: float, value_max: float | None, unit: str, op: str) -> None:
    found = AMOUNTS.find(Squeezed(text).text)
    assert [(pytest.approx(q.value), q.value_max, q.unit, q.op) for q in found] == [(value, value_max, unit, op)]


@pytest.mark.parametrize(
    ("text", "value", "value_max", "unit"),
    [
        ("年增-2.6%", 2.6, None, "%"),  # a dash behind a word may be one of any kind
        ("（-2.6%）", -2.6, None, "%"),
        ("增速为负2.6%", -2.6, None, "%"),
        ("满意度百分百", 100, None, "%"),
        ("培训三点六万人", 36000, None, "人"),
        ("补助两到三万元", 20000, 30000, "元"),
        ("补助8000到1万元", 8000, 10000, "元"),
        ("奖励20万元(含)-50万元", 200_000, 500_000, "元"),
        ("为企业减负3亿元", 300_000_000, None, "元"),
        ("- 3个项目", 3, None, "个"),
    ],
)
def test_what_plans_gain(text: str, value: float, value_max: float | None, unit: str) -> None:
    assert [(q.value, q.value_max, q.unit) for q in PLAN.find(Squeezed(text).text)] == [(value, value_max, unit)]


@pytest.mark.parametrize("text", ["2023两会", "由8升至3", "“8字方针”", "3角形", "5mol"])
def test_short_units_inside_words_are_none(text: str) -> None:
    assert PLAN.find(Squeezed(text).text) == []


@pytest.mark.parametrize(
    ("first", "second", "low"),
    [
        ("两", "三万", 20000), ("一千", "两千万", 10_000_000), ("1", "2千", 1000), ("8500", "3万", 8500),
        ("五十", "一百", 50), ("九千", "一万", 9000), ("一", "三十", 1), ("三", "五", 3),
    ],
)  # fmt: skip
def test_the_lower_end_shares_the_place_words_of_the_upper_one(first: str, second: str, low: float) -> None:
    assert lower_end(first, second) == low


@given(
    st.text(st.sampled_from("第负-零一两三五十百千万亿半点分之又1234.5,%元角斤两个至到~(含)超过了以上¥"), max_size=14)
)
def test_no_text_breaks_it_and_amounts_do_not_overlap(text: str) -> None:
    squeezed = Squeezed(text).text
    found = AMOUNTS.find(squeezed)
    assert all(0 <= q.start < q.end <= len(squeezed) for q in found)
    assert all(one.start <= two.start for one, two in pairwise(found))
