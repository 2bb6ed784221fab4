"""``calibration.json``: the shipped thresholds, and those a home has made for another model."""

import json
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from core.domain.calibration import Calibration
from core.domain.errors import FinalError, MissingCalibrationError
from core.ports.embedder import Embedder
from core.ports.reranker import Reranker
from core.respond.relevance import FEATURES

COMMAND = "vigil engine fit"
_CORE = TypeAdapter(Calibration)


def key_of(embedder: Embedder, reranker: Reranker | None) -> str:
    """What thresholds belong to: the embedding model and, where one is configured, the reranking model beside it."""
    return f"{embedder.identity}+{reranker.identity}" if reranker else embedder.identity


def load_calibration(identity: str, home: Path) -> Calibration:
    """Give the thresholds of a model, the home's own before the shipped ones. Raises ``MissingCalibrationError``."""
    known = {**_read(files(__package__).joinpath("calibration.json").read_text("utf-8")), **_read_home(home)}
    if identity not in known:
        models = "models" if "+" in identity else "embedding model"
        raise MissingCalibrationError(f"No thresholds are known for the {models} {identity}: run `{COMMAND}` once.")
    try:
        core = _CORE.validate_python(known[identity]["core"])
        if {len(core.relevance), len(core.document_relevance)} != {len(FEATURES)}:
            raise ValueError("fitted by another version")
        return core
    except (ValueError, KeyError, TypeError) as error:
        raise FinalError(f"calibration.json has no usable thresholds for {identity}: run `{COMMAND}` again.") from error


def save_calibration(path: Path, core: Calibration) -> None:
    """Add a model's thresholds to a calibration file, whole or not at all."""
    known = _read(path.read_text("utf-8")) if path.is_file() else {}
    known[core.identity] = {"command": COMMAND, "core": asdict(core)}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(known, indent=1) + "\n", "utf-8")
    partial.replace(path)


def home_file(home: Path) -> Path:
    """Where a home keeps its own calibration."""
    return home / "calibration.json"


def _read_home(home: Path) -> dict[str, Any]:
    return _read(home_file(home).read_text("utf-8")) if home_file(home).is_file() else {}


def _read(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except ValueError as error:
        raise FinalError(f"calibration.json is not valid JSON: remove it and run `{COMMAND}`.") from error
    return read if isinstance(read, dict) else {}
