"""Measures on known cases, worked out by hand, and against independent implementations."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from assistant.answering.verify import Verifier
from assistant.evaluation.measures import MEASURES, Case, judged_by, measure
from assistant.evaluation.questions import Type
from assistant.evaluation.texts import bare, char_f1, chrf, in_script, tokens
from assistant.evaluation.words import MEASURE_WORDS
from assistant.language.aliases import AliasTable
from assistant.types import BlockKind, Language, Unit, Verdict
from tests.evaluation.samples import ABSTAINED, answer, citation, claim, hits, measured, passage, question


def test_finding_by_hand() -> None:
    """Evidence A stands in the 2nd and 3rd passages, B in the 6th, C nowhere.

    First ranks: A 2, B 6, C none. Success@1 0, Success@5 1, R@5 1/3, R@10 2/3, RR 1/2. Relevant for nDCG are the 2nd and
    6th passages (the 3rd only repeats A) and one that was not returned:
    DCG = 1/log2(3) + 1/log2(7), ideal = 1/log2(2) + 1/log2(3) + 1/log2(4).
    """
    found = measured(
        question(evidence=("A事実", "B事実", "C事実")), None, "無", "A 事実。", "A事実", "無", "無", "Ｂ事\n実"
    )
    dcg = 1 / math.log2(3) + 1 / math.log2(7)
    ideal = 1 + 1 / math.log2(3) + 1 / 2
    assert found["success@1"] == 0
    assert found["success@5"] == 1
    assert found["r@5"] == pytest.approx(1 / 3)
    assert found["r@10"] == pytest.approx(2 / 3)
    assert found["rr@10"] == 1 / 2
    assert found["ndcg@10"] == pytest.approx(dcg / ideal)


def test_two_pieces_of_evidence_in_the_first_passage_are_a_perfect_ranking() -> None:
    found = measured(question(evidence=("A事実", "B事実")), None, "A事実とB事実", "A事実")
    assert (found["r@5"], found["ndcg@10"]) == (1, 1)


def test_a_question_without_results_still_counts_and_one_without_evidence_does_not() -> None:
    nothing = measured(question(evidence=("A事実",)), ABSTAINED)
    assert [nothing[name] for name in ("success@5", "r@10", "rr@10", "ndcg@10", "evidence_in_prompt")] == [0] * 5
    assert "success@5" not in measured(question(), ABSTAINED, "A事実")


def test_evidence_beyond_the_tenth_passage_is_not_found_at_ten() -> None:
    found = measured(question(evidence=("A事実",)), None, *["無"] * 10, "A事実")
    assert (found["success@10"], found["r@10"], found["rr@10"], found["ndcg@10"]) == (0, 0, 0, 0)


def test_ranked_measures_agree_with_ir_measures() -> None:
    """Random rankings in which no passage holds two pieces: then qrels by passage say the same as evidence does."""
    ir_measures = pytest.importorskip("ir_measures", reason="pip install ir-measures to compare with it")
    names = {"success@1": "Success@1", "success@5": "Success@5", "r@5": "R@5", "r@10": "R@10", "rr@10": "RR@10"}
    names["ndcg@10"] = "nDCG@10"
    generator = random.Random(7)
    for _ in range(50):
        length, pieces = generator.randrange(0, 14), generator.randrange(1, 5)
        places = generator.sample(range(20), pieces)
        texts = [f"事実{places.index(rank)}号" if rank in places else "無" for rank in range(length)]
        ours = measured(question(evidence=tuple(f"事実{n}号" for n in range(pieces))), None, *texts)
        qrels = [ir_measures.Qrel("q", f"d{place}", 1) for place in places]
        run = [ir_measures.ScoredDoc("q", f"d{rank}", 1 / (rank + 1)) for rank in range(length)]
        theirs = ir_measures.calc_aggregate([ir_measures.parse_measure(one) for one in names.values()], qrels, run)
        assert {name: ours[name] for name in names} == pytest.approx(
            {name: theirs[ir_measures.parse_measure(other)] for name, other in names.items()}
        )


def naive_ndcg(relevant: set[int], unseen: int, k: int) -> float:
    """nDCG with gain 1 as Järvelin and Kekäläinen (2002) write it: relevant ranks, and what was not returned."""
    gains = [1 if rank in relevant else 0 for rank in range(1, k + 1)]
    perfect = ([1] * (len(relevant) + unseen) + [0] * k)[:k]
    dcg, ideal = (sum(gain / math.log(rank + 2, 2) for rank, gain in enumerate(row)) for row in (gains, perfect))
    return dcg / ideal


@pytest.mark.parametrize(
    ("relevant", "unseen"), [({1}, 0), ({3, 7}, 2), (set(), 1), ({2, 12}, 0), (set(range(1, 13)), 0)]
)
def test_ndcg_agrees_with_a_naive_one(relevant: set[int], unseen: int) -> None:
    places = sorted(relevant)
    texts = [f"事実{places.index(rank)}号" if rank in relevant else "無" for rank in range(1, 15)]
    asked = question(evidence=tuple(f"事実{n}号" for n in range(len(places) + unseen)))
    assert measured(asked, None, *texts)["ndcg@10"] == pytest.approx(naive_ndcg(relevant, unseen, 10))


def test_evidence_is_in_the_prompt_only_where_its_passage_fits_whole() -> None:
    """1,500 + 1,490 tokens leave 10: a third passage of 10 fits, one of 11 does not, and nothing after it does."""
    asked = question(evidence=("A事実",))
    fits, too_long = "A事実" + "無" * 7, "A事実" + "無" * 8
    assert measured(asked, None, "字" * 1500, "字" * 1490, fits)["evidence_in_prompt"] == 1
    assert measured(asked, None, "字" * 1500, "字" * 1490, too_long)["evidence_in_prompt"] == 0
    assert measured(asked, None, "字" * 1500, "字" * 1501, "A事実")["evidence_in_prompt"] == 0


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("電池", 2), ("abcd", 1), ("abcde", 2), ("41億ユーロ", 5), ("BMWとNIO", 3), ("a b", 2)]
)
def test_tokens_are_one_an_ideograph_or_kana_and_one_every_four_others(text: str, count: int) -> None:
    assert tokens(text) == count


MUST = (("41億ユーロ", "4.1 billion"), ("スペイン", "spain"))


def test_an_answer_is_correct_when_every_group_is_held_after_folding() -> None:
    asked = question(must_include=MUST)
    assert measured(asked, answer("４１億ユーロをSPAINに [1]"))["correct"] == 1
    assert measured(asked, answer("41億ユーロ [1]"))["correct"] == 0
    assert measured(asked, ABSTAINED)["correct"] == 0
    assert measured(asked, None)["correct"] == 0
    assert "correct" not in measured(question(), answer())


@pytest.mark.parametrize(
    ("kind", "limit"), [(Type.FACT, 600), (None, 600), (Type.LIST, 1200), (Type.COMPARE, 1200), (Type.CROSS_DOC, 1200)]
)
def test_what_has_to_be_included_counts_within_the_length_of_the_type(kind: Type | None, limit: int) -> None:
    asked = question(must_include=(("41億",),), type=kind)
    assert measured(asked, answer("あ" * (limit - 3) + "41億"))["correct"] == 1
    assert measured(asked, answer("あ" * (limit - 2) + "41億"))["correct"] == 0
    assert measured(asked, answer("あ" * 197 + "41億"))["correct_first_200"] == 1
    assert measured(asked, answer("あ" * 198 + "41億"))["correct_first_200"] == 0


def test_in_the_questions_own_script_an_english_reader_is_not_served_japanese_words() -> None:
    english = question("How much?", language=Language.EN, must_include=MUST)
    assert measured(english, answer("41億ユーロ、スペイン"))["correct"] == 1
    assert measured(english, answer("41億ユーロ、スペイン"))["correct_own_script"] == 0
    assert measured(english, answer("4.1 billion in Spain"))["correct_own_script"] == 1
    assert measured(question(must_include=MUST), answer("41億ユーロ、スペイン"))["correct_own_script"] == 1
    assert measured(question(must_include=MUST), answer("4.1 billion in Spain"))["correct_own_script"] == 0


def test_numbers_count_in_both_scripts_and_a_group_of_one_script_is_kept_whole() -> None:
    groups = (("99%", "99パーセント", "99 percent"), ("Alipay",))
    assert in_script(groups, Language.JA) == (("99%", "99パーセント"), ("Alipay",))
    assert in_script(groups, Language.EN) == (("99%", "99 percent"), ("Alipay",))
    assert in_script((("井賢棟",),), Language.EN) == (("井賢棟",),)


def test_abstaining_is_right_for_an_unanswerable_question_only() -> None:
    unanswerable = question(type=Type.UNANSWERABLE, must_include=(("ありません",),))
    abstained, answered, failed = (measured(unanswerable, one) for one in (ABSTAINED, answer(), None))
    assert [one["correct"] for one in (abstained, answered, failed)] == [1, 0, 0]
    assert [one["abstention_recall"] for one in (abstained, answered, failed)] == [1, 0, 0]
    assert abstained["abstention_precision"] == 1
    assert "abstention_precision" not in answered
    assert measured(question(), ABSTAINED)["abstention_precision"] == 0
    assert "abstention_recall" not in measured(question(), ABSTAINED)


def test_identical_japanese_text_scores_one() -> None:
    """What whitespace-based ROUGE scores 0 (google/adk-python #4143)."""
    text = "最大41億ユーロを投じ、スペインに工場を建てます。"
    assert char_f1(text, text) == 1
    assert chrf(text, text) == 1
    found = measured(question(references=((Language.JA, text),)), answer(f"- {text} [1]"))
    assert (found["char_f1"], found["chrf"]) == (1, 1)


def test_character_f1_by_hand() -> None:
    """電池の工場 and 電池 share 2 characters of 5 and 2: F1 = 2·2 / (5 + 2). Repeats count as often as both have them."""
    assert char_f1("電池の工場", "電池") == pytest.approx(4 / 7)
    assert char_f1("ああ", "あああい") == pytest.approx(4 / 6)
    assert char_f1("", "電池") == char_f1("電池", "") == 0


def test_chrf_by_hand() -> None:
    """あいう against あいえ: 1-grams share 2 of 3, 2-grams 1 of 2, 3-grams 0 of 1. Precision = recall = (2/3 + 1/2 + 0)/3."""
    assert chrf("あいう", "あいえ") == pytest.approx((2 / 3 + 1 / 2) / 3)
    assert chrf("か", "あいえ") == chrf("", "あ") == 0


@pytest.mark.parametrize(
    ("text", "reference", "score"),
    [
        ("the cat sat on the mat", "the cat is on the mat", 0.645779),
        ("生産開始は2026年末の予定です。", "量産は2026年末に始まる予定です。", 0.456602),
        ("short", "a much longer reference text", 0.039604),
    ],
)
def test_chrf_agrees_with_sacrebleu(text: str, reference: str, score: float) -> None:
    """Values of sacreBLEU 2.6.0, `CHRF().sentence_score(text, [reference]).score / 100`."""
    assert chrf(text, reference) == pytest.approx(score, abs=1e-6)


def test_an_answer_is_compared_without_its_markers_and_bullets() -> None:
    assert bare("- 電池です [1]\n- 工場です[2] [3]") == "電池です\n工場です"


def test_likeness_is_to_the_reference_in_the_questions_language() -> None:
    both = ((Language.JA, "電池です"), (Language.EN, "batteries"))
    assert measured(question(references=both), answer("batteries"))["char_f1"] == 0
    assert measured(question(references=both[1:]), answer("batteries"))["char_f1"] == 1
    assert measured(question(references=((None, "batteries"), *both)), answer("batteries"))["char_f1"] == 1
    assert measured(question(references=both), ABSTAINED)["chrf"] == 0
    assert "chrf" not in measured(question(type=Type.UNANSWERABLE, references=both), ABSTAINED)


TEXT = "電池の工場を建てる。投資額は最大41億ユーロ。量産は2026年末。"


def test_a_quote_overlaps_evidence_when_they_share_words_of_the_passage() -> None:
    """Evidence: the words from 投資額 to 41億. Quotes: the sentence around it, words that end inside it, others: 2 of 3."""
    quotes = ("投資額は最大41億ユーロ。", "建てる。投資額は", "量産は2026年末。")
    given = answer(citations=[citation(n, TEXT, quote) for n, quote in enumerate(quotes, start=1)])
    assert measured(question(evidence=("投資額は最大41億",)), given)["answer_precision"] == pytest.approx(2 / 3)


def test_quotes_for_an_unanswerable_question_all_miss_and_abstaining_shows_none() -> None:
    unanswerable = question(type=Type.UNANSWERABLE)
    assert measured(unanswerable, answer(citations=[citation(1, TEXT, "電池の工場")]))["answer_precision"] == 0
    assert "answer_precision" not in measured(unanswerable, ABSTAINED)
    assert "answer_precision" not in measured(question(), answer())
    assert measured(question(evidence=("電池",)), None)["answer_precision"] == 0
    assert measured(question(evidence=("電池",)), answer())["answer_precision"] == 0


OTHER = "量産は2026年末。"


def test_citation_recall_and_precision_by_hand() -> None:
    """Three statements: supported by [1]; supported by [1] and [2], of which [2] alone says nothing and [1] does without
    it; unsupported by [3]. Recall 2/3. Citations at statements: 1 + 2 + 1 = 4, precise: [1] and [1]: 2/4."""
    cited = [citation(1, TEXT, "電池の工場を建てる。"), citation(2, OTHER, OTHER), citation(3, TEXT, "投資額")]
    said = [
        claim("電池の工場を建てる。", 1),
        claim("電池の工場を建てる。", 1, 2),
        claim("投資額は1億ユーロ", 3, verdict=Verdict.UNSUPPORTED),
    ]
    found = measured(question(), answer(claims=said, citations=cited))
    assert found["citation_recall"] == pytest.approx(2 / 3)
    assert found["citation_precision"] == pytest.approx(2 / 4)
    assert found["claims_supported"] == pytest.approx(2 / 3)
    assert found["claims_unsupported"] == pytest.approx(1 / 3)
    assert found["claims_partial"] == found["claims_uncited"] == 0


def test_citations_that_support_a_statement_only_together_are_both_precise() -> None:
    cited = [citation(1, "投資額は41億ユーロ。", "投資額は41億ユーロ。"), citation(2, OTHER, OTHER)]
    said = [claim("投資額は41億ユーロで、量産は2026年末。", 1, 2)]
    assert measured(question(), answer(claims=said, citations=cited))["citation_precision"] == 1


def test_the_projects_verifier_judges_single_citations() -> None:
    """Both passages say 41億ユーロ, so that each supports the statement alone: both precise. A third that speaks of
    something else is not needed: 2/3."""
    verifier = Verifier(AliasTable(()), is_known=lambda key: False)
    supports = judged_by(verifier)
    texts = ("投資額は最大41億ユーロに達する。", "最大41億ユーロの投資額となる。", "研究所はリヨンにある。")
    units = [Unit(0, len(text), BlockKind.PARAGRAPH) for text in texts]
    passages = [replace(passage(text), units=(unit,)) for text, unit in zip(texts, units, strict=True)]
    cited = [replace(citation(n, one.text, one.text), passage=one) for n, one in enumerate(passages, start=1)]
    given = answer(claims=[claim("投資額は最大41億ユーロです。", 1, 2, 3)], citations=cited)
    total, count = measure(Case(question(), given, (), 0.1, supports))["citation_precision"]
    assert total / count == pytest.approx(2 / 3)


def test_an_answer_without_statements_and_a_failure_count_nothing_and_abstaining_is_not_counted() -> None:
    for given in (answer(), None):
        found = measured(question(), given)
        assert (found["citation_recall"], found["citation_precision"]) == (0, 0)
        assert "claims_supported" not in found
    assert "citation_recall" not in measured(question(), ABSTAINED)


def test_a_failure_counts_as_one_and_time_as_it_took() -> None:
    assert measured(question(), None)["failed"] == 1
    assert measured(question(), answer())["failed"] == 0
    assert measured(question(), None)["seconds"] == 0.5
    assert measured(question(), answer("電池です"), "字" * 1500, "字" * 1501)["prompt_tokens"] == 1500
    assert measured(question(), answer("電池です"))["answer_tokens"] == 4


def test_every_measure_has_words_in_both_languages_and_a_convention() -> None:
    names = {one.name for one in MEASURES}
    assert names <= set(MEASURE_WORDS)
    assert all(getattr(one.of, "func", one.of).__doc__ for one in MEASURES if one.name not in ("char_f1", "chrf"))


def test_measuring_leaves_out_only_what_does_not_apply() -> None:
    full = question(evidence=("電池",), must_include=(("電池",),), references=((None, "電池"),))
    given = answer("電池 [1]", claims=[claim("電池", 1)], citations=[citation(1, TEXT, "電池")])
    missing = {one.name for one in MEASURES} - set(measure(Case(full, given, hits(TEXT), 0.1)))
    assert missing == {"abstention_precision", "abstention_recall"}
