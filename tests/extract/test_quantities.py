"""Numerals with units: value, range, unit and comparator, and what only looks like an amount."""

from __future__ import annotations

import pytest
from extract_helpers import LEXICONS, frame
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.quantities import QuantityFinder
from pipeline.text import Squeezed

FINDER = QuantityFinder(LEXICONS)


def found(text: str) -> list[tuple[float, float | None, str, str]]:
    return [(q.value, q.value_max, q.unit, q.op) for q in FINDER.find(Squeezed(text).text)]


@pytest.mark.parametrize(
    ("text", "value", "value_max", "unit", "op"),
    [
        # a bare number
        ("建成实训基地2个", 2, None, "个", "="),
        ("建成实训基地２ 个", 2, None, "个", "="),
        ("新建3所职业学校", 3, None, "所", "="),
        ("遴选企业十五家", 15, None, "家", "="),
        ("聘请两名技师", 2, None, "名", "="),
        ("制定一套制度", 1, None, "套", "="),
        ("脱产半年", 0.5, None, "年", "="),
        ("挂职半天", 0.5, None, "天", "="),
        ("招生一千零五十名", 1050, None, "名", "="),
        ("新增绿地千亩", 1000, None, "亩", "="),
        ("编写教材12本", 12, None, "本", "="),
        ("开展培训120课时", 120, None, "课时", "="),
        ("藏书5000册", 5000, None, "册", "="),
        ("设置岗位 2 000 名", 2000, None, "名", "="),
        # 万 and 亿 belong to the value
        ("培训1.2万人次", 12000, None, "人次", "="),
        ("投入1,200万元", 12_000_000, None, "元", "="),
        ("投入1 200万元", 12_000_000, None, "元", "="),
        ("投资1亿2千万元", 120_000_000, None, "元", "="),
        ("吸纳1万2千人", 12000, None, "人", "="),
        ("吸纳1万2人", 12000, None, "人", "="),
        ("投资5千8百万元", 58_000_000, None, "元", "="),
        ("产值3.5亿元", 350_000_000, None, "元", "="),
        ("产值1.5万亿元", 1.5e12, None, "元", "="),
        ("打造百亿元产业", 10**10, None, "元", "="),
        ("吸纳三万五千人", 35000, None, "人", "="),
        # units by any of their names
        ("建筑面积2000㎡", 2000, None, "平方米", "="),
        ("建筑面积2000平米", 2000, None, "平方米", "="),
        ("脱产3个月", 3, None, "个月", "="),
        ("购置设备300台（套）", 300, None, "台套", "="),
        ("租金50元/人", 50, None, "元/人", "="),
        # shares
        ("双师型教师占比60%", 60, None, "%", "="),
        ("双师型教师占比６０％", 60, None, "%", "="),
        ("占百分之九十五", 95, None, "%", "="),
        ("占百分之95", 95, None, "%", "="),
        ("占千分之五", 0.5, None, "%", "="),
        ("占三分之二", 66.67, None, "%", "="),
        ("占三分之一以上", 33.33, None, "%", ">="),
        ("占2/3以上", 66.67, None, "%", ">="),
        ("提高2个百分点", 2, None, "个百分点", "="),
        # multiples
        ("产值翻一番", 2, None, "倍", "="),
        ("产值翻番", 2, None, "倍", "="),
        ("产值翻两番", 4, None, "倍", "="),
        ("增长1.5倍", 1.5, None, "倍", "="),
        # at least
        ("双师型教师占比达到60%", 60, None, "%", ">="),
        ("双师型教师占比达60%以上", 60, None, "%", ">="),
        ("双师型教师占比不低于60%", 60, None, "%", ">="),
        ("力争达到80%", 80, None, "%", ">="),
        ("实践不少于6个月", 6, None, "个月", ">="),
        ("实践不得少于半年", 0.5, None, "年", ">="),
        ("至少2次", 2, None, "次", ">="),
        ("至少建成2个基地", 2, None, "个", ">="),
        ("突破1000亿元", 10**11, None, "元", ">="),
        ("100人及以上", 100, None, "人", ">="),
        ("二十名以上", 20, None, "名", ">="),
        ("50余家", 50, None, "家", ">="),
        ("三百多名", 300, None, "名", ">="),
        ("10余万人", 100_000, None, "人", ">="),
        ("十余万人", 100_000, None, "人", ">="),
        ("60余万元", 600_000, None, "元", ">="),
        # more than
        ("占比超过60%", 60, None, "%", ">"),
        ("占比大于60%", 60, None, "%", ">"),
        ("逾100家", 100, None, "家", ">"),
        # at most
        ("控制在5%以内", 5, None, "%", "<="),
        ("不超过50万元", 500_000, None, "元", "<="),
        ("最高50万元", 500_000, None, "元", "<="),
        ("最高不超过50万元", 500_000, None, "元", "<="),
        ("上限为3000元", 3000, None, "元", "<="),
        ("最多安排3名", 3, None, "名", "<="),
        ("10个工作日内", 10, None, "个工作日", "<="),
        ("20%以下", 20, None, "%", "<="),
        # below
        ("低于3%", 3, None, "%", "<"),
        ("不到1%", 1, None, "%", "<"),
        # about
        ("占比60%左右", 60, None, "%", "~"),
        ("占比达到60%左右", 60, None, "%", "~"),
        ("约60家", 60, None, "家", "~"),
        ("接近60家", 60, None, "家", "~"),
        ("近百家", 100, None, "家", "~"),
        # ranges
        ("3-5个", 3, 5, "个", "range"),
        ("3—5个", 3, 5, "个", "range"),
        ("3～5家", 3, 5, "家", "range"),
        ("3至5年", 3, 5, "年", "range"),
        ("三至五年", 3, 5, "年", "range"),
        ("10-15%", 10, 15, "%", "range"),
        ("10%—15%", 10, 15, "%", "range"),
        ("百分之三十至四十", 30, 40, "%", "range"),
        ("2-3万元", 20000, 30000, "元", "range"),
        ("2万至3万元", 20000, 30000, "元", "range"),
        ("2万元至3万元", 20000, 30000, "元", "range"),
        ("1个-2个", 1, 2, "个", "range"),
        ("五六个", 5, 6, "个", "range"),
        ("三五家", 3, 5, "家", "range"),
        ("十五六家", 15, 16, "家", "range"),
        ("二三十人", 20, 30, "人", "range"),
        ("两三百名", 200, 300, "名", "range"),
    ],
)
def test_one_quantity(text: str, value: float, value_max: float | None, unit: str, op: str) -> None:
    assert found(text) == [(value, value_max, unit, op)]


@pytest.mark.parametrize(
    "text",
    [
        "进一步完善", "统一部署", "单一来源", "专一", "第三批", "某一个", "万一", "一系列措施", "零距离对接",
        "零部件", "10项目", "三个性化", "两家庭", "5人才", "一条龙服务", "一次性补助", "八位一体", "二级学院",
        "千亿级产业", "四号文件", "沪宁G42次", "1+X证书", "5G基站", "3D打印", "2020", "二五个",
    ],
)  # fmt: skip
def test_no_quantity(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "建设“八个一”工程", "打造“345”产业体系", "执行7×24小时值班", "世界500强企业", "开展1+X证书试点",
        "面向60周岁以下人员", "联系电话：0312-5551234", "党的十九届四中全会", "教育部等六部门印发", "第3批",
        "数十家企业", "上百家企业", "几十家企业", "若干个", "推广一批经验", "到2025年", "2023—2025年", "师生比1:15",
        "第二季度", "3年内", "《五年行动计划》", "（1）加强管理",
    ],
)  # fmt: skip
def test_what_masks_and_times_claim_is_no_quantity(text: str) -> None:
    assert [(q.value, q.unit) for q in frame(text).quantities] == []


def test_positions_cover_number_and_comparators() -> None:
    text = "到2025年占比达到1.2万人以上。"
    quantity = FINDER.find(text)[-1]
    assert (text[quantity.start : quantity.end], text[quantity.outer_start : quantity.outer_end]) == (
        "1.2万人",
        "达到1.2万人以上",
    )


def test_several_in_one_clause() -> None:
    text = "与2家企业共建3-5个基地，投入100余万元，占比由30%提高到50%以上"
    assert found(text) == [
        (2, None, "家", "="),
        (3, 5, "个", "range"),
        (1_000_000, None, "元", ">="),
        (30, None, "%", "="),
        (50, None, "%", ">="),
    ]


UNITS = ["个", "家", "所", "名", "人次", "平方米", "%", "个月"]


@given(st.integers(1, 9999), st.sampled_from(["", "万", "亿"]), st.sampled_from(UNITS))
def test_any_number_with_any_unit(number: int, scale: str, unit: str) -> None:
    if unit == "%":
        scale = ""
    size = {"": 1, "万": 10**4, "亿": 10**8}[scale]
    assert found(f"达到{number}{scale}{unit}以上") == [(number * size, None, unit, ">=")]
    assert found(f"约{number:,}{scale}{unit}") == [(number * size, None, unit, "~")]


@given(st.integers(1, 500), st.integers(1, 500), st.sampled_from(["-", "—", "～", "至"]), st.sampled_from(UNITS))
def test_any_range(low: int, more: int, mark: str, unit: str) -> None:
    assert found(f"建成{low}{mark}{low + more}{unit}") == [(low, low + more, unit, "range")]


@given(st.text(st.sampled_from("建成12３.一二三五十百千万亿个家%年月至-—余多以上不少于达到约每第、,，")))
def test_quantities_are_in_order_and_apart(text: str) -> None:
    squeezed = Squeezed(text).text
    quantities = FINDER.find(squeezed)
    at = 0
    for quantity in quantities:
        assert at <= quantity.start < quantity.end <= len(squeezed)
        assert quantity.outer_start <= quantity.start
        assert quantity.end <= quantity.outer_end <= len(squeezed)
        assert quantity.value_max is None or quantity.value_max > quantity.value
        at = quantity.end
