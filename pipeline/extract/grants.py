"""What a grant, a remission or a discount is called: who or what it is for, and the word for what is given.

Plans that set rules of support name the receiver in front and the grant behind (对新认定的企业给予50万元一次性奖励),
or state a share of a base (按设备投资额的20%给予补助) and a ceiling in a clause of its own (最高不超过100万元). The
name joins both, so that grants can be told apart: 新认定的企业一次性奖励, 设备投资额补助.
"""

from __future__ import annotations

from pipeline.extract.frame import Frame
from pipeline.extract.quantities import Quantity
from pipeline.lexicons import Lexicons
from pipeline.segment.clauses import Sentence

OF = "的"
PARALLEL = ";"
LONGEST_RECEIVER = 48  # a longer one is a condition told at length


class GrantNamer:
    """Names what is given; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        """Raises LexiconError where a pattern is missing."""
        self._behind = lexicons.pattern("grant-behind")
        self._before = lexicons.pattern("grant-before")
        self._bare = lexicons.pattern("grant-ceiling")
        self._told = lexicons.pattern("grant-told")
        self._base = lexicons.pattern("grant-base")
        self._receiver = lexicons.pattern("grant-receiver")
        self._filler = lexicons.pattern("grant-filler")
        self._per = lexicons.pattern("per")
        self._standard = lexicons.pattern("grant-standard")
        self._giving = lexicons.pattern("grant-giving")
        self._subject = lexicons.pattern("grant-subject")

    def name(self, frame: Frame, first: Quantity, last: Quantity, sentence: Sentence) -> tuple[str, bool]:
        """The name of the grant that an amount or a share states, and whether it says who or what it is for.

        `first` and `last` are the amounts that stand in a row with it. "" where its clause gives nothing.
        """
        text = frame.text
        clause = frame.clause_at(first.start)
        if clause is None:
            return "", False
        before = self._per.sub("", text[clause.start : first.outer_start])
        told = text[sentence.start : first.outer_start]
        told = told[told.rfind(PARALLEL) + 1 :]
        noun = self._noun(before, text[last.outer_end : clause.end], told)
        base = self._base.search(before) if noun else None
        receiver = base.group("base").removesuffix(OF) if base is not None else self._receiver_of(told, noun)
        return receiver + noun if noun else "", bool(receiver)

    def of_standard(self, frame: Frame, quantity: Quantity) -> str:
        """The grant that a row of amounts with things of their own is the standard of; "" where it is none."""
        clause = frame.clause_at(quantity.start)
        rest = frame.text[quantity.outer_end : clause.end] if clause else ""
        found = self._standard.search(rest)
        return found.group("noun") if found else ""

    def is_phrase(self, name: str) -> bool:
        """Whether a name found otherwise holds words of giving and is no name of a thing (标准给予企业补贴)."""
        return self._giving.search(name) is not None

    def _noun(self, before: str, rest: str, told: str) -> str:
        behind = self._behind.match(rest)
        if behind is not None:
            return behind.group("noun")
        ahead = self._before.search(before)
        if ahead is not None:
            return ahead.group("noun")
        if self._bare.match(before) is not None:
            said = list(self._told.finditer(told))
            return said[-1].group("noun") if said else ""
        return ""

    def _receiver_of(self, told: str, noun: str) -> str:
        """The receiver named last before the number, without 其 and 符合条件的; "" for a condition ending in 的."""
        found = list(self._receiver.finditer(told)) or list(self._subject.finditer(told))
        if not found:
            return ""
        groups = found[-1].groupdict()
        who = self._filler.sub("", groups["who"] or groups.get("given") or "")
        return "" if who.endswith(OF) or len(who) > LONGEST_RECEIVER or noun in who else who
