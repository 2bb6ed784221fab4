"""What the model is told to say, and the content that the API makes of it."""

import json
from dataclasses import dataclass, replace

from tests.fakes.claude.models import MODELS
from tests.fakes.claude.prompt import cited, search_results_of
from tests.fakes.claude.refusals import Json
from tests.fakes.claude.schema_fit import misfit

Cite = tuple[int, int, int]
_SIGNATURE = "EqQBCgIYAhIkFake"


class ScriptError(Exception):
    """A test lets the model say what no model could."""


@dataclass(frozen=True)
class Said:
    """An answer. ``passages`` are texts with citations (number of the search result, first block, block after the last; or a
    whole one, as only another server would send it); ``malformed`` lets it break the schema that was asked for. Where the model
    thinks, it does so for ``thought`` tokens."""

    passages: tuple[tuple[str, tuple[Cite | Json, ...]], ...]
    stop_reason: str = "end_turn"
    stop_details: Json | None = None
    malformed: bool = False
    thought: int = 32


def say_text(*parts: str | tuple[str, *tuple[Cite, ...]]) -> Said:
    """Passages of text; a cited one is a tuple of its text and its citations."""
    return Said(tuple((part, ()) if isinstance(part, str) else (part[0], part[1:]) for part in parts))


def say_json(value: object) -> Said:
    """An answer that fits the schema asked for, or else the test fails."""
    return say_text(json.dumps(value, ensure_ascii=False))


def say_malformed(text: str) -> Said:
    """An answer that need not be JSON, nor fit."""
    return replace(say_text(text), malformed=True)


def refuse(category: str | None = None, explanation: str | None = None, *, after: str = "") -> Said:
    """A refusal, before anything was said or ``after`` some text."""
    details = {"type": "refusal", "category": category, "explanation": explanation}
    passages: tuple[tuple[str, tuple[Cite | Json, ...]], ...] = ((after, ()),) if after else ()
    return Said(passages, "refusal", details, malformed=True, thought=0)


def cut(*parts: str | tuple[str, *tuple[Cite, ...]]) -> Said:
    """An answer that ends where ``max_tokens`` are used up; without parts, all of them went into thinking."""
    return replace(say_text(*parts), stop_reason="max_tokens", malformed=True)


def content_of(said: Said, body: Json) -> list[Json]:
    """The blocks of the answer to a request; ``ScriptError`` where they do not belong together."""
    texts = [_text_block(text, cites, body) for text, cites in said.passages]
    if wanted := (body.get("output_config") or {}).get("format"):
        _check_fit("".join(block["text"] for block in texts), wanted["schema"], said)
    if not said.thought or not thinks(body):
        return texts
    shown = body.get("thinking", {}).get("display") == "summarized"
    thinking = {"type": "thinking", "thinking": "Let me see." if shown else "", "signature": _SIGNATURE}
    return [thinking, *texts]


def thinks(body: Json) -> bool:
    """Whether the model thinks before it answers this request."""
    kind = body.get("thinking", {}).get("type")
    return kind == "adaptive" or (kind is None and MODELS[body["model"]].thinks)


def _text_block(text: str, cites: tuple[Cite | Json, ...], body: Json) -> Json:
    cited = [cite if isinstance(cite, dict) else _citation(*cite, body) for cite in cites]
    return {"type": "text", "text": text, "citations": cited or None}


def _citation(number: int, start: int, end: int, body: Json) -> Json:
    results = search_results_of(body)
    if not 0 <= number < len(results):
        raise ScriptError(f"search result {number} is cited, there are {len(results)}")
    result = results[number]
    if not cited(result):
        raise ScriptError("citations are not enabled")
    if not 0 <= start < end <= len(result["content"]):
        raise ScriptError(
            f"blocks {start} to {end} of search result {number} are cited, it has {len(result['content'])}"
        )
    return {
        "type": "search_result_location",
        "cited_text": "".join(text["text"] for text in result["content"][start:end]),
        "source": result["source"],
        "title": result["title"],
        "search_result_index": number,
        "start_block_index": start,
        "end_block_index": end,
    }


def _check_fit(text: str, schema: Json, said: Said) -> None:
    if said.malformed:
        return
    try:
        wrong = misfit(json.loads(text), schema, schema)
    except json.JSONDecodeError as error:
        raise ScriptError(f"the answer is not JSON: {text}") from error
    if wrong:
        raise ScriptError(wrong)
