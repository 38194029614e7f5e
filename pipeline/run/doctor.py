"""`doctor`: what is installed, what is missing, and how to get it."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from pipeline.errors import DuibiaoError
from pipeline.lexicons import load
from pipeline.messages import say
from pipeline.parse import office, soffice
from pipeline.store import Store

OLDEST_PYTHON = (3, 11)
EXTRAS = ("ocr", "web", "cluster")


@dataclass(frozen=True, slots=True)
class Finding:
    """A part of the program or the system: whether it is `fine`, `missing` or `optional` (absent but not needed)."""

    part: str
    state: str
    found: str
    advice: str = ""


def examine(database: Path, lang: str) -> list[Finding]:
    """Look at Python, SQLite, the declared packages, programs for formats, the lexicons and the database."""
    return [
        _python(lang),
        _sqlite(lang),
        *_packages(lang),
        *_programs(lang),
        *_lexicons(lang),
        _database(database, lang),
    ]


def _python(lang: str) -> Finding:
    found = sys.version.split()[0]
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Finding("Python", "missing", found, say("doctor.python", lang))
    return Finding("Python", "fine", found)


def _sqlite(lang: str) -> Finding:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(x)")
    except sqlite3.OperationalError:
        return Finding("SQLite", "missing", sqlite3.sqlite_version, say("doctor.fts", lang))
    finally:
        connection.close()
    return Finding("SQLite", "fine", f"{sqlite3.sqlite_version} + FTS5")


def _packages(lang: str) -> list[Finding]:
    """The packages of the project's own metadata, so that there is no second list of them."""
    findings = []
    for line in requires("duibiao") or ():
        requirement, _, marker = line.partition(";")
        name = requirement.strip()
        for stop in "<>=!~[ (":
            name = name.split(stop)[0]
        extra = next((e for e in EXTRAS if f"'{e}'" in marker or f'"{e}"' in marker), None)
        if (marker and extra is None) or name == "duibiao":
            continue
        try:
            findings.append(Finding(name, "fine", version(name)))
        except PackageNotFoundError:
            command = f"pip install 'duibiao[{extra}]'" if extra else f"pip install '{requirement.strip()}'"
            use = say(f"doctor.{extra or 'need'}", lang)
            advice = f"{use}; {say('doctor.get', lang, command=command)}"
            findings.append(Finding(name, "optional" if extra else "missing", "", advice))
    return findings


def _programs(lang: str) -> list[Finding]:
    """The programs that some formats need, with what installs them on this system."""
    findings = []
    for name, path, formats, commands in (
        ("LibreOffice", soffice.program(), "DOC, WPS, RTF, ODT, ODS", soffice.INSTALL),
        ("antiword", office.antiword(), "DOC", office.INSTALL_ANTIWORD),
    ):
        command = commands.get(sys.platform)
        if path is not None:
            findings.append(Finding(name, "fine", path))
        elif command is not None:
            use = say(f"doctor.{name.lower()}", lang, formats=formats)
            findings.append(Finding(name, "optional", "", f"{use}; {say('doctor.get', lang, command=command)}"))
    return findings


def _lexicons(lang: str) -> list[Finding]:
    findings = []
    try:
        words = load()
        for name in words.schema:
            rows = say("doctor.rows", lang, count=len(words.get(name)))
            findings.append(Finding(f"lexicons/{name}.tsv", "fine", rows))
    except DuibiaoError as error:
        findings.append(Finding("lexicons", "missing", "", error.message(lang)))
    return findings


def _database(path: Path, lang: str) -> Finding:
    if not path.is_file():
        return Finding(str(path), "optional", "", say("doctor.no_database", lang))
    try:
        with Store(path, create=False) as store:
            count = store.value("SELECT count(*) FROM documents")
            query = "SELECT count(*) FROM documents WHERE lexicon_fingerprint <> ?"
            stale = store.value(query, [load().fingerprint])
    except DuibiaoError as error:
        return Finding(str(path), "missing", "", error.message(lang))
    advice = say("doctor.stale", lang, count=stale) if stale else ""
    return Finding(str(path), "fine", say("doctor.documents", lang, count=count), advice)
