"""Pictures in an archive: those of one folder are pages of one document, in the order of their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import scan_helpers as scans
from pack_helpers import PLAN, TASKS, codes, details, pack, read

from pipeline.errors import MissingPartError, UnreadableError
from pipeline.parse import image, ocr_cache, ocr_engine, ocr_page, ocr_pdf, parts
from pipeline.parse.ocr_layout import OcrLine

EM = 40.0
FULL = "为深化产教融合提升职业教育服务能力根据县委要求结合实际制定本计划请认真执"  # 36 characters
TITLE = "云溪县深化产教融合实施方案"
DAMAGED = b"\x89PNG\r\n\x1a\n" + b"\x00" * 50
PAGES = (
    [(500, TITLE), (300, FULL[:34]), *[(220, FULL)] * 3],  # the last paragraph goes on
    [(220, FULL[:30] + "。"), (300, FULL[:34]), *[(220, FULL)] * 2],
    [(220, FULL[:20] + "。"), (300, "完。")],
)
WHOLE = [TITLE, FULL[:34] + FULL * 3 + FULL[:30] + "。", FULL[:34] + FULL * 2 + FULL[:20] + "。", "完。"]
ANNEX = [(300, FULL[:32] + "。"), (300, "建设实训基地到二〇二五年底前完成八个由县教育局牵头。")]
LOGO = [(10, "云溪教育")]

Make = Callable[..., bytes]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes pictures, and a recogniser that reads in them the lines with which they were made."""
    pil = pytest.importorskip("PIL.Image", reason="needs Pillow, which comes with the OCR extra")
    texts: list[list[tuple[int, str]]] = []

    def make(lines: list[tuple[int, str]], size: tuple[int, int] = scans.SIZE) -> bytes:
        texts.append(lines)
        return scans.encode(pil.new("L", size, len(texts) - 1), "PNG")

    def read_picture(picture: Any, number: int) -> ocr_page.ScanPage:
        found = []
        for i, (x, text) in enumerate(texts[picture[0, 0, 0]]):
            y, right = 300.0 + 75 * i, x + len(text) * EM
            quad = ((float(x), y), (right, y), (right, y + EM / 0.93), (float(x), y + EM / 0.93))
            at = tuple((k + 0.5) / len(text) for k in range(len(text)))
            found.append(OcrLine(quad, text, at, (0.5 if "完" in text[:1] else 1.0,) * len(text)))
        height, width = picture.shape[:2]
        return ocr_page._content(ocr_page.Recognised(0, width, height, 0.0, tuple(found), (), 0), number)

    monkeypatch.setattr(ocr_engine, "is_available", lambda: True)
    monkeypatch.setattr(ocr_engine, "engine_version", lambda: "fake")
    monkeypatch.setattr(image, "read_picture", read_picture)
    yield make


def shown(document: Any) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks]


@pytest.mark.parametrize("naming", ["{}.png", "第{}页.png", "扫描/IMG_{}.png"])
def test_page_pictures_become_the_plan(made: Make, naming: str) -> None:
    names = [naming.format(n) for n in (1, 2, 10)]
    pages = dict(zip(names, map(made, PAGES), strict=True))
    document = read(pack({name: pages[name] for name in (names[2], names[0], names[1])}))
    assert shown(document) == WHOLE
    assert (document.format, document.page_count, document.metadata.title) == ("zip", 3, TITLE)
    assert details(document, "picture-pages") == [
        f"pages of pictures: 1 = {names[0]}, 2 = {names[1]}, 3 = {names[2]}",
    ]
    assert codes(document, "warning") == ["low-confidence", "no-region"]


def test_recognised_lines_have_boxes_and_doubts_in_an_archive_too(made: Make) -> None:
    annex = made(ANNEX)
    members = {"1.png": made(PAGES[0]), "2.png": made(PAGES[1]), "3.png": made(PAGES[2]), "附件1/a.png": annex}
    document = read(pack(members))
    assert shown(document) == [*WHOLE, "附件1：a", "".join(text for _, text in ANNEX)]
    lines = [(line.page, document.text[line.start : line.end]) for line in document.lines]
    assert lines == [(n, text) for n, page in enumerate((*PAGES, ANNEX), 1) for _, text in page]
    assert details(document, "low-confidence") == ["完。 (0.50), page 3"]
    at = next(i for i in document.issues if i.code == "low-confidence")
    assert document.text[at.start : at.end] == "完。"


def test_folders_and_annexes_are_documents_of_their_own(made: Make) -> None:
    members = {
        "方案.txt": PLAN,
        "附件2/1.png": made([(300, "考核指标如下所列请各单位认真执行。")]),
        "附件2/2.png": made([(300, "各单位按月报送进展情况并抄送县教育局。")]),
        "附件1-1.png": made(ANNEX),
        "附件1-2.png": made([(300, "各乡镇要明确专人负责，按月报送进展情况。")]),
        "附件3.png": made([(300, "联系人名单及电话如下所列请予保存。")]),
    }
    document = read(pack(members))
    assert details(document, "part") == [
        "方案.txt", "附件1-1.png (p. 1–2)", "附件2/ (p. 3–4)", "附件3.png (p. 5)",
    ]  # fmt: skip
    assert [t for t in shown(document) if t.startswith("附件")] == ["附件1", "附件2", "附件3"]


def test_a_damaged_picture_is_told_and_the_others_go_on(made: Make) -> None:
    document = read(pack({"1.png": made(PAGES[0]), "2.png": DAMAGED, "3.png": made(PAGES[1]), "4.png": made(PAGES[2])}))
    assert shown(document) == WHOLE
    assert details(document, "member-unreadable") == [
        "2.png: the picture is damaged (p. 1). scan it or download it again"
    ]


def test_logos_and_pictures_without_text_are_no_pages(made: Make) -> None:
    members = {f"{n}.png": made(page) for n, page in enumerate(PAGES, 1)}
    members |= {"0.png": made(LOGO, (200, 80)), "2a.png": made([]), "图标/a.png": made([]), "图标/b.png": made(LOGO)}
    document = read(pack(members))
    assert shown(document) == WHOLE
    assert document.page_count == 3
    assert codes(document, "warning") == ["low-confidence", "no-region"]
    assert details(document, "no-documents") == [
        "0.png: a small picture with hardly any text: 云溪教育",
        "2a.png: no text was recognised in it",
        "图标/ holds no Chinese text",
        "图标/a.png: no text was recognised in it",
    ]


def test_without_recognition_the_command_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_engine, "is_available", lambda: False)
    members = {"方案.txt": PLAN, "附件.txt": TASKS, "a/1.png": DAMAGED, "a/2.png": DAMAGED, "附件3.png": DAMAGED}
    assert details(read(pack(members)), "member-unreadable") == [
        f"a/1.png and 2 more pictures: a picture needs text recognition. {ocr_engine.INSTALL[1]}",
    ]
    with pytest.raises(MissingPartError) as caught:
        read(pack({"1.png": DAMAGED, "2.png": DAMAGED}))
    assert caught.value.where == "方案.zip (2)"
    assert caught.value.advice == ocr_engine.INSTALL


def test_pages_are_limited_over_the_whole_file(made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_pdf, "MAX_PAGES", 3)
    members = {f"a/{n}.png": made(page) for n, page in enumerate(PAGES, 1)}
    monkeypatch.setattr(image, "read_picture", lambda *_: pytest.fail("recognised in vain"))
    with pytest.raises(UnreadableError, match="more than 3 pages"):
        read(pack(members | {"a/4.png": made(ANNEX)}))


def test_names_in_natural_order() -> None:
    names = ["第10页", "第2页", "第1页", "²", "1²"]
    assert sorted(names, key=parts.natural) == ["1²", "²", "第1页", "第2页", "第10页"]


@pytest.mark.skipif(not ocr_engine.is_available(), reason="needs the OCR extra: pip install 'duibiao[ocr]'")
def test_a_plan_in_page_pictures_is_read(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ocr_cache.VARIABLE, str(tmp_path))
    first, second = scans.page(scans.PARAGRAPHS[:2]), scans.page(scans.PARAGRAPHS[2:4], title="")
    logo = scans.blank((200, 80))
    scans.draw_line(logo, 10, 15, "云溪", scans.font())
    members = {"10.jpg": second, "9.jpg": first, "logo.png": logo}
    data = {name: scans.encode(picture, "PNG" if "png" in name else "JPEG") for name, picture in members.items()}
    document = read(pack(dict(data)))
    assert shown(document) == [scans.TITLE, *scans.PARAGRAPHS[:4]]
    assert document.page_count == 2
    assert {line.page for line in document.lines} == {1, 2}
    assert codes(document, "warning") == ["no-region"]
