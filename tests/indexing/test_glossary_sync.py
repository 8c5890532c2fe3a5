"""The glossary beside the corpus: read at sync, in force at once, never embedding again, and never losing the index."""

from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.errors import CorpusError
from assistant.indexing.sync import read_glossary, sync
from assistant.stores import generations
from assistant.types import Passage, Verdict
from tests.conftest import NO_MODEL, CountingEmbedder, write_corpus

REPORTS: dict[str, str | bytes] = {
    "one.md": "# 動向\n\n架空電池(カクセル)は工場を建てた。\n\n## 他社\n\n虚構汽車は撤退した。\n",
    "two.md": "# Outlook\n\nFabled Motors opened a laboratory.\n\n## Costs\n\nThe price of cobalt fell.\n",
}


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    return Assistant.open(write_corpus(tmp_path / "corpus", REPORTS), tmp_path / "index", NO_MODEL)


def write(assistant: Assistant, text: str | bytes) -> None:
    write_corpus(assistant.corpus, {"glossary.csv": text})


def worded(assistant: Assistant, question: str) -> str:
    """The texts that the search for words found."""
    hits = assistant.search(assistant.understand(question))
    return "\n".join(hit.passage.text for hit in hits if any(by.source == "sparse" for by in hit.contributions))


def passage(assistant: Assistant, words: str) -> Passage:
    every = [p for ref in assistant.reports() for p in assistant.index.catalog.passages_of(ref.report_id)]
    return next(p for p in every if words in p.text)


def test_a_pair_takes_effect_at_the_next_sync_in_questions_and_in_the_check(assistant: Assistant) -> None:
    assistant.sync()
    fingerprint = assistant.fingerprint
    claim = "Fabled Motors pulled out."
    source = passage(assistant, "虚構汽車")
    assert "虚構汽車" not in worded(assistant, "What became of Fabled Motors?")
    assert assistant.verifier().verify(claim, [source]).verdict is Verdict.UNSUPPORTED
    write(assistant, "ja,en\n虚構汽車,Fabled Motors\n")
    assert assistant.sync().unchanged == 2
    assert assistant.fingerprint != fingerprint
    assert "虚構汽車" in worded(assistant, "What became of Fabled Motors?")
    assert "laboratory" in worded(assistant, "虚構汽車の研究所")
    names = [check for check in assistant.verifier().verify(claim, [source]).checks if check.kind == "name"]
    assert [(check.ok, check.claim) for check in names] == [(True, "Fabled Motors")]


def test_a_pair_kept_apart_takes_back_what_a_report_equates(assistant: Assistant) -> None:
    assistant.sync()
    assert [(alias.name, alias.other) for alias, _ in assistant.aliases()] == [("架空電池", "カクセル")]
    write(assistant, "ja,en,relation\n架空電池,カクセル,not\n")
    assistant.sync()
    assert assistant.aliases() == []
    assert [(entry.name, entry.is_same, entry.line) for entry in assistant.glossary()] == [("架空電池", False, 2)]
    (assistant.corpus / "glossary.csv").unlink()
    assistant.sync()
    assert len(assistant.aliases()) == 1 and assistant.glossary() == ()


def test_nothing_is_embedded_again_and_the_state_is_a_fresh_builds(tmp_path: Path, embedder: CountingEmbedder) -> None:
    corpus = write_corpus(tmp_path / "corpus", REPORTS)
    sync(corpus, tmp_path / "index", embedder=embedder)
    count = len(embedder.passages)
    before = generations.load(tmp_path / "index").state
    for text in ("ja,en\n虚構汽車,Fabled Motors\n", "ja,en\n虚構汽車,Fabled\n"):
        write_corpus(corpus, {"glossary.csv": text})
        sync(corpus, tmp_path / "index", embedder=embedder)
    assert len(embedder.passages) == count
    sync(corpus, tmp_path / "fresh", embedder=embedder)
    state = generations.load(tmp_path / "index").state
    assert state == generations.load(tmp_path / "fresh").state != before
    (corpus / "glossary.csv").unlink()
    sync(corpus, tmp_path / "index", embedder=embedder)
    assert generations.load(tmp_path / "index").state == before


def test_a_glossary_is_no_report(assistant: Assistant) -> None:
    write(assistant, "ja,en\n虚構汽車,Fabled Motors\n")
    result = assistant.sync()
    assert (result.reports, result.failed) == (2, ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_what_spreadsheets_save_is_read(assistant: Assistant, encoding: str) -> None:
    text = "ja,en,note\r\n虚構汽車,Fabled Motors,架空のメーカーです\r\n"
    write(assistant, text.encode(encoding))
    assert [(entry.name, entry.other) for entry in read_glossary(assistant.corpus)] == [("虚構汽車", "Fabled Motors")]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"ja,en\n\xe8\x99\x9a,\n", "glossary_cell_empty .*glossary.csv, line=2"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "glossary_unreadable .*glossary.csv"),
        (b"PK\x03\x04 a spreadsheet", "glossary_unreadable"),
        (b"ja;fr\na;b\n", "glossary_columns"),
    ],
)
def test_a_bad_glossary_fails_and_the_index_serves_on(assistant: Assistant, content: bytes, error: str) -> None:
    write(assistant, "ja,en\n虚構汽車,Fabled Motors\n")
    assistant.sync()
    fingerprint = assistant.fingerprint
    write(assistant, content)
    with pytest.raises(CorpusError, match=error):
        assistant.sync()
    assert assistant.fingerprint == fingerprint
    assert len(assistant.glossary()) == 1 and "虚構汽車" in worded(assistant, "虚構汽車")
