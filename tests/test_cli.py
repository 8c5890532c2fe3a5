"""The command line as scripts hold on to it: exit statuses, clean streams, the exact JSON, batches and languages."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from assistant.cli import main
from tests.conftest import ENGLISH, JAPANESE, Command, Run, Shipped, write_corpus
from tests.reading.pdfs import pdf, words

ROOT = Path(__file__).parent.parent
BMW = "BMWとモメンタは何を共同開発しますか"
PLANT = "How much are Stellantis and CATL investing in the Spanish battery plant?"
FOREIGN = "源氏物語の作者は誰ですか"
JAPANESE_LETTERS = re.compile(r"[ぁ-ヿ一-鿿]")
REPORT_KEYS = ["id", "path", "title"]
HIT_KEYS = [
    *("rank", "score", "passage_id", "report", "page", "section", "row"),
    *("start", "end", "text", "language", "contributions"),
]
CITATION_KEYS = [
    *("number", "citation_id", "passage_id", "report", "page", "section", "row"),
    *("start", "end", "quote", "verdict"),
]
ANSWER_KEYS = [
    *("question", "language", "status", "text", "claims", "citations", "nearest", "backend", "fingerprint", "timings"),
]
SYNC_KEYS = [
    *("added", "updated", "removed", "duplicates", "superseded", "unchanged"),
    *("failed", "reports", "passages", "seconds"),
]


@pytest.fixture
def small(small_corpus: Path, tmp_path: Path, command: Command) -> Command:
    """A verb over the small corpus, which is not synced yet."""
    return lambda verb, *rest, **more: command(
        verb, *rest, "--corpus", small_corpus, "--index", tmp_path / "index", **more
    )


def assert_error(run: Run, status: int, *words: str) -> None:
    assert (run.status, run.out) == (status, "")
    assert all(word in run.err for word in words), run.err
    assert "Traceback" not in run.err


# sync


def test_sync_prints_exactly_what_changed_as_json(small: Command) -> None:
    first, second = small("sync", "--json"), small("sync", "--json")
    assert (first.status, second.status) == (0, 0)
    assert list(first.json) == SYNC_KEYS
    assert first.json["added"] == ["outlook.txt", "電池.md"]
    expected = {**first.json, "added": [], "unchanged": 2, "seconds": second.json["seconds"]}
    assert second.json == expected
    assert isinstance(second.json["seconds"], float) and second.json["seconds"] < 1


def test_sync_says_in_words_what_changed(small: Command) -> None:
    first = small("sync")
    assert first.out.splitlines() == ["added: outlook.txt", "added: 電池.md"]
    assert "2 reports" in first.err
    second = small("sync")
    assert (second.status, second.out) == (0, "")
    assert "Nothing has changed." in second.err


def test_a_failed_report_makes_sync_end_with_one_after_the_rest(small: Command, small_corpus: Path) -> None:
    write_corpus(small_corpus, {"locked.pdf": pdf([words(50, 50, "x")], password="p"), "letter.doc": b"old"})
    run = small("sync", "--json")
    assert (run.status, run.json["reports"]) == (1, 2)
    assert run.json["failed"] == [
        {
            "path": "letter.doc",
            "error": "Files of type .doc cannot be read.",
            "hint": "Save it as docx, pptx, xlsx or PDF and add that.",
        },
        {
            "path": "locked.pdf",
            "error": "The PDF is protected by a password.",
            "hint": "Save a copy without the password.",
        },
    ]
    plain = small("sync")
    assert (plain.status, "failed: locked.pdf: The PDF is protected by a password." in plain.out) == (1, True)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("missing", "There is no folder"), ("file", "is not a folder"), ("empty", "holds no report that can be read")],
)
def test_a_corpus_that_cannot_be_used_is_an_error(kind: str, sentence: str, command: Command, tmp_path: Path) -> None:
    place = tmp_path / "部 1"
    if kind == "file":
        place.write_text("x", encoding="utf-8")
    elif kind == "empty":
        place.mkdir()
    assert_error(command("sync", "--json", "--corpus", place, "--index", tmp_path / "i"), 1, sentence, str(place))


# search


def test_search_prints_the_contract_s_json(over: Command, shipped: Shipped) -> None:
    run = over("search", BMW, "-k", "3", "--json")
    assert (run.status, run.err) == (0, "")
    assert list(run.json) == ["query", "language", "hits"]
    assert (run.json["query"], run.json["language"], len(run.json["hits"])) == (BMW, "ja", 3)
    first = run.json["hits"][0]
    assert list(first) == HIT_KEYS and list(first["report"]) == REPORT_KEYS
    assert (first["rank"], first["row"], first["page"], first["language"]) == (1, "1-2", None, "ja")
    assert first["passage_id"] == f"{first['report']['id']}:{first['start']}-{first['end']}"
    assert first["section"].endswith("モメンタの台頭と「全シナリオ型」")
    assert first["report"]["title"].startswith("digest of 変容する中国NEV市場")
    assert first["contributions"] and set(first["contributions"]) <= {"dense", "sparse"}
    assert all(list(by) == ["rank", "score"] for by in first["contributions"].values())
    text = over("show", first["report"]["id"]).out
    assert all(
        text[hit["start"] : hit["end"]] == hit["text"] for hit in run.json["hits"] if hit["report"] == first["report"]
    )


def test_search_prints_ten_hits_unless_told(over: Command) -> None:
    assert len(over("search", "中国", "--json").json["hits"]) == 10
    assert len(over("search", "中国", "-k", "1", "--json").json["hits"]) == 1


def test_search_in_words_names_place_and_id(over: Command) -> None:
    run = over("search", BMW, "-k", "1")
    assert run.status == 0
    assert run.out.startswith("1. digest of ") and "row 1-2" in run.out
    assert re.search(r"^   [0-9a-f]{12}:\d+-\d+$", run.out, re.M)


@pytest.mark.parametrize("k", ["0", "-3"])
def test_a_k_below_one_is_a_usage_error(k: str, over: Command) -> None:
    assert_error(over("search", "中国", "-k", k, "--json"), 2, "-k", k)


# ask


@pytest.mark.parametrize(("question", "language"), [(BMW, "ja"), (PLANT, "en")])
def test_ask_prints_the_contract_s_json(question: str, language: str, over: Command) -> None:
    run = over("ask", question, "--json")
    answer = run.json
    assert (run.status, run.err) == (0, "")
    assert list(answer) == ANSWER_KEYS
    assert (answer["question"], answer["language"], answer["status"]) == (question, language, "answered")
    assert answer["nearest"] == []
    assert answer["backend"] == {"llm": "extractive", "embedder": "bilingual", "fallback": None}
    assert all(list(claim) == ["text", "citations", "verdict", "checks"] for claim in answer["claims"])
    checks = [check for claim in answer["claims"] for check in claim["checks"]]
    assert checks and all(list(check) == ["kind", "ok", "claim", "source"] for check in checks)
    assert all(list(citation) == CITATION_KEYS for citation in answer["citations"])
    assert {claim["verdict"] for claim in answer["claims"]} == {"supported"}
    assert all(isinstance(seconds, float) for seconds in answer["timings"].values())
    shown = list(dict.fromkeys(int(number) for number in re.findall(r"\[(\d+)\]", answer["text"])))
    assert shown == [citation["number"] for citation in answer["citations"]]


def test_every_citation_of_an_answer_is_what_show_prints(over: Command) -> None:
    for citation in over("ask", PLANT, "--json").json["citations"]:
        assert citation["citation_id"] == f"{citation['report']['id']}:{citation['start']}-{citation['end']}"
        assert over("show", citation["report"]["id"]).out[citation["start"] : citation["end"]] == citation["quote"]
        assert over("show", citation["citation_id"], "--json").json["text"] == citation["quote"]


def test_ask_in_words_numbers_its_citations(over: Command) -> None:
    run = over("ask", BMW)
    assert run.status == 0
    assert run.out.startswith("- 発表日: 2025年7月15日 / ")
    assert re.search(r"^\[1\] digest of .+ · row 1-2$", run.out, re.M)


def test_an_abstention_ends_with_three_and_says_what_came_closest(over: Command) -> None:
    run = over("ask", FOREIGN, "--json")
    assert (run.status, run.json["status"]) == (3, "abstained")
    assert (run.json["claims"], run.json["citations"]) == ([], [])
    assert all(list(hit) == HIT_KEYS for hit in run.json["nearest"]) and run.json["nearest"]
    words = over("ask", FOREIGN)
    assert words.status == 3
    assert "Closest, but not an answer:" in words.out


def test_the_answer_s_language_can_be_chosen(over: Command) -> None:
    run = over("ask", FOREIGN, "--answer-language", "en", "--json")
    assert (run.json["language"], run.json["text"].splitlines()[0]) == ("en", "The reports do not say.")


def test_a_history_lends_a_follow_up_its_subject(over: Command, tmp_path: Path) -> None:
    turns = [
        {"role": "user", "content": "ヒルトンと滴滴出行は何を公表しましたか"},
        {"role": "assistant", "content": "会員制度です。"},
    ]
    write_corpus(tmp_path, {"history.json": json.dumps(turns), "bom.json": "\ufeff" + json.dumps(turns)})
    for name in ("history.json", "bom.json"):
        answer = over("ask", "それはいつですか", "--history", tmp_path / name, "--json").json
        assert answer["citations"][0]["row"] == "4-1"


@pytest.mark.parametrize("content", ["{", "{}", "[1]", '[{"role": "user"}]', '[{"role": 1, "content": "x"}]', "\x00"])
def test_a_history_in_another_form_is_an_error(content: str, over: Command, tmp_path: Path) -> None:
    (tmp_path / "history.json").write_text(content, encoding="utf-8")
    run = over("ask", "それは?", "--history", tmp_path / "history.json", "--json")
    assert run.status in (1, 2)
    assert_error(run, run.status, "history")


def test_a_configured_model_that_cannot_be_used_is_said_once_and_answered_without(
    over: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_LLM_MODEL", "openai:gpt-x")
    monkeypatch.setenv("ASSISTANT_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("ASSISTANT_LLM_MAX_RETRIES", "0")
    run = over("ask", BMW, "--json")
    assert run.status == 0
    fallback = run.json["backend"]["fallback"]
    assert (run.json["backend"]["llm"], fallback["llm"], list(fallback)) == (
        "extractive",
        "openai:gpt-x",
        ["llm", "reason"],
    )
    assert run.err.count("openai:gpt-x") >= 1 and len(run.err.strip().splitlines()) == 1


# questions that are none

BAD_QUESTIONS = {
    "empty": ("", "The question is empty."),
    "blank": (" 　\n", "The question is empty."),
    "punctuation": ("？！…", "no words or numbers"),
    "50,000 characters": ("電" * 50_000, "50000 characters"),
}


@pytest.mark.parametrize("verb", ["search", "ask"])
@pytest.mark.parametrize("name", BAD_QUESTIONS)
def test_a_question_that_is_none_is_a_usage_error(name: str, verb: str, over: Command) -> None:
    question, sentence = BAD_QUESTIONS[name]
    run = over(verb, question, "--json")
    assert_error(run, 2, sentence)
    assert len(run.err) < 300


def test_without_a_question_or_verb_the_usage_is_shown(over: Command, command: Command) -> None:
    assert_error(over("ask"), 2, "missing")
    assert_error(command(), 2, "usage:")
    assert_error(command("fly"), 2, "usage:")
    assert_error(command("ask", "--nonsense", "x"), 2, "usage:")
    assert_error(over("ask", "x", "--answer-language", "fr"), 2, "usage:")


@pytest.mark.parametrize("verb", ["search", "ask", "show"])
def test_without_an_index_the_verb_to_run_is_named(verb: str, command: Command, tmp_path: Path) -> None:
    assert_error(command(verb, "x1", "--index", tmp_path / "none", "--json"), 1, "assistant sync")
    assert not (tmp_path / "none").exists()


# show


def test_show_prints_the_canonical_text_and_nothing_else(small: Command) -> None:
    small("sync")
    run = small("show", "outlook.txt")
    assert (run.status, run.out, run.err) == (0, ENGLISH, "")
    assert small("show", "電池.md").out != JAPANESE


def test_show_prints_json_with_offsets(small: Command) -> None:
    small("sync")
    shown = small("show", "outlook.txt", "--json").json
    assert (shown["text"], shown["start"], shown["end"], shown["report"]["path"]) == (
        ENGLISH,
        0,
        len(ENGLISH),
        "outlook.txt",
    )


def test_show_marks_a_quote_in_its_context(over: Command) -> None:
    citation = over("ask", BMW, "--json").json["citations"][0]
    run = over("show", citation["citation_id"])
    assert f"【{citation['quote']}】" in run.out
    assert "row 1-2" in run.out and "jetro-2025-12-nev-partnerships.digest.md" in run.out
    shown = over("show", citation["citation_id"], "--json").json
    assert (shown["row"], shown["section"], shown["page"]) == ("1-2", citation["section"], None)


def test_show_takes_a_decomposed_path(small: Command, small_corpus: Path) -> None:
    write_corpus(small_corpus, {"ガイド.txt": "案内である。"})
    small("sync")
    assert small("show", "カ\u3099イト\u3099.txt").out == "案内である。"


def test_show_of_what_is_not_there_is_an_error(over: Command) -> None:
    for argument in (["ffffffffffff"], ["none.md"], ["jetro-2025-12-nev-partnerships.digest.md", "--page", "1"]):
        run = over("show", *argument, "--json")
        assert run.status in (1, 2)
        assert_error(run, run.status, argument[0])


# doctor, settings, languages


def test_lookup_prints_the_contract_s_json(over: Command) -> None:
    text = "Stellantis and CATL invest up to 4.1 billion euros in a battery plant in Spain. The museum opens at nine."
    run = over("lookup", text, "--json")
    payload = json.loads(run.out)
    first, second = payload["sentences"]
    assert (run.status, payload["text"], text[first["start"] : first["end"]]) == (0, text, first["text"])
    assert list(first) == ["text", "start", "end", "stance", "matches"]
    assert (first["stance"], list(first["matches"][0])) == ("supports", ["stance", "checks", *CITATION_KEYS])
    assert second["stance"] in ("none", "related")
    assert "4.1 billion euros" in over("lookup", text).out


def test_lookup_of_a_word_draft_writes_footnotes_and_lists_what_differs(over: Command, tmp_path: Path) -> None:
    draft, out = tmp_path / "draft.docx", tmp_path / "out.docx"
    document = docx.Document()
    for amount in ("4.1", "4.8"):
        document.add_paragraph(f"Stellantis and CATL invest up to {amount} billion euros in a battery plant in Spain.")
    document.save(str(draft))
    run = over("lookup", "--file", draft, "--out", out)
    assert run.status == 0 and out.is_file()
    assert "4.8 billion euros" in run.out and "up to 4.1 billion euros in a battery plant" not in run.out
    assert len(json.loads(over("lookup", "--file", draft, "--json").out)["sentences"]) == 2
    for arguments in ((draft, "--out", draft), (draft, "--out", tmp_path / "out.pdf"), (tmp_path / "none.docx",)):
        assert_error(over("lookup", "--file", *arguments), 2, "docx")


def test_cite_writes_references_to_reports_passages_and_citations(over: Command) -> None:
    citation = json.loads(over("ask", PLANT, "--json").out)["citations"][0]
    run = over("cite", citation["citation_id"], citation["report"]["path"], "--style", "source", "--language", "ja")
    first, second = run.out.splitlines()
    assert first.startswith("出所：") and second.startswith("出所：") and "（要約）" in first
    assert f"「{citation['row']}」の行より" in first
    payload = json.loads(over("cite", citation["passage_id"], "--style", "bibtex", "--json").out)
    assert (payload["style"], payload["references"][0]["id"]) == ("bibtex", citation["passage_id"])
    assert over("cite", "--list-styles").out.splitlines()[:2] == ["source", "sist02"]
    assert over("cite", "--list-styles", "--json").json["styles"][:2] == ["source", "sist02"]
    assert_error(over("cite", citation["citation_id"], "--style", "sist"), 2, "sist02")
    assert_error(over("cite", "ffffffffffff"), 1, "ffffffffffff")
    assert_error(over("cite"), 2, "ID")


def test_doctor_prints_its_checks(over: Command) -> None:
    run = over("doctor", "--json")
    assert run.status == 0
    assert list(run.json) == ["ok", "checks"] and run.json["ok"] is True
    assert all(list(check) == ["name", "ok", "detail", "hint"] for check in run.json["checks"])


def test_doctor_ends_with_one_when_something_is_wrong(command: Command, small_corpus: Path, tmp_path: Path) -> None:
    run = command("doctor", "--json", "--corpus", small_corpus, "--index", tmp_path / "none")
    assert (run.status, run.json["ok"]) == (1, False)
    assert any("assistant sync" in check["hint"] for check in run.json["checks"] if not check["ok"])


def test_an_unknown_setting_names_the_nearest(over: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.toml").write_text('[llm]\nmodle = "none"\n', encoding="utf-8")
    run = over("ask", BMW, "--config", tmp_path / "mine.toml", "--json")
    assert run.status in (1, 2)
    assert_error(run, run.status, "llm.modle", "llm.model")
    monkeypatch.setenv("ASSISTANT_LLM_TIMEOUTS", "3")
    run = over("ask", BMW, "--json")
    assert_error(run, run.status, "llm.timeout_s")
    assert over("ask", BMW, "--config", tmp_path / "none.toml").status in (1, 2)


LANGUAGES = [("LANG", "ja_JP.UTF-8", True), ("LC_ALL", "ja_JP.UTF-8", True), ("LANG", "en_GB.UTF-8", False)]
LANGUAGES += [("LANG", "C.UTF-8", False), ("LANG", "de_DE.UTF-8", False), ("ASSISTANT_UI_LANGUAGE", "ja", True)]


@pytest.mark.parametrize(("variable", "value", "is_japanese"), LANGUAGES)
def test_messages_are_in_the_language_of_the_environment(
    variable: str, value: str, is_japanese: bool, over: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(variable, value)
    for argv in (["ask", ""], ["search", "!?"], ["ask", "a" * 50_000], ["search", "x", "-k", "0"], ["show", "none"]):
        run = over(*argv)
        assert run.out == ""
        assert bool(JAPANESE_LETTERS.search(run.err)) == is_japanese, run.err


@pytest.mark.parametrize(
    ("value", "sentence"),
    [("ja_JP.UTF-8", "パスワードで保護されたPDFです。"), ("C.UTF-8", "The PDF is protected by a password.")],
)
def test_a_stored_failure_is_said_in_the_language_of_whoever_asks(
    value: str, sentence: str, small: Command, small_corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(small_corpus, {"locked.pdf": pdf([words(50, 50, "x")], password="p")})
    small("sync")
    monkeypatch.setenv("LANG", value)
    assert small("sync", "--json").json["failed"][0]["error"] == sentence


def test_help_and_version_end_with_zero(command: Command) -> None:
    assert command("--help").status == command("sync", "--help").status == command("--version").status == 0


def test_help_loads_nothing_heavy_and_a_cold_ask_no_framework(shipped: Shipped) -> None:
    program = (
        "import sys, contextlib\n"
        "from assistant.cli import main\n"
        "with contextlib.suppress(SystemExit):\n"
        "    main(sys.argv[1:])\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    )
    frameworks = {"torch", "transformers", "gradio", "llama_index", "sentence_transformers"}

    def loaded(*argv: str | Path) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", program, *map(str, argv)],
            cwd=ROOT,
            capture_output=True,
            env={**os.environ, "ASSISTANT_LLM_MODEL": "none", "ASSISTANT_LOG_ENABLED": "false"},
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return set(done.stderr.split())

    assert loaded("--help") & (frameworks | {"faiss", "sudachipy", "numpy", "tantivy", "pypdfium2"}) == set()
    assert loaded("ask", BMW, "--corpus", shipped.corpus, "--index", shipped.index) & frameworks == set()


def test_the_module_runs_as_a_program_and_prints_utf_8(shipped: Shipped, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "ask", FOREIGN, "--corpus", shipped.corpus, "--index", shipped.index],
        cwd=ROOT,
        capture_output=True,
        env={
            **os.environ,
            "PYTHONIOENCODING": "ascii",
            "ASSISTANT_LLM_MODEL": "none",
            "ASSISTANT_LOG_ENABLED": "false",
            "LC_ALL": "ja_JP.UTF-8",
        },
    )
    assert done.returncode == 3, done.stderr
    assert done.stdout.decode("utf-8").startswith("レポートには答えが見つかりませんでした。")


def test_aliases_are_listed_with_where_the_report_equates_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "corpus").mkdir()
    text = "# 協業\n\nBMWは寧徳時代新能源科技(CATL)と組んだ。小馬智行(ポニー・エーアイ)は2025年(予定)に始める。\n"
    (tmp_path / "corpus" / "a.md").write_text(text, encoding="utf-8")
    common = ["--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "index")]
    assert main(["sync", *common]) == 0
    capsys.readouterr()
    assert main(["aliases", "--json", *common]) == 0
    rows = json.loads(capsys.readouterr().out)["aliases"]
    assert [(row["name"], row["other"]) for row in rows] == [
        ("寧徳時代新能源科技", "CATL"),
        ("小馬智行", "ポニー・エーアイ"),
    ]
    for row in rows:
        assert main(["show", f"{row['report']['id']}:{row['start']}-{row['end']}", "--json", *common]) == 0
        assert json.loads(capsys.readouterr().out)["text"] == f"{row['name']}({row['other']})"


def test_the_glossary_is_listed_with_its_lines_and_a_bad_one_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"a.md": "# 協業\n\nBMWは寧徳時代新能源科技(CATL)と組んだ。\n"}
    files["glossary.csv"] = "ja,en,relation\n架空電池,Kaku Cells,\n架空電池,Kakuu Motors,not\n"
    write_corpus(tmp_path / "corpus", dict(files))
    common = ["--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "index")]
    assert main(["sync", *common]) == 0
    capsys.readouterr()
    assert main(["aliases", *common]) == 0
    mined, *written = capsys.readouterr().out.splitlines()
    assert mined.startswith("寧徳時代新能源科技 = CATL\t")
    assert written == ["架空電池 = Kaku Cells\tglossary.csv:2", "架空電池 ≠ Kakuu Motors\tglossary.csv:3"]
    assert main(["aliases", "--json", *common]) == 0
    rows = json.loads(capsys.readouterr().out)["aliases"]
    assert [(row["source"], row["relation"], row["line"]) for row in rows] == [
        ("report", "same", None),
        ("glossary", "same", 2),
        ("glossary", "not", 3),
    ]
    (tmp_path / "corpus" / "glossary.csv").write_text("ja,en\n架空電池\n", encoding="utf-8")
    assert main(["sync", *common]) == 1
    captured = capsys.readouterr()
    assert captured.out == "" and "glossary.csv" in captured.err and "2" in captured.err
    assert main(["doctor", *common]) == 1
    assert main(["aliases", *common]) == 0
