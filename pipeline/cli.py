"""The commands. Heavy parts are imported when a command needs them, so that `duibiao --help` answers at once."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import __version__
from pipeline.errors import DuibiaoError, MissingPartError, UsageError
from pipeline.messages import say, word

if TYPE_CHECKING:
    from pipeline.run import FileResult, Summary
    from pipeline.store import Store

DEFAULT_DB = Path("extracted") / "duibiao.db"
MAX_WORKERS = 4  # by default; each worker holds its own copy of the tokenizer, about 300 MB


def default_lang() -> str:
    """`en` where the locale names a language that is not Chinese; `zh` for Chinese and for no language (C, POSIX)."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            language = value.split(".")[0].lower()
            return "zh" if language in ("c", "posix") or language.startswith("zh") else "en"
    return "zh"


_min_grade = click.option(
    "--min-grade",
    type=click.Choice(["A", "B", "C", "D"]),
    help="只用不低于此质量的文件 / documents of this grade or better",
)


def command_options(function: Callable[..., int | None]) -> Callable[..., None]:
    """The options of every command, and the one place where errors become a line and an exit code."""

    @click.option("--db", type=click.Path(path_type=Path), default=DEFAULT_DB, show_default=True, help="数据库")
    @click.option("--lang", type=click.Choice(["zh", "en"]), default=default_lang, help="语言 / language")
    @click.option("--json", "as_json", is_flag=True, help="机器可读 / for programs")
    @click.pass_context
    @functools.wraps(function)
    def run(context: click.Context, /, **arguments: Any) -> None:
        try:
            code = function(**arguments)
        except DuibiaoError as error:
            message = error.message(arguments["lang"])
            if arguments["as_json"]:
                _echo_json({"error": error.code, "message": message})
            else:
                click.echo(message, err=True)
            context.exit(error.exit_code)
        except BrokenPipeError:
            # The reader of a pipe (head, a pager) has seen enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            context.exit(0)
        context.exit(code or 0)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="duibiao")
def main() -> None:
    """对标：从政府规划文件中提取每一项承诺，逐条附原文，供跨地区比较。

    duibiao reads the plans that Chinese governments publish and turns every commitment into a row with its sentence.
    """


def _echo_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: Any) -> Any:
    from dataclasses import asdict

    return asdict(value)


def _store(db: Path) -> Store:
    from pipeline.store import Store

    return Store(db, create=False)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--manifest", type=click.Path(path_type=Path), help="清单 / file,region,title,issuer,date,url")
@click.option("--workers", type=click.IntRange(1), default=None, help="进程数 / processes")
@command_options
def ingest(
    paths: tuple[Path, ...], manifest: Path | None, workers: int | None, db: Path, lang: str, as_json: bool
) -> int:
    """读入文件或文件夹 / read files or folders into the database."""
    from pipeline.run import ingest as run_ingest
    from pipeline.store import Store

    count = workers or min(MAX_WORKERS, os.cpu_count() or 1)
    with Store(db) as store:
        if as_json or not sys.stderr.isatty():
            summary = run_ingest(paths, store, count, manifest)
        else:
            summary = _ingest_with_bar(paths, store, count, manifest, lang)
    if as_json:
        _echo_json({"files": summary.files, "changed": summary.changed})
    else:
        _print_summary(summary, db, lang)
    return summary.exit_code


def _ingest_with_bar(paths: tuple[Path, ...], store: Store, workers: int, manifest: Path | None, lang: str) -> Summary:
    from rich.console import Console
    from rich.progress import Progress

    from pipeline.run import ingest as run_ingest

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(say("ingest.reading", lang), total=None)

        def advance(done: int, total: int, result: FileResult) -> None:
            bar.update(task, completed=done, total=total, description=result.path)

        return run_ingest(paths, store, workers, manifest, progress=advance)


def _print_summary(summary: Summary, db: Path, lang: str) -> None:
    from pipeline.export.terminal import console, print_rows

    out = console()
    rows = [(word(f"outcome.{f.outcome}", lang), f.path, f.grade, f.reason(lang)) for f in summary.files]
    print_rows(out, [say(c, lang) for c in ("outcome", "file", "grade", "reason")], rows)
    aside = summary.count("set aside") + summary.count("missing")
    counts = {outcome: summary.count(outcome) for outcome in ("read", "unchanged", "duplicate")}
    total = {"files": len(summary.files), "set_aside": aside, "changed": summary.changed}
    out.print(say("ingest.summary", lang, **counts, **total), soft_wrap=True)
    if grades := summary.grades():
        out.print(say("ingest.grades", lang, grades=" · ".join(f"{g} {n}" for g, n in grades)), soft_wrap=True)
    if versions := sum(f.counted_as != "" for f in summary.files):
        out.print(say("ingest.versions", lang, count=versions), soft_wrap=True)
    out.print(say("ingest.into", lang, path=db), soft_wrap=True)


@main.command()
@click.argument("term")
@_min_grade
@command_options
def ask(term: str, min_grade: str | None, db: Path, lang: str, as_json: bool) -> None:
    """谁承诺了什么 / which regions commit to TERM, how much, by when, led by whom, in what words."""
    from pipeline.compare import ask as find
    from pipeline.export.terminal import console, print_answer

    with _store(db) as store:
        answer = find(store, term, min_grade)
    if as_json:
        _echo_json(answer)
    else:
        print_answer(answer, console(), lang)


@main.command()
@click.argument("indicators", nargs=-1)
@click.option("--top", "number", type=click.IntRange(1), help="承诺最多的 N 个指标 / the N most promised indicators")
@click.option("--by", type=click.Choice(["region", "document"]), default="region", show_default=True)
@_min_grade
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=".xlsx | .csv")
@command_options
def compare(
    indicators: tuple[str, ...],
    number: int | None,
    by: str,
    min_grade: str | None,
    out: Path | None,
    db: Path,
    lang: str,
    as_json: bool,
) -> None:
    """地区 × 指标对照表 / the comparison table of regions and indicators."""
    from pipeline.compare import matrix, top
    from pipeline.export import csv, xlsx
    from pipeline.export.terminal import console, print_matrix

    suffix = out.suffix.lower() if out is not None else ""
    if suffix not in ("", ".csv", ".xlsx") or (out is not None and not suffix):
        raise UsageError(("--out 只能是 .xlsx 或 .csv", "--out must be .xlsx or .csv"), str(out))
    with _store(db) as store:
        chosen = [*indicators, *(top(store, number or 10, min_grade) if number or not indicators else ())]
        shown = matrix(store, chosen, by, min_grade)
        if out is not None:
            with _create(out) as stream:
                if suffix == ".csv":
                    csv.write_matrix(store, shown, stream, lang)
                else:
                    xlsx.write_matrix(store, shown, stream, lang, min_grade)
    if as_json:
        _echo_json(shown)
    elif out is not None:
        click.echo(say("export.written", lang, path=out), err=True)
    else:
        print_matrix(shown, console(), lang)


def _create(path: Path) -> Any:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("wb")
    except OSError as error:
        raise UsageError(
            ("文件写不进去", "the file cannot be written"), f"{path}: {error.strerror}",
            ("若已在表格软件中打开，请先关闭", "close it in the spreadsheet program first"),
        ) from error  # fmt: skip


@main.command()
@click.argument("name", metavar="DOC")
@command_options
def show(name: str, db: Path, lang: str, as_json: bool) -> None:
    """一份文件的提纲与记录 / the outline of a document with its records."""
    from pipeline.compare.document import outline
    from pipeline.export.terminal import console, print_outline

    with _store(db) as store:
        found = outline(store, name)
    if as_json:
        found.document.pop("text")
        _echo_json(found)
    else:
        print_outline(found, console(), lang)


@main.command()
@click.argument("name", metavar="DOC")
@click.option("--all", "everything", is_flag=True, help="列出每个数字 / list every number")
@command_options
def ledger(name: str, everything: bool, db: Path, lang: str, as_json: bool) -> None:
    """每个数字的去向 / what became of every number of a document."""
    from pipeline.compare.document import ledger as read
    from pipeline.export.terminal import console, print_ledger

    with _store(db) as store:
        found = read(store, name)
    if as_json:
        _echo_json({"source": found.document["source"], "fates": dict(found.fates), "numbers": found.numbers})
    else:
        print_ledger(found, console(), lang, everything)


@main.command()
@click.option("--format", "name", default="jsonl", show_default=True, help="jsonl | csv | xlsx")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="默认标准输出 / default: standard output")
@_min_grade
@command_options
def export(name: str, out: Path | None, min_grade: str | None, db: Path, lang: str, as_json: bool) -> None:
    """导出全部数据 / write the whole database in another format."""
    from pipeline.export import EXPORTS

    exporter = next((e for e in EXPORTS if e.format == name), None)
    if exporter is None:
        raise UsageError(
            ("没有这种导出格式", "no such format"), name, (known := " | ".join(e.format for e in EXPORTS), known)
        )
    if out is None and not exporter.text and sys.stdout.isatty():
        raise UsageError((f"{name} 须用 --out 指定文件", f"{name} needs --out"), "")
    with _store(db) as store:
        if out is None:
            exporter.write(store, sys.stdout.buffer, lang, min_grade)
            return
        with _create(out) as stream:
            exporter.write(store, stream, lang, min_grade)
    if as_json:
        _echo_json({"written": str(out)})
    else:
        click.echo(say("export.written", lang, path=out), err=True)


@main.group()
def lexicon() -> None:
    """词表 / the lexicons."""


@lexicon.command()
@command_options
def check(db: Path, lang: str, as_json: bool) -> int:
    """检查词表 / lint the lexicons: duplicates, unknown references, order, patterns with their examples."""
    from pipeline.lexicon_check import check as lint
    from pipeline.lexicons import load

    findings = [str(finding) for finding in lint(load())]
    if as_json:
        _echo_json({"findings": findings})
        return 4 if findings else 0
    for finding in findings:
        click.echo(finding)
    click.echo(say("lexicon.findings", lang, count=len(findings)) if findings else say("lexicon.fine", lang))
    return 4 if findings else 0


@main.command()
@command_options
def doctor(db: Path, lang: str, as_json: bool) -> int:
    """装了什么、缺什么、怎么装 / what is installed, what is missing, how to get it."""
    from pipeline.export.terminal import console, print_rows
    from pipeline.run.doctor import examine

    findings = examine(db, lang)
    missing = any(f.state == "missing" for f in findings)
    if as_json:
        _echo_json(findings)
    else:
        states = {"fine": "doctor.ok", "missing": "doctor.missing", "optional": "doctor.optional"}
        rows = [(f.part, say(states[f.state], lang), f.found, f.advice) for f in findings]
        print_rows(console(), [say(c, lang) for c in ("part", "status", "found", "reason")], rows)
    return MissingPartError.exit_code if missing else 0


if __name__ == "__main__":
    main()
