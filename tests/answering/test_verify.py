"""What counts as borne out: quotes, quantities, dates, bounds, names, denials and directions, in both languages."""

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.verify import Verified, Verifier, quote_check, verdict_of, worst
from assistant.language.aliases import AliasTable
from assistant.language.entities import entity_key
from assistant.language.text import language_of
from assistant.types import Anchor, Block, BlockKind, Check, Passage, Unit, Verdict


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("最大41億ユーロを投じる。", "最大41億\nユーロを投じる。"),
        ("BMW 2025", "ＢＭＷ　２０２５"),
        ("Up to 4.1 billion", "up to  4.1\nbillion"),
        ("［12］参照", "[12]参照"),
    ],
)
def test_width_case_and_white_space_do_not_matter(claim: str, quote: str) -> None:
    check = quote_check(claim, quote)
    assert (check.kind, check.ok, check.claim, check.source) == ("quote", True, claim, quote)


@pytest.mark.parametrize(
    ("claim", "quote"), [("41億ユーロ", "410億ユーロ"), ("4.1", "41"), ("BMWが作る", "BMWを作る"), ("", "何か")]
)
def test_other_words_are_no_quote(claim: str, quote: str) -> None:
    assert quote_check(claim, quote).ok is False


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_a_text_is_always_a_quote_of_itself_rewrapped(text: str) -> None:
    assert quote_check(text, "\n".join(text)).ok is True


def check(ok: bool | None) -> Check:
    return Check("quote", ok, "", "")


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ([True], Verdict.SUPPORTED),
        ([True, None], Verdict.SUPPORTED),
        ([True, False], Verdict.UNSUPPORTED),
        ([False], Verdict.UNSUPPORTED),
        ([None], Verdict.UNSUPPORTED),
        ([], Verdict.UNSUPPORTED),
    ],
)
def test_supported_means_that_every_check_that_could_be_made_holds(
    results: list[bool | None], verdict: Verdict
) -> None:
    assert verdict_of(map(check, results)) is verdict


def test_the_worst_verdict_wins() -> None:
    best_to_worst = [Verdict.SUPPORTED, Verdict.PARTIAL, Verdict.UNSUPPORTED, Verdict.UNCITED]
    for number, verdict in enumerate(best_to_worst):
        assert worst(best_to_worst[: number + 1]) is verdict
        assert worst(reversed(best_to_worst[: number + 1])) is verdict


def a_passage(text: str, *more: str) -> Passage:
    """A passage of one paragraph, each argument a sentence of its own."""
    sentences = [text, *more]
    units, at = [], 0
    for sentence in sentences:
        units.append(Unit(at, at + len(sentence), BlockKind.PARAGRAPH))
        at += len(sentence)
    whole = "".join(sentences)
    anchor = Anchor("0123456789ab", 0, len(whole))
    block = Block(BlockKind.PARAGRAPH, 0, len(whole))
    return Passage(anchor, (block,), whole, whole, (), language_of(whole), tuple(units))


KNOWN_NAMES = {
    entity_key(name) for name in ("BMW", "アウディ", "モメンタ", "ヴァレオ", "CATL", "寧徳時代新能源科技", "Toyota")
}
VERIFIER = Verifier(
    AliasTable([("寧徳時代新能源科技", "CATL"), ("小馬智行", "ポニー・エーアイ")]),
    KNOWN_NAMES.__contains__,
    lambda claim, texts: [0.5] * len(texts),
)


def verify(claim: str, *source: str, verifier: Verifier = VERIFIER) -> Verified:
    return verifier.verify(claim, [a_passage(*source)])


SAME = [
    (
        "最大41億ユーロを投じる。",
        ["up to 4.1 billion euros", "up to €4.1bn", "up to 4,100 million EUR", "最大41億ユーロ"],
    ),
    ("5,784億元に達した。", ["578.4 billion yuan", "RMB 578.4bn"]),
    ("全世界で計3.6万社がある。", ["36,000 companies"]),
    ("1,992,498,902個を作った。", ["1,992,498,902", "about 2.0 billion", "約20億"]),
    ("比率は62.6%である。", ["62.6 percent", "約63%", "roughly 63%"]),
    ("2025年7月15日に公表した。", ["15 July 2025", "July 15, 2025", "2025-07-15", "7/15/2025"]),
    ("令和6年3月に始めた。", ["March 2024"]),
    ("比率は3割である。", ["30%"]),
    ("数百万に上る。", ["several million"]),
    ("2倍から3倍になる。", ["two to three times"]),
]
OTHER = [
    ("最大41億ユーロを投じる。", ["up to €41 billion", "up to €410 million", "40億ユーロ"]),
    ("5,784億元に達した。", ["57.84 billion yuan"]),
    ("全世界で計3.6万社がある。", ["3.6 million companies"]),
    ("1,992,498,902個を作った。", ["1.9 million"]),
    ("比率は62.6%である。", ["62.9%", "6.26%"]),
    ("2025年7月15日に公表した。", ["2025年7月5日", "5 July 2025"]),
    ("令和6年3月に始めた。", ["March 2023"]),
    ("比率は3割である。", ["3%"]),
    ("数百万に上る。", ["4,512,345"]),
    ("2倍から3倍になる。", ["23 times"]),
]


def in_a_sentence(words: str) -> str:
    return f"値は{words}。" if language_of(words).value == "ja" else f"The value was {words}."


@pytest.mark.parametrize(("source", "words"), [(source, one) for source, words in SAME for one in words])
def test_the_contracts_table_what_is_the_same(source: str, words: str) -> None:
    found = verify(in_a_sentence(words), source)
    assert all(check.ok for check in found.checks if check.kind in ("quantity", "date", "direction"))
    assert any(check.ok and check.kind in ("quantity", "date") for check in found.checks)
    facts = [check.ok for check in found.checks if check.kind != "wording"]  # the frame's words are not the source's
    assert False not in facts and (not words.isascii() or found.verdict is Verdict.SUPPORTED)


@pytest.mark.parametrize(("source", "words"), [(source, one) for source, words in OTHER for one in words])
def test_the_contracts_table_what_is_not(source: str, words: str) -> None:
    assert verify(in_a_sentence(words), source).verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "source", "verdict"),
    [
        ("50社以上が参加した。", "参加したのは50社以上である。", Verdict.SUPPORTED),
        ("At least 50 firms joined.", "参加したのは50社以上である。", Verdict.SUPPORTED),
        ("50社以下が参加した。", "参加したのは50社以上である。", Verdict.UNSUPPORTED),
        ("Fewer than 50 firms joined.", "参加したのは50社以上である。", Verdict.UNSUPPORTED),
        ("最大50GWhを生産する。", "生産能力は50GWh以上である。", Verdict.UNSUPPORTED),
    ],
)
def test_bounds_that_point_the_other_way_fail(claim: str, source: str, verdict: Verdict) -> None:
    assert verify(claim, source).verdict is verdict


@pytest.mark.parametrize(
    "claim",
    [
        "売上の合計は350億円である。",
        "The total is 35 billion yen.",
        "売上の差は150億円である。",
        "Aの売上はBの2.5倍である。",
    ],
)
def test_what_was_worked_out_is_partial_with_its_operands(claim: str) -> None:
    found = verify(claim, "Aの売上は250億円である。", "Bの売上は100億円である。")
    assert found.verdict is Verdict.PARTIAL
    (computed,) = [check for check in found.checks if check.kind == "computed"]
    assert computed.ok is None and "250億円" in computed.source and "100億円" in computed.source


def test_what_was_worked_out_from_figures_of_the_claim_is_partial_where_these_are_written() -> None:
    passages = "モデルAの料金は434.7元である。", "モデルBの料金は120.0元である。"
    claim = "モデルAは434.7元、モデルBは120.0元で、差は約315元である。"
    assert verify(claim, *passages).verdict is Verdict.PARTIAL
    assert verify(claim, "料金は別に定める。").verdict is Verdict.UNSUPPORTED


def test_a_total_that_the_report_states_is_supported() -> None:
    source = ("Aは200億円である。", "Bは100億円である。", "合計は300億円である。")
    assert verify("合わせて300億円である。", *source).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "ok"),
    [
        ("アウディは共同で開発する。", False),
        ("Toyota develops it together.", False),
        ("Zzyzxはモメンタと共同で開発する。", None),
        ("BMWはモメンタと共同で開発する。", True),
        ("BMW develops it with Momenta.", True),
    ],
)
def test_a_name_is_wrong_only_when_it_is_another_that_is_known(claim: str, ok: bool | None) -> None:
    found = verify(claim, "ビーエムダブリュー(BMW)は、モメンタと運転支援を共同で開発する。")
    names = [check.ok for check in found.checks if check.kind == "name"]
    assert ok in names if ok is not True else set(names) == {True}
    assert (found.verdict is Verdict.UNSUPPORTED) == (ok is False)


def test_who_made_a_report_may_always_be_named() -> None:
    claim, source = "CATLは、BMWが共同で開発すると述べる。", "BMWは、モメンタと運転支援を共同で開発する。"
    assert verify(claim, source).verdict is Verdict.UNSUPPORTED
    by_another_name = replace(VERIFIER, is_publisher=lambda key: key == entity_key("寧徳時代新能源科技"))
    found = verify(claim, source, verifier=by_another_name)
    assert [check.ok for check in found.checks if check.claim == "CATL"] == [None]
    assert found.verdict is not Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    ("claim", "ok"),
    [
        ("There are six levels (L0-L5).", True),
        ("There are six levels, L0–L5.", True),
        ("L0〜L5の段階がある。", True),
        ("There are six levels (L1-L5).", False),
        ("There are six levels (L0-L4).", False),
        ("There are six levels (R0-R5).", False),
    ],
)
def test_a_series_is_its_two_ends(claim: str, ok: bool) -> None:
    checks = verify(claim, "L0～5と呼ばれる6段階がある。").checks
    assert all(check.ok for check in checks if check.kind == "quantity") is ok


def test_a_code_with_a_hyphen_is_no_series() -> None:
    assert verify("型番はA1-5である。", "型番はA1-5である。別の型番はB7である。").verdict is Verdict.SUPPORTED
    assert verify("型番A5を採用した。", "型番A1-5を採用した。").verdict is Verdict.UNSUPPORTED


def test_a_number_beside_its_own_date_is_not_taken_for_another_of_the_passage() -> None:
    source = ("2024年3月1日に届け出た型は305個である。", "2024年5月16日に審査を通過した型は140個である。")

    def near(claim: str, texts: Sequence[str]) -> list[float]:
        return [0.9 if "届け出" in text else 0.3 for text in texts]

    verifier = replace(VERIFIER, similar=near)
    found = verify("The review was passed by 140 as of 16 May 2024.", *source, verifier=verifier)
    assert "binding" not in {check.kind for check in found.checks}
    found = verify("The review was passed by 305 as of 16 May 2024.", *source, verifier=verifier)
    assert "binding" in {check.kind for check in found.checks}


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("CATL builds the plant.", "寧徳時代新能源科技が工場を建てる。"),
        ("ポニー・エーアイが公道を走る見通しだ。", "小馬智行が公道を走る。"),
        ("Momenta builds it.", "モメンタが作る。"),
        ("Hitachi builds it.", "日立が作る。"),
        ("Xiaomi builds it.", "小米が作る。"),
    ],
)
def test_another_name_of_the_same_thing_is_no_other(claim: str, source: str) -> None:
    found = verify(claim, source)
    assert {check.ok for check in found.checks if check.kind == "name"} == {True}
    assert found.verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("売上は12%減少した。", "売上は12%増加した。"),
        ("Sales fell by 12%.", "売上は12%増加した。"),
        ("Sales rose by 12%.", "売上は12%減った。"),
        ("工場は稼働していない。", "工場は稼働している。"),
        ("The plant is not running.", "工場は稼働している。"),
        ("外資はこの事業に参加できる。", "外資はこの事業に参加できない。"),
    ],
)
def test_reversals_are_caught(claim: str, source: str) -> None:
    assert verify(claim, source).verdict is Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("最大41億\nユーロを投じる", "最大41億ユーロを投じる。"),
        ("ＢＭＷは作らない。", "BMWは作らない。"),
        ("sales fell", "Sales fell."),
    ],
)
def test_a_verbatim_quote_is_supported_by_construction(claim: str, source: str) -> None:
    found = verify(claim, "別の文である。", source)
    assert (found.verdict, [check.kind for check in found.checks]) == (Verdict.SUPPORTED, ["quote"])


@pytest.mark.parametrize(("near", "verdict"), [(0.9, Verdict.SUPPORTED), (0.05, Verdict.UNSUPPORTED)])
def test_across_languages_meaning_decides(near: float, verdict: Verdict) -> None:
    verifier = Verifier(AliasTable([]), lambda key: False, lambda claim, texts: [near] * len(texts))
    assert verify("The maps are hard to handle.", "地図の扱いが難しい。", verifier=verifier).verdict is verdict


def test_across_languages_without_a_shared_space_nothing_is_claimed() -> None:
    verifier = Verifier(AliasTable([]), lambda key: False)
    found = verify("The maps are hard to handle.", "地図の扱いが難しい。", verifier=verifier)
    assert (found.verdict, [check.ok for check in found.checks]) == (Verdict.PARTIAL, [None])


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("地図の扱いが難しいという課題がある。", Verdict.SUPPORTED),
        ("海洋の生物多様性が失われつつある。", Verdict.UNSUPPORTED),
    ],
)
def test_within_a_language_wording_decides(claim: str, verdict: Verdict) -> None:
    assert verify(claim, "企業には地図の扱いが難しい課題がある。").verdict is verdict


def test_the_quote_shown_is_the_best_unit() -> None:
    found = verify("They invest up to 4.1 billion euros.", "工場は広い。", "最大41億ユーロを投じる。", "従業員は多い。")
    assert found.passage.words(found.unit.start, found.unit.end) == "最大41億ユーロを投じる。"


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Aの売上は250億円である。", Verdict.SUPPORTED),
        ("Aの売上は100億円である。", Verdict.PARTIAL),
        ("Bの利益は250億円である。", Verdict.PARTIAL),
        ("第6世代の車を売る。", Verdict.SUPPORTED),
        ("第9世代の車を売る。", Verdict.UNSUPPORTED),
        ("They sell sixth-generation cars.", Verdict.SUPPORTED),
        ("They sell seventh-generation cars.", Verdict.UNSUPPORTED),
        ("車は128k型である。", Verdict.SUPPORTED),
        ("車は138k型である。", Verdict.UNSUPPORTED),
        ("車はレベル2である。", Verdict.SUPPORTED),
        ("The cars are Level 2.", Verdict.SUPPORTED),
        ("The cars are Level 3.", Verdict.UNSUPPORTED),
        ("The cars are L2.", Verdict.UNSUPPORTED),
        ("Sales were not 90億円 but 250億円.", Verdict.SUPPORTED),
        ("Sales were over 240億円.", Verdict.PARTIAL),
        ("Sales were under 240億円.", Verdict.UNSUPPORTED),
        ("はい。", Verdict.PARTIAL),
        ("1~1月に売れた。", Verdict.UNSUPPORTED),
    ],
)
def test_a_number_has_to_belong_to_what_the_claim_speaks_of(claim: str, verdict: Verdict) -> None:
    source = ("Aの売上は250億円、Bの利益は100億円である。", "第6世代の128k型の車を1~7月に売る。", "車はレベル2である。")
    assert verify(claim, *source).verdict is verdict, verify(claim, *source).checks


@pytest.mark.parametrize(
    ("claim", "ok"),
    [
        ("BMW、アウディ、ヴァレオの3社である。", None),
        ("BMW、アウディ、ヴァレオの4社である。", False),
        ("BMW、アウディなど4社である。", False),
        ("BMWとアウディ、ヴァレオの3社である。", False),
        ("BMW、アウディとヴァレオの3社である。", None),
        ("BMW, Audi and Valeo are three firms.", None),
    ],
)
def test_a_count_of_what_the_claim_lists_needs_no_source(claim: str, ok: bool | None) -> None:
    found = verify(claim, "BMW、アウディ、ヴァレオが組む。")
    assert [check.ok for check in found.checks if check.kind in ("list", "quantity")] == [ok]


@pytest.mark.parametrize(
    "text", ["5、", "3社と", "from 5 to 6 ", "not 4 but 5, ", "(", "A B ", "ア", "売上は3.2%増えた。"]
)
def test_absurdly_long_claims_are_checked_in_seconds_and_never_supported(text: str) -> None:
    started = time.process_time()
    assert verify(text * (100_000 // len(text)), "売上は5億円、3社である。").verdict is not Verdict.SUPPORTED
    verify(text * (1_000 // len(text)), "売上は5億円、3社である。")
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("claim", "source", "verdict"),
    [
        ("参加は100社未満だった。", "参加は100社以下だった。", Verdict.PARTIAL),
        ("参加は100社以下だった。", "参加は100社未満だった。", Verdict.PARTIAL),
        ("Fewer than 100 firms joined.", "参加は100社以下だった。", Verdict.PARTIAL),
        ("参加は100社未満でした。", "参加は100社未満だった。", Verdict.SUPPORTED),
        ("参加は100社を超えた。", "参加は100社以上だった。", Verdict.PARTIAL),
        ("More than 100 firms joined.", "参加は100社以上だった。", Verdict.SUPPORTED),
        ("At least 100 firms joined.", "参加は100社を超えた。", Verdict.SUPPORTED),
    ],
)
def test_a_bound_that_leaves_its_number_out_is_another(claim: str, source: str, verdict: Verdict) -> None:
    assert verify(claim, source).verdict is verdict


def test_a_denial_of_another_sentence_does_not_bear_out_one_of_this() -> None:
    source = ("利用者は料金を払わない。", "外資はこの事業に参加できる。")
    assert verify("外資はこの事業に参加できない。", *source).verdict is Verdict.UNSUPPORTED
    assert verify("利用者は料金を払いません。", *source).verdict is Verdict.SUPPORTED
