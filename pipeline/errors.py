"""One small tree of exceptions: each has an exit code, and says what is wrong, where, and what to do.

Messages are kept in Chinese and English; `DuibiaoError.message` picks one by language code.
"""

from __future__ import annotations


class DuibiaoError(Exception):
    """Base of every error that a user can meet.

    `what` and `advice` are pairs (Chinese, English); `where` is a path, a row or a place, the same in both.
    """

    exit_code = 1
    code = "error"

    def __init__(self, what: tuple[str, str], where: str = "", advice: tuple[str, str] = ("", "")) -> None:
        super().__init__(what[1] + (f": {where}" if where else ""))
        self.what = what
        self.where = where
        self.advice = advice

    def __reduce__(self) -> tuple[type[DuibiaoError], tuple[object, ...]]:
        """Pickle by the constructor's arguments, since workers hand these over a process border."""
        return (type(self), (self.what, self.where, self.advice))

    def message(self, lang: str = "zh") -> str:
        """One line: what, where, what to do, in Chinese (`zh`) or English (any other code)."""
        i = 0 if lang == "zh" else 1
        parts = [self.what[i]]
        if self.where:
            parts.append(self.where)
        line = ("：" if i == 0 else ": ").join(parts)
        if self.advice[i]:
            line += ("。" if i == 0 else ". ") + self.advice[i]
        return line


class UsageError(DuibiaoError):
    """The command line asks for something that is not there or does not fit."""

    exit_code = 2
    code = "usage"


class UnreadableError(DuibiaoError):
    """A file cannot be read: it is set aside with this reason, and the others go on."""

    exit_code = 1
    code = "unreadable"


class NotAPlanError(UnreadableError):
    """The file was read, but there is no running Chinese text in it."""

    code = "not-a-plan"


class MissingPartError(UnreadableError):
    """A file needs a part of duibiao or of the system that is not installed."""

    exit_code = 3
    code = "missing-part"


class LexiconError(DuibiaoError):
    """A lexicon file is missing, malformed or contradicts another."""

    exit_code = 4
    code = "lexicon"


class StoreError(DuibiaoError):
    """The database cannot be opened, is of a newer version, or is damaged."""

    exit_code = 5
    code = "store"
