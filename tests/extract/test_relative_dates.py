"""Dates that lean on the day of writing; read only by a finder that is told to."""

from __future__ import annotations

from datetime import date

import pytest
from extract_helpers import LEXICONS
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.deadlines import Calendar, TimeFinder
from pipeline.text import Squeezed

FINDER = TimeFinder(LEXICONS, relative=True)
PLAN = TimeFinder(LEXICONS)
TODAY = Calendar(2022, date(2022, 8, 31), 2022)


def days(text: str) -> list[tuple[str | None, str | None]]:
    return [(m.since, m.until) for m in FINDER.find(Squeezed(text).text, TODAY)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("去年", "2021-01-01", "2021-12-31"),
        ("前年三月", "2020-03-01", "2020-03-31"),
        ("后年", "2024-01-01", "2024-12-31"),
        ("上个月", "2022-07-01", "2022-07-31"),
        ("下个月", "2022-09-01", "2022-09-30"),
        ("上月3号", "2022-07-03", "2022-07-03"),
        ("本季度", "2022-07-01", "2022-09-30"),
        ("上季度", "2022-04-01", "2022-06-30"),
        ("明年前三季度", "2023-01-01", "2023-09-30"),
        ("2020年后四个月", "2020-09-01", "2020-12-31"),
        ("上个半年", "2022-01-01", "2022-06-30"),
        ("2021年首月", "2021-01-01", "2021-01-31"),
        ("去年年底", None, "2021-12-31"),
        ("从前年6月起", "2020-06-01", None),
        ("10天后", "2022-09-10", "2022-09-10"),
        ("6个月后", "2023-02-28", "2023-02-28"),
        ("四年前", "2018-08-31", "2018-08-31"),
        ("30日内", "2022-08-31", "2022-09-30"),
        ("近两年", "2020-08-31", "2022-08-31"),
        ("今明两年", "2022-01-01", "2023-12-31"),
        ("上世纪六十年代", "1960-01-01", "1969-12-31"),
        ("十八世纪30年代", "1730-01-01", "1739-12-31"),
        ("2019-3-7", "2019-03-07", "2019-03-07"),
        ("2019.03", "2019-03-01", "2019-03-31"),
        ("20190307", "2019-03-07", "2019-03-07"),
        ("2019/3/7及以前", None, "2019-03-07"),
        ("一八九五年四月", "1895-04-01", "1895-04-30"),
        ("09年", "2009-01-01", "2009-12-31"),
        ("2017.04-2018.06", "2017-04-01", "2018-06-30"),
        ("自2019-03-07起至2019-03-11止", "2019-03-07", "2019-03-11"),
        ("2019年11月至下个月5号", "2019-11-01", "2022-09-05"),
        ("从2019年2月八号到十二号", "2019-02-08", "2019-02-12"),
        ("从2019年3月至11月", "2019-03-01", "2019-11-30"),
        ("从2019年11月至2月", "2019-11-01", "2020-02-28"),
        ("去年到现在", "2021-01-01", "2022-08-31"),
        ("自2019年以来", "2019-01-01", None),
    ],
)
def test_days(text: str, start: str | None, end: str | None) -> None:
    assert days(text) == [(start, end)]


@pytest.mark.parametrize("text", ["零点八", "编号201903071", "十分之三", "2月30日", "三年", "两个月", "2019-13-01"])
def test_what_is_no_date(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize(
    "text", ["去年建成3个基地", "上个月完成", "10天后答复", "30日内办结", "近三年无事故", "2019.03.07"]
)
def test_plans_are_read_without_them(text: str) -> None:
    assert PLAN.find(Squeezed(text).text, TODAY) == []


def test_without_a_day_of_writing_nothing_leans_on_it() -> None:
    assert FINDER.find("去年", Calendar(2022)) == []


@given(
    st.text(
        st.sampled_from("去前上下今明后本年月日号季度半世纪代第首个天周内至到从起止现在2019.-/03一二十两以来"),
        max_size=14,
    )
)
def test_no_text_breaks_it(text: str) -> None:
    squeezed = Squeezed(text).text
    for mention in FINDER.find(squeezed, TODAY):
        assert squeezed[mention.start : mention.end] == mention.raw
        assert mention.since is None or date.fromisoformat(mention.since)
        assert mention.until is None or date.fromisoformat(mention.until)
