"""What can be wrong with a glossary and what to do about it, in Japanese and English."""

from __future__ import annotations

from assistant.messages.tables import Error, errors

GLOSSARY_ERRORS: dict[str, Error] = errors("""
glossary_unreadable
    用語集 {path} を読めません（{reason}）。
    The glossary {path} cannot be read ({reason}).
    CSV（UTF-8 または Shift_JIS）として保存し、開いているアプリを閉じてから `assistant sync` を実行してください。
    Save it as CSV (UTF-8 or Shift_JIS), close it elsewhere, and run `assistant sync`.
glossary_columns
    用語集 {path} の{line}行目の列名が違います（{found}）。
    Line {line} of the glossary {path} does not name its columns ({found}).
    1行目を ja,en にしてください（relation と note の列を加えても構いません）。索引は前のままです。
    Let the first line be ja,en (relation and note may follow). The index is as it was.
glossary_cells
    用語集 {path} の{line}行目にはセルが{found}個あります（列は{expected}個）。
    Line {line} of the glossary {path} has {found} cells for {expected} columns.
    コンマを含む名前は "…" で囲んでください。索引は前のままです。
    Put a name that holds a comma in "…". The index is as it was.
glossary_cell_empty
    用語集 {path} の{line}行目の {column} が空です。
    Line {line} of the glossary {path} has nothing in {column}.
    2つの名前を書くか、行を消してください。索引は前のままです。
    Write both names or delete the line. The index is as it was.
glossary_relation
    用語集 {path} の{line}行目の relation が {value} です。
    Line {line} of the glossary {path} has the relation {value}.
    same（同じもの。空欄も可）か not（別のもの）にしてください。索引は前のままです。
    Write same (or nothing) for one thing, not for two. The index is as it was.
glossary_conflict
    用語集 {path} の{line}行目は{before}行目と矛盾しています: {name} と {other}
    Line {line} of the glossary {path} contradicts line {before}: {name} and {other}
    どちらかの行を消してください。索引は前のままです。
    Delete one of the two lines. The index is as it was.
glossary_alike
    用語集 {path} の{line}行目の {name} と {other} は読みが同じなので、別のものにできません。
    Line {line} of the glossary {path}: {name} and {other} sound alike and cannot be kept apart.
    この行を消してください。索引は前のままです。
    Delete the line. The index is as it was.
glossary_damaged
    用語集 {path} の{line}行目に読めない文字があります。
    Line {line} of the glossary {path} holds characters that cannot be read.
    UTF-8 のCSVとして保存し直してください。索引は前のままです。
    Save it again as UTF-8 CSV. The index is as it was.
""")
