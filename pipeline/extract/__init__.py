"""From a Document to an Extraction: mentions by spaCy components, then records. spaCy ends here."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from spacy.language import Language

from pipeline.extract.actions import ActionMaker
from pipeline.extract.agencies import AgencyReader
from pipeline.extract.damage import DamageFinder
from pipeline.extract.doubts import doubt
from pipeline.extract.frame import CONTEXT, Context, make_frames
from pipeline.extract.fuzzy_terms import garbled_terms
from pipeline.extract.grouping import group
from pipeline.extract.ledger import LedgerMaker
from pipeline.extract.milestones import MilestoneMaker
from pipeline.extract.narrative import past_sentences
from pipeline.extract.pipes import PIPES, calendar_of
from pipeline.extract.references import references
from pipeline.extract.schemes import SchemeMaker
from pipeline.extract.scope import DeadlineScope
from pipeline.extract.tables import TableReading
from pipeline.extract.targets import TargetMaker
from pipeline.extract.tasks import TaskMaker
from pipeline.lexicons import Lexicons, load
from pipeline.model import Document, Extraction
from pipeline.parse.lookalikes import reading
from pipeline.segment.tokenizer import blank, cutter


class Extractor:
    """Everything that extraction needs of the lexicons, compiled once."""

    def __init__(self, lexicons: Lexicons) -> None:
        self.lexicons = lexicons
        self.nlp = self._pipeline(lexicons)
        self.targets = TargetMaker(lexicons, cutter(lexicons))
        self.schemes = SchemeMaker(lexicons)
        self.damage = DamageFinder(lexicons)
        self.actions = ActionMaker(lexicons)
        self.ledger = LedgerMaker(lexicons)

    def _pipeline(self, lexicons: Lexicons) -> Language:
        nlp = blank(lexicons)
        for name, maker in PIPES:
            Language.component(name, func=maker(lexicons))
            nlp.add_pipe(name)
        return nlp

    def extract(self, document: Document) -> Extraction:
        """The records of a document, in order of the text."""
        garbled = tuple(garbled_terms(document, reading(document), self.lexicons))
        document = replace(document, issues=(*document.issues, *garbled))
        context = Context(document, self.lexicons, calendar_of(document.metadata), make_frames(document))
        doc = self.nlp.make_doc(document.text)
        doc.user_data[CONTEXT] = context
        for _, pipe in self.nlp.pipeline:
            doc = pipe(doc)
        context.past_sentences = past_sentences(context, self.lexicons)
        scope = DeadlineScope(context, self.lexicons)
        tables = TableReading(context, self.lexicons)
        task_maker = TaskMaker(self.lexicons, AgencyReader(self.lexicons, document.metadata.region))
        tasks, task_at, steps = task_maker.make(context, tables)
        targets, fates = self.targets.make(context, scope, tables, task_at)
        targets, doubted = doubt(targets, document)
        clauses = {
            (frame.block.index, clause.start): fate
            for frame in context.frames
            for quantity in frame.quantities
            if (fate := fates.get((frame.block.index, quantity.start), ("", None))[0]) in ("target", "norm")
            and (clause := frame.clause_at(quantity.start)) is not None
        }
        milestones = MilestoneMaker(self.lexicons, context, scope, task_maker).make(tables, task_at, steps, clauses)
        actions = self.actions.make(context, scope, tables, task_at, targets, fates)
        deadlines = [t.deadline for t in targets] + [m.deadline for m in milestones] + [a.deadline for a in actions]
        stated = {d.start_at for d in deadlines if d is not None and d.start_at is not None}
        cited, issues = references(context, self.lexicons)
        damage = self.damage.find(context, (*document.issues, *issues))
        return Extraction(
            references=cited,
            tasks=tasks,
            targets=group(targets, document.text, self.lexicons),
            milestones=milestones,
            actions=actions,
            indicators=self.schemes.make(context, tables),
            numbers=self.ledger.make(context, tables, fates, stated),
            issues=(*garbled, *issues, *damage, *doubted),
        )


@lru_cache(maxsize=2)
def extractor(lexicons: Lexicons) -> Extractor:
    """The extractor of a set of lexicons, shared within the process."""
    return Extractor(lexicons)


def extract(document: Document, lexicons: Lexicons | None = None) -> Extraction:
    """The records of a document. Raises LexiconError where a lexicon is missing or malformed."""
    return extractor(lexicons or load()).extract(document)
