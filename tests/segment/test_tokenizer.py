"""The engine gives the tokens of the reference, and the tokens give the text back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rjieba
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.lexicons import load
from pipeline.segment.tokenizer import blank, cutter, user_words
from pipeline.text import fold

CORPUS = Path(__file__).resolve().parents[2] / "../shared/corpus"
shared = pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the real plans in ../shared/corpus")

LEXICONS = load()
RJIEBA, JIEBA = cutter(LEXICONS, "rjieba"), cutter(LEXICONS, "jieba")
NLP = blank(LEXICONS)

INVENTED = [
    "到2025年，云溪县建成省级产教融合型企业3家，双师型教师占比达到60%以上。",
    "（责任单位：县教育局、县发改局、县人社局，各乡镇人民政府）",
    "推进“1+X”证书试点，开设5G、3D打印等专业，投入1,200.5万元。",
    "联系电话：0312-5551234；邮箱：yxjy-2024@example.com；网址：http://www.example.cn/a-b_c/2024-05/01.html",
    "按照GB/T 9704-2012执行，2024-05-01起施行，A-B-C三级，COVID-19，-5.2%，12-15个，--分隔--",
    "一是统筹规划；二是加大投入。\n\t①开工建设 ②竣工　投用\u200b",
    "开设C++、C#、.NET课程，与AT&T合作，A_B、a.b.c、50%-60%、R&D投入，x@y.z。",
    "𠮷林、㐂事、﨑字，emoji🙂也要还原。",
]


@pytest.mark.parametrize("text", INVENTED)
def test_engine_equals_reference(text: str) -> None:
    assert list(RJIEBA(text)) == list(JIEBA(text))


@pytest.mark.parametrize("text", ["", " ", "\n", *INVENTED])
def test_doc_gives_the_text_back(text: str) -> None:
    doc = NLP(text)
    assert doc.text == text
    assert [t.idx for t in doc] == [sum(len(w.text) for w in doc[:i]) for i in range(len(doc))]


@given(st.text(max_size=80))
def test_doc_gives_any_text_back(text: str) -> None:
    assert NLP(text).text == text


@settings(max_examples=400, derandomize=True)
@given(st.text(st.sampled_from("云溪县建设产教融合型企业双师教师占比教育局129a-bZ.%#&+，。（ ）\n_/"), max_size=60))
def test_engine_equals_reference_on_any_mix(text: str) -> None:
    # 合合合 has two cuts of exactly the same probability, and the engines break that tie differently.
    assume(re.search(r"([\u4e00-\u9fff])\1\1", text) is None)
    assert list(RJIEBA(text)) == list(JIEBA(text))


def test_words_of_the_lexicons_stay_whole() -> None:
    words = user_words(LEXICONS)
    assert list(words) == sorted(set(words))
    verbs = tuple(w for w in LEXICONS.cues("commit_verb") if len(w) >= 2)
    names = {fold(row.name) for row in LEXICONS.get("agencies")}
    names |= {n for row in LEXICONS.get("indicators") if not (n := fold(row.name)).startswith(verbs)}
    wanted = {n for n in names if 2 <= len(n) <= 12 and n.isalnum()}
    known = rjieba.Jieba()
    assert {w for w in wanted if not known.has_word(w)} <= set(words)
    assert not any(known.has_word(w) for w in words)
    assert "发展改革委员会" in words
    assert list(RJIEBA("由发展改革委员会牵头")) == ["由", "发展改革委员会", "牵头"]


def test_a_verb_stays_a_word_of_its_own() -> None:
    assert next(iter(RJIEBA("培养技术技能人才"))) == "培养"
    assert not any(w.startswith("引进人才") for w in user_words(LEXICONS))


def test_an_engine_has_its_own_words() -> None:
    """Words of one instance must not leak into jieba's global one."""
    import jieba

    word = max(user_words(LEXICONS), key=len)
    assert list(JIEBA(word)) == [word]
    assert list(jieba.cut(word)) != [word]


@shared
@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(p.name for p in CORPUS.glob("*.txt")))
def test_engine_equals_reference_on_real_plans(name: str) -> None:
    text = fold((CORPUS / name).read_text(encoding="utf-8"))
    assert list(RJIEBA(text)) == list(JIEBA(text))
    assert "".join(RJIEBA(text)) == text
