"""Drawings of what surrounds a quote: which words are boxed, that every run has its place, and that nothing runs."""

import random
from pathlib import PurePosixPath
from xml.etree import ElementTree

import pytest

from assistant.reading import drawings, reader
from assistant.types import BlockKind, Report
from tests.reading.marks import SVG, drawn_inside, squeezed

PAGE = """# 電池産業の展望

## 投資

モメンタとBMWは2025年7月15日に協業を発表した。投資額は最大41億ユーロに達し、量産は2026年に始まる見込みである。

- 第一の項目はBMWの計画です。
- The second item says <b>nothing</b> & runs over "quotes".

表3 協業の一覧（単位：億元）

| No. | 企業 | 概要 |
|---|---|---|
| 3-1 | 百度 | 運転支援の共同開発 |
| 3-2 | CATL | スペインの電池工場。最大41億ユーロ |

注: 為替は2025年の平均である。
"""


def read(text: str, name: str = "a.md") -> Report:
    return reader.read(text.encode(), PurePosixPath(name))


def parsed(report: Report, start: int, end: int) -> ElementTree.Element:
    return ElementTree.fromstring(drawings.drawing(report, start, end))


def test_the_boxed_words_are_the_quote_and_no_others():
    report = read(PAGE)
    quote = "投資額は最大41億ユーロに達し、量産は2026年に始まる見込みである。"
    start = report.text.index(quote)
    assert drawn_inside(parsed(report, start, start + len(quote))) == quote


def test_a_row_is_boxed_cell_by_cell_under_its_headers():
    report = read(PAGE)
    row = next(block for block in report.blocks if block.row == "3-2")
    picture = parsed(report, row.start, row.end)
    assert drawn_inside(picture) == "3-2CATLスペインの電池工場。最大41億ユーロ"
    words = [run.text for run in picture.iter(f"{SVG}text")]
    assert [word for word in words if word in ("No.", "企業", "概要")] == ["No.", "企業", "概要"]
    left = {run.text: run.get("x") for run in picture.iter(f"{SVG}text")}
    assert left["企業"] == left["百度"] == left["CATL"]


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_any_span_is_boxed_exactly(name):
    report, chance = read(PAGE, name), random.Random(8)
    for _ in range(60):
        block = chance.choice(report.blocks)
        start = chance.randrange(block.start, block.end)
        end = chance.randrange(start, block.end) + 1
        assert squeezed(drawn_inside(parsed(report, start, end))) == squeezed(report.text[start:end])


def test_lines_stay_inside_the_paper_and_below_each_other():
    report = read(f"# 題\n\n{'長い段落の文章が続く、' * 40}\n\n{'A long line of words, ' * 40}\n")
    picture = parsed(report, 0, 1)
    runs = list(picture.iter(f"{SVG}text"))
    assert all(float(run.get("x", 0)) + float(run.get("textLength", 0)) <= 720 - 36 + 1 for run in runs)
    bases = [float(run.get("y", 0)) for run in runs]
    assert bases == sorted(bases) and len(set(bases)) == len(bases) > 20
    starts = [(run.text or " ")[0] for run in runs]
    assert not {"、", "。", ","} & set(starts)


def test_what_is_cut_off_above_is_named_by_its_headings():
    report = read("# 展望\n\n## 投資\n\n" + "".join(f"第{n}の段落である。{'続く文。' * 20}\n\n" for n in range(200)))
    at = report.text.index("第150の段落")
    picture = parsed(report, at, at + 8)
    words = [run.text or "" for run in picture.iter(f"{SVG}text")]
    assert words[0] == "展望 › 投資" and not any("第0の" in word for word in words) and len(words) < 120


def test_markup_and_control_characters_are_only_words():
    report = read("<script>alert(1)</script> & \x0b\x01 end of it.\n\nSecond paragraph.\n", "a.txt")
    picture = parsed(report, 0, 10)
    assert {element.tag.removeprefix(SVG) for element in picture.iter()} <= {"svg", "title", "style", "rect", "text"}
    assert drawn_inside(picture) == report.text[:10]


def test_words_between_blocks_can_be_boxed_too():
    report = read(PAGE)
    start = report.text.index("No.")
    assert all(block.kind is not BlockKind.TABLE_ROW or block.start > start for block in report.blocks)
    assert squeezed(drawn_inside(parsed(report, start, start + 6))) == squeezed(report.text[start : start + 6])
