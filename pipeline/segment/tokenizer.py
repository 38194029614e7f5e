"""jieba as the tokenizer of a spaCy pipeline: a private instance, with words from the lexicons.

jieba is the reference and rjieba (the same dictionary and algorithm, about twenty times as fast) the engine. rjieba
keeps ASCII words such as "a-b.c" whole where jieba does not; they are split again, so that both give the same tokens.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.lexicons import Lexicons

WORD_FREQUENCY = 50_000  # one explicit frequency for all: with suggested ones jieba and rjieba differ in ties
_ASCII_WORD = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")  # jieba's own rule for what its dictionary does not hold
_ASCII_IN_DICTIONARY = frozenset({"AT&T", "C#", "C++", "c#", "c++"})  # all of jieba 0.42.1 with such marks
ENGINES = ("rjieba", "jieba")

Cut = Callable[[str], Iterable[str]]


def user_words(lexicons: Lexicons) -> tuple[str, ...]:
    """Names and aliases of agencies and indicators and the verb cues: the only user dictionary there is.

    Words that the dictionary of jieba has already keep their frequency there: raised to one and the same frequency,
    专业 and 培养 would tie with 专业人才 and 人才培养, and the two engines would part. Indicators that begin with a
    verb (培养技能人才) are left out, since the verb must stay a word of its own.
    """
    import rjieba

    verbs = tuple(w for w in lexicons.cues("commit_verb") if len(w) >= 2)
    words = {*verbs, *lexicons.get("agencies").terms}
    words.update(term for term in lexicons.get("indicators").terms if not term.startswith(verbs))
    known = rjieba.Jieba()
    return tuple(sorted(w for w in words if 2 <= len(w) <= 12 and w.isalnum() and not known.has_word(w)))


def _jieba_cut(words: tuple[str, ...]) -> Cut:
    import jieba

    tokenizer = jieba.Tokenizer()
    # jieba's cache has a fixed name in the shared temporary folder, which another user may have written.
    tokenizer.tmp_dir = tempfile.mkdtemp(prefix="duibiao-jieba-")
    jieba.setLogLevel(60)
    tokenizer.initialize()
    for word in words:
        # jieba counts a word of its dictionary twice in the total, which moves close calls; rjieba does not.
        tokenizer.total -= tokenizer.FREQ.get(word) or 0
        tokenizer.add_word(word, WORD_FREQUENCY)
    return lambda text: tokenizer.lcut(text)


def _rjieba_cut(words: tuple[str, ...]) -> Cut:
    import rjieba

    tokenizer = rjieba.Jieba()
    for word in words:
        tokenizer.add_word(word, WORD_FREQUENCY, "n")

    def cut(text: str) -> list[str]:
        tokens: list[str] = []
        for token in tokenizer.cut(text):
            if token.isascii() and not token.isalnum() and token not in _ASCII_IN_DICTIONARY:
                tokens.extend(piece for piece in _ASCII_WORD.split(token) if piece)
            else:
                tokens.append(token)
        return tokens

    return cut


@lru_cache(maxsize=4)
def cutter(lexicons: Lexicons, engine: str = "rjieba") -> Cut:
    """A function from text to its tokens, which joined give the text again. `engine` is one of ENGINES."""
    words = user_words(lexicons)
    return _jieba_cut(words) if engine == "jieba" else _rjieba_cut(words)


class JiebaTokenizer:
    """spaCy's tokenizer protocol over a cutter: `Doc.text` equals the input for every input."""

    def __init__(self, vocab: Vocab, cut: Cut) -> None:
        self.vocab = vocab
        self.cut = cut

    def __call__(self, text: str) -> Doc:
        words = [w for w in self.cut(text) if w]
        return Doc(self.vocab, words=words, spaces=[False] * len(words))

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing to save: the tokenizer is made from the lexicons."""
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> JiebaTokenizer:
        """The counterpart of `to_bytes`."""
        return self


def blank(lexicons: Lexicons, engine: str = "rjieba") -> Language:
    """A spaCy pipeline with this tokenizer and no component."""
    nlp = spacy.blank("zh")
    nlp.tokenizer = JiebaTokenizer(nlp.vocab, cutter(lexicons, engine))
    nlp.max_length = 100_000_000
    return nlp
