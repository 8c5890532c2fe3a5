"""HTML: the main content as blocks, tables as rows with their headers, and what the head says of the source."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ReadingError
from assistant.reading.html import extract
from assistant.types import Source


def blocks(page: str) -> list[tuple[str, str]]:
    report = extract(page.encode(), "page.html")
    return [(block.kind.value, report.text[block.start : block.end]) for block in report.blocks]


def rows(page: str) -> list[list[tuple[str, str]]]:
    report = extract(page.encode(), "page.html")
    return [[(c.header, report.text[c.start : c.end]) for c in block.cells] for block in report.blocks if block.cells]


def test_navigation_forms_and_scripts_are_left_out():
    page = (
        "<body><header>Site</header><nav>Menu</nav><div class=cookie-banner>We use cookies</div>"
        "<div id=main><h1>Report</h1>"
        "<script>x()</script><style>p{}</style><form><input value=q>Search</form><p>Words that matter.</p>"
        "<aside>See also</aside></div><footer>Imprint</footer>"
    )
    assert blocks(page) == [("heading", "Report"), ("paragraph", "Words that matter.")]


def test_main_is_preferred_to_what_stands_beside_it():
    page = "<div><p>Teaser.</p></div><main><header><h1>題</h1></header><p>本文はここにある。</p></main>"
    assert blocks(page) == [("heading", "題"), ("paragraph", "本文はここにある。")]


def test_without_main_the_densest_container_is_read():
    page = f"<body><div><p>Short.</p></div><div><div><p>{'Long words. ' * 20}</p></div></div>"
    assert blocks(page) == [("paragraph", ("Long words. " * 20).strip())]


@pytest.mark.parametrize(
    "hiding", ["hidden", 'style="color:red; display: none"', "aria-hidden=true", 'style="visibility:hidden"']
)
def test_hidden_text_is_left_out(hiding):
    assert blocks(f"<p>seen</p><p {hiding}>unseen</p><p>also <b {hiding}>un</b>seen") == [
        ("paragraph", "seen"),
        ("paragraph", "also seen"),
    ]


def test_blocks_of_every_kind():
    page = (
        "<h1>題<br>名</h1><h2>節</h2>loose <i>words</i><ul><li>一<ol><li>二</ol><li><p>三</p></ul>"
        "<blockquote><p>quoted</blockquote>"
        "<figure><img><figcaption>図1　推移</figcaption></figure><p>一行目<br>二行目</p>"
        "<pre>a\n  b</pre><p>出所：財務省</p>"
    )
    assert blocks(page) == [
        ("heading", "題\n名"),
        ("heading", "節"),
        ("paragraph", "loose words"),
        ("list", "一"),
        ("list", "二"),
        ("list", "三"),
        ("paragraph", "quoted"),
        ("caption", "図1　推移"),
        ("paragraph", "一行目\n二行目"),
        ("paragraph", "a\n  b"),
        ("note", "出所：財務省"),
    ]


def test_ruby_keeps_its_base():
    assert blocks(
        "<p><ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>の<ruby>市<rt>し</rt>場<rt>じょう</rt></ruby>"
    ) == [("paragraph", "漢字の市場")]


def test_source_wraps_vanish_between_japanese_and_are_spaces_in_english():
    assert blocks("<p>日本の\n   市場\n EV\nmarket</p>") == [("paragraph", "日本の市場 EV market")]


def test_spans_are_resolved_and_header_rows_are_furniture():
    page = (
        "<table><caption>表1</caption><tr><th rowspan=2>国<th colspan=2>台数<tr><th>2023<th>2024"
        "<tr><td rowspan=2>日本<td>1<td>2<tr><td>3<td>4<tr><td colspan=2>計<td>10</table>"
    )
    assert rows(page) == [
        [("国", "日本"), ("台数 2023", "1"), ("台数 2024", "2")],
        [("国", "日本"), ("台数 2023", "3"), ("台数 2024", "4")],
        [("国", "計"), ("台数 2024", "10")],
    ]
    report = extract(page.encode(), "a.html")
    assert report.text == "表1\n国\t台数 2023\t台数 2024\n日本\t1\t2\n日本\t3\t4\n計\t\t10"
    assert [(block.caption, block.row) for block in report.blocks[1:]] == [
        ("表1", "日本"),
        ("表1", "日本"),
        ("表1", "計"),
    ]
    assert [block.start for block in report.blocks][1] == report.text.index("日本")


def test_row_headers_do_not_make_a_header_row_and_a_table_may_have_none():
    assert rows("<table><tr><th>日本<td>1<tr><th>中国<td>2</table>") == [
        [("", "日本"), ("", "1")],
        [("", "中国"), ("", "2")],
    ]


def test_nested_tables_are_flattened():
    assert rows("<table><tr><td>a<td>b <table><tr><td>c<td>d</table></table>") == [[("", "a"), ("", "b c d")]]


def test_a_layout_table_is_no_table():
    assert blocks("<table><tr><td><h2>Part</h2><p>words</p></td><td>more</td></tr></table>") == [
        ("heading", "Part"),
        ("paragraph", "words"),
        ("paragraph", "more"),
    ]


def test_the_head_names_the_source():
    page = (
        '<html lang="ja-JP"><head><title>市場報告 | 研究所</title><meta property="og:site_name" content="研究所">'
        '<meta name="author" content="山田 太郎">'
        '<meta property="article:published_time" content="2025-07-05T09:00:00+09:00">'
        '<link rel="canonical" href="https://example.org/r1"></head><body><p>本文'
    )
    assert extract(page.encode(), "a.html").source == Source(
        title="市場報告",
        author="山田 太郎",
        publisher="研究所",
        issued="2025-07-05",
        url="https://example.org/r1",
        language="ja",
    )


@pytest.mark.parametrize(("date", "issued"), [("2025/7/5", "2025-07-05"), ("2025年7月", "2025-07"), ("soon", None)])
def test_dates_are_iso(date, issued):
    assert extract(f'<meta name=date content="{date}"><p>x'.encode(), "a.html").source.issued == issued


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP"), ("cp932", ""), ("utf-8", "nonsense"), ("utf-8", "EUC-JP")],
)
def test_the_encoding_is_as_declared_unless_the_bytes_disagree(encoding, declared):
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    page = f"{meta}<p>日本の自動車市場は拡大している。</p>".encode(encoding)
    assert extract(page, "a.html").text == "日本の自動車市場は拡大している。"


@pytest.mark.parametrize("page", ["<html><body></body></html>", "<nav>Menu</nav><script>1</script>"])
def test_a_page_without_words_says_so(page):
    with pytest.raises(ReadingError, match=r"html_no_text \(file=a.html\)"):
        extract(page.encode(), "a.html")


TAGS = re.findall(r"\w+", "p div table tr td th b ul li h1 h2 br ruby rt span main nav caption pre")
PIECES = st.one_of(
    st.sampled_from(
        [f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS] + ["<td rowspan=3>", "<th colspan=2>"]
    ),
    st.text(alphabet="ab 日。\n\t&lt;\v", max_size=5),
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_blocks_are_disjoint_in_order_and_hold_their_cells(pieces):
    try:
        report = extract("".join(pieces).encode() + b"<p>x", "a.html")
    except ReadingError as error:
        assert error.code == "html_no_text"
        return
    end = 0
    for block in report.blocks:
        assert end <= block.start < block.end <= len(report.text)
        end = block.end
        assert all(block.start <= cell.start < cell.end <= block.end for cell in block.cells)
        joined = [report.text[cell.start : cell.end] for cell in block.cells]
        assert not joined or [cell for cell in report.text[block.start : block.end].split("\t") if cell] == joined
