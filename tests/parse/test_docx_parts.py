"""Parts of DOCX files beyond paragraphs and tables: contents, formulas, symbols, embedded documents, what is told."""

from __future__ import annotations

import pytest
from docx_helpers import as_strict, level, lists, num, p, run, tbl, tc, with_parts, write

from pipeline.model import BlockKind, CellAt
from pipeline.parse import docx
from pipeline.raw import RawDocument


def read(body: str, **parts: str) -> RawDocument:
    return docx.read(write(body, **parts), "x.docx")


def kinds(document: RawDocument) -> list[tuple[str, str]]:
    return [(b.text, b.kind.value) for b in document.blocks]


def texts(document: RawDocument) -> list[str]:
    return [b.text for b in document.blocks if b.kind is not BlockKind.FURNITURE]


def told(document: RawDocument) -> list[tuple[str, str]]:
    return [(i.code, i.severity) for i in document.issues]


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(instruction: str) -> str:
    return f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"


class TestContents:
    def test_a_field_over_paragraphs(self) -> None:
        inner = mark("begin") + code(" PAGEREF _Toc1 ") + mark("separate") + run("3") + mark("end")
        body = p(inner=mark("begin") + code(' TOC \\o "1-3" ') + mark("separate") + run("一、总体要求") + inner)
        body += p("二、重点任务", inner=mark("end")) + p("一、总体要求", '<w:outlineLvl w:val="0"/>') + p("正文。")
        document = read(body)
        assert kinds(document) == [
            ("一、总体要求3", "furniture"),
            ("二、重点任务", "furniture"),
            ("一、总体要求", "heading"),
            ("正文。", "paragraph"),
        ]
        assert told(document) == [("contents", "info")] and document.issues[0].detail.startswith("2 lines")

    @pytest.mark.parametrize(("gallery", "is_aside"), [("Table of Contents", True), ("Cover Pages", False)])
    def test_a_content_control_with_its_title(self, gallery: str, is_aside: bool) -> None:
        made = f'<w:docPartObj><w:docPartGallery w:val="{gallery}"/></w:docPartObj>'
        control = f"<w:sdt><w:sdtPr>{made}</w:sdtPr><w:sdtContent>{p('目录')}{p('一、总则')}</w:sdtContent></w:sdt>"
        document = read(control + p("正文。"))
        assert texts(document) == (["正文。"] if is_aside else ["目录", "一、总则", "正文。"])
        assert told(document) == ([("contents", "info")] if is_aside else [])

    def test_text_beside_the_field_keeps_its_paragraph(self) -> None:
        body = p("见", inner=mark("begin") + code("TOC") + mark("separate") + run("目录") + mark("end") + run("。"))
        assert kinds(read(body)) == [("见目录。", "paragraph")]

    def test_other_fields_that_begin_alike(self) -> None:
        body = p(inner=mark("begin") + code("TOCXX") + mark("separate") + run("文字") + mark("end"))
        assert texts(read(body)) == ["文字"]


class TestFields:
    def test_a_field_that_is_never_closed_hides_nothing(self) -> None:
        document = read(p("前", inner=mark("begin") + run("中")) + p("后") + p("达到90%"))
        assert texts(document) == ["前中", "后", "达到90%"]
        assert told(document) == [("unclosed-field", "info")]

    def test_a_sign_in_a_ring(self) -> None:
        def ring(sign: str) -> str:
            return mark("begin") + code(f" EQ \\o\\ac(○,{sign}) ") + mark("end")

        assert texts(read(p("见", inner=ring("11") + run("和") + ring("甲")))) == ["见⑪和(甲)"]
        assert texts(read(p("见", inner=mark("begin") + code("EQ \\f(1,2)") + mark("end")))) == ["见"]

    def test_simple_fields_inside_one_another(self) -> None:
        inner = f'<w:fldSimple w:instr="SEQ">{run("2")}</w:fldSimple>'
        inner = f'<w:fldSimple w:instr=" REF a ">{run("第")}{inner}</w:fldSimple>'
        assert texts(read(p("见", inner=inner + run("项")))) == ["见第2项"]


def m(name: str, **parts: str) -> str:
    """A formula element: its parts in order, `properties` written as they are."""
    inner = parts.pop("properties", "")
    return (
        f"<m:{name}>{inner}"
        + "".join(f"<m:{key.rstrip('_')}>{t}</m:{key.rstrip('_')}>" for key, t in parts.items())
        + f"</m:{name}>"
    )


def mt(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


class TestFormulas:
    @pytest.mark.parametrize(
        ("inner", "expected"),
        [
            (mt("x=1"), "x=1"),
            (m("f", num=mt("1"), den=mt("2")), "1/2"),
            (m("f", num=mt("完成数"), den=mt("计划数+调整数")) + mt("×100%"), "完成数/(计划数+调整数)×100%"),
            (m("sSup", e=mt("10"), sup=mt("3")), "10^3"),
            (m("sSub", e=mt("CO"), sub=mt("2")), "CO2"),
            (m("sSubSup", e=mt("x"), sub=mt("1"), sup=mt("a+b")), "x1^(a+b)"),
            (m("rad", deg="", e=mt("a+b")), "√(a+b)"),
            (m("d", e=mt("a+b")), "(a+b)"),
            (m("d", properties='<m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr>', e=mt("a")), "[a]"),
            (
                m("nary", properties='<m:naryPr><m:chr m:val="∑"/></m:naryPr>', sub=mt("i"), sup=mt("n"), e=mt("x")),
                "∑_i^nx",
            ),
            (m("limLow", e=mt("max"), lim=mt("i")), "max(i)"),
            (m("bar", e=mt("x")), "x"),
            (m("eqArr", e=mt("a=1"), e_=mt("b=2")), "a=1; b=2"),
            (f"<w:del>{mt('9')}</w:del>{mt('8')}", "8"),
        ],
    )
    def test_on_one_line(self, inner: str, expected: str) -> None:
        body = p("计", inner=f"<m:oMath>{inner}</m:oMath>" + run("元"))
        assert texts(read(body)) == [f"计{expected}元"]
        assert texts(docx.read(as_strict(write(body)), "x.docx")) == [f"计{expected}元"]


class TestSigns:
    @pytest.mark.parametrize(
        ("font", "char", "expected"),
        [
            ("Symbol", "F0B3", "≥"),
            ("Symbol", "F0A3", "≤"),
            ("Symbol", "00B1", "±"),
            ("Wingdings", "F0A8", "□"),
            ("Wingdings", "F082", "②"),
            ("Wingdings 2", "F0A3", "□"),
            ("Wingdings 2", "F052", "☑"),
            ("仿宋", "2265", "≥"),
            ("仿宋", "F0B3", "\uf0b3"),
            ("仿宋", "D800", ""),
            ("仿宋", "none", ""),
        ],
    )
    def test_symbols(self, font: str, char: str, expected: str) -> None:
        body = p("占比", inner=f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>' + run("90%"))
        assert texts(read(body)) == [f"占比{expected}90%"]

    def test_signs_of_a_symbol_font_in_plain_text(self) -> None:
        symbol = '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'
        assert texts(read(p("占比", inner=run("\uf0b3", symbol) + run("90%\uf0b3")))) == ["占比≥90%\uf0b3"]

    def test_soft_hyphens_are_not_seen(self) -> None:
        assert texts(read(p("实\u00ad训", inner="<w:r><w:t>基</w:t><w:softHyphen/><w:t>地</w:t></w:r>"))) == [
            "实训基地"
        ]


class TestDrawings:
    def test_drawn_lettering_is_read_like_a_text_box(self) -> None:
        drawn = '<w:r><w:pict><v:shape><v:textpath string="云溪县人民政府文件"/></v:shape></w:pict></w:r>'
        assert texts(read(p("正文", inner=drawn))) == ["云溪县人民政府文件", "正文"]

    def test_a_choice_without_text_leaves_it_to_the_fallback(self) -> None:
        box = "<w:pict><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></w:pict>"
        pair = f'<mc:Choice Requires="wpi"/><mc:Fallback>{box.format(p("框内"))}</mc:Fallback>'
        assert texts(read(p("正文", inner=f"<w:r><mc:AlternateContent>{pair}</mc:AlternateContent></w:r>"))) == [
            "框内",
            "正文",
        ]

    def test_objects_and_other_files_are_told_and_comments_are_not(self) -> None:
        thing = '<w:r><w:object><o:OLEObject Type="Embed" ProgID="Excel.Sheet.12" r:id="x"/></w:object></w:r>'
        comment = (
            '<w:commentRangeStart w:id="1"/><w:r><w:commentReference w:id="1"/></w:r><w:commentRangeEnd w:id="1"/>'
        )
        document = read(p("见表", inner=thing + comment) + '<w:subDoc r:id="y"/>')
        assert texts(document) == ["见表"]
        assert told(document) == [("unread-object", "warning"), ("unread-part", "warning")]
        assert "Excel.Sheet.12" in document.issues[0].detail


class TestHidden:
    def test_rows_and_text_are_kept_aside_and_told(self) -> None:
        hidden = f"<w:trPr><w:hidden/></w:trPr>{tc('暗行')}"
        shown = f'<w:trPr><w:hidden w:val="0"/></w:trPr>{tc("明行")}'
        document = read(tbl(tc("首行"), hidden, shown) + p(inner=run("暗文", "<w:vanish/>")))
        assert [(b.text, b.cell) for b in document.blocks] == [
            ("首行", CellAt(0, 0, 0)),
            ("明行", CellAt(0, 1, 0)),
            ("暗行", None),
            ("暗文", None),
        ]
        assert told(document) == [("hidden-text", "info")] and document.issues[0].detail.startswith("2 ")


class TestEmbedded:
    CHUNK = '<w:altChunk r:id="c1"/>'

    def embed(self, name: str, content: bytes, body: str = "") -> RawDocument:
        body = body or p("前") + self.CHUNK + p("后") + tbl(tc("外表"))
        return docx.read(with_parts(write(body), c1=(name, content)), "x.docx")

    def test_a_web_page_and_a_document(self) -> None:
        rows = "<tr><td>内表</td><td>一</td></tr><tr><td>二</td><td>三</td></tr>"
        page = f"<html><body><p>网页段落，到2027年建成基地12个。</p><table>{rows}</table></body></html>"
        for name, content in (
            ("c.html", page.encode()),
            ("c.docx", write(p("网页段落，到2027年建成基地12个。") + tbl(tc("内表") + tc("一"), tc("二") + tc("三")))),
        ):
            document = self.embed(name, content)
            assert [(b.text, b.cell) for b in document.blocks] == [
                ("前", None),
                ("网页段落，到2027年建成基地12个。", None),
                ("内表", CellAt(0, 0, 0)),
                ("一", CellAt(0, 0, 1)),
                ("二", CellAt(0, 1, 0)),
                ("三", CellAt(0, 1, 1)),
                ("后", None),
                ("外表", CellAt(1, 0, 0)),
            ]
            assert document.issues == ()

    def test_inside_a_cell(self) -> None:
        document = self.embed("c.docx", write(p("嵌入")), tbl(tc(p("格") + self.CHUNK) + tc("邻")))
        assert [(b.text, b.cell is None) for b in document.blocks] == [("格", False), ("嵌入", True), ("邻", False)]

    @pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n", b"\x00\x01\x02", b"PK\x03\x04broken"])
    def test_what_cannot_be_read_is_told(self, content: bytes) -> None:
        document = self.embed("c.bin", content)
        assert texts(document) == ["前", "后", "外表"]
        assert told(document) == [("unread-part", "warning")]

    def test_a_part_that_is_not_there_is_told(self) -> None:
        assert told(read(p("前") + self.CHUNK)) == [("unread-part", "warning")]

    def test_documents_in_one_another_end_somewhere(self) -> None:
        data = write(p("最里"))
        for depth in range(5):
            data = with_parts(write(p(f"第{depth}层") + self.CHUNK), c1=("c.docx", data))
        document = docx.read(data, "x.docx")
        assert texts(document) == ["第4层", "第3层", "第2层"]
        assert told(document) == [("unread-part", "warning")]


class TestNumbers:
    def test_a_list_that_takes_its_levels_from_a_style(self) -> None:
        own = '<w:styleLink w:val="own"/>' + level(0, "chineseCounting", "第%1条")
        nums = "".join(f'<w:num w:numId="{i}"><w:abstractNumId w:val="{2 - i}"/></w:num>' for i in (1, 2))
        numbering = lists(own, '<w:numStyleLink w:val="own"/>', nums=nums)
        assert texts(read(p("甲", num(1)) + p("乙", num(2)), numbering=numbering)) == ["第一条甲", "第二条乙"]

    def test_a_level_that_starts_anew_after_the_first_one_only(self) -> None:
        three = level(0, "decimal", "%1.") + level(1, "decimal", "(%2)")
        three += level(2, "upperLetter", "%3)", '<w:lvlRestart w:val="1"/>')
        body = "".join(p("文", num(1, at)) for at in (0, 1, 2, 1, 2, 0, 2))
        assert [t[0] for t in texts(read(body, numbering=lists(three)))] == ["1", "(", "A", "(", "B", "2", "A"]

    def test_a_level_that_is_passed_over_shows_its_first_number(self) -> None:
        three = "".join(level(i, "decimal", ".".join(f"%{k + 1}" for k in range(i + 1))) for i in range(3))
        assert texts(read(p("文", num(1, 2)), numbering=lists(three))) == ["1.1.1 文"]

    def test_a_deleted_paragraph_takes_no_number(self) -> None:
        gone = '<w:del w:id="1"><w:r><w:delText>删</w:delText></w:r></w:del>'
        body = p("甲", num(1)) + p("", num(1) + "<w:rPr><w:del/></w:rPr>", gone) + p("乙", num(1))
        assert texts(read(body, numbering=lists(level(0, "decimal", "%1.")))) == ["1. 甲", "2. 乙"]
