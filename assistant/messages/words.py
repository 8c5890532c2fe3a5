"""The words of the command line and of the status lines, in Japanese and English."""

from __future__ import annotations

Pair = tuple[str, str]

WORDS: dict[str, Pair] = {
    "error": ("エラー", "Error"),
    "rebuilding": ("索引を作り直します", "Making the index anew"),
    "syncing": ("レポートを読み込み中", "Reading reports"),
    "sync_done": (
        "レポート{reports}件、パッセージ{passages}件（{seconds}秒）",
        "{reports} reports, {passages} passages ({seconds} s)",
    ),
    "sync_nothing": ("変更はありません。", "Nothing has changed."),
    "added": ("追加", "added"),
    "updated": ("更新", "updated"),
    "removed": ("削除", "removed"),
    "duplicates": ("内容が重複", "duplicate"),
    "superseded": ("原本があるため使わない要約", "digest superseded by its original"),
    "failed": ("読み込めず", "failed"),
    "no_hits": ("見つかりませんでした。", "Nothing was found."),
    "abstained": ("レポートには答えが見つかりませんでした。", "The reports do not say."),
    "nearest": ("近い記述（答えではありません）:", "Closest, but not an answer:"),
    "verdict_partial": ("一部だけ裏付けあり", "supported in part"),
    "verdict_unsupported": ("裏付けなし", "not supported by what it cites"),
    "verdict_uncited": ("出典なし", "cites nothing"),
    "stance_supports": ("裏付けあり", "supported"),
    "stance_contradicts": ("レポートと食い違い", "contradicted"),
    "stance_related": ("関連", "related"),
    "stance_none": ("該当なし", "nothing found"),
    "fallback": (
        "言語モデル {llm} を使えなかったため、使わずに答えました: {reason}",
        "The language model {llm} could not be used, so this was answered without it: {reason}",
    ),
    "page": ("{page}ページ", "p. {page}"),
    "row": ("行 {row}", "row {row}"),
    "listening": ("{url} を開いてください（終了は Ctrl+C）", "Open {url} (stop with Ctrl+C)"),
    "starter": ("「{topic}」について教えてください", "What do the reports say about “{topic}”?"),
    "evaluating": ("評価中", "Evaluating"),
    "evaluation_done": (
        "{count}問を評価しました（毎秒{rate}問、失敗{failed}問）: {path}",
        "{count} questions evaluated ({rate} a second, {failed} failed): {path}",
    ),
    "evaluation_kept": (
        "ここまでの{count}問の結果を {path} に残しました。--resume で続きから実行できます。",
        "The results of {count} questions are kept in {path}; go on with --resume.",
    ),
    "threshold_missed": (
        "基準に届きません: {measure} = {value}（基準 {bound}）",
        "Missed: {measure} is {value} (bound: {bound})",
    ),
    "evidence_missing": (
        "{line}行目 {id}: 根拠がどのレポートにもありません: {evidence}",
        "Line {line}, {id}: no report holds this evidence: {evidence}",
    ),
    "fields_unknown": (
        "この欄は使われません（行数）: {fields}",
        "Fields that are not used (lines): {fields}",
    ),
    "questions_checked": (
        "質問{count}件、誤り{problems}件、レポートにない根拠{missing}件",
        "{count} questions, {problems} errors, {missing} pieces of evidence that no report holds",
    ),
    "interrupted": ("中断しました。", "Interrupted."),
    "doctor_ok": ("問題ありません。", "All is well."),
    "doctor_not_ok": ("問題があります。", "Something is wrong."),
    "status_ready": ("レポート{reports}件", "{reports} reports"),
    "status_syncing": ("レポートを読み込んでいます {done}/{total}", "Reading reports {done}/{total}"),
    "status_failed": (
        "レポート{reports}件、読めなかったファイル{failed}件",
        "{reports} reports, {failed} files could not be read",
    ),
    "check_corpus": ("レポートのフォルダー", "corpus"),
    "check_catalog": ("カタログ", "catalog"),
    "check_derived": ("検索用の索引", "search index"),
    "check_files": ("読めないファイル", "failed files"),
    "check_embedder": ("埋め込みモデル", "embedder"),
    "check_llm": ("言語モデル", "language model"),
    "check_settings": ("設定", "settings"),
    "check_downloads": ("ダウンロード", "downloads"),
    "detail_files": ("ファイル{files}件", "{files} files"),
    "detail_counts": ("レポート{reports}件、パッセージ{passages}件", "{reports} reports, {passages} passages"),
    "detail_no_downloads": ("ありません", "none"),
    "detail_downloads": ("{name}（Hugging Faceから）", "{name} (from Hugging Face)"),
    "detail_no_llm": ("使いません（原文の抜粋で答えます）", "none (answers are verbatim extracts)"),
    "default": ("既定値", "default"),
}
