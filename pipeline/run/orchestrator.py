"""`ingest`: from paths to the database. Files go in order of name and one process alone writes, so that the same files
give the same database whatever the order of the arguments and the number of workers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.errors import UsageError
from pipeline.lexicons import Lexicons, load
from pipeline.parse.readers import MAX_BYTES
from pipeline.run.converting import converted
from pipeline.run.files import DUPLICATE, READ, SET_ASIDE, UNCHANGED, FileResult, Source, Summary, walk
from pipeline.run.manifest import Manifest, read_manifest, row_digest
from pipeline.run.notes import QualityNotes
from pipeline.run.pool import Work, run
from pipeline.run.work import Failure, Job, Result, rules_version, unreadable, work
from pipeline.store import Store, document_id

# A file that was set aside for one of these may fare better next time; others are not tried again.
_TRY_AGAIN = frozenset({"crash", "timeout", "missing-part"})

Progress = Callable[[int, int, FileResult], None]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done with a file: `ended` where that is known without reading it."""

    source: Source
    digest: str | None
    row: Mapping[str, str] | None
    ended: FileResult | None = None


def ingest(
    paths: Sequence[Path],
    store: Store,
    workers: int = 1,
    manifest: Path | None = None,
    lexicons: Lexicons | None = None,
    progress: Progress | None = None,
    work_on: Work = work,
) -> Summary:
    """Bring every file under the paths to an end: read, unchanged, duplicate, or set aside with a reason.

    `manifest` holds for all files, else each folder's own `manifest.csv` does. `progress(done, total, result)` is
    called as files end. `work_on` reads one file. Raises UsageError for a manifest that was named and cannot be read,
    LexiconError for broken lexicons, StoreError for a database that cannot be written.
    """
    words = lexicons or load()
    manifests = _Manifests(read_manifest(manifest) if manifest else None)
    sources, extra = walk(paths)
    writer = _Writer(store, words.fingerprint, rules_version())
    store.write_lexicons(words)
    plans = writer.plan(sources, manifests)
    jobs = [Job(p.source.file, p.source.file.name, p.row, words.folder) for p in plans if p.ended is None]
    ended: list[FileResult] = []
    with converted(jobs), closing(run(work_on, jobs, workers)) as results:
        for plan in plans:
            result = next(results) if plan.ended is None else None
            with store.transaction():
                ended.append(writer.finish(plan, result))
            if progress:
                progress(len(ended), len(plans), ended[-1])
    store.link_versions(words)
    notes = QualityNotes(store)
    ended = [notes.add(result) for result in ended]
    summary = Summary(tuple(ended) + tuple(extra) + tuple(manifests.complaints(bool(sources))))
    writer.record_run(summary)
    return summary


class _Manifests:
    """The manifest that holds for a file: the one that was named, else that of its folder."""

    def __init__(self, named: Manifest | None) -> None:
        self.named = named
        self.read: dict[Path, Manifest | UsageError] = {}

    def row(self, source: Source) -> Mapping[str, str] | None:
        if self.named is not None:
            return self.named.row(source.file)
        if source.manifest is None:
            return None
        if source.manifest not in self.read:
            try:
                self.read[source.manifest] = read_manifest(source.manifest)
            except UsageError as error:
                self.read[source.manifest] = error
        found = self.read[source.manifest]
        return found.row(source.file) if isinstance(found, Manifest) else None

    def complaints(self, any_file: bool) -> Iterator[FileResult]:
        """A line for every manifest that is no good, and for every file that a manifest names in vain."""
        for path, manifest in sorted(self.read.items()):
            if isinstance(manifest, UsageError):
                yield FileResult(path.name, SET_ASIDE, manifest.code, manifest.what, manifest.advice)
        for good in ([self.named] if self.named else []) + [m for m in self.read.values() if isinstance(m, Manifest)]:
            for name in good.unused() if any_file else ():
                # A folder's own manifest may name files of which only some were asked for.
                if good is self.named or not (good.path.parent / name).exists():
                    what = ("清单里有这个文件，但没有找到", "the manifest names it, but it was not found")
                    yield FileResult(name, "missing", "missing", what, ("请核对文件名", "check its name"))


class _Writer:
    """Decides how files end and writes it down."""

    def __init__(self, store: Store, fingerprint: str, rules: str) -> None:
        self.store = store
        self.fingerprint = fingerprint
        self.rules = rules
        self.known = store.files()
        self.owners = {row["digest"]: row["path"] for row in store.rows("SELECT digest, path FROM documents")}
        self.failed: dict[str, str] = {}

    def plan(self, sources: Sequence[Source], manifests: _Manifests) -> list[_Plan]:
        """What is to be done with each file. The first of several files with the same bytes is read."""
        plans: list[_Plan] = []
        first: dict[str, str] = {}
        for source in sources:
            row = manifests.row(source)
            digest, failure = _digest(source.file)
            if digest is None:
                plans.append(_Plan(source, None, row, _set_aside(source.path, failure)))
            elif (owner := self.owners.get(digest) or first.get(digest, source.path)) != source.path:
                plans.append(_Plan(source, digest, row, _duplicate(source.path, owner)))
            else:
                plans.append(_Plan(source, digest, row, self._settled(source.path, digest, row)))
            if digest is not None:
                first.setdefault(digest, source.path)
        return plans

    def _settled(self, path: str, digest: str, row: Mapping[str, str] | None) -> FileResult | None:
        """The end of a file that was read before with the same words and rules; None where it must be read."""
        known = self.known.get(path)
        same = {
            "digest": digest, "manifest_digest": row_digest(row), "lexicon_fingerprint": self.fingerprint,
            "rules_version": self.rules,
        }  # fmt: skip
        if known is None or any(known[key] != value for key, value in same.items()):
            return None
        if known["outcome"] == READ:
            current = self.store.value("SELECT rows_digest <> '' FROM documents WHERE digest = ?", [digest])
            return FileResult(path, UNCHANGED) if current else None
        if known["outcome"] == SET_ASIDE and known["code"] not in _TRY_AGAIN:
            what, advice = (known["reason_zh"], known["reason_en"]), (known["advice_zh"], known["advice_en"])
            return FileResult(path, SET_ASIDE, known["code"], what, advice)
        return None

    def finish(self, plan: _Plan, result: Result | None) -> FileResult:
        """Write down how a file ended; `result` is what the work on it gave, if any. Call inside a transaction."""
        path = plan.source.path
        ended, changed = plan.ended, False
        if isinstance(result, Failure):
            ended = _set_aside(path, result)
        elif result is not None:
            changed = self.store.save(*result, path, self.fingerprint, self.rules)
            ended = FileResult(path, READ)
        elif ended and ended.outcome == DUPLICATE and plan.digest in self.failed:
            ended = self._like_its_twin(path, self.failed[plan.digest])
        assert ended is not None, path
        if ended.outcome == SET_ASIDE and plan.digest:
            self.failed.setdefault(plan.digest, path)
        if ended.outcome != UNCHANGED:
            changed |= self.store.record_file(self._file_row(plan, ended))
        self._let_go(plan, ended)
        return replace(ended, changed=changed)

    def _let_go(self, plan: _Plan, ended: FileResult) -> None:
        """Take the document away that the file was before its content changed, or that it can no longer be read as."""
        old = self.known.get(plan.source.path)
        if old is None or old["outcome"] not in (READ, DUPLICATE):
            return
        if old["digest"] != plan.digest:
            self.store.hand_over(old["digest"])
        elif ended.outcome == SET_ASIDE and old["outcome"] == READ:
            self.store.drop_document(document_id(old["digest"]))

    def _like_its_twin(self, path: str, twin: str) -> FileResult:
        """A duplicate of a file that was set aside is set aside for the same reason."""
        row = self.store.rows("SELECT * FROM files WHERE path = ?", [twin])[0]
        what, advice = (row["reason_zh"], row["reason_en"]), (row["advice_zh"], row["advice_en"])
        return FileResult(path, SET_ASIDE, row["code"], what, advice)

    def _file_row(self, plan: _Plan, ended: FileResult) -> dict[str, Any]:
        document = self.store.value("SELECT id FROM documents WHERE digest = ?", [plan.digest])
        return {
            "path": plan.source.path, "digest": plan.digest, "document": document, "outcome": ended.outcome,
            "code": ended.code, "reason_zh": ended.what[0], "reason_en": ended.what[1], "advice_zh": ended.advice[0],
            "advice_en": ended.advice[1], "region": (plan.row or {}).get("region", ""),
            "manifest_digest": row_digest(plan.row), "lexicon_fingerprint": self.fingerprint,
            "rules_version": self.rules,
        }  # fmt: skip

    def record_run(self, summary: Summary) -> None:
        """Write the run down, without clock or machine; a run that changed nothing leaves no trace."""
        if summary.changed:
            self.store.record_run({
                "version": __version__, "lexicon_fingerprint": self.fingerprint, "rules_version": self.rules,
                "files": len(summary.files), "read": summary.count(READ), "unchanged": summary.count(UNCHANGED),
                "duplicates": summary.count(DUPLICATE), "set_aside": summary.count(SET_ASIDE),
                "changed": summary.changed,
            })  # fmt: skip


def _digest(file: Path) -> tuple[str | None, Failure]:
    """The SHA-256 of a file's bytes; None, with the reason, where it is too large or cannot be read."""
    nothing = Failure("", ("", ""))
    try:
        if not file.is_file():
            return None, Failure("unreadable", ("不是普通文件", "not a regular file"))
        size = file.stat().st_size
        if size > MAX_BYTES:
            return None, _too_large(size)
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest(), nothing
    except OSError as error:
        return None, unreadable(error)


def _too_large(size: int) -> Failure:
    big, limit = f"{size / 2**20:.0f} MB", f"{MAX_BYTES // 2**20} MB"
    return Failure(
        "too-large",
        (f"文件太大（{big}），未读", f"the file is too large ({big}), unread"),
        (f"上限为 {limit}，请拆分", f"the limit is {limit}: split it"),
    )


def _set_aside(path: str, failure: Failure) -> FileResult:
    return FileResult(path, SET_ASIDE, failure.code, failure.what, failure.advice)


def _duplicate(path: str, other: str) -> FileResult:
    return FileResult(path, DUPLICATE, "duplicate", (f"与 {other} 内容相同", f"same content as {other}"))
