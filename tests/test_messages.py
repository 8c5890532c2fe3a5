"""What a person reads: every error has words and a hint in both languages, and the locale says which is shown."""

import ast
import re
import string
from pathlib import Path

import pytest

import assistant
from assistant import errors
from assistant.errors import ReadingError, StoreError, UsageError
from assistant.messages import ERRORS, WORDS, Message, explain, explain_code, interface_language, say
from assistant.types import Language

PACKAGE = Path(assistant.__file__).parent
TREE = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")


def raised() -> dict[str, list[set[str]]]:
    """Every code with which an error of ours is made anywhere in the package, with the names of its values."""
    found: dict[str, list[set[str]]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TREE and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    found.setdefault(code.value, []).append({keyword.arg or "" for keyword in node.keywords})
    return found


RAISED = raised()


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_errors_are_found_in_the_code():
    assert {"question_empty", "file_empty", "index_missing", "embedder_missing", "index_fingerprint"} <= set(RAISED)


@pytest.mark.parametrize("code", sorted(RAISED))
def test_an_error_that_is_raised_has_words_in_both_languages_and_a_hint(code):
    for japanese, english in ERRORS[code]:
        assert japanese.strip() and english.strip()
        assert JAPANESE.search(japanese)
        assert not JAPANESE.search(english)


@pytest.mark.parametrize("code", sorted(RAISED))
def test_the_values_that_a_message_shows_are_given_where_it_is_raised(code):
    shown = set().union(*(placeholders(text) for pair in ERRORS[code] for text in pair))
    for given in RAISED[code]:
        assert shown <= given or "" in given  # "" stands for **values


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_both_languages_say_the_same_values(code):
    for japanese, english in ERRORS[code]:
        assert placeholders(japanese) == placeholders(english)


@pytest.mark.parametrize("name", sorted(WORDS))
def test_both_languages_of_a_word_take_the_same_values(name):
    japanese, english = WORDS[name]
    assert japanese and english
    assert placeholders(japanese) == placeholders(english)


def test_an_error_is_explained_in_both_languages():
    error = UsageError("setting_unknown", name="llm.modle", origin="assistant.toml", nearest="llm.model")
    assert explain(error, Language.JA) == Message(
        "設定 llm.modle はありません（assistant.toml）。", "llm.model のことですか。"
    )
    assert explain(error, Language.EN) == Message(
        "There is no setting llm.modle (in assistant.toml).", "Did you mean llm.model?"
    )


def test_what_is_stored_of_an_error_is_explained_the_same():
    error = ReadingError("pdf_no_text", file="a.pdf", pages=3)
    assert explain_code("pdf_no_text", {"pages": "3"}, Language.EN) == explain(error, Language.EN)
    assert "3ページ" in explain(error, Language.JA).text


def test_braces_in_a_value_are_shown_as_they_are():
    assert explain(StoreError("index_missing", path="{0}{x}"), Language.EN).text == "There is no index yet (in {0}{x})."


def test_braces_of_an_example_are_shown():
    hint = explain(UsageError("history_invalid", path="h.json", reason="?"), Language.JA).hint
    assert hint == '[{"role": "user", "content": "…"}, …] の形のJSONにしてください。'


def test_a_missing_value_is_a_question_mark():
    assert explain(UsageError("config_missing"), Language.EN).text == "There is no settings file ?."
    assert explain(UsageError("config_missing"), Language.JA).text == "設定ファイル ? が見つかりません。"


def test_an_unknown_code_is_still_told():
    message = explain_code("nobody_knows", {"file": "a.txt"}, Language.EN)
    assert message.text == "Something unexpected happened: nobody_knows {'file': 'a.txt'}"
    assert explain_code("nobody_knows", {}, Language.JA).text.startswith("予期しない問題が起きました: nobody_knows")


def test_words_are_said_in_both_languages():
    assert say("sync_done", Language.JA, reports=2, passages=30, seconds=1.5) == "レポート2件、パッセージ30件（1.5秒）"
    assert say("sync_done", Language.EN, reports=2, passages=30, seconds=1.5) == "2 reports, 30 passages (1.5 s)"
    assert (say("page", Language.JA, page=3), say("page", Language.EN, page=3)) == ("3ページ", "p. 3")


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "ja_JP.UTF-8"}, Language.JA),
        ({"LANG": "en_GB.UTF-8"}, Language.EN),
        ({"LC_ALL": "ja_JP.UTF-8", "LANG": "en_US.UTF-8"}, Language.JA),
        ({"LC_ALL": "en_US.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8", "LANG": "ja_JP.UTF-8"}, Language.EN),
        ({"LC_MESSAGES": "ja_JP", "LANG": "en_US"}, Language.JA),
        ({"LANG": "C.UTF-8", "LANGUAGE": "ja:en"}, Language.JA),
        ({"LANG": "Japanese_Japan.932"}, Language.JA),
        ({"LANG": "de_DE.UTF-8"}, Language.EN),
    ],
)
def test_the_locale_says_the_language_of_the_interface(environ, language):
    assert interface_language("auto", environ) is language


@pytest.mark.parametrize("setting", ["ja", "en"])
def test_a_set_language_wins_over_the_locale(setting):
    other = {"LANG": "en_US.UTF-8" if setting == "ja" else "ja_JP.UTF-8"}
    assert interface_language(setting, other) == Language(setting)


def test_an_error_shows_its_code_and_values():
    assert str(UsageError("k_invalid", value=0)) == "k_invalid (value=0)"
    assert str(UsageError("question_empty")) == "question_empty"
    assert (UsageError("question_empty").exit_status, StoreError("index_missing", path=".").exit_status) == (2, 1)
