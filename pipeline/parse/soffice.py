"""LibreOffice without a window: turns the office formats that are not read here into those that are.

One call costs a start of LibreOffice (1.2 s and more) however many files it converts, so the run layer converts many
files at once (`convert`) into a folder that the readers look into; a reader that finds nothing there converts its file
alone. Files are named by the digest of their bytes, and moved into the folder whole, so that any number of processes
may share it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = "DUIBIAO_CONVERTED"  # the environment variable that tells workers where converted files are

SECONDS = 60.0  # for a start of LibreOffice and one file: 1.6 s is usual; below the limit of a worker (120 s)
SECONDS_EACH = 10.0  # for each further file of a call: 0.3 s is usual
BATCH = 20  # files in a call: the start is then 5 % of it, and a file that hangs holds up few others
MEMORY = 4 * 2**30  # address space in bytes, where the system can limit it; it reserves about 1.5 GB
_FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
# What installs the two programs of LibreOffice that are needed, by `sys.platform`.
INSTALL = {
    "linux": "sudo apt install libreoffice-writer-nogui libreoffice-calc-nogui",
    "darwin": "brew install --cask libreoffice",
    "win32": "winget install TheDocumentFoundation.LibreOffice",
}
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
# No macros (level 3 is “very high”: none but from trusted places, of which there are none), no links to other files,
# nothing fetched from elsewhere, no dialogs of the first start.
_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "1"),
    ("Common/Misc", "FirstRun", "false"),
    ("Setup/Office", "ooSetupInstCompleted", "true"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A file to convert: its bytes, the suffix that its content calls for, and `docx` or `xlsx`."""

    data: bytes
    suffix: str
    target: str

    @property
    def made(self) -> str:
        """The name of the converted file."""
        return f"{hashlib.sha256(self.data).hexdigest()}.{self.target}"


def program() -> str | None:
    """The path of LibreOffice's program, None where it is not installed."""
    for name in ("soffice", "libreoffice"):
        if (found := shutil.which(name)) is not None:
            return found
    return next((place for place in _PLACES if Path(place).is_file()), None)


@contextlib.contextmanager
def shared_folder() -> Iterator[Path]:
    """A folder for converted files that this process and those that it starts look into; it is gone afterwards."""
    before = os.environ.get(FOLDER)
    with tempfile.TemporaryDirectory(prefix="duibiao-", ignore_cleanup_errors=True) as folder:
        os.environ[FOLDER] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop(FOLDER)
            if before is not None:
                os.environ[FOLDER] = before


def converted(source: Source) -> bytes | None:
    """The bytes of the converted file: from the shared folder, else by a call for it alone. None where it fails."""
    folder = os.environ.get(FOLDER)
    if folder:
        with contextlib.suppress(OSError):
            return (Path(folder) / source.made).read_bytes()
    with tempfile.TemporaryDirectory(prefix="duibiao-", ignore_cleanup_errors=True) as own:
        convert([source], Path(own))
        with contextlib.suppress(OSError):
            return (Path(own) / source.made).read_bytes()
    return None


def convert(sources: Sequence[Source], folder: Path) -> None:
    """Convert files into a folder, in as few calls as their targets and `BATCH` allow.

    What fails is simply not there afterwards: a file that LibreOffice refuses, crashes on or hangs at, and the files
    behind it in the same call. Raises nothing, not even where LibreOffice is not installed.
    """
    soffice = program()
    for target in _FILTERS:
        wanted = [s for s in sources if s.target == target and not (folder / s.made).exists()]
        for at in range(0, len(wanted) if soffice else 0, BATCH):
            with contextlib.suppress(OSError):
                _call(str(soffice), wanted[at : at + BATCH], target, folder)


def _call(soffice: str, sources: Sequence[Source], target: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="work-", dir=folder, ignore_cleanup_errors=True) as name:
        work = Path(name)
        given, made, profile = work / "in", work / "out", work / "profile"
        for made_folder in (given, made, profile / "user"):
            made_folder.mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_settings(), encoding="utf-8")
        files = []
        for source in sources:
            files.append(given / Path(source.made).with_suffix(source.suffix))
            files[-1].write_bytes(source.data)
        command = [
            soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--invisible", "--norestore",
            "--nologo", "--nolockcheck", "--nodefault", "--convert-to", _FILTERS[target], "--outdir", str(made),
            *(str(file) for file in files),
        ]  # fmt: skip
        run(command, SECONDS + SECONDS_EACH * (len(files) - 1), _environment(work))
        for source in sources:
            if (made / source.made).is_file():
                (made / source.made).replace(folder / source.made)


def _environment(home: Path) -> Mapping[str, str]:
    """The environment of the call: a home of its own, no display, and proxies that lead nowhere."""
    kept = {k: v for k, v in os.environ.items() if not k.upper().endswith("_PROXY") and k != "DISPLAY"}
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), "http://127.0.0.1:9")
    return kept | nowhere | {"HOME": str(home), "SAL_USE_VCLPLUGIN": "svp", "SAL_DISABLE_OPENCL": "1"}


def _settings() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path if path.startswith("Setup") else "Office." + path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>\n'
    )


def run(command: Sequence[str], seconds: float, environment: Mapping[str, str] | None = None) -> bytes | None:
    """What a program prints, None where it fails. After `seconds` it is killed with its children."""
    started = time.monotonic()
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment and dict(environment), start_new_session=True,
        )  # fmt: skip
    except OSError:
        return None
    try:
        _limit(process.pid)
        output, _ = process.communicate(timeout=max(0.0, seconds - (time.monotonic() - started)))
    except subprocess.TimeoutExpired:
        return None
    finally:
        _kill(process)
    return output if process.returncode == 0 else None


def _limit(pid: int) -> None:
    if sys.platform == "linux":
        import resource

        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY, MEMORY))


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started; nothing is left of one that ended by itself."""
    if sys.platform == "win32":
        if process.poll() is None:
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=5)
