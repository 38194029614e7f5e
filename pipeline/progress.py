"""A sign of life from long work, for whoever watches its time: a file of many scanned pages is slow, but not stuck."""

from __future__ import annotations

from collections.abc import Callable

_listener: Callable[[], None] | None = None


def listen(listener: Callable[[], None] | None) -> None:
    """Have `listener` called at each `beat` in this process; None for nobody."""
    global _listener
    _listener = listener


def beat() -> None:
    """Say that a step of the work on a file is done."""
    if _listener is not None:
        _listener()
