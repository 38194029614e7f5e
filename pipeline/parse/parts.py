"""Files that belong together to one text: the plan first, then its annexes, whatever their formats.

Which file is what is told by names (附件1…), by first lines, and by what the other files say: a notice names the plan
that it forwards, a plan lists its annexes. Plans that have nothing to do with one another are not joined.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from pipeline.errors import UnreadableError
from pipeline.gazetteer import gazetteer
from pipeline.lexicons import Lexicons
from pipeline.model import BlockKind
from pipeline.parse.build import build
from pipeline.parse.pieces import pieces
from pipeline.parse.titles import find_titles
from pipeline.raw import RawBlock, RawDocument, RawIssue, RawPart
from pipeline.text import Squeezed, fold, parse_number

ANNEX = "附件"  # how a heading begins that is made of a file's name
SAME_TEXT = 97.0  # ratio of two files' characters: a DOCX and its PDF differ by page numbers and line ends
SAME_NAME = 88.0  # ratio of a title and the name by which another file calls it: they differ by brackets, a word
_NEAR_LENGTH = 0.9  # files whose lengths differ by more are not compared
_OPENING = 20  # text blocks at a file's head that name what it forwards
_LETTER = 400  # characters: a mail without a title that is longer is text
_HEADING = 40  # characters: the longest heading of an annex that the outline takes
_SENTENCE = re.compile("[。;]")
# Of the same text in several formats the one that states its structure best is taken.
_BEST_FIRST = ("docx", "doc", "odt", "rtf", "html", "mhtml", "ofd", "pdf", "txt")

Restructure = Callable[[RawDocument, Lexicons], RawDocument]


def concatenate(documents: Sequence[RawDocument], names: Sequence[str] = ()) -> RawDocument:
    """The documents one after another: pages and tables count on, issues go with their blocks, with `names` if given.

    Format and metadata are the first one's. `page_count` is that of the documents that have pages, None without any.
    """
    blocks: list[RawBlock] = []
    issues: list[RawIssue] = []
    pages = tables = 0
    for number, document in enumerate(documents):
        at = len(blocks)
        for block in document.blocks:
            page = None if block.page is None else block.page + pages
            cell = None if block.cell is None else replace(block.cell, table=block.cell.table + tables)
            lines = tuple(replace(line, page=line.page + pages) for line in block.lines)
            blocks.append(replace(block, page=page, cell=cell, lines=lines))
        said = f"{names[number]}: " if names else ""
        for issue in document.issues:
            where = None if issue.block is None else issue.block + at
            issues.append(replace(issue, block=where, detail=said + issue.detail))
        pages += document.page_count or 0
        tables += 1 + max((b.cell.table for b in document.blocks if b.cell is not None), default=-1)
    first = documents[0]
    return RawDocument(first.format, tuple(blocks), first.metadata, tuple(issues), pages or None)


@dataclass(frozen=True)
class _Part:
    """A file with what it says of itself and of others.

    `source` is the document as its reader gave it; `is_annex`, `number`, `label` are what its name says;
    `opens_as_annex` whether its first line is 附件1 or the like; `title` its own title, folded, "" without; `forwards`
    and `lists` the names by which it calls other files.
    """

    name: str
    source: RawDocument
    document: RawDocument
    is_cover: bool
    is_annex: bool
    number: float | None
    label: str
    opens_as_annex: bool
    title: str
    forwards: tuple[str, ...]
    lists: tuple[str, ...]
    text: str

    def is_called(self, names: Iterable[str]) -> bool:
        """Whether one of the names is this file's: its title or what its file name says."""
        own = [n for n in (self.title, self.label) if n]
        return any(fuzz.ratio(name, other) >= SAME_NAME for name in names for other in own)


def assemble(raw: RawDocument, lexicons: Lexicons, restructure: Restructure) -> RawDocument:
    """The parts of a file as one document: the plan, what it forwards, its annexes in order.

    An annex that does not begin as one gets a heading from its file's name. A file that is there twice (as DOCX and
    PDF) is taken once, and what only explains the plan is left out; issues tell both, and where each file begins.
    The result has the blocks, and as parts the files that were taken, in their order, as their readers gave them.
    Raises UnreadableError where several files are plans of their own.
    """
    examined = [_examine(part, lexicons, restructure) for part in raw.parts]
    examined = [_as_furniture(p) if p.is_cover and not p.title and len(p.text) < _LETTER else p for p in examined]
    issues = list(raw.issues)
    kept = list(_without_doubles(examined, issues))
    kept = list(_without_interpretations(kept, lexicons, issues))
    order = _in_order(kept, raw)
    documents = [_headed(part, part.document, is_annex) for part, is_annex in order]
    joined = concatenate(documents, [part.name for part, _ in order] if len(order) > 1 else ())
    if len(order) > 1:
        issues += _places([part for part, _ in order], documents)
    metadata = next((part.document.metadata for part, _ in order if not part.is_cover), ())
    as_read = tuple(RawPart(p.name, _headed(p, p.source, is_annex), p.is_cover) for p, is_annex in order)
    told = (*joined.issues, *issues)
    return RawDocument(raw.format, joined.blocks, raw.metadata + metadata, told, joined.page_count, as_read)


def _as_furniture(part: _Part) -> _Part:
    """A letter that only says what it brings: no text of the plan, but kept."""
    blocks = tuple(replace(b, kind=BlockKind.FURNITURE, cell=None) for b in part.document.blocks)
    return replace(part, document=replace(part.document, blocks=blocks))


# --- what each file is -----------------------------------------------------------------------------------------------


def _examine(part: RawPart, lexicons: Lexicons, restructure: Restructure) -> _Part:
    document = restructure(part.document, lexicons)
    views = [Squeezed(b.text).text for b in document.blocks if b.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)]
    is_annex, number, label = by_name(part.name, lexicons)
    opening = lexicons.pattern("annex-label").match(views[0]) if views else None
    if opening is not None and number is None:
        number = parse_number(opening["number"]) if opening["number"] else None
    title = "" if document.parts else _title(document, lexicons)
    forwarded = lexicons.pattern("forwarded-title")
    forwards = [m["title"] or m["bare"] for view in views[:_OPENING] for m in forwarded.finditer(view)]
    text = "".join(Squeezed(b.text).text for b in document.blocks if b.kind is not BlockKind.FURNITURE)
    return _Part(
        part.name, part.document, document, part.is_cover, is_annex, number, label, opening is not None, title,
        tuple(forwards), tuple(_listed(views, lexicons)), text,
    )  # fmt: skip


def by_name(name: str, lexicons: Lexicons) -> tuple[bool, float | None, str]:
    """Whether a path names an annex, its number, and what the file's name says besides.

    A folder that is named so makes annexes of all files in it.
    """
    stem, _ = posixpath.splitext(name)
    folders = stem.split("/")
    pattern = lexicons.pattern("part-annex")
    label = Squeezed(folders[-1]).text
    for place in reversed(folders):
        found = pattern.match(fold(place).strip())
        if found is not None:
            number = found["number"] or found["short"] or found["last"]
            if place is folders[-1]:
                label = Squeezed(found["title"] or found["before"] or "").text
            return True, parse_number(number) if number else None, label
    return False, None, label


def _title(document: RawDocument, lexicons: Lexicons) -> str:
    """The title of a notice or a plan by its own words, folded and without white space; "" where it has none."""
    built = build(replace(document, issues=()), "", "")
    places = gazetteer(lexicons)
    titles = find_titles(
        built.text, pieces(built), lexicons, lambda text: any(hit.start == 0 for hit in places.find(text))
    )
    found = titles.notice or titles.plan
    return "" if found is None else Squeezed(found.text).text


def _listed(views: Sequence[str], lexicons: Lexicons) -> Iterator[str]:
    """The titles in the list of annexes: a label with a title, and the numbered lines right below it."""
    label, item = lexicons.pattern("annex-label"), lexicons.pattern("annex-item")
    in_list = False
    for view in views[1:]:
        found = label.match(view)
        if found is not None and found["title"]:
            first = item.match(found["title"])
            yield first["title"] if first else found["title"]
        in_list = found is not None or in_list
        entry = item.match(view) if in_list and found is None else None
        if entry is not None:
            yield entry["title"]
        in_list = found is not None or entry is not None


def _without_doubles(parts: Sequence[_Part], issues: list[RawIssue]) -> Iterator[_Part]:
    """Of files with the same text the one in the best format; annexes with different numbers are different."""
    known = {name: i for i, name in enumerate(_BEST_FIRST)}
    kept: list[_Part] = []
    for part in sorted(parts, key=lambda p: (p.is_cover, known.get(p.document.format, len(known)), natural(p.name))):
        twin = next((k for k in kept if _is_twin(k, part)), None)
        if twin is None:
            kept.append(part)
        else:
            issues.append(RawIssue("same-text", f"{part.name}: the same text as {twin.name}", severity="info"))
    yield from (part for part in parts if part in kept)


def _is_twin(one: _Part, other: _Part) -> bool:
    if one.is_annex and other.is_annex and one.number != other.number:
        return False
    short, long = sorted((len(one.text), len(other.text)))
    return short >= _NEAR_LENGTH * long and fuzz.ratio(one.text, other.text, score_cutoff=SAME_TEXT) >= SAME_TEXT


def _without_interpretations(parts: Sequence[_Part], lexicons: Lexicons, issues: list[RawIssue]) -> Iterator[_Part]:
    """The files without those that explain a plan, unless there is nothing else."""
    pattern = lexicons.pattern("part-interpretation")
    said = {p.name for p in parts if not p.is_cover and any(pattern.search(t) for t in (p.title, p.label) if t)}
    for part in parts:
        if part.name in said and len(said) < len(parts):
            issues.append(RawIssue("interpretation", f"{part.name}: explains the plan and is left out"))
        else:
            yield part


# --- their order -----------------------------------------------------------------------------------------------------


def _in_order(parts: Sequence[_Part], raw: RawDocument) -> list[tuple[_Part, bool]]:
    """The files in the order of the text, each with whether it is an annex."""
    cover = [(p, False) for p in parts if p.is_cover]
    others = sorted((p for p in parts if not p.is_cover), key=lambda p: natural(p.name))
    annexes = [p for p in others if p.is_annex or p.opens_as_annex or _is_listed(p, others)]
    plain = [p for p in others if p not in annexes]
    forwarded = [p for p in plain if _is_forwarded(p, plain)]
    mains = [p for p in plain if p not in forwarded] or forwarded
    forwarded = [p for p in forwarded if p not in mains]
    titled = [p for p in mains if p.title]
    if len(titled) > 1:
        _refuse(titled, raw)
    if mains and not titled and not forwarded:
        titled = [max(mains, key=lambda p: len(p.text))]
    annexes += [p for p in mains if p not in titled]
    annexes.sort(key=lambda p: (p.number is None, p.number or 0.0, natural(p.name)))
    return [*cover, *((p, False) for p in (*titled, *forwarded)), *((p, True) for p in annexes)]


def _is_listed(part: _Part, others: Sequence[_Part]) -> bool:
    return any(part.is_called(other.lists) for other in others if other is not part)


def _is_forwarded(part: _Part, others: Sequence[_Part]) -> bool:
    return any(part.is_called(other.forwards) for other in others if other is not part)


def _refuse(titled: Sequence[_Part], raw: RawDocument) -> None:
    shown = "、".join(posixpath.basename(p.name.rstrip("/")) for p in titled[:3]) + ("…" if len(titled) > 3 else "")
    raise UnreadableError(
        ("里面有几份各自独立的文件", "it holds several documents of their own"),
        shown,
        ("请解压后把它们分别导入", "unpack it and ingest each of them"),
    )


def natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts names by the numbers in them: 附件2 before 附件10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d{1,9})", name)]


def _headed(part: _Part, document: RawDocument, is_annex: bool) -> RawDocument:
    """The file's document; before an annex that does not begin as one a heading from the file's name."""
    if not is_annex or part.opens_as_annex:
        return document
    number = "" if part.number is None else f"{part.number:.0f}"
    is_named = any(c.isalpha() for c in part.label) and not (
        part.title and fuzz.ratio(part.title, part.label) >= SAME_NAME
    )
    first = next((b for b in part.document.blocks if b.kind is not BlockKind.FURNITURE and b.text.strip()), None)
    said = first is not None and part.label and part.label in Squeezed(first.text).text
    heading = ANNEX + number
    if is_named and not said:
        heading += "：" + _SENTENCE.sub(" ", part.label)[:_HEADING]
    block = RawBlock(heading, page=None if first is None else first.page)
    issues = tuple(replace(i, block=None if i.block is None else i.block + 1) for i in document.issues)
    return replace(document, blocks=(block, *document.blocks), issues=issues)


def _places(parts: Sequence[_Part], documents: Sequence[RawDocument]) -> Iterator[RawIssue]:
    """A note for each file of where it begins, since pages count on."""
    at = pages = 0
    for part, document in zip(parts, documents, strict=True):
        count = document.page_count or 0
        last = f"–{pages + count}" if count > 1 else ""
        where = f" (p. {pages + 1}{last})" if count else ""
        yield RawIssue("part", part.name + where, at if document.blocks else None, "info")
        at += len(document.blocks)
        pages += count
