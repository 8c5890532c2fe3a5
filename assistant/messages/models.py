"""What can be wrong with a model and what to do about it, in Japanese and English."""

from __future__ import annotations

from assistant.messages.tables import Error, errors

MODEL_ERRORS: dict[str, Error] = errors("""
embedder_missing
    埋め込みモデル {name} を読み込めません: {reason}
    The embedding model {name} cannot be loaded: {reason}
    [embedder] model にモデルのフォルダーを指定するか、"bilingual"（同梱モデル）に戻してください。
    Give the model's folder in [embedder] model, or go back to "bilingual", the one in the box.
reranker_missing
    リランカー {name} を読み込めません: {reason}
    The reranker {name} cannot be loaded: {reason}
    [reranker] model にクロスエンコーダーのフォルダーを指定するか、"none" に戻してください。
    Give a cross-encoder's folder in [reranker] model, or go back to "none".
reranker_failed
    リランカー {name} が採点できません: {reason}
    The reranker {name} gives no scores: {reason}
    出力が1つのクロスエンコーダーを [reranker] model に指定するか、"none" に戻してください。
    Give a cross-encoder with one output in [reranker] model, or go back to "none".
sentence_transformers_missing
    {name} には sentence-transformers が必要です。
    {name} needs sentence-transformers.
    `pip install sentence-transformers` を実行してください。
    Run `pip install sentence-transformers`.
llm_no_key
    {name} にはAPIキーかサーバーの住所が必要です。
    {name} needs an API key or a server's address.
    [llm] api_key_env にキーの入った環境変数の名前を、または base_url にサーバーの住所を設定してください。
    Set [llm] api_key_env to the variable that holds the key, or base_url to the server's address.
model_none
    試すモデルが選ばれていません。
    No model is chosen that could be tested.
    Ollama か OpenAI 互換のサーバーを選んでください。
    Choose an Ollama or an OpenAI-compatible server.
model_unnamed
    モデルかサーバーが指定されていません。
    Neither a model nor a server is named.
    Ollama のモデルを選ぶか、サーバーのアドレスまたはキーの環境変数を入力してください。
    Choose a model of Ollama, or enter a server's address or the variable of its key.
model_address
    「{value}」はサーバーのアドレスではありません。
    “{value}” is no server's address.
    http://127.0.0.1:8000/v1 のように入力してください。
    Enter it like http://127.0.0.1:8000/v1.
model_variable
    キーの欄には、キーそのものではなく環境変数の名前を入れます。
    The field takes the name of a variable, never the key itself.
    キーを環境変数(例: OPENAI_API_KEY)に入れ、その名前を入力してください。
    Put the key into an environment variable, such as OPENAI_API_KEY, and enter its name.
model_key_unset
    環境変数 {name} がサーバーに設定されていません。
    The variable {name} is not set where the assistant runs.
    設定してからアシスタントを起動し直してください。
    Set it, then start the assistant again.
config_unwritable
    設定ファイル {path} に書き込めませんでした: {reason}
    The settings file {path} could not be written: {reason}
    権限と空き容量を確認してください。前の内容はそのままです。
    Check permissions and free space. What stood there before is unchanged.
config_overruled
    保存しましたが、環境変数 {names} の設定が優先されています。
    It is saved, but {names} in the environment goes before it.
    これらの環境変数を外して起動し直すと、保存した設定が使われます。
    Start the assistant without these variables to use what was saved.
llm_unreachable
    言語モデルのサーバー（{name}）に接続できません: {reason}
    The server of {name} cannot be reached: {reason}
    サーバーが動いているか、[llm] base_url が正しいかを確認してください。
    Check that it runs and that [llm] base_url is right.
llm_unauthorised
    {name} がAPIキーを受け付けません（{reason}）。
    {name} does not accept the API key ({reason}).
    [llm] api_key_env が示す環境変数のキーを確認してください。
    Check the key in the variable that [llm] api_key_env names.
llm_unknown_model
    サーバーに {name} というモデルがありません（{reason}）。
    The server has no model {name} ({reason}).
    [llm] model の名前と base_url（末尾の /v1）を確認してください。
    Check the name in [llm] model, and that base_url ends in /v1.
llm_no_api
    {name} の住所 {url} にAPIがありません（末尾の /v1 が抜けていませんか）。
    There is no API at {url}, the address of {name}; is /v1 missing at its end?
    [llm] base_url を確認してください。
    Check [llm] base_url.
llm_quota
    {name} の利用上限に達しています（{reason}）。
    The quota of {name} is used up ({reason}).
    しばらく待つか、契約を確認してください。
    Wait a while, or check your plan.
llm_refused
    {name} が要求を拒みました（{reason}）。
    {name} refused the request ({reason}).
    [llm] model と context_tokens を確認してください。
    Check [llm] model and context_tokens.
llm_context
    質問と抜粋が {name} の扱える長さを超えました: {reason}
    Question and passages are too long for {name}: {reason}
    [llm] context_tokens を小さくしてください。
    Make [llm] context_tokens smaller.
llm_filtered
    {name} の内容フィルターが回答を止めました。
    The content filter of {name} stopped the answer.
    質問の言い方を変えてください。
    Put the question another way.
llm_server
    {name} のサーバーに障害があります（{reason}）。
    The server of {name} has failed ({reason}).
    しばらく待ってもう一度試してください。
    Try again in a while.
llm_timeout
    {name} が{seconds}秒以内に答えませんでした。
    {name} did not answer within {seconds} seconds.
    [llm] timeout_s を長くするか、軽いモデルを使ってください。
    Raise [llm] timeout_s, or use a smaller model.
llm_empty
    {name} の回答が空でした。
    The answer of {name} was empty.
    もう一度試すか、別のモデルを使ってください。
    Try again, or use another model.
llm_broken
    {name} の返事を読み取れません: {reason}
    What {name} sent back cannot be read: {reason}
    [llm] base_url がOpenAI互換のAPI（末尾は /v1）を指しているか確認してください。
    Check that [llm] base_url is an OpenAI-compatible API (it ends in /v1).
llm_not_loaded
    言語モデル {name} を読み込めません: {reason}
    The language model {name} cannot be loaded: {reason}
    モデルのフォルダーを transformers:パス で指定してください。
    Give the model's folder as transformers:PATH.
llm_package_missing
    {name} には {package} が必要です。
    {name} needs {package}.
    `pip install {package}` を実行してください。
    Run `pip install {package}`.
llm_name_invalid
    [llm] model の値 {name} は使えません。
    The value {name} of [llm] model cannot be used.
    auto、none、openai:NAME、ollama:NAME、transformers:NAME のいずれかにしてください。
    Use auto, none, openai:NAME, ollama:NAME or transformers:NAME.
""")
