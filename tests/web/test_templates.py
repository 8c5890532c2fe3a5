"""Templates of the page: what they show is escaped, and how they are laid out in their files does not show."""

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from assistant.types import Language
from assistant.web import templates


def test_what_is_shown_is_escaped_and_html_is_not() -> None:
    shown = templates.render("error", Language.EN, text="<b>\u202efdp", hint=Markup("<i>as it is</i>"))
    assert "<p>&lt;b&gt;[U+202E]fdp</p><p><i>as it is</i></p>" in shown
    assert shown.startswith('<div class="reply" lang="en"><div class="error" role="alert">')


def test_line_breaks_mean_nothing_beside_tags_and_a_space_inside_them() -> None:
    reader = templates.render("reader", Language.JA, longest=9)
    assert "\n" not in reader and "> " not in reader
    assert 'maxlength="9" placeholder="このレポート内を検索"' in reader


def test_a_value_that_a_template_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="longest"):
        templates.render("reader", Language.EN)
