"""The orchestrator: files in, database out."""

from pipeline.run.files import FileResult, Summary
from pipeline.run.orchestrator import ingest

__all__ = ["FileResult", "Summary", "ingest"]
