"""The linter of the lexicons: what a spreadsheet may break, found before a run meets it.

It reads the files on its own rather than through `Lexicons.get`, because it must go on past the first fault and say
in which line each one stands. The rules are those of the design: duplicate alias, alias of two entries, unknown
reference, not folded, not sorted, and patterns that do not do what their examples say.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import LexiconError
from pipeline.lexicons import LIST_MARK, Lexicons
from pipeline.text import Squeezed, fold

SCHEMA = "schema.toml"
ENCODING = "utf-8-sig"  # spreadsheets put a byte order mark in front; the loader reads it away too

MESSAGES: dict[str, tuple[str, str]] = {
    "missing-file": ("文件不存在", "the file is not there"),
    "unreadable": ("文件读不出", "the file cannot be read"),
    "unknown-file": ("schema.toml 没有说明这个文件", "schema.toml says nothing about this file"),
    "wrong-columns": ("表头与 schema.toml 不符", "the header is not that of schema.toml"),
    "wrong-cells": ("列数与表头不符", "the row has not as many cells as the header"),
    "missing-required": ("必填列为空", "a required column is empty"),
    "missing-source": ("没有写出处", "no source is given"),
    "duplicate-id": ("编号重复", "the id occurs twice"),
    "not-sorted": ("没有按编号排序", "rows are not sorted by id"),
    "empty-entry": ("列表里有空项", "a list has an empty entry"),
    "stray-space": ("首尾有空格", "white space at an end"),
    "alias-is-name": ("别名与名称相同", "an alias is the name itself"),
    "duplicate-alias": ("同一行里别名重复", "an alias occurs twice in one row"),
    "shared-term": ("一个词属于两行", "a term belongs to two rows"),
    "unknown-reference": ("引用的行不存在", "the row referred to does not exist"),
    "bad-value": ("取值不在允许范围内", "the value is not one of those allowed"),
    "not-folded": ("含全角或兼容字符", "characters that folding would change"),
    "pattern-incomplete": ("模式缺编号或正则式", "a pattern lacks its id or its regex"),
    "pattern-examples": ("模式要有应匹配和不应匹配的例子", "a pattern needs examples of both kinds"),
    "pattern-broken": ("正则式不成立", "the regex does not compile"),
    "pattern-misses": ("应匹配的例子没有匹配", "an example that must match does not"),
    "pattern-overreaches": ("不应匹配的例子匹配了", "an example that must not match does"),
    "unknown-cue": ("没有这类提示词", "no such kind of cue"),
}

_PLACE = re.compile(r"\{\{([^{}]+)\}\}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the file's name, its 1-based line (None where a line says nothing), the row's or pattern's id ("" for
    the whole file), a code of `MESSAGES`, and the text in Chinese and English."""

    file: str
    line: int | None
    id: str
    code: str
    detail: tuple[str, str]


def _finding(file: str, line: int | None, ident: str, code: str, what: str = "") -> Finding:
    zh, en = MESSAGES[code]
    return Finding(file, line, ident, code, (f"{zh}：{what}", f"{en}: {what}") if what else (zh, en))


@dataclass(slots=True)
class _Table:
    """A file as read: rows of (line, cells by column), whether there are rows to check, whether all rows fit."""

    file: str
    spec: Mapping[str, Any]
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    loaded: bool = False
    whole: bool = True

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(cells.get("id", "") for _, cells in self.rows)


def check(lexicons: Lexicons) -> tuple[Finding, ...]:
    """Every fault of the folder of `lexicons`, file by file in order of name, by line within a file.

    Reads the disk as it is now, whatever `lexicons` has loaded before. A file that is missing, unreadable or unknown
    is a finding, and the others are still checked. Returns an empty tuple for a clean folder; raises nothing.
    """
    folder = lexicons.folder
    found: list[Finding] = []
    schema = _toml(folder / SCHEMA, found)
    tables = {name: _read(folder / f"{name}.tsv", spec, found) for name, spec in schema.items()}
    found += [_finding(path.name, None, "", "unknown-file") for path in folder.glob("*.tsv") if path.stem not in schema]
    for table in tables.values():
        if table.loaded:
            found += _rows(table)
            found += _references(table, tables)
            found += _terms(table)
    found += _patterns(folder, tables)
    return tuple(sorted(found, key=lambda f: (f.file, f.line or 0, f.id, f.code, f.detail)))


def _toml(path: Path, found: list[Finding]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        found.append(_finding(path.name, None, "", "missing-file"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        found.append(_finding(path.name, None, "", "unreadable", str(error)))
    return {}


def _read(path: Path, spec: Mapping[str, Any], found: list[Finding]) -> _Table:
    table = _Table(path.name, spec)
    try:
        lines = path.read_text(encoding=ENCODING).split("\n")
    except FileNotFoundError:
        found.append(_finding(path.name, None, "", "missing-file"))
        return table
    except (OSError, UnicodeDecodeError) as error:
        found.append(_finding(path.name, None, "", "unreadable", str(error)))
        return table
    columns = list(spec.get("columns", ()))
    header = lines[0].rstrip("\r").split("\t")
    if header != columns:
        found.append(_finding(path.name, 1, "", "wrong-columns", " ".join(header)))
        if "id" not in header:
            return table
    table.loaded = True
    for number, line in enumerate(lines[1:], 2):
        cells = line.rstrip("\r").split("\t")
        if cells == [""]:
            continue
        if len(cells) != len(header):
            found.append(_finding(path.name, number, cells[0], "wrong-cells", f"{len(cells)} / {len(header)}"))
            table.whole = False
            continue
        table.rows.append((number, dict(zip(header, cells, strict=True))))
    return table


def _rows(table: _Table) -> Iterator[Finding]:
    seen: set[str] = set()
    last = ""
    required = [c for c in table.spec.get("required", ()) if c != "source"]
    for line, cells in table.rows:
        ident = cells.get("id", "")
        if ident and ident in seen:
            yield _finding(table.file, line, ident, "duplicate-id")
        elif ident < last:
            yield _finding(table.file, line, ident, "not-sorted", f"{last} > {ident}")
        seen.add(ident)
        last = max(last, ident)
        for column in required:
            if not cells.get(column, "").strip():
                yield _finding(table.file, line, ident, "missing-required", column)
        if not cells.get("source", "").strip():
            yield _finding(table.file, line, ident, "missing-source")
        yield from _cells(table, line, ident, cells)


def _cells(table: _Table, line: int, ident: str, cells: Mapping[str, str]) -> Iterator[Finding]:
    lists = table.spec.get("lists", ())
    allowed = table.spec.get("values", {})
    for column, text in cells.items():
        entries = text.split(LIST_MARK) if column in lists and text else [text]
        if column in lists and text and "" in entries:
            yield _finding(table.file, line, ident, "empty-entry", column)
        for entry in entries:
            if entry != entry.strip():
                yield _finding(table.file, line, ident, "stray-space", f"{column} {entry!r}")
            # A source is a citation for people: its brackets and commas may stay as they are printed.
            if column != "source" and fold(entry) != entry:
                yield _finding(table.file, line, ident, "not-folded", f"{column} {entry}")
            # An empty cell is the concern of `required`, so that one fault gives one finding.
            if entry and column in allowed and entry not in allowed[column]:
                yield _finding(table.file, line, ident, "bad-value", f"{column} {entry}")


def _references(table: _Table, tables: Mapping[str, _Table]) -> Iterator[Finding]:
    lists = table.spec.get("lists", ())
    for column, target in table.spec.get("references", {}).items():
        known = tables[target].ids if target in tables and tables[target].loaded else None
        for line, cells in table.rows:
            text = cells.get(column, "")
            for entry in text.split(LIST_MARK) if column in lists else [text]:
                if entry and (known is None or entry not in known):
                    yield _finding(table.file, line, cells.get("id", ""), "unknown-reference", f"{column} {entry}")


def _terms(table: _Table) -> Iterator[Finding]:
    """Names and aliases: each stands once in a row, and in one row only unless the file allows homonyms."""
    owner: dict[str, str] = {}
    for line, cells in table.rows:
        ident, name = cells.get("id", ""), fold(cells.get("name", ""))
        own: set[str] = set()
        for alias in filter(None, cells.get("aliases", "").split(LIST_MARK)):
            key = fold(alias)
            if key == name:
                yield _finding(table.file, line, ident, "alias-is-name", alias)
            elif key in own:
                yield _finding(table.file, line, ident, "duplicate-alias", alias)
            own.add(key)
        if table.spec.get("homonyms"):
            continue
        for term in sorted({*own, name} - {""}):
            if owner.setdefault(term, ident) != ident:
                yield _finding(table.file, line, ident, "shared-term", f"{term} ({owner[term]})")


def _patterns(folder: Path, tables: Mapping[str, _Table]) -> list[Finding]:
    found: list[Finding] = []
    entries: dict[str, tuple[str, Mapping[str, Any]]] = {}
    whole = True
    paths = sorted(folder.glob("patterns*.toml"))
    if not paths:
        found.append(_finding("patterns.toml", None, "", "missing-file"))
    for path in paths:
        before = len(found)
        content = _toml(path, found).get("pattern", [])
        whole = whole and len(found) == before
        for entry in content:
            ident = str(entry.get("id", ""))
            if not ident or not entry.get("regex"):
                found.append(_finding(path.name, None, ident, "pattern-incomplete"))
                whole = False
            elif ident in entries:
                found.append(_finding(path.name, None, ident, "duplicate-id"))
                whole = False
            else:
                entries[ident] = (path.name, entry)
    cues = {cells.get("cue", "") for _, cells in tables["cues"].rows} if "cues" in tables else set()
    regexes = {ident: str(entry["regex"]) for ident, (_, entry) in entries.items()}
    unfit = {name for name, table in tables.items() if not _fit(table)}
    fresh = Lexicons(folder)
    for ident, (file, entry) in entries.items():
        faults = list(_places(file, ident, regexes[ident], cues, tables, entries))
        found += faults
        # What is built on a fault told already would only repeat it: the loader refuses every pattern while one entry
        # is malformed, and every word of a file with a row that does not fit.
        sound = whole and not faults and not unfit & _files(ident, regexes, set())
        found += _examples(file, ident, entry, fresh if sound else None)
    return found


def _fit(table: _Table) -> bool:
    """Whether the loader would take the table, and take no empty word from it."""
    return table.loaded and table.whole and all(cells.get("name") for _, cells in table.rows)


def _files(ident: str, regexes: Mapping[str, str], seen: set[str]) -> set[str]:
    """The lexicons that a pattern takes words from, itself or through the patterns in it."""
    seen.add(ident)
    names: set[str] = set()
    for place in _PLACE.findall(regexes.get(ident, "")):
        kind, _, key = place.partition(":")
        if kind == "cue":
            names.add("cues")
        elif kind == "lexicon":
            names.add(key.partition("?")[0])
        elif kind == "pattern" and key not in seen:
            names |= _files(key, regexes, seen)
    return names


def _places(
    file: str,
    ident: str,
    regex: str,
    cues: set[str],
    tables: Mapping[str, _Table],
    entries: Mapping[str, object],
) -> Iterator[Finding]:
    for place in _PLACE.findall(regex):
        kind, _, key = place.partition(":")
        if kind == "cue" and key not in cues:
            yield _finding(file, None, ident, "unknown-cue", key)
        elif (kind == "pattern" and key not in entries) or kind not in ("cue", "pattern", "lexicon"):
            yield _finding(file, None, ident, "unknown-reference", place)
        elif kind == "lexicon":
            name, _, where = key.partition("?")
            column, _, value = where.partition("=")
            rows = tables[name].rows if name in tables else []
            # No row would make a group of nothing, which matches everywhere.
            if not any(not where or cells.get(column) == value for _, cells in rows):
                yield _finding(file, None, ident, "unknown-reference", place)


def _examples(file: str, ident: str, entry: Mapping[str, Any], lexicons: Lexicons | None) -> Iterator[Finding]:
    match, no_match = list(entry.get("match", ())), list(entry.get("no_match", ()))
    pattern: re.Pattern[str] | None = None
    try:
        pattern = lexicons.pattern(ident) if lexicons is not None else None
    except LexiconError as error:
        yield _finding(file, None, ident, "pattern-broken", error.where)
    # A part that may be empty is found in every text: no counter-example can be asked of it.
    optional = pattern is not None and pattern.search("") is not None
    if not match or not (no_match or optional):
        yield _finding(file, None, ident, "pattern-examples")
    if pattern is None:
        return
    for example in match:
        if pattern.search(_as_run(entry, example)) is None:
            yield _finding(file, None, ident, "pattern-misses", example)
    for example in no_match:
        if pattern.search(_as_run(entry, example)) is not None:
            yield _finding(file, None, ident, "pattern-overreaches", example)


def _as_run(entry: Mapping[str, Any], example: str) -> str:
    """An example as the pattern meets it: folded, and squeezed unless the pattern itself asks for white space."""
    return fold(example) if r"\s" in str(entry["regex"]) else Squeezed(example).text
