"""Pages that were recognised once: kept in the user's cache folder, so that a second run costs nothing.

The key is a digest of the page's picture and of everything else that decides the result. A cache that cannot be read
or written, or holds something else than it should, is as good as none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

VARIABLE = "DUIBIAO_CACHE"  # a folder to use in its place; set and empty: no cache
_MAX_ENTRY = 4 * 2**20  # bytes; a full page of small print takes 60 KB


def folder() -> Path | None:
    """Where recognised pages are kept, None for nowhere. Never inside the project unless the user says so."""
    if VARIABLE in os.environ:
        return Path(os.environ[VARIABLE]) / "ocr" if os.environ[VARIABLE].strip() else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "duibiao" / "ocr"


def key(pixels: bytes, shape: tuple[int, ...], versions: str) -> str:
    """The name under which a picture's result is kept: 64 hex digits."""
    digest = hashlib.sha256(f"{versions}|{shape}|".encode())
    digest.update(pixels)
    return digest.hexdigest()


def get(name: str) -> Any:
    """The value that was put under a key, None where there is none (or none that is JSON)."""
    path = _path(name)
    if path is None:
        return None
    try:
        if path.stat().st_size > _MAX_ENTRY:
            return None
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def put(name: str, value: Any) -> None:
    """Keep a JSON value under a key, whole or not at all, whatever other processes do."""
    path = _path(name)
    if path is None:
        return
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(value, file, ensure_ascii=False, separators=(",", ":"))
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def _path(name: str) -> Path | None:
    base = folder()
    return None if base is None else base / name[:2] / f"{name}.json"
