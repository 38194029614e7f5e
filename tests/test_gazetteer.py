"""Places: the table itself, finding, resolving, what lies above, and 文号 prefixes."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.gazetteer import Gazetteer, gazetteer
from pipeline.lexicons import Lexicons, load
from pipeline.model import Region
from pipeline.text import fold


@pytest.fixture(scope="module")
def lexicons() -> Lexicons:
    return load()


@pytest.fixture(scope="module")
def places(lexicons: Lexicons) -> Gazetteer:
    return gazetteer(lexicons)


def names(gaz: Gazetteer, text: str) -> list[str]:
    return [text[place.start : place.end] for place in gaz.find(text)]


# The table


def test_units_of_today_are_all_there(lexicons: Lexicons) -> None:
    today = [row for row in lexicons.get("regions") if row.get("code") and not row.get("valid_to")]
    assert Counter(row.get("level") for row in today) == {"省": 34, "市": 333, "县": 2847}
    assert all(row.id == row.get("code") for row in today)


def test_zones_and_divisions(lexicons: Lexicons) -> None:
    rows = [row for row in lexicons.get("regions") if not row.get("code")]
    count = Counter(row.get("level") for row in rows)
    assert (count["兵团"], count["师"]) == (1, 14)
    assert count["开发区"] >= 150
    assert count["新区"] >= 19


def test_table_is_sorted_folded_and_closed(lexicons: Lexicons) -> None:
    regions = lexicons.get("regions")
    ids = [row.id for row in regions]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    for row in regions:
        for term in (row.name, *row.aliases):
            assert fold(term) == term
            assert term.strip() == term != ""
        assert row.name not in row.aliases
        for column in ("parent", "successor"):
            assert row.get(column) == "" or row.get(column) in regions.by_id, row.id
        assert re.fullmatch(r"(?:\d{6})?", row.get("code"))
        assert re.fullmatch(r"(?:\d{4})?", row.get("valid_from"))
        assert re.fullmatch(r"(?:\d{4})?", row.get("valid_to"))
        if row.get("valid_from") and row.get("valid_to"):
            assert row.get("valid_from") <= row.get("valid_to")


def test_every_chain_of_parents_and_successors_ends(lexicons: Lexicons) -> None:
    regions = lexicons.get("regions")
    for column in ("parent", "successor"):
        for row in regions:
            seen = {row.id}
            at = regions.by_id.get(row.get(column))
            while at is not None:
                assert at.id not in seen, row.id
                seen.add(at.id)
                at = regions.by_id.get(at.get(column))


def test_a_unit_of_today_has_no_successor_and_its_parents_are_of_today(lexicons: Lexicons) -> None:
    regions = lexicons.get("regions")
    for row in regions:
        if not row.get("valid_to"):
            assert row.get("successor") == ""
            assert row.id == "100000" or not regions.by_id[row.get("parent")].get("valid_to"), row.id


def test_counties_of_one_character_have_no_bare_alias(lexicons: Lexicons) -> None:
    short = [row for row in lexicons.get("regions") if row.get("level") != "省" and row.id not in {"100000"}]
    assert [row.id for row in short if any(len(alias) == 1 for alias in row.aliases)] == []


@pytest.mark.parametrize("pattern_id", ["region-lookalike", "region-generic"])
def test_patterns_keep_their_examples(lexicons: Lexicons, pattern_id: str) -> None:
    entry, pattern = lexicons.patterns[pattern_id], lexicons.pattern(pattern_id)
    assert [text for text in entry["match"] if not pattern.search(text)] == []
    assert [text for text in entry["no_match"] if pattern.search(text)] == []


# Resolving


@pytest.mark.parametrize(
    ("name", "expected", "how"),
    [
        ("沙河市", Region("沙河市", "县", "130582"), "exact"),
        ("绍兴市", Region("绍兴市", "市", "330600"), "exact"),
        ("绍兴", Region("绍兴市", "市", "330600"), "alias"),
        ("平顺县", Region("平顺县", "县", "140425"), "exact"),
        ("宝清县", Region("宝清县", "县", "230523"), "exact"),
        ("石城县", Region("石城县", "县", "360735"), "exact"),
        ("路桥区", Region("路桥区", "县", "331004"), "exact"),
        ("坪山区", Region("坪山区", "县", "440310"), "exact"),
        ("安国市", Region("安国市", "县", "130683"), "exact"),
        ("高唐县", Region("高唐县", "县", "371526"), "exact"),
        ("阿坝州", Region("阿坝藏族羌族自治州", "市", "513200"), "alias"),
        ("恩施州", Region("恩施土家族苗族自治州", "市", "422800"), "alias"),
        ("互助县", Region("互助土族自治县", "县", "630223"), "alias"),
        ("科右前旗", Region("科尔沁右翼前旗", "县", "152221"), "alias"),
        ("北京", Region("北京市", "省", "110000"), "alias"),
        ("重庆市", Region("重庆市", "省", "500000"), "exact"),
        ("浦东新区", Region("浦东新区", "县", "310115"), "exact"),
        ("浙江", Region("浙江省", "省", "330000"), "alias"),
        ("冀", Region("河北省", "省", "130000"), "alias"),
        ("广西", Region("广西壮族自治区", "省", "450000"), "alias"),
        ("吉林", Region("吉林省", "省", "220000"), "alias"),
        ("中国", Region("全国", "国家", None), "alias"),
        ("第十二师", Region("新疆生产建设兵团第十二师", "师", None), "alias"),
        ("12师", Region("新疆生产建设兵团第十二师", "师", None), "alias"),
        ("第八师石河子市", Region("新疆生产建设兵团第八师", "师", None), "alias"),
        ("石河子市", Region("石河子市", "县", "659001"), "exact"),
        ("兵团", Region("新疆生产建设兵团", "兵团", None), "alias"),
        ("雄安新区", Region("河北雄安新区", "新区", None), "alias"),
        ("苏州工业园区", Region("苏州工业园区", "开发区", None), "exact"),
        ("昆山经开区", Region("昆山经济技术开发区", "开发区", None), "alias"),
        ("河北省沙河市", Region("沙河市", "县", "130582"), "exact"),
        ("浙江省台州市路桥区", Region("路桥区", "县", "331004"), "exact"),
        ("沙 河 市", Region("沙河市", "县", "130582"), "exact"),
    ],
)
def test_names_that_mean_one_unit(places: Gazetteer, name: str, expected: Region, how: str) -> None:
    found = places.resolve(name)
    assert found.row is not None
    assert (places.region(found.row), found.how, found.successor) == (expected, how, None)


@pytest.mark.parametrize(
    ("name", "context", "code"),
    [
        ("鼓楼区", "江苏省南京市", "320106"),
        ("鼓楼区", "徐州", "320302"),
        ("鼓楼区", "福建省", "350102"),
        ("鼓楼区", "开封市教育局文件", "410204"),
        ("朝阳区", "北京市", "110105"),
        ("朝阳区", "吉林省长春市", "220104"),
        ("城关区", "兰州市人民政府", "620102"),
        ("城关区", "西藏", "540102"),
        ("市中区", "四川省乐山市", "511102"),
        ("市中区", "济南", "370103"),
        ("城区", "晋城市", "140502"),
    ],
)
def test_homonyms_are_told_apart_by_their_parents(places: Gazetteer, name: str, context: str, code: str) -> None:
    found = places.resolve(name, ["关于印发方案的通知", context])
    assert found.row is not None
    assert (found.row.get("code"), found.how) == (code, "context")


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("鼓楼区", ()),
        ("鼓楼区", ("江苏省",)),  # Nanjing and Xuzhou both have one
        ("朝阳区", ("朝阳区教育局",)),  # its own name is no context
        ("城关区", ("河北省",)),
        ("市中区", ("四川省",)),
    ],
)
def test_homonyms_without_a_sign_stay_open(places: Gazetteer, name: str, context: tuple[str, ...]) -> None:
    found = places.resolve(name, context)
    assert (found.row, found.how) == (None, "ambiguous")
    assert len(found.candidates) >= 2


@pytest.mark.parametrize(
    "name", ["各区、县(市)人民政府", "假县", "达", "开", "各县", "云溪县", "河北省绍兴市", "", "市", "县"]
)
def test_what_is_no_place_is_none(places: Gazetteer, name: str) -> None:
    found = places.resolve(name)
    assert (found.row, found.how) == (None, "none")


@pytest.mark.parametrize(
    ("name", "context", "code", "successor"),
    [
        ("达县", (), "511721", "达川区"),
        ("开县", (), "500234", "开州区"),
        ("绍兴县", (), "330621", "柯桥区"),
        ("襄樊市", (), "420600", "襄阳市"),
        ("邢台县", (), "130521", "信都区"),
        ("莱芜市", (), "371200", "莱芜区"),
        ("崇文区", (), "110103", "东城区"),
        ("南汇区", (), "310119", "浦东新区"),
        ("桥西区", ("邢台市",), "130503", "信都区"),
        ("市中区", ("济宁市",), "370802", "任城区"),
        ("江干区", (), "330104", "上城区"),
        ("沙县", (), "350427", "沙县区"),
        ("错那县", (), "540530", "错那市"),
    ],
)
def test_former_units_name_their_successor(
    places: Gazetteer, name: str, context: tuple[str, ...], code: str, successor: str
) -> None:
    found = places.resolve(name, context)
    assert found.row is not None
    assert found.successor is not None
    assert (found.row.get("code"), found.how, found.successor.name) == (code, "former", successor)


def test_the_year_chooses_the_unit_that_existed(places: Gazetteer) -> None:
    then, now = places.resolve("巢湖市", year=2008), places.resolve("巢湖市", year=2020)
    assert then.row is not None
    assert now.row is not None
    assert (then.row.get("code"), then.row.get("level"), then.how) == ("341400", "市", "former")
    assert (now.row.get("code"), now.row.get("level"), now.how) == ("340181", "县", "exact")
    renamed = places.resolve("邢台县", year=2015)
    assert renamed.row is not None
    assert (renamed.row.get("valid_to"), renamed.how) == ("2020", "former")
    zone = places.resolve("坪山新区", year=2014)
    assert zone.row is not None
    assert (zone.row.get("level"), zone.successor and zone.successor.name) == ("新区", "坪山区")


# Lineage


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("路桥区", ["路桥区", "台州市", "浙江省"]),
        ("石城县", ["石城县", "赣州市", "江西省"]),
        ("坪山区", ["坪山区", "深圳市", "广东省"]),
        ("东城区", ["东城区", "北京市"]),
        ("济源市", ["济源市", "河南省"]),
        ("第十二师", ["新疆生产建设兵团第十二师", "新疆生产建设兵团"]),
        ("昆山高新区", ["昆山高新技术产业开发区", "昆山市", "苏州市", "江苏省"]),
        ("全国", ["全国"]),
        ("山西", ["山西省"]),
    ],
)
def test_lineage_goes_up_to_the_province(places: Gazetteer, name: str, line: list[str]) -> None:
    row = places.resolve(name).row
    assert row is not None
    assert [unit.name for unit in places.lineage(row)] == line


# Finding


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("浙江省绍兴市柯桥区教育局", ["浙江省", "绍兴市", "柯桥区"]),
        ("沙河和平顺的做法", ["沙河", "平顺"]),
        ("新疆生产建设兵团第十二师各团场", ["新疆生产建设兵团第十二师"]),
        ("晋城市城区", ["晋城市", "城区"]),
        ("主城区和近郊区", []),
        ("各市和县（市、区）", []),
        ("安徽省和县教育局、含山县教育局", ["安徽省", "和县", "含山县"]),
        ("湖南第一师范学院", ["湖南"]),
        ("开展一师一优课活动", []),
        ("沙河市场监管所", ["沙河"]),
        ("推进区域协调，壮大县域经济", []),
        ("研究重大理论问题，加大连片开发", []),
        ("西安排名上升", []),
        ("其中卫生学校两所", []),
        ("建成都市圈，完成都市更新", []),
        ("提高安全水平，会同公安部门，比如开展合作", []),
        ("昆山经开区、雄安新区和绍兴市", ["昆山经开区", "雄安新区", "绍兴市"]),
        ("", []),
    ],
)
def test_mentions_in_running_text(places: Gazetteer, text: str, expected: list[str]) -> None:
    assert names(places, text) == expected


def test_candidates_of_today_come_first(places: Gazetteer) -> None:
    (place,) = places.find("桥西区")
    former = [bool(row.get("valid_to")) for row in place.candidates]
    assert former == sorted(former)
    assert set(former) == {False, True}


def test_compatibility_characters_are_folded(places: Gazetteer) -> None:
    (place,) = places.find("１２师")
    assert (place.start, place.end, place.candidates[0].id) == (0, 3, "xpcc-12")


PIECES = st.sampled_from(
    ["沙河市", "浙江", "西安", "城区", "和县", "第一师", "范", "市场", "场", "域", "安", "全", "，", " ", "１２师"]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=12).map("".join))
def test_spans_are_known_names_in_order(text: str) -> None:
    gaz = gazetteer(load())
    terms = load().get("regions").terms
    last = 0
    for place in gaz.find(text):
        assert last <= place.start < place.end <= len(text)
        last = place.end
        name = fold(text[place.start : place.end])
        assert {row.id for row in place.candidates} == {row.id for row in terms[name]}


@given(st.text(max_size=8), st.lists(st.text(max_size=6), max_size=2))
def test_any_string_resolves_without_error(name: str, context: list[str]) -> None:
    found = gazetteer(load()).resolve(name, context)
    assert (found.row is None) == (found.how in {"none", "ambiguous"})
    assert found.row is None or found.row in found.candidates


# 文号


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("浙", ["浙江省"]),
        ("浙政办发", ["浙江省"]),
        ("皖", ["安徽省"]),
        ("国发", ["全国"]),
        ("京", ["北京市"]),
        ("苏", ["江苏省", "苏州市"]),
        ("青政发", ["青海省", "青岛市"]),
        ("沙教字", []),
        ("教职成", []),
        ("", []),
    ],
)
def test_who_a_doc_number_may_come_from(places: Gazetteer, prefix: str, expected: list[str]) -> None:
    assert [row.name for row in places.by_doc_number_prefix(prefix)] == expected


def test_one_gazetteer_for_one_set_of_lexicons(lexicons: Lexicons) -> None:
    assert gazetteer(lexicons) is gazetteer(lexicons)
