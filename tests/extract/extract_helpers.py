"""Small invented documents for the tests of extraction.

`document` goes through `pipeline.parse` as a file would; `frame` stops after the spaCy components, so that mentions
can be looked at one kind at a time.
"""

from __future__ import annotations

from functools import cache

from pipeline.extract import extract, extractor
from pipeline.extract.frame import CONTEXT, Context, Frame, make_frames
from pipeline.extract.pipes import calendar_of
from pipeline.lexicons import load
from pipeline.model import Block, BlockKind, CellAt, Document, Extraction, Metadata
from pipeline.parse import build, outline, parse
from pipeline.raw import RawBlock, RawDocument

LEXICONS = load()
TITLE = "云溪县职业教育产教融合实施方案"
# Enough running Chinese to pass for a plan, without a number, a body or an indicator in it.
FILLER = "为贯彻上级要求，结合我县实际，坚持问题导向，稳妥有序推进，抓好落实见效，营造良好氛围，制定本方案。" * 3
YEAR = 2023
END_MATTER = "\n九、附则\n本方案自印发之日起施行。"  # so that no signature runs into the last task


def document(body: str, title: str = TITLE, issued: str | None = "2023年9月13日") -> Document:
    """A plan of 云溪县 with the lines of `body` below its title and a paragraph of filler, parsed as TXT."""
    lines = [title, FILLER, *body.strip().split("\n")]
    if issued:
        lines += ["云溪县教育局", issued]
    return parse("\n".join(lines).encode(), "yunxi.txt", lexicons=LEXICONS)


@cache
def extracted(body: str, title: str = TITLE, issued: str | None = "2023年9月13日") -> tuple[Document, Extraction]:
    """The document of `body` and what is extracted from it."""
    parsed = document(body, title, issued)
    return parsed, extract(parsed, LEXICONS)


def with_table(
    *blocks: str | list[list[str]], issue_date: str | None = "2023-09-13", year: int | None = YEAR
) -> Document:
    """A document built of paragraphs (strings) and tables (rows of cells), with outline and the dates given."""
    raw: list[RawBlock] = []
    table = 0
    for block in blocks:
        if isinstance(block, str):
            raw.append(RawBlock(block))
            continue
        for row, cells in enumerate(block):
            raw.extend(_cell(text, table, row, col, block) for col, text in enumerate(cells) if text != "^")
        table += 1
    built = build.build(build.tidy(RawDocument("txt", tuple(raw))), "yunxi.txt", "0" * 64)
    shaped = outline.outline(built, LEXICONS)
    metadata = Metadata(title=TITLE, issue_date=issue_date, year=year)
    return Document(
        shaped.source, shaped.digest, shaped.format, shaped.text, shaped.blocks, shaped.tables, shaped.sections,
        metadata, shaped.issues, None, (), shaped.body_start,
    )  # fmt: skip


def _cell(text: str, table: int, row: int, col: int, rows: list[list[str]]) -> RawBlock:
    """A cell; `^` in the rows below says that it covers them too."""
    span = 1
    while row + span < len(rows) and rows[row + span][col] == "^":
        span += 1
    return RawBlock(text, kind=_CELL, cell=CellAt(table, row, col, span, 1))


_CELL = BlockKind.CELL


def context(doc: Document) -> Context:
    """The working view of a document with the mentions that the components found."""
    machine = extractor(LEXICONS)
    view = Context(doc, LEXICONS, calendar_of(doc.metadata), make_frames(doc))
    spacy_doc = machine.nlp.make_doc(doc.text)
    spacy_doc.user_data[CONTEXT] = view
    for _, pipe in machine.nlp.pipeline:
        spacy_doc = pipe(spacy_doc)
    return view


def frame(line: str) -> Frame:
    """The frame of one paragraph of its own."""
    text = line
    doc = Document("line.txt", "0" * 64, "txt", text, (Block(0, 0, len(text), BlockKind.PARAGRAPH),))
    return context(doc).frames[0]
