"""Which JSON schemas structured outputs take."""

from tests.fakes.claude.refusals import Json, Refused

MOST_OPTIONAL, MOST_UNIONS = 24, 16
_ANY = {"type", "title", "description", "enum", "const", "default", "anyOf", "allOf", "$ref", "$defs", "definitions"}
_OF_TYPE: dict[str, set[str]] = {
    "object": {"properties", "required", "additionalProperties"},
    "array": {"items", "minItems"},
    "string": {"format"},
    "integer": set(),
    "number": set(),
    "boolean": set(),
    "null": set(),
}
_FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}


def check_schema(schema: Json, at: str) -> None:
    """Refuse a schema that asks for more than the grammar of the answer can hold."""
    walk = _Walk(schema)
    try:
        walk.check(schema, at, frozenset())
    except (AttributeError, TypeError) as error:
        raise Refused(f"{at}: Invalid schema: {error}") from error
    if walk.optional > MOST_OPTIONAL:
        raise Refused(f"Schemas contains too many optional parameters ({walk.optional}), limit: {MOST_OPTIONAL}")
    if walk.unions > MOST_UNIONS:
        raise Refused(f"Schemas contains too many parameters with union types ({walk.unions}), limit: {MOST_UNIONS}")


def resolve(ref: str, root: Json) -> Json | None:
    """What a reference within the schema points to; None where there is nothing."""
    kind, _, name = ref.removeprefix("#/").partition("/")
    found = root.get(kind, {}).get(name) if ref.startswith("#/") and kind in {"$defs", "definitions"} else None
    return found if isinstance(found, dict) else None


class _Walk:
    def __init__(self, root: Json) -> None:
        self.root = root
        self.optional = 0
        self.unions = 0

    def check(self, node: object, at: str, inside: frozenset[str]) -> None:
        if not isinstance(node, dict):
            raise Refused(f"{at}: Input should be a valid dictionary")
        if "$ref" in node:
            self._check_ref(node["$ref"], at, inside)
        elif not {"type", "anyOf", "allOf", "enum", "const"} & set(node):
            raise Refused(f"{at}: Schema must have a 'type', 'anyOf', 'allOf', 'enum', 'const' or '$ref'")
        self._check_keywords(node, at)
        self.unions += "anyOf" in node or isinstance(node.get("type"), list)
        for several in ("anyOf", "allOf"):
            for number, variant in enumerate(node.get(several, [])):
                self.check(variant, f"{at}.{several}.{number}", inside)
        if "items" in node:
            self.check(node["items"], f"{at}.items", inside)
        if "object" in _types(node):
            self._check_object(node, at, inside)

    def _check_ref(self, ref: str, at: str, inside: frozenset[str]) -> None:
        target = resolve(ref, self.root)
        if target is None:
            raise Refused(f"{at}: Unresolvable or external $ref '{ref}'")
        if ref in inside:
            raise Refused(f"{at}: Circular reference detected in schema definitions: '{ref}'")
        self.check(target, at, inside | {ref})

    def _check_keywords(self, node: Json, at: str) -> None:
        types = _types(node)
        if unknown := [kind for kind in types if kind not in _OF_TYPE]:
            raise Refused(f"{at}: Unknown type {unknown[0]!r}")
        if extra := set(node) - _ANY.union(*(_OF_TYPE[kind] for kind in types)):
            raise Refused(
                f"{at}: For {'/'.join(types)!r} type, properties {', '.join(sorted(extra))} are not supported"
            )
        if any(isinstance(value, dict | list) for value in node.get("enum", [])):
            raise Refused(f"{at}: Complex types within enums are not supported")
        if node.get("minItems", 0) not in {0, 1}:
            raise Refused(f"{at}: For 'array' type, 'minItems' values other than 0 or 1 are not supported")
        if node.get("format", "date") not in _FORMATS:
            raise Refused(f"{at}: String format {node['format']!r} is not supported")

    def _check_object(self, node: Json, at: str, inside: frozenset[str]) -> None:
        if node.get("additionalProperties") is not False:
            raise Refused(f"{at}: For 'object' type, 'additionalProperties' must be explicitly set to false")
        properties, required = node.get("properties", {}), set(node.get("required", []))
        if missing := required - set(properties):
            raise Refused(f"{at}: 'required' names properties that do not exist: {', '.join(sorted(missing))}")
        self.optional += len(properties) - len(required)
        for name, value in properties.items():
            self.check(value, f"{at}.properties.{name}", inside)


def _types(node: Json) -> list[str]:
    kind = node.get("type", [])
    return kind if isinstance(kind, list) else [kind]
