"""What a question demands of dates and amounts, told in both languages."""

import pytest

from assistant.language.conditions import amount_conditions, date_conditions
from assistant.language.quantities import quantities

DAYS = ("2024年12月10日", "2025年3月26日", "2025年7月15日", "2025年7月", "2025年9月5日", "2026年1月3日")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2024年12月と2025年7月15日の提携", [0, 2]),
        ("in 2025", [1, 2, 3, 4]),
        ("since July 2025", [2, 3, 4, 5]),
        ("2025年7月15日より後", [4, 5]),
        ("2025年7月15日以前", [0, 1, 2]),
        ("before 2025", [0]),
        ("after 2025", [5]),
        ("by the end of 2025", [0, 1, 2, 3, 4]),
        ("between March and July 2025", [1, 2, 3]),
        ("in March and September 2025", [1, 4]),
        ("2025年3月から7月まで", [1, 2, 3]),
        ("from 2024 to 2025", [0, 1, 2, 3, 4]),
        ("between 26 March 2025 and 15 July 2025", [1, 2]),
        ("in the second half of 2025", [2, 3, 4]),
        ("2025年第1四半期", [1]),
        ("いつですか", []),
    ],
)
def test_a_date_lies_in_what_is_asked_for(question: str, expected: list[int]) -> None:
    conditions = date_conditions(question)
    said = [quantities(day)[0] for day in DAYS]
    assert [at for at, one in enumerate(said) if any(holds(one) for holds in conditions)] == expected


@pytest.mark.parametrize(
    ("question", "amount", "expected"),
    [
        ("41億ユーロの提携", "4.1 billion euros", True),
        ("over 1 billion euros", "10億ユーロ", False),
        ("at least 1 billion euros", "10億ユーロ", True),
        ("1兆円以上", "2兆円", True),
        ("1兆円以上", "41億ユーロ", False),
        ("5%未満", "5%", False),
        ("up to 5 percent", "5%", True),
        ("10億ユーロ以上50億ユーロ未満", "60億ユーロ", False),
    ],
)
def test_an_amount_meets_every_bound(question: str, amount: str, expected: bool) -> None:
    conditions = amount_conditions(question)
    assert conditions and all(holds(quantities(amount)[0]) for holds in conditions) is expected


def test_what_is_counted_is_no_condition() -> None:
    assert amount_conditions("3社以上の会社と2つの理由") == []
