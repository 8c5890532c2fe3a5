"""Right and wrong paraphrases and translations of the shipped digests: none of the wrong ones is shown as supported."""

from __future__ import annotations

import pytest

from assistant.answering.verify import Verified, Verifier
from assistant.types import Passage, Verdict
from tests.conftest import Shipped

# words of the passage that is cited, what is right, what is wrong
CLAIMS = [
    (
        "最大41億ユーロをかけて",
        [
            "The joint venture involves up to €4.1 billion.",
            "Up to 4,100 million euros will be invested in Spain.",
            "投資額は最大で41億ユーロに上ります。",
            "They invest roughly 4 billion euros at most.",
            "Production is due to begin at the end of 2026.",
            "Capacity is planned at up to 50 GWh.",
            "Stellantis and CATL announced it on 10 December 2024.",
        ],
        [
            "最低でも41億ユーロをかける計画です。",
            "The joint venture involves at least €4.1 billion.",
            "The joint venture involves up to $4.1 billion.",
            "The joint venture involves up to €4.1 million.",
            "投資額は最大で41兆ユーロに上ります。",
            "投資額は最大で14億ユーロに上ります。",
            "Production is due to begin at the end of 2025.",
            "Capacity is planned at up to 50 MWh.",
            "BYD and CATL announced it on 10 December 2024.",
            "Stellantis and CATL announced it on 12 October 2024.",
        ],
    ),
    (
        "62.6%がレベル2相当",
        [
            "62.6% of new passenger cars sold from January to July 2025 had Level 2 systems.",
            "About 63 percent of new cars had Level 2 equivalent systems.",
            "新車の約63%がレベル2相当のシステムを備えていました。",
        ],
        [
            "26.6% of new passenger cars had Level 2 systems.",
            "62.6% of new passenger cars had Level 3 systems.",
            "62.6% of new passenger cars sold from January to June 2025 had Level 2 systems.",
            "62.6 percentage points of new passenger cars had Level 2 systems.",
            "新車の約64%がレベル2相当のシステムを備えていました。",
        ],
    ),
    (
        "5,784億元",
        [
            "The core AI industry reached 578.4 billion yuan at the end of 2023.",
            "AIコア産業は令和5年末に約5,800億元の規模になりました。",
            "It was worth RMB 578.4bn.",
        ],
        [
            "The core AI industry reached 57.84 billion yuan at the end of 2023.",
            "The core AI industry reached 578.4 billion yen at the end of 2023.",
            "AIコア産業は令和6年末に5,784億元の規模になりました。",
            "The core AI industry reached 5.784 trillion yuan at the end of 2023.",
        ],
    ),
    (
        "合計3.6万社を数えた",
        [
            "There were 36,000 AI companies in the world by June 2023.",
            "China ranks second with a share of 16%.",
            "米国、中国、英国の3カ国で全体の56.2%を占めます。",
        ],
        [
            "There were 3.6 million AI companies in the world by June 2023.",
            "There were 36,000 AI companies in the world by June 2024.",
            "China ranks third with a share of 16%.",
            "China has a share of 56.2%.",
            "米国、中国、英国の4カ国で全体の56.2%を占めます。",
        ],
    ),
    (
        "米国は27.0%から22.1%へ下がり",
        [
            "The US share fell from 27.0% to 22.1%.",
            "China's share rose from 13.8% to 18.6%, while that of the US fell.",
            "The US share fell by 4.9 points.",
        ],
        [
            "The US share rose from 27.0% to 22.1%.",
            "The US share fell from 22.1% to 27.0%.",
            "The US share fell from 13.8% to 18.6%.",
            "米国は27.0%から22.1%へ上がりました。",
        ],
    ),
    (
        "人件費は80%減る",
        ["Labour cost falls by 80%.", "「小鹿先生」は月4,000元です。", "It costs 4,000 yuan a month."],
        [
            "Labour cost rises by 80%.",
            "人件費は80%増えます。",
            "「小鹿先生」は月1,000元です。",
            "It costs 4,000 yuan a year and cuts labour cost by 80%.",
        ],
    ),
    (
        "第6世代無人運転車両を数千台規模",
        ["Thousands of sixth-generation driverless cars join Uber.", "第6世代の車両が数千台つながります。"],
        [
            "Thousands of fifth-generation driverless cars join Uber.",
            "第9世代の車両が数千台つながります。",
            "Millions of sixth-generation driverless cars join Uber.",
            "Thousands of sixth-generation driverless cars join Grab.",
        ],
    ),
    (
        "76秒で1台を仕上げる",
        ["The line finishes a car every 76 seconds.", "1台を76秒で仕上げます。"],
        [
            "The line finishes a car every 67 seconds.",
            "The line finishes a car every 76 minutes.",
            "1台を76分で仕上げます。",
        ],
    ),
    (
        "知能ロボットが並び",
        ["45 intelligent robots were shown, 25 of them humanoid.", "知能ロボットは45体で、人型は25体でした。"],
        [
            "54 intelligent robots were shown, 25 of them humanoid.",
            "45 intelligent robots were shown, 35 of them humanoid.",
        ],
    ),
    (
        "プンゴル地区に指定された2つのルート",
        [
            "It starts with 11 vehicles on two routes in Punggol.",
            "グラブはウィーライドに数千万ドル規模を投じると2025年8月に公表しました。",
            "Grab said in August 2025 that it would invest tens of millions of dollars in WeRide.",
        ],
        [
            "It starts with 12 vehicles on two routes in Punggol.",
            "It starts with 11 vehicles on three routes in Punggol.",
            "Grab said in August 2024 that it would invest tens of millions of dollars in WeRide.",
            "Grab said in August 2025 that it would invest tens of millions of dollars in Momenta.",
        ],
    ),
    (
        "発表数の半分に届かない",
        [
            "Fewer than half of the models had passed the review.",
            "The review was passed by 140 models as of 16 May 2024.",
        ],
        ["Two thirds of the models had passed the review.", "The review was passed by 140 models as of 15 May 2024."],
    ),
]
RIGHT = [(source, claim) for source, right, _ in CLAIMS for claim in right]
WRONG = [(source, claim) for source, _, wrong in CLAIMS for claim in wrong]
WORKED_OUT = {"The US share fell by 4.9 points."}


@pytest.fixture(scope="module")
def check(shipped: Shipped):
    """Verify a claim against the passage that holds some words."""
    with shipped.assistant.index.lock:
        catalog = shipped.assistant.index.catalog
        passages = [one for report in shipped.assistant.reports() for one in catalog.passages_of(report.report_id)]
    verifier: Verifier = shipped.assistant.verifier()

    def checking(words: str, claim: str) -> Verified:
        cited: list[Passage] = [passage for passage in passages if words in passage.text]
        assert cited, words
        return verifier.verify(claim, cited[:1])

    return checking


@pytest.mark.parametrize(("words", "claim"), RIGHT)
def test_a_right_paraphrase_is_supported(check, words: str, claim: str) -> None:
    found = check(words, claim)
    assert found.verdict is (Verdict.PARTIAL if claim in WORKED_OUT else Verdict.SUPPORTED), found.checks


@pytest.mark.parametrize(("words", "claim"), WRONG)
def test_a_wrong_paraphrase_is_never_supported(check, words: str, claim: str) -> None:
    found = check(words, claim)
    assert found.verdict in (Verdict.UNSUPPORTED, Verdict.PARTIAL), found.checks
