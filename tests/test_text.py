"""Folding keeps every offset, squeezed spans lead back to the text, and numerals are read or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import Squeezed, fold, normalise, parse_number

MIXED = st.text(
    st.one_of(st.sampled_from("云溪县　 \n\t（），。１２３％〔〕﹝①⑴⒈㈠㊀Ａ㎡\u00a0\u200b\ufeff０"), st.characters()),
    max_size=60,
)


# --- fold --------------------------------------------------------------------------------------------------------


@given(MIXED)
def test_fold_keeps_every_position_and_is_done_after_once(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(MIXED, MIXED)
def test_fold_looks_at_no_neighbour(left: str, right: str) -> None:
    assert fold(left + right) == fold(left) + fold(right)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("（一）", "(一)"),
        ("２０２５年％", "2025年%"),
        ("Ａｂ／＋", "Ab/+"),
        ("﹝2020﹞", "〔2020〕"),
        ("，；：！？", ",;:!?"),
        ("。、“”《》", "。、“”《》"),
        ("全\u3000角\u00a0空\t格", "全 角 空 格"),
        ("换\n行", "换\n行"),
        ("⼀⼆", "一二"),  # radicals of PDF fonts
        ("①⑴⒈㈠㊀❶", "①⑴⒈㈠㊀❶"),  # their NFKC would run into the number behind them
        ("㎡½…", "㎡½…"),  # longer in NFKC, so left
        ("二○二五", "二〇二五"),
        ("3‑5−7", "3-5-7"),
    ],
)
def test_fold_table(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("（一） 统筹 规划", "(一)统筹规划"),
        ("到 2025 年", "到2025年"),
        ("Big  Data", "Big Data"),
        ("2 000 平方米", "2000平方米"),
        ("  1+X\n证书 ", "1+X证书"),
        ("面积㎡", "面积m2"),
    ],
)
def test_normalise(text: str, form: str) -> None:
    assert normalise(text) == form


# --- Squeezed ----------------------------------------------------------------------------------------------------


@given(MIXED, st.data())
def test_every_squeezed_span_leads_back(text: str, data: st.DataObject) -> None:
    view = Squeezed(text)
    if not len(view):
        return
    start = data.draw(st.integers(0, len(view) - 1))
    end = data.draw(st.integers(start + 1, len(view)))
    a, b = view.span(start, end)
    assert Squeezed(text[a:b]).text == view.text[start:end]
    assert Squeezed(text, a, b).text == view.text[start:end]
    assert view.index(a) == start
    assert view.index(b) == end


@given(MIXED, MIXED, MIXED)
def test_a_window_gives_offsets_into_the_whole(before: str, text: str, after: str) -> None:
    whole = before + text + after
    view = Squeezed(whole, len(before), len(before) + len(text))
    assert view.text == Squeezed(text).text
    assert [o - len(before) for o in view.offsets] == list(Squeezed(text).offsets)
    assert [fold(whole[o]) for o in view.offsets] == list(view.text)


def test_squeezed_by_hand() -> None:
    view = Squeezed("建设 ２\n个\u200b基地")
    assert view.text == "建设2个基地"
    assert view.span(2, 4) == (3, 6)
    assert view.span(0, 6) == (0, 9)
    assert view.span(3, 3) == (5, 5)
    assert (view.index(2), view.index(3), view.index(9)) == (2, 2, 6)


# --- parse_number ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # Arabic
        ("0", 0), ("20", 20), ("020", 20), ("2025", 2025), ("1,200", 1200), ("1,200.5", 1200.5), ("12.75", 12.75),
        ("-5", -5), ("-3.5", -3.5), ("+5", 5), ("２０２５", 2025), ("1 200", 1200),
        # mixed
        ("1.2万", 12000), ("3千", 3000), ("3百", 300), ("3.5亿", 350_000_000), ("1亿2千万", 120_000_000),
        ("1万2千", 12000), ("1万2千5百", 12500), ("2万零5百", 20500), ("2百5十", 250), ("12万3千", 123_000),
        ("1万亿", 10**12), ("1亿2000万", 120_000_000), ("1万05", 10005),
        # what people leave out at the end
        ("三万五", 35000), ("1万2", 12000), ("3万5", 35000), ("12万3", 123_000), ("1亿3", 130_000_000), ("三百五", 350),
        ("一百一", 110), ("一万一", 11000), ("四千五", 4500), ("一亿三", 130_000_000), ("1百2", 120),
        ("十五万八", 158_000),
        # places in full
        ("十", 10), ("百", 100), ("千", 1000), ("万", 10000), ("亿", 10**8), ("十五", 15), ("二十", 20), ("廿五", 25),
        ("两百", 200), ("一百二十", 120), ("三百零五", 305), ("一千零五十", 1050), ("四千零五", 4005), ("千二百", 1200),
        ("一万零一", 10001), ("十万零一千", 101_000), ("两万五千", 25000), ("二十三万五千", 235_000),
        ("一千二百万", 12_000_000), ("一亿三千万", 130_000_000), ("一万亿", 10**12), ("三千万亿", 3 * 10**15),
        ("九千九百九十九万九千九百九十九", 99_999_999), ("壹佰贰拾", 120), ("三 百", 300),
        # digit by digit
        ("二〇二五", 2025), ("二零二五", 2025), ("二○二五", 2025), ("〇", 0), ("零", 0), ("一二三", 123),
        # fractions
        ("半", 0.5), ("零点五", 0.5), ("三点五", 3.5), ("九十点五", 90.5), ("三点五万", 35000), ("十二点五亿", 1.25e9),
    ],
)  # fmt: skip
def test_numerals(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "x", "3x", "第三", "半年", "三半", "-", "+", ".", ".5", "1.2.3", "12,00", "1,2345", "点五", "五点",
        "三点x", "五五十", "3五", "五3", "十12", "十十", "百百", "百千", "万万", "三百五百", "一万二万", "1.2万3",
        "若干", "1+X", "十三五", "1亿3亿", "5个",
    ],
)  # fmt: skip
def test_rubbish_is_no_number(text: str) -> None:
    assert parse_number(text) is None


_DIGITS = "零一二三四五六七八九"


def in_han(value: int) -> str:
    """A whole number below 10^12 in Chinese, as arithmetic books write it."""
    for size, word in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if value >= size:
            head, rest = divmod(value, size)
            gap = "零" if rest and rest < size // 10 else ""
            return in_han(head) + word + gap + (in_han(rest) if rest else "")
    return _DIGITS[value]


@given(st.integers(0, 10**12 - 1))
def test_whole_numbers_come_back_from_chinese(value: int) -> None:
    assert parse_number(in_han(value)) == value


@given(st.integers(0, 10**15), st.sampled_from(["", "万", "亿"]))
def test_whole_numbers_come_back_from_digits(value: int, scale: str) -> None:
    size = {"": 1, "万": 10**4, "亿": 10**8}[scale]
    assert parse_number(f"{value}{scale}") == float(value) * size
    assert parse_number(f"{value:,}{scale}") == float(value) * size


@given(st.text(st.sampled_from("零〇一二两三五九十百千万亿点半廿13,.-+")))
def test_no_input_breaks_it(text: str) -> None:
    value = parse_number(text)
    assert value is None or isinstance(value, float)
