"""The glossary: what is read from its lines, and how each mistake is told with its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import CorpusError
from assistant.language.glossary import Entry, parse


def pairs(text: str) -> list[tuple[str, str, bool, int]]:
    """What `parse` finds, as plain tuples."""
    return [(entry.name, entry.other, entry.is_same, entry.line) for entry in parse(text, "glossary.csv")]


def test_each_line_is_a_pair_of_names() -> None:
    text = "ja,en,relation,note\n架空電池,Kaku Cells,same,2025年に改称\n架空電池,Kakuu Motors,not,\n理想,Li Auto\n"
    assert pairs(text) == [
        ("架空電池", "Kaku Cells", True, 2),
        ("架空電池", "Kakuu Motors", False, 3),
        ("理想", "Li Auto", True, 4),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "en,ja\nLi Auto,理想\n",
        "JA,EN\n理想,Li Auto",
        "ｊａ；ｅｎ\n理想；Li Auto".replace("；", ";"),
        "ja\ten\r\n理想\tLi Auto\r\n",
        "\n\nja,en\n\n,,\n 理想 , Li  Auto \n",
        'ja,en\n"理想","Li Auto"\n理想,Li Auto\n',
        "note,ja,en,relation\nx,理想,Li Auto,SAME",
    ],
)
def test_order_case_width_delimiters_and_empty_lines_make_no_difference(text: str) -> None:
    ((name, other, is_same, _),) = pairs(text)
    assert (name, other, is_same) == ("理想", "Li Auto", True)


def test_a_quoted_cell_may_hold_commas_and_line_breaks_and_lines_are_still_counted() -> None:
    text = 'ja,en,note\n理想,"Li Auto, Inc.","一\n二"\n蔚来,,\n'
    with pytest.raises(CorpusError, match=r"glossary_cell_empty .*line=4.*column=en"):
        parse(text, "glossary.csv")


@pytest.mark.parametrize("text", ["", "\n\n", "ja,en\n", "ja,en,relation\n\n"])
def test_a_glossary_may_be_empty(text: str) -> None:
    assert pairs(text) == []


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("理想,Li Auto\n", "glossary_columns .*line=1, found=理想, Li Auto"),
        ("ja,en,fr\n", "glossary_columns .*line=1"),
        ("ja\n理想\n", "glossary_columns .*line=1"),
        ("ja,en,en\n", "glossary_columns .*line=1"),
        ("ja,en\n理想,Li,Auto\n", "glossary_cells .*line=2, found=3, expected=2"),
        ("ja,en\n理想,\n", "glossary_cell_empty .*line=2, column=en"),
        ("ja,en\n\n ,Li Auto\n", "glossary_cell_empty .*line=3, column=ja"),
        ("ja,en,relation\n理想,Li Auto,maybe\n", "glossary_relation .*line=2, value=maybe"),
        ("ja,en,relation\n理想,Li Auto,\n理想,Li Auto,not\n", "glossary_conflict .*line=3.*before=2"),
        ("ja,en,relation\nLi Auto,理想,not\n理想,LI  AUTO,same\n", "glossary_conflict .*line=3.*before=2"),
        ("ja,en,relation\nホンダ,Honda,not\n", "glossary_alike .*line=2"),
        ("ja,en,relation\n日立,Hitachi,not\n", "glossary_alike .*line=2"),
        ("ja,en\n理\ufffd,Li Auto\n", "glossary_damaged .*line=2"),
        ('ja,en\n理想,"' + "x" * 200_000 + "\n", "glossary_unreadable .*reason=2: "),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, error: str) -> None:
    with pytest.raises(CorpusError, match=error):
        parse(text, "glossary.csv")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='ja,en;\t"\n\r理想Li同not \ufffd', max_size=60))
def test_whatever_is_written_gives_pairs_or_an_error_with_words(text: str) -> None:
    try:
        found = parse("ja,en,relation\n" + text, "glossary.csv")
    except CorpusError as error:
        assert error.code.startswith("glossary_")
    else:
        assert all(isinstance(entry, Entry) and entry.name and entry.other for entry in found)
