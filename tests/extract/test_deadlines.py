"""Time expressions: what they resolve to under which calendar, and what only looks like one."""

from __future__ import annotations

from datetime import date

import pytest
from extract_helpers import LEXICONS, frame
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.deadlines import Calendar, TimeFinder
from pipeline.text import Squeezed

FINDER = TimeFinder(LEXICONS)
ISSUED = Calendar(2023, date(2023, 9, 13), 2023)
YEAR_ONLY = Calendar(2023)
PUBLISHED = Calendar(2020, None, 2020)
UNKNOWN = Calendar()


def found(text: str, basis: Calendar) -> list[tuple[str, str | None, str | None, bool]]:
    return [(m.raw, m.since, m.until, m.approx) for m in FINDER.find(Squeezed(text).text, basis)]


@pytest.mark.parametrize(
    ("text", "raw", "start", "end"),
    [
        # by a year, in a year, from a year
        ("到2025年，建成", "到2025年", None, "2025-12-31"),
        ("到 2025 年，建成", "到2025年", None, "2025-12-31"),
        ("到二〇二五年，建成", "到二〇二五年", None, "2025-12-31"),
        ("力争到2025年建成", "力争到2025年", None, "2025-12-31"),
        ("至2025年底建成", "至2025年底", None, "2025-12-31"),
        ("2025年底前建成", "2025年底前", None, "2025-12-31"),
        ("2025年年底前建成", "2025年年底前", None, "2025-12-31"),
        ("2025年底，建成", "2025年底", None, "2025-12-31"),
        ("2025年末，建成", "2025年末", None, "2025-12-31"),
        ("2025年以前建成", "2025年以前", None, "2025-12-31"),
        ("2024年，建成", "2024年", "2024-01-01", "2024-12-31"),
        ("2024年度建成", "2024年度", "2024-01-01", "2024-12-31"),
        ("2024年全年建成", "2024年全年", "2024-01-01", "2024-12-31"),
        ("自2022年起建设", "自2022年起", "2022-01-01", None),
        ("从2022年起建设", "从2022年起", "2022-01-01", None),
        ("从2022年9月起建设", "从2022年9月起", "2022-09-01", None),
        ("自2024年1月1日起施行", "自2024年1月1日起", "2024-01-01", None),
        # spans of years
        ("2022—2025年建成", "2022—2025年", "2022-01-01", "2025-12-31"),
        ("2022-2025年建成", "2022-2025年", "2022-01-01", "2025-12-31"),
        ("2022年至2025年建成", "2022年至2025年", "2022-01-01", "2025-12-31"),
        ("行动计划（2022—2025）", "2022—2025", "2022-01-01", "2025-12-31"),
        # months
        ("2024年6月底前建成", "2024年6月底前", None, "2024-06-30"),
        ("2024年2月底前建成", "2024年2月底前", None, "2024-02-29"),
        ("5月底前完成", "5月底前", None, "2023-05-31"),
        ("4月底，完成", "4月底", None, "2023-04-30"),
        ("7月，完成", "7月", "2023-07-01", "2023-07-31"),
        ("开工建设（7月）", "7月", "2023-07-01", "2023-07-31"),
        ("7月份完成", "7月份", "2023-07-01", "2023-07-31"),
        ("十二月底前完成", "十二月底前", None, "2023-12-31"),
        ("4月初开始实施", "4月初开始", "2023-04-01", None),
        ("5月上旬开展", "5月上旬", "2023-05-01", "2023-05-10"),
        ("5月中旬开展", "5月中旬", "2023-05-11", "2023-05-20"),
        ("5月下旬开展", "5月下旬", "2023-05-21", "2023-05-31"),
        ("5月中旬前报送", "5月中旬前", None, "2023-05-20"),
        ("8月中下旬开展", "8月中下旬", "2023-08-11", "2023-08-31"),
        ("7-9月开展", "7-9月", "2023-07-01", "2023-09-30"),
        ("7月至9月开展", "7月至9月", "2023-07-01", "2023-09-30"),
        ("2023年9月至2025年12月实施", "2023年9月至2025年12月", "2023-09-01", "2025-12-31"),
        ("2024年1月-6月实施", "2024年1月-6月", "2024-01-01", "2024-06-30"),
        ("2024年9—12月实施", "2024年9—12月", "2024-09-01", "2024-12-31"),
        # days
        ("至2020年6月30日止", "至2020年6月30日", None, "2020-06-30"),
        ("6月30日前报送", "6月30日前", None, "2023-06-30"),
        ("2025年6月30日前报送", "2025年6月30日前", None, "2025-06-30"),
        ("2023年9月13日召开", "2023年9月13日", "2023-09-13", "2023-09-13"),
        ("二〇二三年九月十三日", "二〇二三年九月十三日", "2023-09-13", "2023-09-13"),
        ("2020年1月1日至6月30日免征", "2020年1月1日至6月30日", "2020-01-01", "2020-06-30"),
        ("3月15日至4月15日集中整治", "3月15日至4月15日", "2023-03-15", "2023-04-15"),
        ("3月15日—20日集中整治", "3月15日—20日", "2023-03-15", "2023-03-20"),
        # quarters and halves
        ("第二季度完成", "第二季度", "2023-04-01", "2023-06-30"),
        ("2季度完成", "2季度", "2023-04-01", "2023-06-30"),
        ("四季度末完成", "四季度末", None, "2023-12-31"),
        ("2024年第一季度完成", "2024年第一季度", "2024-01-01", "2024-03-31"),
        ("上半年完成", "上半年", "2023-01-01", "2023-06-30"),
        ("2024年下半年完成", "2024年下半年", "2024-07-01", "2024-12-31"),
        # this year
        ("今年建成", "今年", "2023-01-01", "2023-12-31"),
        ("年内建成", "年内", "2023-01-01", "2023-12-31"),
        ("2024年内建成", "2024年内", "2024-01-01", "2024-12-31"),
        ("全年建成", "全年", "2023-01-01", "2023-12-31"),
        ("今年底前建成", "今年底前", None, "2023-12-31"),
        ("今年年底前建成", "今年年底前", None, "2023-12-31"),
        ("年底前建成", "年底前", None, "2023-12-31"),
        ("今年6月底前建成", "今年6月底前", None, "2023-06-30"),
        ("明年6月底前建成", "明年6月底前", None, "2024-06-30"),
        # five-year plans
        ("“十四五”期间，建成", "“十四五”期间", "2021-01-01", "2025-12-31"),
        ("十四五期间，建成", "十四五期间", "2021-01-01", "2025-12-31"),
        ("“十五五”时期，建成", "“十五五”时期", "2026-01-01", "2030-12-31"),
        ("到“十四五”末，建成", "到“十四五”末", None, "2025-12-31"),
    ],
)
def test_dates(text: str, raw: str, start: str | None, end: str | None) -> None:
    assert found(text, ISSUED) == [(raw, start, end, False)]
    assert found(text, YEAR_ONLY) == [(raw, start, end, False)]


@pytest.mark.parametrize(
    ("text", "basis", "raw", "end", "approx"),
    [
        ("用1年左右时间建成", ISSUED, "用1年左右时间", "2024-09-13", True),
        ("用3年时间建成", ISSUED, "用3年时间", "2026-09-13", False),
        ("3年内建成", ISSUED, "3年内", "2026-09-13", False),
        ("三年内建成", ISSUED, "三年内", "2026-09-13", False),
        ("力争三年建成", ISSUED, "力争三年", "2026-09-13", False),
        ("未来三年建成", ISSUED, "未来三年", "2026-09-13", False),
        ("6个月内建成", ISSUED, "6个月内", "2024-03-13", False),
        ("半年内建成", ISSUED, "半年内", "2024-03-13", False),
        ("用3个月左右时间建成", ISSUED, "用3个月左右时间", "2023-12-13", True),
        ("经过3—5年努力", ISSUED, "经过3—5年努力", "2028-09-13", False),
        ("3-5年内建成", ISSUED, "3-5年内", "2028-09-13", False),
        ("通过五年左右的努力", ISSUED, "通过五年左右的努力", "2028-09-13", True),
        ("通过五年左右的努力", PUBLISHED, "通过五年左右的努力", "2025-12-31", True),
        ("3年内建成", PUBLISHED, "3年内", "2023-12-31", False),
        ("6个月内建成", PUBLISHED, "6个月内", None, False),
        ("3年内建成", UNKNOWN, "3年内", None, False),
        ("到2030年左右建成", ISSUED, "到2030年左右", "2030-12-31", True),
    ],
)
def test_durations_count_from_the_issue_date(
    text: str, basis: Calendar, raw: str, end: str | None, approx: bool
) -> None:
    assert found(text, basis) == [(raw, None, end, approx)]


def test_a_month_counts_to_the_last_day_that_there_is() -> None:
    assert found("6个月内建成", Calendar(2023, date(2023, 8, 31), 2023)) == [("6个月内", None, "2024-02-29", False)]


@pytest.mark.parametrize("text", ["5月底前", "第二季度", "今年底前", "年内", "7-9月", "上半年"])
def test_without_a_year_the_dates_stay_open(text: str) -> None:
    assert found(text, UNKNOWN) == [(text, None, None, False)]


@pytest.mark.parametrize(
    "text",
    [
        "每年", "每年不少于2次", "每5年累计不少于6个月", "3年以上企业工作经历", "学制三年", "五年制高职",
        "三年行动计划", "前3年应在企业实践", "近五年", "近3年", "连续3年", "第一年", "2020级学生", "百年老校",
        "一年四季", "3个月以上", "脱产实践半年", "10个工作日内", "30日内", "每季度", "每月", "3—5个月", "2月30日",
        "建设期2年", "几年内", "多年内", "“十四五”规划纲要", "县“十四五”职业教育发展规划", "十四个",
        "0312-5551234", "2020", "5000平方米", "月饼", "半年以上",
    ],
)  # fmt: skip
def test_no_time(text: str) -> None:
    assert found(text, ISSUED) == []


@pytest.mark.parametrize(
    "text",
    ["《云溪县计划（2022—2025年）》", "《“十四五”规划》", "云教字〔2020〕14号", "每年12月20日前", "每月5日前"],
)
def test_masks_claim_what_is_no_deadline(text: str) -> None:
    assert [(t.raw, t.since, t.until) for t in frame(text).times] == []


@pytest.mark.parametrize("text", ["2021年以来", "“十三五”以来", "2018年至今"])
def test_the_past_is_marked(text: str) -> None:
    assert [(m.raw, m.past) for m in FINDER.find(text, ISSUED)] == [(text, True)]


def test_a_span_that_runs_backwards_is_none() -> None:
    assert found("2025—2022年", ISSUED) == [("2022年", "2022-01-01", "2022-12-31", False)]


def test_several_stand_in_order_and_apart() -> None:
    text = "2023年启动，到2025年底前建成3个，2026—2030年推广"
    assert [(m.start, m.end, m.raw) for m in FINDER.find(Squeezed(text).text, ISSUED)] == [
        (0, 5, "2023年"),
        (8, 16, "到2025年底前"),
        (21, 31, "2026—2030年"),
    ]


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)))
def test_any_day(day: date) -> None:
    text = f"{day.year}年{day.month}月{day.day}日"
    assert found(text, UNKNOWN) == [(text, day.isoformat(), day.isoformat(), False)]
    assert found(text + "前", UNKNOWN) == [(text + "前", None, day.isoformat(), False)]


@given(st.text(st.sampled_from("到自从20253一五十年月日底前末起—至第季度“”十四五期间内每前用时间左右，")))
def test_no_input_breaks_it(text: str) -> None:
    at = 0
    for mention in FINDER.find(text, ISSUED):
        assert at <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.raw
        assert mention.since is None or mention.until is None or mention.since <= mention.until
        at = mention.end
