"""The area that a plan governs, what the manifest overrides, and the year that a plan is for."""

import json
from pathlib import Path

import pytest
from metadata_helpers import BODY, PINGSHUN, issues, read

from pipeline.model import Region

SHARED = Path(__file__).resolve().parents[2] / "../shared"
FIELDS = ("title", "doc_number", "issuers", "region", "issue_date", "publish_date", "status", "doc_type")
FOUNDING = ("shahe-2020", "baoqing-2023", "pingshun-2025", "bingtuan12-2020", "shaoxing-2025plan")


# region


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("十二师校企合作实施方案",), "新疆生产建设兵团第十二师"),
        (("高唐县2022年工作要点",), "高唐县"),
        (("阿坝州数据资源管理办法",), "阿坝藏族羌族自治州"),
        (("国务院关于加快农机化发展的指导意见",), "全国"),
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
    document = read("平顺县校企合作行动计划", *BODY, manifest={"date": "去年", "region": "乌有"})
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
