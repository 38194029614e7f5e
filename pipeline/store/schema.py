"""The tables, as numbered migrations that are written down in the database itself.

Tables have no hidden row number (WITHOUT ROWID) and are keyed by content, so that the same documents give the same
dump in whatever order they came. Offsets are code points, half-open, into `documents.text`; pages are 1-based.
Nothing here depends on the clock, the machine or the number of workers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from sqlite_utils import Database

from pipeline.errors import StoreError
from pipeline.store.versions import SCHEMA as VERSIONS
from pipeline.store.views import VIEWS, VIEWS_WITH_VARIANTS

# What every record carries beside its own fields.
_EVIDENCE = """
  "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, quote TEXT NOT NULL, rule TEXT NOT NULL, confidence REAL NOT NULL,
  section_id TEXT REFERENCES sections(id) DEFERRABLE INITIALLY DEFERRED, clause TEXT NOT NULL, page INTEGER"""
_OWNER = "document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE"
_TASK = "task_id TEXT REFERENCES tasks(id) DEFERRABLE INITIALLY DEFERRED"
_DEADLINE = """
  deadline_raw TEXT, deadline_start TEXT, deadline_end TEXT, deadline_approx INTEGER NOT NULL,
  deadline_inherited INTEGER NOT NULL, deadline_start_at INTEGER, deadline_end_at INTEGER"""

_TABLES = f"""
CREATE TABLE documents (
  id TEXT PRIMARY KEY, source TEXT NOT NULL, path TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, format TEXT NOT NULL,
  title TEXT, doc_number TEXT, issuers TEXT NOT NULL, region_name TEXT, region_level TEXT, region_code TEXT,
  region_id TEXT, issue_date TEXT, publish_date TEXT, status TEXT NOT NULL, doc_type TEXT, year INTEGER, url TEXT,
  page_count INTEGER, page_head TEXT NOT NULL, text TEXT NOT NULL, lexicon_fingerprint TEXT NOT NULL,
  rules_version TEXT NOT NULL, rows_digest TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE metadata_found (
  {_OWNER}, ordinal INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, source TEXT NOT NULL,
  "start" INTEGER, "end" INTEGER, chosen INTEGER NOT NULL, PRIMARY KEY (document, ordinal)
) WITHOUT ROWID;
CREATE TABLE blocks (
  {_OWNER}, ordinal INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, kind TEXT NOT NULL,
  page INTEGER, level INTEGER, table_ordinal INTEGER, "row" INTEGER, col INTEGER, rowspan INTEGER, colspan INTEGER,
  PRIMARY KEY (document, ordinal)
) WITHOUT ROWID;
CREATE TABLE pages (
  {_OWNER}, page INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, PRIMARY KEY (document, page)
) WITHOUT ROWID;
CREATE TABLE sections (
  id TEXT PRIMARY KEY, {_OWNER}, ordinal INTEGER NOT NULL,
  parent_id TEXT REFERENCES sections(id) DEFERRABLE INITIALLY DEFERRED, level INTEGER NOT NULL, number TEXT NOT NULL,
  heading TEXT NOT NULL, clause TEXT NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
  heading_start INTEGER NOT NULL, heading_end INTEGER NOT NULL, body_start INTEGER NOT NULL, run_in INTEGER NOT NULL,
  part TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE tables (
  id TEXT PRIMARY KEY, {_OWNER}, ordinal INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
  rows INTEGER NOT NULL, cols INTEGER NOT NULL, caption TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE tasks (
  id TEXT PRIMARY KEY, {_OWNER}, ordinal INTEGER NOT NULL, number TEXT NOT NULL, heading TEXT NOT NULL,
  path TEXT NOT NULL, source TEXT NOT NULL, body_start INTEGER NOT NULL, body_end INTEGER NOT NULL,
  optional INTEGER NOT NULL, {_EVIDENCE}
) WITHOUT ROWID;
CREATE TABLE responsibilities (
  id TEXT PRIMARY KEY, {_OWNER}, ordinal INTEGER NOT NULL, {_TASK}, name TEXT NOT NULL, role TEXT NOT NULL,
  agency_id TEXT, full_name TEXT, score REAL NOT NULL, {_EVIDENCE}
) WITHOUT ROWID;
CREATE TABLE targets (
  id TEXT PRIMARY KEY, {_OWNER}, ordinal INTEGER NOT NULL, commitment TEXT NOT NULL, {_TASK}, indicator TEXT NOT NULL,
  indicator_id TEXT, indicator_score REAL NOT NULL, op TEXT NOT NULL, value REAL NOT NULL, value_max REAL,
  unit TEXT NOT NULL, per TEXT, kind TEXT NOT NULL, strength TEXT NOT NULL, base_value REAL, base_value_max REAL,
  base_unit TEXT, number_start INTEGER NOT NULL, number_end INTEGER NOT NULL, optional INTEGER NOT NULL, {_DEADLINE},
  {_EVIDENCE}
) WITHOUT ROWID;
CREATE TABLE milestones (
  id TEXT PRIMARY KEY, {_OWNER}, ordinal INTEGER NOT NULL, {_TASK}, optional INTEGER NOT NULL, {_DEADLINE}, {_EVIDENCE}
) WITHOUT ROWID;
CREATE TABLE actions (
  id TEXT PRIMARY KEY, {_OWNER}, ordinal INTEGER NOT NULL, {_TASK}, indicator_id TEXT NOT NULL,
  indicator TEXT NOT NULL, strength TEXT NOT NULL, score REAL NOT NULL, {_DEADLINE}, {_EVIDENCE}
) WITHOUT ROWID;
CREATE TABLE indicators (
  id TEXT PRIMARY KEY, {_OWNER}, ordinal INTEGER NOT NULL, table_ordinal INTEGER NOT NULL, path TEXT NOT NULL,
  name TEXT NOT NULL, unit TEXT, weight REAL, {_EVIDENCE}
) WITHOUT ROWID;
CREATE TABLE citations (
  id TEXT PRIMARY KEY, {_OWNER}, ordinal INTEGER NOT NULL, title TEXT NOT NULL, doc_number TEXT, {_EVIDENCE}
) WITHOUT ROWID;
CREATE TABLE commitment_agencies (
  {_OWNER}, commitment TEXT NOT NULL, ordinal INTEGER NOT NULL, name TEXT NOT NULL, agency_id TEXT, full_name TEXT,
  role TEXT NOT NULL, PRIMARY KEY (commitment, ordinal)
) WITHOUT ROWID;
CREATE TABLE numbers (
  {_OWNER}, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, fate TEXT NOT NULL, record TEXT,
  PRIMARY KEY (document, "start", "end")
) WITHOUT ROWID;
CREATE TABLE issues (
  {_OWNER}, ordinal INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL, severity TEXT NOT NULL,
  "start" INTEGER, "end" INTEGER, mend TEXT, PRIMARY KEY (document, ordinal)
) WITHOUT ROWID;
CREATE TABLE files (
  path TEXT PRIMARY KEY, digest TEXT, document TEXT REFERENCES documents(id) ON DELETE SET NULL, outcome TEXT NOT NULL,
  code TEXT, reason_zh TEXT, reason_en TEXT, advice_zh TEXT, advice_en TEXT, region TEXT, manifest_digest TEXT NOT NULL,
  lexicon_fingerprint TEXT NOT NULL, rules_version TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, version TEXT NOT NULL, lexicon_fingerprint TEXT NOT NULL, rules_version TEXT NOT NULL,
  files INTEGER NOT NULL, read INTEGER NOT NULL, unchanged INTEGER NOT NULL, duplicates INTEGER NOT NULL,
  set_aside INTEGER NOT NULL, changed INTEGER NOT NULL
);
CREATE TABLE corrections (
  id TEXT PRIMARY KEY, digest TEXT NOT NULL, layer TEXT NOT NULL, record TEXT NOT NULL, quote TEXT NOT NULL,
  field TEXT, old TEXT, new TEXT, state TEXT NOT NULL, note TEXT, author TEXT, made_at TEXT
) WITHOUT ROWID;
CREATE TABLE regions (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, aliases TEXT NOT NULL, level TEXT, code TEXT, parent TEXT, valid_from TEXT,
  valid_to TEXT, successor TEXT, source TEXT
) WITHOUT ROWID;
CREATE TABLE agencies (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, aliases TEXT NOT NULL, stems TEXT, kind TEXT, source TEXT
) WITHOUT ROWID;
CREATE TABLE indicator_terms (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, aliases TEXT NOT NULL, negatives TEXT, dimension TEXT, measure TEXT,
  base_unit TEXT, direction TEXT, source TEXT
) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

_INDEXED = (
    ("documents", ("region_code",)),
    ("files", ("digest",)),
    ("files", ("document",)),
    ("corrections", ("record",)),
    *((table, ("document", '"start"')) for table in (
        "sections", "tables", "tasks", "responsibilities", "targets", "milestones", "actions", "indicators",
        "citations",
    )),
    *((table, ("task_id",)) for table in ("responsibilities", "targets", "milestones", "actions")),
    *((table, ("section_id",)) for table in (
        "tasks", "responsibilities", "targets", "milestones", "actions", "indicators", "citations",
    )),
    ("sections", ("parent_id",)),
    ("targets", ("commitment",)),
    ("targets", ("indicator_id",)),
    ("actions", ("indicator_id",)),
    ("responsibilities", ("agency_id",)),
    ("commitment_agencies", ("document",)),
    ("numbers", ("fate",)),
)  # fmt: skip

# The index holds pairs of neighbouring characters; `search_pieces` says which stretch of which document a row is.
_SEARCH = """
CREATE TABLE search_pieces (
  id INTEGER PRIMARY KEY, document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  "start" INTEGER NOT NULL, "end" INTEGER NOT NULL
);
CREATE INDEX search_pieces_document ON search_pieces (document);
CREATE VIRTUAL TABLE search_pairs USING fts5(pairs, content='');
"""


def _indexes(indexed: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    lines = []
    for table, columns in indexed:
        name = "_".join((table, *(c.strip('"') for c in columns)))
        lines.append(f"CREATE INDEX {name} ON {table} ({', '.join(columns)});")
    return "\n".join(lines)


# Never edit an entry that was released: add one.
MIGRATIONS: tuple[tuple[int, str, str], ...] = (
    (1, "tables", _TABLES + _indexes(_INDEXED)),
    (2, "full-text search by pairs of characters", _SEARCH),
    (3, "views evidence and commitments", VIEWS),
    (
        4,
        "variants of indicators",
        "ALTER TABLE targets ADD COLUMN indicator_variant TEXT NOT NULL DEFAULT '';\n" + VIEWS_WITH_VARIANTS,
    ),
    (5, "versions of documents, quality grades", VERSIONS),
)


def migrate(db: Database) -> None:
    """Bring the database to the newest schema, each migration in its own transaction.

    Raises StoreError where the database was made by a newer version, or is another program's.
    """
    try:
        tables = set(db.table_names())
        if tables and "migrations" not in tables:
            raise StoreError(("这不是 duibiao 的数据库", "this is not a database of duibiao"))
        if "migrations" not in tables:
            db.execute("CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        done = {number for (number,) in db.execute("SELECT number FROM migrations").fetchall()}
        if done - {number for number, _, _ in MIGRATIONS}:
            raise StoreError(
                ("数据库由更新的版本建立", "the database was made by a newer version"),
                advice=("请升级 duibiao，或换一个 --db", "upgrade duibiao, or name another --db"),
            )
        for number, name, script in MIGRATIONS:
            if number not in done:
                with db.atomic():
                    for statement in _statements(script):
                        db.execute(statement)
                    db.execute("INSERT INTO migrations (number, name) VALUES (?, ?)", [number, name])
    except sqlite3.DatabaseError as error:
        raise StoreError(
            ("数据库打不开或已损坏", "the database cannot be opened or is damaged"),
            str(error),
            ("请换一个 --db，或从备份恢复", "name another --db, or restore a backup"),
        ) from error


def _statements(script: str) -> Iterable[str]:
    """The statements of a script one by one, since executescript would end the transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        raise ValueError(f"unfinished statement: {pending[:80]}")
