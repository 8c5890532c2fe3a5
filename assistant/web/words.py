"""Every word that the web page shows, in Japanese and English. Errors are the one exception: `assistant.messages`."""

from __future__ import annotations

import re

from assistant.messages.tables import Pair, pairs
from assistant.types import Language

WORDS: dict[str, Pair] = pairs("""
app_name | レポート・アシスタント | Report Assistant
welcome_title | レポートに聞く | Ask the reports
welcome_text | 答えには、根拠になったレポートの箇所を番号で示します。番号を押すと、その箇所が開きます。 | Answers carry numbers that point to the passages they rest on. Press a number to open its passage.
starters | 質問の例 | Questions to start with
question_label | 質問 | Question
placeholder | 日本語でも英語でも質問できます | Ask in English or Japanese
send | 送信 | Send
stop | 停止 | Stop
clear | 新しい会話 | New conversation
language_label | 言語 | Language
language_auto | 自動 | Auto
language_ja | 日本語 | 日本語
language_en | English | English
view_label | 画面 | View
view_ask | 質問 | Ask
view_lookup | 照合 | Look up
view_library | ライブラリ | Library
library_title | レポートのライブラリ | The library of reports
library_text | ここにあるレポートから答えます。追加や削除は、読み込みが済むと回答に反映されます。 | Answers come from these reports. What you add or remove counts as soon as it has been read.
library_empty | まだレポートがありません。 | There are no reports yet.
drop | ここにファイルをドロップするか、押して選択 | Drop files here, or press to choose
drop_types | PDF、Word、PowerPoint、Excel、CSV、HTML、Markdown、テキスト(1件{most} MBまで) | PDF, Word, PowerPoint, Excel, CSV, HTML, Markdown or text, up to {most} MB each
file_report | 読み込み済み | Ready
file_failed | 読み込めません | Not readable
file_duplicate | 重複 | Duplicate
file_superseded | 原本を優先 | Original used instead
file_waiting | 待機中 | Waiting
file_reading | 読み込み中 | Being read
page_count | {count}ページ | {count} pages
twin | {path} と同じ内容です。 | The same content as {path}.
remove | 削除 | Remove
remove_label | {file} を削除 | Remove {file}
remove_confirm | 「%s」をフォルダーから削除します。元に戻せません。 | “%s” will be deleted from the folder. This cannot be undone.
removed | 削除しました。 | Removed.
cancel | キャンセル | Cancel
added | 追加しました。下の一覧で読み込みの結果を確認できます。 | Added. The list below shows how reading it goes.
refused_name | この名前は使えません。フォルダー名や特殊な文字を含まない、短い名前にしてください。 | This name cannot be used. Give it a short one without folders or special characters.
refused_type | この種類のファイルは読めません。PDFなど、対応する形式で保存してください。 | Files of this type cannot be read. Save it in one of the formats above.
refused_size | {most} MBを超えています。分割してください。 | It is larger than {most} MB. Split it first.
refused_taken | 同じ名前のファイルがすでにあります。名前を変えるか、先に既存のものを削除してください。 | There is a file of this name already. Rename this one, or remove the other first.
refused_empty | ファイルが空です。 | The file is empty.
refused_disk | 保存できませんでした({reason})。空き容量と権限を確認してください。 | It could not be saved ({reason}). Check the free space and the permissions.
refused_gone | このファイルはもうありません。 | This file is no longer there.
refused_lost | 接続が切れました。もう一度試してください。 | The connection broke off. Please try again.
refused_sidecar | メタデータのファイル{file}が正しいTOMLではありません。直すか削除してから、もう一度保存してください。 | {file}, which holds what is known of this report, is not valid. Mend or delete it, then save again.
refused_fact | 「{fact}」が長すぎるか、使えない文字を含んでいます。 | {fact} is too long or holds characters that cannot be used.
refused_date | 「{value}」は日付として読めません。2025-12-04、2025-12、2025 のように入力してください。 | “{value}” is not a date. Write it like 2025-12-04, 2025-12 or 2025.
refused_url | 「{value}」はURLではありません。https:// で始まるアドレスを入力してください。 | “{value}” is not a URL. Enter an address that begins with https://.
file_count | {count}件 | Files: {count}
sent | 読み込みを待っています | Waiting to be read
edit | 編集 | Edit
edit_label | {file} の情報を編集 | Edit what is known of {file}
edit_title | レポートの情報 | About this report
edit_text | ファイルの横に置く .meta.toml に保存します。元のファイルは変わりません。 | Kept in a .meta.toml file beside the report, which itself is not touched.
described | 保存しました。読み直すと一覧に反映されます。 | Saved. The list follows once it has been read again.
read_open | レポートを開く | Open in the report
read_close | 閉じる | Close
read_back | 前のページ | Previous page
read_forth | 次のページ | Next page
read_page | ページ番号 | Page number
read_find | このレポート内を検索 | Search this report
read_before | 前の一致 | Previous match
read_after | 次の一致 | Next match
read_none | 一致なし | No match
sheet_empty | このページに文字はありません。 | There is no text on this page.
sheet_picture | {title}、{page}ページ | {title}, page {page}
view_model | モデル | Model
model_title | 使用中のモデルとデータの行き先 | The model in use, and where data goes
model_stays | 質問もレポートも、このコンピューターの外には送られません。 | Nothing leaves this machine: neither questions nor reports.
model_leaves | 質問、会話、見つかったレポートの文章が {host} に送られます。 | Questions, the conversation and the passages found for them are sent to {host}.
model_fixed | モデルは、アシスタントを動かしているコンピューターの {file} で変更できます。 | The model is changed in {file} on the machine that runs the assistant.
model_llm | 文章生成モデル | Language model
model_none | なし(レポートの原文を抜き出して回答) | none (answers are the reports' own words)
model_embedder | 検索用モデル | Search model
model_bundled | 同梱モデル bilingual(このコンピューターで動作) | bilingual (comes with the assistant, runs here)
model_reranker | 並べ替えモデル | Reranker
model_store | 索引 | Index
model_file | 設定ファイル | Settings file
model_choose | 文章生成モデルを選ぶ | Choose a language model
model_overruled | 環境変数 {names} が設定ファイルより優先されています。 | {names} in the environment goes before the settings file.
model_kind_none | 使わない | None
model_about_none | レポートの文をそのまま示します。設定は不要です。 | Answers are verbatim quotes; nothing to set up.
model_kind_ollama | このコンピューターの Ollama | Ollama on this machine
model_about_ollama | データは外に出ません。 | Nothing leaves the machine.
model_kind_openai | OpenAI または互換サーバー | OpenAI or a compatible server
model_about_openai | vLLM、llama.cpp、LM Studio、Azure など。アドレスが別のコンピューターなら、質問と該当箇所がそこへ送られます。 | vLLM, llama.cpp, LM Studio, Azure … An address elsewhere is sent questions and the passages found.
model_no_ollama | {address} で動いている Ollama は見つかりません。 | No Ollama answers at {address}.
model_name | モデル名 | Model
model_first | 空欄ならサーバーの先頭のモデル | empty: the first that the server lists
model_base_url | アドレス | Address
model_api_key_env | キーの環境変数名 | Variable with the key
model_test | 試す | Test
model_save | 保存して使う | Save and use
model_testing | 返事を待っています | Waiting for a reply
model_answered | {model} が{seconds}秒で答えました:「{said}」 | {model} answered in {seconds} s: “{said}”
model_kept | 保存しました。次の質問から使います。 | Saved. It is used from the next question on.
model_banner | 文章生成モデルなしで、レポートの原文を抜き出して答えています。 | Answers are the reports' own words, without a language model.
model_connect | モデルを接続 | Connect a model
scope_title | 対象のレポートを絞る | Choose which reports to ask
scope_since | 発行日 から | Issued from
scope_until | まで | to
scope_clear | すべてのレポートに戻す | Ask all reports again
scope_line | 対象: %s | Asking: %s
scope_more | ほか%s件 | and %s more
scope_dates | %1〜%2 | %1 – %2
scope_reports | 選んだレポート{count}件 | chosen reports: {count}
scope_range | {since}〜{until} | {since} – {until}
scope_asked | 対象を絞った質問: {scope} | Put to some reports only: {scope}
refused_elsewhere | このページの外からは変更できません。 | Changes are made from this page only.
lookup_title | 下書きをレポートと照合 | Look up a draft in the reports
lookup_text | 文章を貼り付けると、一文ごとに、レポートの裏付けや食い違いと、その出典を示します。 | Paste a text: for each sentence, see where the reports support or contradict it, with the reference to cite.
lookup_label | 下書き | Draft
lookup_placeholder | 照合したい文や段落 | A sentence or a paragraph of your draft
lookup_send | 照合する | Look up
lookup_busy | 一文ずつ照合しています | Looking up each sentence
lookup_nothing | 照合できる文がありません。文を入力してください。 | There is no sentence here to look up.
signin_title | サインイン | Sign in
signin_name | 名前 | Name
signin_password | パスワード | Password
signin_send | サインイン | Sign in
signin_wrong | 名前かパスワードが違います。 | The name or the password is wrong.
signin_throttled | 間違いが続きました。1分ほど待ってからお試しください。 | Too many wrong tries. Wait a minute, then try again.
signin_as | {who} としてサインインしています。 | You are signed in as {who}.
signout | サインアウト | Sign out
draft_says | 下書き | Draft
reports_say | レポート | Reports
copy_reference | 出典をコピー | Copy reference
copy_all | 出典をまとめてコピー | Copy references
copied | コピーしました | Copied
copy_answer | 回答をコピー | Copy answer
copy_table | 表をコピー | Copy table
ask_again | もう一度 | Ask again
edit_question | 質問を編集 | Edit question
judge_up | よい回答 | Good answer
judge_down | よくない回答 | Poor answer
follow_ups | 続けて質問 | Ask next
sources | 出典 | Sources
previous | 前の根拠 | Previous
next | 次の根拠 | Next
close | 閉じる | Close
partly | レポートで答えられたのは、質問の一部だけです。 | The reports answer this question only in part.
abstained | レポートに答えが見つからなかったため、推測での回答は控えました。 | The reports do not answer this, and nothing was guessed.
conversations | 会話 | Conversations
conversations_none | まだ会話はありません。 | No conversations yet.
conversations_off | 会話は保存されません([log] enabled = false)。 | Conversations are not kept ([log] enabled = false).
talk_menu | 「{title}」のメニュー | Menu of “{title}”
talk_rename | 名前を変更 | Rename
talk_delete | 削除 | Delete
talk_name | 会話の名前 | Name of the conversation
talk_delete_confirm | 「%s」を削除します。元に戻せません。 | “%s” will be deleted. This cannot be undone.
export_docx | Wordで保存 | Save as Word
export_html | HTMLで保存 | Save as HTML
export_md | Markdownで保存 | Save as Markdown
export_judged | 評価を質問ファイルに書き出す | Export ratings as a question file
note_up | どこがよかったですか(任意) | What was good about it? (optional)
note_down | どこがよくなかったですか(任意) | What was wrong with it? (optional)
save | 保存 | Save
editing | 最後の質問を編集中です。Escで取り消します。 | You are editing the last question. Esc to cancel.
unreachable | アシスタントに接続できません。質問は入力欄に残しています。つながり次第、もう一度送信してください。 | The assistant cannot be reached. Your question is still in the box: send it again once the connection is back.
refused_conversation | この会話は見つかりません。 | There is no such conversation.
source_column | 出典 | Source
unfinished_before | この質問には回答が残っていません。 | No answer to this question was kept.
you_asked | 質問 | Question
answer | 回答 | Answer
evidence | 根拠 | Evidence
closest | 近い記述(答えではありません) | Closest, but not an answer
searched | 見つかったレポート | Reports found
searching | レポートを調べています | Searching the reports
reading | レポートを読んでいます {done}/{total} | Reading the report {done}/{total}
writing | 回答を作成中です | Writing the answer
stopped | 途中で停止しました。ここまでの文は確認していません。 | Stopped. What was written so far was not checked.
status_answered | 回答しました | Answered
status_partial | 一部だけ回答しました | Answered in part
status_abstained | 回答なし | No answer
refusal | レポートの中に、この質問に答える記述は見つかりませんでした。 | The reports hold nothing that answers this question.
seconds | {seconds}秒 | {seconds} s
count_supported | 裏付けあり {count} | {count} supported
count_partial | 一部のみ {count} | {count} in part
count_unsupported | 裏付けなし {count} | {count} not supported
count_uncited | 出典なし {count} | {count} without a source
verdict_supported | 裏付けあり | Supported
verdict_partial | 一部のみ裏付け | Supported in part
verdict_unsupported | 裏付けなし | Not supported
verdict_uncited | 出典なし | No source
uncited_title | この文には出典がありません | This statement cites no source
verdict_supports | レポートが裏付け | Supported
verdict_contradicts | レポートと食い違い | Contradicted
verdict_related | 関連する記述 | Related
verdict_none | 該当なし | Nothing found
chip_label | 出典{number}、{verdict}。{quote} | Source {number}, {verdict}. {quote}
extracted | 文章生成モデルを使わず、レポートの文をそのまま抜き出しています。 | No language model was used: these are the reports' own words.
fallback | {llm} を使えなかったため、モデルなしで回答しました({reason})。 | {llm} could not be used, so this was answered without a model ({reason}).
unfinished | 思わぬ不具合で回答が止まりました。もう一度送信してください。 | The answer broke off because of a fault in the program. Please send the question again.
error | 回答できませんでした | This could not be answered
digest_of | 「{title}」の要約 | Digest of “{title}”
fact_title | タイトル | Title
fact_language | 言語 | Language
fact_author | 著者 | Author
fact_publisher | 発行 | Publisher
fact_issued | 発行日 | Date
fact_page | ページ | Page
fact_section | 章節 | Section
fact_row | 行 | Row
fact_url | URL | URL
fact_id | 番号 | Id
page | {page}ページ | p. {page}
row | 行 {row} | row {row}
checks | 照合 | Checked
check_ok | 一致 | matches
check_failed | 不一致 | differs
check_none | 照合できず | not checked
check_source | レポート: {source} | report: {source}
check_quantity | 数値 | number
check_number | 数値 | number
check_money | 金額 | amount
check_percent | 割合 | share
check_date | 日付 | date
check_direction | 増減 | direction
check_name | 名称 | name
check_inferred | 推定した行（スライドで確認） | inferred row (check the slide)
check_computed | 計算値 | worked out
check_slip | 桁の誤りか | likely slip
check_binding | 対象 | belongs to
check_bound | 上限・下限 | bound
check_count | 数 | count
check_list | 列挙 | list
check_negation | 否定 | negation
check_elsewhere | 別の箇所 | elsewhere
check_order | モデルへの指示（根拠にしません） | an order to the model (bears nothing out)
check_quote | 引用 | quotation
check_wording | 文言 | wording
check_meaning | 意味 | meaning
context | 引用とその前後 | The quote in its passage
picture | {title}、{page}ページ。引用箇所に印があります | {title}, page {page}, with the quote marked
picture_around | {title}。引用箇所に印があります | {title}, with the quote marked
picture_open | ページの画像を別のタブで開く | Open the page in a new tab
picture_missing | このページの画像は表示できません。 | There is no picture of this page.
back | 本文へ戻る | Back to the answer
""")


_PREFERENCE = re.compile(r"\s*([A-Za-z*]+)[\w-]*\s*(?:;\s*q\s*=\s*([01](?:\.\d*)?))?\s*")


def preferred(accept_language: str | None) -> Language:
    """The language that a browser asks for first (RFC 9110's Accept-Language); English where it asks for neither."""
    found = [match for part in (accept_language or "").split(",") if (match := _PREFERENCE.fullmatch(part))]
    weights = {match[1].lower(): float(match[2] or 1) for match in reversed(found)}
    return Language.JA if weights.get("ja", 0.0) > weights.get("en", 0.0) else Language.EN


def word(name: str, language: Language, **values: object) -> str:
    """The words called `name` in a language, with `values` filled in; an unknown name is a KeyError."""
    japanese, english = WORDS[name]
    return (japanese if language is Language.JA else english).format(**values)


def word_or(name: str, other: str, language: Language) -> str:
    """The words called `name`, or `other` where the table has none (a kind of check that is newer than this page)."""
    return word(name, language) if name in WORDS else other
