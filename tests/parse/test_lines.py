"""Lost line breaks are put back and broken lines joined; titles, headings, signatures and dates stay apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicons import load
from pipeline.model import BlockKind
from pipeline.parse import lines, restructure, txt
from pipeline.raw import RawBlock, RawDocument

CORPUS = Path(__file__).resolve().parents[2] / "../shared/corpus"
shared = pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the real plans in ../shared/corpus")

FILL = "围绕全县主导产业，推动学校与企业共建共享，完善工作机制，强化督导考核，确保各项任务落到实处" * 8 + "。"


def raw(*texts: str, kind: str = "txt") -> RawDocument:
    return RawDocument(kind, tuple(RawBlock(text) for text in texts))


def split(text: str) -> list[str]:
    return [b.text.strip() for b in lines.split(raw(text), load()).blocks]


def join(*texts: str, kind: str = "txt") -> list[str]:
    return [b.text for b in lines.join(raw(*texts, kind=kind), load()).blocks if b.text.strip()]


# --- lost --------------------------------------------------------------------------------------------------------


def test_headings_title_salutation_signature() -> None:
    parts = [
        "云溪县人民政府关于支持职业教育的若干意见",
        "各乡镇人民政府，县直各单位：",
        "为支持职业教育，提出如下意见：",
        "一、建设基地。" + FILL,
        "二、培养教师。第一、二、三季度分别检查。" + FILL,
        "三、强化考核。（责任单位：县教育局）",
        "本意见自印发之日起施行。",
        "云溪县人民政府",
    ]
    assert split(" ".join(parts)) == parts


def test_headings_without_any_blank() -> None:
    parts = [
        "为深化改革，制定本方案。",
        "一、总体要求",
        "（一）指导思想。" + FILL,
        "（二）主要目标。" + FILL,
        "二、重点任务",
        "（一）建设基地。" + FILL,
        "（二）培养教师。" + FILL,
        "三、组织保障。" + FILL,
    ]
    assert split("".join(parts)) == parts


def test_indents_in_the_middle_of_a_line() -> None:
    parts = ["第一章　总则", "第一条 　为规范管理，制定本办法。"]
    assert split("　　".join(parts)) == parts
    assert split("已经同意，现印发给你们。　　云溪县教育局") == ["已经同意，现印发给你们。", "云溪县教育局"]


@pytest.mark.parametrize(
    "text",
    [
        "李　　明 县教育局局长",
        "一、建设基地。" + FILL + "二、培养教师。" + FILL,
        "建设一、二、三类基地，" + FILL * 4,
        "一、建设基地。二、培养教师。三、强化考核。",
        FILL * 5,
    ],
    ids=["name", "two headings", "no heading", "short", "long paragraph"],
)
def test_stays_whole(text: str) -> None:
    document = raw(text)
    assert lines.split(document, load()) is document


def test_split_is_told_and_loses_only_white_space() -> None:
    text = " ".join(["一、甲。" + FILL, "二、乙。" + FILL, "三、丙。" + FILL, "四、丁。" + FILL])
    found = lines.split(raw(text), load())
    assert [i.code for i in found.issues] == ["lost-line-breaks"]
    assert "".join(b.text for b in found.blocks).replace(" ", "") == text.replace(" ", "")


# --- broken ------------------------------------------------------------------------------------------------------

RUNNING = "推动教育、科技、财政等部门密切配合，完善协同机制，有关主管部门、群团组织以及行业"


def test_paragraph_cut_through_a_word() -> None:
    said = "二、发挥行业协会的作用。"
    assert join(said, RUNNING, "", "协会积极参与，形成合力。") == [said, RUNNING + "\n协会积极参与，形成合力。"]


def test_paragraph_cut_through_a_word_of_two_characters() -> None:
    said = ["技术人才不足。", "技术平台不多。"]
    above = "学校与企业共同建设实训基地，完善共建共享机制，协同开展课题研究、成果转化、技能竞赛、技"
    assert join(*said, above, "", "术攻关，形成专利。")[-1] == above + "\n术攻关，形成专利。"


@pytest.mark.parametrize("kind", ["txt", "html", "docx"])
@pytest.mark.parametrize(
    "title",
    [
        ["云溪县人民政府关于", "印发《云溪县校企合作育人", "三年行动计划》的通知"],
        ["云溪县人民政府关于加快推进农业机械化和", "装备产业升级的实施意见"],
    ],
)
def test_broken_titles(title: list[str], kind: str) -> None:
    assert join(*title, "各乡镇人民政府：", kind=kind) == ["\n".join(title), "各乡镇人民政府："]


def test_title_broken_in_a_word_that_stands_elsewhere() -> None:
    texts = ["关于云溪县促进校企合", "作育人三年行动计划", "为促进校企合作育人，制定本计划。"]
    assert join(*texts) == ["\n".join(texts[:2]), texts[2]]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("云溪县教育局", "2026年1月5日"),
        ("云溪县人民政府办公室", "关于深化产教融合的实施意见"),
        ("云溪县人民政府办公室", "印发《关于深化产教融合的实施意见》的通知"),
        ("云溪县教育局", "云溪县财政局"),
        ("各乡镇人民政府：", "现将方案印发给你们。"),
        ("一、指导思想", "思想统一，行动一致，全面落实。"),
        ("（一）营造良好环境", "环境是基础，各部门要重视。"),
        ("一、目的", "的确保任务完成。"),
        ("（二）统筹推进", "推进产教融合，建设基地。"),
        (RUNNING, "（二）协会积极参与，形成合力。"),
        (RUNNING, "责任单位：县教育局"),
        (RUNNING + "协会。", "协会积极参与，形成合力。"),
        (RUNNING, "　　协会积极参与，形成合力。"),
        ("（七）出台促进办法。（责任部门：校企办、办公室，各乡镇人民政府以及县直有关部门）", "出台促进办法是重点。"),
        ("关于深化产教融合的实施方案", "（征求意见稿）"),
    ],
)
def test_stays_apart(above: str, below: str) -> None:
    said = ["发挥行业协会的作用。", "《云溪县人民政府办公室关于深化改革的意见》（县政府）出台促进办法。"]
    assert join(above, below, *said)[:2] == [above, below]


def test_other_formats_keep_their_paragraphs() -> None:
    assert len(join("行业协会参与。", RUNNING, "协会积极参与。", kind="docx")) == 3


def wrapped(paragraphs: list[str], width: int, indent: str) -> list[str]:
    out: list[str] = []
    for paragraph in paragraphs:
        text = indent + paragraph
        out += [text[i : i + width] for i in range(0, len(text), width)]
    return out


@pytest.mark.parametrize("width", [28, 35, 40])
def test_hard_wrapped_text_with_indents(width: int) -> None:
    paragraphs = ["围绕主导产业，" + FILL[: 90 + 13 * n] + "。" for n in range(8)]
    found = join(*wrapped(paragraphs, width, "　　"))
    assert [text.replace("\n", "").strip() for text in found] == paragraphs


SOME = ["云溪县教育局", "一、目标", "建设基地。", "产教融合，", "", "合创新发展", FILL]


@given(st.lists(st.sampled_from(SOME), max_size=12))
def test_join_keeps_every_character(texts: list[str]) -> None:
    found = "".join("".join(join(*texts)).split())
    assert found == "".join("".join(texts).split())


@shared
@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "joined"),
    [
        ("shahe-2020.txt", ["行业\n协会"]),
        ("pingshun-2025.txt", ["技\n术创新"]),
        ("baoqing-2023.txt", ["关于\n印发", "产教融合\n创新", "产教融\n合创新"]),
        ("shandong-zhizao-2022.txt", []),
        ("bingtuan12-2020.txt", []),
        ("shaoxing-2025plan.txt", []),
    ],
)
def test_real_broken_lines(name: str, joined: list[str]) -> None:
    found = restructure(txt.read((CORPUS / name).read_bytes(), name), load())
    text = [b.text for b in found.blocks if b.cell is None]
    assert sum(t.count("\n") for t in text) == len(joined)
    assert all(any(j in t for t in text) for j in joined)


@shared
@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "blocks"),
    [("xiangtan-2020.txt", 19), ("wild/fujian-fangkong-2020.txt", 40), ("wild/liaoning-zhongxiaoqiye-2020.txt", 35)],
)
def test_real_texts_on_one_line(name: str, blocks: int) -> None:
    assert len(restructure(txt.read((CORPUS / name).read_bytes(), name), load()).blocks) == blocks


def test_a_chapter_behind_a_sentence_on_the_same_line_begins_a_line() -> None:
    assert split("研制服务机器人。 三、推进平台提质升级") == ["研制服务机器人。", "三、推进平台提质升级"]
    assert split("覆盖全部学校。 一、二年级学生全员参加。") == ["覆盖全部学校。 一、二年级学生全员参加。"]


def wrapped_pages(pages: int) -> list[str]:
    """A text wrapped at 26 characters, its indents lost, with the number of each page on a line of its own."""
    body = "各学校要结合主导产业需求，持续优化专业布局，推动产教深度融合发展，"
    found: list[str] = []
    for page in range(1, pages + 1):
        for paragraph in range(3):
            text = body * 3 + "确保取得实效。" + "好" * paragraph
            found += [text[:24], *(text[i : i + 26] for i in range(24, len(text), 26))]
        found.append(str(page))
    return found


def test_numbers_of_pages_are_furniture_in_a_wrapped_text() -> None:
    blocks = lines.join(raw(*wrapped_pages(4)), load()).blocks
    assert [b.text for b in blocks if b.kind is BlockKind.FURNITURE] == ["1", "2", "3", "4"]
    paragraphs = [b.text.replace("\n", "") for b in blocks if b.kind is BlockKind.PARAGRAPH]
    assert len(paragraphs) == 12
    assert all(p.startswith("各学校") for p in paragraphs)


def test_numbers_alone_on_lines_stay_where_the_text_is_not_wrapped() -> None:
    rows = [text for n in range(1, 5) for text in (str(n), "建设基地。", "县教育局")]
    assert [b.kind for b in lines.join(raw(*rows), load()).blocks] == [BlockKind.PARAGRAPH] * 12


def test_items_glued_to_what_stands_before_them_begin_lines() -> None:
    assert split("一、强化工作统筹协调1.加强统筹谋划。抓好落实。") == [
        "一、强化工作统筹协调",
        "1.加强统筹谋划。抓好落实。",
    ]
    glued = "6.引进院所。推动合作发展7.引进人才。会同有关部门抓好落实。"
    assert split(glued) == ["6.引进院所。推动合作发展", "7.引进人才。会同有关部门抓好落实。"]
    assert split("1.新建基地2个；2.新开专业3个。") == ["1.新建基地2个；2.新开专业3个。"]
    assert split("6.引进院所。达到9.引进人才的要求。") == ["6.引进院所。达到9.引进人才的要求。"]
