"""Ids that stay the same across runs: hashes of what a record is and where it stands, never of when it was written."""

from __future__ import annotations

import hashlib
from collections import Counter


def hash_id(*parts: object) -> str:
    """Sixteen hex digits (BLAKE2b, 8 bytes) over the parts."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).hexdigest()


def document_id(digest: str) -> str:
    """The id of a document: a hash of the hash of its bytes, so the same file has it under every name."""
    return hash_id("document", digest)


class RecordIds:
    """Gives out the ids of one document's records; a second record of one kind and span gets the next ordinal."""

    def __init__(self, document: str) -> None:
        self._document = document
        self._seen: Counter[tuple[str, int, int]] = Counter()

    def new(self, kind: str, start: int, end: int) -> str:
        """The id of the next record of this kind over `start`..`end` (half-open code points)."""
        key = (kind, start, end)
        ordinal = self._seen[key]
        self._seen[key] += 1
        return hash_id(self._document, kind, start, end, ordinal)
