"""Forms to fill in, as the ``view`` of a modal. Pure."""

from collections.abc import Callable
from dataclasses import replace

from adapters.slack.render.elements import plain_text
from adapters.slack.render.limits import MOST_TITLE, Block, cut, one_line
from core.domain.replies import FieldKind, Form, FormField
from core.text.catalogue import say

MOST_LABEL = 2_000
MOST_OPTION = 75
MOST_PRESET = 3_000
"""Of what a field is filled with: Slack takes no more as an initial value."""


def form_view(form: Form, channel: str, present: Callable[[str], str] = str) -> Block:
    """Give the view of a form. ``channel`` is where it was opened: it comes back with what was filled in. ``present`` gives
    the id that Slack has for a channel now."""
    fields = [replace(f, value=present(f.value)) if f.kind is FieldKind.CHANNEL else f for f in form.fields]
    return {
        "type": "modal",
        "callback_id": form.id,
        "private_metadata": f"{form.target}|{channel}",
        "title": plain_text(cut(say(form.language, form.title), MOST_TITLE)),
        "submit": plain_text(cut(say(form.language, form.button), MOST_TITLE)),
        "close": plain_text(cut(say(form.language, "cancel"), MOST_TITLE)),
        "blocks": [_input(field, form.language) for field in fields],
    }


def form_errors(form: Form) -> dict[str, str]:
    """What is wrong with a form, by field: how a submission is answered that is not taken over."""
    return {name: say(form.language, text) for name, text in form.errors}


def _input(field: FormField, language: str) -> Block:
    label = one_line(field.label, MOST_LABEL) if field.plain else say(language, field.label)
    return {
        "type": "input",
        "block_id": field.name,
        "optional": not field.plain,
        "label": plain_text(label or "…"),
        "element": {**_element(field, language), "action_id": field.name},
    }


def _element(field: FormField, language: str) -> Block:
    preset = field.value[:MOST_PRESET]
    match field.kind:
        case FieldKind.LINE | FieldKind.TEXT:
            made: Block = {"type": "plain_text_input", "multiline": field.kind is FieldKind.TEXT}
            return {**made, "initial_value": preset} if preset else made
        case FieldKind.CHOICE:
            options = [_option(name, language) for name in field.options]
            chosen = [one for one in options if one["value"] == field.value]
            return {"type": "static_select", "options": options, **({"initial_option": chosen[0]} if chosen else {})}
        case FieldKind.SWITCH:
            on = {"text": plain_text(say(language, "yes")), "value": "on"}
            ticked: Block = {"initial_options": [on]} if field.value == "on" else {}
            return {"type": "checkboxes", "options": [on], **ticked}
        case FieldKind.CHANNEL:
            known: Block = {"initial_conversation": field.value} if field.value else {}
            kinds = {"include": ["public", "private"], "exclude_external_shared_channels": True}
            return {"type": "conversations_select", "filter": kinds, **known}


def _option(name: str, language: str) -> Block:
    return {"text": plain_text(cut(say(language, name), MOST_OPTION)), "value": name}
