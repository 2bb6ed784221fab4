"""Engines that keep what another engine was asked and answered, and that answer again from what was kept.

One JSON file per distinct request, ``FOLDER/TASK/HASH.json``, so that a paid run repeats for free and prompts can be judged
offline. A record holds dialogues and entries as the engine read them (a desk's are masked, a suite's are the rows as they
are): it wants the care that those want.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from adapters.engine.request_keys import asked_for, request_key
from core.domain.errors import (
    CallerError,
    FinalError,
    TransientError,
    UnknownTaskError,
    UnusableAnswerError,
    VigilError,
)
from core.domain.tasks import Reply, Request, Usage
from core.ports.engine import Engine

In = TypeVar("In")
Out = TypeVar("Out")
VERSION = 1
KEPT_ERRORS: dict[str, type[VigilError]] = {
    one.__name__: one for one in (TransientError, UnusableAnswerError, UnknownTaskError)
}
"""The failures of a single request: they are kept, so that a replay comes to the same figures. Others (a refused key, a spent
budget) end a run and are no answer to the request."""
_JSON: TypeAdapter[object] = TypeAdapter(object)


class Recording:
    """Performs by the engine behind it and keeps each request with its answer or failure.

    An answer of a remote engine that the folder has already is given from there, so that a run that was stopped goes on where
    it was without paying twice; a kept failure is asked anew. ``key`` says which models stand behind the engine's tiers: a
    request to other models is another request. ``home`` is the folder below which the pictures of requests are kept.
    """

    def __init__(self, engine: Engine, folder: Path, key: str, home: Path | None = None) -> None:
        self._engine, self._folder, self._key, self._home = engine, folder, key, home
        self.name, self.quotes, self.remote = engine.name, engine.quotes, engine.remote

    async def perform(self, request: Request[In, Out]) -> Reply[Out]:
        """See ``Engine.perform``. Raises ``FinalError`` when the folder cannot be written."""
        file = _file(self._folder, request, request_key(request, self._key, self._home))
        if self.remote and (known := _answer(file, request)):
            return known
        try:
            reply = await self._engine.perform(request)
        except VigilError as error:
            if type(error).__name__ in KEPT_ERRORS:
                told = {"kind": type(error).__name__, "sentence": error.sentence}
                self._keep(file, request, {"output": None, "error": told})
            raise
        output = _JSON.dump_python(reply.output, mode="json")
        given = {"output": output, "error": None, "model": reply.model, "usage": asdict(reply.usage), "ms": reply.ms}
        self._keep(file, request, given)
        return reply

    def _keep(self, file: Path, request: Request[Any, Any], told: dict[str, Any]) -> None:
        asked = asked_for(request, self._home)
        _write(file, {"v": VERSION, "engine": self.name, "key": self._key, **asked, **told})
        about = {"v": VERSION, "name": self.name, "key": self._key, "quotes": self.quotes, "remote": self.remote}
        if _about(self._folder, self.name) != about:
            _write(_engine_file(self._folder, self.name), about)


class Replaying:
    """Gives what was kept for the engine of this name, as that engine: the same answers with the usage and milliseconds of
    then, the same failures. Nothing else is called. Raises ``CallerError`` where the folder holds nothing of it."""

    def __init__(self, folder: Path, name: str, home: Path | None = None) -> None:
        about = _about(folder, name)
        if about is None:
            raise CallerError(f"{folder} holds no record of the {name} engine: make one with --record {folder}.")
        self._folder, self._home = folder, home
        self._key, self.name = str(about["key"]), name
        self.quotes, self.remote = bool(about["quotes"]), bool(about["remote"])

    async def perform(self, request: Request[In, Out]) -> Reply[Out]:
        """See ``Engine.perform``. Raises ``FinalError`` when the record lacks the request, or its file is not readable."""
        file = _file(self._folder, request, request_key(request, self._key, self._home))
        again = f"run the same command once with --record {self._folder} in place of --replay"
        if not file.exists():
            raise FinalError(
                f"The record {self._folder} lacks an answer to this request of {request.task.name}: {again}."
            )
        kept = _read(file)
        if kept is not None and (error := kept.get("error")):
            raise KEPT_ERRORS.get(error["kind"], FinalError)(str(error["sentence"]))
        if kept is None or (reply := _reply(kept, request)) is None:
            raise FinalError(f"{file.name} of {request.task.name} in {self._folder} is not readable: {again}.")
        return reply


def recorded_engines(folder: Path) -> list[str]:
    """The names of the engines that a folder holds records of."""
    prefix = "engine-"
    return sorted(file.stem.removeprefix(prefix) for file in folder.glob(f"{prefix}*.json"))


def _engine_file(folder: Path, name: str) -> Path:
    return folder / f"engine-{name}.json"


def _about(folder: Path, name: str) -> dict[str, Any] | None:
    about = _read(_engine_file(folder, name))
    return about if about and {"key", "quotes", "remote"} <= about.keys() else None


def _file(folder: Path, request: Request[Any, Any], key: str) -> Path:
    return folder / request.task.name / f"{key}.json"


def _answer(file: Path, request: Request[In, Out]) -> Reply[Out] | None:
    kept = _read(file)
    return _reply(kept, request) if kept and not kept.get("error") else None


def _reply(kept: dict[str, Any], request: Request[In, Out]) -> Reply[Out] | None:
    """The reply as it was; ``None`` where what was kept is not of the task's output type."""
    try:
        output = TypeAdapter(request.task.output_type).validate_json(json.dumps(kept["output"]))
        return Reply(output, str(kept["model"]), Usage(**kept["usage"]), float(kept["ms"]))
    except (ValidationError, KeyError, TypeError, ValueError):
        return None


def _read(file: Path) -> dict[str, Any] | None:
    """A kept object; ``None`` where there is none that can be read."""
    try:
        read = json.loads(file.read_text("utf-8", "surrogatepass"))
    except (OSError, ValueError):
        return None
    return read if isinstance(read, dict) else None


def _write(file: Path, kept: dict[str, Any]) -> None:
    """Whole or not at all, also where two write the same at once."""
    partial = file.with_name(f".{file.stem}.{uuid4().hex}.partial")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds dialogues
        partial.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8", "surrogatepass")
        partial.replace(file)
    except OSError as error:
        raise FinalError(
            f"{file.parent} cannot be written ({error.strerror}): name another folder with --record."
        ) from error
