"""Documents and extractions by hand, from invented text, with offsets looked up in it. Nothing here parses."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from pipeline.lexicons import Lexicons
from pipeline.model import (
    Action,
    Agency,
    Block,
    BlockKind,
    CellAt,
    Deadline,
    Document,
    Evidence,
    Extraction,
    Issue,
    Metadata,
    Milestone,
    Number,
    Reference,
    Region,
    SchemeRow,
    Section,
    Table,
    Target,
    Task,
)  # fmt: skip

YUNXI = """云溪市职业教育产教融合行动计划
为落实《青岭省职业教育条例》，制定本计划。
一、总体目标
到2027年，双师型教师占比达到85%以上，建成实训基地12个。
二、重点任务
（一）建强教师队伍。到2027年，双师型教师占比达到85%以上。教师每5年企业实践不少于6个月。2024年双师型教师占比为61%。（责任单位：市教育局、市人社局）
（二）推广学徒培养。支持企业开展现代学徒制。2026年6月底前出台学徒培养办法。
附件1：评价指标
双师型教师占比（%）
3%
附件2：任务分解表
1
双师型教师占比达到85%以上
市教育局
市人社局"""

SHILIN = """石林县产教融合实施意见
一、加强师资。加快建设双师型教师队伍。
二、建设基地。到2026年，建成实训基地5个。"""


def find(text: str, words: str, nth: int = 0) -> tuple[int, int]:
    """The half-open span of the nth time that the words stand in the text."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    return at, at + len(words)


def evidence(text: str, words: str, nth: int = 0, section: int | None = None, rule: str = "by-hand") -> Evidence:
    """Evidence for words of the text."""
    return Evidence(*find(text, words, nth), rule, 0.9, section)


def blocks(text: str, cells: dict[int, CellAt] | None = None) -> tuple[Block, ...]:
    """One block a line; `cells` says which lines are cells of a table. Lines before the table are on page 1."""
    found, at = [], 0
    for i, line in enumerate(text.split("\n")):
        cell = (cells or {}).get(i)
        kind = BlockKind.CELL if cell else BlockKind.HEADING if i == 0 else BlockKind.PARAGRAPH
        found.append(Block(i, at, at + len(line), kind, 2 if cell else 1, cell, 0 if i == 0 else None))
        at += len(line) + 1
    return tuple(found)


def section(text: str, index: int, number: str, heading: str, to: str, parent: int | None, level: int = 1) -> Section:
    """A section from its number to the end of the words `to`; its part is annex where the number says so."""
    start, _ = find(text, number + heading)
    heading_start = start + len(number)
    heading_end = heading_start + len(heading)
    part = "annex" if level == 0 else "body"
    return Section(
        index, parent, level or 1, number, heading, start, find(text, to)[1], heading_start, heading_end, heading_end,
        False, part,
    )  # fmt: skip


def digest(text: str) -> str:
    """The digest that reading this text as a file gives."""
    return hashlib.sha256(text.encode()).hexdigest()


END_2027 = Deadline("到2027年", None, "2027-12-31")


def yunxi(source: str = "yunxi.txt") -> tuple[Document, Extraction]:
    """A city plan: one target in body (twice) and annex, a norm, a past value, a weight, actions and a milestone."""
    text = YUNXI
    lines = text.split("\n")
    scheme, table = lines.index("双师型教师占比（%）"), lines.index("1")
    cells = {scheme: CellAt(0, 1, 0), scheme + 1: CellAt(0, 1, 1)}
    cells |= {table + i: CellAt(1, 1, i) for i in range(4)}
    all_blocks = blocks(text, cells)
    sections = (
        section(text, 0, "一、", "总体目标", "实训基地12个。", None),
        section(text, 1, "二、", "重点任务", "学徒培养办法。", None),
        section(text, 2, "（一）", "建强教师队伍", "市人社局）", 1, 2),
        section(text, 3, "（二）", "推广学徒培养", "学徒培养办法。", 1, 2),
        section(text, 4, "附件1：", "评价指标", "3%", None, 0),
        section(text, 5, "附件2：", "任务分解表", "市教育局\n市人社局", None, 0),
    )
    tables = tuple(
        Table(n, all_blocks[first].start, all_blocks[last].end, 2, cols, tuple(range(first, last + 1)), caption)
        for n, first, last, cols, caption in (
            (0, scheme, scheme + 1, 2, "附件1：评价指标"),
            (1, table, table + 3, 4, "附件2：任务分解表"),
        )
    )
    metadata = Metadata(
        title="云溪市职业教育产教融合行动计划", issuers=("云溪市人民政府",), region=Region("云溪市", "市", "990100"),
        issue_date="2025-03-01", doc_type="行动计划", year=2025,
    )  # fmt: skip
    document = Document(source, digest(text), "txt", text, all_blocks, tables, sections, metadata)
    return document, _yunxi_extraction(text)


def _yunxi_extraction(text: str) -> Extraction:
    task = evidence(text, "（一）建强教师队伍", 0, 2)
    row = Evidence(find(text, "附件2：任务分解表\n1")[1] - 1, len(text), "table-row", 1.0, 5)
    agencies = tuple(
        Agency(name, role, evidence(text, name, nth, where), full_name="云溪" + name)
        for name, role, nth, where in (("市教育局", "responsible", 0, 2), ("市人社局", "responsible", 0, 2))
    )
    lead = (
        Agency("市教育局", "lead", evidence(text, "市教育局", 1, 5), full_name="云溪市教育局"),
        Agency("市人社局", "support", evidence(text, "市人社局", 1, 5), full_name="云溪市人社局"),
    )
    tasks = (
        Task("（一）", "建强教师队伍", ("重点任务",), "body", task, task.end, find(text, "市人社局）")[1], agencies),
        Task("（二）", "推广学徒培养", ("重点任务",), "body", evidence(text, "（二）推广学徒培养", 0, 3),
             find(text, "支持企业")[0], find(text, "学徒培养办法。")[1]),
        Task("1", "双师型教师占比达到85%以上", ("任务分解表",), "table", row, row.start, row.end, lead),
    )  # fmt: skip
    share = "双师型教师占比达到85%以上"
    shares = tuple(
        Target("双师型教师占比", ">=", 85.0, None, "%", None, "goal", due, of, evidence(text, share, nth, where),
               *find(text, "85%", nth), indicator_id="double-qualified-share", indicator_score=100.0, base_value=85.0,
               base_unit="%", group=0)
        for nth, where, of, due in ((0, 0, None, END_2027), (1, 2, 0, END_2027), (2, 5, 2, None))
    )  # fmt: skip
    bases = Target(
        "实训基地", "=", 12.0, None, "个", None, "goal", END_2027, None, evidence(text, "建成实训基地12个", 0, 0),
        *find(text, "12个"), indicator_id="training-bases", indicator_score=100.0, group=1, strength="aim",
    )  # fmt: skip
    norm = Target(
        "教师企业实践", ">=", 6.0, None, "个月", "每5年", "norm", None, 0,
        evidence(text, "教师每5年企业实践不少于6个月", 0, 2), *find(text, "6个月"), group=2,
    )  # fmt: skip
    june = Deadline("2026年6月底前", None, "2026-06-30")
    numbers = [(n, "target", ("targets", i)) for i, n in enumerate(find(text, "85", k) for k in range(3))]
    numbers += [(find(text, "61"), "past", None), (find(text, "3%"), "weight", ("indicators", 0))]
    return Extraction(
        references=(Reference("青岭省职业教育条例", None, evidence(text, "《青岭省职业教育条例》")),),
        tasks=tasks,
        targets=(shares[0], bases, shares[1], norm, shares[2]),
        milestones=(Milestone(june, 1, evidence(text, "出台学徒培养办法", 0, 3)),),
        actions=(Action("apprenticeship", "现代学徒制", "encourage", None, 1,
                        evidence(text, "支持企业开展现代学徒制", 0, 3)),),
        indicators=(SchemeRow(("师资", "双师型教师占比"), "%", 3.0, 0, evidence(text, "双师型教师占比（%）", 0, 4)),),
        numbers=tuple(Number(s, e, text[s:e], fate, record) for (s, e), fate, record in numbers),
    )  # fmt: skip


def shilin(source: str = "shilin.txt", damaged: bool = False) -> tuple[Document, Extraction]:
    """A county plan that promises teachers without a number, and five bases."""
    text = SHILIN
    sections = (
        section(text, 0, "一、", "加强师资", "教师队伍。", None),
        section(text, 1, "二、", "建设基地", "实训基地5个。", None),
    )
    metadata = Metadata(title="石林县产教融合实施意见", region=Region("石林县", "县", "990101"), year=2024)
    issues = (Issue("damaged-number", "教师队伍", "warning", *find(text, "双师型教师队伍")),) if damaged else ()
    document = Document(source, digest(text), "txt", text, blocks(text), (), sections, metadata, issues)
    tasks = tuple(
        Task(number, heading, (), "body", evidence(text, number + heading, 0, i), *find(text, words))
        for i, (number, heading, words) in enumerate(
            (("一、", "加强师资", "。加快建设双师型教师队伍。"), ("二、", "建设基地", "。到2026年，建成实训基地5个。"))
        )
    )
    due = Deadline("到2026年", None, "2026-12-31")
    target = Target(
        "实训基地", "=", 5.0, None, "个", None, "goal", due, 1, evidence(text, "建成实训基地5个", 0, 1),
        *find(text, "5个"), indicator_id="training-bases",
    )  # fmt: skip
    action = Action(
        "double-qualified-share", "双师型教师", "must", None, 0, evidence(text, "加快建设双师型教师队伍", 0, 0)
    )
    actions = () if damaged else (action,)
    return document, Extraction(tasks=tasks, targets=(target,), actions=actions)


SCHEMA = """
[regions]
columns = ["id", "name", "aliases", "level", "code", "parent", "source"]
[agencies]
columns = ["id", "name", "aliases", "stems", "kind", "source"]
[indicators]
columns = ["id", "name", "aliases", "negatives", "dimension", "measure", "base_unit", "direction", "source"]
"""
REGIONS = """id	name	aliases	level	code	parent	source
990000	青岭省		省	990000		made up
990100	云溪市		市	990100	990000	made up
990101	石林县		县	990101	990100	made up
"""
AGENCIES = """id	name	aliases	stems	kind	source
education	教育局	教体局	教育	department	made up
"""
INDICATORS = """id	name	aliases	negatives	dimension	measure	base_unit	direction	source
apprenticeship	现代学徒制	学徒制		training	action			made up
double-qualified-share	双师型教师占比	双师型|双师型教师比例|双师素质教师比例		teachers	share	%	up	made up
training-bases	实训基地	实习实训基地		bases	count	个	up	made up
"""


def lexicons(folder: Path) -> Lexicons:
    """Three small lexicons written to the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("schema.toml", SCHEMA), ("regions.tsv", REGIONS), ("agencies.tsv", AGENCIES), ("indicators.tsv", INDICATORS),
    ):  # fmt: skip
        (folder / name).write_text(content, encoding="utf-8")
    versions = "patterns_versions.toml"  # the real one: it holds no word of a plan
    shutil.copyfile(Path(__file__).resolve().parents[1] / "lexicons" / versions, folder / versions)
    return Lexicons(folder)
