"""The words of the command line and of the status lines, in Japanese and English."""

from __future__ import annotations

from assistant.messages.tables import Pair, pairs

WORDS: dict[str, Pair] = pairs("""
error | エラー | Error
rebuilding | 索引を作り直します | Making the index anew
syncing | レポートを読み込み中 | Reading reports
sync_done | レポート{reports}件、パッセージ{passages}件（{seconds}秒） | {reports} reports, {passages} passages ({seconds} s)
sync_nothing | 変更はありません。 | Nothing has changed.
added | 追加 | added
updated | 更新 | updated
removed | 削除 | removed
duplicates | 内容が重複 | duplicate
superseded | 原本があるため使わない要約 | digest superseded by its original
failed | 読み込めず | failed
no_hits | 見つかりませんでした。 | Nothing was found.
abstained | レポートには答えが見つかりませんでした。 | The reports do not say.
answer_cut | （モデルの回答は{length}文字で打ち切りました。続きは表示していません。） | (The model's answer was cut off after {length} characters; the rest is not shown.)
summary_gaps | （レポートを{total}回に分けて読みましたが、うち{missed}回分は読めず、要約に含まれていません。） | (The report was read in {total} pieces; {missed} of them could not be read and are not in this summary.)
part_too_long | 答えが長くて入りません。単独でお尋ねください。 | The answer is too long to stand here: ask this by itself.
overview_others | （ほかにレポートが{count}件あります。） | (There are {count} more reports.)
which_report | どのレポートを要約しますか: {titles} | Which report should be summarised? {titles}
inferred_row | （列の並びから推定した行です。スライドで確認してください） |  (a row inferred from the order of the columns: check the slide)
fact_figures | 数値・日付 | Figures
fact_names | 名称 | Names
fact_words | 語の手がかり(訳ではない) | Words (no translation)
abstained_names | どのレポートにも出てこない名称: {names} | Named in no report: {names}
abstained_kind | 見つかった記述に、問われた種類の事実(金額、数、日付、人名など)はありません。 | What was found holds no fact of the kind asked for (an amount, a number, a date, a person).
refused_opinion | 意見や助言は述べません。レポートに書かれていること（事実、数値、理由など）をお尋ねください。 | No opinions or advice are given here: ask what the reports say (facts, figures, reasons).
refused_pointing | 「上の表」などが何を指すのか、この会話からは分かりません。レポート、表、会社などの名前でお尋ねください。 | What the question points to is not in this conversation: name the report, the table or the company.
refused_language | 質問は日本語か英語でお尋ねください。 | Please ask in Japanese or English.
nearest | 近い記述（答えではありません）: | Closest, but not an answer:
verdict_partial | 一部だけ裏付けあり | supported in part
verdict_unsupported | 裏付けなし | not supported by what it cites
verdict_uncited | 出典なし | cites nothing
stance_supports | 裏付けあり | supported
stance_contradicts | レポートと食い違い | contradicted
stance_related | 関連 | related
slip | 桁の誤りか: | likely slip:
stance_none | 該当なし | nothing found
footnoted | {path}: 全{sentences}文のうち{supported}文に脚注を付けました。レポートと食い違う文: {differing} | {path}: footnotes at {supported} of {sentences} sentences; contradicted by the reports: {differing}
fallback | 言語モデル {llm} を使えなかったため、使わずに答えました: {reason} | The language model {llm} could not be used, so this was answered without it: {reason}
page | {page}ページ | p. {page}
row | 行 {row} | row {row}
listening | {url} を開いてください（終了は Ctrl+C） | Open {url} (stop with Ctrl+C)
open_to_all | 注意: {host} では、届く人なら誰でも質問とレポートの追加・削除ができます。[web] auth_file でサインインを設けられます。 | Careful: whoever reaches {host} can ask, add and remove reports; [web] auth_file asks them to sign in.
password_for | {name} のパスワード: | Password of {name}:
people_changed | {path} を書き換えました（{name}）。 | {path} was changed ({name}).
starter | 「{topic}」について教えてください | What do the reports say about “{topic}”?
evaluating | 評価中 | Evaluating
evaluation_done | {count}問を評価しました（毎秒{rate}問、失敗{failed}問）: {path} | {count} questions evaluated ({rate} a second, {failed} failed): {path}
evaluation_kept | ここまでの{count}問の結果を {path} に残しました。--resume で続きから実行できます。 | The results of {count} questions are kept in {path}; go on with --resume.
threshold_missed | 基準に届きません: {measure} = {value}（基準 {bound}） | Missed: {measure} is {value} (bound: {bound})
evidence_missing | {line}行目 {id}: 根拠がどのレポートにもありません: {evidence} | Line {line}, {id}: no report holds this evidence: {evidence}
fields_unknown | この欄は使われません（行数）: {fields} | Fields that are not used (lines): {fields}
questions_checked | 質問{count}件、誤り{problems}件、レポートにない根拠{missing}件 | {count} questions, {problems} errors, {missing} pieces of evidence that no report holds
interrupted | 中断しました。 | Interrupted.
doctor_ok | 問題ありません。 | All is well.
doctor_not_ok | 問題があります。 | Something is wrong.
status_ready | レポート{reports}件 | {reports} reports
status_syncing | レポートを読み込んでいます {done}/{total} | Reading reports {done}/{total}
status_failed | レポート{reports}件、読めなかったファイル{failed}件 | {reports} reports, {failed} files could not be read
check_corpus | レポートのフォルダー | corpus
check_glossary | 用語集 | glossary
check_catalog | カタログ | catalog
check_derived | 検索用の索引 | search index
check_files | 読めないファイル | failed files
check_quality | レポートの読み取り | quality of reports
check_embedder | 埋め込みモデル | embedder
check_reranker | リランカー | reranker
check_llm | 言語モデル | language model
check_journal | 回答の記録 | journal
check_settings | 設定 | settings
check_downloads | ダウンロード | downloads
detail_files | ファイル{files}件 | {files} files
detail_counts | レポート{reports}件、パッセージ{passages}件 | {reports} reports, {passages} passages
detail_pairs | 名前の組{pairs}件 | {pairs} pairs of names
detail_no_downloads | ありません | none
detail_downloads | {name}（Hugging Faceから） | {name} (from Hugging Face)
detail_journal | {path}: 回答{answers}件（{days}日間保存） | {path}: {answers} answers, kept for {days} days
detail_no_journal | 残しません（[log] enabled = false） | off ([log] enabled = false)
detail_no_reranker | 使いません（検索の順位のまま） | none (hits stay in the order of the searches)
detail_no_llm | 使いません（原文の抜粋で答えます） | none (answers are verbatim extracts)
default | 既定値 | default
""")
