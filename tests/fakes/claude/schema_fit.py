"""Whether an answer is what a schema asks for; only the keywords that structured outputs take."""

from tests.fakes.claude.refusals import Json
from tests.fakes.claude.schema_rules import resolve

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def misfit(value: object, schema: Json, root: Json, at: str = "answer") -> str:
    """The first place where a value is not as its schema says, with what is wrong; "" where it fits."""
    if "$ref" in schema:
        return misfit(value, resolve(schema["$ref"], root) or {}, root, at)
    if "anyOf" in schema and all(misfit(value, variant, root, at) for variant in schema["anyOf"]):
        return f"{at} fits no variant"
    for variant in schema.get("allOf", []):
        if wrong := misfit(value, variant, root, at):
            return wrong
    if not _is_of(value, schema.get("type", list(_TYPES))):
        return f"{at} is no {schema['type']}"
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        return f"{at} is none of the values allowed"
    if isinstance(value, list):
        return _misfit_of_list(value, schema, root, at)
    if isinstance(value, dict):
        return _misfit_of_object(value, schema, root, at)
    return ""


def _is_of(value: object, kinds: str | list[str]) -> bool:
    return any(type(value) in _TYPES[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _misfit_of_list(value: list[object], schema: Json, root: Json, at: str) -> str:
    if len(value) < schema.get("minItems", 0):
        return f"{at} has too few items"
    wrongs = (misfit(item, schema.get("items", {}), root, f"{at}[{n}]") for n, item in enumerate(value))
    return next(filter(None, wrongs), "")


def _misfit_of_object(value: Json, schema: Json, root: Json, at: str) -> str:
    if "type" not in schema:
        return ""
    properties = schema.get("properties", {})
    if missing := set(schema.get("required", [])) - set(value):
        return f"{at} lacks {sorted(missing)}"
    if extra := set(value) - set(properties):
        return f"{at} has {sorted(extra)} too much"
    wrongs = (misfit(item, properties[name], root, f"{at}.{name}") for name, item in value.items())
    return next(filter(None, wrongs), "")
