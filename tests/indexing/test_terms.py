"""The quantities of a text are found in what stands around its digits alone: the rest of it says none."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.indexing.terms import search_terms
from assistant.language.quantities import quantity_terms

PIECES = (
    *(
        "最大41億ユーロ",
        "令和元年",
        "３割5分",
        "2025年7月15日",
        "㋀3日",
        "一つ",
        "数百万",
        "約3.6万社",
        "⼀億",
        "第3章",
    ),
    *("from two to 3 times", "€4.1 billion", "July 4-6, 2024", "10-K", "https://example.com/a/2024/05/1,000", "①5%"),
    *("、", "。", "\n", " ", "工場" * 30, "the plant and its workers " * 4, "12 percentage points", "half of them"),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_no_quantity_is_lost_or_made_between_the_stretches_that_are_read(text: str) -> None:
    assert list(search_terms(text).quantities) == quantity_terms(text)
