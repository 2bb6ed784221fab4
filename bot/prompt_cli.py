"""The commands of ``vigil prompt``: look at what a model would be sent, without sending it."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from bot.running import Commands, Json, settings
from core.domain.errors import CallerError
from core.domain.tasks import PromptText, Request, Tier
from core.prompts.requests import request_makers

prompt = typer.Typer(cls=Commands, no_args_is_help=True, help="Look at what a model would be sent.")
FENCE = "FENCE"
"""Stands for the delimiter, which is another one for each call."""


@prompt.callback()
def options() -> None:
    """Look at what a model would be sent."""


@prompt.command("show")
def prompt_show(
    task: str,
    inputs: Annotated[
        Path, typer.Option("--from", help="The task's inputs as JSON; examples/prompts has one for each task.")
    ],
    as_json: Json = False,
) -> None:
    """Print what a model is sent for these inputs; with --json as it goes over the wire."""
    request = request_of(task, inputs)
    known = settings()
    model = {Tier.FAST: known.fast_model, Tier.STRONG: known.strong_model}[request.task.tier]
    payload = wire(request, model, known.home)
    typer.echo(
        json.dumps({"v": 1, **payload}, ensure_ascii=False)
        if as_json
        else "\n".join(_readable(payload, request.task.prompt))
    )


def request_of(task: str, file: Path) -> Request[Any, Any]:
    """Make the request of a task from a file with its inputs. Raises ``CallerError`` for an unknown task and a bad file."""
    makers = request_makers()
    if task not in makers:
        raise CallerError(f"There is no task {task}: choose one of {', '.join(makers)}.")
    takes, make = makers[task]
    try:
        return make(TypeAdapter(takes).validate_json(file.read_bytes()))
    except OSError as error:
        raise CallerError(f"{file} cannot be read ({error.strerror}): name a JSON file.") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        what = f"{where}: {first['msg']}" if where else first["msg"]
        raise CallerError(
            f"{file} does not hold the inputs of {task} ({what}): compare it with examples/prompts/{task}.json."
        ) from error


def wire(request: Request[Any, Any], model: str, home: Path) -> dict[str, Any]:
    """Give a request as the Claude engine sends it, pictures read from the home."""
    from adapters.engine.claude.pictures import read_pictures
    from adapters.engine.claude.wire import payload_of

    pictures = asyncio.run(read_pictures(request.pictures, home))
    return payload_of(request, model, FENCE, pictures)


def _readable(payload: dict[str, Any], prompt_text: PromptText) -> Iterator[str]:
    """The same call for people: every text of it, in its order."""
    config = payload.get("output_config", {})
    effort = f", effort {config['effort']}" if "effort" in config else ""
    yield f"=== {payload['model']}, at most {payload['max_tokens']} tokens{effort}, prompt {prompt_text.hash} ==="
    for block in payload["system"]:
        yield f"=== system{', kept in the cache' if 'cache_control' in block else ''} ===\n{block['text']}"
    yield "=== user ==="
    for block in payload["messages"][0]["content"]:
        match block["type"]:
            case "search_result":
                yield f"[{block['source']}] {block['title']}\n{''.join(part['text'] for part in block['content'])}\n"
            case "image":
                yield f"({block['source']['media_type']}, {len(block['source']['data'])} characters of base64)"
            case _:
                yield block["text"]
    if "format" in config:
        yield f"=== the answer must fit ===\n{json.dumps(config['format']['schema'], ensure_ascii=False)}"
