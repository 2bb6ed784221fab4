"""What a request to ``POST /v1/messages`` must look like."""

from tests.fakes.claude.block_rules import check_cache_control, check_parts
from tests.fakes.claude.models import DISABLED, EFFORTS, MODELS, Model
from tests.fakes.claude.prompt import Part, cited, parts_of
from tests.fakes.claude.refusals import Json, Refused, check_choice, check_fields
from tests.fakes.claude.schema_rules import check_schema

LATEST, FIRST = "2026-10-21", "2023-06-01"
MOST_BREAKPOINTS = 4
_NEEDED = {"model": str, "max_tokens": int, "messages": list}
_OPTIONAL: dict[str, type | tuple[type, ...]] = {
    "cache_control": dict,
    "metadata": dict,
    "output_config": dict,
    "service_tier": str,
    "stop_sequences": list,
    "stream": bool,
    "system": (str, list),
    "thinking": dict,
}
_SAMPLING: dict[str, type | tuple[type, ...]] = {"temperature": (int, float), "top_p": (int, float), "top_k": int}
# Real, and not simulated: a test that sends one must not believe that it was understood.
_ELSEWHERE = ("container", "diagnostics", "inference_geo", "speed", "tool_choice", "tools", "user_profile_id")


def check_request(body: object, version: str) -> Json:
    """The body, or ``Refused`` with the sentence of the first rule that it breaks; ``version`` of the API."""
    for name in _ELSEWHERE:
        if isinstance(body, dict) and name in body:
            raise Refused(f"{name}: not simulated by this fake")
    given = check_fields(body, "", _NEEDED, _OPTIONAL | (_SAMPLING if version == FIRST else {}))
    model = MODELS.get(given["model"])
    if model is None:
        raise Refused(f"model: {given['model']}", status=404)
    _check_numbers(given, model)
    _check_thinking(given, model)
    _check_output_config(given.get("output_config", {}), model)
    _check_objects(given.get("system", []), "system")
    _check_messages(given["messages"])
    parts = list(parts_of(given))
    check_parts(parts)
    _check_breakpoints(given, parts)
    if (given.get("output_config") or {}).get("format") and any(cited(part.block) for part in parts):
        raise Refused("output_config.format: Structured outputs are not supported with citations enabled")
    return given


def _check_numbers(given: Json, model: Model) -> None:
    if given["max_tokens"] < 1:
        raise Refused("max_tokens: Input should be greater than or equal to 1")
    if given["max_tokens"] > model.longest_answer:
        most = f"{model.longest_answer}, which is the maximum allowed number of output tokens for {given['model']}"
        raise Refused(f"max_tokens: {given['max_tokens']} > {most}")
    for name in _SAMPLING:
        if name in given and not model.samples:
            raise Refused(f"`{name}` is deprecated for this model.")
    if not all(isinstance(text, str) and text.strip() for text in given.get("stop_sequences", [])):
        raise Refused("stop_sequences: each stop sequence must contain non-whitespace")
    check_fields(given.get("metadata", {}), "metadata", {}, {"user_id": str})
    check_choice(given.get("service_tier", "auto"), "service_tier", ["auto", "standard_only"])


def _check_thinking(given: Json, model: Model) -> None:
    if "thinking" not in given:
        return
    kind = given["thinking"].get("type")
    if kind == "enabled" or (kind not in model.thinking and kind in {"adaptive", "disabled", "between_tools"}):
        other = f'Use "thinking.type.{model.thinking[0]}" and "output_config.effort" to control thinking behavior.'
        raise Refused(f'"thinking.type.{kind}" is not supported for this model. {other}')
    check_choice(kind, "thinking.type", model.thinking)
    check_fields(given["thinking"], "thinking", {"type": str}, {"display": str} if kind == "adaptive" else {})
    check_choice(given["thinking"].get("display") or "omitted", "thinking.display", ["summarized", "omitted"])
    if kind == DISABLED and (given.get("output_config") or {}).get("effort") in EFFORTS[3:]:
        raise Refused("thinking: disabled is only supported at effort high or below")


def _check_output_config(config: Json, model: Model) -> None:
    check_fields(config, "output_config", {}, {"effort": str, "format": dict})
    if (effort := config.get("effort")) is not None:
        check_choice(effort, "output_config.effort", EFFORTS)
        if not model.efforts:
            raise Refused("This model does not support the effort parameter.")
        if effort not in model.efforts:
            raise Refused(f"This model does not support effort level '{effort}'.")
    if (wanted := config.get("format")) is not None:
        check_fields(wanted, "output_config.format", {"type": str, "schema": dict}, {})
        check_choice(wanted["type"], "output_config.format.type", ["json_schema"])
        check_schema(wanted["schema"], "output_config.format.schema")


def _check_messages(messages: list[Json]) -> None:
    if not messages:
        raise Refused("messages: at least one message is required")
    for number, message in enumerate(messages):
        at = f"messages.{number}"
        check_fields(message, at, {"role": str}, {"content": (str, list)})
        if message["role"] not in {"user", "assistant"}:
            raise Refused(f'messages: Unexpected role "{message["role"]}". Allowed roles are "user" or "assistant"')
        if not message.get("content"):
            raise Refused(f"{at}: all messages must have non-empty content")
        _check_objects(message["content"], f"{at}.content")
    if messages[0]["role"] != "user":
        raise Refused('messages: first message must use the "user" role')
    if messages[-1]["role"] == "assistant":
        raise Refused("Prefilling assistant messages is not supported for this model.")


def _check_objects(content: object, at: str) -> None:
    for number, block in enumerate(content if isinstance(content, list) else []):
        if not isinstance(block, dict):
            raise Refused(f"{at}.{number}: Input should be a valid dictionary")


def _check_breakpoints(given: Json, parts: list[Part]) -> None:
    check_cache_control(given.get("cache_control"), "cache_control")
    inside = [text for part in parts if part.block["type"] == "search_result" for text in part.block["content"]]
    found = sum(bool(each.get("cache_control")) for each in [given, *(part.block for part in parts), *inside])
    if found > MOST_BREAKPOINTS:
        raise Refused(f"A maximum of {MOST_BREAKPOINTS} blocks with cache_control may be provided. Found {found}.")
