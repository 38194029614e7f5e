"""Mojibake: what can be turned back is, exactly; what is half lost is told; what reads well stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.model import BlockKind
from pipeline.parse import mojibake, parse, txt
from pipeline.parse.mojibake import GBK_AS_LATIN, UTF8_AS_LATIN, mend, mend_blocks
from pipeline.raw import RawBlock, RawDocument

LINES = (
    "云溪市人民政府关于印发《云溪市产教融合行动计划》的通知",
    "一、总体目标",
    "到2027年，建成实训基地12个以上，双师型教师占比达到85%；每个县区至少建设1所标准化职业学校。",
    "附件",
    "（二）责任单位：市教育局、市人社局，配合单位：各县（区）人民政府。",
    "联系人：张翀，喆㙍镇中心学校。",
)
TEXT = "\n".join(LINES) + "\n"
COMMON = sorted(mojibake._levels()[0])
SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpus"


def as_gbk(data: bytes) -> str:
    """Bytes as browsers read them as GBK: a lone 0x80 is the euro sign, a byte without partner U+FFFD."""
    out, at = [], 0
    while at < len(data):
        for width in (1, 2, 4):
            piece = data[at : at + width]
            try:
                out.append("€" if piece == b"\x80" else piece.decode("gb18030"))
                at += width
                break
            except UnicodeDecodeError:
                continue
        else:
            out.append("\ufffd")
            at += 1
    return "".join(out)


def as_windows(data: bytes) -> str:
    """Bytes as browsers read them as Latin-1: Windows-1252, its five empty places as control characters."""
    return "".join(bytes((b,)).decode("cp1252", errors="ignore") or chr(b) for b in data)


WRONG = {
    "GBK read as Latin-1": (lambda t: t.encode("gb18030").decode("latin-1"), GBK_AS_LATIN),
    "GBK read as Windows-1252": (lambda t: as_windows(t.encode("gb18030")), GBK_AS_LATIN),
    "UTF-8 read as Latin-1": (lambda t: t.encode().decode("latin-1"), UTF8_AS_LATIN),
    "UTF-8 read as Windows-1252": (lambda t: as_windows(t.encode()), UTF8_AS_LATIN),
    "twice": (lambda t: as_windows(as_windows(t.encode()).encode()), f"{UTF8_AS_LATIN} + {UTF8_AS_LATIN}"),
    "GBK as Latin-1, then UTF-8 too": (
        lambda t: as_windows(t.encode("gb18030").decode("latin-1").encode()), f"{UTF8_AS_LATIN} + {GBK_AS_LATIN}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", WRONG)
def test_a_text_is_turned_back_exactly(mistake: str) -> None:
    spoil, chain = WRONG[mistake]
    spoilt = spoil(TEXT)
    assert spoilt != TEXT
    found = mend(spoilt)
    assert found.text == TEXT
    assert {(r.chain, r.lost) for r in found.repairs} == {(chain, 0)}
    assert [found.text[r.start : r.end] for r in found.repairs] == list(LINES)
    assert [r.original for r in found.repairs] == spoilt.rstrip("\n").split("\n")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.sampled_from(COMMON), min_size=6, max_size=40), min_size=1, max_size=6),
    st.sampled_from(sorted(WRONG)),
    st.sampled_from(["，到2027年达到85%，", "", "（A类）", "；"]),
)
def test_mending_undoes_the_mistake(lines: list[str], mistake: str, between: str) -> None:
    text = "\n".join(line[:3] + between + line[3:] for line in lines)
    assert mend(WRONG[mistake][0](text)).text == text


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.sampled_from(COMMON), min_size=4, max_size=40), min_size=1, max_size=6))
def test_utf_8_read_as_gbk_is_undone_where_every_byte_found_a_partner(lines: list[str]) -> None:
    even = [line if len(line) % 2 == 0 else line + "年" for line in lines]
    spoilt = "\n".join(as_gbk(line.encode()) for line in even)
    assume("\ufffd" not in spoilt)
    assert mend(spoilt).text == "\n".join(even)


@given(st.text(st.sampled_from([*COMMON, *"，。；：、（）《》“”0123456789%\n —·×℃éÜñü"]), max_size=200))
def test_what_reads_well_stays(text: str) -> None:
    assert mend(text) == mojibake.Mended(text)


@pytest.mark.parametrize(
    "text",
    [
        "Café résumé naïve Zürich Ångström — élève", "“——”……“——”……", "联通", "喆㙍翀㛃犇骉羴鱻", "±0.5℃×３＝１．５°",
        "镕基、堃、昇、喆、旻、淼、焱、垚、犇、翀、玥、珺、琰", "1．2〔2020〕3号　（）《》",
    ],
)  # fmt: skip
def test_odd_but_right_text_stays(text: str) -> None:
    assert mend(text) == mojibake.Mended(text)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the real plans of ../shared")
def test_real_plans_stay() -> None:
    files = [*SHARED.glob("*.txt"), *SHARED.glob("wild/*.txt")]
    assert files
    for file in files:
        assert mend(file.read_text(encoding="utf-8")).repairs == (), file.name


def test_half_lost_text_is_mended_as_far_as_it_goes_and_told() -> None:
    spoilt = as_gbk(TEXT.encode())
    found = mend(spoilt)
    lines = found.text.split("\n")
    assert lines[0] == LINES[0]
    # A run of an odd number of characters lost its last one to what follows.
    reach = "建成实训基地12个以上，双师型教师占比达\ufffd85%"
    assert lines[2] == f"\ufffd2027年，{reach}；每个县区至少建\ufffd1所标准化职业学校\ufffd"
    assert [r.lost for r in found.repairs][:3] == [0, 0, 4]
    issue = found.repairs[2].issue(7)
    assert (issue.code, issue.severity, issue.block) == ("garbled-encoding", "warning", 7)
    assert spoilt.split("\n")[2][:40] in issue.detail
    assert "4 characters lost" in issue.detail


def test_a_question_mark_in_the_place_of_a_lost_byte() -> None:
    """Old programs put ? for it, and lost the character that followed with it."""
    spoilt = as_gbk("加快建设双师型教师队伍，完善考核办法".encode()).replace("\ufffd", "?")
    odd = as_gbk("完善考核办法，加快建设实训基地".encode()).replace("\ufffd", "?")
    assert mend(spoilt).text == "加快建设双师型教师队伍，完善考核办法"
    assert odd.endswith("?")
    assert mend(odd).text == "完善考核办法，加快建设实训基\ufffd"


def test_one_spoilt_line_among_others_is_told_at_its_place() -> None:
    plan = [*LINES[:3], as_gbk(LINES[0].encode()), *LINES[3:]]
    raw = txt.read("\n".join(plan).encode(), "a.txt")
    assert [b.text for b in raw.blocks] == [*LINES[:3], LINES[0], *LINES[3:]]
    assert [(i.code, i.severity, i.block) for i in raw.issues] == [("garbled-encoding", "info", 3)]


def test_a_spoilt_piece_of_a_line_is_turned_back() -> None:
    spoilt = f"标题：{as_gbk('产教融合行动计划'.encode())}（正式）"
    assert mend(spoilt).text == "标题：产教融合行动计划（正式）"


def test_blocks_of_any_format_are_mended_and_what_stays_garbled_is_told() -> None:
    garbled = "鎴戠垉钀嗙弸鍗栭敚鏂ゆ嫹閿熸枻鎷峰埄鍡歌拷" * 2
    blocks = (
        RawBlock(LINES[0]),
        RawBlock(WRONG["UTF-8 read as Latin-1"][0](LINES[2]), BlockKind.CELL),
        RawBlock(garbled),
    )
    raw = mend_blocks(RawDocument("docx", blocks))
    assert [b.text for b in raw.blocks[:2]] == [LINES[0], LINES[2]]
    assert raw.blocks[1].kind is BlockKind.CELL
    assert [(i.code, i.severity, i.block) for i in raw.issues] == [
        ("garbled-encoding", "info", 1), ("garbled-encoding", "warning", 2),
    ]  # fmt: skip
    clean = RawDocument("docx", blocks[:1])
    assert mend_blocks(clean) is clean


BODY = "\n".join(
    [*LINES, *(f"{i}.由市教育局牵头，年底前完成第{i}批实训基地的验收工作，并向社会公布结果。" for i in range(1, 9))]
)


@pytest.mark.parametrize("mistake", WRONG)
def test_a_spoilt_file_is_read(mistake: str) -> None:
    document = parse(WRONG[mistake][0](BODY).encode(), "a.txt")
    assert document.text == BODY
    (issue,) = [i for i in document.issues if i.code == "garbled-encoding"]
    assert issue.severity == "info"
    assert "云溪" in (document.metadata.title or "")


def test_a_spoilt_page_is_read_with_its_article() -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY.split("\n"))
    page = (
        f'<html><head><meta charset="utf-8"></head><body><div>导航</div><div id="zoom">{paragraphs}</div></body></html>'
    )
    for spoilt in (page.encode("gb18030").decode("latin-1").encode(), as_windows(page.encode()).encode()):
        document = parse(spoilt, "a.html")
        assert [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.FURNITURE][:1] == [
            "导航"
        ]
        assert document.text.endswith(BODY.split("\n")[-1])
        assert [i.severity for i in document.issues if i.code == "garbled-encoding"] == ["info"]


def test_a_page_that_names_the_wrong_encoding_is_read() -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY.split("\n"))
    page = f'<html><head><meta charset="iso-8859-1"></head><body>{paragraphs}</body></html>'
    assert parse(page.encode("gb18030"), "a.html").text == BODY


def test_two_encodings_in_one_file_are_read_line_by_line_and_told() -> None:
    head, rest = BODY.split("\n", 1)
    raw = txt.read(head.encode("gb18030") + b"\n" + rest.encode(), "a.txt")
    assert "\n".join(b.text for b in raw.blocks) == BODY
    (issue,) = raw.issues
    assert (issue.code, issue.severity) == ("mixed-encodings", "info")
    assert "GB 18030 1, UTF-8 13 lines; the first of the former: 1" in issue.detail


def test_a_damaged_byte_is_no_second_encoding() -> None:
    data = (BODY * 5).encode()
    raw = txt.read(data[:300] + b"\xff" + data[300:], "a.txt")
    assert [i.code for i in raw.issues] == ["lost-characters"]


def test_hostile_lines_end() -> None:
    for line in ("Ã" * 200_000, "鍏" * 200_000 + "\ufffd" * 1000, "é鍏" * 100_000, "\ufffd?" * 100_000):
        assert "\n" not in mend(line).text
