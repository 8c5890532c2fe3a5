"""Agreement of quantities whose sign or year is not said in both texts."""

import pytest

from assistant.language.agreement import agrees
from assistant.language.polarity import direction_of
from assistant.language.quantities import quantities


@pytest.mark.parametrize(
    ("claim", "source", "agreed"),
    [
        ("5%減", "▲5%", True),
        ("down 5%", "前年比−5%", True),
        ("−5%", "−5%", True),
        ("6%減", "▲5%", False),
        ("5月に", "2025年5月", True),
        ("5月に", "2025年6月", False),
        ("2023年", "2021-2023年", True),
        ("3万5,000台", "35,000 units", True),
        ("35%", "3割5分", True),
        ("$500k", "50万ドル", True),
        ("5 percentage points", "5ポイント", True),
        ("5 percentage points", "5%", False),
    ],
)
def test_a_claim_agrees_with_what_the_source_says_in_other_notation(claim, source, agreed):
    (wanted,) = quantities(claim)
    assert any(agrees(wanted, one) for one in quantities(source)) is agreed


@pytest.mark.parametrize("text", ["前年比▲5%", "△3%", "売上は-5.2%", "Sales: −5 %"])
def test_a_minus_points_down(text):
    assert direction_of(text) == "down"


@pytest.mark.parametrize("text", ["3-5%", "GPT-5", "2025-03-05"])
def test_a_dash_points_nowhere(text):
    assert direction_of(text) is None
