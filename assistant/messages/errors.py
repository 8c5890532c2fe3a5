"""What went wrong and what to do about it, for every error code, in Japanese and English."""

from __future__ import annotations

from assistant.messages.files import FILE_ERRORS
from assistant.messages.glossary import GLOSSARY_ERRORS
from assistant.messages.models import MODEL_ERRORS
from assistant.messages.quality import QUALITY_NOTES
from assistant.messages.tables import Error, errors
from assistant.messages.web import WEB_ERRORS

ERRORS: dict[str, Error] = {
    **FILE_ERRORS,
    **GLOSSARY_ERRORS,
    **MODEL_ERRORS,
    **QUALITY_NOTES,
    **WEB_ERRORS,
    **errors("""
question_empty
    質問が空です。
    The question is empty.
    質問を文章で入力してください。
    Type a question.
question_no_words
    質問に文字も数字もありません: {text}
    The question has no words or numbers: {text}
    知りたいことを言葉で入力してください。
    Say in words what you want to know.
question_too_long
    質問が長すぎます（{length}文字、上限は{limit}文字）。
    The question is too long ({length} characters; the limit is {limit}).
    質問を短く分けてください。
    Split it into shorter questions.
setting_unknown
    設定 {name} はありません（{origin}）。
    There is no setting {name} (in {origin}).
    {nearest} のことですか。
    Did you mean {nearest}?
setting_invalid
    設定 {name} の値 {value} は使えません（{origin}）: {reason}
    The value {value} of {name} cannot be used (from {origin}): {reason}
    値を直してください。`assistant doctor` で現在の設定を確認できます。
    Correct the value; `assistant doctor` lists the settings in force.
config_missing
    設定ファイル {path} が見つかりません。
    There is no settings file {path}.
    --config のパスを確認してください。
    Check the path given to --config.
config_unreadable
    設定ファイル {path} を読めません: {reason}
    The settings file {path} cannot be read: {reason}
    TOMLの書き方を直してください。
    Correct its TOML.
file_missing
    ファイル {path} を読めません: {reason}
    The file {path} cannot be read: {reason}
    パスを確認してください。
    Check the path.
draft_unknown
    原稿 {path} の形式は使えません。
    The draft {path} is of a kind that cannot be read.
    使える形式: {kinds}
    These can: {kinds}
draft_not_word
    --out で脚注を付けられるのはWordファイルだけです: {path} → {out}
    --out adds footnotes to Word files only: {path} → {out}
    .docx を指定するか、--out を外してください。
    Name .docx files for both, or leave --out away.
history_invalid
    履歴ファイル {path} の形式が違います: {reason}
    The history file {path} is not in the right form: {reason}
    [{{"role": "user", "content": "…"}}, …] の形のJSONにしてください。
    It has to be JSON like [{{"role": "user", "content": "…"}}, …].
batch_line_invalid
    {line}行目を読めません: {reason}
    Line {line} cannot be read: {reason}
    1行に1つ、id と {field} を持つJSONを書いてください。
    Write one JSON object a line, with id and {field}.
questions_empty
    質問ファイル {path} に質問がありません。
    The question file {path} holds no question.
    1行に1つ、id と question を持つJSONを書いてください。
    Write one JSON object a line, with id and question.
questions_not_text
    質問ファイル {path} はテキストではありません。
    The question file {path} is not text.
    JSON Lines か CSV として保存してください。
    Save it as JSON Lines or CSV.
questions_no_columns
    {path} の1行目に id と question の列がありません（{found}）。
    Line 1 of {path} has no columns id and question ({found}).
    1行目に列の名前を書いてください。
    Put the names of the columns into the first line.
questions_invalid
    質問ファイル {path} に誤りが{count}件あります。
    The question file {path} has {count} errors.
    直してからもう一度実行してください。何も実行していません。
    Correct them and run it again; nothing was run.
question_line_invalid
    {path} の{line}行目を読めません: {reason}
    Line {line} of {path} cannot be read: {reason}
    JSONまたはCSVの書き方を直してください。
    Correct its JSON or CSV.
question_line_long
    {path} の{line}行目が長すぎます（{length}文字、上限は{limit}文字）。
    Line {line} of {path} is too long ({length} characters; the limit is {limit}).
    1行に1つの質問だけを書いてください。
    Write one question a line.
question_field_missing
    {path} の{line}行目に {field} がありません。
    Line {line} of {path} has no {field}.
    id と question はどの質問にも必要です。
    Every question needs an id and a question.
question_field_invalid
    {path} の{line}行目の {field} の形が違います: {reason}
    The {field} in line {line} of {path} is not in the right form: {reason}
    例: {{"id": "1", "question": "…", "must_include": [["41億ユーロ", "4.1 billion"]], "evidence": ["原文"]}}
    Example: {{"id": "1", "question": "…", "must_include": [["4.1 billion", "41億"]], "evidence": ["verbatim"]}}
question_value_unknown
    {path} の{line}行目の {field} に {value} は使えません。
    Line {line} of {path}: {field} cannot be {value}.
    使える値: {known}
    It can be: {known}
question_id_twice
    {path} の{line}行目の id {id} は{first}行目にもあります。
    The id {id} in line {line} of {path} stands in line {first} already.
    id は質問ごとに変えてください。
    Give every question its own id.
run_exists
    出力先 {path} には前の結果があります。
    The output folder {path} is there already.
    続きから実行するには --resume を、別に実行するには別の --out を指定してください。
    Go on with it by --resume, or name another with --out.
run_other
    {path} の結果は別の条件で得られたものです（{part}: {found}、現在: {expected}）。
    The results in {path} were made with another {part} ({found}; now: {expected}).
    別の --out を指定して最初から実行してください。
    Name another folder with --out and start anew.
run_missing
    {path} に評価の結果がありません。
    There are no results of an evaluation in {path}.
    `assistant evaluate` の --out で作ったフォルダーを指定してください。
    Name a folder made by `assistant evaluate --out`.
run_damaged
    {path} の{line}行目が壊れています: {reason}
    Line {line} of {path} is damaged: {reason}
    その行を消して --resume で実行し直してください。
    Delete that line and run it again with --resume.
run_unwritable
    結果を {path} に書けません（{reason}）。ここまでの{kept}問の結果は残っています。
    The results cannot be written to {path} ({reason}). Those of {kept} questions are kept.
    空き容量と権限を確認し、--resume で続きから実行してください。
    Check the free space and the permissions, then go on with --resume.
file_unwritable
    ファイル {path} に書けません: {reason}
    The file {path} cannot be written: {reason}
    空き容量と権限を確認してください。
    Check the free space and the permissions.
resume_needs_out
    --resume には --out が必要です。
    --resume needs --out.
    続きから実行するフォルダーを --out で指定してください。
    Name the folder to go on with by --out.
limit_invalid
    {name} には正の数を指定してください（{value}）。
    {name} takes a number above 0 ({value}).
    例: {name} 10
    For example: {name} 10
threshold_invalid
    --fail-under の {value} を読めません: {reason}
    --fail-under {value} cannot be read: {reason}
    例: --fail-under success@5.en=0.9
    For example: --fail-under success@5.en=0.9
argument_missing
    {name} を指定してください。
    {name} is missing.
    コマンドのあとに書いてください。search、ask、lookup では --batch FILE も使えます。
    Write it after the command; search, ask and lookup take --batch FILE too.
k_invalid
    -k には1以上の整数を指定してください（{value}）。
    -k takes a whole number from 1 ({value}).
    例: -k 10
    For example: -k 10
corpus_missing
    フォルダー {path} がありません。
    There is no folder {path}.
    レポートを入れるフォルダーを作るか、--corpus で指定してください。
    Make it and put reports there, or name another with --corpus.
corpus_not_a_folder
    {path} はフォルダーではありません。
    {path} is not a folder.
    レポートの入ったフォルダーを --corpus で指定してください。
    Name the folder that holds the reports with --corpus.
corpus_empty
    フォルダー {path} に読めるレポートがありません。
    The folder {path} holds no report that can be read.
    PDF、Word、PowerPoint、Excel、CSV、HTML、Markdown、テキストのファイルを入れてください。
    Put PDF, Word, PowerPoint, Excel, CSV, HTML, Markdown or text files there.
page_missing
    {page}ページはありません（全{pages}ページ）。
    There is no page {page} (of {pages}).
    ページ番号を確認してください。
    Check the page number.
pages_unknown
    {path} にはページ番号がありません。
    {path} has no page numbers.
    --page を付けずに実行してください。
    Leave --page out.
index_missing
    索引がまだありません（{path}）。
    There is no index yet (in {path}).
    `assistant sync` を実行してください。
    Run `assistant sync`.
index_half_written
    索引が作りかけのままです（{path}）。
    The index was left half-written ({path}).
    `assistant sync` を実行すると作り直されます。
    Run `assistant sync`; it is made anew.
index_version
    索引は別の版で作られています（{path}: {found}、必要: {expected}）。
    The index is of another version ({path}: {found}; needed: {expected}).
    `assistant sync` を実行すると作り直されます。
    Run `assistant sync`; it is made anew.
index_fingerprint
    索引は別の設定で作られています（{part}: {found}、現在: {expected}）。
    The index was made with another {part} ({found}; now: {expected}).
    `assistant sync` で作り直すか、設定を元に戻してください。
    Run `assistant sync` to make it anew, or put the setting back.
index_damaged
    索引が壊れています（{path}: {reason}）。
    The index is damaged ({path}: {reason}).
    `assistant sync` を実行すると作り直されます。
    Run `assistant sync`; what is damaged is made anew.
index_unusable
    索引を開けません（{path}: {reason}）。
    The index cannot be opened ({path}: {reason}).
    フォルダーの権限と空き容量を確認してください。
    Check the folder's permissions and the free space.
index_locked
    別のプログラムが索引を更新中です（{path}）。
    Another program is updating the index ({path}).
    終わってからもう一度実行してください。
    Try again when it has finished.
journal_unusable
    回答の記録を残せません（{path}: {reason}）。
    Answers cannot be recorded ({path}: {reason}).
    [state] dir の権限と空き容量を確認するか、壊れたファイルを移すか、[log] enabled = false にしてください。
    Check permissions and free space of [state] dir, move a damaged file away, or set [log] enabled = false.
journal_version
    回答の記録は新しい版のもので、追記できません（{path}: {found}、この版: {expected}）。
    Answers cannot be recorded: the journal is of a newer version ({path}: {found}; ours: {expected}).
    プログラムを新しくするか、[state] dir を別のフォルダーにしてください。
    Update the program, or set [state] dir to another folder.
report_damaged
    索引の中の {path} が壊れていたため、読み直します。
    What the index held of {path} was damaged; it is read again.
    何もする必要はありません。
    There is nothing to do.
derived_missing
    検索用の索引がありません（{path}）。
    The search index is missing ({path}).
    次の検索で自動的に作り直されます。
    It is rebuilt at the next search.
derived_version
    検索用の索引が別の版です（{path}）。
    The search index is of another version ({path}).
    次の検索で自動的に作り直されます。
    It is rebuilt at the next search.
derived_damaged
    検索用の索引が壊れています（{path}: {reason}）。
    The search index is damaged ({path}: {reason}).
    次の検索で自動的に作り直されます。
    It is rebuilt at the next search.
derived_stale
    検索用の索引が古くなっています（{path}）。
    The search index is out of date ({path}).
    次の検索で自動的に作り直されます。
    It is rebuilt at the next search.
id_unknown
    {id} に当てはまるレポートはありません。
    No report has the id or path {id}.
    `assistant search` の結果にある id を使ってください。
    Use an id from `assistant search`.
scope_unknown
    選んだ「{name}」は、検索できるレポートの中にもうありません。
    “{name}” is not among the reports that are searched.
    質問の対象を選び直してください。
    Choose again which reports to ask.
scope_empty
    選んだ条件に合うレポートがありません。
    No report fits what was chosen.
    日付の範囲を広げるか、質問の対象を選び直してください。日付のないレポートは、日付で絞ると対象になりません。
    Widen the dates or choose other reports. A report without a date is in no range of dates.
scope_date
    {value} は日付として読めません。
    {value} is not a date.
    2025-12-04、2025-12、2025 のように書いてください。
    Write it like 2025-12-04, 2025-12 or 2025.
extra_missing
    この機能には追加のパッケージ {name} が必要です。
    This needs the extra package {name}.
    `pip install ".[{name}]"` を実行してください。
    Run `pip install ".[{name}]"`.
style_unknown
    {style} という書式はありません。{nearest} のことですか。
    There is no style {style}. Did you mean {nearest}?
    使える書式: {styles}
    The styles are: {styles}
id_replaced
    {id} のレポートは{day}に差し替えられました: {path}（{successor}）
    The report of {id} was replaced on {day} by {path} ({successor}).
    `assistant show {successor}` で今の版を見てください。
    See `assistant show {successor}`.
id_replaced_found
    {id} のレポートは{day}に {path} に差し替えられました。引用した文言は今は {where} にあります。
    The report of {id} was replaced on {day} by {path}; the quoted words are now on {where}.
    新しい id を使ってください。
    Use the new id.
id_replaced_lost
    {id} のレポートは{day}に {path} に差し替えられ、引用した文言はもうありません。
    The report of {id} was replaced on {day} by {path}; the quoted words are no longer there.
    `assistant show {successor}` で今の版を見てください。
    See `assistant show {successor}`.
id_removed
    {id} のレポート {path} は{day}に外されました。
    The report of {id}, {path}, was removed on {day}.
    必要ならコーパスに戻して `assistant sync` を実行してください。
    Put it back and run `assistant sync` if needed.
id_ambiguous
    {id} で始まるレポートが複数あります: {ids}
    Several reports begin with {id}: {ids}
    idをもう少し長く入力してください。
    Type more of the id.
id_outside
    {id} の範囲はレポートの外です（{length}文字）。
    {id} lies outside its report ({length} characters).
    `assistant search` の結果にある id を使ってください。
    Use an id from `assistant search`.
port_in_use
    ポート {port} は使用中です。
    Port {port} is in use.
    --port で別の番号を指定してください。
    Name another with --port.
address_unusable
    {host}:{port} で待ち受けできません: {reason}
    The app cannot listen on {host}:{port}: {reason}
    --host と --port を確認してください。
    Check --host and --port.
host_unknown
    このアプリは {host} という名前では応答しません。
    The app does not answer to the name {host}.
    http://127.0.0.1 で開くか、この名前を設定の [web] hosts に加えてください。
    Open it at http://127.0.0.1, or add the name to the setting [web] hosts.
unexpected
    予期しない問題が起きました: {reason}
    Something unexpected happened: {reason}
    この文を添えて不具合として報告してください。
    Please report it as a bug, with this sentence.
"""),
}
