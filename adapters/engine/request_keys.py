"""What makes two requests the same: what a model reads, and which model reads it how."""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from core.domain.tasks import GenerateInput, Request

_JSON: TypeAdapter[object] = TypeAdapter(object)
_VECTORS: Final = {field: {"__all__": {"vectors"}} for field in ("known", "passages")}
"""What the inputs hold beside what an engine is asked."""


def request_key(request: Request[Any, Any], key: str, home: Path | None) -> str:
    """The sha256 (hex) over ``key`` (the engine and the models of its tiers), the task's name, tier, effort and temperature,
    the prompt's text and blocks, the evidence to cite, and the contents of the pictures. Fences and times of calls are not in
    it, nor caps, which do not change what is asked."""
    task, prompt = request.task, request.prompt
    parts = [
        key, task.name, task.tier, task.effort, task.temperature, prompt.stable, prompt.own,
        [[block.label, block.text] for block in prompt.blocks], _evidence(request.inputs), _pictures(request, home),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def asked_for(request: Request[Any, Any], home: Path | None) -> dict[str, object]:
    """The request as a record holds it, JSON values only."""
    task = request.task
    return {
        "task": task.name,
        "prompt": {"name": task.prompt.name, "hash": task.prompt.hash},
        "settings": {
            "tier": task.tier.value, "effort": task.effort.value, "temperature": task.temperature,
            "max_output_tokens": task.max_output_tokens, "samples": task.samples,
        },
        "stable": request.prompt.stable,
        "own": request.prompt.own,
        "blocks": [{"label": block.label, "text": block.text} for block in request.prompt.blocks],
        "evidence": _evidence(request.inputs),
        "pictures": _pictures(request, home),
        "inputs": _JSON.dump_python(request.inputs, mode="json", exclude=_VECTORS),
    }  # fmt: skip


def _evidence(inputs: object) -> list[list[str]]:
    """What generate cites from, which is in no block: each engine gives it in a form of its own. Scores and dates are left out,
    because a model does not read them and they may differ between machines in the last digit."""
    if not isinstance(inputs, GenerateInput):
        return []
    entries = [passage.entry for passage in inputs.passages]
    texts = [[one.id, one.title, one.question, one.conditions, one.answer] for one in entries]
    return [*texts, *([one.id, one.source, one.params, one.text] for one in inputs.observations)]


def _pictures(request: Request[Any, Any], home: Path | None) -> list[list[str]]:
    return [[one.of, _content(home / one.kept if home else None)] for one in request.pictures]


def _content(file: Path | None) -> str:
    """The sha256 of a picture's bytes, nothing where it is gone."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() if file else ""
    except OSError:
        return ""
