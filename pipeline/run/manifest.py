"""`manifest.csv` beside the files: what a researcher knows of each file, which overrides what is found in it."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.text import fold

COLUMNS = ("file", "region", "title", "issuer", "date", "url")
_ENCODINGS = ("utf-8-sig", "gb18030")  # what spreadsheets write


class Manifest:
    """The rows of one manifest by the file that they are about."""

    def __init__(self, path: Path, rows: Mapping[str, Mapping[str, str]]) -> None:
        self.path = path
        self.rows = rows
        self.used: set[str] = set()

    def row(self, file: Path) -> Mapping[str, str] | None:
        """The row of a file, by its path below the manifest's folder, else by its name alone; None without one."""
        keys = [file.name]
        if file.is_relative_to(self.path.parent):
            keys.insert(0, file.relative_to(self.path.parent).as_posix())
        for key in keys:
            if key in self.rows:
                self.used.add(key)
                return self.rows[key]
        return None

    def unused(self) -> list[str]:
        """Files that the manifest names and nobody asked for."""
        return sorted(set(self.rows) - self.used)


def read_manifest(path: Path) -> Manifest:
    """Read a manifest (UTF-8 with or without mark, GB18030). Raises UsageError where it cannot be, or names no file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(("清单读不到", "the manifest cannot be read"), str(path)) from error
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UsageError(
            ("清单的编码不明", "the manifest is in an unknown encoding"),
            str(path),
            ("请在表格软件中另存为“CSV UTF-8”", "save it as “CSV UTF-8” in the spreadsheet program"),
        )
    reader = csv.DictReader(io.StringIO(text, newline=""))
    names = {name: fold(name or "").strip().lower() for name in reader.fieldnames or ()}
    if "file" not in names.values():
        raise UsageError(
            ("清单没有 file 一列", "the manifest has no column file"),
            str(path),
            (f"第一行应为 {','.join(COLUMNS)}", f"the first line should be {','.join(COLUMNS)}"),
        )
    rows: dict[str, dict[str, str]] = {}
    for line in reader:
        row = {names[k]: (v or "").strip() for k, v in line.items() if k in names and isinstance(v, str)}
        if row.get("file"):
            name = row["file"].replace("\\", "/").removeprefix("./")
            rows[name] = {k: v for k, v in row.items() if k in COLUMNS and v}
    return Manifest(path, rows)


def row_digest(row: Mapping[str, str] | None) -> str:
    """A hash of a manifest's row, so that a file is read again when its row was changed; "" without a row."""
    if not row:
        return ""
    return hashlib.blake2b("\x1f".join(f"{k}={row[k]}" for k in sorted(row)).encode(), digest_size=8).hexdigest()
