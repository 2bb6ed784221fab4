"""Payloads that Slack never promised: whatever is missing or of another type, they are read or refused, and never raise."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack_payloads.head import Refused
from tests.unit.slack.payloads import (
    CHANNEL,
    TS,
    US,
    Json,
    click,
    command,
    edit,
    envelope,
    form,
    message,
    read,
    refusal,
)

WHOLE = (envelope(message()), envelope(edit("a", "b")), click(), form(), command())
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from([TS, US, CHANNEL]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def without(value: Any) -> Iterator[Any]:
    """The payload with one thing taken away, or in its place something else, for each thing in it."""
    yield from (None, 7, 0.5, True, "", [], {}, [None], {"a": None})
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {k: v for k, v in value.items() if k != key}
            yield from ({**value, key: other} for other in without(inner))
    elif isinstance(value, list):
        yield from ([other] for one in value for other in without(one))


@pytest.mark.parametrize("whole", WHOLE, ids=["message", "edit", "click", "form", "command"])
def test_each_thing_of_a_payload_may_be_missing_null_or_of_another_type(whole: Json) -> None:
    assert not isinstance(read(whole), Refused)
    found = [read(body) for body in without(whole) if isinstance(body, dict)]
    refused = [one for one in found if isinstance(one, Refused)]
    assert len(found) > len(refused) > 0
    assert all(one.reason for one in refused)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (message(channel=None), "no channel"), (message(ts=None), "no ts"), (message(ts="yesterday"), "ts is not a time"),
        (message(user=None), "no user"), (message(text=None), "no text"),
        (edit("a", "b", ts=None), "edit of a message without ts"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(body: Json, why: str) -> None:
    assert refusal(envelope(body)) == why


def broken(value: Any, draw: st.DrawFn) -> Any:
    """A payload in which anything may be missing or something else."""
    if draw(st.integers(0, 9)) == 0:
        return draw(JSON)
    if isinstance(value, dict):
        return {key: broken(one, draw) for key, one in value.items() if draw(st.integers(0, 9))}
    return [broken(one, draw) for one in value] if isinstance(value, list) else value


@given(st.data())
def test_whatever_is_broken_in_a_payload_it_is_read_or_refused(data: st.DataObject) -> None:
    body = st.composite(lambda draw: broken(draw(st.sampled_from(WHOLE)), draw))()
    found = data.draw(body)
    assert read(found if isinstance(found, dict) else {"event": found}) is not None


@given(st.dictionaries(st.sampled_from(["type", "event", "command", "actions", "user", "view", "channel"]), JSON))
def test_arbitrary_json_is_read_or_refused(body: Json) -> None:
    assert read(body) is not None
    assert read(envelope(body)) is not None
