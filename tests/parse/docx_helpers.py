"""DOCX packages from raw XML for tests: only what the format needs, so that each test shows what it is about."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NS = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:wp14="urn:x" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = {"styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes"}
_PARTS |= {"header": "hdr", "footer": "ftr"}
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def run(text: str, properties: str = "") -> str:
    """A `w:r` with a text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(text: str = "", properties: str = "", inner: str = "") -> str:
    """A `w:p`: a run of text, then whatever `inner` holds."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text) if text else ''}{inner}</w:p>"


def num(num_id: int, level: int = 0) -> str:
    """The paragraph property that puts it into a list."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>'


def tc(content: str, properties: str = "") -> str:
    """A table cell; bare text becomes a paragraph."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if content.startswith('<') else p(content)}</w:tc>"


def tbl(*rows: str) -> str:
    """A table of rows, each the concatenation of its cells."""
    return "<w:tbl><w:tblPr/>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def level(at: int, number_format: str, text: str, more: str = "", start: int = 1) -> str:
    """A list level of `numbering.xml`."""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{number_format}"/>'
        f'<w:lvlText w:val="{text}"/>{more}</w:lvl>'
    )


def lists(*abstracts: str, nums: str = "") -> str:
    """`numbering.xml`: abstract lists numbered from 0, an instance of each from 1 unless `nums` is given."""
    nums = nums or "".join(
        f'<w:num w:numId="{i + 1}"><w:abstractNumId w:val="{i}"/></w:num>' for i in range(len(abstracts))
    )
    return "".join(f'<w:abstractNum w:abstractNumId="{i}">{a}</w:abstractNum>' for i, a in enumerate(abstracts)) + nums


def write(body: str, core: str = "", main: str = "document.main", **parts: str) -> bytes:
    """The bytes of a package: `parts` are the inner XML of styles, numbering, footnotes, endnotes, header, footer."""
    files = {"word/document.xml": f"<w:document {_NS}><w:body>{body}</w:body></w:document>"}
    types = f'<Override PartName="/word/document.xml" ContentType="{_KIND}.{main}+xml"/>'
    relations = ""
    for name, xml in parts.items():
        root = _PARTS[name]
        files[f"word/{name}.xml"] = f"<w:{root} {_NS}>{xml}</w:{root}>"
        types += f'<Override PartName="/word/{name}.xml" ContentType="{_KIND}.{name}+xml"/>'
        relations += f'<Relationship Id="r-{name}" Type="{_REL}/{name}" Target="{name}.xml"/>'
    opening = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    files["word/_rels/document.xml.rels"] = f"{opening}{relations}</Relationships>"
    package = f'<Relationship Id="r1" Type="{_REL}/officeDocument" Target="word/document.xml"/>'
    if core:
        kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
        package += f'<Relationship Id="r2" Type="{kind}" Target="docProps/core.xml"/>'
        files["docProps/core.xml"] = (
            '<c:coreProperties xmlns:c="urn:c" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            f'xmlns:dcterms="http://purl.org/dc/terms/">{core}</c:coreProperties>'
        )
    files["_rels/.rels"] = f"{opening}{package}</Relationships>"
    types += "".join(f'<Default Extension="{e}" ContentType="application/xml"/>' for e in ("xml", "rels"))
    files["[Content_Types].xml"] = f'<Types xmlns="{_TYPES}">{types}</Types>'
    return pack({path: xml.encode() for path, xml in files.items()})


def with_parts(data: bytes, **parts: tuple[str, bytes]) -> bytes:
    """The package with more parts that its main part relates to: relation id → name and bytes."""
    files = unpack(data)
    path = "word/_rels/document.xml.rels"
    for relation, (name, content) in parts.items():
        files[f"word/{name}"] = content
        node = f'<Relationship Id="{relation}" Type="{_REL}/aFChunk" Target="{name}"/></Relationships>'.encode()
        files[path] = files[path].replace(b"</Relationships>", node)
        extension = name.rsplit(".", 1)[1]
        kind = f'<Default Extension="{extension}" ContentType="application/octet-stream"/></Types>'.encode()
        files["[Content_Types].xml"] = files["[Content_Types].xml"].replace(b"</Types>", kind)
    return pack(files)


def pack(files: dict[str, bytes]) -> bytes:
    """A ZIP of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return out.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The members of a package, to change one of them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {path: archive.read(path) for path in archive.namelist()}


def as_strict(data: bytes) -> bytes:
    """The package in the Strict form: the same parts under other namespaces and relation types."""
    other = "http://purl.oclc.org/ooxml/"
    names = {W: other + "wordprocessingml/main", _REL: other + "officeDocument/relationships"}
    files = unpack(data)
    for path, content in files.items():
        for plain, strict in names.items():
            content = content.replace(plain.encode(), strict.encode())
        files[path] = content
    return pack(files)


def with_dangling(data: bytes) -> bytes:
    """The package with a relation to a picture that is not there, as some converters leave it."""
    files = unpack(data)
    gone = f'<Relationship Id="gone" Type="{_REL}/image" Target="NULL"/></Relationships>'.encode()
    path = "word/_rels/document.xml.rels"
    files[path] = files[path].replace(b"</Relationships>", gone)
    return pack(files)
