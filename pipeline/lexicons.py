"""Find, load, check, compile and look up the lexicons: the words that the machinery runs on.

A lexicon is a TSV file with a header row in the folder `lexicons/`; `schema.toml` beside it says for each file which
columns it has, which must be filled, which hold lists (parted by `|`) and which name rows of another file.
`patterns*.toml` hold regular expressions with examples that must match and examples that must not.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from pipeline.errors import LexiconError
from pipeline.text import fold

LIST_MARK = "|"
FUZZY_CUTOFF = 86.0  # below it, terms of other meaning come in (set on the alias lists: nearest wrong alias 85.7)
FUZZY_MARGIN = 4.0  # a runner-up of another row nearer than this makes the match a guess


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a lexicon: stable id, canonical name, other names, and every column as written."""

    id: str
    name: str
    aliases: tuple[str, ...]
    fields: Mapping[str, str]

    def get(self, column: str) -> str:
        """The column's text, "" where the file has no such column or the cell is empty."""
        return self.fields.get(column, "")

    def list(self, column: str) -> tuple[str, ...]:
        """The column's entries, parted at `|`, without empty ones."""
        return tuple(part for part in self.get(column).split(LIST_MARK) if part)


@dataclass(frozen=True, slots=True)
class Match:
    """A row found for a term: `how` is name, alias or fuzzy; `score` 0..100, 100 for the first two."""

    row: Row
    term: str
    how: str
    score: float


class Lexicon:
    """The rows of one file, by id and by name."""

    def __init__(self, name: str, rows: tuple[Row, ...]) -> None:
        self.name = name
        self.rows = rows
        self.by_id = {row.id: row for row in rows}

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def terms(self) -> Mapping[str, tuple[Row, ...]]:
        """Every name and alias, folded, with the rows that carry it (several for homonyms), names before aliases."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(fold(row.name), []).append(row)
        for row in self.rows:
            for alias in row.aliases:
                rows = found.setdefault(fold(alias), [])
                if row not in rows:
                    rows.append(row)
        return {term: tuple(rows) for term, rows in found.items()}

    def exact(self, term: str) -> Match | None:
        """The first row whose name or alias is the term, after folding; None where there is none."""
        key = fold(term)
        rows = self.terms.get(key)
        if not rows:
            return None
        return Match(rows[0], key, "name" if fold(rows[0].name) == key else "alias", 100.0)

    def look_up(self, term: str, cutoff: float = FUZZY_CUTOFF, margin: float = FUZZY_MARGIN) -> Match | None:
        """Exact, then alias, then fuzzy with a cutoff and a margin to the runner-up of another row; else None."""
        found = self.exact(term)
        if found is not None or len(term) < 3:
            return found
        near = process.extract(fold(term), self.terms.keys(), scorer=fuzz.ratio, score_cutoff=cutoff - margin, limit=5)
        if not near or near[0][1] < cutoff:
            return None
        best, score, _ = near[0]
        row = self.terms[best][0]
        for other, other_score, _ in near[1:]:
            if self.terms[other][0].id != row.id and score - other_score < margin:
                return None
        return Match(row, best, "fuzzy", float(score))


class Lexicons:
    """All lexicons of a folder, each loaded when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._loaded: dict[str, Lexicon] = {}
        self._compiled: dict[str, re.Pattern[str]] = {}

    @cached_property
    def schema(self) -> Mapping[str, Any]:
        """`schema.toml` as read: a table for each file."""
        return _read_toml(self.folder / "schema.toml")

    @cached_property
    def fingerprint(self) -> str:
        """Hash over every file of the folder, so that a run knows the words that it ran with (16 hex digits)."""
        digest = hashlib.sha256()
        for path in sorted(self.folder.iterdir()):
            if path.suffix in {".tsv", ".toml"}:
                digest.update(path.name.encode())
                digest.update(path.read_bytes())
        return digest.hexdigest()[:16]

    def get(self, name: str) -> Lexicon:
        """The lexicon of `name.tsv`. Raises LexiconError where the file is missing or a row does not fit."""
        if name not in self._loaded:
            self._loaded[name] = Lexicon(name, tuple(_read_rows(self.folder / f"{name}.tsv")))
        return self._loaded[name]

    @cached_property
    def _cues(self) -> Mapping[str, tuple[str, ...]]:
        words: dict[str, list[str]] = {}
        for row in self.get("cues"):
            words.setdefault(row.get("cue"), []).append(fold(row.name))
        return {cue: tuple(sorted(found, key=lambda w: (-len(w), w))) for cue, found in words.items()}

    def cues(self, cue: str) -> tuple[str, ...]:
        """The words of one kind of cue (`cues.tsv`), longest first. Raises LexiconError for an unknown kind."""
        try:
            return self._cues[cue]
        except KeyError:
            raise LexiconError(("没有这类提示词", "no such kind of cue"), cue) from None

    @cached_property
    def patterns(self) -> Mapping[str, Mapping[str, Any]]:
        """The entries of every `patterns*.toml` by id. Raises LexiconError where two share one."""
        found: dict[str, Mapping[str, Any]] = {}
        for path in sorted(self.folder.glob("patterns*.toml")):
            for entry in _read_toml(path).get("pattern", []):
                if entry["id"] in found:
                    raise LexiconError(("模式编号重复", "two patterns share an id"), f"{path.name} {entry['id']}")
                found[entry["id"]] = entry
        return found

    def pattern(self, pattern_id: str) -> re.Pattern[str]:
        """A compiled pattern of `patterns*.toml`, with its `{{…}}` filled in. It runs on folded, squeezed text."""
        if pattern_id not in self._compiled:
            source = self._expand(pattern_id, ())
            try:
                self._compiled[pattern_id] = re.compile(source)
            except re.error as error:
                raise LexiconError(
                    ("正则式有误", "pattern does not compile"), f"patterns.toml {pattern_id}: {error}"
                ) from error
        return self._compiled[pattern_id]

    def _expand(self, pattern_id: str, seen: tuple[str, ...]) -> str:
        entry = self.patterns.get(pattern_id)
        if entry is None or pattern_id in seen:
            raise LexiconError(("没有这个模式", "no such pattern, or it holds itself"), f"patterns.toml {pattern_id}")

        def fill(place: re.Match[str]) -> str:
            kind, _, key = place.group(1).partition(":")
            if kind == "pattern":
                return "(?:" + self._expand(key, (*seen, pattern_id)) + ")"
            if kind == "cue":
                return alternation(self.cues(key))
            if kind == "lexicon":
                name, _, where = key.partition("?")
                column, _, value = where.partition("=")
                rows = [r for r in self.get(name) if not where or r.get(column) == value]
                return alternation([fold(t) for r in rows for t in (r.name, *r.aliases)])
            raise LexiconError(("不认得的占位", "unknown placeholder"), f"patterns.toml {pattern_id}: {place.group(0)}")

        return re.sub(r"\{\{([^{}]+)\}\}", fill, str(entry["regex"]))


def alternation(words: tuple[str, ...] | list[str]) -> str:
    """A group that matches any of the words, longest first."""
    return "(?:" + "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w))) + ")"


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LexiconError(("词表文件读不到", "lexicon file cannot be read"), str(path)) from error
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(("词表文件格式有误", "lexicon file is malformed"), f"{path}: {error}") from error


def _read_rows(path: Path) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
            for line in reader:
                if None in line or None in line.values():
                    raise LexiconError(("列数不符", "wrong number of columns"), f"{path.name}:{reader.line_num}")
                yield Row(
                    line.get("id") or "",
                    line.get("name") or "",
                    tuple(a for a in (line.get("aliases") or "").split(LIST_MARK) if a),
                    line,
                )
    except OSError as error:
        raise LexiconError(
            ("词表文件读不到", "lexicon file cannot be read"),
            str(path),
            ("请检查 --lexicons 或重新安装", "check the lexicon folder or install duibiao again"),
        ) from error


def default_folder() -> Path:
    """The lexicon folder: $DUIBIAO_LEXICONS, else that of the checkout, else the one packaged with the program."""
    if named := os.environ.get("DUIBIAO_LEXICONS"):
        return Path(named)
    package = Path(__file__).resolve().parent
    checkout = package.parent / "lexicons"
    return checkout if (checkout / "schema.toml").is_file() else package / "_lexicons"


@lru_cache(maxsize=4)
def load(folder: Path | None = None) -> Lexicons:
    """The lexicons of a folder (default: `default_folder()`), shared within the process."""
    return Lexicons(folder or default_folder())
