"""The Store: opening a database, saving one document a transaction, and plain reading for the layers above."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlite_utils import Database

from pipeline.errors import StoreError
from pipeline.lexicons import Lexicons
from pipeline.model import Document, Extraction
from pipeline.store import search, versions
from pipeline.store.grades import grade
from pipeline.store.ids import document_id
from pipeline.store.rows import Row, RowMaker, to_json
from pipeline.store.schema import migrate

# Tables with a row per record of a document, children before parents.
_OWNED = (
    "commitment_agencies", "numbers", "issues", "citations", "indicators", "actions", "milestones", "targets",
    "responsibilities", "tasks", "tables", "sections", "pages", "blocks", "metadata_found",
)  # fmt: skip
_LEXICON_TABLES = (("regions", "regions"), ("agencies", "agencies"), ("indicators", "indicator_terms"))


class Store:
    """A database of plans. Use it as a context manager, or close it."""

    def __init__(self, path: Path | None, create: bool = True) -> None:
        """Open (and bring up to date) the database at `path`; None opens one in memory.

        Raises StoreError where it cannot be opened, is damaged, of a newer version or, without `create`, absent.
        """
        if path is not None and not create and not path.is_file():
            raise StoreError(
                ("没有这个数据库", "there is no such database"),
                str(path),
                ("请先运行 duibiao ingest，或用 --db 指明", "run duibiao ingest first, or name one with --db"),
            )
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self.db = Database(sqlite3.connect(path or ":memory:"))
        except (OSError, sqlite3.Error) as error:
            raise StoreError(("数据库打不开", "the database cannot be opened"), f"{path}: {error}") from error
        try:
            self.db.execute("PRAGMA foreign_keys = ON")
            migrate(self.db)
            versions.fill_in(self)
        except (StoreError, sqlite3.Error) as error:
            self.db.close()
            if isinstance(error, StoreError):
                raise StoreError(error.what, error.where or str(path), error.advice) from error
            raise StoreError(("数据库打不开", "the database cannot be opened"), f"{path}: {error}") from error

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; what was saved stays."""
        self.db.close()

    def transaction(self) -> AbstractContextManager[Database]:
        """All or nothing for what is written inside; may be nested."""
        return self.db.atomic()

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        """The rows of a query as dictionaries, in the query's order."""
        return [dict(row) for row in self.db.query(sql, list(params))]

    def search(self, term: str) -> list[search.Hit]:
        """Every place where the term stands (see `pipeline.store.search`)."""
        return list(search.search(self.db, term))

    def dump(self) -> Iterator[str]:
        """The database as SQL text, line by line: equal dumps mean equal content."""
        return self.db.conn.iterdump()

    def save(self, document: Document, extraction: Extraction, path: str, fingerprint: str, rules: str) -> bool:
        """Write a document with everything found in it; replaces what was stored of the same bytes.

        `path` is how the summary names the file, `fingerprint` the lexicons', `rules` the version of the rules.
        Returns False, and writes nothing, where the very same is stored already. One transaction.
        """
        maker = RowMaker(document, extraction)
        rows = maker.rows()
        row = self._document_row(document, maker.id, path)
        graded = grade(row, rows)
        row |= {"lexicon_fingerprint": fingerprint, "rules_version": rules}
        row |= {"grade": graded.letter, "grade_reasons": graded.to_json()}
        row["rows_digest"] = hashlib.blake2b(to_json([row, rows]).encode(), digest_size=16).hexdigest()
        stored = self.rows("SELECT text, rows_digest FROM documents WHERE id = ?", [maker.id])
        if stored and stored[0]["rows_digest"] == row["rows_digest"]:
            return False
        with self.transaction():
            if stored:
                search.forget_document(self.db, maker.id, stored[0]["text"])
                for table in _OWNED:
                    self.db.execute(f"DELETE FROM {table} WHERE document = ?", [maker.id])
            self._put("documents", row)
            for table, table_rows in rows.items():
                self.db.table(table).insert_all(table_rows)
            versions.write_fingerprint(self, maker.id, document.text, versions.running(document))
            search.index_document(self.db, maker.id, document.text, [(b.start, b.end) for b in document.blocks])
        return True

    def link_versions(self, lexicons: Lexicons) -> bool:
        """Find which documents are versions of one plan, and which of them counts; False where nothing changed."""
        return versions.link_versions(self, lexicons)

    def _document_row(self, document: Document, ident: str, path: str) -> Row:
        m = document.metadata
        region = m.region
        return {
            "id": ident, "source": document.source, "path": path, "digest": document.digest,
            "format": document.format, "title": m.title, "doc_number": m.doc_number, "issuers": to_json(m.issuers),
            "region_name": region.name if region else None, "region_level": region.level if region else None,
            "region_code": region.code if region else None,
            "region_id": self._region_id(region.name, region.code) if region else None,
            "issue_date": m.issue_date, "publish_date": m.publish_date, "status": m.status, "doc_type": m.doc_type,
            "year": m.year, "url": m.url, "page_count": document.page_count,
            "page_head": to_json(document.page_head), "text": document.text,
        }  # fmt: skip

    def _region_id(self, name: str, code: str | None) -> str | None:
        """The lexicon's row for a region: by code, else by name where one row alone has it."""
        if code:
            found = self.rows("SELECT id FROM regions WHERE code = ? ORDER BY name <> ?, id", [code, name])
            return str(found[0]["id"]) if found else None
        found = self.rows("SELECT id FROM regions WHERE name = ?", [name])
        return str(found[0]["id"]) if len(found) == 1 else None

    def _put(self, table: str, row: Row) -> None:
        """Insert a row, or bring the row of the same key up to date without deleting it (others point to it)."""
        columns = list(row)
        names = ", ".join(f'"{c}"' for c in columns)
        updates = ", ".join(f'"{c}" = excluded."{c}"' for c in columns[1:])
        marks = ", ".join("?" for _ in columns)
        sql = f'INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT ("{columns[0]}") DO UPDATE SET {updates}'
        self.db.execute(sql, list(row.values()))

    def drop_document(self, ident: str) -> None:
        """Take a document and all its rows out. One transaction."""
        with self.transaction():
            for row in self.rows("SELECT text FROM documents WHERE id = ?", [ident]):
                search.forget_document(self.db, ident, row["text"])
                self.db.execute("DELETE FROM documents WHERE id = ?", [ident])

    def write_lexicons(self, lexicons: Lexicons) -> bool:
        """Copy regions, agencies and indicators, so that the database explains itself; False if current."""
        if self.meta("lexicon_fingerprint") == lexicons.fingerprint:
            return False
        with self.transaction():
            for name, table in _LEXICON_TABLES:
                columns = [c for c in self.db.table(table).columns_dict if c != "aliases"]
                self.db.execute(f"DELETE FROM {table}")
                self.db.table(table).insert_all(
                    {c: row.get(c) for c in columns} | {"aliases": to_json(row.aliases)} for row in lexicons.get(name)
                )
            self._put("meta", {"key": "lexicon_fingerprint", "value": lexicons.fingerprint})
        return True

    def meta(self, key: str) -> str | None:
        """A value that the database keeps about itself."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", [key])
        return str(found[0]["value"]) if found else None

    def files(self) -> dict[str, Row]:
        """Every file that was ever ingested, by path, as it ended."""
        return {row["path"]: row for row in self.rows("SELECT * FROM files")}

    def record_file(self, row: Row) -> bool:
        """Write how a file ended (columns of `files`, `path` first); False where the same is stored already."""
        stored = self.rows("SELECT * FROM files WHERE path = ?", [row["path"]])
        if stored and all(stored[0][key] == value for key, value in row.items()):
            return False
        self._put("files", row)
        return True

    def hand_over(self, digest: str) -> None:
        """Give a document that lost its file to the next file of the same bytes, or drop it where there is none."""
        ident = document_id(digest)
        with self.transaction():
            heirs = self.rows("SELECT path FROM files WHERE digest = ? ORDER BY path", [digest])
            if not heirs:
                self.drop_document(ident)
                return
            path = heirs[0]["path"]
            owned = self.rows("SELECT 1 FROM documents WHERE id = ? AND path IN (SELECT path FROM files "
                              "WHERE digest = ?)", [ident, digest])  # fmt: skip
            if not owned:
                # The digest of the rows is cleared, so that the next run writes the document under its new name.
                self.db.execute(
                    "UPDATE documents SET path = ?, source = ?, rows_digest = '' WHERE id = ?",
                    [path, Path(path).name, ident],
                )
                self.db.execute("UPDATE files SET outcome = 'read' WHERE path = ?", [path])

    def record_run(self, row: Row) -> None:
        """Add a run that changed something. Its number counts such runs."""
        self.db.table("runs").insert(row)

    def value(self, sql: str, params: Sequence[object] = ()) -> Any:
        """The first column of the first row, None where there is no row."""
        found = self.db.execute(sql, list(params)).fetchone()
        return found[0] if found else None
