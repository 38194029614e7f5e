"""Full names of agencies: whose they are, what they are called in full, and when that is not certain."""

from __future__ import annotations

import pytest
from extract.extract_helpers import LEXICONS, extracted

from pipeline.extract.agencies import AgencyReader
from pipeline.extract.agency_names import AgencyNames
from pipeline.model import Region

CITY = Region("绍兴市", "市", "330600")
COUNTY = Region("平顺县", "县", "140425")
COUNTY_CITY = Region("沙河市", "县", "130582")
DISTRICT = Region("越城区", "县", "330602")
PROVINCE = Region("浙江省", "省", "330000")
DIVISION = Region("新疆生产建设兵团第十二师", "师", None)
INVENTED = Region("云溪县", "县", None)


def full(name: str, region: Region | None, level: str = "") -> str | None:
    return AgencyNames(LEXICONS, region).full_name(name, AgencyReader(LEXICONS).canonical(name)[0], level)


@pytest.mark.parametrize(
    ("name", "region", "wanted"),
    [
        # the word of level is the nearest unit of that level
        ("市发改委", CITY, "绍兴市发展和改革委员会"),
        ("市教育局", COUNTY, "长治市教育局"),
        ("县教育局", COUNTY, "平顺县教育局"),
        ("省教育厅", COUNTY, "山西省教育厅"),
        ("省发展改革委", COUNTY, "山西省发展和改革委员会"),
        ("市教育局", COUNTY_CITY, "沙河市教育局"),
        ("区财政局", DISTRICT, "越城区财政局"),
        ("市财政局", DISTRICT, "绍兴市财政局"),
        # none is the plan's own
        ("教育局", COUNTY, "平顺县教育局"),
        ("人社局", INVENTED, "云溪县人力资源和社会保障局"),
        ("科技局", DIVISION, "新疆生产建设兵团第十二师科学技术局"),
        ("总工会", COUNTY, "平顺县总工会"),
        ("妇联", COUNTY, "平顺县妇女联合会"),
        # a region in the name
        ("绍兴市发展和改革委员会", CITY, "绍兴市发展和改革委员会"),
        ("绍兴市发改委", None, "绍兴市发展和改革委员会"),
        ("越城区教育局", CITY, "越城区教育局"),
        ("平顺县发改局", None, "平顺县发展和改革局"),
        # the class of body is the written one
        ("市发改局", CITY, "绍兴市发展和改革局"),
        ("市卫健委", CITY, "绍兴市卫生健康委员会"),
        ("市卫健局", CITY, "绍兴市卫生健康局"),
        ("省科技厅", PROVINCE, "浙江省科学技术厅"),
        ("市外办", CITY, "绍兴市外事办公室"),
        ("市政府", CITY, "绍兴市人民政府"),
        ("县委组织部", COUNTY, "中共平顺县委组织部"),
        # what the lexicon does not write out stays as it is written
        ("市教体局", CITY, "绍兴市教体局"),
        ("市自然资源和规划局", CITY, "绍兴市自然资源和规划局"),
        # bare stems
        ("市发改", CITY, "绍兴市发展和改革委员会"),
        ("市教育部门", CITY, "绍兴市教育局"),
        # the state's
        ("国家发展改革委", CITY, "国家发展改革委"),
    ],
)
def test_full_name(name: str, region: Region | None, wanted: str) -> None:
    assert full(name, region) == wanted


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("各区、县〔市〕政府", CITY),
        ("各有关部门", CITY),
        ("各乡镇(街道)", COUNTY),
        ("有关企业", CITY),
        ("职业院校", CITY),
        ("行业协会", CITY),
        ("人民银行", COUNTY),
        ("教育部门", COUNTY),  # of which level?
        ("省教育", COUNTY),  # 厅 or 委员会?
        ("州教育局", COUNTY),  # no such unit above the county
        ("教育局", None),
        ("团县委", COUNTY),
        ("朝阳区教育局", None),  # which of several?
        ("云溪蓝天文化公司", CITY),
    ],
)
def test_no_full_name_is_guessed(name: str, region: Region | None) -> None:
    assert full(name, region) is None


@pytest.mark.parametrize(
    ("text", "name", "level"),
    [
        ("市发改、教育、人社等部门", "教育", "市"),
        ("市发改、教育、人社等部门", "人社", "市"),
        ("由市发改、教育、人社等部门负责", "人社", "市"),
        ("发改、教育、人社等部门", "人社", ""),
        ("市发改委负责。教育、人社等部门", "人社", ""),
        ("县发改局、教育局", "教育局", "县"),
    ],
)
def test_a_shared_head_carries_its_level(text: str, name: str, level: str) -> None:
    assert AgencyNames(LEXICONS, COUNTY).carried_level(text, text.index(name)) == level


def test_a_list_with_a_shared_head_is_taken_apart() -> None:
    text = "一、重点任务\n（一）建设实训基地。（责任单位：县发改、教育、人社等部门，各乡镇）"
    _, found = extracted(text, title="平顺县职业教育产教融合实施方案")
    agencies = {a.name: (a.agency_id, a.full_name) for a in found.tasks[0].agencies}
    assert agencies["县发改"] == ("development-reform", "平顺县发展和改革委员会")
    assert agencies["教育"] == ("education", "平顺县教育局")
    assert agencies["人社"] == ("human-resources", "平顺县人力资源和社会保障局")
    assert agencies["各乡镇"][1] is None
