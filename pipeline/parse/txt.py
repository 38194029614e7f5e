"""The reader for plain text: the encoding, and a block a line.

Lines come out as they stand, with their indents, tabs and blank lines: later steps tell tables and broken paragraphs
by them. `pipeline.parse.build.build` drops what is white space alone.
"""

from __future__ import annotations

import codecs
from bisect import bisect_right
from itertools import accumulate

from pipeline.errors import UnreadableError
from pipeline.parse import mojibake
from pipeline.raw import RawBlock, RawDocument, RawIssue

FORMAT = "txt"
MIXED = "mixed-encodings"
_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # what str.splitlines cuts at
SUFFIXES: tuple[str, ...] = (".txt", ".text", ".md", ".csv", ".tsv")

BOMS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STRICT = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_SAMPLE = 20_000  # characters looked at: enough to tell an encoding, and quick on long files
# Share of a text's characters that GB 2312 knows. Real plans have 0.97 and more (the rest are rare names, list marks,
# private-use characters); the same bytes read in a wrong encoding have below 0.75.
_PLAUSIBLE = 0.9
_MAX_BAD = 0.005  # more undecodable characters than this and it is another encoding, not damage


def sniff(data: bytes, name: str) -> bool:
    """Whether the bytes are text in an encoding that `decode` knows."""
    try:
        decode(data, name)
    except UnreadableError:
        return False
    return True


def read(data: bytes, name: str) -> RawDocument:
    """A block for each line, blank lines too, without line ends. Raises UnreadableError where it is no text."""
    text, issues = _decoded(data, name)
    mended = mojibake.mend(text)
    lines = mended.text.splitlines(keepends=True)
    ends = list(accumulate(map(len, lines)))
    several = 2 * len(mended.repairs) > len(lines)  # a file that is spoilt throughout is told once
    told = (
        mojibake.summary(mended.repairs) if several else (r.issue(bisect_right(ends, r.start)) for r in mended.repairs)
    )
    return RawDocument(FORMAT, tuple(RawBlock(line.rstrip(_ENDS)) for line in lines), issues=(*issues, *told))


def decode(data: bytes, name: str) -> tuple[str, tuple[RawIssue, ...]]:
    """The text of the bytes and what was wrong with them.

    Tried in order: byte order mark, UTF-8, GB 18030, UTF-16 LE and BE, each strictly; then line by line, UTF-8 and
    GB 18030 in one file; then UTF-8 and GB 18030 with a few damaged bytes (an issue says how many); then a guess by
    charset-normalizer. What was decoded wrongly before it was saved is turned back. Raises UnreadableError.
    """
    text, issues = _decoded(data, name)
    mended = mojibake.mend(text)
    return mended.text, (*issues, *mojibake.summary(mended.repairs))


def _decoded(data: bytes, name: str) -> tuple[str, tuple[RawIssue, ...]]:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _checked(data.decode(encoding, errors="replace"), name)
    strict = _first_strict(data)
    if strict is not None:
        return _checked(strict, name)
    if (mixed := _by_line(data)) is not None:
        return mixed
    for encoding in ("utf-8", "gb18030"):
        text = data.decode(encoding, errors="replace")
        if text.count("\ufffd") <= max(1, _MAX_BAD * len(text)) and _is_plausible(text):
            return _checked(text, name)
    guess = _guess(data)
    if guess is None:
        raise UnreadableError(
            ("不是文本，或编码无法识别", "not text, or in an unknown encoding"),
            name,
            ("请用编辑器另存为 UTF-8 编码的文本", "save it as UTF-8 text in an editor"),
        )
    return _checked(guess, name)


def _first_strict(data: bytes) -> str | None:
    for encoding in _STRICT:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_plausible(text):
            return text
        if encoding == "utf-8" and _is_plausible(mojibake.mend(text).text):
            return text
    return None


def _by_line(data: bytes) -> tuple[str, tuple[RawIssue, ...]] | None:
    """The text of lines in UTF-8 and others in GB 18030, with an issue; None where a line is neither, or all are one.

    Both keep the line feed for itself: no byte of their longer characters is 0x0A.
    """
    lines: list[str] = []
    odd: list[int] = []
    utf8 = 0
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            lines.append(line.decode("utf-8"))
            utf8 += not line.isascii()
        except UnicodeDecodeError:
            try:
                lines.append(line.decode("gb18030"))
            except UnicodeDecodeError:
                return None
            odd.append(number)
            if not _is_plausible(lines[-1]):
                return None
    text = "\n".join(lines)
    if not odd or not utf8 or not _is_plausible(text):
        return None
    return text, (
        RawIssue(MIXED, f"GB 18030 {len(odd)}, UTF-8 {utf8} lines; the first of the former: {odd[0]}", None, "info"),
    )


def _is_plausible(text: str) -> bool:
    """Whether the text looks like Chinese or ASCII: no NUL, hardly a control character, characters in use."""
    sample = text[:_SAMPLE]
    if not sample or "\x00" in text:
        return False
    known = len(sample.encode("gb2312", errors="ignore").decode("gb2312"))
    controls = sum(1 for c in sample if ord(c) < 32 and c not in "\t\n\r\f\v")
    known += sum(1 for c in sample if c in "\ufeff\ufffd\xa0" or 0xE000 <= ord(c) < 0xF900)
    return known - controls >= _PLAUSIBLE * len(sample)


def _guess(data: bytes) -> str | None:
    if b"\x00" in data:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 4 * _SAMPLE]).best()
    if best is None:
        return None
    try:
        text = data.decode(best.encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    return text if sum(0x4E00 <= ord(c) < 0xA000 or ord(c) < 128 for c in text) >= _PLAUSIBLE * len(text) else None


def _checked(text: str, name: str) -> tuple[str, tuple[RawIssue, ...]]:
    if "\x00" in text:
        raise UnreadableError(
            ("不是文本，含有空字节", "not text: it holds NUL bytes"), name, ("请找到原文件", "find the original file")
        )
    lost = text.count("\ufffd")
    if not lost:
        return text, ()
    return text, (RawIssue("lost-characters", f"{lost} characters were lost before or in decoding (U+FFFD)"),)
