"""What a document says about itself, by the forms of GB/T 9704, and what is said where it contradicts itself.

Texts are invented; the places are real, since regions are told by the gazetteer.
"""

from pathlib import Path

import pytest
from metadata_helpers import BODY, NOTICE, PINGSHUN, chosen, issues, read

from pipeline.lexicons import load
from pipeline.parse.dates import find_dates, mend_date
from pipeline.parse.signatures import split_names
from pipeline.text import Squeezed, normalise

SHARED = Path(__file__).resolve().parents[2] / "../shared"
FIELDS = ("title", "doc_number", "issuers", "region", "issue_date", "publish_date", "status", "doc_type")
FOUNDING = ("shahe-2020", "baoqing-2023", "pingshun-2025", "bingtuan12-2020", "shaoxing-2025plan")


# the whole of it


def test_a_notice_with_its_plan_is_read_field_by_field() -> None:
    document = read(
        "平顺县人民政府办公室关于",
        "印发《平顺县校企合作行动计划》的通知",
        "平政办发〔2024〕7号",
        "各乡镇人民政府，县直各单位：",
        NOTICE,
        "平顺县人民政府办公室",
        "2024年3月5日",
        "（此件公开发布）",
        "平顺县深化校企合作",
        "行动计划",
        *BODY,
    )
    meta = document.metadata
    assert (meta.title, meta.doc_number, meta.issuers) == (
        "平顺县深化校企合作行动计划",
        "平政办发〔2024〕7号",
        ("平顺县人民政府办公室",),
    )
    assert (meta.region, meta.issue_date, meta.publish_date) == (PINGSHUN, "2024-03-05", None)
    assert (meta.status, meta.doc_type, meta.year) == ("正式", "行动计划", 2024)
    assert issues(document, "date-conflict") == []


def test_every_span_shows_its_value() -> None:
    document = read(
        "平顺县教育局关于加强实训基地建设的实施意见",
        "平教字[2023]第 12 号",
        *BODY,
        "平 顺 县 教 育 局",
        "2023 年 4 月 6 日",
    )
    text = document.text
    spans = {f.name: text[f.start : f.end] for f in document.metadata.found if f.chosen and f.start is not None}
    assert normalise(spans["title"]) == document.metadata.title
    assert spans["doc_number"] == "平教字[2023]第 12 号"
    assert spans["issue_date"] == "2023 年 4 月 6 日"
    assert spans["issuer"] == "平 顺 县 教 育 局"
    assert (document.metadata.doc_number, document.metadata.issue_date) == ("平教字〔2023〕12号", "2023-04-06")
    assert document.metadata.issuers == ("平顺县教育局",)


# titles


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("关于平顺县推动校企合作", "和产教融合的实施方案"), "关于平顺县推动校企合作和产教融合的实施方案"),
        (("平顺县教育局", "产教融合实施方案"), "平顺县教育局产教融合实施方案"),
        (("平顺县行动计划", "（2021—2023年）"), "平顺县行动计划(2021—2023年)"),
        (("平顺县校企合作行动计划（平政办发〔2021〕3号）",), "平顺县校企合作行动计划"),
        (("网站无障碍", "平顺县校企合作行动计划"), "平顺县校企合作行动计划"),
        (("平顺县人民政府关于校企合作的若干意见（试行）",), "平顺县人民政府关于校企合作的若干意见(试行)"),
        (("平顺县教育局文件", "平教字〔2021〕3号", "校企合作行动计划"), "校企合作行动计划"),
        (("（转载）平顺县校企合作行动计划",), "平顺县校企合作行动计划"),
    ],
)
def test_lines_of_a_title_are_joined(lines: tuple[str, ...], title: str) -> None:
    assert read(*lines, *BODY).metadata.title == title


def test_an_issuer_line_that_the_notice_does_not_name_is_no_part_of_the_title() -> None:
    document = read(
        "平顺县人民政府办公室",
        "印发《关于校企合作的实施意见》的通知",
        "县直各单位：",
        "《关于校企合作的实施意见》业经县政府审定，现予印发。",
        "平顺县人民政府办公室",
        "2024年3月5日",
        "平顺县人民政府办公室",
        "关于校企合作的实施意见",
        *BODY,
    )
    assert document.metadata.title == "关于校企合作的实施意见"
    assert document.metadata.issue_date == "2024-03-05"


def test_the_notice_names_the_title_where_the_plan_has_no_heading() -> None:
    document = read("关于印发《平顺县校企合作行动计划》的通知", "各单位：", NOTICE, *BODY)
    assert document.metadata.title == "平顺县校企合作行动计划"
    (found,) = chosen(document, "title")
    assert (found.source, document.text[found.start : found.end]) == ("named-by-notice", "《平顺县校企合作行动计划》")


def test_a_notice_that_forwards_two_plans_names_both() -> None:
    notice = "关于印发《平顺县若干政策》《平顺县行动计划》的通知"
    document = read(notice, "各单位：", "现印发。", "平顺县若干政策", *BODY)
    assert document.metadata.title == "平顺县若干政策、平顺县行动计划"


def test_a_text_without_a_title_has_none_and_says_so() -> None:
    document = read("为推进产教融合，结合我县实际，制定本行动计划。" * 3, *BODY)
    assert document.metadata.title is None
    assert document.metadata.doc_type == "行动计划"
    assert len(issues(document, "no-title")) == 1


def test_the_notices_title_over_other_lines_is_not_the_plans() -> None:
    """A page states the title on one line, and the text breaks it: its last line alone would look like a title."""
    document = read(
        "平顺县人民政府关于印发平顺县校企合作行动计划（2024—2026年）的通知",
        "平顺县人民政府关于印发平顺县校企",
        "合作行动计划（2024—2026年）的通知",
        "现印发给你们，请认真组织实施。",
        "平顺县校企合作行动计划（2024—2026年）",
        *BODY,
    )
    assert document.metadata.title == "平顺县校企合作行动计划(2024—2026年)"
    assert document.metadata.doc_type == "行动计划"


def test_an_annex_title_is_not_the_title() -> None:
    document = read("为推进产教融合，结合平顺县实际，制定本方案。" * 3, *BODY, "附件", "平顺县重点任务分解表")
    assert document.metadata.title is None


def test_the_page_head_gives_a_title_that_the_text_lacks() -> None:
    document = read("标题：2025年平顺县政府工作报告", "各位代表：", *BODY, head=(("标题", "2025年平顺县政府工作报告"),),
                    furniture=1)  # fmt: skip
    assert (document.metadata.title, document.metadata.year) == ("2025年平顺县政府工作报告", 2025)
    (found,) = chosen(document, "title")
    assert document.text[found.start : found.end] == "2025年平顺县政府工作报告"


# status


@pytest.mark.parametrize(
    "lines",
    [
        ("平顺县校企合作行动计划", "（征求意见稿）"),
        ("平顺县校企合作行动计划（征求意见稿）",),
        ("关于公开征求《平顺县校企合作行动计划》意见的公告",),
    ],
)
def test_a_draft_for_comment_is_one(lines: tuple[str, ...]) -> None:
    meta = read(*lines, *BODY).metadata
    assert (meta.status, meta.title) == ("征求意见稿", "平顺县校企合作行动计划")


def test_a_plan_that_speaks_of_drafts_is_none() -> None:
    document = read("平顺县校企合作行动计划", *BODY, "各单位要做好规划（征求意见稿）的修改工作，广泛征求意见。")
    assert document.metadata.status == "正式"


# dates and numbers


def test_the_signature_goes_before_the_page_and_the_difference_is_said() -> None:
    document = read(
        "成文日期2024-03-08 发布日期2024-03-09", "平顺县校企合作行动计划", *BODY, "平顺县教育局", "2024年3月5日",
        head=(("成文日期", "2024-03-08"), ("发布日期", "2024-03-09 10:20")), furniture=1,
    )  # fmt: skip
    assert (document.metadata.issue_date, document.metadata.publish_date) == ("2024-03-05", "2024-03-09")
    (issue,) = issues(document, "date-conflict")
    assert issue.detail == "issue_date: 2024-03-05 (signature) ≠ 2024-03-08 (page-head:成文日期)"
    assert document.text[issue.start : issue.end] == "2024-03-08"


def test_the_page_dates_a_plan_without_signature() -> None:
    document = read("平顺县校企合作行动计划", *BODY, head=(("成文日期", "2024-03-08"),))
    assert document.metadata.issue_date == "2024-03-08"


def test_a_page_date_before_the_issue_is_not_the_publication() -> None:
    document = read(
        "平顺县校企合作行动计划", *BODY, "平顺县教育局", "2024年3月5日",
        head=(("发布日期", "2017-08-20"), ("公开日期", "2024-03-09")),
    )  # fmt: skip
    assert document.metadata.publish_date == "2024-03-09"
    assert [i.detail for i in issues(document, "published-before-issue")] == ["2017-08-20 < 2024-03-05"]


def test_a_damaged_date_is_mended_and_said_to_be() -> None:
    document = read("平顺县校企合作行动计划", *BODY, "平顺县教育局", "2024325")
    assert document.metadata.issue_date == "2024-03-25"
    (issue,) = issues(document, "damaged-date")
    assert (issue.detail, issue.mend, document.text[issue.start : issue.end]) == ("2024325", "2024-03-25", "2024325")


def test_a_date_with_two_readings_is_settled_by_the_printing_line_or_left() -> None:
    lines = ("平顺县校企合作行动计划", *BODY, "平顺县教育局", "2024118")
    assert read(*lines).metadata.issue_date is None
    assert read(*lines, "平顺县教育局办公室 2024年11月8日印发").metadata.issue_date == "2024-11-08"


def test_the_printing_line_stands_for_a_signature_only_where_there_is_none() -> None:
    printed = "平顺县人民政府办公室2024年11月8日印发"
    document = read("平顺县校企合作行动计划", *BODY, printed)
    meta = document.metadata
    assert (meta.issue_date, meta.issuers, meta.year) == ("2024-11-08", ("平顺县人民政府办公室",), 2024)
    assert [i.detail for i in issues(document, "issue-date-from-print-line")] == ["2024-11-08"]
    signed = read("平顺县校企合作行动计划", *BODY, "平顺县教育局", "2024年11月5日", printed)
    assert (signed.metadata.issue_date, signed.metadata.issuers) == ("2024-11-05", ("平顺县教育局",))
    assert list(issues(signed, "issue-date-from-print-line")) == []


def test_a_signature_on_the_next_page_is_one() -> None:
    document = read("平顺县校企合作行动计划", *BODY, "— 3 —", "平顺县教育局", "2023年4月6日")
    assert (document.metadata.issuers, document.metadata.issue_date) == (("平顺县教育局",), "2023-04-06")
    other = read("平顺县校企合作行动计划", *BODY[:-1], "各单位抓好落实", "平顺县教育局", "2023年4月6日")
    assert other.metadata.issue_date is None


def test_a_date_in_the_text_is_no_signature() -> None:
    document = read("平顺县校企合作行动计划", "一、进度", "（一）启动", "2024年3月5日", "召开动员会。", "二、总结")
    assert document.metadata.issue_date is None


def test_a_meeting_that_passed_the_plan_dates_it() -> None:
    document = read("平顺县职业教育办法", "（2023年9月13日平顺县人民政府第5次常务会议通过）", *BODY)
    assert document.metadata.issue_date == "2023-09-13"


def test_a_month_alone_is_no_date() -> None:
    document = read("平顺县校企合作行动计划", *BODY, "平顺县教育局", "2024年3月")
    assert (document.metadata.issue_date, document.metadata.year) == (None, 2024)
    assert [i.detail for i in issues(document, "incomplete-date")] == ["2024-03"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("二〇二三年十月二十三日", "2023-10-23"),
        ("2023年9月13日", "2023-09-13"),
        ("2023-09-13", "2023-09-13"),
        ("2023.9.3", "2023-09-03"),
        ("2023年9月", "2023-09"),
    ],
)
def test_dates_are_read_in_every_notation(text: str, value: str) -> None:
    assert [(d.value, d.start, d.end) for d in find_dates(text, load())] == [(value, 0, len(text))]


@pytest.mark.parametrize("text", ["2023年13月1日", "2023—2025年", "2023年2月30日", "5月13日"])
def test_what_the_calendar_lacks_is_no_date(text: str) -> None:
    assert [d for d in find_dates(text, load()) if d.is_full] == []


@pytest.mark.parametrize(
    ("text", "known", "value"),
    [
        ("2024325", (), "2024-03-25"),
        ("20241118", (), "2024-11-18"),
        ("202489", (), "2024-08-09"),
        ("2024年325日", (), "2024-03-25"),
        ("2024118", (), None),
        ("2024118", ("2024-01-18",), "2024-01-18"),
        ("2024118", ("2023-01-18",), None),
        ("202411", (), None),
        ("2024", (), None),
        ("2024230", (), None),
        ("1249325", (), None),
    ],
)
def test_a_date_is_mended_only_with_one_reading(text: str, known: tuple[str, ...], value: str | None) -> None:
    mended = mend_date(text, load(), known)
    assert (mended.value if mended else None) == value


def test_a_damaged_number_is_mended_and_said_to_be() -> None:
    document = read("平顺县校企合作行动计划", "平政办发〔20247号", *BODY)
    assert document.metadata.doc_number == "平政办发〔2024〕7号"
    (issue,) = issues(document, "damaged-doc-number")
    assert (issue.detail, issue.mend) == ("平政办发〔20247号", "平政办发〔2024〕7号")


def test_the_number_of_another_document_is_not_its_own() -> None:
    body = "根据《山西省行动计划》（晋政发〔2023〕1号），结合我县实际，制定本行动计划，请认真贯彻落实并抓好宣传工作。"
    assert read("平顺县校企合作行动计划", body, *BODY).metadata.doc_number is None


def test_two_numbers_are_a_conflict() -> None:
    document = read("平顺县校企合作行动计划", "平政发〔2024〕7号", *BODY, head=(("文号", "平政发〔2024〕8号"),))
    assert document.metadata.doc_number == "平政发〔2024〕7号"
    assert len(issues(document, "doc-number-conflict")) == 1


# issuers


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("平顺县教育局    平顺县财政局", ["平顺县教育局", "平顺县财政局"]),
        ("平顺县教育局平顺县财政局", ["平顺县教育局", "平顺县财政局"]),
        ("平 顺 县 教 育 局", ["平顺县教育局"]),
        ("国务院办公厅", ["国务院办公厅"]),
        ("各项任务如下", []),
        ("二、推进建设", []),
    ],
)
def test_a_signature_line_is_split_into_its_names(line: str, names: list[str]) -> None:
    found = split_names(Squeezed(line), line, load())
    assert [line[a:b].replace(" ", "") for a, b in found] == names


def test_a_joint_notice_has_all_its_signers() -> None:
    document = read(
        "关于印发《平顺县校企合作行动计划》的通知", "各单位：", NOTICE, "平顺县教育局  平顺县财政局",
        "平顺县人力资源和社会保障局", "2024年3月5日", "平顺县校企合作行动计划", *BODY,
    )  # fmt: skip
    assert document.metadata.issuers == ("平顺县教育局", "平顺县财政局", "平顺县人力资源和社会保障局")


def test_a_signature_without_a_date_counts_at_the_very_end() -> None:
    lines = ("关于校企合作的若干意见", *BODY, "平顺县人民政府")
    assert read(*lines).metadata.issuers == ("平顺县人民政府",)
    more = "本意见由县教育局负责解释，有效期为三年，各单位遵照执行，有关情况及时报告，" * 2 + "确保取得实效。"
    assert read(*lines, "三、其他", more).metadata.issuers == ()


def test_the_page_names_the_issuer_of_an_unsigned_plan() -> None:
    head = (("来源", "平顺县教育局"),)
    assert read("关于校企合作的若干意见", *BODY, head=head).metadata.issuers == ("平顺县教育局",)
    assert read("关于校企合作的若干意见", *BODY, head=(("来源", "长治日报"),)).metadata.issuers == ()


def test_the_signature_outweighs_the_page() -> None:
    document = read(
        "关于校企合作的若干意见", *BODY, "平顺县人民政府", "2024年3月5日", head=(("发文机关", "平顺县教育局"),)
    )
    assert document.metadata.issuers == ("平顺县人民政府",)
    assert [i.detail for i in issues(document, "issuer-conflict")] == ["平顺县人民政府 ≠ 平顺县教育局"]


def test_the_issuer_before_the_matter_of_the_title_is_taken_last() -> None:
    assert read("平顺县教育局关于校企合作的若干意见", *BODY).metadata.issuers == ("平顺县教育局",)
    assert read("关于校企合作的若干意见", *BODY).metadata.issuers == ()
