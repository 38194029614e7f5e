"""Values and deadlines as people read them: `≥90%`, `3–5个`, `每年≥1.2万人次`, `2025-12-31`."""

from __future__ import annotations

from typing import Any

_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "~": "≈", "=": "", "range": ""}


def number_text(value: float) -> str:
    """A number without needless zeros; myriads and 亿 are written with their sign where that loses nothing."""
    for size, sign in ((1e8, "亿"), (1e4, "万")):
        if abs(value) >= size and value % (size / 1e4) == 0:  # at most four decimals
            return f"{value / size:.10g}{sign}"
    return f"{value:.10g}"


def value_text(row: dict[str, Any]) -> str:
    """The value of a target row with variant, rhythm, sign and unit (省级≥3家); "" for a row without a value."""
    if row.get("value") is None:
        return ""
    text = number_text(row["value"])
    if row.get("value_max") is not None:
        text += "–" + number_text(row["value_max"])
    heads = (row.get("indicator_variant"), row.get("per"), _SIGNS.get(row["op"], row["op"]))
    return "".join(head or "" for head in heads) + text + (row.get("unit") or "")


def deadline_text(row: dict[str, Any]) -> str:
    """The end of a deadline; with its start where it is a span; the words of the plan where no date could be told."""
    start, end = row.get("deadline_start"), row.get("deadline_end")
    sign = "≈" if row.get("deadline_approx") else ""
    if end:
        return sign + (f"{start}…{end}" if start else end)
    return f"{sign}{start}…" if start else (row.get("deadline_raw") or "")
