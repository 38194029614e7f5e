"""The loader, looking up, cues and the expansion of patterns; and what the lexicons themselves promise."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import LexiconError
from pipeline.lexicons import FUZZY_CUTOFF, Lexicon, Lexicons, Row, alternation, default_folder, load
from pipeline.text import fold

LEXICONS = load()


def row(ident: str, name: str, *aliases: str) -> Row:
    return Row(ident, name, aliases, {"id": ident, "name": name, "aliases": "|".join(aliases)})


SMALL = Lexicon(
    "small",
    (
        row("share", "双师型教师占比", "双师型教师比例", "“双师型”教师占比"),
        row("count", "双师型教师数量", "双师型教师"),
        row("east", "云溪县东部职业教育中心实训基地"),
        row("west", "云溪县西部职业教育中心实训基地"),
    ),
)


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


# --- loading


def test_a_row_gives_its_cells_and_lists(tmp_path: Path) -> None:
    write(tmp_path, "words.tsv", "id\tname\taliases\tstems\tsource\na\t教育局\t教委|教体局\t教育||教体\t惯例\n")
    found = Lexicons(tmp_path).get("words").by_id["a"]
    assert (found.name, found.aliases, found.list("stems")) == ("教育局", ("教委", "教体局"), ("教育", "教体"))
    assert (found.get("source"), found.get("nothing"), found.list("nothing")) == ("惯例", "", ())


def test_quotes_in_a_cell_are_kept(tmp_path: Path) -> None:
    write(tmp_path, "words.tsv", 'id\tname\taliases\na\t"八个一"工程\t“八个一”\n')
    assert Lexicons(tmp_path).get("words").by_id["a"].name == '"八个一"工程'


@pytest.mark.parametrize("body", ["a\t教育局\n", "a\t教育局\t教委\tmore\n"])
def test_a_row_that_does_not_fit_is_an_error_with_its_line(tmp_path: Path, body: str) -> None:
    write(tmp_path, "words.tsv", "id\tname\taliases\n" + body)
    with pytest.raises(LexiconError) as raised:
        Lexicons(tmp_path).get("words")
    assert raised.value.where == "words.tsv:2"


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LexiconError):
        Lexicons(tmp_path).get("words")


def test_the_fingerprint_follows_every_byte_of_the_words(tmp_path: Path) -> None:
    write(tmp_path, "words.tsv", "id\tname\n")
    first = Lexicons(tmp_path).fingerprint
    write(tmp_path, "README.md", "no words")
    assert Lexicons(tmp_path).fingerprint == first
    write(tmp_path, "words.tsv", "id\tname\na\t教育局\n")
    assert Lexicons(tmp_path).fingerprint != first
    assert len(first) == 16


def test_the_folder_can_be_named_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DUIBIAO_LEXICONS", str(tmp_path))
    assert default_folder() == tmp_path


# --- looking up


@pytest.mark.parametrize(
    ("term", "ident", "how"),
    [
        ("双师型教师占比", "share", "name"),
        ("双师型教师比例", "share", "alias"),
        ("“双师型”教师占比", "share", "alias"),
        ("双师型教师", "count", "alias"),
        ("双师型专业教师占比", "share", "fuzzy"),
    ],
)
def test_look_up_goes_from_name_to_alias_to_likeness(term: str, ident: str, how: str) -> None:
    found = SMALL.look_up(term)
    assert found is not None
    assert (found.row.id, found.how) == (ident, how)
    assert found.score == 100.0 if how != "fuzzy" else FUZZY_CUTOFF <= found.score < 100.0


def test_full_width_characters_are_found_by_their_plain_form() -> None:
    lexicon = Lexicon("x", (row("a", "1+X证书试点", "各区、县(市)政府"),))
    for term in ("１＋Ｘ证书试点", "各区、县（市）政府"):
        found = lexicon.exact(term)
        assert found is not None
        assert found.row.id == "a"


def test_likeness_below_the_cutoff_is_nothing() -> None:
    assert SMALL.look_up("双师素质教师比重") is None
    assert SMALL.look_up("森林覆盖率") is None


def test_two_rows_equally_like_are_a_guess_and_so_nothing() -> None:
    term = "云溪县南部职业教育中心实训基地"
    assert SMALL.look_up(term) is None
    found = SMALL.look_up(term, margin=0.0)
    assert found is not None
    assert found.row.id in {"east", "west"}


def test_two_characters_are_never_looked_up_by_likeness() -> None:
    lexicon = Lexicon("x", (row("a", "专业群"),))
    assert lexicon.look_up("专业", cutoff=50.0) is None
    assert lexicon.look_up("专业群", cutoff=50.0) is not None


def test_a_name_goes_before_the_alias_of_another_row() -> None:
    lexicon = Lexicon("x", (row("a", "产教融合实训基地", "实训基地"), row("b", "实训基地")))
    assert [r.id for r in lexicon.terms["实训基地"]] == ["b", "a"]
    found = lexicon.exact("实训基地")
    assert found is not None
    assert (found.row.id, found.how) == ("b", "name")


# --- cues and patterns

CUES = "id\tcue\tname\tsource\na\tlead\t由\tx\nb\tlead\t由省\tx\nc\tend\t（止）\tx\n"
PATTERNS = """
[[pattern]]
id = "unit"
regex = '{{lexicon:words?kind=office}}'
[[pattern]]
id = "led"
regex = '{{cue:lead}}(?P<unit>{{pattern:unit}})+牵头'
[[pattern]]
id = "loop"
regex = '{{pattern:pool}}'
[[pattern]]
id = "pool"
regex = '{{pattern:loop}}'
[[pattern]]
id = "odd"
regex = '{{number:1}}'
[[pattern]]
id = "open"
regex = '(由'
"""


@pytest.fixture()
def small(tmp_path: Path) -> Lexicons:
    write(tmp_path, "cues.tsv", CUES)
    write(tmp_path, "words.tsv", "id\tname\taliases\tkind\na\t局.\t局.长\toffice\nb\t中学\t\tschool\n")
    write(tmp_path, "patterns.toml", PATTERNS)
    return Lexicons(tmp_path)


def test_cues_come_folded_and_the_longest_first(small: Lexicons) -> None:
    assert small.cues("lead") == ("由省", "由")
    assert small.cues("end") == ("(止)",)
    with pytest.raises(LexiconError):
        small.cues("none")


def test_a_pattern_is_filled_with_cues_rows_and_patterns(small: Lexicons) -> None:
    found = small.pattern("led").search("由省局.长局.牵头")
    assert found is not None
    assert (found.group(0), found.group("unit")) == ("由省局.长局.牵头", "局.")
    assert small.pattern("led").search("由中学牵头") is None, "a row of another kind"
    assert small.pattern("unit").search("局长") is None, "words are taken literally"
    assert small.pattern("led") is small.pattern("led"), "compiled once"


@pytest.mark.parametrize("ident", ["none", "loop", "odd", "open"])
def test_patterns_that_cannot_be_made_are_errors(small: Lexicons, ident: str) -> None:
    with pytest.raises(LexiconError) as raised:
        small.pattern(ident)
    assert "patterns.toml" in raised.value.where


def test_an_alternation_prefers_the_longest_word() -> None:
    assert alternation(["教", "教育局", "教育", "教"]) == "(?:教育局|教育|教)"


# --- what the words promise


def test_the_size_of_the_lexicons() -> None:
    indicators = LEXICONS.get("indicators")
    teaching = {"师资", "专业", "课程教材", "实训基地", "企业参与", "校企合作", "平台", "学生", "就业"}
    teaching |= {"培训", "证书", "经费", "办学条件", "治理", "国际交流"}
    assert len(LEXICONS.get("agencies")) >= 160
    assert sum(r.get("dimension") in teaching for r in indicators) >= 140
    assert sum(r.get("dimension") not in teaching for r in indicators) >= 140


@pytest.mark.parametrize(
    ("name", "ident"),
    [
        ("发展改革委", "development-reform"),
        ("发改局", "development-reform"),
        ("教体局", "education"),
        ("人社厅", "human-resources"),
        ("经信局", "industry-information"),
        ("自规局", "natural-resources"),
        ("文化广电和旅游局", "culture-tourism"),
        ("金融办", "financial-supervision-local"),
        ("委组织部", "organization"),
        ("职业高级中学校", "vocational-school"),
        ("各区、县（市）政府", "all-county-governments"),
        ("各乡镇（街道）", "all-township-governments"),
        ("市级有关部门", "all-departments"),
    ],
)
def test_local_forms_of_a_department_are_one(name: str, ident: str) -> None:
    found = LEXICONS.get("agencies").exact(name)
    assert found is not None
    assert found.row.id == ident


def test_a_stem_names_one_department() -> None:
    owners: dict[str, str] = {}
    for agency in LEXICONS.get("agencies"):
        for stem in agency.list("stems"):
            assert owners.setdefault(stem, agency.id) == agency.id
    assert owners["发改"] == owners["发展改革"] == "development-reform"
    assert owners["人社"] == owners["人力资源社会保障"] == "human-resources"
    assert owners["工信"] == owners["经信"] == "industry-information"


@pytest.mark.parametrize(
    ("term", "ident"),
    [
        ("职业学校双师型比率", "teacher-dual-share"),
        ("“双师型”教师占比", "teacher-dual-share"),
        ("双师型教师", "teacher-dual-count"),
        ("双师型教师培训基地", "teacher-dual-base"),
        ("“双师型”名师工作室", "teacher-dual-studio"),
        ("双师型教师队伍", "teacher-dual-team"),
        ("省级产教融合试点企业", "firm-industry-edu"),
        ("学生专业实践课程占总课时", "course-practice-share"),
        ("国家1+X证书试点工作单位", "cert-1x-pilot"),
        ("1+X证书制度试点专业数", "cert-1x-majors"),
        ("县域产教联合体", "plat-city-consortium"),
        ("地区生产总值增速", "econ-gdp-growth"),
        ("单位GDP能耗降低", "eco-energy-intensity"),
    ],
)
def test_an_indicator_is_found_by_the_words_of_plans(term: str, ident: str) -> None:
    found = LEXICONS.get("indicators").look_up(term)
    assert found is not None
    assert (found.row.id, found.score) == (ident, 100.0)


def test_a_share_is_a_percentage_and_nothing_else_is() -> None:
    for indicator in LEXICONS.get("indicators"):
        percent = indicator.get("base_unit") in {"%", "‰"}
        assert percent == (indicator.get("measure") in {"share", "rate"}), indicator.id


def test_no_count_goes_by_the_name_of_a_share() -> None:
    """A share and a count of the same thing must not fall into one column of a table."""
    endings = ("占比", "比例", "比重", "覆盖率", "普及率", "达标率", "就业率", "增速")
    for indicator in LEXICONS.get("indicators"):
        if indicator.get("measure") not in {"share", "rate", "score"}:
            assert [t for t in (indicator.name, *indicator.aliases) if t.endswith(endings)] == [], indicator.id


def test_a_negative_holds_a_term_of_its_row_and_is_none() -> None:
    for indicator in LEXICONS.get("indicators"):
        terms = (indicator.name, *indicator.aliases)
        for negative in indicator.list("negatives"):
            assert negative not in terms, (indicator.id, negative)
            assert any(term in negative for term in terms), (indicator.id, negative)


def test_every_base_unit_is_one_of_the_units() -> None:
    units = {r.get("base_unit") for r in LEXICONS.get("units")} | {r.name for r in LEXICONS.get("units")}
    assert {i.get("base_unit") for i in LEXICONS.get("indicators")} - {""} <= units


def test_the_periods_are_five_years_each_and_follow_one_another() -> None:
    plans = [r for r in LEXICONS.get("plan_periods") if not r.id.endswith("adjustment")]
    spans = [(date.fromisoformat(r.get("start")), date.fromisoformat(r.get("end"))) for r in plans]
    assert all((s.month, s.day, e.month, e.day, e.year - s.year) == (1, 1, 12, 31, 4) for s, e in spans)
    assert [s.year for s, _ in spans] == [1953, 1958, *range(1966, 2032, 5)]


@pytest.mark.parametrize(
    ("term", "years"),
    [
        ("“十四五”", ("2021-01-01", "2025-12-31")),
        ("十四五时期", ("2021-01-01", "2025-12-31")),
        ("第十五个五年规划", ("2026-01-01", "2030-12-31")),
        ("十六五", ("2031-01-01", "2035-12-31")),
        ("“十五”", ("2001-01-01", "2005-12-31")),
    ],
)
def test_a_period_is_found_by_its_names(term: str, years: tuple[str, str]) -> None:
    found = LEXICONS.get("plan_periods").exact(term)
    assert found is not None
    assert (found.row.get("start"), found.row.get("end")) == years


def test_a_bare_number_is_no_period() -> None:
    for word in ("十五", "九五", "二五"):
        assert LEXICONS.get("plan_periods").exact(word) is None


@pytest.mark.parametrize(
    ("term", "name"), [("三年行动计划", "行动计划"), ("实施意见", "实施意见"), ("管理办法", "办法"), ("通知", "通知")]
)
def test_a_document_type_is_found_and_ranked(term: str, name: str) -> None:
    found = LEXICONS.get("document_types").exact(term)
    assert found is not None
    assert found.row.name == name
    assert found.row.get("rank") == ("3" if name == "通知" else "1")


def test_no_word_of_strength_hides_in_common_words() -> None:
    """The reader looks for the words as parts of the text, so one character alone would be found in 重要 or 虚拟."""
    words = [t for r in LEXICONS.get("strength") for t in (r.name, *r.aliases)]
    assert [w for w in words if len(w) == 1] == ["须"]
    common = "重要 主要 要求 要素 需要 适应 相应 应用 虚拟 便宜 一般公共预算 人均预期寿命 行动计划 基本医疗保险 保证金"
    assert [(w, text) for text in common.split() for w in words if w in text] == []


def test_every_term_is_folded() -> None:
    for name in ("agencies", "indicators", "plan_periods", "document_types", "strength"):
        for entry in LEXICONS.get(name):
            assert all(fold(t) == t for t in (entry.name, *entry.aliases))
