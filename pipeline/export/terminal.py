"""Tables and lists for the terminal: fitted to its width, or plain and wide where the output goes to a file or pipe.

Below NARROW columns a sentence would be squeezed to a thread, so sentences then stand below the table, numbered.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from pipeline.compare import Answer, AnswerRow, LeftOut, Matrix, OtherVersion, Resolution, State
from pipeline.compare.document import LAYERS, UNACCOUNTED, Ledger, Node, Outline
from pipeline.compare.values import deadline_text, value_text
from pipeline.export.tables import SIGNS, reason_text
from pipeline.messages import say, version_text, word
from pipeline.text import normalise

NARROW = 150  # below it the seven short columns of `ask` leave a sentence fewer than 40 columns
PLAIN = 10_000  # a pipe has no width: no line is broken there
ROLES = ("lead", "responsible", "support")
NAMES = 8  # names of indicators that fit two lines of a terminal
SAMPLES = 3  # examples of each kind of thing that was left out
_STATE_STYLE = {State.QUALITATIVE: "yellow", State.OTHER: "dim", State.SILENT: "dim", State.DAMAGED: "red"}
_LAYER_STYLE = {"targets": "green", "milestones": "cyan", "actions": "yellow", "indicators": "magenta"}


def console(width: int | None = None) -> Console:
    """The console of standard output: as wide as the terminal, or unbounded and without colour for a pipe."""
    if width is None and not sys.stdout.isatty():
        return Console(width=PLAIN, no_color=True, highlight=False, file=sys.stdout)
    return Console(width=width, highlight=False, file=sys.stdout)


def _table(out: Console, columns: Sequence[str], show_lines: bool = False) -> Table:
    shape = box.SIMPLE_HEAD if out.width < PLAIN else None
    table = Table(box=shape, pad_edge=False, header_style="bold", show_lines=show_lines)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _print_table(out: Console, table: Table) -> None:
    """Print without the blanks that would fill each line of a pipe to the width of the widest."""
    if out.width < PLAIN:
        out.print(table)
        return
    with out.capture() as capture:
        out.print(table)
    for line in capture.get().splitlines():
        out.out(line.rstrip(), highlight=False)


def _place(file: str, clause: str, page: int | None = None) -> str:
    return " · ".join(part for part in (file, clause, f"p.{page}" if page else "") if part)


def _sentence(quote: str, terms: Iterable[str]) -> Text:
    """A quote on one line, the searched words marked."""
    text = Text(normalise(quote))
    text.highlight_words(list(terms), "bold reverse", case_sensitive=False)
    return text


def resolution_lines(resolution: Resolution, lang: str) -> list[str]:
    """What the term was taken for, and the other names that were searched."""
    names = [name for _, name in resolution.indicators]
    # A term that is a name stands for one indicator; those that merely have it as a part are named apart.
    named, others = (names, []) if resolution.how == "part" else (names[:1], names[1:])
    lines = [say(f"resolved.{resolution.how}", lang, term=resolution.term, names=_some(named), score=resolution.score)]
    if others:
        lines.append(say("resolved.others", lang, names=_some(others)))
    if len(resolution.texts) > 1:
        lines.append(say("searched", lang, texts=_some(resolution.texts)))
    return lines


def _some(names: Sequence[str]) -> str:
    """The names in one line; of many only the first, and how many more there are."""
    more = f" +{len(names) - NAMES}" if len(names) > NAMES else ""
    return "、".join(names[:NAMES]) + more


def print_answer(answer: Answer, out: Console, lang: str) -> None:
    """The answer to `ask`: with a number, without one, and what was left out with the reason."""
    for line in resolution_lines(answer.resolution, lang):
        out.print(Text(line, style="dim"))
    out.print()
    if answer.quantified:
        files = len({row.document for row in answer.quantified})
        out.print(Text(say("ask.promised", lang, documents=files, count=len(answer.quantified)), style="bold green"))
        _commitments(answer, answer.quantified, out, lang, 1)
    if answer.without_number:
        out.print(Text(say("ask.without", lang, count=len(answer.without_number)), style="bold yellow"))
        _commitments(answer, answer.without_number, out, lang, len(answer.quantified) + 1)
    if not answer.quantified and not answer.without_number:
        out.print(Text(say("ask.nothing", lang, term=answer.resolution.term), style="bold"))
    _print_left_out(answer, out, lang)


def _commitments(answer: Answer, rows: Sequence[AnswerRow], out: Console, lang: str, first: int) -> None:
    several = len({row.indicator for row in rows}) > 1
    columns = ["region", *(["indicator"] if several else []), "value", "deadline", "lead", "responsible", "strength"]
    # A column that no row fills only takes the room of the others.
    columns = [c for c in columns if c == "region" or any(getattr(row, c) for row in rows)]
    in_table = out.width >= NARROW
    head = ["#", *(say(c, lang) for c in columns), *([say("quote", lang), say("where", lang)] if in_table else [])]
    table = _table(out, head)
    for number, row in enumerate(rows, first):
        cells: list[str | Text] = [str(number)]
        for column in columns:
            value = getattr(row, column) or ""
            cells.append(Text(word(value, lang) if column == "strength" else str(value)))
        if not row.region:
            cells[1] = Text(row.title or row.file)
        if in_table:
            cells += [_sentence(row.quote, answer.resolution.texts), Text(_where(row, lang))]
        table.add_row(*cells)
    _print_table(out, table)
    if not in_table:
        for number, row in enumerate(rows, first):
            out.print(Text.assemble((f"[{number}] ", "bold"), _sentence(row.quote, answer.resolution.texts)))
            for place in _places(row, lang):
                out.print(Padding(Text(place, style="dim"), (0, 0, 0, 4), expand=False))
    out.print()


def _where(row: AnswerRow, lang: str) -> str:
    return " ‖ ".join(_places(row, lang))


def _places(row: AnswerRow, lang: str) -> list[str]:
    """Where a commitment is proven: each piece of evidence; for a promise the best clause and how many there are."""
    if row.kind == "target":
        return [_place(row.file if i == 0 else "", p.clause, p.page) for i, p in enumerate(row.evidence)]
    place = _place(row.file, row.clause, row.page)
    return [place + (f" ({say('ask.clauses', lang, count=row.count)})" if row.count > 1 else "")]


def _print_left_out(answer: Answer, out: Console, lang: str) -> None:
    groups: dict[tuple[str, str | None], list[LeftOut]] = {}
    for item in answer.left_out:
        groups.setdefault((item.reason, item.fate), []).append(item)
    if groups or answer.mentions:
        out.print(Text(say("ask.left_out", lang), style="bold"))
    for (reason, fate), items in groups.items():
        out.print(Text(f"  {len(items)} × {say(f'left.{reason}', lang, fate=fate)}"))
        for item in items[:SAMPLES]:
            quote = normalise(item.quote)
            line = f"{item.region or item.file}: {item.value} “{quote}” ({_place(item.file, item.clause)})"
            out.print(Padding(Text(line, style="dim"), (0, 0, 0, 6), expand=False))
        if len(items) > SAMPLES:
            out.print(Text(f"      … +{len(items) - SAMPLES}", style="dim"))
    if answer.mentions:
        out.print(Text(f"  {len(answer.mentions)} × {say('left.background', lang)}"))
        for mention in answer.mentions[:SAMPLES]:
            line = f"{mention.region or mention.file}: “{normalise(mention.quote)}” ({mention.file})"
            out.print(Padding(Text(line, style="dim"), (0, 0, 0, 6), expand=False))
    if answer.silent:
        out.print(Text(say("ask.silent", lang, count=answer.silent), style="dim"))
    if answer.low_grade:
        out.print(Text(say("ask.low_grade", lang, count=answer.low_grade), style="dim"))
    _print_others(answer.others, out, lang)


def _print_others(others: Sequence[OtherVersion], out: Console, lang: str) -> None:
    if others:
        out.print(Text(say("others.head", lang), style="bold"))
    for other in others:
        values = f" “{'；'.join(other.values)}”" if other.values else ""
        text = version_text(other.kind, other.counted, other.why, lang)
        line = f"{other.region or ''} {other.file}{values}: {text}".strip()
        out.print(Padding(Text(line, style="dim"), (0, 0, 0, 2), expand=False))


def print_matrix(matrix: Matrix, out: Console, lang: str) -> None:
    """The comparison table; where all columns do not fit, they are printed in several tables below each other."""
    if not matrix.indicators or not matrix.lines:
        out.print(say("matrix.empty", lang))
        return
    out.print(Text(say("matrix.title", lang, rows=len(matrix.lines), columns=len(matrix.indicators)), style="bold"))
    label = say("region" if matrix.by == "region" else "document", lang)
    width = max(1, (out.width - 16) // 14) if out.width < PLAIN else len(matrix.indicators)
    for first in range(0, len(matrix.indicators), width):
        columns = range(first, min(first + width, len(matrix.indicators)))
        table = _table(out, [label, *(matrix.indicators[c].name for c in columns)], show_lines=out.width < PLAIN)
        for line in matrix.lines:
            cells = []
            for cell in (line.cells[c] for c in columns):
                if cell.state is State.QUANTIFIED:
                    due = f"\n{cell.deadline}" if out.width < PLAIN else f" ({cell.deadline})"
                    cells.append(Text.assemble((cell.value, "bold green"), (due if cell.deadline else "", "dim")))
                else:
                    cells.append(Text(SIGNS[cell.state], style=_STATE_STYLE.get(cell.state, "")))
            table.add_row(Text(line.label), *cells)
        _print_table(out, table)
    out.print(Text(say("matrix.legend", lang), style="dim"))
    for line in matrix.lines:
        for indicator, cell in zip(matrix.indicators, line.cells, strict=True):
            if cell.state in (State.OTHER, State.DAMAGED, State.NO_DOCUMENT):
                out.print(Text(f"{line.label} · {indicator.name}: {reason_text(cell, lang)}", style="dim"))
    _print_others(matrix.others, out, lang)


def print_outline(outline: Outline, out: Console, lang: str) -> None:
    """A document as a tree: headings with the records below them, then what a person should know of."""
    d = outline.document
    out.print(Text(d["title"] or d["source"], style="bold"))
    facts = (d["region_name"], d["doc_number"], d["issue_date"], d["doc_type"], d["status"], d["source"], d["id"])
    out.print(Text(" · ".join(str(f) for f in facts if f), style="dim"))
    out.print(Text(say("show.counts", lang, **outline.counts), style="dim"))
    if d["grade"]:
        reasons = [r["zh" if lang == "zh" else "en"] for r in json.loads(d["grade_reasons"] or "[]")]
        out.print(Text(": ".join(t for t in (f"{say('grade', lang)} {d['grade']}", "; ".join(reasons)) if t)))
    for row in outline.versions:
        text = version_text(row["kind"], row["counted"], json.loads(row["why"]), lang)
        out.print(Text(f"{row['path']}: {text}", style="dim"))
    tree = Tree("", hide_root=True, guide_style="dim")
    _grow(tree, outline.root, lang)
    out.print(tree)
    if outline.issues:
        out.print(Text(say("show.issues", lang), style="bold"))
        for issue in outline.issues:
            mend = f" → {issue['mend']}" if issue["mend"] else ""
            out.print(Text(f"  {issue['severity']} {issue['code']}: {issue['detail']}{mend}"))


def _grow(tree: Tree, node: Node, lang: str) -> None:
    for layer, row in node.records:
        tree.add(_record_line(layer, row, lang))
    for child in node.children:
        _grow(tree.add(Text(normalise(child.number + child.heading), style="bold")), child, lang)


def _record_line(layer: str, row: dict[str, object], lang: str) -> Text:
    quote = normalise(str(row["quote"]))
    mark = f"[{word(_singular(layer, row), lang)}] "
    parts = [quote]
    if layer == "tasks":
        agencies: list[dict[str, str]] = row["agencies"]  # type: ignore[assignment]
        roles = {role: [a["name"] for a in agencies if a["role"] == role] for role in ROLES}
        named = "；".join(f"{say(role, lang)} {'、'.join(names)}" for role, names in roles.items() if names)
        parts = [normalise(f"{row['number']}{row['heading']}"), named]
    elif layer == "targets":
        parts = [f"{row['indicator']} {value_text(row)}", deadline_text(row), f"“{quote}”"]
    elif layer in ("milestones", "actions"):
        # A sentence that names several indicators makes an action of each: the name tells them apart.
        strength = word(str(row.get("strength") or ""), lang)
        parts = [str(row.get("indicator") or ""), deadline_text(row), strength, f"“{quote}”"]
    elif layer == "indicators":
        weight = row["weight"]
        parts = [str(row["name"]), "" if weight is None else say("show.weight", lang, weight=f"{weight:g}%")]
    elif layer == "citations":
        parts = [f"《{row['title']}》", str(row["doc_number"] or "")]
    return Text.assemble((mark, _LAYER_STYLE.get(layer, "dim")), " · ".join(p for p in parts if p))


def _singular(layer: str, row: dict[str, object]) -> str:
    if layer == "targets":
        return "norm" if row["kind"] == "norm" else "target"
    return dict(zip(LAYERS, ("task", "target", "milestone", "action", "scheme", "reference"), strict=True))[layer]


def print_ledger(ledger: Ledger, out: Console, lang: str, everything: bool) -> None:
    """How many numbers have each fate with an example, then those without a fate (or all of them)."""
    total = say("ledger.total", lang, total=len(ledger.numbers), unaccounted=ledger.unaccounted, share=ledger.share)
    out.print(Text(f"{ledger.document['title'] or ledger.document['source']}: {total}", style="bold"))
    table = _table(out, [say(c, lang) for c in ("fate", "count", "example")])
    for fate, count in ledger.fates:
        example = next(n for n in ledger.numbers if n["fate"] == fate)
        style = "red" if fate == UNACCOUNTED else ""
        table.add_row(Text(fate, style=style), str(count), Text(normalise(example["context"])))
    _print_table(out, table)
    listed = [n for n in ledger.numbers if everything or n["fate"] == UNACCOUNTED]
    if listed:
        table = _table(out, ["start", "end", say("number", lang), say("fate", lang), say("quote", lang)])
        for n in listed:
            texts = (n["text"], n["fate"], normalise(n["context"]))
            table.add_row(str(n["start"]), str(n["end"]), *map(Text, texts))
        _print_table(out, table)


def print_rows(out: Console, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A simple table of texts."""
    table = _table(out, columns)
    for row in rows:
        table.add_row(*(escape(str(value)) for value in row))
    _print_table(out, table)
