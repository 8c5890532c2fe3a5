"""The facade: one path for stream and ask, show by every kind of id, and a fallback that can be seen."""

import hashlib
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.config import LlmSettings, Settings
from assistant.errors import AssistantError, ModelError, ReadingError, StoreError, UsageError
from assistant.types import Answer, Done, Language, Retrieved, Status, Token, Turn, Verdict
from tests.conftest import ENGLISH, NO_MODEL, UNKEPT, CountingEmbedder, Shipped, write_corpus
from tests.reading.pdfs import pdf, words

QUESTIONS = [
    "BMWとモメンタは何を共同開発しますか",
    "How much are Stellantis and CATL investing in the Spanish battery plant?",
    "源氏物語の作者は誰ですか",
]


def without_timings(answer: Answer) -> tuple[object, ...]:
    return tuple(getattr(answer, name) for name in Answer.__slots__ if name != "timings")


@pytest.fixture
def paged(tmp_path: Path) -> Assistant:
    """Over a PDF of two pages and a text file."""
    pages = [words(50, 80, "Valeo opened a laboratory in Lyon."), words(50, 80, "Momenta came to Graz in 2025.")]
    corpus = write_corpus(tmp_path / "corpus", {"部 1/two pages.pdf": pdf(pages), "outlook.txt": ENGLISH})
    assistant = Assistant.open(corpus, tmp_path / "index", NO_MODEL)
    assistant.sync()
    return assistant


@pytest.mark.parametrize("question", QUESTIONS)
def test_ask_is_the_last_event_of_stream(question: str, shipped: Shipped) -> None:
    first, *between, last = shipped.assistant.stream(question)
    assert isinstance(first, Retrieved) and isinstance(last, Done)
    assert all(isinstance(event, Token) for event in between)
    assert "".join(event.text for event in between if isinstance(event, Token)) == last.answer.text
    assert without_timings(last.answer) == without_timings(shipped.assistant.ask(question))
    assert [timing.stage for timing in last.answer.timings] == ["search", "answer"]


def test_what_was_retrieved_is_what_the_answer_cites_from(shipped: Shipped) -> None:
    first, *_, last = shipped.assistant.stream(QUESTIONS[0])
    assert isinstance(first, Retrieved) and isinstance(last, Done)
    assert first.hits == last.answer.hits
    assert {citation.passage for citation in last.answer.citations} <= {hit.passage for hit in first.hits}


@pytest.mark.parametrize("question", QUESTIONS[:2])
def test_the_first_questions_of_the_readme_are_answered_with_the_row_that_says_so(
    question: str, shipped: Shipped
) -> None:
    answer = shipped.assistant.ask(question)
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].row == {QUESTIONS[0]: "1-2", QUESTIONS[1]: "3-2"}[question]


def test_an_abstention_says_so_in_the_language_that_is_wanted(shipped: Shipped) -> None:
    question = QUESTIONS[2]
    assert shipped.assistant.ask(question).text.splitlines()[0] == "レポートには答えが見つかりませんでした。"
    english = shipped.assistant.ask(question, answer_language=Language.EN)
    assert english.text.splitlines()[0] == "The reports do not say."
    assert (english.language, len(english.hits)) == (Language.EN, 5)


def test_a_follow_up_is_understood_from_its_history(shipped: Shipped) -> None:
    history = [Turn("user", "ヒルトンと滴滴出行は何を公表しましたか"), Turn("assistant", "会員制度をつなぎます。")]
    assert shipped.assistant.ask("それはいつですか", history).citations[0].row == "4-1"


def test_an_answer_carries_what_made_it(shipped: Shipped, tmp_path: Path) -> None:
    answer = shipped.assistant.ask(QUESTIONS[0])
    assert (answer.backend.llm, answer.backend.embedder, answer.backend.fallback) == ("extractive", "bilingual", None)
    assert answer.fingerprint == shipped.assistant.fingerprint
    other = Assistant.open(write_corpus(tmp_path / "corpus", {"a.txt": "Valeo."}), tmp_path / "index", NO_MODEL)
    other.sync()
    assert other.fingerprint != answer.fingerprint


@pytest.mark.parametrize("model", ["openai:gpt-x", "ollama:qwen"])
def test_a_configured_model_that_cannot_be_used_shows_as_a_fallback(model: str, shipped: Shipped) -> None:
    settings = Settings(
        llm=LlmSettings(model=model, base_url="http://127.0.0.1:9/v1", max_retries=0, timeout_s=5), log=UNKEPT
    )
    assistant = Assistant.open(shipped.corpus, shipped.index, settings)
    answer = assistant.ask(QUESTIONS[0])
    assert answer.status is Status.ANSWERED
    assert answer.backend.llm == "extractive"
    assert answer.backend.fallback is not None
    assert answer.backend.fallback.llm == model
    assert answer.backend.fallback.reason
    assert without_timings(answer)[4:7] == without_timings(shipped.assistant.ask(QUESTIONS[0]))[4:7]


def test_a_failing_model_of_any_kind_is_named_with_its_reason(shipped: Shipped) -> None:
    def fail() -> None:
        raise ModelError("embedder_missing", name="fake:model", reason="no such file")

    assistant = Assistant(
        corpus=shipped.corpus,
        index_folder=shipped.index,
        load_embedder=lambda: shipped.assistant.embedder,
        load_llm=fail,
    )
    fallback = assistant.ask(QUESTIONS[1]).backend.fallback
    assert fallback is not None
    assert (fallback.llm, "fake:model" in fallback.reason, "no such file" in fallback.reason) == (
        "fake:model",
        True,
        True,
    )


def test_a_name_that_is_no_model_s_is_an_error(shipped: Shipped) -> None:
    assistant = Assistant.open(shipped.corpus, shipped.index, Settings(llm=LlmSettings(model="gpt")))
    with pytest.raises(UsageError, match="llm_name_invalid"):
        assistant.ask(QUESTIONS[0])


def test_opening_touches_and_loads_nothing(tmp_path: Path) -> None:
    Assistant.open(tmp_path / "corpus", tmp_path / "index", NO_MODEL)
    assert list(tmp_path.iterdir()) == []


def test_without_an_index_it_says_so(tmp_path: Path) -> None:
    assistant = Assistant.open(tmp_path / "corpus", tmp_path / "index", NO_MODEL)
    with pytest.raises(StoreError, match="index_missing"):
        assistant.ask("電池は?")
    assert not (tmp_path / "index").exists()


def test_asking_never_embeds_passages(small_corpus: Path, tmp_path: Path, embedder: CountingEmbedder) -> None:
    assistant = Assistant(
        corpus=small_corpus, index_folder=tmp_path / "index", load_embedder=lambda: embedder, load_llm=lambda: None
    )
    embedded = assistant.sync().passages
    assistant.ask("Where did Valeo open a laboratory?")
    assert len(embedder.passages) == embedded


# show


def test_a_report_is_shown_by_id_prefix_and_path(paged: Assistant) -> None:
    report = next(ref for ref in paged.reports() if ref.path.name == "outlook.txt")
    prefixes = report.report_id[0], report.report_id[:4], report.report_id[:7].upper()
    for name in (report.report_id, *prefixes, "outlook.txt"):
        shown = paged.show(name)
        assert (shown.text, shown.start, shown.end, shown.is_quote) == (ENGLISH, 0, len(ENGLISH), False)


def test_a_page_is_shown_with_offsets_into_the_whole_text(paged: Assistant) -> None:
    whole = paged.show("部 1/two pages.pdf").text
    shown = paged.show("部 1/two pages.pdf", page=2)
    assert shown.text == "Momenta came to Graz in 2025."
    assert whole[shown.start : shown.end] == shown.text
    assert whole == "Valeo opened a laboratory in Lyon.\n\nMomenta came to Graz in 2025."


def test_a_passage_or_citation_id_shows_its_quote_in_its_context(shipped: Shipped) -> None:
    citation = shipped.assistant.ask(QUESTIONS[0]).citations[0]
    for name, text in ((citation.anchor.id, citation.quote), (citation.passage.passage_id, citation.passage.text)):
        shown = shipped.assistant.show(name)
        assert (shown.text, shown.is_quote) == (text, True)
        around = shown.report.text
        assert around[: shown.start].endswith(shown.before) and around[shown.end :].startswith(shown.after)
        assert shown.before and shown.after
    assert shipped.assistant.show(citation.anchor.id).block == citation.block


def test_words_of_several_rows_stand_in_no_one_row(tmp_path: Path) -> None:
    corpus = write_corpus(
        tmp_path / "rows", {"a.md": "# 表\n\n| 社 | 額 |\n|---|---|\n| 甲社 | 12億円 |\n| 乙社 | 34億円 |\n"}
    )
    assistant = Assistant.open(corpus, tmp_path / "other", NO_MODEL)
    assistant.sync()
    passage = next(one for one in assistant.passages(assistant.reports()[0].report_id) if "甲社" in one.text)
    first = passage.units[0]
    name = passage.anchor.report_id
    assert passage.row is None and len(passage.units) == 2
    both, one = (assistant.show(f"{name}:{first.start}-{end}").block for end in (passage.anchor.end, first.end))
    assert both is not None and both.row is None
    assert one is not None and one.row == "甲社"


@pytest.mark.parametrize(
    ("name", "page", "code"),
    [
        ("ffffffffffff", None, "id_unknown"),
        ("nothing.txt", None, "id_unknown"),
        ("", None, "id_unknown"),
        ("ffffffffffff:0-5", None, "id_unknown"),
        ("outlook.txt", 1, "pages_unknown"),
        ("部 1/two pages.pdf", 3, "page_missing"),
        ("部 1/two pages.pdf", 0, "page_missing"),
        ("部 1/two pages.pdf", -1, "page_missing"),
    ],
)
def test_what_cannot_be_shown_is_said(name: str, page: int | None, code: str, paged: Assistant) -> None:
    with pytest.raises(AssistantError, match=code):
        paged.show(name, page)


@pytest.mark.parametrize("span", ["5-5", "9-3", "0-999999", "999999-9999999"])
def test_a_span_outside_its_report_is_said(span: str, paged: Assistant) -> None:
    report_id = paged.reports()[0].report_id
    with pytest.raises(AssistantError, match="id_outside"):
        paged.show(f"{report_id}:{span}")


def test_a_prefix_of_several_reports_names_them(paged: Assistant, tmp_path: Path) -> None:
    """Two texts whose sha256 begin alike were sought by trying numbers."""

    seen: dict[str, str] = {}
    for number in range(100_000):
        text = f"Report number {number}."
        prefix = hashlib.sha256(text.encode()).hexdigest()[:4]
        if prefix in seen:
            break
        seen[prefix] = text
    corpus = write_corpus(tmp_path / "alike", {"a.txt": seen[prefix], "b.txt": text})
    assistant = Assistant.open(corpus, tmp_path / "other", NO_MODEL)
    assistant.sync()
    with pytest.raises(AssistantError, match="id_ambiguous") as caught:
        assistant.show(prefix)
    assert set(caught.value.values["ids"].split(", ")) == {ref.report_id for ref in assistant.reports()}


def test_a_page_picture_is_a_png_of_a_pdf_only(paged: Assistant) -> None:
    by_name = {ref.path.name: ref.report_id for ref in paged.reports()}
    assert paged.page_picture(by_name["two pages.pdf"], 1).startswith(b"\x89PNG")
    with pytest.raises(ReadingError, match="pages_unknown"):
        paged.page_picture(by_name["outlook.txt"], 1)


def test_the_picture_of_a_quote_is_its_page_of_a_pdf_and_a_drawing_of_other_formats(paged: Assistant) -> None:
    by_name = {ref.path.name: ref for ref in paged.reports()}
    ref, other = by_name["two pages.pdf"], by_name["outlook.txt"].report_id
    page, kind = paged.picture(f"{ref.report_id}:0-5")
    assert (page[:4], kind) == (b"\x89PNG", "image/png")
    drawn, kind = paged.picture(f"{other}:0-3")
    assert (drawn[:4], kind) == (b"<svg", "image/svg+xml") and b" quoted" in drawn
    assert b" quoted" not in paged.picture(other)[0]
    (paged.corpus / ref.path).write_bytes(pdf([words(50, 80, "Another file.")]))
    with pytest.raises(ReadingError, match="file_changed"):
        paged.picture(f"{ref.report_id}:0-5")


def test_a_digest_that_stepped_back_can_still_be_shown(tmp_path: Path) -> None:
    digest = "---\ntitle: 要約\ndigest_of: 原本\n---\n\n鉄鉱石は豪州で採れる。\n"
    corpus = write_corpus(tmp_path / "corpus", {"d.md": digest, "o.md": "---\ntitle: 原本\n---\n\n鉄鉱石は採れる。\n"})
    assistant = Assistant.open(corpus, tmp_path / "index", NO_MODEL)
    assistant.sync()
    assert [str(ref.path) for ref in assistant.reports()] == ["o.md"]
    assert "豪州" in assistant.show("d.md").text


DECK = "".join(f" 話題その{n}を述べる\n第{n}章│話題{n}\n\n本文はここに{n}つある。\n\n" for n in range(1, 4)) + (
    " 基盤モデルの価格を比べる\n第4章│価格の比較\n\n12.5\n8.0\n無料\n40\n0.9\n\n0 10 20 30\n\n"
    "コウ・モデル\nOtsu-2\nヘイ・モデル\nTei 4 Pro\nボ・モデル\n\n出所：架空の資料\n"
)


@pytest.mark.parametrize(("language", "words"), [(Language.JA, "スライドで確認"), (Language.EN, "check the slide")])
def test_an_inferred_row_is_quoted_as_a_guess(tmp_path: Path, language: Language, words: str) -> None:
    assistant = Assistant.open(write_corpus(tmp_path / "corpus", {"deck.txt": DECK}), tmp_path / "index", NO_MODEL)
    assistant.sync()
    asked = {Language.JA: "Otsu-2の価格はいくらですか", Language.EN: "What is the price of Otsu-2?"}
    answer = assistant.ask(asked[language])
    claim = next(claim for claim in answer.claims if "Otsu-2" in claim.text)
    assert words in answer.text and (answer.status, claim.verdict) == (Status.PARTIAL, Verdict.PARTIAL)
    assert claim.text.startswith("8.0 / Otsu-2") and answer.text[claim.start : claim.end] == claim.text
    (citation,) = [one for one in answer.citations if one.number in claim.citations]
    assert citation.quote.startswith("8.0") and citation.quote.endswith("Otsu-2")
    assert citation.verdict is Verdict.PARTIAL
    assert (
        assistant.report(citation.anchor.report_id).text[citation.anchor.start : citation.anchor.end] == citation.quote
    )
