"""Which files an ingest takes, in which order, and how each of them can end."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import DuibiaoError

READ, UNCHANGED, DUPLICATE, SET_ASIDE, MISSING = "read", "unchanged", "duplicate", "set aside", "missing"
MANIFEST_NAME = "manifest.csv"
# Files that stand beside plans and are none; named on the command line they are taken all the same.
_BESIDE = frozenset({"sources.tsv", "readme.md", MANIFEST_NAME})
_LOCK_PREFIX = "~$"  # what word processors leave beside an open document


@dataclass(frozen=True, slots=True)
class FileResult:
    """How a file ended. `path` is the name in the summary; `what`, `advice` are (Chinese, English), "" for none.

    `changed` says whether the database was changed for it. `grade` is the quality of the document (A to D),
    `counted_as` the file that counts in its place where it is a version of that one, and `notes` what should be known
    of it in (Chinese, English): reasons of its grade, and what it is a version of.
    """

    path: str
    outcome: str
    code: str = ""
    what: tuple[str, str] = ("", "")
    advice: tuple[str, str] = ("", "")
    changed: bool = False
    grade: str = ""
    counted_as: str = ""
    notes: tuple[tuple[str, str], ...] = ()

    def reason(self, lang: str) -> str:
        """One line in the language: what is wrong and what to do, or what should be known; "" where all is well."""
        if not any(self.what):
            return ("；" if lang == "zh" else "; ").join(note[0 if lang == "zh" else 1] for note in self.notes)
        return DuibiaoError(self.what, "", self.advice).message(lang)


@dataclass(frozen=True, slots=True)
class Summary:
    """How an ingest ended: a result for every file, in order of path."""

    files: tuple[FileResult, ...]

    def count(self, outcome: str) -> int:
        """How many files ended so."""
        return sum(f.outcome == outcome for f in self.files)

    def grades(self) -> list[tuple[str, int]]:
        """How many documents have each grade, the best first; grades that none has are left out."""
        return sorted(Counter(f.grade for f in self.files if f.grade).items())

    @property
    def changed(self) -> int:
        """How many files made the database change."""
        return sum(f.changed for f in self.files)

    @property
    def exit_code(self) -> int:
        """1 where nothing at all could be read, else 0."""
        return 0 if any(f.outcome in (READ, UNCHANGED, DUPLICATE) for f in self.files) else 1


@dataclass(frozen=True, slots=True)
class Source:
    """A file to ingest: where it is, and its name in database and summary, which no working folder changes."""

    file: Path
    path: str
    manifest: Path | None


def walk(paths: Sequence[Path]) -> tuple[list[Source], list[FileResult]]:
    """The files under the paths in order of name, each once, and a result for every path that is not there.

    A file is named by the folder that was given (or that it stands in) and its place below it, so that the name does
    not depend on where the folder lies.
    """
    sources: dict[Path, Source] = {}
    missing = []
    for given in paths:
        if given.is_dir():
            root = given.resolve()
            for file in _below(root):
                path = (Path(root.name) / file.relative_to(root)).as_posix()
                sources.setdefault(file, Source(file, path, _manifest_of(file)))
        elif given.exists():
            file = given.resolve()
            sources.setdefault(file, Source(file, f"{file.parent.name}/{file.name}", _manifest_of(file)))
        else:
            missing.append(
                FileResult(
                    str(given), MISSING, "missing", ("没有这个文件或文件夹", "there is no such file or folder"),
                    ("请检查路径", "check the path"),
                )
            )  # fmt: skip
    return sorted(sources.values(), key=lambda s: (s.path, str(s.file))), missing


def _below(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", _LOCK_PREFIX)) and name.lower() not in _BESIDE:
                yield Path(folder) / name


def _manifest_of(file: Path) -> Path | None:
    manifest = file.parent / MANIFEST_NAME
    return manifest if manifest.is_file() and manifest != file else None
