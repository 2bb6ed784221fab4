"""Fetches a model from the Hugging Face hub: the only code here that uses the network."""

from functools import partial
from pathlib import Path

import structlog

from core.domain.errors import FinalError

_WANTED = ["*.json", "*.txt", "*.model", "*.spm", "*.bpe", "*.safetensors", "*/*.bin"]
_UNWANTED = ["onnx/*", "openvino/*", "training_args.bin", ".*"]

log = structlog.get_logger(__name__)


def fetch(repo: str, called: str = "embedding model") -> Path:
    """Give the folder of a hub model; without network when it was fetched before, so that its weights stay the same.

    Blocks: call it in a thread. Raises ``FinalError`` when there is no such model or the hub cannot be reached.
    """
    from huggingface_hub.errors import HFValidationError

    try:
        return _snapshot(repo, local_files_only=True)
    except HFValidationError as error:
        raise FinalError(
            f"The {called} cannot be '{repo}': give a name like 'owner/model' or an existing folder."
        ) from error
    except OSError:  # not here, not whole, or not readable
        return _download(repo, called)


def _download(repo: str, called: str) -> Path:
    from huggingface_hub.errors import HTTPError

    log.info("model_download", model=repo, kind=called)
    try:
        return _snapshot(repo, local_files_only=False)
    except (OSError, ValueError, RuntimeError, HTTPError) as error:
        raise FinalError(_why_not(repo, called, error)) from error


def _snapshot(repo: str, *, local_files_only: bool) -> Path:
    """Pickled weights of the whole model are fetched only where it has no others."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils import disable_progress_bars

    disable_progress_bars()
    get = partial(snapshot_download, repo, ignore_patterns=_UNWANTED, local_files_only=local_files_only)
    folder = Path(get(allow_patterns=_WANTED))
    if any(folder.glob("*.safetensors")):
        return folder
    return Path(get(allow_patterns=[*_WANTED, "*.bin"]))


def _why_not(repo: str, called: str, error: Exception) -> str:
    from huggingface_hub.errors import RepositoryNotFoundError

    if isinstance(error, RepositoryNotFoundError):
        return (
            f"The Hugging Face hub has no {called} '{repo}' that may be read from here: "
            "check the spelling, and the access token if the model is private."
        )
    return (
        f"The {called} '{repo}' is not on this machine and cannot be fetched from the Hugging Face hub: "
        "connect once to fetch it, or name a local folder."
    )
