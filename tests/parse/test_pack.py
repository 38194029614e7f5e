"""ZIP archives: a plan with its annexes as one document, what cannot be read told, hostile ones refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from ofd_writer import write as ofd
from pack_helpers import LISTED, OTHER, PLAN, SCORES, TASKS, codes, details, docx, pack, read

from pipeline.errors import MissingPartError, UnreadableError
from pipeline.model import Document
from pipeline.parse import archive as archives
from pipeline.parse import ocr_engine, readers
from pipeline.parse import pack as packs

ROWS = (("序号", "任务", "责任单位"), ("1", "建成实训基地12个", "县教育局"))


def lines(document: Document) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.cell is None]


def headings(document: Document) -> list[tuple[str, str]]:
    return [(s.part, s.number + s.heading) for s in document.sections if s.part == "annex" and s.parent is None]


@pytest.mark.parametrize("naming", ["utf-8", "gbk", "plain"])
def test_plan_and_annexes_become_one_document(naming: str) -> None:
    members = {
        "附件2.考核指标.txt": SCORES.encode("gb18030"),
        "附件10：联系表.docx": docx("联系人名单及电话如下所列"),
        "附件1.重点任务分工表.docx": docx(TASKS, ROWS),
        "云溪县深化产教融合实施方案.docx": docx(LISTED),
    }
    document = read(pack(members, naming))
    assert document.format == "zip"
    assert document.metadata.title == "云溪县深化产教融合实施方案"
    assert document.metadata.issue_date == "2024-03-05"
    assert lines(document)[0] == "云溪县深化产教融合实施方案"
    order = [t for t in lines(document) if t.startswith("附件") and t != "附件：1.重点任务分工表"]
    assert order == ["附件1", "附件2", "附件10：联系表"]
    assert [h for _, h in headings(document)] == ["附件1", "附件2", "附件10:联系表"]
    cells = [document.text[b.start : b.end] for b in document.blocks if b.cell is not None]
    assert cells == [text for row in ROWS for text in row]
    assert [t.caption for t in document.tables] == ["建设实训基地，到2025年底前完成8个，由县教育局牵头，县财政局配合。"]
    assert details(document, "part") == [
        "云溪县深化产教融合实施方案.docx", "附件1.重点任务分工表.docx", "附件2.考核指标.txt", "附件10：联系表.docx",
    ]  # fmt: skip


def test_places_of_the_parts_are_those_of_their_first_blocks() -> None:
    document = read(pack({"附件1.txt": TASKS, "方案.txt": PLAN}))
    starts = [(i.detail, document.text[i.start : i.end]) for i in document.issues if i.code == "part"]
    assert starts == [("方案.txt", "云溪县深化产教融合实施方案"), ("附件1.txt", "附件1")]


def test_a_name_of_its_own_in_the_unicode_field() -> None:
    data = pack({"附件3：任务清单.txt": TASKS}, "extra")
    assert [m.name for m in archives.Archive(data, "a.zip").members] == ["附件3：任务清单.txt"]
    stale = data.replace(b"#U4e91.txt", b"#U4e92.txt")  # the checksum is no longer that of the plain name
    assert [m.name for m in archives.Archive(stale, "a.zip").members] == ["#U4e92.txt"]


def test_pages_count_on_and_tables_too() -> None:
    plan = ofd([*PLAN.split("\n")[:-1], *["各乡镇要明确专人负责，按月报送进展情况，确保各项任务按时完成。" * 4] * 9])
    members = {"方案.ofd": plan, "附件1.ofd": ofd([list(ROWS)]), "附件2.docx": docx(SCORES, ROWS)}
    document = read(pack(members))
    pages = [b.page for b in document.blocks if b.cell is not None]
    assert document.page_count == 4
    assert pages == [4] * 6 + [None] * 6
    assert [t.index for t in document.tables] == [0, 1]
    assert details(document, "part") == ["方案.ofd (p. 1–3)", "附件1.ofd (p. 4)", "附件2.docx"]


@pytest.mark.parametrize(
    ("name", "opening", "heading"),
    [
        ("附件1.任务分工.txt", TASKS, "附件1"),
        ("附件1.联系方式.txt", TASKS, "附件1：联系方式"),
        ("附件2 2025年名单.txt", TASKS, "附件2：2025年名单"),
        ("附件三年行动.txt", TASKS, "附件：三年行动"),
        ("附件1：重点任务分工表.txt", TASKS, "附件1"),
        ("附件一 重点任务分工表.txt", TASKS, "附件1"),
        ("附1.名单.txt", TASKS, "附件1：名单"),
        ("名单(附件2).txt", TASKS, "附件2：名单"),
        ("附件/名单.txt", TASKS, "附件：名单"),
        ("附件3/名单.txt", TASKS, "附件3：名单"),
        ("名单.txt", "附件2\n" + TASKS, "附件2"),
        ("名单.txt", "附件2\n\n名单一览如下：甲、乙、丙、丁。", "附件2"),
        ("名单.txt", "名单一览如下：甲、乙、丙、丁。", "附件"),
        ("云溪县名单.txt", "名单一览如下：甲、乙、丙、丁。", "附件：云溪县名单"),
    ],
)
def test_headings_of_annexes(name: str, opening: str, heading: str) -> None:
    document = read(pack({"a方案.txt": PLAN, name: opening}))
    assert [line for line in lines(document) if line.startswith("附件")] == [heading]
    assert document.sections[-1].part == "annex"


def test_an_annex_by_the_list_of_the_plan() -> None:
    document = read(pack({"分工.txt": TASKS, "方案.txt": LISTED}))
    assert lines(document)[0] == "云溪县深化产教融合实施方案"
    assert headings(document)


def test_a_notice_comes_before_the_plan_that_it_forwards() -> None:
    notice = (
        "云溪县教育局关于印发《云溪县深化产教融合实施方案》的通知\n各乡镇人民政府：\n"
        "现将《云溪县深化产教融合实施方案》印发给你们，请认真贯彻执行。\n云溪县教育局\n2024年3月5日\n"
    )
    document = read(pack({"1方案.txt": PLAN, "2通知.txt": notice, "附件.txt": TASKS}))
    assert lines(document)[0] == "云溪县教育局关于印发《云溪县深化产教融合实施方案》的通知"
    assert document.metadata.title == "云溪县深化产教融合实施方案"
    assert document.text[document.body_start :].startswith("云溪县深化产教融合实施方案")
    assert "附件" in lines(document)


def test_the_same_text_is_taken_once() -> None:
    members = {"方案.txt": PLAN, "方案.docx": docx(PLAN), "附件1.txt": TASKS, "附件2.txt": TASKS}
    document = read(pack(members))
    assert document.text.count("云溪县深化产教融合实施方案") == 1
    assert details(document, "same-text") == ["方案.txt: the same text as 方案.docx"]
    assert document.text.count("县财政局配合") == 2  # annexes with numbers of their own are two


def test_what_explains_the_plan_is_left_out_and_told() -> None:
    said = "《云溪县深化产教融合实施方案》政策解读\n到2026年，全县建成产教融合实训基地12个以上，解读如下。"
    document = read(pack({"方案.txt": PLAN, "政策解读.txt": said}))
    assert "解读如下" not in document.text
    assert codes(document, "warning").count("interpretation") == 1
    alone = read(pack({"政策解读.txt": said + PLAN}))
    assert "解读如下" in alone.text


def test_plans_of_their_own_are_not_joined() -> None:
    with pytest.raises(UnreadableError) as caught:
        read(pack({"云溪县方案.txt": PLAN, "澜川市计划.txt": OTHER, "附件1.txt": TASKS}))
    assert caught.value.what[1] == "it holds several documents of their own"
    assert caught.value.where == "云溪县方案.txt、澜川市计划.txt"
    assert "分别导入" in caught.value.advice[0]


def test_what_cannot_be_read_is_told_and_what_is_no_document_listed() -> None:
    members = {
        "方案.txt": PLAN,
        "附件1.png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
        "附件2.rar": b"Rar!\x1a\x07\x00" + b"\x00" * 50,
        "__MACOSX/._方案.txt": b"\x00\x05\x16\x07",
        "样式/page.css": "body {}",
        "empty.docx": b"",
        "manifest.csv": "file,region\n方案.txt,云溪县云溪县云溪县",
        "numbers.csv": "1,2,3\n4,5,6\n",
    }
    document = read(pack(members))
    told = details(document, "member-unreadable")
    assert sorted(t.split(":")[0] for t in told) == ["附件1.png", "附件2.rar"]
    assert any("RAR" in t for t in told)
    listed = details(document, "no-documents")
    assert "numbers.csv holds no Chinese text" in listed
    assert "4 files are no documents: __MACOSX/._方案.txt、样式/page.css、empty.docx、manifest.csv" in listed
    assert "part" not in codes(document)


def test_an_archive_in_the_archive_is_opened_once() -> None:
    inner = pack({"附件1.任务分工.txt": TASKS})
    document = read(pack({"方案.txt": PLAN, "附件.zip": inner}))
    assert details(document, "part") == ["方案.txt", "附件/附件1.任务分工.txt"]
    deep = pack({"方案.txt": PLAN, "二层.zip": pack({"三层.zip": inner, "附件2.txt": SCORES})})
    document = read(deep)
    assert details(document, "member-unreadable") == [
        "二层/三层.zip: archives or mails nested more than once. unpack it and ingest that",
    ]
    assert details(document, "part") == ["方案.txt", "二层/附件2.txt"]


# --- hostile and damaged ---------------------------------------------------------------------------------------------


def test_names_that_lead_outside_stay_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["../../方案.txt", "/etc/附件1.txt", "C:\\temp\\附件2.txt", "a/./../附件3.txt"]
    data = pack(dict(zip(names, (PLAN, TASKS, SCORES, SCORES), strict=True)))
    assert details(read(data), "part") == ["方案.txt", "etc/附件1.txt", "temp/附件2.txt", "a/附件3.txt"]
    assert list(tmp_path.iterdir()) == []
    assert not (tmp_path.parent.parent / "方案.txt").exists()


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = pack({"方案.txt": PLAN, "附件.txt": b"\x00" * (30 * 2**20)})
    with pytest.raises(UnreadableError, match="hostile"):
        read(bomb)
    monkeypatch.setattr(archives, "MAX_UNPACKED", 200)
    with pytest.raises(UnreadableError, match="too large"):
        read(pack({"方案.txt": PLAN}))


def test_archives_inside_share_one_limit() -> None:
    inner = pack({"附件1.txt": TASKS * 20})
    budget = packs.Budget()
    budget.left.unpacked = len(TASKS.encode()) * 30
    found = packs.gather(packs.unpack(pack({"甲.zip": inner, "乙.zip": inner}), "a.zip", budget), budget)
    assert [p.name for p in found.parts] == ["甲/附件1.txt"]
    assert [(n, e.what[1]) for n, e in found.failures] == [("乙.zip", "too large when unpacked, perhaps hostile")]


def test_too_many_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    with pytest.raises(UnreadableError, match="too many files"):
        read(pack({f"{i}.txt": TASKS for i in range(4)}))
    budget = packs.Budget()
    budget.left.documents = 2
    with pytest.raises(UnreadableError, match="too many files"):
        packs.gather([(f"{i}.txt", TASKS.encode()) for i in range(3)], budget)


def encrypted(data: bytes) -> bytes:
    """The archive with every member marked as encrypted, in its local header and in the directory."""
    out = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = out.find(mark)
        while start >= 0:
            out[start + at] |= 1
            start = out.find(mark, start + 4)
    return bytes(out)


def test_encrypted_members_are_told() -> None:
    with pytest.raises(UnreadableError) as caught:
        read(encrypted(pack({"方案.txt": PLAN, "附件1.txt": TASKS})))
    assert caught.value.what[1] == "its files cannot be read: it needs a password"
    assert "密码" in caught.value.advice[0]


def test_damaged_members_are_told() -> None:
    data = bytearray(pack({"方案.txt": PLAN, "附件1.txt": TASKS}))
    info = zipfile.ZipFile(io.BytesIO(bytes(data))).infolist()[1]
    data[info.header_offset + 60] ^= 0xFF
    document = read(bytes(data))
    assert details(document, "member-unreadable") == ["附件1.txt: it is damaged. download it again"]


@pytest.mark.parametrize(("can_read", "advice"), [(False, "duibiao[ocr]"), (True, "重新扫描")])
def test_only_pictures(can_read: bool, advice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_engine, "is_available", lambda: can_read)
    picture = b"\x89PNG\r\n\x1a\n" + b"\x00" * 50
    with pytest.raises(UnreadableError) as caught:
        read(pack({"1.png": picture, "2.png": picture}))
    assert caught.value.what[1].startswith("its files cannot be read")
    assert isinstance(caught.value, MissingPartError) is not can_read
    assert advice in caught.value.advice[0]


def test_files_that_need_what_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_engine, "is_available", lambda: False)
    from ofd_writer import Document as Ofd
    from ofd_writer import Page, package

    with pytest.raises(MissingPartError):
        read(pack({"方案.ofd": package(Ofd([Page().image(0, 0, 210, 297)]))}))


def test_nothing_in_it() -> None:
    with pytest.raises(UnreadableError, match="no file that can be read"):
        read(pack({"a.css": "x", "b.js": "y"}))


@pytest.mark.parametrize("cut", [10, 200, -30, -4])
def test_a_cut_archive_is_damaged(cut: int) -> None:
    with pytest.raises(UnreadableError, match="damaged ZIP"):
        readers.choose(pack({"方案.txt": PLAN, "附件1.txt": TASKS})[:cut], "a.zip")


def test_the_order_of_the_members_does_not_matter() -> None:
    members = {"方案.txt": LISTED, "附件1.txt": TASKS, "附件2.txt": SCORES}
    first = read(pack(members))
    second = read(pack(dict(reversed(members.items()))))
    assert first.text == second.text
    assert first.blocks == second.blocks
