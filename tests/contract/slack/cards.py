"""A card and a modal to press, fill in and answer."""

from tests.contract.slack.conftest import Support
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.world import Message


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


GOOD: Json = {"text": plain("Good"), "value": "good"}
BAD: Json = {"text": plain("Bad"), "value": "bad"}
OPTIONS: list[Json] = [{"text": plain(name), "value": name} for name in ("auto", "draft")]
CARD: list[Json] = [
    {"type": "section", "text": plain("Use UTF-8.")},
    {
        "type": "actions",
        "block_id": "acts",
        "elements": [
            {"type": "button", "action_id": "accept", "text": plain("Accept"), "value": "c1"},
            {"type": "static_select", "action_id": "mode", "options": OPTIONS},
            {"type": "overflow", "action_id": "more", "options": OPTIONS},
            {"type": "checkboxes", "action_id": "which", "options": OPTIONS},
        ],
    },
    {
        "type": "context_actions",
        "elements": [
            {"type": "feedback_buttons", "action_id": "vote", "positive_button": GOOD, "negative_button": BAD},
        ],
    },
]
NAME: Json = {"type": "plain_text_input", "action_id": "name", "max_length": 5}
MODAL: Json = {
    "type": "modal",
    "callback_id": "edit",
    "private_metadata": "c1",
    "title": plain("Edit"),
    "submit": plain("Save"),
    "blocks": [{"type": "input", "block_id": "who", "label": plain("Name"), "element": NAME}],
}


def note(text: str) -> Json:
    return {"type": "modal", "title": plain(text), "blocks": [{"type": "divider"}]}


async def card(support: Support) -> Message:
    """A card of the bot, as people see it."""
    posted = await support.say(text="Use UTF-8.", blocks=CARD)
    return support.channel.messages[posted["ts"]]
