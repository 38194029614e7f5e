"""The candidates for each metadata field, in order of trust, and the issues that they raise."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from pipeline.model import Found, Issue


class Candidates:
    """Collects values for fields. The first added of a field is the most trusted; `choose` marks it."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.issues: list[Issue] = []

    def add(self, name: str, value: str, source: str, start: int | None = None, end: int | None = None) -> None:
        """Record a value with its rule and place, not chosen. The same value of the same rule and place counts once."""
        found = Found(name, value, source, start, end, chosen=False)
        if found not in self.found:
            self.found.append(found)

    def issue(self, issue: Issue) -> None:
        """Record trouble, once."""
        if issue not in self.issues:
            self.issues.append(issue)

    def of(self, name: str) -> list[Found]:
        """The candidates of a field in order of trust."""
        return [f for f in self.found if f.name == name]

    def first(self, name: str) -> str | None:
        """The most trusted value of a field, None where there is none."""
        return next((f.value for f in self.found if f.name == name), None)

    def choose(self, name: str, barred: Collection[str] = ()) -> str | None:
        """Mark the first candidate whose value is not barred as chosen and give its value; None where none is left."""
        for i, found in enumerate(self.found):
            if found.name == name and found.value not in barred:
                self.found[i] = replace(found, chosen=True)
                return found.value
        return None

    def choose_all(self, name: str, values: Collection[str]) -> None:
        """Mark the first candidate of each of the values, for a field that holds a list."""
        left = set(values)
        for i, found in enumerate(self.found):
            if found.name == name and found.value in left:
                self.found[i] = replace(found, chosen=True)
                left.discard(found.value)

    def choose_value(self, name: str, value: str) -> None:
        """Mark the first candidate with this value as chosen."""
        self.choose_all(name, {value})

    def conflict(self, name: str, code: str, barred: Collection[str] = ()) -> None:
        """An issue for each candidate with another value than the chosen one."""
        chosen = next((f for f in self.of(name) if f.chosen), None)
        if chosen is None:
            return
        for value in dict.fromkeys(f.value for f in self.of(name)):
            if value != chosen.value and value not in barred:
                other = next(f for f in self.of(name) if f.value == value)
                detail = f"{name}: {chosen.value} ({chosen.source}) ≠ {other.value} ({other.source})"
                self.issue(Issue(code, detail, "warning", other.start, other.end))

    def contradicted(self, name: str, source: str, agree: Callable[[str, str], bool]) -> None:
        """An issue where the chosen value is from `source` and no candidate of another source agrees with it."""
        chosen = next((f for f in self.of(name) if f.chosen), None)
        others = [f for f in self.of(name) if f.source != source]
        if chosen is None or chosen.source != source or not others:
            return
        if not any(agree(chosen.value, f.value) for f in others):
            detail = f"{name}: {chosen.value} ({source}) ≠ {others[0].value} ({others[0].source})"
            self.issue(Issue(f"{source}-conflict", detail, "warning", others[0].start, others[0].end))
