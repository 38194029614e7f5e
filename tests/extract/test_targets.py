"""Targets: from a clause to what is counted, how much, per what, as goal or norm, and what is no target at all."""

from __future__ import annotations

import pytest
from extract_helpers import extracted

from pipeline.model import Target

HEAD = "一、重点任务\n（一）建设任务。"


def targets(text: str) -> list[Target]:
    return list(extracted(HEAD + text)[1].targets)


def amounts(text: str) -> list[tuple[str, str, float, str, str | None, str]]:
    return [(t.indicator, t.op, t.value, t.unit, t.per, t.kind) for t in targets(text)]


@pytest.mark.parametrize(
    ("text", "indicator", "op", "value", "unit"),
    [
        # thing, then number
        ("创建省级校企联盟1个。", "省级校企联盟", "=", 1, "个"),
        ("新增职业院校2所。", "职业院校", "=", 2, "所"),
        ("引进高技能人才50名。", "高技能人才", "=", 50, "名"),
        ("培养技术技能人才2000名以上。", "技术技能人才", ">=", 2000, "名"),
        ("支持职业学校聘请企业兼职教师20名以上。", "企业兼职教师", ">=", 20, "名"),
        ("编写校本教材12本。", "校本教材", "=", 12, "本"),
        ("组织开展技能竞赛不少于2次。", "技能竞赛", ">=", 2, "次"),
        ("全县建成5G基站500个。", "5G基站", "=", 500, "个"),
        ("建设国家1+X证书试点单位10个以上。", "国家1+X证书试点单位", ">=", 10, "个"),
        ("完成高标准农田建设3万亩。", "高标准农田建设", "=", 30000, "亩"),
        ("派出教师20人次赴企业实践。", "教师", "=", 20, "人次"),
        ("建成校内实训基地3—5个。", "校内实训基地", "range", 3, "个"),
        ("招生规模稳定在1200人左右。", "招生规模", "~", 1200, "人"),
        ("产业工人培训规模达到5000人。", "产业工人培训规模", ">=", 5000, "人"),
        ("实训基地建筑面积达到2000平方米。", "实训基地建筑面积", ">=", 2000, "平方米"),
        ("实训设备总值达到800万元以上。", "实训设备总值", ">=", 8_000_000, "元"),
        ("电商销售额力争达到1.5亿元。", "电商销售额", ">=", 150_000_000, "元"),
        ("图书馆藏书量达到5万册。", "图书馆藏书量", ">=", 50000, "册"),
        ("年培训能力超过3000人次。", "年培训能力", ">", 3000, "人次"),
        # number, then thing
        ("建设15个体验基地。", "体验基地", "=", 15, "个"),
        ("配套新建1所电子类专业学校。", "电子类专业学校", "=", 1, "所"),
        ("建立10个以上校企合作示范点。", "校企合作示范点", ">=", 10, "个"),
        ("选派5名教师到企业挂职。", "教师", "=", 5, "名"),
        ("引进三家企业。", "企业", "=", 3, "家"),
        ("打造一套制度。", "制度", "=", 1, "套"),
        ("开一次对接会。", "对接会", "=", 1, "次"),
        ("出台至少一项支持政策。", "支持政策", ">=", 1, "项"),
        ("制定不少于1个专业建设指导方案。", "专业建设指导方案", ">=", 1, "个"),
        ("打造一个集教学、培训、生产为一体的公共实训基地。", "公共实训基地", "=", 1, "个"),
        ("新增2个产业急需的新专业。", "产业急需的新专业", "=", 2, "个"),
        ("拟完成电子商务、美容美体2个新增专业的成功申报。", "新增专业", "=", 2, "个"),
        # a list that the number sums up
        ("计算机网络技术、美容美体2个专业。", "专业", "=", 2, "个"),
        ("新设电子商务、机电等5个专业。", "专业", "=", 5, "个"),
        ("新建、改扩建幼儿园3所。", "幼儿园", "=", 3, "所"),
        # shares and changes
        ("职业学校双师型比率达到90%。", "职业学校双师型比率", ">=", 90, "%"),
        ("学生专业实践课程占总课时50%以上。", "学生专业实践课程占总课时", ">=", 50, "%"),
        ("专任教师中双师型教师比例不低于60%。", "专任教师中双师型教师比例", ">=", 60, "%"),
        ("将毕业生留县就业率提升至60%。", "毕业生留县就业率", "=", 60, "%"),
        ("毕业生就业率稳定在95%以上。", "毕业生就业率", ">=", 95, "%"),
        ("县域高中阶段毛入学率超过92%。", "县域高中阶段毛入学率", ">", 92, "%"),
        ("辍学率控制在0.5%以内。", "辍学率", "<=", 0.5, "%"),
        ("高技能人才占技能人才比例达到三分之一。", "高技能人才占技能人才比例", ">=", 33.33, "%"),
        ("占比由30%提高到50%。", "占比", "=", 50, "%"),
        ("合格率100%。", "合格率", "=", 100, "%"),
        ("地区生产总值增长6%。", "地区生产总值增长", "=", 6, "%"),
        ("单位能耗下降3%。", "单位能耗下降", "=", 3, "%"),
        ("双师型教师占比提高5个百分点。", "双师型教师占比", "=", 5, "个百分点"),
        ("产值翻一番。", "产值", "=", 2, "倍"),
        ("办理时限压缩至5个工作日。", "办理时限", "=", 5, "个工作日"),
        ("规模以上企业参与率达80%。", "规模以上企业参与率", ">=", 80, "%"),
    ],
)
def test_goal(text: str, indicator: str, op: str, value: float, unit: str) -> None:
    assert amounts(text) == [(indicator, op, value, unit, None, "goal")]


@pytest.mark.parametrize(
    ("text", "indicator", "op", "value", "unit", "per"),
    [
        ("业务招待费支出不超过营业收入0.5%的部分准予扣除。", "业务招待费支出占营业收入", "<=", 0.5, "%", None),
        ("在20%编制员额内招聘兼职教师。", "兼职教师占编制员额", "<=", 20, "%", None),
        ("给予每人每年2000元补助。", "补助", "=", 2000, "元", "每人每年"),
        ("减免3个月房租。", "减免房租", "=", 3, "个月", None),
        ("专业教师到企业实践，每5年累计不少于6个月。", "专业教师到企业实践", ">=", 6, "个月", "每5年"),
        ("教师每年到企业实践不少于1个月。", "教师到企业实践", ">=", 1, "个月", "每年"),
        ("青年教师前3年须赴企业实践6个月以上。", "青年教师赴企业实践", ">=", 6, "个月", None),
        ("学生顶岗实习时间一般为6个月。", "学生顶岗实习时间", "=", 6, "个月", None),
        ("具有3年以上企业工作经历。", "企业工作经历", ">=", 3, "年", None),
        ("每两年开展一次评估。", "评估", "=", 1, "次", "每两年"),
    ],
)
def test_norm(text: str, indicator: str, op: str, value: float, unit: str, per: str | None) -> None:
    assert amounts(text) == [(indicator, op, value, unit, per, "norm")]


@pytest.mark.parametrize(
    ("text", "indicator", "op", "value", "unit", "per"),
    [
        ("每年培养50名工匠型人才。", "工匠型人才", "=", 50, "名", "每年"),
        ("鼓励骨干教师到车间锻炼，每年不少于60人次。", "骨干教师到车间锻炼", ">=", 60, "人次", "每年"),
        ("每个学生至少拜认1个师傅。", "师傅", ">=", 1, "个", "每个学生"),
        ("确保每个乡镇建有1所中心幼儿园。", "中心幼儿园", "=", 1, "所", "每个乡镇"),
        ("年均新增技能人才2000人。", "技能人才", "=", 2000, "人", "年均"),
    ],
)
def test_goal_per(text: str, indicator: str, op: str, value: float, unit: str, per: str) -> None:
    assert amounts(text) == [(indicator, op, value, unit, per, "goal")]


@pytest.mark.parametrize(
    ("text", "number", "fate"),
    [
        ("2021年，全县已建成实训基地3个。", "3", "past"),
        ("截至2021年底，全县共有职业学校2所。", "2", "past"),
        ("2020年建成实训基地3个。", "3", "past"),
        ("坚持五个结合。", "五", "list_count"),
        ("推进三个方面工作。", "三", "list_count"),
        ("三个专业的每个学生都有师傅。", "三", "list_count"),
        ("教师前3年应到企业实践。", "3", "window"),
        ("证书有效期为5年。", "5", "window"),
        ("试点期为2年。", "2", "window"),
        ("近3年招生稳定。", "3", "window"),
        ("教师每5年轮训。", "5", "per"),
        ("占比由30%提高到更高水平。", "30", "baseline"),
        ("一个都不能少。", "一", "name"),
        ("项目总投资2亿元。", "2", "description"),
        ("开展1+X证书试点。", "1", "name"),
        ("生师比达到18:1。", "18", "ratio"),
    ],
)
def test_no_target_but_a_fate(text: str, number: str, fate: str) -> None:
    _, found = extracted(HEAD + text)
    assert found.targets == ()
    assert [n.fate for n in found.numbers if n.text == number] == [fate]


def test_a_year_of_comparison_makes_nothing_past() -> None:
    assert amounts("到2025年，占地面积比2020年增长5%。") == [("占地面积增长", "=", 5, "%", None, "goal")]


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("与2家企业共同建设2个实训基地。", [("企业", 2, "家"), ("实训基地", 2, "个")]),
        ("建设实训室20间、教室30间。", [("实训室", 20, "间"), ("教室", 30, "间")]),
        ("建成实训基地3个，培养技师100人。", [("实训基地", 3, "个"), ("技师", 100, "人")]),
        ("参训率达95%、合格率达90%。", [("参训率", 95, "%"), ("合格率", 90, "%")]),
        ("遴选产教融合型企业10家，其中省级2家。", [("产教融合型企业", 10, "家"), ("省级产教融合型企业", 2, "家")]),
        (
            "培育国家级专精特新企业1家、省级3家、市级5家。",
            [("国家级专精特新企业", 1, "家"), ("省级专精特新企业", 3, "家"), ("市级专精特新企业", 5, "家")],
        ),
        ("开设订单班2个，每班不少于30人。", [("订单班", 2, "个"), ("订单班", 30, "人")]),
    ],
)
def test_several_numbers(text: str, records: list[tuple[str, float, str]]) -> None:
    assert [(t.indicator, t.value, t.unit) for t in targets(text)] == records


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("完善机制，创建产教融合联盟1个，强化管理。", ["创建产教融合联盟1个"]),
        ("到2025年，建设基地2个。", ["建设基地2个"]),
        ("计划新增水产养殖、茶艺表演2个专业。", ["计划新增水产养殖、茶艺表演2个专业"]),
        ("建设实训室20间、教室30间。", ["建设实训室20间", "教室30间"]),
        ("鼓励教师到车间锻炼，每年不少于60人次。", ["鼓励教师到车间锻炼，每年不少于60人次"]),
        ("投入1,200万元，建成基地。", ["投入1,200万元"]),
    ],
)
def test_the_quote_is_the_clause_with_the_number(text: str, quotes: list[str]) -> None:
    document, found = extracted(HEAD + text)
    assert [document.text[t.evidence.start : t.evidence.end] for t in found.targets] == quotes


def test_a_number_knows_its_place_and_its_task() -> None:
    document, found = extracted(HEAD + "建成实训基地 3 个。")
    (target,) = found.targets
    assert document.text[target.number_start : target.number_end] == "3 个"
    assert target.task is not None
    assert found.tasks[target.task].heading == "建设任务"
    assert (target.evidence.rule, target.evidence.confidence) == ("target-noun-number", 0.97)


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("实践时间不少于半年。", (6, "个月")),
        ("藏书面积达到2平方公里。", (2_000_000, "平方米")),
        ("绿化面积达到2公顷。", (30, "亩")),
        ("建成基地3个。", (3, "个")),
        ("集中授课不少于2周。", (14, "天")),
    ],
)
def test_base_units_make_values_comparable(text: str, base: tuple[float, str]) -> None:
    assert [(t.base_value, t.base_unit) for t in targets(text)] == [base]


def test_the_lexicons_indicator_is_named() -> None:
    (target,) = targets("双师型教师占比达到60%。")
    assert target.indicator == "双师型教师占比"
    assert target.indicator_id is not None
    assert target.indicator_score == 100
    (other,) = targets("瓦蓝蓝云朵库3个。")
    assert (other.indicator_id, other.indicator_score) == (None, 0)


def test_amounts_joined_by_and_share_their_noun_and_comparator() -> None:
    _, found = extracted("一、主要目标\n到2025年，茶叶采摘、烘干机械化率分别达到64%和52%。")
    told = [(t.indicator, t.op, t.value) for t in found.targets]
    assert told == [("茶叶采摘、烘干机械化率", ">=", 64.0), ("茶叶采摘、烘干机械化率", ">=", 52.0)]
