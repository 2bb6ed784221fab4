"""What comes to a screen as Slack gets it, and the text that is read there."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.slack.render.card import render_card, render_notice
from adapters.slack.render.elements import SlackMessage
from adapters.slack.render.forms import form_view
from adapters.slack.render.listing import home_view, page_message, page_view
from adapters.slack.render.pages import entry_page, whole_answer
from core.domain.cards import Card, EntryPage, Notice
from core.domain.pages import Page
from core.domain.replies import AnswerPage, Form, Reply

_ENDS = r"[^\W\d_]{2,}"
_ADDRESSES = re.compile(
    r"[a-z][a-z0-9+.-]*://[^\s`|>]+"
    r"|\b(?:javascript|vbscript|data|mailto|tel|sms|slack|file|lark|feishu):[^\s`]+"
    rf"|(?:[\w-]+\.)+{_ENDS}\b(?:[:/][^\s`|>]*)?"
    rf"|[\w-]+(?:\[\.\]|\(\.\)| dot ){_ENDS}"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"
)
_DOT = re.compile(r"(?<=[a-z0-9])[。｡](?=[a-z])")


def rendered(thing: Card | Reply) -> list[Any]:
    """Every form in which Slack gets it."""
    now = datetime(2027, 1, 1, tzinfo=UTC)
    match thing:
        case Card():
            return [_message(render_card(thing, now)), whole_answer(thing, now)]
        case Notice():
            return [_message(render_notice(thing, thing.language))]
        case Page():
            return [_message(page_message(thing)), page_view(thing), home_view(thing)]
        case EntryPage():
            return [entry_page(thing)]
        case AnswerPage():
            return [whole_answer(thing.card, now)]
        case Form():
            return [form_view(thing, "C1")]
    raise AssertionError(f"nobody renders {thing}")


def _message(made: SlackMessage) -> dict[str, Any]:
    return {"text": made.text, "blocks": list(made.blocks), "metadata": made.metadata}


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a payload."""
    match value:
        case dict():
            yield value
            for inner in value.values():
                yield from nodes(inner)
        case list() | tuple():
            for inner in value:
                yield from nodes(inner)


@dataclass(frozen=True)
class Reading:
    """A text, or an address that is opened. ``own`` where it is what people said, shown to them again."""

    text: str
    own: bool


def readings(thing: Card | Reply, payload: Any) -> Iterator[Reading]:
    """All that is read of a thing in one of its forms."""
    yield from _read(payload, own=not isinstance(thing, Card))


def _read(value: Any, *, own: bool) -> Iterator[Reading]:
    match value:
        case dict():
            own = own or value.get("type") == "rich_text_quote"
            for key, inner in value.items():
                if key in ("text", "url", "fallback", "initial_value") and isinstance(inner, str):
                    yield from _lines(inner, own=own)
                yield from _read(inner, own=own)
        case list() | tuple():
            for inner in value:
                yield from _read(inner, own=own)


def _lines(text: str, *, own: bool) -> Iterator[Reading]:
    """The whole where nobody is quoted, else the quotations apart."""
    lines = text.split("\n")
    quoted = [one for one in lines if one.startswith("&gt; ")]
    yield Reading("\n".join(one for one in lines if one not in quoted), own)
    yield from (Reading(one, own=True) for one in quoted)


def folded(text: str) -> str:
    """As the eye reads it: without what is not seen, in one case and one width."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in ("Cf", "Mn"))
    return " ".join(seen.casefold().split())


def addresses(text: str) -> set[str]:
    """Whatever looks like an address to somebody; coarser than the product, for the texts here hold no other dots."""
    return {found.rstrip(".,:;!?)]}\"'") for found in _ADDRESSES.findall(_DOT.sub(".", folded(text)))}
