"""Structured outputs: the schemas that are taken, and answers that must fit them."""

import json

import pytest

from tests.contract.claude.blocks import result, shape, text, wanting
from tests.contract.claude.conftest import Line
from tests.fakes.claude.refusals import Json
from tests.fakes.claude.said import say_json, say_malformed, say_text

STRING: Json = {"type": "string"}
RICH = {
    **shape(
        kind={"enum": ["a", "b", None]},
        when={"type": "string", "format": "date"},
        parts={"type": "array", "items": {"$ref": "#/$defs/part"}, "minItems": 1},
        maybe={"anyOf": [STRING, {"type": "null"}]},
        both={"allOf": [{"type": "integer"}, {"const": 3}]},
        either={"type": ["number", "null"], "description": "a number", "title": "Either"},
    ),
    "$defs": {"part": shape(good={"type": "boolean"})},
}
FITS: Json = {
    "kind": None,
    "when": "2026-11-02",
    "parts": [{"good": True}],
    "maybe": None,
    "both": 3,
    "either": 1.5,
}


async def test_a_rich_schema_is_taken_and_its_answer_comes_as_text(line: Line) -> None:
    line.claude.answers.append(say_json(FITS))
    answer = await line.ask(model="claude-haiku-4-5", output_config=wanting(RICH))
    assert answer.content[0].type == "text"
    assert json.loads(answer.content[0].text) == FITS


@pytest.mark.parametrize(
    ("schema", "sentence"),
    [
        ({"type": "object", "properties": {}}, "For 'object' type, 'additionalProperties' must be explicitly set"),
        ({**shape(a=STRING), "additionalProperties": STRING}, "For 'object' type, 'additionalProperties' must be"),
        ({**shape(a=STRING), "required": ["a", "b"]}, "'required' names properties that do not exist: b"),
        (shape(a={"type": "object"}), "For 'object' type, 'additionalProperties' must be explicitly set"),
        (shape(a={"type": "integer", "minimum": 1, "maximum": 5}), "For 'integer' type, properties maximum, minimum"),
        (shape(a={"type": "string", "minLength": 1}), "For 'string' type, properties minLength are not supported"),
        (shape(a={"type": "string", "maxLength": 9}), "For 'string' type, properties maxLength are not supported"),
        (shape(a={"type": "string", "pattern": "^a"}), "For 'string' type, properties pattern are not supported"),
        (shape(a={"type": "string", "format": "colour"}), "String format 'colour' is not supported"),
        (shape(a={"type": "array", "items": STRING, "minItems": 2}), "For 'array' type, 'minItems' values other than"),
        (shape(a={"type": "array", "items": STRING, "maxItems": 2}), "For 'array' type, properties maxItems are not"),
        (shape(a={"type": "array", "items": {"type": "text"}}), "Unknown type 'text'"),
        (shape(a={"enum": [{"b": 1}]}), "Complex types within enums are not supported"),
        (shape(a={"description": "anything"}), "Schema must have a 'type'"),
        (shape(a={"oneOf": [STRING]}), "Schema must have a 'type'"),
        ({**shape(), "properties": ["a"]}, "Invalid schema"),
        (shape(a={"type": "array", "items": [STRING]}), "items: Input should be a valid dictionary"),
        (shape(a={"$ref": "https://example.com/a.json"}), "Unresolvable or external $ref"),
        (shape(a={"$ref": "#/$defs/b"}), "Unresolvable or external $ref '#/$defs/b'"),
        ({"$ref": "#/$defs/a", "$defs": {"a": shape(a={"$ref": "#/$defs/a"})}}, "Circular reference detected"),
        ({**shape(**{f"a{n}": STRING for n in range(25)}), "required": []}, "too many optional parameters (25)"),
        (shape(**{f"a{n}": {"type": ["string", "null"]} for n in range(17)}), "with union types (17), limit: 16"),
    ],
)
async def test_each_wrong_schema_is_refused(line: Line, schema: Json, sentence: str) -> None:
    assert sentence in await line.refusal(output_config=wanting(schema))
    assert len(line.claude.violations) == 1


async def test_the_format_has_one_type_and_a_schema(line: Line) -> None:
    assert "output_config.format.type" in await line.refusal(output_config={"format": {"type": "json", "schema": {}}})
    assert "format.schema: Field required" in await line.refusal(output_config={"format": {"type": "json_schema"}})
    assert "output_config.format.name" in await line.refusal(
        output_config={"format": {"type": "json_schema", "schema": shape(), "name": "a"}}
    )


async def test_citations_and_a_format_exclude_each_other(line: Line) -> None:
    line.claude.model = lambda body: say_json({"a": "b"})
    asked = {"output_config": wanting(shape(a=STRING))}
    assert (await line.ask(result("a"), text(), **asked)).content
    told = await line.refusal(result("a", citations={"enabled": True}), text(), **asked)
    assert "not supported with citations" in told


@pytest.mark.parametrize(
    ("changed", "mistake"),
    [
        ({"kind": "c"}, "answer.kind is none of the values allowed"),
        ({"when": 3}, "answer.when is no string"),
        ({"parts": []}, "answer.parts has too few items"),
        ({"parts": [{"good": 1}]}, "answer.parts[0].good is no boolean"),
        ({"parts": [{}]}, "answer.parts[0] lacks ['good']"),
        ({"maybe": 3}, "answer.maybe fits no variant"),
        ({"both": 4}, "answer.both is none of the values allowed"),
        ({"both": True}, "answer.both is no integer"),
        ({"either": "a"}, "answer.either is no ['number', 'null']"),
        ({"more": 1}, "answer has ['more'] too much"),
    ],
)
async def test_a_script_that_breaks_the_schema_is_a_mistake_of_the_test(
    line: Line, changed: Json, mistake: str
) -> None:
    line.claude.answers.append(say_json({**FITS, **changed}))
    assert "the script of this test is wrong" in await line.refusal(output_config=wanting(RICH))
    assert line.claude.mistakes == [mistake]
    assert line.claude.violations == []
    line.claude.mistakes.clear()


async def test_a_script_may_break_the_schema_on_purpose(line: Line) -> None:
    line.claude.answers += [say_malformed('{"kind": '), say_text("plain")]
    assert (await line.ask(output_config=wanting(RICH))).stop_reason == "end_turn"
    await line.refusal(output_config=wanting(RICH))
    assert line.claude.mistakes == ["the answer is not JSON: plain"]
    line.claude.mistakes.clear()
