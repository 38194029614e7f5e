"""Numbers of official documents: all ways of writing one give one value, and only certain damage is mended."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parse.doc_numbers import FIRST_YEAR, LAST_YEAR, find_doc_numbers, normalise_doc_number
from pipeline.text import Squeezed


@pytest.mark.parametrize(
    "text",
    [
        "云政办发〔2021〕9号",
        "云政办发[2021]9号",
        "云政办发【2021】9号",
        "云政办发（2021）9号",
        "云政办发［２０２１］９号",
        "云政办发 〔 2021 〕 9 号",
        "云政办发〔2021〕第9号",
        "云政办发﹝2021﹞09号",
        "云政办发〔2021年〕9号",
        "（云政办发〔2021〕9号）",
        "云政办发〔二〇二一〕九号",
    ],
)
def test_every_way_of_writing_gives_one_value(text: str) -> None:
    number = normalise_doc_number(text)
    assert number is not None
    assert (number.value, number.mended, number.raw) == ("云政办发〔2021〕9号", False, text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("云办发〔201795 )", "云办发〔2017〕95号"),
        ("云政办发〔201838)", "云政办发〔2018〕38号"),
        ("云教成〔20181 )", "云教成〔2018〕1号"),
        ("云委发〔20233 号", "云委发〔2023〕3号"),
        ("云教字2020〕14号", "云教字〔2020〕14号"),
        ("云教字〔2020〕14", "云教字〔2020〕14号"),
        ("(云教字(2020)14)", "云教字〔2020〕14号"),
    ],
)
def test_certain_damage_is_mended_and_said_to_be(text: str, value: str) -> None:
    number = normalise_doc_number(text)
    assert number is not None
    assert (number.value, number.mended, number.raw) == (value, True, text)


@pytest.mark.parametrize(
    "text",
    [
        "〔2020〕",
        "〔2020〕14号",
        "云教字〔2020〕",
        "云教字〔1899〕3号",
        "云教字〔18993号",
        f"云教字〔{LAST_YEAR + 1}〕3号",
        f"云教字〔{FIRST_YEAR - 1}〕3号",
        "云教字〔2020〕0号",
        "电话0312-8108523",
        "联系电话81085234",
        "云教字（2020）14",
        "新建项目(2020)15个",
        "云教字〔202095万元",
        "云教字〔2020〕95.5",
        "(2020)京01民终14号",
        "根据云教字〔2020〕14号文件精神",
        "1.",
        "",
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert normalise_doc_number(text) is None


@pytest.mark.parametrize("year", [1949, 2050])
def test_the_plausible_years_are_fixed(year: int) -> None:
    """They do not depend on the day on which a file is read."""
    number = normalise_doc_number(f"云教字〔{year}〕3号")
    assert number is not None
    assert number.value == f"云教字〔{year}〕3号"


def test_finding_gives_spans_and_leaves_the_closing_bracket() -> None:
    text = Squeezed("《甲办法》(云办发〔201795 ),《乙意见》（云政发[2019]第3号）和云教联企业〔2011〕300号").text
    found = find_doc_numbers(text)
    assert [(text[a:b], n.value, n.mended) for a, b, n in found] == [
        ("云办发〔201795", "云办发〔2017〕95号", True),
        ("云政发[2019]第3号", "云政发〔2019〕3号", False),
        ("云教联企业〔2011〕300号", "云教联企业〔2011〕300号", False),
    ]
    assert all(n.raw == text[a:b] for a, b, n in found)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("按照云溪县人民政府办公室云政办发(2020)3号文件", "云政办发〔2020〕3号"),
        ("云溪县教育局文件云教字〔2020〕14号", "云教字〔2020〕14号"),
        ("《方案》和云政发〔2020〕14号", "云政发〔2020〕14号"),
        ("《方案》和政发〔2020〕14号", "和政发〔2020〕14号"),
    ],
)
def test_words_before_a_number_are_no_part_of_it(text: str, value: str) -> None:
    assert [n.value for _, _, n in find_doc_numbers(text)] == [value]


def test_an_order_is_numbered_without_a_year() -> None:
    assert [n.value for _, _, n in find_doc_numbers("《某条例》(国务院令第747号)")] == ["国务院令第747号"]
    assert find_doc_numbers("命令第一线的人") == []


_PREFIX = st.text(st.sampled_from("国云溪政办教发字函规职成厅"), min_size=2, max_size=8)
_YEAR = st.integers(FIRST_YEAR, LAST_YEAR)
_NUMBER = st.integers(1, 99999)
_BRACKETS = st.sampled_from(["〔〕", "[]", "【】", "()", "（）", "［］", "﹝﹞", "〈〉"])
_BLANK = st.sampled_from(["", " ", "\u3000", "\n", "\xa0"])


@given(_PREFIX, _YEAR, _NUMBER, _BRACKETS, st.sampled_from(["", "第"]), _BLANK)
def test_a_well_formed_number_survives_every_notation(
    prefix: str, year: int, number: int, brackets: str, ordinal: str, blank: str
) -> None:
    right = f"{prefix}〔{year}〕{number}号"
    written = f"{prefix}{blank}{brackets[0]}{blank}{year}{brackets[1]}{ordinal}{blank}{number}{blank}号"
    read = normalise_doc_number(written)
    assert read is not None
    assert (read.value, read.mended) == (right, False)
    again = normalise_doc_number(read.value)
    assert again is not None
    assert again.value == right


@given(_PREFIX, _YEAR, _NUMBER)
def test_a_lost_bracket_is_put_back(prefix: str, year: int, number: int) -> None:
    read = normalise_doc_number(f"{prefix}〔{year}{number}号")
    assert read is not None
    assert (read.value, read.mended) == (f"{prefix}〔{year}〕{number}号", True)
