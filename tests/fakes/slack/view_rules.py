"""What a modal or a home tab must look like."""

import json
from typing import Any

from tests.fakes.slack.block_kit import elements_of, problems_of
from tests.fakes.slack.elements import plain_text
from tests.fakes.slack.refusals import Json, Refused, malformed
from tests.fakes.slack.shapes import Problems, Shape, boolean, text, typed

LARGEST_BYTES = 250_000


def _anything(value: Any, at: str, problems: Problems) -> None:
    """Blocks are looked at by themselves."""


_IDS = {"private_metadata": text(3000, 0), "callback_id": text(255, 0), "external_id": text(255, 0)}
_VIEW = typed(
    {
        "modal": Shape(
            {"title": plain_text(24), "blocks": _anything},
            {
                **_IDS,
                "submit": plain_text(24),
                "close": plain_text(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
                "submit_disabled": boolean,
            },
        ),
        "home": Shape({"blocks": _anything}, _IDS),
    }
)


def view_problems(view: object) -> list[str]:
    """What Slack would find wrong with a view; empty where nothing is."""
    problems = Problems()
    _VIEW(view, "/view", problems)
    if problems.found or not isinstance(view, dict):
        return problems.found
    found = problems_of(view["blocks"], view["type"], "/view/blocks")
    asks = not found and any(block["type"] == "input" for block in view["blocks"])
    if asks and view["type"] == "modal" and "submit" not in view:
        found = ["[ERROR] `submit` is required when an input block is within the blocks array [json-pointer:/view]"]
    return found


def check_view(view: object, kind: str) -> Json:
    """The view, as it was; refused as ``view_too_large`` or ``invalid_arguments`` with the problems."""
    if len(json.dumps(view).encode()) > LARGEST_BYTES:
        raise Refused("view_too_large")
    if problems := view_problems(view):
        raise malformed("invalid_arguments", problems)
    assert isinstance(view, dict)
    if view["type"] != kind:
        raise malformed("invalid_arguments", [f"[ERROR] must be a {kind} view [json-pointer:/view/type]"])
    return view


def initial_state(blocks: list[Json]) -> Json:
    """What the inputs of these blocks hold before anybody has touched them: ``{block_id: {action_id: state}}``."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if (state := _initially(element)) is not None:
                values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def _initially(element: Json) -> Json | None:
    kind = element["type"]
    key, of, empty = STATE_KEYS.get(kind, ("", "", None))
    if not key:
        return None
    return {"type": kind, key: element.get(of, empty)}


# element type -> its key in the state, its key in the element, what it holds when empty
STATE_KEYS: dict[str, tuple[str, str, Any]] = {
    "plain_text_input": ("value", "initial_value", None),
    "static_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "checkboxes": ("selected_options", "initial_options", []),
    "users_select": ("selected_user", "initial_user", None),
    "multi_users_select": ("selected_users", "initial_users", []),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
}
