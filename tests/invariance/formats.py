"""The formats that plans are rendered to, what each needs, and how each is made. One line a format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from invariance import programs, write_docx, write_html, write_ofd, write_scan, write_text
from invariance.plan_model import Plan

Files = Mapping[str, bytes]


@dataclass
class Workshop:
    """The plans with what is made of them, each made once: several formats go by way of another."""

    plans: list[Plan]
    folder: Path
    _converted: dict[str, Files] = field(default_factory=dict)

    @cached_property
    def docx(self) -> Files:
        """The plans as DOCX."""
        return {plan.name: write_docx.write(plan) for plan in self.plans}

    def office(self, suffix: str) -> Files:
        """The plans as LibreOffice saves them: the PDF from the ODT, the others from the DOCX."""
        if suffix not in self._converted:
            files, source = self.docx, "docx"
            if suffix == "pdf":
                files, source = {n: programs.without_hanging(data) for n, data in self.office("odt").items()}, "odt"
            self._converted[suffix] = programs.convert(files, source, suffix, self.folder)
        return self._converted[suffix]

    def each(self, write: Callable[[Plan], bytes | None]) -> Files:
        """The plans by a function; those it gives None for are left out."""
        return {plan.name: data for plan in self.plans if (data := write(plan)) is not None}

    def from_pdf(self, write: Callable[[bytes], bytes]) -> Files:
        """What a function makes of the PDF of each plan."""
        return {name: write(data) for name, data in self.office("pdf").items()}

    def printed(self, plan: Plan) -> bytes:
        """The plan as Chromium prints it."""
        return programs.print_page(plan.name, write_html.write(plan), self.folder)

    def ofd(self) -> Files:
        """The plans as OFD."""
        titles = {plan.name: plan.title for plan in self.plans}
        return {name: write_ofd.write(data, titles[name]) for name, data in self.office("pdf").items()}


@dataclass(frozen=True)
class Format:
    """A format: its suffix, how its files are made, which programs that takes, and whether only tables are in it."""

    name: str
    suffix: str
    make: Callable[[Workshop], Files]
    needs: tuple[str, ...] = ()
    tables_only: bool = False

    def missing(self) -> str | None:
        """Which program is not installed that it takes to make the files; None where all are."""
        have = {"LibreOffice": programs.office, "Chromium": programs.browser}
        return next((f"{need} is not installed" for need in self.needs if have[need]() is None), None)


_OFFICE, _BROWSER = ("LibreOffice",), ("Chromium",)

FORMATS: tuple[Format, ...] = (
    Format("txt", "txt", lambda shop: shop.each(write_text.txt)),
    Format("html", "html", lambda shop: shop.each(write_html.write)),
    Format("docx", "docx", lambda shop: shop.docx),
    Format("doc", "doc", lambda shop: shop.office("doc"), _OFFICE),
    Format("odt", "odt", lambda shop: shop.office("odt"), _OFFICE),
    Format("rtf", "rtf", lambda shop: shop.office("rtf"), _OFFICE),
    Format("pdf-office", "pdf", lambda shop: shop.office("pdf"), _OFFICE),
    Format("pdf-browser", "pdf", lambda shop: shop.each(shop.printed), _BROWSER),
    Format("xlsx", "xlsx", lambda shop: shop.each(write_text.xlsx), tables_only=True),
    Format("ofd", "ofd", lambda shop: shop.ofd(), _OFFICE),
    Format("scan-clean", "pdf", lambda shop: shop.from_pdf(write_scan.clean), _OFFICE),
    Format("scan-bad", "pdf", lambda shop: shop.from_pdf(write_scan.bad), _OFFICE),
)


def chosen(names: Iterable[str]) -> list[Format]:
    """The formats of these names, all for none. Raises KeyError for a name that is none."""
    known = {one.name: one for one in FORMATS}
    return [known[name] for name in names] or list(FORMATS)
