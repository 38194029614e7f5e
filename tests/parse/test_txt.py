"""Plain text: every encoding in use gives the same lines, and what is no text is said to be none."""

from __future__ import annotations

import codecs

import pytest

from pipeline.errors import UnreadableError
from pipeline.parse import txt

TEXT = (
    "云溪县教育局关于深化产教融合的实施方案\r\n\r\n　　一、总体要求\r\n"
    "　　到2026年，建成实训基地12个以上，双师型教师比例达到60%。\r\n"
)
LINES = ["云溪县教育局关于深化产教融合的实施方案", "", "　　一、总体要求"]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 mark", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be mark"],
)
def test_every_encoding_gives_the_same_lines(data: bytes) -> None:
    raw = txt.read(data, "plan.txt")
    assert [b.text for b in raw.blocks][:3] == LINES
    assert raw.format == "txt"
    assert raw.issues == ()


def test_lines_keep_tabs_and_indents() -> None:
    raw = txt.read("\t序号\n  一、目标\n".encode(), "a.txt")
    assert [b.text for b in raw.blocks] == ["\t序号", "  一、目标"]


def test_few_damaged_bytes_are_read_and_told() -> None:
    data = (TEXT * 20).encode()
    damaged = data[:100] + b"\xff" + data[100:]
    raw = txt.read(damaged, "a.txt")
    assert raw.blocks[0].text == LINES[0]
    assert [i.code for i in raw.issues] == ["lost-characters"]


def test_text_of_gb18030_beyond_gb2312_is_read() -> None:
    text = "喆㙍镇推进村企联建，" * 3 + "完成后由镇人民政府组织验收，并报县教育局备案。" * 4
    assert txt.read(text.encode("gb18030"), "a.txt").blocks[0].text == text


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 100, bytes(range(256)) * 8], ids=["controls", "all bytes"])
def test_binary_is_no_text(data: bytes) -> None:
    assert not txt.sniff(data, "a.txt")
    with pytest.raises(UnreadableError):
        txt.read(data, "a.txt")
