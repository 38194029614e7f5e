"""Chinese full-text search: an index of neighbouring pairs of characters, so that two-character words are found.

Text is folded, lower-cased and freed of white space before it is indexed and before it is searched, so `双 师` and
full-width letters are found by their plain form; the hits lead back to the real offsets.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

from sqlite_utils import Database

from pipeline.store.ids import hash_id
from pipeline.text import Squeezed

_SENTENCE_END = re.compile(r"[。！？；\n]")
_ORDINAL_BITS = 18  # pieces of one document; the other 45 bits of a row number come from the document's id
_MAX_PIECES = 1 << _ORDINAL_BITS


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where the term stands: `start`..`end` the term, `sentence_start`..`sentence_end` the sentence."""

    document: str
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    sentence: str


def _lower(text: str) -> str:
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def _pairs(text: str) -> str:
    """The pairs as tokens of hex digits: no tokenizer then drops punctuation or strips an accent."""
    codes = [f"{ord(c):x}" for c in text]
    return " ".join(f"{a}x{b}" for a, b in pairwise(codes))


def _plain(text: str) -> str:
    return _lower(Squeezed(text).text)


def index_document(db: Database, document: str, text: str, blocks: Sequence[tuple[int, int]]) -> None:
    """Index the blocks (half-open spans, in order) of a document. Call inside the document's transaction."""
    if len(blocks) > _MAX_PIECES:
        blocks = [*blocks[: _MAX_PIECES - 1], (blocks[_MAX_PIECES - 1][0], blocks[-1][1])]
    base = (int(hash_id("search", document), 16) >> 19) << _ORDINAL_BITS
    rows = [(base + i, document, start, end) for i, (start, end) in enumerate(blocks) if end - start > 1]
    db.conn.executemany('INSERT INTO search_pieces (id, document, "start", "end") VALUES (?, ?, ?, ?)', rows)
    db.conn.executemany(
        "INSERT INTO search_pairs (rowid, pairs) VALUES (?, ?)",
        ((row, _pairs(_plain(text[start:end]))) for row, _, start, end in rows),
    )


def forget_document(db: Database, document: str, text: str) -> None:
    """Take a document out of the index; `text` must be the text that was indexed (a contentless index needs it)."""
    pieces = db.execute('SELECT id, "start", "end" FROM search_pieces WHERE document = ?', [document]).fetchall()
    db.conn.executemany(
        "INSERT INTO search_pairs (search_pairs, rowid, pairs) VALUES ('delete', ?, ?)",
        ((row, _pairs(_plain(text[start:end]))) for row, start, end in pieces),
    )
    db.execute("DELETE FROM search_pieces WHERE document = ?", [document])


def search(db: Database, term: str) -> Iterator[Hit]:
    """Every place where the term stands, by document id and offset. White space and width do not matter."""
    plain = _plain(term)
    if not plain:
        return
    query = 'SELECT p.document, p."start", p."end" FROM search_pieces p'
    if len(plain) == 1:  # an index of pairs cannot find it
        found = db.execute(f'{query} ORDER BY p.document, p."start"')
    else:
        found = db.execute(
            f'{query} JOIN search_pairs s ON s.rowid = p.id WHERE search_pairs MATCH ? ORDER BY p.document, p."start"',
            [f'"{_pairs(plain)}"'],
        )
    for document, pieces in groupby(found.fetchall(), key=itemgetter(0)):
        (text,) = db.execute("SELECT text FROM documents WHERE id = ?", [document]).fetchone()
        for _, start, end in pieces:
            yield from _hits_in(document, text, start, end, plain)


def _hits_in(document: str, text: str, start: int, end: int, plain: str) -> Iterator[Hit]:
    view = Squeezed(text, start, end)
    lowered = _lower(view.text)
    ends = [m.end() for m in _SENTENCE_END.finditer(text, start, end)]
    at = lowered.find(plain)
    while at >= 0:
        hit_start, hit_end = view.span(at, at + len(plain))
        place = bisect_right(ends, hit_start)
        first = ends[place - 1] if place else start
        last = next((e for e in ends[place:] if e >= hit_end), end)
        first += len(text[first:last]) - len(text[first:last].lstrip())
        yield Hit(document, hit_start, hit_end, first, last, text[first:last])
        at = lowered.find(plain, at + len(plain))
