"""What a number counts or measures: the noun phrase beside it, without verb and number.

Chinese plans write either the thing and then its number (创建示范基地2个, 双师型比率达90%) or the number and then the
thing (建设15个体验基地). Words that may be stripped are cues of the lexicon and fall only at word boundaries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from pipeline.extract.quantities import Quantity
from pipeline.lexicons import Lexicons
from pipeline.segment.tokenizer import Cut

SHORTEST = 2
LONGEST_OF_LIMIT = 12  # of what a time limit is set for; a longer one is a condition
LONG_MODIFIER = 8  # a longer modifier before 的 is left out of the name of a thing
OF = "的"
SHARE = "占"
LIMIT_DIMENSIONS = frozenset({"days", "workdays", "hours"})
MONEY_UNIT = "元"
MARKS = "、,:"
STRIPPED = ("commit_verb", "adverb", "lead_word")


@dataclass(frozen=True, slots=True)
class Named:
    """A name for a quantity: `op` where the clause states the comparator apart from the number; `how` is the rule."""

    name: str
    how: str
    op: str | None = None


class IndicatorNamer:
    """Names quantities; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons, cut: Cut) -> None:
        self._cut = cut
        self._trailing = lexicons.pattern("trailing-verb")
        self._compared = lexicons.pattern("compared-with")
        self._baseline = lexicons.pattern("baseline-phrase")
        self._share_of = lexicons.pattern("share-of")
        self._within = lexicons.pattern("within-share")
        self._nominal = lexicons.pattern("nominal-tail")
        self._modal = lexicons.pattern("modal-inside")
        self._modals = frozenset(lexicons.cues("modal_inside"))
        self._per = lexicons.pattern("per")
        self._whole = lexicons.pattern("whole-area")
        self._window = lexicons.pattern("window-phrase")
        self._bare = lexicons.pattern("bare-verb")
        self._deployed = lexicons.pattern("deployed-to")
        self._result = lexicons.pattern("result-verb")
        self._points = lexicons.pattern("points-given")
        self._verbs = tuple(w for cue in STRIPPED for w in lexicons.cues(cue))
        self._used_for = lexicons.cues("used_for")
        self._verb_set = frozenset(self._verbs)
        self._interior = lexicons.cues("interior_verb")
        self._after_words = tuple(w for cue in ("after_ge", "after_le", "after_about") for w in lexicons.cues(cue))
        self._grants = lexicons.cues("grant_verb")
        self._funds = lexicons.cues("funds")[0]
        self._limit = lexicons.cues("time_limit_name")[0]
        self._deducted = lexicons.pattern("share-deducted")
        self._size_of = lexicons.pattern("size-of")
        self._days = frozenset(u.name for u in lexicons.get("units") if u.get("dimension") in LIMIT_DIMENSIONS)
        self._ratio_tail = lexicons.cues("ratio_tail")
        self._record = lexicons.cues("record_word")
        self._ops = [(w, op) for cue, op in _OPS for w in lexicons.cues(cue)]

    def name(self, before: str, after: str, quantity: Quantity, counted: bool, shared: bool = False) -> Named:
        """Name the quantity between `before` and `after`, the rest of its clause.

        `counted` says that the unit counts things (个, 所) rather than measures (%, 年). An empty name says
        that the clause names nothing. `shared` says that another number of the clause stands at the end of `after`,
        with its own verb before it (与2家企业共同建设2个基地).
        """
        given = before.endswith(self._grants)
        inside = quantity.op == "<=" and quantity.outer_end > quantity.end  # 20个工作日内, not 不超过20个工作日
        limit = inside and not counted and quantity.unit in self._days
        before = self._clean_before(before)
        after = self._clean_after(after)
        if shared:
            after = self._until_verb(after)
        if quantity.unit == "%":
            return self._share(before, after)
        if quantity.unit == MONEY_UNIT and after.startswith(self._used_for):
            return Named(re.split(r"[,;:。]", after)[0] + OF + self._funds, "funds-for")
        following = self._noun_after(after)
        if given and len(following) >= SHORTEST:
            return Named(following, "given")
        if limit and len(done := self._strip_verbs(following)) >= SHORTEST:
            of = self._noun_before(before, counted)
            return Named((of if SHORTEST <= len(of) <= LONGEST_OF_LIMIT else "") + done + self._limit, "time-limit")
        if counted and len(following) >= SHORTEST and not before.endswith(OF):
            return Named(following, "number-noun")
        if following.endswith(self._record):
            return Named(self._subject(before) + following, "subject-record")
        preceding = self._noun_before(before, counted)
        size = self._size_of.match(preceding) if after.startswith(OF) and len(following) >= SHORTEST else None
        if size is not None and not counted:
            return Named(following + size.group("size"), "size-of")
        if not counted and len(preceding) <= SHORTEST and SHORTEST <= len(following) <= LONG_MODIFIER:
            return Named(preceding + following, "verb-number-noun")
        if len(preceding) >= SHORTEST and not (following and self._bare.fullmatch(preceding)):
            return Named(preceding, "noun-number")
        if len(following) >= SHORTEST:
            return Named(following, "number-noun")
        return Named("", "none")

    def op_at_end(self, text: str) -> str | None:
        """The operator of the comparator that a text ends with (报酬不低于 → >=), None where there is none."""
        ends = [(word, op) for word, op in self._ops if text.endswith(word)]
        return max(ends, key=lambda pair: len(pair[0]))[1] if ends else None

    def _until_verb(self, text: str) -> str:
        cuts = [at for verb in self._verbs if (at := text.find(verb)) >= SHORTEST]
        return text[: min(cuts)] if cuts else text

    def _share(self, before: str, after: str) -> Named:
        if (found := self._share_of.match(before)) is not None and len(found.group("base")) >= SHORTEST:
            subject = self._noun_before(found.group("subject"), False)
            word = found.group("op")
            op = next(op for w, op in self._ops if w == word)
            return Named(subject.rpartition(OF)[2] + SHARE + found.group("base"), "share-of", op)
        if (inside := self._within.match(after)) is not None and len(before) <= SHORTEST:
            thing = self._strip_verbs(inside.group("rest"))
            return Named(thing + SHARE + inside.group("base"), "within-share", "<=")
        noun = self._noun_before(before, False)
        if (done := self._deducted.match(after)) is not None and len(noun) >= SHORTEST:
            return Named(noun + done.group("what"), "share-deducted")
        if after.startswith(self._used_for):
            return Named(noun + re.split(r"[,;:。]", after)[0], "share-use")
        if after.startswith(self._ratio_tail):
            tail = next(w for w in self._ratio_tail if after.startswith(w))
            return Named(noun + after[len(tail) :] + tail, "share-tail")
        following = self._noun_after(after)
        if following and (noun in self._verb_set or self._bare.fullmatch(noun)):
            return Named(following, "number-noun")
        if self._whole.fullmatch(noun) and len(following) >= SHORTEST:
            return Named(following if after.startswith(OF) else noun + following, "number-noun")
        if len(noun) >= SHORTEST:
            return Named(noun, "noun-number")
        return Named(following, "number-noun")

    def _clean_before(self, text: str) -> str:
        text = self._compared.sub("", self._baseline.sub("", self._per.sub("", self._window.sub("", text))))
        ends = self._word_ends(text) | {0}
        at = 0
        while (found := self._trailing.search(text, at)) is not None:
            if found.start() in ends or len(found.group("first")) >= SHORTEST:
                text, at = text[: found.start()], 0
            else:
                at = found.start() + 1
        return text

    def _word_ends(self, text: str) -> set[int]:
        """The positions at which the tokenizer ends a word, since 能 in 技能 and 才 in 人才 are none to strip."""
        return set(accumulate(len(token) for token in self._cut(text)))

    def _clean_after(self, text: str) -> str:
        for word in self._after_words:
            if text.startswith(word):
                text = text[len(word) :]
                break
        text = re.sub(r"\([^()]*\)", "", text)
        return (text[: points.start()] if (points := self._points.search(text)) else text).strip("、,;。")

    def _noun_after(self, text: str) -> str:
        text = text.removeprefix(OF)
        if (found := self._result.search(text, SHORTEST)) is not None:
            text = text[found.start() :] + OF + text[: found.start()]
            return re.split(r"[,;:。]", text)[0]
        text = text[: found.start()] if (found := self._deployed.search(text)) else text
        text = re.split(r"[、,;:。](?=[^、,;:。]*$)" if "、" not in text else r"[,;:。]", text)[0]
        head, of, tail = text.rpartition(OF)
        if of and self._nominal.fullmatch(tail):
            return head
        if of and len(head) > LONG_MODIFIER and len(tail) >= SHORTEST:
            return tail
        return text

    def _noun_before(self, text: str, counted: bool) -> str:
        text = self._strip_verbs(text.lstrip(MARKS))
        if counted:
            for verb in self._interior:
                at = text.rfind(verb)
                if at > 0 and len(text) - at - len(verb) >= SHORTEST and text[at - 1] != OF:
                    rest = text[at + len(verb) :]
                    if not rest.startswith(OF) and len(rest) > SHORTEST:
                        text = rest
                        break
        return self._without_modals(text) if not counted else text

    def _strip_verbs(self, text: str) -> str:
        """Without the verbs and adverbs at its head, each only where the tokenizer sees a word end behind it."""
        ends = self._word_ends(text)
        start = 0
        while True:
            for verb in self._verbs:
                end = start + len(verb)
                if end in ends and text.startswith(verb, start) and len(text) - end >= SHORTEST and text[end] != OF:
                    start = end + (text[end] in MARKS and len(text) - end > SHORTEST)
                    break
            else:
                return text[start:]

    def _without_modals(self, text: str) -> str:
        """Without modal words (应, 可, 原则上), each only as a word of its own: 可 in 可办率 stays."""
        return "".join(token for token in self._cut(text) if token not in self._modals)

    def _subject(self, text: str) -> str:
        found = self._modal.search(text)
        return text[: found.start()] if found else text


_OPS = (("before_ge", ">="), ("before_gt", ">"), ("before_le", "<="), ("before_lt", "<"))
