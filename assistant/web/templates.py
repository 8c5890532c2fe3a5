"""The page's HTML: the Jinja templates in `templates/`. Pure.

Whatever a template shows is escaped as `markup.escape` does it, but for HTML that is marked as such (`Markup`). Line
breaks and indentation of a template mean nothing: beside a tag or an expression they are left out, elsewhere a space.
"""

from __future__ import annotations

import json
import re
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from assistant.language.text import join_wrapped, language_of
from assistant.types import Language
from assistant.web.markup import escape
from assistant.web.words import word, word_or

_BREAK = re.compile(r"(?<=[>}])\s*\n\s*|\s*\n\s*(?=[<{]|$)")


def render(name: str, language: Language, **values: object) -> str:
    """A template filled in; in it `say` gives the words of the page in the language, `say_or` other words where there are none."""
    spoken = {"say": partial(word, language=language), "say_or": partial(word_or, language=language)}
    return _environment().get_template(f"{name}.html").render(values, language=language, **spoken)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("assistant.web"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        extensions=[_WithoutBreaks],
    )
    made.filters.update(joined=join_wrapped, spoken=language_of, json=partial(json.dumps, ensure_ascii=False))
    return made


def _shown(value: Any) -> Any:
    return value if hasattr(value, "__html__") else Markup(escape(str(value)))


class _WithoutBreaks(Extension):
    """Takes line breaks and indentation out of a template."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"\s*\n\s*", " ", _BREAK.sub("", source))
