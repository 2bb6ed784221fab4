"""A whole sentence-transformers model of 100 kB with random weights, written without torch."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WIDTH = 32
WINDOW_TOKENS = 48
_LAYERS = 2
_MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,:;!?-_()=/'\"如何密钥重启索引每天晚上"

Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class TinyModel:
    """What to write: how tokens are pooled, an optional dense layer of 8 outputs, and prompts by name."""

    seed: int = 0
    pooling: str = "mean"
    include_prompt: bool = True
    dense: bool = False
    prompts: dict[str, str] = field(default_factory=dict)

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return 8 if self.dense else WIDTH

    def write(self, folder: Path) -> Path:
        """Write all files into ``folder`` and give it back."""
        vocabulary = [*_MARKS, *_LETTERS, *(f"##{letter}" for letter in _LETTERS)]
        vocabulary = list(dict.fromkeys(vocabulary))
        folder.mkdir(parents=True, exist_ok=True)
        _tokenizer(vocabulary).save(str(folder / "tokenizer.json"))
        save_file(_bert(np.random.default_rng(self.seed), len(vocabulary)), folder / "model.safetensors")
        for name, content in (_configs(len(vocabulary)) | self._modules(folder)).items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(content), "utf-8")
        return folder

    def _modules(self, folder: Path) -> dict[str, Any]:
        kinds = ["Transformer", "Pooling", *(["Dense"] if self.dense else []), "Normalize"]
        paths = ["" if kind == "Transformer" else f"{place}_{kind}" for place, kind in enumerate(kinds)]
        modules = [
            {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for place, (kind, path) in enumerate(zip(kinds, paths, strict=True))
        ]
        configs: dict[str, Any] = {
            "modules.json": modules,
            "config_sentence_transformers.json": {"prompts": self.prompts, "default_prompt_name": None},
            "1_Pooling/config.json": {
                "word_embedding_dimension": WIDTH,
                "pooling_mode_cls_token": self.pooling == "cls",
                "pooling_mode_mean_tokens": self.pooling == "mean",
                "include_prompt": self.include_prompt,
            },
        }
        if self.dense:
            configs["2_Dense/config.json"] = {
                "in_features": WIDTH,
                "out_features": 8,
                "bias": True,
                "activation_function": "torch.nn.modules.activation.Tanh",
            }
            (folder / "2_Dense").mkdir()
            save_file(_linear(np.random.default_rng(1), "linear", WIDTH, 8), folder / "2_Dense" / "model.safetensors")
        return configs


def _tokenizer(vocabulary: list[str]) -> Tokenizer:
    ids = {token: place for place, token in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(mark, ids[mark]) for mark in ("[CLS]", "[SEP]")]
    )
    return tokenizer


def _configs(tokens: int) -> dict[str, Any]:
    marks = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    bert = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": tokens,
        "hidden_size": WIDTH,
        "num_hidden_layers": _LAYERS,
        "num_attention_heads": 2,
        "intermediate_size": 2 * WIDTH,
        "max_position_embeddings": 64,
        "pad_token_id": 0,
    }
    return {
        "config.json": bert,
        "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 64, **marks},
        "sentence_bert_config.json": {"max_seq_length": WINDOW_TOKENS, "do_lower_case": False},
    }


def _bert(rng: np.random.Generator, tokens: int) -> Weights:
    weights: Weights = {}
    for name, rows in (("word", tokens), ("position", 64), ("token_type", 2)):
        weights[f"embeddings.{name}_embeddings.weight"] = rng.normal(0, 1, (rows, WIDTH)).astype(np.float32)
    weights |= _norm("embeddings.LayerNorm") | _linear(rng, "pooler.dense", WIDTH, WIDTH)
    for layer in (f"encoder.layer.{n}" for n in range(_LAYERS)):
        for name in ("self.query", "self.key", "self.value", "output.dense"):
            weights |= _linear(rng, f"{layer}.attention.{name}", WIDTH, WIDTH)
        weights |= _linear(rng, f"{layer}.intermediate.dense", WIDTH, 2 * WIDTH)
        weights |= _linear(rng, f"{layer}.output.dense", 2 * WIDTH, WIDTH)
        weights |= _norm(f"{layer}.attention.output.LayerNorm") | _norm(f"{layer}.output.LayerNorm")
    return weights


def _linear(rng: np.random.Generator, name: str, inputs: int, outputs: int) -> Weights:
    weight = rng.normal(0, inputs**-0.5, (outputs, inputs)).astype(np.float32)
    return {f"{name}.weight": weight, f"{name}.bias": rng.normal(0, 0.1, outputs).astype(np.float32)}


def _norm(name: str) -> Weights:
    return {f"{name}.weight": np.ones(WIDTH, np.float32), f"{name}.bias": np.zeros(WIDTH, np.float32)}
