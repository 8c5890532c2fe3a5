"""What a reader of a scorecard reads, in Japanese and English: the measures' names and conventions, headings, verdicts."""

from __future__ import annotations

from assistant.messages.tables import Pair, pairs, words
from assistant.types import Language

# measure | name in Japanese | in English | how it counts, in Japanese | in English
_MEASURES = """
success@1 | 検索成功率（1位） | Success@1 | 最上位のパッセージに根拠がある質問の割合 | questions whose first passage holds evidence
success@5 | 検索成功率（5位まで） | Success@5 | 上位5件のどれかに根拠がある質問の割合 | questions with evidence among the first five passages
success@10 | 検索成功率（10位まで） | Success@10 | 上位10件のどれかに根拠がある質問の割合 | questions with evidence among the first ten passages
r@5 | 再現率（5位まで） | R@5 | 根拠のうち上位5件にあるものの割合（質問ごとの平均） | share of a question's evidence in the first five passages
r@10 | 再現率（10位まで） | R@10 | 根拠のうち上位10件にあるものの割合（質問ごとの平均） | share of a question's evidence in the first ten passages
rr@10 | 逆順位（10位まで） | RR@10 | 最初に根拠が現れる順位の逆数。10位までになければ0 | 1 / rank of the first passage with evidence; 0 beyond ten
ndcg@10 | nDCG@10 | nDCG@10 | 二値のnDCG。根拠を最初に含むパッセージが正解で、見つからない根拠は返らなかった正解とみなす | binary nDCG; the first passage with a piece of evidence is relevant, evidence not found is one not returned
evidence_in_prompt | プロンプト内の根拠 | Evidence in prompt | 順位どおりに丸ごと入る3,000トークン分のパッセージに、根拠がすべて入る質問の割合（言語モデルの上限） | questions with all evidence in the passages that fit whole, by rank, into 3,000 tokens: any model's ceiling
correct | 正答率 | Correct | 回答の先頭600文字（一覧・比較・横断・概要は1,200文字）に必須の語句がそろう割合。答えのない質問は「記載なし」が正解 | must_include holds in the first 600 characters (list, compare, cross-doc, overview: 1,200); for unanswerable questions abstaining is right
correct_first_200 | 正答率（先頭200文字） | Correct in 200 | 同じく、先頭200文字だけで数えた割合 | the same within the first 200 characters
correct_own_script | 正答率（質問の文字種） | Correct, own script | 質問と同じ言語の文字で書かれた語句だけを数えた割合（英語の読者は日本語の語句を読めない） | counting only alternatives in the question's script (an English reader cannot read the Japanese ones)
char_f1 | 文字F1 | Character F1 | 模範解答と共通する文字のF1（空白を除く） | F1 of the characters shared with a reference answer
chrf | chrF | chrF | 模範解答とのchrF2（1〜6文字の並び） | chrF2 against a reference answer (n-grams of 1 to 6 characters)
answer_precision | 引用の適合率 | Answer precision | 示した引用のうち根拠と重なるものの割合。答えのない質問に示した引用はすべて外れ | share of the quotes shown that overlap evidence; quotes for an unanswerable question all miss
citation_recall | 引用の再現率（ALCE） | Citation recall | 引用で完全に裏づけられた記述の割合 | ALCE: statements that their citations fully support
citation_precision | 引用の精度（ALCE） | Citation precision | 裏づけられた記述に付き、余分でない引用の割合 | ALCE: citations at supported statements that are not irrelevant
claims_supported | 記述: 裏づけあり | Claims supported | 全記述に占める割合 | share of all claims shown
claims_partial | 記述: 一部 | Claims partial | 全記述に占める割合 | share of all claims shown
claims_unsupported | 記述: 裏づけなし | Claims unsupported | 全記述に占める割合 | share of all claims shown
claims_uncited | 記述: 引用なし | Claims uncited | 全記述に占める割合 | share of all claims shown
abstention_precision | 「記載なし」の適合率 | Abstention precision | 「記載なし」とした質問のうち、本当に答えのないものの割合 | of the questions abstained from, the unanswerable ones
abstention_recall | 「記載なし」の再現率 | Abstention recall | 答えのない質問のうち「記載なし」とした割合 | of the unanswerable questions, those abstained from
failed | 失敗 | Failed | エラー・時間切れ・不正な応答になった質問の割合 | questions that raised, took too long or gave no answer
fallback | モデルなしの回答 | Fallback | 設定した言語モデルが失敗し、使わずに答えた割合 | answers made without the configured model, because it failed
seconds | 平均秒数 | Seconds, mean | 質問から回答まで | from question to answer
seconds_p50 | 秒数（中央値） | Seconds, p50 | 最近順位法 | nearest rank
seconds_p90 | 秒数（90%） | Seconds, p90 | 最近順位法 | nearest rank
seconds_p95 | 秒数（95%） | Seconds, p95 | 最近順位法 | nearest rank
seconds_p99 | 秒数（99%） | Seconds, p99 | 最近順位法 | nearest rank
prompt_tokens | プロンプトのトークン | Prompt tokens | 平均の推定値。和字は1字、ほかは4文字で1トークン | mean, estimated: one an ideograph or kana, one every four other characters
answer_tokens | 回答のトークン | Answer tokens | 平均の推定値（同上） | mean, estimated likewise
"""

# word | in Japanese | in English
_WORDS = """
title | 評価結果 | Scorecard
run_of | {count}問・{program}・{started} | {count} questions · {program} · {started}
all | 全体 | all
ja | 日本語 | Japanese
en | 英語 | English
fact | 事実 | fact
table | 表 | table
number | 数値 | number
list | 一覧 | list
compare | 比較 | compare
definition | 定義 | definition
why | 理由 | why
overview | 概要 | overview
cross-doc | 横断 | cross-doc
paraphrase | 言い換え | paraphrase
followup | 続きの質問 | follow-up
false-premise | 誤った前提 | false premise
unanswerable | 答えなし | unanswerable
by_language | 言語別 | By language
by_type | 質問の種類別 | By type of question
by_type_note | ●は値、線は95%区間。右の数字は数えた質問数 | Dots are values, lines 95 % intervals; at the right the questions counted
by_report | レポート別 | By report
latency | 回答までの時間 | Time to answer
latency_note | 縦は質問数、横は秒（対数） | questions over seconds (logarithmic)
measures | すべての指標 | All measures
measures_note | [ ] は95%ブートストラップ区間、n は分母に入る質問数 | In brackets the 95 % bootstrap interval; n is the number of questions in the denominator
measure | 指標 | Measure
value | 値 | value
counted | n | n
thresholds | 合格基準 | Thresholds
met | 達成 | met
missed | 未達 | missed
threshold | 基準 | threshold
comparison | 前回との比較 | Compared with the earlier run
compared_with | 比較対象: {path} | Earlier run: {path}
before | 前回 | before
after | 今回 | now
better | 改善 | better
worse | 悪化 | worse
meaning | 判定 | What it means
verdict_same | 変化なし | no change
verdict_better | 良くなった（偶然では説明しにくい。補正後 p {p}） | better, and chance would rarely do this (corrected p {p})
verdict_worse | 悪くなった（偶然では説明しにくい。補正後 p {p}） | worse, and chance would rarely do this (corrected p {p})
verdict_chance | 偶然でも起こりうる差（補正後 p {p}） | chance alone could do this (corrected p {p})
tests_note | 正誤はマクネマー正確検定、平均は対応のある符号反転検定（1万回）。Holm法で補正 | McNemar's exact test for right or wrong, paired sign-flip test (10,000 flips) for means; Holm's correction
only_before | 前回だけにある質問（比較せず） | Only in the earlier run (not compared)
only_after | 今回だけにある質問（比較せず） | Only in this run (not compared)
nothing_shared | 両方にある質問がないため、比較できません | The two runs have no question in common: nothing is compared
changed_text | 質問文が変わった質問（比較せず） | Asked differently in the two runs (not compared)
questions | 質問（悪い順） | Questions, worst first
questions_note | 開くと回答・根拠・検証を表示 | Open one for its answer, the evidence found and missed, and the checks
questions_left_out | {count}問のうち悪い順に{shown}問を表示。全問は results.jsonl と questions.csv にあります。 | The worst {shown} of {count} are shown; all are in results.jsonl and questions.csv.
right | 正 | right
wrong | 誤 | wrong
not_scored | 採点なし | not scored
question_failed | 失敗 | failed
abstained | 記載なし | abstained
answer | 回答 | Answer
history | それまでの会話 | Conversation before
evidence | 根拠 | Evidence
evidence_at | {rank}位で発見 | found at rank {rank}
evidence_missed | 見つからず | missed
expected | 必須の語句 | Has to include
reference | 模範解答 | Reference answer
citations | 引用 | Quotes
hits | 検索結果 | Passages found
checks | 検証 | Checks
page | {page}ページ | p. {page}
supported | 裏づけあり | supported
partial | 一部 | partial
unsupported | 裏づけなし | unsupported
uncited | 引用なし | uncited
seconds_unit | 秒 | s
raised | エラー | error
timeout | 時間切れ | timed out
nonsense | 回答ではない応答 | not an answer
"""


MEASURE_WORDS: dict[str, tuple[Pair, Pair]] = {
    name: ((a, b), (c, d)) for name, (a, b, c, d) in words(_MEASURES).items()
}
WORDS: dict[str, Pair] = pairs(_WORDS)


def say(name: str, language: Language, **values: object) -> str:
    """A word or sentence of the scorecard."""
    return WORDS[name][_column(language)].format(**values)


def named(value: str, language: Language) -> str:
    """A language, type or verdict in words; anything else (a report) as it stands."""
    return WORDS[value][_column(language)] if value in WORDS else value


def measure_name(name: str, language: Language) -> str:
    """A measure's name as a heading."""
    return MEASURE_WORDS[name][0][_column(language)]


def convention(name: str, language: Language) -> str:
    """How a measure counts, in one line."""
    return MEASURE_WORDS[name][1][_column(language)]


def _column(language: Language) -> int:
    return 0 if language is Language.JA else 1
