"""Reads what a model wants before each text."""

import json
from pathlib import Path

from core.ports.embedder import EmbedRole

_NAMES: dict[EmbedRole, tuple[str, ...]] = {
    "query": ("query", "search_query"),
    "passage": ("document", "passage", "corpus", "search_document"),
}
"""Models name their prompts differently; the first name that is there counts."""


def read_prompts(folder: Path) -> dict[EmbedRole, str]:
    """Give the prompt of each role from the model's own config, empty where it has none."""
    try:
        saved = json.loads((folder / "config_sentence_transformers.json").read_text("utf-8")).get("prompts")
    except (OSError, ValueError, AttributeError):
        saved = None
    prompts = saved if isinstance(saved, dict) else {}
    return {
        role: str(next((prompts[name] for name in names if prompts.get(name)), "")) for role, names in _NAMES.items()
    }
