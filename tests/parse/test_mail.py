"""Saved pages in one file (MHTML) and mails with attachments: encodings, frames, the same joining as archives."""

from __future__ import annotations

import base64
import email.policy
import quopri
from email.message import EmailMessage

import pytest
from pack_helpers import LISTED, PLAN, SCORES, TASKS, details, docx, pack, read

from pipeline.errors import UnreadableError
from pipeline.model import BlockKind, Document
from pipeline.parse import mail, readers

ARTICLE = "".join(f"<p>{line}</p>" for line in PLAN.strip().split("\n"))
PAGE = (
    '<html><head><meta charset="CHARSET"><title>云溪县深化产教融合实施方案</title></head><body>'
    f'<div class="nav"><a>首页</a></div><div id="zoom">{ARTICLE}</div><div>版权所有</div></body></html>'
)


def lines(document: Document, furniture: bool = False) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if (b.kind is BlockKind.FURNITURE) is furniture]


def encoded(text: str, charset: str, how: str) -> str:
    data = text.encode(charset)
    if how == "base64":
        return base64.encodebytes(data).decode()
    return quopri.encodestring(data).decode()


def mhtml(*pages: str, charset: str = "utf-8", how: str = "quoted-printable", header: str = "") -> bytes:
    """A page as a browser saves it: the page, its frames, a style sheet and a picture."""
    body = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://www.example.gov.cn/a/t1.html\r\n"
        "Subject: =?utf-8?Q?page?=\r\nDate: Mon, 4 Mar 2024 08:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--Bound"\r\n\r\n'
    )
    for i, page in enumerate(pages):
        said = f"; charset={header}" if header else ""
        body += (
            f"----Bound\r\nContent-Type: text/html{said}\r\nContent-ID: <frame-{i}@mhtml.blink>\r\n"
            f"Content-Transfer-Encoding: {how}\r\nContent-Location: https://www.example.gov.cn/a/t{i}.html\r\n\r\n"
            f"{encoded(page.replace('CHARSET', charset), charset, how)}\r\n"
        )
    for kind, place in (("text/css", "a.css"), ("image/png", "a.png")):
        body += (
            f"----Bound\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
            f"Content-Location: https://www.example.gov.cn/{place}\r\n\r\niVBORw0KGgo=\r\n"
        )
    return (body + "----Bound--\r\n").encode()


@pytest.mark.parametrize("how", ["quoted-printable", "base64"])
@pytest.mark.parametrize(("charset", "header"), [("utf-8", ""), ("gb2312", "gb2312"), ("gb2312", ""), ("gbk", "utf-8")])
def test_a_saved_page(how: str, charset: str, header: str) -> None:
    document = read(mhtml(PAGE, charset=charset, how=how, header=header), "a.mht")
    assert document.format == "mhtml"
    assert lines(document) == PLAN.strip().split("\n")
    assert lines(document, furniture=True) == ["首页", "版权所有"]
    assert document.metadata.url == "https://www.example.gov.cn/a/t1.html"
    assert document.metadata.title == "云溪县深化产教融合实施方案"


def test_the_article_may_stand_in_a_frame() -> None:
    outer = '<html><body><div>云溪县人民政府门户网站</div><iframe src="cid:frame-1@mhtml.blink"></iframe></body></html>'
    document = read(mhtml(outer, PAGE), "a.mhtml")
    assert lines(document) == PLAN.strip().split("\n")
    assert lines(document, furniture=True)[0] == "云溪县人民政府门户网站"


def test_word_saves_a_web_page_under_the_name_of_a_doc() -> None:
    assert readers.choose(mhtml(PAGE), "方案.doc").format == "mhtml"
    assert lines(read(mhtml(PAGE), "方案.doc")) == PLAN.strip().split("\n")


# --- mails -----------------------------------------------------------------------------------------------------------


def message(body: str, subject: str = "报送实施方案", html: bool = False, **attachments: bytes) -> EmailMessage:
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"], made["To"], made["Subject"] = "a@example.cn", "b@example.cn", subject
    made.set_content(body)
    if html:
        made.add_alternative(f"<html><body>{body}</body></html>", subtype="html")
    for name, data in attachments.items():
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made


def test_a_mail_that_brings_a_plan_and_its_annexes() -> None:
    files = {"附件1.任务分工.docx": docx(TASKS), "云溪县方案.docx": docx(LISTED), "附件2.txt": SCORES.encode("gbk")}
    document = read(message("王老师：附上方案，请查收。", **files).as_bytes(), "a.eml")
    assert document.format == "eml"
    assert lines(document)[0] == "云溪县深化产教融合实施方案"
    assert lines(document, furniture=True) == ["报送实施方案", "王老师：附上方案，请查收。"]
    assert details(document, "part") == ["报送实施方案", "云溪县方案.docx", "附件1.任务分工.docx", "附件2.txt"]
    assert document.metadata.title == "云溪县深化产教融合实施方案"


def test_a_plan_in_the_mail_itself() -> None:
    document = read(message(PLAN, **{"附件1.txt": TASKS.encode()}).as_bytes(), "a.eml")
    assert lines(document)[: len(PLAN.split("\n")) - 1] == PLAN.strip().split("\n")
    assert lines(document)[-3:] == ["附件1", *TASKS.strip().split("\n")]


def test_html_is_taken_before_plain_text() -> None:
    document = read(message(ARTICLE, html=True).as_bytes(), "a.eml")
    assert lines(document) == PLAN.strip().split("\n")


def test_an_archive_attached() -> None:
    document = read(
        message("请查收。", **{"材料.zip": pack({"方案.txt": PLAN, "附件1.txt": TASKS})}).as_bytes(), "a.eml"
    )
    assert details(document, "part") == ["报送实施方案", "材料/方案.txt", "材料/附件1.txt"]


def test_a_mail_in_a_mail_is_opened_once() -> None:
    inner = message("转发。", "方案来了", **{"方案.txt": PLAN.encode()})
    outer = EmailMessage(policy=email.policy.SMTP)
    outer["From"], outer["To"], outer["Subject"] = "a@example.cn", "c@example.cn", "转发"
    outer.set_content("请查收。")
    outer.add_attachment(inner)
    document = read(outer.as_bytes(), "a.eml")
    assert "到2026年" in document.text
    third = EmailMessage(policy=email.policy.SMTP)
    third["From"], third["To"], third["Subject"] = "a@example.cn", "c@example.cn", "再转"
    third.set_content("请查收。")
    third.add_attachment(outer)
    with pytest.raises(UnreadableError):
        read(third.as_bytes(), "a.eml")


@pytest.mark.parametrize(
    "disposition",
    [
        'attachment; filename="=?gb2312?B?{b}?="',
        "attachment; filename*=gb2312''{p}",
        'attachment; filename="{raw}"',
    ],
)
def test_names_of_attachments_as_mailers_write_them(disposition: str) -> None:
    name = "附件1：任务.txt".encode("gb2312")
    quoted = "".join(f"%{byte:02X}" for byte in name)
    said = disposition.format(b=base64.b64encode(name).decode(), p=quoted, raw="RAW").encode().replace(b"RAW", name)
    data = (
        b"From: a@example.cn\r\nTo: b@example.cn\r\nSubject: =?gb2312?B?t72wuA==?=\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain; charset=gb2312\r\n'
        b"Content-Transfer-Encoding: 8bit\r\n\r\n" + PLAN.encode("gb2312") + b"\r\n--x\r\n"
        b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: "
        + said
        + b"\r\n\r\n"
        + base64.encodebytes(TASKS.encode())
        + b"\r\n--x--\r\n"
    )
    assert details(read(data, "a.eml"), "part") == ["方案", "附件1：任务.txt"]


@pytest.mark.parametrize("charset", ["unicode_escape", "idna", "zlib", "x-unknown"])
def test_charsets_that_are_none(charset: str) -> None:
    data = message(PLAN).as_bytes().replace(b'charset="utf-8"', f'charset="{charset}"'.encode())
    data = data.replace(b"Subject: =?utf-8?", f"Subject: =?{charset}?".encode())
    assert lines(read(data, "a.eml")) == PLAN.strip().split("\n")


def test_names_of_attachments_lead_nowhere() -> None:
    made = message(PLAN, **{"x": TASKS.encode()}).as_bytes().replace(b'filename="x"', b'filename="../../x.txt"')
    assert details(read(made, "a.eml"), "part") == ["报送实施方案", "x.txt"]


# --- what is none, and what is damaged -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "From: 云溪县教育局\n\n" + PLAN,
        "Subject: 方案\nDate: 2024\n\n" + PLAN,
        PLAN,
        "Date: 1\nDate: 2\nDate: 3\n" + PLAN,
    ],
)
def test_texts_are_no_mails(text: str) -> None:
    assert readers.choose(text.encode(), "a.txt").format == "txt"


def test_a_cut_page_is_read_as_far_as_it_goes() -> None:
    data = mhtml(PAGE)
    half = data[: data.index(b"Content-Location: https://www.example.gov.cn/a.css") - 60]
    assert lines(read(half, "a.mht"))[:2] == PLAN.split("\n")[:2]


def test_a_message_without_anything() -> None:
    with pytest.raises(UnreadableError):
        mail.read(b"From: a\r\nTo: b\r\nSubject: c\r\n\r\n", "a.eml")
    with pytest.raises(UnreadableError):
        mail.read(mhtml(), "a.mht")


def test_deep_nesting_is_refused() -> None:
    head = b"From: a\r\nTo: b\r\nSubject: c\r\nMIME-Version: 1.0\r\n"
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (i, i) for i in range(3000))
    with pytest.raises(UnreadableError):
        mail.read(head + deep, "a.eml")
