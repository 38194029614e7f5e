"""Numerals that are no amounts: what masks claim, with which fate, and what they leave to be counted."""

from __future__ import annotations

import pytest
from extract_helpers import frame


def masks(text: str) -> list[tuple[str, str]]:
    found = frame(text)
    return [(found.text[m.start : m.end], m.fate) for m in found.masks]


def amounts(text: str) -> list[tuple[float, str]]:
    return [(q.value, q.unit) for q in frame(text).quantities]


@pytest.mark.parametrize(
    ("text", "masked", "fate"),
    [
        ("详见http://www.yunxi.gov.cn/a/2020/05.html公布", "http://www.yunxi.gov.cn/a/2020/05.html", "code"),
        ("联系电话：0312-5551234", "0312-5551234", "phone"),
        ("电话0312—5551234转8012", "0312—5551234转8012", "phone"),
        ("手机13812345678", "13812345678", "phone"),
        ("拨打12345热线", "12345", "phone"),
        ("热线12315", "12315", "phone"),
        ("索引号000012345/2023-00012", "000012345/2023-00012", "code"),
        ("编号YX-2020-00012", "YX-2020-00012", "code"),
        ("执行GB/T 9704-2012标准", "GB/T9704-2012", "code"),
        ("邮编054100", "054100", "code"),
        ("开展1+X证书试点", "1+X", "name"),
        ("3+2贯通培养", "3+2", "name"),
        ("实施N+1模式", "N+1", "name"),
        ("把1和X有机衔接", "1和X", "name"),
        ("推进3D打印", "3D", "name"),
        ("7×24小时服务", "7×24小时", "name"),
        ("PM2.5浓度下降", "PM2.5", "name"),
        ("工业4.0", "4.0", "name"),
        ("创建4A级景区", "4A级", "name"),
        ("通过ISO9001认证", "ISO9001", "name"),
        ("世界500强企业", "500强", "name"),
        ("985高校", "985", "name"),
        ("60周岁以下", "60周岁", "name"),
        ("党的十九大精神", "党的十九大", "name"),
        ("党的十九届二中、三中、四中全会", "党的十九届二中、三中、四中全会", "name"),
        ("二十大报告", "二十大", "name"),
        ("“八个一”工程", "“八个一”", "name"),
        ("“345”产业体系", "“345”", "name"),
        ("“千名教师进企业，百名技师进校园”活动", "“千名教师进企业,百名技师进校园”", "name"),
        ("“1个中心+3个基地”", "“1个中心+3个基地”", "name"),
        ("三位一体", "三位一体", "name"),
        ("一市一案", "一市一案", "name"),
        ("八大产业", "八大", "name"),
        ("一次性奖励", "一次", "name"),
        ("两个维护", "两个维护", "name"),
        ("千家万户", "千家万户", "name"),
        ("百年大计", "百年", "name"),
        ("五育并举", "五育", "name"),
        ("生师比1：15", "1:15", "ratio"),
        ("普职比4：6", "4:6", "ratio"),
        ("第十二师", "第十二师", "ordinal"),
        ("第1批", "第1批", "ordinal"),
        ("见附件2", "附件2", "ordinal"),
        ("前三名", "前三名", "ordinal"),
        ("第三方评估", "第三", "ordinal"),
        ("二级学院", "二级", "name"),
        ("三甲医院", "三甲", "name"),
        ("四年制本科", "四年制", "name"),
        ("二孩", "二孩", "name"),
        ("2020级学生", "2020级", "name"),
        ("（1）加强管理", "(1)", "list_number"),
        ("1.开工建设", "1.", "list_number"),
        ("推广一批经验", "一批", "vague"),
        ("出台一系列措施", "一系列", "vague"),
        ("出台若干措施", "若干", "vague"),
        ("数十家企业", "数十", "vague"),
        ("教育部等六部门印发", "等六部门", "name"),
        ("省教育厅等15部门联合印发", "等15部门", "name"),
        ("三年行动计划", "三年行动", "name"),
        ("云政发〔2020〕14号", "云政发〔2020〕14号", "doc_number"),
        ("《云溪县2020年改革实施方案》", "《云溪县2020年改革实施方案》", "reference"),
        ("每年12月20日前报送", "每年12月20日", "recurring"),
        ("建设2号线", "2号线", "name"),
    ],
)
def test_it_is_masked(text: str, masked: str, fate: str) -> None:
    assert masks(text) == [(masked, fate)]
    assert amounts(text) == []


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("增长5%", [(5, "%")]),
        ("新建“双师型”基地5个", [(5, "个")]),
        ("“新建1个产业学院”", [(1, "个")]),
        ("建设5G基站3个", [(3, "个")]),
        ("开展1+X证书试点2个", [(2, "个")]),
        ("A股上市公司2家", [(2, "家")]),
        ("投入1200000000元", [(1_200_000_000, "元")]),
        ("投入80000000元", [(80_000_000, "元")]),
        ("第二季度新建3所", [(3, "所")]),
        ("第一批遴选10家", [(10, "家")]),
        ("遴选2批", [(2, "批")]),
        ("制定一套机制", [(1, "套")]),
        ("建成十家企业", [(10, "家")]),
        ("联合3个部门", [(3, "个")]),
        ("建设三年以上的基地", [(3, "年")]),
        ("占地2.0亩", [(2, "亩")]),
        ("（2020）建设3所", [(3, "所")]),
        ("占三分之二以上", [(66.67, "%")]),
        ("增加12345元", [(12345, "元")]),
        ("在世界500强中引进3家", [(3, "家")]),
    ],
)
def test_an_amount_is_left(text: str, counted: list[tuple[float, str]]) -> None:
    assert amounts(text) == counted


def test_a_heading_number_is_masked_and_what_follows_counted() -> None:
    found = frame("一是新建2所学校；二是引进3家企业。")
    assert [(q.value, q.unit) for q in found.quantities] == [(2, "所"), (3, "家")]


def test_masks_are_in_order_and_inside() -> None:
    found = frame("1.按照《办法》（云政发〔2020〕14号）开展1+X试点，电话0312-5551234，分一批、二批推进“五个一”。")
    assert [(found.text[m.start : m.end], m.fate) for m in found.masks] == [
        ("1.", "list_number"),
        ("《办法》", "reference"),
        ("云政发〔2020〕14号", "doc_number"),
        ("1+X", "name"),
        ("0312-5551234", "phone"),
        ("一批", "vague"),
        ("“五个一”", "name"),
    ]
