"""The contract's JSON: exact keys, and the values of a hand-made answer."""

import json
from pathlib import PurePosixPath

import pytest
from pydantic import TypeAdapter

from assistant.citing.lookup import LookedUp, Match, Stance
from assistant.doctor import Finding, doctor_payload
from assistant.errors import UsageError
from assistant.payloads import (
    AnswerPayload,
    LookupPayload,
    SearchPayload,
    answer_payload,
    citation_payload,
    error_payload,
    hit_payload,
    lookup_payload,
    report_payload,
    search_payload,
    sync_payload,
)
from assistant.types import (
    Anchor,
    Answer,
    Backend,
    Block,
    BlockKind,
    Check,
    Citation,
    Claim,
    Contribution,
    FailedFile,
    Fallback,
    Hit,
    Language,
    Passage,
    Query,
    ReportRef,
    Source,
    Status,
    SyncResult,
    Timing,
    Verdict,
)

TEXT = "電池の合弁\n投資額は最大41億ユーロに達する。\n3-2 モメンタ 2025年7月15日"
ID = "0123456789ab"
REPORT = ReportRef(ID, PurePosixPath("2025/合弁.pdf"), Source(title="電池産業の展望"))
QUOTE = "投資額は最大41億ユーロに達する。"
AT = TEXT.index(QUOTE)
ROW_AT = TEXT.index("3-2")
BLOCKS = (
    Block(BlockKind.PARAGRAPH, AT, AT + len(QUOTE), 12, ("第2章", "合弁")),
    Block(BlockKind.TABLE_ROW, ROW_AT, len(TEXT), 13, ("第2章", "提携"), "表3", "3-2"),
)
PASSAGE = Passage(Anchor(ID, AT, len(TEXT)), BLOCKS, TEXT[AT:], "search", ("第2章", "合弁"), Language.JA, ())
HIT = Hit(PASSAGE, REPORT, 1, 0.75, (Contribution("dense", 2, 0.5), Contribution("sparse", 1, 7.25)))
CITATION = Citation(1, Anchor(ID, AT, AT + len(QUOTE)), QUOTE, Verdict.SUPPORTED, PASSAGE, REPORT)
ROW = Citation(2, Anchor(ID, ROW_AT, len(TEXT)), TEXT[ROW_AT:], Verdict.PARTIAL, PASSAGE, REPORT)
ANSWER = Answer(
    "How much?",
    Language.EN,
    Status.ANSWERED,
    "It is €4.1bn [1]. Signed in July [2].",
    (
        Claim("It is €4.1bn.", 0, 17, (1,), Verdict.SUPPORTED, (Check("quantity", True, "€4.1bn", "41億ユーロ"),)),
        Claim("Signed in July.", 18, 37, (2,), Verdict.PARTIAL, (Check("date", None, "July", ""),)),
    ),
    (CITATION, ROW),
    (HIT,),
    Backend("extractive", "bilingual", Fallback("openai:x", "timeout")),
    "f1",
    (Timing("search", 0.25), Timing("answer", 0.5)),
)
REPORT_JSON = {"id": ID, "path": "2025/合弁.pdf", "title": "電池産業の展望"}
HIT_JSON = {
    "rank": 1,
    "score": 0.75,
    "passage_id": f"{ID}:{AT}-{len(TEXT)}",
    "report": REPORT_JSON,
    "page": 12,
    "section": "第2章 › 合弁",
    "row": None,
    "start": AT,
    "end": len(TEXT),
    "text": TEXT[AT:],
    "language": "ja",
    "contributions": {"dense": {"rank": 2, "score": 0.5}, "sparse": {"rank": 1, "score": 7.25}},
}
CITATION_JSON = {
    "number": 1,
    "citation_id": f"{ID}:{AT}-{AT + len(QUOTE)}",
    "passage_id": f"{ID}:{AT}-{len(TEXT)}",
    "report": REPORT_JSON,
    "page": 12,
    "section": "第2章 › 合弁",
    "row": None,
    "start": AT,
    "end": AT + len(QUOTE),
    "quote": QUOTE,
    "verdict": "supported",
}
ROW_JSON = CITATION_JSON | {
    "number": 2,
    "citation_id": f"{ID}:{ROW_AT}-{len(TEXT)}",
    "page": 13,
    "section": "第2章 › 提携",
    "row": "3-2",
    "start": ROW_AT,
    "end": len(TEXT),
    "quote": "3-2 モメンタ 2025年7月15日",
    "verdict": "partial",
}


def as_json(payload: dict) -> dict:
    """The payload as a script reads it; also shows that it can be written at all."""
    return json.loads(json.dumps(payload, ensure_ascii=False))


def test_an_answer_has_the_contract_s_keys_and_its_own_values():
    assert as_json(answer_payload(ANSWER)) == {
        "question": "How much?",
        "language": "en",
        "status": "answered",
        "text": "It is €4.1bn [1]. Signed in July [2].",
        "claims": [
            {
                "text": "It is €4.1bn.",
                "citations": [1],
                "verdict": "supported",
                "checks": [{"kind": "quantity", "ok": True, "claim": "€4.1bn", "source": "41億ユーロ"}],
            },
            {
                "text": "Signed in July.",
                "citations": [2],
                "verdict": "partial",
                "checks": [{"kind": "date", "ok": None, "claim": "July", "source": ""}],
            },
        ],
        "citations": [CITATION_JSON, ROW_JSON],
        "nearest": [],
        "backend": {
            "llm": "extractive",
            "embedder": "bilingual",
            "fallback": {"llm": "openai:x", "reason": "timeout"},
        },
        "fingerprint": "f1",
        "timings": {"search": 0.25, "answer": 0.5},
    }


def test_an_abstention_shows_what_came_nearest():
    abstained = Answer(
        "いくら？", Language.JA, Status.ABSTAINED, "", (), (), (HIT,), Backend("extractive", "bilingual"), "f1"
    )
    payload = as_json(answer_payload(abstained))
    assert (payload["status"], payload["claims"], payload["citations"]) == ("abstained", [], [])
    assert payload["nearest"] == [HIT_JSON]
    assert payload["backend"] == {"llm": "extractive", "embedder": "bilingual", "fallback": None}
    assert payload["timings"] == {}


def test_a_quote_is_the_report_s_text_between_its_offsets():
    for payload in answer_payload(ANSWER)["citations"]:
        assert TEXT[payload["start"] : payload["end"]] == payload["quote"]
        assert payload["citation_id"] == f"{ID}:{payload['start']}-{payload['end']}"
    hit = hit_payload(HIT)
    assert TEXT[hit["start"] : hit["end"]] == hit["text"]


def test_a_citation_has_its_own_block_s_page_section_and_row():
    assert as_json(citation_payload(CITATION)) == CITATION_JSON
    assert as_json(citation_payload(ROW)) == ROW_JSON


def test_a_search_has_its_query_and_hits():
    assert as_json(search_payload(Query("投資額", Language.JA), [HIT])) == {
        "query": "投資額",
        "language": "ja",
        "hits": [HIT_JSON],
    }
    assert search_payload(Query("x", Language.EN), []) == {"query": "x", "language": "en", "hits": []}


def test_what_has_no_page_section_or_row_says_null():
    block = Block(BlockKind.PARAGRAPH, 0, 3)
    passage = Passage(Anchor(ID, 0, 3), (block,), "abc", "abc", (), Language.EN, ())
    citation = citation_payload(Citation(1, Anchor(ID, 0, 3), "abc", Verdict.SUPPORTED, passage, REPORT))
    hit = hit_payload(Hit(passage, REPORT, 1, 1.0, ()))
    for payload in (citation, hit):
        assert (payload["page"], payload["section"], payload["row"]) == (None, None, None)


def test_a_report_is_called_by_its_title_its_original_or_its_file():
    path = PurePosixPath("a/報告.md")
    assert report_payload(ReportRef(ID, path, Source())) == {"id": ID, "path": "a/報告.md", "title": "報告"}
    digest = ReportRef(ID, path, Source(title="要約", digest_of="電池産業の展望"))
    assert report_payload(digest)["title"] == "digest of 電池産業の展望"


def test_a_sync_says_what_changed_and_why_a_file_failed_in_the_reader_s_language():
    result = SyncResult(
        added=("a.txt",),
        updated=("b.txt",),
        removed=("c.txt",),
        duplicates=("d.txt",),
        superseded=("e.md",),
        unchanged=4,
        failed=(FailedFile("g.pdf", "pdf_no_text", (("pages", "3"),)),),
        reports=6,
        passages=70,
        seconds=1.23456,
    )
    english = as_json(sync_payload(result, Language.EN))
    assert english == {
        "added": ["a.txt"],
        "updated": ["b.txt"],
        "removed": ["c.txt"],
        "duplicates": ["d.txt"],
        "superseded": ["e.md"],
        "unchanged": 4,
        "failed": [
            {
                "path": "g.pdf",
                "error": "None of its 3 pages has text (it looks like a scan).",
                "hint": "Replace it by a PDF with a text layer (OCR).",
            }
        ],
        "reports": 6,
        "passages": 70,
        "seconds": 1.235,
    }
    japanese = sync_payload(result, Language.JA)["failed"][0]
    assert japanese["error"] == "3ページのどこにも文字がありません（画像だけのスキャンのようです）。"


def test_the_doctor_is_well_only_when_every_check_is():
    well, ill = Finding("corpus", True, "3 files"), Finding("catalog", False, "damaged", "run sync")
    assert as_json(doctor_payload([well, ill])) == {
        "ok": False,
        "checks": [
            {"name": "corpus", "ok": True, "detail": "3 files", "hint": ""},
            {"name": "catalog", "ok": False, "detail": "damaged", "hint": "run sync"},
        ],
    }
    assert doctor_payload([well])["ok"] is True


def test_an_error_is_told_in_both_languages_with_what_to_do():
    failed = error_payload(UsageError("question_empty"), Language.JA)
    assert failed == {"error": "質問が空です。", "hint": "質問を文章で入力してください。"}
    assert error_payload(UsageError("question_empty"), Language.EN)["error"] == "The question is empty."


@pytest.mark.parametrize(
    ("shape", "payload"),
    [
        (AnswerPayload, answer_payload(ANSWER)),
        (SearchPayload, search_payload(Query("投資額", Language.JA), [HIT])),
        (LookupPayload, lookup_payload(QUOTE, [LookedUp(QUOTE, 0, 16, (Match(Stance.SUPPORTS, CITATION, ()),))])),
    ],
)
def test_a_payload_has_exactly_the_declared_shape(shape, payload):
    assert TypeAdapter(shape).validate_python(payload, strict=True) == payload
