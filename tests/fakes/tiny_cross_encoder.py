"""A whole cross-encoder of 100 kB with random weights; the same in every process."""

from pathlib import Path
from typing import Any

from tests.fakes.tiny_model import WIDTH, TinyModel


def write_cross_encoder(folder: Path, *, outputs: int = 1, seed: int = 0) -> Path:
    """Write the model into ``folder`` and give it back; ``outputs`` other than one makes a classifier."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    TinyModel().write(folder / "words")
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "words" / "tokenizer.json"), model_max_length=64, pad_token="[PAD]",
        unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
    )  # fmt: skip
    shape: dict[str, Any] = {"num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 64}
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=WIDTH, intermediate_size=2 * WIDTH, num_labels=outputs,
        initializer_range=0.5, **shape,
    )  # fmt: skip
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
