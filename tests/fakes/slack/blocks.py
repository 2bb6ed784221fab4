"""Block Kit's blocks: which there are on which surface, and their sizes. Any other type is refused."""

from tests.fakes.slack.elements import (
    CLICKED,
    CONTEXTUAL,
    ID,
    IMAGE,
    PLAIN_TEXT_INPUT,
    SELECTS,
    any_text,
    plain_text,
)
from tests.fakes.slack.rich_text import RICH_TEXT
from tests.fakes.slack.shapes import Shape, boolean, items, one_of, some_of, text, typed

_BLOCK_ID = {"block_id": ID}
_WORDS = {
    "plain_text": Shape({"text": text(2000)}, {"emoji": boolean}),
    "mrkdwn": Shape({"text": text(2000)}, {"verbatim": boolean}),
}
_CELL = typed({"raw_text": Shape({"text": text(3000)}), "rich_text": RICH_TEXT})
_COLUMN = Shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})

EVERYWHERE = {
    "section": Shape(
        {},
        {
            **_BLOCK_ID,
            "text": any_text(3000),
            "fields": items(any_text(2000), 10),
            "accessory": typed({**CLICKED, **SELECTS, "image": IMAGE}),
            "expand": boolean,
        },
        some_of("text", "fields"),
    ),
    "context": Shape({"elements": items(typed({**_WORDS, "image": IMAGE}), 10)}, _BLOCK_ID),
    "actions": Shape({"elements": items(typed({**CLICKED, **SELECTS}), 25)}, _BLOCK_ID),
    "header": Shape({"text": plain_text(150)}, _BLOCK_ID),
    "divider": Shape({}, _BLOCK_ID),
    "image": Shape(IMAGE.required, {**IMAGE.optional, **_BLOCK_ID, "title": plain_text(2000)}, IMAGE.extra),
    "rich_text": RICH_TEXT,
    "input": Shape(
        {"label": plain_text(2000), "element": typed({"plain_text_input": PLAIN_TEXT_INPUT, **SELECTS})},
        {**_BLOCK_ID, "hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "alert": Shape(
        {"text": any_text(3000)}, {**_BLOCK_ID, "level": one_of("default", "info", "warning", "error", "success")}
    ),
}
IN_MESSAGES = {
    **EVERYWHERE,
    "markdown": Shape({"text": text(12000)}, _BLOCK_ID),
    "context_actions": Shape({"elements": items(typed(CONTEXTUAL), 5)}, _BLOCK_ID),
    "table": Shape({"rows": items(items(_CELL, 20), 100)}, {**_BLOCK_ID, "column_settings": items(_COLUMN, 20, 0)}),
}
SURFACES = {"message": IN_MESSAGES, "modal": EVERYWHERE, "home": EVERYWHERE}
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
