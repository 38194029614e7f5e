"""Which reader takes a file, and what is said of files that none takes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import NotAPlanError, UnreadableError
from pipeline.parse import parse, readers

WILD = Path(__file__).resolve().parents[2] / "../shared/corpus/wild"
PLAN = "云溪县教育局关于深化产教融合的实施方案。到2026年，建成实训基地12个以上。".encode()


def archive(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for member in members:
            packed.writestr(member, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "format_"),
    [
        (PLAN, "plan.txt", "txt"),
        (PLAN, "plan", "txt"),
        (b"<!DOCTYPE html><p>" + PLAN, "plan.txt", "html"),
        (b"\xef\xbb\xbf<html><body><p>" + PLAN, "plan.htm", "html"),
        (b"<table><tr><td>" + PLAN, "plan.html", "html"),
        (b"<table><tr><td>" + PLAN, "plan.txt", "txt"),
        (b"\n<!-- saved -->\n<html>" + PLAN, "page.shtml", "html"),
        (b"<html><body><p>" + PLAN, "plan.pdf", "html"),
        (b'<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><p>' + PLAN, "plan.doc", "html"),
        (archive("a.txt"), "a.txt", "zip"),
        (archive("OFD.xml"), "a.docx", "ofd"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n<html>", "a.doc", "mhtml"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "a.txt", "image"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "scan.txt", "image"),
        (b"BM\x46\x00\x00\x00" + b"\x00" * 50, "scan", "image"),
    ],
)
def test_chosen_by_content_then_name(data: bytes, name: str, format_: str) -> None:
    assert readers.choose(data, name).format == format_


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.txt", "empty"),
        (b" \r\n\t", "a.txt", "empty"),
        (b"Rar!\x1a\x07\x00" + b"\x00" * 50, "a.rar", "RAR archive"),
        (b"7z\xbc\xaf\x27\x1c" + b"\x00" * 50, "a.7z", "7z archive"),
        (archive(), "a.zip", "empty ZIP"),
        (b"PK\x03\x04 not a zip at all", "a.zip", "damaged ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.doc", "unknown kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.txt", "OLE2"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.docx", "password"),
        (b"MZ\x90\x00" + b"\x00" * 50, "a.txt", "program"),
        (b"\x00\x01\x02" * 90, "a.bin", "binary"),
    ],
)
def test_refused_with_what_it_is_and_what_to_do(data: bytes, name: str, said: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        readers.choose(data, name)
    assert said in caught.value.what[1]
    assert name in caught.value.where
    assert all(caught.value.advice)


def test_text_that_begins_like_a_program_is_text() -> None:
    assert readers.choose("MZ企业产教融合方案：建成基地三个。".encode(), "a.txt").format == "txt"


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MAX_BYTES", 10)
    with pytest.raises(UnreadableError, match="too large"):
        readers.choose(PLAN, "a.txt")


def test_a_docx_that_is_no_docx_is_told_for_what_it_is() -> None:
    with pytest.raises(UnreadableError) as caught:
        parse(b"not a zip", "plan.docx")
    assert caught.value.what[1] == "named DOCX but holds TXT, without Chinese text"
    assert not isinstance(caught.value, NotAPlanError)


def test_a_short_text_is_no_plan() -> None:
    with pytest.raises(NotAPlanError):
        parse("只有几个字".encode(), "plan.txt")
