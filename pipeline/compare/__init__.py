"""Questions over the database alone: who promises what (`ask`), and the table of all against all (`matrix`)."""

from pipeline.compare.ask import Answer, AnswerRow, LeftOut, Mention, ask
from pipeline.compare.matrix import Cell, Line, Matrix, State, matrix, top
from pipeline.compare.terms import Resolution, resolve

__all__ = [
    "Answer", "AnswerRow", "Cell", "LeftOut", "Line", "Matrix", "Mention", "Resolution", "State", "ask", "matrix",
    "resolve", "top",
]  # fmt: skip
