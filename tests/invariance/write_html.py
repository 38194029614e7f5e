"""Renders a plan as a saved web page, and with the same markup as what a browser prints to PDF."""

from __future__ import annotations

from html import escape

from invariance.plan_model import Cell, Grid, Look, Plan, Text

_STYLE = """
@page { size: A4; margin: 25mm 26mm 25mm 28mm }
body { font-family: "Noto Serif CJK SC", "AR PL UMing CN", serif; font-size: 14pt; line-height: 1.8 }
p { margin: 0; text-indent: 2em; text-align: justify }
.head { text-indent: 0; font-size: 10pt; text-align: left }
.title { text-indent: 0; text-align: center; font-size: 20pt; font-weight: bold }
.centre { text-indent: 0; text-align: center }
.right { text-indent: 0; text-align: right }
.first { font-family: "Noto Sans CJK SC", sans-serif }
h1, h2, h3, h4, h5, h6 { font-size: 14pt; margin: 0; text-indent: 2em; font-weight: bold }
table { border-collapse: collapse; width: 100%; table-layout: fixed; font-size: 10pt; line-height: 1.4 }
td { border: 1px solid #000; padding: 2pt 4pt; vertical-align: middle; overflow-wrap: anywhere }
td p { text-indent: 0; text-align: left }
"""


def write(plan: Plan) -> bytes:
    """The page of a plan in UTF-8."""
    body = "\n".join(_table(part) if isinstance(part, Grid) else _paragraph(part) for part in plan.parts)
    title = f"<title>{escape(plan.title)}</title>\n" if plan.title else ""
    head = f'<meta charset="utf-8">\n{title}<style>{_STYLE}</style>'
    page = f'<!DOCTYPE html>\n<html lang="zh">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n'
    return page.encode("utf-8")


def _paragraph(line: Text) -> str:
    tag = f"h{min(line.level, 6)}" if line.level else "p"
    name = "" if line.look is Look.BODY else f' class="{line.look}"'
    # Blanks that a browser would run together are kept as the no-break spaces that editors write.
    text = escape(line.text).replace("  ", " \u00a0").replace("\t", "\u00a0\u00a0")
    return f"<{tag}{name}>{text}</{tag}>"


def _table(grid: Grid) -> str:
    columns = "".join(f'<col style="width:{width / 10:.1f}%">' for width in grid.widths(1000))
    rows = [
        "<tr>" + "".join(_cell(cell) for cell, _ in line if cell is not None) + "</tr>"
        for line in grid.rows_of_cells()
    ]  # fmt: skip
    head, body = "\n".join(rows[: grid.head_rows]), "\n".join(rows[grid.head_rows :])
    return f"<table>\n<colgroup>{columns}</colgroup>\n<thead>{head}</thead>\n<tbody>{body}</tbody>\n</table>"


def _cell(cell: Cell) -> str:
    spans = "".join(
        f' {name}="{size}"' for name, size in (("rowspan", cell.at.rowspan), ("colspan", cell.at.colspan)) if size > 1
    )
    lines = "".join(f"<p>{escape(line)}</p>" for line in cell.text.split("\n"))
    return f"<td{spans}>{lines}</td>"
