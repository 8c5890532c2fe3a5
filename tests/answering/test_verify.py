"""A verbatim quote is supported, whatever its width and white space; anything else is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.verify import quote_check, verdict_of, worst
from assistant.types import Check, Verdict


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
