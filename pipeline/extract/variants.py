"""What parts two names of one indicator: the level, what is new or asked for, a head, the time of counting.

省级龙头企业 and 国家级龙头企业, 新增高新技术企业 and 高新技术企业总数 meet in one row of the lexicon, as a researcher
looks for them together, but their values must never stand in for each other. The variant of a name is what it says
of these beyond the row's own name.
"""

from __future__ import annotations

from functools import lru_cache

from pipeline.extract.alignment import align, signature
from pipeline.lexicons import Lexicons
from pipeline.text import fold, normalise

JOINT = "·"


def variant(name: str, row_id: str | None, lexicons: Lexicons) -> str:
    """The marks that a name carries beyond the name of its row (省级, 新增, 人均), joined by ·; "" for none."""
    return _reader(lexicons).variant(name, row_id)


def identity(name: str, unit: str, lexicons: Lexicons) -> tuple[str, ...]:
    """What a name with its unit means, as one key: two names are one indicator where it is equal.

    For a known name the row and the variant; for an unknown one the family of its unit and its letters in any order.
    """
    row_id = align(name, unit, lexicons)[0]
    marks = variant(name, row_id, lexicons)
    if row_id is not None:
        return row_id, marks
    meant = signature(name, unit, lexicons)
    core = meant.part if meant.part and meant.whole and _reader(lexicons).is_sum(meant.whole) else meant.core
    return "", meant.family, "".join(sorted(_reader(lexicons).without_marks(core))), marks


@lru_cache(maxsize=2)
def _reader(lexicons: Lexicons) -> _VariantReader:
    return _VariantReader(lexicons)


class _VariantReader:
    """The marks of names; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._mark = lexicons.pattern("variant-mark")
        self._sum = lexicons.pattern("variant-sum")
        pairs = (word.partition("→") for word in lexicons.cues("variant_same"))
        self._same = {written: meant for written, _, meant in pairs}
        self._rows = lexicons.get("indicators").by_id

    def variant(self, name: str, row_id: str | None) -> str:
        marks = self._marks(fold(normalise(name)))
        if row_id is not None:
            own = self._marks(fold(normalise(self._rows[row_id].name)))
            marks = [mark for mark in marks if mark not in own]
        return JOINT.join(marks)

    def _marks(self, name: str) -> list[str]:
        found = (self._same.get(m.group(0), m.group(0)) for m in self._mark.finditer(name))
        return sorted({mark for mark in found if mark})

    def is_sum(self, whole: str) -> bool:
        """Whether the whole of a share is only all of the same things (占总学时), which names no other indicator."""
        return self._sum.search(whole) is not None

    def without_marks(self, core: str) -> str:
        """The core without the marks, which are kept apart."""
        return self._mark.sub("", core)
