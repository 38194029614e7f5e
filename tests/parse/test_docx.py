"""DOCX packages written in the test: what stands where in the text, list numbers, merged cells, faults."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx as python_docx
import pytest
from docx_helpers import as_strict, level, lists, num, p, pack, run, tbl, tc, unpack, with_dangling, write

from pipeline.errors import UnreadableError
from pipeline.model import BlockKind, CellAt
from pipeline.parse import docx, docx_package
from pipeline.parse.docx_formats import format_number
from pipeline.raw import RawDocument

WILD = Path(__file__).resolve().parents[2] / "../shared/corpus/wild"
BOX = "<w:txbxContent>{}</w:txbxContent>"


def read(body: str, **parts: str) -> RawDocument:
    return docx.read(write(body, **parts), "x.docx")


def texts(document: RawDocument) -> list[str]:
    return [b.text for b in document.blocks]


def without_types(data: bytes) -> bytes:
    return pack({path: content for path, content in unpack(data).items() if path != "[Content_Types].xml"})


def in_capitals(data: bytes) -> bytes:
    """The main part under another name than the relation says, by the case of its letters only."""
    return pack({path.replace("word/document.xml", "word/Document.xml"): c for path, c in unpack(data).items()})


def with_broken_picture(data: bytes) -> bytes:
    """A picture whose bytes in the ZIP were damaged."""
    files = unpack(with_dangling(data)) | {"word/NULL": b"picture"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return out.getvalue().replace(b"picture", b"pitcure")


class TestNumbers:
    @pytest.mark.parametrize(
        ("number_format", "expected"),
        [
            ("chineseCounting", {1: "一", 10: "十", 11: "十一", 20: "二十", 21: "二十一", 99: "九十九"}),
            ("chineseCountingThousand", {10: "十", 100: "一百", 101: "一百零一", 110: "一百一十", 1005: "一千零五"}),
            ("chineseLegalSimplified", {1: "壹", 10: "壹拾", 12: "壹拾贰", 20: "贰拾", 105: "壹佰零伍"}),
            ("japaneseCounting", {1: "一", 12: "十二", 100: "百", 105: "百五", 110: "百十"}),
            ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
            ("ideographZodiac", {1: "子", 12: "亥"}),
            ("decimal", {1: "1", 12: "12"}),
            ("decimalZero", {1: "01", 12: "12"}),
            ("decimalFullWidth", {12: "１２"}),
            ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
            ("decimalEnclosedParen", {1: "⑴"}),
            ("upperLetter", {1: "A", 26: "Z", 27: "AA", 28: "BB"}),
            ("lowerLetter", {2: "b"}),
            ("upperRoman", {4: "IV", 9: "IX", 1994: "MCMXCIV"}),
            ("lowerRoman", {14: "xiv"}),
            ("none", {3: ""}),
            ("unheardOf", {3: "3"}),
        ],
    )
    def test_formats(self, number_format: str, expected: dict[int, str]) -> None:
        assert {n: format_number(n, number_format) for n in expected} == expected

    def test_levels_count_and_start_anew(self) -> None:
        three = (
            level(0, "chineseCounting", "%1、")
            + level(1, "chineseCounting", "（%2）", '<w:suff w:val="nothing"/>')
            + level(2, "decimal", "%3.", '<w:suff w:val="space"/>')
        )
        depths = [0, 1, 2, 2, 1, 2, 0, 1]
        body = "".join(p("推进产教融合", num(1, at)) for at in depths)
        heads = [t.removesuffix("推进产教融合") for t in texts(read(body, numbering=lists(three)))]
        assert heads == ["一、", "（一）", "1. ", "2. ", "（二）", "1. ", "二、", "（一）"]

    def test_a_digit_after_the_number_stays_apart(self) -> None:
        body = p("5G网络建设", num(1))
        assert texts(read(body, numbering=lists(level(0, "decimal", "%1.")))) == ["1. 5G网络建设"]

    def test_restart_of_a_level_can_be_turned_off(self) -> None:
        going = level(0, "decimal", "%1.") + level(1, "decimal", "(%2)", '<w:lvlRestart w:val="0"/>')
        body = "".join(p("文", num(1, at)) for at in (0, 1, 0, 1))
        assert texts(read(body, numbering=lists(going))) == ["1. 文", "(1) 文", "2. 文", "(2) 文"]

    def test_higher_levels_in_a_number_and_legal_style(self) -> None:
        legal = level(0, "chineseCounting", "第%1章") + level(1, "decimal", "%1.%2", "<w:isLgl/>")
        body = p("总则", num(1, 0)) + p("目的", num(1, 1)) + p("依据", num(1, 1))
        assert texts(read(body, numbering=lists(legal))) == ["第一章总则", "1.1 目的", "1.2 依据"]

    def test_instances_of_one_list_go_on_unless_they_state_a_start(self) -> None:
        nums = (
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
            '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
            '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
            '<w:startOverride w:val="7"/></w:lvlOverride></w:num>'
            '<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
            + level(0, "upperLetter", "%1)")
            + "</w:lvlOverride></w:num>"
        )
        body = "".join(p("文", num(i)) for i in (1, 1, 2, 3, 3, 4))
        found = texts(read(body, numbering=lists(level(0, "decimal", "%1."), nums=nums)))
        assert found == ["1. 文", "2. 文", "3. 文", "7. 文", "8. 文", "I) 文"]

    def test_a_style_carries_its_list_and_level(self) -> None:
        styles = (
            '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr>'
            '<w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
            '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:pPr>'
            '<w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
            '<w:style w:type="paragraph" w:styleId="3"><w:name w:val="derived"/><w:basedOn w:val="2"/></w:style>'
        )
        both = level(0, "chineseCounting", "%1、", '<w:pStyle w:val="1"/>')
        both += level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="2"/>')
        body = "".join(p("文", f'<w:pStyle w:val="{s}"/>') for s in "1223")
        body += p("文", '<w:pStyle w:val="1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        document = read(body, styles=styles, numbering=lists(both))
        assert texts(document) == ["一、文", "（一）文", "（二）文", "（三）文", "文"]
        assert [b.level for b in document.blocks] == [1, 2, 2, 2, 1]

    def test_bullets(self) -> None:
        both = lists(level(0, "bullet", "\uf0b7"), level(0, "bullet", "—"))
        assert texts(read(p("甲", num(1)) + p("乙", num(2)) + p("", num(1)), numbering=both)) == ["•甲", "—乙"]

    def test_a_column_of_numbers_without_text(self) -> None:
        body = tbl(*(tc(p("", num(1))) + tc("任务") for _ in range(2)))
        assert texts(read(body, numbering=lists(level(0, "decimal", "%1")))) == ["1", "任务", "2", "任务"]


class TestText:
    def test_what_is_read_and_what_is_not(self) -> None:
        inner = (
            f'<w:ins w:id="1">{run("新增")}</w:ins><w:del w:id="2"><w:r><w:delText>删去</w:delText></w:r></w:del>'
            f'<w:moveFrom w:id="3">{run("移走")}</w:moveFrom><w:moveTo w:id="4">{run("移来")}</w:moveTo>'
            f"<w:hyperlink>{run('链接')}</w:hyperlink><w:smartTag>{run('标签')}</w:smartTag>"
            f"<w:sdt><w:sdtPr/><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>"
            "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"
        )
        assert texts(read(p("正文", inner=inner))) == ["正文新增移来链接标签控件x=1"]

    def test_fields_give_their_result_also_over_paragraphs(self) -> None:
        def mark(kind: str) -> str:
            return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

        code = "<w:r><w:instrText>DATE</w:instrText></w:r>"
        body = p(
            "发布于", inner=mark("begin") + code + run("码") + mark("separate") + run("5月") + mark("end") + run("。")
        )
        body += p(inner=mark("begin") + "<w:r><w:instrText>TOC</w:instrText></w:r>" + mark("separate") + run("目录"))
        body += p("一、总则", inner=mark("end")) + p("正文")
        body += f'<w:p><w:fldSimple w:instr="PAGE">{run("3")}</w:fldSimple></w:p>'
        assert texts(read(body)) == ["发布于5月。", "目录", "一、总则", "正文", "3"]

    def test_tabs_breaks_and_signs(self) -> None:
        signs = '<w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:noBreakHyphen/><w:sym w:font="Wingdings" w:char="F0FE"/>'
        assert texts(read(p("甲", inner=f"<w:r>{signs}</w:r>"))) == ["甲\t乙\n丙-☑"]

    def test_a_deleted_paragraph_mark_joins_the_next(self) -> None:
        body = p("前半", "<w:rPr><w:del/></w:rPr>") + p("后半") + p("", "<w:rPr><w:del/></w:rPr>") + p("另段")
        assert texts(read(body)) == ["前半后半", "另段"]

    def test_hidden_text_is_furniture(self) -> None:
        styles = '<w:style w:type="character" w:styleId="h"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
        inner = run("暗", "<w:vanish/>") + run("文", '<w:rStyle w:val="h"/>') + run("明", '<w:vanish w:val="0"/>')
        document = read(p("正", inner=inner), styles=styles)
        assert [(b.text, b.kind) for b in document.blocks] == [
            ("正明", BlockKind.PARAGRAPH),
            ("暗文", BlockKind.FURNITURE),
        ]

    def test_text_boxes_once_and_before_their_anchor(self) -> None:
        box = BOX.format(p("云溪府发〔2025〕3号"))
        choice = f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        fallback = f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        new = f"<w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r>"
        old = f"<w:r><w:pict><v:textbox>{BOX.format(p('旧式') + p('两段'))}</v:textbox></w:pict></w:r>"
        found = texts(read(p("正文一", inner=new) + p("正文二", inner=old)))
        assert found == ["云溪府发〔2025〕3号", "正文一", "旧式", "两段", "正文二"]

    def test_notes_at_the_end_in_the_order_of_their_marks(self) -> None:
        body = p("达到90%", inner='<w:r><w:endnoteReference w:id="5"/></w:r>' + run("以上"))
        body += p("后文", inner='<w:r><w:footnoteReference w:id="2"/></w:r>')
        foot = f'<w:footnote w:type="separator" w:id="0">{p("线")}</w:footnote>'
        foot += f'<w:footnote w:id="2">{p("脚注")}</w:footnote>'
        end = f'<w:endnote w:id="5">{p("尾注")}{p("又一段")}</w:endnote>'
        found = texts(read(body, footnotes=foot, endnotes=end))
        assert found == ["达到90%以上", "后文", "[1] 尾注\n又一段", "[2] 脚注"]

    def test_heads_and_feet_are_furniture(self) -> None:
        section = '<w:sectPr><w:headerReference r:id="r-header"/><w:footerReference r:id="r-footer"/></w:sectPr>'
        document = read(p("正文") + section + section, header=p("云溪县") + tbl(tc("密级")), footer=p("— 1 —"))
        kinds = [(b.text, b.kind.value, b.cell) for b in document.blocks]
        assert kinds == [
            ("云溪县", "furniture", None),
            ("密级", "furniture", None),
            ("正文", "paragraph", None),
            ("— 1 —", "furniture", None),
        ]

    def test_levels(self) -> None:
        def style(name: str, more: str = "") -> str:
            return f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>{more}</w:style>'

        styles = style("heading 3") + style("Title") + style("own", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>')
        styles += style("child", '<w:basedOn w:val="own"/>') + style("标题 2") + style("四级标题") + style("表格标题")
        names = ["heading 3", "Title", "own", "child", "missing", "标题 2", "四级标题", "表格标题"]
        body = "".join(p("文", f'<w:pStyle w:val="{n}"/>') for n in names)
        body += p("文", '<w:outlineLvl w:val="0"/>') + p("文", '<w:pStyle w:val="own"/><w:outlineLvl w:val="9"/>')
        blocks = read(body, styles=styles).blocks
        assert [b.level for b in blocks] == [3, 0, 2, 2, None, 2, 4, None, 1, None]
        assert [b.kind is BlockKind.HEADING for b in blocks] == [b.level is not None for b in blocks]

    def test_block_controls_and_unread_parts(self) -> None:
        body = f"<w:sdt><w:sdtContent>{p('控件段')}</w:sdtContent></w:sdt>"
        body += '<w:p><w:r><w:drawing><a:graphicData uri="http://x/2006/chart"/></w:drawing></w:r></w:p><w:altChunk/>'
        document = read(body)
        assert texts(document) == ["控件段"]
        assert sorted(i.code for i in document.issues) == ["unread-drawing", "unread-part"]


class TestTables:
    def test_merged_cells(self) -> None:
        body = tbl(
            tc("任务", '<w:gridSpan w:val="2"/>') + tc("单位"),
            tc("一", '<w:vMerge w:val="restart"/>') + tc("甲") + tc("教育局"),
            tc(p(), "<w:vMerge/>") + tc("乙") + tc("人社局"),
            tc("二", '<w:vMerge w:val="restart"/>') + tc("丙") + tc(""),
        )
        cells = {b.text: b.cell for b in read(body).blocks if b.text}
        assert cells == {
            "任务": CellAt(0, 0, 0, 1, 2),
            "单位": CellAt(0, 0, 2),
            "一": CellAt(0, 1, 0, 2, 1),
            "甲": CellAt(0, 1, 1),
            "教育局": CellAt(0, 1, 2),
            "乙": CellAt(0, 2, 1),
            "人社局": CellAt(0, 2, 2),
            "二": CellAt(0, 3, 0),
            "丙": CellAt(0, 3, 1),
        }

    def test_hidden_text_below_a_merged_cell_is_furniture(self) -> None:
        body = tbl(tc("上", '<w:vMerge w:val="restart"/>'), tc("盖住", "<w:vMerge/>"))
        assert [(b.text, b.kind.value) for b in read(body).blocks] == [("上", "cell"), ("盖住", "furniture")]

    def test_old_horizontal_merge_and_rows_that_start_late(self) -> None:
        late = f'<w:trPr><w:gridBefore w:val="1"/></w:trPr>{tc("晚")}'
        body = tbl(tc("宽", '<w:hMerge w:val="restart"/>') + tc(p(), "<w:hMerge/>"), late)
        assert [(b.text, b.cell) for b in read(body).blocks] == [
            ("宽", CellAt(0, 0, 0, 1, 2)),
            ("晚", CellAt(0, 1, 1)),
        ]

    def test_a_nested_table_follows_its_cell_and_has_its_own_number(self) -> None:
        inner = tbl(tc("内一") + tc("内二"))
        body = tbl(tc(p("外前") + inner + p("外后")) + tc("邻")) + tbl(tc("后表"))
        found = [(b.text, b.cell.table if b.cell else None) for b in read(body).blocks]
        assert found == [("外前\n外后", 0), ("内一", 1), ("内二", 1), ("邻", 0), ("后表", 2)]

    def test_content_controls_deleted_rows_and_boxes_in_cells(self) -> None:
        control = f"<w:sdt><w:sdtContent>{tc('控件格')}</w:sdtContent></w:sdt>"
        gone = f"<w:trPr><w:del/></w:trPr>{tc('删行')}"
        box = tc(p("格", inner=f"<w:r><w:pict>{BOX.format(p('框'))}</w:pict></w:r>"))
        assert texts(read(tbl(control, gone, box))) == ["控件格", "框\n格"]


class TestPackages:
    def test_sniff_goes_by_content(self) -> None:
        assert docx.sniff(write(p("文")), "x.bin")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a.txt", "x")
        assert not docx.sniff(out.getvalue(), "x.docx")
        assert not docx.sniff(b"PK\x03\x04 broken", "x.docx")

    def test_sound_files_are_not_mended(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[bytes] = []
        monkeypatch.setattr(docx_package, "_mended", asked.append)
        assert texts(read(p("文"), styles="", numbering="", header="", footnotes="")) == ["文"]
        assert texts(docx.read(write(p("宏"), main="document.macroEnabled.main"), "x.docm")) == ["宏"]
        assert asked == []

    @pytest.mark.parametrize("fault", [as_strict, with_dangling, without_types, with_broken_picture, in_capitals])
    def test_what_python_docx_refuses_is_read_alike(self, fault: Callable[[bytes], bytes]) -> None:
        body = p("文", num(1)) + tbl(tc("格")) + p("注", inner='<w:r><w:footnoteReference w:id="2"/></w:r>')
        foot = f'<w:footnote w:id="2">{p("脚注")}</w:footnote>'
        plain = write(body, numbering=lists(level(0, "decimal", "%1.")), footnotes=foot, core="<dc:title>题</dc:title>")
        with pytest.raises((KeyError, zipfile.BadZipFile)):
            python_docx.Document(io.BytesIO(fault(plain)))
        document = docx.read(fault(plain), "x.docx")
        assert document == docx.read(plain, "x.docx")
        assert texts(document) == ["1. 文", "格", "注", "[1] 脚注"]

    def test_metadata(self) -> None:
        core = "<dc:title>实施方案</dc:title><dc:creator> </dc:creator><dcterms:created>2025-01-02</dcterms:created>"
        assert read(p("文"), core=core).metadata == (("title", "实施方案"), ("created", "2025-01-02"))
        assert read(p("文")).metadata == ()

    def test_what_python_docx_writes(self) -> None:
        document = python_docx.Document()
        document.add_heading("云溪县实施方案", 0)
        document.add_heading("总体要求", 1)
        document.add_paragraph("第一项", style="List Number")
        document.add_paragraph("第二项", style="List Number")
        table = document.add_table(2, 2)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "合并"
        table.cell(1, 0).text, table.cell(1, 1).text = "左", "右"
        out = io.BytesIO()
        document.save(out)
        blocks = docx.read(out.getvalue(), "x.docx").blocks
        assert [(b.text, b.level) for b in blocks] == [
            ("云溪县实施方案", 0),
            ("总体要求", 1),
            ("1. 第一项", None),
            ("2. 第二项", None),
            ("合并", None),
            ("左", None),
            ("右", None),
        ]
        assert blocks[4].cell == CellAt(0, 0, 0, 1, 2)

    @pytest.mark.parametrize(
        ("data", "what"),
        [
            (b"%PDF-1.7", "damaged"),
            (write(p("文"))[:300], "damaged"),
            (write(p("<w:oops>")), "damaged"),
            (pack(dict(list(unpack(write(p("文"))).items())[1:])), "damaged"),
            (pack({**unpack(write("")), "word/document.xml": b"<other/>"}), "no Word document"),
        ],
    )
    def test_faults_are_named(self, data: bytes, what: str) -> None:
        with pytest.raises(UnreadableError, match=what) as caught:
            docx.read(data, "x.docx")
        assert caught.value.advice[0] and caught.value.advice[1]

    def test_a_bomb_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(docx_package, "MAX_UNPACKED", 10_000)
        with pytest.raises(UnreadableError, match="too large"):
            read(p("一" * 10_000))

    def test_entities_are_not_resolved(self) -> None:
        files = unpack(write(p("文")))
        plain = files["word/document.xml"].replace("文".encode(), b"x&e;y")
        files["word/document.xml"] = b'<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + plain
        assert texts(docx.read(pack(files), "x.docx")) == ["x"]


@pytest.mark.shared
def test_a_real_file_is_read_in_full() -> None:
    path = WILD / "zhongyang-yihao-2026.docx"
    if not path.is_file():
        pytest.skip("needs the corpus beside the project (../shared/corpus/wild)")
    data = path.read_bytes()
    document = docx.read(data, path.name)
    # Against python-docx, which reads plain paragraphs right: this file has nothing else.
    expected = [q.text.strip() for q in python_docx.Document(io.BytesIO(data)).paragraphs if q.text.strip()]
    assert texts(document) == expected
    assert document.blocks[0].level == 1
    assert sum(t.startswith("（") for t in expected) > 20
