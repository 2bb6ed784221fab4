"""Writes a sentence-transformers model as one ONNX graph: tokens in, sentence vectors out."""

import logging
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.embedding.entry import MODEL_FILE, TOKENIZER_FILE, Entry

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_OPSET = 17
_FEATURES = {"input_ids", "attention_mask", "token_type_ids"}
_TWO_LENGTHS = ["one", "two sentences of different length keep both axes free"]


def why_not(original: "SentenceTransformer", entry: Entry) -> str:
    """Give the reason why a model must stay with torch, or an empty string. What is not seen here, agreement shows."""
    first: Any = original[0]
    if type(first).__name__ != "Transformer":
        return f"starts with {type(first).__name__}, not with a transformer"
    if "message" in first.modalities:
        return "wraps texts in a chat template"
    if not getattr(first.tokenizer, "is_fast", False):
        return "has a tokenizer of its own kind"
    if any(entry.prompts.values()) and not all(getattr(module, "include_prompt", True) for module in original):
        return "leaves its prompt out of the pooling"
    return ""


def write_graph(original: "SentenceTransformer", folder: Path) -> str:
    """Write graph and tokenizer into ``folder``; give the reason where that fails, else an empty string.

    All modules go into the graph, so pooling, dense layers and normalisation are the model's own. Raises ``OSError``
    for a full disk, because trying again may help there.
    """
    features = {name: value for name, value in original.preprocess(_TWO_LENGTHS).items() if hasattr(value, "shape")}
    if not features.keys() <= _FEATURES:
        return f"wants the inputs {', '.join(sorted(features.keys() - _FEATURES))}"
    # After preprocess the tokenizer truncates and pads as the model wants it: saved like this it needs no settings.
    tokenizer: Any = original.tokenizer
    tokenizer.backend_tokenizer.save(str(folder / TOKENIZER_FILE))
    try:
        _trace(original, features, folder / MODEL_FILE)
    except (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        return f"cannot be exported ({type(error).__name__})"
    return ""


def _trace(original: "SentenceTransformer", features: dict[str, Any], path: Path) -> None:
    import torch

    class Graph(torch.nn.Module):  # type: ignore[misc]  # torch is not followed, so its classes are Any
        """Takes the features by position, as the exporter hands them over."""

        def __init__(self) -> None:
            super().__init__()
            self.original = original

        def forward(self, *values: torch.Tensor) -> torch.Tensor:
            vectors: torch.Tensor = self.original(dict(zip(features, values, strict=True)))["sentence_embedding"]
            return vectors

    free = {name: {0: "texts", 1: "tokens"} for name in features} | {"vectors": {0: "texts"}}
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter warns of its own age and of branches that tracing fixes
        torch.onnx.export(
            Graph().eval(),
            tuple(features.values()),
            str(path),
            input_names=list(features),
            output_names=["vectors"],
            dynamic_axes=free,
            opset_version=_OPSET,
            dynamo=False,
        )
