"""Fingerprints of texts: MinHash over shingles of characters, so that likely copies meet without comparing all pairs.

A text is compared by its letters and digits alone: furniture, white space and punctuation, in which formats differ,
do not count. All hashes are arithmetic on 64-bit integers with constants from BLAKE2b: no seed, no process, no
machine changes them. MinHash only proposes pairs; how alike two texts are is then counted exactly.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.text import fold

SIZE = 5  # characters of a shingle: 30 unrelated plans share at most 5 % (Jaccard), a DOC and its PDF 100 % (measured)
PERMUTATIONS = 128
ROWS = 4  # 32 bands of 4: a pair of likeness 0.5 meets with probability 0.87, of 0.8 with 1 - 5e-8, of 0.1 with 0.003
CLOSE_ROWS = 16  # 8 bands of 16: likeness 0.97 meets with 0.9995, 0.6 with 0.002
METHOD = f"{SIZE}-{PERMUTATIONS}-1"  # stored with each fingerprint: those of another method are made anew
_BASE = 0x9E3779B97F4A7C15  # the odd constant of splitmix64 (Steele, Lea, Flood 2014), as are the two below
_MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_SIGNS = re.compile(r"[\W_]+")
_BYTES = 4  # of one value of a signature


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is stored of a text: a hash of its letters and digits, how many there are, and its MinHash signature."""

    digest: str
    characters: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are, 0..1: shared shingles by all shingles, and by those of the smaller text."""

    jaccard: float
    contained: float


def letters(text: str, blocks: Sequence[tuple[int, int]]) -> str:
    """The letters and digits of the blocks (half-open spans, furniture left out by the caller), folded, lower case."""
    return "".join(_SIGNS.sub("", fold(text[start:end])).lower() for start, end in blocks)


def fingerprint(plain: str) -> Fingerprint:
    """The fingerprint of what `letters` gives."""
    digest = hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return Fingerprint(digest, len(plain), _signature(shingles(plain)))


def shingles(plain: str) -> Any:
    """The distinct hashes of the shingles, sorted (uint64); of a shorter text the one of all of it."""
    import numpy as np

    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    size = min(SIZE, len(codes))
    hashes = np.zeros(max(0, len(codes) - size + 1) if size else 0, dtype=np.uint64)
    for i in range(size):
        hashes = hashes * np.uint64(_BASE) + codes[i : len(codes) - size + 1 + i]
    for shift, factor in _MIX:
        hashes = (hashes ^ (hashes >> np.uint64(shift))) * np.uint64(factor)
    return np.unique(hashes ^ (hashes >> np.uint64(31)))


def _signature(hashes: Any) -> bytes:
    """The least value under each permutation (a·h + b, the upper half), little-endian; "" of an empty text."""
    import numpy as np

    if not len(hashes):
        return b""
    least = [int(((hashes * np.uint64(a) + np.uint64(b)) >> np.uint64(32)).min()) for a, b in _permutations()]
    return np.array(least, dtype="<u4").tobytes()


@cache
def _permutations() -> tuple[tuple[int, int], ...]:
    found = []
    for i in range(PERMUTATIONS):
        value = hashlib.blake2b(f"permutation {i}".encode(), digest_size=16).digest()
        found.append((int.from_bytes(value[:8], "little") | 1, int.from_bytes(value[8:], "little")))
    return tuple(found)


def bands(signature: bytes, rows: int = ROWS) -> list[bytes]:
    """The signature cut into bands of so many values; texts that share a band in its place are candidates."""
    width = rows * _BYTES
    return [signature[i : i + width] for i in range(0, len(signature), width)]


def estimate(one: bytes, other: bytes) -> float:
    """The Jaccard likeness as the signatures tell it (standard error 0.044 at 0.5 with 128 values)."""
    pairs = zip(bands(one, 1), bands(other, 1), strict=False)
    return sum(a == b for a, b in pairs) / PERMUTATIONS


def likeness(one: Any, other: Any) -> Likeness:
    """How alike two texts are, counted exactly from what `shingles` gives."""
    import numpy as np

    if not len(one) or not len(other):
        return Likeness(0.0, 0.0)
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return Likeness(shared / (len(one) + len(other) - shared), shared / min(len(one), len(other)))
