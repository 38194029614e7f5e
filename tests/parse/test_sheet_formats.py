"""Numbers as a spreadsheet program shows them."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.parse.sheet_formats import BUILTIN, general, show, show_text


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        # plain numbers
        (12.0, "General", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (60, "G/通用格式", "60"),
        (13800001234567, "General", "13800001234567"),  # no exponent: it may be the number of a document
        (1e22, "General", "1E+22"),
        (-0.5, "General", "-0.5"),
        (7, "000", "007"),
        (0, "#", "0"),
        (2.5, "0", "3"),
        (1.005, "0.00", "1.01"),
        (-0.4, "0", "0"),
        (3.14159, "0.0###", "3.1416"),
        (1234567.5, "#,##0.00", "1,234,567.50"),
        (5, "#,#00", "05"),
        (1234567, '0.00,"千元"', "1234.57千元"),
        (12345678, "0.0,,", "12.3"),
        (13812345678, "000-0000-0000", "138-1234-5678"),
        (12345, "0.00E+00", "1.23E+04"),
        (0.5, "# ?/?", "1/2"),
        (1.25, "# ??/??", "1 1/4"),
        # percent, units, currency
        (0.85, "0%", "85%"),
        (0.8567, "0.0%", "85.7%"),
        (0.005, "0%", "1%"),
        (0.25, "0.##%", "25%"),
        (12, '0"人"', "12人"),
        (1.5, 'General"亿元"', "1.5亿元"),
        (3, "[$¥-804]#,##0.00", "¥3.00"),
        (2025, '0"年"', "2025年"),
        # sections, conditions, signs
        (-5, "0.00_);(0.00)", "(5.00)"),
        (-5, "0.00_ ;[Red]-0.00 ", "-5.00"),
        (-5, "0.0", "-5.0"),
        (0, '0;-0;"-"', "-"),
        (100, '[>=100]"大"0;[<100]"小"0', "大100"),
        (99, '[>=100]"大"0;[<100]"小"0', "小99"),
        (5, ";;;", "5"),  # hidden by its format: nothing may be lost
        # dates
        (45992, BUILTIN[14], "2025/12/1"),
        (45992, BUILTIN[31], "2025年12月1日"),
        (45992, BUILTIN[57], "2025年12月"),
        (45992, 'yyyy"年"m"月"d"日";@', "2025年12月1日"),
        (45992, "yyyy\\-mm\\-dd", "2025-12-01"),
        (45992, '[DBNum1][$-804]yyyy"年"m"月"d"日";@', "二〇二五年十二月一日"),
        (45992, "[$-F800]dddd, mmmm dd, yyyy", "2025年12月1日"),
        (45992, "mmm-yy", "Dec-25"),
        (45992, "aaaa", "星期一"),
        (45992.5, BUILTIN[22], "2025/12/1 12:00"),
        (0.75, "h:mm AM/PM", "6:00 PM"),
        (1.5, "[h]:mm", "36:00"),
        (0.04166666666667, "h:mm:ss", "1:00:00"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (1e9, "yyyy", "1000000000"),  # no date at all
        # text formats
        (12, "@", "12"),
    ],
)  # fmt: skip
def test_a_number_is_shown(value: float, code: str, shown: str) -> None:
    assert show(value, code) == shown


def test_days_from_1904() -> None:
    assert show(45992 - 1462, "yyyy/m/d", from_1904=True) == "2025/12/1"


@pytest.mark.parametrize(("code", "shown"), [('@"人"', "5人"), ("0.0", "5"), ("General", "5"), ('0;-0;0;"共"@', "共5")])
def test_a_text_is_shown(code: str, shown: str) -> None:
    assert show_text("5", code) == shown


@settings(deadline=None, max_examples=400)
@given(st.floats(), st.text(max_size=30) | st.text('0#?.,%/E+;[]@"ymdhs[DBNum1]>=<General_\\\\*', max_size=30))
@example(9.999999999999995e27, "0")
@example(1.7e308, "0.00%" + "%" * 200)
@example(float("inf"), "0")
@example(5e-324, "#.##,,,")
def test_no_format_breaks_it(value: float, code: str) -> None:
    assert isinstance(show(value, code), str)


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_whole_numbers_stay_whole(value: int) -> None:
    assert general(float(value)) == str(value)


@given(st.decimals(-(10**6), 10**6, places=2))
def test_thousands_hold_the_number(value: object) -> None:
    text = show(float(str(value)), "#,##0.00")
    assert float(text.replace(",", "")) == float(str(value))
