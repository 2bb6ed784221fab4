"""What a person can press, choose and fill in, and what Slack's client makes of it."""

from typing import Any

from tests.fakes.slack.block_kit import elements_of
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.surfaces import View
from tests.fakes.slack.view_rules import STATE_KEYS
from tests.fakes.slack.world import Message, Person


def pressable(person: Person, where: Message | View, action_id: str) -> tuple[Json, Json]:
    """The block and the element with this action id; an ``AssertionError`` where this person does not see one."""
    if isinstance(where, View):
        assert person is where.person, f"{person.name} does not see this view"
    else:
        assert person in where.channel.members, f"{person.name} does not see this channel"
        assert where.ephemeral_to in {"", person.id}, f"{person.name} does not see this message"
        there = where.channel.ephemerals if where.ephemeral_to else where.channel.messages.values()
        assert where in there, "the message is gone"
    found = [(block, one) for block in where.blocks for one in elements_of(block) if one["action_id"] == action_id]
    assert len(found) == 1, f"{len(found)} elements with action_id {action_id!r}; there are {_action_ids(where)}"
    block, element = found[0]
    assert person.id in element.get("visible_to_user_ids", [person.id]), f"{person.name} does not see {action_id}"
    return block, element


def chosen(element: Json, choice: object) -> Json:
    """The element's part of an action: ``choice`` is the value of an option, a list of them, a person's or channel's id, a
    text, or positive or negative feedback; nothing for a button."""
    kind = element["type"]
    match kind:
        case "button" | "icon_button":
            assert choice is None, "a button has nothing to choose"
            return {"type": kind, "text": element["text"], **_only(element, "value", "style")}
        case "feedback_buttons":
            return {
                "type": kind,
                "value": element[f"{choice}_button"]["value"],
                "text": element[f"{choice}_button"]["text"],
            }
        case "overflow":
            return {"type": kind, "selected_option": _option(element, choice)}
    key = STATE_KEYS[kind][0]
    if key == "selected_option":
        return {"type": kind, key: _option(element, choice)}
    if key == "selected_options":
        assert isinstance(choice, list)
        return {"type": kind, key: [_option(element, one) for one in choice]}
    return {"type": kind, key: choice}


def fill(state: Json, block: Json, element: Json, done: Json) -> None:
    """Keep what was chosen in the state of a view or message."""
    if element["type"] in STATE_KEYS:
        key = STATE_KEYS[element["type"]][0]
        values = state.setdefault(block["block_id"], {})
        values[element["action_id"]] = {"type": element["type"], key: done[key]}


def missing_in(blocks: list[Json], state: Json) -> Json:
    """Inputs that Slack's client would not submit, by block id: required and empty, too short, too long."""
    found: Json = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            value = state[block["block_id"]][element["action_id"]][STATE_KEYS[element["type"]][0]]
            if problem := _problem(block, element, value):
                found[block["block_id"]] = problem
    return found


def _problem(block: Json, element: Json, value: Any) -> str:
    if not value:
        return "" if block.get("optional") else "Please complete this required field."
    if element["type"] == "plain_text_input" and len(value) < element.get("min_length", 0):
        return "Too short."
    if element["type"] == "plain_text_input" and len(value) > element.get("max_length", 3000):
        return "Too long."
    return ""


def _option(element: Json, value: object) -> Json:
    options = [
        *element.get("options", []),
        *(o for group in element.get("option_groups", []) for o in group["options"]),
    ]
    found: list[Json] = [option for option in options if option["value"] == value]
    assert found, f"no option {value!r}; there are {[option['value'] for option in options]}"
    return found[0]


def _only(element: Json, *keys: str) -> Json:
    return {key: element[key] for key in keys if key in element}


def _action_ids(where: Message | View) -> list[str]:
    return [one["action_id"] for block in where.blocks for one in elements_of(block)]
