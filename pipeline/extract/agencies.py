"""Agencies and their roles: lists in parentheses, labelled paragraphs, table columns, and running text.

Explicit lists (（责任单位：…）, （…牵头，…配合）) are taken as they are written; running text needs a body of a known
shape or name, and a body that is only encouraged (支持科研机构牵头申请) is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.extract.agency_names import AgencyNames
from pipeline.extract.frame import Frame
from pipeline.lexicons import Lexicons
from pipeline.model import Agency, Evidence, Region
from pipeline.text import normalise

RANK = {"lead": 0, "responsible": 1, "support": 2}
ROLES = tuple(RANK)
RESPONSIBLE = "responsible"
LONGEST_NAME = 30
EXACT = 100.0
SEPARATORS = "、,;。"
HABIT = 3  # closing parentheses of bodies that make it the plan's way of naming who is responsible
PARTED_KINDS = frozenset({"department", "party", "collective"})  # bodies of their own, never parts of one another


@dataclass(frozen=True, slots=True)
class Mention:
    """An agency at squeezed positions of a frame."""

    start: int
    end: int
    role: str
    rule: str


class AgencyReader:
    """Reads agencies from one document: the lead rule and its like hold from where they stand to the end."""

    def __init__(self, lexicons: Lexicons, region: Region | None = None) -> None:
        """`region` is the one that the document governs, for the full names of its agencies."""
        pattern = lexicons.pattern
        self._parenthesis = pattern("agency-parenthesis")
        self._closing = pattern("agency-closing")
        self._label = pattern("agency-label")
        self._verb = pattern("agency-role-verb")
        self._note = pattern("agency-note")
        self._all_rule = pattern("agency-all-rule")
        self._lead_rule = pattern("agency-lead-rule")
        self._collective = pattern("agency-collective")
        self._area = pattern("agency-area")
        self._encouraged = pattern("agency-encouraged")
        self._zones = pattern("agency-zones")
        self._class = pattern("agency-class")
        self._verbs = lexicons.cues("commit_verb")
        self._urged = pattern("agency-urged")
        self._shape = pattern("agency-shape")
        self._running = (
            ("lead", pattern("agency-run-lead")),
            ("responsible", pattern("agency-run-responsible")),
            ("support", pattern("agency-run-support")),
        )
        self._joints = lexicons.cues("agency_joint")
        self._ends = lexicons.cues("agency_end")
        self._heads = lexicons.cues("agency_head")
        self._levels = lexicons.cues("level_prefix")
        self._lexicon = lexicons.get("agencies")
        self._stems = frozenset(s for row in self._lexicon for s in row.list("stems"))
        self._by_stem = {s: row.id for row in self._lexicon for s in row.list("stems")}
        self._names = AgencyNames(lexicons, region)
        self._lead_first = False
        self._by_habit = False

    def explicit(self, frame: Frame, start: int = 0, end: int | None = None) -> list[Mention]:
        """Agencies of the parentheses and labels between two squeezed positions."""
        text = frame.text
        end = len(text) if end is None else end
        found: list[Mention] = []
        for match in self._parenthesis.finditer(text, start, end):
            found.extend(self._list(frame, match.start() + 1, match.end() - 1, None))
        closing = self.closing_list(frame, start, end)
        if closing is not None and (self._by_habit or self._all_certain(frame, closing)):
            found.extend(self._list(frame, *closing, None, RESPONSIBLE))
        for sentence in frame.sentences:
            label = self._label.match(text, sentence.start)
            if label is not None and start <= sentence.start < end:
                found.extend(self._list(frame, sentence.start, min(sentence.end, end), None))
        return found

    def note_habit(self, frames: list[Frame]) -> None:
        """Learn whether the plan names its responsible bodies in closing parentheses without a word of role.

        Where several paragraphs end so ((基教处、教科院)), names that only have the shape of a body are taken too; in a
        plan that does it once a parenthesis of unknown names may hold anything.
        """
        self._by_habit = sum(self.closing_list(frame) is not None for frame in frames) >= HABIT

    def closing_list(self, frame: Frame, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """What stands in a parenthesis without a word of role that closes a paragraph, if all of it may be bodies."""
        text = frame.text
        closing = self._closing.search(text, start, len(text) if end is None else end)
        if closing is None or self._parenthesis.match(text, closing.start()) is not None:
            return None
        names = self._names_in(frame, closing.span("list"))
        return closing.span("list") if names and all(map(self._may_answer, names)) else None

    def _names_in(self, frame: Frame, span: tuple[int, int]) -> list[str]:
        """The names of a list, without the notes on it."""
        items = (self._trim(frame.text, a, b) for a, b in self._split(frame, *span))
        return [name for a, b in items if not self._note.search(name := frame.text[a:b])]

    def _may_answer(self, name: str) -> bool:
        return bool(self.is_agency(name) or self._area.search(name) or self._collective.fullmatch(name))

    def _all_certain(self, frame: Frame, span: tuple[int, int]) -> bool:
        """Whether every name of a list is a body by the lexicon or a collective one."""
        names = self._names_in(frame, span)
        return all(self.canonical(name)[1] == EXACT or self._collective.fullmatch(name) for name in names)

    def cell(self, frame: Frame, role: str) -> list[Mention]:
        """Agencies of a table cell whose column has a role."""
        return self._list(frame, 0, len(frame.text), role)

    def running(self, frame: Frame, start: int = 0, end: int | None = None) -> list[Mention]:
        """Agencies of running text between two squeezed positions, parentheses and labelled sentences left out."""
        text = frame.text
        end = len(text) if end is None else end
        blanked = self._blank(text, start, end, frame)
        found: list[Mention] = []
        for role, pattern in self._running:
            for match in pattern.finditer(blanked, start, end):
                group = next(name for name, value in match.groupdict().items() if value and name.startswith("list"))
                if self._encouraged.search(blanked[max(start, match.start() - 24) : match.start(group)]) or (
                    self._urged.match(match.group(group))
                ):
                    continue
                taken = [(m.start, m.end) for m in found]
                listed = self._running_list(frame, match.start(group), match.end(group), role, taken)
                loose = match.groupdict().get("joint") is not None  # 联合 is said of anybody one works with
                found.extend(m for m in listed if not loose or self._known(text[m.start : m.end]))
        return found

    def _blank(self, text: str, start: int, end: int, frame: Frame) -> str:
        spans = [m.span() for m in self._parenthesis.finditer(text, start, end)]
        spans += [(s.start, s.end) for s in frame.sentences if self._label.match(text, s.start)]
        for a, b in spans:
            text = text[:a] + "。" * (b - a) + text[b:]
        return text

    def _running_list(
        self, frame: Frame, start: int, end: int, role: str, taken: list[tuple[int, int]]
    ) -> Iterator[Mention]:
        """The bodies of a list in running text; what an earlier pattern took keeps the role that it gave."""
        text = frame.text
        pieces = [self._trim(text, a, b) for a, b in self._split(frame, start, end)]
        items = [(a, b) for a, b in pieces if not any(x < b and a < y for x, y in taken)]
        known = [(a, b) for a, b in items if self.is_agency(text[a:b])]
        if len(known) == len(items) or (len(known) >= 2 and len(items) >= 3):
            for a, b in items:
                if b - a >= 2:
                    yield Mention(a, b, role, f"agency-running-{role}")

    def is_agency(self, name: str) -> bool:
        """Whether a name has the shape of a body or is one that the lexicon knows."""
        return 2 <= len(name) <= LONGEST_NAME and (
            self._shape.search(name) is not None or name in self._stems or self._lexicon.exact(name) is not None
        )

    def _list(self, frame: Frame, start: int, end: int, role: str | None, unsaid: str | None = None) -> list[Mention]:
        """The agencies of an explicit list; a label sets the role of what follows, a verb that of what went before.

        `role` is that of a table's column; `unsaid` the one of a list that says none.
        """
        text = frame.text
        if self._lead_rule.search(text, start, end):
            self._lead_first, unsaid = True, RESPONSIBLE
        found: list[Mention] = []
        pending: list[tuple[int, int]] = []
        current = role
        for a, b in self._split(frame, start, end):
            if self._all_rule.search(text, a, b) is not None:
                break  # a note for all later lists follows: 以下各项均涉及各县区，不再列出
            if (label := self._label.search(text, a, b)) is not None:
                self._flush(found, pending, current)
                current = next(r for r in ROLES if label.group(r))
                a = label.end()
            verb = self._verb.search(text, a, b)
            if verb is not None and verb.start() > a:
                pending.extend(self._run_together(text, *self._trim(text, a, verb.start())))
                self._flush(found, pending, next(r for r in ROLES if verb.group(r)))
                continue
            if self._note.search(text[a:b]):
                continue
            a, b = self._trim(text, a, b)
            if 2 <= b - a <= LONGEST_NAME:
                pending.extend(self._run_together(text, a, b))
        self._flush(found, pending, current or (RESPONSIBLE if found else unsaid))
        if self._lead_first and found and role is None and all(m.role == "responsible" for m in found):
            first = found[0]
            found[0] = Mention(first.start, first.end, "lead", "agency-lead-rule")
        return found

    def _flush(self, found: list[Mention], pending: list[tuple[int, int]], role: str | None) -> None:
        if role is not None:
            found.extend(Mention(a, b, role, f"agency-list-{role}") for a, b in pending if b > a)
        pending.clear()

    def _split(self, frame: Frame, start: int, end: int) -> list[tuple[int, int]]:
        """The items of a list: cut at its marks and at blanks, but not inside brackets or a collective name."""
        text = frame.text
        guarded = [m.span() for m in self._collective.finditer(text, start, end)]
        items, depth, item_start = [], 0, start
        for i in range(start, end):
            char = text[i]
            depth += (char in "(〔[《“") - (char in ")〕]》”")
            if char in SEPARATORS and depth <= 0 and not any(a <= i < b for a, b in guarded):
                items.append((item_start, i))
                item_start = i + 1
        items.append((item_start, end))
        parts = [part for item in items for part in self._at_blanks(frame, *item)]
        return [piece for part in parts for piece in self._unjoin(text, *part) if piece[1] > piece[0]]

    def _at_blanks(self, frame: Frame, start: int, end: int) -> list[tuple[int, int]]:
        """A blank or line break parts two bodies only where both sides are bodies: names are broken over lines, too."""
        text, offsets = frame.text, frame.view.offsets
        blanks = [at for at in range(start + 1, end) if offsets[at] - offsets[at - 1] > 1]
        parts = []
        for i, at in enumerate(blanks):
            following = text[at : blanks[i + 1] if i + 1 < len(blanks) else end]
            if self.is_agency(self._unlabelled(text[start:at])) and len(following) > 2 and self.is_agency(following):
                parts.append((start, at))
                start = at
        return [*parts, (start, end)]

    def _unlabelled(self, name: str) -> str:
        return name[label.end() :] if (label := self._label.match(name)) is not None else name

    def _unjoin(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """和, 及, 与 part two bodies only where both sides are bodies and the whole is none (not 自然资源和规划局)."""
        name = text[start:end]
        if self._known(name):
            return [(start, end)]
        for joint in self._joints:
            at = name.find(joint)
            left, right = name[: max(at, 0)], name[at + len(joint) :]
            body = at > 1 and self._shape.search(left) and not self._zones.search(left)
            if body and self._stands_alone(right):
                return [(start, start + at), *self._unjoin(text, start + at + len(joint), end)]
        return self._run_together(text, start, end)

    def _run_together(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """Two departments whose mark was lost between them: both are known, and both with a level before or both
        without (not 市教育局职成教科, which is one body)."""
        name = text[start:end]
        for at in range(3, len(name) - 2):
            left, right = name[:at], name[at:]
            levels = [next((lv for lv in self._levels if part.startswith(lv)), "") for part in (left, right)]
            if bool(levels[0]) == bool(levels[1]) and all(
                (match := self._lexicon.exact(part[len(level) :])) is not None and match.row.get("kind") in PARTED_KINDS
                for part, level in zip((left, right), levels, strict=True)
            ):
                return [(start, start + at), *self._run_together(text, start + at, end)]
        return [(start, end)]

    def _stands_alone(self, name: str) -> bool:
        """Whether the right side of 和 is a body of its own: 部门和单位 is one phrase."""
        return self.is_agency(name) and (len(name) >= 3 or self._known(name))

    def _known(self, name: str) -> bool:
        return self._lexicon.exact(name) is not None or any(
            name.startswith(level) and self._lexicon.exact(name[len(level) :]) for level in self._levels
        )

    def _trim(self, text: str, start: int, end: int) -> tuple[int, int]:
        """Without words of joining at either end, the class behind 等, and a verb before a known body or its stem."""
        if (kind := self._class.search(text[start:end])) is not None and kind.start() >= 2:
            end = start + kind.start()
        for verb in self._verbs:
            rest = text[start + len(verb) : end]
            if text.startswith(verb, start) and (rest in self._stems or (len(verb) > 1 and self._known(rest))):
                start += len(verb)
        changed = True
        while changed and end > start:
            changed = False
            for word in self._ends:
                if text.endswith(word, start, end) and end - start > len(word) + 1:
                    end, changed = end - len(word), True
            for word in self._heads:
                if text.startswith(word, start, end) and end - start > len(word) + 1:
                    start, changed = start + len(word), True
        return start, end

    def canonical(self, name: str) -> tuple[str | None, float]:
        """The lexicon's id for a name as written, without the level or region before it, and the score."""
        for start in range(0, max(1, len(name) - 1)):
            rest = name[start:]
            if start and not name[:start].endswith(self._levels):
                continue
            if (match := self._lexicon.exact(rest)) is not None:
                return match.row.id, match.score
            if rest in self._by_stem:
                return self._by_stem[rest], 100.0
        match = self._lexicon.look_up(name)
        return (match.row.id, match.score) if match else (None, 0.0)

    def records(self, mentions: list[tuple[Frame, Mention]]) -> tuple[Agency, ...]:
        """One record for each name, with its strongest role, in order of first mention."""
        best: dict[str, tuple[Frame, Mention]] = {}
        for frame, mention in mentions:
            name = normalise(frame.text[mention.start : mention.end])
            known = best.get(name)
            if known is None or RANK[mention.role] < RANK[known[1].role]:
                best[name] = (frame, mention)
        return tuple(self._record(name, frame, mention) for name, (frame, mention) in best.items())

    def _record(self, name: str, frame: Frame, mention: Mention) -> Agency:
        start, end = frame.span(mention.start, mention.end)
        section = frame.section.index if frame.section else None
        confidence = 0.8 if mention.rule.startswith("agency-running") else 0.98
        agency_id, score = self.canonical(name)
        score = min(score, frame.legible(mention.start, mention.end))
        evidence = Evidence(start, end, mention.rule, confidence, section)
        level = self._names.level_of(name) or self._names.carried_level(frame.text, mention.start)
        return Agency(name, mention.role, evidence, agency_id, self._names.full_name(name, agency_id, level), score)


def in_order(mentions: list[Mention]) -> list[Mention]:
    """Mentions by position, so that records come out in the order of the text."""
    return sorted(mentions, key=lambda m: m.start)
