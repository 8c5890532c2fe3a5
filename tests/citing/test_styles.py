"""References in every style, in both languages, with hostile strings, and read back by real parsers."""

import csv
import io
import json
from dataclasses import replace
from itertools import accumulate
from pathlib import PurePosixPath

import bibtexparser
import pytest
import rispy

from assistant.citing.styles import STYLES, Reference, render
from assistant.errors import UsageError
from assistant.types import Block, BlockKind, Cell, Language, ReportRef, Source

SOURCE = Source("電池の提携", "山田太郎", "例示研究所", "2025-12-04", "https://example.org/report", "ja")
REF = ReportRef("0123456789ab", PurePosixPath("batteries.pdf"), SOURCE)
BLOCK = Block(BlockKind.TABLE_ROW, 10, 30, 3, ("第2章", "提携"), "表3：電池の提携", "3-2")
WHOLE = Reference(REF.report_id, REF)
PLACE = Reference("0123456789ab:10-30", REF, BLOCK, "最大41億ユーロ")
HOSTILE = '=cmd|x}{\\&%$#_~^"\n@evil{a, title={b}}\nER  - \nTY  - JOUR <script>'


def of(**facts: str | None) -> Reference:
    return replace(PLACE, report=replace(REF, source=replace(SOURCE, **facts)))


@pytest.mark.parametrize(
    ("reference", "style", "language", "text"),
    [
        (PLACE, "source", "ja", "出所：例示研究所「電池の提携」（2025年12月4日）p. 3、表3、「3-2」の行より"),
        (PLACE, "source", "en", "Source: 例示研究所, “電池の提携” (4 December 2025), p. 3, 表3, row 3-2."),
        (WHOLE, "source", "ja", "出所：例示研究所「電池の提携」（2025年12月4日）より"),
        (PLACE, "sist02", "ja", "山田太郎. 電池の提携. 例示研究所, 2025-12-04, p. 3、表3、「3-2」の行. https://example.org/report"),
        (PLACE, "apa", "en", "山田太郎. (2025, December 4). 電池の提携 (p. 3, 表3, row 3-2). 例示研究所. https://example.org/report"),
        (of(author=None, issued="2025-12"), "apa", "en", "例示研究所. (2025, December). 電池の提携 (p. 3, 表3, row 3-2). https://example.org/report"),
        (of(author=None, publisher=None, issued=None, url=None), "apa", "en", "電池の提携 (p. 3, 表3, row 3-2). (n.d.)."),
        (of(digest_of="電池白書"), "source", "en", "Source: 例示研究所, “digest of 電池白書” (4 December 2025), p. 3, 表3, row 3-2."),
        (of(digest_of="電池白書", issued="2025"), "source", "ja", "出所：例示研究所「電池白書（要約）」（2025年）p. 3、表3、「3-2」の行より"),
    ],
)  # fmt: skip
def test_a_reference_reads_as_its_style_wants(reference: Reference, style: str, language: str, text: str) -> None:
    assert render([reference], style, Language(language)) == text


@pytest.mark.parametrize(
    ("span", "ja", "en"),
    [
        ((14, 30), "p. 3、表3、「3-2」の行、「投資額 2025年」の列より", "p. 3, 表3, row 3-2, column 投資額 2025年."),
        ((16, 20), "p. 3、表3、「3-2」の行、「投資額 2025年」の列より", "p. 3, 表3, row 3-2, column 投資額 2025年."),
        ((10, 30), "p. 3、表3、「3-2」の行より", "p. 3, 表3, row 3-2."),
    ],
)
def test_a_cell_is_named_by_its_row_and_its_header(span: tuple[int, int], ja: str, en: str) -> None:
    block = replace(BLOCK, cells=(Cell("番号", 10, 13), Cell("投資額 2025年", 14, 30)))
    cell = replace(PLACE, id=f"0123456789ab:{span[0]}-{span[1]}", block=block)
    assert render([cell], "source", Language.JA).endswith(ja)
    assert render([cell], "source", Language.EN).endswith(en)


def test_a_place_without_table_or_row_is_named_by_its_heading() -> None:
    heading = replace(PLACE, block=replace(BLOCK, caption=None, row=None, page=None))
    assert render([heading], "source", Language.EN).endswith("(4 December 2025), “提携”.")


@pytest.mark.parametrize("value", ["電池の提携", HOSTILE])
def test_bibtex_parses_back(value: str) -> None:
    library = bibtexparser.parse_string(render([of(title=value, author=value), WHOLE], "bibtex", Language.EN))
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == ["r0123456789ab-10-30", "r0123456789ab"]
    fields = library.entries[0].fields_dict
    assert (fields["year"].value, fields["note"].value) == ("2025", "p. 3, 表3, row 3-2")
    assert library.entries[1].fields_dict["title"].value.strip("{}") == "電池の提携"


def test_bibtex_has_no_brace_that_opens_or_closes_too_much() -> None:
    """BibTeX itself counts braces whatever stands before them, so an escaped one ends a value as well."""
    text = render([of(title=HOSTILE, author=HOSTILE, url=HOSTILE), WHOLE], "bibtex", Language.EN)
    depths = list(accumulate({"{": 1, "}": -1}.get(character, 0) for character in text))
    assert min(depths) == 0 and depths[-1] == 0
    assert [at for at, line in enumerate(text.split("\n")) if line.startswith("@")] == [
        0,
        text.count("\n", 0, text.index("@techreport", 1)),
    ]


@pytest.mark.parametrize("value", ["電池の提携", HOSTILE])
def test_ris_parses_back(value: str) -> None:
    first, second = rispy.loads(render([of(title=value), WHOLE], "ris", Language.JA))
    assert (first["type_of_reference"], first["title"]) == ("RPRT", " ".join(value.split()))
    assert (second["authors"], second["year"]) == (["山田太郎"], "2025")


@pytest.mark.parametrize("value", ["電池の提携", HOSTILE])
def test_csl_json_parses_back(value: str) -> None:
    (item,) = json.loads(render([of(title=value)], "csl-json", Language.EN))
    assert (item["title"], item["issued"]) == (value, {"date-parts": [[2025, 12, 4]]})


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", " ＋1", HOSTILE])
def test_an_evidence_sheet_holds_no_formula(value: str) -> None:
    place = replace(of(title=value, publisher=value, issued=value), quote=value, claim=value, verdict=value)
    place = replace(place, block=replace(BLOCK, row=value, heading_path=(value,)))
    header, row = csv.reader(io.StringIO(render([place], "csv", Language.EN)))
    assert len(row) == len(header) and sum(cell.startswith("'") or "cmd" in cell for cell in row) == 8
    assert not any(cell.startswith(("=", "+", "-", "@", "＝", "＋")) for cell in row)


def test_markdown_shows_hostile_strings_as_text_and_links_only_to_web_pages() -> None:
    assert "\\<script\\>" in render([of(title="<script>")], "markdown", Language.EN)
    assert "javascript" not in render([of(url="javascript:alert(1)")], "markdown", Language.EN)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("language", Language)
def test_every_style_writes_a_report_of_which_nothing_is_known(style: str, language: Language) -> None:
    bare = Reference("0123456789ab", ReportRef("0123456789ab", PurePosixPath("x.txt"), Source()))
    assert "x" in render([bare], style, language)


def test_an_unknown_style_names_the_nearest() -> None:
    with pytest.raises(UsageError) as raised:
        render([WHOLE], "bibtx", Language.EN)
    assert raised.value.values["nearest"] == "bibtex"
