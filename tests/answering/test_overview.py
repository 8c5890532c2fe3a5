"""Overviews: title, author and date of a report, then the leading sentence of each of its sections, cited."""

from pathlib import Path, PurePosixPath

import pytest

from assistant.answering.overview import byline, leading
from assistant.assistant import Assistant
from assistant.indexing.passages import split
from assistant.reading import reader
from assistant.types import Source, Status
from tests.conftest import Shipped, write_corpus

TEXT = """# 題

## 一

電池工場はスペインに建てられ、量産は2026年に始まる。工場の規模は大きいと説明している。

## 二

短い。

出所: 各社の資料をもとに作成したものである。

## 三

自動運転の車両がシンガポールで試験を受けている。
"""


def sentences(most: int) -> list[str]:
    passages = split(reader.read(TEXT.encode(), PurePosixPath("a.md")))
    return [passage.words(unit.start, unit.end) for passage, unit in leading(passages, most)]


def test_each_section_gives_its_first_sentence_that_says_something() -> None:
    assert sentences(9) == [
        "電池工場はスペインに建てられ、量産は2026年に始まる。",
        "自動運転の車両がシンガポールで試験を受けている。",
    ]
    assert len(sentences(1)) == 1


def test_a_byline_names_what_is_known() -> None:
    assert byline("題", Source(author="山田", issued="2025-12-04")) == "題 · 山田 · 2025-12-04"


def test_a_summary_without_a_model_gives_every_report_its_share(shipped: Shipped) -> None:
    answer = shipped.assistant.ask("このレポートを要約してください")
    heads = [line for line in answer.text.splitlines() if line.startswith("### ")]
    assert len(heads) == len(shipped.assistant.reports())
    assert len(answer.text) <= 1200
    assert {citation.report.report_id for citation in answer.citations} == {
        ref.report_id for ref in shipped.assistant.reports()
    }
    for claim in answer.claims:
        assert answer.text[claim.start : claim.end] == claim.text


@pytest.mark.parametrize(
    ("question", "remark"),
    [
        ("このレポートを要約してください", "（ほかにレポートが14件あります。）"),
        ("Summarise the reports", "(There are 14 more reports.)"),
    ],
)
def test_of_many_reports_the_first_are_told_and_the_others_counted(question: str, remark: str, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", {f"{n:02}.md": TEXT.replace("# 題", f"# 題{n}") for n in range(20)})
    made = Assistant.open(corpus, tmp_path / "index")
    made.sync()
    answer = made.ask(question)
    assert (answer.status, answer.text.count("### ")) == (Status.PARTIAL, 6)
    assert answer.text.endswith(remark)
