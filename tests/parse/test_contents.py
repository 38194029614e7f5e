"""Tables of contents become furniture, with and without a title, leaders and page numbers; lists stay text."""

from __future__ import annotations

import pytest
from pdf_helpers import LEFT, RIGHT, SIZE, Page, advance, filled
from pdf_helpers import read as read_pdf

from pipeline.lexicons import load
from pipeline.model import BlockKind
from pipeline.parse import contents, restructure
from pipeline.raw import RawBlock, RawDocument

HEADS = ["一、总体要求", "二、重点任务", "（一）建设实训基地", "三、保障措施"]
BODY = "云溪县建立产教融合联席会议制度，到2027年建成实训基地12个。"


def aside(*texts: str) -> list[str]:
    """The lines that are set aside."""
    raw = RawDocument("txt", tuple(RawBlock(text) for text in texts))
    found = contents.set_aside(raw, load())
    kept = [b.text for b in found.blocks if b.kind is not BlockKind.FURNITURE]
    gone = [b.text for b in found.blocks if b.kind is BlockKind.FURNITURE]
    assert sorted(kept + gone) == sorted(texts)
    assert [(i.code, i.severity) for i in found.issues] == ([("contents", "info")] if gone else [])
    return gone


def text(heads: list[str] = HEADS) -> list[str]:
    return [line for head in heads for line in (head, BODY)]


@pytest.mark.parametrize("form", ["{}......{}", "{}……………………{}", "{} . . . . . . . {}", "{}····{}", "{}…… - {} -"])
def test_leaders_tell_without_a_title(form: str) -> None:
    lines = [form.format(head, n) for n, head in enumerate(HEADS, 1)]
    assert aside("云溪县实施方案", *lines, *text()) == lines


@pytest.mark.parametrize("form", ["{}\t{}", "{}   {}", "{}"])
@pytest.mark.parametrize("title", ["目录", "目　录"])
def test_a_title_tells_with_what_comes_again(title: str, form: str) -> None:
    lines = [form.format(head, n) for n, head in enumerate(HEADS, 1)]
    assert aside("云溪县实施方案", title, *lines, *text()) == [title, *lines]


def test_entries_that_do_not_come_again_word_for_word_but_have_pages() -> None:
    lines = [f"{head}\t{n}" for n, head in enumerate(HEADS)]
    assert aside("目录", *lines, *text([h + "的内容" for h in HEADS])) == ["目录", *lines]


def test_the_text_begins_where_the_first_entry_comes_again() -> None:
    # The first heading stands a third time further down, so that alone it would pass for an entry.
    assert aside("目录", *HEADS, *HEADS, BODY, *HEADS) == ["目录", *HEADS]


@pytest.mark.parametrize(
    "lines",
    [
        ["招生人数……120", "毕业人数……90", "就业人数……85"],  # what a leader leads to falls: no page numbers
        ["一、总体要求......1", "二、重点任务......3"],
        ["目录", "本目录所列项目由县教育局负责解释。", BODY],
        ["目录", *HEADS[:2], BODY, *HEADS[2:]],
        ["联系电话……0355-1234567"] * 3,
        ["1.2建设目标 20", "1.3建设内容 30", "1.4建设期限 40"],
    ],
)
def test_what_is_none(lines: list[str]) -> None:
    assert aside(*lines) == []


def test_entries_of_a_pdf_stay_lines_and_are_set_aside() -> None:
    page = Page()
    for i, head in enumerate(HEADS):
        used = sum(advance(c, SIZE) for c in head) + SIZE / 2
        dots = "." * int((RIGHT - LEFT - used) / (SIZE / 2))
        page.text(LEFT, 120 + 25 * i, f"{head}{dots}{i + 1}")
    second = Page()
    for i, head in enumerate(HEADS):
        second.text(LEFT + 2 * SIZE, 120 + 50 * i, head).paragraph(145 + 50 * i, BODY, right=600)
    raw = restructure(read_pdf(page, second, filled()), load())
    assert [b.text.split(".")[0] for b in raw.blocks if b.kind is BlockKind.FURNITURE] == HEADS
    assert [b.text for b in raw.blocks if b.kind is not BlockKind.FURNITURE and b.page == 2] == text()
