"""A small corpus: one report with a table and a paragraph."""

import pytest

from assistant.assistant import Assistant

REPORT = """---
title: 電池の提携 2025
publisher: 例示研究所
issued: 2025-12-04
---

# 提携

表3 電池の提携

| 番号 | 発表日 | 企業 | 協業相手 | 概要 |
|---|---|---|---|---|
| 3-1 | 2025年7月15日 | アルファ自動車 | ベータ電池(Beta Battery) | 最大41億ユーロを投じて合弁工場を建設し、2026年末に生産を開始する。 |
| 3-2 | 2025年8月2日 | ガンマ工業 | デルタ化学 | 正極材の共同研究を3年間行う。 |

# 市場

2024年の世界の電池市場は1,200億ドルで、前年比12%増加した。北米の比率は31%に低下した。
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("citing")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "batteries.md").write_text(REPORT, encoding="utf-8")
    made = Assistant.open(folder / "corpus", folder / "index")
    made.sync()
    return made
