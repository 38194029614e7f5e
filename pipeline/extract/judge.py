"""What a quantity is: a goal of the plan, a standing norm, or no commitment at all.

The order matters and is that of the tests below: parts of other expressions first (每5年, 前3年), counts of lists,
facts about the past, then norm or goal. Every word that decides is a cue of the lexicon.
"""

from __future__ import annotations

from pipeline.extract.asides import AsideReader
from pipeline.extract.frame import Context, Frame
from pipeline.extract.quantities import Quantity
from pipeline.extract.scope import DeadlineScope
from pipeline.lexicons import Lexicons

NORM_DIMENSIONS = frozenset({"time", "days", "workdays", "hours"})
MONEY, SHARE = "money", "share"
PLAIN_ONE = 1.0


class Judge:
    """Decides the fate of quantities; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._asides = AsideReader(lexicons)
        self._yoy = lexicons.pattern("aside-compared-period")
        self._in_words = lexicons.pattern("aside-in-words")
        self._level_of_time = lexicons.pattern("aside-level-of-time")
        self._window = lexicons.pattern("quantity-window")
        self._list_count = lexicons.pattern("list-count")
        self._attributive = lexicons.pattern("attributive-count")
        self._baseline_before = lexicons.pattern("baseline-before")
        self._baseline_after = lexicons.pattern("baseline-after")
        self._sizes = lexicons.cues("size_word")
        self._round = lexicons.pattern("round-amount")
        self._attributive_size = lexicons.pattern("attributive-size")
        self._rule_documents = lexicons.cues("rule_document")
        self._kinds = lexicons.cues("kind_unit")
        self._et_cetera = lexicons.cues("et_cetera")
        self._share_norm = lexicons.cues("share_norm_word")
        self._given = lexicons.pattern("per-unit-given")
        self._on_basis = lexicons.pattern("on-basis")
        self._whose = lexicons.pattern("who-is-meant-whole")
        self._given_behind = lexicons.pattern("share-given")
        self._bare_grant = lexicons.pattern("grant-ceiling")
        self._by_rule = lexicons.pattern("by-rule")
        self._capped = lexicons.pattern("capped-choice")
        self._meant = lexicons.pattern("who-is-meant")
        self._outlay = lexicons.pattern("outlay")
        self._used_for = lexicons.cues("used_for")
        self._condition = lexicons.pattern("condition-head")
        self._grants = lexicons.cues("grant_word")
        self._per = lexicons.pattern("per")
        self._trailing = lexicons.pattern("trailing-verb")
        self._past = lexicons.cues("past_word")
        self._reports = lexicons.cues("report_document")
        self._past_of_reports = lexicons.cues("report_past_word")
        self._past_in_name = lexicons.pattern("past-in-name")
        self._plan = lexicons.pattern("plan-mark")
        self._norm = lexicons.cues("norm_word")
        self._cut_time = lexicons.cues("cut_time_word")
        self._rule_units = lexicons.cues("rule_unit")
        self._person = lexicons.cues("per_person")
        self._verbs = lexicons.cues("commit_verb") + lexicons.cues("adverb") + lexicons.cues("before_ge")
        self._dimensions = {u.name: u.get("dimension") for u in lexicons.get("units")}

    def fate(self, context: Context, frame: Frame, quantity: Quantity, scope: DeadlineScope) -> str:
        """goal, norm, or why the number is neither.

        The reasons are notice, per, baseline, window, description, list_count, past, idiom and those of `AsideReader`.
        """
        text = frame.text
        if frame.part == "notice":
            return "notice"
        if context.is_title(frame):
            return "name"
        if any(m.start() < quantity.end and quantity.start < m.end() for m in self._per.finditer(text)):
            return "per"
        before, after = text[: quantity.start], text[quantity.end : quantity.end + 40]
        if self._baseline_before.search(before) and self._baseline_after.match(after):
            return "baseline"
        if self._given.search(before[-12:]):
            return "per"
        if quantity.op in ("=", "~") and self._dimension(quantity) in NORM_DIMENSIONS and self._window.search(before):
            return "window"
        is_time = self._dimension(quantity) in NORM_DIMENSIONS
        if (aside := self._asides.fate(context, frame, quantity, is_time)) is not None:
            return aside
        if self._is_description(frame, quantity, before):
            return "description"
        if self._counts_list(quantity, before):
            return "list_count"
        if self._list_count.match(after) or self._attributive.match(after.split(",")[0]):
            return "list_count"
        if self._is_past(context, frame, quantity, scope):
            return "past"
        if self._is_idiom(frame, quantity):
            return "idiom"
        if self._is_norm(frame, quantity) or self._is_rule(context, frame, quantity):
            return "norm" if not self._is_due_share(frame, quantity, scope) else "goal"
        return "goal"

    def _is_due_share(self, frame: Frame, quantity: Quantity, scope: DeadlineScope) -> bool:
        """A share that is to be used for something by a date (到2025年…用于职业教育的比例不低于30%) is a goal."""
        if self._dimension(quantity) != SHARE:
            return False
        clause = frame.clause_at(quantity.start)
        text = frame.text[clause.start : clause.end] if clause else frame.text
        if not any(w in text for w in self._share_norm) or any(w in text for w in self._norm):
            return False
        deadline = scope.at(frame, quantity.start)
        return deadline is not None and deadline.start is None and deadline.end is not None

    def _is_rule(self, context: Context, frame: Frame, quantity: Quantity) -> bool:
        """In a document that sets rules (办法, 细则) a number is a rule unless its sentence speaks of reaching it."""
        if context.document.metadata.doc_type not in self._rule_documents:
            return False
        sentence = frame.sentence_at(quantity.start)
        text = frame.text[sentence.start : quantity.start] if sentence else frame.text
        return self._plan.search(text) is None

    def _dimension(self, quantity: Quantity) -> str:
        return self._dimensions.get(quantity.unit, "")

    def _counts_list(self, quantity: Quantity, before: str) -> bool:
        """…等6类困难群体: kinds counted behind 等 are those just listed."""
        return quantity.unit in self._kinds and before.endswith(self._et_cetera)

    def _is_description(self, frame: Frame, quantity: Quantity, before: str) -> bool:
        """The size of a thing (总投资4亿元的项目), a cell that is nothing but an amount, a bare 三年 or 百年."""
        text = frame.text
        if self._round.match(text, quantity.start) is not None:
            return quantity.op == "="  # 千家企业 is no thousand, but 超千亿元 is a level to pass
        if quantity.op != "=":
            sized = text[quantity.end : quantity.end + 16]
            return self._dimension(quantity) != SHARE and self._attributive_size.match(sized) is not None
        if frame.block.cell is not None and quantity.end - quantity.start == len(frame.text):
            return True
        if not quantity.digits and self._dimension(quantity) in NORM_DIMENSIONS:
            return self._per.search(before[-6:]) is None
        return before.endswith(self._sizes)

    def _is_past(self, context: Context, frame: Frame, quantity: Quantity, scope: DeadlineScope) -> bool:
        if context.tells_of_past(frame.section):
            return True
        sentence = frame.sentence_at(quantity.start)
        if sentence is None:
            return False
        if (frame.block.index, sentence.start) in context.past_sentences:
            return True
        times = [t for t in frame.times if sentence.start <= t.start and t.end <= quantity.start]
        times = [t for t in times if scope.eligible(frame, t)]
        before = self._asides.without_base(frame.text[sentence.start : quantity.start])
        before = self._past_in_name.sub("", before)
        if times and times[-1].until and not scope.is_over(times[-1], at_once=True):
            before = self._yoy.sub("", before)  # a growth that is set for a time to come
        reports = context.document.metadata.doc_type in self._reports
        words = self._past + (self._past_of_reports if reports else ())  # 全年实现 is a goal in a plan for the year
        if not reports and self._is_granted_later(frame, quantity):
            return False  # what must have been done to be given something (已取得证书的，按销售额的20%给予奖励)
        told = max((before.rfind(w) + len(w) for w in words if w in before), default=-1)
        planned = max((m.end() for m in self._plan.finditer(before)), default=-1)
        if told > planned:
            return True
        if not times or scope.goal_section(frame.section):
            return False
        compared = self._yoy.search(frame.text, sentence.start, sentence.end) is not None
        return scope.is_over(times[-1]) or (compared and planned < 0 and scope.is_over(times[-1], at_once=True))

    def _is_idiom(self, frame: Frame, quantity: Quantity) -> bool:
        """A bare Chinese 一 with a measure word counts only behind a verb or an adverb, or where a clause begins."""
        if quantity.digits or quantity.value != PLAIN_ONE or quantity.op != "=":
            return False
        clause = frame.clause_at(quantity.start)
        if clause is None:
            return True
        before = frame.text[max(clause.start, frame.content_from) : quantity.start]
        return bool(before) and not before.endswith(self._verbs) and self._per.search(before) is None

    def _is_norm(self, frame: Frame, quantity: Quantity) -> bool:
        if self._on_basis.match(frame.text, quantity.outer_end):
            return True
        if self._dimension(quantity) == MONEY and self._is_outlay(frame, quantity):
            return False
        clause = frame.clause_at(quantity.start)
        text = frame.text[clause.start : clause.end] if clause else frame.text
        dimension = self._dimension(quantity)
        if dimension in NORM_DIMENSIONS:
            level = self._level_of_time.search(frame.text[clause.start if clause else 0 : quantity.start]) is not None
            return not level and not any(w in text for w in self._cut_time)
        text_of_rules = self._in_words.sub("", text)
        if dimension == SHARE and any(w in text for w in self._share_norm):
            return True
        if any(w in text_of_rules for w in self._norm) or (dimension == MONEY and self._is_grant(frame, quantity)):
            return True
        if dimension in (MONEY, SHARE) and self._is_condition(frame, quantity):
            return True
        told = text[: quantity.outer_start - (clause.start if clause else 0)]
        if dimension in (MONEY, SHARE) and self._by_rule.match(told):
            return True
        if quantity.op == "<=" and self._capped.search(told):
            return True
        if dimension == SHARE and self._is_part_of_grant(frame, quantity):
            return True
        if dimension == SHARE and self._given_behind.match(frame.text, quantity.outer_end):
            return True
        if self._ends_in_of(frame, quantity) and self._is_granted_later(frame, quantity):
            return True
        before = text[: quantity.start - (clause.start if clause else 0)]
        per = self._per.search(before)
        if quantity.unit in self._rule_units and per is not None:
            return True
        return dimension == MONEY and per is not None and per.group(0).endswith(self._person)

    def _is_outlay(self, frame: Frame, quantity: Quantity) -> bool:
        """Whether a government sets money aside for its plan (市财政每年安排500万元用于园区建设)."""
        clause = frame.clause_at(quantity.start)
        before = frame.text[clause.start if clause else 0 : quantity.start]
        return self._outlay.search(before) is not None and frame.text.startswith(self._used_for, quantity.outer_end)

    def _is_grant(self, frame: Frame, quantity: Quantity) -> bool:
        """Whether money is the ceiling of a grant (…给予奖补,最高500万元)."""
        sentence = frame.sentence_at(quantity.start)
        before = frame.text[sentence.start if sentence else 0 : quantity.start]
        return quantity.op == "<=" or any(w in before for w in self._grants)

    def _is_part_of_grant(self, frame: Frame, quantity: Quantity) -> bool:
        """Whether a bare share says how a grant named before it is given (给予房租补贴，其中前两年100%)."""
        sentence, clause = frame.sentence_at(quantity.start), frame.clause_at(quantity.start)
        if sentence is None or clause is None or not self._bare_grant.match(frame.text[clause.start : quantity.start]):
            return False
        return any(w in frame.text[sentence.start : clause.start] for w in self._grants)

    def _is_granted_later(self, frame: Frame, quantity: Quantity) -> bool:
        sentence = frame.sentence_at(quantity.start)
        return sentence is not None and any(w in frame.text[quantity.end : sentence.end] for w in self._grants)

    def _ends_in_of(self, frame: Frame, quantity: Quantity) -> bool:
        """Whether the clause of the number only says who is meant (场地面积超过300平方米的，给予…)."""
        clause = frame.clause_at(quantity.start)
        if self._meant.match(frame.text, quantity.end) is not None:
            return True
        return clause is not None and self._whose.search(frame.text[quantity.end : clause.end]) is not None

    def _is_condition(self, frame: Frame, quantity: Quantity) -> bool:
        """Whether the amount is what must be met for a grant named later in the sentence."""
        sentence = frame.sentence_at(quantity.start)
        if sentence is None or not self._is_granted_later(frame, quantity):
            return False
        return self._condition.search(frame.text[sentence.start : quantity.start]) is not None
