"""One exported model in the cache folder, and how a damaged one is told from a whole one."""

import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from adapters.embedding.digests import file_digests
from core.domain.errors import FinalError
from core.ports.embedder import EmbedRole

FORMAT = 1
"""Raise it when entries written by an older export must be made again."""

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
_ENTRY_FILE = "entry.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """How to run one model; written once by the export, read at each start.

    ``backend`` says what answers: the exported graph or, for the ``reason`` given, torch. ``prompts`` are put before
    each text. ``max_tokens`` is the model's window.
    """

    identity: str
    backend: Literal["onnx", "torch"]
    dimension: int
    max_tokens: int
    prompts: dict[EmbedRole, str]
    reason: str = ""


def models_folder(cache_dir: Path) -> Path:
    """Where entries lie inside Vigil's cache folder, one folder per model identity."""
    return cache_dir / "models"


def digest_memory(cache_dir: Path) -> Path:
    """Where file digests are remembered."""
    return models_folder(cache_dir) / "digests.json"


def write_entry(folder: Path, entry: Entry, cache_dir: Path) -> None:
    """Complete ``folder`` with the entry and the digest of every file in it."""
    digests = file_digests([path for path in folder.rglob("*") if path.is_file()], digest_memory(cache_dir))
    files = {path.relative_to(folder).as_posix(): digest for path, digest in digests.items()}
    text = json.dumps({"made_for": _made_for(), "files": files, "entry": asdict(entry)}, indent=1)
    (folder / _ENTRY_FILE).write_text(text, "utf-8")


def read_entry(identity: str, cache_dir: Path) -> Entry | None:
    """Give the entry, or None when it is missing, made for other libraries, or a file of it is missing or changed."""
    folder = models_folder(cache_dir) / identity
    try:
        saved = json.loads((folder / _ENTRY_FILE).read_text("utf-8"))
        expected = {folder / name: digest for name, digest in saved["files"].items()}
        if saved["made_for"] != _made_for() or file_digests(expected, digest_memory(cache_dir)) != expected:
            return None
        entry = Entry(**saved["entry"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return entry if entry.identity == identity else None


def _made_for() -> dict[str, str]:
    """Agreement with the original was seen with these libraries and is seen again when one is updated."""
    return {"format": str(FORMAT)} | {name: version(name) for name in ("onnxruntime", "tokenizers")}


def unwritable(error: OSError) -> FinalError:
    """The sentence for a cache folder that cannot be used: full, read-only, not a folder."""
    why = error.strerror or type(error).__name__
    return FinalError(
        f"The exported embedding model cannot be written to the cache folder ({why}): "
        "free some space or name another cache folder, then start again."
    )
