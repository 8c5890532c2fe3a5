"""Question files: what is read from JSON Lines and CSV, and that every bad line is named by file and line."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path, PurePosixPath

import pytest

from assistant import messages
from assistant.errors import UsageError
from assistant.evaluation.questions import LONGEST_LINE, Question, Type, check, load, read
from assistant.types import Language, Report, Source, Turn

FULL = {
    "id": "q1",
    "question": "投資額はいくらですか",
    "lang": "ja",
    "history": [{"role": "user", "content": "電池の話です"}],
    "must_include": [["41億ユーロ", "4.1 billion"], ["スペイン"]],
    "answer_ja": "最大41億ユーロです。",
    "answer_en": "Up to 4.1 billion euros.",
    "evidence": ["最大41億ユーロ"],
    "doc": "電池.md",
    "type": "number",
    "section": "left alone",
}
QUESTION = Question(
    id="q1",
    text="投資額はいくらですか",
    language=Language.JA,
    history=(Turn("user", "電池の話です"),),
    must_include=(("41億ユーロ", "4.1 billion"), ("スペイン",)),
    references=((Language.JA, "最大41億ユーロです。"), (Language.EN, "Up to 4.1 billion euros.")),
    evidence=("最大41億ユーロ",),
    doc="電池.md",
    type=Type.NUMBER,
    line=1,
)


def write(folder: Path, *lines: object, name: str = "q.jsonl", encoding: str = "utf-8") -> Path:
    path = folder / name
    told = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_bytes("\n".join(told).encode(encoding))
    return path


def problems(path: Path) -> list[tuple[str, str]]:
    """The codes and line numbers of a file's errors."""
    return [(error.code, error.values["line"]) for error in read(path)[1]]


def test_every_field_of_the_contract_is_read_and_other_fields_are_named(tmp_path: Path) -> None:
    assert load(write(tmp_path, FULL)) == (dataclasses.replace(QUESTION, ignored=("section",)),)


def test_a_space_in_an_alternative_or_in_evidence_counts_and_one_around_a_question_does_not(tmp_path: Path) -> None:
    row = {"id": " a ", "question": " x ", "must_include": [[" no "]], "evidence": [" y "], "doc": " d "}
    (found,) = load(write(tmp_path, row))
    assert (found.id, found.text, found.must_include, found.evidence) == ("a", "x", ((" no ",),), (" y ",))
    assert found.doc == "d"


def test_only_id_and_question_are_needed_and_the_language_is_that_of_the_question(tmp_path: Path) -> None:
    path = write(tmp_path, {"id": 7, "question": "When was it announced?"}, "", {"id": "b", "question": "いつですか"})
    first, second = load(path)
    assert (first.id, first.language, first.type, first.evidence) == ("7", Language.EN, None, ())
    assert (second.language, second.line) == (Language.JA, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_a_csv_from_excel_is_read_in_each_of_its_encodings(tmp_path: Path, encoding: str) -> None:
    cells = (
        "id,question,lang,history,must_include,answer_ja,answer_en,evidence,doc,type\r\n"
        'q1,投資額はいくらですか,ja,"[{""role"": ""user"", ""content"": ""電池の話です""}]",'
        '"41億ユーロ|4.1 billion\nスペイン",最大41億ユーロです。,Up to 4.1 billion euros.,最大41億ユーロ,電池.md,number\r\n'
    )
    path = write(tmp_path, cells, name="q.csv", encoding=encoding)
    assert load(path) == (dataclasses.replace(QUESTION, line=2),)


def test_a_csv_line_is_numbered_where_it_begins_even_after_a_cell_of_several_lines(tmp_path: Path) -> None:
    path = write(tmp_path, 'id,question,evidence\n1,a?,"x\ny"\n,b?,\n3,c?,,more\n4,d?,\n', name="q.csv")
    good, bad = read(path)
    assert [(one.id, one.line, one.evidence) for one in good] == [("1", 2, ("x", "y")), ("4", 6, ())]
    assert [(error.code, error.values["line"]) for error in bad] == [
        ("question_field_missing", "4"),
        ("question_line_invalid", "5"),
    ]
    assert bad[1].values["reason"] == "1 columns more than the header: ['more']"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"question": "x"}, "question_field_missing"),
        ({"id": "", "question": "x"}, "question_field_missing"),
        ({"id": "a", "question": "  "}, "question_field_missing"),
        ({"id": True, "question": "x"}, "question_field_invalid"),
        ({"id": "a", "question": ["x"]}, "question_field_invalid"),
        ({"id": "a", "question": "x", "type": "facts"}, "question_value_unknown"),
        ({"id": "a", "question": "x", "lang": "fr"}, "question_value_unknown"),
        ({"id": "a", "question": "x", "must_include": ["a"]}, "question_field_invalid"),
        ({"id": "a", "question": "x", "must_include": [[]]}, "question_field_invalid"),
        ({"id": "a", "question": "x", "must_include": [[""]]}, "question_field_invalid"),
        ({"id": "a", "question": "x", "evidence": "text"}, "question_field_invalid"),
        ({"id": "a", "question": "x", "evidence": ["　"]}, "question_field_invalid"),
        ({"id": "a", "question": "x", "history": [{"role": "system", "content": "x"}]}, "question_field_invalid"),
        ("[1, 2]", "question_line_invalid"),
        ('{"id": "a", "question": ', "question_line_invalid"),
        ("[" * 100_000, "question_line_invalid"),
        ('{"id": "a", "question": "' + "x" * 10_000_000 + '"}', "question_line_long"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_bad_line_is_named_and_the_others_are_still_read(tmp_path: Path, line: object, code: str) -> None:
    path = write(tmp_path, {"id": "first", "question": "x"}, line, {"id": "last", "question": "x"})
    good, _ = read(path)
    assert [one.id for one in good] == ["first", "last"]
    assert problems(path) == [(code, "2")]
    with pytest.raises(UsageError, match=code) as caught:
        load(path)
    for language in Language:
        told = messages.explain(caught.value, language)
        assert str(path) in told.text and "2" in told.text and "?" not in told.text.replace("?x", "")


def test_a_line_just_within_the_limit_is_read(tmp_path: Path) -> None:
    text = "x" * (LONGEST_LINE - 200)
    assert load(write(tmp_path, {"id": "a", "question": text}))[0].text == text


def test_an_id_that_stands_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    path = write(tmp_path, {"id": "a", "question": "x"}, {"id": "b", "question": "x"}, {"id": "a", "question": "y"})
    (error,) = read(path)[1]
    assert (error.code, error.values["line"], error.values["first"]) == ("question_id_twice", "3", "1")


def test_a_type_that_is_nearly_right_names_the_right_one(tmp_path: Path) -> None:
    (error,) = read(write(tmp_path, {"id": "a", "question": "x", "type": "cross_doc"}))[1]
    assert error.values["known"] == "cross-doc"


@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff"])
def test_an_empty_file_is_an_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(UsageError, match="questions_empty"):
        read(write(tmp_path, content))


def test_a_csv_of_a_header_alone_is_empty(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="questions_empty"):
        read(write(tmp_path, "id,question\n", name="q.csv"))


def test_a_csv_without_the_columns_names_those_it_has(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"questions_no_columns.*番号, 質問"):
        read(write(tmp_path, "番号,質問\n1,いつですか\n", name="q.csv"))


def test_a_missing_file_and_one_that_is_not_text_are_errors(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="file_missing"):
        read(tmp_path / "none.jsonl")
    (tmp_path / "p.jsonl").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    with pytest.raises(UsageError, match="questions_not_text"):
        read(tmp_path / "p.jsonl")


def test_evidence_that_no_report_holds_is_told_and_white_space_and_width_do_not_matter() -> None:
    text = "投資額は最大４１億\nユーロに達する。"
    report = Report("0" * 12, PurePosixPath("a.md"), "0" * 64, "text/markdown", Source(), text)
    asked = dataclasses.replace(QUESTION, evidence=("最大41億ユーロに", "最大14億ユーロ"))
    (unheld,) = check([asked], [report])
    assert (unheld.question.id, unheld.evidence) == ("q1", "最大14億ユーロ")
