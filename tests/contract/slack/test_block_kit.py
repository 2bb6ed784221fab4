"""Each size and shape of Block Kit that the fake holds a bot to."""

import pytest

from tests.contract.slack.conftest import Support
from tests.fakes.slack.block_kit import problems_of
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.view_rules import view_problems


def plain(length: int) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def option(n: int, length: int = 3) -> Json:
    return {"text": plain(length), "value": str(n)}


def button(**more: object) -> Json:
    return {"type": "button", "text": plain(4), **more}


def actions(*elements: Json, **more: object) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def asks(**element: object) -> Json:
    return {"type": "input", "label": plain(5), "element": {"type": "plain_text_input", "action_id": "a", **element}}


def feedback(**more: object) -> Json:
    good = {"text": plain(4), "value": "good"}
    element = {"type": "feedback_buttons", "positive_button": good, "negative_button": {**good, **more}}
    return {"type": "context_actions", "elements": [element]}


def select(kind: str, **more: object) -> Json:
    return actions({"type": kind, "action_id": "s", **more})


def table(rows: int, columns: int) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


MARKDOWN: Json = {"type": "markdown", "text": "x" * 6001}
IMAGE: Json = {"type": "image", "image_url": "https://a.example/b.png", "alt_text": "a"}
CONTEXT: Json = {"type": "context", "elements": [plain(3), IMAGE]}
DIVIDER: Json = {"type": "divider"}
RICH: Json = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a", "style": {"bold": True}}]}],
}
SOUND: list[Json] = [
    {"type": "section", "text": plain(3000), "accessory": button(action_id="b")},
    {"type": "section", "fields": [plain(2000)] * 10, "expand": True},
    {"type": "header", "text": plain(150)},
    CONTEXT,
    actions(*[button(action_id=str(n)) for n in range(25)]),
    actions(button(value="v" * 2000, url="https://a.example", style="danger", accessibility_label="x" * 75)),
    select("static_select", options=[option(n, 75) for n in range(100)]),
    select("multi_static_select", option_groups=[{"label": plain(75), "options": [option(1)]}]),
    select("overflow", options=[option(n) for n in range(5)]),
    select("checkboxes", options=[option(n) for n in range(10)]),
    select("radio_buttons", options=[option(1)], initial_option=option(1)),
    select("users_select", placeholder=plain(150)),
    select("conversations_select", filter={"include": ["public", "private"]}),
    feedback(),
    {"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash", "text": plain(6)}]},
    {"type": "markdown", "text": "x" * 12000},
    table(100, 20),
    {"type": "alert", "text": plain(9), "level": "warning"},
    RICH,
    IMAGE,
    asks(max_length=3000),
]
UNSOUND: list[tuple[list[Json], str]] = [
    ([DIVIDER] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ([{"type": "section"}], "missing required field: text [json-pointer:/blocks/0]"),
    (
        [{"type": "section", "text": plain(3001)}],
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    ([{"type": "section", "text": plain(0)}], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    (
        [{"type": "section", "text": plain(1), "colour": 1}],
        "invalid additional property: colour [json-pointer:/blocks/0]",
    ),
    ([{"type": "section", "fields": [plain(1)] * 11}], "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    ([{"type": "section", "fields": [plain(2001)]}], "must be less than 2001 characters"),
    ([{"type": "header", "text": plain(151)}], "must be less than 151 characters"),
    ([{"type": "header", "text": {"type": "mrkdwn", "text": "a"}}], "unsupported type: mrkdwn"),
    ([{"type": "context", "elements": [plain(1)] * 11}], "no more than 10 items allowed"),
    (
        [{"type": "context", "elements": [button()]}],
        "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
    ),
    ([actions()], "no fewer than 1 items allowed"),
    ([actions(*[button(action_id=str(n)) for n in range(26)])], "no more than 25 items allowed"),
    ([actions(button(action_id="a"), button(action_id="a"))], "action_id already exists in this block"),
    ([actions(button(), block_id="b"), actions(button(), block_id="b")], "block_id already exists"),
    ([actions(button(), block_id="b" * 256)], "must be less than 256 characters"),
    ([actions(button(action_id="b" * 256))], "must be less than 256 characters"),
    ([actions(button(text=plain(76)))], "must be less than 76 characters"),
    ([actions(button(value="v" * 2001))], "must be less than 2001 characters"),
    ([actions(button(url="https://" + "u" * 3000))], "must be less than 3001 characters"),
    ([actions(button(url="javascript:x"))], "must be a valid URL"),
    ([actions(button(style="green"))], "must be a valid enum value"),
    ([actions(button(accessibility_label="x" * 76))], "must be less than 76 characters"),
    ([actions(button(confirm={"title": plain(101), "text": plain(1), "confirm": plain(1), "deny": plain(1)}))], "101"),
    ([select("static_select", options=[option(n) for n in range(101)])], "no more than 100 items allowed"),
    ([select("static_select")], "must provide exactly one of: options, option_groups"),
    ([select("static_select", options=[option(1, 76)])], "must be less than 76 characters"),
    ([select("static_select", options=[{"text": plain(1), "value": "v" * 151}])], "must be less than 151 characters"),
    ([select("users_select", placeholder=plain(151))], "must be less than 151 characters"),
    ([select("overflow", options=[option(n) for n in range(6)])], "no more than 5 items allowed"),
    ([select("overflow", options=[])], "no fewer than 1 items allowed"),
    ([select("checkboxes", options=[option(n) for n in range(11)])], "no more than 10 items allowed"),
    ([select("radio_buttons", options=[option(n) for n in range(11)])], "no more than 10 items allowed"),
    ([select("datepicker")], "unsupported type: datepicker"),
    ([{"type": "context_actions", "elements": [button()]}], "unsupported type: button"),
    ([{"type": "context_actions", "elements": [{"type": "icon_button", "icon": "x", "text": plain(1)}]}], "enum"),
    ([{**feedback(), "elements": feedback()["elements"] * 6}], "no more than 5 items allowed"),
    ([feedback(value="v" * 2001)], "must be less than 2001 characters"),
    ([{"type": "markdown", "text": "x" * 12001}], "must be less than 12001 characters"),
    ([MARKDOWN, MARKDOWN], "markdown text must be less than 12001 characters in total"),
    ([table(101, 1)], "no more than 100 items allowed"),
    ([table(1, 21)], "no more than 20 items allowed"),
    ([table(1, 1), table(1, 1)], "only one table block is allowed"),
    ([{"type": "alert", "text": plain(1), "level": "bad"}], "must be a valid enum value"),
    ([{**IMAGE, "alt_text": "x" * 2001}], "must be less than 2001 characters"),
    ([{**IMAGE, "title": plain(2001)}], "must be less than 2001 characters"),
    ([{"type": "image", "alt_text": "a"}], "must provide exactly one of: image_url, slack_file"),
    ([{"type": "video"}], "unsupported type: video [json-pointer:/blocks/0/type]"),
    ([{"text": plain(1)}], "unsupported type: None"),
    ([{"type": "rich_text", "elements": [{"type": "text", "text": "a"}]}], "unsupported type: text"),
]


@pytest.mark.parametrize("block", SOUND, ids=lambda block: str(block["type"]))
def test_what_slack_takes_is_taken(block: Json) -> None:
    assert problems_of([block], "message") == []


@pytest.mark.parametrize(("blocks", "problem"), UNSOUND)
def test_what_slack_refuses_is_refused_with_its_reason(blocks: list[Json], problem: str) -> None:
    found = problems_of(blocks, "message")
    assert len(found) == 1
    assert problem in found[0]


async def test_a_refusal_carries_its_reasons(support: Support) -> None:
    body = await support.refusal(
        "chat.postMessage", channel=support.channel.id, text="a", blocks=[{"type": "header", "text": plain(151)}]
    )
    assert body["error"] == "invalid_blocks"
    assert body["response_metadata"]["messages"] == [
        "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    ]


async def test_thirteen_thousand_characters_are_too_many(support: Support) -> None:
    long = [{"type": "section", "text": plain(2600)}] * 5
    await support.say(text="a", blocks=long)
    body = await support.refusal("chat.postMessage", channel=support.channel.id, text="a", blocks=[*long, CONTEXT])
    assert body["error"] == "msg_blocks_too_long"


MODAL: Json = {"type": "modal", "title": plain(24), "blocks": [RICH]}


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (MODAL, ""),
        ({"type": "home", "blocks": [RICH]}, ""),
        ({**MODAL, "blocks": [asks()], "submit": plain(24)}, ""),
        ({**MODAL, "title": plain(25)}, "must be less than 25 characters [json-pointer:/view/title/text]"),
        ({**MODAL, "submit": plain(25)}, "must be less than 25 characters"),
        ({**MODAL, "close": plain(25)}, "must be less than 25 characters"),
        ({**MODAL, "private_metadata": "x" * 3001}, "must be less than 3001 characters"),
        ({**MODAL, "callback_id": "x" * 256}, "must be less than 256 characters"),
        ({**MODAL, "state": {}}, "invalid additional property: state"),
        ({**MODAL, "blocks": [DIVIDER] * 101}, "no more than 100 items allowed [json-pointer:/view/blocks]"),
        ({**MODAL, "blocks": [asks()]}, "`submit` is required when an input block is within the blocks array"),
        ({**MODAL, "blocks": [MARKDOWN]}, "unsupported type: markdown"),
        ({**MODAL, "blocks": [{**asks(focus_on_load=True)}] * 2, "submit": plain(4)}, "only one element"),
        ({"type": "home", "title": plain(4), "blocks": []}, "invalid additional property: title"),
        ({"type": "workflow_step", "blocks": []}, "unsupported type: workflow_step"),
        ("text", "must be an object"),
    ],
)
def test_views_have_limits_of_their_own(view: object, problem: str) -> None:
    found = view_problems(view)
    assert [problem in one for one in found] == [True] * bool(problem)
