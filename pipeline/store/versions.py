"""Versions in the database: fingerprints and grades that are missing, the links of all documents, who counts.

Links are made anew from all documents after each ingest and written where they changed, so that they depend on what
is stored alone.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.lexicons import Lexicons
from pipeline.model import BlockKind, Document
from pipeline.store.clusters import Link, link
from pipeline.store.editions import DRAFT, Member, Titles
from pipeline.store.grades import Row, grade
from pipeline.store.shingles import METHOD, Likeness, fingerprint, letters, likeness, shingles

if TYPE_CHECKING:
    from pipeline.store.database import Store

SCHEMA = """
ALTER TABLE documents ADD COLUMN grade TEXT;
ALTER TABLE documents ADD COLUMN grade_reasons TEXT;
CREATE TABLE fingerprints (
  document TEXT PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE, method TEXT NOT NULL, digest TEXT NOT NULL,
  characters INTEGER NOT NULL, signature BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE versions (
  document TEXT PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE,
  preferred TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE, kind TEXT NOT NULL,
  newer TEXT REFERENCES documents(id) ON DELETE CASCADE, why TEXT NOT NULL, likeness REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX versions_preferred ON versions (preferred);
CREATE INDEX versions_newer ON versions (newer);
CREATE VIEW copies AS
SELECT f.path, f.document, 'same-bytes' AS kind, d.path AS counted, d.id AS counted_document, NULL AS newer,
  '[]' AS why, 1.0 AS likeness
FROM files f JOIN documents d ON d.id = f.document WHERE f.outcome = 'duplicate'
UNION ALL
SELECT d.path, v.document, v.kind, p.path, v.preferred, n.path, v.why, v.likeness
FROM versions v JOIN documents d ON d.id = v.document JOIN documents p ON p.id = v.preferred
LEFT JOIN documents n ON n.id = v.newer;
"""
_KEPT = 256  # texts whose shingles are kept while links are made: about 80 KB each
_PARTS = ("blocks", "issues", "numbers", "tables")  # what a grade is made from


def write_fingerprint(store: Store, ident: str, text: str, blocks: list[tuple[int, int]]) -> None:
    """Store the fingerprint of a document; `blocks` are those of its running text."""
    made = fingerprint(letters(text, blocks))
    store.db.execute(
        "INSERT OR REPLACE INTO fingerprints VALUES (?, ?, ?, ?, ?)",
        [ident, METHOD, made.digest, made.characters, made.signature],
    )


def running(document: Document) -> list[tuple[int, int]]:
    """The spans of the blocks that are no furniture."""
    return [(b.start, b.end) for b in document.blocks if b.kind is not BlockKind.FURNITURE]


def fill_in(store: Store) -> None:
    """Give grade and fingerprint to documents that were stored before there were any, each in its transaction."""
    query = """SELECT d.* FROM documents d LEFT JOIN fingerprints f ON f.document = d.id AND f.method = ?
    WHERE f.document IS NULL OR d.grade IS NULL ORDER BY d.id"""
    for document in store.rows(query, [METHOD]):
        ident = document["id"]
        with store.transaction():
            if document["grade"] is None:
                rows = {t: store.rows(f"SELECT * FROM {t} WHERE document = ?", [ident]) for t in _PARTS}
                found = grade(document, rows)
                store.db.execute(
                    "UPDATE documents SET grade = ?, grade_reasons = ? WHERE id = ?",
                    [found.letter, found.to_json(), ident],
                )
            write_fingerprint(store, ident, document["text"], _blocks(store, ident))


def _blocks(store: Store, ident: str) -> list[tuple[int, int]]:
    query = 'SELECT "start", "end" FROM blocks WHERE document = ? AND kind <> ? ORDER BY ordinal'
    return [(r["start"], r["end"]) for r in store.rows(query, [ident, str(BlockKind.FURNITURE)])]


def link_versions(store: Store, lexicons: Lexicons) -> bool:
    """Find which documents are versions of each other and write that down; False where it is stored already."""
    fill_in(store)
    texts = _Texts(store)
    links = link(members(store, lexicons), texts.likeness, texts.values)
    rows = [_row(found) for found in links]
    stored = store.rows("SELECT * FROM versions ORDER BY document")
    if rows == stored:
        return False
    with store.transaction():
        store.db.execute("DELETE FROM versions")
        store.db.table("versions").insert_all(rows)
    return True


def _row(found: Link) -> dict[str, Any]:
    why = json.dumps(found.why, separators=(",", ":"))
    return {
        "document": found.document, "preferred": found.preferred, "kind": found.kind, "newer": found.newer, "why": why,
        "likeness": found.likeness,
    }  # fmt: skip


def members(store: Store, lexicons: Lexicons) -> list[Member]:
    """All documents as far as versions go."""
    titles = Titles(lexicons)
    query = """SELECT d.id, title, doc_number, region_name, region_code, issue_date, publish_date, status, year, url,
    page_head, grade, f.digest AS text_digest, f.characters, f.signature
    FROM documents d JOIN fingerprints f ON f.document = d.id ORDER BY d.id"""
    found = []
    for row in store.rows(query):
        title, years = titles.bare(row["title"])
        found.append(
            Member(
                row["id"], row["region_code"] or row["region_name"] or "", title, years, row["doc_number"] or "",
                row["issue_date"] or "", row["publish_date"] or "", str(row["year"] or ""), row["status"] == DRAFT,
                row["grade"] or "", _site(row), row["characters"], row["text_digest"], row["signature"],
            )
        )  # fmt: skip
    return found


def _site(row: Row) -> str:
    """The site that a page is from: the host of its address, else the name that its head states."""
    try:
        host = urlsplit(row["url"] or "").hostname
    except ValueError:
        host = None
    named = [value for label, value in json.loads(row["page_head"]) if label.lower() == "sitename"]
    return host or (named[0] if named else "")


class _Texts:
    """What must be read of documents to compare them, the last ones kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[str, Any] = OrderedDict()

    def likeness(self, one: Member, other: Member) -> Likeness:
        """How alike two texts are, counted exactly."""
        return likeness(self._shingles(one.id), self._shingles(other.id))

    def values(self, member: Member) -> frozenset[tuple[float, str]]:
        """The numbers with their units that a document commits to."""
        query = "SELECT value, unit FROM targets WHERE document = ? AND kind = 'goal'"
        return frozenset((r["value"], r["unit"]) for r in self._store.rows(query, [member.id]))

    def _shingles(self, ident: str) -> Any:
        if ident not in self._kept:
            text = self._store.value("SELECT text FROM documents WHERE id = ?", [ident])
            self._kept[ident] = shingles(letters(text, _blocks(self._store, ident)))
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(ident)
        return self._kept[ident]
