"""Why a file became no report, in Japanese and English."""

from __future__ import annotations

from assistant.messages.tables import Error, errors

FILE_ERRORS: dict[str, Error] = errors("""
file_unreadable
    ファイルを開けません: {reason}
    The file cannot be opened: {reason}
    読み取りの権限を確認してください。
    Check its permissions.
file_changed
    {path} は読み取り後に変更されています。
    {path} has changed since it was read.
    `assistant sync` を実行してください。
    Run `assistant sync`.
file_empty
    ファイルが空です。
    The file is empty.
    中身のあるファイルに置き換えてください。
    Replace it by one with content.
file_too_large
    ファイルが大きすぎます: {megabytes} MB（上限 {most} MB）。
    The file is too large: {megabytes} MB of {most}.
    設定 reading.max_mb を上げるか、分割してください。
    Raise the setting reading.max_mb, or split the file.
too_many_pages
    {pages}ページあります（上限 {most}）。
    It has {pages} pages, more than {most}.
    設定 reading.max_pages を上げるか、分割してください。
    Raise the setting reading.max_pages, or split the file.
file_too_slow
    {most}秒では読み終わりませんでした。
    It could not be read within {most} seconds.
    設定 reading.max_seconds を上げるか、保存し直すか、分割してください。
    Raise the setting reading.max_seconds, save the file anew, or split it.
file_binary
    テキストの拡張子ですが、中身はテキストではありません。
    Its suffix says text, but its content is not text.
    正しい拡張子を付けるか、テキストとして保存し直してください。
    Give it its right suffix, or save it as text.
file_no_text
    文章が見つかりません。
    There is no text in it.
    ファイルの中身を確認してください。
    Look into the file.
format_not_yet
    {suffix} 形式は読めません。
    Files of type {suffix} cannot be read.
    docx、pptx、xlsx、PDFのどれかで保存し、それを入れてください。
    Save it as docx, pptx, xlsx or PDF and add that.
office_encrypted
    パスワードで保護されているか、古い形式（doc、ppt、xls）のファイルです。
    The file is protected by a password, or of the older kind (doc, ppt, xls).
    開いてパスワードを外し、docx、pptx、xlsxのどれかで保存し直してください。
    Open it, remove the password and save it as docx, pptx or xlsx.
office_damaged
    ファイルが壊れているか、途中で切れています: {reason}
    The file is damaged or cut off: {reason}
    もう一度入手するか、開いて保存し直してください。
    Get it again, or open it and save it once more.
office_too_large
    展開すると{megabytes} MBになり、大きすぎて読めません。
    Unpacked it would be {megabytes} MB: too large to read.
    信頼できるファイルなら、分割するかPDFとして保存してください。
    If you trust it, split it or save it as PDF.
report_unexpected
    読み取り中に予期しない問題が起きました: {reason}
    Something unexpected happened while reading it: {reason}
    このファイルを添えて不具合として報告してください。
    Please report it as a bug, with the file.
pdf_encrypted
    パスワードで保護されたPDFです。
    The PDF is protected by a password.
    パスワードを外して保存し直してください。
    Save a copy without the password.
pdf_damaged
    PDFが壊れているか、途中で切れています: {reason}
    The PDF is damaged or cut off: {reason}
    もう一度入手するか、PDFとして保存し直してください。
    Get it again, or save it as PDF once more.
pdf_no_pages
    ページのないPDFです。
    The PDF has no pages.
    元のファイルからPDFを作り直してください。
    Make the PDF again from its original.
pdf_no_text
    {pages}ページのどこにも文字がありません（画像だけのスキャンのようです）。
    None of its {pages} pages has text (it looks like a scan).
    OCRで文字を付けたPDFに置き換えてください。
    Replace it by a PDF with a text layer (OCR).
html_no_text
    本文が見つからないHTMLです。
    The HTML has no main text.
    ページ全体を保存し直してください。
    Save the whole page again.
sidecar_unreadable
    TOMLとして読めません: {reason}
    It cannot be read as TOML: {reason}
    title = "…" のように書いてください。レポート自体は検索できます。
    Write lines like title = "…". The report itself can be searched.
sidecar_key
    項目 {key} はありません。
    There is no field {key}.
    使える項目: {known}。レポート自体は検索できます。
    It can be: {known}. The report itself can be searched.
sidecar_value
    {key} の値 {value} は使えません。
    The value {value} of {key} cannot be used.
    {wanted} の形で書いてください。レポート自体は検索できます。
    Write it like {wanted}. The report itself can be searched.
""")
