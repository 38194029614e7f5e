"""What a document says about itself: title, 文号, issuers, region, dates, status, kind.

Every candidate is kept in `Metadata.found` with the rule that found it and its place, chosen or not; two that
contradict each other make an issue. The user's manifest has the last word and is recorded like any other source.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace

from pipeline.gazetteer import Gazetteer, gazetteer
from pipeline.lexicons import Lexicons
from pipeline.model import Document, Issue, Metadata
from pipeline.parse.candidates import Candidates
from pipeline.parse.dates import find_dates
from pipeline.parse.doc_numbers import find_doc_numbers, normalise_doc_number
from pipeline.parse.governed import Source, find_region
from pipeline.parse.lookalikes import reading
from pipeline.parse.page_head import PageHead
from pipeline.parse.pieces import Piece, pieces
from pipeline.parse.signatures import Signature, SignatureFinder, split_names
from pipeline.parse.titles import Titles, body_start, find_titles
from pipeline.text import Squeezed, fold, normalise

MANIFEST = "manifest"
DRAFT = "征求意见稿"  # the value of `status` for drafts, as `Metadata.status` has 正式 for all others
_SIGNED = frozenset({"signature", "title", MANIFEST})  # sources of an issuer that are the document's own words
_WHOLE_DATE = len("2000-01-01")
_HEAD_PIECES = 60  # pieces in which a document's own 文号 stands: page head, title, notice


def describe(document: Document, lexicons: Lexicons, manifest: Mapping[str, str] | None = None) -> Document:
    """The document with `metadata`, and with issues for conflicts and damage added to its own.

    `manifest` is the user's row for the file (keys file, region, title, issuer, date, url; empty values count as
    absent). Fields that the text does not support stay None or empty.
    """
    return _Describer(document, lexicons, manifest or {}).run()


class _Describer:
    def __init__(self, document: Document, lexicons: Lexicons, manifest: Mapping[str, str]) -> None:
        self.document = document
        self.reading = reading(document)
        self.lexicons = lexicons
        self.manifest = {key: value.strip() for key, value in manifest.items() if value and value.strip()}
        self.gazetteer: Gazetteer = gazetteer(lexicons)
        self.pieces: list[Piece] = pieces(document)
        self.head = PageHead(document, lexicons)
        self.notes = Candidates()

    def run(self) -> Document:
        titles = find_titles(self.reading, self.pieces, self.lexicons, self._opens_with_place)
        signature = self._signature(titles)
        title = self._title(titles)
        status = self._status(titles)
        doc_number = self._doc_number(titles)
        issue_date, publish_date = self._dates(signature)
        issuers = self._issuers(titles, signature)
        doc_type = self._doc_type(title)
        year = self._year(title, doc_number, issue_date, publish_date)
        places = self._places(titles)
        region = find_region(places, self.document, self.gazetteer, self.lexicons, year, self.notes)
        url = self._url()
        metadata = Metadata(
            title, doc_number, issuers, region, issue_date, publish_date, status, doc_type, year, url,
            tuple(self.notes.found),
        )  # fmt: skip
        return replace(self.document, metadata=metadata, issues=(*self.document.issues, *self.notes.issues))

    def _opens_with_place(self, text: str) -> bool:
        return any(hit.start == 0 for hit in self.gazetteer.find(text))

    # title, status, kind

    def _title(self, titles: Titles) -> str | None:
        self._stated("title", "title")
        for found in (titles.plan, *titles.others):
            if found is not None:
                self.notes.add("title", found.text, found.rule, found.start, found.end)
        for field in ("title", "page_title"):
            for value in self.head.values(field):
                self.notes.add("title", normalise(value.text), f"page-head:{field}", value.start, value.end)
        title = self.notes.choose("title")
        if title is None:
            self.notes.issue(Issue("no-title", "the text has no title", "warning"))
        else:
            self.notes.contradicted("title", MANIFEST, lambda a, b: a in b or b in a)
        return title

    def _status(self, titles: Titles) -> str:
        """征求意见稿 where a bracket at the head or the title of the notice says so; else 正式."""
        draft = self.lexicons.pattern("draft-mark")
        for piece in self.pieces[: body_start(self.pieces, self.lexicons)]:
            if (mark := draft.search(piece.text)) is not None:
                self.notes.add("status", DRAFT, "draft-mark", *piece.view.span(*mark.span()))
        if titles.is_draft and titles.notice is not None:
            self.notes.add("status", DRAFT, "consultation", titles.notice.start, titles.notice.end)
        return self.notes.choose("status") or Metadata().status

    def _type_name(self, written: str) -> str:
        """The kind as the title says it, without 五年 or 管理: the longest name of the lexicon that it ends with."""
        kinds = self.lexicons.get("document_types")
        ends = [row.name for row in kinds if written.endswith(row.name)]
        match = kinds.exact(written)
        return max(ends, key=len, default=match.row.name if match else written)

    def _doc_type(self, title: str | None) -> str | None:
        """The kind that stands last in the title, the longest of those that end there; without a title, 本行动计划."""
        kinds = self.lexicons.pattern("document-kind")
        if title is not None:
            found = list(kinds.finditer(fold(title)))
            if found:
                self.notes.add("doc_type", self._type_name(found[-1].group(0)), "title")
        else:
            for rule in ("own-name", "own-name-later"):
                hits = ((p, m) for p in self.pieces if p.is_text and (m := self.lexicons.pattern(rule).search(p.text)))
                for piece, own in itertools.islice(hits, 1):
                    self.notes.add("doc_type", own["type"], rule, *piece.view.span(*own.span("type")))
        return self.notes.choose("doc_type")

    # number, dates

    def _doc_number(self, titles: Titles) -> str | None:
        """The 文号 on a line of its own at the head or in brackets after the title, else the page head's."""
        title_lines = {t.last for t in (titles.notice, titles.plan) if t is not None}
        for index, piece in enumerate(self.pieces[:_HEAD_PIECES]):
            if piece.is_sentence:
                continue
            for start, end, number in find_doc_numbers(piece.text, self.lexicons):
                rest = piece.text[:start] + piece.text[end:]
                in_title = index in title_lines and piece.text[start - 1 : start] + piece.text[end:] == "()"
                if in_title or self.lexicons.pattern("doc-number-line").match(rest):
                    span = piece.view.span(start, end)
                    self.notes.add("doc_number", number.value, "head", *span)
                    if number.mended:
                        self.notes.issue(Issue("damaged-doc-number", number.raw, "info", *span, number.value))
        for value in self.head.values("doc_number"):
            stated = normalise_doc_number(value.text, self.lexicons)
            if stated is not None:
                self.notes.add("doc_number", stated.value, f"page-head:{value.label}", value.start, value.end)
                if stated.mended:
                    detail = value.text.strip()
                    self.notes.issue(Issue("damaged-doc-number", detail, "info", value.start, value.end, stated.value))
            else:
                self.notes.issue(Issue("unreadable-doc-number", value.text, "warning", value.start, value.end))
        chosen = self.notes.choose("doc_number")
        self.notes.conflict("doc_number", "doc-number-conflict")
        return chosen

    def _signature(self, titles: Titles) -> Signature | None:
        known = [d for field in ("issue_date", "publish_date") for d in self._page_dates(field)]
        printing = self.lexicons.pattern("print-line")
        for piece in self.pieces:
            if piece.is_text and (line := printing.match(piece.text)):
                for date in find_dates(line["date"], self.lexicons)[:1]:
                    known.append(date.value)
        finder = SignatureFinder(self.reading, self.pieces, self.lexicons, known)
        notice, plan = titles.notice, titles.plan
        if notice is not None:
            own = plan is not None and plan.first > notice.last
            stop = plan.first if plan is not None and own else self._first_number(notice.last + 1)
            signed = finder.in_notice(notice.last + 1, stop)
            if signed is not None:
                return signed
        last = max((t.last for t in (notice, plan) if t is not None), default=-1)
        signed_after = finder.after_body(body_start(self.pieces, self.lexicons, last + 1))
        return next((s for s in signed_after if s.issuers), signed_after[0] if signed_after else None)

    def _first_number(self, first: int) -> int:
        number = self.lexicons.pattern("body-number")
        texts = range(first, len(self.pieces))
        return next((i for i in texts if self.pieces[i].is_text and number.match(self.pieces[i].text)), len(texts))

    def _page_dates(self, field: str) -> list[str]:
        return [d.value for v in self.head.values(field) for d in v.dates(self.lexicons)]

    def _dates(self, signature: Signature | None) -> tuple[str | None, str | None]:
        self._stated_date()
        if signature is not None and (date := signature.date) is not None:
            if len(date.value) == _WHOLE_DATE:
                self.notes.add("issue_date", date.value, "signature", date.start, date.end)
            else:
                self.notes.add("issue_month", date.value, "signature", date.start, date.end)
                self.notes.issue(Issue("incomplete-date", date.value, "warning", date.start, date.end))
            if signature.mended:
                self.notes.issue(Issue("damaged-date", signature.mended, "info", date.start, date.end, date.value))
        self._adopted()
        self._add_page_dates("issue_date")
        issue_date = self.notes.choose("issue_date")
        self.notes.conflict("issue_date", "date-conflict")
        self._print_line()
        if (
            issue_date is None
            and (printed := self.notes.first("print_date")) is not None
            and len(printed) == _WHOLE_DATE
        ):
            issue_date = printed
            self.notes.add("issue_date", printed, "print-line")
            self.notes.choose_value("issue_date", printed)
            self.notes.issue(Issue("issue-date-from-print-line", printed, "info"))
        self._add_page_dates("publish_date")
        self._page_clock()
        early = [c for c in self.notes.of("publish_date") if issue_date and c.value < issue_date]
        for found in early:
            detail = f"{found.value} < {issue_date}"
            self.notes.issue(Issue("published-before-issue", detail, "warning", found.start, found.end))
        publish_date = self.notes.choose("publish_date", {c.value for c in early})
        self.notes.conflict("publish_date", "date-conflict", {c.value for c in early})
        return issue_date, publish_date

    def _adopted(self) -> None:
        """The note in brackets below the title that says when the document was passed (题注).

        A date alone on a line there may be the page's: it is kept as `head_date` and gives the year at most.
        """
        for piece in self.pieces[: body_start(self.pieces, self.lexicons)]:
            note = self.lexicons.pattern("date-adopted").match(piece.text) if piece.is_text else None
            alone = find_dates(piece.text, self.lexicons)
            if note is None and piece.is_text and alone and alone[0].raw == piece.text:
                self.notes.add("head_date", alone[0].value, "head", piece.start, piece.end)
            if note is not None:
                for date in [d for d in find_dates(note["date"], self.lexicons) if d.is_full][:1]:
                    self.notes.add("issue_date", date.value, "adopted", *piece.view.span(*note.span("date")))

    def _page_clock(self) -> None:
        """A day with a time of day on a line of its own above the text is when the page was published."""
        clock = self.lexicons.pattern("date-clock")
        for piece in self.pieces[: body_start(self.pieces, self.lexicons)]:
            if piece.is_text and (found := clock.match(piece.text)) is not None:
                for date in find_dates(found["date"], self.lexicons):
                    self.notes.add("publish_date", date.value, "page-clock", piece.start, piece.end)

    def _stated_date(self) -> None:
        if (given := self.manifest.get("date")) is not None:
            found = [d for d in find_dates(fold(given), self.lexicons) if d.is_full]
            if found:
                self.notes.add("issue_date", found[0].value, MANIFEST)
            else:
                self.notes.issue(Issue("manifest-date", given, "warning"))

    def _add_page_dates(self, field: str) -> None:
        for value in self.head.values(field):
            for date in value.dates(self.lexicons):
                self.notes.add(field, date.value, f"page-head:{value.label}", value.start, value.end)

    def _print_line(self) -> None:
        """The line of the printing office: it backs a date and gives the year; it stands for the 成文日期 and the
        issuer only where the text has neither, and an issue says so."""
        for piece in self.pieces:
            line = self.lexicons.pattern("print-line").match(piece.text) if piece.is_text else None
            if line is not None:
                for date in find_dates(line["date"], self.lexicons)[:1]:
                    self.notes.add("print_date", date.value, "print-line", *piece.view.span(*line.span("date")))
                if line["issuer"]:
                    self.notes.add("printer", line["issuer"], "print-line", *piece.view.span(*line.span("issuer")))

    def _year(
        self, title: str | None, doc_number: str | None, issue_date: str | None, publish_date: str | None
    ) -> int | None:
        """The year in the title; for a span of years that of the issue if it lies within, else the first.

        Without one, the year of the issue: by its date, the printing line, a date at the head, the 文号, the page.
        """
        noted = (self.notes.first(name) for name in ("issue_month", "print_date", "head_date"))
        numbered = self.lexicons.pattern("doc-number-year").search(doc_number or "")
        stated = (issue_date, *noted, numbered["year"] if numbered else None, publish_date)
        issued = next((date for date in stated if date), None)
        dated = int(issued[:4]) if issued else None
        named = [int(m.group("year")) for m in self.lexicons.pattern("title-year").finditer(fold(title or ""))]
        if len(named) == 1:
            self.notes.add("year", str(named[0]), "title")
        elif named:
            inside = dated is not None and min(named) <= dated <= max(named)
            self.notes.add("year", str(dated if inside else min(named)), "title-span")
        if dated is not None:
            self.notes.add("year", str(dated), "date")
        chosen = self.notes.choose("year")
        return int(chosen) if chosen else None

    # issuers, region

    def _issuers(self, titles: Titles, signature: Signature | None) -> tuple[str, ...]:
        """Names by the signature, else the page head's 发文机关 or 来源, else the issuer that the title begins with."""
        groups: list[list[str]] = []
        if (given := self.manifest.get("issuer")) is not None:
            groups.append([name for name in self.lexicons.pattern("issuer-joint").split(fold(given)) if name])
            for name in groups[-1]:
                self.notes.add("issuer", name, MANIFEST)
        if signature is not None and signature.issuers:
            groups.append([name.value for name in signature.issuers])
            for signed in signature.issuers:
                self.notes.add("issuer", signed.value, "signature", signed.start, signed.end)
        for field in ("issuer", "source", "publisher"):
            for value in self.head.values(field):
                names = self._names(value.text)
                if names:
                    groups.append(names)
                for text in names:
                    self.notes.add("issuer", text, f"page-head:{value.label}", value.start, value.end)
        if leading := self._issuers_in_title(titles):
            groups.append(leading)
        printers = [f.value for f in self.notes.of("printer")]
        if not groups and printers:
            groups.append(printers[:1])
            self.notes.add("issuer", printers[0], "print-line")
        if not groups:
            return ()
        chosen = tuple(dict.fromkeys(groups[0]))
        self.notes.choose_all("issuer", chosen)
        self.notes.contradicted("issuer", MANIFEST, lambda a, b: a in b or b in a)
        self._issuer_conflict(chosen)
        return chosen

    def _issuer_conflict(self, chosen: tuple[str, ...]) -> None:
        labels = {f"page-head:{value.label}" for value in self.head.values("issuer")}
        for found in self.notes.of("issuer"):
            stated = found.source in labels
            if stated and not any(found.value in name or name in found.value for name in chosen):
                self.notes.issue(Issue("issuer-conflict", f"{'、'.join(chosen)} ≠ {found.value}", "info", found.start))

    def _names(self, value: str) -> list[str]:
        spans = split_names(Squeezed(value), value, self.lexicons)
        names = [Squeezed(value, a, b).text for a, b in spans]
        if not names:
            whole = Squeezed(value).text
            names = [whole] if any(h.start == 0 and h.end == len(whole) for h in self.gazetteer.find(whole)) else []
        return names

    def _issuers_in_title(self, titles: Titles) -> list[str]:
        """The issuers that a title begins with: all before 关于 or 印发, or a department of the place that leads it."""
        for title in (titles.notice, titles.plan):
            if title is None:
                continue
            text = Squeezed(title.text).text
            before = self.lexicons.pattern("issuer-in-title").match(text)
            names = self._names(before["issuer"]) if before is not None else []
            if not names:
                lead = self.lexicons.pattern("issuer-leads").match(text)
                if lead is not None and self._opens_with_place(text):
                    names = [lead["issuer"]]
            for name in names:
                self.notes.add("issuer", name, "title", title.start, title.end)
            if names:
                return names
        return []

    def _places(self, titles: Titles) -> list[Source]:
        """Where the governed area may be named, the strongest source first."""
        notes = self.notes
        places: list[Source] = []
        if (given := self.manifest.get("region")) is not None:
            places.append(Source(MANIFEST, fold(given)))
        chosen = [f for f in notes.of("issuer") if f.chosen]
        by_issuer = [Source("issuer", f.value, f.start, f.end) for f in chosen if f.source in _SIGNED]
        cited = self.lexicons.pattern("cited-title")
        by_title = [
            Source("title", cited.sub("《》", fold(f.value)), f.start, f.end) for f in notes.of("title") if f.chosen
        ]
        places += [*by_issuer, *by_title]
        if titles.notice is not None:
            places.append(Source("notice", fold(titles.notice.text), titles.notice.start, titles.notice.end))
        places += [Source("print-line", f.value, f.start, f.end) for f in notes.of("printer")]
        for field in ("issuer", "location", "source", "publisher"):
            stated = self.head.values(field)
            places += [Source(f"page-head:{v.label}", fold(v.text), v.start, v.end) for v in stated]
        places += [Source("doc-number", f.value, f.start, f.end) for f in notes.of("doc_number") if f.chosen]
        return places

    # manifest

    def _stated(self, key: str, name: str) -> None:
        if (given := self.manifest.get(key)) is not None:
            self.notes.add(name, normalise(given), MANIFEST)

    def _url(self) -> str | None:
        self._stated("url", "url")
        for value in self.head.values("url"):
            self.notes.add("url", value.text.strip(), f"page-head:{value.label}", value.start, value.end)
        return self.notes.choose("url")
