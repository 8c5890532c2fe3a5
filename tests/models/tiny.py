"""sentence-transformers models small enough to be made in a test: random BERTs, one to embed and one to rerank."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DIMENSIONS = 16
QUERY_PROMPT, PASSAGE_PROMPT = "問: ", "passage: "
_WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] 問 passage : 電池 の 合弁 は 続く battery ventures go on 41 億 ユーロ".split(
    " "
)


def save_model(folder: Path, seed: int = 0, *, prompts: bool = True) -> Path:
    """Write an embedder with mean pooling and two prompts to `folder`; another seed is another model. Imports torch."""
    from transformers import BertModel

    BertModel(_saved_parts(folder, seed)).eval().save_pretrained(folder)
    _write(
        folder / "modules.json",
        [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        ],
    )
    _write(
        folder / "1_Pooling" / "config.json", {"word_embedding_dimension": DIMENSIONS, "pooling_mode_mean_tokens": True}
    )
    said = {"query": QUERY_PROMPT, "document": PASSAGE_PROMPT} if prompts else {}
    _write(folder / "config_sentence_transformers.json", {"prompts": said, "default_prompt_name": None})
    return folder


def save_cross_encoder(folder: Path, seed: int = 0, *, outputs: int = 1) -> Path:
    """Write a cross-encoder to `folder`; another seed is another model. Imports torch."""
    from transformers import BertForSequenceClassification

    config = _saved_parts(folder, seed)
    config.num_labels, config.initializer_range = outputs, 0.5  # scores that differ
    BertForSequenceClassification(config).eval().save_pretrained(folder)
    return folder


def _saved_parts(folder: Path, seed: int) -> Any:
    """Write the tokenizer and seed torch; returns the configuration."""
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.normalizers import BertNormalizer
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, PreTrainedTokenizerFast

    letters = [
        chr(code) for code in (*range(0x61, 0x7B), *range(0x30, 0x3A), *range(0x3041, 0x3097), *range(0x30A1, 0x30F7))
    ]
    vocabulary = list(dict.fromkeys([*_WORDS, *letters, *(f"##{letter}" for letter in letters)]))
    ids = {word: number for number, word in enumerate(vocabulary)}
    tokenizer = Tokenizer(WordPiece(ids, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(strip_accents=False)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])],
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=64,
    ).save_pretrained(folder)
    torch.manual_seed(seed)
    return BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=DIMENSIONS,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
