"""Whether a name of a claim stands where the passages have it: in the same words, or in words of the same meaning."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.answering.verify import Verifier
from assistant.language.aliases import AliasTable
from assistant.language.entities import entity_key
from assistant.types import Verdict
from tests.answering.test_verify import VERIFIER, verify

KNOWING = replace(VERIFIER, is_known=lambda key: key != entity_key("Zzyzx"))
SOURCES = (
    "アウディはモメンタの支援機能を新型車に載せる。",
    "プンゴル地区の2つの路線を、ウィーライドの車両が走る。",
    "首都ドーハで試験を行う。",
    " Valeo supplies Renault with sensors for the new van.",
    " Nvidia and Qualcomm make the chips of the van.",
)


@pytest.mark.parametrize(
    ("claim", "instead"),
    [
        ("モメンタはアウディの支援機能を新型車に載せる。", "アウディ"),
        ("ウィーライドはモメンタの支援機能を新型車に載せる。", "アウディ"),
        ("アウディはヴァレオの支援機能を新型車に載せる。", "モメンタ"),
        ("ウィーライド地区の2つの路線を、プンゴルの車両が走る。", "プンゴル"),
        ("モメンタ地区の2つの路線で走る。", "プンゴル"),
        ("Renault supplies Valeo with sensors for the new van.", "Valeo"),
        ("Qualcomm supplies Renault with sensors for the new van.", "Valeo"),
    ],
)
def test_a_name_in_the_words_of_another_is_wrong(claim: str, instead: str) -> None:
    found = verify(claim, *SOURCES, verifier=KNOWING)
    assert found.verdict is Verdict.UNSUPPORTED
    assert instead in {check.source for check in found.checks if check.kind == "name" and check.ok is False}


@pytest.mark.parametrize(
    "claim",
    [
        "アウディは、モメンタの支援機能を新型車に載せます。",
        "モメンタの支援機能はアウディの新型車に載る。",
        "ウィーライドの車両はプンゴル地区の2つの路線を走る。",
        "Renault is supplied by Valeo with sensors for the new van.",
        "Sensors for the new van: Valeo supplies Renault.",
        "Qualcomm and Nvidia make the chips of the van.",
    ],
)
def test_another_order_of_the_words_or_of_a_list_is_no_other_place(claim: str) -> None:
    found = verify(claim, *SOURCES, verifier=KNOWING)
    assert {check.ok for check in found.checks if check.kind == "name"} == {True}
    assert "binding" not in {check.kind for check in found.checks}
    assert found.verdict is not Verdict.UNSUPPORTED


def test_a_name_that_the_reports_do_not_know_is_doubtful_in_the_place_of_one_that_they_do() -> None:
    found = verify("Zzyzx supplies Renault with sensors for the new van.", *SOURCES, verifier=KNOWING)
    assert ("binding", None, "Zzyzx", "Valeo") in {(one.kind, one.ok, one.claim, one.source) for one in found.checks}
    assert found.verdict is Verdict.PARTIAL


@pytest.fixture
def meaning() -> Verifier:
    """A space in which the words of the two routes are alike, and those of the cars."""

    def topic(text: str) -> str:
        kinds = {"route": ("routes", "路線"), "car": ("cars", "車両")}
        return next((kind for kind, words in kinds.items() if any(word in text for word in words)), text)

    def similar(claim: str, texts: Sequence[str]) -> list[float]:
        return [0.9 if topic(claim) == topic(text) else 0.1 for text in texts]

    return Verifier(AliasTable([]), lambda key: True, similar)


@pytest.mark.parametrize(
    ("claim", "doubtful"),
    [
        ("Two designated bus routes lead through Punggol.", False),
        ("Two designated bus routes lead through Momenta.", True),
        ("Momenta runs eleven driverless cars.", False),
        ("Punggol runs eleven driverless cars.", True),
    ],
)
def test_across_languages_a_name_in_the_place_of_another_is_doubtful(
    claim: str, doubtful: bool, meaning: Verifier
) -> None:
    found = verify(
        claim, "プンゴルに指定された2つの路線がある。", "モメンタは無人の車両を11台走らせる。", verifier=meaning
    )
    assert ("binding" in {check.kind for check in found.checks}) is doubtful
    assert found.verdict is (Verdict.PARTIAL if doubtful else Verdict.SUPPORTED)
