"""Damage is told with its place, its severity and, where one reading is left, its mend."""

from __future__ import annotations

from dataclasses import replace

import pytest
from extract_helpers import LEXICONS, document, extracted, with_table

from pipeline.extract import extract
from pipeline.extract.fuzzy_terms import word_mender
from pipeline.model import Document, Issue
from pipeline.parse.lookalikes import CODE, OwnWords, reading

HEAD = "一、主要任务\n"


def told(body: str) -> list[tuple[str, str, str | None]]:
    """Code, place and mend of every issue of damage in a plan with a line."""
    parsed, found = extracted(HEAD + body)
    issues = (*parsed.issues, *found.issues)
    return [_told(parsed, i) for i in issues if i.code.startswith(("damaged", "lost", "garbled"))]


def _told(parsed: Document, issue: Issue) -> tuple[str, str, str | None]:
    return issue.code, parsed.text[issue.start or 0 : issue.end or 0], issue.mend


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1.到0403年底前建成实训基地。", ("lost-digits", "0403年", None)),
        ("1.到202年底建成实训基地。", ("lost-digits", "202年", None)),
        ("1.2025年13月前完成验收。", ("garbled-date", "13月", None)),
        ("1.2月30日前完成验收。", ("garbled-date", "2月30日", None)),
        ("1.2026—2023年分期推进。", ("garbled-date", "2026—2023年", None)),
        ("1.到2011年建成实训基地。", ("damaged-date-order", "到2011年", None)),
        ("1.教师占比达到%以上。", ("lost-number", "%", None)),
        ("1.全县建设个实训基地。", ("lost-number", "个", None)),
        ("1.合作企业不少于家。", ("lost-number", "家", None)),
        ("1.就业率达到90以上。", ("lost-unit", "90", None)),
        ("1.加强\ufffd\ufffd建设。", ("lost-characters", "\ufffd\ufffd", None)),
        ("1.依靠⼈⺠推进建设。", ("garbled-radical", "⼈⺠", "人民")),
        ("1.坚持基基本本规规定定执行。", ("garbled-doubled", "基基本本规规定定", "基本规定")),
        ("1.按照云政含〔2022〕6号执行。", ("damaged-doc-number", "云政含〔2022〕6号", "云政函〔2022〕6号")),
        ("1.按照云政发〔202〕6号执行。", ("damaged-doc-number", "发〔202〕6号", None)),
        ("1.落实《云溪县若干意见。", ("damaged-bracket", "《云溪县若干意见", None)),
        ("1.由副县长??某某负责。", ("lost-characters", "??", None)),
        ("1.推进锟斤拷锟斤拷基地建设。", ("lost-characters", "锟斤拷锟斤拷", None)),
        ("1.本办法自年月日起施行。", ("lost-digits", "年月日", None)),
        ("1.2025年月日前完成。", ("lost-digits", "月日", None)),
        ("1.按第条规定办理，于第季度公布。", ("lost-number", "第", None)),
        ("1.校企合作覆盖率达到以上。", ("lost-number", "以上", None)),
        ("1.对先进企业给予一次性万元奖励。", ("lost-number", "万元", None)),
    ],
)  # fmt: skip
def test_damage_is_told_with_place_and_mend(line: str, expected: tuple[str, str, str | None]) -> None:
    assert expected in told(line)


@pytest.mark.parametrize(
    "line",
    [
        "1.到2025年底，建设10个实训基地，就业率达到90%以上。",
        "1.截至2011年底，已建成实训基地3个。",
        "1.家家户户、方方面面都要参与，高高兴兴就业。",
        "1)培育家庭农场；2)新增项目5项；（3）打造名校名师。",
        "1.评价指标：双师型教师比例（%）、就业率（%）。",
        "1.按照云政函〔2022〕6号，落实“十四五\"规划。",
        "1.收费比例为1:15，覆盖率达到全国前列。",
        "1.到年底前完成验收，每年第一季度按第三条规定公布年月日。",
        "1.给予企业10万元奖励，达到以上标准的学校给予表彰。",
    ],
)  # fmt: skip
def test_sound_text_raises_no_alarm(line: str) -> None:
    assert told(line) == []


TABLE = [
    ["序号", "工作任务", "牵头单位"],
    ["1", "建设实训基地", "县教育局"],
    ["2", "培养技能人才", "县人社局"],
    ["3", "引进骨干教师", "县教育局"],
    ["4", "开展校企合作", ""],
]


def test_an_empty_lead_cell_amid_full_ones_is_told() -> None:
    parsed = with_table("一、主要任务", TABLE)
    assert [i.code for i in extract(parsed, LEXICONS).issues] == ["lost-cell"]
    whole = with_table("一、主要任务", [*TABLE[:4], ["4", "开展校企合作", "县工信局"]])
    assert extract(whole, LEXICONS).issues == ()


def numbered(*numbers: int) -> list[Issue]:
    rows = [["序号", "工作任务", "完成时间"], *([str(n), f"任务{n}的内容", "长期"] for n in numbers)]
    return [i for i in extract(with_table("一、主要任务", rows), LEXICONS).issues if i.code == "lost-rows"]


def test_rows_that_are_missing_are_told_by_their_numbers() -> None:
    assert [i.detail for i in numbered(1, 2, 3, 6, 7, 8)] == ["3 → 6"]
    for whole in ((1, 2, 3, 4, 5, 6), (1, 2, 3, 1, 2, 3, 4), (3, 4, 5, 6, 7), (10, 20, 35, 50, 80), (1, 2, 3, 5)):
        assert numbered(*whole) == [], whole
    assert numbered(1, 2, 3, 2, 3, 6, 7) == []  # it counts other things


def test_a_table_of_headings_alone_is_told() -> None:
    head = ["序号", "工作任务", "牵头单位", "完成时间"]
    issues = extract(with_table("一、主要任务", [head]), LEXICONS).issues
    assert [i.code for i in issues] == ["lost-table"]
    assert extract(with_table("一、主要任务", [head, ["1", "建设基地", "县教育局", "长期"]]), LEXICONS).issues == ()


def test_a_row_that_lost_a_cell_is_told_at_its_place() -> None:
    lines = [f"\t{n}\n\t任务{n}的内容\n\t县教育局\n" for n in range(1, 6)]
    lines[2] = "\t3\n\t县教育局\n"
    parsed = document("附件\n\t序号\n\t工作任务\n\t牵头单位\n\n" + "\n".join(lines))
    issue = next(i for i in parsed.issues if i.code == "lost-cells")
    assert parsed.text[issue.start : issue.end] == "3"


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("1.提高双帅型教师占比。", "双师型教师"),
        ("1.建设实训基地2O个。", "实训基地20个"),
        ("1.覆盖率达到9l%以上。", "91%"),
        ("（牵头单佗：县教育局）", "牵头单位"),
        ("1.边到80%以上。", "达到80%"),
        ("菜一季度：启动建设。", "第一季度"),
    ],
)  # fmt: skip
def test_look_alikes_are_mended_in_the_reading_alone(line: str, meant: str) -> None:
    parsed, found = extracted(HEAD + line)
    assert line.split("。")[0] in parsed.text
    mended = replace(parsed, issues=(*parsed.issues, *found.issues))
    assert meant in reading(mended)
    assert len(reading(mended)) == len(parsed.text)
    assert any(i.code == CODE and i.mend for i in mended.issues)


def test_a_number_with_look_alikes_is_read_and_its_term_keeps_a_score() -> None:
    _, found = extracted(HEAD + "1.建设省级产教融合型企业2O家。")
    assert [(t.value, t.unit) for t in found.targets] == [(20.0, "家")]
    _, fuzzy = extracted(HEAD + "（一）推进建设（责任单位：县教冑局、县人社局）")
    scores = {a.name: a.score for t in fuzzy.tasks for a in t.agencies}
    assert scores == {"县教育局": 75.0, "县人社局": 100.0}


def test_departments_that_ran_together_are_parted() -> None:
    _, found = extracted(HEAD + "（一）推进建设（责任单位：县教育局县人社局、县财政局）")
    assert [a.name for t in found.tasks for a in t.agencies] == ["县教育局", "县人社局", "县财政局"]


def test_products_and_names_are_no_look_alikes() -> None:
    body = HEAD + "1.建设5G基站3个，推广O2O模式、4S店、3D打印，评定I类专业2个。"
    parsed, found = extracted(body)
    assert [i for i in (*parsed.issues, *found.issues) if i.code == CODE] == []


def test_what_the_document_writes_again_is_no_slip() -> None:
    text = "朔川县职业技术学校"
    words = OwnWords([text, text, text])
    assert word_mender(LEXICONS).find(text, words) == []
