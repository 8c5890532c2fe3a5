"""What to know of a report that could be read, in Japanese and English."""

from __future__ import annotations

from assistant.messages.tables import Error, errors

QUALITY_NOTES: dict[str, Error] = errors("""
quality_no_text
    文字のないページがあります: {where}
    Pages without text: {where}
    スキャンか白紙です。内容を検索したい場合は、OCRで文字を付けたファイルに置き換えてください。
    They are scanned or blank. To search what they show, replace the file by one with a text layer (OCR).
quality_little_text
    文字がほとんどないページがあります: {where}
    Pages with hardly any text: {where}
    図や画像の中の文字は検索できません。必要ならページを開いて確かめてください。
    Words inside pictures cannot be searched. Open these pages if you need them.
quality_broken
    読めない文字があります（ページ: {where}）
    Characters that cannot be read, on pages: {where}
    文字コードかフォントの情報が欠けています。元のファイルから作り直すか、OCRをかけてください。
    Its encoding or fonts lack what is needed. Make the file again from its original, or run OCR on it.
quality_tables
    行に分けられなかった表があります: {where}
    Tables that could not be taken apart into rows: {where}
    表の数値は文として検索されます。Excel、CSV、Wordの表があれば、それを加えてください。
    Their figures are searched as plain text. Add the table as Excel, CSV or Word if you have it.
quality_twice
    同じ内容のページがあります: {where}
    Pages that are the same: {where}
    同じ箇所が二度引用されることがあります。余分なページを除いてください。
    One fact may be cited twice. Take the extra pages out.
""")
