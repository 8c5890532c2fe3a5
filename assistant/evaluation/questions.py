"""Question files: JSON Lines or CSV in, `Question`s out, every bad line named. Reads the file that it is given."""

from __future__ import annotations

import csv
import difflib
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from assistant.errors import ReadingError, UsageError
from assistant.language.text import language_of
from assistant.reading.encodings import decode
from assistant.types import Language, Report, Turn

LONGEST_LINE = 1_000_000


class Type(StrEnum):
    """The types of question that the contract knows."""

    FACT = "fact"
    TABLE = "table"
    NUMBER = "number"
    LIST = "list"
    COMPARE = "compare"
    DEFINITION = "definition"
    WHY = "why"
    OVERVIEW = "overview"
    CROSS_DOC = "cross-doc"
    PARAPHRASE = "paraphrase"
    FOLLOWUP = "followup"
    FALSE_PREMISE = "false-premise"
    UNANSWERABLE = "unanswerable"


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what is known of its answer.

    `language` is the line's `lang`, else the language that the question is written in. `must_include` holds groups of
    alternatives, `references` pairs of a language (None where the line does not say) and an answer. `line` is where it
    stands in its file (1-based), `ignored` names its fields that the contract does not know: they mean nothing here.
    """

    id: str
    text: str
    language: Language
    history: tuple[Turn, ...] = ()
    must_include: tuple[tuple[str, ...], ...] = ()
    references: tuple[tuple[Language | None, str], ...] = ()
    evidence: tuple[str, ...] = ()
    doc: str | None = None
    type: Type | None = None
    line: int = 0
    ignored: tuple[str, ...] = ()

    @property
    def is_answerable(self) -> bool:
        """False for the questions that the reports do not answer: abstaining is right there, and nowhere else."""
        return self.type is not Type.UNANSWERABLE


@dataclass(frozen=True, slots=True)
class Unheld:
    """A piece of evidence that no report holds."""

    question: Question
    evidence: str


def load(path: Path) -> tuple[Question, ...]:
    """The questions of a file; UsageError for the first bad line, or when there is none at all."""
    questions, problems = read(path)
    if problems:
        raise problems[0]
    return questions


def read(path: Path) -> tuple[tuple[Question, ...], tuple[UsageError, ...]]:
    """The good lines of a file as questions and the bad ones as errors that name file and line.

    `*.csv` is CSV, anything else JSON Lines; UTF-8 with or without a mark, UTF-16, Shift_JIS as Excel writes it. In CSV
    `must_include`, `evidence` and `history` are JSON as in JSON Lines, or plain: `must_include` a group a line with `|`
    between alternatives, `evidence` a text a line. Empty cells are absent fields. Fields that the contract does not
    name are named by their question. Errors: UsageError when the file cannot be read at all.
    """
    text = _text(path)
    rows = _csv_rows(text, path) if path.suffix.lower() == ".csv" else _json_rows(text, path)
    questions: dict[str, Question] = {}
    problems: list[UsageError] = []
    for line, row in rows:
        try:
            question = _question(row, line)
            if question.id in questions:
                raise _LineError("question_id_twice", id=question.id, first=questions[question.id].line)
            questions[question.id] = question
        except _LineError as bad:
            problems.append(UsageError(bad.code, path=path, line=line, **bad.values))
    if not questions and not problems:
        raise UsageError("questions_empty", path=path)
    return tuple(questions.values()), tuple(problems)


def check(questions: Sequence[Question], reports: Iterable[Report]) -> tuple[Unheld, ...]:
    """The evidence that no report holds, compared as the contract says: after NFKC, with white space removed."""
    missing = {(question.id, words): Unheld(question, words) for question in questions for words in question.evidence}
    for report in reports:
        text = normalised(report.text)
        missing = {key: unheld for key, unheld in missing.items() if normalised(unheld.evidence) not in text}
    return tuple(missing.values())


def normalised(text: str) -> str:
    """Text as evidence is compared: after NFKC, with white space removed (CONTRACT.md, "Question files")."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _said(words: str) -> str:
    """Words that say something: blank ones would be found everywhere, damaged ones nowhere."""
    if not normalised(words) or "\ufffd" in words:
        raise ValueError("it is blank, or holds bytes that are not text")
    return words


_Words = Annotated[str, AfterValidator(_said)]  # as they stand: a space in them counts
_Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_said)]


class _LineError(Exception):
    """What is wrong with one line; becomes a UsageError with its place."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def _text(path: Path) -> str:
    try:
        return decode(path.read_bytes(), path.name)
    except OSError as error:
        raise UsageError("file_missing", path=path, reason=error.strerror or error) from error
    except ReadingError as error:
        code = "questions_empty" if error.code == "file_empty" else "questions_not_text"
        raise UsageError(code, path=path) from error


def _json_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, Any] | _LineError]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, _json_row(line)


def _json_row(line: str) -> Mapping[str, Any] | _LineError:
    """The object of a line; what is wrong with it comes back as a value, so that the other lines are read too."""
    if len(line) > LONGEST_LINE:
        return _LineError("question_line_long", length=len(line), limit=LONGEST_LINE)
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _LineError("question_line_invalid", reason=error)
    return row if isinstance(row, dict) else _LineError("question_line_invalid", reason=f"not an object: {line[:40]}")


def _csv_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, Any] | _LineError]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    names = [name.strip() for name in reader.fieldnames or ()]
    if not {"id", "question"} <= set(names):
        raise UsageError("questions_no_columns", path=path, found=", ".join(names)[:200])
    reader.fieldnames = names
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield line, _LineError("question_line_invalid", reason=error)
            continue
        if row is None:
            return
        yield line, _csv_row(row)


def _csv_row(row: Mapping[str, Any]) -> Mapping[str, Any] | _LineError:
    if row.get(""):
        return _LineError(
            "question_line_invalid", reason=f"{len(row[''])} columns more than the header: {row['']}"[:200]
        )
    cells = {name: cell for name, cell in row.items() if cell and cell.strip()}
    try:
        return {name: _cell(name, cell) for name, cell in cells.items()}
    except (ValueError, RecursionError) as error:
        return _LineError("question_line_invalid", reason=error)


def _cell(name: str, cell: str) -> Any:
    if name not in ("must_include", "evidence", "history"):
        return cell.strip()
    if cell.lstrip().startswith("["):
        return json.loads(cell)
    lines = [line.strip() for line in cell.splitlines() if line.strip()]
    return [[one.strip() for one in line.split("|")] for line in lines] if name == "must_include" else lines


class _Turn(BaseModel):
    role: Literal["user", "assistant"]
    content: str


class _Row(BaseModel):
    """A line's fields as the contract has them; blank ones were taken out before."""

    model_config = ConfigDict(strict=True, extra="allow")

    id: _Text | int
    question: _Text
    lang: Annotated[Language | None, Field(strict=False)] = None
    history: list[_Turn] = []
    must_include: list[Annotated[list[_Words], Field(min_length=1)]] = []
    answer: _Text | None = None
    answer_ja: _Text | None = None
    answer_en: _Text | None = None
    evidence: list[_Words] = []
    doc: _Text | None = None
    type: Annotated[Type | None, Field(strict=False)] = None

    @property
    def references(self) -> Iterator[tuple[Language | None, str]]:
        """The reference answers with their languages."""
        for language, text in ((None, self.answer), (Language.JA, self.answer_ja), (Language.EN, self.answer_en)):
            if text is not None:
                yield language, text


def _question(row: Mapping[str, Any] | _LineError, line: int) -> Question:
    if isinstance(row, _LineError):
        raise row
    try:
        known = _Row.model_validate({name: value for name, value in row.items() if not _is_blank(value)})
    except ValidationError as error:
        raise _told(error.errors()[0]) from error
    return Question(
        id=str(known.id),
        text=known.question,
        language=known.lang or language_of(known.question),
        history=tuple(Turn(turn.role, turn.content) for turn in known.history),
        must_include=tuple(tuple(group) for group in known.must_include),
        references=tuple(known.references),
        evidence=tuple(known.evidence),
        doc=known.doc,
        type=known.type,
        line=line,
        ignored=tuple(known.model_extra or ()),
    )


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _told(error: ErrorDetails) -> _LineError:
    """What pydantic found first, in our words."""
    field, value = str(error["loc"][0]), error["input"]
    if error["type"] == "missing" and len(error["loc"]) == 1:
        return _LineError("question_field_missing", field=field)
    if error["type"] == "enum" and isinstance(value, str):
        known = [str(choice) for choice in {"lang": Language, "type": Type}[field]]
        nearest = difflib.get_close_matches(value, known, 1, 0.5) or known
        return _LineError("question_value_unknown", field=field, value=value[:40], known=", ".join(nearest))
    return _LineError(
        "question_field_invalid", field=field, reason=f"{error['msg'].removeprefix('Value error, ')}: {value!r}"[:200]
    )
