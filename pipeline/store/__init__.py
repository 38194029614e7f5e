"""The database: schema as migrations, one transaction a document, Chinese full-text search, plain reading."""

from pipeline.store.database import Store
from pipeline.store.grades import GRADES, at_least
from pipeline.store.ids import document_id
from pipeline.store.search import Hit

__all__ = ["GRADES", "Hit", "Store", "at_least", "document_id"]
