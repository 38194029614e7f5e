"""Questions over the database alone: who promises what (`ask`), and the table of all against all (`matrix`)."""

from pipeline.compare.ask import Answer, AnswerRow, LeftOut, Mention, ask
from pipeline.compare.matrix import Cell, Line, Matrix, State, matrix, top
from pipeline.compare.selection import OtherVersion, Selection, grades_from, select
from pipeline.compare.terms import Resolution, resolve

__all__ = [
    "Answer", "AnswerRow", "Cell", "LeftOut", "Line", "Matrix", "Mention", "OtherVersion", "Resolution", "Selection",
    "State", "ask", "grades_from", "matrix", "resolve", "select", "top",
]  # fmt: skip
