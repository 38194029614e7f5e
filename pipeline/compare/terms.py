"""What a word stands for: rows of the indicator lexicon that the database carries, by name, alias, part or likeness."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from pipeline.lexicons import Lexicon, Row
from pipeline.store import Store
from pipeline.text import fold, normalise


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a term was taken for.

    `how` is name, alias, part (the term is a part of names), fuzzy, or text (no indicator: searched as it stands).
    `indicators` are (id, name) of the lexicon, the nearest first; `texts` every form that is searched, the term first;
    `score` 0..100 is the likeness, 100 unless fuzzy. `broad` says that records count which only speak of the term;
    else, where there is an indicator, only those of the indicator itself do.
    """

    term: str
    how: str
    indicators: tuple[tuple[str, str], ...]
    texts: tuple[str, ...]
    score: float = 100.0
    broad: bool = True

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the indicators."""
        return frozenset(ident for ident, _ in self.indicators)

    @property
    def name(self) -> str:
        """The canonical name where the term stands for one indicator by name, alias or likeness, else the term."""
        return self.indicators[0][1] if self.indicators and self.how != "part" else self.term


@lru_cache(maxsize=1 << 16)
def key(text: str) -> str:
    """The form in which terms are compared: normalised, folded, lower case, no white space beside Chinese."""
    return fold(normalise(text)).lower()


def indicator_lexicon(store: Store) -> Lexicon:
    """The indicators as the database carries them."""
    rows = store.rows("SELECT id, name, aliases FROM indicator_terms ORDER BY id")
    return Lexicon("indicators", tuple(Row(r["id"], r["name"], tuple(json.loads(r["aliases"])), r) for r in rows))


def resolve(store: Store, term: str, broad: bool = True) -> Resolution:
    """The indicators that a term stands for.

    With `broad`, every indicator that has the term as a part of its name joins the one that it names: 双师 and 双师型
    find the same. Without, such parts count only where nothing carries the term as name or alias. An indicator that
    has the term in an alias alone counts where no name has it, since its other names may speak of other things.
    """
    term = normalise(term)
    lexicon = indicator_lexicon(store)
    match = lexicon.exact(term)
    parts = _parts(lexicon, key(term)) if broad or match is None else []
    if match is None and not parts:
        match = lexicon.look_up(term)
    named = [match.row] if match else []
    others = [row for row in parts if row not in named]
    how = match.how if match else ("part" if parts else "text")
    return _resolution(term, how, named, others, match.score if match else 100.0, broad)


def _parts(lexicon: Lexicon, term: str) -> list[Row]:
    by_name = [row for row in lexicon if term in key(row.name)]
    return by_name or [row for row in lexicon if any(term in key(alias) for alias in row.aliases)]


def by_id(store: Store, ident: str) -> Resolution:
    """The indicator of an id of the lexicon; a search for the id's text where there is no such row."""
    row = indicator_lexicon(store).by_id.get(ident)
    return (
        _resolution(row.name, "name", [row], [], 100.0, False)
        if row
        else _resolution(ident, "text", [], [], 100.0, False)
    )


def _resolution(term: str, how: str, named: list[Row], others: list[Row], score: float, broad: bool) -> Resolution:
    """Other names are searched of the indicator alone that the term names: those of a part would lead astray."""
    texts = dict.fromkeys((term, *(name for row in named for name in (row.name, *row.aliases))))
    return Resolution(term, how, tuple((row.id, row.name) for row in (*named, *others)), tuple(texts), score, broad)
