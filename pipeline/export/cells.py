"""What may stand in a cell of a spreadsheet: numbers as numbers, text that no program takes for a formula."""

from __future__ import annotations

import re

# OWASP, "CSV Injection": cells that begin with these are run by spreadsheet programs; full-width forms fold to them.
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# XML 1.0, 2.2: no control characters but tab and line breaks.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
EXCEL_CELL = 32_767  # characters, Excel specifications and limits

Cell = str | int | float | None


def safe(value: object, quote_formulas: bool = True) -> Cell:
    """The value for a cell. Text that begins like a formula gets a ' in front where `quote_formulas` is set."""
    if value is None or isinstance(value, (int, float)):
        return value
    text = _CONTROL.sub("", str(value))
    if len(text) >= EXCEL_CELL:
        text = text[: EXCEL_CELL - 2] + "…"
    # One sign alone is no formula, and the column of comparison signs should stay clean.
    risky = quote_formulas and len(text) > 1 and text.startswith(_FORMULA_START)
    return f"'{text}" if risky else text
