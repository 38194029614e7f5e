"""Several texts to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import RawBlock, RawDocument, RawIssue


def concatenate(documents: Sequence[RawDocument]) -> RawDocument:
    """The documents one after another: pages and tables count on, issues go with their blocks.

    Format and metadata are the first one's. `page_count` is that of the documents that have pages, None without any.
    """
    blocks: list[RawBlock] = []
    issues: list[RawIssue] = []
    pages = tables = 0
    for document in documents:
        at = len(blocks)
        for block in document.blocks:
            page = None if block.page is None else block.page + pages
            cell = None if block.cell is None else replace(block.cell, table=block.cell.table + tables)
            blocks.append(replace(block, page=page, cell=cell))
        issues += (replace(i, block=None if i.block is None else i.block + at) for i in document.issues)
        pages += document.page_count or 0
        tables += 1 + max((b.cell.table for b in document.blocks if b.cell is not None), default=-1)
    first = documents[0]
    return RawDocument(first.format, tuple(blocks), first.metadata, tuple(issues), pages or None)
