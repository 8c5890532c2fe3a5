"""An id of a report that was replaced or removed says so, and where its words are now; of removed ones no text is kept."""

import re
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.errors import CorpusError
from assistant.indexing.shelf import found_anew
from assistant.stores.catalog import FILE_NAME
from tests.conftest import NO_MODEL, write_corpus
from tests.reading.pdfs import pdf, words

FIRST = "# 展望\n\n工場の投資額は最大41億ユーロである。\n\n量産は2026年に始まる。\n"
SECOND = "# 展望\n\n前置きの段落である。\n\n工場の投資額は最大４１億 ユーロである。\n"
OTHER = "# 別の資料\n\n港の拡張は2027年に終わる。\n"
TODAY = date.today().isoformat()


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    made = Assistant.open(
        write_corpus(tmp_path / "corpus", {"a.md": FIRST, "b.md": OTHER}), tmp_path / "index", NO_MODEL
    )
    made.sync()
    return made


def id_of(assistant: Assistant, name: str, quote: str = "") -> str:
    report = assistant.report(name)
    start = report.text.index(quote)
    return f"{report.report_id}:{start}-{start + len(quote)}" if quote else report.report_id


def told(assistant: Assistant, name: str) -> tuple[str, dict[str, str]]:
    with pytest.raises(CorpusError) as raised:
        assistant.show(name)
    with pytest.raises(CorpusError, match=raised.value.code):
        assistant.reference(name)
    return raised.value.code, raised.value.values


def texts_kept(assistant: Assistant) -> int:
    with closing(sqlite3.connect(assistant.index_folder / FILE_NAME)) as db:
        return db.execute("SELECT COUNT(*) FROM gone WHERE payload IS NOT NULL").fetchone()[0]


def change(assistant: Assistant, name: str, text: str | None) -> None:
    path = assistant.corpus / name
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    assistant.sync()


def test_an_id_of_a_replaced_report_says_by_what_and_where_its_words_are_now(assistant: Assistant) -> None:
    report, found, lost = (
        id_of(assistant, "a.md"), id_of(assistant, "a.md", "最大41億ユーロ"), id_of(assistant, "a.md", "2026年"),
    )  # fmt: skip
    change(assistant, "a.md", SECOND)
    now = {"day": TODAY, "path": "a.md", "successor": id_of(assistant, "a.md")}
    assert told(assistant, report) == ("id_replaced", {"id": report, **now})
    assert told(assistant, report[:6]) == ("id_replaced", {"id": report[:6], **now})
    where = id_of(assistant, "a.md", "最大４１億 ユーロ")
    assert told(assistant, found) == ("id_replaced_found", {"id": found, **now, "where": where})
    assert told(assistant, lost) == ("id_replaced_lost", {"id": lost, **now})


def test_a_chain_of_replacements_leads_to_what_stands_there_now(assistant: Assistant) -> None:
    quote = id_of(assistant, "a.md", "最大41億ユーロ")
    for text in (SECOND, OTHER + "\n終わり。\n", FIRST + "\n補足がある。\n"):
        change(assistant, "a.md", text)
    code, values = told(assistant, quote)
    assert (code, values["where"]) == ("id_replaced_found", id_of(assistant, "a.md", "最大41億ユーロ"))


def test_the_page_of_the_words_is_named(assistant: Assistant) -> None:
    sentence = "Momenta came to Graz in 2025."
    path = assistant.corpus / "c.pdf"
    path.write_bytes(pdf([words(50, 80, sentence)]))
    assistant.sync()
    quote = id_of(assistant, "c.pdf", "Graz in 2025")
    path.write_bytes(pdf([words(50, 80, "A new cover page.")] * 11 + [words(50, 80, sentence)]))
    assistant.sync()
    assert re.match(r"p\. 12, [0-9a-f]{12}:\d+-\d+$", told(assistant, quote)[1]["where"])


def test_an_id_of_a_removed_report_says_when_and_its_text_is_forgotten(assistant: Assistant) -> None:
    quote = id_of(assistant, "a.md", "2026年")
    change(assistant, "a.md", SECOND)
    assert texts_kept(assistant) == 1
    second = id_of(assistant, "a.md")
    change(assistant, "a.md", None)
    assert texts_kept(assistant) == 0
    assert told(assistant, quote) == ("id_removed", {"id": quote, "day": TODAY, "path": "a.md"})
    assert told(assistant, second)[0] == "id_removed"


def test_a_report_that_comes_back_is_there_again(assistant: Assistant) -> None:
    quote = id_of(assistant, "a.md", "2026年")
    change(assistant, "a.md", SECOND)
    change(assistant, "a.md", FIRST)
    assert assistant.show(quote).text == "2026年"
    change(assistant, "b.md", None)
    assert assistant.show(quote).text == "2026年"


def test_a_moved_report_keeps_its_ids_and_what_it_overwrote_is_replaced(assistant: Assistant) -> None:
    quote, other = id_of(assistant, "a.md", "2026年"), id_of(assistant, "b.md")
    (assistant.corpus / "a.md").replace(assistant.corpus / "b.md")
    assistant.sync()
    assert assistant.show(quote).text == "2026年"
    assert told(assistant, other) == (
        "id_replaced", {"id": other, "day": TODAY, "path": "b.md", "successor": quote[:12]},
    )  # fmt: skip


def test_what_is_gone_outlives_an_index_that_has_to_be_made_anew(assistant: Assistant) -> None:
    quote = id_of(assistant, "a.md", "最大41億ユーロ")
    change(assistant, "a.md", SECOND)
    with closing(sqlite3.connect(assistant.index_folder / FILE_NAME)) as db:
        db.execute("UPDATE meta SET value = 'old' WHERE key = 'terms'")
        db.commit()
    assistant.index.close()
    assistant.sync()
    assert told(assistant, quote)[0] == "id_replaced"


def test_an_index_from_before_anything_was_remembered_is_still_read(assistant: Assistant) -> None:
    with closing(sqlite3.connect(assistant.index_folder / FILE_NAME)) as db:
        db.executescript(
            "DROP TABLE gone; DROP TRIGGER report_goes; DROP TRIGGER report_comes; DROP TRIGGER report_moves;"
        )
    assistant.index.close()
    assert told(assistant, "0123456789ab")[0] == "id_unknown"
    quote = id_of(assistant, "a.md", "2026年")
    change(assistant, "a.md", SECOND)
    assert told(assistant, quote)[0] == "id_replaced_lost"


def test_words_that_stand_twice_are_found_nearest_to_where_they_were() -> None:
    old = "x" * 80 + "売上は3割増えた。" + "x" * 20
    new = "売上は3割増えた。" + "y" * 80 + "売上は3割増えた。"
    assert found_anew(old, 80, 89, new) == (89, 98)
    assert found_anew(old, 80, 89, "売上は 3割\n増えた。") == (0, 11)
    assert found_anew(old, 80, 89, "利益は減った。") is None
