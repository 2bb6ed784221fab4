"""Block Kit's composition objects and the elements a bot would send, with Slack's sizes."""

from tests.fakes.slack.shapes import (
    Check,
    Shape,
    boolean,
    exactly_one,
    integer,
    items,
    one_of,
    text,
    typed,
    web_address,
)

ID = text(255)


def plain_text(longest: int) -> Check:
    """A plain_text object."""
    return typed({"plain_text": Shape({"text": text(longest)}, {"emoji": boolean})})


def any_text(longest: int) -> Check:
    """A plain_text or mrkdwn object."""
    return typed(
        {
            "plain_text": Shape({"text": text(longest)}, {"emoji": boolean}),
            "mrkdwn": Shape({"text": text(longest)}, {"verbatim": boolean}),
        }
    )


CONFIRM = Shape(
    {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": one_of("primary", "danger")},
)


def _option(label: Check, **more: Check) -> Shape:
    return Shape({"text": label, "value": text(150)}, {"description": plain_text(75), **more})


OPTION = _option(plain_text(75))
RICH_OPTION = _option(any_text(75))
OVERFLOW_OPTION = _option(plain_text(75), url=web_address(3000))
OPTION_GROUP = Shape({"label": plain_text(75), "options": items(OPTION, 100)})

_SELECT: dict[str, Check] = {
    "action_id": ID,
    "placeholder": plain_text(150),
    "confirm": CONFIRM,
    "focus_on_load": boolean,
}
_OPTIONS: dict[str, Check] = {"options": items(OPTION, 100), "option_groups": items(OPTION_GROUP, 100)}
_MOST: dict[str, Check] = {"max_selected_items": integer(1, 100)}
_FILTER = Shape(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_FEEDBACK = Shape({"text": plain_text(75), "value": text(2000)}, {"accessibility_label": text(75)})

BUTTON = Shape(
    {"text": plain_text(75)},
    {
        "action_id": ID,
        "url": web_address(3000),
        "value": text(2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": text(75),
    },
)
OVERFLOW = Shape({"options": items(OVERFLOW_OPTION, 5)}, {"action_id": ID, "confirm": CONFIRM})
IMAGE = Shape(
    {"alt_text": text(2000)},
    {"image_url": web_address(3000), "slack_file": Shape({}, {"id": ID, "url": web_address(3000)})},
    exactly_one("image_url", "slack_file"),
)
PLAIN_TEXT_INPUT = Shape(
    {},
    {
        "action_id": ID,
        "initial_value": text(3000, 0),
        "multiline": boolean,
        "min_length": integer(0, 3000),
        "max_length": integer(1, 3000),
        "dispatch_action_config": Shape(
            {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)}
        ),
        "focus_on_load": boolean,
        "placeholder": plain_text(150),
    },
)
_CHOICE: dict[str, Check] = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": boolean}

SELECTS = {
    "static_select": Shape({}, {**_SELECT, **_OPTIONS, "initial_option": OPTION}, exactly_one(*_OPTIONS)),
    "multi_static_select": Shape(
        {}, {**_SELECT, **_OPTIONS, **_MOST, "initial_options": items(OPTION, 100)}, exactly_one(*_OPTIONS)
    ),
    "users_select": Shape({}, {**_SELECT, "initial_user": ID}),
    "multi_users_select": Shape({}, {**_SELECT, **_MOST, "initial_users": items(ID, 100)}),
    "conversations_select": Shape(
        {},
        {
            **_SELECT,
            "initial_conversation": ID,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": _FILTER,
        },
    ),
    "multi_conversations_select": Shape(
        {},
        {
            **_SELECT,
            **_MOST,
            "initial_conversations": items(ID, 100),
            "default_to_current_conversation": boolean,
            "filter": _FILTER,
        },
    ),
    "checkboxes": Shape({"options": items(RICH_OPTION, 10)}, {**_CHOICE, "initial_options": items(RICH_OPTION, 10)}),
    "radio_buttons": Shape({"options": items(RICH_OPTION, 10)}, {**_CHOICE, "initial_option": RICH_OPTION}),
}
CLICKED = {"button": BUTTON, "overflow": OVERFLOW}
CONTEXTUAL = {
    "feedback_buttons": Shape({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {"action_id": ID}),
    "icon_button": Shape(
        {"icon": one_of("trash"), "text": plain_text(75)},
        {
            "action_id": ID,
            "value": text(2000),
            "confirm": CONFIRM,
            "accessibility_label": text(75),
            "visible_to_user_ids": items(ID, 100),
        },
    ),
}
