"""Answers as HTML: every verdict in words, evidence in place, both languages, and nothing that escapes escaping."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pytest

from assistant.errors import UsageError
from assistant.types import Answer, Block, BlockKind, Fallback, Language, Source, Status, Timing, Verdict
from assistant.web.evidence import gap
from assistant.web.markup import render_text
from assistant.web.render import render_actions, render_answer, render_error, render_question, render_streaming
from assistant.web.words import WORDS, preferred, word
from tests.web.fakes import CITATIONS, EVIL, REPORT, TEXT_JA, answer, citation, hits, passage

VOID = {"br", "img", "input", "path"}


class Parsed(HTMLParser):
    """HTML as a list of elements (tag, attributes) and the text; fails on a tag that is not closed in its order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def with_class(self, name: str) -> list[dict[str, str]]:
        return [attributes for _, attributes in self.elements if name in attributes.get("class", "").split()]


def plain(text: str) -> str:
    return render_text(text, lambda number: f"<{number}>" if number < 3 else None, "<uncited>")


@pytest.mark.parametrize(
    ("language", "verdicts"),
    [
        (Language.JA, ["裏付けあり", "一部のみ裏付け", "裏付けなし"]),
        (Language.EN, ["Supported", "Supported in part", "Not supported"]),
    ],
)
def test_every_verdict_is_said_in_words_and_shown_by_a_shape(language: Language, verdicts: list[str]) -> None:
    page = Parsed(render_answer(answer(language), language))
    chips = {chip["data-cite"]: chip for chip in page.with_class("chip")}
    for number, verdict in enumerate(verdicts, start=1):
        assert verdict in chips[str(number)]["aria-label"]
        assert chips[str(number)]["title"].startswith(f"{verdict}: ")
    cards = page.with_class("card")
    assert [card["class"].split()[1] for card in cards] == ["supported", "partial", "unsupported"]
    assert len(page.with_class("mark")) >= len(chips) + len(cards)
    assert all(verdict in page.words for verdict in verdicts)


def test_a_chip_leads_to_its_card_and_ids_are_the_answers_own() -> None:
    page = Parsed(render_answer(answer(), Language.JA, scope="x7"))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert ids == ["x7-e1", "x7-e2", "x7-e3"]
    assert {chip["href"] for chip in page.with_class("chip")} == {f"#{one}" for one in ids}


def test_a_quote_is_marked_in_its_passage_with_wrapped_lines_joined() -> None:
    html = render_answer(answer(), Language.JA)
    quoted = "2025年の合弁への投資額は最大41億ユーロに達する見込みである。"
    assert f"電池は走行距離を左右する。<mark>{quoted}</mark>量産は2026年に始まる。" in html


def test_a_table_row_is_shown_under_its_headers() -> None:
    html = render_answer(answer(), Language.JA)
    assert "<dt>企業</dt><dd><mark>モメンタ</mark></dd>" in html
    assert "<dt>公表日</dt><dd><mark>2025年7月15日</mark></dd>" in html


def test_english_words_keep_their_space_at_the_marks_edge() -> None:
    one = passage("It rose.\nThen it\nfell. And stopped.")
    html = render_answer(answer(citations=[citation(1, Verdict.SUPPORTED, one, "Then it\nfell.")]), Language.EN)
    assert "It rose. <mark>Then it fell.</mark> And stopped." in html


@pytest.mark.parametrize(
    ("left", "right", "between"),
    [("a.\n", "b", " "), ("。\n", "あ", ""), ("。", "あ", ""), ("a", "b", ""), ("", " b", ""), ("a ", "", "")],
)
def test_a_gap_is_what_joining_wrapped_lines_would_leave(left: str, right: str, between: str) -> None:
    assert gap(left, right) == between


def test_a_card_says_all_that_is_known_of_its_report() -> None:
    words = Parsed(render_answer(answer(), Language.JA)).words
    for known in (
        "電池産業の展望",
        "「世界の電池産業 2025」の要約",
        "山田 太郎",
        "架空総合研究所",
        "2025-12-04",
        "第2章 電池 › 投資",
        "行 3-2",
        "12ページ",
        "0123456789ab:14-48",
    ):
        assert known in words


def test_the_digest_line_is_there_only_for_a_digest() -> None:
    assert "Digest of “世界の電池産業 2025”" in render_answer(answer(Language.EN), Language.EN)
    own = dataclasses.replace(CITATIONS[0], report=dataclasses.replace(REPORT, source=Source(title="X")))
    assert "Digest of" not in render_answer(answer(Language.EN, citations=[own]), Language.EN)


def test_checks_are_said_in_words() -> None:
    words = Parsed(render_answer(answer(), Language.JA)).words
    assert "41億ユーロ = 最大41億ユーロ 金額 一致" in words
    assert "2027年 ≠ 2026年 日付 不一致" in words
    assert "モメンタ 名称 照合できず" in words


def test_a_page_picture_waits_until_its_card_is_opened() -> None:
    page = Parsed(render_answer(answer(), Language.JA))
    pictures = [attributes for tag, attributes in page.elements if tag == "img"]
    assert {("src" in picture, picture["loading"]) for picture in pictures} == {(False, "lazy")}
    assert pictures[0]["data-src"] == f"/pages/{CITATIONS[0].anchor.id}"
    assert "、12ページ。" in (pictures[0]["alt"] or "")


def test_a_statement_without_a_source_is_marked_as_such() -> None:
    html = render_answer(answer(), Language.JA)
    assert re.search(r'今後も続くでしょう。<span class="uncited" title="[^"]+">出典なし</span>', html)


def test_the_status_line_counts_verdicts_and_seconds() -> None:
    words = Parsed(render_answer(answer(), Language.JA)).words
    assert "回答しました裏付けあり 1一部のみ 1裏付けなし 1出典なし 10.8秒" in words


def test_a_stage_called_total_is_the_whole_time() -> None:
    timed = dataclasses.replace(answer(), timings=(Timing("search", 0.4), Timing("total", 2.0)))
    assert "2.0秒" in render_answer(timed, Language.JA)


@pytest.mark.parametrize(
    ("language", "closest", "refusal"),
    [
        (Language.JA, "近い記述(答えではありません)", "この質問に答える記述は見つかりませんでした"),
        (Language.EN, "Closest, but not an answer", "nothing that answers this question"),
    ],
)
def test_a_refusal_is_a_calm_answer_with_what_came_closest(language: Language, closest: str, refusal: str) -> None:
    page = Parsed(render_answer(answer(language, status=Status.ABSTAINED, text=""), language))
    assert closest in page.words
    assert refusal in page.words
    assert len(page.with_class("near")) == 2
    assert page.with_class("chip") == page.with_class("error") == page.with_class("verdict") == []


def test_a_refusal_in_other_words_is_shown_as_it_stands() -> None:
    assert "<p>わかりません。</p>" in render_answer(answer(status=Status.ABSTAINED, text="わかりません。"), Language.JA)


def test_an_answer_without_a_model_says_so() -> None:
    note = word("extracted", Language.EN)
    assert note.replace("'", "&#x27;") in render_answer(answer(Language.EN), Language.EN)
    assert 'class="note"' not in render_answer(answer(Language.EN, llm="openai:x"), Language.EN)


def test_a_fallback_is_one_sentence_in_the_answer() -> None:
    fallen = answer(fallback=Fallback("openai:<x>", "timeout"))
    assert "openai:&lt;x&gt; を使えなかったため、モデルなしで回答しました(timeout)。" in render_answer(
        fallen, Language.JA
    )


def evil_answer() -> Answer:
    """An answer in which question, text, quote and every fact of the report are hostile."""
    block = Block(BlockKind.PARAGRAPH, 0, len(EVIL), 1, (EVIL,))
    source = Source(EVIL, EVIL, EVIL, EVIL, "javascript:alert(1)", "ja", EVIL)
    report = dataclasses.replace(REPORT, source=source)
    one = dataclasses.replace(passage(EVIL, report, (block,)), heading_path=(EVIL,))
    cited = citation(1, Verdict.SUPPORTED, one, EVIL, report)
    fallback = Fallback(EVIL, EVIL)
    return answer(
        question=EVIL,
        text=f"{EVIL}\n\n| {EVIL} | b |\n|---|---|\n| **{EVIL}** | [x](http://evil.example) |\n\n> {EVIL}\n- a: {EVIL} / b: {EVIL}",
        citations=[cited],
        fallback=fallback,
    )


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("status", [Status.ANSWERED, Status.ABSTAINED])
def test_nothing_of_a_report_or_model_becomes_a_tag_a_link_or_a_foreign_picture(
    language: Language, status: Status
) -> None:
    hit = dataclasses.replace(
        hits()[0], passage=evil_answer().citations[0].passage, report=evil_answer().citations[0].report
    )
    shown = dataclasses.replace(evil_answer(), status=status, hits=(hit,))
    html = render_question(EVIL, language) + render_answer(shown, language) + render_streaming(EVIL, [hit], language)
    html += render_actions(shown, language, EVIL) + render_actions(None, language, EVIL)
    page = Parsed(html)
    sources = {attributes["data-src"] for tag, attributes in page.elements if tag == "img"}
    assert sources == {f"/pages/{hit.passage.anchor.id}"}
    assert "<script" not in html and "onerror" not in "".join(name for _, a in page.elements for name in a)
    assert {tag for tag, _ in page.elements} <= {
        *(
            "div",
            "section",
            "aside",
            "details",
            "summary",
            "span",
            "p",
            "h2",
            "h3",
            "h4",
            "a",
            "svg",
            "path",
            "b",
            "button",
            "template",
            "sup",
        ),
        *(
            "strong",
            "mark",
            "dl",
            "dt",
            "dd",
            "ul",
            "li",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "blockquote",
            "br",
            "figure",
            "figcaption",
            "img",
        ),
    }
    assert all(a["href"].startswith(("#a-e", "#read=", "/pages/")) for tag, a in page.elements if tag == "a")
    assert page.words.count("<script>alert(1)</script>") >= 5


def test_a_marker_that_is_no_citation_stays_text() -> None:
    html = render_answer(answer(text="A [1] and [9]. [12"), Language.EN)
    assert html.count('class="chip ') == 4  # in the text, and each source's among the sources
    assert "[9]. [12" in html


def test_private_marks_in_a_text_cannot_pass_for_ours() -> None:
    assert "uncited" not in render_answer(answer(text="A \ue000 b"), Language.EN)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
        ("- a\n- **b** [1]", "<ul><li>a</li><li><strong>b</strong> <1></li></ul>"),
        ("・一\n- • 二", "<ul><li>一</li><li>二</li></ul>"),
        ("2. a\n3. b", '<ol start="2"><li>a</li><li>b</li></ol>'),
        ("## 見出し\n本文", '<p class="subhead">見出し</p><p>本文</p>'),
        ("> a\n> b", "<blockquote>a<br>b</blockquote>"),
        ("2 < 3 & **x**", "<p>2 &lt; 3 &amp; <strong>x</strong></p>"),
        ("[3] [1]", "<p>[3] <1></p>"),
        ("企業: A", "<p>企業: A</p>"),
        ("-5% だった", "<p>-5% だった</p>"),
    ],
)
def test_the_small_markdown_is_understood(text: str, html: str) -> None:
    assert plain(text) == html


def test_a_pipe_table_has_its_header_and_keeps_escaped_pipes() -> None:
    html = plain("| a | b |\n|:--|--:|\n| 1 \\| 2 | [1] |\n| x |  |")
    assert html.replace(' class="short"', "") == (
        '<div class="scroll"><table><thead><tr><th>a</th><th>b</th></tr></thead>'
        "<tbody><tr><td>1 | 2</td><td><1></td></tr><tr><td>x</td><td></td></tr></tbody></table></div>"
    )


@pytest.mark.parametrize("line", ["{}", "- {}"])
def test_labelled_facts_become_a_description_list(line: str) -> None:
    html = plain(line.format("No.: 3-2 / 協業相手: CATL(寧徳) / 概要: 生産 50 / 60 GWh: 予定 [1]"))
    assert (
        '<dl class="facts"><div><dt>No.</dt><dd>3-2</dd></div><div><dt>協業相手</dt><dd>CATL(寧徳)</dd></div>'
        "<div><dt>概要</dt><dd>生産 50</dd></div><div><dt>60 GWh</dt><dd>予定 <1></dd></div></dl>"
    ) in html


def test_a_part_without_a_label_belongs_to_the_fact_before_it() -> None:
    assert "<dd>b / c</dd>" in plain("x: a / y: b / c")


def test_an_unfinished_answer_has_plain_chips_and_no_half_markers() -> None:
    html = render_streaming("投資額は**最大**です[1]。量産は[2", hits(), Language.JA)
    assert "[2" not in html.replace('<span class="bracket">[</span>', "")
    assert html.count('class="chip plain"') == 1
    assert 'aria-busy="true"' in html
    assert "電池産業の展望" in html


def test_a_stopped_answer_is_not_busy_and_says_that_it_was_not_checked() -> None:
    html = render_streaming("投資額は", hits(), Language.EN, stopped=True)
    assert 'aria-busy="false"' in html
    assert word("stopped", Language.EN) in html


def test_an_error_is_words_and_a_hint() -> None:
    page = Parsed(render_error(UsageError("question_too_long", length=9000, limit=4000), Language.EN))
    assert "The question is too long (9000 characters; the limit is 4000)." in page.words
    assert "Split it into shorter questions." in page.words
    assert [attributes["role"] for attributes in page.with_class("error")] == ["alert"]


@pytest.mark.parametrize("text", [TEXT_JA[:end] for end in range(0, len(TEXT_JA), 7)])
def test_every_beginning_of_an_answer_is_well_formed(text: str) -> None:
    Parsed(render_streaming(text, hits(), Language.JA))


@pytest.mark.parametrize("name", sorted(WORDS))
def test_both_languages_take_the_same_values(name: str) -> None:
    japanese, english = WORDS[name]
    assert japanese and english
    assert set(re.findall(r"{(\w+)}", japanese)) == set(re.findall(r"{(\w+)}", english))


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ja", Language.JA),
        ("ja-JP,ja;q=0.9,en-US;q=0.8,en;q=0.7", Language.JA),
        ("en-US,en;q=0.9,ja;q=0.8", Language.EN),
        ("de, ja;q=0.4, en;q=0.3", Language.JA),
        ("fr", Language.EN),
        ("ja;q=0", Language.EN),
        (";;q=,\x00", Language.EN),
        ("", Language.EN),
        (None, Language.EN),
    ],
)
def test_the_language_is_the_one_that_the_browser_asks_for_first(header: str | None, language: Language) -> None:
    assert preferred(header) is language
