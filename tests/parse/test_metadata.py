"""What a document says about itself, by the forms of GB/T 9704, and what is said where it contradicts itself.

Texts are invented; the places are real, since regions are told by the gazetteer.
"""

import json
from pathlib import Path

import pytest

from pipeline.lexicons import load
from pipeline.model import BlockKind, Document, Found, Issue, RawBlock, RawDocument, Region
from pipeline.parse.build import build, tidy
from pipeline.parse.dates import find_dates, mend_date
from pipeline.parse.metadata import describe
from pipeline.parse.signatures import split_names
from pipeline.text import Squeezed, normalise

SHARED = Path(__file__).resolve().parents[2] / "../shared"
FIELDS = ("title", "doc_number", "issuers", "region", "issue_date", "publish_date", "status", "doc_type")
FOUNDING = ("shahe-2020", "baoqing-2023", "pingshun-2025", "bingtuan12-2020", "shaoxing-2025plan")
PINGSHUN = Region("平顺县", "县", "140425")
BODY = ("一、总体要求", "到2025年，全县建成实训基地3个，各项任务按期完成。", "二、保障措施", "各单位抓好落实。")
NOTICE = "现将《平顺县校企合作行动计划》印发给你们，请认真组织实施。"


def read(
    *lines: str, head: tuple[tuple[str, str], ...] = (), furniture: int = 0, manifest: dict[str, str] | None = None
) -> Document:
    """A described document of these lines; the first `furniture` of them belong to the page around the text."""
    blocks = tuple(
        RawBlock(line, BlockKind.FURNITURE if i < furniture else BlockKind.PARAGRAPH) for i, line in enumerate(lines)
    )
    raw = tidy(RawDocument("txt", blocks, head))
    return describe(build(raw, "a.txt", "0" * 64), load(), manifest)


def chosen(document: Document, name: str) -> list[Found]:
    return [f for f in document.metadata.found if f.name == name and f.chosen]


def issues(document: Document, code: str) -> list[Issue]:
    return [i for i in document.issues if i.code == code]


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


def test_the_printing_line_is_no_signature_but_gives_the_year() -> None:
    meta = read("平顺县校企合作行动计划", *BODY, "平顺县人民政府办公室2024年11月8日印发").metadata
    assert (meta.issue_date, meta.year) == (None, 2024)
    assert [(f.value, f.chosen) for f in meta.found if f.name == "print_date"] == [("2024-11-08", False)]


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


# region


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("十二师校企合作实施方案",), "新疆生产建设兵团第十二师"),
        (("高唐县2022年工作要点",), "高唐县"),
        (("阿坝州数据资源管理办法",), "阿坝藏族羌族自治州"),
        (("国务院关于加快农机化发展的指导意见",), "中国"),
        (("关于校企合作的若干意见", "特制定绍兴市校企合作意见，结合我市实际，绍兴要走在前列。"), "绍兴市"),
        (("常州信息职业技术学院工作方案",), "常州市"),
        (("关于落实《山西省校企合作方案》的实施意见", "结合我县实际，平顺县要加快建设。"), "平顺县"),
        (("长治市平顺县校企合作行动计划",), "平顺县"),
    ],
)
def test_the_governed_area_is_named_in_full(lines: tuple[str, ...], name: str) -> None:
    region = read(*lines, "一、总体要求", "抓好落实。").metadata.region
    assert region is not None
    assert region.name == name


def test_places_in_the_titles_of_others_do_not_count() -> None:
    body = "为落实《浙江省校企合作意见》《浙江省行动计划》《浙江省规划》，结合我市实际，绍兴市将加快建设。"
    document = read(body * 2, "一、总体要求", "抓好落实。")
    assert document.metadata.region == Region("绍兴市", "市", "330600")


def test_a_department_of_the_place_governs_the_place() -> None:
    document = read("关于校企合作的若干意见", *BODY, "平顺县职业高级中学", "2024年3月5日")
    assert document.metadata.region == PINGSHUN


def test_nothing_named_is_no_region() -> None:
    document = read("关于校企合作的若干意见", *BODY[:1], "抓好落实。")
    assert document.metadata.region is None
    assert len(issues(document, "no-region")) == 1


def test_title_against_signature_is_a_conflict() -> None:
    document = read("绍兴市校企合作行动计划", *BODY, "平顺县教育局", "2024年3月5日")
    assert document.metadata.region == PINGSHUN
    assert [i.detail for i in issues(document, "region-conflict")] == ["region: 平顺县 (issuer) ≠ 绍兴市 (title)"]


def test_an_unknown_county_is_not_the_district_of_that_name() -> None:
    """云溪区 is real, 云溪县 is not."""
    assert read("云溪县校企合作行动计划", "一、总体要求", "抓好落实。").metadata.region is None


# manifest


def test_the_manifest_overrides_and_the_contradiction_is_said() -> None:
    document = read(
        "高唐县2022年工作要点", *BODY,
        manifest={"region": "河北省唐县", "date": "2021/2/5", "url": "http://example.org/a", "title": ""},
    )  # fmt: skip
    meta = document.metadata
    assert meta.region == Region("唐县", "县", "130627")
    assert (meta.issue_date, meta.url) == ("2021-02-05", "http://example.org/a")
    assert meta.title == "高唐县2022年工作要点"
    assert [f.source for f in meta.found if f.name == "region"] == ["manifest", "title"]
    assert [i.detail for i in issues(document, "manifest-conflict")] == ["region: 唐县 (manifest) ≠ 高唐县 (title)"]


def test_a_manifest_that_agrees_raises_nothing() -> None:
    title, issuer = "平顺县校企合作行动计划", "平顺县教育局"
    manifest = {"region": "平顺县", "title": title, "issuer": issuer, "date": "2024-03-05"}
    document = read(title, *BODY, issuer, "2024年3月5日", manifest=manifest)
    assert document.metadata.region == PINGSHUN
    assert [i.code for i in document.issues] == []
    assert {f.source for f in document.metadata.found if f.name == "issuer" and f.chosen} == {"manifest"}


def test_what_the_manifest_says_wrongly_is_an_issue() -> None:
    document = read("平顺县校企合作行动计划", *BODY, manifest={"date": "去年", "region": "乌有县"})
    assert document.metadata.issue_date is None
    assert document.metadata.region == PINGSHUN
    assert {i.code for i in document.issues} == {"manifest-date", "manifest-region"}


# year


@pytest.mark.parametrize(
    ("title", "date", "year"),
    [
        ("平顺县2023年工作要点", "2022年12月30日", 2023),
        ("平顺县行动计划（2021—2023年）", "2022年3月5日", 2022),
        ("平顺县行动计划（2021—2023年）", "2020年12月5日", 2021),
        ("平顺县行动计划", "2022年3月5日", 2022),
        ("平顺县“十四五”规划和2035年远景目标纲要", "2021年3月5日", 2021),
    ],
)
def test_the_year_that_a_plan_is_for(title: str, date: str, year: int) -> None:
    assert read(title, *BODY, "平顺县教育局", date).metadata.year == year


def test_the_number_tells_the_year_of_an_undated_plan() -> None:
    assert read("平顺县行动计划", "平政发〔2022〕7号", *BODY).metadata.year == 2022
    assert read("平顺县行动计划", *BODY).metadata.year is None


def test_party_and_government_sign_together() -> None:
    document = read("中共平顺县委 平顺县人民政府", "关于推进校企合作的实施意见", "（2024年3月5日）", *BODY)
    assert document.metadata.title == "中共平顺县委平顺县人民政府关于推进校企合作的实施意见"
    assert document.metadata.issuers == ("中共平顺县委", "平顺县人民政府")
    assert document.metadata.issue_date == "2024-03-05"


# the founding plans


@pytest.mark.shared
@pytest.mark.parametrize("name", FOUNDING)
def test_the_founding_plans_have_all_fields_right(name: str) -> None:
    source, gold_file = SHARED / f"corpus/{name}.txt", SHARED / f"gold/{name}.json"
    if not source.is_file():
        pytest.skip("the material beside the project (../shared) is not there")
    from pipeline.parse import parse

    meta = parse(source.read_bytes(), source.name).metadata
    gold = json.loads(gold_file.read_text(encoding="utf-8"))
    region = meta.region
    found = {name: getattr(meta, name) for name in FIELDS} | {
        "issuers": list(meta.issuers),
        "region": {"name": region.name, "level": region.level, "code": region.code} if region else None,
    }
    assert found == {name: gold[name] for name in FIELDS}


def test_a_region_that_no_list_knows_is_taken_by_the_manifests_word() -> None:
    document = read("产教融合行动计划", *BODY, manifest={"region": "乌有县"})
    region = document.metadata.region
    assert region is not None
    assert (region.name, region.level, region.code) == ("乌有县", "县", None)
    assert [i.detail for i in issues(document, "region-not-listed")] == ["乌有县"]


def test_a_region_that_has_no_level_in_its_name_is_not_taken() -> None:
    document = read("产教融合行动计划", *BODY, manifest={"region": "乌有"})
    assert document.metadata.region is None
