"""Renders every plan to every format, reads each back, and holds the floors of floors.toml.

    python tests/invariance/run.py                                   # all of it
    python tests/invariance/run.py --plans luping-2023 --formats docx,pdf-office --misses

Prints a table of plans and formats: the mean F1 of the layers, with the original's own records as gold. Ends with 1
where a format is below its floor.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
if __name__ == "__main__":  # run as a program, not by pytest, which has this in its settings
    sys.path[:0] = [str(ROOT), str(HERE.parent)]

from eval import scorer  # noqa: E402
from eval.gold_plans import SHARED, gold, names  # noqa: E402
from invariance.comparison import NotRead, Reading, Result, compare, manifest_of, read  # noqa: E402
from invariance.formats import FORMATS, Format, Workshop, chosen  # noqa: E402
from invariance.plan_model import Plan, plan_of  # noqa: E402

from pipeline.lexicons import load  # noqa: E402

CORPUS = ROOT / "corpus"
SUFFIXES = frozenset({".txt", ".html", ".docx", ".pdf"})
FLOORS = tomllib.loads((HERE / "floors.toml").read_text(encoding="utf-8"))
_WORST = 40  # lines of misses for one file


def originals() -> dict[str, Path]:
    """The plans by name: those of the project, and the gold plans beside it where they are."""
    made = {path.stem: path for path in sorted(CORPUS.iterdir()) if path.suffix in SUFFIXES}
    return {name: SHARED / "corpus" / gold(name)["source"] for name in names()} | made


@dataclass
class Column:
    """A format's results by plan, why files were not read or not made, and the seconds that reading took."""

    format: Format
    results: dict[str, Result] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    skipped: str | None = None
    seconds: float = 0.0

    def overall(self) -> float | None:
        """The mean F1 of the layers over all plans together; None where nothing was read."""
        if not self.results:
            return None
        return scorer.overall(scorer.total(result.scores for result in self.results.values()))

    def rate(self, what: str) -> float | None:
        """The share of wrong characters, cells or numbers over all plans; None where there were none."""
        pairs = [getattr(result, what) for result in self.results.values()]
        whole = sum(pair[1] for pair in pairs)
        return sum(pair[0] for pair in pairs) / whole if whole else None

    def below(self, whole: bool = True) -> list[str]:
        """What is under the floors, in words; only `whole` runs hold the floors that are over all plans together.

        Plans that were refused are no failure: their reader is not there.
        """
        floors = FLOORS["formats"].get(self.format.name, {})
        said = []
        overall = self.overall()
        if whole and overall is not None and round(overall, 4) < floors.get("all", 0):
            said.append(f"{self.format.name}: {overall:.4f}, not {floors['all']}")
        for name, result in self.results.items():
            least = floors.get("exceptions", {}).get(name, floors.get("plan", 0))
            if round(result.overall, 4) < least:
                said.append(f"{self.format.name} {name}: {result.overall:.4f}, not {least}")
        for what in ("characters", "cells", "numbers") if whole else ():
            rate = self.rate(what)
            if rate is not None and rate > floors.get(what, 1):
                said.append(f"{self.format.name} {what}: {rate:.5f} wrong, not {floors[what]}")
        return said


def run(plans: list[str], formats: list[Format], keep: Path | None = None) -> list[Column]:
    """The columns of these formats for these plans. With `keep`, the rendered files stay in that folder."""
    lexicons = load()
    paths = originals()
    readings: dict[str, Reading] = {}
    for name in plans:
        reading = read(paths[name].read_bytes(), paths[name].name, lexicons)
        if isinstance(reading, NotRead):
            raise SystemExit(f"the original of {name} was not read: {reading.reason}")
        readings[name] = reading
    models = {name: plan_of(name, reading.document, lexicons) for name, reading in readings.items()}
    with tempfile.TemporaryDirectory(prefix="invariance-") as folder:
        shop = Workshop(list(models.values()), Path(folder))
        return [_column(one, shop, models, readings, keep) for one in formats]


def _column(
    one: Format, shop: Workshop, models: dict[str, Plan], readings: dict[str, Reading], keep: Path | None
) -> Column:
    column = Column(one, skipped=one.missing())
    if column.skipped is not None:
        return column
    lexicons = load()
    files = one.make(shop)
    for name, data in files.items():
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{name}.{one.name}.{one.suffix}").write_bytes(data)
        began = time.perf_counter()
        manifest = manifest_of(readings[name]) if one.tables_only else None
        found = read(data, f"{name}.{one.suffix}", lexicons, manifest)
        column.seconds += time.perf_counter() - began
        if isinstance(found, NotRead):
            column.refused[name] = found.reason
        else:
            column.results[name] = compare(readings[name], models[name], found, one.tables_only)
    return column


def table(columns: list[Column], plans: list[str]) -> str:
    """Plans and formats with the score of each; under them what counts over all plans."""
    wide = max(map(len, plans), default=4) + 2
    lines = ["".ljust(wide) + "".join(c.format.name.rjust(12) for c in columns)]
    for name in plans:
        cells = []
        for column in columns:
            result = column.results.get(name)
            absent = "not read" if name in column.refused else "-"
            cells.append(absent if result is None else f"{result.overall:.4f}")
        lines.append(name.ljust(wide) + "".join(cell.rjust(12) for cell in cells))
    rows = (
        ("all", lambda c: _shown(c.overall(), ".4f")),
        ("wrong chars", lambda c: _shown(c.rate("characters"), ".3%")),
        ("exact cells", lambda c: _shown(None if c.rate("cells") is None else 1 - c.rate("cells"), ".4f")),
        ("wrong numbers", lambda c: _shown(c.rate("numbers"), ".4f")),
        ("seconds", lambda c: f"{c.seconds:.1f}"),
    )
    lines += [title.ljust(wide) + "".join(show(c).rjust(12) for c in columns) for title, show in rows]
    for column in columns:
        if column.skipped is not None:
            lines.append(f"{column.format.name}: not made, {column.skipped}")
        lines += [f"{column.format.name}: not read, {reason}" for reason in sorted(set(column.refused.values()))]
    return "\n".join(lines)


def _shown(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def main() -> int:
    """The table on standard output, what is below its floor on standard error; 1 where anything is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--plans", default="", help="names of plans, by commas; all by default")
    parser.add_argument("--formats", default="", help=f"of {', '.join(one.name for one in FORMATS)}; all by default")
    parser.add_argument("--misses", action="store_true", help="list what came back wrong, layer by layer")
    parser.add_argument("--keep", type=Path, help="a folder to leave the rendered files in")
    options = parser.parse_args()
    plans = [name for name in options.plans.split(",") if name] or list(originals())
    began = time.perf_counter()
    columns = run(plans, chosen(name for name in options.formats.split(",") if name), options.keep)
    if options.misses:
        for column in columns:
            for name, result in column.results.items():
                for line in result.misses[:_WORST]:
                    print(f"{column.format.name} {name}: {line}")
    print(table(columns, plans))
    print(f"{time.perf_counter() - began:.0f} s")
    whole = len(plans) == len(originals())
    below = [line for column in columns for line in column.below(whole)]
    for line in below:
        print(line, file=sys.stderr)
    return int(bool(below))


if __name__ == "__main__":
    sys.exit(main())
