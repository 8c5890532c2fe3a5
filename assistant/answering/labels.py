"""What common columns of tables are called in Japanese and English; other headers stay as they stand. Pure."""

from __future__ import annotations

from assistant.types import Language

_HEADERS: tuple[tuple[str, str], ...] = (
    ("発表日", "Announced"), ("公表日", "Announced"), ("日付", "Date"), ("日時", "Date"), ("年月日", "Date"),
    ("年月", "Month"), ("年", "Year"), ("年度", "Fiscal year"), ("時期", "Time"), ("期間", "Period"), ("施行日", "In force from"),
    ("設立", "Founded"), ("設立時期", "Founded"), ("外資系企業", "Foreign company"), ("企業", "Company"), ("企業名", "Company"),
    ("会社", "Company"), ("会社名", "Company"), ("運営会社", "Operator"), ("メーカー", "Manufacturer"), ("サプライヤー", "Supplier"),
    ("協業相手", "Partner"), ("相手", "Partner"), ("パートナー", "Partner"), ("提携先", "Partner"), ("概要", "Summary"),
    ("内容", "Content"), ("説明", "Description"), ("事例", "Case"), ("目的", "Purpose"), ("取り組み", "Activities"),
    ("効果", "Effect"), ("課題", "Problem"), ("特徴", "Features"), ("備考", "Remarks"), ("注", "Note"), ("出所", "Source"),
    ("出典", "Source"), ("項目", "Item"), ("分類", "Category"), ("種類", "Type"), ("区分", "Category"), ("分野", "Field"),
    ("領域", "Field"), ("業界", "Industry"), ("産業", "Industry"), ("用途", "Use"), ("対象", "Scope"), ("名称", "Name"),
    ("氏名", "Name"), ("製品", "Product"), ("製品名", "Product"), ("部品", "Part"), ("モデル", "Model"), ("モデル名", "Model"),
    ("国", "Country"), ("国・地域", "Country or region"), ("国名", "Country"), ("地域", "Region"), ("都市", "City"), ("場所", "Place"),
    ("開催場所", "Venue"), ("開催地", "Venue"), ("所在地", "Location"), ("本社", "Headquarters"), ("数", "Number"),
    ("件数", "Number"), ("台数", "Units"), ("人数", "People"), ("金額", "Amount"), ("額", "Amount"), ("価格", "Price"),
    ("料金", "Price"), ("投資額", "Investment"), ("売上高", "Sales"), ("規模", "Size"), ("割合", "Share"), ("比率", "Share"),
    ("シェア", "Share"), ("増減", "Change"), ("前年比", "Year on year"), ("単位", "Unit"), ("合計", "Total"), ("順位", "Rank"),
    ("法令", "Law"), ("規制", "Regulation"), ("状況", "Status"), ("指標", "Indicator"), ("率", "Rate"),
)  # fmt: skip
_NUMBERS = frozenset({"no", "no.", "#", "番号", "№"})
_BY_LANGUAGE = {
    Language.EN: dict(_HEADERS),
    Language.JA: {english.lower(): japanese for japanese, english in reversed(_HEADERS)},
}


def label(header: str, language: Language) -> str:
    """A header in a language: whole where the table has it, else by what it ends in (協業発表日 -> Announced)."""
    words, known = header.strip().lower(), _BY_LANGUAGE[language]
    if words in known:
        return known[words]
    ends = [key for key in known if len(key) > 1 and words.endswith(key)] if language is Language.EN else []
    return known[max(ends, key=len)] if ends else header.strip()


def numbers_rows(header: str) -> bool:
    """Whether a column only numbers the rows: the citation shows that already."""
    return header.strip().lower() in _NUMBERS
